package assess

import (
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// Kept reports whether a figure is kept as published, and a change of it told as a
// restatement: where it is counted on public rows, by what rows show. What is counted of
// texts grows with each case that is published in full later, of which no day is known;
// and were it told after a withdrawal, it would say of the case that is gone what it was
// about and how it had been rated. How much came online is not kept either: the rows do
// not show it, but today's register of channels does.
func Kept(f record.Figure) bool {
	return slices.Contains(keptDimensions(), f.Scope.Dim) && rowMeasures()[f.Measure]
}

// rowMeasures says of each measure whether it is counted on public rows alone.
func rowMeasures() map[string]bool {
	on := map[string]bool{}
	for _, m := range Measures() {
		on[m.ID] = m.Rows && m.ID != MeasureOnlineOfReceived
	}
	return on
}
