package assess

import (
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// ScopeFigures returns the figures of one scope in the given periods, or in all of
// [Book.Periods] when none is given: sorted and chosen as by [Book.Figures]. A period
// in which nothing was received has none.
func (b *Book) ScopeFigures(scope record.Scope, periods ...record.Period) []record.Figure {
	if len(periods) == 0 {
		periods = b.Periods(scope)
	}
	var out []record.Figure
	for _, p := range periods {
		if c := b.counts(scope, p); c.received > 0 {
			s := b.set(scope, p, &c)
			out = append(out, b.figures(&s, &c)...)
		}
	}
	slices.SortFunc(out, compareFigures)
	return out
}
