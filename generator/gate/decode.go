package gate

import (
	"html"
	"strings"
	"unicode/utf8"
)

// decoded is the plain text of a field. Each byte of it knows the bytes of the
// field as received that it came from.
type decoded struct {
	plain string
	maps  []mapping // one a pass, first pass first
}

// mapping leads from the text after a pass to the text before it. Its spans are
// ascending in both and cover the text after the pass.
type mapping []span

// span is a stretch of text after a pass, up to the next span. Copied text runs
// in step with the text before the pass, from from on; other text stands for the
// whole of from to to.
type span struct {
	at       int // where the stretch begins
	from, to int
	copied   bool
}

// back returns the stretch of text before the pass that start to end, not
// empty, came from.
func (m mapping) back(start, end int) (int, int) {
	a, b := m.find(start), m.find(end-1)
	from, to := a.from, b.to
	if a.copied {
		from += start - a.at
	}
	if b.copied {
		to = b.from + end - b.at
	}
	return from, to
}

// find returns the span that holds position i.
func (m mapping) find(i int) span {
	lo, hi := 0, len(m)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; m[mid].at <= i {
			lo = mid
		} else {
			hi = mid
		}
	}
	return m[lo]
}

// origin returns the bytes of the field as received that the stretch start to
// end of the plain text came from.
func (d decoded) origin(start, end int) (int, int) {
	for i := len(d.maps) - 1; i >= 0 && end > start; i-- {
		start, end = d.maps[i].back(start, end)
	}
	return start, end
}

// maxPasses bounds how deeply entities and tags may be nested in each other.
const maxPasses = 6

// decode returns the plain text of s: entities decoded, HTML elements taken out
// with line breaks kept, control, bidi and zero-width characters removed, line
// ends made "\n" and tabs made spaces. It repeats until nothing changes, so that
// the result can be decoded again without change; ok is false when that takes
// too many passes. Characters are otherwise kept as they are. s is valid UTF-8.
func decode(s string, work *budget) (d decoded, ok bool) {
	for range maxPasses {
		work.spend(len(s))
		p := pass{in: s, tagEnd: -1}
		p.run()
		if p.out == nil {
			d.plain = s
			return d, true
		}
		s = string(p.out)
		d.maps = append(d.maps, p.spans)
	}
	return d, false
}

// pass is one pass of decode. out stays nil until something changes.
type pass struct {
	in    string
	out   []byte
	spans mapping
	done  int // input up to here is in out, once out is not nil

	// What searches have found so far, so that hostile text cannot make them
	// look at the same bytes again and again.
	tagEnd    int     // position of the next ">", or -1
	noTagEnd  bool    // no ">" further on
	noComment bool    // no end of a comment further on
	noClose   [2]bool // no closing tag of script, style further on
}

// special marks the bytes at which the pass must look closer. All others are
// copied.
var special = func() (t [256]bool) {
	for b := range 0x20 {
		t[b] = b != '\n'
	}
	for _, b := range []byte{'&', '<', '\n', 0x7f, 0xc2, 0xd8, 0xe2, 0xef, 0xf3} {
		t[b] = true
	}
	return t
}()

func (p *pass) run() {
	s := p.in
	for i := 0; i < len(s); {
		if !special[s[i]] {
			i++
			continue
		}
		switch s[i] {
		case '&':
			if r, n := entity(s[i:]); n > 0 {
				if r == escape {
					n += colouring(s[i+n:])
				}
				p.replace(i, i+n, visible(r))
				i += n
				continue
			}
			i++
		case '<':
			if n, with := p.tag(i); n > 0 {
				p.replace(i, i+n, with)
				i += n
				continue
			}
			i++
		case '\n':
			n := 1
			for i+n < len(s) && s[i+n] == '\n' {
				n++
			}
			if n > 2 {
				p.replace(i, i+n, "\n\n")
			}
			i += n
		case '\r':
			n := 1
			if i+1 < len(s) && s[i+1] == '\n' {
				n = 2
			}
			p.replace(i, i+n, "\n")
			i += n
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if with, drop := controlled(r); drop {
				if s[i] == escape[0] {
					n += colouring(s[i+n:])
				}
				p.replace(i, i+n, with)
			}
			i += n
		}
	}
	if p.out != nil {
		p.copyTo(len(s))
		if p.spans == nil { // nothing is left: one span keeps find simple
			p.spans = mapping{{to: len(s)}}
		}
	}
}

