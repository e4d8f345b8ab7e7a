package open311

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// Requests is the feed of the service requests of a server: a spool.Feed. It is for one
// goroutine.
type Requests struct {
	up     upstream
	since  int64
	now    func() time.Time
	dec    *decoder
	counts Counts

	// A page is handed over once it has as many items, or has one and as many answers
	// were read.
	pageItems, pageAnswers int
}

// Counts is what a feed has done since it was made.
type Counts struct {
	Answers   int64 `json:"answers"`   // of the server
	Items     int64 `json:"items"`     // in them
	Delivered int64 `json:"delivered"` // that were new or changed
	Personal  int64 `json:"personal"`  // members about persons that were dropped, over all answers
	Flagged   int64 `json:"flagged"`   // items that contradict themselves, over all answers
}

// NewRequests returns the feed of a server's requests. now is asked once a walk; its zone
// is the office's, in which the first day begins and spans are named.
func NewRequests(o Options, do Doer, now func() time.Time) (*Requests, error) {
	up, err := newUpstream(o, do)
	if err != nil {
		return nil, err
	}
	since, err := time.ParseInLocation(time.DateOnly, o.Since, now().Location())
	if err != nil || since.Year() < 1971 {
		return nil, wrong("since", "is no day", "give the first day of which requests are fetched, such as 2026-01-01")
	}
	return &Requests{up: up, since: since.Unix(), now: now, dec: requestDecoder(), pageItems: pageItems, pageAnswers: pageAnswers}, nil
}

// Counts returns what the feed has done since it was made.
func (r *Requests) Counts() Counts {
	c := r.counts
	c.Personal, c.Flagged = r.dec.personal, r.dec.flagged
	return c
}

const (
	pageItems   = 1000
	pageAnswers = 32

	// maxHalved bounds how often the spans of one window are halved.
	maxHalved = 20000
	// maxFailed bounds how often those at which the server fails are. What is left is
	// given up as it is, and halved in the walks to come.
	maxFailed = 1000
	// maxPages bounds the pages of one span.
	maxPages = 10000
	// probeAfter failures in a row, a span that was good before is asked for again.
	probeAfter = 16
	// deadAfter failures in a row without any answer, the server is down.
	deadAfter = 64
	// maxNamed bounds how many gaps are named.
	maxNamed = 20
	// fewest is the number of requests in an answer that nobody takes for a limit. A town
	// with one request would else have it looked for to the second.
	fewest = 5
	// holds is for how long what was seen of a server is taken to hold.
	holds = 90 * daySeconds
	// slack is the number of days for which what was delivered is remembered beyond the
	// days that are asked for, because servers do not keep to the edges.
	slack = 2
)

// walk is one walk in the making.
type walk struct {
	*Requests
	*state
	p       *progress
	page    func(source.Page) error
	zone    *time.Location // of the office
	restart bool

	items   [][]byte       // of the page in the making
	at      map[string]int // their places, by number
	answers int            // since the last page
	moved   bool           // spans were taken or halved since then
	failed  int            // failures in a row
	why     unwell         // the last of them
	day     int64          // before which, less the slack, all is forgotten that may be
}

// Fetch goes through what the server has that is new or has changed.
func (r *Requests) Fetch(ctx context.Context, raw []byte, page func(source.Page) error) (source.Walk, error) {
	w, err := r.open(raw)
	if err != nil {
		return source.Walk{}, err
	}
	w.page, w.at = page, map[string]int{}
	before := r.dec.personal
	if w.restart {
		if err := w.flush(); err != nil {
			return source.Walk{}, err
		}
	}
	for {
		s, ok, err := w.next(ctx)
		if err != nil {
			return source.Walk{}, w.stopped(ctx, err)
		}
		if !ok {
			break
		}
		if err := w.take(ctx, s); err != nil {
			return source.Walk{}, w.stopped(ctx, err)
		}
	}
	if w.failed > 0 {
		if err := w.probe(ctx); err != nil {
			return source.Walk{}, err
		}
	}
	if len(w.items) > 0 {
		if err := w.flush(); err != nil {
			return source.Walk{}, err
		}
	}
	end, err := w.close()
	end.Personal = r.dec.personal - before
	return end, err
}

