package gate

// maxPlaceNumber is how many digits a number in an address has at most.
const maxPlaceNumber = 5

// placeDigit reports whether g is part of a number as addresses write them.
func placeDigit(g *glyph) bool {
	return g.class == digit || g.class == hanDigit || g.r == '十' || g.r == '百' || g.r == '廿'
}

// placeNumber is a number in an address.
type placeNumber struct {
	end    int
	digits int
	value  int
	letter bool // it has a letter
	han    bool // written in Chinese numerals
	only   bool // letters alone
}

// numberAt reads a number of an address at i: digits of any kind, single ones
// also with blanks between them, with a letter before or behind.
func (s *scan) numberAt(i int) (n placeNumber, ok bool) {
	gs := s.glyphs
	j := i
	if j+1 < len(gs) && isStem(gs[j].r) && placeDigit(&gs[j+1]) {
		n.letter = true // 甲12号
		j++
	} else if j < len(gs) && gs[j].class == letter {
		if j > 0 && (gs[j-1].class == letter || gs[j-1].class == alike) {
			return n, false // within a word
		}
		n.letter = true
		if j++; j < len(gs) && placeDash(gs[j].r) && j+1 < len(gs) && placeDigit(&gs[j+1]) {
			j++
		}
	}
	from := j
	for j < len(gs) && n.digits <= maxPlaceNumber {
		k := j
		if n.digits > 0 && placeBlank(gs[k].r) { // one digit at a time may be spaced out
			broken := gs[k].r == '\n' && n.digits < 4 // a line may end within the number
			k = s.skipBlanks(k)
			spaced := broken && k < len(gs) && placeDigit(&gs[k]) || k < len(gs) && placeDigit(&gs[k]) && (j-from < 2 || placeBlank(gs[j-2].r)) &&
				(k+1 >= len(gs) || !placeDigit(&gs[k+1]))
			if !spaced {
				break
			}
		}
		g := &gs[k]
		if !placeDigit(g) && !(g.class == alike && n.digits > 0 && s.alikeDigit(k)) {
			break
		}
		n.han = n.han || g.class != digit && g.class != alike
		if g.class != word {
			n.value = n.value*10 + int(g.digit)
		} else if g.r == '十' && n.digits == 0 {
			n.value = 1
		}
		n.digits++
		j = k + 1
	}
	if n.digits > maxPlaceNumber {
		return n, false
	}
	if n.digits == 0 {
		if !n.letter || j < len(gs) && (gs[j].class == letter || gs[j].class == alike) {
			return n, false
		}
		n.only = true
	} else if n.digits < 3 && !n.letter && j+2 < len(gs) && gs[j].class == letter && gs[j+1].class == digit && gs[j+2].class == digit &&
		(j+3 == len(gs) || gs[j+3].class != digit && gs[j+3].class != letter) {
		n.letter, n.digits = true, n.digits+2 // 3A01
		j += 3
	} else if j < len(gs) && gs[j].class == letter && (j+1 == len(gs) || gs[j+1].class != letter && gs[j+1].class != alike && gs[j+1].class != digit) {
		n.letter = true
		j++
	} else if j+1 < len(gs) && isStem(gs[j].r) && gs[j+1].r == '号' {
		n.letter = true // 12甲号
		j++
	}
	n.end = j
	return n, true
}

// alikeDigit reports whether the letter at k stands for a digit: a digit or
// another such letter is behind it, or a unit.
func (s *scan) alikeDigit(k int) bool {
	if k+1 == len(s.glyphs) {
		return true
	}
	g := &s.glyphs[k+1]
	return g.class == digit || g.class == alike || g.class == word
}

// isStem reports whether r stands beside a number in the place of a letter: 甲12号.
func isStem(r uint16) bool { return r == '甲' || r == '乙' || r == '丙' || r == '丁' || r == '戊' }

// sides are the characters that stand in the place of a number: 东户, 甲单元.
func isSide(r uint16) bool {
	switch r {
	case '东', '西', '南', '北', '中', '左', '右', '甲', '乙', '丙', '丁', '戊':
		return true
	}
	return false
}

// sideEnds reports whether the side that ends before i stands by itself.
func (s *scan) sideEnds(i int) bool {
	if i >= len(s.glyphs) {
		return true
	}
	g := &s.glyphs[i]
	return g.class == sep || g.class == weak || g.r == '侧' || g.r == '边' || g.r == '手' || g.r == '的'
}

// chainAt reads numbers with dashes between them whose first is n, with the
// unit behind the last, into d. It returns how many there are.
func (s *scan) chainAt(d *detail, n placeNumber) int {
	gs := s.glyphs
	end, parts := n.end, 1
	last := n
	var mark uint16 // where it is a stroke or a dot, all of them are the same
	for parts < 5 {
		j := s.skipBlanks(end)
		if j >= len(gs) {
			break
		}
		switch r := gs[j].r; {
		case placeDash(r) || r == '之':
			if mark != 0 {
				return 0
			}
		case (r == '/' || r == '.') && (mark == r || parts == 1 && s.homeBase(d.first)):
			mark = r
		default:
			j = len(gs)
		}
		if j == len(gs) {
			break
		}
		if mark != 0 {
			j++
		}
		for j < len(gs) && (placeDash(gs[j].r) || gs[j].r == '之') {
			j++
		}
		m, ok := s.numberAt(s.skipBlanks(j))
		if !ok || m.only {
			break
		}
		if parts++; parts == 2 {
			d.secondOf = m.value
		}
		end, last = m.end, m
	}
	if parts < 2 {
		return parts
	}
	if mark != 0 && (parts != 3 || last.digits < 3 || last.digits > 4 || n.digits > 2 || d.secondOf > 12 || s.skipBlanks(end) < len(gs) && gs[s.skipBlanks(end)].r == '户') {
		return 0 // 3/2/501 is a door, 2024/3/5 a day
	}
	d.parts, d.digits, d.roomOf, d.kind, d.last = parts, last.digits, last.value, atChain, end
	k := s.skipBlanks(end)
	w, kind := s.unitOf(k, last.digits)
	if parts == 2 && k < len(gs) && gs[k].r == '#' {
		d.kind, d.last = atBuilding, k+1 // 8-1#501
		return parts
	}
	switch {
	case w == 0, kind == atFloor && d.digits > 2: // 4-1803楼道
		if w == 0 && k < len(gs) && s.quantity(k, d.digits) {
			return 0
		}
	case kind == atRoom || kind == atHouse:
		d.last = k + w
		if kind == atHouse && parts == 2 {
			if d.digits < 3 {
				d.kind = atHouse // 12-3号
			}
			if s.startsWord(&s.places.notHouse, k+w) {
				return 0
			}
		}
	case parts == 2 && d.secondOf > d.firstOf && kind != atEntrance:
		return 0 // 1-5栋: a range is nobody's house
	case parts == 2:
		d.kind, d.last = kind, k+w
	}
	return parts
}

// homeBase reports whether the name before glyph i is one of an estate or hall of
// residence.
func (s *scan) homeBase(i int) bool {
	base, _ := s.baseOf(i)
	return base == estateBase || base == dormBase
}
