package generator

import (
	"cmp"
	"context"
	"slices"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// firstRankings returns what rankings said when they were first published, by period: those
// that are kept, and those that a release of the book publishes first, which are fresh.
func (g *Generator) firstRankings(ctx context.Context, book *assess.Book) (all, fresh []record.FirstRanking, err error) {
	kept, err := g.o.Store.FirstRankings(ctx)
	if err != nil {
		return nil, nil, err
	}
	fresh = book.FirstRankings(g.o.Pages.Ranks, kept)
	all = slices.Concat(kept, fresh)
	slices.SortFunc(all, func(a, b record.FirstRanking) int { return cmp.Compare(a.Period, b.Period) })
	return all, fresh, nil
}

// keepRankings keeps those that a release has published first.
func (g *Generator) keepRankings(ctx context.Context, release int, book *assess.Book) error {
	_, fresh, err := g.firstRankings(ctx, book)
	if err != nil {
		return err
	}
	return g.o.Store.SaveFirstRankings(ctx, release, fresh)
}
