package gate

import "strings"

// The bounds of an identity number that is told in parts.
const (
	toldReach = 64 // characters behind 身份证
	toldParts = 8
	bornReach = 60 // characters around the end of a number in which a birthday makes it one
)

// toldWords are the characters that may stand between its parts.
const toldWords = "前后末尾首头最位数是为出生日期年月号码编地区中间代分别和及开结的"

// toldCard looks behind 身份证, of which glyph i is the last character, for its number told
// in parts: 360721 1975年04月21日 8219, 前六位360721，生日19750421，后四位8219. The end of one
// alone counts where it holds the day, or where the birthday stands near.
func (s *scan) toldCard(i int) {
	gs := s.glyphs
	var d []byte
	var sizes [toldParts]int
	parts, first, last, words := 0, -1, 0, false
	s.work.spend(toldReach)
	for k := i + 1; k < len(gs) && k < i+toldReach && parts < toldParts && len(d) < 18; {
		g := &gs[k]
		if !placeDigit(g) || g.class == word {
			if g.class == word && !strings.ContainsRune(toldWords, rune(g.r)) || g.class == letter || g.r == '。' || g.r == '\n' {
				break
			}
			words = words || g.class == word && parts > 0
			k++
			continue
		}
		from := k
		for k < len(gs) && anyDigit(gs[k]) {
			k++
		}
		if k < len(gs) && gs[k].r == '位' {
			if s.tailTold(from, k) {
				return
			}
			continue // 前六位
		}
		if first < 0 {
			first = from
		}
		if k-from == 1 && k < len(gs) && (gs[k].r == '月' || gs[k].r == '日') {
			d = append(d, '0')
		}
		for _, g := range gs[from:k] {
			d = append(d, '0'+g.digit)
		}
		sizes[parts] = k - from
		parts++
		if last = k; len(d) == 17 && k < len(gs) && (gs[k].r == 'X' || gs[k].r == 'x') {
			d = append(d, 'X')
			last++
			k++
		}
	}
	if len(d) != 18 || parts < 3 || sizes[0] != 6 {
		return
	}
	if norm := string(d); words && s.birthKnown(norm) {
		s.hits = append(s.hits, hit{typ: IDCard, first: int32(first), last: int32(last), norm: norm, confidence: 75, detector: "id-card-told@1"})
	}
}

// tailTold looks for the end of a number behind 后四位 or 后六位, whose digit stands at
// glyph from and whose 位 at glyph k.
func (s *scan) tailTold(from, k int) bool {
	gs := s.glyphs
	if k-from != 1 || from == 0 || !strings.ContainsRune("后末尾", rune(gs[from-1].r)) {
		return false
	}
	want := int(gs[from].digit)
	if want != 4 && want != 6 {
		return false
	}
	first, _ := s.behindWord(k + 1)
	if first < 0 {
		return false
	}
	n := first
	for n < len(gs) && n-first < want && (anyDigit(gs[n]) || n-first == want-1 && gs[n].r|0x20 == 'x') {
		n++
	}
	if n-first != want || n < len(gs) && named(gs[n]) {
		return false
	}
	if want == 4 && !s.bornNear(from) && !s.bornNear(n) {
		return false
	}
	s.note(IDCard, first, n, 50, "id-card-tail@1")
	return true
}

// bornNear reports whether a whole date that may be a birthday stands near glyph i.
func (s *scan) bornNear(i int) bool {
	s.work.spend(bornReach * 8)
	for k := max(0, i-bornReach); k < min(len(s.glyphs), i+bornReach); k++ {
		if placeDigit(&s.glyphs[k]) && (k == 0 || !placeDigit(&s.glyphs[k-1])) {
			if end, year := s.dateAt(k); end > 0 && year < 2015 && s.pastYear(year) {
				return true
			}
		}
	}
	return false
}
