package open311

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// closeness says how closely a server looks at the edges of a span, as far as it has been
// seen. Servers cut or round them to whole minutes, hours or days, and do not count the
// requests that lie on them.
type closeness int

const (
	notKnown  closeness = iota
	toTheEdge           // to the second, and the first second is counted
	toSecond
	toMinute
	toHour
	toDay
)

// margins are what is asked for before and behind a span, so that none of it is lost. A
// time that is cut or rounded is off by less than its unit.
var margins = [...]int64{toSecond: 1, toMinute: 60, toHour: 60 * 60, toDay: daySeconds}

// thin is how many times as long as its margins a span is at least, where nothing is
// known of the server: so that it costs no more than a few per cent.
const thin = 48

// margin returns what is asked for before and behind a span. Less than is needed is asked
// for only where that was too much, so that the span is named in any case.
func (w *walk) margin(s span) int64 {
	c := w.Close
	if c == notKnown {
		for c = toDay; c > toMinute && s.width() < thin*margins[c]; c-- {
		}
	}
	if slices.ContainsFunc(w.p.Gaps, func(g gap) bool { return g.Why == tooMuch && g.From <= s.From && s.To <= g.To }) {
		for c > toMinute && s.width() <= margins[c] {
			c--
		}
	}
	if c < toMinute && s.width() > margins[toMinute] {
		c = toMinute
	}
	return margins[c]
}

// smallest returns the width of a span that is not worth halving, because it would be
// asked for with the same requests around it.
func (w *walk) smallest() int64 {
	if w.Close == notKnown || w.Close > toSecond {
		return margins[toMinute]
	}
	return 1
}

// asked returns a span as it is asked for. Behind the end of the walk is nothing yet, so
// that a server that cuts to the day can be asked for all of the last one.
func (w *walk) asked(s span) span {
	m := w.margin(s)
	from, to := s.From-m, s.To+m
	if s.To == w.p.To && (w.Close == notKnown || w.Rough) {
		to = max(to, min(s.To+daySeconds, from+defaultWindow*daySeconds))
	}
	return span{from, to}
}

// nothing reports whether a span may be empty only because it is too short: with all that
// lies on edges left out, one of less than two days holds no whole day.
func (w *walk) nothing(s span) bool {
	return w.Close == notKnown && !w.p.Looked && len(w.p.Known) == 0 && s.width() < 3*daySeconds
}

// known is a request of which it is known when it was made. Whether the server gives it
// for a short span around that time tells how closely it looks.
type known struct {
	At   int64     `json:"at"`
	Wall int64     `json:"wall"` // the same in the time of its place
	From closeness `json:"from"` // what it can tell, at best
	Key  uint64    `json:"key"`  // hash of its number
}

// maxKnown bounds how many requests are asked for to see how closely a server looks. One
// is not enough: it may have another time than it states.
const maxKnown = 3

// note keeps a request that can tell how closely the server looks.
func (w *walk) note(it item) {
	if w.Close != notKnown || w.p.Looked || !it.when || it.id == "" || it.at < daySeconds {
		return
	}
	k := known{At: it.at, Wall: it.at + it.zone, From: toTheEdge, Key: hash([]byte(it.id))}
	if it.zone == 0 { // or none is stated
		_, zone := time.Unix(it.at, 0).In(w.zone).Zone()
		k.Wall -= int64(zone)
	}
	if it.fraction {
		k.From = toSecond
	}
	// Not all from one day, on which there may be too many.
	w.p.Known = append(w.p.Known, k)
	slices.SortStableFunc(w.p.Known, func(a, b known) int { return cmp.Compare(b.worth(), a.worth()) })
	days := map[int64]bool{}
	w.p.Known = slices.DeleteFunc(w.p.Known, func(k known) bool {
		day := floorDay(k.At)
		twice := days[day]
		days[day] = true
		return twice
	})
	w.p.Known = w.p.Known[:min(len(w.p.Known), maxKnown)]
}

func (k known) worth() (n int) {
	for _, c := range []closeness{toSecond, toMinute, toHour} {
		n *= 2
		if k.tells(c) {
			n++
		}
	}
	return n
}

// tells reports whether the request would not come, for a span with these margins around
// it, from a server that looks less closely and does not count edges: whether no edge of
// that server lies between. Halves of units are edges too where times are rounded; hours
// begin at quarters of them in some zones. A request that lies on an edge itself tells
// enough: see rough.
func (k known) tells(c closeness) bool {
	free := func(at, edges int64) bool {
		at %= edges
		return at > margins[c] && at < edges-margins[c]
	}
	switch c {
	case toTheEdge:
		return k.From == c && k.tells(toSecond)
	case toSecond:
		return free(k.At, 30)
	case toMinute:
		return free(k.At, 15*60) || k.At%(15*60) == 0
	case toHour:
		// Which of them is the server's, and to which side it is off, is not known.
		for _, at := range []int64{k.At, k.Wall, 2*k.At - k.Wall} {
			if !free(at, daySeconds/2) && at%(daySeconds/2) != 0 {
				return false
			}
		}
	}
	return true
}

// rough reports whether the request lies on an edge. If it comes, nothing falls between
// two spans, because the server counts that edge for one of them. But the server may look
// at more than it was asked for, so that a span with too many holds others up.
func (k known) rough(c closeness) bool {
	return c == toMinute && k.At%(15*60) == 0 || c == toHour && (k.At%(daySeconds/2) == 0 || k.Wall%(daySeconds/2) == 0)
}

// look finds out how closely the server looks at edges, the first time that it matters:
// before spans that touch are asked for with less than a day around them. What was asked
// for with less around it than turns out to be needed is asked for again.
func (w *walk) look(ctx context.Context) error {
	if w.Close != notKnown || w.p.Looked {
		return nil
	}
	found, rough := notKnown, false
	list := w.p.Known
	w.p.Known = nil
	for _, k := range list {
		c, why, err := w.lookAt(ctx, k)
		if err != nil {
			w.p.Known = list // for the next run, where it goes on
			return err
		}
		if why != "" { // says nothing; others are looked at next time
			list = nil
			break
		}
		if c != notKnown && (found == notKnown || c < found) {
			found, rough = c, k.rough(c)
		}
		if found != notKnown && found <= toMinute {
			break
		}
	}
	if w.p.Looked = len(list) > 0; !w.p.Looked {
		w.p.Sound = false
		return nil
	}
	if w.Close, w.Rough = found, rough; found > toMinute && w.p.From > 0 {
		w.p.Next = w.p.From
	}
	return nil
}

// lookAt asks for one request, and for more around it until it comes.
func (w *walk) lookAt(ctx context.Context, k known) (closeness, unwell, error) {
	cut := false
	for c := toTheEdge; c <= toDay; c++ {
		if !k.tells(c) {
			continue
		}
		for i, at := range []int64{k.At, k.Wall} {
			if i > 0 && at == k.At {
				break
			}
			items, why, err := w.get(ctx, span{at - margins[c], at + max(margins[c], 1)}, w.firstPage())
			switch {
			case err != nil:
				return notKnown, "", err
			case why == fails || why == unreadable:
				return notKnown, why, nil
			case slices.ContainsFunc(items, func(it item) bool { return it.id != "" && hash([]byte(it.id)) == k.Key }):
				return c, "", nil
			}
			cut = cut || why == tooMuch || len(items) >= w.limit() || w.up.guess && len(items) >= max(w.Most, fewest)
		}
	}
	if cut { // it may have come, had there been fewer: the server has to be taken for the worst
		return toDay, "", nil
	}
	return notKnown, "", nil // it has another time than it states
}
