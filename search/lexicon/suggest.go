package lexicon

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

const (
	maxSuggestions = 8
	maxTyped       = 200 // bytes of a text in which slips are sought
	maxRun         = 16  // characters of a run of words in which a wrong one is sought
	maxFix         = 5   // characters of what is taken for a wrong word
)

// What a slip costs, beside the word that was meant: how rare it is, in the unit
// of costs. Who types by sound picks a word that sounds the same.
const (
	costSame   = 2 * bit  // a character that is mostly read the same
	costRare   = 5 * bit  // one that can be read the same
	costMore   = 2 * bit  // the second and each further one that differs
	costNear   = 4 * bit  // one character that sounds nearly the same
	costAlike  = 3 * bit  // one that looks alike
	costSwap   = 5 * bit  // two that changed places
	costDouble = 3 * bit  // one typed twice
	costAdded  = 11 * bit // one too many
	costLost   = 8 * bit  // one too few
	costOther  = 10 * bit // any other one
	costHalf   = 12 * bit // any other one of two
)

// maxWordSlip is the slip that costs most of those by which one word is taken for
// another: they sound or look the same, or characters changed places.
const maxWordSlip = 5 * bit

// How much rarer than what was typed a suggestion may be with its slip, where
// what was typed is a word by itself, and where it is none.
const (
	slackWord = 6 * bit
	slackNone = 4 * bit
)

// Suggest implements [search.Suggester]. It looks for one slip: a word that
// sounds the same without tones, or one character that is wrong, missing, too
// many, or changed places with the next. What is typed may be several words in
// a row with one of them wrong. Of what fits, it returns the up to eight that
// are most probable, by the frequency of the words and of the slip.
//
// What is a word already is only taken for one that sounds or looks the same.
// Other than Han characters are left as they are. Names of people and words that
// nobody wants to be asked about are never among the suggestions.
func (l *Lexicon) Suggest(word string) []string {
	if len(word) > maxTyped {
		return nil
	}
	units := search.Units(word)
	text := chars(nil, units)
	var all []fix
	for from := 0; from < len(text); {
		to := from + 1
		for to < len(text) && text[from].han != 0 && text[to].han != 0 && !text[to].apart {
			to++
		}
		if n := to - from; n > 1 && n <= maxRun {
			f := fixer{Lexicon: l, text: text[from:to], at: from, best: all}
			f.run()
			all = f.best
		}
		from = to
	}
	slices.SortStableFunc(all, func(a, b fix) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.from, b.from), cmp.Compare(a.word, b.word))
	})
	var words []string
	for _, f := range all {
		s := word[:units[f.from].Start] + f.word + word[units[f.to-1].End:]
		if !slices.Contains(words, s) && len(words) < maxSuggestions {
			words = append(words, s)
		}
	}
	return words
}

// fix is a word to be put in the place of units.
type fix struct {
	from, to int
	word     string
	cost     int32 // how much more than what was typed the whole costs then
}

// fixer looks for the slip in a run of characters.
type fixer struct {
	*Lexicon
	text []char
	at   int // the unit that the run begins with
	best []fix

	from, to int      // the part of the run that is now taken for a wrong word
	typed    []uint16 // its characters
	rest     int32    // what the parts beside it cost, less the whole as it was typed
	slack    int32
	word     bool // it is a word, so only what sounds or looks the same will do
}

// run looks at every part of the run that may be a wrong word.
func (f *fixer) run() {
	n := len(f.text)
	before, after := make([]int32, n+1), make([]int32, n+1)
	length := make([]uint8, n+1)
	f.words.segment(f.text, before, length)
	f.words.segmentBack(f.text, after)
	suspect := f.suspects(length)

	typed := make([]uint16, n)
	for i, c := range f.text {
		typed[i] = c.han
	}
	whole := before[n]
	for f.from = range n {
		for f.to = f.from + 2; f.to <= min(n, f.from+maxFix); f.to++ {
			if !slices.Contains(suspect[f.from:f.to], true) {
				continue
			}
			f.typed = typed[f.from:f.to]
			_, f.word = f.words.cost(f.words.follow(0, f.typed))
			if f.word && f.to-f.from < n {
				continue
			}
			f.slack = slackNone
			if f.word {
				f.slack = slackWord
			}
			f.rest = before[f.from] + after[f.to] - whole
			f.sounding()
			f.slips()
		}
	}
}

// suspects says of each character whether it may belong to a wrong word: it is
// left alone between the words, or next to one that is. Where none is, or the
// run is short, each may.
func (f *fixer) suspects(length []uint8) []bool {
	n := len(f.text)
	suspect := make([]bool, n)
	some := false
	for i := n; i > 0; i -= int(length[i]) {
		if length[i] == 1 {
			suspect[i-1], some = true, true
		}
	}
	if !some || n <= 3 {
		for i := range suspect {
			suspect[i] = true
		}
	}
	return suspect
}

