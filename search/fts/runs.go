package fts

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"errors"
	"sort"
)

// run is a part of the lists: those of the documents with the ordinals of a
// range. A search looks into each run. Runs are in the order of their ranges.
type run struct {
	id     int64
	lo, hi uint32 // of ordinals: above lo, up to hi

	// Of each block its number and a bound: a key that none before it is above
	// and none in it below.
	blocks []int64
	bounds []byte
	ends   []uint32
}

// runs are the runs of one layout of an index.
type runs struct {
	layout int64
	all    []*run
}

// States of a run in the file.
const (
	runMade   = 0 // read by searches
	runMaking = 1 // being merged from others
	runGone   = 2 // merged into another, and not blanked yet
)

// bound returns the bound of a block.
func (r *run) bound(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = r.ends[i-1]
	}
	return r.bounds[start:r.ends[i]]
}

// from returns the first block that can hold a key that is not below the given
// one.
func (r *run) from(key []byte) int {
	i := sort.Search(len(r.blocks), func(i int) bool { return bytes.Compare(r.bound(i), key) >= 0 })
	return max(0, i-1)
}

// loadRuns reads the runs. Those that are known already are used again.
func loadRuns(c *conn, layout int64, known *runs) (*runs, error) {
	out := &runs{layout: layout}
	have := make(map[int64]*run)
	if known != nil {
		for _, r := range known.all {
			have[r.id] = r
		}
	}
	var id, lo, hi int64
	var fresh []*run
	err := c.each(`SELECT run, lo, hi FROM run WHERE state = ? ORDER BY lo`, []any{runMade}, []any{&id, &lo, &hi}, func() error {
		r := have[id]
		if r == nil {
			r = &run{id: id, lo: uint32(lo), hi: uint32(hi)}
			fresh = append(fresh, r)
		}
		out.all = append(out.all, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, r := range fresh {
		if err := r.load(c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// load reads the bounds of the blocks.
func (r *run) load(c *conn) error {
	var start int64
	var bounds []byte
	return c.each(`SELECT start, bounds FROM dir WHERE run = ? ORDER BY id`, []any{r.id}, []any{&start, &bounds}, func() error {
		all, err := readBounds(bounds)
		if err != nil {
			return err
		}
		for i, b := range all {
			r.blocks = append(r.blocks, start+int64(i))
			r.bounds = append(r.bounds, b...)
			r.ends = append(r.ends, uint32(len(r.bounds)))
		}
		return nil
	})
}

// readBounds reads the bounds of consecutive blocks.
func readBounds(b []byte) ([][]byte, error) {
	var out [][]byte
	for len(b) > 0 {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return nil, errRow
		}
		out = append(out, b[size:size+int(n)])
		b = b[size+int(n):]
	}
	return out, nil
}

func appendBounds(b []byte, bounds ...[]byte) []byte {
	for _, k := range bounds {
		b = binary.AppendUvarint(b, uint64(len(k)))
		b = append(b, k...)
	}
	return b
}

var errStop = errors.New("enough")

// lists calls f for each list of a token, or of each token that begins so, in
// the order of keys.
func (r *run) lists(c *conn, token string, withPlaces bool, f func(*posting) error) error {
	if len(r.blocks) == 0 {
		return nil
	}
	key := []byte(token)
	var br blockReader
	visit := func(docs, places []byte) error {
		if !withPlaces {
			places = nil
		}
		for br.reset(docs, places); br.next(); {
			if bytes.HasPrefix(br.key, key) {
				if err := f(&br.posting); err != nil {
					return err
				}
			} else if bytes.Compare(br.key, key) > 0 {
				return errStop
			}
		}
		return br.err
	}
	end := sort.Search(len(r.blocks), func(i int) bool {
		return bytes.Compare(r.bound(i), key) > 0 && !bytes.HasPrefix(r.bound(i), key)
	})
	for i := r.from(key); i < end; {
		n := 1
		for i+n < end && r.blocks[i+n] == r.blocks[i]+int64(n) {
			n++
		}
		err := readBlocks(c, r.blocks[i], r.blocks[i]+int64(n), withPlaces, visit)
		if errors.Is(err, errStop) {
			return nil
		}
		if err != nil {
			return err
		}
		i += n
	}
	return nil
}

// readBlocks calls f for the blocks with the numbers of a range. The pieces last
// until f returns.
func readBlocks(c *conn, from, to int64, withPlaces bool, f func(docs, places []byte) error) error {
	var docs, places sql.RawBytes
	if !withPlaces {
		return c.each(`SELECT docs FROM block WHERE id >= ? AND id < ? ORDER BY id`, []any{from, to}, []any{&docs}, func() error {
			return f(docs, nil)
		})
	}
	return c.each(`SELECT docs, places FROM block WHERE id >= ? AND id < ? ORDER BY id`, []any{from, to}, []any{&docs, &places}, func() error {
		return f(docs, places)
	})
}