// stopped keeps what has come when whoever called ends the walk, although it is no page yet:
// a walk that is broken off again and again, before it has one, would not get on. What was
// given up because the server failed is not kept before the server is known not to be down.
func (w *walk) stopped(ctx context.Context, err error) error {
	if ctx.Err() == nil || w.failed > 0 || len(w.items) == 0 && !w.moved {
		return err
	}
	return errors.Join(err, w.flush())
}

// open takes up a state, or begins a walk.
func (r *Requests) open(raw []byte) (*walk, error) {
	now := r.now()
	if r.since > now.Unix() {
		return nil, wrong("since", "lies in the future", "give the first day of which requests are fetched; and check the clock")
	}
	st, err := readState(raw)
	if err != nil {
		return nil, err
	}
	w := &walk{Requests: r, zone: now.Location()}
	asked := strconv.FormatUint(hash([]byte(strings.Join(append([]string{r.up.base.String(), r.up.JurisdictionID}, r.up.Statuses...), "\n"))), 16)
	if st != nil && st.Asked != asked { // of another server
		w.restart = st.Walk != nil
		st = nil
	}
	if st == nil {
		st = &state{Format: stateFormat, Asked: asked, Seen: seen{}}
	}
	w.state = st
	if st.Walk != nil {
		if w.p = st.Walk; w.p.Size != r.up.PageSize {
			w.p.Page, w.p.Size = 0, r.up.PageSize
		}
		return w, nil
	}
	from := r.since
	if st.End > 0 && r.since >= st.Since {
		// A clock that was ahead once does not keep what lies between from being fetched.
		from = max(r.since, min(st.End, now.Unix())-r.up.overlap)
	}
	st.Since = r.since
	if age := now.Unix() - st.Learned; age < 0 || age > holds { // servers change
		st.Learned, st.Close, st.Rough, st.Most = now.Unix(), notKnown, false, 0
	}
	w.p = &progress{To: now.Unix(), Begun: from, From: from, Sound: true, Next: from, Size: r.up.PageSize}
	st.Walk = w.p
	for _, g := range slices.Backward(st.Missing) {
		if g.To = min(g.To, from); g.width() > 0 {
			w.p.Again = append(w.p.Again, g.span)
		}
	}
	return w, nil
}

// next returns the span to ask for, and forgets what lies before it.
func (w *walk) next(ctx context.Context) (span, bool, error) {
	s, ok := w.following()
	if d := w.p.Doubt; !ok && d != nil {
		whole, err := w.larger(ctx, d.span)
		if err != nil {
			return s, false, err
		}
		if w.p.Doubt = nil; !whole {
			w.p.Pending = append(w.p.Pending, d.span)
			if err := w.full(ctx, d.span, d.All, true); err != nil {
				return s, false, err
			}
		}
		return w.next(ctx)
	}
	// Where two spans touch, it matters how closely the server looks.
	if ok && s.From > w.p.Begun && w.margin(s) < daySeconds {
		if err := w.look(ctx); err != nil {
			return s, false, err
		}
	}
	if day := floorDay(s.From); ok && day > w.day {
		w.day = day
		w.forget(s.From)
	}
	return s, ok, nil
}

func (w *walk) following() (span, bool) {
	if n := len(w.p.Pending); n > 0 {
		return w.p.Pending[n-1], true
	}
	w.p.Halved, w.p.Failed = 0, 0
	if w.p.Next >= w.p.To {
		if n := len(w.p.Again); n > 0 {
			s := w.p.Again[n-1]
			w.p.Again, w.p.Pending = w.p.Again[:n-1], append(w.p.Pending, s)
			return s, true
		}
		return span{}, false
	}
	// A span is asked for with margins, and is not to be longer for that; but it gets on.
	width := int64(w.up.WindowDays) * daySeconds
	m := w.margin(span{0, width})
	s := span{w.p.Next, min(w.p.To, w.p.Next+max(width-2*m, m))}
	if w.p.Sound {
		w.p.From = s.From
	}
	w.p.Sound = w.p.Sound && (w.Close != notKnown || w.p.Looked || w.margin(s) >= daySeconds)
	w.p.Next, w.p.Pending = s.To, append(w.p.Pending, s)
	return s, true
}

