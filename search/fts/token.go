package fts

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

// Every unit of a text starts exactly one token: the unit and the one after it,
// or the unit and separator where a separator or the end follows. The position
// of a token is therefore the number of its unit, over the whole field.
//
// A Han character stands for itself. Any other unit ends in wordEnd, so that no
// unit is the beginning of another and neither is a token that starts with it:
// 12345 does not find 123456.
const (
	separator = '-'
	wordEnd   = '_'
	longMark  = '\u0080' // begins the stand-in of a unit that is too long for a token
)

// tokenizer tells FTS5 how tokens are cut from what we give it: at spaces alone.
// A unit has no other ASCII character than letters and digits, see appendUnit.
const tokenizer = `ascii tokenchars ''-_''`

// maxUnit is the length in bytes from which on a unit is indexed by its hash.
// FTS5 would cut tokens of 32 KiB.
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
	if len(unit) > maxUnit || !plain(unit) {
		sum := sha256.Sum256([]byte(unit))
		b = utf8.AppendRune(b, longMark)
		b = hex.AppendEncode(b, sum[:16])
		return append(b, wordEnd)
	}
	return append(append(b, unit...), wordEnd)
}

// plain says whether a unit has no character that FTS5 would cut at or fold.
func plain(unit string) bool {
	for i := range len(unit) {
		if c := unit[i]; c < utf8.RuneSelf && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// appendTokens appends the tokens of a text, each with a space before it, and
// returns how many they are.
func appendTokens(b []byte, text string) ([]byte, int) {
	units := search.Units(text)
	for i, u := range units {
		b = append(b, ' ')
		b = appendUnit(b, u.Text)
		if i+1 < len(units) && !units[i+1].After {
			b = appendUnit(b, units[i+1].Text)
		} else {
			b = append(b, separator)
		}
	}
	return b, len(units)
}

// phrase is what a term is looked up as: tokens at consecutive positions. The
// last may be the beginning of a token.
type phrase struct {
	tokens []string
	prefix bool // the last token is a prefix
}

// newPhrase makes the phrase of a term. A term of one unit, or one that ends in a
// unit behind a separator, says nothing of what follows that unit.
func newPhrase(term string) phrase {
	units := search.Units(term)
	var p phrase
	for i, u := range units {
		b := appendUnit(nil, u.Text)
		switch {
		case i+1 < len(units) && units[i+1].After:
			b = append(b, separator)
		case i+1 < len(units):
			b = appendUnit(b, units[i+1].Text)
		case i > 0 && !u.After:
			continue // the token before holds it
		default:
			p.prefix = true
		}
		p.tokens = append(p.tokens, string(b))
	}
	return p
}

// key is equal for phrases that find the same.
func (p phrase) key() string {
	var b []byte
	for _, t := range p.tokens {
		b = append(append(b, t...), ' ')
	}
	if p.prefix {
		b = append(b, '*')
	}
	return string(b)
}

// isHan says whether a unit of this one character is a Han character. The block
// that nearly all of them are in is asked first.
func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || unicode.Is(unicode.Han, r)
}
