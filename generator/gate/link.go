package gate

// maxTarget is the longest target of a link, in glyphs.
const maxTarget = 300

// unlinked looks once more through text that has links of Markdown, without
// their targets. The glyphs and hits of the first look are kept.
func (s *scan) unlinked(seen [several + 1]bool) {
	if !seen[sep] {
		return
	}
	var shown []glyph
	var at, past []int32 // each glyph shown, and the one behind it, among all
	done, end := 0, -1
	for i := 0; i+1 < len(s.glyphs); i++ {
		if s.glyphs[i].r != ']' || s.glyphs[i+1].r != '(' {
			continue
		}
		if end < i { // what was found stands for all links before it
			for end = i + 2; end < len(s.glyphs) && s.glyphs[end].r != ')'; end++ {
			}
		}
		if end == len(s.glyphs) {
			break
		}
		if end-i > maxTarget || !isTarget(s.glyphs[i+2:end]) {
			continue
		}
		for k := done; k <= i; k++ {
			shown, at, past = append(shown, s.glyphs[k]), append(at, int32(k)), append(past, int32(k+1))
		}
		past[len(past)-1] = int32(end + 1)
		done = end + 1
		i = end
	}
	if done == 0 {
		return
	}
	for k := done; k < len(s.glyphs); k++ {
		shown, at, past = append(shown, s.glyphs[k]), append(at, int32(k)), append(past, int32(k+1))
	}
	s.work.spend(4 * len(s.glyphs))
	glyphs, hits := s.glyphs, s.hits
	s.glyphs, s.hits = shown, nil
	s.nums = runs(s.glyphs, s.nums, s.numbers)
	s.emails()
	s.plates()
	s.fillers()
	s.identifiers(seen)
	for _, h := range s.hits {
		behind := h.last
		if int(behind) < len(shown) && shown[behind].r == ']' && holds(shown[h.first:behind], '[') {
			behind++ // the link that opens within ends there
		}
		h.first, h.last = at[h.first], past[behind-1]
		hits = append(hits, h)
	}
	s.glyphs, s.hits = glyphs, hits
}

// isTarget reports whether the glyphs between brackets are where a link leads,
// and not part of the text: a telephone number in brackets is text.
func isTarget(gs []glyph) bool {
	letters := false
	for _, g := range gs {
		switch {
		case g.r == '\n' || g.class == word || g.class == province:
			return false
		case g.class == letter || g.class == alike || g.r == '#' || g.r == '/':
			letters = true
		}
	}
	return letters
}
