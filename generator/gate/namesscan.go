package gate

import "strings"

// What a name costs beside its characters, in quarters of a bit. The shares
// behind them are rough: about one word in two hundred of a petition is a
// name, four names in five have a given name of two characters.
const (
	namePrior   = 31
	givenOfTwo  = 1
	givenOfOne  = 9
	twoSurnames = 26 // those of both parents: 张王
	givenSame   = 44 // a word that is a usual given name too: 胜利
	givenWord   = 62 // any other word of two characters: 周到
	noGiven     = 1 << 10
	rareGiven   = 58 // a rare character that no given name in the list has
	openGiven   = 60 // a usual one, beside a sure sign
)

// The gains, in quarters of a bit, from which a free-standing name is doubtful
// and sure. They were set by reading what made-up and real petitions gave.
const (
	doubtfulGain = 16
	bothGain     = 6 // doubtful, where words on either side speak for it
	likelyGain   = 22
	shortGain    = 8   // for a name of two characters, beside a sure sign
	slotGain     = -60 // doubtful, in a place that is there for a name: 我叫白雪，
)

// person is a name that was found. first and last are glyphs.
type person struct {
	first, last int32
	gain        int  // how much better the text reads with a name here
	sure        bool // a sign beside it says that it is a name
	title       bool // a title of office stands beside it
	both        bool // words on either side speak for it
	unusual     bool // nobody in the lists has it, and only 我是 speaks for it
	slot        bool // it fills a place that is there for a name, though it is a word too
	confidence  int
	detector    string
}

// nameState is what a scan keeps for the detector of names.
type nameState struct {
	// known are names that other fields of the same case surely hold, as
	// personNames returns them. They are looked for literally.
	known [][]uint16

	han     []uint16 // simplified Han character of each glyph, or 0
	persons []person
	owner   []int32 // one more than the person at each glyph, or 0

	joined     []glyph  // the text without the marks between single characters
	joinedHan  []uint16 // the same for han
	joinedFrom []int32  // where each stood
}

// people looks for names of natural persons.
func (s *scan) people() {
	if !s.names.ok {
		return // every text is held, see names.ok
	}
	s.work.spend(len(s.glyphs))
	s.simplify()
	s.persons = s.persons[:0]
	for i := range s.glyphs {
		switch r := s.han[i]; {
		case r != 0:
			if r == '姓' {
				s.toldSurname(i)
			}
			c := &s.names.chars[r-hanFirst]
			if c.flags&opensToken != 0 {
				s.otherName(i)
			}
			if c.surname != 0 || c.flags&opensCompound != 0 {
				s.nameAt(i)
			}
		case s.glyphs[i].class == letter || s.glyphs[i].class == alike:
			before := len(s.persons)
			s.latinName(i)
			if len(s.persons) == before {
				s.englishName(i)
				s.scriptName(i)
			}
		case s.glyphs[i].end-s.glyphs[i].start > 1 && s.glyphs[i].class <= letter:
			s.scriptName(i)
		case isNameDot(s.glyphs[i].r):
			s.dottedName(i)
		}
	}
	s.own()
	s.apart()
	s.closing()
	s.rolls()
	s.neighbours()
	s.again()
	for _, p := range s.persons {
		if p.confidence == 0 {
			continue
		}
		s.hits = append(s.hits, hit{
			typ: Person, first: p.first, last: p.last, norm: s.nameText(p.first, p.last),
			confidence: p.confidence, detector: p.by(),
		})
	}
}

// titledName is the detector of names beside a title of office. Where the
// register of a unit lists the name, such a one may pass.
const titledName = "name-titled@1"

// titled reports whether a person was found beside a title of office.
func (h *hit) titled() bool { return h.typ == Person && h.detector == titledName }

// by returns the detector that found p.
func (p *person) by() string {
	if p.title {
		return titledName
	}
	return p.detector
}

// simplify notes the simplified Han character of each glyph.
func (s *scan) simplify() {
	s.han = s.han[:0]
	for i := range s.glyphs {
		r := s.glyphs[i].r
		if r >= hanFirst && r <= hanLast {
			r = s.names.chars[r-hanFirst].simple
		} else {
			r = 0
		}
		s.han = append(s.han, r)
	}
}

// nameText returns the name at the glyphs in its normal form: simplified
// characters and no blanks.
func (s *scan) nameText(first, last int32) string {
	var b strings.Builder
	for i := first; i < last; i++ {
		switch {
		case s.han[i] != 0:
			b.WriteRune(rune(s.han[i]))
		case s.glyphs[i].r != ' ' && s.glyphs[i].r != '\n':
			b.WriteRune(rune(s.glyphs[i].r))
		}
	}
	return b.String()
}

