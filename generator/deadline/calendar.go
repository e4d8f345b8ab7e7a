package deadline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"

	"github.com/huiyin/huiyin/generator/record"
)

// Calendar says which days are working days, in the years for which it has a
// file. It does not change and is safe for concurrent use. A nil Calendar knows no
// year.
type Calendar struct {
	years []*yearDays // ascending
}

// Year is what the file of one year says.
type Year struct {
	Year   int
	Source string       // number of the notice, such as 国办发明电〔2025〕7号
	Off    []Span       // days off, ascending; ordinary weekends are not listed
	Worked []record.Day // Saturdays and Sundays on which work is done, ascending
}

// Span is a run of days off.
type Span struct {
	Name, NameEn string // of the holiday, such as 春节; either may be ""
	First, Last  record.Day
}

// yearDays is a year ready for counting.
type yearDays struct {
	Year
	first record.Day
	count []int16 // count[i] is the number of working days among the first i days
}

// ready counts the working days of y.
func (y Year) ready() *yearDays {
	first, next := record.Date(y.Year, 1, 1), record.Date(y.Year, 12, 31)+1
	d := &yearDays{Year: y, first: first, count: make([]int16, 1, next-first+1)}
	for day := first; day < next; day++ {
		n := d.count[day-first]
		if y.working(day) {
			n++
		}
		d.count = append(d.count, n)
	}
	return d
}

// working reports whether work is done on a day of the year.
func (y *Year) working(day record.Day) bool {
	if slices.ContainsFunc(y.Off, func(s Span) bool { return s.First <= day && day <= s.Last }) {
		return false
	}
	return !weekend(day) || slices.Contains(y.Worked, day)
}

// weekend reports whether a day is a Saturday or a Sunday. Day 1 was a Monday.
func weekend(day record.Day) bool { return (day-1)%7 >= 5 }

// days returns the number of days of the year.
func (y *yearDays) days() record.Day { return record.Day(len(y.count) - 1) }

// at returns the year of a day, or nil when there is no file for it.
func (c *Calendar) at(day record.Day) *yearDays {
	if c == nil || !day.Known() {
		return nil
	}
	i := sort.Search(len(c.years), func(i int) bool { return c.years[i].first > day }) - 1
	if i < 0 || day >= c.years[i].first+c.years[i].days() {
		return nil
	}
	return c.years[i]
}

// Years returns what the files say, by year.
func (c *Calendar) Years() []Year {
	if c == nil {
		return nil
	}
	out := make([]Year, len(c.years))
	for i, y := range c.years {
		out[i] = Year{y.Year.Year, y.Source, slices.Clone(y.Off), slices.Clone(y.Worked)}
	}
	return out
}

// Print names what the files say: it is another when that is.
func (c *Calendar) Print() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", c.Years()))
	return hex.EncodeToString(sum[:])
}

// IsWorking reports whether day is a working day. known is false when there is no
// file for its year: a Tuesday may be a holiday, and a Sunday may be worked.
func (c *Calendar) IsWorking(day record.Day) (working, known bool) {
	y := c.at(day)
	if y == nil {
		return false, false
	}
	i := day - y.first
	return y.count[i+1] > y.count[i], true
}

// WorkingDays returns the number of working days after from, up to and including
// to. So it is the number of days of the period that starts on from and ends on
// to: Friday to the Monday after is 1, Friday to Saturday and a day to itself are
// 0. known is false when either day is unknown, when to lies before from, and when
// a year between them has no file.
func (c *Calendar) WorkingDays(from, to record.Day) (n int, known bool) {
	if !from.Known() || !to.Known() || to < from {
		return 0, false
	}
	for from < to {
		y := c.at(from + 1)
		if y == nil {
			return 0, false
		}
		last := min(to, y.first+y.days()-1)
		n += int(y.count[last-y.first+1] - y.count[from+1-y.first])
		from = last
	}
	return n, true
}

// advance returns the n-th working day after start. Where it cannot be found it
// returns 0 and the day whose year has no file; that day is not [record.Day.Known]
// when it lies outside all years.
func (c *Calendar) advance(start record.Day, n int) (found, missing record.Day) {
	for day := start + 1; ; {
		y := c.at(day)
		if y == nil {
			return 0, day
		}
		before := int(y.count[day-y.first])
		if total := int(y.count[y.days()]); before+n > total {
			n -= total - before
			day = y.first + y.days()
			continue
		}
		i := sort.Search(len(y.count), func(i int) bool { return int(y.count[i]) >= before+n })
		return y.first + record.Day(i) - 1, 0
	}
}

// Used is what was looked up in the file of one year.
type Used struct {
	Year   int
	Source string
	Off    []Span // the days off, whole, of which any lies in the days looked at
}

// used returns the years from one day to another, which all have files.
func (c *Calendar) used(first, last record.Day) (out []Used) {
	for day := first; day <= last; {
		y := c.at(day)
		u := Used{Year: y.Year.Year, Source: y.Source}
		for _, s := range y.Off {
			if s.First <= last && first <= s.Last {
				u.Off = append(u.Off, s)
			}
		}
		out = append(out, u)
		day = y.first + y.days()
	}
	return out
}
