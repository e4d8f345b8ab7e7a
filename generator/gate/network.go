package gate

import "strings"

// blanks returns the glyph at k or behind at most two blanks, where spaced says
// that they may stand there.
func (s *scan) blanks(k int, spaced bool) int {
	for n := 0; spaced && n < 2 && k < len(s.glyphs) && s.glyphs[k].r == ' '; n++ {
		k++
	}
	return k
}

// digitAt reports whether glyph k is a digit or looks like one.
func (s *scan) digitAt(k int) bool {
	return k >= 0 && k < len(s.glyphs) && (anyDigit(s.glyphs[k]) || s.glyphs[k].class == alike)
}

// digitsBefore returns the first glyph of at most n digits before glyph i, or -1
// where there are none, more, or a letter before them. spaced lets blanks stand
// between.
func (s *scan) digitsBefore(i, n int, spaced bool) int {
	first, k := -1, i-1
	for ; k >= 0; k-- {
		if spaced && s.glyphs[k].r == ' ' && k > 0 && i-k <= 12 {
			if n == 0 || !s.digitAt(k-1) {
				break
			}
			continue
		}
		if !s.digitAt(k) || s.glyphs[k].class == hanDigit && first >= 0 && s.glyphs[first].class != hanDigit {
			break
		}
		if n--; n < 0 {
			return -1
		}
		first = k
	}
	if k >= 0 && (s.glyphs[k].class == letter || s.glyphs[k].class == alike || s.glyphs[k].r == '.' || s.glyphs[k].r == '_') {
		if c := plainChar(s.glyphs[k]); c != 'e' && c != 'n' && c != 'w' && c != 's' { // of a compass
			return -1
		}
	}
	return first
}

// octet reads a number from 0 to 255 at glyph k.
func (s *scan) octet(k int, spaced bool) (value, next int, ok bool) {
	n := 0
	for ; n < 3; n++ {
		at := s.blanks(k, spaced)
		if !s.digitAt(at) {
			break
		}
		value = value*10 + int(s.glyphs[at].digit)
		k = at + 1
	}
	return value, k, n > 0 && value <= 255
}

// ipWords say that four numbers with dots are an address of a machine. A capital
// I is folded to what it looks like.
var ipWords = strings.Fields("ip lp 地址 网址 服务器 登录 网关 主机 上网")

// versionWords say that they are not.
var versionWords = strings.Fields("版本 version 版 固件 v 第 条 款 章 节 型号")

// ipv4 looks for an address whose first dot is glyph i. Private ranges and
// loopback lead to nobody.
func (s *scan) ipv4(i int) bool {
	spaced := s.glyphs[i-1].r == ' '
	first := s.digitsBefore(i, 3, spaced)
	if first < 0 {
		return false
	}
	if first > 0 && s.glyphs[first-1].class == letter {
		return false // the letter of a version
	}
	s.work.spend(32)
	var b [4]int
	k := first
	for n := range b {
		v, next, ok := s.octet(k, spaced)
		if !ok {
			return false
		}
		b[n], k = v, next
		if n == 3 {
			break
		}
		if k = s.blanks(k, spaced); k >= len(s.glyphs) || s.glyphs[k].r != '.' {
			return false
		}
		k++
	}
	if k < len(s.glyphs) && (tight(s.glyphs[k]) || s.glyphs[k].r == '.' && s.digitAt(k+1)) {
		return false
	}
	context := s.before(int32(first))
	named := hasAny(context, ipWords)
	port := k+1 < len(s.glyphs) && s.glyphs[k].r == ':' && s.digitAt(k+1)
	switch {
	case b[3] == 0, k+1 < len(s.glyphs) && s.glyphs[k].r == '/' && s.digitAt(k+1), port && !named:
		return false // a network, a server with its port
	case private(b), !named && hasAny(tail(context, 4), versionWords), s.inAddress(first):
		return false
	case !named && b[0] < 20 && max(b[1], b[2], b[3]) < 100 || !named && spaced && max(b[0], b[1], b[2], b[3]) < 100:
		return false // numbers of chapters
	}
	s.note(IP, first, k, pick(named, 90, 80), "ip@1")
	return true
}

