package numbers

import (
	"bytes"
	"context"
	"fmt"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// Verify counts every month anew of which counts are kept that hold on the basis, and
// says where they differ, a line each. It returns how many months it has compared.
func Verify(ctx context.Context, s Store, basis string) (problems []string, months int, err error) {
	counted, err := s.Counted(ctx, hashOf(basis))
	if err != nil {
		return nil, 0, err
	}
	for _, c := range counted {
		if c.Body == nil {
			continue
		}
		totals, tally, ok := unpack(c.Body)
		cutoff, whole := assess.CountedSince(tally)
		if !ok || !whole {
			problems = append(problems, fmt.Sprintf("what was counted of the cases of %s is not readable", c.Month))
			continue
		}
		anew, again := Totals{Rows: map[record.StubReason]int64{}}, assess.NewTally(cutoff)
		stamp, err := s.MonthFacts(ctx, c.Month, func(f *record.Fact) {
			anew.add(f)
			again.Add(*f)
		})
		if err != nil {
			return nil, months, err
		}
		if stamp != c.Stamp {
			continue // the rows have changed since: it does not hold any more
		}
		months++
		if now := again.Append(nil); !bytes.Equal(pack(&anew, now), pack(&totals, tally)) {
			problems = append(problems, fmt.Sprintf("what was counted of the cases of %s is not what is there: %s", c.Month, difference(tally, now, cutoff)))
		}
	}
	return problems, months, nil
}

// difference names the first figure in which two tallies differ.
func difference(kept, now []byte, cutoff record.Day) string {
	var lists [2][]record.Figure
	for i, tally := range [][]byte{kept, now} {
		b := assess.NewBuilder(record.Register{}, cutoff)
		if err := b.Merge(tally); err != nil {
			return err.Error()
		}
		lists[i] = b.Book().Figures(nil)
	}
	for _, d := range assess.Diff(lists[0], lists[1]) {
		return fmt.Sprintf("%s of %s in %s is kept as %d of %d (%d unknown), and is %d of %d (%d unknown)",
			d.Old.Measure, d.Old.Scope, d.Old.Period, d.Old.Num, d.Old.Den, d.Old.Unknown, d.New.Num, d.New.Den, d.New.Unknown)
	}
	return "no figure differs, but what it is made from does"
}
