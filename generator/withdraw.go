package generator

import (
	"context"

	"github.com/huiyin/huiyin/site/release"
)

// Settle brings the releases level with the store in what must not wait for a
// build: every case that the store knows as withdrawn is gone from the current
// release, from every kept one, and from the packs themselves. It is called
// after a pull and before a publish, and does nothing when nothing is due. A
// crash in the middle is finished by the next call.
func (g *Generator) Settle(ctx context.Context) (withdrawn int, err error) {
	tombstones, err := g.o.Store.Tombstones(ctx)
	if err != nil || len(tombstones) == 0 {
		return 0, err
	}
	gone := make([]release.Gone, len(tombstones))
	for i, t := range tombstones {
		gone[i] = release.Gone{Number: string(t.Number), Unit: string(t.Unit), Reason: t.Reason, Day: t.Day.String()}
	}
	return g.o.Releases.Withdraw(ctx, gone)
}
