package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// pass does all that is to be done now and returns when to look again, unless something
// happens before: the zero time is never. What it does not come to because of an error it
// comes to in the next pass.
func (r *Runner) pass(ctx context.Context, now time.Time) (next time.Time, err error) {
	// First of all: the queue dates what it holds by the clock of the machine, and after a
	// jump of the clock what is given to it now would look old.
	pruneErr := r.prune(ctx, now)
	next, fireErr := r.fire(ctx, now)
	again, startErr := r.start(ctx, now)
	return soonest(next, again), errors.Join(fireErr, startErr, pruneErr)
}

// fire claims what is due by the timetable and returns when the next entry is.
func (r *Runner) fire(ctx context.Context, now time.Time) (next time.Time, err error) {
	if len(r.table.entries) == 0 {
		return next, nil
	}
	fired, err := r.Store.Fired(ctx)
	if err != nil {
		return next, err
	}
	ahead := ""
	for i, e := range r.table.entries {
		last, known := fired[e.Name]
		switch {
		case !known: // new in the timetable: what was before it is not missed
			if _, err := r.Store.Rebase(ctx, e.Name, time.Time{}, now); err != nil {
				return next, err
			}
			last = now
		case last.Sub(now) > maxBack:
			done, err := r.Store.Rebase(ctx, e.Name, last, now)
			if err != nil {
				return next, err
			}
			if done {
				text := fmt.Sprintf("the clock shows %s, and the entry %s had fired for %s: one of the two is wrong, and the entry begins anew from now on", r.shown(now), e.Name, r.shown(last))
				if err := r.note(ctx, now, e.Name, text, "check the clock of the machine"); err != nil {
					return next, err
				}
			}
			last = now
		case last.After(now):
			ahead = fmt.Sprintf("the clock was set back: it shows %s, and the entry %s has fired for %s; nothing fires again for times that it has fired for", r.shown(now), e.Name, r.shown(last))
		}
		if due, count, ok := r.table.times[i].Last(last, now, 1000); ok {
			f := job.Firing{Entry: e.Name, Kind: e.Kind, Args: e.Args, Due: due, Missed: count - 1, Now: now}
			if _, err := r.Store.Fire(ctx, f); err != nil {
				return next, err
			}
			last = due
		}
		next = soonest(next, r.table.times[i].Next(later(last, now)))
	}
	if ahead != "" && !r.ahead {
		if err := r.note(ctx, now, "", ahead, "check the clock of the machine"); err != nil {
			return next, err
		}
	}
	r.ahead = ahead != ""
	return next, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// shown is a time as the office reads it.
func (r *Runner) shown(t time.Time) string { return t.In(r.table.zone).Format("2006-01-02 15:04") }

// start gives the queue what is ready, one run a lease, and ends what died. It returns
// when something of that is to be looked at again.
func (r *Runner) start(ctx context.Context, now time.Time) (next time.Time, err error) {
	open, err := r.Store.Open(ctx)
	if err != nil {
		return next, err
	}
	busy := map[string]bool{} // leases
	live := map[int64]bool{}
	for _, run := range open {
		live[run.ID] = true
		if run.State != job.Running {
			continue
		}
		busy[run.Lease] = true
		if r.begun(run.ID) {
			continue
		}
		dead, err := r.bury(ctx, run, now)
		if err != nil {
			return next, err
		}
		if dead {
			r.Wake() // for its next attempt
			r.tell()
		} else {
			next = soonest(next, now.Add(r.look()))
		}
	}
	r.mu.Lock()
	for id := range r.pushed {
		if !live[id] {
			delete(r.pushed, id)
		}
	}
	r.mu.Unlock()
	gathering := map[string]job.Run{} // by lease
	var due []job.Run
	for _, run := range open {
		lease := r.lease(run.Kind)
		if run.State == job.Running || busy[lease] {
			continue
		}
		// A time further ahead than the pause can be was set by another clock.
		if wait := run.Ready.Sub(now); run.State == job.Waiting && wait > 0 && wait <= r.span(run.Failures)*6/5 {
			next = soonest(next, run.Ready)
			continue
		}
		gathers, err := r.gathers(ctx, run, now)
		if err != nil {
			return next, err
		}
		if gathers > 0 {
			if _, ok := gathering[lease]; !ok {
				gathering[lease] = run
			}
			next = soonest(next, now.Add(gathers))
			continue
		}
		due = append(due, run)
	}
	for _, run := range due {
		lease := r.lease(run.Kind)
		if busy[lease] {
			continue
		}
		// What gathers would else wait for what is ready only since, be it an older run. One of
		// its own kind takes its requests.
		if before, ok := gathering[lease]; ok && before.Kind != run.Kind && !before.Ready.After(run.Ready) {
			run = before
		}
		busy[lease] = true
		again, err := r.push(ctx, run, now)
		if err != nil {
			return next, err
		}
		next = soonest(next, again)
	}
	return next, r.rest()
}

// After a run that was requested, those that are requested within gatherWithin wait until it
// has been quiet for a while, and no longer than gatherMost: so that a thousand requests one
// after the other are two runs, also where a run takes less time than they do, or fails.
const (
	gatherWithin = time.Minute
	gatherMost   = 30 * time.Second
)

// gathers returns how long a run waits for further requests that it is to answer. One that
// has failed does too: a request has it not wait for its time, and each of many would else be
// a try. One that was cut off in the middle has waited.
func (r *Runner) gathers(ctx context.Context, run job.Run, now time.Time) (wait time.Duration, err error) {
	if r.Gather == 0 || run.Entry != "" || run.State == job.Queued && run.Attempt > 0 {
		return 0, nil
	}
	begun, oldest, newest, err := r.Store.Asked(ctx, run.Kind)
	if since := now.Sub(begun); err != nil || begun.IsZero() || newest.IsZero() || since < 0 || since >= gatherWithin {
		return 0, err
	}
	until := newest.Add(r.Gather)
	if most := oldest.Add(gatherMost); most.Before(until) {
		until = most
	}
	// A time ahead is of a clock that was set back since.
	return min(max(until.Sub(now), 0), r.Gather), nil
}

// begun forgets that a run was given to the queue, and reports whether a worker here is at
// it.
func (r *Runner) begun(run int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.pushed, run)
	return r.active[run] != nil
}

