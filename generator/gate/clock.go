package gate

import (
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// moment is a time as delivered: to the second, or a day alone.
type moment struct {
	day  record.Day
	unix int64 // seconds, where full
	full bool
}

// parseMoment reads RFC 3339 with an offset, or a day. The empty string is an
// unknown moment.
func parseMoment(s string) (m moment, ok bool) {
	if len(s) <= len(time.DateOnly) {
		day, err := record.ParseDay(s)
		return moment{day: day}, err == nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return moment{}, false
	}
	day := record.DayOf(t)
	return moment{day, t.Unix(), true}, day.Known()
}

// before reports whether m is earlier than n, as far as can be told.
func (m moment) before(n moment) bool {
	if m.full && n.full {
		return m.unix < n.unix
	}
	return m.day < n.day
}

// since returns the whole periods of 24 hours from n to m, or the difference of
// their days where one of them is a day alone. It is unknown when either is, or
// when m is before n.
func (m moment) since(n moment) record.Count {
	if !m.day.Known() || !n.day.Known() || m.before(n) {
		return 0
	}
	if m.full && n.full {
		return record.CountOf(int((m.unix - n.unix) / (24 * 60 * 60)))
	}
	return record.CountOf(int(m.day - n.day))
}

// by reports whether m kept the due time. A due day means its end.
func (m moment) by(due moment) record.Tri {
	if !m.day.Known() || !due.day.Known() {
		return record.Unknown
	}
	return record.TriOf(!due.before(m))
}

// times are the moments of a case.
type times struct {
	received, dispatched, due, first, replied, closed, resolved moment
}

// times reads the moments of a case. What is malformed, lies after the as-of
// day or before receipt is set aside; of reply and closing before receipt the
// rows' flags speak.
func (c *clearing) times(row *record.Row) (t times, refused string) {
	var ok bool
	t.received, ok = parseMoment(c.raw.Fields[source.FieldReceived])
	switch {
	case !ok || !t.received.day.Known():
		return t, "no-received-day"
	case t.received.day > c.asOf:
		return t, "future-received"
	case t.received.day.Month().Year() < 2000 || t.received.day.Month().Year() > 2099:
		return t, "received-out-of-range" // a public number has two digits for the year
	}
	for _, f := range []struct {
		field string
		to    *moment
	}{
		{source.FieldDispatched, &t.dispatched}, {source.FieldDue, &t.due}, {source.FieldFirstResponse, &t.first},
		{source.FieldReplied, &t.replied}, {source.FieldClosed, &t.closed}, {source.FieldResolved, &t.resolved},
	} {
		m, ok := parseMoment(c.raw.Fields[f.field])
		early := m.day.Known() && m.before(t.received)
		switch {
		case !ok:
			c.aside(f.field, "bad-date", "this is not a date and time that can be read", "check the layout and time zone of the column in the mapping")
		case m.day > c.asOf && f.field != source.FieldDue:
			c.aside(f.field, "future-date", "this date lies after the day that the export is of", "correct the date, or the as-of day of the export")
			c.flag(row, record.FutureDate)
		case early && f.field == source.FieldReplied:
			c.flag(row, record.ReplyBeforeQuestion)
			*f.to = m
		case early && f.field == source.FieldClosed:
			c.flag(row, record.CloseBeforeReceipt)
			*f.to = m
		case early:
			c.aside(f.field, "before-receipt", "this date lies before the day of receipt", "correct one of the two dates")
		default:
			*f.to = m
		}
	}
	return t, ""
}

// flag adds a flag to the row, in order and once.
func (c *clearing) flag(row *record.Row, f record.Flag) {
	if i, found := slices.BinarySearch(row.Flags, f); !found {
		row.Flags = slices.Insert(row.Flags, i, f)
	}
}
