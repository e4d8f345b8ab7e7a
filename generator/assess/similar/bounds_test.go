package similar

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBoundedWork counts what is done for sets of texts that were made to cost much.
func TestBoundedWork(t *testing.T) {
	const n = 20000
	r := rand.New(rand.NewPCG(1, 1))
	random := func() (s Signature) {
		for i := range s.w {
			s.w[i] = r.Uint64()
		}
		return s
	}
	same := random()
	for _, test := range []struct {
		name     string
		make     func(i int) Signature
		percent  int
		compared int // at most, for each item
	}{
		{"equal", func(int) Signature { return same }, 80, 0},
		{"nothing in common", func(int) Signature { return random() }, 80, 0},
		{"all in one band", func(int) Signature {
			s := random()
			s.w[7] = same.w[7]
			return s
		}, 80, perBucket},
		{"all in every other band", func(int) Signature {
			s := random()
			for i := range s.w {
				if i%2 == 0 {
					s.w[i] = same.w[i]
				}
			}
			return s
		}, 80, perBucket},
		{"each band shared with a hundred others", func(int) Signature {
			s := random()
			for i := range s.w {
				s.w[i] %= n / 100
			}
			return s
		}, 95, perBucket * words},
		{"each half band shared", func(int) Signature {
			s := random()
			for i := range s.w {
				s.w[i] = s.w[i] % (n / 100) * (1<<32 + 1)
			}
			return s
		}, 79, perBucket * 2 * words},
		{"a chain", func(i int) Signature {
			same.w[i%words] = r.Uint64()
			return same
		}, 80, perBucket * words},
	} {
		items := make([]Item, n)
		for i := range items {
			items[i] = Item{i, test.make(i)}
		}
		s := newSorter(items, Options{Percent: test.percent, Size: 5})
		s.run()
		if s.work.compared > n*test.compared {
			t.Errorf("%s: %d comparisons for %d texts, want %d a text at most", test.name, s.work.compared, n, test.compared)
		}
		// A kind looks once and is put once in each band, and the table grows by
		// doubling, so that what is put is moved once on average.
		if most := 3 * n * s.bands * longest; s.work.probed > most {
			t.Errorf("%s: %d slots were looked at, want %d at most", test.name, s.work.probed, most)
		}
		t.Logf("%s: %d comparisons, %d slots", test.name, s.work.compared, s.work.probed)
	}
}

// Buckets whose hashes were made to stand side by side cost no more than 64
// slots, and a bucket keeps its first representatives.
func TestTable(t *testing.T) {
	found := newTable(1 << 20)
	for i := range uint32(10000) {
		found.add(5<<20, i) // one bucket
		found.add((i+6)<<20, i)
	}
	if want, got := []uint32{0, 1, 2, 3, 4, 5, 6, 7}, found.find(5<<20, nil); !slices.Equal(got, want) {
		t.Errorf("the bucket holds %d, want %d", got, want)
	}
	if most := 2 * 3 * 10000 * 64; found.probed > most {
		t.Errorf("%d slots were looked at, want %d at most", found.probed, most)
	}
	spread := newTable(1 << 20)
	for i := range uint32(10000) {
		spread.add(i*0x9e3779b1, i)
	}
	for i := range uint32(10000) {
		if got := spread.find(i*0x9e3779b1, nil); !slices.Equal(got, []uint32{i}) {
			t.Fatalf("bucket %d holds %d", i, got)
		}
	}
}

func TestSortPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{0, 1, 2, 100, 1<<digit - 1, 1 << digit, 10000} {
		for _, keys := range []uint64{1, 2, 1 << 20, 1 << 62} {
			pairs := make([]pair, n)
			for i := range pairs {
				pairs[i] = pair{r.Uint64N(keys) * 3, uint32(i)}
			}
			want := slices.Clone(pairs)
			slices.SortStableFunc(want, func(a, b pair) int {
				switch {
				case a.key < b.key:
					return -1
				case a.key > b.key:
					return 1
				}
				return 0
			})
			sortPairs(pairs, make([]pair, n+3))
			if !slices.Equal(pairs, want) {
				t.Errorf("%d pairs of %d keys are not sorted", n, keys)
			}
		}
	}
}

// Signatures whose hash is the same by chance are still told apart.
func TestSplit(t *testing.T) {
	items := itemsOf([]string{replies[0], replies[3], replies[0], replies[4], replies[3]})
	s := newSorter(items, Options{Percent: 80, Size: 2})
	s.order = []uint32{4, 3, 2, 1, 0}
	s.kind = []int32{-1, -1, -1, -1, -1}
	s.split(0, len(items))
	var sizes []uint32
	s.kinds = append(s.kinds, uint32(len(items)))
	for k := range uint32(len(s.kinds) - 1) {
		sizes = append(sizes, uint32(len(s.texts(k))))
		for _, i := range s.texts(k) {
			if items[i].Signature != *s.shown(k) {
				t.Errorf("text %d is not of kind %d", i, k)
			}
		}
	}
	slices.Sort(sizes)
	if !slices.Equal(sizes, []uint32{1, 2, 2}) {
		t.Errorf("kinds of %d texts, want of 1, 2 and 2", sizes)
	}
}