// tail returns the last n characters of text.
func tail(text string, n int) string {
	for i := len(text); i > 0; {
		if i--; text[i]&0xc0 != 0x80 {
			if n--; n == 0 {
				return text[i:]
			}
		}
	}
	return text
}

// private reports whether an address is of a range that no machine has in public.
// That from 172.16 to 172.31 is left out: few writers know that it is one.
func private(b [4]int) bool {
	switch {
	case b[0] == 0, b[0] == 10, b[0] == 127, b[0] >= 224,
		b[0] == 192 && b[1] == 168, b[0] == 169 && b[1] == 254:
		return true
	}
	return false
}

// hexAt returns the value of the hexadecimal digit at glyph k, or -1.
func (s *scan) hexAt(k int) int {
	if k < 0 || k >= len(s.glyphs) || s.glyphs[k].class == hanDigit {
		return -1
	}
	if g := s.glyphs[k]; g.class == digit || g.class == alike {
		return int(g.digit)
	}
	return int(hexValue(plainChar(s.glyphs[k])))
}

// colon looks for an address of version 6 or a hardware address in which glyph i
// is the first colon.
func (s *scan) colon(i int) {
	if i > 0 && s.glyphs[i-1].r == ' ' {
		s.macAt(i)
		return
	}
	first := i
	for first > 0 && first > i-4 && s.hexAt(first-1) >= 0 {
		first--
	}
	if first > 0 && (tight(s.glyphs[first-1]) || s.glyphs[first-1].r == ':' && s.hexGroup(first-1) || s.glyphs[first-1].r == '.') {
		return
	}
	if s.mac(first, true) || first == i {
		return
	}
	s.ipv6(first)
}

// hexGroup reports whether the word that ends before glyph i may be a group of
// an address: up to four hexadecimal digits, or nothing behind another colon.
func (s *scan) hexGroup(i int) bool {
	k := i
	for k > 0 && k > i-5 && s.hexAt(k-1) >= 0 {
		k--
	}
	if k == i {
		return k > 0 && s.glyphs[k-1].r == ':'
	}
	return i-k <= 4 && (k == 0 || !tight(s.glyphs[k-1]))
}

// macOrV6 looks at a word of letters at glyph i for hardware addresses without
// separators, which need a word before them.
func (s *scan) macOrV6(i int) {
	if s.hexAt(i) < 0 {
		return
	}
	last := i
	for last < len(s.glyphs) && last <= i+12 && s.hexAt(last) >= 0 {
		last++
	}
	if last-i == 12 && (last == len(s.glyphs) || !tight(s.glyphs[last])) && hasAny(s.before(int32(i)), macWords) {
		s.note(MAC, i, last, 80, "mac@1")
	}
}

// ciscoMAC looks for a hardware address in three groups of four, 3c5a.b412.9e0f, whose
// first dot is glyph i. With digits alone, as tables have them, it needs a word.
func (s *scan) ciscoMAC(i int) bool {
	first, last := i-4, i+10
	if first < 0 || last > len(s.glyphs) || s.glyphs[i+5].r != '.' || s.hexAt(i-1) < 0 {
		return false
	}
	letters, digits := 0, 0
	for k := first; k < last; k++ {
		switch {
		case k == i || k == i+5:
		case s.hexAt(k) < 0:
			return false
		case s.glyphs[k].class == letter:
			letters++
		default:
			digits++
		}
	}
	if first > 0 && (tight(s.glyphs[first-1]) || s.glyphs[first-1].r == '.') || last < len(s.glyphs) && (tight(s.glyphs[last]) || s.glyphs[last].r == '.' && s.hexAt(last+1) >= 0) {
		return false
	}
	s.work.spend(40)
	if (letters == 0 || digits == 0) && !hasAny(s.before(int32(first)), macWords) || s.inAddress(first) {
		return false
	}
	s.noteAll(MAC, first, last, 85, "mac@1")
	return true
}

// macWords announce a hardware address.
var macWords = strings.Fields("mac 物理地址 硬件地址 网卡")