// key returns the key of the n glyphs at i, which are Han characters.
func (s *scan) key(i, n int) (key uint64) {
	for _, r := range s.han[i : i+n] {
		key = key<<16 | uint64(r)
	}
	return key
}

// hanFrom returns how many Han characters stand at i, at most most.
func (s *scan) hanFrom(i, most int) (n int) {
	for n < most && i+n < len(s.han) && s.han[i+n] != 0 {
		n++
	}
	return n
}

// hanBefore returns how many Han characters stand before i, at most most.
func (s *scan) hanBefore(i, most int) (n int) {
	for n < most && i > n && s.han[i-n-1] != 0 {
		n++
	}
	return n
}

// nameAt looks for a name whose surname begins at glyph i and notes the best.
func (s *scan) nameAt(i int) {
	if best, ok := s.bestName(i, 0); ok {
		s.keep(best)
	}
}

// longestName is the most characters a Han name has: a surname of three and two more.
const longestName = 5

// bestName returns the name at i for which the gain is greatest. extra is what
// the caller knows in its favour.
func (s *scan) bestName(i, extra int) (best person, ok bool) {
	n := s.hanFrom(i, longestName)
	if n < 2 || s.surnameAlone(i, n) {
		return best, false
	}
	best.gain = -1 << 20
	var left clue
	leftRead := false
	for size := 2; size <= n; size++ {
		cost := s.names.cost(s.han[i : i+size])
		open, self := cost == 0, false
		if open {
			if cost = s.openCost(i, size); cost == 0 {
				continue
			}
			if !leftRead && s.mayAnnounce(i) {
				left, leftRead = s.clueBefore(i), true
			}
			self = s.saysWho(i, i+size)
			if !left.sure && extra < sureExtra && !s.mayTell(i+size) && !self || s.openWord(i, size) {
				continue
			}
		}
		// What stands around it can only make the gain smaller than this bound.
		bound := s.segment(i, i+size) - cost + extra + mostBehind
		if !leftRead {
			if bound+mostBefore < 0 {
				continue
			}
			left, leftRead = s.clueBefore(i), true
		}
		if bound+left.bits < 0 {
			continue
		}
		p := person{first: int32(i), last: int32(i + size), gain: extra + s.gain(i, i+size, cost)}
		p.unusual = self
		if s.weigh(&p, left, extra) && (!open || p.sure || self) && (p.gain >= best.gain || s.longer(&p, &best)) {
			best = p
		}
	}
	best.confidence = best.believe()
	return best, best.confidence > 0
}

// leftOver is how much less may speak for a name of three characters than for its
// first two where the third would be left over.
const leftOver = 28

// longer reports whether p, one character longer than best, is the name, because
// the character that best leaves over says nothing by itself: 李金和， is no 李金 and
// somebody, and 梅春和通报 is no 梅春 and a verb.
func (s *scan) longer(p, best *person) bool {
	if p.last != best.last+1 || best.last-best.first != 2 || p.gain < best.gain-leftOver || p.gain < 0 {
		return false
	}
	j := int(p.last)
	if j >= len(s.han) || s.han[j] == 0 {
		return !endsClause(s.han[j-1])
	}
	if s.han[j-1] != '和' {
		return false
	}
	if s.hanFrom(j, 2) < 2 {
		return true
	}
	if c := &s.names.chars[s.han[j]-hanFirst]; c.surname != 0 && c.surname < rareSurnameCost {
		if q := s.names.cost(s.han[j:min(j+3, j+s.hanFrom(j, 3))]); q != 0 && !s.isWord(j) {
			return false // and another one
		}
	}
	h, size := s.hintBehind(j)
	return size >= 2 && (h.kind == leaning || h.kind == telling) && !s.classPerson(j)
}

// rareSurnameCost is the cost of a surname that so few bear that it counts for
// nothing between words.
const rareSurnameCost = 44

// classPerson reports whether a word for a person stands at glyph i.
func (s *scan) classPerson(i int) bool {
	h, ok := s.hintBefore(i + 2)
	return ok && (h.kind == telling || h.kind == office)
}

// endsClause reports whether r may stand alone between a name and the end of a
// clause.
func endsClause(r uint16) bool {
	switch r {
	case '的', '说', '称', '问', '答', '等', '户', '家', '男', '女', '处', '收', '了', '吗', '呢', '吧', '啊', '啦', '系', '是', '为', '号', '岁', '某', '人', '在', '到', '以', '已', '书', '启', '呈', '述', '曰', '印':
		return true
	}
	return false
}

