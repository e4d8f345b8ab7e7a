package similar

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Item is one text of a comparison.
type Item struct {
	ID        int // whatever the caller knows the text by; each but once
	Signature Signature
}

// Options say what a group is. The zero value means the defaults.
type Options struct {
	Percent int // least similarity to the representative, 50 to 100; zero: [DefaultPercent]
	Size    int // least number of members of a group that is told of, from 2; zero: [DefaultSize]
}

// The defaults. At 80 % two replies of 100 characters differ in one slot of seven
// characters. Groups of real replies were read: at 80 % and at 70 % each was one
// template with what was filled in; at 60 % there are groups in which one reply says that
// something was done and another that it will be.
const (
	DefaultPercent = 80
	DefaultSize    = 5
)

// Result is what there is to say of a set of texts.
type Result struct {
	Percent  int     `json:"percent"`   // the threshold that was used
	Size     int     `json:"size"`      // and the least size
	Looked   int     `json:"looked"`    // texts given
	TooShort int     `json:"too_short"` // of them, too short to be compared
	Grouped  int     `json:"grouped"`   // of them, in one of the groups
	Largest  int     `json:"largest"`   // size of the largest group, also of one below the least size; 1 where all differ
	Groups   []Group `json:"groups"`    // by size, the largest first, then by smallest ID
}

// Group is a set of texts that are all like one of them.
type Group struct {
	Representative int      `json:"representative"` // ID of the text to show as the sample
	Members        []Member `json:"members"`        // by ID; the representative is one
}

// Member is a text of a group.
type Member struct {
	ID       int         `json:"id"`
	Likeness record.Rate `json:"likeness"` // to the representative, see [Likeness]
}

// Groups finds the groups of similar texts; the package comment says how, and what
// holds for a group. The result does not depend on the order of items. It is an error
// when the options are out of range.
//
// Time and memory grow in proportion to the number of items, whatever the texts: at
// most eight comparisons are made for each item and band. Beside the items it takes
// about 100 bytes an item, and up to 300 where hostile texts share each band with
// another and are like none; some of these are then not found to be like another.
func Groups(items []Item, o Options) (Result, error) {
	o.Percent, o.Size = cmp.Or(o.Percent, DefaultPercent), cmp.Or(o.Size, DefaultSize)
	if o.Percent < 50 || o.Percent > 100 {
		return Result{}, fault.New("similarity of a group is out of range", "choose 50 to 100 percent")
	}
	if o.Size < 2 {
		return Result{}, fault.New("size of a group is out of range", "choose 2 or more texts")
	}
	s := newSorter(items, o)
	s.run()
	return s.result(), nil
}

// Bands. A band is so many bins side by side, and two texts meet when they have a
// band equal. With similarity s, bands of r bins and n of them, they meet with the
// probability 1-(1-s^r)^n: 99.7 % at 80 % and 99.996 % at 85 % for 32 bands of eight
// bins, 98.4 % at 50 % and 99.99 % at 60 % for 64 bands of four.
const (
	wideFrom  = 80 // percent from which bands have eight bins
	perBucket = 8  // representatives that a text meets in one band
	perKind   = 12 // bands in which representatives are found, on average of all kinds
)

// sorter holds the work of one call. A kind is one of the distinct signatures; kinds
// are numbered by what they are and not by where they stand.
type sorter struct {
	items   []Item
	options Options
	least   int // of 255
	bands   int

	order []uint32 // positions of items that are long enough, by kind, then by ID
	kinds []uint32 // of a kind: where it begins in order; and the end of the last
	kind  []int32  // of the item at a position: the kind that it shows, or -1

	score  []uint32 // of a kind: how many texts it meets, over all bands
	meets  []uint64 // of a kind: the bands in which it meets another kind, as bits
	ranked []uint32 // kinds, the best first

	pairs, spare []pair // to sort with

	leader []uint32 // of a rank: the rank of its representative
	like   []uint8  // and the likeness to it
	work   work
}

