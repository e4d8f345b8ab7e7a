package schedule_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// A stop waits for the grace time, then tells the job to end, and the next start goes on.
func TestStops(t *testing.T) {
	w := newTown(t)
	var told atomic.Bool
	begun := w.firstTry(func(ctx context.Context) (schedule.Result, error) {
		<-ctx.Done()
		told.Store(true)
		return schedule.Result{Counts: map[string]int{"pages": 7}}, ctx.Err()
	})
	w.stopInTheMiddle(begun)
	if told.Load() {
		t.Error("the job was told to end before the grace time was over")
	}
	w.clock.pass(time.Duration(w.options.Grace))
	w.stop()
	w.goesOn(begun)
}

// A clock that is set back meanwhile does not make the grace time longer.
func TestStopsWhileTheClockIsSetBack(t *testing.T) {
	w := newTown(t)
	begun := w.firstTry(func(ctx context.Context) (schedule.Result, error) {
		<-ctx.Done()
		return schedule.Result{}, ctx.Err()
	})
	w.stopInTheMiddle(begun)
	w.clock.set(w.clock.Now().Add(-24 * time.Hour))
	w.untilGrace()
	w.clock.pass(time.Duration(w.options.Grace))
	w.stop()
	w.expect("11-28 12:00 publish #1 interrupted: the program was stopped in the middle of it\n")
}

// A job that fails while the program stops, because what it has started was stopped with it,
// counts as interrupted, and the next start goes on.
func TestStopsTogether(t *testing.T) {
	w := newTown(t)
	broken := make(chan bool)
	begun := w.firstTry(func(context.Context) (schedule.Result, error) {
		<-broken
		return schedule.Result{}, errMade
	})
	w.stopInTheMiddle(begun)
	close(broken)
	w.stop()
	w.goesOn(begun)
}

// What a job had answered when it was told to end is answered, and the next start does the rest.
func TestStopsAfterAnAnswer(t *testing.T) {
	w := newTown(t)
	begun := w.firstTry(func(ctx context.Context) (schedule.Result, error) {
		<-ctx.Done()
		return schedule.Result{Release: 7, Answer: []string{"a"}}, ctx.Err()
	})
	w.stopInTheMiddle(begun)
	w.clock.pass(time.Duration(w.options.Grace))
	w.stop()
	if q, _, err := w.kept.Requested(t.Context(), "a"); err != nil || q.State != job.Done || q.Release != 7 || q.Reason != "the program was stopped in the middle of it" {
		t.Errorf("%+v, %v", q, err)
	}
	w.start()
	wait(t, begun, "the job again")
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 interrupted: the program was stopped in the middle of it\n11-28 12:00 publish #2 success: 0 requests\n")
}

// A job that comes to its end while the program stops, but for a part, was not interrupted:
// what it left out stands in the journal, and it is tried again.
func TestStopsAtTheEnd(t *testing.T) {
	w := newTown(t)
	ended := make(chan bool)
	begun := w.firstTry(func(context.Context) (schedule.Result, error) {
		<-ended
		return schedule.Result{}, fault.Coded(fault.ExitPartial, "release 2 is published; feed cases does not answer", "ask whoever runs it", errMade)
	})
	w.stopInTheMiddle(begun)
	close(ended)
	w.stop()
	w.expect("11-28 12:00 publish #1 failure: release 2 is published; feed cases does not answer\n")
}

// firstTry sets the job to one whose first attempt does this, and whose others do what was
// asked for. What it returns tells of each that has begun.
func (w *town) firstTry(do func(context.Context) (schedule.Result, error)) (begun chan bool) {
	begun = make(chan bool, 1)
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(ctx context.Context, r job.Run) (schedule.Result, error) {
		begun <- true
		if r.Attempt > 1 {
			return schedule.Result{Text: fmt.Sprint(len(r.Requests), " requests")}, nil
		}
		return do(ctx)
	}}}
	return begun
}

// stopInTheMiddle starts the runner, and tells it to stop when the job has begun.
func (w *town) stopInTheMiddle(begun chan bool) {
	w.t.Helper()
	w.start()
	ask(w.t, w, "a")
	wait(w.t, begun, "the job")
	w.cancel()
	w.untilGrace()
}

