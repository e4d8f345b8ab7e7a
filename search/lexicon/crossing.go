package lexicon

import (
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

// How much of a text is looked at. Words are short, so what is farther away does
// not change where they meet; and so many characters never stand in a row only
// by chance.
const (
	maxCrossing = 12 // units of a stretch that may cross
	around      = 16 // characters on either side
)

// maxWindow is the number of units that a stretch and what is around it may
// have, where one character may become several units.
const maxWindow = 64

// Crossing implements [search.Crosser]. The text is cut into its most probable
// words; a stretch crosses when a word ends within it, and it begins or ends
// within a word. So a part of one longer word does not cross, nor do several
// whole words. Long stretches never cross.
func (l *Lexicon) Crossing(text string, start, end int) bool {
	from, to := window(text, start, end)
	var unitBuf [maxWindow]search.Unit
	units := search.AppendUnits(unitBuf[:0], text[from:to])
	first, last := 0, len(units)
	for first < last && units[first].Start < start-from {
		first++
	}
	for last > first && units[last-1].End > end-from {
		last--
	}
	if last-first < 2 || last-first > maxCrossing || len(units) > maxWindow {
		return false
	}
	var charBuf [maxWindow]char
	var cost [maxWindow + 1]int32
	var length [maxWindow + 1]uint8
	all := chars(charBuf[:0], units)
	l.words.segment(all, cost[:len(all)+1], length[:len(all)+1])

	begins, ends := first == 0, last == len(all) // a word begins or ends where the stretch does
	meet := false                                // words meet within it
	for i := len(all); i > 0; i -= int(length[i]) {
		begins = begins || i == first
		ends = ends || i == last
		meet = meet || first < i && i < last
	}
	return meet && !(begins && ends)
}

// window returns the stretch of a text with what is around it, up to the next
// punctuation or blank, where all words end.
func window(text string, start, end int) (from, to int) {
	from, to = start, end
	for n := 0; n < around && from > 0; n++ {
		r, size := utf8.DecodeLastRuneInString(text[:from])
		if unicode.IsPunct(r) || unicode.IsSpace(r) {
			break
		}
		from -= size
	}
	for n := 0; n < around && to < len(text); n++ {
		r, size := utf8.DecodeRuneInString(text[to:])
		if unicode.IsPunct(r) || unicode.IsSpace(r) {
			break
		}
		to += size
	}
	return from, to
}
