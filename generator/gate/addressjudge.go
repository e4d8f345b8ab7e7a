package gate

import (
	"slices"
	"strings"
)

// The windows in which words say whose an address is, in characters.
const (
	placeBack  = 34
	placeAhead = 14
)

// judgePlace decides whether a is an address that leads to a person, sets where
// it begins, and returns how certain that is, 0 for not at all.
func (s *scan) judgePlace(a *address) int {
	base, suffix := s.settle(a)
	if len(a.details) == 0 {
		return 0
	}
	first := a.details[0].first
	a.start = s.nameStart(first, suffix, a.floor)
	if a.base, a.generic = base, a.start >= suffix; a.generic {
		a.start = first // 我们小区, 本村: nothing to hide
	}
	if base == roadBase && a.start > 0 && s.glyphs[a.start].r == '条' && strings.ContainsRune("那这哪几每某一两同整", rune(s.glyphs[a.start-1].r)) {
		a.generic = true // 我住的那条街5号停水
	}
	if a.end < len(s.glyphs) && s.glyphs[a.end].r == ')' && slices.ContainsFunc(s.glyphs[a.start:a.end], func(g glyph) bool { return g.r == '(' }) &&
		!slices.ContainsFunc(s.glyphs[a.start:a.end], func(g glyph) bool { return g.r == ')' }) {
		a.end++ // 翠湖小区（5栋103）
	}
	personal, office, sent := s.whose(a)
	if base == publicBase || base == dormBase && office && !personal {
		a.public = a.public || base == publicBase
	}
	if !personal && !a.has[atEntrance] && s.bodyBeside(a.start) {
		a.public = true
	}
	if confidence := s.household(a, personal, office || sent && s.serviceAfter(a.end)); confidence > 0 {
		return confidence
	}
	if base == roadBase || base == towerBase || base == noBase {
		office = office || sent
	}
	return s.oneLevel(a, personal, office)
}

// settle drops details at the begin that belong to no place, such as the day of
// 12号锦绣花园3栋, and returns what the first that is left belongs to.
func (s *scan) settle(a *address) (base baseKind, suffix int) {
	defer func() {
		if base == noBase && len(a.details) > 0 && s.numbered(a, a.details[0].first) {
			base, suffix = estateBase, a.details[0].first-2 // the walk back begins before the number
		}
	}()
	for len(a.details) > 0 {
		d := a.details[0]
		base, suffix = s.baseOf(d.first)
		fits := base != noBase
		switch d.kind {
		case atBuilding, atEntrance, atRoom:
			fits = true
		case atChain:
			fits = s.doorChain(&d) && (base != noBase && base != publicBase || d.parts > 2 && (s.livesBefore(d.first) || s.roomChain(&d)) ||
				d.parts == 2 && d.digits > 2 && s.namedHome(&d))
		case atGroup:
			fits = base == villageBase || base == estateBase || s.livesAt(&d) || s.glyphs[d.last-1].r == '委' && s.levelEnd(s.backBlanks(d.first), 0) || (base == noBase || base == roadBase) && (s.residentAfter(d.last) || s.inVillage(d, true))
		case atHouse:
			if base == noBase && s.glyphs[d.first].r != '第' && s.inVillage(d, false) {
				base, fits = villageBase, true // 上河村新屋组12号
			} else if base == noBase && s.glyphs[d.first].r != '第' && s.livesAt(&d) && !s.startsWord(&s.places.dates, d.last) {
				base, fits = villageBase, true // 家住南门口12号
			}
			fits = fits && !s.dayAt(d) && base != looseBase
		}
		if fits {
			break
		}
		a.details = a.details[1:]
	}
	clear(a.has[:])
	for _, d := range a.details {
		a.has[d.kind] = true
	}
	return base, suffix
}

// numbered reports whether an estate that has a Chinese number in its name stands
// just before the details, which begin at i: 滨江一号3栋.
func (s *scan) numbered(a *address, i int) bool {
	gs := s.glyphs
	k := s.backBlanks(i)
	if k != i || k < 4 || gs[k-1].r != '号' || gs[k-2].class != hanDigit || !isHan(&gs[k-3]) || !isHan(&gs[k-4]) {
		return false
	}
	if kind := a.details[0].kind; kind != atBuilding && kind != atEntrance && kind != atChain || s.endsWord(&s.places.days, k-2) > 0 {
		return false
	}
	return s.nameStart(i, k-2, a.floor) <= k-4
}