// ipv6 reads an address of version 6 at glyph first: eight groups of up to four
// hexadecimal digits, or fewer with one gap.
func (s *scan) ipv6(first int) {
	s.work.spend(48)
	groups, size, gaps, digits, letters := 0, 0, 0, 0, 0
	k := first
	for ; k < len(s.glyphs) && k < first+40; k++ {
		if s.hexAt(k) >= 0 {
			if size++; size > 4 {
				return
			}
			digits++
			if s.glyphs[k].class == letter {
				letters++
			}
			continue
		}
		if s.glyphs[k].r != ':' {
			break
		}
		if size > 0 {
			groups++
		} else if k > first && s.glyphs[k-1].r == ':' {
			if gaps++; gaps > 1 {
				return
			}
		}
		size = 0
	}
	last := k
	if size > 0 {
		groups++
	} else if gaps == 0 || s.glyphs[k-2].r != ':' {
		last-- // the colon belongs to the sentence
	}
	if last < len(s.glyphs) && tight(s.glyphs[last]) || groups > 8 || gaps == 0 && groups != 8 || gaps == 1 && (groups < 3 || digits < 6 || letters == 0 && groups < 4) {
		return
	}
	if letters == 0 && gaps == 0 && !hasAny(s.before(int32(first)), ipWords) {
		return // numbers of something
	}
	s.noteAll(IP, first, last, 85, "ip@1")
}

// noteAll adds a hit whose normal form is all its visible characters.
func (s *scan) noteAll(typ string, first, last, confidence int, detector string) {
	norm := s.lower(first, last)
	s.hits = append(s.hits, hit{typ: typ, first: int32(first), last: int32(last), norm: norm, confidence: over(norm, confidence), detector: detector})
}

// macAt looks for a hardware address with a hyphen, or with blanks, at glyph i.
func (s *scan) macAt(i int) {
	spaced := i > 0 && s.glyphs[i-1].r == ' '
	first, n := i, 0
	for k := i - 1; k >= 0 && n < 2 && k >= i-8; k-- {
		if spaced && s.glyphs[k].r == ' ' {
			continue
		}
		if s.hexAt(k) < 0 {
			break
		}
		first = k
		n++
	}
	if n != 2 || first > 0 && (tight(s.glyphs[first-1]) || s.glyphs[first-1].r == s.glyphs[i].r && s.hexGroup(first-1)) {
		return
	}
	s.mac(first, !spaced)
}

// mac looks for six pairs of hexadecimal digits with the same separator between
// them at glyph first; in a tight one nothing else stands between.
func (s *scan) mac(first int, whole bool) bool {
	s.work.spend(40)
	k, glue, letters := first, uint16(0), false
	var d []byte
	for pair := range 6 {
		for range 2 {
			k = s.blanks(k, !whole)
			v := s.hexAt(k)
			if v < 0 {
				return false
			}
			letters = letters || s.glyphs[k].class == letter
			d = append(d, "0123456789abcdef"[v])
			k++
		}
		if pair == 5 {
			break
		}
		k = s.blanks(k, !whole)
		if k >= len(s.glyphs) || s.glyphs[k].r != ':' && s.glyphs[k].r != '-' || glue != 0 && s.glyphs[k].r != glue {
			return false
		}
		glue = s.glyphs[k].r
		k++
	}
	if k < len(s.glyphs) && (tight(s.glyphs[k]) || s.glyphs[k].r == glue && s.hexAt(k+1) >= 0) {
		return false
	}
	if named := hasAny(s.before(int32(first)), macWords); !letters && !named {
		if glue == ':' && string(d) < "24" && clocks(d) || glue == '-' && (ascending(d) || isDate("20"+string(d)) || isDate(string(d))) {
			return false // a draw, a day and a time
		}
	}
	s.hits = append(s.hits, hit{typ: MAC, first: int32(first), last: int32(k), norm: string(d), confidence: 85, detector: "mac@1"})
	return true
}

// clocks reports whether the pairs of digits may be two times of day.
func clocks(d []byte) bool {
	for i := 0; i < len(d); i += 2 {
		if d[i] >= '6' || i == 6 && string(d[i:i+2]) >= "24" {
			return false
		}
	}
	return true
}

// ascending reports whether the pairs of digits only grow, as drawn numbers do.
func ascending(d []byte) bool {
	for i := 2; i+1 < len(d); i += 2 {
		if string(d[i:i+2]) <= string(d[i-2:i]) {
			return false
		}
	}
	return true
}