// take asks for the span that is the last of those pending, all its pages, and takes it
// from them; or puts its halves there.
func (w *walk) take(ctx context.Context, s span) error {
	first := max(w.p.Page, w.firstPage())
	known := map[uint64]bool{}
	var before string
	for n := first; ; n++ {
		items, why, err := w.ask(ctx, s, n)
		switch {
		case err != nil:
			return err
		case why == tooMuch:
			return w.full(ctx, s, "", true)
		case why != "":
			return w.fail(ctx, s, why)
		}
		if len(items) == 0 && n <= 1 && w.nothing(s) {
			if items, _, err = w.get(ctx, span{s.From - daySeconds, s.To + daySeconds}, n); err != nil {
				return err
			}
		}
		if len(items) > 0 { // nothing at all proves nothing
			w.failed, w.Good = 0, &s
		}
		more, all := w.add(items, s, known)
		switch {
		case n == 0 || n == first+1 && all == before:
			// One answer is all there is: pages are not known, or not looked at.
			if err := w.believe(ctx, s, len(items), all); err != nil {
				return err
			}
		case more && n < maxPages:
			w.p.Page, before = n+1, all
			if err := w.due(); err != nil {
				return err
			}
			continue
		case more:
			w.lose(s, tooMuch)
		default:
			w.pop()
		}
		return w.due()
	}
}

// believe takes an answer for all that there is in a span, or halves the span.
//
// Where the limit is not known, no answer is larger than it, and one that was cut off is
// as large. So one that is as large as the largest so far may be cut off; one that is
// larger than all may be too, and is looked at in the end, when no other was larger yet.
func (w *walk) believe(ctx context.Context, s span, n int, all string) error {
	switch {
	case n >= w.limit():
		return w.full(ctx, s, all, true)
	case !w.up.guess || n < fewest:
	case n > w.Most:
		w.Most, w.p.Doubt, w.p.Last = n, &doubt{s, all}, all
	case n == w.Most:
		whole, err := w.larger(ctx, s)
		if err == nil && !whole {
			whole, err = w.blind(ctx, all)
		}
		if err != nil {
			return err
		}
		if !whole {
			return w.full(ctx, s, all, true)
		}
	case n%50 == 0: // the limit may have become lower
		return w.full(ctx, s, all, false)
	}
	w.pop()
	return nil
}

// larger asks for a longer span, once for each largest answer, and reports whether it
// brings more: then the limit is higher. It is for short spans, of which many have as many
// requests as the largest.
func (w *walk) larger(ctx context.Context, s span) (bool, error) {
	width := min(4*s.width(), defaultWindow*daySeconds)
	if w.p.Longer == w.Most || width < 2*s.width() {
		return false, nil
	}
	items, why, err := w.get(ctx, span{s.To - width, s.To}, w.firstPage())
	if err != nil {
		return false, err
	}
	if w.p.Longer = w.Most; why != "" || len(items) <= w.Most {
		return false, nil
	}
	w.Most, w.p.Doubt = len(items), nil
	return true, nil
}

// blind reports whether the server gives the same requests whatever span it is asked for.
// Then they are all that it will ever give. all is what was in an answer; only one that
// has come before is worth a question.
func (w *walk) blind(ctx context.Context, all string) (bool, error) {
	if all != w.p.Last {
		w.p.Last = all
		return false, nil
	}
	if w.p.Blind == "" {
		items, why, err := w.get(ctx, span{w.Since - 30*daySeconds, w.Since - 29*daySeconds}, w.firstPage())
		if err != nil {
			return false, err
		}
		if w.p.Blind = "no"; why == "" && brief(items) == all {
			w.p.Blind = "yes"
		}
	}
	return w.p.Blind == "yes", nil
}