// dayAt reports whether 12号 is a day of a month.
func (s *scan) dayAt(d detail) bool { return s.endsWord(&s.places.days, d.first) > 0 }

// inVillage reports whether the detail d, before whose number stands no word of a
// village, belongs to one named just before: 上河村下坝12号, 文昌社区东阳6组. With
// township the name of a township serves as well.
func (s *scan) inVillage(d detail, township bool) bool {
	gs := s.glyphs
	end := s.backBlanks(d.first)
	for i, n := end-1, 0; i >= 0 && n < 5; i-- {
		if placeBlank(gs[i].r) && i > 0 && isHan(&gs[i-1]) {
			continue // spaced out
		}
		if !isHan(&gs[i]) || s.stopEnd(i+1) || gs[i].r == '员' {
			return false // 社区网格员三组
		}
		if n++; n > 1 && (s.endsWord(&s.places.villages, i) > 0 || township && s.endsWord(&s.places.levels, i) > 0 && s.levelEnd(i, 0)) {
			return true
		}
	}
	return false
}

// household returns how certain it is that a leads to the door of a dwelling,
// which takes two levels within an estate or building.
func (s *scan) household(a *address, personal, office bool) int {
	inner := 0
	for _, k := range []detailKind{atBuilding, atEntrance, atRoom, atBare} {
		if a.has[k] {
			inner++
		}
	}
	if a.has[atFloor] && inner > 0 {
		inner++
	}
	var long bool // 3-2-501
	for i := range a.details {
		if d := &a.details[i]; d.kind == atChain {
			inner++
			if d.parts > 2 || (d.digits > 2 || d.roomOf > 100) && (a.base == estateBase || a.base == looseBase || a.base == towerBase && personal || a.base == noBase || a.base == dormBase || a.base == villageBase || i > 0) {
				long = true
				inner++
			}
		}
	}
	if a.has[atGroup] && a.has[atHouse] {
		return 90
	}
	if a.has[atHouse] && (a.has[atRoom] || a.has[atBare]) {
		inner++
	}
	switch {
	case inner < 2:
		return 0
	case office && !personal, a.public && !personal, s.bodyAfter(a.end) && !personal && !(a.has[atEntrance] && a.has[atRoom]):
		return 0
	case a.base == publicBase && !personal:
		return 0
	case a.base == towerBase && !personal && !a.has[atEntrance]:
		if s.bodyBefore(a.start) || !a.has[atRoom] && !a.has[atBare] && !long {
			return 0
		}
		return 75
	case a.base == noBase && !a.has[atEntrance] && !a.has[atRoom] && !a.has[atBare] && !a.has[atChain]:
		return 0 // 3栋18层
	}
	return 90
}

// oneLevel returns how certain it is that a, which has one level of detail below
// the name, leads to a person.
func (s *scan) oneLevel(a *address, personal, office bool) int {
	d := a.details[0]
	first := d.first
	if a.public && !personal || office && !personal {
		return 0
	}
	switch {
	case a.has[atGroup]:
		if a.generic && s.everyBefore(first) {
			return 0
		}
		return 80
	case a.has[atBuilding]:
		return s.oneBuilding(a, personal)
	case a.has[atEntrance]:
		if a.base == estateBase || a.base == dormBase || personal && !d.one {
			return 70
		}
	case a.has[atRoom]:
		switch {
		case a.base == estateBase, a.base == dormBase:
			return 80
		case personal && (a.base != publicBase || s.residentAfter(a.end)):
			return 70
		}
	case a.has[atHouse]:
		return s.oneHouse(a, personal)
	case a.has[atChain] && a.base == roadBase:
		return s.onRoad(a, personal)
	case a.has[atChain] && d.parts > 2 && personal:
		return 80
	case a.has[atFloor]:
		if (a.base == estateBase || a.base == dormBase) && !a.generic && !d.one && s.livesBefore(a.start) {
			return 70 // 家住粮站宿舍3楼
		}
	}
	return 0
}

// everyBefore reports whether the word before the place that ends at i speaks of
// many: 每个村3组.
func (s *scan) everyBefore(i int) bool {
	for k := i - 1; k >= max(0, i-4); k-- {
		if strings.ContainsRune("每各全共多两几数", rune(s.glyphs[k].r)) {
			return true
		}
	}
	return false
}