// replace puts with in the place of the input from from to to.
func (p *pass) replace(from, to int, with string) {
	if p.out == nil {
		p.out = make([]byte, 0, len(p.in))
	}
	p.copyTo(from)
	p.done = to
	if with == "" {
		return
	}
	p.spans = append(p.spans, span{at: len(p.out), from: from, to: to})
	p.out = append(p.out, with...)
}

// copyTo copies the input up to end.
func (p *pass) copyTo(end int) {
	if end > p.done {
		p.spans = append(p.spans, span{at: len(p.out), from: p.done, to: end, copied: true})
		p.out = append(p.out, p.in[p.done:end]...)
	}
	p.done = end
}

// controlled reports whether r is not kept as it is, and what stands for it.
// Joiners and variation selectors are kept, since scripts and emoji need them;
// the views look through them.
func controlled(r rune) (with string, drop bool) {
	switch {
	case r == '\n':
		return "", false
	case r == '\t':
		return " ", true
	case r == '\v', r == '\f', r == 0x85, r == 0x2028, r == 0x2029:
		return "\n", true
	case r < 0x20, r >= 0x7f && r < 0xa0: // C0 and C1 controls
		return "", true
	case r == 0xad, r == 0x61c, r == 0x200b, r == 0x200e, r == 0x200f, r == 0xfeff,
		r >= 0x202a && r <= 0x202e, // bidi embeddings and overrides
		r >= 0x2060 && r <= 0x206f, // word joiner, invisible operators, bidi isolates
		r >= 0xfff9 && r <= 0xfffb, r == 0xfffe, r == 0xffff,
		r >= 0xe0000 && r <= 0xe007f: // tags
		return "", true
	}
	return "", false
}

// escape begins what tells a terminal to change colours and the like.
const escape = "\x1b"

// maxColouring is the longest of these sequences that is looked for.
const maxColouring = 32

// colouring returns the length of the rest of such a sequence, which stands behind an
// escape character at the start of s: a bracket, numbers and a letter, as ECMA-48 has
// it. It is 0 where there is none.
func colouring[T string | []byte](s T) int {
	if len(s) == 0 || s[0] != '[' {
		return 0
	}
	for i := 1; i < min(len(s), maxColouring); i++ {
		switch {
		case s[i] >= 0x40 && s[i] < 0x7f:
			return i + 1
		case s[i] < 0x20 || s[i] >= 0x7f:
			return 0
		}
	}
	return 0
}

// visible returns r as it may stand in plain text.
func visible(r string) string {
	if r == "\u00a0" {
		return " "
	}
	if one, n := utf8.DecodeRuneInString(r); n == len(r) {
		if with, drop := controlled(one); drop {
			return with
		}
	}
	return r
}

// maxEntity is longer than the longest name of an entity.
const maxEntity = 34

// entity reads the entity at the start of s and returns its text and length.
// A number may lack its semicolon, as browsers allow; a name may not.
func entity(s string) (text string, n int) {
	if len(s) > 2 && s[1] == '#' {
		return numeric(s)
	}
	end := strings.IndexByte(s[:min(len(s), maxEntity)], ';')
	if end < 2 {
		return "", 0
	}
	text = html.UnescapeString(s[:end+1])
	if text[0] == '&' && text != "&" || strings.HasSuffix(text, ";") && text != ";" {
		return "", 0 // not a name, or a name that only begins one
	}
	return text, end + 1
}

// numeric reads &#49; or &#x31; with any number of leading zeros.
func numeric[T string | []byte](s T) (text string, n int) {
	i, base := 2, rune(10)
	if s[i] == 'x' || s[i] == 'X' {
		i, base = 3, 16
	}
	r, first := rune(0), i
	for ; i < len(s); i++ {
		d := hexValue(s[i])
		if d < 0 || d >= base {
			break
		}
		if r = r*base + d; r > utf8.MaxRune {
			r = utf8.MaxRune + 1 // stays too large
		}
	}
	if i == first {
		return "", 0
	}
	if i < len(s) && s[i] == ';' {
		i++
	}
	if r == 0 || !utf8.ValidRune(r) {
		return "", i
	}
	return string(r), i
}

// hexValue returns the value of a hexadecimal digit, or -1.
func hexValue(b byte) rune {
	switch {
	case b >= '0' && b <= '9':
		return rune(b - '0')
	case b >= 'a' && b <= 'f':
		return rune(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return rune(b-'A') + 10
	}
	return -1
}