// offer takes a word into account that ends in a node.
func (f *fixer) offer(chars []uint16, node uint32, slip int32) {
	price, ok := f.words.cost(node)
	cost := f.rest + price + slip
	if !ok || cost >= f.slack || !f.words.offered(node) || slices.Equal(chars, f.typed) {
		return
	}
	word := make([]byte, 0, len(chars)*hanBytes)
	for _, c := range chars {
		word = utf8.AppendRune(word, rune(c))
	}
	f.best = append(f.best, fix{f.at + f.from, f.at + f.to, string(word), cost})
}

// sounding offers the words that sound the same, character by character.
func (f *fixer) sounding() {
	var same [maxFix][]uint16
	for i, c := range f.typed {
		same[i] = f.sounds.same(c)
	}
	var path [maxFix]uint16
	var descend func(node uint32, depth int, slip int32)
	descend = func(node uint32, depth int, slip int32) {
		if depth == len(f.typed) {
			f.offer(path[:depth], node, slip)
			return
		}
		t := f.words
		from, to := t.child[node], t.child[node+1]
		for _, c := range same[depth] {
			next := from
			if node == 0 {
				next = t.next(0, c)
			} else {
				for from < to && t.char[from] < c {
					from++
				}
				next = from
				if from == to || t.char[from] != c {
					continue
				}
			}
			if next != 0 {
				path[depth] = c
				descend(next, depth+1, slip+f.heard(f.typed[depth], c, slip > 0))
			}
		}
	}
	descend(0, 0, 0)
}

// heard returns what it costs to type a character instead of one that can be read
// the same; again says that another one differs.
func (f *fixer) heard(typed, meant uint16, again bool) int32 {
	cost := int32(0)
	switch {
	case typed == meant:
		return 0
	case f.sounds.like(typed, meant) == sameSound:
		cost = costSame
	default:
		cost = costRare
	}
	if again {
		cost += costMore
	}
	return cost
}

// slips offers the words that differ by one character, or by two that changed
// places.
func (f *fixer) slips() {
	f.first()
	node := uint32(0) // of typed[:i]
	for i, c := range f.typed {
		if i > 0 {
			f.wrong(node, i)
		}
		f.swapped(node, i)
		f.added(node, i)
		if node = f.words.next(node, c); node == 0 {
			return
		}
	}
	if f.inner() {
		f.wrong(node, len(f.typed))
	}
}

// inner reports whether more was typed than what is taken for a wrong word.
// Otherwise who finds a word has found all that begin or end with it, and no
// character can be missing there.
func (f *fixer) inner() bool { return len(f.typed) < len(f.text) }

// first offers words of which the first character was typed wrong or left out.
func (f *fixer) first() {
	t, typed := f.words, f.typed
	for _, node := range t.ending(typed[1]) {
		if c := t.first(node); c != typed[0] {
			f.with(node, 0, 2, f.changed(typed[0], c), c, typed[1])
		}
	}
	if f.word || !f.inner() {
		return
	}
	for _, node := range t.ending(typed[0]) {
		f.with(node, 0, 1, costLost, t.first(node), typed[0])
	}
}

// wrong offers words that begin as node does, with typed[:i], and then go on with
// another character than typed[i] or with one before it.
func (f *fixer) wrong(node uint32, i int) {
	t := f.words
	for next := t.child[node]; next < t.child[node+1]; next++ {
		c := t.char[next]
		if i < len(f.typed) && c != f.typed[i] {
			f.with(next, i, i+1, f.changed(f.typed[i], c), c)
		}
		if !f.word {
			f.with(next, i, i, costLost, c)
		}
	}
}

// swapped offers the word in which the characters from i on are the other way
// round; node is that of typed[:i].
func (f *fixer) swapped(node uint32, i int) {
	if i+1 == len(f.typed) {
		return
	}
	a, b := f.typed[i], f.typed[i+1]
	if next := f.words.next(node, b); next != 0 {
		if next = f.words.next(next, a); next != 0 {
			f.with(next, i, i+2, costSwap, b, a)
		}
	}
}

// added offers the word without character i; node is that of typed[:i].
func (f *fixer) added(node uint32, i int) {
	if f.word || len(f.typed) == 2 {
		return
	}
	slip := int32(costAdded)
	if i > 0 && f.typed[i-1] == f.typed[i] {
		slip = costDouble
	}
	f.with(node, i, i+1, slip)
}

// with offers typed with other characters in place of those from i to j; node is
// that of all before j.
func (f *fixer) with(node uint32, i, j int, slip int32, middle ...uint16) {
	if f.word && slip > maxWordSlip {
		return
	}
	if node = f.words.follow(node, f.typed[j:]); node == 0 {
		return
	}
	var buf [maxFix + 1]uint16
	f.offer(append(append(append(buf[:0], f.typed[:i]...), middle...), f.typed[j:]...), node, slip)
}

// changed returns what it costs to type one character instead of another.
func (f *fixer) changed(typed, meant uint16) int32 {
	if slices.Contains(f.alike[typed], meant) {
		return costAlike
	}
	switch f.sounds.like(typed, meant) {
	case sameSound:
		return costSame
	case rareSound:
		return costRare
	case nearSound:
		return costNear
	}
	if len(f.typed) == 2 {
		return costHalf
	}
	return costOther
}
