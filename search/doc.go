// Package search is what the public asks and how it is answered: the engine
// that every index implements, the analysis of text that all engines share, the
// query language, highlighting, and the helps above the engine, which are the
// same for all of them.
//
// # Matching
//
// Text is folded (compatibility forms, case, traditional to simplified
// characters) and cut into units: each Han character is a unit, each Yi syllable,
// and each longest run of other letters, marks and digits. What lies between units
// separates; all separators are alike and any number of them counts as one. A
// term matches a field when its units stand in the field in the same order,
// with a separator exactly where the term has one. So 学校 is found in 小学校门口,
// a quotation is found whatever marks stand between its clauses, and 12345 is
// not found in 123456.
package search
