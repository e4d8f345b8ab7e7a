package record

import (
	"fmt"
	"strconv"
	"time"
)

// Day is a calendar day in UTC+8, the only resolution of time that is
// published. Day 1 is 1 January 1900; zero means that the day is not known.
// Valid days run from 1900-01-01 to 9999-12-31.
type Day int32

// Zone is UTC+8, the zone in which times become days. It is a fixed offset and
// not a named zone, so that no time zone database can change what is published.
func Zone() *time.Location { return zone }

var (
	zone  = time.FixedZone("UTC+8", 8*60*60)
	epoch = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
)

// maxDay is 9999-12-31, the last day that four digits can write.
const maxDay = Day(2958464)

// DayOf returns the day in UTC+8 on which t falls, or zero when t is the zero
// time or outside the years 1900 to 9999.
func DayOf(t time.Time) Day {
	if t.IsZero() {
		return 0
	}
	y, m, d := t.In(zone).Date()
	return Date(y, m, d)
}

// Date returns the day y-m-d, or zero when there is no such day in the years
// 1900 to 9999: 31 April is not silently read as 1 May.
func Date(y int, m time.Month, d int) Day {
	if y < 1900 || y > 9999 || m < time.January || m > time.December || d < 1 {
		return 0
	}
	first := firstOf(MonthOf(y, m))
	day := first + Day(d-1)
	if d > 31 || day >= firstOf(MonthOf(y, m)+1) {
		return 0
	}
	return day
}

// firstOf returns the first day of a month. Years are counted from March, so that the
// day that leap years have more is the last of its year: a year's months then begin
// at 153 days for every five, and its days are 365 and the leap days before it.
func firstOf(m Month) Day {
	from := int(m) - 2 // months from March of the year 0
	y, n := from/12, from%12
	return Day(365*y + y/4 - y/100 + y/400 + (153*n+2)/5 - daysBefore)
}

// daysBefore is the number of days from 1 March of the year 0 to 31 December 1899.
const daysBefore = 693900

// ParseDay reads a day written as 2006-01-02. The empty string is an unknown
// day and not an error.
func ParseDay(s string) (Day, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 {
		return 0, fmt.Errorf("%q is not a day like 2006-01-02", s)
	}
	return Date(t.Date()), nil
}

// Known reports whether d is a day at all.
func (d Day) Known() bool { return d > 0 && d <= maxDay }

// Time returns midnight UTC at the start of d, for calendar arithmetic.
func (d Day) Time() time.Time { return epoch.AddDate(0, 0, int(d)) }

// String returns d as 2006-01-02, and "" when d is not known.
func (d Day) String() string {
	if !d.Known() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// Month returns the month in which d falls, or zero when d is not known.
func (d Day) Month() Month {
	if !d.Known() {
		return 0
	}
	// The mean month of the Gregorian calendar has 30.436875 days; the month that it
	// gives is never more than one off.
	m := MonthOf(1900, time.January) + Month(int64(d)*1_000_000/30_436_875)
	if firstOf(m) > d {
		m--
	} else if firstOf(m+1) <= d {
		m++
	}
	return m
}

// MarshalText writes d as [Day.String] does.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads d as [ParseDay] does.
func (d *Day) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDay(string(b))
	return err
}

// Month is a calendar month: twelve times the year plus the month less one.
// Zero means that the month is not known.
type Month int32

// MonthOf returns the month m of year y.
func MonthOf(y int, m time.Month) Month { return Month(y*12 + int(m) - 1) }

// ParseMonth reads a month written as 2006-01.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a month like 2006-01", s)
	}
	return MonthOf(t.Year(), t.Month()), nil
}

// Year returns the year of m.
func (m Month) Year() int { return int(m) / 12 }

// First returns the first day of m.
func (m Month) First() Day { return Date(m.Year(), time.Month(int(m)%12+1), 1) }

// Last returns the last day of m.
func (m Month) Last() Day { return (m + 1).First() - 1 }

// String returns m as 2006-01, and "" when m is not known.
func (m Month) String() string {
	if m == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", int(m)/12, int(m)%12+1)
}

// Short returns m as 0601, the form that opens a [CaseNumber].
func (m Month) Short() string {
	return fmt.Sprintf("%02d%02d", int(m)/12%100, int(m)%12+1)
}

// MarshalText writes m as [Month.String] does.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads m as [ParseMonth] does; empty text is an unknown month.
func (m *Month) UnmarshalText(b []byte) (err error) {
	*m = 0
	if len(b) > 0 {
		*m, err = ParseMonth(string(b))
	}
	return err
}

// Tri is an answer that may be missing. The zero value is "not known".
type Tri int8

// The three answers.
const (
	Unknown Tri = 0
	No      Tri = 1
	Yes     Tri = 2
)

// TriOf returns Yes for true and No for false.
func TriOf(b bool) Tri {
	if b {
		return Yes
	}
	return No
}

// String returns "yes", "no" or "".
func (t Tri) String() string {
	switch t {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return ""
}

// MarshalJSON writes true, false or null.
func (t Tri) MarshalJSON() ([]byte, error) {
	switch t {
	case Yes:
		return []byte("true"), nil
	case No:
		return []byte("false"), nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads true, false or null.
func (t *Tri) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true":
		*t = Yes
	case "false":
		*t = No
	case "null":
		*t = Unknown
	default:
		return fmt.Errorf("%s is not true, false or null", b)
	}
	return nil
}

// Count is a whole number, zero or more, that may be missing. It holds the
// number plus one, so that its zero value is "not known" and [CountOf](0) is a
// real nought.
type Count int32

// CountOf returns the known number n. A negative n is not a count and gives
// the unknown one.
func CountOf(n int) Count {
	if n < 0 || n > 1<<31-2 {
		return 0
	}
	return Count(n + 1)
}

// Get returns the number and whether it is known.
func (c Count) Get() (int, bool) { return int(c) - 1, c > 0 }

// String returns the number, and "" when it is not known.
func (c Count) String() string {
	if c <= 0 {
		return ""
	}
	return strconv.Itoa(int(c) - 1)
}

// MarshalJSON writes the number or null.
func (c Count) MarshalJSON() ([]byte, error) {
	if c <= 0 {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, int64(c)-1, 10), nil
}

// UnmarshalJSON reads a whole number, zero or more, or null.
func (c *Count) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*c = 0
		return nil
	}
	n, err := strconv.ParseInt(string(b), 10, 32)
	if err != nil || n < 0 || n > 1<<31-2 {
		return fmt.Errorf("%s is not a count", b)
	}
	*c = Count(n + 1)
	return nil
}
