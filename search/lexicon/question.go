package lexicon

import (
	"cmp"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

const (
	maxQuestion      = 1200 // bytes of a text that is taken for a question
	maxQuestionWords = 5
	minSentence      = 5 // units of a sentence that has no word that asks
)

// Question implements [search.Questioner]. It cuts q into words and leaves out
// those that ask, point, join and are polite. What remains are the words, the
// rarest first, since they say most, and no more than five.
//
// q is a question if it has a word that asks or a question mark. Without them,
// five or more units are taken for one if something was left out, or if they are
// nothing but several words in a row.
func (l *Lexicon) Question(q string) ([]string, bool) {
	if len(q) > maxQuestion {
		return nil, false
	}
	units := search.Units(q)
	text := chars(nil, units)
	costs, length := make([]int32, len(text)+1), make([]uint8, len(text)+1)
	l.words.segment(text, costs, length)

	type word struct {
		text string
		cost int32
	}
	var words []word
	asks := strings.ContainsAny(q, "?？")
	filled := false // something was left out
	whole := true   // all is words of several characters in a row
	for i := len(text); i > 0; i -= int(length[i]) {
		n := int(length[i])
		from := i - n
		var b strings.Builder
		for _, u := range units[from:i] {
			b.WriteString(u.Text)
		}
		w := word{b.String(), costs[i] - costs[from]}
		if text[from].han == 0 {
			w.cost = unknownCost
		}
		whole = whole && n > 1 && !text[from].apart
		switch {
		case l.asking[w.text]:
			asks = true
		case l.filling[w.text]:
			filled = true
		case !slices.ContainsFunc(words, func(o word) bool { return o.text == w.text }):
			words = append(words, w)
		}
	}
	slices.Reverse(words)
	sentence := len(text) >= minSentence && (filled || whole && len(words) > 1)
	if len(words) == 0 || !asks && !sentence {
		return nil, false
	}
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Compare(b.cost, a.cost) })
	var texts []string
	for _, w := range words[:min(len(words), maxQuestionWords)] {
		texts = append(texts, w.text)
	}
	return texts, true
}
