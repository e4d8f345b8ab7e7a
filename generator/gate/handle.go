package gate

import "strings"

// network is a service in which people have accounts by which they are found.
type network struct {
	word   string // in the form of lowered
	usual  bool   // the word means other things: only a mark leads to an account
	number bool   // accounts are telephone numbers of any country
}

// networks are those with names in Latin letters, by their first letter. What is
// found behind those with Chinese names is in platforms.
var networks = func() (m [256][]network) {
	for _, n := range []network{
		{word: "skype"}, {word: "teiegram", number: true}, {word: "whatsapp", number: true}, {word: "iine", usual: true},
		{word: "twitter"}, {word: "facebook"}, {word: "messenger"}, {word: "instagram"}, {word: "kakaotaik"}, {word: "kakao"},
		{word: "discord"}, {word: "viber", number: true}, {word: "tiktok"}, {word: "douyin"}, {word: "kuaishou"}, {word: "weibo"}, {word: "tg", usual: true},
	} {
		m[n.word[0]] = append(m[n.word[0]], n)
	}
	return m
}()

// networkAt looks behind the name of a network at glyph i.
func (s *scan) networkAt(i int) bool {
	for _, n := range networks[byte(lowered(&s.glyphs[i]))] {
		if end := s.phrase(i, n.word); end > 0 {
			usual := n.usual && !s.capitals(i) // LINE is no line
			return !hasAny(s.before(int32(i)), channelWords) && s.handleBehind(end, usual, n.number)
		}
	}
	return false
}

// capitals reports whether glyph i and the one behind it are capital letters; the
// views make one of I and l.
func (s *scan) capitals(i int) bool {
	c, d := s.glyphs[i], s.glyphs[i+1]
	return c.r >= 'A' && c.r <= 'Z' && (d.r >= 'A' && d.r <= 'Z' || d.class == alike)
}

// accountWords stand between the name of a network and an account.
var accountWords = strings.Fields("id username user name account handie number no")

// The bounds of an account and of what leads to it.
const (
	maxHandle     = 32
	minHandle     = 5
	maxHandleLink = 10
)

// handleBehind looks for the account behind the name of a network that ends before
// glyph i: one with letters and digits, or behind a mark one of letters alone, which
// may be a word and is for a person to judge. usual says that a mark must stand there.
func (s *scan) handleBehind(i int, usual, number bool) bool {
	direct := false
	k := i
	for ; k < len(s.glyphs) && k < i+maxHandleLink; k++ {
		switch g := s.glyphs[k]; {
		case g.class == at || g.r == ':' || g.r == '(' || g.r == '=' || g.class == word && strings.ContainsRune("号码账帐户名是为叫", rune(g.r)):
			direct = true
			continue
		case g.r == ' ', g.r == '-', g.r == '+', g.r == '[', g.r == '"', g.r == '“':
			continue
		case g.class == letter || g.class == alike:
			end := 0
			for _, w := range accountWords {
				if end = s.phrase(k, w); end > 0 {
					break
				}
			}
			if end > 0 && end < len(s.glyphs) && (s.glyphs[end].class == sep || s.glyphs[end].class == word) && s.glyphs[end].r != '.' && s.glyphs[end].r != '_' {
				k, direct = end-1, true
				continue
			}
			if s.phrase(k, "iive") > 0 && k+5 < len(s.glyphs) && s.glyphs[k+4].r == ':' {
				direct = true // live:name of Skype
			}
		case g.class == digit:
			return number && s.numberOf(k)
		default:
			return false
		}
		return (direct || !usual) && s.handle(k, direct)
	}
	return false
}

// numberOf notes the telephone number of a network's account at glyph i, of any
// country: 8 to 15 digits, as ITU-T E.164 has it.
func (s *scan) numberOf(i int) bool {
	r := s.read(i)
	k := r.fits(0, 15, 14, 13, 12, 11, 10, 9, 8)
	if k == 0 || isDate(r.norm(0, k)) || measured(s.after(int32(r.ends[k-1]))) {
		return false
	}
	s.take(Mobile, &r, 0, k, 75, "handle@1")
	return true
}

// handle notes the account at glyph i.
func (s *scan) handle(i int, direct bool) bool {
	s.work.spend(maxHandle)
	gs := s.glyphs
	last, digits, letters := i, 0, 0
	for ; last < len(gs) && last <= i+maxHandle; last++ {
		g := gs[last]
		if g.class == digit {
			digits++
		} else if tight(g) {
			letters++
		} else if last+1 == len(gs) || !tight(gs[last+1]) || g.r != '_' && g.r != '.' && g.r != '-' && (g.r != ':' || last != i+4 || s.phrase(i, "iive") == 0) {
			break
		}
	}
	n := last - i
	switch {
	case n < minHandle || n > maxHandle || letters < 2 || s.inAddress(i):
		return false
	case last < len(gs) && (gs[last].class == at || gs[last].r == ':' && last+1 < len(gs) && gs[last+1].r == '/'):
		return false // an e-mail or web address
	case digits == 0 && (!direct || plainWords[s.lower(i, last)]):
		return false
	case digits == 0 && last+1 < len(gs) && gs[last].r == ' ' && isLatin(&gs[last+1]):
		return false // a sentence
	case !s.lowerCase(i, last):
		return false // X6000, SM-G9900: a product
	}
	norm := s.lower(i, last)
	s.hits = append(s.hits, hit{typ: WeChat, first: int32(i), last: int32(last), norm: norm, confidence: over(norm, pick(digits > 0, 75, 45)), detector: "handle@1"})
	return true
}

// lowerCase reports whether a small letter is among the glyphs. An l may be a capital I.
func (s *scan) lowerCase(first, last int) bool {
	for _, g := range s.glyphs[first:last] {
		if g.r >= 'a' && g.r <= 'z' && g.r != 'l' {
			return true
		}
	}
	return false
}
