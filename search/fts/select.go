package fts

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

// filtered are hits under the filters of a query.
type filtered struct {
	all     set            // under all filters
	without map[string]set // by the field of a filter: under all filters but that one
}

// filter applies filters to hits. Of a field in facets that has a filter it also
// finds what the other filters leave.
func (v *view) filter(hits set, filters []search.Filter, facets []string) filtered {
	pass := make([]set, len(filters))
	for i, f := range filters {
		pass[i] = v.passing(hits, f)
	}
	out := filtered{all: slices.Clone(hits), without: make(map[string]set)}
	for _, p := range pass {
		out.all.and(p)
	}
	for i, f := range filters {
		if !slices.Contains(facets, f.Field) {
			continue
		}
		rest := slices.Clone(hits)
		for j, p := range pass {
			if j != i {
				rest.and(p)
			}
		}
		out.without[f.Field] = rest
	}
	return out
}

// passing returns the hits that a filter lets through.
func (v *view) passing(hits set, f search.Filter) set {
	out := v.cols.newSet()
	if field := slices.Index(v.g.schema.Keyword, f.Field); field >= 0 {
		in := v.g.codesOf(field, v.cols, f.In)
		hits.each(func(chunk int, base uint32, words []uint64) {
			codes := &v.cols.chunks[chunk].codes[field]
			for w, word := range words {
				for rest := word; rest != 0; rest &= rest - 1 {
					i := w*64 + bits.TrailingZeros64(rest)
					if !in[codes.at(i)] {
						word &^= 1 << (i % 64)
					}
				}
				out[int(base)/64+w] = word
			}
		})
		return out
	}
	field := slices.Index(v.g.schema.Number, f.Field)
	low, high := int64(noNumber+1), int64(1<<63-1)
	if f.Min != nil {
		low = max(low, *f.Min)
	}
	if f.Max != nil {
		high = *f.Max
	}
	hits.each(func(chunk int, base uint32, words []uint64) {
		numbers := v.cols.chunks[chunk].numbers[field]
		for w, word := range words {
			for rest := word; rest != 0; rest &= rest - 1 {
				i := w*64 + bits.TrailingZeros64(rest)
				if n := numbers[i]; n < low || n > high {
					word &^= 1 << (i % 64)
				}
			}
			out[int(base)/64+w] = word
		}
	})
	return out
}

// each calls f for every chunk that has members, with the first ordinal of the
// chunk and its part of the set.
func (s set) each(f func(chunk int, base uint32, words []uint64)) {
	const per = chunkSize / 64
	for i := 0; i < len(s); i += per {
		words := s[i : i+per]
		for _, w := range words {
			if w != 0 {
				f(i/per, uint32(i)*64, words)
				break
			}
		}
	}
}

// count returns how many members the set has.
func (s set) count() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// facet counts the values that the documents of a set have in a keyword field.
// Of a set with more than half of all documents it counts the others.
func (v *view) facet(s set, name string) []search.Count {
	field := slices.Index(v.g.schema.Keyword, name)
	var counts []int
	if 2*s.count() > v.cols.docs {
		rest := v.cols.live()
		rest.andNot(s)
		counts = v.cols.count(rest, field)
		for code, n := range v.cols.totals[field] {
			counts[code] = n - counts[code]
		}
	} else {
		counts = v.cols.count(s, field)
	}
	names := v.cols.names[field]
	var out []search.Count
	for code, n := range counts {
		if code > 0 && n > 0 {
			out = append(out, search.Count{Value: names[code], N: n})
		}
	}
	slices.SortFunc(out, func(a, b search.Count) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return strings.Compare(a.Value, b.Value)
	})
	return out
}

// ranked is a document with what it is ordered by: the larger key first, then
// the larger seq.
type ranked struct {
	key int64
	seq int64
	ord uint32
}

func compareRanked(a, b ranked) int {
	switch {
	case a.key != b.key:
		if a.key > b.key {
			return -1
		}
		return 1
	case a.seq > b.seq:
		return -1
	case a.seq < b.seq:
		return 1
	}
	return 0
}

// first returns the first n documents of a set, ordered by a number field.
func (v *view) first(s set, field int, descending bool, n int) []ranked {
	if n == 0 {
		return nil
	}
	// A set of many is not looked through when its first ones come soon in the
	// order of all documents.
	if v.g.schema.Number[field] == v.g.schema.Newest && descending && n <= 1<<10 && s.count() >= v.cols.docs/16 {
		return v.newest(s, field, n)
	}
	var top []ranked
	var worst ranked // of the n best so far, once there are n
	full := false
	s.each(func(chunk int, base uint32, words []uint64) {
		c := v.cols.chunks[chunk]
		numbers := c.numbers[field]
		for w, word := range words {
			for ; word != 0; word &= word - 1 {
				i := w*64 + bits.TrailingZeros64(word)
				key := numbers[i]
				if !descending && key != noNumber {
					key = -key // noNumber stays the last
				}
				if full && key < worst.key {
					continue
				}
				r := ranked{key: key, seq: c.seq[i], ord: base + uint32(i)}
				if full && compareRanked(worst, r) < 0 {
					continue
				}
				if top = append(top, r); len(top) >= 2*n+64 {
					slices.SortFunc(top, compareRanked)
					top, worst, full = top[:n], top[n-1], true
				}
			}
		}
	})
	slices.SortFunc(top, compareRanked)
	return top[:min(n, len(top))]
}

// newest is first for the order by Schema.Newest that the columns keep.
func (v *view) newest(s set, field int, n int) []ranked {
	var top []ranked
	for _, ord := range v.cols.newest {
		if s.has(ord) && !v.cols.moved.has(ord) {
			if top = append(top, v.cols.ranked(ord, field)); len(top) == n {
				break
			}
		}
	}
	for _, ord := range v.cols.moved.ords {
		if s.has(ord) {
			top = append(top, v.cols.ranked(ord, field))
		}
	}
	slices.SortFunc(top, compareRanked)
	return top[:min(n, len(top))]
}
