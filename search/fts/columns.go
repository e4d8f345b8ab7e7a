package fts

import "slices"

// chunkSize is the number of documents that the columns hold together and that a
// change copies: a multiple of 64.
const chunkSize = 4096

// chunk is a part of the columns: the documents of chunkSize consecutive
// ordinals. It does not change once it can be seen.
type chunk struct {
	live    [chunkSize / 64]uint64 // one bit for each document that exists
	seq     []int64
	codes   []codes   // by keyword field
	numbers [][]int64 // by number field
}

// codes are the values of a keyword field, in two bytes each while they fit.
type codes struct {
	small []uint16
	wide  []uint32
}

func (c *codes) at(i int) uint32 {
	if c.wide != nil {
		return c.wide[i]
	}
	return uint32(c.small[i])
}

func (c *codes) set(i int, v uint32) {
	if c.wide == nil && v > 1<<16-1 {
		c.wide = make([]uint32, len(c.small))
		for j, s := range c.small {
			c.wide[j] = uint32(s)
		}
		c.small = nil
	}
	if c.wide != nil {
		c.wide[i] = v
		return
	}
	c.small[i] = uint16(v)
}

func newChunk(keywords, numbers int) *chunk {
	c := &chunk{seq: make([]int64, chunkSize), codes: make([]codes, keywords), numbers: make([][]int64, numbers)}
	for i := range c.codes {
		c.codes[i].small = make([]uint16, chunkSize)
	}
	for i := range c.numbers {
		c.numbers[i] = make([]int64, chunkSize)
	}
	return c
}

func (c *chunk) clone() *chunk {
	d := &chunk{live: c.live, seq: slices.Clone(c.seq), codes: slices.Clone(c.codes), numbers: slices.Clone(c.numbers)}
	for i := range d.codes {
		d.codes[i].small, d.codes[i].wide = slices.Clone(d.codes[i].small), slices.Clone(d.codes[i].wide)
	}
	for i := range d.numbers {
		d.numbers[i] = slices.Clone(d.numbers[i])
	}
	return d
}

// columns are all documents at one version of the index: what filters, facets
// and orders need. They do not change; a later version shares the chunks that
// are the same.
type columns struct {
	version int64
	chunks  []*chunk
	names   [][]string // by keyword field: the values by their codes; the first stands for none
	values  int64      // how many rows of values names is made of
	fresh   []fresh    // documents that no run has, by ordinal

	docs   int
	totals [][]int // by keyword field and code: how many documents have the value

	newest []uint32 // all documents, the newest first; some may be gone
	moved  moved    // the ones that newest has at a wrong place or not at all
}

// fresh is a document that is not in the lists yet. There are so few that a
// search looks through their texts.
type fresh struct {
	ord     uint32
	spelled [][]byte // by text field
}

// next returns a copy that can be changed by set and drop, through edit.
func (c *columns) next() *columnsEdit {
	e := &columnsEdit{
		columns: columns{
			version: c.version, chunks: slices.Clone(c.chunks), names: slices.Clone(c.names), values: c.values, fresh: slices.Clone(c.fresh),
			docs: c.docs, totals: make([][]int, len(c.names)), newest: c.newest, moved: moved{slices.Clone(c.moved.ords)},
		},
		own: make(map[int]bool),
	}
	for f := range c.totals {
		e.totals[f] = slices.Clone(c.totals[f])
	}
	return e
}

// columnsEdit are columns that are being made.
type columnsEdit struct {
	columns
	own map[int]bool // chunks that no other columns share
}

func (e *columnsEdit) chunk(ord uint32, keywords, numbers int) *chunk {
	n := int(ord / chunkSize)
	for len(e.chunks) <= n {
		e.own[len(e.chunks)] = true
		e.chunks = append(e.chunks, newChunk(keywords, numbers))
	}
	if !e.own[n] {
		e.own[n] = true
		e.chunks[n] = e.chunks[n].clone()
	}
	return e.chunks[n]
}

func (e *columnsEdit) set(ord uint32, seq int64, r row) {
	c, i := e.chunk(ord, len(r.codes), len(r.numbers)), ord%chunkSize
	e.count(c, int(i), -1)
	c.live[i/64] |= 1 << (i % 64)
	c.seq[i] = seq
	if e.newest != nil {
		e.moved.add(ord)
	}
	for f, v := range r.codes {
		c.codes[f].set(int(i), v)
	}
	for f, v := range r.numbers {
		c.numbers[f][i] = v
	}
	e.count(c, int(i), 1)
}

// count adds n for a document, if it is there.
func (e *columnsEdit) count(c *chunk, i, n int) {
	if c.live[i/64]>>(i%64)&1 == 0 {
		return
	}
	e.docs += n
	for f := range c.codes {
		code := int(c.codes[f].at(i))
		for len(e.totals[f]) <= code {
			e.totals[f] = append(e.totals[f], 0)
		}
		e.totals[f][code] += n
	}
}

// drop takes a document out. It may not be there.
func (e *columnsEdit) drop(ord uint32) {
	e.fresh = slices.DeleteFunc(e.fresh, func(f fresh) bool { return f.ord == ord })
	if int(ord/chunkSize) >= len(e.chunks) {
		return
	}
	c, i := e.chunk(ord, 0, 0), ord%chunkSize
	e.count(c, int(i), -1)
	c.live[i/64] &^= 1 << (i % 64)
	c.seq[i] = 0
}

// row fills r with what the columns hold of a document.
func (c *columns) row(ord uint32, r row) {
	k, i := c.chunks[ord/chunkSize], ord%chunkSize
	for f := range r.codes {
		r.codes[f] = k.codes[f].at(int(i))
	}
	for f := range r.numbers {
		r.numbers[f] = k.numbers[f][i]
	}
}

// set is a set of ordinals, as long as its columns have documents.
type set []uint64

func (c *columns) newSet() set { return make(set, len(c.chunks)*(chunkSize/64)) }

// live returns the set of all documents.
func (c *columns) live() set {
	b := c.newSet()
	for i, k := range c.chunks {
		copy(b[i*(chunkSize/64):], k.live[:])
	}
	return b
}

func (b set) add(ord uint32) {
	if i := int(ord / 64); i < len(b) {
		b[i] |= 1 << (ord % 64)
	}
}

func (b set) has(ord uint32) bool {
	i := int(ord / 64)
	return i < len(b) && b[i]>>(ord%64)&1 != 0
}

func (b set) remove(ord uint32) {
	if i := int(ord / 64); i < len(b) {
		b[i] &^= 1 << (ord % 64)
	}
}

func (b set) and(o set) {
	for i := range b {
		b[i] &= o[i]
	}
}

func (b set) or(o set) {
	for i := range b {
		b[i] |= o[i]
	}
}

func (b set) andNot(o set) {
	for i := range b {
		b[i] &^= o[i]
	}
}
