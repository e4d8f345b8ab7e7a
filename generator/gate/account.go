package gate

import "strings"

// weChatWord looks behind 微信 and the ways in which people write it, and before
// it (abc123是我微信).
func (s *scan) weChatWord(i int) {
	switch s.prev(i) {
	case '微', '薇', '徽', 'v', 'V':
		if !s.weChat(i+1, true) {
			s.weChatBefore(i)
		}
	case '威', '维', '葳', '崴': // words of their own, but not before letters and digits
		if first, _ := s.behindWord(i + 1); first >= 0 && s.mixed(first) {
			s.weChat(i+1, true)
		}
	}
}

// mixed reports whether letters and then digits stand together at glyph i.
func (s *scan) mixed(i int) bool {
	k := i
	for k < len(s.glyphs) && k < i+20 && (s.glyphs[k].class == letter || s.glyphs[k].class == alike || s.glyphs[k].r == '_') {
		k++
	}
	return k > i && k < len(s.glyphs) && s.glyphs[k].class == digit
}

// weChatBefore looks for an identifier before the 微信 that ends with glyph i.
func (s *scan) weChatBefore(i int) {
	end, own := i-1, false
	for end > 0 && end > i-6 && strings.ContainsRune("是为我的本人", rune(s.glyphs[end-1].r)) {
		own = own || s.glyphs[end-1].r == '我'
		end--
	}
	first := end
	for first > 0 && first > end-21 && (tight(s.glyphs[first-1]) || s.glyphs[first-1].r == '_' || s.glyphs[first-1].r == '-') {
		first--
	}
	if own && end-first >= 6 && s.mixed(first) {
		s.identifier(first, true, 75)
	}
}

// sign looks behind a heart, a satellite and other signs that stand for 微信.
func (s *scan) sign(i int) {
	switch r := s.glyphs[i].r; {
	case r == '星' && s.prev(i) == '卫', // sounds like it
		r == '微' && i > 0 && (s.glyphs[i-1].r == '加' || s.glyphs[i-1].r == '+' || s.glyphs[i-1].r == '我' || s.glyphs[i-1].class == sep),
		(r == '微' || r == '薇') && i+1 < len(s.glyphs) && s.glyphs[i+1].class == sep,
		r == '泡' && i > 1 && s.glyphs[i-1].r == '泡' && s.glyphs[i-2].r == '绿': // the icon
		if first, direct := s.behindSign(i + 1); first >= 0 && (s.mixed(first) || direct && s.withMark(first)) {
			s.weChat(i+1, true)
		}
	}
}

// behindSign is behindWord where a picture, such as a heart, may stand first.
func (s *scan) behindSign(i int) (first int, direct bool) {
	if i < len(s.glyphs) && s.glyphs[i].r >= 0x2600 && s.glyphs[i].r <= 0x27bf {
		i++
	}
	return s.behindWord(i)
}

// withMark reports whether letters and digits with an underscore or a hyphen among them
// stand together at glyph i, as in zhang_li-88.
func (s *scan) withMark(i int) bool {
	marks, digits := 0, 0
	for k := i; k < len(s.glyphs) && k < i+20; k++ {
		switch g := s.glyphs[k]; {
		case g.r == '_' || g.r == '-':
			marks++
		case anyDigit(g):
			digits++
		case !tight(g):
			return marks > 0 && digits > 0
		}
	}
	return marks > 0 && digits > 0
}

// platforms are where people have accounts by which they are found, and what a
// word of theirs ends with before 号, 账号 or ID.
var platforms = strings.Fields("抖音 快手 陌陌 小红书 钉钉 支付宝 微博 知乎 视频号 哔哩哔哩 飞书 脸书 推特 电报 探探 闲鱼")

// platform looks for the account behind 抖音号 and the like, which ends with
// glyph i.
func (s *scan) platform(i int) {
	before := s.before(int32(i))
	if hasAny(before, channelWords) {
		return
	}
	before = strings.TrimSuffix(strings.TrimSuffix(before, "账"), "帐")
	for _, p := range platforms {
		if strings.HasSuffix(before, p) {
			if first, direct := s.behindWord(i + 1); first >= 0 && (s.mixed(first) || anyDigit(s.glyphs[first])) {
				s.identifier(first, direct, 75)
			}
			return
		}
	}
}

