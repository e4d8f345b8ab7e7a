// Package moves counts how long cases stayed with each unit between their moves (转办、
// 退单): facts in, [Counts] by unit out. It is about units and cases; a move says neither
// who was right nor who was slow.
//
// It is pure, and takes time in proportion to the number of moves.
package moves

import (
	"cmp"
	"slices"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// Version counts up when the same cases would get other counts than before.
const Version = 1

// Counts is what is counted of one unit, or of the whole installation.
//
// A case that came back to a unit has stayed there twice. Stays of which no unit is named
// count for the whole installation alone.
type Counts struct {
	Cases    int64 // that have a move from or to the unit
	From     int64 // cases that the unit passed on
	To       int64 // cases that were passed on to the unit
	Returned int64 // cases that the unit returned (退单); the move is not counted in From and To
	Stays    Days  // that have ended
	Open     Days  // that had not ended on the cut-off, by their days until then
	Unknown  int64 // stays of which a day is missing, or that would end before they began

	last [things]int64 // the case that was counted last
}

// Days counts stays by whole days, as the difference of two days. The zero value is none.
type Days struct {
	by map[int]int64
	n  int64
}

func (d *Days) add(days int) {
	if d.by == nil {
		d.by = map[int]int64{}
	}
	d.by[days]++
	d.n++
}

// N returns how many stays there are.
func (d *Days) N() int64 { return d.n }

// Bins returns the stays by the bins of [assess.BinEnds], and the last that has no end.
func (d *Days) Bins() (bins [8]int64) {
	ends := assess.BinEnds()
	for days, n := range d.by {
		i, _ := slices.BinarySearch(ends[:], days)
		bins[i] += n
	}
	return bins
}

// Median returns twice the median over 2, so that it is whole, or nothing over nothing.
func (d *Days) Median() record.Rate {
	if d.n == 0 {
		return record.Rate{}
	}
	days := make([]int, 0, len(d.by))
	for k := range d.by {
		days = append(days, k)
	}
	slices.Sort(days)
	var sum, seen int64
	for _, k := range days {
		for _, at := range [...]int64{(d.n - 1) / 2, d.n / 2} { // equal when n is odd
			if seen <= at && at < seen+d.by[k] {
				sum += int64(k)
			}
		}
		seen += d.by[k]
	}
	return record.Rate{Num: sum, Den: 2}
}

// Counter adds up the moves of cases at one cut-off. It must not be used by two
// goroutines at a time.
type Counter struct {
	cutoff record.Day
	units  map[record.UnitID]*Counts
	added  int64 // cases with moves
}

// NewCounter returns a Counter at the end of the day cutoff.
func NewCounter(cutoff record.Day) *Counter {
	return &Counter{cutoff: cutoff, units: map[record.UnitID]*Counts{}}
}

// Of returns what is counted of a unit, of the whole installation with the empty one;
// nil where no case has a move. The caller must not change it.
func (c *Counter) Of(unit record.UnitID) *Counts { return c.units[unit] }

// of is [Counter.Of] for writing.
func (c *Counter) of(unit record.UnitID) *Counts {
	n := c.units[unit]
	if n == nil {
		n = new(Counts)
		c.units[unit] = n
	}
	return n
}

// Add counts a case that is published in full and was not merged into another; of any
// other no moves are public. Moves after the cut-off have not happened yet, and one from
// a unit to itself is none.
//
// The first unit has the case from the day of receipt; where the first move does not name
// it, the case begins with the move, for nobody says who had it. The last unit has it to
// the closing, or the reply where there is none. Where one move names another unit than
// the next one begins with, a move between them is missing: of the stays before and after
// it the days are not known.
func (c *Counter) Add(f *record.Fact) {
	if len(f.Dispatches) == 0 || f.Prominence != record.Full || f.Status == record.Merged {
		return
	}
	all := make([]record.Dispatch, 0, len(f.Dispatches))
	dated := true
	for _, d := range f.Dispatches {
		if d.Day > c.cutoff || d.From == d.To && d.From != "" {
			continue
		}
		dated = dated && d.Day.Known()
		all = append(all, d)
	}
	if len(all) == 0 {
		return
	}
	if dated { // else the order of delivery is all that there is
		slices.SortStableFunc(all, func(a, b record.Dispatch) int { return cmp.Compare(a.Day, b.Day) })
	}
	c.moves(all)
	c.stays(f, all)
}

// moves counts the case once for each unit and thing that was done with it.
func (c *Counter) moves(all []record.Dispatch) {
	c.added++
	count := func(what int, units ...record.UnitID) {
		for _, unit := range units {
			if n := c.of(unit); n.last[what] != c.added {
				n.last[what] = c.added
				switch what {
				case cases:
					n.Cases++
				case from:
					n.From++
				case to:
					n.To++
				case returned:
					n.Returned++
				}
			}
		}
	}
	for _, d := range all {
		count(cases, "", d.From, d.To)
		if d.Returned {
			count(returned, "", d.From)
			continue
		}
		count(from, "", d.From)
		count(to, "", d.To)
	}
}

// What a case counts once of for a unit.
const (
	cases = iota
	from
	to
	returned
	things
)

// stays counts the days between moves, which are in order.
func (c *Counter) stays(f *record.Fact, all []record.Dispatch) {
	if all[0].From != "" {
		c.stay(all[0].From, f.Received, all[0].Day, false)
	}
	for i, d := range all[:len(all)-1] {
		next := all[i+1]
		if d.To != "" && next.From != "" && d.To != next.From {
			c.stay(d.To, d.Day, 0, false)
			c.stay(next.From, 0, next.Day, false)
			continue
		}
		c.stay(cmp.Or(d.To, next.From), d.Day, next.Day, false)
	}
	last := all[len(all)-1]
	end, open := c.end(f)
	c.stay(last.To, last.Day, end, open)
}

// end returns the day on which the last stay ended; open says that it has not, and then
// the day is the cut-off. The day is not known where nobody says whether it has.
func (c *Counter) end(f *record.Fact) (day record.Day, open bool) {
	happened := func(t record.Tri, on record.Day) record.Tri {
		if t == record.Yes && on > c.cutoff {
			return record.No
		}
		return t
	}
	closed, replied := happened(f.Finished, f.ClosedOn), happened(f.Answered, f.RepliedOn)
	switch {
	case closed == record.Yes:
		return f.ClosedOn, false
	case replied == record.Yes:
		return f.RepliedOn, false
	case replied == record.Unknown:
		return 0, false
	}
	return c.cutoff, true
}

// stay counts one stay for its unit and for the whole installation.
func (c *Counter) stay(unit record.UnitID, from, to record.Day, open bool) {
	for i, u := range [...]record.UnitID{"", unit} {
		if i > 0 && u == "" {
			return
		}
		n := c.of(u)
		switch {
		case !from.Known() || !to.Known() || to < from:
			n.Unknown++
		case open:
			n.Open.add(int(to - from))
		default:
			n.Stays.add(int(to - from))
		}
	}
}
