package main

import (
	"context"
	"os"
	"slices"
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

	// GaveWay says that it was broken off, or not asked, so that what was asked for could be
	// published.
	GaveWay bool `json:"gave_way,omitempty"`

	err error
}

// fetch takes what the feeds have that is new into the inbox. One that fails keeps none
// of the others waiting: it is told of in its result. A job gives way to requests.
func (in *installation) fetch(ctx context.Context, forJob bool) ([]fetched, error) {
	feeds, err := assemble.Feeds(in.c, assemble.FeedsEnv{Getenv: os.Getenv, Now: in.a.now, Sleep: sleep})
	if err != nil {
		return nil, err
	}
	fetching := ctx
	if forJob {
		inTurn(feeds)
		var done func()
		fetching, done = in.givingWay(ctx)
		defer done()
	}
	var all []fetched
	for _, f := range feeds {
		if gaveWay(fetching) {
			all = append(all, fetched{Report: spool.Report{Feed: f.Name}, GaveWay: true})
			continue
		}
		in.progress.step("fetching: feeds", len(all), len(feeds))
		r, err := f.Spool.Fetch(fetching, f.From, record.DayOf(in.a.now()).String())
		if ctx.Err() != nil {
			return all, ctx.Err()
		}
		if err != nil && gaveWay(fetching) {
			r.Feed = f.Name
			one := fetched{Report: r, GaveWay: true}
			if one.err = in.keepBroken(f, r); one.err != nil {
				one.Error, one.Hint, _ = fault.Public(one.err)
			}
			all = append(all, one)
			continue
		}
		one := fetched{Report: r, err: err}
		code := 0
		if err != nil {
			one.Error, one.Hint, code = fault.Public(err)
		}
		if code != fault.ExitBusy { // else whoever fetches it remembers
			last := spool.Last{Report: r, At: in.a.now(), Error: one.Error, Hint: one.Hint}
			if before, ok, _ := f.Spool.Last(); ok && err != nil { // what was missing is missing still
				last.Missing = before.Missing
			}
			if err := f.Spool.Remember(last); err != nil && one.err == nil {
				one.Error, one.Hint, _ = fault.Public(err)
				one.err = err
			}
		}
		all = append(all, one)
	}
	return all, nil
}

// inTurn puts feeds that were broken off behind the others, that first which has waited the
// longest since: one whose upstream does not answer, and is broken off each time, would keep
// those behind it from being asked at all.
func inTurn(feeds []assemble.Feed) {
	broken := map[string]time.Time{}
	for _, f := range feeds {
		if last, ok, err := f.Spool.Last(); ok && err == nil { // else it is told of where it is written
			broken[f.Name] = last.BrokenOff
		}
	}
	slices.SortStableFunc(feeds, func(a, b assemble.Feed) int { return broken[a.Name].Compare(broken[b.Name]) })
}

