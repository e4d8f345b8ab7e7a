package fts

import (
	"math/bits"
	"slices"
)

// maxMoved is how many documents may have changed before an order is made anew.
const maxMoved = 4096

// moved are the documents that changed since an order was made, ascending.
type moved struct{ ords []uint32 }

func (m *moved) add(ord uint32) {
	if i, found := slices.BinarySearch(m.ords, ord); !found {
		m.ords = slices.Insert(m.ords, i, ord)
	}
}

func (m *moved) has(ord uint32) bool {
	_, found := slices.BinarySearch(m.ords, ord)
	return found
}

// newestFirst returns the documents of columns, the largest value of a number
// field first.
func (c *columns) newestFirst(field int) []uint32 {
	all := make([]ranked, 0, c.docs)
	c.live().members(func(ord uint32) { all = append(all, c.ranked(ord, field)) })
	slices.SortFunc(all, compareRanked)
	ords := make([]uint32, len(all))
	for i, r := range all {
		ords[i] = r.ord
	}
	return ords
}

// complete makes columns ready to be shared.
func (e *columnsEdit) complete(newest int) *columns {
	c := &e.columns
	if c.newest == nil || len(c.moved.ords) > maxMoved {
		c.newest, c.moved = c.newestFirst(newest), moved{}
	}
	return c
}

// ranked returns a document with what it is ordered by.
func (c *columns) ranked(ord uint32, field int) ranked {
	k, i := c.chunks[ord/chunkSize], ord%chunkSize
	return ranked{key: k.numbers[field][i], seq: k.seq[i], ord: ord}
}

// count counts by code the values that the documents of a set have.
func (c *columns) count(s set, field int) []int {
	counts := make([]int, len(c.names[field]))
	s.each(func(chunk int, _ uint32, words []uint64) {
		codes := &c.chunks[chunk].codes[field]
		if codes.wide == nil {
			small := codes.small
			for w, word := range words {
				for ; word != 0; word &= word - 1 {
					counts[small[w*64+bits.TrailingZeros64(word)]]++
				}
			}
			return
		}
		for w, word := range words {
			for ; word != 0; word &= word - 1 {
				counts[codes.wide[w*64+bits.TrailingZeros64(word)]]++
			}
		}
	})
	return counts
}

// members calls f for each member, ascending.
func (s set) members(f func(ord uint32)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			f(uint32(i*64 + bits.TrailingZeros64(w)))
		}
	}
}