// push gives a run to the queue, unless it was given a moment ago, and returns when it
// should have begun.
func (r *Runner) push(ctx context.Context, run job.Run, now time.Time) (again time.Time, err error) {
	r.mu.Lock()
	was, before := r.pushed[run.ID]
	active := r.active[run.ID] != nil
	r.mu.Unlock()
	if active {
		return again, nil
	}
	since := now.Sub(was.at)
	recent := before && since >= 0 && since < r.look()
	if recent && (was.waiting || was.refused > refusals) {
		return was.at.Add(r.look()), nil
	}
	if !recent {
		was.refused = 0
		if before && was.waiting {
			r.Log.Warn("the queue has not begun a run in time; it is given to it again", "run", run.ID, "kind", run.Kind)
		}
	}
	r.mu.Lock()
	r.pushed[run.ID] = push{at: now, refused: was.refused, waiting: true}
	r.mu.Unlock()
	if err := r.queue.push(ctx, run.ID, run.Kind); err != nil {
		r.mu.Lock()
		delete(r.pushed, run.ID)
		r.mu.Unlock()
		return again, err
	}
	return now.Add(r.look()), nil
}

// rest lets the queue rest when nothing goes on and nothing is about to begin.
func (r *Runner) rest() error {
	if !r.resting() {
		return nil
	}
	return r.queue.rest()
}

// resting reports whether nothing goes on and nothing is about to begin.
func (r *Runner) resting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	quiet := len(r.active) == 0
	for _, p := range r.pushed {
		quiet = quiet && !p.waiting
	}
	return quiet
}

// bury ends an attempt whose holder is dead, and reports whether it was.
func (r *Runner) bury(ctx context.Context, run job.Run, now time.Time) (dead bool, err error) {
	lock, free, err := lockHost(r.Folder, run.Lease)
	if err != nil || !free {
		return false, err
	}
	defer lock.Close()
	fence, taken, err := r.Store.Take(ctx, run.Lease, r.Holder, now, now.Add(r.Lease))
	if err != nil || !taken {
		return false, err
	}
	e := job.Ending{Run: run.ID, Lease: run.Lease, Fence: fence, At: now, Outcome: job.Died, State: job.Queued, Ready: now,
		Text: "the program ended in the middle of it", Hint: "it is begun again by itself; if it ends again, look at the log of the system"}
	switch failures := run.Failures + 1; {
	case failures >= r.options.Tries:
		e.State, e.Hint = job.Failed, "look at the log of the system, and ask for it again"
		e.Text = fmt.Sprintf("the program ended in the middle of it, and it is not tried again after attempt %d", run.Attempt)
	case run.Died > 0: // the first time, at once
		e.State, e.Ready = job.Waiting, now.Add(r.pause(failures))
	}
	ended, err := r.Store.End(ctx, e)
	if err == nil && !ended {
		err = r.Store.Release(ctx, run.Lease, fence)
	}
	if ended {
		r.Log.Warn("a run whose program ended is taken over", "run", run.ID, "kind", run.Kind, "attempt", run.Attempt)
	}
	return ended, err
}

// pause is how long a run waits after so many failures: the span, give or take a fifth.
func (r *Runner) pause(failures int) time.Duration {
	return time.Duration(float64(r.span(failures)) * (0.8 + 0.4*r.Random()))
}

func (r *Runner) span(failures int) time.Duration {
	p, longest := time.Duration(r.options.Pause), time.Duration(r.options.Longest)
	for range failures - 1 {
		if p = 4 * p; p >= longest {
			p = longest
			break
		}
	}
	return p
}

// prune removes what is old, once a day and never for its own sake.
func (r *Runner) prune(ctx context.Context, now time.Time) error {
	day := now.Format(time.DateOnly)
	if day == r.pruned {
		return nil
	}
	before := now.AddDate(0, 0, -r.options.Keep)
	if _, err := r.Store.Prune(ctx, before, keepLines); err != nil {
		return err
	}
	r.pruned = day
	return r.queue.prune(ctx, now.AddDate(0, 0, -7))
}

// explain is the error of a job for the office.
func explain(err error) (msg, hint string) {
	if known := (*fault.Error)(nil); !errors.As(err, &known) {
		return "the job failed for a reason that it does not know", "look at the log; if it fails again, report it with the log"
	}
	msg, hint, _ = fault.Public(err)
	return msg, hint
}
