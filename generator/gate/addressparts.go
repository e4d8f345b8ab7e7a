package gate

import "strings"

// detailKind is a level of detail of an address.
type detailKind uint8

const (
	noDetail   detailKind = iota
	atHouse               // 12号, 附3号, 12号院, 123弄
	atBuilding            // 3栋, 12号楼, 12#, A座
	atEntrance            // 2单元, 3门
	atFloor               // 5楼, 5层
	atRoom                // 501室, 12号房, 东户
	atGroup               // 3组, 5队, 2社
	atChain               // 3-2-501, 5-1203
	atBare                // 501 behind one of the others
	detailKinds
)

// detail is one number with its unit.
type detail struct {
	kind        detailKind
	first, last int  // glyphs
	digits      int  // of its number, or of the last number of a chain
	parts       int  // numbers in a chain
	one         bool // 一 or 两 alone, which more often counts
	firstOf     int  // first number of a chain
	secondOf    int  // second number of a chain
	roomOf      int  // last number of a chain
	han         bool // its number is written in Chinese numerals
}

// address is a series of details with the names between and before them.
type address struct {
	floor      int // glyph before which nothing belongs to it
	start, end int // glyphs; start is set by the walk back
	details    []detail
	base       baseKind
	generic    bool // the place is not named: 本小区, 我村
	public     bool // the name of a public body stands between the details
	has        [detailKinds]bool
}

// The bounds of an address.
const (
	maxDetails = 8  // details of one address
	maxGapName = 14 // characters of a name between two details
)

// placeDash reports whether r may join the numbers of an address.
func placeDash(r uint16) bool {
	switch r {
	case '-', '—', '–', '‐', '‑', '−', '―', '_':
		return true
	}
	return false
}

// placeBlank reports whether r is white space, or an asterisk that emphasises.
func placeBlank(r uint16) bool { return r == ' ' || r == '\n' || r == '*' }

// skipBlanks returns the first place at or behind i, at most two further, that
// is no white space.
func (s *scan) skipBlanks(i int) int {
	for range 2 {
		if i < len(s.glyphs) && placeBlank(s.glyphs[i].r) {
			i++
		}
	}
	return i
}