// oneBuilding judges a building without entrance or room.
func (s *scan) oneBuilding(a *address, personal bool) int {
	d := &a.details[0]
	for i := range a.details {
		if a.details[i].kind == atBuilding {
			d = &a.details[i]
		}
	}
	after := s.skipBlanks(d.last)
	counts := s.startsWord(&s.places.counted, after) && !(personal && s.residentAfter(d.last)) || d.one && s.glyphs[d.last-1].r == '楼'
	switch {
	case counts && (a.generic || d.one || a.base == noBase || a.base == publicBase):
		return 0
	case a.base == estateBase, a.base == dormBase, a.base == villageBase, a.base == looseBase && !counts:
		if a.generic && d.one {
			return 0
		}
		return 80
	case a.base == roadBase && a.has[atHouse]:
		return 70
	case a.base == roadBase && !a.generic && !counts && !d.one:
		return s.onRoad(a, personal)
	case a.base == towerBase && s.livesBefore(a.start) && !counts && s.glyphs[d.last-1].r != '座':
		return 70
	case a.base == publicBase, a.base == towerBase:
		return 0
	case !d.one && !counts && a.base == noBase && s.levelEnd(a.start, 0) && s.onlyName(a.start, s.backBlanks(d.first)):
		return 70 // 江北区枫丹白露17栋
	case !d.one && (s.livesBefore(a.start) || a.start < a.details[0].first && s.residentAfter(d.last)):
		return 70
	}
	return 0
}

// onlyName reports whether the glyphs from first to last can be the name of an
// estate: some, and no verb among them that builds or counts.
func (s *scan) onlyName(first, last int) bool {
	for i := first; i < last; i++ {
		switch g := &s.glyphs[i]; {
		case placeBlank(g.r), g.r == '·':
		case g.class == sep, g.class == weak, placeDigit(g):
			return false
		case strings.ContainsRune("建拆共有了成约近等第修盖剩余计增新改约达超过前后各每", rune(g.r)):
			return false
		}
	}
	return last-first >= 2
}

// livesAt reports whether a word of living there stands just before a name of unknown
// kind that ends before the detail d: 家住南门口12号, 家住一二八团十连.
func (s *scan) livesAt(d *detail) bool {
	start := s.nameStart(d.first, d.first, 0)
	return s.livesBefore(start) && s.onlyName(start, s.backBlanks(d.first))
}

// namedHome reports whether a name of unknown kind before the chain d is one of a
// home: a word of living there stands before it, or the level above it.
func (s *scan) namedHome(d *detail) bool {
	start := s.nameStart(d.first, d.first, 0)
	if s.livesBefore(start) {
		return true
	}
	end := s.backBlanks(d.first)
	return s.roomChain(d) && s.levelEnd(start, 0) && s.onlyName(start, end)
}

// roomChain reports whether the last number of a chain, behind a word, reads
// like a room: a floor and a small number.
func (s *scan) roomChain(d *detail) bool {
	if d.firstOf > 60 || d.parts == 3 && d.secondOf > 12 || d.parts > 3 || d.roomOf < 101 || d.roomOf > 6000 || d.parts == 2 && (d.roomOf%100 == 0 || d.roomOf%100 > 20) {
		return false
	}
	i := s.backBlanks(d.first)
	if i == 0 {
		return false
	}
	g := &s.glyphs[i-1]
	return isHan(g) && !strings.ContainsRune("号第编条表图版为是期比日年约章节点至到款准", rune(g.r))
}

// doorChain reports whether the numbers of a chain can be those of a building,
// an entrance and a room.
func (s *scan) doorChain(d *detail) bool {
	base, _ := s.baseOf(d.first)
	homes := base == estateBase || base == dormBase || base == villageBase && s.endsWord(&s.places.estates, s.backBlanks(d.first)) > 0 // 工人新村
	if d.parts == 3 && homes && d.firstOf < 100 && d.secondOf < 20 {
		return true // 翠湖小区12-3-2
	}
	return d.parts == 2 && d.firstOf < 1000 || d.parts <= 4 && d.firstOf < 200 && d.secondOf < 100 && d.digits >= 3 && d.digits <= 4
}

// livesBefore reports whether a word of living somewhere stands just before
// glyph first.
func (s *scan) livesBefore(first int) bool {
	for i := first - 1; i >= max(0, first-6); i-- {
		if w, n := s.placeWordAt(&s.places.persons, i); w != nil && !w.no {
			return i+n >= first-3
		}
	}
	return false
}

// oursBefore reports whether somebody speaks of his own place in the words just
// before glyph i: 我们清水乡王家村2号.
func (s *scan) oursBefore(i int) bool {
	for k := i - 1; k >= max(0, i-16); k-- {
		g := &s.glyphs[k]
		if g.class == weak || g.class == sep && !placeBlank(g.r) {
			return false
		}
		if g.r == '我' || g.r == '俺' || g.r == '咱' {
			return true
		}
	}
	return false
}

