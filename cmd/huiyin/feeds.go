package main

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/huiyin/huiyin/cmd/internal/assemble"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source/spool"
)

// fetched is what came from one feed.
type fetched struct {
	spool.Report
	Error string `json:"error,omitempty"` // why nothing more came; what came before stays for the next run
	Hint  string `json:"hint,omitempty"`

	err error
}

// fetch takes what the feeds have that is new into the inbox. One that fails keeps none
// of the others waiting: it is told of in its result.
func (in *installation) fetch(ctx context.Context) ([]fetched, error) {
	feeds, err := assemble.Feeds(in.c, assemble.FeedsEnv{Getenv: os.Getenv, Now: in.a.now, Sleep: sleep})
	if err != nil {
		return nil, err
	}
	var all []fetched
	for _, f := range feeds {
		in.progress.step("fetching: feeds", len(all), len(feeds))
		r, err := f.Spool.Fetch(ctx, f.From, record.DayOf(in.a.now()).String())
		if ctx.Err() != nil {
			return all, ctx.Err()
		}
		one := fetched{Report: r, err: err}
		if err != nil {
			one.Error, one.Hint, _ = fault.Public(err)
		}
		all = append(all, one)
	}
	return all, nil
}

// sleep waits for a while, or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// showFetched writes what came from feeds for a person.
func (a *app) showFetched(all []fetched) {
	for _, f := range all {
		switch {
		case f.err != nil:
			a.complain(fault.Wrap(f.err, "feed "+f.Feed+": "+f.Error, f.Hint))
		case f.Pages == 0:
			a.say("feed %s: nothing new", f.Feed)
		default:
			a.say("feed %s: %s on %s, everything up to %s", f.Feed, plural(int(f.Items), "item"), plural(f.Pages, "page"), f.AsOf)
		}
		if len(f.Missing) > 0 {
			a.say("feed %s: could not be fetched, and will be asked for again: %s", f.Feed, strings.Join(f.Missing, "; "))
		}
	}
}

// feedsFailed reports whether something of a feed could not be fetched.
func feedsFailed(all []fetched) bool {
	for _, f := range all {
		if f.err != nil || len(f.Missing) > 0 {
			return true
		}
	}
	return false
}
