package gate

import "strings"

// passportWords say that a letter with digits behind is a passport number.
var passportWords = strings.Fields("护照 签证 出入境 出境 入境 证件号 passport idnumber ldnumber")

// otherNumbers say that a letter with digits is the number of something else.
var otherNumbers = strings.Fields("学号 考号 工号 卡 型号 设备 产品 批号 发动机 资格 学籍 座")

// passport looks for the number that the word which ends before glyph i
// announces, behind it or just before it (持E12345678号护照).
func (s *scan) passport(i int) {
	first, _ := s.behindWord(i)
	if first < 0 || !s.passportAt(first, true) {
		if first = s.beforeWord(i - 2); first >= 0 {
			s.passportAt(first, true)
		}
	}
}

// passportAt looks for a passport number at glyph i. Without a word beside it
// only the shapes of ordinary Chinese passports count.
func (s *scan) passportAt(i int, announced bool) bool {
	r := s.read(i)
	for _, letters := range []int{1, 2, 0} {
		k := 0
		switch {
		case letters == 1 && announced:
			k = r.fits(1, 8, 7, 6)
		case letters == 1:
			k = r.fits(1, 8, 7)
		case letters == 2 && announced:
			k = r.fits(2, 7, 6)
		case letters == 2:
			k = r.fits(2, 7)
		case announced: // of other countries
			k = r.fits(0, 9, 8)
		}
		if k == 0 {
			continue
		}
		if announced {
			s.take(Passport, &r, letters, k, 85, "passport@1")
			return true
		}
		d := r.norm(letters, k)
		context := s.before(int32(i))
		known := hasAny(context, passportWords)
		switch {
		case r.ends[k-1]-i != k && !known || hasAny(context, orderWords) || !known && (hasAny(context, otherNumbers) || measured(s.after(int32(r.ends[k-1])))):
			return false // spelt out, or a number of something else
		case known && letters == 1,
			letters == 1 && k == 9 && d[0] == 'E' && !isDate(d[1:]),
			letters == 2 && d[0] == 'E' && strings.IndexByte("IO", d[1]) < 0:
			s.take(Passport, &r, letters, k, pick(known, 85, 65), "passport@1")
			return true
		}
		return false
	}
	return false
}

// permit looks for what the word that ends with 证 at glyph i announces: travel
// permits, residence permits and identity cards of Hong Kong, Macao and Taiwan
// residents, and those of foreigners.
func (s *scan) permit(i int) {
	kind := permitKind(s, i)
	if kind == noPermit {
		return
	}
	if kind == identityPermit {
		s.toldCard(i)
	}
	from := i + 1
	if kind == servicePermit { // 军官证号：南字第0123456号
		for k := from; k+1 < len(s.glyphs) && k < from+maxLink; k++ {
			if s.glyphs[k].r == '字' && s.glyphs[k+1].r == '第' {
				from = k + 2
				break
			}
		}
	}
	if first, direct := s.behindWord(from); first >= 0 && s.permitAt(first, kind, direct) {
		return
	}
	if kind != travelPermit {
		return
	}
	begin := i
	for begin > 0 && begin > i-4 && strings.ContainsRune("通行胞乡回台返", rune(s.glyphs[begin-1].r)) {
		begin--
	}
	if first := s.beforeWord(begin); first >= 0 {
		s.permitAt(first, kind, false)
	}
}

// The kinds of permit, by the word that announces them.
const (
	noPermit = iota
	travelPermit
	identityPermit  // an identity card, perhaps of Hong Kong, Macao or Taiwan
	residencePermit // of a foreigner
	insuranceCard   // of the social or medical insurance
	servicePermit   // of a soldier
	welfarePermit   // of a disabled person or a veteran
)

// permitKind returns what the word that ends with glyph i announces.
func permitKind(s *scan, i int) int {
	switch two := s.chars(max(0, i-2), 2); {
	case strings.HasSuffix(two, "行"):
		if s.prev(i-1) == '通' {
			return travelPermit
		}
	case strings.HasSuffix(two, "胞"), strings.HasSuffix(two, "乡"):
		return travelPermit
	case strings.HasSuffix(two, "份"), two == "身分":
		return identityPermit
	case strings.HasSuffix(two, "留"), strings.HasSuffix(two, "永居"):
		return residencePermit
	case two == "军官", two == "士兵", two == "士官", two == "文职":
		return servicePermit
	case two == "残疾", two == "疾人", two == "优待":
		return welfarePermit
	case strings.HasSuffix(two, "住") && hasAny(s.before(int32(i)), hongKongWords):
		return travelPermit
	}
	return noPermit
}

