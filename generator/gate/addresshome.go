package gate

import "strings"

// Behind a word of living somewhere, or of registration, what leads to a home is also told
// without a number or without a name: 户籍地永兴镇茅坝村大坪子组, 家住供销社后面第二栋3楼.

const (
	homeWords = "家庭住址 家庭地址 户籍住址 户籍地址 户籍所在地 户籍地 户籍 籍贯住址 现住址 现住 现居住地 现居 常住地址 常住地 居住地址 居住地 家住 我住在 住在 住址 户口所在地 老家在 老家"
	// What the smallest places people live in are called.
	hamletEnds = "村民小组 居民小组 村小组 小组 组 屯 嘎查 连队 连 生产队 小队 大队 队 自然村 寨子 寨 浩特 独贵龙 牧点 坨子"
	// Counted by these, a home is described.
	homeUnits = "门洞 单元 栋 幢 排 楼 层 家 户 号 间 室 房 门"
	// What ends the description of a home, or tells that none is given.
	homeStops = "的了是我你您他她们这那请问说有就也还又没被把因由让向"
)

// The bounds of what is read behind such a word.
const (
	homeReach = 34
	homeLeast = 2 // characters of the name of a hamlet, its word left out
)

// homes looks for the places that words of living announce.
func (s *scan) homes() {
	p := s.places
	for i := range s.glyphs {
		if p.flags[s.glyphs[i].r]&homeFlag == 0 {
			continue
		}
		if _, n := s.placeWordAt(&p.homes, i); n > 0 {
			s.work.spend(homeReach * 8)
			s.home(i + n)
		}
	}
}

// home reads the place behind a word of living that ends before glyph i.
func (s *scan) home(i int) {
	gs := s.glyphs
	for n := 0; n < 4 && i < len(gs) && (gs[i].r == ':' || placeBlank(gs[i].r) || gs[i].r == '在' || gs[i].r == '为' || gs[i].r == '是' || gs[i].r == '于'); n++ {
		i++
	}
	end, start, counted := i, i, 0
	for end < len(gs) && end-i < homeReach {
		g := &gs[end]
		if g.class == weak || g.class == sep && !placeDash(g.r) && g.r != '·' || end > i && g.class == word && strings.ContainsRune(homeStops, rune(g.r)) {
			break
		}
		end++
		if s.places.flags[g.r]&levelFlag != 0 && s.levelEnd(end, i-1) {
			start, counted = end, 0
			continue
		}
		if placeDigit(g) && (end == len(gs) || !placeDigit(&gs[end])) && s.homeUnit(end) {
			counted++
		}
	}
	if end-start < 3 || end-i >= homeReach {
		return
	}
	confidence := 0
	w := s.endsWord(&s.places.hamlets, end)
	switch {
	case counted > 1:
		confidence = 70
	case w > 0 && end-w-start >= homeLeast && s.hamletNamed(start, end-w):
		confidence = 70
	}
	if confidence == 0 {
		return
	}
	s.hits = append(s.hits, hit{typ: Address, first: int32(start), last: int32(end), norm: placeForm(gs[start:end]), confidence: confidence, detector: "address-home@1"})
}

// homeUnit reports whether a word that counts within a place stands at glyph i.
func (s *scan) homeUnit(i int) bool {
	if i >= len(s.glyphs) || s.startsWord(&s.places.notHouse, i+1) {
		return false
	}
	return s.startsWord(&s.places.homeCounts, i)
}

// hamletNamed reports whether the glyphs can be the name of a hamlet, and of the places
// above it: no whole of 项目组 or 专案组 is one.
func (s *scan) hamletNamed(first, last int) bool {
	for i := first; i < last; i++ {
		if g := &s.glyphs[i]; strings.ContainsRune("本该各每全几某工专项调检考班机政党委办局协联", rune(g.r)) {
			return false
		}
	}
	return true
}