// onRoad judges a number on a road: of a home, unless a public body or a shop is
// said to be there.
func (s *scan) onRoad(a *address, personal bool) int {
	switch {
	case a.generic && !(personal && s.underLevel(a.start)):
		return 0
	case personal:
		return 70
	case s.bodyAfter(a.end), s.bodyBefore(a.start), s.officeLine(a.end), s.lineBefore(a.start), s.labelled(a) && s.bodyAfter(a.end+1):
		return 0
	}
	return 70
}

// underLevel reports whether the road that ends before glyph i has no name but its
// kind, and stands just behind a level or a word of living there: 家住城关镇老街2号.
func (s *scan) underLevel(i int) bool {
	end := s.backBlanks(i)
	n := s.endsWord(&s.places.roads, end)
	return n > 1 && (s.levelEnd(end-n, 0) || s.livesBefore(end-n))
}

// labelled reports whether a stands behind a colon and before a comma, as in
// 地址：光明路5号，区教育局一楼.
func (s *scan) labelled(a *address) bool {
	i := a.start
	for i > 0 && s.glyphs[i-1].class != sep && s.glyphs[i-1].class != weak && a.start-i < 12 {
		i--
	}
	return i > 0 && s.glyphs[i-1].r == ':' && a.end < len(s.glyphs) && s.glyphs[a.end].r == ','
}

// oneHouse judges a house number without building or room.
func (s *scan) oneHouse(a *address, personal bool) int {
	switch a.base {
	case villageBase, estateBase, dormBase:
		if a.generic && !personal || a.base == estateBase && a.details[0].han && a.details[0].digits == 1 && !personal {
			return 0 // 南台一号 is an estate
		}
		if !personal && !s.oursBefore(a.start) && (s.bodyAfter(a.end) || a.details[0].firstOf <= 31 && a.details[0].digits < 3 && s.startsWord(&s.places.dates, a.end)) {
			return 0
		}
		return 80
	case roadBase:
		return s.onRoad(a, personal)
	case towerBase, publicBase:
		if personal {
			return 70
		}
	}
	return 0
}

// whose looks at the words before the address, nearest first, and just behind
// it: those of a person, those of an office, and those by which somebody is sent
// somewhere.
func (s *scan) whose(a *address) (personal, office, sent bool) {
	gs, p := s.glyphs, s.places
	low := max(0, a.start-placeBack)
	for i := a.start - 1; i >= low; i-- {
		if r := gs[i].r; r == '。' || r == '!' || r == '?' || r == ';' {
			break
		}
		if p.flags[gs[i].r]&(personFlag|officeFlag|siteFlag) == 0 {
			continue
		}
		if w, _ := s.placeWordAt(&p.persons, i); w != nil && !w.no {
			personal = true
			break
		}
		if s.startsWord(&p.offices, i) {
			office = true
			break
		}
		if s.startsWord(&p.sites, i) {
			sent = true // and look on: somebody may be sent to a home
		}
	}
	if s.residentAfter(a.end) {
		personal = true
	}
	return personal, office, sent && !personal
}

// serviceAfter reports whether just behind i it is said what one can do there.
func (s *scan) serviceAfter(i int) bool {
	for k := i; k < min(len(s.glyphs), i+4); k++ {
		if s.startsWord(&s.places.services, k) {
			return true
		}
	}
	return false
}

// residentAfter reports whether a word of living there stands just behind i.
func (s *scan) residentAfter(i int) bool {
	for k := i; k < min(len(s.glyphs), i+4); k++ {
		if s.startsWord(&s.places.residents, k) {
			return true
		}
		if g := &s.glyphs[k]; g.class == weak {
			return false
		}
	}
	return false
}

// bodyAfter reports whether the name of a public body or shop follows the
// address that ends at i: 12号某某超市, 12号（市教育局）.
func (s *scan) bodyAfter(i int) bool {
	gs, p := s.glyphs, s.places
	i = s.skipBlanks(i)
	if i < len(gs) && (gs[i].r == '(' || gs[i].r == '的' || gs[i].r == '“') {
		i++
	}
	for k := i; k < min(len(gs), i+placeAhead); k++ {
		g := &gs[k]
		if g.class == weak || g.class == sep && !placeBlank(g.r) && g.r != '-' && g.r != '“' && g.r != '”' {
			return false
		}
		if p.flags[g.r]&bodyFlag != 0 {
			if w, n := s.placeWordAt(&p.bodies, k); w != nil {
				if !w.no {
					return true
				}
				k += n - 1
				continue
			}
		}
		if strings.ContainsRune("的了是我你您他她们这那在从对把将被给由让到向请问说有就也还又不没", rune(g.r)) {
			return false
		}
	}
	return false
}

