// Package opendata writes what is published as tables in CSV, each with its
// codebook, so that anyone can compute every figure again.
//
// The files are canonical: the same records give the same bytes. They follow
// RFC 4180, in UTF-8 without a mark at the beginning, lines ending in CR LF, the
// first of them the names of the columns; a value is quoted where it must be and
// nowhere else. A value that is not known is empty, and never 0 or "no".
//
// Tables are split so that a withdrawal touches as little as it can: [Rows] holds
// what stays public of every case whatever happens to it, [Published] what is known
// of a case while it is published in full. They are joined by the case number.
package opendata
