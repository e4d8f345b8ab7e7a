package gate

import "strings"

// A place is told to within a few metres by four decimals of a degree, or by
// seconds of arc. What is coarser than three decimals shows a district and
// passes.

// fix is one half of a pair of coordinates.
type fix struct {
	whole       int // degrees
	precise     int // decimals of a degree that it amounts to
	first, last int // glyphs
	marked      bool
}

// areas remembers the last pair of coordinates that was read: pairs in a row are
// all the place of somebody or all the border of an area.
type areas struct {
	end    int  // glyph behind it
	border bool // it is a corner of an area, and public
}

// areaWords say that pairs bound an area.
var areaWords = strings.Fields("范围 界址 拐点 四至 海域 海区 保护区 边界 控制点 流域 全境 辖区")

// decimal looks at the number whose point is glyph i.
func (s *scan) decimal(i int, near *areas) {
	if s.ipv4(i) {
		return
	}
	a, ok := s.decimalFix(i)
	if !ok {
		return
	}
	s.pair(a, near)
}

// decimalFix reads the decimal number whose point is glyph i.
func (s *scan) decimalFix(i int) (f fix, ok bool) {
	spaced := s.glyphs[i-1].r == ' '
	first := s.digitsBefore(i, 3, spaced)
	if first < 0 || i+3 >= len(s.glyphs) {
		return f, false
	}
	k, n := i+1, 0
	for n < 16 {
		at := s.blanks(k, spaced)
		if !s.digitAt(at) || s.glyphs[at].class == hanDigit && s.glyphs[first].class != hanDigit {
			break
		}
		n++
		k = at + 1
	}
	if n < 3 || n == 16 {
		return f, false
	}
	for j := first; j < i; j++ {
		if s.digitAt(j) {
			f.whole = f.whole*10 + int(s.glyphs[j].digit)
		}
	}
	f.precise, f.first, f.last = n, first, k
	return f, true
}

// degrees looks at the degrees, minutes and seconds whose first mark is glyph i.
func (s *scan) degrees(i int, near *areas) {
	if !s.digitAt(i - 1) {
		return
	}
	if a, ok := s.arc(i); ok {
		s.pair(a, near)
	}
}

// arc reads degrees, minutes and seconds; their first mark is glyph i.
func (s *scan) arc(i int) (f fix, ok bool) {
	first := s.digitsBefore(i, 3, false)
	if first < 0 {
		return f, false
	}
	f.first, f.marked = first, true
	for j := first; j < i; j++ {
		f.whole = f.whole*10 + int(s.glyphs[j].digit)
	}
	k := i + 1
	for part := range 2 {
		at := s.blanks(k, true)
		n, decimals := 0, 0
		for n < 3 && s.digitAt(at) {
			at++
			n++
		}
		if n == 0 || n > 2 {
			break
		}
		if at+1 < len(s.glyphs) && s.glyphs[at].r == '.' && s.digitAt(at+1) {
			at++
			for decimals < 8 && s.digitAt(at) {
				at++
				decimals++
			}
		}
		at = s.blanks(at, true)
		if at >= len(s.glyphs) || !arcMark(s.glyphs[at].r, part) {
			break
		}
		for at < len(s.glyphs) && arcMark(s.glyphs[at].r, part) {
			at++
			if part == 0 {
				break
			}
		}
		f.precise = pick(part == 1, 4, 2) + decimals
		k = at
	}
	f.last = k
	return f, f.precise >= 4
}

// arcMark reports whether r marks minutes, in part 0, or seconds of arc.
func arcMark(r uint16, part int) bool {
	if part == 0 {
		return strings.ContainsRune("'′’‘´分", rune(r))
	}
	return strings.ContainsRune("\"”“″秒'′’", rune(r))
}

// maxBetween is how many characters may stand between the halves of a pair.
const maxBetween = 16

// betweenWords may stand there, with letters and marks.
const betweenWords = "东西南北经纬度线和与及坐标为是"

// rangeMark reports whether r stands between the ends of a range.
func rangeMark(r uint16) bool {
	return r == '-' || r == '—' || r == '–' || r == '~' || r == '至' || r == '到'
}

