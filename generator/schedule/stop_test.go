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
	w.options.Grace = schedule.Duration(45 * time.Second)
	begun := make(chan bool, 1)
	var told atomic.Bool
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(ctx context.Context, r job.Run) (schedule.Result, error) {
		begun <- true
		if r.Attempt > 1 {
			return schedule.Result{Text: fmt.Sprint(len(r.Requests), " requests")}, nil
		}
		<-ctx.Done()
		told.Store(true)
		return schedule.Result{Counts: map[string]int{"pages": 7}}, ctx.Err()
	}}}
	w.start()
	if _, _, err := w.runner.Request(t.Context(), job.Request{ID: "a", Kind: "publish", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	wait(t, begun, "the job")
	w.cancel()
	grace := w.clock.Now().Add(45 * time.Second)
	w.until("the grace time", func() bool {
		w.clock.mu.Lock()
		defer w.clock.mu.Unlock()
		for _, at := range w.clock.alarms {
			if at.Equal(grace) {
				return true
			}
		}
		return false
	})
	if told.Load() {
		t.Error("the job was told to end before the grace time was over")
	}
	w.clock.pass(45 * time.Second)
	w.stop()
	w.start()
	wait(t, begun, "the job again")
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 interrupted: the program was stopped in the middle of it\n11-28 12:00 publish #2 success: 1 requests\n")
}

// A job that fails while the program stops, because what it has started was stopped with it,
// counts as interrupted, and the next start goes on.
func TestStopsTogether(t *testing.T) {
	w := newTown(t)
	w.options.Grace = schedule.Duration(45 * time.Second)
	begun, broken := make(chan bool, 1), make(chan bool)
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(_ context.Context, r job.Run) (schedule.Result, error) {
		begun <- true
		if r.Attempt > 1 {
			return schedule.Result{Text: fmt.Sprint(len(r.Requests), " requests")}, nil
		}
		<-broken
		return schedule.Result{}, errMade
	}}}
	w.start()
	ask(t, w, "a")
	wait(t, begun, "the job")
	w.cancel()
	w.untilGrace()
	close(broken)
	w.stop()
	w.start()
	wait(t, begun, "the job again")
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 interrupted: the program was stopped in the middle of it\n11-28 12:00 publish #2 success: 1 requests\n")
}

// A job that comes to its end while the program stops, but for a part, was not interrupted:
// what it left out stands in the journal, and it is tried again.
func TestStopsAtTheEnd(t *testing.T) {
	w := newTown(t)
	w.options.Grace = schedule.Duration(45 * time.Second)
	begun, ended := make(chan bool, 1), make(chan bool)
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(_ context.Context, r job.Run) (schedule.Result, error) {
		begun <- true
		<-ended
		return schedule.Result{}, fault.Coded(fault.ExitPartial, "release 2 is published; feed cases does not answer", "ask whoever runs it", errMade)
	}}}
	w.start()
	ask(t, w, "a")
	wait(t, begun, "the job")
	w.cancel()
	w.untilGrace()
	close(ended)
	w.stop()
	w.expect("11-28 12:00 publish #1 failure: release 2 is published; feed cases does not answer\n")
}

// untilGrace waits until the runner that was told to stop counts the grace time.
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