// platformName looks behind the name of a platform itself, which ends with glyph i,
// where a blank, a mark or ID leads to an account: 微博@abc123, 抖音ID abc123.
func (s *scan) platformName(i int) {
	if i+1 >= len(s.glyphs) {
		return
	}
	if g := s.glyphs[i+1]; g.class == word && g.r != '名' || g.class == digit || g.class == hanDigit {
		return
	}
	before := s.before(int32(i + 1))
	if hasAny(before, channelWords) {
		return
	}
	for _, p := range platforms {
		if strings.HasSuffix(before, p) {
			s.handleBehind(i+1, false, false)
			return
		}
	}
}

// channelWords stand before 微信 where it is a channel of an office.
var channelWords = strings.Fields("官方 政务 官微 公众号 公众平台 客服 订阅号 服务号")

// plainWords are no identifiers: what people write behind 微信 in Latin letters.
var plainWords = map[string]bool{
	"wechat": true, "weixin": true, "android": true, "iphone": true, "windows": true, "office": true, "public": true,
	"https": true, "http": true, "online": true, "mobile": true, "openid": true, "harmony": true,
}

// weChat looks for an identifier behind the word that ends before glyph i.
// plain says that the word is no part of one.
func (s *scan) weChat(i int, plain bool) bool {
	first, direct := s.behindWord(i)
	if first < 0 || hasAny(s.before(int32(i)), channelWords) {
		return false
	}
	return s.identifier(first, direct, 85)
}

// identifier looks for a WeChat identifier at glyph i: a letter and 5 to 19
// letters, digits, underscores and hyphens; or 6 to 11 digits, which some
// have.
func (s *scan) identifier(i int, direct bool, confidence int) bool {
	s.work.spend(32)
	gs := s.glyphs
	last, marks := i, 0
	for last < len(gs) && last < i+24 && (tight(gs[last]) || gs[last].r == '_' || gs[last].r == '-') {
		if gs[last].class != letter {
			marks++
		}
		last++
	}
	for last > i && !tight(gs[last-1]) {
		last--
	}
	if last-i <= 2 || last < len(gs) && anyDigit(gs[last]) {
		return s.speltOut(i, confidence)
	}
	if last < len(gs) && (gs[last].r == '@' || gs[last].r == ':' && last+1 < len(gs) && gs[last+1].r == '/' ||
		gs[last].r == '.' && last+1 < len(gs) && tight(gs[last+1])) {
		return false // an e-mail or web address
	}
	name := s.lower(i, last)
	n := last - i
	if gs[i].class == digit || gs[i].class == hanDigit {
		r := s.read(i)
		if k := r.fits(0, 11, 10, 9, 8, 7, 6); k > 0 && !measured(s.after(int32(r.ends[k-1]))) && !(k == 8 && isDate(r.norm(0, 8))) {
			s.take(WeChat, &r, 0, k, 75, "wechat@1")
			return true
		}
		if n < 6 || n > 20 || s.digitsOnly(i, last) {
			return false
		}
	}
	if s.titleCase(i, last) {
		return false // WeChat - Public Requests
	}
	if n < 6 || n > 20 || plainWords[name] || marks == 0 && !direct || s.inAddress(i) {
		return false
	}
	s.hits = append(s.hits, hit{typ: WeChat, first: int32(i), last: int32(last), norm: name, confidence: pick(marks == 0, 65, confidence), detector: "wechat@1"})
	return true
}

// titleCase reports whether the glyphs are a word of letters alone, and it and the one
// behind it begin with capitals, as in a title: an account is one word.
func (s *scan) titleCase(first, last int) bool {
	gs := s.glyphs
	capital := func(i int) bool { return isLatin(&gs[i]) && gs[i].r <= 'Z' }
	if last+2 >= len(gs) || gs[last].r != ' ' || !capital(first) || !capital(last+1) || !isLatin(&gs[last+2]) {
		return false
	}
	for i := first; i < last; i++ {
		if !isLatin(&gs[i]) {
			return false
		}
	}
	return true
}