// permitAt looks for a permit of a kind at glyph i; direct says that a mark leads
// to it, so that eight digits are no date.
func (s *scan) permitAt(i, kind int, direct bool) bool {
	r := s.read(i)
	letters, k := 1, 0
	switch kind {
	case travelPermit:
		if k = r.fits(1, 10, 8, 9); k == 0 {
			if letters, k = 2, r.fits(2, 7); k == 0 {
				letters, k = 0, r.fits(0, 18, 10, 8)
				if k == 8 && !direct && isDate(r.norm(0, 8)) {
					k = 0
				}
			}
		}
	case residencePermit:
		if letters, k = 3, r.fits(3, 12); k == 0 {
			letters, k = 1, r.fits(1, 14, 10, 9, 8)
		}
	case insuranceCard:
		if k = r.fits(0, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8); k == 8 && (!direct || isDate(r.norm(0, 8))) {
			k = 0
		} else if k == 0 {
			letters, k = 1, r.fits(1, 9, 8)
		}
		if k > 0 && measured(s.after(int32(r.ends[k-1]))) {
			k = 0
		}
	case servicePermit:
		letters, k = 0, r.fits(0, 9, 8, 7, 6)
		if k == 0 || k == 8 && isDate(r.norm(0, 8)) || measured(s.after(int32(r.ends[k-1]))) {
			k = 0
		}
	case welfarePermit: // the identity card, what is disabled and how much; or a number like a bank card's
		if letters, k = 0, r.fits(0, 20, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8); k == 8 && isDate(r.norm(0, 8)) || k > 0 && measured(s.after(int32(r.ends[k-1]))) {
			k = 0
		}
	case identityPermit:
		switch {
		case r.fits(1, 9) > 0: // Taiwan
			k = 10
		case r.fits(1, 7) > 0: // Hong Kong, check digit behind or in brackets
			k = 8
		case r.n >= 8 && r.fits(1, 6) > 0 && (r.text[7] == 'A' || r.value[7] != 0) && r.gaps[7] <= 2:
			k = 8
		case r.fits(2, 7) > 0:
			letters, k = 2, 9
		case r.fits(0, 7) == 7 && r.n >= 8 && r.value[7] != 0 && r.gaps[7] == 1: // Macao
			letters, k = 0, 8
		case r.n >= 8 && r.fits(0, 8) == 8 && hasAny(s.before(int32(i)), []string{"澳门"}):
			letters, k = 0, 8
		}
	}
	if k == 0 {
		return false
	}
	before := len(s.hits)
	s.take(Permit, &r, letters, k, 85, "permit@1")
	if len(s.hits) > before { // with the bracket of a check digit
		if h := &s.hits[before]; int(h.last) < len(s.glyphs) && s.glyphs[h.last].r == ')' && opensPaired('(', append(s.glyphs[h.first:h.last:h.last], s.glyphs[h.last])) && holds(s.glyphs[h.first:h.last], '(') {
			h.last++
		}
	}
	return true
}

// holds reports whether a character is among the glyphs.
func holds(gs []glyph, r uint16) bool {
	for _, g := range gs {
		if g.r == r {
			return true
		}
	}
	return false
}

// hongKongWords stand before an identity card of Hong Kong or Taiwan.
var hongKongWords = strings.Fields("香港 港澳 澳门 台湾 港澳台 台胞 港籍 回乡 通行证")

// paperAt looks for passports and permits by their shape at glyph i, where a
// letter opens a word.
func (s *scan) paperAt(i int) bool {
	if i+7 >= len(s.glyphs) || !anyDigit(s.glyphs[i+1]) && !anyDigit(s.glyphs[i+2]) {
		return false
	}
	if s.passportAt(i, false) {
		return true
	}
	c := plainChar(s.glyphs[i])
	context := ""
	r := s.read(i)
	if k := r.fits(1, 10, 8); k > 0 && (c == 'h' || c == 'm') {
		if context = s.before(int32(i)); hasAny(context, hongKongWords) {
			s.take(Permit, &r, 1, k, 85, "permit@1")
			return true
		}
	}
	// Hong Kong's check digit in its brackets is a shape of its own.
	if r.n >= 8 && r.fits(1, 6) == 7 && r.gaps[7] == 1 && s.glyphs[r.ends[6]].r == '(' &&
		r.ends[7] < len(s.glyphs) && s.glyphs[r.ends[7]].r == ')' && (r.text[7] == 'A' || r.value[7] != 0) {
		if d := r.norm(1, 8); hongKongCheck(d) || hasAny(s.before(int32(i)), hongKongWords) {
			r.ends[7]++
			s.take(Permit, &r, 1, 8, 80, "permit@1")
			return true
		}
	}
	return false
}

// hongKongCheck reports whether d, a letter, six digits and a check character,
// is an identity card of Hong Kong.
func hongKongCheck(d string) bool {
	sum := 36*9 + int(d[0]-'A'+10)*8
	for i := 1; i < 7; i++ {
		sum += int(d[i]-'0') * (8 - i)
	}
	v := int(d[7] - '0')
	if d[7] == 'A' {
		v = 10
	}
	return (sum+v)%11 == 0
}
