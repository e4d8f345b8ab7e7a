package gate

import "slices"

// baseKind is what kind of place the name before a detail is.
type baseKind uint8

const (
	noBase      baseKind = iota
	estateBase           // a housing estate
	roadBase             // a road or lane
	villageBase          // a village or residents' community
	towerBase            // a building of offices or shops, or a park of them
	dormBase             // a hall of residence
	publicBase           // a public body
	looseBase            // perhaps an estate: the name ends like one
)

// The bounds of a name.
const (
	maxName   = 28 // characters between the begin of an address and its first number
	usualName = 6  // characters of a name where nothing marks its begin
)

// placeWordAt returns the longest word of the set that begins at glyph i, and how
// many glyphs it takes: blanks may stand between its characters.
func (s *scan) placeWordAt(set *wordSet, i int) (*placeWord, int) {
	if i < 0 || i >= len(s.glyphs) || s.places.flags[s.glyphs[i].r]&set.flag == 0 {
		return nil, 0
	}
	words := set.words[s.glyphs[i].r]
	for w := range words {
		j := i
		ok := true
		for n, r := range words[w].runes {
			if n > 0 {
				for j < len(s.glyphs) && placeBlank(s.glyphs[j].r) && j-i < 2*n {
					j++
				}
			}
			if j >= len(s.glyphs) || s.glyphs[j].r != r {
				ok = false
				break
			}
			j++
		}
		if ok {
			return &words[w], j - i
		}
	}
	return nil, 0
}

// startsWord reports whether a word of the set begins at glyph i.
func (s *scan) startsWord(set *wordSet, i int) bool {
	w, _ := s.placeWordAt(set, i)
	return w != nil && !w.no
}

// placeWordBefore returns the longest word of a backward set that ends before glyph
// i, and how many glyphs it takes.
func (s *scan) placeWordBefore(set *wordSet, i int) (*placeWord, int) {
	if i <= 0 || i > len(s.glyphs) || s.places.flags[s.glyphs[i-1].r]&set.flag == 0 {
		return nil, 0
	}
	words := set.words[s.glyphs[i-1].r]
	for w := range words {
		j := i
		ok := true
		runes := words[w].runes
		for n := len(runes) - 1; n >= 0; n-- {
			if n < len(runes)-1 {
				for j > 0 && placeBlank(s.glyphs[j-1].r) && i-j < 2*(len(runes)-1-n) {
					j--
				}
			}
			if j == 0 || s.glyphs[j-1].r != runes[n] {
				ok = false
				break
			}
			j--
		}
		if ok {
			return &words[w], i - j
		}
	}
	return nil, 0
}

// endsWord returns the length of the longest word of the set that ends before
// glyph i, and 0 where there is none or the word is one that only looks like it.
func (s *scan) endsWord(set *wordSet, i int) int {
	w, n := s.placeWordBefore(set, i)
	if w == nil || w.no {
		return 0
	}
	return n
}

// backBlanks returns the place before i behind which only white space, a dash, a
// comma or a closing quote stands.
func (s *scan) backBlanks(i int) int {
	for range 2 {
		if i > 0 && (placeBlank(s.glyphs[i-1].r) || placeDash(s.glyphs[i-1].r) || s.glyphs[i-1].r == '”' || s.glyphs[i-1].r == '"' || s.glyphs[i-1].r == '》') {
			i--
		}
	}
	return i
}

// subArea returns where a part of an estate, which ends before i, begins: 二期,
// A区, 南区, （三期）, or the south of a village. It returns i where there is none.
func (s *scan) subArea(i int) int {
	gs := s.glyphs
	back := func(j int) int { // over the blanks of what is spaced out
		for range 2 {
			if j > 0 && placeBlank(gs[j-1].r) {
				j--
			}
		}
		return j
	}
	j := i
	closed := j > 0 && gs[j-1].r == ')'
	if closed {
		j = back(j - 1)
	}
	if j < 2 {
		return i
	}
	r := gs[j-1].r
	k := back(j - 1)
	if k == 0 {
		return i
	}
	side := isSide(gs[k-1].r)
	switch r {
	case '苑', '园': // 南苑 of an estate, not a name
		if !side || s.estateEnd(back(k-1)) == 0 {
			return i
		}
		return k - 1
	case '期', '区':
	default:
		return i
	}
	from := k
	for from > 0 && k-from < 3 && (placeDigit(&gs[from-1]) || gs[from-1].class == letter) {
		from--
	}
	if from == k && side {
		if !closed && r == '区' && s.estateEnd(back(k-1)) == 0 && s.endsWord(&s.places.villages, back(k-1)) == 0 && s.subArea(back(k-1)) == back(k-1) {
			return i // 江北区
		}
		from = k - 1
		if from > 0 && isSide(gs[from-1].r) && s.estateEnd(back(from-1)) > 0 {
			from-- // 东南区
		}
	}
	if from == k || r == '区' && k-from > 1 && s.estateEnd(back(from)) == 0 {
		return i
	}
	if from > 0 && (gs[from-1].r == '第' || isSide(gs[from-1].r) && r == '区' && s.estateEnd(from-1) > 0) {
		from-- // 第三区, 东二区
	}
	if closed {
		if from = back(from); from == 0 || gs[from-1].r != '(' {
			return i
		}
		from--
	}
	return from
}

