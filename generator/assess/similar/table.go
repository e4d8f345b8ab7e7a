package similar

import (
	"cmp"
	"slices"
)

// pair is a number to sort by and what it belongs to.
type pair struct {
	key   uint64
	value uint32
}

// digit is the number of bits that pairs are sorted by at a time.
const digit = 11

// sortPairs sorts by key and leaves what is equal in its order. It takes the same
// time whatever the keys are. spare is as long as pairs and is written over.
func sortPairs(pairs, spare []pair) {
	if len(pairs) < 1<<digit {
		slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
		return
	}
	from, to := pairs, spare[:len(pairs)]
	for shift := 0; shift < 64; shift += digit {
		var at [1 << digit]uint32
		for i := range from {
			at[from[i].key>>shift%(1<<digit)]++
		}
		if at[from[0].key>>shift%(1<<digit)] == uint32(len(from)) {
			continue // all have the same digit
		}
		sum := uint32(0)
		for d, n := range at {
			at[d] = sum
			sum += n
		}
		for i := range from {
			p := &at[from[i].key>>shift%(1<<digit)]
			to[*p] = from[i]
			*p++
		}
		from, to = to, from
	}
	if &from[0] != &pairs[0] {
		copy(pairs, from)
	}
}

// table finds the representatives in a bucket, which is a band and what stands in it.
// It keeps at most perBucket of them for a bucket, the first ones, and looks at no
// more than longest slots to find them, so that buckets made to fall together cost no
// more than others; one that finds no place is not kept, and neither are more than most. A bucket is known by 32 bits
// of its hash: one that has them in common with another adds a comparison.
type table struct {
	slots   []uint64 // the hash of a bucket above, one more than the rank of a representative below
	most    int      // representatives, over all buckets
	used    int
	dropped int // not kept
	probed  int // slots looked at
}

const longest = 64

func newTable(most int) *table { return &table{slots: make([]uint64, 1<<10), most: most} }

// find appends the representatives in a bucket to list, the first ones first.
func (t *table) find(bucket uint32, list []uint32) []uint32 {
	for i := range uint32(longest) {
		slot := t.slots[(bucket+i)%uint32(len(t.slots))]
		t.probed++
		if slot == 0 {
			break
		}
		if uint32(slot>>32) == bucket {
			list = append(list, uint32(slot)-1)
		}
	}
	return list
}

// add puts a representative into a bucket.
func (t *table) add(bucket, rank uint32) {
	if t.used >= t.most {
		t.dropped++
		return
	}
	if 4*t.used >= 3*len(t.slots) {
		old := t.slots
		t.slots, t.used = make([]uint64, 2*len(old)), 0
		for _, slot := range old {
			if slot != 0 {
				t.put(slot)
			}
		}
	}
	t.put(uint64(bucket)<<32 | uint64(rank+1))
}

func (t *table) put(slot uint64) {
	bucket, same := uint32(slot>>32), 0
	for i := range uint32(longest) {
		s := &t.slots[(bucket+i)%uint32(len(t.slots))]
		t.probed++
		switch {
		case *s == 0:
			*s = slot
			t.used++
			return
		case uint32(*s>>32) == bucket:
			if same++; same == perBucket {
				t.dropped++
				return
			}
		}
	}
	t.dropped++
}

// hash is of a whole signature.
func hash(s *Signature) uint64 {
	h := uint64(0)
	for _, w := range s.w {
		h = mix(h, w)
	}
	return h
}

// bucket is the hash of a band and of what stands in it.
func bucket(band int, key uint64) uint32 { return uint32(mix(uint64(band), key)) }
