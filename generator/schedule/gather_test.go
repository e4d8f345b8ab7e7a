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

// A run that is tried again gathers too: who asks on and on while it fails has it tried when
// it is quiet, and not once for each request.
func TestGathersWhileItFails(t *testing.T) {
	w := newTown(t)
	w.gather = 2 * time.Second
	fails := true
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(_ context.Context, r job.Run) (schedule.Result, error) {
		if fails {
			return schedule.Result{}, fault.New("the line is busy", "wait")
		}
		return schedule.Result{Text: fmt.Sprint(len(r.Requests), " requests")}, nil
	}}}
	w.start()
	ask(t, w, "first")
	w.until("the failure", func() bool { return w.clock.next().Equal(w.clock.Now().Add(time.Minute)) && schedule.Quiet(w.runner) })
	fails = false
	for i := range 5 {
		ask(t, w, fmt.Sprint("burst ", i))
		w.until("quiet", func() bool { return w.clock.next().Equal(w.clock.Now().Add(2 * time.Second)) })
		w.clock.pass(time.Second)
	}
	w.clock.pass(time.Second)
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 failure: the line is busy\n11-28 12:00 publish #2 success: 6 requests\n")
}

// What was asked for of a program that stops before it has begun is done by another one that
// is there.
func TestAnotherProgramGoesOn(t *testing.T) {
	w := newTown(t)
	w.gather = 2 * time.Second
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	for range 2 { // the first of them is never asked
		w.start()
		w.atRest()
	}
	ask(t, w, "first")
	w.until("the first run", w.idle)
	ask(t, w, "second")
	w.until("quiet", func() bool { return w.clock.next().Equal(w.clock.Now().Add(2 * time.Second)) })
	w.stop()
	w.clock.pass(2 * time.Second)
	w.until("the second run", w.idle)
}

// A run whose program died in the middle of it has waited: it is begun again at once, and
// takes what was asked for meanwhile.
func TestGathersNothingForTheDead(t *testing.T) {
	w := newTown(t)
	w.gather = 2 * time.Second
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(_ context.Context, r job.Run) (schedule.Result, error) {
		return schedule.Result{Text: fmt.Sprint(len(r.Requests), " requests")}, nil
	}}}
	w.dies("publish", "a")
	if _, _, err := w.kept.Request(t.Context(), job.Request{ID: "b", Kind: "publish", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	w.start()
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 died: the program ended in the middle of it\n11-28 12:00 publish #2 success: 2 requests\n")
}

// A backup that failed before, and is tried again while requests are gathered, does not
// overtake them either.
func TestGathersAndIsNotOvertakenByARetry(t *testing.T) {
	w := newTown(t, schedule.Entry{Name: "backup", Kind: "backup", When: "0 2 * * *"})
	w.gather = 2 * time.Second
	failed := false
	w.jobs = []schedule.Job{{Kind: "publish", Lease: "store", Do: done("")}, {Kind: "backup", Lease: "store", Do: func(context.Context, job.Run) (schedule.Result, error) {
		if !failed {
			failed = true
			return schedule.Result{}, fault.New("made up", "try again")
		}
		return schedule.Result{}, nil
	}}}
	w.clock.now = time.Date(2026, 11, 29, 1, 59, 59, 0, zone(t, "Asia/Shanghai"))
	w.start()
	w.atRest()
	over := func(journal string) func() bool { return func() bool { return w.journal() == journal } }
	w.clock.pass(time.Second) // to 2:00:00
	failure := "11-29 02:00 backup backup #1 failure: made up\n"
	w.until("the backup that fails", over(failure))
	w.clock.pass(58 * time.Second)
	ask(t, w, "a")
	w.until("the first publication", over(failure+"11-29 02:00 publish #1 success\n"))
	w.clock.pass(time.Second)
	ask(t, w, "b")
	w.clock.pass(time.Second) // to 2:01:00
	w.until("both", w.idle)
	w.expect(failure + "11-29 02:00 publish #1 success\n11-29 02:01 publish #1 success\n11-29 02:01 backup backup #2 success\n")
}

// What comes due while requests are gathered does not overtake them, since a backup may take
// hours, nor does it wait: they are gathered no longer.
func TestGathersAndIsNotOvertaken(t *testing.T) {
	w := newTown(t, schedule.Entry{Name: "backup", Kind: "backup", When: "0 2 * * *"})
	w.gather = 2 * time.Second
	w.jobs = []schedule.Job{{Kind: "publish", Lease: "store", Do: done("")}, {Kind: "backup", Lease: "store", Do: done("")}}
	w.clock.now = time.Date(2026, 11, 29, 1, 59, 59, 0, zone(t, "Asia/Shanghai"))
	w.start()
	w.atRest()
	ask(t, w, "a")
	w.until("the first run", w.idle)
	ask(t, w, "b")
	w.clock.pass(time.Second) // to 2:00
	w.until("both", w.idle)
	w.expect("11-29 01:59 publish #1 success\n11-29 02:00 publish #1 success\n11-29 02:00 backup backup #1 success\n")
}