// detailAt reads one detail at i. before is the kind of the detail just before
// it, or noDetail.
func (s *scan) detailAt(i int, before detailKind) (d detail, ok bool) {
	gs, p := s.glyphs, s.places
	if i >= len(gs) {
		return d, false
	}
	d.first = i
	inner := within(before)
	j := i
	switch r := gs[i].r; {
	case r == '第' || r == '附':
		j = s.skipBlanks(i + 1)
	case r == '自' && i+1 < len(gs) && gs[i+1].r == '编' && before != noDetail:
		j = s.skipBlanks(i + 2) // 12号自编3号
	case r == '负' && before != noDetail:
		j = i + 1
	case (inner || before == atHouse) && p.flags[r]&topFlag != 0 && s.startsWord(&p.tops, i):
		_, n := s.placeWordAt(&p.tops, i)
		d.kind, d.last = atFloor, i+n
		return d, true
	case inner && isSide(r) && i+1 < len(gs) && gs[i+1].class == digit:
		j = i + 1 // 12栋东301
	case isStem(r) && i+1 < len(gs) && placeDigit(&gs[i+1]):
	case isStem(r) && inner && i+2 < len(gs) && placeDash(gs[i+1].r) && placeDigit(&gs[i+2]):
		j = i + 2 // 甲-301
	case isSide(r):
		if !isStem(r) && !inner {
			return d, false
		}
		n, kind := p.unitAt(s, s.skipBlanks(i+1))
		switch {
		case n == 0 && (before == atFloor || before == atEntrance) && s.sideEnds(i+1):
			d.kind, d.last, d.digits = atBare, i+1, 1 // 5楼左, 5楼左手边
			for d.last < len(gs) && d.last < i+3 && (gs[d.last].r == '侧' || gs[d.last].r == '手' || gs[d.last].r == '边') {
				d.last++
			}
			return d, true
		case n == 0:
			return d, false
		case gs[s.skipBlanks(i+1)].r == '户' && inner:
			kind = atRoom
		case kind != atEntrance && kind != atBuilding && kind != atRoom:
			return d, false
		}
		d.kind, d.last, d.digits = kind, s.skipBlanks(i+1)+n, 1
		return d, true
	}
	n, ok := s.numberAt(j)
	if !ok {
		return d, false
	}
	d.digits, d.one = n.digits, n.digits == 1 && n.han && n.value <= 2 && gs[i].r != '第'
	d.firstOf, d.han = n.value, n.han
	j = n.end
	k := s.skipBlanks(j)
	if k < len(gs) && gs[k].r == '#' && !n.only && !s.startsWord(&p.lines, k+1) {
		// 12#, 12#楼
		d.kind, d.last, d.one = atBuilding, k+1, false
		if m := s.skipBlanks(k + 1); m < len(gs) && (gs[m].r == '楼' || gs[m].r == '栋' || gs[m].r == '幢') {
			d.last = m + 1
		}
		return d, true
	}
	if w, kind := s.unitOf(k, n.digits); w > 0 && s.unitFits(i, k, w, kind, n, before) {
		d.kind, d.last = s.unitKind(k, kind, before), k+w
		d.one = d.one && gs[k].r != '号'
		if d.kind == atHouse {
			d.last = s.houseTail(d.last)
		}
		return d, true
	}
	if end := s.groupList(k, n); end > 0 && before == noDetail {
		d.kind, d.last, d.one = atGroup, end, false
		return d, true
	}
	if gs[i].r == '第' || gs[i].r == '附' {
		return d, false
	}
	if parts := s.chainAt(&d, n); parts > 1 {
		return d, true
	}
	if before == noDetail && n.letter && gs[i].class == letter && n.digits >= 3 && n.digits <= 4 && !n.han && !(k < len(gs) && s.quantity(k, n.digits)) {
		base, _ := s.baseOf(i)
		d.kind, d.last, d.parts, d.firstOf, d.roomOf = atChain, n.end, 2, 1, n.value // A1203
		return d, base == estateBase || base == dormBase || base == looseBase
	}
	if before == noDetail && i > 0 && p.flags[gs[i-1].r]&dormFlag != 0 && n.digits >= 3 && n.digits <= 4 && !n.only && s.endsWord(&p.dorms, i) > 0 &&
		!(k < len(gs) && s.quantity(k, n.digits)) {
		d.kind, d.last = atRoom, n.end // 翠湖公寓1203
		return d, true
	}
	if before == atHouse && n.digits >= 3 && n.digits <= 4 && !n.only && gs[i-1].r == '号' && !(k < len(gs) && s.quantity(k, n.digits)) {
		d.kind, d.last = atBare, n.end // 128号502
		return d, true
	}
	if n.only && (before == atFloor || (before == atRoom || before == atBare || before == atChain) && placeDash(gs[i-1].r)) && gs[i].class == letter {
		d.kind, d.last = atBare, n.end // 12层B
		return d, true
	}
	// A number that stands behind a building, an entrance or a floor.
	if !inner || before == atRoom || before == atBare || n.only || n.digits < 2 && before != atEntrance && before != atFloor {
		return d, false
	}
	if n.digits < 3 && before == atFloor && !s.floorEnd(i) || n.digits > 4 {
		return d, false
	}
	if k < len(gs) && s.quantity(k, n.digits) {
		return d, false
	}
	d.kind, d.last = atBare, n.end
	return d, true
}

// maxGroups is how many groups a list names at most.
const maxGroups = 8

// groupList returns the end of a list of groups whose first number n ends before
// k, such as 六、七组 and 第六、第七村民组, and 0 where none stands there.
func (s *scan) groupList(k int, n placeNumber) int {
	gs := s.glyphs
	for i := 0; i < maxGroups && k < len(gs) && (gs[k].r == '、' || gs[k].r == '和' || gs[k].r == '及'); i++ {
		j := s.skipBlanks(k + 1)
		if j < len(gs) && gs[j].r == '第' {
			j++
		}
		first := j
		next, ok := s.numberAt(j)
		if !ok || n.digits > 2 || next.digits > 2 || n.letter || next.letter || n.only || next.only {
			return 0
		}
		k, n = s.skipBlanks(next.end), next
		if w, kind := s.unitOf(k, n.digits); w > 0 {
			if kind == atGroup && s.unitFits(first, k, w, kind, n, noDetail) {
				return k + w
			}
			return 0
		}
	}
	return 0
}