// bodyBefore reports whether a public body or shop is said to be at the address
// that begins at i: its name, then a word such as 位于 or a colon, then nothing
// but levels.
func (s *scan) bodyBefore(i int) bool {
	gs, p := s.glyphs, s.places
	linked, near := false, true // near: nothing but the names of levels so far
	for k := i - 1; k >= max(0, i-placeBack); k-- {
		g := &gs[k]
		near = near && i-k < 12 && g.class != weak && (p.flags[g.r]&stopFlag == 0 || !s.stopEnd(k+1) || s.endsWord(&p.levels, k+1) > 0)
		if g.r == '。' || g.r == '!' || g.r == '?' || g.r == ';' {
			return false
		}
		if p.flags[g.r]&linkFlag != 0 && s.startsWord(&p.links, k) {
			linked = true
		}
		if (linked || near) && p.flags[g.r]&bodyFlag != 0 {
			if w, _ := s.placeWordAt(&p.bodies, k); w != nil && !w.no {
				return true
			}
		}
	}
	return false
}

// bodyBeside reports whether the name of a public body stands just before the
// address that begins at i, with no more than a bracket or a word such as 地址
// and the levels above the address between: 区人社局（青年路88号.
func (s *scan) bodyBeside(i int) bool {
	gs, p := s.glyphs, s.places
	for k := i - 1; k >= max(0, i-12); k-- {
		g := &gs[k]
		if p.flags[g.r]&linkFlag != 0 && s.startsWord(&p.links, k) {
			for e := k; e >= max(1, k-3); e-- {
				for b := e - 1; b >= max(0, e-4); b-- {
					if w, n := s.placeWordAt(&p.bodies, b); w != nil && !w.no && b+n == e {
						return true
					}
				}
			}
			if g.r == ':' || g.r == '(' {
				continue // （地址：
			}
			return false
		}
		if g.class == weak || g.class == sep && !placeBlank(g.r) {
			return false
		}
	}
	return false
}

// bracketed returns how many digits stand in brackets at i, and whether nothing
// else does.
func (s *scan) bracketed(i int) (n int, ok bool) {
	gs := s.glyphs
	if i >= len(gs) || gs[i].r != '(' {
		return 0, false
	}
	for k := i + 1; k < min(len(gs), i+9); k++ {
		if gs[k].class != digit {
			return n, gs[k].r == ')'
		}
		n++
	}
	return n, false
}

// lineBefore reports whether a number with an area code stands in the words just
// before glyph i: 电话：0311-8780321，地址：.
func (s *scan) lineBefore(i int) bool {
	gs := s.glyphs
	for k := i - 1; k >= max(0, i-placeBack); k-- {
		if gs[k].class == digit && gs[k].digit == 0 && k > 0 && !placeDigit(&gs[k-1]) && k+2 < len(gs) && gs[k+1].class == digit && gs[k+2].class == digit {
			return true
		}
	}
	return false
}

// officeLine reports whether behind the address that ends at i a telephone
// number is given that is no mobile, or a postcode: so offices write.
func (s *scan) officeLine(i int) bool {
	gs := s.glyphs
	if n, ok := s.bracketed(i); ok && n == 6 {
		return true // （050051）
	}
	for k := i; k+1 < min(len(gs), i+8); k++ {
		switch {
		case gs[k].r == '邮' && (gs[k+1].r == '编' || gs[k+1].r == '政'), gs[k].r == '应' && (gs[k+1].r == '为' || gs[k+1].r == '是'),
			gs[k].r == 'h' && gs[k+1].r == 't':
			return true
		case gs[k].r == '电' && gs[k+1].r == '话', gs[k].r == '热' && gs[k+1].r == '线', gs[k].r == '传' && gs[k+1].r == '真':
			for j := k + 2; j < min(len(gs), k+10); j++ {
				if placeDigit(&gs[j]) {
					return !(gs[j].digit == 1 && j+4 < len(gs) && placeDigit(&gs[j+1]) && placeDigit(&gs[j+4]))
				}
			}
			return false
		}
	}
	return false
}
