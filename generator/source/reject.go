package source

import (
	"maps"
	"slices"
)

// The codes of [Rejected]. They are stable: scripts and the office's own notes
// may refer to them.
const (
	CodeNoKey         = "no-key"                // no number in the row
	CodeBadKey        = "bad-key"               // a number of another form
	CodeExcelRuined   = "excel-ruined-id"       // 5.10E+17
	CodeRepeatedKey   = "repeated-key"          // the same number with other content in one file
	CodeBadDate       = "bad-date"              // no layout fits
	CodeBadNumber     = "bad-number"            // not a whole number
	CodeBadValue      = "bad-value"             // does not match the mapping's pattern
	CodeUnlistedWord  = "unlisted-word"         // not in the value table
	CodeUnlistedName  = "unlisted-name"         // not in the register
	CodeAmbiguousName = "ambiguous-name"        // several entries of the register have this name
	CodeBadJSON       = "bad-json"              // broken JSON in a cell or line
	CodeNoRecord      = "no-record"             // a JSON cell without any row
	CodeBadEncoding   = "bad-encoding"          // bytes that are no text
	CodeNULByte       = "nul-byte"              // NUL in a text
	CodeTooLong       = "too-long"              // a text over the limit
	CodeTooManyCells  = "too-many-cells"        // more cells than the header has columns
	CodeShortRow      = "short-row"             // fewer cells than the header has columns
	CodeNoFormula     = "formula-without-value" // a formula whose value was not saved
	CodeCellError     = "cell-error"            // #REF!, ####
	CodeNoFile        = "no-file"               // an attachment that is not in its folder
	CodeFileTooLarge  = "file-too-large"        // an attachment over the limit
	CodeFileUnread    = "file-unread"           // an attachment that cannot be read
	CodeTooManyFiles  = "too-many-files"        // more attachments than a case may have
)

// advice holds the public texts of each code.
var advice = map[string]struct{ reason, hint string }{
	CodeNoKey:         {"the row has no number", "fill in the number, or mark the line as a footer in the mapping (footer:)"},
	CodeBadKey:        {"the number has not the form that the mapping asks for", "correct the number in the export, or the pattern of key: in the mapping"},
	CodeExcelRuined:   {"a spreadsheet program has shortened the number", "export again with the column formatted as text, and do not open the file in between"},
	CodeRepeatedKey:   {"the number stands in the file more than once, with different content", "leave only the valid row in the export"},
	CodeBadDate:       {"the date cannot be read", "correct the date, or add its layout to dates: in the mapping"},
	CodeBadNumber:     {"not a whole number", "correct the number, or take it out of its text with extract: in the mapping"},
	CodeBadValue:      {"the value has not the form that the mapping asks for", "correct the value, or the pattern (match:) in the mapping"},
	CodeUnlistedWord:  {"the word is not in the value table of the mapping", "add the word to values: of this field, or decide for all others with other:"},
	CodeUnlistedName:  {"the name is not in the register", "add it to the register, or to its aliases"},
	CodeAmbiguousName: {"several entries of the register have this name", "map the code instead of the name, or lead the name to a code with aliases:"},
	CodeBadJSON:       {"the JSON is broken", "export the record again"},
	CodeNoRecord:      {"the JSON holds no record", "nothing, if the record was withdrawn at its source; else export it again"},
	CodeBadEncoding:   {"the text holds bytes that belong to no character", "export again as UTF-8, or state encoding: in the mapping"},
	CodeNULByte:       {"the text holds NUL bytes", "export the record again; the file may have been damaged on its way"},
	CodeTooLong:       {"the text is longer than the limit", "shorten it at its source, or raise limits: cell in the mapping"},
	CodeTooManyCells:  {"the row has more cells than the header", "put texts that hold the delimiter in quotation marks, or export as .xlsx"},
	CodeShortRow:      {"the row has fewer cells than the header; the last fields are left as they were", "check whether a text with a line break was exported without quotation marks"},
	CodeNoFormula:     {"the formula has no saved value", "open and save the workbook once, or replace the formula by its value"},
	CodeNoFile:        {"a file that the row names is not in the folder of attachments", "put it there under the name that the row gives, and export again"},
	CodeFileTooLarge:  {"a file that the row names is larger than the limit, alone or with the others of the case", "make it smaller, or raise limits: file and files in the mapping"},
	CodeFileUnread:    {"a file that the row names cannot be read", "check the rights on it and whether it opens, and export again"},
	CodeTooManyFiles:  {"the row names more than 20 files; the others are left out", "join files, or leave out what need not be published"},
	CodeCellError:     {"the cell holds an error of the spreadsheet program", "correct the cell and export again"},
}

// Reject returns the rejection of a row, or of the value of one of its columns
// when kept is true, with the public texts of its code.
func Reject(at Where, column, code string, kept bool) Rejected {
	a := advice[code]
	return Rejected{Where: at, Column: column, Code: code, Reason: a.reason, Hint: a.hint, Kept: kept}
}

// Codes lists every code, sorted.
func Codes() []string { return slices.Sorted(maps.Keys(advice)) }
