package assess

import (
	"cmp"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// Touch names a figure of a month or a year, whatever its cut-off.
type Touch struct {
	Measure string
	Scope   record.Scope
	Period  record.Period
}

// Touched returns the figures of months and years that a case counts in another way
// now than before, at the cut-off of the book, sorted. It tells which cases have made
// a figure another one; what the register has made of it, it does not know. Either
// may be the zero fact, for a case that was not there.
func (b *Book) Touched(before, now record.Fact) []Touch {
	was, is := b.counted(&before), b.counted(&now)
	var out []Touch
	for k, v := range was {
		if is[k] != v {
			out = append(out, k)
		}
	}
	for k := range is {
		if _, ok := was[k]; !ok {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(x, y Touch) int {
		return cmp.Or(cmp.Compare(x.Scope.Dim, y.Scope.Dim), cmp.Compare(x.Scope.ID, y.Scope.ID), cmp.Compare(x.Period, y.Period), cmp.Compare(x.Measure, y.Measure))
	})
	return out
}

// counted returns what a case adds to each figure of its month and year, as a number
// that is another one where it adds something else.
func (b *Book) counted(f *record.Fact) map[Touch]int {
	all := map[Touch]int{}
	if !f.Received.Known() || f.Received > b.cutoff {
		return all
	}
	o := observe(f, b.cutoff)
	values := map[string]int{MeasureReceived: 1, MeasurePublishedOfReceived: 1}
	if f.Prominence == record.Full {
		values[MeasurePublishedOfReceived] = 2
	}
	tell := func(id string, n int) {
		if n > 0 {
			values[id] = n
		}
	}
	tell(MeasureMerged, one(o.merged))
	tell(MeasureRepeats, one(o.repeat))
	tell(MeasureReviewed, one(o.outcome == record.Reviewed))
	tell(MeasureReReviewed, one(o.outcome == record.ReReviewed))
	tell(MeasureReturns, o.returns)
	for r, s := range o.rates {
		if s != outside {
			values[rateIDs[r]] = int(s)
		}
	}
	median := func(id string, days record.Count, unknown bool) {
		if n, ok := days.Get(); ok {
			values[id] = n
		} else if unknown {
			values[id] = -1
		}
	}
	if !o.merged {
		median(MeasureMedianFirstDays, o.firstDays, o.rates[respondedOfReceived] == unknown)
		median(MeasureMedianDays, o.days, o.noDays)
		median(MeasureMedianCloseDays, o.closeDays, o.noClose)
	}
	if o.rated {
		values[satisfiedIDs[o.scale]] = o.level
	}
	month := f.Received.Month()
	for _, scope := range b.scopesOf(f) {
		for _, period := range []record.Period{record.MonthPeriod(month), record.YearPeriod(month.Year())} {
			for id, v := range values {
				all[Touch{id, scope, period}] = v
			}
			if scope.Dim == record.ByArea && b.residents[scope.ID] > 0 {
				all[Touch{MeasureReceivedPerThousand, scope, period}] = 1
			}
		}
	}
	return all
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// scopesOf lists the scopes that a case counts in and whose figures are kept.
func (b *Book) scopesOf(f *record.Fact) []record.Scope {
	scopes := []record.Scope{{Dim: record.ByAll}}
	for i := range dimensions {
		d := &dimensions[i]
		if !d.kept || !d.counts(f) {
			continue
		}
		ids := []string{d.of(f)}
		switch d.dim {
		case record.ByArea:
			ids = upward(ids[0], b.areas)
		case record.ByTopic:
			ids = upward(ids[0], b.topics)
		}
		for _, id := range ids {
			if id != "" {
				scopes = append(scopes, record.Scope{Dim: d.dim, ID: id})
			}
		}
	}
	return scopes
}

// upward returns a node and all above it; a node that is its own ancestor once.
func upward(id string, parent map[string]string) (path []string) {
	for n := id; n != "" && !slices.Contains(path, n); n = parent[n] {
		path = append(path, n)
	}
	return path
}
