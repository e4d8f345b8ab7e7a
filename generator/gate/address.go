package gate

import "slices"

// An address is cut below the street office or township. What is looked for is
// detail that leads to a household or to a person's door: building, entrance,
// floor and room, a group of a village, a house number. The names of roads,
// housing estates and villages alone are nobody's: a citizen writes about her
// street lamp.
//
// The detector looks only where a number stands before a word such as 号 or 栋
// or behind the name of an estate. From there it reads the details one after
// another (addressparts.go), walks back to where the name begins
// (addressname.go), and looks at the words around (addresswords.go) to tell a
// household from an office.

// places are the lists behind the detector of addresses.
type places struct {
	flags  [1 << 16]placeFlag // what a character may open or end
	simple [1 << 16]uint16    // the simplified form of a traditional character, 0 for others

	units                                     wordSet // forwards: 号, 栋, 单元 and the like
	lines, notHouse, notGroup, counted, dates wordSet // forwards: what may not follow a detail
	days                                      wordSet // backwards: what may not stand before one
	kept, links, residents                    wordSet // forwards
	estates, loose, roads, villages, towers   wordSet // backwards: what the name of a place ends with
	publics, levels, stops                    wordSet // backwards
	persons, offices, sites, bodies           wordSet // forwards, anywhere near
	services                                  wordSet // forwards, just behind
	tops                                      wordSet // forwards: 顶楼
	plates                                    wordSet // backwards: 门牌
	dorms                                     wordSet // backwards
	homes, homeCounts                         wordSet // forwards: 家住, and what counts behind it
	hamlets                                   wordSet // backwards
	birth                                     birthWords
}

// placeFlag says in which lists a character opens or ends a word.
type placeFlag uint32

const (
	openFlag placeFlag = 1 << iota // opens a detail without a digit: 第, 附, 甲
	unitFlag
	estateFlag
	looseFlag
	roadFlag
	villageFlag
	towerFlag
	publicFlag
	levelFlag
	stopFlag
	personFlag
	officeFlag
	siteFlag
	serviceFlag
	bodyFlag
	keptFlag
	linkFlag
	residentFlag
	dormFlag
	numberFlag
	notHouseFlag
	notGroupFlag
	countedFlag
	dayFlag
	plateFlag
	topFlag
	dateFlag
	birthFlag
	homeFlag
	hamletFlag
)

// wordSet is a list of words, to be looked up by their first character or, read
// backwards, by their last.
type wordSet struct {
	flag  placeFlag
	words map[uint16][]placeWord // longest first
}

// placeWord is a word in folded characters.
type placeWord struct {
	runes []uint16
	kind  detailKind // of a unit
	no    bool       // the word only looks like one of the list
}

// addressSteps is what it costs at most to look at one place where an address
// may be, in characters looked at.
const addressSteps = 192

// addresses looks for addresses below the level of a street office or township,
// and for days of birth.
func (s *scan) addresses() {
	s.plainPlaces()
	s.houses(nil)
	s.undressed()
	s.homes()
	s.englishAddresses()
	s.births()
}

// plainPlaces writes the glyphs as the lists of addresses have them.
func (s *scan) plainPlaces() {
	for i, done := 0, 0; i < len(s.glyphs); i++ {
		g := &s.glyphs[i]
		if r := s.places.simple[g.r]; r != 0 {
			g.r = r // the lists are in simplified characters
		}
		if i > 0 && s.glyphs[i-1].class == hanDigit {
			switch g.r {
			case '拾':
				g.r = '十' // 壹拾贰号
			case '佰':
				g.r = '百'
			}
		}
		if g.class == sep && i > done && (placeDash(g.r) || g.r == '.') {
			done = s.closeUp(i)
		}
	}
}

// houses looks for addresses. joined, where it is given, tells of each glyph
// whether the border of a cell stands before it: what reaches over such a border
// must lead to a room, since tables also count buildings.
func (s *scan) houses(joined []bool) {
	var store [maxDetails]detail // of the address at hand
	var a address
	floor := 0 // no name reaches back behind the address before
	for i, n := 0, len(s.glyphs); i < n; {
		g := &s.glyphs[i]
		if g.class != digit && g.class != hanDigit && g.class != letter && s.places.flags[g.r]&openFlag == 0 {
			i++
			continue
		}
		if i > 0 && placeDigit(&s.glyphs[i-1]) {
			i++ // within a longer number
			continue
		}
		a.details = store[:0]
		if !s.place(i, &a) {
			i++
			continue
		}
		s.work.spend(addressSteps * (1 + len(a.details)))
		a.floor = floor
		if confidence := s.judgePlace(&a); confidence > 0 && (joined == nil || s.leadsToRoom(&a) || !slices.Contains(joined[a.start+1:a.end], true)) {
			s.hits = append(s.hits, hit{
				typ: Address, first: int32(a.start), last: int32(a.end),
				norm: placeForm(s.glyphs[a.start:a.end]), confidence: confidence, detector: "address@1",
			})
			floor = a.end
		}
		i = a.end
	}
}

// leadsToRoom reports whether an address goes down to a room. The last cell of
// 12栋 | 36单元 | 1200户 counts.
func (s *scan) leadsToRoom(a *address) bool {
	return a.has[atBare] || a.has[atChain] || a.has[atRoom] && s.glyphs[a.end-1].r != '户'
}

