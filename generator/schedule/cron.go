package schedule

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	_ "time/tzdata" // a zone must mean the same on a machine without a zone database

	"github.com/robfig/cron/v3"

	"github.com/huiyin/huiyin/generator/fault"
)

// Times is a cron expression in a time zone: the instants at which an entry fires.
//
// The expression is read against the clock on the wall. Where the clock is put forward, a
// time that it leaves out fires at the moment of the change. Where it is put back, a time
// that it shows twice fires the first time. An expression whose hour is * goes by the
// hours that pass instead: none is left out, and both of two equal ones count.
type Times struct {
	expr  string
	spec  *cron.SpecSchedule // in UTC, which stands for the clock on the wall
	zone  *time.Location
	every bool // goes by the hours that pass
}

// The longest expression; anything longer is no schedule of an office.
const maxExpression = 200

// field is a list of ranges with steps; names are of months and days of the week. The
// parser below takes more than that, such as *-5 or a field that is a comma.
var field = regexp.MustCompile(`^(?:[*?]|[0-9]{1,2}(?:-[0-9]{1,2})?|[A-Za-z]{3}(?:-[A-Za-z]{3})?)(?:/[0-9]{1,2})?$`)

var shorthand = map[string]string{
	"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
	"@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}

// ParseTimes reads a cron expression: minute, hour, day of the month, month and day of the
// week, parted by spaces, or one of @hourly, @daily, @weekly, @monthly, @yearly. Of day of
// the month and day of the week, either suffices where both are set. Sunday is 0.
func ParseTimes(expr string, zone *time.Location) (Times, error) {
	bad := func(why string) (Times, error) {
		return Times{}, fault.Coded(fault.ExitConfig, "an expression of the timetable "+why,
			"write minute, hour, day, month and day of the week, such as 30 6 * * * for 06:30 every day, or @daily; docs/timetable.md has examples", nil)
	}
	if zone == nil {
		return Times{}, fmt.Errorf("schedule: an expression without a time zone")
	}
	if len(expr) > maxExpression {
		return bad("is too long")
	}
	text := strings.TrimSpace(expr)
	if strings.HasPrefix(text, "@") {
		long, ok := shorthand[text]
		if !ok {
			return bad("begins with @ and is not one of @hourly, @daily, @weekly, @monthly and @yearly")
		}
		text = long
	}
	fields := strings.Fields(text)
	if len(fields) != 5 {
		return bad(fmt.Sprintf("has %d fields, and 5 are needed", len(fields)))
	}
	for _, f := range fields {
		for part := range strings.SplitSeq(f, ",") {
			if !field.MatchString(part) {
				return bad("has a field that is not numbers, ranges such as 7-21, steps such as */15, or a list of them")
			}
		}
	}
	parsed, err := cron.ParseStandard(strings.Join(fields, " "))
	if err != nil {
		return bad("has a number that its field does not have: minutes are 0 to 59, hours 0 to 23, days 1 to 31, months 1 to 12, days of the week 0 to 6 from Sunday")
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return bad("is of no known form")
	}
	spec.Location = time.UTC
	const hours = 1<<24 - 1
	t := Times{expr: strings.Join(fields, " "), spec: spec, zone: zone, every: spec.Hour&hours == hours}
	if _, ok := t.wall(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)); !ok {
		return bad("names a day that no year has")
	}
	return t, nil
}

// String returns the expression with single spaces; @daily and the like are written out.
func (t Times) String() string { return t.expr }

// wall returns the next time on the wall after one; both are written as UTC.
func (t Times) wall(after time.Time) (time.Time, bool) {
	// The parser's own search ends after five years. A 29 February may be eight away.
	for range 3 {
		if next := t.spec.Next(after); !next.IsZero() {
			return next, true
		}
		after = after.AddDate(4, 0, 0)
	}
	return time.Time{}, false
}

// Next returns the first instant after one, in the zone. It is zero when there is none
// within twelve years.
func (t Times) Next(after time.Time) time.Time {
	if t.every {
		return t.nextPassing(after)
	}
	wall := onWall(after, t.zone)
	for {
		next, ok := t.wall(wall)
		if !ok {
			return time.Time{}
		}
		if at := firstAt(next, t.zone); at.After(after) {
			return at
		}
		wall = next
	}
}

// nextPassing searches one stretch of time without a change of the clock after the other.
func (t Times) nextPassing(after time.Time) time.Time {
	last := after.AddDate(12, 0, 0)
	for at := after.In(t.zone); at.Before(last); {
		_, offset := at.Zone()
		_, end := at.ZoneBounds()
		next, ok := t.wall(onWall(at, t.zone))
		if !ok {
			return time.Time{}
		}
		next = next.Add(-time.Duration(offset) * time.Second).In(t.zone)
		if end.IsZero() || next.Before(end) {
			return next
		}
		// A moment before the change, so that the change itself is looked at too.
		_, offset = end.Zone()
		wall := end.Add(time.Duration(offset) * time.Second).UTC()
		if next, ok := t.wall(wall.Add(-time.Second)); ok && next.Equal(wall) && end.After(after) {
			return end
		}
		at = end
	}
	return time.Time{}
}

// onWall returns what the clock shows at an instant, written as UTC.
func onWall(at time.Time, zone *time.Location) time.Time {
	at = at.In(zone)
	_, offset := at.Zone()
	return at.Add(time.Duration(offset) * time.Second).UTC()
}

// firstAt returns the first instant at which the clock shows wall, or the moment of the
// change that leaves it out.
func firstAt(wall time.Time, zone *time.Location) time.Time {
	at := wall.Add(-36 * time.Hour).In(zone) // no zone is further from UTC, and no gap longer
	for {
		_, offset := at.Zone()
		start, end := at.ZoneBounds()
		found := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if !start.IsZero() && found.Before(start) {
			return start // the clock was put past it
		}
		if end.IsZero() || found.Before(end) {
			return found
		}
		at = end
	}
}

// Last returns the latest instant after one and up to another, and how many there are; it
// counts to at most most. ok is false when there is none.
func (t Times) Last(after, upTo time.Time, most int) (last time.Time, count int, ok bool) {
	for at := t.Next(after); !at.IsZero() && !at.After(upTo) && count < most; at = t.Next(at) {
		last, count = at, count+1
	}
	if count < most {
		return last, count, count > 0
	}
	// There are many. The latest is found near the end.
	for back := time.Minute; ; back *= 4 {
		from := upTo.Add(-back)
		if !from.After(last) {
			from = last
		}
		for at := t.Next(from); !at.IsZero() && !at.After(upTo); at = t.Next(at) {
			last = at
			ok = true
		}
		if ok || from.Equal(last) {
			return last, count, true
		}
	}
}