// ranged reports whether the stretch of glyphs is part of a range: 113°至114°.
func (s *scan) ranged(first, last int) bool {
	first, _ = s.widened(first, first)
	if first > 1 && rangeMark(s.glyphs[first-1].r) && (s.digitAt(first-2) || s.glyphs[first-2].class == sep) {
		return true
	}
	if first > 0 && s.glyphs[first].r == '-' && first > 1 && (s.digitAt(first-1) || arcMark(s.glyphs[first-1].r, 1) || s.glyphs[first-1].r == '°') {
		return true
	}
	for n := 0; n < 2 && last < len(s.glyphs) && (s.glyphs[last].r == '°' || s.glyphs[last].r == '度' || s.glyphs[last].class == letter); n++ {
		last++
	}
	return last+1 < len(s.glyphs) && rangeMark(s.glyphs[last].r)
}

// pair looks for the other half of a pair behind a, and notes both unless they
// bound an area.
func (s *scan) pair(a fix, near *areas) {
	s.work.spend(maxBetween * 2)
	comma := false
	for k := a.last; k < len(s.glyphs) && k <= a.last+maxBetween; k++ {
		g := s.glyphs[k]
		if s.digitAt(k) && g.class != alike {
			b, ok := s.fixAt(k)
			if !ok || !s.isPair(a, b, comma) {
				return
			}
			first, last := s.widened(a.first, b.last)
			if a.first < near.end {
				return // within a pair that was read
			}
			chained := near.end > 0 && first-near.end <= 6
			border := s.ranged(a.first, a.last) || s.ranged(b.first, b.last) ||
				chained && near.border || !chained && hasAny(s.before(int32(first)), areaWords)
			*near = areas{last, border}
			if border {
				return
			}
			s.noteAll(Coordinate, first, last, 85, "coordinate@1")
			return
		}
		switch {
		case g.class == weak:
			comma = true
		case g.class == sep, g.class == letter, g.class == alike, strings.ContainsRune(betweenWords, rune(g.r)):
		default:
			return
		}
	}
}

// fixAt reads the half of a pair whose first digit is glyph k.
func (s *scan) fixAt(k int) (f fix, ok bool) {
	point := k
	for n := 0; n < 8 && point < len(s.glyphs) && (s.digitAt(point) || s.glyphs[point].r == ' '); n++ {
		point++
	}
	if point >= len(s.glyphs) {
		return f, false
	}
	switch s.glyphs[point].r {
	case '.':
		if f, ok = s.decimalFix(point); ok {
			return f, f.first == k
		}
	case '°', '度':
		return s.arc(point)
	}
	return f, false
}

// isPair reports whether the halves tell one place: where something marks them,
// anywhere on earth; else within the degrees of China, with a comma between.
func (s *scan) isPair(a, b fix, comma bool) bool {
	if min(a.precise, b.precise) < 3 || max(a.precise, b.precise) < 4 {
		return false
	}
	marked := a.marked || b.marked
	for _, g := range s.glyphs[max(0, a.first-10):b.first] {
		switch g.r {
		case '经', '纬', 'E', 'N', 'W', '°', '标', '位', 'g', 'G', 'a':
			marked = true
		}
	}
	north := func(f fix) bool { return f.whole >= 3 && f.whole <= 53 }
	east := func(f fix) bool { return f.whole >= 73 && f.whole <= 135 }
	switch {
	case north(a) && east(b), east(a) && north(b):
		return marked || comma
	case marked:
		return min(a.whole, b.whole) <= 90 && max(a.whole, b.whole) <= 180 && max(a.whole, b.whole) > 53
	}
	return false
}

// widened moves the ends of a pair over the marks beside it: 东经, E, °, N.
func (s *scan) widened(first, last int) (int, int) {
	mark := func(g glyph) bool {
		switch g.r {
		case '东', '西', '南', '北', '经', '纬', 'E', 'N', 'S', 'W', 'e', 'n', '°', '-', '+':
			return true
		}
		return false
	}
	for n := 0; n < 3 && first > 0 && mark(s.glyphs[first-1]); n++ {
		first--
	}
	for n := 0; n < 2 && last < len(s.glyphs) && (s.glyphs[last].r == '°' || s.glyphs[last].r == '度' || mark(s.glyphs[last]) && s.glyphs[last].class == letter); n++ {
		last++
	}
	return first, last
}
