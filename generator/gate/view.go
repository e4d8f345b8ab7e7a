package gate

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// glyph is one character of the first view of a text: folded, with invisible
// characters gone, and percent and backslash escapes decoded. start and end are
// the bytes of the plain text that it stands for; a character that folds to
// several makes several glyphs with the same bytes.
type glyph struct {
	start, end int32
	folded
}

// view appends the glyphs of the plain text s to dst.
func (t *folds) view(dst []glyph, s string) []glyph {
	d := unescape(s)
	if d.maps == nil {
		return t.glyphs(dst, s)
	}
	first := len(dst)
	dst = t.glyphs(dst, d.plain)
	for i := first; i < len(dst); i++ {
		start, end := d.origin(int(dst[i].start), int(dst[i].end))
		dst[i].start, dst[i].end = int32(start), int32(end)
	}
	return dst
}

// glyphs appends the glyphs of s, in which nothing is escaped, to dst.
func (t *folds) glyphs(dst []glyph, s string) []glyph {
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
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

// unescape returns s with percent and backslash escapes decoded, and what then
// turns out to be an entity or escaped again, however deep. The published text
// keeps them all: only the detectors look at the result.
//
// It works from the end to the begin, so that whatever stands behind an escape is
// decoded already, and a character that comes out is looked at again as the begin
// of another. Each step makes the text shorter, so all of them together are linear.
func unescape(s string) (d decoded) {
	d.plain = s
	if !holdsEscape(s) {
		return d
	}
	u := undoing{make([]byte, len(s)), make([]int32, len(s)), make([]int32, len(s)), len(s)}
	low, quoted := len(s), false // of the run of quoted bytes from low on
	for i := len(s) - 1; i >= 0; i-- {
		u.at--
		u.out[u.at], u.from[u.at], u.to[u.at] = s[i], int32(i), int32(i+1)
		if s[i] == '=' && i < low && quotedBytes(s, i, 1) > 0 {
			n := 1
			for low = i; low >= 3 && quotedBytes(s, low-3, 1) > 0; low -= 3 {
				n++
			}
			quoted = n >= minQuoted
		}
		if s[i] == '=' && quoted && i >= low {
			u.unquote()
		}
		for u.at < len(u.out) && u.step() {
		}
	}
	d.plain = string(u.out[u.at:])
	if d.plain != "" {
		d.maps = []mapping{u.spans()}
	}
	return d
}

// holdsEscape reports whether an escape stands in s.
func holdsEscape(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '%', '\\':
			if _, n := escaped(s, i); n > 1 {
				return true
			}
		case '=':
			if quotedBytes(s, i, minQuoted) == minQuoted {
				return true
			}
		}
	}
	return false
}

// minQuoted is how many bytes written as =31, as in mail (RFC 2045), must stand
// together: fewer may be anything.
const minQuoted = 8

// quotedBytes returns how many such bytes stand together at i, at most most.
func quotedBytes(s string, i, most int) (n int) {
	for n < most && i+2 < len(s) && s[i] == '=' && hexNumber(s, i+1, 2) >= 0 {
		n++
		i += 3
	}
	return n
}

// unquote decodes the character that begins with the quoted byte at the begin of what
// is decoded. The later bytes of one are looked at first and stay as they are.
func (u *undoing) unquote() {
	rest := u.out[u.at:]
	var buf [utf8.UTFMax]byte
	for n := range len(buf) {
		k := 3 * n
		if k+2 >= len(rest) || rest[k] != '=' {
			return
		}
		v := hexNumber(rest, k+1, 2)
		if v < 0 {
			return
		}
		buf[n] = byte(v)
		if r, width := utf8.DecodeRune(buf[:n+1]); width == n+1 && r != utf8.RuneError {
			u.put(k+3, string(r))
			return
		}
	}
}

// undoing is a text whose end, from at on, is decoded. Each byte of it knows the
// bytes of the text before that it came from: one where it is copied, more where
// it is decoded.
type undoing struct {
	out      []byte
	from, to []int32
	at       int
}

// step decodes the escape, or the entity that came out of escapes, at the begin
// of what is decoded, and reports whether there was one.
func (u *undoing) step() bool {
	rest := u.out[u.at:]
	switch rest[0] {
	case escape[0]:
		n := colouring(rest[1:])
		if n > 0 {
			u.put(n+1, escape) // makes no glyph
		}
		return n > 0
	case '%', '\\':
		r, n := escaped(rest, 0)
		if n > 1 {
			u.put(n, string(r))
		}
		return n > 1
	case '&':
		text, n := "", 0
		if len(rest) > 2 && rest[1] == '#' {
			text, n = numeric(rest)
		} else if len(rest) > 1 && asciiLetter(rest[1]) {
			text, n = entity(string(rest[:min(len(rest), maxEntity)]))
		}
		for k := u.at; k < u.at+n; k++ {
			if u.to[k]-u.from[k] > 1 {
				u.put(n, visible(text))
				return true
			}
		}
	}
	return false
}

