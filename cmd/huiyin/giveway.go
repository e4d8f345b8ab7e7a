package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// errAsked ends what a job of huiyin run fetches from a feed.
var errAsked = fault.New("a publication that was asked for waits", "nothing is lost: what has come is kept, and the next run goes on from there")

// givingWay returns a context for fetching from feeds that ends, with errAsked, when an act
// of a person waits to be published, or another request has waited long: a job keeps what
// changes the store to itself, and an upstream that is slow would hold up a withdrawal for as
// long as it likes. What takes less than a.giveWay.after is waited for.
func (in *installation) givingWay(ctx context.Context) (fetching context.Context, done func()) {
	fetching, cancel := context.WithCancelCause(ctx)
	began := in.a.now()
	go func() {
		for wait := in.a.giveWay.after; sleep(fetching, wait) == nil; wait = in.a.giveWay.every {
			if in.asked(fetching, began) {
				cancel(errAsked)
			}
		}
	}()
	return fetching, func() { cancel(nil) }
}

// gaveWay reports whether fetching was ended for a request.
func gaveWay(fetching context.Context) bool {
	return errors.Is(context.Cause(fetching), errAsked)
}

// asked reports whether an act of a person waits for huiyin run to publish it, or a request
// has waited for longer than requestWaits. What the run that goes on is to answer, which is
// that of this very job, waits for the feeds since began: its acts are published. Where the
// run of a request was stopped, or failed and is due again, it waits like one that is new.
func (in *installation) asked(ctx context.Context, began time.Time) bool {
	now := in.a.now()
	return in.scheduleSays(func(plan *store.Schedule) bool {
		pending, err := plan.Pending(ctx, maxPending)
		if err != nil || len(pending) == 0 {
			return false
		}
		open, err := plan.Open(ctx)
		if err != nil {
			return false
		}
		runs := map[int64]job.Run{}
		for _, run := range open {
			runs[run.ID] = run
		}
		return slices.ContainsFunc(pending, func(q job.Request) bool {
			since, act := q.At, q.Act
			switch run := runs[q.Run]; {
			case run.State == job.Running:
				act, since = false, began
			case run.State == job.Waiting && run.Ready.After(now):
				return false
			}
			// A time ahead is of a clock that was set back since.
			return act || now.Sub(since).Abs() > requestWaits
		})
	})
}

// requestWaits is how long a request that is no act waits for what is fetched.
const requestWaits = 5 * time.Minute

// maxPending is how many of the requests that wait are looked at.
const maxPending = 10_000

// giveWay is when a job looks whether it is in the way of a request.
type giveWay struct{ after, every time.Duration }