// work counts what was done, for the proof that it is bounded.
type work struct{ compared, probed, kept, dropped int }

func newSorter(items []Item, o Options) *sorter {
	s := &sorter{items: items, options: o, least: (o.Percent*(bins-1) + 99) / 100, bands: words}
	s.pairs, s.spare = make([]pair, len(items)), make([]pair, len(items))
	if o.Percent < wideFrom {
		s.bands = 2 * words
	}
	return s
}

func (s *sorter) run() {
	s.distinct()
	s.rank()
	s.lead()
}

// band returns what decides whether two signatures meet in a band.
func (s *sorter) band(sig *Signature, b int) uint64 {
	if s.bands == words {
		return sig.w[b]
	}
	return sig.w[b/2] >> (b % 2 * 32) & (1<<32 - 1)
}

// texts returns the positions of the texts of a kind.
func (s *sorter) texts(kind uint32) []uint32 { return s.order[s.kinds[kind]:s.kinds[kind+1]] }

// shown returns the signature of a kind.
func (s *sorter) shown(kind uint32) *Signature {
	return &s.items[s.order[s.kinds[kind]]].Signature
}

// distinct brings texts of one signature together, in order of a hash of it, and of
// the signature itself where hashes are equal.
func (s *sorter) distinct() {
	pairs, spare := s.pairs[:0], s.spare
	for i := range s.items {
		if sig := &s.items[i].Signature; !sig.TooShort() {
			pairs = append(pairs, pair{hash(sig), uint32(i)})
		}
	}
	sortPairs(pairs, spare)
	s.order = make([]uint32, len(pairs))
	for i, p := range pairs {
		s.order[i] = p.value
	}
	s.kinds = make([]uint32, 0, len(pairs)+1)
	s.kind = make([]int32, len(s.items))
	for i := range s.kind {
		s.kind[i] = -1
	}
	for first := 0; first < len(pairs); {
		last := first + 1
		for last < len(pairs) && pairs[last].key == pairs[first].key {
			last++
		}
		s.split(first, last)
		first = last
	}
	s.kinds = append(s.kinds, uint32(len(s.order)))
}

// split makes kinds of the texts from first up to last in order, whose hashes are
// equal; their signatures are too, except by the rarest chance.
func (s *sorter) split(first, last int) {
	run := s.order[first:last]
	sig := func(i uint32) *Signature { return &s.items[i].Signature }
	one := true
	for _, i := range run {
		one = one && *sig(i) == *sig(run[0])
	}
	slices.SortFunc(run, func(a, b uint32) int {
		if !one {
			if c := slices.Compare(sig(a).w[:], sig(b).w[:]); c != 0 {
				return c
			}
		}
		return cmp.Compare(s.items[a].ID, s.items[b].ID)
	})
	for i := 0; i < len(run); {
		n := 1
		for i+n < len(run) && (one || *sig(run[i+n]) == *sig(run[i])) {
			n++
		}
		s.kind[run[i]] = int32(len(s.kinds))
		s.kinds = append(s.kinds, uint32(first+i))
		i += n
	}
}

// rank orders the kinds by how many texts they meet, so that what is in the middle of
// a group comes before what is at its edge.
func (s *sorter) rank() {
	s.score = make([]uint32, len(s.kinds)-1)
	s.meets = make([]uint64, len(s.kinds)-1)
	pairs, spare := s.pairs[:len(s.kinds)-1], s.spare
	for b := range s.bands {
		n := 0
		for i, k := range s.kind { // by position, as memory is fastest read
			if k >= 0 {
				pairs[n] = pair{s.band(&s.items[i].Signature, b), uint32(k)}
				n++
			}
		}
		sortPairs(pairs, spare)
		for first := 0; first < len(pairs); {
			last, texts := first, uint32(0)
			for last < len(pairs) && pairs[last].key == pairs[first].key {
				texts += uint32(len(s.texts(pairs[last].value)))
				last++
			}
			for _, p := range pairs[first:last] {
				s.score[p.value] += texts
				if last-first > 1 {
					s.meets[p.value] |= 1 << b
				}
			}
			first = last
		}
	}
	for k, score := range s.score {
		pairs[k] = pair{uint64(^score), uint32(k)}
	}
	sortPairs(pairs, spare)
	s.ranked = make([]uint32, len(pairs))
	for i, p := range pairs {
		s.ranked[i] = p.value
	}
	s.pairs, s.spare = nil, nil
}

