package gate

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// wordGroup names a group of words with one meaning to the rules.
type wordGroup uint8

// near asks for a word of a group close to another word: at most so many
// characters before it and behind it, within the same sentence.
type near struct {
	group          wordGroup
	before, behind int32
}

// wordRule says when the words of a text give a reason to hold it: a word of the
// first group, with one of each group that it needs close by and none of those
// that take its meaning away.
type wordRule struct {
	reason string
	word   wordGroup
	needs  []near
	unless []near
}

// wordRules look through texts for the words of some groups and judge them.
type wordRules struct {
	rules [256][]wordRule // by their first group
	words [][]groupWord   // by first character, longest first
	first [1 << 16]uint16 // one more than the place in words of each first character
	stop  wordGroup       // of the marks that end a sentence
	age   wordGroup       // of the ages below 14; 0 where none are looked for
	mute  wordGroup       // of words that hide the words in them
}

// groupWord is a word without its first character.
type groupWord struct {
	rest  []uint16
	group wordGroup
	latin bool // it must not be a part of a longer word
}

// wordMark is a word that was found, by its glyphs.
type wordMark struct {
	at, end int32
	group   wordGroup
}

func newWordRules(stop, age, mute wordGroup, words map[wordGroup]string, rules []wordRule) *wordRules {
	w := &wordRules{stop: stop, age: age, mute: mute}
	for _, group := range slices.Sorted(maps.Keys(words)) {
		for word := range strings.FieldsSeq(words[group]) {
			rs := []rune(strings.NewReplacer("_", " ", "l", "i").Replace(word))
			g := groupWord{group: group, latin: rs[0] < 0x80}
			for _, r := range rs[1:] {
				g.rest = append(g.rest, uint16(r))
			}
			place := &w.first[uint16(rs[0])]
			if *place == 0 {
				w.words = append(w.words, nil)
				*place = uint16(len(w.words))
			}
			w.words[*place-1] = append(w.words[*place-1], g)
		}
	}
	for _, list := range w.words { // what hides goes first
		slices.SortStableFunc(list, func(a, b groupWord) int {
			switch {
			case a.group == mute && b.group != mute:
				return -1
			case b.group == mute && a.group != mute:
				return 1
			}
			return cmp.Compare(len(b.rest), len(a.rest))
		})
	}
	for _, rule := range rules {
		w.rules[rule.word] = append(w.rules[rule.word], rule)
	}
	return w
}

// marks appends the words found in the glyphs to dst, in their order.
//
// A word of one character counts only outside the longer words: 患 in 隐患 is no
// illness.
func (w *wordRules) marks(dst []wordMark, gs []glyph) []wordMark {
	until, muted := 0, 0 // the ends of the longer word and of one that hides
	for i := range gs {
		r := lowered(&gs[i])
		switch r {
		case '。', '!', '?', ';', '！', '？', '；':
			dst = append(dst, wordMark{int32(i), int32(i + 1), w.stop})
		case '岁', '歲':
			if w.age != 0 && age(gs[:i]) < 14 {
				dst = append(dst, wordMark{int32(i), int32(i + 1), w.age})
			}
		}
		if w.first[r] == 0 {
			continue
		}
		for _, word := range w.words[w.first[r]-1] {
			if word.latin && i > 0 && latinGlyph(&gs[i-1]) {
				continue
			}
			n := wordLength(gs[i+1:], word.rest, word.latin)
			if n < 0 || word.latin && i+1+n < len(gs) && latinGlyph(&gs[i+1+n]) {
				continue
			}
			if len(word.rest) == 0 && i < until || i < muted && word.group != w.mute {
				continue
			}
			until = max(until, i+1+n*min(1, len(word.rest)))
			if word.group == w.mute {
				muted = i + 1 + n
			}
			dst = append(dst, wordMark{int32(i), int32(i + 1 + n), word.group})
		}
	}
	return dst
}

// wordLength returns how many glyphs the word takes at the start of gs, and -1 when it
// does not stand there. Within a word of Han characters separators are looked
// through.
func wordLength(gs []glyph, word []uint16, latin bool) int {
	i := 0
	for _, r := range word {
		for !latin && i < len(gs) && gs[i].class == sep && gs[i].r != r {
			if i++; i > 3*len(word) {
				return -1
			}
		}
		if i == len(gs) || lowered(&gs[i]) != r {
			return -1
		}
		i++
	}
	return i
}

// lowered returns the character of a glyph, Latin letters in lower case. The views
// make one of I and l, and so the words do.
func lowered(g *glyph) uint16 {
	r := g.r
	if r >= 'A' && r <= 'Z' {
		r |= 0x20
	}
	if r == 'l' {
		return 'i'
	}
	return r
}

func latinGlyph(g *glyph) bool { r := lowered(g); return r >= 'a' && r <= 'z' }

// age returns the number that ends the glyphs, up to 99, and 99 where there is
// none.
func age(gs []glyph) int {
	n, unit, found := 0, 1, false
	for i := len(gs) - 1; i >= 0 && len(gs)-i <= 3; i-- {
		switch g := &gs[i]; {
		case g.class == digit || g.class == hanDigit:
			n += unit * int(g.digit)
			unit *= 10
			found = true
		case g.r == '十':
			if found || len(gs)-i == 1 {
				if i == 0 || gs[i-1].class != hanDigit && gs[i-1].class != digit {
					n += 10
				}
				unit, found = 10, true
				continue
			}
			return 99
		default:
			if !found {
				return 99
			}
			return n
		}
	}
	if !found || unit > 100 {
		return 99
	}
	return n
}

// nearMarks is how many words on each side of a word are asked.
const nearMarks = 24

// judge returns the reasons that the marks give, without repetitions.
func (w *wordRules) judge(marks []wordMark) (reasons []string) {
	for i := range marks {
		for _, rule := range w.rules[marks[i].group] {
			if w.holds(rule, marks, i) {
				known := false
				for _, r := range reasons {
					known = known || r == rule.reason
				}
				if !known {
					reasons = append(reasons, rule.reason)
				}
			}
		}
	}
	return reasons
}

// holds reports whether the rule holds for the word at i.
func (w *wordRules) holds(rule wordRule, marks []wordMark, i int) bool {
	for _, n := range rule.needs {
		if !w.near(n, marks, i) {
			return false
		}
	}
	for _, n := range rule.unless {
		if w.near(n, marks, i) {
			return false
		}
	}
	return true
}

// near reports whether a word of the group stands close to the word at i.
func (w *wordRules) near(n near, marks []wordMark, i int) bool {
	m := marks[i]
	for k := i - 1; k >= max(0, i-nearMarks) && marks[k].group != w.stop; k-- {
		if marks[k].group == n.group && m.at-marks[k].end < n.before {
			return true
		}
	}
	for k := i + 1; k < min(len(marks), i+nearMarks) && marks[k].group != w.stop; k++ {
		if marks[k].group == n.group && marks[k].at-m.end < n.behind {
			return true
		}
	}
	return false
}