// estateEnd returns the length of the word at the end of an estate's name that
// ends before i.
func (s *scan) estateEnd(i int) int {
	p := s.places
	if n := max(s.endsWord(&p.estates, i), s.endsWord(&p.dorms, i), s.endsWord(&p.towers, i)); n > 0 {
		return n
	}
	// 叶语 of 叶语南区, but not the 江 of 江北区
	if i < 3 || !isHan(&s.glyphs[i-2]) || !isHan(&s.glyphs[i-3]) || s.endsWord(&p.levels, i-1) > 0 || s.stopEnd(i-1) {
		return 0
	}
	return s.endsWord(&p.loose, i)
}

// baseOf returns what kind of place is named before the number at glyph k, and
// where the word that says so begins.
func (s *scan) baseOf(k int) (kind baseKind, suffix int) {
	p := s.places
	i := s.backBlanks(k)
	if i > 1 && (s.glyphs[i-1].r == ',' && s.commaAfter(k) || s.glyphs[i-1].r == '(') && (s.estateEnd(i-1) > 0 || s.glyphs[i-1].r == '(' && s.endsWord(&p.villages, i-1) > 0) {
		i-- // 翠湖小区，5栋 and 翠湖小区（5栋）
	}
	for range 2 {
		j := s.subArea(i)
		if j == i {
			break
		}
		i = s.backBlanks(j)
	}
	if n := s.endsWord(&p.plates, i); n > 0 {
		i = s.backBlanks(i - n) // 李家村门牌36号
	}
	best, no := 0, false
	for _, set := range []struct {
		kind baseKind
		*wordSet
	}{
		{dormBase, &p.dorms}, {publicBase, &p.publics}, {towerBase, &p.towers}, {villageBase, &p.villages}, {estateBase, &p.estates}, {roadBase, &p.roads},
	} {
		if w, n := s.placeWordBefore(set.wordSet, i); n > best {
			best, kind, no = n, set.kind, w.no
		}
	}
	if best == 0 && s.endsWord(&p.loose, i) > 0 {
		return looseBase, i - 1
	}
	if best == 0 || no {
		return noBase, i
	}
	if s.glyphs[i-1].r == '条' && kind == roadBase && s.ordinalBefore(i-1) {
		return noBase, i // 第二十五条
	}
	if kind == estateBase && s.glyphs[i-1].r == '院' && best < 3 && s.endsWord(&p.publics, i-best) > 0 {
		kind = publicBase // 党校大院
	}
	return kind, i - best
}

// ordinalBefore reports whether the number before glyph i has 第 before it.
func (s *scan) ordinalBefore(i int) bool {
	k := i
	for k > 0 && i-k < 6 && placeDigit(&s.glyphs[k-1]) {
		k--
	}
	return k < i && k > 0 && s.glyphs[k-1].r == '第'
}

// commaAfter reports whether a comma follows the detail that begins at k, as where
// all details have one between them.
func (s *scan) commaAfter(k int) bool {
	for i := k; i < min(len(s.glyphs), k+6); i++ {
		if s.glyphs[i].r == ',' {
			return true
		}
	}
	return false
}

// nameStart returns the first glyph of an address whose first number stands at
// first and whose name ends with the word at suffix: what is named below the
// district, the street office or township, or else what follows the last word
// that belongs to the sentence.
func (s *scan) nameStart(first, suffix, floor int) int {
	gs, p := s.glyphs, s.places
	j := suffix
	low := max(floor, first-maxName)
	for j > low {
		g := &gs[j-1]
		switch g.class {
		case weak, at:
			return j
		case sep:
			switch {
			case placeBlank(g.r):
				if !s.spacedOut(j, suffix, low) {
					return j
				}
				j--
				continue
			case g.r == '”' || g.r == ')' && s.opened(j, low) > 0:
				j--
				continue
			case g.r == '·' || g.r == '-' && j < suffix:
				j--
				continue
			case g.r == '(' && slices.ContainsFunc(gs[j:first], func(g glyph) bool { return g.r == ')' }):
				j--
				continue
			default:
				return j
			}
		}
		if p.flags[g.r]&levelFlag != 0 && s.levelEnd(j, low) {
			return j
		}
		if p.flags[g.r]&stopFlag != 0 && s.stopEnd(j) {
			return j
		}
		j--
	}
	if j == floor || j == 0 {
		return j
	}
	return max(low, suffix-usualName)
}

