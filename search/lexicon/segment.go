package lexicon

import (
	"iter"
	"unicode/utf8"

	"github.com/huiyin/huiyin/search"
)

// char is a unit of a text as segmentation sees it.
type char struct {
	han   uint16 // the character; 0: another unit, which is a word by itself
	apart bool   // no word goes on from the unit before
}

// chars appends the units as segmentation sees them.
func chars(dst []char, units []search.Unit) []char {
	for _, u := range units {
		c := char{apart: u.After}
		if len(u.Text) == hanBytes {
			if r, _ := utf8.DecodeRuneInString(u.Text); r >= firstHan && r < endHan {
				c.han = uint16(r)
			}
		}
		dst = append(dst, c)
	}
	return dst
}

// segment cuts a text into the words that are most probable together, each by
// its own frequency: the cheapest way through the graph of all words that stand
// in it (Viterbi). length[i] is set to the number of units of the word that ends
// before unit i, and cost[i] to what the units before i cost; both are of
// len(text)+1. Of ways that cost the same it takes the one with the longer words
// at the end.
func (t *trie) segment(text []char, cost []int32, length []uint8) {
	for i := range cost {
		cost[i] = 1<<31 - 1
	}
	cost[0], length[0] = 0, 0
	for i, c := range text {
		reach := func(n int, price int32) {
			if sum := cost[i] + price; sum < cost[i+n] {
				cost[i+n], length[i+n] = sum, uint8(n)
			}
		}
		if c.han == 0 {
			reach(1, 0)
			continue
		}
		for n, price := range t.wordsAt(text[i:]) {
			reach(n, price)
		}
		reach(1, unknownCost)
	}
}

// segmentBack sets cost[i] to what the units from i on cost at least.
func (t *trie) segmentBack(text []char, cost []int32) {
	cost[len(text)] = 0
	for i := len(text) - 1; i >= 0; i-- {
		if text[i].han == 0 {
			cost[i] = cost[i+1]
			continue
		}
		cost[i] = cost[i+1] + unknownCost
		for n, price := range t.wordsAt(text[i:]) {
			cost[i] = min(cost[i], cost[i+n]+price)
		}
	}
}

// wordsAt yields the words that a text begins with, the shortest first: how many
// units they have and what they cost.
func (t *trie) wordsAt(text []char) iter.Seq2[int, int32] {
	return func(yield func(int, int32) bool) {
		node := uint32(0)
		for i, c := range text[:min(len(text), maxWord)] {
			if i > 0 && c.apart {
				return
			}
			if node = t.next(node, c.han); node == 0 {
				return
			}
			if price, ok := t.cost(node); ok && !yield(i+1, price) {
				return
			}
		}
	}
}
