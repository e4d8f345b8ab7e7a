package schedule_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// What is asked for soon after a run is gathered until it is quiet, so that many requests one
// after the other are two runs, however short the runs are.
func TestGathers(t *testing.T) {
	w := newTown(t)
	w.gather = 2 * time.Second
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	w.start()
	waits := func(what string, d time.Duration) {
		t.Helper()
		w.until(what, func() bool { return !w.idle() && w.clock.next().Equal(w.clock.Now().Add(d)) })
	}
	ask(t, w, "first")
	w.until("the first run", w.idle)
	for i := range 10 {
		ask(t, w, fmt.Sprint("burst ", i))
		waits("quiet", 2*time.Second)
		w.clock.pass(time.Second)
	}
	waits("the rest of it", time.Second)
	w.clock.pass(time.Second)
	w.until("the second run", w.idle)
	w.expect("11-28 12:00 publish #1 success\n11-28 12:00 publish #1 success\n")

	// Who asks on and on is answered all the same.
	for i := range 16 {
		ask(t, w, fmt.Sprint("on and on ", i))
		waits("quiet", min(2*time.Second, 30*time.Second-time.Duration(i)*1900*time.Millisecond))
		w.clock.pass(1900 * time.Millisecond)
	}
	w.until("the third run", w.idle)

	// A minute later nothing is waited for, nor where the clock was set back meanwhile.
	w.clock.pass(time.Minute)
	ask(t, w, "later")
	w.until("the fourth run", w.idle)
	ask(t, w, "of another time")
	waits("quiet", 2*time.Second)
	w.clock.set(w.clock.Now().Add(-time.Hour))
	w.until("the fifth run", w.idle)
}

// A run that gives way goes on after the first pause and has not failed, however often it
// does; what it has answered is answered.
func TestGivesWay(t *testing.T) {
	w := newTown(t)
	w.options.Tries = 2
	tries := 0
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(_ context.Context, r job.Run) (schedule.Result, error) {
		if tries++; tries < 4 {
			return schedule.Result{Release: 7, Answer: []string{"a"}}, schedule.GaveWay(fault.New("a feed gave way", "wait"))
		}
		return schedule.Result{Release: 8}, nil
	}}}
	w.start()
	ask(t, w, "a")
	for range 3 {
		w.until("the next try", func() bool { return !w.idle() && w.clock.next().Equal(w.clock.Now().Add(time.Minute)) })
		w.clock.pass(time.Minute)
	}
	w.until("the end", w.idle)
	w.expect(`11-28 12:00 publish #1 interrupted: a feed gave way
11-28 12:01 publish #2 interrupted: a feed gave way
11-28 12:02 publish #3 interrupted: a feed gave way
11-28 12:03 publish #4 success
`)
	q, _, err := w.kept.Requested(t.Context(), "a")
	if err != nil || q.State != job.Done || q.Release != 7 || q.Reason != "a feed gave way" {
		t.Errorf("%+v, %v", q, err)
	}
}
