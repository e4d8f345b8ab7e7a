package fts

import (
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

// tokens gathers the tokens of documents and sorts them. A token takes 20 bytes
// until then, whatever its text.
//
// Units have numbers, which replace their order of appearance by that of their
// encodings before sorting. A token is then one word: the number of its unit,
// that of the next one, and its place in the sequence of all units, by which
// field, document and place in the field are known. Sorting is by radix.
type tokens struct {
	fields []fieldUnits
	limit  int // of count, but for what the last document adds
	count  int // units and separators

	han   []uint32          // numbers of the characters of the basic plane
	words map[string]uint32 // numbers of the others
	units []string          // encodings by number
	buf   []search.Unit

	keys, spare []uint64
	rank        []uint32
	list        list
	key         []byte
}

// fieldUnits are the units of all documents in one field, each document's behind
// a separator.
type fieldUnits struct {
	units  []uint32
	starts []uint32 // by document
	ords   []uint32
}

// Bits of a token's word: two numbers of units and a place.
const (
	unitBits  = 20
	placeBits = 64 - 2*unitBits
)

// batchUnits is the limit of what is gathered: some 1,500 letters with their
// answers, which take 20 MB.
const batchUnits = 1 << 20

func newTokens(fields int) *tokens {
	t := &tokens{fields: make([]fieldUnits, fields), limit: batchUnits, han: make([]uint32, 1<<16), words: make(map[string]uint32)}
	t.reset()
	return t
}

// separatorUnit is the number of a separator before sorting.
const separatorUnit = 0

func (t *tokens) reset() {
	for i := range t.fields {
		f := &t.fields[i]
		f.units, f.starts, f.ords = f.units[:0], f.starts[:0], f.ords[:0]
	}
	clear(t.han)
	clear(t.words)
	t.count = 0
	t.units = append(t.units[:0], string(separator))
}

// full says whether what was gathered has to be written before a document with
// texts of so many bytes comes. Fewer than 2^24 units and separators and 2^20
// different units are in maxText bytes, whatever they are.
func (t *tokens) full(next int) bool {
	const room = 1<<unitBits - 1
	return t.count > 0 && (t.count >= t.limit || len(t.units)+next >= room || t.count+2*next >= 1<<placeBits)
}

// addDoc gathers the texts of a document.
func (t *tokens) addDoc(s search.Schema, ord uint32, texts map[string]string) {
	for i, name := range s.Text {
		t.add(i, ord, texts[name])
	}
}

// add gathers the text of a document in a field. Ordinals ascend.
func (t *tokens) add(field int, ord uint32, text string) {
	if text == "" {
		return
	}
	t.buf = search.AppendUnits(t.buf[:0], text)
	if len(t.buf) == 0 {
		return
	}
	f := &t.fields[field]
	f.ords, f.starts = append(f.ords, ord), append(f.starts, uint32(len(f.units)))
	before := len(f.units)
	for i := range t.buf {
		if t.buf[i].After {
			f.units = append(f.units, separatorUnit)
		}
		f.units = append(f.units, t.number(t.buf[i].Text))
	}
	f.units = append(f.units, separatorUnit)
	t.count += len(f.units) - before
}

// number returns the number of a unit.
func (t *tokens) number(unit string) uint32 {
	if len(unit) == 3 && unit[0] >= 0xe0 {
		r := rune(unit[0]&0xf)<<12 | rune(unit[1]&0x3f)<<6 | rune(unit[2]&0x3f)
		n := &t.han[r]
		if *n == 0 {
			*n = t.name(unit)
		}
		return *n
	}
	n, ok := t.words[unit]
	if !ok {
		n = t.name(unit)
		t.words[strings.Clone(unit)] = n
	}
	return n
}

func (t *tokens) name(unit string) uint32 {
	t.units = append(t.units, string(appendUnit(nil, unit)))
	return uint32(len(t.units) - 1)
}

// write writes the lists of what was gathered and forgets it.
func (t *tokens) write(w *blockWriter) error {
	byRank := t.sortUnits()
	t.makeKeys()
	t.sortKeys()
	err := t.writeLists(w, byRank)
	t.reset()
	return err
}

// sortUnits returns the encodings of units in their order, and fills rank with
// the place there of each number.
func (t *tokens) sortUnits() []string {
	byRank := slices.Clone(t.units)
	slices.Sort(byRank)
	at := make(map[string]uint32, len(byRank))
	for i, u := range byRank {
		at[u] = uint32(i)
	}
	t.rank = t.rank[:0]
	for _, u := range t.units {
		t.rank = append(t.rank, at[u])
	}
	return byRank
}

// makeKeys makes the words of all tokens.
func (t *tokens) makeKeys() {
	t.keys = t.keys[:0]
	base := 0
	for i := range t.fields {
		units := t.fields[i].units
		for k, u := range units {
			if u != separatorUnit {
				pair := uint64(t.rank[u])<<unitBits | uint64(t.rank[units[k+1]])
				t.keys = append(t.keys, pair<<placeBits|uint64(base+k))
			}
		}
		base += len(units)
	}
}

// sortKeys sorts the words by their units; places are in order already.
func (t *tokens) sortKeys() {
	const bits = 10
	t.spare = slices.Grow(t.spare[:0], len(t.keys))[:len(t.keys)]
	for shift := placeBits; shift < 64; shift += bits {
		var at [1 << bits]int
		for _, k := range t.keys {
			at[k>>shift&(1<<bits-1)]++
		}
		sum := 0
		for i, n := range at {
			at[i] = sum
			sum += n
		}
		for _, k := range t.keys {
			d := k >> shift & (1<<bits - 1)
			t.spare[at[d]] = k
			at[d]++
		}
		t.keys, t.spare = t.spare, t.keys
	}
}

// writeLists writes the sorted words as lists.
func (t *tokens) writeLists(w *blockWriter, byRank []string) error {
	finders := make([]finder, len(t.fields))
	base := 0
	for i := range finders {
		finders[i] = newFinder(&t.fields[i], base)
		base += len(t.fields[i].units)
	}
	for i := 0; i < len(t.keys); {
		pair := t.keys[i] >> placeBits
		t.key = append(append(t.key[:0], byRank[pair>>unitBits]...), byRank[pair&(1<<unitBits-1)]...)
		for field := range finders {
			f := &finders[field]
			f.doc = -1
			for ; i < len(t.keys) && t.keys[i]>>placeBits == pair; i++ {
				at := int(t.keys[i] & (1<<placeBits - 1))
				if at >= f.end {
					break
				}
				ord, place := f.find(at)
				if n := len(t.list.ords); n == listDocs && t.list.ords[n-1] != ord {
					if err := t.flush(w, field); err != nil {
						return err
					}
				}
				t.list.add(ord, place)
			}
			if err := t.flush(w, field); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush writes the list that is being made, unless it is empty.
func (t *tokens) flush(w *blockWriter, field int) error {
	if len(t.list.ords) == 0 {
		return nil
	}
	err := w.add(append(t.key, byte(field)), &t.list)
	t.list.reset()
	return err
}

// finder finds documents by places in the sequence of all units. Places that are
// asked for ascend, until doc is set to -1.
type finder struct {
	f         *fieldUnits
	base, end int
	doc       int
	near      []int32 // for every 64 places the document there
}

func newFinder(f *fieldUnits, base int) finder {
	near := make([]int32, len(f.units)/64+1)
	doc := 0
	for i := range near {
		for doc+1 < len(f.starts) && int(f.starts[doc+1]) <= i*64 {
			doc++
		}
		near[i] = int32(doc)
	}
	return finder{f: f, base: base, end: base + len(f.units), near: near}
}

// find returns the document at a place, and the place in its field.
func (f *finder) find(at int) (ord, place uint32) {
	at -= f.base
	f.doc = max(f.doc, int(f.near[at/64]))
	starts := f.f.starts
	for f.doc+1 < len(starts) && int(starts[f.doc+1]) <= at {
		f.doc++
	}
	return f.f.ords[f.doc], uint32(at) - starts[f.doc]
}
