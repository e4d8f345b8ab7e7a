package assess

import (
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// MayCount reports whether a case of which only the row is left may have counted in the
// figures of a scope and a month or year.
func (b *Book) MayCount(f *record.Fact, scope record.Scope, period record.Period) bool {
	first, last, _ := period.Bounds()
	if !f.Received.Known() || f.Received > b.cutoff || f.Received < first || f.Received > last {
		return false
	}
	return slices.Contains(b.scopesOf(f), scope)
}
