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
		least := rollLeast
		if n := len(roll); n == 2 && s.both(int(roll[1].p.last)) {
			least = 2 // 赖水生、钟观妹两户
		}
		if len(roll) >= least && strong >= max(rollStrong, (len(roll)+1)/2) {
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
		n := i
		for n < len(s.han) && s.han[n] != 0 {
			n++
		}
		n -= i
		if len(roll) > 0 && !s.rollGap(end, i) || len(roll) == rollMost {
			flush()
		}
		take := func(item rollItem) {
			if item.strong {
				strong++
			}
			roll = append(roll, item)
			end = int(item.p.last)
		}
		if item, ok := s.rollItem(i, n); ok && !s.dotted(i, i+n) {
			take(item)
		} else if s.dotted(i, i+n) {
			flush()
		} else {
			if item, ok := s.rollLast(i, n); ok && len(roll) > 0 {
				take(item)
			}
			flush()
			if item, ok := s.rollFirst(i, n); ok {
				take(item)
			}
		}
		i += n
	}
	flush()
}

// dotted reports whether the Han characters between the glyphs are a part of a name with
// dots: 玉山江·米吉提.
func (s *scan) dotted(i, j int) bool {
	return i > 1 && isNameDot(s.glyphs[i-1].r) && s.han[i-2] != 0 || j+1 < len(s.han) && isNameDot(s.glyphs[j].r) && s.han[j+1] != 0
}

// both reports whether at glyph j it is said that there were two: 两户, 二人.
func (s *scan) both(j int) bool {
	return s.hanFrom(j, 2) == 2 && (s.han[j] == '两' || s.han[j] == '俩' || s.han[j] == '二') && countsPeople(s.han[j+1])
}

// countsPeople reports whether r counts people or households.
func countsPeople(r uint16) bool { return r == '户' || r == '人' || r == '家' || r == '名' }

// rollFirst reads the first name of a roll at the end of the n Han characters at glyph i,
// where the sentence that leads to it stands before: 涉及的赖水生、钟观妹.
func (s *scan) rollFirst(i, n int) (item rollItem, ok bool) {
	if j := i + n; j >= len(s.han) || s.glyphs[j].r != '、' {
		return item, false
	}
	for size := 3; size > 1; size-- {
		if n > size {
			if item, ok = s.rollItem(i+n-size, size); ok {
				return item, true
			}
		}
	}
	return item, false
}

// rollLast reads the last name of a roll at the begin of the n Han characters at glyph i,
// where the sentence goes on behind the number of them: 曾火土三户已签.
func (s *scan) rollLast(i, n int) (item rollItem, ok bool) {
	for size := min(n-1, longestName); size > 3; size-- {
		if j := i + size; countsPeople(s.han[j-1]) || s.han[j-1] == '等' {
			if item, ok = s.rollItem(i, size); ok {
				return item, true
			}
		}
	}
	return item, false
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
	if item, ok = s.rollOther(i, n); ok {
		return item, true
	}
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

// rollOther reads a name of another language, of which one part will do in a roll: 宝音.
func (s *scan) rollOther(i, n int) (item rollItem, ok bool) {
	if n < 2 || n > longestOther || s.names.chars[s.han[i]-hanFirst].flags&opensToken == 0 {
		return item, false
	}
	size := 0
	for h := s.halfAt(i, n); h > 0; h = s.halfAt(i+size, n-size) {
		size += h
	}
	if size == 0 || !s.rollEnd(i+size, i+n) {
		return item, false
	}
	return rollItem{p: person{first: int32(i), last: int32(i + size)}, strong: true}, true
}

// rollEnd reports whether nothing stands between the glyphs but a word for how many:
// 户, 等, 两户.
func (s *scan) rollEnd(from, to int) bool {
	if from == to {
		return true
	}
	if s.glyphs[from-1].class == hanDigit {
		return false // 陈庄三家砖厂
	}
	switch last := s.han[to-1]; last {
	case '户', '等', '人', '家', '名':
		return to-from == 1 || to-from == 2 && (s.glyphs[from].class == hanDigit || s.han[from] == '两' || s.han[from] == '俩')
	}
	return false
}
