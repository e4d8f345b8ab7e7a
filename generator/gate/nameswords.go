package gate

import "unicode/utf8"

// maxWord is the length of the longest word that is known, in characters. Four
// fit into one key.
const maxWord = 4

// rareChar is the cost of a character that no list of words has alone.
const rareChar = 84

// wordKey packs a word of up to four Han characters into a number; ok is false
// where it is no such word.
func wordKey(text string) (key uint64, ok bool) {
	if n := utf8.RuneCountInString(text); n == 0 || n > maxWord {
		return 0, false
	}
	for _, r := range text {
		if r < hanFirst || r > hanLast {
			return 0, false
		}
		key = key<<16 | uint64(r)
	}
	return key, true
}

// wordTable finds words of two to four characters by their keys, by open
// addressing. It holds the beginnings of longer words as well, so that a search
// can stop early.
type wordTable struct {
	entries []wordEntry // until finish
	keys    []uint64
	values  []wordValue
	shift   uint
}

type wordEntry struct {
	key  uint64
	cost uint8
}

// wordValue is a cost, or noWord for what only begins words, and whether longer
// words begin so.
type wordValue struct {
	cost   uint8
	longer bool
}

const noWord = 255

// hintTable finds hints by the keys of their words, by open addressing.
type hintTable struct {
	all   map[uint64]hint // until finish
	keys  []uint64
	hints []hint
	shift uint
}

func (t *hintTable) add(key uint64, h hint) {
	if t.all == nil {
		t.all = map[uint64]hint{}
	}
	t.all[key] = h
}

// finish makes the table of the hints that were added.
func (t *hintTable) finish() {
	size := uint(1)
	for 1<<size < 3*len(t.all) {
		size++
	}
	t.shift = 64 - size
	t.keys, t.hints = make([]uint64, 1<<size), make([]hint, 1<<size)
	for key, h := range t.all {
		at := t.slot(key)
		t.keys[at], t.hints[at] = key, h
	}
	t.all = nil
}

// slot returns where key is or belongs.
func (t *hintTable) slot(key uint64) uint64 { return slotOf(t.keys, t.shift, key) }

// slotOf returns where key is in the open hash table of keys, or belongs. shift is
// what leaves as many bits of a hash as number its slots; 0 is no key.
func slotOf(keys []uint64, shift uint, key uint64) uint64 {
	at := key * 0x9e3779b97f4a7c15 >> shift
	for keys[at] != 0 && keys[at] != key {
		at = (at + 1) & uint64(len(keys)-1)
	}
	return at
}

// get returns the hint of the word.
func (t *hintTable) get(key uint64) (h hint, ok bool) {
	if at := t.slot(key); t.keys[at] == key {
		return t.hints[at], true
	}
	return h, false
}

func (t *wordTable) add(key uint64, cost uint8) { t.entries = append(t.entries, wordEntry{key, cost}) }

// finish makes the table of the words that were added.
func (t *wordTable) finish() {
	size := uint(1)
	for 1<<size < 3*len(t.entries) {
		size++
	}
	t.shift = 64 - size
	t.keys, t.values = make([]uint64, 1<<size), make([]wordValue, 1<<size)
	for _, e := range t.entries {
		at := t.slot(e.key)
		if t.keys[at] == 0 || e.cost < t.values[at].cost { // two lists may have it
			t.keys[at], t.values[at].cost = e.key, e.cost
		}
	}
	for _, e := range t.entries {
		for key := e.key >> 16; key >= 1<<16; key >>= 16 {
			at := t.slot(key)
			if t.keys[at] == 0 {
				t.keys[at], t.values[at].cost = key, noWord
			}
			t.values[at].longer = true
		}
	}
	t.entries = nil
}

// slot returns where key is or belongs.
func (t *wordTable) slot(key uint64) uint64 { return slotOf(t.keys, t.shift, key) }

// get returns the cost of the word, or noWord, and whether longer words begin so.
func (t *wordTable) get(key uint64) wordValue {
	if at := t.slot(key); t.keys[at] == key {
		return t.values[at]
	}
	return wordValue{cost: noWord}
}
