package gate

import "slices"

// What speaks for a name that nothing beside it announces, in quarters of a bit.
const (
	besideName   = 40 // in a list with a sure name
	besideLikely = 24 // in a list with a likely one
	endsText     = 28 // alone at the end of a text, where a letter is signed
	knownWord    = 44 // the same, where the name is a word too
	knownName    = 60 // another field or another place names the same person
)

// listGap is the most characters that part the names of a list.
const listGap = 8

// neighbours looks for names in lists with those that are likely: 张三、李四.
func (s *scan) neighbours() {
	for n := 0; n < len(s.persons); n++ { // what is found here has neighbours too
		if p := s.persons[n]; p.confidence >= 60 {
			extra := besideName
			if p.confidence < sureName {
				extra = besideLikely
			}
			s.neighbourBehind(int(p.last), extra)
			s.neighbourBefore(int(p.first), extra)
		}
	}
}

// own marks the glyphs of each person, so that later searches see at once what
// is taken.
func (s *scan) own() {
	s.owner = append(s.owner[:0], make([]int32, len(s.glyphs))...)
	for n := range s.persons {
		s.mark(n)
	}
}

func (s *scan) mark(n int) {
	for i := s.persons[n].first; i < s.persons[n].last; i++ {
		s.owner[i] = int32(n + 1)
	}
}

// add notes a person after the main search. One that is as likely keeps its
// place; one that is not gives way, wholly covered or not.
func (s *scan) add(p person) {
	for i := p.first; i < p.last; i++ {
		if n := s.owner[i]; n != 0 && s.persons[n-1].confidence >= min(p.confidence, sureName) {
			return
		}
	}
	for i := p.first; i < p.last; i++ {
		if n := s.owner[i]; n != 0 {
			s.persons[n-1].confidence = 0
		}
	}
	s.persons = append(s.persons, p)
	s.mark(len(s.persons) - 1)
}

// partsList reports whether the glyph at i may stand between the names of a list:
// a mark, or within the first such a number.
func (s *scan) partsList(i int) bool {
	switch s.glyphs[i].r {
	case '、', ',', '，', ' ', '/', ';', '；', '\n', '|', '.', '(', ')':
		return true
	}
	return s.glyphs[i].class == digit
}

// joining returns the length of the word that joins two names at glyph i.
func (s *scan) joining(i int) int {
	switch n := s.hanFrom(i, 2); {
	case n == 0:
		return 0
	case s.han[i] == '和' || s.han[i] == '与' || s.han[i] == '及':
		return 1
	case n == 2 && s.han[i] == '以' && s.han[i+1] == '及':
		return 2
	}
	return 0
}

// numbering reports whether 序号 stands at glyph i: 序号1 张三；序号2 李四.
func (s *scan) numbering(i int) bool {
	return i >= 0 && s.hanFrom(i, 2) == 2 && s.han[i] == '序' && s.han[i+1] == '号'
}

// neighbourBehind looks for a name behind the one that ends before glyph i.
func (s *scan) neighbourBehind(i, extra int) {
	j := i + s.joining(i)
	for j == i || j-i < listGap {
		switch {
		case j < len(s.han) && s.han[j] == 0 && s.partsList(j) && (j > i || s.glyphs[j].class != digit):
			j++
			continue
		case j > i && s.numbering(j):
			j += 2
			continue
		case j > i && s.han[j-1] == 0 && j < len(s.han) && s.joining(j) > 0:
			j += s.joining(j)
		}
		break
	}
	if j > i && j < len(s.han) && s.han[j] != 0 {
		s.listed(j, 0, extra)
	}
}

// neighbourBefore looks for a name before the one that begins at glyph i.
func (s *scan) neighbourBefore(i, extra int) {
	j := i
	for n := 1; n <= 2; n++ {
		if i > n && s.joining(i-n) == n {
			j = i - n
		}
	}
	for j > 0 && i-j < listGap {
		switch {
		case s.han[j-1] == 0 && s.partsList(j-1):
			j--
			continue
		case j < i && s.numbering(j-2):
			j -= 2
			continue
		}
		break
	}
	if j == i || s.glyphs[j].class == digit {
		return
	}
	for size := min(4, s.hanBefore(j, 4)); size >= 2; size-- {
		if s.listed(j-size, j, extra) {
			return
		}
	}
}

// listed notes the name at glyph i of a list; it must end before glyph end
// where that is not 0. extra is what its neighbours say for it.
func (s *scan) listed(i, end, extra int) bool {
	if c := &s.names.chars[s.han[i]-hanFirst]; c.surname == 0 && c.flags&opensCompound == 0 {
		return false
	}
	p, ok := s.bestName(i, extra)
	if !ok || end != 0 && int(p.last) != end {
		return false
	}
	whole := int(p.last) == len(s.han) || s.han[p.last] == 0 || s.han[p.last] == '等' || s.joining(int(p.last)) > 0
	if _, size := s.hintBehind(int(p.last)); !whole && size == 0 {
		return false // a word goes on
	}
	p.detector, p.confidence = "name-list@1", min(p.confidence, 85)
	s.add(p)
	return true
}