// within reports whether what follows a detail of kind k is within a building.
func within(k detailKind) bool { return k >= atBuilding && k != atGroup }

// floorEnd reports whether the word of a floor ends just before i.
func (s *scan) floorEnd(i int) bool {
	i = s.backBlanks(i)
	return i > 0 && (s.glyphs[i-1].r == '层' || s.glyphs[i-1].r == '楼')
}

// unitKind returns what a unit means behind the detail before: 号 within a
// building is a room.
func (s *scan) unitKind(k int, kind, before detailKind) detailKind {
	if kind == atHouse && (before == atBuilding || before == atEntrance || before == atFloor) && s.glyphs[k].r != '弄' {
		return atRoom
	}
	return kind
}

// unitFits reports whether the unit of w glyphs at k may be one of an address
// behind the number n, which stands at i.
func (s *scan) unitFits(i, k, w int, kind detailKind, n placeNumber, before detailKind) bool {
	gs, p := s.glyphs, s.places
	inner := within(before)
	after := s.skipBlanks(k + w)
	switch {
	case n.only && kind != atBuilding && kind != atEntrance && !(kind == atRoom && inner):
		return false
	case n.only && gs[k].r == '楼':
		return false
	}
	switch gs[k].r {
	case '户':
		// 15栋1528户 counts; 2单元501户 does not.
		if before == atGroup {
			return n.digits <= 3 && !s.startsWord(&p.counted, after) // 三组第5户
		}
		if before == atBuilding && i > 0 && gs[i-1].r == '排' {
			return n.digits < 3 // 12排5户
		}
		return inner && (w > 1 || n.letter || before == atEntrance || before == atFloor || n.digits >= 3 && n.digits <= 4 && before != atBuilding) && !s.startsWord(&p.counted, after)
	case '门':
		// 3号楼2门501, 12号院3门, 2门501
		return w == 1 && (before == atBuilding || before == atEntrance && n.digits < 3 || before == atFloor && n.digits < 3 || before == atHouse && gs[i-1].r == '院' || s.roomBehind(after))
	case '楼', '层':
		if w == 1 && after < len(gs) && (gs[after].r == '道' || gs[after].r == '盘' || gs[after].r == '市') {
			return false
		}
		return n.digits < 3
	case '排':
		if after < len(gs) && strings.ContainsRune("放污水查队名版序涝气除挡练", rune(gs[after].r)) {
			return false
		}
		base, _ := s.baseOf(i)
		return !inner && base != noBase && base != publicBase && base != towerBase
	case '房', '间', '家', '床':
		if gs[i].r == '第' || gs[k].r == '床' {
			return inner || before != noDetail // 3组第2家, 301室2床
		}
		return n.digits >= 3 && gs[k].r != '家'
	case '座', '梯':
		return n.letter || n.digits < 3
	}
	switch kind {
	case atHouse:
		if s.startsWord(&p.lines, k+w) {
			return false // 3号线
		}
		if s.startsWord(&p.notHouse, k+w) {
			base, suffix := s.baseOf(i)
			return base == roadBase && suffix > 0 && s.glyphs[suffix-1].class != sep && s.glyphs[suffix-1].class != weak // 光明路66号机床厂
		}
		return true
	case atGroup:
		if r := gs[k].r; (r == '委' || r == '连') && (k+1 >= len(gs) || !placeDigit(&gs[s.skipBlanks(k+1)%len(gs)])) {
			return false // 七委五组, but not 三委
		}
		return n.digits < 3 && !s.startsWord(&p.notGroup, k+w)
	case atBuilding, atEntrance:
		return n.digits <= 3
	}
	return true
}

// roomBehind reports whether a number of three or four digits stands at i.
func (s *scan) roomBehind(i int) bool {
	n, ok := s.numberAt(i)
	return ok && !n.only && n.digits >= 3 && n.digits <= 4 && !(n.end < len(s.glyphs) && s.quantity(n.end, n.digits))
}

