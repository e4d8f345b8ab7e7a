package gate

import "strings"

// others looks for the structured identifiers beside numbers, e-mail addresses
// and plates. seen says which classes of character the text has.
//
// Most of them have no shape of their own: a word announces them (微信号 abc123),
// so that one walk over the text stops at the characters that such words end with
// and reads what follows.
//
// Text with links of Markdown in it is looked through once more without where
// they lead, since readers see 138[1234](#a)5678 as one number.
func (s *scan) others(seen [several + 1]bool) {
	s.identifiers(seen)
	s.spelt()
	s.unlinked(seen)
}

// identifiers looks through the glyphs as they are.
func (s *scan) identifiers(seen [several + 1]bool) {
	digits := seen[digit] || seen[hanDigit]
	if !digits && !seen[letter] {
		return // nothing that an identifier could be made of
	}
	var near areas
	for i := range s.glyphs {
		switch r := s.glyphs[i].r; {
		case r == '°' || r == '度':
			if digits {
				s.degrees(i, &near)
			}
		case r >= utf8Self:
			s.announcedBy(i, rune(r), digits)
		case r == '/':
			if i >= 2 && s.glyphs[i-1].r == '/' && s.glyphs[i-2].r == ':' {
				s.webURL(i+1, i-2)
			}
		case r == '.':
			if s.ciscoMAC(i) {
				continue
			}
			if digits && s.digitAt(i-1) || i > 1 && s.glyphs[i-1].r == ' ' && s.digitAt(i-2) {
				s.decimal(i, &near)
			} else if i >= 3 && s.www(i-3) {
				s.webURL(i+1, i-3)
			}
		case r == ':':
			s.colon(i)
		case r == '-':
			if digits || seen[letter] {
				s.macAt(i)
			}
		case s.glyphs[i].class == letter && (i == 0 || !named(s.glyphs[i-1])):
			s.latin(i)
		case s.glyphs[i].class == alike && (i == 0 || !named(s.glyphs[i-1])) && i+1 < len(s.glyphs) && isLatin(&s.glyphs[i+1]):
			_ = s.networkAt(i) || s.iban(i) // what begins with an I or an l
		}
	}
}

const utf8Self = 0x80

// announcedBy looks behind a word that ends with, or is known by, the character
// r at glyph i.
func (s *scan) announcedBy(i int, r rune, digits bool) {
	switch r {
	case '照':
		if s.prev(i) == '护' {
			s.passport(i + 1)
		}
	case '证':
		s.permit(i)
	case '信':
		s.weChatWord(i)
	case '号':
		s.qqWord(i, r)
		s.platform(i)
		s.registered(i)
		s.ssnHan(i)
	case '扣', '鹅', '蔻', '抠', '球':
		s.qqWord(i, r)
	case '卡':
		if s.prev(i) == '保' { // 社保卡, 医保卡
			if first, direct := s.behindWord(i + 1); first >= 0 {
				s.permitAt(first, insuranceCard, direct)
			}
		}
	case '牌':
		s.plateBehind(i)
	case '话', '机', '真', '线':
		s.misread(i)
	case '箱':
		if s.prev(i) == '邮' {
			s.mailbox(i)
		}
	case '微', '薇', '星', '泡':
		s.sign(i)
	case '音', '手', '书', '博', '报', '特':
		s.platformName(i)
	case '单', '递', '裹', '票':
		if digits {
			s.order(i, r)
		}
	}
}

// prev returns the character before glyph i that is no blank, or 0.
func (s *scan) prev(i int) rune {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if r := s.glyphs[k].r; r != ' ' {
			return rune(r)
		}
	}
	return 0
}

// maxReading is the longest identifier that is read, in characters.
const maxReading = 34

// reading is an identifier as it stands in the text: letters and digits with at
// most [maxGap] separators between two of them.
type reading struct {
	first int             // glyph
	ends  [maxReading]int // glyph behind each character
	gaps  [maxReading]int // separators before each character
	kinds [maxReading]class
	text  [maxReading]byte // upper case; look-alikes as the letters O and L
	value [maxReading]byte // the digit that each character is or looks like, else 0
	n     int
}

// read reads the identifier at glyph i.
func (s *scan) read(i int) (r reading) {
	s.work.spend(maxReading)
	r.first = i
	gap, stars := 0, 0
	blank := false
	for k := i; k < len(s.glyphs) && r.n < maxReading; k++ {
		g := s.glyphs[k]
		if named(g) {
			r.ends[r.n], r.gaps[r.n], r.kinds[r.n] = k+1, gap, g.class
			if g.class != letter {
				r.value[r.n] = '0' + g.digit
			}
			switch c := plainChar(g); {
			case c >= 'a' && c <= 'z':
				r.text[r.n] = c &^ 0x20
			default:
				r.text[r.n] = c
			}
			r.n++
			gap, stars, blank = 0, 0, false
			continue
		}
		if g.r == '*' {
			if stars++; stars > maxStars {
				return r // a mask
			}
		}
		if white := g.r == ' ' || g.r == '\n'; white && blank {
			continue
		} else if blank = white; g.class != sep {
			return r
		}
		if gap++; gap > maxGap {
			return r
		}
	}
	return r
}