// digitsOnly reports whether the glyphs are digits alone.
func (s *scan) digitsOnly(first, last int) bool {
	for _, g := range s.glyphs[first:last] {
		if !anyDigit(g) {
			return false
		}
	}
	return true
}

// lower returns the visible characters of the glyphs in lower case.
func (s *scan) lower(first, last int) string {
	var b strings.Builder
	for _, g := range s.glyphs[first:last] {
		if c := plainChar(g); c != 0 {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// speltOut looks for an identifier whose characters stand one by one at glyph i.
func (s *scan) speltOut(i, confidence int) bool {
	r := s.read(i)
	k, digits := 0, 0
	for k < r.n && k < 20 && (k == 0 || r.gaps[k] > 0 || r.kinds[k] != letter && r.kinds[k-1] != letter) {
		if r.kinds[k] != letter {
			digits++
		}
		k++
	}
	if k < 6 || !r.border(k) || digits == 0 {
		return false
	}
	s.take(WeChat, &r, k, k, confidence-10, "wechat@1")
	return true
}

// latin looks at the word of Latin letters that begins at glyph i: QQ, VX, WX,
// 加V, and the letters of papers.
func (s *scan) latin(i int) {
	if i+1 >= len(s.glyphs) {
		return
	}
	c, d := plainChar(s.glyphs[i]), plainChar(s.glyphs[i+1])
	switch {
	case c == 'q' && (s.qqLatin(i) || s.qqLetter(i)):
	case (c == 'v' || c == 'w') && s.weChatLatin(i, c, d):
	case c == 'p' && strings.EqualFold(s.chars(i, 8), "passport"):
		s.passport(s.englishNumber(i + 8))
	case s.networkAt(i), c == 's' && s.ssn(i), s.iban(i):
		return
	default:
		if s.paperAt(i) {
			return
		}
	}
	s.macOrV6(i)
}

// englishNumber returns where the words for number end that begin at glyph i, or
// behind a blank there: passport number, passport No.
func (s *scan) englishNumber(i int) int {
	k := i
	if k < len(s.glyphs) && s.glyphs[k].class == sep {
		k++
	}
	for _, w := range []string{"number", "num", "no", "id"} {
		if end := k + len(w); end < len(s.glyphs) && s.glyphs[end].class == sep && s.lower(k, end) == w {
			return end
		}
	}
	return i
}

// weChatLatin looks behind VX, WX, wechat, weixin, wxid and 加V.
func (s *scan) weChatLatin(i int, c, d byte) bool {
	gs := s.glyphs
	word := 0
	switch head := strings.ToLower(s.chars(i, 6)); {
	case strings.HasPrefix(head, "wxid_"):
		return s.identifier(i, true, 90)
	case head == "wechat" || head == "weixin":
		word = 6
		for _, end := range []string{"号", "hao", " hao", "id", " id", "ld", " ld", " no", " number", " account"} {
			if n := len([]rune(end)); strings.EqualFold(s.chars(i+6, n), end) && (i+6+n >= len(s.glyphs) || !tight(s.glyphs[i+6+n])) {
				word += n
				break
			}
		}
	case d == 'x' || c == 'v' && d == 'v':
		word = 2
	case c == 'v' && i > 0 && (gs[i-1].r == '加' || gs[i-1].r == '+' || gs[i-1].r == '家' || gs[i-1].r == '➕'):
		word = 1
	case c == 'v' && d == ':' && (i == 0 || s.glyphs[i-1].class == sep || s.glyphs[i-1].class == weak):
		if first, _ := s.behindWord(i + 1); first < 0 || !s.mixed(first) {
			return false
		}
		word = 1
	default:
		return false
	}
	k := i + word
	if k < len(gs) && tight(gs[k]) {
		// An identifier that touches the word: one with letters and digits.
		if gs[k].class == digit || word == 6 {
			return false
		}
		last := k
		digits, letters := 0, 0
		for last < len(gs) && last < k+21 && (tight(gs[last]) || gs[last].r == '_' || gs[last].r == '-') {
			if c := plainChar(gs[last]); c >= 'a' {
				letters++
			} else {
				digits++
			}
			last++
		}
		return digits > 0 && letters > 1 && s.identifier(k, true, 75)
	}
	return s.weChat(k, false)
}

// qqLatin looks behind QQ at glyph i, whose letters may stand apart.
func (s *scan) qqLatin(i int) bool {
	k := i + 1
	for k < len(s.glyphs) && k < i+3 && s.glyphs[k].class == sep {
		k++
	}
	if k >= len(s.glyphs) || plainChar(s.glyphs[k]) != 'q' {
		return false
	}
	return s.qq(k+1) || s.qqBefore(i)
}

// qqBefore looks for the number before the QQ at glyph i: 12345678是我的QQ.
func (s *scan) qqBefore(i int) bool {
	end, own := i, false
	for end > 0 && end > i-5 && strings.ContainsRune("是为我的", rune(s.glyphs[end-1].r)) {
		own = own || s.glyphs[end-1].r == '我'
		end--
	}
	first := end
	for first > 0 && first > end-12 && anyDigit(s.glyphs[first-1]) {
		first--
	}
	r := s.read(max(first, 0))
	if n := end - first; !own || n < 6 || n > 11 || r.fits(0, n) == 0 {
		return false
	}
	s.take(QQ, &r, 0, end-first, 80, "qq@1")
	return true
}

// qqLetter looks behind a Q that stands alone before a colon: Q:12345678.
func (s *scan) qqLetter(i int) bool {
	if i+1 >= len(s.glyphs) || s.glyphs[i+1].r != ':' || i > 0 && s.glyphs[i-1].class != sep && s.glyphs[i-1].class != weak && s.glyphs[i-1].r != '我' {
		return false
	}
	if first, _ := s.behindWord(i + 1); first < 0 || len(s.glyphs) < first+6 || !s.digitsOnly(first, first+6) {
		return false
	}
	return s.qq(i + 1)
}

// qqWord looks behind 扣扣, 企鹅 and Q号 that end with r at glyph i.
func (s *scan) qqWord(i int, r rune) {
	switch p := s.prev(i); {
	case r == '扣' && (p == '扣' || p == '口'), r == '蔻' && p == '蔻', r == '抠' && p == '抠', r == '鹅' && p == '企', r == '球' && p == '球' && i+1 < len(s.glyphs) && s.glyphs[i+1].r == '号':
		s.qq(i + 1)
	case r == '号' && (p == 'Q' || p == 'q') && (i < 2 || !tight(s.glyphs[i-2])):
		s.qq(i + 1)
	}
}

// companyWords stand before the lines of a company.
var companyWords = []string{"客服", "客户服务", "技术支持"}

// qq looks for the number behind the word that ends before glyph i: five to
// eleven digits. A group's number leads to its members and counts as well.
func (s *scan) qq(i int) bool {
	first, _ := s.behindWord(i)
	if first < 0 {
		return false
	}
	r := s.read(first)
	k := r.fits(0, 11, 10, 9, 8, 7, 6, 5)
	if k == 0 && r.n > 0 && r.gaps[min(1, maxReading-1)] > 0 {
		// Digits one by one, with a word behind them.
		for k < r.n && k < 11 && r.value[k] != 0 {
			k++
		}
	}
	if k < 5 || r.value[0] == '0' {
		return false
	}
	d := r.norm(0, k)
	if k == 5 && (d[:2] == "12" || d[:2] == "95" || d[:2] == "96") || measured(s.after(int32(r.ends[k-1]))) {
		return false // hotlines, quantities
	}
	if k == 10 && isService(d) && hasAny(s.before(int32(first)), companyWords) {
		return false // a company's line
	}
	if last := r.ends[k-1]; last < len(s.glyphs) && s.glyphs[last].r == '@' {
		return false
	}
	s.take(QQ, &r, 0, k, 85, "qq@1")
	return true
}