// houseTail returns the end of a house number that goes on: 12号之3, 12号附3号,
// 12号-3.
func (s *scan) houseTail(i int) int {
	gs := s.glyphs
	j := s.skipBlanks(i)
	if j < len(gs) && isStem(gs[j].r) && (j+1 == len(gs) || !strings.ContainsRune("方级等型类醇状流肝", rune(gs[j+1].r))) {
		return j + 1 // 12号甲
	}
	if j >= len(gs) || gs[j].r != '附' && gs[j].r != '之' && !placeDash(gs[j].r) {
		return i
	}
	n, ok := s.numberAt(s.skipBlanks(j + 1))
	if !ok || n.only {
		return i
	}
	if k := s.skipBlanks(n.end); k < len(gs) && placeDash(gs[j].r) && placeDash(gs[k].r) {
		return i // 128号-3-501 goes on with a chain
	} else if k < len(gs) && gs[k].r == '号' {
		return k + 1
	} else if k < len(gs) && s.places.flags[gs[k].r]&unitFlag != 0 {
		return i // the next detail
	}
	return n.end
}

// quantity reports whether what stands at k makes the number of n digits before
// it a quantity, a date or a name.
func (s *scan) quantity(k, n int) bool {
	switch s.glyphs[k].r {
	case '年', '元', '万', '亿', '千', '米', '平', '亩', '个', '人', '名', '次', '户', '多', '余', '套', '%', '℃', '㎡', '@':
		return true
	case '月', '日', '位', '台', '部', '件', '条', '岁', '天', '点', '时', '分', '秒', '公', '路', '吨', '度', '届', '期', '级', '种', '家', '辆', '起',
		'块', '毫', '厘', '间', '张', ':', '.', '/':
		return n < 3
	}
	return s.glyphs[k].class == letter && s.glyphs[k].r != 'a' && s.glyphs[k].r != 'A'
}

// unitOf is unitAt behind a number of so many digits, but leaves the 楼 of 栋楼下
// and 号楼道 where it is.
func (s *scan) unitOf(i, digits int) (int, detailKind) {
	w, kind := s.places.unitAt(s, i)
	if w > 1 && kind == atBuilding && s.glyphs[i+w-1].r == '楼' && i+w < len(s.glyphs) {
		r := s.glyphs[i+w].r
		switch r {
		case '道', '梯', '上', '下', '顶':
			if s.glyphs[i].r != '号' {
				return w - 1, kind
			}
			if r != '梯' || digits > 2 {
				return w - 1, atHouse // 12号楼上, 1002号楼道
			}
		case '内', '外', '前', '后':
			if s.glyphs[i].r != '号' {
				return w - 1, kind
			}
		}
	}
	return w, kind
}

// unitAt returns the length and kind of the unit at glyph i.
func (p *places) unitAt(s *scan, i int) (int, detailKind) {
	w, n := s.placeWordAt(&p.units, i)
	if w == nil {
		return 0, noDetail
	}
	return n, w.kind
}

// place reads into a the details of an address whose first number stands at i.
func (s *scan) place(i int, a *address) bool {
	d, ok := s.detailAt(i, noDetail)
	if !ok {
		return false
	}
	*a = address{start: i, details: a.details[:0:maxDetails]}
	a.add(d)
	for len(a.details) < maxDetails {
		next, ok := s.nextDetail(a.end, a.details[len(a.details)-1].kind)
		if !ok {
			var public bool
			if next, public, ok = s.pastName(a.end); !ok {
				break
			}
			a.public = a.public || public
		}
		a.add(next)
	}
	s.lift(a)
	if d := &a.details[len(a.details)-1]; d.kind == atGroup && d.last == a.end {
		d.last = s.hamlet(d.last)
		a.end = d.last
	}
	return true
}

// lift adds to an address the number of a lift or a door that follows it, which tells
// no more about who lives there but what building it is: 3幢178号电梯.
func (s *scan) lift(a *address) {
	kind := a.details[len(a.details)-1].kind
	if !within(kind) && kind != atGroup {
		return
	}
	k := a.end
	if kind != atBare { // whose number was read already
		n, ok := s.numberAt(s.skipBlanks(k))
		if !ok || n.only {
			return
		}
		k = s.skipBlanks(n.end)
	}
	if k >= len(s.glyphs) || s.glyphs[k].r != '号' || k+2 >= len(s.glyphs) {
		return
	}
	switch two := [2]uint16{s.glyphs[k+1].r, s.glyphs[k+2].r}; {
	case two == [2]uint16{'电', '梯'}, two == [2]uint16{'楼', '梯'}, two == [2]uint16{'通', '道'}, two[0] == '门', two[0] == '梯', two == [2]uint16{'出', '口'}, two == [2]uint16{'入', '口'}:
		a.end = k + 1
	}
}

