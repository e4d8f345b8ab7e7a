package release

import "math/bits"

// table finds files by the hash of their names: 16 bytes a file, in buckets of
// about four by the high bits of the hash.
type table struct {
	shift uint
	start []uint32 // of each bucket in slots, and the end of the last
	slots []slot
}

// slot is one file: where in which pack its record lies.
type slot struct {
	hash uint64
	pack uint32
	at   uint32
}

// newTable takes up the files of all packs by sorting them into buckets.
func newTable(packs []*mounted) table {
	n := 0
	for _, p := range packs {
		n += len(p.hashes)
	}
	width := uint(max(1, bits.Len(uint(n/4))))
	t := table{shift: 64 - width, start: make([]uint32, 1<<width+1), slots: make([]slot, n)}
	for _, p := range packs {
		for _, h := range p.hashes {
			t.start[h>>t.shift+1]++
		}
	}
	for i := 1; i < len(t.start); i++ {
		t.start[i] += t.start[i-1]
	}
	next := append([]uint32(nil), t.start...)
	for i, p := range packs {
		for j, h := range p.hashes {
			b := h >> t.shift
			t.slots[next[b]] = slot{hash: h, pack: uint32(i), at: p.at[j]}
			next[b]++
		}
	}
	return t
}

// bucket returns the files among which those with hash h are.
func (t *table) bucket(h uint64) []slot {
	b := h >> t.shift
	return t.slots[t.start[b]:t.start[b+1]]
}

// clashes calls visit with each pair of files whose hashes are equal.
func (t *table) clashes(visit func(a, b slot) error) error {
	for i := range len(t.start) - 1 {
		bucket := t.slots[t.start[i]:t.start[i+1]]
		for j, a := range bucket {
			for _, b := range bucket[:j] {
				if a.hash != b.hash {
					continue
				}
				if err := visit(a, b); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
