package fts

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

// Each unit of a text starts one token: the unit and the one after it, or the
// unit and separator where a separator or the end follows. The place of a unit
// is the number of units and separators before it in its field, so that places
// one apart say that no separator is between. A term is found by few tokens:
// those of every second of its units cover it.
//
// The key of a list is a token and the number of its field, in a byte.
//
// A Han character stands for itself. Any other unit ends in wordEnd, so that no
// unit is the beginning of another and neither is a token that starts with it:
// 12345 does not find 123456.
const (
	separator = '-'
	wordEnd   = '_'
	longMark  = '\u0080' // begins the stand-in of a unit that is too long for a token
	wordStart = '\x01'   // begins a unit that needs wordEnd, in a spelled text
)

// maxFields is how many text fields an index can have.
const maxFields = 255

// maxUnit is the length in bytes from which on a unit is indexed by its hash.
const maxUnit = 96

// appendUnit appends the encoding of a unit, which is the same for equal units
// and never the beginning of that of another.
func appendUnit(b []byte, unit string) []byte {
	if r, n := utf8.DecodeRuneInString(unit); n == len(unit) && r >= utf8.RuneSelf {
		// One character that is not Han would need no wordEnd either: a longer
		// word that starts with it continues with a character, and the token of
		// this one with a character that starts another unit. The two could be
		// equal, so it gets one.
		if isHan(r) {
			return append(b, unit...)
		}
	}
	if len(unit) > maxUnit {
		sum := sha256.Sum256([]byte(unit))
		b = utf8.AppendRune(b, longMark)
		b = hex.AppendEncode(b, sum[:16])
		return append(b, wordEnd)
	}
	return append(append(b, unit...), wordEnd)
}

// appendSpelled appends a spelled text: one holds another exactly when the units
// and separators of the other stand in it.
func appendSpelled(b []byte, units []search.Unit) []byte {
	for _, u := range units {
		if u.After {
			b = append(b, separator)
		}
		if r, n := utf8.DecodeRuneInString(u.Text); n == len(u.Text) && isHan(r) {
			b = append(b, u.Text...)
			continue
		}
		b = appendUnit(append(b, wordStart), u.Text)
	}
	return b
}

// phrase is what a term is looked up as.
type phrase struct {
	spelled []byte
	tokens  []placed
}

// placed is a token, or the beginning of one, and its place in the term.
type placed struct {
	token  string
	prefix bool
	place  uint32
}

// newPhrase makes the phrase of a term. A term of one unit, or one that ends in a
// unit behind a separator, says nothing of what follows that unit.
func newPhrase(term string) phrase {
	units := search.Units(term)
	p := phrase{spelled: appendSpelled(nil, units)}
	place := uint32(0)
	for len(units) > 0 {
		n := 1 // units up to the next separator
		for n < len(units) && !units[n].After {
			n++
		}
		p.segment(units[:n], n < len(units), place)
		units = units[n:]
		place += uint32(n) + 1
	}
	return p
}

// segment adds the tokens that cover units between two separators.
func (p *phrase) segment(units []search.Unit, more bool, place uint32) {
	add := func(i int, prefix bool, second func([]byte) []byte) {
		b := second(appendUnit(nil, units[i].Text))
		p.tokens = append(p.tokens, placed{string(b), prefix, place + uint32(i)})
	}
	pair := func(i int) {
		add(i, false, func(b []byte) []byte { return appendUnit(b, units[i+1].Text) })
	}
	n := len(units)
	if more {
		n--
	}
	for i := 0; i < n; i += 2 {
		switch {
		case i+1 < len(units):
			pair(i)
		case i > 0:
			pair(i - 1)
		default:
			add(i, true, func(b []byte) []byte { return b })
		}
	}
	if more {
		add(n, false, func(b []byte) []byte { return append(b, separator) })
	}
}

// in says whether the term of the phrase stands in a spelled text.
func (p phrase) in(spelled []byte) bool { return bytes.Contains(spelled, p.spelled) }

// isHan says whether a unit of this one character is a Han character. The block
// that nearly all of them are in is asked first.
func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || unicode.Is(unicode.Han, r)
}