// opened returns the place of the bracket that opens what closes before j.
func (s *scan) opened(j, low int) int {
	for i := j - 2; i >= max(low, j-10); i-- {
		if s.glyphs[i].r == '(' {
			return i
		}
	}
	return 0
}

// spacedOut reports whether the name goes on before the white space that ends
// at j: it has hardly begun, or its characters are spaced out.
func (s *scan) spacedOut(j, suffix, low int) bool {
	gs := s.glyphs
	k := j - 1
	for k > low && placeBlank(gs[k-1].r) {
		k--
	}
	if j-k > 2 || k <= low || gs[k-1].class == sep && gs[k-1].r != '·' || gs[k-1].class == weak {
		return false
	}
	if suffix-j < 1 {
		return true
	}
	if j+1 < len(gs) && placeBlank(gs[j+1].r) {
		return true // each character by itself
	}
	// A line or the name breaks off shortly behind the level or word before it.
	for n := 0; n < usualName && k-n > low && (gs[k-n-1].class != sep || gs[k-n-1].r == ':') && gs[k-n-1].class != weak; n++ {
		if gs[k-n-1].r == ':' {
			return n > 0
		}
		if f := s.places.flags[gs[k-n-1].r]; f&levelFlag != 0 && s.levelEnd(k-n, low) || f&stopFlag != 0 && s.stopEnd(k-n) {
			return n > 0
		}
	}
	return false
}

// levelEnd reports whether the name of a district, street office or township
// ends before j.
func (s *scan) levelEnd(j, low int) bool {
	n := s.endsWord(&s.places.levels, j)
	if n == 0 || j-n <= low {
		return n > 1 // 街道 at the begin of the text
	}
	i := j - n
	for i-1 > low && placeBlank(s.glyphs[i-1].r) && j-n-i < 2 {
		i-- // spaced out
	}
	g := &s.glyphs[i-1]
	if s.glyphs[j-1].r == '区' {
		if k := s.subArea(j); k < j && (g.class == letter && (i < 2 || s.glyphs[i-2].class != letter) || g.class == hanDigit || s.estateEnd(k) > 0) {
			return false
		}
	}
	switch g.class {
	case word, province, letter, digit, hanDigit, alike:
		if n > 1 || g.r == '该' || g.r == '本' || g.r == '我' || g.r == '全' || g.r == '某' {
			return true
		}
		if s.endsWord(&s.places.levels, i) > 0 {
			return !s.opensName(j, s.glyphs[j-1].r) // 成都市镇江路, 白云区市民家园, but 丰镇市 and 谭市镇
		}
		return !s.stopEnd(i)
	}
	return n > 1 || placeBlank(g.r)
}

// opensName reports whether the character at j makes the level before it the
// begin of a name: 市民, 镇江, 县前街.
func (s *scan) opensName(j int, level uint16) bool {
	j = s.skipBlanks(j)
	if j >= len(s.glyphs) {
		return false
	}
	switch s.glyphs[j].r {
	case '府', '政', '委', '前', '后', '直', '属':
		return true
	case '民', '场', '容':
		return level == '市'
	case '江', '海', '安', '远', '南', '平':
		return level == '镇' || level == '乡'
	}
	return false
}

// stopEnd reports whether a word of the sentence, which is no part of a name,
// ends before j.
func (s *scan) stopEnd(j int) bool {
	n := s.endsWord(&s.places.stops, j)
	if n == 0 {
		return false
	}
	if s.startsWord(&s.places.kept, j-n) {
		return false
	}
	switch s.glyphs[j-1].r {
	case '元', '万', '点', '分': // not the 元 of 三元区
		return n > 1 || j-n > 0 && s.glyphs[j-n-1].class == digit
	case '年', '月', '日', '号':
		return n > 1 || j-n > 0 && placeDigit(&s.glyphs[j-n-1])
	case '和', '跟', '里':
		if n == 1 {
			k := j - 1
			return s.estateEnd(k) > 1 || s.endsWord(&s.places.roads, k) > 0 || k > 0 && (s.glyphs[k-1].r == '们' || s.glyphs[k-1].r == '者')
		}
	}
	return true
}
