package assess

import (
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// Restated is a figure that was published and is now another (更正). Old or New
// has neither number nor denominator where the figure did not exist.
type Restated struct {
	Old, New record.Figure
}

// Diff returns what differs between two sets of figures for the same measure,
// version, scope, period and cut-off, sorted like [Book.Figures]. Figures of a
// period and cut-off that was never published are growth and not a restatement:
// they are passed over.
func Diff(old, now []record.Figure) []Restated {
	type key struct {
		measure string
		version int
		scope   record.Scope
		period  record.Period
		cutoff  record.Day
	}
	type span struct {
		period record.Period
		cutoff record.Day
	}
	of := func(f record.Figure) key { return key{f.Measure, f.Version, f.Scope, f.Period, f.Cutoff} }
	blank := func(f record.Figure) record.Figure {
		f.Rate, f.Unknown = record.Rate{}, 0
		return f
	}

	published := map[span]bool{}
	was := make(map[key]record.Figure, len(old))
	for _, f := range old {
		published[span{f.Period, f.Cutoff}] = true
		was[of(f)] = f
	}
	var out []Restated
	for _, f := range now {
		before, ok := was[of(f)]
		delete(was, of(f))
		switch {
		case ok && before != f:
			out = append(out, Restated{before, f})
		case !ok && published[span{f.Period, f.Cutoff}]:
			out = append(out, Restated{blank(f), f})
		}
	}
	for _, f := range was {
		out = append(out, Restated{f, blank(f)})
	}
	slices.SortFunc(out, func(x, y Restated) int { return compareFigures(x.Old, y.Old) })
	return out
}
