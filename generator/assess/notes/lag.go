package notes

import (
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// Workdays counts the working days after from up to and including to; known is false
// where it cannot be told, as for a year without a holiday notice.
type Workdays interface {
	WorkingDays(from, to record.Day) (n int, known bool)
}

// Lag is how long after the reply it was published: from the day of the reply to the
// as-of day of the delivery that brought it. The release that showed it is of that day
// or later, and is not counted, since the day of a release is up to whoever runs the
// program and not in the data.
//
// Replies of the day on which the record began, or of before, were published with the
// whole backlog: their lag says nothing of the office and is not counted.
type Lag struct {
	Days    map[int]int64 `json:"days,omitempty"` // cases by days
	Before  int64         `json:"before"`         // replied to before the record began
	Unknown int64         `json:"unknown"`        // the day of the reply is not known or lies after that of publication, or a holiday notice is missing
}

func (l *Lag) count(replied, shown record.Day, o Options) {
	switch {
	case !replied.Known() || replied > shown:
		l.Unknown++
		return
	case replied <= o.Began:
		l.Before++
		return
	}
	days, known := int(shown-replied), true
	if o.Workdays != nil {
		days, known = o.Workdays.WorkingDays(replied, shown)
	}
	if !known {
		l.Unknown++
		return
	}
	if l.Days == nil {
		l.Days = map[int]int64{}
	}
	l.Days[days]++
}

func (l *Lag) add(o *Lag) {
	if l.Days == nil {
		l.Days = map[int]int64{}
	}
	for d, n := range o.Days {
		l.Days[d] += n
	}
	l.Before += o.Before
	l.Unknown += o.Unknown
}

// Known returns how many cases have a lag.
func (l *Lag) Known() (n int64) {
	for _, k := range l.Days {
		n += k
	}
	return n
}

// lagUpTo are the upper bounds of the bins of days; the last is open.
var lagUpTo = [...]int{0, 1, 2, 5, 10, 20}

// LagNames returns the names of the bins in order: days as "3-5", and "21-".
func LagNames() []string { return []string{"0", "1", "2", "3-5", "6-10", "11-20", "21-"} }

// Bins returns the cases by the bins of [LagNames].
func (l *Lag) Bins() []int64 {
	bins := make([]int64, len(lagUpTo)+1)
	for d, n := range l.Days {
		i, _ := slices.BinarySearch(lagUpTo[:], d)
		bins[i] += n
	}
	return bins
}

// Soon is the days within which a reply is published soon.
const Soon = 5

// WithinSoon returns how many cases were published within [Soon] days of the reply.
func (l *Lag) WithinSoon() (n int64) {
	for d, k := range l.Days {
		if d <= Soon {
			n += k
		}
	}
	return n
}

// Median returns twice the median over 2, so that it is whole, or nothing over nothing.
func (l *Lag) Median() record.Rate {
	known := l.Known()
	if known == 0 {
		return record.Rate{}
	}
	var sum, seen int64
	for _, d := range slices.Sorted(maps.Keys(l.Days)) {
		for _, at := range [...]int64{(known - 1) / 2, known / 2} { // equal when known is odd
			if seen <= at && at < seen+l.Days[d] {
				sum += int64(d)
			}
		}
		seen += l.Days[d]
	}
	return record.Rate{Num: sum, Den: 2}
}
