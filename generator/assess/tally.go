package assess

import (
	"math"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// Tally counts cases at one cut-off, by scope and month of receipt. What it holds
// depends on the facts and the cut-off alone and on no register, so that the tallies
// of parts can be kept and added up: a case that changes costs its part and no more.
// Whoever counts something else raises [CountingVersion].
//
// A Tally must not be used by two goroutines at a time.
type Tally struct {
	cutoff record.Day
	dims   map[record.Dimension]map[string]*series
	all    *series
	words  map[string]string // channels, one copy of each
	has    delivered
	since  record.Day
	until  record.Day
}

// NewTally returns an empty Tally at the end of the day cutoff.
func NewTally(cutoff record.Day) *Tally {
	return &Tally{cutoff: cutoff, all: new(series), dims: map[record.Dimension]map[string]*series{}, words: map[string]string{}, until: math.MaxInt32}
}

// Add counts one case. A case received after the cut-off, or without a received
// day, is not counted.
//
// The whole installation, units, areas, channels and origins count every row. Topics,
// kinds and whatever else a stub does not show count cases published in full only.
func (t *Tally) Add(f record.Fact) {
	t.bound(&f)
	if !f.Received.Known() || f.Received > t.cutoff {
		return
	}
	month := f.Received.Month()
	o := observe(&f, t.cutoff)
	o.channel = t.word(string(f.Channel))
	t.has.note(&o)
	t.all.at(month).add(&o)
	for i := range dimensions {
		if d := &dimensions[i]; d.counts(&f) {
			t.count(d.dim, d.of(&f), month, &o)
		}
	}
}

// word returns the one copy of a channel's identifier.
func (t *Tally) word(s string) string {
	w, ok := t.words[s]
	if !ok {
		w = strings.Clone(s)
		t.words[w] = w
	}
	return w
}

// count adds o to one scope. A case whose unit, area or the like is not known
// counts for the installation alone.
func (t *Tally) count(dim record.Dimension, id string, m record.Month, o *observation) {
	if id == "" {
		return
	}
	t.series(dim, id).at(m).add(o)
}

// series returns the counts of a scope for writing.
func (t *Tally) series(dim record.Dimension, id string) *series {
	scopes := t.dims[dim]
	if scopes == nil {
		scopes = map[string]*series{}
		t.dims[dim] = scopes
	}
	s := scopes[id]
	if s == nil {
		s = new(series)
		scopes[strings.Clone(id)] = s
	}
	return s
}

// Span returns the cut-offs at which the cases added count as they do at that of the
// tally: from the day since until, not including it, the day until.
func (t *Tally) Span() (since, until record.Day) { return t.since, t.until }

// bound narrows the span by the days of a fact: on each of them something happened, or
// a deadline came, that was not there the day before.
func (t *Tally) bound(f *record.Fact) {
	t.day(f.Received)
	t.day(f.Dispatched)
	t.day(f.Due)
	t.day(f.FirstResponse)
	t.day(f.RepliedOn)
	t.day(f.ClosedOn)
	t.day(f.ResolvedOn)
	for i := range f.Dispatches {
		t.day(f.Dispatches[i].Day)
	}
	for i := range f.Supervisions {
		t.day(f.Supervisions[i].Day)
	}
}

func (t *Tally) day(d record.Day) {
	switch {
	case d <= t.cutoff:
		t.since = max(t.since, d)
	default:
		t.until = min(t.until, d)
	}
}
