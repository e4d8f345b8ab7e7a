package assess

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// tally is a rate being counted.
type tally struct{ num, den, unknown int64 }

func (t *tally) add(o tally) {
	t.num += o.num
	t.den += o.den
	t.unknown += o.unknown
}

// counts are the numbers of one scope and month, or of several added up.
type counts struct {
	received, full, stubs, withdrawn, merged int64
	reasons                                  [numReasons]int64
	rates                                    [numRates]tally
	levels                                   [len(scales)][len(sources)][5]uint32
	firstDays, days, closeDays               histogram
	noDays, noClose                          int64
	returns, repeats, reviewed, reReviewed   int64
	channels                                 []channelCount // by identifier
}

// channelCount is how many cases were received through a channel. Which channels are
// online is the register's to say, and asked when a [Book] is read.
type channelCount struct {
	id string
	n  int64
}

// through adds n cases of a channel.
func (c *counts) through(id string, n int64) {
	i, ok := slices.BinarySearchFunc(c.channels, id, func(c channelCount, id string) int { return strings.Compare(c.id, id) })
	if !ok {
		c.channels = slices.Insert(c.channels, i, channelCount{id: id})
	}
	c.channels[i].n += n
}

const numReasons = 6

func (c *counts) add(o *observation) {
	c.received++
	if o.channel != "" {
		c.through(o.channel, 1)
	}
	switch o.prominence {
	case record.Full:
		c.full++
	case record.Withdrawn:
		c.withdrawn++
	default:
		c.stubs++
	}
	if i := reasonIndex(o.reason); i >= 0 {
		c.reasons[i]++
	}
	if o.merged {
		c.merged++
		return
	}
	c.returns += int64(o.returns)
	if o.repeat {
		c.repeats++
	}
	switch o.outcome {
	case record.Reviewed:
		c.reviewed++
	case record.ReReviewed:
		c.reReviewed++
	}
	for i, s := range o.rates {
		t := &c.rates[i]
		switch s {
		case counted:
			t.num++
			t.den++
		case missed:
			t.den++
		case unknown:
			t.unknown++
		}
	}
	if n, ok := o.firstDays.Get(); ok {
		c.firstDays.add(n, 1)
	}
	if n, ok := o.days.Get(); ok {
		c.days.add(n, 1)
	}
	if n, ok := o.closeDays.Get(); ok {
		c.closeDays.add(n, 1)
	}
	if o.noDays {
		c.noDays++
	}
	if o.noClose {
		c.noClose++
	}
	if o.rated {
		c.levels[o.scale][o.source][o.level-1]++
	}
}

func reasonIndex(r record.StubReason) int {
	switch r {
	case record.NotAnswered:
		return 0
	case record.UnderReview:
		return 1
	case record.NotAgreed:
		return 2
	case record.NotSuitable:
		return 3
	case record.MergedInto:
		return 4
	case record.Removed:
		return 5
	}
	return -1
}

func (c *counts) merge(d *counts) {
	c.received += d.received
	c.full += d.full
	c.stubs += d.stubs
	c.withdrawn += d.withdrawn
	c.merged += d.merged
	c.noDays += d.noDays
	c.noClose += d.noClose
	c.returns += d.returns
	c.repeats += d.repeats
	c.reviewed += d.reviewed
	c.reReviewed += d.reReviewed
	for i, n := range d.reasons {
		c.reasons[i] += n
	}
	for i, t := range d.rates {
		c.rates[i].add(t)
	}
	for i, scale := range d.levels {
		for j, source := range scale {
			for k, n := range source {
				c.levels[i][j][k] += n
			}
		}
	}
	for _, k := range d.channels {
		c.through(k.id, k.n)
	}
	c.firstDays.merge(&d.firstDays)
	c.days.merge(&d.days)
	c.closeDays.merge(&d.closeDays)
}

// histogram counts cases a whole number of days. Short times lie in a slice
// that is as long as the longest of them, the few long ones in a map.
type histogram struct {
	short []uint32
	long  map[int]uint32
	n     int64
}

const shortDays = 96

func (h *histogram) add(days int, n uint32) {
	h.n += int64(n)
	if days >= shortDays {
		if h.long == nil {
			h.long = map[int]uint32{}
		}
		h.long[days] += n
		return
	}
	if days >= len(h.short) {
		h.short = append(h.short, make([]uint32, days+1-len(h.short))...)
	}
	h.short[days] += n
}

func (h *histogram) merge(g *histogram) {
	for d, n := range g.short {
		if n > 0 {
			h.add(d, n)
		}
	}
	for d, n := range g.long {
		h.add(d, n)
	}
}

// each calls f for every number of days that occurs, in ascending order.
func (h *histogram) each(f func(days int, n int64)) {
	for d, n := range h.short {
		if n > 0 {
			f(d, int64(n))
		}
	}
	for _, d := range slices.Sorted(maps.Keys(h.long)) {
		f(d, int64(h.long[d]))
	}
}

// middle returns the sum of the two middle values, which is twice the median.
func (h *histogram) middle() int64 {
	var sum, seen int64
	lower, upper := (h.n-1)/2, h.n/2 // positions from 0; equal when n is odd
	h.each(func(d int, n int64) {
		if seen <= lower && lower < seen+n {
			sum += int64(d)
		}
		if seen <= upper && upper < seen+n {
			sum += int64(d)
		}
		seen += n
	})
	return sum
}

// binEnds are the last days of all bins but the last, which has no end.
var binEnds = [...]int{2, 5, 10, 15, 20, 30, 60}

func (h *histogram) distribution(unknown int64) Distribution {
	d := Distribution{Known: h.n, Unknown: unknown}
	h.each(func(days int, n int64) {
		i, _ := slices.BinarySearch(binEnds[:], days)
		d.Bins[i] += n
	})
	if h.n > 0 {
		d.Median = halves(h.middle())
	}
	return d
}

// halves writes n/2 in decimal, as "7" or "7.5".
func halves(n int64) string {
	s := strconv.FormatInt(n/2, 10)
	if n%2 != 0 {
		s += ".5"
	}
	return s
}

// series are the counts of one scope, a month each.
type series struct {
	first  record.Month
	months []*counts // nil: nothing was received
}

// at returns the counts of month m for writing.
func (s *series) at(m record.Month) *counts {
	switch {
	case len(s.months) == 0:
		s.first, s.months = m, make([]*counts, 1)
	case m < s.first:
		s.months = append(make([]*counts, s.first-m), s.months...)
		s.first = m
	case int(m-s.first) >= len(s.months):
		s.months = append(s.months, make([]*counts, int(m-s.first)+1-len(s.months))...)
	}
	c := &s.months[m-s.first]
	if *c == nil {
		*c = new(counts)
	}
	return *c
}

func (s *series) merge(o *series) {
	for i, c := range o.months {
		if c != nil {
			s.at(o.first + record.Month(i)).merge(c)
		}
	}
}

// sum adds up the months from first to last.
func (s *series) sum(first, last record.Month) counts {
	var sum counts
	for i, c := range s.months {
		if m := s.first + record.Month(i); c != nil && first <= m && m <= last {
			sum.merge(c)
		}
	}
	return sum
}
