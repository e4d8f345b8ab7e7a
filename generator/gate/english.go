package gate

import "strings"

// Names in English stand behind words that announce them. What they are is not known,
// so all of them are for a person to judge.

// englishLeads announce a name; those in the second list want a name of two words.
var (
	englishLeads  = strings.Fields("mynameis mrs mr ms contact: name:")
	englishLonger = strings.Fields("lam l'm dr dear") // I looks like l
)

// englishOthers are capitalised words behind them that are no names.
var englishOthers = strings.Fields("sir sirs madam customer customers resident residents neighbor neighbors mayor team all friend friends department dept office center centre service services city county agency " +
	"police fire board council division bureau public the a an not very your our chinese american unknown none n/a tel phone email mobile fax wechat qq app wifi id no name unit community property company")

// The bounds of such a name.
const (
	englishBack  = 14 // characters of the words before it
	englishWords = 3
	englishWidth = 32
)

// englishName looks for a name in English whose first word begins at glyph i, in a
// capital letter.
func (s *scan) englishName(i int) {
	gs := s.glyphs
	if i == 0 || !s.capital(i) || isLatin(&gs[i-1]) || gs[i-1].r != ' ' && gs[i-1].r != ':' {
		return
	}
	lead := s.englishLead(i)
	if lead == 0 {
		return
	}
	words, j := 0, i
	for k := i; k < len(gs) && k-i < englishWidth && words < englishWords; {
		from := k
		for k < len(gs) && k-i < englishWidth && (isLatin(&gs[k]) || gs[k].r == '\'' || gs[k].r == '-') {
			k++
		}
		word := strings.ToLower(s.chars(from, k-from))
		if k == from || !s.capital(from) || k < len(gs) && named(gs[k]) {
			break
		}
		for _, o := range englishOthers {
			if word == o {
				return
			}
		}
		words++
		j = k
		if k < len(gs) && gs[k].r == '.' && k-from == 1 {
			k++ // J. Smith
		}
		if k < len(gs) && gs[k].r == ' ' {
			k++
		}
	}
	if words < lead || j-i < 2 {
		return
	}
	s.keep(person{first: int32(i), last: int32(j), gain: mostBefore, sure: true, confidence: 50, detector: "name-english@1"})
}

// capital reports whether a capital letter stands at glyph i, as it is typed: an I folds
// to what looks like it.
func (s *scan) capital(i int) bool {
	g := &s.glyphs[i]
	if !isLatin(g) {
		return false
	}
	if g.class == letter || int(g.start) >= len(s.plain) {
		return g.r >= 'A' && g.r <= 'Z'
	}
	c := s.plain[g.start]
	return c >= 'A' && c <= 'Z'
}

// englishLead returns how many words a name at glyph i must have to be announced by what
// stands before it, and 0 where nothing announces it.
func (s *scan) englishLead(i int) int {
	s.work.spend(englishBack)
	var b [englishBack]byte
	n := len(b)
	for k := i - 1; k >= 0 && n > 0; k-- {
		g := &s.glyphs[k]
		switch {
		case g.r >= utf8Self || g.r == '\n':
			k = 0
			continue
		case g.r == ' ' || g.r == '.' && k == i-2:
			continue
		case g.class == letter || g.class == alike:
			n--
			b[n] = byte(g.r) | 0x20
			if k > 0 && s.glyphs[k-1].r >= utf8Self {
				k = 0
			}
		default:
			n--
			b[n] = byte(g.r)
		}
	}
	text := string(b[n:])
	if endsInAny(text, englishLeads) && s.leadAlone(i) {
		return 1
	}
	if endsInAny(text, englishLonger) && s.leadAlone(i) {
		return 2
	}
	return 0
}

// leadAlone reports whether the word before glyph i, and before the blanks and marks
// there, is none of those that end in one by chance: firms, I am of Miami.
func (s *scan) leadAlone(i int) bool {
	k := i
	for k > 0 && !isLatin(&s.glyphs[k-1]) {
		k--
	}
	n := k
	for n > 0 && (isLatin(&s.glyphs[n-1]) || s.glyphs[n-1].r == '\'') {
		n--
	}
	switch word := strings.ToLower(s.chars(n, k-n)); word {
	case "mr", "mrs", "ms", "dr", "dear", "is", "contact", "name", "am", "l'm":
		return i-k > 0
	}
	return false
}

// scriptName looks for a name in letters of another script, or in Latin ones that are no
// Pinyin, in a place at glyph i that is there for a name: 我叫Batu, 姓名：Абдулла.
func (s *scan) scriptName(i int) {
	gs := s.glyphs
	if s.han[i] != 0 || i == 0 || otherScript(&gs[i-1], s.plain) || isLatin(&gs[i-1]) {
		return
	}
	foreign := otherScript(&gs[i], s.plain)
	if !foreign && !s.capital(i) {
		return
	}
	left := s.clueBefore(i)
	if !left.sure || !left.slot && left.bits < mostBefore/2 {
		return
	}
	j, small := i, 0
	for j < len(gs) && j-i < englishWidth {
		g := &gs[j]
		switch {
		case foreign && (otherScript(g, s.plain) || g.r == ' ' && j+1 < len(gs) && otherScript(&gs[j+1], s.plain)):
		case !foreign && isLatin(g):
			if !s.capital(j) {
				small++
			} else if j > i && gs[j-1].r != ' ' {
				return // vivoX9, APP
			}
		case !foreign && g.r == ' ' && j+1 < len(gs) && s.capital(j+1):
		default:
			if g.class == digit && !foreign {
				return
			}
			goto done
		}
		j++
	}
done:
	if j-i < 2 || !foreign && small < 2 {
		return
	}
	for _, o := range englishOthers {
		if !foreign && strings.EqualFold(o, s.chars(i, j-i)) {
			return
		}
	}
	s.keep(person{first: int32(i), last: int32(j), gain: mostBefore, sure: true, confidence: 50, detector: "name-script@1"})
}

// otherScript reports whether the character of the plain text that g stands for is a
// Cyrillic, Arabic, Tibetan or Mongolian one, which may fold to something else.
func otherScript(g *glyph, plain string) bool {
	if g.end-g.start < 2 || int(g.end) > len(plain) {
		return false
	}
	switch b, c := plain[g.start], plain[g.start+1]; {
	case b >= 0xd0 && b <= 0xd4, b >= 0xd8 && b <= 0xdd:
		return true
	case b == 0xe0:
		return c >= 0xbc && c <= 0xbf
	case b == 0xe1:
		return c >= 0xa0 && c <= 0xa2
	}
	return false
}