// maxClosing is how far from the end of a text a signature may lie: behind it
// stands a day at most.
const maxClosing = 24

// closing looks for the name that a text is signed with.
func (s *scan) closing() {
	j := len(s.han)
	for n := 0; j > 0 && n < maxClosing && (s.han[j-1] == 0 || isDayMark(s.han[j-1])); n++ {
		j--
	}
	size := s.hanBefore(j, longestName)
	if i := j - size; size >= 2 && size < longestName && i > 0 && (endsSentence(rune(s.glyphs[i-1].r)) || i > 1 && s.glyphs[i-1].r == s.glyphs[i-2].r && isDash(s.glyphs[i-1].r)) || size >= 2 && size < longestName && i > 0 && s.glyphs[i-1].r == ' ' {
		s.signed(i, j)
	}
}

// signed notes the name that is all that stands between the glyphs i and j.
func (s *scan) signed(i, j int) {
	if p, ok := s.bestName(i, endsText); ok && int(p.last) == j {
		p.detector, p.confidence = "name-signed@1", max(p.confidence, 62)
		s.add(p)
	}
}

// isDash reports whether r is a dash; two stand before a signature.
func isDash(r uint16) bool { return r == '-' || r == '—' || r == '–' || r == '―' }

func isDayMark(r uint16) bool { return r == '年' || r == '月' || r == '日' }

// The names that are looked for again: how many begin alike, and how many
// blanks may stand between their characters.
const (
	maxAlike  = 8
	maxBlanks = 2
)

// again looks for names that are surely known, from other fields or from this
// text, wherever they stand.
func (s *scan) again() {
	known := map[uint32][][]uint16{}
	remember := func(name []uint16) {
		if len(name) < 2 {
			return
		}
		key := uint32(name[0])<<16 | uint32(name[1])
		for _, old := range known[key] {
			if slices.Equal(old, name) {
				return
			}
		}
		if len(known[key]) < maxAlike {
			known[key] = append(known[key], name)
		}
	}
	for _, name := range s.known {
		remember(name)
	}
	for n := range s.persons {
		if p := &s.persons[n]; p.confidence >= sureName && (p.gain >= likelyGain || p.last-p.first > 2) {
			remember(s.hanName(p.first, p.last))
		}
	}
	if len(known) == 0 {
		return
	}
	s.work.spend(len(s.known) + len(s.han))
	for i, r := range s.han {
		if r == 0 || s.owner[i] != 0 && s.persons[s.owner[i]-1].confidence >= sureName {
			continue
		}
		k := s.nextHan(i + 1)
		if k < 0 {
			continue
		}
		for _, name := range known[uint32(r)<<16|uint32(s.han[k])] {
			if j := s.matches(i, name); j > 0 {
				s.knownAt(i, j, len(name))
				break
			}
		}
	}
}

// knownAt notes a known name of n characters between glyphs i and j. A name of
// two characters may be part of a word, so the text around it decides.
func (s *scan) knownAt(i, j, n int) {
	if n == 2 && j-i == 2 {
		extra := knownName
		if s.names.words.get(s.key(i, n)).cost != noWord {
			extra = knownWord
		}
		if p, ok := s.bestName(i, extra); !ok || int(p.last) < j {
			return
		}
	}
	s.add(person{first: int32(i), last: int32(j), sure: true, confidence: 85, detector: "name-known@1"})
}

// nextHan returns the glyph of the next Han character, with a few blanks before
// it at most, or -1.
func (s *scan) nextHan(i int) int {
	for k := i; k < len(s.han) && k <= i+maxBlanks; k++ {
		if s.han[k] != 0 {
			return k
		}
		if s.glyphs[k].r != ' ' && !isNameDot(s.glyphs[k].r) {
			break
		}
	}
	return -1
}

// matches returns where the name that begins at glyph i ends, and 0 where it is
// another.
func (s *scan) matches(i int, name []uint16) (end int) {
	for n, r := range name {
		if n > 0 {
			if i = s.nextHan(i); i < 0 {
				return 0
			}
		}
		if s.han[i] != r {
			return 0
		}
		i++
	}
	return i
}

// hanName returns the Han characters of the name at the glyphs.
func (s *scan) hanName(first, last int32) (name []uint16) {
	for _, r := range s.han[first:last] {
		if r != 0 {
			name = append(name, r)
		}
	}
	return name
}

// sureName is the confidence from which a name is looked for in the whole case.
const sureName = 80

// personNames returns the names among hits that are sure enough to be looked for
// in the other fields of the same case, in the form that nameState.known takes.
// It must be called before the scan looks at another text.
func (s *scan) personNames(hits []hit) (names [][]uint16) {
	for _, h := range hits {
		if h.typ == Person && h.confidence >= sureName {
			if name := s.hanName(h.first, h.last); len(name) >= 2 {
				names = append(names, name)
			}
		}
	}
	return names
}
