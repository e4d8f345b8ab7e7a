package gate

import "strings"

// buyerWords stand before the orders of an office.
var buyerWords = []string{"采购", "招标", "中标", "派发"}

// order looks behind the words for the numbers of what a private person bought,
// sent or booked. The numbers that an office gives (工单, 受理, 文号, 案号) pass.
func (s *scan) order(i int, r rune) {
	before := s.prev(i)
	switch r {
	case '单':
		if !strings.ContainsRune("订运递流易裹货购餐件", before) {
			return
		}
	case '递':
		if before != '快' || !s.numberWord(i+1) {
			return
		}
	case '裹':
		if before != '包' || !s.numberWord(i+1) {
			return
		}
	case '票':
		if !strings.ContainsRune("车机客门影戏", before) || !s.numberWord(i+1) {
			return
		}
	}
	first, _ := s.behindWord(i + 1)
	if first < 0 || hasAny(s.before(int32(i)), buyerWords) {
		return
	}
	reading := s.read(first)
	// Letters of the carrier, then digits; a letter or two may stand among them.
	k, digits := 0, 0
	for k < reading.n && k < 32 && (k == 0 || reading.gaps[k] <= 1 || reading.gaps[k] == reading.gaps[1]) {
		if reading.value[k] != 0 {
			digits++
		} else if digits > 0 && reading.gaps[k] > 0 && reading.kinds[k] == letter {
			break // the next word
		}
		k++
	}
	for k > 0 && reading.kinds[k-1] == hanDigit && reading.kinds[0] != hanDigit {
		k-- // 单号123一直
		digits--
	}
	if k < 8 || digits < 6 || k > 30 || measured(s.after(int32(reading.ends[k-1]))) || !reading.border(k) {
		return
	}
	s.take(Order, &reading, k, k, 80, "order@1")
}

// numberWord reports whether 号, 单 or a word that leads to a number stands at
// glyph i.
func (s *scan) numberWord(i int) bool {
	return i < len(s.glyphs) && (s.glyphs[i].r == '号' || s.glyphs[i].r == '单' || s.glyphs[i].r == '编')
}