// goesOn starts the runner again, which does what was interrupted.
func (w *town) goesOn(begun chan bool) {
	w.t.Helper()
	w.start()
	wait(w.t, begun, "the job again")
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 interrupted: the program was stopped in the middle of it\n11-28 12:00 publish #2 success: 1 requests\n")
}

// untilGrace waits until the runner that was told to stop counts the grace time, which it
// tells by the alarm: no other is set for so long.
func (w *town) untilGrace() {
	w.until("the grace time", func() bool {
		w.clock.mu.Lock()
		defer w.clock.mu.Unlock()
		for _, at := range w.clock.alarms {
			if at.Equal(w.clock.now.Add(time.Duration(w.options.Grace))) {
				return true
			}
		}
		return false
	})
}

// What is told of the ends of attempts may hang: runs go on, however many they are, and a
// stop ends it.
func TestToldLate(t *testing.T) {
	w := newTown(t)
	telling, calls := make(chan bool, 1), 0
	w.ends = func(ctx context.Context) {
		calls++
		telling <- true
		<-ctx.Done()
	}
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(context.Context, job.Run) (schedule.Result, error) {
		return schedule.Result{Release: 1}, nil
	}}}
	w.start()
	for i := range 20 {
		ask(t, w, fmt.Sprint(i))
		w.until("the end of a run", w.idle)
	}
	wait(t, telling, "the call")
	w.cancel()
	w.untilGrace()
	w.clock.pass(time.Duration(w.options.Grace))
	w.stop()
	if calls != 1 {
		t.Errorf("%d calls at a time", calls)
	}
}

// What is told breaks down: the runner goes on, and the end of the next run is told.
func TestTellingBreaksDown(t *testing.T) {
	w := newTown(t)
	told := make(chan bool, 2)
	w.ends = func(context.Context) {
		told <- true
		panic("made up")
	}
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	w.start()
	for _, id := range []string{"a", "b"} {
		ask(t, w, id)
		w.until("the end of a run", w.idle)
		wait(t, told, "the call")
	}
	w.cancel()
	w.stop()
}

// That an attempt has died is told too: with it the run may have failed for good, and who was
// to tell of it is dead.
func TestToldOfTheDead(t *testing.T) {
	w := newTown(t)
	w.options.Tries = 1
	calls := 0
	w.ends = func(context.Context) { calls++ }
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("done")}}
	w.dies("publish", "a")
	w.start()
	w.until("the end of the run", w.idle)
	w.stop()
	w.expect("11-28 12:00 publish #1 died for good: the program ended in the middle of it, and it is not tried again after attempt 1\n")
	if calls != 1 {
		t.Errorf("%d calls, want 1", calls)
	}
}

// What is told of the end of an attempt and heeds no stop is left, and is called no job.
func TestTellingDoesNotEnd(t *testing.T) {
	w := newTown(t)
	telling, never := make(chan bool, 1), make(chan bool)
	defer close(never)
	w.ends = func(context.Context) {
		telling <- true
		<-never
	}
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("done")}}
	w.start()
	ask(t, w, "a")
	wait(t, telling, "the call")
	w.until("the end of the run", func() bool { return w.idle() && schedule.Quiet(w.runner) })
	w.cancel()
	for range 2 {
		w.untilGrace()
		w.clock.pass(time.Duration(w.options.Grace))
	}
	err := wait(t, w.ended, "the runner to stop")
	if msg, _, _ := fault.Public(err); msg != "what is done after a job does not end" {
		t.Error(err)
	}
	w.ended <- nil
}

// Attempts that end while the ends of others are told are told of together.
func TestToldTogether(t *testing.T) {
	w := newTown(t)
	telling, goOn, calls := make(chan bool, 1), make(chan bool), 0
	w.ends = func(context.Context) {
		calls++
		telling <- true
		<-goOn
	}
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("done")}}
	w.start()
	for i := range 3 {
		ask(t, w, fmt.Sprint(i))
		w.until("the end of a run", func() bool { return w.idle() && schedule.Quiet(w.runner) })
		if i == 0 {
			wait(t, telling, "the first call")
		}
	}
	goOn <- true
	wait(t, telling, "the second call")
	goOn <- true
	w.stop()
	if calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
}
