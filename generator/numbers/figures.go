package numbers

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
)

// FigureStore is where the figures of releases are kept; [store.DB] is one.
type FigureStore interface {
	FigureParts(ctx context.Context, release int) ([]store.FigurePart, error)
	PeriodFigures(ctx context.Context, release int, period record.Period) ([]record.Figure, error)
}

// print is the hash of all that the figures of a period of a book are made from, the
// program with them.
func (n *Numbers) print(b *assess.Book, p record.Period) [sha256.Size]byte {
	sum, ok := b.Print(p)
	if !ok {
		panic("numbers: a period without a print: " + string(p))
	}
	return sha256.Sum256(append(hashOf(n.basis), sum[:]...))
}

// Parts returns the figures of all periods that are over, for [store.DB.SaveFigures]:
// those of which the store has the figures already are not listed.
func (n *Numbers) Parts() (parts []store.FigurePart) {
	for _, p := range n.Book.Periods(record.Scope{Dim: record.ByAll}) {
		if n.Book.Ended(p) {
			parts = append(parts, store.FigurePart{Period: p, Print: n.print(n.Book, p), List: func() []record.Figure { return n.Book.PeriodFigures(p) }})
		}
	}
	return parts
}

// Changed returns the figures that a release showed at the earlier cut-off and those of
// today at the same one, of the periods that are over and that tell reports true for,
// without those of which it is certain that nothing differs. A measure that the release
// did not have is new, and not another: it is left out.
func (n *Numbers) Changed(ctx context.Context, s FigureStore, release int, tell func(record.Period) bool) (old, now []record.Figure, err error) {
	if n.Then == nil {
		return nil, nil, errors.New("numbers: there is no earlier cut-off")
	}
	parts, err := s.FigureParts(ctx, release)
	if err != nil {
		return nil, nil, err
	}
	known := map[string]bool{}
	for _, p := range parts {
		if tell(p.Period) {
			for _, m := range p.Measures {
				known[m] = true
			}
		}
	}
	for _, p := range parts {
		if !tell(p.Period) || n.print(n.Then, p.Period) == p.Print {
			continue
		}
		was, err := s.PeriodFigures(ctx, release, p.Period)
		if err != nil {
			return nil, nil, err
		}
		old = append(old, was...)
		if !n.Then.Ended(p.Period) {
			continue
		}
		for _, f := range n.Then.PeriodFigures(p.Period) {
			if known[f.Measure] {
				now = append(now, f)
			}
		}
	}
	return old, now, nil
}