// hamlet returns the end of the name of a few houses that follows a group, which
// ends at i, and closes the clause: 3组李家湾. It is i where there is none.
func (s *scan) hamlet(i int) int {
	for k := i; k <= min(len(s.glyphs), i+5); k++ {
		if k > i && !isHan(&s.glyphs[k-1]) || k > i+1 && s.stopEnd(k) {
			return i
		}
		if k < i+2 || k < len(s.glyphs) && isHan(&s.glyphs[k]) && s.glyphs[k].r != '的' && !s.startsWord(&s.places.residents, k) {
			continue
		}
		if s.endsWord(&s.places.villages, k) > 0 || s.endsWord(&s.places.estates, k) > 0 {
			return k
		}
		return i
	}
	return i
}

// add adds a detail.
func (a *address) add(d detail) {
	a.details = append(a.details, d)
	a.has[d.kind] = true
	a.end = d.last
}

// placeJoint reports whether r may stand between two details.
func placeJoint(r uint16) bool {
	return placeDash(r) || r == ',' || r == '，' || r == '的' || r == '.' || r == '·' || r == '(' || r == '/'
}

// nextDetail reads the detail that follows the one of kind before, which ends at i.
func (s *scan) nextDetail(i int, before detailKind) (d detail, ok bool) {
	j := s.skipBlanks(i)
	if j < len(s.glyphs) && (s.glyphs[j].r == '、' || s.glyphs[j].r == '和' || s.glyphs[j].r == '及') {
		d, ok = s.detailAt(s.skipBlanks(j+1), before)
		return d, ok && (d.kind == before || before == atBare && d.kind == atRoom) // 3栋、5栋
	}
	if j < len(s.glyphs) && placeJoint(s.glyphs[j].r) {
		comma := s.glyphs[j].r == ',' || s.glyphs[j].r == '，' || s.glyphs[j].r == '/' || s.glyphs[j].r == '.'
		if d, ok = s.detailAt(s.skipBlanks(j+1), before); !ok || comma && d.kind == atBare && !(before == atEntrance && d.digits >= 3) {
			return d, false
		}
		return d, d.kind != atBuilding || before != atBuilding
	}
	if d, ok = s.detailAt(j, before); ok && d.kind == atHouse && (before == atHouse && s.glyphs[i-1].r == '号' && s.glyphs[j].r != '附' && s.glyphs[j].r != '自') {
		return d, false
	}
	return d, ok
}

// gapLetter reports whether the letter at k may be the number of a building: A座.
func (s *scan) gapLetter(k int) bool {
	c := s.glyphs[k-1].class
	return c != letter && c != alike && c != digit
}

// pastName reads a detail behind a name that follows the detail that ends at i:
// 12号锦绣花园3栋. public is true when the name is one of a public body.
func (s *scan) pastName(i int) (d detail, public, ok bool) {
	gs, p := s.glyphs, s.places
	end := min(len(gs), i+maxGapName)
	for k := i; k < end; k++ {
		g := &gs[k]
		switch {
		case k > i && (placeDigit(g) || g.class == letter && s.gapLetter(k)):
			if d, ok = s.detailAt(k, noDetail); !ok {
				continue
			}
			kind, _ := s.baseOf(k)
			if n := s.endsWord(&p.plates, k); n > 0 && k-n <= s.skipBlanks(i) {
				return d, false, true // 号院内平房3号
			}
			public = kind == publicBase || kind == noBase && s.bodyAfter(i)
			switch d.kind {
			case atBuilding, atEntrance, atRoom:
				return d, public, true
			case atChain:
				return d, public, kind != noBase || d.parts > 2 && s.doorChain(&d)
			}
			return d, public, kind != noBase
		case g.class == word, g.class == province, g.class == letter, g.class == alike, placeBlank(g.r), g.r == '(', g.r == ')', g.r == '·', placeDigit(g), g.r == '“', g.r == '”':
		default:
			return d, false, false
		}
		if p.flags[g.r]&stopFlag != 0 && k > i && s.stopEnd(k+1) || s.startsWord(&p.residents, k) {
			return d, false, false
		}
	}
	return d, false, false
}

// isHan reports whether g is a word character: the characters that open a plate
// are words here.
func isHan(g *glyph) bool { return g.class == word || g.class == province }
