package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// Clock is the clock on the wall.
type Clock interface {
	Now() time.Time
	// Alarm returns a channel that is closed when the clock shows t, and when it was set;
	// it may be closed at other times too. A zero t never comes. stop ends the waiting and
	// may be called more than once.
	Alarm(t time.Time) (rings <-chan struct{}, stop func())
}

// Firings remembers when entries fired.
type Firings interface {
	// Fired returns when each entry that is known last fired.
	Fired(ctx context.Context) (map[string]time.Time, error)
	// Rebase sets that time, if it still is from; zero is that of an unknown entry.
	Rebase(ctx context.Context, entry string, from, to time.Time) (bool, error)
	// Fire claims a firing and queues its run, unless it or a later one was claimed before.
	Fire(ctx context.Context, f job.Firing) (bool, error)
}

// Leases keeps runs apart.
type Leases interface {
	// Take gives a lease to a holder, unless somebody else has it whose time is not over
	// and who is not on the same host.
	Take(ctx context.Context, name string, h job.Holder, now, until time.Time) (fence int64, taken bool, err error)
	Renew(ctx context.Context, name string, fence int64, until time.Time) (held bool, err error)
	Release(ctx context.Context, name string, fence int64) error
}

// Runs keeps what is to be done. Begin and End report false, and change nothing, when the
// lease is not the caller's.
type Runs interface {
	// Open returns the runs that have not ended, the oldest first.
	Open(ctx context.Context) ([]job.Run, error)
	Begin(ctx context.Context, run int64, lease string, fence int64, h job.Holder, at time.Time) (job.Run, bool, error)
	End(ctx context.Context, e job.Ending) (bool, error)
}

// Requests keeps what was asked for.
type Requests interface {
	// Request keeps a request, and sees that there is a run to come that takes it.
	Request(ctx context.Context, q job.Request) (kept job.Request, fresh bool, err error)
	Requested(ctx context.Context, id string) (job.Request, bool, error)
	Pending(ctx context.Context, limit int) ([]job.Request, error)
	Answered(ctx context.Context, limit int) ([]job.Request, error)
	// Asked returns when the newest run of a kind that was requested began, and when the
	// oldest and the newest of its requests that wait were made; zero where there is none.
	Asked(ctx context.Context, kind string) (begun, oldest, newest time.Time, err error)
}

// Journal keeps what was done.
type Journal interface {
	Attempts(ctx context.Context, f job.Filter) ([]job.Attempt, error)
	Note(ctx context.Context, a job.Attempt) error
	Prune(ctx context.Context, before time.Time, keep int) (int64, error)
}

// Store is all that a runner has remembered for it.
type Store interface {
	Firings
	Leases
	Runs
	Requests
	Journal
}

// Job does the runs of one kind.
type Job struct {
	Kind string
	// Lease is the name under which its runs are kept apart. Jobs with the same one never
	// run at the same time. Empty: the kind.
	Lease string
	// Limit is how long a run may take. Zero: as long as it likes.
	Limit time.Duration
	// Do does a run. It is done at least once: it may be begun again after it was cut off
	// at any point. When ctx ends it returns soon, and is begun again later. The public
	// text of its error is what the office reads.
	Do func(ctx context.Context, run job.Run) (Result, error)
}

// Result is what a run did. It may be filled in part beside an error.
type Result struct {
	Text    string // in words for the office
	Counts  any    // what came, what was refused, what changed: to be kept as a JSON object
	Release int64  // the release that answers the requests of the run

	// Answer names the requests that Release answers also where the run is not done: they are
	// done, and it is tried again without them.
	Answer []string
}

// Final marks an error that another try will not mend: the run has failed for good.
func Final(err error) error { return &finalError{err} }

type finalError struct{ err error }

func (e *finalError) Error() string { return e.err.Error() }
func (e *finalError) Unwrap() error { return e.err }

// GaveWay marks an error of a run that has made room for others: it goes on after the first
// pause, and has not failed.
func GaveWay(err error) error { return &gaveWayError{err} }

// HasGivenWay reports whether an error was marked by [GaveWay].
func HasGivenWay(err error) bool { return errors.As(err, new(*gaveWayError)) }

type gaveWayError struct{ err error }

func (e *gaveWayError) Error() string { return e.err.Error() }
func (e *gaveWayError) Unwrap() error { return e.err }

