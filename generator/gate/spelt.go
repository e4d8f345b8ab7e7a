package gate

import "strings"

// What people read as digits at once and no numeral: the digits in Pinyin (yao
// san ba), in English, as Roman numerals, as letters that look like them in the
// middle of a number, and as characters that sound like them.

// digitWords are the spellings in Latin letters, l and o as they are.
var digitWords = func() map[string]byte {
	m := map[string]byte{}
	for d, words := range strings.Split("ling dong zero oh;yi yao one;er liang two;san three;si four;wu five;liu lu six;qi guai seven;ba eight;jiu gou nine", ";") {
		for _, w := range strings.Fields(words) {
			m[w] = '0' + byte(d)
		}
	}
	return m
}()

// longestWord is the length of the longest of them.
const longestWord = 5

// romans are the Roman numerals, with l for I.
var romans = map[string]byte{"l": '1', "ll": '2', "lll": '3', "lv": '4', "v": '5', "vl": '6', "vll": '7', "vlll": '8', "lx": '9'}

// sounds holds, by the character from firstHan on, the digit that it sounds like, or
// 0. It is asked for every character of a text, which a map would be slow at.
var sounds = func() (table [lastHan - firstHan + 1]byte) {
	for d, chars := range strings.Fields("零令灵铃林凌 要腰邀妖夭衣医依 儿尔耳而俩 伞散 死司丝私思斯 武舞无午屋吴勿 溜刘留柳榴 妻期其起骑棋漆 吧爸扒把 酒久就旧韭狗") {
		for _, r := range chars {
			table[r-firstHan] = '0' + byte(d)
		}
	}
	return table
}()

// The first and the last of the unified ideographs that are looked up.
const firstHan, lastHan = '一', '\u9fff'

// soundOf returns the digit that a character sounds like, or 0.
func soundOf(r uint16) byte {
	if r < firstHan || r > lastHan {
		return 0
	}
	return sounds[r-firstHan]
}

// toneless returns the letter that carries the tone mark of r in Pinyin, or 0.
func toneless(r uint16) byte {
	for _, group := range []string{"aāáǎà", "eēéěè", "iīíǐì", "oōóǒò", "uūúǔùü"} {
		if strings.ContainsRune(group[1:], rune(r)) {
			return group[0]
		}
	}
	return 0
}

// syllable is one digit of a number that is spelt out.
type syllable struct {
	first, last int32 // glyphs
	kind        spelling
}

// spelling says how a digit is written.
type spelling uint8

const (
	asDigit  spelling = iota
	asWord            // a word or a Roman numeral
	asLetter          // a letter that looks like it
	asSound           // a character that sounds like it
	spellings
)

// maxLetters is how many letters together are read as digits: 19 of the longest
// words.
const maxLetters = longest * longestWord

// spelt looks for numbers of which some digits are spelt out.
func (s *scan) spelt() {
	s.work.spend(4 * len(s.glyphs))
	var run []syllable
	var digits []byte
	words, gap := 0, 0
	flush := func() {
		if len(run) >= 11 && words >= minSpelt {
			s.speltNumbers(run, string(digits))
		}
		run, digits, words, gap = run[:0], digits[:0], 0, 0
	}
	add := func(first, last int, d byte, kind spelling) {
		run, digits = append(run, syllable{int32(first), int32(last), kind}), append(digits, d)
		if gap = 0; kind != asDigit {
			words++
		}
	}
	for i := 0; i < len(s.glyphs); {
		g := s.glyphs[i]
		if anyDigit(g) {
			add(i, i+1, '0'+g.digit, asDigit)
			i++
			continue
		}
		if s.spells(i) != 0 {
			i = s.speltLetters(i, add, flush)
			continue
		}
		if d := soundOf(g.r); d != 0 {
			add(i, i+1, d, asSound)
			i++
			continue
		}
		if gap++; g.class != sep && g.class != weak || g.r == '。' || gap > maxGap {
			flush()
		}
		i++
	}
	flush()
}

