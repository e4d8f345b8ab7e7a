package gate

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// glyph is one character of the first view of a text: folded, with invisible
// characters gone and percent and backslash escapes decoded. start and end are
// the bytes of the plain text that it stands for; a character that folds to
// several makes several glyphs with the same bytes.
type glyph struct {
	start, end int32
	folded
}

// view appends the glyphs of the plain text s to dst.
func (t *folds) view(dst []glyph, s string) []glyph {
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		switch {
		case r == '%' || r == '\\':
			r, n = escaped(s, i)
		case r >= utf8.RuneSelf:
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		f := t.of(r)
		if f.class < hidden {
			dst = append(dst, glyph{int32(i), int32(i + n), f})
			i += n
			continue
		}
		if f.class == hidden {
			if len(dst) > 0 { // a mark goes with the character that carries it
				dst[len(dst)-1].end = int32(i + n)
			}
			i += n
			continue
		}
		for _, c := range norm.NFKC.String(string(r)) {
			if f := t.of(c); f.class < hidden {
				dst = append(dst, glyph{int32(i), int32(i + n), f})
			}
		}
		i += n
	}
	return dst
}

// escaped reads a character written as %E4%B8%80, \u4e00 or \x31 at i and
// returns it with its length; what is none of these is the character itself.
func escaped(s string, i int) (rune, int) {
	if s[i] == '\\' {
		if i+1 < len(s) && s[i+1] == 'u' {
			if v := hexNumber(s, i+2, 4); v >= 0 && utf8.ValidRune(v) {
				return v, 6
			}
		}
		if i+1 < len(s) && s[i+1] == 'x' {
			if v := hexNumber(s, i+2, 2); v >= 0 {
				return v, 4
			}
		}
		return '\\', 1
	}
	var buf [utf8.UTFMax]byte
	n, k := 0, i
	for n < len(buf) {
		b, size := percentByte(s, k)
		if size == 0 {
			break
		}
		buf[n] = b
		n++
		k += size
		if r, width := utf8.DecodeRune(buf[:n]); width == n && (r != utf8.RuneError || n == 3) {
			return r, k - i
		}
	}
	return '%', 1
}

// maxPercents bounds how often one percent sign may be escaped in turn.
const maxPercents = 8

// percentByte reads %31 at i. The percent sign may itself be written as %25, any
// of them so up to maxPercents times.
func percentByte(s string, i int) (b byte, size int) {
	if i >= len(s) || s[i] != '%' {
		return 0, 0
	}
	k := i + 1
	for range maxPercents {
		v := hexNumber(s, k, 2)
		if v < 0 {
			return 0, 0
		}
		k += 2
		if v != '%' || hexNumber(s, k, 2) < 0 {
			return byte(v), k - i
		}
	}
	return 0, 0
}

// hexNumber reads n hexadecimal digits at i, and returns -1 when there are fewer.
func hexNumber(s string, i, n int) rune {
	if i+n > len(s) {
		return -1
	}
	v := rune(0)
	for _, b := range []byte(s[i : i+n]) {
		d := hexValue(b)
		if d < 0 {
			return -1
		}
		v = v<<4 | d
	}
	return v
}

// numeral is one digit of the second view.
type numeral struct {
	glyph int32
	value uint8
	class class // digit, hanDigit or alike
	gap   uint8 // separators between the digit before and this one; 0 at the start of a run
	weak  bool  // a comma or the like is among them
	kind  rune  // the separator, where all of them are the same character, else -1
}

// The bounds within which digits belong to one run.
const (
	maxGap   = 4 // separators between two digits
	maxStars = 2 // more asterisks than that are the mask of an earlier gate
)

// runs calls yield with each run of the second view of the glyphs: digits,
// Chinese numerals and look-alike letters with separators between them, at
// least as long as the shortest number that any detector looks for. The slice
// is reused.
func runs(gs []glyph, buf []numeral, yield func([]numeral)) []numeral {
	run := buf[:0]
	gap, stars, kind, weakly := 0, 0, rune(0), false
	blank := int32(-2) // the last glyph that was white space
	flush := func() {
		if len(run) >= shortest {
			yield(run)
		}
		run = run[:0]
	}
	for i := range gs {
		switch g := &gs[i]; g.class {
		case digit, hanDigit, alike:
			if gap > maxGap || stars > maxStars {
				flush()
			}
			if len(run) == 0 {
				gap, kind, weakly = 0, 0, false
			}
			run = append(run, numeral{int32(i), g.digit, g.class, uint8(gap), weakly, kind})
			gap, stars, kind, weakly = 0, 0, 0, false
		case sep, weak:
			if len(run) == 0 {
				continue
			}
			if white := g.r == ' ' || g.r == '\n'; white && blank == int32(i)-1 {
				blank = int32(i) // readers see no more than one
				if kind != rune(g.r) {
					kind = -1
				}
				continue
			} else if white {
				blank = int32(i)
			}
			if gap <= maxGap {
				gap++
			}
			if g.r == '*' {
				stars++
			}
			switch c := rune(g.r); {
			case kind == 0:
				kind = c
			case kind != c:
				kind = -1
			}
			weakly = weakly || g.class == weak
		default:
			if len(run) > 0 {
				flush()
				gap, stars, kind, weakly = 0, 0, 0, false
			}
		}
	}
	flush()
	return run
}

// shortest is the length of the shortest number that is looked for.
const shortest = 7
