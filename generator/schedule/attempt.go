package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// attempt makes one attempt of a run: it is what a worker of the queue calls, as often and
// as late as it likes.
func (r *Runner) attempt(run int64, kind string) {
	// The store is written to after the program was asked to stop, too.
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	r.mu.Lock()
	if r.stopping || r.active[run] != nil {
		r.mu.Unlock()
		return
	}
	r.active[run] = &activity{kind: kind, cancel: cancel}
	r.mu.Unlock()
	begun, told := false, false
	defer func() {
		r.mu.Lock()
		delete(r.active, run)
		if begun {
			delete(r.pushed, run)
		} else if p, ok := r.pushed[run]; ok {
			p.refused, p.waiting = p.refused+1, false
			r.pushed[run] = p
		}
		r.mu.Unlock()
		r.Wake()
	}()
	var err error
	if begun, told, err = r.hold(ctx, cancel, run, kind); err != nil {
		r.report(ctx, r.now(), err)
	}
	if told {
		r.tell()
	}
}

// tell calls Ended, without the lease and apart from the workers of the queue: what it does
// may take long, or hang, and no run is to wait for it. Attempts that end while one call goes
// on are told of together by the next.
func (r *Runner) tell() {
	if r.Ended == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.untold = true; r.telling != nil {
		return
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	r.telling = cancel
	go func() {
		defer cancel(nil)
		for r.tells(ctx) {
			r.tellOnce(ctx)
		}
		r.Wake()
	}()
}

// tellOnce calls Ended, whose panic is no end of the program.
func (r *Runner) tellOnce(ctx context.Context) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("what is done after a job broke down", "err", fmt.Sprintf("%v\n%s", p, debug.Stack()))
		}
	}()
	r.Ended(ctx)
}

// tells reports whether an attempt has ended that was not told of.
func (r *Runner) tells(ctx context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.untold || ctx.Err() != nil {
		r.telling = nil
		return false
	}
	r.untold = false
	return true
}

// hold makes an attempt while it holds the lease of the kind. kept reports whether its end
// was kept, and the runner goes on.
func (r *Runner) hold(ctx context.Context, cancel context.CancelCauseFunc, id int64, kind string) (begun, kept bool, err error) {
	lease := r.lease(kind)
	keep := context.WithoutCancel(ctx)
	// A job that comes late or twice does not take the lease of others.
	open, err := r.Store.Open(keep)
	if err != nil || !slices.ContainsFunc(open, func(run job.Run) bool { return run.ID == id && run.State != job.Running }) {
		return false, false, err
	}
	lock, free, err := lockHost(r.Folder, lease)
	if err != nil || !free {
		return false, false, err
	}
	defer lock.Close()
	now := r.now()
	fence, taken, err := r.Store.Take(keep, lease, r.Holder, now, now.Add(r.Lease))
	if err != nil || !taken {
		return false, false, err
	}
	run, begun, err := r.Store.Begin(keep, id, lease, fence, r.Holder, now)
	if err != nil || !begun {
		return false, false, errors.Join(err, r.Store.Release(keep, lease, fence))
	}
	r.Log.Info("a run begins", "run", run.ID, "kind", kind, "entry", run.Entry, "attempt", run.Attempt)
	j := r.jobs[kind]
	renewed := make(chan struct{})
	doing, done := context.WithCancel(ctx)
	go func() {
		defer close(renewed)
		r.keep(doing, cancel, lease, fence, j.Limit)
	}()
	result, doErr := do(ctx, j, run)
	cause := context.Cause(ctx)
	done()
	<-renewed
	return true, r.end(keep, r.ending(run, result, doErr, cause, lease, fence)), nil
}

// do calls the job, whose panic is an error.
func do(ctx context.Context, j Job, run job.Run) (result Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.Wrap(fmt.Errorf("%v\n%s", p, debug.Stack()), "the job broke down", "report it with the log")
		}
	}()
	if j.Do == nil {
		return result, Final(fault.New("this program has no job of the kind "+run.Kind, "use the version that has it, or leave it"))
	}
	return j.Do(ctx, run)
}

