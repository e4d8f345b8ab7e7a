package deadline

import (
	"fmt"

	"github.com/huiyin/huiyin/generator/record"
)

// Reason is why there is no due day.
type Reason string

// The reasons. They are checked in this order.
const (
	NoStart        Reason = "no-start"         // the day on which the clock starts is not known
	NoRule         Reason = "no-rule"          // no rule holds for the step on that day
	OverExtended   Reason = "over-extended"    // the extension is negative, or longer than the rule allows
	NoCalendarYear Reason = "no-calendar-year" // the period runs into a year without a holiday notice
	OutOfRange     Reason = "out-of-range"     // the period ends after the year 9999
)

// Found is a due day and how it was found, or why it was not.
type Found struct {
	Day      record.Day // the due day; zero when Unknown says why there is none
	Start    record.Day // as given
	Extended int        // as given
	Rule     Rule       // the rule that was used; zero with NoStart and NoRule

	// Last is the last day of the period before it rolled. It is Day when nothing
	// rolled, and may be known without a Day when only the rolling is not.
	Last record.Day

	// Calendar is what was looked up of the holiday notices, by year. It is empty
	// for a period in calendar days that does not roll.
	Calendar []Used

	Unknown     Reason // "" when Day is known
	MissingYear int    // the first year without a holiday notice, with NoCalendarYear
}

// Known reports whether a due day was found.
func (f Found) Known() bool { return f.Unknown == "" }

// Rolled reports whether the period ends later than by its number of days, because
// its last day was a day off.
func (f Found) Rolled() bool { return f.Known() && f.Day != f.Last }

// String returns the due day, or the reason why there is none, such as
// "no-calendar-year 2027".
func (f Found) String() string {
	switch f.Unknown {
	case "":
		return f.Day.String()
	case NoCalendarYear:
		return fmt.Sprintf("%s %d", f.Unknown, f.MissingYear)
	}
	return string(f.Unknown)
}

// Finder finds due days. The zero Finder has no rules and finds none. It is safe
// for concurrent use.
type Finder struct {
	Rules    *Rules
	Calendar *Calendar
}

// Due returns the day on which a step of a track is due that starts on the day
// start, extended by a number of days of the rule, 0 for none. [Rules.Starts] says
// which day start is to be. The rule is the one that holds on that day: a rule
// that comes into force later changes nothing that has started.
func (f Finder) Due(track string, step Step, start record.Day, extended int) Found {
	out := Found{Start: start, Extended: extended}
	if !start.Known() {
		out.Unknown = NoStart
		return out
	}
	out.Unknown = NoRule
	for _, rule := range f.Rules.of(track, step) {
		if rule.holds(start) {
			out.Rule, out.Unknown = rule, ""
		}
	}
	if out.Unknown == "" && (extended < 0 || extended > out.Rule.ExtendMax) {
		out.Unknown = OverExtended
	}
	if out.Unknown != "" {
		return out
	}
	days := out.Rule.Days + extended
	if out.Rule.Unit == WorkingDays {
		end, missing := f.Calendar.advance(start, days)
		out.Last = end
		return f.end(out, start+1, end, missing)
	}
	out.Last = start + record.Day(days)
	switch {
	case !out.Last.Known():
		out.Last, out.Unknown = 0, OutOfRange
		return out
	case !out.Rule.Roll:
		out.Day = out.Last
		return out
	}
	// The next working day from the last day on, which is the first working day
	// after the day before.
	end, missing := f.Calendar.advance(out.Last-1, 1)
	return f.end(out, out.Last, end, missing)
}

// end completes what was found by looking at the calendar from the day first on.
func (f Finder) end(out Found, first, end, missing record.Day) Found {
	switch {
	case end.Known():
		out.Day, out.Calendar = end, f.Calendar.used(first, end)
	case missing.Known():
		out.Unknown, out.MissingYear = NoCalendarYear, missing.Time().Year()
	default:
		out.Unknown = OutOfRange
	}
	return out
}
