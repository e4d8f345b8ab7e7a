package gate

import "strings"

// provinceNames stand where others write the character of a province: 江西BD57T9.
const provinceNames = "北京天津上海重庆河北山西辽宁吉林黑龙江苏浙安徽福建江西山东河南湖北湖南广东海南四川贵州云南陕西甘肃青海台湾内蒙古广西藏宁夏新疆省"

// plateBehind looks behind 车牌, of which glyph i is the last character, for a plate
// without the character of its province: 车牌号BD57T9.
func (s *scan) plateBehind(i int) {
	if p := s.prev(i); p != '车' && p != '号' {
		return
	}
	k := i + 1
	for k < len(s.glyphs) && k < i+1+maxLink && !named(s.glyphs[k]) {
		g := &s.glyphs[k]
		if g.class != sep && !strings.ContainsRune(leadWords, rune(g.r)) && !strings.ContainsRune(provinceNames, rune(g.r)) {
			return
		}
		k++
	}
	if k >= len(s.glyphs) || s.glyphs[k].class != letter || s.glyphs[k-1].class == province {
		return
	}
	s.work.spend(64)
	body := s.body(k + 1)
	for _, n := range []int{6, 5} {
		if body.n < n || body.n > n && body.gaps[n] == 0 {
			continue
		}
		if text := string(body.text[:n]); letters(text) < 3 && (n == 5 && ordinary(text) || n == 6 && newEnergy(text)) {
			s.note(Plate, k, body.ends[n-1], 75, "plate-named@1")
			s.hits[len(s.hits)-1].norm = "*" + string(rune(s.glyphs[k].r&^0x20)) + text
			return
		}
	}
}
