package demo

import (
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// row is a message as an export of one day shows it: what had happened by the
// end of that day.
type row struct {
	m   *message
	key string
	texts
	status string // a word of record.Status, or "gone"

	dispatched, response, replied, closed, resolved stamp
	sent, sentBack                                  stamp
	supervised                                      bool

	rating   int8
	reopened uint8
}

// seriesOf returns the system that a channel's messages are kept in. Each has
// an export of its own.
func seriesOf(channel uint8) string {
	switch channels[channel].id {
	case "mayor", "secretary":
		return "mailbox"
	case "web":
		return "web"
	}
	return "hotline"
}

// key returns the office's own number of m.
func (w *writer) key(m *message) string {
	d := m.received.time()
	if w.Plain {
		return "P" + leftPad(int(m.n)+1, 9)
	}
	switch seriesOf(m.channel) {
	case "mailbox":
		return "XX" + d.Format("20060102") + "-" + leftPad(int(m.seq), 3)
	case "web":
		return "W" + d.Format("060102") + leftPad(int(m.seq), 5)
	}
	return d.Format("20060102") + "0339" + leftPad(int(m.seq), 5)
}

// deliveries returns the days, ascending and each once, on whose export m is.
func (w *writer) deliveries(m *message, days []record.Day) []record.Day {
	days = append(days[:0], m.received.day())
	add := func(d record.Day) {
		if d > days[len(days)-1] && d <= w.End {
			days = append(days, d)
		}
	}
	switch {
	case w.Plain:
		if d := max(m.replied.day(), m.closed.day()); d.Known() && d <= w.End {
			days[0] = d
		} else if m.replied > 0 && m.replied.day() <= w.End {
			days[0] = m.replied.day()
		}
		return days
	case m.merged > 0:
		add(m.received.day() + 1)
		add(m.dispatched.day())
		return days
	case m.accuses:
		return days
	case m.odd == oddStatus:
		add(m.received.day() + 3)
		return days
	}
	// The day of each step, so that none becomes known after the end of its month.
	steps := []record.Day{m.sent.day(), m.sentBack.day(), m.dispatched.day(), m.supervised, m.response.day(), m.replied.day(), m.closed.day(), m.corrected, m.redated, m.gone}
	slices.Sort(steps)
	for _, d := range steps {
		add(d)
	}
	return days
}

// show returns m as it stood at the end of day d.
func (w *writer) show(m *message, d record.Day) row {
	upTo := func(s stamp) stamp {
		if s > 0 && s.day() <= d {
			return s
		}
		return 0
	}
	v := row{m: m, key: w.key(m), status: "pending",
		dispatched: upTo(m.dispatched), response: upTo(m.response), replied: upTo(m.replied), closed: upTo(m.closed), resolved: upTo(m.resolved),
		sent: upTo(m.sent), sentBack: upTo(m.sentBack), supervised: m.supervised > 0 && m.supervised <= d}
	if m.redated > 0 && m.redated <= d {
		v.replied = m.repliedLater
	}
	switch {
	case m.merged > 0 || m.odd == oddStatus || m.accuses:
		v.replied, v.closed, v.response, v.resolved = 0, 0, 0, 0
	}
	switch {
	case m.gone > 0 && m.gone <= d:
		v.status = "gone"
		return v
	case m.merged > 0 && d > m.received.day():
		v.status = "merged"
	case m.odd == oddStatus && d > m.received.day():
		v.status = "replied"
	case m.status == "declined" && v.closed > 0:
		v.status = "declined"
	case v.closed > 0:
		v.status = "closed"
		v.rating, v.reopened = m.rating, m.reopened
	case v.replied > 0:
		v.status = "replied"
	case v.dispatched > 0:
		v.status = "handling"
	}
	if m.odd == oddFuture && v.replied > 0 {
		v.status, v.closed, v.resolved = "closed", at(w.End+90, 40000), 0
	}
	return v
}

// fill composes the texts of v as the export of day d has them.
func (w *writer) fill(v *row, d record.Day) {
	if v.status == "gone" {
		return
	}
	v.texts = w.text.compose(v.m, v.replied > 0)
	if v.m.corrected > 0 && v.m.corrected <= d && v.reply != "" {
		v.reply += "\n（更正说明：此前答复中的办理进度表述不准确，以本次答复为准。）"
	}
}
