package gate

// maxTarget is the longest target or text of a link, in glyphs.
const maxTarget = 300

// shownGlyph says where a glyph of the text without links stands among all.
type shownGlyph struct {
	at   int32 // the glyph
	past int32 // the one behind it, or behind the link that ends with it
	open int32 // the bracket of that link
}

// unlinked looks once more through text that has links of Markdown, without
// their brackets and targets. The glyphs and hits of the first look are kept.
func (s *scan) unlinked(seen [several + 1]bool) {
	if !seen[sep] {
		return
	}
	shown, places := s.withoutLinks()
	if shown == nil {
		return
	}
	s.work.spend(4 * len(s.glyphs))
	glyphs, hits := s.glyphs, s.hits
	s.glyphs, s.hits = shown, nil
	s.nums = runs(s.glyphs, s.nums, s.numbers)
	s.emails()
	s.plates()
	s.fillers()
	s.identifiers(seen)
	s.spelt()
	if !s.structured {
		s.people()
		s.addresses()
	}
	for _, h := range s.hits {
		last := places[h.last-1]
		if h.typ == Person && last.at-places[h.first].at == h.last-1-h.first {
			continue // no link is within it: the first look decides
		}
		h.first, h.last = places[h.first].at, last.at+1
		if last.past > h.last && last.open >= h.first {
			h.last = last.past // a link that opens within ends there
		}
		hits = append(hits, h)
	}
	s.glyphs, s.hits = glyphs, hits
}

// withoutLinks returns what readers see of the glyphs, and where each stands;
// nil where there are no links.
func (s *scan) withoutLinks() (shown []glyph, places []shownGlyph) {
	done, end := 0, -1
	upTo := func(i int) {
		for k := done; k < i; k++ {
			shown, places = append(shown, s.glyphs[k]), append(places, shownGlyph{int32(k), int32(k + 1), -1})
		}
	}
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
		upTo(i)
		done = end + 1
		i = end
		k := len(shown) - 1
		for low := max(0, k-maxTarget); k >= low && shown[k].r != '['; {
			k--
		}
		if n := len(shown); n > 0 {
			last := &places[n-1]
			last.past = int32(end + 1)
			if k >= 0 && shown[k].r == '[' {
				last.open = places[k].at
				shown = append(shown[:k], shown[k+1:]...)
				places = append(places[:k], places[k+1:]...)
			}
		}
	}
	if done > 0 {
		upTo(len(s.glyphs))
	}
	return shown, places
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