// limit is the number of requests in an answer from which there may be more.
func (w *walk) limit() int {
	if w.up.PageSize > 0 {
		return min(w.up.Limit, w.up.PageSize)
	}
	return w.up.Limit
}

// firstPage is the page with which a span begins; 0 is none.
func (w *walk) firstPage() int { return min(w.up.PageSize, 1) }

// ask asks for a span, and for what lies around it.
func (w *walk) ask(ctx context.Context, s span, page int) ([]item, unwell, error) {
	return w.get(ctx, w.asked(s), page)
}

func (w *walk) get(ctx context.Context, s span, page int) ([]item, unwell, error) {
	w.counts.Answers++
	w.answers++
	return w.up.ask(ctx, w.up.requests(s, page), w.dec)
}

// add takes the items of an answer. more says that one of them was not in known, all what
// was in the answer, in short.
func (w *walk) add(items []item, s span, known map[uint64]bool) (more bool, all string) {
	w.counts.Items += int64(len(items))
	for _, it := range items {
		w.note(it)
		id := it.name()
		if key := hash([]byte(id)); !known[key] {
			known[key], more = true, true
		}
		day := floorDay(s.From)
		if it.when {
			day = max(it.day, day) // which a server that does not look at spans may give from long before
		}
		if !w.Seen.fresh(it, day) {
			continue
		}
		w.counts.Delivered++
		if at, ok := w.at[id]; ok { // changed between two answers
			w.items[at] = it.json
			continue
		}
		w.at[id] = len(w.items)
		w.items = append(w.items, it.json)
	}
	return more, brief(items)
}

// brief says what is in an answer, in short.
func brief(items []item) string {
	ids := make([]string, 0, len(items))
	for _, it := range items {
		ids = append(ids, it.name())
	}
	slices.Sort(ids)
	return strconv.FormatUint(hash([]byte(strings.Join(ids, "\n"))), 16)
}

// full halves a span of which one answer does not hold everything, or may not. all is
// what was in the answer.
func (w *walk) full(ctx context.Context, s span, all string, certain bool) error {
	if err := w.look(ctx); err != nil {
		return err
	}
	// They do not touch, also as they were asked for.
	apart := 2*w.margin(s) + 1
	same := all != "" && all == w.p.Stuck.All && (s.From > w.p.Stuck.To+apart || s.To < w.p.Stuck.To-apart)
	switch {
	case same: // as another span has: the server does not look so closely at times
		w.lose(s, tooMuch)
		return nil
	case s.width() > w.smallest() && w.p.Halved < maxHalved:
		if certain && s.width() <= margins[w.Close] {
			w.name(s, tooMuch) // the halves bring what they can
		}
		w.p.Halved++
		w.halve(s)
		return nil
	}
	if all != w.p.Stuck.All {
		w.p.Stuck = stuck{all, s.To}
	}
	if certain {
		w.lose(s, tooMuch)
	} else {
		w.pop()
	}
	return nil
}

// fail halves a span at which the server fails. Behind a span that was given up, one as
// long is given up too: where thousands of requests in a row are bad, it is not asked
// thousands of times.
func (w *walk) fail(ctx context.Context, s span, why unwell) error {
	w.failed++
	w.why = why
	switch {
	case w.Good == nil && w.failed >= deadAfter:
		return down(why)
	case w.Good != nil && w.failed%probeAfter == 0:
		if err := w.probe(ctx); err != nil {
			return err
		}
	}
	if err := w.look(ctx); err != nil {
		return err
	}
	behind := slices.ContainsFunc(w.p.Gaps, func(g gap) bool { return g.To == s.From && g.Why == why && g.width() >= s.width() })
	if s.width() > max(w.smallest(), margins[w.Close]) && w.p.Failed < maxFailed && !behind {
		w.p.Failed++
		w.halve(s)
	} else {
		w.lose(s, why)
	}
	return nil
}