// put puts text in the place of the first n bytes.
func (u *undoing) put(n int, text string) {
	if len(text) > n { // some entities are two characters, the second a mark that is not seen
		_, first := utf8.DecodeRuneInString(text)
		text = text[:first]
	}
	from, to := u.from[u.at], u.to[u.at+n-1]
	u.at += n - len(text)
	for k := range len(text) {
		u.out[u.at+k], u.from[u.at+k], u.to[u.at+k] = text[k], from, to
	}
}

// spans returns how the decoded text leads back to the text before.
func (u *undoing) spans() (m mapping) {
	for k := u.at; k < len(u.out); k++ {
		from, to := int(u.from[k]), int(u.to[k])
		copied := to-from == 1
		if n := len(m) - 1; n >= 0 && m[n].copied == copied && (copied && m[n].to == from || !copied && m[n].from == from) {
			m[n].to = to
			continue
		}
		m = append(m, span{at: k - u.at, from: from, to: to, copied: copied})
	}
	return m
}

// escaped reads a character written as %E4%B8%80, %u4E00, \u4e00, \u{4e00},
// \U00004e00, \x31 or \n at i and returns it with its length; what is none of
// these is the character itself.
func escaped[T string | []byte](s T, i int) (rune, int) {
	if i+1 < len(s) && (s[i] == '\\' || s[i+1]|0x20 == 'u') {
		if r, n := backslash(s, i); n > 0 {
			return r, n
		}
	}
	if s[i] == '\\' {
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

// backslash reads an escape of programming languages at i; its length is 0 where
// there is none.
func backslash[T string | []byte](s T, i int) (r rune, n int) {
	switch s[i+1] {
	case 'n', 'r', 't':
		return '\n', 2
	case 'e':
		if i+2 < len(s) && s[i+2] == '[' {
			return rune(escape[0]), 2
		}
	case '0':
		if i+4 < len(s) && s[i+2] == '3' && s[i+3] == '3' && s[i+4] == '[' {
			return rune(escape[0]), 4
		}
	case 'x':
		if v := hexNumber(s, i+2, 2); v >= 0 {
			return v, 4
		}
	case 'U':
		if v := hexNumber(s, i+2, 8); v >= 0 && utf8.ValidRune(v) {
			return v, 10
		}
	case 'u':
		if i+2 < len(s) && s[i+2] == '{' {
			for n := 6; n >= 1; n-- {
				if v := hexNumber(s, i+3, n); v >= 0 && i+3+n < len(s) && s[i+3+n] == '}' && utf8.ValidRune(v) {
					return v, n + 4
				}
			}
		}
	}
	if s[i+1]|0x20 != 'u' {
		return 0, 0
	}
	v := hexNumber(s, i+2, 4)
	switch {
	case v < 0:
		return 0, 0
	case utf8.ValidRune(v):
		return v, 6
	case v < 0xdc00 && i+7 < len(s) && s[i+6] == s[i] && s[i+7] == s[i+1]: // half of a pair
		if low := hexNumber(s, i+8, 4); low >= 0xdc00 && low <= 0xdfff {
			return (v-0xd800)<<10 + low - 0xdc00 + 0x10000, 12
		}
	}
	return 0, 0
}

// percentByte reads %31 at i.
func percentByte[T string | []byte](s T, i int) (b byte, size int) {
	if i >= len(s) || s[i] != '%' {
		return 0, 0
	}
	v := hexNumber(s, i+1, 2)
	if v < 0 {
		return 0, 0
	}
	return byte(v), 3
}

// hexNumber reads n hexadecimal digits at i, and returns -1 when there are fewer.
func hexNumber[T string | []byte](s T, i, n int) rune {
	if i+n > len(s) {
		return -1
	}
	v := rune(0)
	for k := i; k < i+n; k++ {
		d := hexValue(s[k])
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
	maxStars = 3 // more asterisks than that are the mask of an earlier gate
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
				if d, ok := disguised(gs, i); ok {
					run = append(run, numeral{int32(i - 1), d, alike, 0, false, 0})
				}
			}
			run = append(run, numeral{int32(i), g.digit, g.class, uint8(gap), weakly, kind})
			gap, stars, kind, weakly = 0, 0, 0, false
		case sep, weak, at:
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

// disguised returns the digit that the letter before the first digit of a run,
// at glyph i, looks like: Ζ10101, S10101.
func disguised(gs []glyph, i int) (d uint8, ok bool) {
	if i == 0 || gs[i-1].class != letter || i > 1 && named(gs[i-2]) {
		return 0, false
	}
	switch gs[i-1].r {
	case 'Z', 'z':
		return 2, true
	case 'S', 's':
		return 5, true
	case 'b', 'G':
		return 6, true
	case 'B':
		return 8, true
	}
	return 0, false
}

// shortest is the length of the shortest number that is looked for.
const shortest = 7