// lead goes through the kinds by rank: each joins the representative that it is most
// like, of those that it meets and is like enough, or becomes one.
func (s *sorter) lead() {
	s.leader = make([]uint32, len(s.ranked))
	s.like = make([]uint8, len(s.ranked))
	tried := make([]uint32, len(s.ranked)) // by representative: one more than the rank that last met it
	found := newTable(perKind * len(s.ranked))
	near := make([]uint32, 0, longest)
	for rank, kind := range s.ranked {
		self := uint32(rank)
		sig := s.shown(kind)
		best, like := self, s.least
		for m := s.meets[kind]; m != 0; m &= m - 1 {
			b := bits.TrailingZeros64(m)
			near = found.find(bucket(b, s.band(sig, b)), near[:0])
			for _, c := range near {
				if tried[c] == self+1 {
					continue
				}
				tried[c] = self + 1
				s.work.compared++
				if n := likeness(sig, s.shown(s.ranked[c]), like); n > like || n == like && c < best {
					best, like = c, n
				}
			}
		}
		s.leader[rank], s.like[rank] = best, uint8(like)
		if best != self {
			continue
		}
		s.like[rank] = bins - 1
		for m := s.meets[kind]; m != 0; m &= m - 1 {
			b := bits.TrailingZeros64(m)
			found.add(bucket(b, s.band(sig, b)), self)
		}
	}
	s.work.probed, s.work.kept, s.work.dropped = found.probed, found.used, found.dropped
}

// result lists the groups.
func (s *sorter) result() Result {
	r := Result{
		Percent: s.options.Percent, Size: s.options.Size,
		Looked: len(s.items), TooShort: len(s.items) - len(s.order), Groups: []Group{},
	}
	sizes := make([]uint32, len(s.ranked))
	for rank, kind := range s.ranked {
		sizes[s.leader[rank]] += uint32(len(s.texts(kind)))
	}
	for _, n := range sizes {
		r.Largest = max(r.Largest, int(n))
		if int(n) >= s.options.Size {
			r.Grouped += int(n)
		}
	}
	members := make([]Member, 0, r.Grouped) // of all groups
	at := make([]uint32, len(s.ranked))     // of a representative: its group
	for rank, n := range sizes {
		if int(n) < s.options.Size {
			continue
		}
		at[rank] = uint32(len(r.Groups))
		start := len(members)
		members = members[:start+int(n)]
		r.Groups = append(r.Groups, Group{
			Representative: s.items[s.texts(s.ranked[rank])[0]].ID,
			Members:        members[start:start:len(members)],
		})
	}
	for rank, kind := range s.ranked {
		if int(sizes[s.leader[rank]]) < s.options.Size {
			continue
		}
		g := &r.Groups[at[s.leader[rank]]]
		for _, i := range s.texts(kind) {
			g.Members = append(g.Members, Member{s.items[i].ID, record.Rate{Num: int64(s.like[rank]), Den: bins - 1}})
		}
	}
	for _, g := range r.Groups {
		slices.SortFunc(g.Members, func(a, b Member) int { return cmp.Compare(a.ID, b.ID) })
	}
	slices.SortFunc(r.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(len(b.Members), len(a.Members)), cmp.Compare(a.Members[0].ID, b.Members[0].ID))
	})
	return r
}