// Parts are what a runner needs from outside.
type Parts struct {
	Folder string // of the queue, the locks and the wake-up file; made when it is missing
	Store  Store
	Jobs   []Job
	Clock  Clock
	Random func() float64 // from 0 to less than 1; spreads the pauses
	Holder job.Holder     // a name that no other runner has, and the host's
	Lease  time.Duration  // for how long a lease is taken; zero: one minute
	Gather time.Duration  // how long it is quiet before requests that follow a run are answered; zero: none
	Log    *slog.Logger   // nil: none

	// Ended is called when the end of an attempt has been kept and its lease was given
	// back, from one goroutine at a time; where it takes long one call is for several attempts.
	// No run waits for it. A stop does, and ends its context after the grace time. nil: nothing
	// is.
	Ended func(ctx context.Context)

	// Rest is called, from the goroutine of Run, when nothing goes on and the next firing is
	// waited for: memory that is not needed until then can be given back. nil: nothing is.
	Rest func()
}

// Runner fires the timetable and does what is due.
type Runner struct {
	Parts
	options Options
	table   *Timetable
	jobs    map[string]Job
	queue   *queue
	poke    chan struct{} // there may be something to do
	halt    chan struct{} // closed at a stop

	mu       sync.Mutex
	active   map[int64]*activity     // runs that a worker is at
	pushed   map[int64]push          // runs that were given to the queue
	telling  context.CancelCauseFunc // ends the call of Ended that goes on; nil: none does
	untold   bool                    // an attempt has ended since it was begun
	stopping bool
	trouble  error

	// Of the loop alone.
	ahead  bool   // it was noted that the clock is behind what has fired
	pruned string // day of the last pruning
	watch  bool   // wake-ups of other programs come through
}

type activity struct {
	kind   string
	cancel context.CancelCauseFunc
}

type push struct {
	at      time.Time
	refused int  // how often a worker came and found the lease taken
	waiting bool // no worker has come since
}

// How often a run is given to the queue again at once when its lease was taken. Another
// runner has it for a moment only, unless the run goes on, which is then seen.
const refusals = 5

var (
	errStopping = errors.New("schedule: the program is stopping")
	errLost     = errors.New("schedule: the lease was lost")
	errLimit    = errors.New("schedule: the run took too long")
)

// The kind of notices of the timetable itself.
const noticeKind = "timetable"

// How far the clock may be behind what has fired before that counts as another time.
const maxBack = 48 * time.Hour

// The newest lines of the journal that are kept however old they are.
const keepLines = 200

// New returns a runner. Nothing is done before [Runner.Run].
func New(o Options, p Parts) (*Runner, error) {
	if p.Store == nil || p.Clock == nil || p.Random == nil || p.Holder.ID == "" || p.Folder == "" {
		return nil, errors.New("schedule: a store, a clock, a source of random numbers, a holder and a folder are needed")
	}
	if p.Lease == 0 {
		p.Lease = time.Minute
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	r := &Runner{Parts: p, options: o, jobs: map[string]Job{}, poke: make(chan struct{}, 1), halt: make(chan struct{}), active: map[int64]*activity{}, pushed: map[int64]push{}}
	var kinds []string
	for _, j := range p.Jobs {
		if j.Lease == "" {
			j.Lease = j.Kind
		}
		if !name.MatchString(j.Kind) || !name.MatchString(j.Lease) || j.Do == nil || r.jobs[j.Kind].Do != nil {
			return nil, fmt.Errorf("schedule: job %q is not one of its own with a name and something to do", j.Kind)
		}
		r.jobs[j.Kind] = j
		kinds = append(kinds, j.Kind)
	}
	if err := o.Check(kinds...); err != nil {
		return nil, err
	}
	var err error
	if r.table, err = o.Timetable(); err != nil {
		return nil, err
	}
	r.queue = &queue{path: filepath.Join(p.Folder, "jobs.db"), workers: len(r.jobs) + 1, id: p.Holder.Host + "/" + p.Holder.ID, log: p.Log, work: r.attempt, stopped: r.Wake}
	return r, nil
}

// lease returns the name of the lease of a kind, which may be one that has no job.
func (r *Runner) lease(kind string) string {
	if j, ok := r.jobs[kind]; ok {
		return j.Lease
	}
	return kind
}

func (r *Runner) now() time.Time { return r.Clock.Now().Round(0) } // the wall's, not that since the start

// look is how often a run is looked at that another holder is at, or that a worker should
// have begun.
func (r *Runner) look() time.Duration { return r.Lease / 2 }

// alarm is that of the clock, for who has looked at it at now. One that was set back since, and
// before the alarm was there, rings at once: the alarm does not know of that, and would be as
// much later.
func (r *Runner) alarm(now, t time.Time) (rings <-chan struct{}, stop func()) {
	rings, stop = r.Clock.Alarm(t)
	if r.now().Before(now) {
		rung := make(chan struct{})
		close(rung)
		return rung, stop
	}
	return rings, stop
}

// Wake lets the runner look for something to do.
func (r *Runner) Wake() {
	select {
	case r.poke <- struct{}{}:
	default:
	}
}

// Trouble returns what keeps the runner from its work at present, or nil.
func (r *Runner) Trouble() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.trouble
}