// border reports whether an identifier may end before character k: where the
// reading ends, a separator stands, or the numerals change to those of prose.
func (r *reading) border(k int) bool {
	return k == r.n && k < maxReading || k < r.n && (r.gaps[k] > 0 || (r.kinds[k] == hanDigit) != (r.kinds[k-1] == hanDigit))
}

// fits reports how many characters the reading has where it is so many letters
// and then one of the numbers of digits, the first that fits; 0 where none does.
func (r *reading) fits(letters int, digits ...int) int {
	for k := range letters {
		if k >= r.n || r.kinds[k] != letter && r.kinds[k] != alike {
			return 0
		}
	}
	for _, n := range digits {
		k, real := letters, 0
		for k < r.n && k < letters+n && r.value[k] != 0 {
			if r.kinds[k] != alike {
				real++
			}
			k++
		}
		if k == letters+n && r.border(k) && real*2 >= n {
			return k
		}
	}
	return 0
}

// norm returns the first k characters, digits in the places of look-alikes
// behind the letters.
func (r *reading) norm(letters, k int) string {
	b := make([]byte, k)
	for i := range k {
		if b[i] = r.text[i]; i >= letters && r.value[i] != 0 {
			b[i] = r.value[i]
		}
	}
	return string(b)
}

// take notes the first k characters of a reading.
func (s *scan) take(typ string, r *reading, letters, k, confidence int, detector string) {
	last := r.ends[k-1]
	if s.creditCodeAt(r.first, last) || s.inAddress(r.first) {
		return
	}
	norm := r.norm(letters, k)
	s.hits = append(s.hits, hit{typ: typ, first: int32(r.first), last: int32(last), norm: norm, confidence: over(norm, confidence), detector: detector})
}

// over returns a confidence above that of a service line where the datum holds
// what would be one: it passes by itself, and must not pass as part of this.
func over(norm string, confidence int) int {
	for i := 0; i+10 <= len(norm); i++ {
		if isService(norm[i : i+10]) {
			return 96
		}
	}
	return confidence
}

// leadWords stand between a word that announces an identifier and the identifier.
const leadWords = "号码字是为的您我本人有叫即该证件编帐账户名在加了个他她如下持码分别系群友:"

// maxLink is how many characters may stand there.
const maxLink = 8

// behindWord returns the glyph at which an identifier announced by the word that
// ends before glyph i may begin, and -1 where other words come first. direct says
// that a mark or a word such as 号 or 是 leads to it.
func (s *scan) behindWord(i int) (first int, direct bool) {
	commas := 0
	for k := i; k < len(s.glyphs) && k < i+maxLink; k++ {
		switch g := s.glyphs[k]; {
		case named(g):
			return k, direct
		case g.class == weak:
			if commas++; commas > 1 || g.r == '。' || g.r == '!' || g.r == '?' {
				return -1, false
			}
		case g.class == sep:
			direct = direct || g.r == ':' || g.r == '(' || g.r == '='
		case strings.ContainsRune(leadWords, rune(g.r)):
			direct = true
		default:
			return -1, false
		}
	}
	return -1, false
}

// beforeWord returns the glyph at which an identifier begins that ends just
// before glyph i, with at most two linking characters between, and -1 where
// there is none.
func (s *scan) beforeWord(i int) int {
	k := i
	for k > 0 && k > i-3 && !named(s.glyphs[k-1]) {
		if g := s.glyphs[k-1]; g.class != sep && g.r != '号' && g.r != '的' {
			return -1
		}
		k--
	}
	first := k
	for first > 0 && first > k-maxReading && named(s.glyphs[first-1]) {
		first--
	}
	if first == k || k-first == maxReading {
		return -1
	}
	return first
}

// wholeToken returns the letters and digits that stand together around the
// glyphs from first to last, both moved outwards.
func (s *scan) wholeToken(first, last int) (int, int) {
	for first > 0 && last-first <= maxReading && tight(s.glyphs[first-1]) {
		first--
	}
	for last < len(s.glyphs) && last-first <= maxReading && tight(s.glyphs[last]) {
		last++
	}
	return first, last
}

// tight reports whether g is a letter or an Arabic digit, or looks like one.
func tight(g glyph) bool { return g.class == letter || g.class == digit || g.class == alike }

// creditCodeAt reports whether the glyphs are part of a unified social credit
// code, which is public.
func (s *scan) creditCodeAt(first, last int) bool {
	first, last = s.wholeToken(first, last)
	if last-first != 18 {
		return false
	}
	var b [18]byte
	letters := false
	for i := range b {
		g := s.glyphs[first+i]
		c := plainChar(g)
		if g.class == letter {
			c, letters = c&^0x20, true
		} else {
			c = '0' + g.digit
		}
		b[i] = c
	}
	return letters && creditCode(string(b[:]))
}