// weigh adds to p what stands beside it. It reports whether p can be a name.
func (s *scan) weigh(p *person, left clue, extra int) bool {
	i, size := int(p.first), int(p.last-p.first)
	right := s.clueBehind(i + size)
	p.sure = left.sure || right.sure || extra >= sureExtra
	p.title = left.title || right.title
	p.both = left.word && right.word
	p.slot = s.ends(i+size) && !s.classPerson(i) && (left.slot || right.slot && (left.sure || s.opens(i)))
	switch last := s.han[i+size-1]; {
	case s.titleWithin(i, size):
		return false
	case size == 3 && !right.sure && s.ruler(i),
		size == 3 && left.title && s.han[i-1] == '长' && s.isWord(i-1) && s.wordy(i, size):
		return false // 水利部长江水利委员会
	case size == 3 && last == '和' && left.title && right.title && s.names.cost(s.han[i:i+2]) != 0:
		return false // 局长梅春和副局长
	case size == 2 && last == '家' && (i+size >= len(s.han) || !left.sure || s.han[i+size] != 0):
		return false // 王家同志
	case size == 3 && last == '家' && !right.sure && i+size < len(s.han) && s.han[i+size] != 0 && s.names.cost(s.han[i:i+2]) != 0:
		return false // 王井家搬迁
	case size == 2 && !right.sure && (last == '向' || last == '从' || last == '于') && s.hanFrom(i+size, 2) == 2 && s.isWord(i+size):
		return false // 郭向工作人员
	case size == 3 && right.sure && !left.sure && extra < sureExtra && i > 0 && s.han[i-1] != 0 && i+size < len(s.han) && s.han[i+size] != 0 && s.wordy(i, size):
		return false // 并曾刊文先生
	case size == 2 && !p.sure && s.hanFrom(i, 3) == 3 && s.ruler(i):
		return false // 宋徵宗
	case size == 3 && isDynasty(s.han[i]) && s.reignYear(i+size):
		return false // 宋绍兴三十年
	case size == 3 && isPlaceEnd(s.han[i+1]) && s.glyphs[i+2].class == hanDigit && i+size < len(s.han) && countsPeople(s.han[i+size]):
		return false // 陈庄三家砖厂
	case size == 2 && last == '国' && !p.sure:
		return false // 邓国
	case i > 0 && s.han[i-1] == '是' && (s.han[i+size-1] == '人' || i+size < len(s.han) && s.han[i+size] == '人'):
		return false // 奶奶是某地人
	case size == 3 && s.han[i+1] == '家' && isPlaceEnd(s.han[i+2]) && !left.sure && !(right.sure && left.bits > 0):
		return false // 韩家洼
	case s.sideBehind(i + size):
		return false // 打谷苑北门
	case left.sure:
	case right.part || isDistrict(last) || s.placeWithin(i, size):
		return false
	case size == 2 && right.sure && left.bits == 0 && isPreposition(s.han[i]):
		return false // 冲向唐女士
	case (!p.sure || p.gain < 0 && i > 0 && s.han[i-1] != 0) && s.wordy(i, size):
		return false // 安居苑接待来访
	}
	p.gain += left.bits + right.bits
	if !p.sure && left.bits <= 0 && right.bits <= 0 {
		p.gain -= bareNeed
	}
	if isPlaceEnd(s.han[i+size-1]) {
		p.gain -= pick(p.sure || p.both, placePenalty/2, placePenalty)
	}
	p.detector = pick(p.sure, "name-beside@1", "name@1")
	return true
}

// opens reports whether a clause begins at glyph i, and ends whether one ends before it.
func (s *scan) opens(i int) bool { return i == 0 || s.han[i-1] == 0 && s.glyphs[i-1].class != letter }

func (s *scan) ends(j int) bool {
	return j >= len(s.han) || s.han[j] == 0 && s.glyphs[j].class != letter
}

// believe returns the confidence of a name by its gain.
func (p *person) believe() int {
	switch {
	case p.sure && (p.gain >= shortGain || p.gain >= 0 && p.last-p.first > 2):
		return min(95, 80+p.gain/8)
	case p.slot && p.gain >= slotGain:
		return 45
	case p.unusual:
		return pick(p.gain >= bothGain, 45, 0)
	case p.gain >= likelyGain:
		return min(75, 62+(p.gain-likelyGain)/8)
	case p.gain >= doubtfulGain, p.both && p.gain >= bothGain:
		return 45
	}
	return 0
}

// cost returns what the characters cost as a name, and 0 where they are none.
func (n *names) cost(text []uint16) int { return n.costOf(text, false) }