// keep renews a lease until ctx ends, and tells the job to end when the lease is lost or
// its time is up. Time that the clock skips counts as none.
func (r *Runner) keep(ctx context.Context, cancel context.CancelCauseFunc, lease string, fence int64, limit time.Duration) {
	step := r.Lease / 3
	last, passed := r.now(), time.Duration(0)
	for {
		rings, stop := r.alarm(last, last.Add(step))
		select {
		case <-rings:
		case <-ctx.Done():
		}
		stop()
		if ctx.Err() != nil {
			return
		}
		now := r.now()
		passed += min(max(now.Sub(last), 0), step)
		last = now
		if limit > 0 && passed >= limit {
			cancel(errLimit)
		}
		held, err := r.Store.Renew(context.WithoutCancel(ctx), lease, fence, now.Add(r.Lease))
		if err != nil { // on this host the lock holds all the same
			r.Log.Warn("a lease cannot be renewed", "lease", lease, "err", err)
		} else if !held {
			cancel(errLost)
			return
		}
	}
}

// How much of what a job says is kept in the journal, in bytes.
const (
	maxText   = 2000
	maxCounts = 64 << 10
)

// cut shortens a text to what the journal takes.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "…"
}

// ending says what becomes of a run.
func (r *Runner) ending(run job.Run, result Result, err, cause error, lease string, fence int64) job.Ending {
	now := r.now()
	e := job.Ending{Run: run.ID, Lease: lease, Fence: fence, At: now, Outcome: job.Success, State: job.Done, Text: result.Text, Release: result.Release}
	if result.Counts != nil {
		counts, jsonErr := json.Marshal(result.Counts)
		if jsonErr != nil {
			r.Log.Error("the counts of a run are no JSON", "run", run.ID, "err", jsonErr)
		}
		if e.Counts = counts; len(counts) > maxCounts {
			e.Counts = nil
			r.Log.Warn("the counts of a run are too long for the journal", "run", run.ID, "bytes", len(counts))
		}
	}
	e.Text = cut(e.Text)
	if err == nil {
		return e
	}
	r.mu.Lock()
	stopping := r.stopping
	r.mu.Unlock()
	// Whoever stops the program by Ctrl-C has stopped what the job has started too. A job that
	// did its work but for a part has come to its end, and says what it left out.
	_, _, code := fault.Public(err)
	if errors.Is(cause, errStopping) || stopping && code != fault.ExitPartial {
		e.Outcome, e.State, e.Ready, e.Answer = job.Interrupted, job.Queued, now, result.Answer
		e.Text, e.Hint = "the program was stopped in the middle of it", "it is begun again when the program is started"
		return e
	}
	if errors.Is(cause, errLimit) {
		err = fault.Wrap(err, fmt.Sprintf("it took longer than %s and was ended", r.jobs[run.Kind].Limit), "look at the log for what it waited for")
	}
	if HasGivenWay(err) && cause == nil {
		e.Outcome, e.State, e.Ready, e.Answer = job.Interrupted, job.Waiting, now.Add(r.pause(1)), result.Answer
		e.Text, e.Hint = explain(err)
		e.Text, e.Hint = cut(e.Text), cut(e.Hint)
		return e
	}
	r.Log.Error("a run failed", "run", run.ID, "kind", run.Kind, "attempt", run.Attempt, "err", err)
	e.Outcome, e.Answer = job.Failure, result.Answer
	e.Text, e.Hint = explain(err)
	e.Text, e.Hint = cut(e.Text), cut(e.Hint)
	failures := run.Failures + 1
	if final := (*finalError)(nil); failures >= r.options.Tries || errors.As(err, &final) {
		e.State = job.Failed
		return e
	}
	e.State, e.Ready = job.Waiting, now.Add(r.pause(failures))
	return e
}

// end keeps how an attempt ended. While the store cannot be written, the lease is held and
// it is tried again; at a stop it is given up, and the run is begun again at the next
// start. It reports whether the end was kept, and the runner goes on.
func (r *Runner) end(ctx context.Context, e job.Ending) bool {
	for {
		kept, err := r.Store.End(ctx, e)
		if err == nil && !kept {
			r.Log.Error("a run ended after its lease was lost; it is somebody else's now", "run", e.Run)
		}
		r.mu.Lock()
		stopping := r.stopping
		r.mu.Unlock()
		if err == nil || stopping {
			return err == nil && !stopping
		}
		now := r.now()
		r.report(ctx, now, err)
		rings, stop := r.alarm(now, now.Add(r.look()))
		select {
		case <-rings:
		case <-r.halt:
		}
		stop()
	}
}
