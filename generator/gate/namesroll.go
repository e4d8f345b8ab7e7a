package gate

// A roll is a list of names that no word announces: 赖水生、钟观妹、曾火土. Each of them
// may read as something else by itself; that several in a row read as names says that
// they are.
const (
	rollLeast  = 3 // names in a roll
	rollStrong = 2 // of which so many must be likely with what their neighbours say
	rollMost   = 64
)

// rollItem is one place of a list.
type rollItem struct {
	p      person
	strong bool
}

// rolls looks for them.
func (s *scan) rolls() {
	s.work.spend(len(s.han))
	var store [rollMost]rollItem
	roll := store[:0]
	strong, end := 0, -1
	flush := func() {
		if len(roll) >= rollLeast && strong >= max(rollStrong, (len(roll)+1)/2) {
			for _, item := range roll {
				p := item.p
				p.detector, p.confidence = "name-list@2", min(max(p.confidence, 62), 75)
				s.add(p)
			}
		}
		roll, strong = roll[:0], 0
	}
	for i := 0; i < len(s.han); {
		if s.han[i] == 0 || i > 0 && s.han[i-1] != 0 {
			i++
			continue
		}
		n := s.hanFrom(i, longestName+1)
		if len(roll) > 0 && !s.rollGap(end, i) || len(roll) == rollMost {
			flush()
		}
		item, ok := s.rollItem(i, n)
		if !ok {
			flush()
			i += n
			continue
		}
		if item.strong {
			strong++
		}
		roll = append(roll, item)
		end = int(item.p.last)
		i += n
	}
	flush()
}

// rollGap reports whether what stands between the glyphs parts the names of a list:
// marks, blanks and numbers.
func (s *scan) rollGap(from, to int) bool {
	if to-from > listGap {
		return false
	}
	for k := from; k < to; k++ {
		if s.han[k] == 0 && !s.partsList(k) {
			return false
		}
	}
	return true
}

// rollItem reads the name that is all, or all but the word for a household, of the n
// Han characters at glyph i.
func (s *scan) rollItem(i, n int) (item rollItem, ok bool) {
	if c := &s.names.chars[s.han[i]-hanFirst]; n < 2 || n > longestName || c.surname == 0 && c.flags&opensCompound == 0 {
		return item, false
	}
	p, ok := s.bestName(i, besideName)
	if !ok || !s.rollEnd(int(p.last), i+n) {
		return item, false
	}
	q, strong := s.bestName(i, besideLikely)
	return rollItem{p: p, strong: strong && q.last == p.last}, true
}

// rollEnd reports whether nothing stands between the glyphs but a word for how many:
// 户, 等, 两户.
func (s *scan) rollEnd(from, to int) bool {
	if from == to {
		return true
	}
	switch last := s.han[to-1]; last {
	case '户', '等', '人', '家':
		return to-from == 1 || to-from == 2 && (s.glyphs[from].class == hanDigit || s.han[from] == '两' || s.han[from] == '俩')
	}
	return false
}