// keepBroken keeps, with what is remembered of a feed, that its walk was broken off, and that
// it had to begin anew: the next one goes on behind that and does not know it.
func (in *installation) keepBroken(f assemble.Feed, r spool.Report) error {
	last, _, err := f.Spool.Last()
	if err != nil { // what cannot be read is written anew
		last = spool.Last{}
	}
	last.Feed, last.BrokenOff, last.Expired = f.Name, in.a.now(), last.Expired || r.Expired
	return f.Spool.Remember(last)
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

// feedTroubles returns for each feed that failed its name, as "feed a"; where several failed
// for the same reason, as with one role at a database, the first has the names of all, as
// "feeds a, b", and the others have none. Each of them is told once. say returns the name of a
// feed, why it failed, or "", and what to do about it.
func feedTroubles[T any](feeds []T, say func(T) (name, trouble, hint string)) (names []string) {
	first := map[[2]string]int{}
	names = make([]string, len(feeds))
	for i, f := range feeds {
		name, trouble, hint := say(f)
		if trouble == "" {
			continue
		}
		j, told := first[[2]string{trouble, hint}]
		if !told {
			first[[2]string{trouble, hint}], names[i] = i, "feed "+name
			continue
		}
		if list, one := strings.CutPrefix(names[j], "feed "); one {
			names[j] = "feeds " + list
		}
		names[j] += ", " + name
	}
	return names
}

// showFetched writes what came from feeds for a person.
func (a *app) showFetched(all []fetched) {
	failed := feedTroubles(all, func(f fetched) (string, string, string) { return f.Feed, f.Error, f.Hint })
	for i, f := range all {
		switch {
		case f.err != nil && failed[i] == "": // told with another
		case f.err != nil:
			a.complain(fault.Wrap(f.err, failed[i]+": "+f.Error, f.Hint))
		case f.GaveWay:
			a.say("feed %s: broken off, because %s; the next run goes on from there", f.Feed, errAsked)
		case f.Pages == 0:
			a.say("feed %s: nothing new", f.Feed)
		default:
			a.say("feed %s: %s on %s, everything up to %s", f.Feed, plural(int(f.Items), "item"), plural(f.Pages, "page"), f.AsOf)
		}
		a.showLeftOut(f.Report)
	}
}

// showLeftOut says what of a feed did not come, what came once more, and what was dropped
// from what came.
func (a *app) showLeftOut(r spool.Report) {
	if r.Expired {
		a.say("feed %s: the upstream could not go on from where it was read last (410), so that all of it is read from the beginning, which by itself changes nothing that is published", r.Feed)
	}
	if len(r.Missing) > 0 {
		a.say("feed %s: could not be fetched, and will be asked for again: %s", r.Feed, strings.Join(r.Missing, "; "))
	}
	if r.Personal > 0 {
		a.say("feed %s: %s about persons dropped from the answers and kept nowhere", r.Feed, plural(int(r.Personal), "value"))
	}
}

// feedStatus is how a feed stands, at the end of the newest pull.
type feedStatus struct {
	Feed string      `json:"feed"`
	Day  string      `json:"day,omitempty"` // everything up to it was taken
	Last *spool.Last `json:"last,omitempty"`
}

// feeds returns how the feeds of the configuration stand. Their upstreams are not asked.
func (in *installation) feeds() (all []feedStatus, err error) {
	feeds, err := assemble.Spools(in.c)
	if err != nil {
		return nil, err
	}
	for _, f := range feeds {
		s := feedStatus{Feed: f.Name}
		if s.Day, err = f.Spool.Day(); err != nil {
			return nil, err
		}
		last, ok, err := f.Spool.Last()
		if err != nil {
			return nil, err
		}
		if ok {
			s.Last = &last
		}
		all = append(all, s)
	}
	return all, nil
}

// showFeeds writes how feeds stand for a person, in the office's time.
func (a *app) showFeeds(all []feedStatus) {
	told := map[[2]string]string{} // the feed with which a failure and its hint were told
	for _, f := range all {
		l := f.Last
		if l == nil {
			a.say("feed %s: never asked", f.Feed)
			continue
		}
		in := func(t time.Time) string { return t.In(record.Zone()).Format("2006-01-02 15:04") }
		at, upTo := in(l.At), "nothing has come yet"
		if f.Day != "" {
			upTo = "everything up to " + f.Day + " has come"
		}
		why := [2]string{l.Error, l.Hint}
		switch {
		case l.At.IsZero():
			a.say("feed %s: %s", f.Feed, upTo)
		case l.Error != "" && told[why] != "":
			a.say("feed %s: %s; asked at %s and FAILED for the same reason as feed %s", f.Feed, upTo, at, told[why])
		case l.Error != "":
			told[why] = f.Feed
			a.say("feed %s: %s; asked at %s and FAILED: %s", f.Feed, upTo, at, l.Error)
			a.say("    hint: %s", l.Hint)
		case l.Pages == 0:
			a.say("feed %s: %s; asked at %s: nothing new", f.Feed, upTo, at)
		default:
			a.say("feed %s: %s; asked at %s: %s", f.Feed, upTo, at, plural(int(l.Items), "item"))
		}
		if !l.BrokenOff.IsZero() {
			a.say("feed %s: broken off at %s, so that what was asked for could be published; the next run goes on from there", f.Feed, in(l.BrokenOff))
		}
		a.showLeftOut(l.Report)
	}
}

// feedsFailed reports whether something of a feed could not be fetched.
func feedsFailed(all []fetched) bool {
	for _, f := range all {
		if f.err != nil || f.GaveWay || len(f.Missing) > 0 {
			return true
		}
	}
	return false
}