// probe asks again for the span that was answered last. A server that does not answer
// that is down; what it failed at says nothing about the requests.
func (w *walk) probe(ctx context.Context) error {
	if w.Good == nil {
		return down(w.why)
	}
	_, why, err := w.ask(ctx, *w.Good, w.firstPage())
	if err == nil && (why == fails || why == unreadable) {
		err = down(why)
	}
	return err
}

func down(why unwell) error {
	what := "the Open311 server fails at all that it is asked"
	if why == unreadable {
		what = "the Open311 server answers with something that is no list of requests"
	}
	return fault.New(what, "nothing is lost, and the next run goes on from here; ask whoever runs the server, check endpoint and format, or choose a later since where old days alone fail")
}

func (w *walk) halve(s span) {
	mid := s.From + s.width()/2
	w.pop()
	w.p.Pending = append(w.p.Pending, span{mid, s.To}, span{s.From, mid})
}

// pop takes the last span from those pending.
func (w *walk) pop() {
	w.p.Pending, w.p.Page, w.moved = w.p.Pending[:len(w.p.Pending)-1], 0, true
}

// lose gives a span up, for this walk.
func (w *walk) lose(s span, why unwell) {
	w.pop()
	w.name(s, why)
}

func (w *walk) name(s span, why unwell) {
	if w.Rough {
		s = span{max(s.From-daySeconds, min(s.From, w.Since)), min(s.To+daySeconds, max(s.To, w.p.To))}
	}
	w.p.Gaps = addGap(w.p.Gaps, gap{s, why})
}

// due hands over a page that is large enough, or stands for enough answers.
func (w *walk) due() error {
	if len(w.items) >= w.pageItems || len(w.items) > 0 && w.answers >= w.pageAnswers {
		return w.flush()
	}
	return nil
}

func (w *walk) flush() error {
	raw, err := w.encode()
	if err != nil {
		return err
	}
	if err := w.page(source.Page{Items: w.items, State: raw, Restart: w.restart}); err != nil {
		return err
	}
	w.items, w.at, w.answers, w.moved, w.restart = nil, map[string]int{}, 0, false, false
	return nil
}

// forget drops what is known of requests of days that are not asked for again: before
// from, before the overlap of the next walk, and in no gap.
func (w *walk) forget(from int64) {
	if w.Close == notKnown && !w.p.Looked {
		from = min(from, w.p.From) // from which on it may be asked for again
	}
	from = floorDay(min(from, w.p.Next, w.p.To-w.up.overlap)) - slack
	for key, c := range w.Seen {
		holds := func(g gap) bool { return c.day >= floorDay(g.From)-slack && c.day <= floorDay(g.To)+slack }
		if d := w.p.Doubt; d != nil && holds(gap{span: d.span}) {
			continue
		}
		if c.day < from && !slices.ContainsFunc(w.p.Gaps, holds) && !slices.ContainsFunc(w.Missing, holds) {
			delete(w.Seen, key)
		}
	}
}

// close ends the walk.
func (w *walk) close() (source.Walk, error) {
	out := source.Walk{AsOf: time.Unix(w.p.To, 0).In(w.zone).Format(time.DateOnly)}
	w.End, w.Missing = w.p.To, w.p.Gaps
	w.forget(w.End)
	w.Walk = nil
	for i, g := range w.Missing {
		if i == maxNamed {
			out.Missing = append(out.Missing, fmt.Sprintf("and %d more spans of time", len(w.Missing)-i))
			break
		}
		const layout = "2006-01-02 15:04:05"
		what := map[unwell]string{fails: "the server fails at them", unreadable: "the server's answer cannot be read", tooMuch: "there are more than the server gives in one answer"}[g.Why]
		out.Missing = append(out.Missing, fmt.Sprintf("requests made from %s to %s: %s",
			time.Unix(g.From, 0).In(w.zone).Format(layout), time.Unix(g.To, 0).In(w.zone).Format(layout+" -07:00"), what))
	}
	var err error
	out.State, err = w.encode()
	return out, err
}
