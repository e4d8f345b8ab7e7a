package assess

import (
	"maps"
	"slices"
	"strconv"

	"github.com/huiyin/huiyin/generator/record"
)

// rate is an index into [counts.rates].
type rate int

const (
	repliedOfDue rate = iota
	repliedOfCollected
	closedOfReceived
	onTimeReply
	onTimeClose
	ratingCoverage
	numRates
)

// share is where one case stands in one rate.
type share uint8

const (
	outside share = iota // the rate is not about this case
	missed               // in the denominator only
	counted              // in numerator and denominator
	unknown              // a value that the rate needs was not delivered
)

// observation is what one case adds to each scope that it belongs to.
type observation struct {
	prominence record.Prominence
	reason     record.StubReason
	merged     bool
	rates      [numRates]share
	days       record.Count // of a reply; not known when there is none
	noDays     bool         // answered, or perhaps answered, in an unknown number of days
	closeDays  record.Count
	noClose    bool
	rated      bool
	scale      int
	level      int
}

// observe reads off f, as it stood at the end of the day cutoff, everything
// that is counted.
func observe(f *record.Fact, cutoff record.Day) observation {
	o := observation{prominence: f.Prominence, reason: f.StubReason}
	o.merged = f.Status == record.Merged || f.StubReason == record.MergedInto
	if o.merged {
		return o
	}
	replied := by(cutoff, f.Answered, f.RepliedOn)
	closed := by(cutoff, f.Finished, f.ClosedOn)

	o.rates[repliedOfCollected] = shareOf(replied)
	o.rates[closedOfReceived] = shareOf(closed)
	switch {
	case !f.Due.Known():
		o.rates[repliedOfDue], o.rates[onTimeReply], o.rates[onTimeClose] = unknown, unknown, unknown
	case f.Due <= cutoff:
		o.rates[repliedOfDue] = shareOf(replied)
		o.rates[onTimeReply] = shareOf(and(replied, f.OnTime))
		o.rates[onTimeClose] = shareOf(and(closed, f.ClosedOnTime))
	}

	if replied == record.Yes {
		o.days = f.Days
	}
	o.noDays = replied == record.Unknown || replied == record.Yes && o.days == 0
	if closed == record.Yes {
		o.closeDays = f.CloseDays
	}
	o.noClose = closed == record.Unknown || closed == record.Yes && o.closeDays == 0

	o.rate(f, replied)
	return o
}

// rate counts the rating of a case that was answered and published in full. A
// withdrawn case counts as one without a rating, so that withdrawing unrated
// cases does not improve the coverage.
func (o *observation) rate(f *record.Fact, replied record.Tri) {
	if replied != record.Yes || f.Prominence != record.Full && f.Prominence != record.Withdrawn {
		return
	}
	o.rates[ratingCoverage] = missed
	i := slices.Index(scales[:], f.Rating.Scale)
	if f.Prominence != record.Full || i < 0 || f.Rating.Level < 1 || int(f.Rating.Level) > levels[i] {
		return
	}
	o.rates[ratingCoverage] = counted
	o.rated, o.scale, o.level = true, i, int(f.Rating.Level)
}

// scales lists the scales of a rating in the order in which they are shown, and
// levels how many levels each has.
var (
	scales = [...]record.RatingScale{record.Five, record.Three, record.Points}
	levels = [...]int{5, 3, 5}
)

// by returns whether what t says had happened at the end of the day cutoff.
func by(cutoff record.Day, t record.Tri, on record.Day) record.Tri {
	if t == record.Yes && on > cutoff {
		return record.No
	}
	return t
}

// and is the conjunction that does not guess: No if done is No, for what was
// not done was not done in time.
func and(done, inTime record.Tri) record.Tri {
	if done == record.Yes {
		return inTime
	}
	return done
}

func shareOf(t record.Tri) share {
	switch t {
	case record.Yes:
		return counted
	case record.No:
		return missed
	}
	return unknown
}

// tally is a rate being counted.
type tally struct{ num, den, unknown int64 }

// counts are the numbers of one scope and month, or of several added up.
type counts struct {
	received, full, stubs, withdrawn, merged int64
	reasons                                  [numReasons]int64
	rates                                    [numRates]tally
	levels                                   [len(scales)][5]int64
	days, closeDays                          histogram
	noDays, noClose                          int64
}

const numReasons = 6

func (c *counts) add(o *observation) {
	c.received++
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
		c.levels[o.scale][o.level-1]++
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
	for i, n := range d.reasons {
		c.reasons[i] += n
	}
	for i, t := range d.rates {
		c.rates[i].num += t.num
		c.rates[i].den += t.den
		c.rates[i].unknown += t.unknown
	}
	for i, ls := range d.levels {
		for j, n := range ls {
			c.levels[i][j] += n
		}
	}
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
