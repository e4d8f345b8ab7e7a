package fts

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// posted is where a token stands, as a test writes it: by key, lines of an
// ordinal and a place.
type posted map[string][]string

func (p posted) add(key []byte, ord, place uint32) {
	p[string(key)] = append(p[string(key)], fmt.Sprint(ord, "@", place))
}

// readAllBlocks reads what a source gives.
func readAllBlocks(t *testing.T, s source) posted {
	t.Helper()
	got := posted{}
	var r blockReader
	var last []byte
	for {
		docs, where, ok, err := s.next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return got
		}
		for r.reset(docs, where); r.next(); {
			if bytes.Compare(r.key, last) < 0 {
				t.Fatalf("key %q comes after %q", r.key, last)
			}
			last = append(last[:0], r.key...)
			ords, err := readDocs(nil, r.posting.docs, r.n)
			if err != nil {
				t.Fatal(err)
			}
			var at places
			if err := at.reset(r.posting.places, r.n); err != nil {
				t.Fatal(err)
			}
			for i, ord := range ords {
				for _, place := range at.of(i) {
					got.add(r.key, ord, place)
				}
			}
		}
		if r.err != nil {
			t.Fatal(r.err)
		}
	}
}

// memory is a source of blocks in memory.
type memory struct {
	blocks [][2][]byte
	i      int
}

func (m *memory) next() (docs, where []byte, ok bool, err error) {
	if m.i == len(m.blocks) {
		return nil, nil, false, nil
	}
	m.i++
	return m.blocks[m.i-1][0], m.blocks[m.i-1][1], true, nil
}

func (m *memory) writer() *blockWriter {
	return &blockWriter{emit: func(_, docs, where []byte) error {
		m.blocks = append(m.blocks, [2][]byte{bytes.Clone(docs), bytes.Clone(where)})
		return nil
	}}
}

// TestMerge writes random lists to several sources, merges them, from the middle
// on as well, without some documents, and reads what comes out.
func TestMerge(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 0))
		want := posted{}
		var made []*memory
		dead := func(ord uint32) bool { return ord%5 == 0 }
		next := uint32(r.IntN(1 << 20))
		for range 1 + r.IntN(5) {
			m := &memory{}
			w := m.writer()
			high := next
			for k := range 300 {
				if r.IntN(3) == 0 {
					continue
				}
				key := []byte(fmt.Sprintf("键%03d\x01", k))
				var l list
				n := 1 + r.IntN(30)
				if k%100 == 7 {
					n = listDocs
				}
				ord := next
				for range n {
					ord += 1 + uint32(r.IntN(300))
					place := uint32(r.IntN(1 << r.IntN(20)))
					for range 1 + r.IntN(3) {
						l.add(ord, place)
						if !dead(ord) {
							want.add(key, ord, place)
						}
						place += 1 + uint32(r.IntN(200))
					}
				}
				high = max(high, ord)
				if err := w.add(key, &l); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.flush(); err != nil {
				t.Fatal(err)
			}
			made, next = append(made, m), high
		}
		sources := func() (all []source) {
			for _, m := range made {
				m.i = 0
				all = append(all, m)
			}
			return all
		}
		mergeAll := func(after []byte, drop func(uint32) bool) posted {
			m, err := newMerger(sources(), after, drop)
			if err != nil {
				t.Fatal(err)
			}
			out := &memory{}
			w := out.writer()
			for more := true; more; {
				if more, err = m.next(w); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.flush(); err != nil {
				t.Fatal(err)
			}
			return readAllBlocks(t, out)
		}
		if got := mergeAll(nil, dead); !maps.EqualFunc(got, want, slices.Equal) {
			t.Errorf("seed %d: merging lost or invented places", seed)
		}
		cut := "键150\x01"
		behind := maps.Clone(want)
		maps.DeleteFunc(behind, func(key string, _ []string) bool { return key <= cut })
		if got := mergeAll([]byte(cut), dead); !maps.EqualFunc(got, behind, slices.Equal) {
			t.Errorf("seed %d: merging from the middle lost or invented places", seed)
		}
		whole := mergeAll(nil, nil)
		for key, where := range whole {
			whole[key] = slices.DeleteFunc(where, func(s string) bool {
				ord, _, _ := strings.Cut(s, "@")
				return strings.HasSuffix(ord, "0") || strings.HasSuffix(ord, "5")
			})
		}
		maps.DeleteFunc(whole, func(_ string, where []string) bool { return len(where) == 0 })
		if !maps.EqualFunc(whole, want, slices.Equal) {
			t.Errorf("seed %d: merging without dropping lost or invented places", seed)
		}
	}
}

// FuzzBlock reads blocks of any bytes: they are read to the end or refused.
func FuzzBlock(f *testing.F) {
	m := &memory{}
	w := m.writer()
	var l list
	for ord := uint32(3); ord < 90; ord += 7 {
		l.add(ord, ord*ord)
		l.add(ord, ord*ord+9)
	}
	for _, key := range []string{"路灯\x00", "路灯\x01", "路边\x02"} {
		if err := w.add([]byte(key), &l); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.flush(); err != nil {
		f.Fatal(err)
	}
	f.Add(m.blocks[0][0], m.blocks[0][1])
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, docs, where []byte) {
		var r blockReader
		var at places
		for r.reset(docs, where); r.next(); {
			ords, err := readDocs(nil, r.posting.docs, r.n)
			if err != nil {
				return
			}
			if !slices.IsSorted(ords) || len(ords) != r.n {
				t.Errorf("%d ordinals, in order: %v, of %d", len(ords), slices.IsSorted(ords), r.n)
			}
			if err := at.reset(r.posting.places, r.n); err != nil {
				return
			}
			for i := range ords {
				if got := at.of(i); len(got) == 0 || got[0] != at.first(i) {
					t.Errorf("the %d places of a document do not begin with its first", len(got))
				}
			}
			if err := at.reset(r.posting.places, r.n); err != nil {
				return
			}
			for i := range ords {
				at.has(i, 5)
				at.has(i, 500)
			}
		}
	})
}

// FuzzRow reads rows and bounds of any bytes.
func FuzzRow(f *testing.F) {
	f.Add(appendRow(nil, row{codes: []uint32{1, 300}, numbers: []int64{-5, noNumber}}))
	f.Add(appendBounds(nil, []byte("路"), []byte("路灯")))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := row{codes: make([]uint32, 2), numbers: make([]int64, 2)}
		if err := readRow(b, r); err == nil {
			again := row{codes: make([]uint32, 2), numbers: make([]int64, 2)}
			if err := readRow(appendRow(nil, r), again); err != nil || !slices.Equal(again.codes, r.codes) || !slices.Equal(again.numbers, r.numbers) {
				t.Errorf("%v is read again as %v: %v", r, again, err)
			}
		}
		if bounds, err := readBounds(b); err == nil {
			if again, err := readBounds(appendBounds(nil, bounds...)); err != nil || len(again) != len(bounds) {
				t.Errorf("%d bounds are read again as %d: %v", len(bounds), len(again), err)
			}
		}
	})
}
