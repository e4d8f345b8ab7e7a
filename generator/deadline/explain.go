package deadline

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// LabelKeys returns the keys of the labels that [Found.Explain] takes words from, so
// that a test can see that a theme has them all.
func LabelKeys() []string {
	keys := []string{
		"p.list", "deadline.day", "deadline.known",
		"deadline.days.calendar_one", "deadline.days.calendar", "deadline.days.working_one", "deadline.days.working",
		"deadline.extended", "deadline.rolled", "deadline.notice", "deadline.notice_named",
	}
	for m := 1; m <= 12; m++ {
		keys = append(keys, monthKey(m))
	}
	for _, s := range Starts() {
		keys = append(keys, "deadline.starts."+string(s))
	}
	for _, r := range []Reason{NoStart, NoRule, OverExtended, NoCalendarYear, OutOfRange} {
		keys = append(keys, "deadline.unknown."+string(r))
	}
	return keys
}

func monthKey(m int) string { return fmt.Sprintf("month.m%02d", m) }

// Explain says in one or two sentences how the due day was found, or why it was
// not, for the page of a case. All words come from labels, by the keys of
// [LabelKeys]; in the language en the English basis and names are taken, where there
// are such. What stands in { } in a label is filled in:
//
//	deadline.day                day of a month: {year} {month} {day}, and {name}, the label month.mNN
//	deadline.days.*             number of days: {n}; the keys that end in _one are for one day
//	deadline.starts.*           the day on which the clock starts: {day}
//	deadline.known              {start} {basis} {days} {extended} {rolled} {notices} {day}
//	deadline.extended           in deadline.known, where it was extended: {days}
//	deadline.rolled             there too, where it rolled: {last}, its last day without that
//	deadline.notice             there too, for each year of the calendar: {year} {source}
//	deadline.notice_named       the same where named holidays fell into the period, {names}, joined by p.list
//	deadline.unknown.*          {start} {basis} {days} {extended}, as far as they are known, and {year},
//	                            the year that has no notice
func (f Found) Explain(labels map[string]string, lang string) string {
	w := words{labels, lang == "en"}
	var start, basis, days, extended, rolled string
	if f.Start.Known() && f.Rule.Starts != "" {
		start = w.say("deadline.starts."+string(f.Rule.Starts), "day", w.day(f.Start))
	}
	if f.Rule.Days > 0 {
		basis = w.either(f.Rule.Basis, f.Rule.BasisEn)
		days = w.days(f.Rule.Unit, f.Rule.Days)
		if f.Extended != 0 {
			extended = w.say("deadline.extended", "days", w.days(f.Rule.Unit, f.Extended))
		}
	}
	if !f.Known() {
		return w.say("deadline.unknown."+string(f.Unknown), "start", start, "basis", basis, "days", days, "extended", extended, "year", strconv.Itoa(f.MissingYear))
	}
	if f.Rolled() {
		rolled = w.say("deadline.rolled", "last", w.day(f.Last))
	}
	var notices strings.Builder
	for _, u := range f.Calendar {
		notices.WriteString(w.notice(u))
	}
	return w.say("deadline.known", "start", start, "basis", basis, "days", days, "extended", extended, "rolled", rolled, "notices", notices.String(), "day", w.day(f.Day))
}

// words are the labels of one language.
type words struct {
	labels  map[string]string
	english bool
}

// say returns a label with each {name} replaced; pairs are name, value, name,
// value. What a value holds in braces stays as it is.
func (w words) say(key string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(w.labels[key])
}

// either returns a text in the language, or as it was given where there is no
// translation.
func (w words) either(text, english string) string {
	if w.english && english != "" {
		return english
	}
	return text
}

func (w words) day(d record.Day) string {
	year, month, day := d.Time().Date()
	return w.say("deadline.day", "year", strconv.Itoa(year), "month", strconv.Itoa(int(month)), "day", strconv.Itoa(day), "name", w.labels[monthKey(int(month))])
}

func (w words) days(unit DayUnit, n int) string {
	key := "deadline.days." + string(unit)
	if n == 1 {
		key += "_one"
	}
	return w.say(key, "n", strconv.Itoa(n))
}

func (w words) notice(u Used) string {
	var names []string
	for _, s := range u.Off {
		if name := w.either(s.Name, s.NameEn); name != "" && !contains(names, name) {
			names = append(names, name)
		}
	}
	key := "deadline.notice"
	if len(names) > 0 {
		key = "deadline.notice_named"
	}
	return w.say(key, "year", strconv.Itoa(u.Year), "source", u.Source, "names", strings.Join(names, w.labels["p.list"]))
}
