package gate

import "strings"

// providers are the mail services whose name alone, with an ending, makes an
// address of what is otherwise doubtful. In the form of [same].
var providers = func() (list []string) {
	for _, name := range strings.Fields("qq.com vip.qq.com 163.com 126.com 139.com 189.cn yeah.net sina.com sina.cn sohu.com tom.com " +
		"21cn.com aliyun.com foxmail.com gmail.com hotmail.com outlook.com live.com live.cn msn.com icloud.com yahoo.com yahoo.cn " +
		"wo.cn 188.com 263.net chinaren.com proton.me protonmail.com") {
		list = append(list, same(strings.ReplaceAll(name, ".", "")))
	}
	return list
}()

// same maps look-alike characters of a mail domain to one form.
func same(s string) string {
	return strings.NewReplacer("l", "1", "i", "1", "o", "0").Replace(s)
}

// domainEnds are the endings that an address spelt out character by character
// is expected to have.
var domainEnds = []string{"com", "cn", "net", "org", "edu", "gov"}

// maxSpelt is how many separators may stand between the characters of an address
// that is spelt out; dots and underscores of the address are among them.
const maxSpelt = 2*maxGap + 1

// reach bounds how far from its @ an address may extend, in glyphs.
const reach = 96

// email looks for an address around glyph i, which is an @ or stands for one
// and ends before glyph next. sure says that it is an @ itself.
func (s *scan) email(i, next int, sure bool) {
	s.work.spend(reach)
	end, known := s.domain(next)
	if end == 0 && sure {
		end = s.hanDomain(next)
	}
	if end == 0 {
		s.brokenEmail(i, next, sure)
		return
	}
	if !known && !sure {
		return
	}
	begin, loose := s.localPart(i)
	for sure && begin == i && begin > 0 && i-begin < 8 && isHan(&s.glyphs[begin-1]) && end == s.hanDomain(next) {
		begin-- // 张三@例子.公司
	}
	switch {
	case begin < 0 || masked(s.glyphs[max(0, i-3):i]) && i-begin <= 6:
	case begin == i:
		if known {
			s.brokenEmail(i, next, sure)
		}
	default:
		confidence := pick(sure, 95, 80)
		if loose {
			confidence = pick(known, 80, 65)
		}
		s.note(Email, begin, end, confidence, "email@1")
	}
}

// masked reports whether gs is the mask of an earlier gate.
func masked(gs []glyph) bool {
	for _, g := range gs {
		if g.r != '*' {
			return false
		}
	}
	return len(gs) == 3
}

// note adds a hit whose normal form is its visible characters in lower case.
func (s *scan) note(typ string, first, last, confidence int, detector string) {
	var b strings.Builder
	for _, g := range s.glyphs[first:last] {
		if c := plainChar(g); c != 0 && (g.class != sep || g.r == '.' || g.r == '_' || g.r == '-') {
			b.WriteByte(c)
		}
	}
	s.hits = append(s.hits, hit{typ: typ, first: int32(first), last: int32(last), norm: b.String(), confidence: confidence, detector: detector})
}

// plainChar returns the lower-case ASCII form of g, or 0 when it has none.
func plainChar(g glyph) byte {
	switch {
	case g.class == hanDigit:
		return '0' + g.digit
	case g.r >= 'A' && g.r <= 'Z':
		return byte(g.r) | 0x20
	case g.r > ' ' && g.r < 0x7f:
		return byte(g.r)
	}
	return 0
}

// named reports whether g may be part of a name in an address: a letter or digit.
func named(g glyph) bool {
	return g.class == letter || g.class == digit || g.class == alike || g.class == hanDigit
}

// domain reads a mail domain at glyph i and returns where it ends, or 0; known
// says that it is a provider's.
func (s *scan) domain(i int) (end int, known bool) {
	if end, known = s.tightDomain(i); end > 0 {
		return end, known
	}
	return s.looseDomain(i)
}

