package gate

import "unicode"

// oddlySpaced reports whether the eleven digits of a mobile number stand by themselves
// with single blanks or dashes at odd places, as in 138 0013 8 000, and are no row of
// numbers: a part begins with a zero, as no number of a row does, or marks stand on
// either side of them and no other number near.
func (r *run) oddlySpaced(c *candidate) bool {
	if c.i != 0 || c.j != len(r.ns) || !c.same || c.kind != ' ' && c.kind != '-' || c.is("1334") { // as in North America
		return false
	}
	for _, n := range r.ns {
		if n.gap > 1 || n.class != digit {
			return false
		}
	}
	at := int(c.sizes[0])
	for _, size := range c.groups()[1:] {
		if size > 1 && c.d[at] == '0' {
			return true
		}
		at += int(size)
	}
	if c.kind != ' ' || c.count > 5 {
		return false
	}
	first, last := int(r.ns[0].glyph), int(r.ns[len(r.ns)-1].glyph)+1
	return r.freeSide(first-1, -1) && r.freeSide(last, 1)
}

// freeReach is how far from a number another makes both a row, in characters.
const freeReach = 12

// freeSide reports whether the text ends at glyph i, or a mark of a sentence stands
// there, and no digit further on in the direction step. Blanks at the end of a text are
// none: they are not published.
func (s *scan) freeSide(i, step int) bool {
	for j := i; ; j += step { // a run of blanks has two sides, so that no more than two numbers look at it
		if j < 0 || j >= len(s.glyphs) {
			return true
		}
		if !unicode.IsSpace(rune(s.glyphs[j].r)) {
			break
		}
	}
	if i < 0 || i >= len(s.glyphs) {
		return true
	}
	if s.glyphs[i].class != weak && s.glyphs[i].r != '.' {
		return false
	}
	for n := 0; n < freeReach && i >= 0 && i < len(s.glyphs); n++ {
		if s.glyphs[i].class == digit {
			return false
		}
		i += step
	}
	return true
}

// misreadLetters are those that a scan shows in the place of digits, each before its digit.
const misreadLetters = "S5B8Z2G6I1O0L1Q0D0T7"

// misread looks behind a word that announces a telephone, which ends with glyph i, for
// a number in which letters stand for up to three of its digits: 0797-88223S6.
func (s *scan) misread(i int) {
	if !hasAny(s.before(int32(i+1)), lineWords) {
		return
	}
	first, _ := s.behindWord(i + 1)
	if first < 0 || s.glyphs[first].class != digit {
		return
	}
	r := s.read(first)
	var d []byte
	letters := 0
	for k := 0; k < r.n && len(d) < 13; k++ {
		if r.gaps[k] > 1 || r.kinds[k] == hanDigit {
			break
		}
		c := r.value[k]
		if r.kinds[k] == letter {
			c = 0
			for m := 0; m < len(misreadLetters); m += 2 {
				if misreadLetters[m] == r.text[k] {
					c = misreadLetters[m+1]
				}
			}
			letters++
		}
		if c == 0 {
			break
		}
		d = append(d, c)
	}
	n := len(d)
	if letters == 0 || letters > 3 || n < 7 || n < r.n && r.gaps[n] == 0 {
		return
	}
	text := string(d)
	switch area := areaCode(text); {
	case isMobile(text):
		s.take(Mobile, &r, 0, n, 65, "misread@1")
	case area > 0 && isLocal(text[area:]), isLocal(text):
		s.take(Landline, &r, 0, n, 65, "misread@1")
	default:
		return
	}
	s.hits[len(s.hits)-1].norm = text
}