// costOf is cost; where open is set, given names may have characters that no name
// in the list has, unless grammar needs them.
func (n *names) costOf(text []uint16, open bool) (cost int) {
	first := &n.chars[text[0]-hanFirst]
	for surname := 1; surname < len(text) && surname <= 3; surname++ {
		c := 0
		switch {
		case surname == 1:
			c = int(first.surname)
		case first.flags&opensCompound != 0:
			key := uint64(0)
			for _, r := range text[:surname] {
				key = key<<16 | uint64(r)
			}
			c = int(n.compound[key])
		}
		if surname == 2 && c == 0 && len(text) == 4 && first.surname != 0 {
			if second := n.chars[text[1]-hanFirst].surname; second != 0 {
				c = int(first.surname) + int(second) + twoSurnames
			}
		}
		if c == 0 {
			continue
		}
		a := &n.chars[text[surname]-hanFirst]
		switch len(text) - surname {
		case 1:
			alone := max(int(a.alone), a.rare(open))
			if alone == 0 {
				continue
			}
			c += givenOfOne + alone
		case 2:
			b := &n.chars[text[surname+1]-hanFirst]
			x, y := max(int(a.first), a.rare(open)), max(int(b.last), b.rare(open))
			given := givenOfTwo + x + y
			if x == 0 || y == 0 {
				given = noGiven
			}
			if pair := uint64(text[surname])<<16 | uint64(text[surname+1]); given > givenSame && n.tokens[pair] == namesake {
				given = givenSame
			} else if given > givenWord && first.word >= rareSurname && a.word >= plainWord && text[surname] != '某' && n.words.get(pair).cost != noWord {
				given = givenWord
			}
			if given >= noGiven {
				continue
			}
			c += given
		default:
			continue
		}
		if c += namePrior; cost == 0 || c < cost {
			cost = c
		}
	}
	return cost
}

// rare returns the cost in a given name of a character that is rare in names and
// elsewhere, as 赟 is, and 0 for one that is usual in either. Where open is set, one
// that is usual elsewhere has a cost too, as 占 has, unless it is of grammar.
func (c *nameChar) rare(open bool) int {
	switch {
	case c.first != 0:
	case c.word >= rareWord:
		return rareGiven
	case open && c.word >= plainWord && c.flags&neverGiven == 0:
		return openGiven
	}
	return 0
}

// rareSurname is the cost as a word of its own from which a surname is hardly
// ever anything else.
const rareSurname = 56

// plainWord is the cost as a word of its own below which a character is one of
// grammar, such as 已, and begins no given name.
const plainWord = 44

// rareWord is the cost as a word of its own from which a character is rare.
const rareWord = 76

// nameReach is how many characters around a name are read with it.
const nameReach = 4

// gain returns how much less the text around the glyphs from i to j costs when
// they are a name that costs cost.
func (s *scan) gain(i, j, cost int) int {
	from, to := i-s.hanBefore(i, nameReach), j+s.hanFrom(j, nameReach)
	return s.segment(from, to) - s.segment(from, i) - cost - s.segment(j, to)
}

// maxSegment is the length of the longest text that is cut into words at once.
const maxSegment = longestName + 2*nameReach

// segment returns what the Han characters from i to j cost when they are cut
// into words in the cheapest way.
func (s *scan) segment(i, j int) int {
	if i >= j {
		return 0
	}
	var least [maxSegment + maxWord + 1]int32
	n := j - i
	for k := 1; k <= n; k++ {
		least[k] = 1 << 30
	}
	for k := range n {
		at := least[k]
		first := s.han[i+k]
		if c := at + int32(s.names.chars[first-hanFirst].word); c < least[k+1] {
			least[k+1] = c
		}
		key := uint64(first)
		for size := 2; size <= maxWord && k+size <= n; size++ {
			key = key<<16 | uint64(s.han[i+k+size-1])
			v := s.names.words.get(key)
			if v.cost != noWord {
				if c := at + int32(v.cost); c < least[k+size] {
					least[k+size] = c
				}
			}
			if !v.longer {
				break
			}
		}
	}
	return int(least[n])
}

// keep notes a person. Of two that overlap the one with the greater gain stays.
func (s *scan) keep(p person) {
	for n := len(s.persons) - 1; n >= 0 && s.persons[n].last > p.first; n-- {
		if old := &s.persons[n]; old.first < p.last {
			if p.better(old) {
				s.persons = append(s.persons[:n], s.persons[n+1:]...)
				continue
			}
			return
		}
	}
	s.persons = append(s.persons, p)
}

// better reports whether p should stand where both cannot.
func (p *person) better(old *person) bool {
	if p.sure != old.sure {
		return p.sure
	}
	return p.gain > old.gain
}
