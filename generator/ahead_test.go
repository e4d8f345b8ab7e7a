package generator

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// TestReadAhead reads so many facts, with an error behind them or not, up to some of
// them: what comes out is what goes in, and the reading has ended when the loop has.
func TestReadAhead(t *testing.T) {
	broken := errors.New("made up")
	for _, n := range []int{0, 1, aheadBy - 1, aheadBy, aheadBy + 1, 5*aheadBy + 3} {
		for _, fails := range []error{nil, broken} {
			for _, upTo := range []int{0, 1, aheadBy, aheadBy + 7, 1 << 20} {
				reading := false
				var all iter.Seq2[record.Fact, error] = func(yield func(record.Fact, error) bool) {
					reading = true
					defer func() { reading = false }()
					for i := range n {
						if !yield(record.Fact{Changes: int32(i)}, nil) {
							return
						}
					}
					if fails != nil {
						yield(record.Fact{}, fails)
					}
				}
				read := func(all iter.Seq2[record.Fact, error]) (got []int32, failed error) {
					for f, err := range all {
						if failed = err; err != nil || len(got) == upTo {
							break
						}
						got = append(got, f.Changes)
					}
					return got, failed
				}
				want, wantErr := read(all)
				got, err := read(readAhead(all))
				if !slices.Equal(want, got) || err != wantErr {
					t.Errorf("%d facts, then %v, up to %d: %d and %v instead of %d and %v", n, fails, upTo, len(got), err, len(want), wantErr)
				}
				if reading {
					t.Errorf("%d facts up to %d: still reading", n, upTo)
				}
			}
		}
	}
}

// someFacts is a reader of two cases.
type someFacts struct{ pages.Reader }

func (someFacts) Facts(context.Context) iter.Seq2[record.Fact, error] {
	return func(yield func(record.Fact, error) bool) {
		for _, n := range []record.CaseNumber{"2611-000001", "2611-000002"} {
			if !yield(record.Fact{Case: record.Case{Row: record.Row{Number: n, Unit: "u"}}}, nil) {
				return
			}
		}
	}
}

// TestSeeingTakesOnce reads the facts for the plan, and again as a partition does while
// the canary looks: what it knows of the cases stays whole.
func TestSeeingTakesOnce(t *testing.T) {
	seen := &seeing{Reader: someFacts{}, cases: newCaseIndex()}
	read := func(upTo int) {
		for range seen.Facts(t.Context()) {
			if upTo--; upTo == 0 {
				return
			}
		}
	}
	read(5)
	cases := seen.taken()
	read(1)
	if len(cases.numbers) != 2 || len(cases.units) != 2 {
		t.Errorf("the canary knows of %d cases", len(cases.numbers))
	}
}
