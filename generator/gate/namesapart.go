package gate

// maxApart is how many marks may stand between the characters of a name.
const maxApart = 4

// apart looks for names whose characters stand apart: 张 三 丰, or each on a line
// of its own. It reads the text once more without what stands beside single
// characters or breaks words, and adds the likely names that this joins.
func (s *scan) apart() {
	if !s.join() {
		return
	}
	glyphs, han, persons := s.glyphs, s.han, s.persons
	s.glyphs, s.han, s.persons = s.joined, s.joinedHan, nil
	for i, r := range s.han {
		if r == 0 {
			if isNameDot(s.glyphs[i].r) && i > 0 && s.joinedWithin(max(0, i-longestName)) {
				s.dottedName(i)
			}
			continue
		}
		c := &s.names.chars[r-hanFirst]
		if (c.surname != 0 || c.flags&opensCompound != 0) && s.joinedWithin(i) {
			s.nameAt(i)
		}
		if c.flags&opensToken != 0 && s.joinedWithin(i) {
			s.otherName(i)
		}
	}
	found := s.persons
	s.joined, s.joinedHan = s.glyphs, s.han
	s.glyphs, s.han, s.persons = glyphs, han, persons
	for _, p := range found {
		first, last := s.joinedFrom[p.first], s.joinedFrom[p.last-1]+1
		if last-first == p.last-p.first || p.confidence < 60 {
			continue // it stands together, and was looked at before
		}
		p.first, p.last, p.detector = first, last, "name-apart@1"
		s.replace(p)
	}
}

// replace notes p in place of the persons that lie wholly within it and do not begin
// where it does: 李**文全 is no 文全. Where p cannot stand they stay.
func (s *scan) replace(p person) {
	before := len(s.persons)
	var kept map[int32]int
	for i := p.first; i < p.last; i++ {
		if n := s.owner[i]; n != 0 && s.persons[n-1].first > p.first && s.persons[n-1].last <= p.last && kept[n] == 0 {
			if kept == nil {
				kept = map[int32]int{}
			}
			kept[n] = s.persons[n-1].confidence
			s.persons[n-1].confidence = 0
		}
	}
	if s.add(p); len(s.persons) == before {
		for n, confidence := range kept {
			s.persons[n-1].confidence = confidence
		}
	}
}

// announcedApart reports whether the Han characters at the glyphs i and j, which
// marks part, are a surname and a given name that a word beside them announces: 与李-雷女士.
func (s *scan) announcedApart(i, j int) bool {
	if s.names.chars[s.han[i]-hanFirst].surname == 0 || s.names.chars[s.han[j]-hanFirst].alone == 0 {
		return false
	}
	for size := 1; size <= 2 && j+size <= len(s.han); size++ {
		if s.classWord(j + size) {
			return true
		}
		if j+size >= len(s.han) || s.han[j+size] == 0 {
			break
		}
	}
	h, ok := s.hintBefore(i)
	return ok && h.kind >= telling && h.kind != belongs
}

// join makes the text without such marks. It reports whether there are any.
func (s *scan) join() bool {
	s.joined, s.joinedHan, s.joinedFrom = s.joined[:0], s.joinedHan[:0], s.joinedFrom[:0]
	any := false
	for i := 0; i < len(s.han); i++ {
		if s.han[i] == 0 && i > 0 && s.han[i-1] != 0 {
			j, within := i, true
			for j < len(s.han) && j-i < maxApart && parts(&s.glyphs[j]) {
				within = within && breaksNothing(s.glyphs[j].r)
				j++
			}
			if j > i && j < len(s.han) && s.han[j] != 0 && (within || s.single(i-1) || s.single(j) || s.announcedApart(i-1, j)) {
				any = true
				if d := s.dotWithin(i, j); d >= 0 {
					s.joined = append(s.joined, s.glyphs[d])
					s.joinedHan = append(s.joinedHan, 0)
					s.joinedFrom = append(s.joinedFrom, int32(d))
				}
				i = j
			}
		}
		s.joined = append(s.joined, s.glyphs[i])
		s.joinedHan = append(s.joinedHan, s.han[i])
		s.joinedFrom = append(s.joinedFrom, int32(i))
	}
	return any
}

// dotWithin returns where a dot that parts names stands among other marks from
// glyph i to j, and -1 where none does: 赛-力-克-·-赛.
func (s *scan) dotWithin(i, j int) int {
	for k := i; k < j && j-i > 1; k++ {
		if isNameDot(s.glyphs[k].r) && s.glyphs[k].r != '.' {
			return k
		}
	}
	return -1
}

// joinedWithin reports whether something was left out within the characters that
// a name at i may have.
func (s *scan) joinedWithin(i int) bool {
	j := min(i+longestName, len(s.joinedFrom)) - 1
	return int(s.joinedFrom[j]-s.joinedFrom[i]) > j-i
}

// single reports whether the Han character at glyph i has no other beside it.
func (s *scan) single(i int) bool {
	return (i == 0 || s.han[i-1] == 0) && (i+1 >= len(s.han) || s.han[i+1] == 0)
}

// breaksNothing reports whether r may stand within a word: the end of a line, or a
// mark of emphasis.
func breaksNothing(r uint16) bool {
	return r == '\n' || r == '*' || r == '_' || r == '~' || r == '`'
}

// parts reports whether g may stand between the characters of one name.
func parts(g *glyph) bool {
	if g.class != sep {
		return false
	}
	switch g.r {
	case ':', '(', ')', '<', '>', '《', '》', '“', '”', '"', '[', ']', '【', '】', '〔', '〕':
		return false
	}
	return true
}