// tightDomain reads labels with dots between them and at most one space at a dot.
func (s *scan) tightDomain(i int) (end int, known bool) {
	gs := s.glyphs
	var b strings.Builder
	for skipped := 0; i < len(gs) && dressing(gs[i]) && skipped < 2; skipped++ {
		i++
	}
	labels, letters, good := 0, 0, 0
	for n := 0; n < reach && i < len(gs); n++ {
		g := gs[i]
		switch {
		case named(g) && g.class != hanDigit:
			b.WriteByte(plainChar(g))
			letters = pick(g.class == digit, 0, letters+1)
			i++
			if labels > 0 && letters >= 2 {
				good = i
			}
			continue
		case g.r == '-' && b.Len() > 0 && i+1 < len(gs) && named(gs[i+1]):
			b.WriteByte('-')
			letters = 0
			i++
			continue
		}
		k, dots := i, 0
		for k < len(gs) && k < i+3 && (gs[k].r == '.' || gs[k].r == '。' || gs[k].r == '．' || gs[k].r == '·' || gs[k].r == ' ' || gs[k].r == '点') {
			if gs[k].r != ' ' {
				dots++
			}
			k++
		}
		if n := s.dotWord(i); n > 0 {
			k, dots = i+n, 1
		}
		if dots != 1 || k == len(gs) || !named(gs[k]) || gs[k].class == hanDigit || b.Len() == 0 {
			break
		}
		labels++
		letters = 0
		i = k
	}
	if good == 0 {
		return 0, false
	}
	return good, isProvider(same(strings.ReplaceAll(b.String(), "-", "")))
}

// hanEnds are the endings of domains in Chinese characters.
var hanEnds = []string{"中国", "公司", "网络", "网址", "中國", "com", "cn", "net"}

// hanDomain reads a domain with Chinese characters at glyph i and returns where it
// ends, or 0.
func (s *scan) hanDomain(i int) int {
	k := i
	for k < len(s.glyphs) && k < i+20 && (s.glyphs[k].class == word || s.glyphs[k].class == province || s.glyphs[k].class == hanDigit) {
		k++
	}
	if k == i || k+1 >= len(s.glyphs) || s.glyphs[k].r != '.' {
		return 0
	}
	for _, end := range hanEnds {
		n := len([]rune(end))
		if strings.EqualFold(s.chars(k+1, n), end) {
			return k + 1 + n
		}
	}
	return 0
}

// hosts are the mail services by whose name people call a mailbox.
var hosts = strings.Fields("qq 扣扣 163 126 139 189 网易 新浪 搜狐 foxmail gmail hotmail outlook 谷歌")

// mailbox looks for the name in a mailbox of a service that is named before 邮箱,
// which ends with glyph i: QQ邮箱12345678, 12345678的QQ邮箱.
func (s *scan) mailbox(i int) {
	before := strings.TrimSuffix(strings.ReplaceAll(s.before(int32(i)), "l", "1"), "邮")
	for _, host := range hosts {
		if !strings.HasSuffix(before, strings.ReplaceAll(host, "l", "1")) {
			continue
		}
		first, _ := s.behindWord(i + 1)
		if first < 0 {
			begin := i - 1 - len([]rune(host))
			if first = s.beforeWord(begin); first < 0 || begin >= len(s.glyphs) || s.glyphs[begin-1].r != '的' && s.glyphs[begin-1].class != sep {
				return
			}
		}
		last := first
		for last < len(s.glyphs) && last < first+reach && (tight(s.glyphs[last]) || s.glyphs[last].r == '_' || s.glyphs[last].r == '-' || s.glyphs[last].r == '.' && last+1 < len(s.glyphs) && tight(s.glyphs[last+1])) {
			last++
		}
		digits := false
		for _, g := range s.glyphs[first:last] {
			digits = digits || g.class == digit
		}
		if last-first < 5 || !digits || last < len(s.glyphs) && (s.glyphs[last].class == at || s.glyphs[last].r == '/') || s.inAddress(first) ||
			measured(s.after(int32(last))) {
			return
		}
		s.note(Email, first, last, 75, "mailbox@1")
		return
	}
}

// dotWord returns how many glyphs at i are a dot in words, with a mark on either
// side: (dot), [dot], " dot ". It is 0 where there is none.
func (s *scan) dotWord(i int) int {
	if i+5 > len(s.glyphs) || s.glyphs[i].class != sep || s.glyphs[i+4].class != sep || !strings.EqualFold(s.lower(i+1, i+4), "dot") {
		return 0
	}
	return 5
}

// dressing reports whether g may stand between an @ and what belongs to it: a
// blank, or a mark that makes text bold, code or a link.
func dressing(g glyph) bool {
	return g.r == ' ' || g.r == '*' || g.r == '`' || g.r == '[' || g.r == ']'
}

// isProvider reports whether the domain s, without dots, is that of a provider.
func isProvider(s string) bool {
	for _, p := range providers {
		if strings.HasPrefix(s, p) || strings.HasSuffix(s, p) {
			return true
		}
	}
	return false
}