// minSpelt is how many digits must be spelt out; with fewer the other detectors
// find the number.
const minSpelt = 1

// spells returns the lower-case letter that glyph i is in a word, or 0.
func (s *scan) spells(i int) byte {
	switch g := s.glyphs[i]; {
	case g.class == letter || g.class == alike:
		return plainChar(g)
	case g.class == word && g.r >= 0xe0 && g.r < 0x1e0:
		return toneless(g.r)
	}
	return 0
}

// speltLetters reads the letters that begin at glyph i as digits, and returns
// where they end. What spells no digits ends the number.
func (s *scan) speltLetters(i int, add func(first, last int, d byte, kind spelling), flush func()) int {
	var b []byte
	end := i
	for end < len(s.glyphs) {
		c := s.spells(end)
		if c == 0 {
			break
		}
		if len(b) <= maxLetters {
			b = append(b, c)
		}
		end++
	}
	text := string(b)
	if d := romans[text]; d != 0 {
		add(i, end, d, asWord)
		return end
	}
	if len(text) == 1 && i > 0 && end < len(s.glyphs) && anyDigit(s.glyphs[i-1]) && anyDigit(s.glyphs[end]) {
		if k := strings.IndexByte("ozsbgq", text[0]); k >= 0 {
			add(i, end, "025869"[k], asLetter)
			return end
		}
	}
	var ends [maxLetters]int
	var values [maxLetters]byte
	n := 0
	for k := 0; k < len(text); {
		w := min(longestWord, len(text)-k)
		for w > 1 && digitWords[text[k:k+w]] == 0 {
			w--
		}
		if w <= 1 || n == maxLetters || len(text) > maxLetters {
			flush()
			return end
		}
		values[n], ends[n] = digitWords[text[k:k+w]], k+w
		n++
		k += w
	}
	first := i
	for k := range n {
		add(first, i+ends[k], values[k], asWord)
		first = i + ends[k]
	}
	return end
}

// speltNumbers looks for numbers in a run of digits of which some are spelt out.
func (s *scan) speltNumbers(run []syllable, digits string) {
	for i := 0; i+11 <= len(run); {
		i += max(1, s.speltAt(run, digits, i))
	}
}

// inDigits reports whether place i lies between two digits that touch: no number
// begins or ends there.
func inDigits(run []syllable, i int) bool {
	return i > 0 && i < len(run) && run[i-1].kind == asDigit && run[i].kind == asDigit && run[i-1].last == run[i].first
}

// speltAt looks for a number that begins with digit i of the run, and returns how
// many digits it has.
func (s *scan) speltAt(run []syllable, digits string, i int) int {
	for _, n := range []int{18, 11} {
		if i+n > len(run) || inDigits(run, i) || inDigits(run, i+n) {
			continue
		}
		d, typ := digits[i:i+n], ""
		switch {
		case n == 11 && isMobile(d):
			typ = Mobile
		case n == 18 && s.birthKnown(d) && (idChecksum(d) || len(run) == n):
			typ = IDCard
		default:
			continue
		}
		var count [spellings]int
		for _, x := range run[i : i+n] {
			count[x.kind]++
		}
		confidence := 0
		named := hasAny(s.before(run[i].first), pick(typ == Mobile, phoneWords, idWords))
		switch {
		case count[asSound] > 0: // ordinary words, were there fewer
			if n-count[asDigit] >= 4 || named && run[i].kind == asDigit {
				confidence = pick(named, 65, 45)
			}
		case count[asWord] > 2:
			confidence = 75
		case count[asWord]+count[asLetter] > 0 && named:
			confidence = pick(count[asLetter] > 2, 0, 65)
		}
		if confidence > 0 && !s.inAddress(int(run[i].first)) {
			s.hits = append(s.hits, hit{typ: typ, first: run[i].first, last: run[i+n-1].last, norm: d, confidence: confidence, detector: "spelt@1"})
			return n
		}
	}
	return 0
}
