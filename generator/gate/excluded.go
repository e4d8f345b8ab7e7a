package gate

import (
	"errors"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// fewestExcluded is the least number of cases, and the least change of a number, that is
// published of the cases that accuse an official.
const fewestExcluded = 5

// CarryExcluded returns what may be published of how many cases of each month of receipt
// accuse an official, by span of months, oldest first. published is what was before, and
// counts the cases counted by now; those of an unknown month belong to the first span.
//
// A month is counted once it is over, that is once the cut-off lies behind its last day. A
// month below 5 is carried into the next until the sum is at least 5, which ends a span.
// Spans that were published stay as they are, whatever is delivered later, and the number
// of one changes only by 5 or more, and never to less than 5: a smaller step would tell of
// single cases.
func CarryExcluded(published []record.Excluded, counts map[record.Month]int64, cutoff record.Day) ([]record.Excluded, error) {
	months := slices.Sorted(maps.Keys(counts))
	spans := slices.Clone(published)
	from := record.Month(0)
	i := 0
	for k := range spans {
		if spans[k].Until < from || spans[k].N < fewestExcluded {
			return nil, errors.New("gate: published numbers of excluded cases that cannot be")
		}
		var n int64
		for ; i < len(months) && months[i] <= spans[k].Until; i++ {
			n += counts[months[i]]
		}
		if step := n - spans[k].N; n >= fewestExcluded && (step >= fewestExcluded || step <= -fewestExcluded) {
			spans[k].N = n
		}
		from = spans[k].Until + 1
	}
	var n int64
	for ; i < len(months) && months[i].Last() < cutoff; i++ {
		if counts[months[i]] < 0 {
			return nil, errors.New("gate: fewer than no excluded cases")
		}
		if n += counts[months[i]]; n >= fewestExcluded && months[i] != 0 {
			spans = append(spans, record.Excluded{From: from, Until: months[i], N: n})
			from, n = months[i]+1, 0
		}
	}
	return spans, nil
}
