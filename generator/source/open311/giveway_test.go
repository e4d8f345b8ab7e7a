package open311_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/huiyin/huiyin/generator/source/open311"
)

// stopped ends the context of a walk when it asks once more than it is let.
type stopped struct {
	*client
	left int
	end  context.CancelFunc
}

func (s *stopped) Get(ctx context.Context, address string) (int, []byte, error) {
	if s.left--; s.left < 0 {
		s.end()
		return 0, nil, ctx.Err()
	}
	return s.client.Get(ctx, address)
}

// A walk that is told to stop before it has a page keeps what has come, as pulls that give
// way to requests need: however often that is, it comes to its end, and nothing is lost.
func TestStoppedAgainAndAgain(t *testing.T) {
	const since = "2026-08-20"
	want := madeSince(t, since)
	for _, m := range manners() {
		switch m.name {
		case "few in an answer", "pages", "7 in an answer, which nobody knows", "7 in an answer, cut to the minute", "cut to the day, edges excluded":
		default:
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			answers := []int{7, 31}
			if m.cut != 0 { // it is looked how closely it looks, in one go
				answers = []int{40}
			}
			for _, most := range answers {
				town := newTown()
				town.quirks = m.quirks
				town.requests = slices.DeleteFunc(town.requests, func(r request) bool { return r.get("requested_datetime") < since })
				c := newClient(town)
				o := c.options()
				if o.Since = since; m.options != nil {
					m.options(&o)
				}
				var k kept
				for runs := 1; ; runs++ {
					if runs > 1000 {
						t.Fatalf("stopped after %d answers each time, it never ends", most)
					}
					ctx, cancel := context.WithCancel(t.Context())
					feed, err := open311.NewRequests(o, &stopped{c, most, cancel}, clock)
					if err != nil {
						t.Fatal(err)
					}
					_, err = feed.Fetch(ctx, k.state, k.page)
					cancel()
					if err == nil {
						t.Logf("%d runs of %d answers", runs, most)
						break
					}
					if !errors.Is(err, context.Canceled) {
						t.Fatal(err)
					}
				}
				if diff := differ(want, k.take()); diff != "" {
					t.Errorf("stopped after %d answers each time (-whole +stopped):\n%s", most, diff)
				}
			}
		})
	}
}
