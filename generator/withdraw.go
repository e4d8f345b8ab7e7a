package generator

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/huiyin/huiyin/site/release"
)

// Settle brings the releases level with the store in what must not wait for a
// build: every case that the store knows as withdrawn is gone from the current
// release, from every kept one, and from the packs themselves, and so are the
// texts of every case whose writer no longer agrees to their publication. It is
// called after a pull and before a publish, and does nothing when nothing is due. Of a
// case whose withdrawal was lifted the tombstone goes; its page comes with the next publish.
// A crash in the middle is finished by the next call. It returns how many cases
// were taken out. A damaged pack holds none of this up: the error is then
// [release.ErrUnread], and comes last.
func (g *Generator) Settle(ctx context.Context) (taken int, err error) {
	tombstones, err := g.o.Store.Gone(ctx)
	if err != nil {
		return 0, err
	}
	retractions, err := g.o.Store.Retractions(ctx)
	if err != nil {
		return 0, err
	}
	if err := g.lift(ctx); err != nil {
		return 0, err
	}
	if len(tombstones) > 0 {
		gone := make([]release.Gone, len(tombstones))
		for i, t := range tombstones {
			gone[i] = release.Gone{Number: string(t.Number), Unit: string(t.Unit), Reason: t.Reason, Day: t.Day.String()}
		}
		if taken, err = g.o.Releases.Withdraw(ctx, gone); err != nil && !errors.Is(err, release.ErrUnread) {
			return taken, err
		}
	}
	if len(retractions) == 0 {
		return taken, err
	}
	back := make([]release.Retracted, len(retractions))
	for i, r := range retractions {
		back[i] = release.Retracted{Number: string(r.Number), Time: r.Time}
	}
	n, retractErr := g.o.Releases.Retract(ctx, back)
	return taken + n, cmp.Or(retractErr, err)
}

// lift takes the tombstones of cases that were reinstated out of the releases. A case that
// the store does not know as reinstated keeps its own, whatever else the store says: an
// older copy of it may not know of the withdrawal.
func (g *Generator) lift(ctx context.Context) error {
	gone, err := g.o.Releases.Gone()
	if err != nil || len(gone) == 0 {
		return err
	}
	back, err := g.reinstated(ctx)
	if err != nil || !slices.ContainsFunc(gone, func(g release.Gone) bool { return slices.Contains(back, g.Number) }) {
		return err
	}
	// Asked again there: another process may withdraw one of them once more meanwhile.
	return g.o.Releases.Reinstate(ctx, g.reinstated)
}

// reinstated lists the cases that the store knows as reinstated.
func (g *Generator) reinstated(ctx context.Context) (numbers []string, err error) {
	back, err := g.o.Store.Reinstated(ctx)
	for _, n := range back {
		numbers = append(numbers, string(n))
	}
	return numbers, err
}

// Shown brings the store level with the releases in which texts have been published.
// Where a release is newer than the last one that the store knows, because an older
// copy of the store was put back, all that it holds counts as published. It is called
// before cases are cleared under other rules.
func (g *Generator) Shown(ctx context.Context) error {
	published, err := g.o.Store.Publishes(ctx)
	if err != nil {
		return err
	}
	kept, err := g.o.Releases.Releases()
	if err != nil || len(kept) == 0 {
		return err
	}
	if n := len(published); n > 0 && published[n-1].Release >= kept[len(kept)-1].Release {
		return nil
	}
	return g.o.Store.Shown(ctx)
}
