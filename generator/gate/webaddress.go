package gate

import "strings"

// maxAddress is the longest web address that is looked through, in glyphs.
const maxAddress = 200

// inAddress reports whether glyph i stands inside a web address. The numbers in
// addresses are those of pages and machines.
func (s *scan) inAddress(i int) bool {
	var b [4]byte // the characters just behind k
	for k := i - 1; k >= 0 && k > i-maxAddress; k-- {
		g := s.glyphs[k]
		if g.r <= ' ' || g.r >= 0x7f {
			return false
		}
		copy(b[1:], b[:3])
		b[0] = byte(g.r)
		if b[0] == ':' && b[1] == '/' && b[2] == '/' || strings.EqualFold(string(b[:]), "www.") {
			return true
		}
	}
	return false
}

// personalPart reports whether a hit inside an address is a datum all the same:
// a whole number that opens the address or is the value of a parameter.
func (s *scan) personalPart(h *hit) bool {
	if h.first == 0 || int(h.last-h.first) != len(h.norm) {
		return false
	}
	before := s.glyphs[h.first-1].r
	if h.typ == Landline && before == '=' { // most parameters of such a length are something else
		name := strings.ToLower(s.chars(max(0, int(h.first)-7), min(7, int(h.first))))
		return hasAny(name, []string{"tel", "phone", "fax", "dh"})
	}
	return before == '=' || before == ':' || before == '/' && h.first > 1 && s.glyphs[h.first-2].r == '/'
}