// maxDress is how many marks may stand together between two parts of an address.
const maxDress = 6

// undressed looks once more through text with marks in it that set off words,
// such as 【3栋】, **3**栋 and | 3栋 | 501 |, without these marks.
func (s *scan) undressed() {
	var bare []glyph
	var at []int32
	var joined []bool
	for i := 0; i < len(s.glyphs); {
		n, cells := s.dress(i)
		if n == 0 {
			if bare != nil {
				bare, at, joined = append(bare, s.glyphs[i]), append(at, int32(i)), append(joined, false)
			}
			i++
			continue
		}
		if bare == nil {
			bare = append(make([]glyph, 0, len(s.glyphs)), s.glyphs[:i]...)
			for k := range i {
				at = append(at, int32(k))
			}
			joined = make([]bool, i, len(s.glyphs))
		}
		if cells {
			blank := s.glyphs[i]
			blank.r, blank.class = ' ', sep
			bare, at, joined = append(bare, blank), append(at, int32(i)), append(joined, true)
		}
		i += n
	}
	if bare == nil {
		return
	}
	s.work.spend(4 * len(s.glyphs))
	glyphs, hits := s.glyphs, s.hits
	s.glyphs, s.hits = bare, nil
	s.houses(joined)
	for _, h := range s.hits {
		h.first, h.last = at[h.first], at[h.last-1]+1
		hits = append(hits, h)
	}
	s.glyphs, s.hits = glyphs, hits
}

// dress returns how many glyphs at i are marks that set off words, and whether
// the border of a cell is among them. The mask of an earlier gate is none.
func (s *scan) dress(i int) (n int, cells bool) {
	stars, marks := 0, 0
	for n <= maxDress && i+n < len(s.glyphs) {
		switch r := s.glyphs[i+n].r; r {
		case '*':
			if stars++; stars > 4 || stars == 3 && n == 2 && (i+3 == len(s.glyphs) || s.glyphs[i+3].r != '*') {
				return 0, false
			}
			marks++
		case '【', '】', '[', ']', '「', '」', '『', '』', '`', '"', '“', '”', '<', '>', '《', '》':
			marks++
		case '|':
			marks++
			cells = true
		case ' ':
			if n == 0 && (i+1 >= len(s.glyphs) || s.glyphs[i+1].r != '|') {
				return 0, false
			}
		default:
			if marks == 0 {
				return 0, false
			}
			return n, cells
		}
		n++
	}
	if marks == 0 || n > maxDress {
		return 0, false
	}
	return n, cells
}

// closeUp makes white space of the marks in 光-明-路1-2-号, where one stands between
// all characters but two at most, and the first of them at i. It returns where
// such a run ends.
func (s *scan) closeUp(i int) int {
	gs, mark := s.glyphs, s.glyphs[i].r
	open := func(k int) bool { return k < len(gs) && gs[k].class != sep && gs[k].class != weak }
	han, marks, gaps, j := 0, 0, 0, i
	for open(j-1) && open(j+1) || marks > 0 {
		switch {
		case j < len(gs) && gs[j].r == mark && open(j+1):
			if marks++; isHan(&gs[j-1]) {
				han++
			}
			j += 2
			continue
		case gaps < 1 && open(j) && j+1 < len(gs) && gs[j+1].r == mark:
			gaps++
			j++
			continue
		}
		break
	}
	if marks >= 4 && han >= 2 {
		for k := i; k < j; k++ {
			if gs[k].r == mark {
				gs[k].r = ' '
			}
		}
	}
	return max(i, j)
}

// placeForm returns the normal form of an address: folded, digits in ASCII
// however they are written, letters in upper case, without spaces and marks.
func placeForm(gs []glyph) string {
	b := make([]rune, 0, len(gs))
	for i := range gs {
		switch g := &gs[i]; g.class {
		case digit, hanDigit:
			b = append(b, rune('0'+g.digit))
		case letter:
			b = append(b, rune(g.r&^0x20))
		case alike:
			if g.r == 'l' {
				b = append(b, '1')
			} else {
				b = append(b, '0')
			}
		case sep:
			if placeDash(g.r) {
				b = append(b, '-')
			} else if g.r == '#' {
				b = append(b, '#')
			}
		case word, province:
			b = append(b, rune(g.r))
		}
	}
	return string(b)
}

// placeOf returns the normal form of an address as somebody writes it.
func (t *folds) placeOf(address string) string { return placeForm(t.view(nil, address)) }

// withinPlace reports whether the address found, in its normal form, is own or a
// room within it. own is the normal form of a unit's address, with or without
// the levels above the road.
func withinPlace(found, own string) bool {
	f, o := []rune(found), []rune(own)
	for i := range o { // the part of own that the finding begins with
		rest := o[i:]
		n := min(len(rest), len(f))
		if n < minOwn || string(rest[:n]) != string(f[:n]) {
			continue
		}
		if n == len(f) {
			// Found is a part of own, to the end of one of its numbers.
			return n == len(rest) || !numberRune(rest[n]) || !numberRune(f[n-1])
		}
		return !numberRune(f[n]) || !numberRune(f[n-1]) // a room in it, not another house
	}
	return false
}

// minOwn is the length of the shortest address that a unit may call its own: 平路1号.
const minOwn = 4

// numberRune reports whether r belongs to a number in its normal form.
func numberRune(r rune) bool { return r >= '0' && r <= '9' }
