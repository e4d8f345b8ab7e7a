package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// clock is a clock that the test sets. Every call of Alarm is an event: the loop has come
// to its end, or a lease is watched.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	alarms map[chan struct{}]time.Time
	events chan struct{}
	before func(alarm time.Time) // nil, or what happens before an alarm is there
}

func newClock(at time.Time) *clock {
	return &clock{now: at, alarms: map[chan struct{}]time.Time{}, events: make(chan struct{}, 1)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Alarm(t time.Time) (<-chan struct{}, func()) {
	if c.before != nil {
		c.before(t)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	rings := make(chan struct{})
	if !t.IsZero() && !t.After(c.now) {
		close(rings)
	} else {
		c.alarms[rings] = t
	}
	c.event()
	return rings, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.alarms, rings)
	}
}

func (c *clock) event() {
	select {
	case c.events <- struct{}{}:
	default:
	}
}

// set puts the clock to a time, as a person would: all that waits for it is woken.
func (c *clock) set(t time.Time) { c.move(t, true) }

// pass lets time pass.
func (c *clock) pass(d time.Duration) { c.move(c.Now().Add(d), false) }

func (c *clock) move(t time.Time, all bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
	for rings, at := range c.alarms {
		if all || !at.IsZero() && !at.After(t) {
			close(rings)
			delete(c.alarms, rings)
		}
	}
	c.event()
}

// next returns the soonest time for which an alarm is set.
func (c *clock) next() (soonest time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, at := range c.alarms {
		if soonest.IsZero() || !at.IsZero() && at.Before(soonest) {
			soonest = at
		}
	}
	return soonest
}

// town is a folder with a timetable and one runner after the other.
type town struct {
	t       testing.TB
	dir     string
	clock   *clock
	kept    *store.Schedule
	store   schedule.Store // kept, or one that fails around it
	options schedule.Options
	jobs    []schedule.Job
	lease   time.Duration
	gather  time.Duration
	random  float64
	ends    func(context.Context)
	runner  *schedule.Runner
	cancel  context.CancelFunc
	ended   chan error
	n       int
}

// shanghai is a Saturday noon.
func shanghai(t testing.TB) time.Time {
	return time.Date(2026, 11, 28, 12, 0, 0, 0, zone(t, "Asia/Shanghai"))
}

func newTown(t testing.TB, entries ...schedule.Entry) *town {
	t.Helper()
	dir := t.TempDir()
	kept, err := store.OpenSchedule(filepath.Join(dir, "schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	o := schedule.Defaults()
	o.Entries = entries
	o.Grace = schedule.Duration(47 * time.Second) // as long as nothing else: see untilGrace
	return &town{t: t, dir: dir, clock: newClock(shanghai(t)), kept: kept, store: kept, options: o, lease: time.Minute, random: 0.5}
}

func (w *town) parts() schedule.Parts {
	w.n++
	return schedule.Parts{Folder: w.dir, Store: w.store, Jobs: w.jobs, Clock: w.clock, Lease: w.lease, Gather: w.gather,
		Ended: w.ends, Random: func() float64 { return w.random }, Holder: job.Holder{Host: "here", ID: fmt.Sprint("runner-", w.n)}}
}

// start starts a runner, which the end of the test stops.
func (w *town) start() {
	w.t.Helper()
	r, err := schedule.New(w.options, w.parts())
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	w.runner, w.cancel, w.ended = r, cancel, make(chan error, 1)
	ended := w.ended
	go func() { ended <- r.Run(ctx) }()
	w.t.Cleanup(func() {
		cancel()
		for late := time.After(patience); ; {
			select {
			case err := <-ended:
				if err != nil {
					w.t.Errorf("the runner ended with %v", err)
				}
				ended <- nil
				return
			case <-w.clock.events:
				if w.t.Failed() { // a job may be in the way
					w.clock.pass(time.Hour)
				}
			case <-late:
				w.t.Error("the runner does not stop")
				return
			}
		}
	})
}

// atRest waits until each runner that was started, of which none has stopped, has looked for
// what is to be done, has found nothing, and waits to be woken.
func (w *town) atRest() {
	w.t.Helper()
	w.until("rest", func() bool {
		w.clock.mu.Lock()
		defer w.clock.mu.Unlock()
		return len(w.clock.alarms) == w.n
	})
}

func (w *town) stop() {
	w.t.Helper()
	w.cancel()
	if err := wait(w.t, w.ended, "the runner to stop"); err != nil {
		w.t.Fatal(err)
	}
	w.ended <- nil
}

// Nothing takes so long; it is how a test that hangs fails.
const patience = 2 * time.Minute

func wait[T any](t testing.TB, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("waited in vain for %s", what)
		panic("not reached")
	}
}

// until waits until a condition holds, asking again whenever something has happened.
func (w *town) until(what string, holds func() bool) {
	w.t.Helper()
	for !holds() {
		wait(w.t, w.clock.events, what+"; journal:\n"+w.journal())
	}
}

// journal is the journal in lines, the oldest first, with the zone's times.
func (w *town) journal() string {
	all, err := w.kept.Attempts(context.Background(), job.Filter{Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	var b strings.Builder
	for i := len(all) - 1; i >= 0; i-- {
		a := all[i]
		fmt.Fprintf(&b, "%s %s", a.Started.In(zone(w.t, "Asia/Shanghai")).Format("01-02 15:04"), strings.TrimSpace(a.Kind+" "+a.Entry))
		if a.Attempt > 0 {
			fmt.Fprintf(&b, " #%d", a.Attempt)
		}
		if a.Missed > 0 {
			fmt.Fprintf(&b, " +%d", a.Missed)
		}
		fmt.Fprintf(&b, " %s", a.Outcome)
		if a.Final && a.Outcome != job.Success && a.Outcome != job.Notice {
			b.WriteString(" for good")
		}
		if a.Text != "" {
			fmt.Fprintf(&b, ": %s", a.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// dies has another program ask for a run, begin it, and die.
func (w *town) dies(kind, id string) {
	w.t.Helper()
	ctx, now, dead := context.Background(), w.clock.Now(), job.Holder{Host: "here", ID: "dead"}
	if _, _, err := w.kept.Request(ctx, job.Request{ID: id, Kind: kind, At: now}); err != nil {
		w.t.Fatal(err)
	}
	fence, taken, err := w.kept.Take(ctx, kind, dead, now, now.Add(time.Minute))
	if err != nil || !taken {
		w.t.Fatal(taken, err)
	}
	if _, begun, err := w.kept.Begin(ctx, 1, kind, fence, dead, now); err != nil || !begun {
		w.t.Fatal(begun, err)
	}
}

// idle reports whether nothing is to be done and nothing goes on.
func (w *town) idle() bool {
	open, err := w.kept.Open(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return len(open) == 0
}

// done makes a job that does nothing but say so.
func done(text string) func(context.Context, job.Run) (schedule.Result, error) {
	return func(context.Context, job.Run) (schedule.Result, error) { return schedule.Result{Text: text}, nil }
}

var errMade = errors.New("made up, with 13812345678 in it")

func (w *town) expect(want string) {
	w.t.Helper()
	if got := w.journal(); got != want {
		w.t.Errorf("journal:\n%s\nwant:\n%s", got, want)
	}
}