// looseDomain reads a domain with anything between its characters that may
// separate them: a provider's, or one spelt out character by character.
func (s *scan) looseDomain(i int) (end int, known bool) {
	gs := s.glyphs
	var b strings.Builder
	var ends []int
	chunks, skipped := 0, 0
	for k := i; k < len(gs) && k < i+reach && len(ends) < reach/2; k++ {
		g := gs[k]
		if named(g) {
			if skipped > 0 || k == i {
				chunks++
			}
			skipped = 0
			b.WriteByte(plainChar(g))
			ends = append(ends, k+1)
			continue
		}
		if skipped++; skipped > maxSpelt || g.class == word && g.r != '的' && g.r != '点' || g.class == at {
			break
		}
	}
	text := b.String()
	folded := same(text)
	for _, p := range providers {
		if strings.HasPrefix(folded, p) {
			return ends[len(p)-1], true
		}
	}
	if chunks < 5 || chunks*2 < len(text) { // not spelt out
		return 0, false
	}
	last := 0
	for _, e := range domainEnds {
		if n := strings.LastIndex(text, e); n >= 2 {
			last = max(last, n+len(e))
		}
	}
	if last == 0 {
		return 0, false
	}
	return ends[last-1], false
}

// localPart returns where the name before the @ at glyph i begins: i when there
// is none. loose says that its characters stand apart.
func (s *scan) localPart(i int) (begin int, loose bool) {
	gs := s.glyphs
	k := i
	for k > 0 && k > i-2 && dressing(gs[k-1]) {
		k--
	}
	begin = k
	for begin > 0 && begin > i-reach && (named(gs[begin-1]) || strings.ContainsRune("._%+-", rune(gs[begin-1].r))) {
		begin--
	}
	for begin < k && !named(gs[begin]) {
		begin++
	}
	if k-begin > 1 {
		return begin, false
	}
	// Characters one by one: take each that stands alone, and the last group.
	begin = i
	for k = i; k > 0 && k > i-reach; {
		gap := 0
		for k > 0 && gap <= maxSpelt && !named(gs[k-1]) && (gs[k-1].class == sep || gs[k-1].class == weak || gs[k-1].r == '的') {
			k--
			gap++
		}
		if k == 0 || gap > maxSpelt || !named(gs[k-1]) {
			break
		}
		size := 0
		for k > 0 && named(gs[k-1]) {
			k--
			size++
		}
		if size > 1 && begin < i {
			break // a word before the spelt-out name
		}
		begin = k
		if size > 1 {
			break
		}
	}
	return begin, true
}

// brokenEmail looks for an address with words between its parts: too doubtful to
// mask, plain enough for a person to read.
func (s *scan) brokenEmail(i, next int, sure bool) {
	const far = 8
	if !sure {
		return
	}
	name := 0
	for k := i - 1; k >= 0 && k >= i-far-1 && name < 3; k-- {
		name = pick(named(s.glyphs[k]) && s.glyphs[k].class != hanDigit, name+1, 0)
	}
	if name < 3 {
		return
	}
	for k := next; k < len(s.glyphs) && k <= next+far; k++ {
		if !named(s.glyphs[k]) || k > 0 && named(s.glyphs[k-1]) {
			continue
		}
		end, known := s.domain(k)
		if known || end > 0 && !strings.EqualFold(s.chars(k, 4), "www.") {
			s.note(Email, max(0, i-far-1), end, 50, "email-broken@1")
			return
		}
	}
}

// chars returns the n folded characters at glyph k, or fewer at the end.
func (s *scan) chars(k, n int) string {
	var b strings.Builder
	for _, g := range s.glyphs[k:min(len(s.glyphs), k+n)] {
		b.WriteRune(rune(g.r))
	}
	return b.String()
}

// emails looks for everything that is, or is read aloud as, an @.
func (s *scan) emails() {
	gs := s.glyphs
	for i := range gs {
		switch g := gs[i]; {
		case g.class == at:
			s.email(i, i+1, true)
		case g.r == '#':
			s.email(i, i+1, false)
		case g.r == 'a' || g.r == 'A':
			// (a), 圈a, (at), [at], -at-, " at "
			if i > 0 && i+2 < len(gs) && gs[i-1].r == '(' && gs[i+1].r == ')' {
				s.email(i-1, i+2, false)
			}
			if i > 0 && i+1 < len(gs) && g.end-g.start == 3 && gs[i-1].end-gs[i-1].start == 1 && gs[i+1].end-gs[i+1].start == 1 {
				s.email(i, i+1, false) // ⓐ among plain letters
			}
			if i > 0 && gs[i-1].r == '圈' {
				s.email(i-1, i+1, false)
			}
			if i > 0 && i+2 < len(gs) && (gs[i+1].r == 't' || gs[i+1].r == 'T') && gs[i-1].class == sep && gs[i+2].class == sep {
				s.email(i-1, i+3, false)
			}
		case (g.r == '艾' || g.r == '爱') && i+1 < len(gs) && gs[i+1].r == '特':
			s.email(i, i+2, false)
		}
	}
}
