package search

import (
	"strings"
	"unicode"
)

// Unit is one unit of a text: a Han character, or a longest run of other
// letters, marks and digits.
type Unit struct {
	Text       string // folded
	Start, End int    // where it stands in the original text, in bytes, on rune boundaries
	After      bool   // a separator stands between this unit and the one before it in the text
}

// Units cuts a text into units, in order. It never fails: a byte that is not
// UTF-8 separates.
func Units(text string) []Unit {
	var units []Unit
	var word strings.Builder
	start, end, apart := 0, 0, false
	flush := func() {
		if word.Len() > 0 {
			units = append(units, Unit{Text: word.String(), Start: start, End: end, After: apart && len(units) > 0})
			word.Reset()
			apart = false
		}
	}
	for i, r := range text {
		size := len(string(r))
		switch {
		case unicode.Is(unicode.Han, r):
			flush()
			units = append(units, Unit{Text: string(r), Start: i, End: i + size, After: apart && len(units) > 0})
			apart = false
		case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r):
			if word.Len() == 0 {
				start = i
			}
			end = i + size
			word.WriteRune(unicode.ToLower(r))
		default:
			flush()
			apart = true
		}
	}
	flush()
	return units
}
