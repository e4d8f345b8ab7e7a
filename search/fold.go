package search

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the folded text of all units, with one blank for each separator
// between them: two texts with the same Fold match each other. Folding twice
// changes nothing more.
func Fold(text string) string {
	units := Units(text)
	size := 0
	for _, u := range units {
		size += len(u.Text) + 1
	}
	var b strings.Builder
	b.Grow(size)
	for _, u := range units {
		if u.After {
			b.WriteByte(' ')
		}
		b.WriteString(u.Text)
	}
	return b.String()
}

// class is what a rune does to the units around it.
type class uint8

const (
	separates class = iota
	alone           // is a unit: a Han character, a Yi syllable
	inWord          // is part of a word
	attaches        // belongs to the rune before it: a combining mark, or a rune that nobody sees
	expands         // becomes several runes
)

// folded is what becomes of a rune: its class, and in the low bits the one rune
// that replaces it where the class is alone or inWord.
type folded uint32

const runeBits = 21

func (f folded) class() class { return class(f >> runeBits) }
func (f folded) rune() rune   { return rune(f & (1<<runeBits - 1)) }

// maxMarks is how many combining marks of a character count. No language needs
// as many; what goes beyond is decoration that would never match.
const maxMarks = 8

// folder folds. It is made once, by theFolder, and does not change.
type folder struct {
	forms map[rune]rune
	bmp   [1 << 16]folded // of every rune of the basic plane
}

var theFolder = sync.OnceValue(func() *folder {
	f := &folder{forms: simplified(simplifiedForms)}
	for r := range rune(len(f.bmp)) {
		f.bmp[r] = f.compute(r)
	}
	return f
})

// of returns what becomes of r.
func (f *folder) of(r rune) folded {
	if int(r) < len(f.bmp) {
		return f.bmp[r]
	}
	return f.compute(r)
}

func (f *folder) compute(r rune) folded {
	switch {
	case plainHan(r):
		return folded(alone)<<runeBits | folded(f.form(r))
	case r >= 0xAC00 && r <= 0xD7A3: // Hangul syllables
		return folded(inWord)<<runeBits | folded(r)
	case r == utf8.RuneError || r >= 0xD800 && r <= 0xF8FF: // surrogates, private use
		return folded(separates) << runeBits
	case ignored(r):
		return folded(attaches) << runeBits
	}
	var buf [64]byte
	one := utf8.AppendRune(buf[:0], r)
	if !norm.NFKC.Properties(one).BoundaryBefore() ||
		!norm.NFKC.Properties(norm.NFKC.Bytes(one)).BoundaryBefore() {
		return folded(attaches) << runeBits
	}
	out := f.segment(nil, one)
	to, size := utf8.DecodeRune(out)
	if size < len(out) {
		return folded(expands) << runeBits
	}
	return folded(classOf(to))<<runeBits | folded(to)
}

// form returns the simplified form of r.
func (f *folder) form(r rune) rune {
	if to, ok := f.forms[r]; ok {
		return to
	}
	return r
}

// segment appends the folded form of a segment of text: a rune with all that
// attaches to it.
func (f *folder) segment(dst, seg []byte) []byte {
	for {
		var once []byte
		marks := 0
		// Decomposed, each mark is a rune of its own and can be counted; what is
		// folded is composed again, since a mark can make another character.
		for _, r := range string(norm.NFKD.Bytes(visible(seg))) {
			switch {
			case !unicode.Is(unicode.Mn, r):
				marks = 0
			case marks == maxMarks:
				continue
			default:
				marks++
			}
			once = utf8.AppendRune(once, r)
		}
		once = norm.NFC.Bytes(once)
		var next []byte
		for i, r := range string(once) {
			switch r = foldCase(r); {
			case r == 'ß':
				next = append(next, "ss"...)
			case r == 0x307 && i > 0 && next[len(next)-1] == 'i':
				// The dot of a Turkish capital İ, which folds to i.
			default:
				next = utf8.AppendRune(next, f.form(r))
			}
		}
		if string(next) == string(seg) {
			return append(dst, next...)
		}
		seg = next
	}
}

// visible returns seg without the runes that are ignored.
func visible(seg []byte) []byte {
	out := make([]byte, 0, len(seg))
	for _, r := range string(seg) {
		if !ignored(r) {
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}

// foldCase returns the one form of a letter for all its cases. The way over the
// capital brings letters together that only share that: a final sigma with the
// others, the dotless i with i.
func foldCase(r rune) rune {
	if r == 0x345 { // a mark, whose capital is a letter
		return r
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

// plainHan reports whether r is a Han character that compatibility leaves alone.
func plainHan(r rune) bool {
	switch {
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3400 && r <= 0x4DBF:
		return true
	case r >= 0x20000 && r < 0x2F800, r >= 0x30000 && r <= 0x3FFFD:
		return unicode.Is(unicode.Han, r)
	}
	return r == '々' || r == '〇'
}

// ignored reports whether r cannot be seen and so neither counts nor separates:
// zero-width characters, the soft hyphen, controls of direction, variation
// selectors, fillers; and the marks that put a ring or a key around a character.
func ignored(r rune) bool {
	return r > 0x7F && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) ||
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Me, r))
}

// classOf returns the class of a rune that is folded already.
func classOf(r rune) class {
	switch {
	case unicode.Is(unicode.Han, r), unicode.Is(unicode.Yi, r) && unicode.IsLetter(r):
		return alone
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r):
		return inWord
	}
	return separates
}