// Request keeps a request and wakes the runner, and those of other programs, which do what is
// asked for when this one ends before. The store's Request and [Wake] do the same from another
// program.
func (r *Runner) Request(ctx context.Context, q job.Request) (job.Request, bool, error) {
	kept, fresh, err := r.Store.Request(ctx, q)
	r.Wake()
	if fresh {
		if err := Wake(r.Folder); err != nil { // the request is kept, and this one sees to it
			r.Log.Warn("other programs do not know of a request", "err", err)
		}
	}
	return kept, fresh, err
}

// Run works until ctx ends, and then stops; it is called once. Runs that go on are given the
// grace time, are then told to end, and are taken up again at the next start. It returns an
// error when one of them does not end in the same time again; the program has to exit then.
func (r *Runner) Run(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(r.Folder, lockFolder), 0o700); err != nil {
		return fault.Wrap(err, "the folder "+r.Folder+" cannot be made", "check its rights, and whether the disk is full")
	}
	unwatch, err := watch(r.Folder, r.Wake)
	if r.watch = err == nil; err != nil {
		r.Log.Warn("other programs cannot wake this one; it looks once a minute", "err", err)
	}
	defer unwatch()
	for ctx.Err() == nil {
		now := r.now()
		next, err := r.pass(ctx, now)
		r.report(ctx, now, err)
		if err != nil || r.Trouble() != nil {
			next = soonest(next, now.Add(r.look()))
		}
		if !r.watch {
			next = soonest(next, now.Add(time.Minute))
		}
		if r.Rest != nil && r.resting() {
			r.Rest()
		}
		rings, stop := r.alarm(now, next)
		select {
		case <-rings:
		case <-r.poke:
		case <-ctx.Done():
		}
		stop()
	}
	return r.stop()
}

// soonest returns the earlier of two times, of which a zero one never comes.
func soonest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// report remembers what is wrong. It is over when it is noted in the journal that it was.
func (r *Runner) report(ctx context.Context, now time.Time, err error) {
	if ctx.Err() != nil {
		return
	}
	r.mu.Lock()
	before := r.trouble
	if err != nil {
		r.trouble = err
	}
	r.mu.Unlock()
	msg := func(err error) string { m, _, _ := fault.Public(err); return m }
	if err != nil && (before == nil || msg(before) != msg(err)) {
		r.Log.Error("the timetable is held up", "err", err)
	}
	if err != nil || before == nil {
		return
	}
	m, hint, _ := fault.Public(before)
	if r.note(ctx, now, "", "the timetable was held up and goes on: "+m, hint) != nil {
		return // it is tried after the next pass
	}
	r.mu.Lock()
	if errors.Is(r.trouble, before) { // and nothing else since
		r.trouble = nil
	}
	r.mu.Unlock()
}

func (r *Runner) note(ctx context.Context, now time.Time, entry, text, hint string) error {
	r.Log.Warn(text, "entry", entry)
	return r.Store.Note(ctx, job.Attempt{Entry: entry, Kind: noticeKind, Started: now, Ended: now, Outcome: job.Notice, Text: text, Hint: hint})
}

// stop ends what goes on.
func (r *Runner) stop() error {
	r.mu.Lock()
	r.stopping = true
	close(r.halt)
	r.mu.Unlock()
	r.waitActive(time.Duration(r.options.Grace))
	r.mu.Lock()
	for _, a := range r.active {
		a.cancel(errStopping)
	}
	if r.telling != nil {
		r.telling(errStopping)
	}
	r.mu.Unlock()
	if going := r.waitActive(time.Duration(r.options.Grace)); len(going) > 0 {
		return fault.New(going[0]+" does not end", "the program exits in the middle of it; a job is begun again at the next start")
	}
	now := r.now()
	tooLong, done := r.alarm(now, now.Add(time.Duration(r.options.Grace)))
	defer done()
	return r.queue.close(tooLong)
}

// waitActive waits until no run goes on and nothing is told, or a time is over, and returns
// what goes on then, runs first, in words for the office. A clock that is set back does not
// make the time longer.
func (r *Runner) waitActive(left time.Duration) (going []string) {
	last := r.now()
	for {
		rings, stop := r.alarm(last, last.Add(left))
		r.mu.Lock()
		going = going[:0]
		for _, a := range r.active {
			going = append(going, "a job of the kind "+a.kind)
		}
		if r.telling != nil {
			going = append(going, "what is done after a job")
		}
		r.mu.Unlock()
		if len(going) == 0 || left <= 0 {
			stop()
			return going
		}
		select {
		case <-rings:
		case <-r.poke:
		}
		stop()
		now := r.now()
		left, last = left-max(now.Sub(last), 0), now
	}
}
