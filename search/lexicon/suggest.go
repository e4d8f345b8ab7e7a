package lexicon

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

const (
	maxSuggestions = 8
	maxRun         = 16 // characters of a run of words in which a wrong one is sought
	maxFix         = 5  // characters of what is taken for a wrong word
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
	costAdded  = 8 * bit  // one too many
	costLost   = 8 * bit  // one too few
	costOther  = 10 * bit // any other one
	costHalf   = 12 * bit // any other one of two
)

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
	if len(word) > maxText {
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
	t, typed := f.words, f.typed
	var buf [maxFix + 1]uint16
	// try offers typed[:i], then middle, then typed[j:]. Node is that of what
	// stands before the last part.
	try := func(node uint32, i, j int, slip int32, middle ...uint16) {
		if node == 0 && i+len(middle) > 0 {
			return
		}
		if node = t.follow(node, typed[j:]); node != 0 {
			chars := append(append(append(buf[:0], typed[:i]...), middle...), typed[j:]...)
			f.offer(chars, node, slip)
		}
	}
	node := uint32(0) // of typed[:i]
	for i := 0; i <= len(typed); i++ {
		rest := typed[i:]
		for c := t.child[node]; c < t.child[node+1] && (node != 0 || i == 0); c++ {
			if !f.word {
				try(c, i, i, costLost, t.char[c])
			}
			if len(rest) > 0 && t.char[c] != rest[0] {
				if end := t.follow(c, rest[1:]); end != 0 {
					if slip := f.changed(rest[0], t.char[c]); slip < costOther || !f.word {
						try(c, i, i+1, slip, t.char[c])
					}
				}
			}
		}
		if len(rest) > 1 && rest[0] != rest[1] {
			if a := t.next(node, rest[1]); a != 0 {
				try(t.next(a, rest[0]), i, i+2, costSwap, rest[1], rest[0])
			}
		}
		if len(rest) > 0 && len(typed) > 2 && !f.word {
			slip := int32(costAdded)
			if i > 0 && typed[i-1] == rest[0] {
				slip = costDouble
			}
			try(node, i, i+1, slip)
		}
		if len(rest) == 0 {
			return
		}
		if node = t.next(node, rest[0]); node == 0 {
			return
		}
	}
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
