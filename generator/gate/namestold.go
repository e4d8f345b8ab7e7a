package gate

import "strings"

// toldSurname looks for a name told in two parts behind 姓 at glyph i: 姓陈，名德旺, and
// 我姓陈叫德旺.
func (s *scan) toldSurname(i int) {
	gs := s.glyphs
	j := i + 1
	if i > 0 && (s.han[i-1] == '贵' || s.han[i-1] == '百' || s.han[i-1] == '老') {
		return
	}
	switch {
	case s.hanFrom(j, 2) == 2 && s.names.chars[s.han[j]-hanFirst].flags&opensCompound != 0 && s.names.compound[s.key(j, 2)] != 0:
		j += 2
	case s.hanFrom(j, 1) == 1 && s.names.chars[s.han[j]-hanFirst].surname != 0:
		j++
	default:
		return
	}
	for n := 0; n < 2 && j < len(gs) && (gs[j].class == sep || gs[j].r == ',' || gs[j].r == '，' || gs[j].r == '、'); n++ {
		j++
	}
	word := 0
	for _, w := range []string{"名字叫", "名字是", "单名一个", "名叫", "名为", "单名", "单字", "名", "叫"} {
		if rs := []rune(w); s.hanFrom(j, len(rs)) == len(rs) && s.chars(j, len(rs)) == w {
			word = len(rs)
			break
		}
	}
	if word == 0 {
		return
	}
	if j += word; j < len(gs) && s.han[j] == 0 && (gs[j].class == sep) {
		j++
	}
	n := s.hanFrom(j, 3)
	if word == 1 && s.han[j-1] == '名' && n > 0 && strings.ContainsRune("下义声额单气望", rune(s.han[j])) {
		return // 姓陈，名下有两套房
	}
	if n == 0 || n > 2 {
		if n != 3 || s.han[j+2] != '的' && s.han[j+2] != '，' {
			return
		}
		n = 2
	}
	for _, r := range s.han[j : j+n] {
		if c := &s.names.chars[r-hanFirst]; c.flags&neverGiven != 0 || strings.ContainsRune(notGiven, rune(r)) {
			return
		}
	}
	s.keep(person{first: int32(i + 1), last: int32(j + n), gain: mostBefore, sure: true, confidence: 70, detector: "name-told@1"})
}
