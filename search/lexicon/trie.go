package lexicon

import (
	"math"
	"slices"
	"unicode/utf8"
)

// Han characters that words are made of: those of the basic plane and of its
// first extension. They take three bytes in UTF-8.
const (
	firstHan = 0x3400
	endHan   = 0xA000
	hanBytes = 3
)

// maxWord is the number of characters of the longest word, which is of the own
// list.
const maxWord = 8

// A cost says how rare a word is: the negative logarithm of its probability, in
// 1/bit of a bit. Costs of words that follow each other add up.
const (
	bit         = 1024
	unknownCost = 26 * bit // of a character that is no word

	// aloneCost is what a word of one character costs beside its frequency, in
	// which the list counts it also as a part of words that it does not have.
	aloneCost = 2 * bit
)

// trie holds the words. The children of a node stand side by side, in the order
// of their characters, and the nodes level by level; so those of node i end
// where those of node i+1 begin. Node 0 is the root.
type trie struct {
	char  []uint16 // the last character of a node
	child []uint32 // the first child of a node; one more than there are nodes
	word  []uint16 // cost of the word that ends in a node, noWord without one
	root  []uint16 // nodes of single characters, from firstHan; 0: none

	// The nodes of two characters by their second one, from firstHan: those of
	// character c are second[at[c]:at[c+1]].
	second []uint32
	at     []uint32
}

const (
	noWord  = 1<<16 - 1
	offered = 1 << 15 // bit of a word that readers may be offered
)

// entry is a word of the list with how often it was counted.
type entry struct {
	text    string
	count   uint32
	offered bool
}

// newTrie builds a trie of Han words that are sorted and differ.
func newTrie(words []entry) *trie {
	total := 0.0
	for _, w := range words {
		total += float64(w.count)
	}
	t := &trie{root: make([]uint16, endHan-firstHan)}
	// What begins with the characters of a node is a range of the words.
	type span struct{ from, to, depth int }
	level := []span{{0, len(words), 0}}
	t.add(0)
	for len(level) > 0 {
		var below []span
		for _, s := range level {
			t.child = append(t.child, uint32(len(t.char)))
			at, node := s.depth*hanBytes, len(t.child)-1
			i := s.from
			if i < s.to && len(words[i].text) == at {
				t.word[node] = cost(float64(words[i].count), total)
				if s.depth == 1 {
					t.word[node] += aloneCost
				}
				if words[i].offered {
					t.word[node] |= offered
				}
				i++
			}
			for i < s.to {
				c := words[i].text[at : at+hanBytes]
				end := i + 1
				for end < s.to && words[end].text[at:at+hanBytes] == c {
					end++
				}
				r, _ := utf8.DecodeRuneInString(c)
				if s.depth == 0 {
					t.root[r-firstHan] = uint16(len(t.char))
				}
				t.add(uint16(r))
				below = append(below, span{i, end, s.depth + 1})
				i = end
			}
		}
		level = below
	}
	t.child = append(t.child, uint32(len(t.char)))
	t.indexSecond()
	return t
}

// indexSecond sorts the nodes of two characters by their second one.
func (t *trie) indexSecond() {
	from, to := t.child[t.child[0]], t.child[t.child[1]]
	t.at = make([]uint32, endHan-firstHan+1)
	for _, c := range t.char[from:to] {
		t.at[c-firstHan+1]++
	}
	for c := range t.at[1:] {
		t.at[c+1] += t.at[c]
	}
	t.second = make([]uint32, to-from)
	next := slices.Clone(t.at)
	for node := from; node < to; node++ {
		c := t.char[node] - firstHan
		t.second[next[c]] = node
		next[c]++
	}
}

// ending returns the nodes of two characters of which c is the second.
func (t *trie) ending(c uint16) []uint32 {
	return t.second[t.at[c-firstHan]:t.at[c-firstHan+1]]
}

// first returns the first character of a node of two.
func (t *trie) first(node uint32) uint16 {
	from, to := t.child[0], t.child[1]
	n, _ := slices.BinarySearch(t.child[from:to+1], node+1)
	return t.char[int(from)+n-1]
}

func (t *trie) add(char uint16) {
	t.char = append(t.char, char)
	t.word = append(t.word, noWord)
}

func cost(count, total float64) uint16 {
	return uint16(min(math.Round(math.Log2(total/count)*bit), unknownCost-aloneCost))
}

// next returns the child of a node for a character, and 0 if there is none.
func (t *trie) next(node uint32, char uint16) uint32 {
	if node == 0 {
		if char < firstHan || char >= endHan {
			return 0
		}
		return uint32(t.root[char-firstHan])
	}
	from, to := t.child[node], t.child[node+1]
	for from < to {
		mid := (from + to) / 2
		switch c := t.char[mid]; {
		case c == char:
			return mid
		case c < char:
			from = mid + 1
		default:
			to = mid
		}
	}
	return 0
}

// follow returns the node that characters lead to from another, and 0 if there
// is none.
func (t *trie) follow(node uint32, chars []uint16) uint32 {
	for _, c := range chars {
		if node = t.next(node, c); node == 0 {
			return 0
		}
	}
	return node
}

// cost returns what the word costs that ends in a node, and whether one does.
func (t *trie) cost(node uint32) (int32, bool) {
	w := t.word[node]
	return int32(w &^ offered), node != 0 && w != noWord
}

// offered reports whether the word that ends in a node may be offered.
func (t *trie) offered(node uint32) bool {
	return t.word[node] != noWord && t.word[node]&offered != 0
}
