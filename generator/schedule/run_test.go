package schedule_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

var (
	daily  = schedule.Entry{Name: "publish", Kind: "publish", When: "30 6 * * *", Args: map[string]string{"scope": "all"}}
	hourly = schedule.Entry{Name: "pull-letters", Kind: "pull", When: "0 7-21 * * *", Args: map[string]string{"source": "letters"}}
)

func TestFires(t *testing.T) {
	w := newTown(t, daily, hourly)
	var runs []job.Run
	w.jobs = []schedule.Job{
		{Kind: "publish", Do: func(_ context.Context, r job.Run) (schedule.Result, error) {
			runs = append(runs, r)
			return schedule.Result{Text: "nothing new", Counts: map[string]int{"pages": 3}}, nil
		}},
		{Kind: "pull", Do: done("")},
	}
	w.start()
	w.until("the first look", func() bool { return w.clock.next().Equal(shanghai(t).Add(time.Hour)) })
	w.clock.pass(time.Hour)
	w.until("13:00", func() bool { return strings.Contains(w.journal(), "13:00 pull pull-letters #1 success") && w.idle() })
	w.clock.pass(17*time.Hour + 30*time.Minute) // 06:30; the firings until 21:00 are eight
	w.until("06:30", func() bool { return strings.Count(w.journal(), "success") == 3 && w.idle() })
	if got := w.journal(); got != "11-28 13:00 pull pull-letters #1 success\n11-29 06:30 publish publish #1 success: nothing new\n11-29 06:30 pull pull-letters #1 +7 success\n" &&
		got != "11-28 13:00 pull pull-letters #1 success\n11-29 06:30 pull pull-letters #1 +7 success\n11-29 06:30 publish publish #1 success: nothing new\n" {
		t.Error(got)
	}
	if len(runs) != 1 || runs[0].Args["scope"] != "all" || runs[0].Due.In(w.clock.now.Location()).Format(stamp) != "2026-11-29 06:30 +0800" || runs[0].Fence != 1 {
		t.Errorf("%+v", runs)
	}
	all, err := w.kept.Attempts(t.Context(), job.Filter{Kind: "publish"})
	if err != nil || len(all) != 1 || string(all[0].Counts) != `{"pages":3}` || !all[0].Final {
		t.Errorf("%+v, %v", all, err)
	}
	// At rest, the queue is not there, and only the next firing is waited for.
	w.until("the queue to rest", func() bool { return schedule.Rested(w.runner) })
	w.until("the next firing to be waited for", func() bool { return w.clock.next().Format(stamp) == "2026-11-29 07:00 +0800" })
}

// What was missed while no program ran is caught up by one run each.
func TestCatchesUpOnce(t *testing.T) {
	w := newTown(t, daily, hourly)
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}, {Kind: "pull", Do: done("")}}
	w.start()
	w.until("the first look", func() bool { return !w.clock.next().IsZero() })
	w.stop()
	w.clock.pass(72 * time.Hour)
	table, err := w.options.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	v, err := schedule.Look(t.Context(), w.kept, table, w.clock.Now(), 10)
	if err != nil || v.Entries[0].Due != 3 || v.Entries[1].Due != 45 || !v.Entries[1].Late() || v.Entries[0].Next.Format(stamp) != "2026-12-02 06:30 +0800" {
		t.Errorf("before: %+v, %v", v, err)
	}
	w.start()
	w.until("both", func() bool { return strings.Count(w.journal(), "success") == 2 && w.idle() })
	if j := w.journal(); !strings.Contains(j, "publish #1 +2 success") || !strings.Contains(j, "pull-letters #1 +44 success") {
		t.Error(j)
	}
	v, err = schedule.Look(t.Context(), w.kept, table, w.clock.Now(), 10)
	if err != nil || v.Entries[0].Late() || v.Entries[1].Late() || v.Entries[0].Last == nil || v.Entries[0].Last.Outcome != job.Success || len(v.Journal) != 2 || len(v.Open) != 0 {
		t.Errorf("after: %+v, %v", v, err)
	}
}

// Whatever the clock does, and whenever the program is there: no firing is done twice, and
// each one is done, or counted as missed by the run that stands for it.
func TestRandomDays(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	w := newTown(t, daily, hourly, schedule.Entry{Name: "often", Kind: "pull", When: "*/10 * * * *"})
	w.options.Zone = "Europe/Berlin"
	w.clock.now = time.Date(2026, 10, 22, 12, 0, 0, 0, zone(t, "Europe/Berlin")) // three days before the clock is put back
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}, {Kind: "pull", Do: done("")}}
	begin := w.clock.Now()
	table, err := w.options.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	running := false
	settle := func() {
		w.until("all that is due", func() bool {
			v, err := schedule.Look(t.Context(), w.kept, table, w.clock.Now(), 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range v.Entries {
				if e.Late() || e.Fired.IsZero() {
					return false
				}
			}
			return len(v.Open) == 0
		})
	}
	latest := begin
	for step := range 80 {
		switch n := random.IntN(10); {
		case step == 0 || n == 0 && !running:
			w.start()
			running = true
		case n == 0 && step > 1:
			w.stop()
			running = false
		case n == 1: // the clock is set, by up to a day
			w.clock.set(w.clock.Now().Add(time.Duration(random.IntN(48*60)-24*60) * time.Minute))
			if back := latest.Add(-40 * time.Hour); w.clock.Now().Before(back) { // not to another time
				w.clock.set(back)
			}
		default:
			w.clock.pass(time.Duration(random.IntN(5*60*60)) * time.Second)
		}
		if now := w.clock.Now(); now.After(latest) {
			latest = now
		}
		if running {
			settle()
		}
	}
	if !running {
		w.start()
		settle()
	}
	fired, err := w.kept.Fired(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range table.Entries() {
		all, err := w.kept.Attempts(t.Context(), job.Filter{Entry: e.Name, Limit: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		stood, due := 0, map[time.Time]bool{}
		for _, a := range all {
			if a.Kind == "timetable" {
				t.Errorf("a notice of another time: %s", a.Text)
				continue
			}
			if due[a.Due] {
				t.Errorf("%s: the firing of %s was done twice", e.Name, a.Due)
			}
			due[a.Due] = true
			stood += 1 + a.Missed
		}
		times, want := times(t, e.When, w.options.Zone), 0
		for at := times.Next(begin); !at.After(fired[e.Name]); at = times.Next(at) {
			want++
		}
		if stood != want || want == 0 {
			t.Errorf("%s: the runs stand for %d firings, and there were %d", e.Name, stood, want)
		}
		t.Logf("%s: %d runs for %d firings", e.Name, len(all), want)
	}
}

// A thousand requests are two runs: one that takes those that are there, and one for all
// that came while it went on.
func TestThousandRequests(t *testing.T) {
	w := newTown(t)
	begun, go_ := make(chan job.Run), make(chan bool)
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(_ context.Context, r job.Run) (schedule.Result, error) {
		begun <- r
		<-go_
		return schedule.Result{Release: 40 + r.ID}, nil
	}}}
	w.start()
	ask := func(i int) {
		q := job.Request{ID: fmt.Sprintf("r-%04d", i), Kind: "publish", Scope: "case 2611-004217", By: "the office", At: w.clock.Now()}
		if _, fresh, err := w.runner.Request(t.Context(), q); err != nil || !fresh {
			t.Error(fresh, err)
		}
	}
	ask(0)
	first := wait(t, begun, "the first run")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for n := i + 1; n < 1000; n += 4 {
				ask(n)
			}
		})
	}
	all.Wait()
	// One that is known already is answered, and is not another one.
	again, fresh, err := w.runner.Request(t.Context(), job.Request{ID: "r-0000", Kind: "publish", Scope: "other"})
	if err != nil || fresh || again.State != job.Running || again.Scope != "case 2611-004217" || again.Run != first.ID {
		t.Errorf("%+v, %t, %v", again, fresh, err)
	}
	go_ <- true
	second := wait(t, begun, "the second run")
	go_ <- true
	w.until("the end", w.idle)
	if len(first.Requests) != 1 || len(second.Requests) != 999 {
		t.Errorf("%d and %d requests", len(first.Requests), len(second.Requests))
	}
	if n := strings.Count(w.journal(), "\n"); n != 2 {
		t.Errorf("%d runs:\n%s", n, w.journal())
	}
	for id, release := range map[string]int64{"r-0000": 40 + first.ID, "r-0001": 40 + second.ID, "r-0999": 40 + second.ID} {
		q, ok, err := w.kept.Requested(t.Context(), id)
		if err != nil || !ok || q.State != job.Done || q.Release != release || q.Ended.IsZero() {
			t.Errorf("%s: %+v, %t, %v", id, q, ok, err)
		}
	}
	if left, err := w.kept.Pending(t.Context(), 10); err != nil || len(left) != 0 {
		t.Errorf("%+v, %v", left, err)
	}
}

// A failure is tried again after growing pauses; what fails for good says why, to whoever
// asked and in the journal.
func TestTriesAgain(t *testing.T) {
	w := newTown(t)
	w.options.Tries = 4
	w.random = 0.25 // a tenth less than the pause that is set
	tries := 0
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(_ context.Context, r job.Run) (schedule.Result, error) {
		tries++
		if r.Attempt != tries {
			t.Errorf("attempt %d at try %d", r.Attempt, tries)
		}
		if tries == 2 {
			panic("made up")
		}
		if tries == 3 {
			return schedule.Result{}, errMade
		}
		return schedule.Result{Counts: map[string]int{"pages": tries}}, fault.Wrap(errMade, "the disk is full", "make room")
	}}}
	w.start()
	if _, _, err := w.runner.Request(t.Context(), job.Request{ID: "a", Kind: "publish", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	for n, pause := range []time.Duration{54 * time.Second, 216 * time.Second, 864 * time.Second} {
		was := w.clock.Now()
		w.until("the failure", func() bool {
			open, err := w.kept.Open(t.Context())
			return err == nil && len(open) == 1 && open[0].State == job.Waiting && open[0].Failures == n+1 && open[0].Ready.Equal(was.Add(pause))
		})
		w.until("the pause", func() bool { return w.clock.next().Equal(was.Add(pause)) })
		w.clock.pass(pause)
	}
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 failure: the disk is full\n11-28 12:00 publish #2 failure: the job broke down\n" +
		"11-28 12:04 publish #3 failure: the job failed for a reason that it does not know\n11-28 12:18 publish #4 failure for good: the disk is full\n")
	q, _, err := w.kept.Requested(t.Context(), "a")
	if err != nil || q.State != job.Failed || q.Reason != "the disk is full" {
		t.Errorf("%+v, %v", q, err)
	}
	all, err := w.kept.Attempts(t.Context(), job.Filter{Limit: 1})
	if err != nil || all[0].Hint != "make room" || string(all[0].Counts) != `{"pages":4}` {
		t.Errorf("%+v, %v", all, err)
	}
}

// An error that another try does not mend is the end, and a request does not wait for the
// pause of others.
func TestFinalAndPulledForward(t *testing.T) {
	w := newTown(t)
	tries := 0
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(context.Context, job.Run) (schedule.Result, error) {
		if tries++; tries == 1 {
			return schedule.Result{}, fault.New("the line is busy", "wait")
		}
		return schedule.Result{}, schedule.Final(fault.New("the key is wrong", "mend it"))
	}}}
	w.start()
	for i, id := range []string{"a", "b"} {
		if _, _, err := w.runner.Request(t.Context(), job.Request{ID: id, Kind: "publish", At: w.clock.Now()}); err != nil {
			t.Fatal(err)
		}
		w.until("the failure", func() bool { return strings.Count(w.journal(), "failure") == i+1 })
	}
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 failure: the line is busy\n11-28 12:00 publish #2 failure for good: the key is wrong\n")
	for _, id := range []string{"a", "b"} {
		if q, _, err := w.kept.Requested(t.Context(), id); err != nil || q.State != job.Failed || q.Reason != "the key is wrong" {
			t.Errorf("%+v, %v", q, err)
		}
	}
}

// Two runners on one folder: a firing is one run, and no two runs of a lease meet.
func TestTwoRunners(t *testing.T) {
	w := newTown(t, schedule.Entry{Name: "a", Kind: "pull", When: "* * * * *"}, schedule.Entry{Name: "b", Kind: "publish", When: "* * * * *"})
	var going, runs atomic.Int32
	do := func(context.Context, job.Run) (schedule.Result, error) {
		if going.Add(1) != 1 {
			t.Error("two at the same time")
		}
		runs.Add(1)
		going.Add(-1)
		return schedule.Result{}, nil
	}
	w.jobs = []schedule.Job{{Kind: "publish", Lease: "store", Do: do}, {Kind: "pull", Lease: "store", Do: do}}
	w.start()
	w.start()
	w.until("the first look", func() bool { fired, err := w.kept.Fired(t.Context()); return err == nil && len(fired) == 2 })
	for minute := range 10 {
		w.clock.pass(time.Minute)
		w.until("both runs", func() bool { return strings.Count(w.journal(), "success") == 2*(minute+1) && w.idle() })
	}
	if runs.Load() != 20 {
		t.Errorf("%d runs", runs.Load())
	}
}

// A run that takes too long is told to end; time that the clock jumps over is none.
func TestLimit(t *testing.T) {
	w := newTown(t)
	begun := make(chan bool, 1)
	var told atomic.Bool
	w.jobs = []schedule.Job{{Kind: "publish", Limit: time.Minute, Do: func(ctx context.Context, _ job.Run) (schedule.Result, error) {
		begun <- true
		<-ctx.Done()
		told.Store(true)
		return schedule.Result{}, schedule.Final(ctx.Err())
	}}}
	w.start()
	if _, _, err := w.runner.Request(t.Context(), job.Request{ID: "a", Kind: "publish", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	wait(t, begun, "the job")
	until := func() time.Time {
		leases, err := w.kept.Leases(t.Context())
		if err != nil || len(leases) != 1 {
			return time.Time{}
		}
		return leases[0].Until
	}
	w.until("the first step", func() bool { return w.clock.next().Equal(w.clock.Now().Add(20 * time.Second)) })
	w.clock.set(w.clock.Now().Add(24 * time.Hour))
	for range 2 { // the jump counts as one step of 20 s
		w.until("the lease to be renewed", func() bool { return until().Equal(w.clock.Now().Add(time.Minute)) })
		if told.Load() {
			t.Error("told to end too early")
		}
		w.until("the next step", func() bool { return w.clock.next().Equal(w.clock.Now().Add(20 * time.Second)) })
		w.clock.pass(20 * time.Second)
	}
	w.until("the end", w.idle)
	w.expect("11-28 12:00 publish #1 failure for good: it took longer than 1m0s and was ended\n")
}

// A run of a kind that the program has no job for is not there for ever.
func TestUnknownKind(t *testing.T) {
	w := newTown(t)
	w.start()
	if _, _, err := w.runner.Request(t.Context(), job.Request{ID: "a", Kind: "cook", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	w.until("the end", func() bool { return w.idle() && strings.Contains(w.journal(), "cook") })
	w.expect("11-28 12:00 cook #1 failure for good: this program has no job of the kind cook\n")
}

// What a job says is kept to a length that a person reads.
func TestLongWords(t *testing.T) {
	w := newTown(t)
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(context.Context, job.Run) (schedule.Result, error) {
		return schedule.Result{Text: "a" + strings.Repeat("回", 1000), Counts: []string{strings.Repeat("x", 70_000)}}, nil
	}}}
	w.start()
	if _, _, err := w.runner.Request(t.Context(), job.Request{ID: "a", Kind: "publish", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	w.until("the end", w.idle)
	all, err := w.kept.Attempts(t.Context(), job.Filter{})
	if err != nil || len(all) != 1 || all[0].Text != "a"+strings.Repeat("回", 666)+"…" || all[0].Counts != nil {
		t.Errorf("%+v, %v", all, err)
	}
}

// Another program keeps a request and wakes the one that runs.
func TestWake(t *testing.T) {
	w := newTown(t)
	ran := make(chan job.Run, 1)
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(_ context.Context, r job.Run) (schedule.Result, error) {
		ran <- r
		return schedule.Result{}, nil
	}}}
	if err := schedule.Wake(w.dir); err != nil { // nobody is there
		t.Fatal(err)
	}
	w.start()
	w.atRest()
	if _, _, err := w.kept.Request(t.Context(), job.Request{ID: "a", Kind: "publish", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := schedule.Wake(w.dir); err != nil {
		t.Fatal(err)
	}
	if r := wait(t, ran, "the run"); len(r.Requests) != 1 || r.Requests[0].ID != "a" {
		t.Errorf("%+v", r)
	}
}

func TestNewRefuses(t *testing.T) {
	w := newTown(t, daily)
	for name, change := range map[string]func(*schedule.Parts){
		"no store":     func(p *schedule.Parts) { p.Store = nil },
		"no clock":     func(p *schedule.Parts) { p.Clock = nil },
		"no holder":    func(p *schedule.Parts) { p.Holder = job.Holder{} },
		"no job":       func(p *schedule.Parts) { p.Jobs = []schedule.Job{{Kind: "digest", Do: done("")}} },
		"nothing done": func(p *schedule.Parts) { p.Jobs = []schedule.Job{{Kind: "publish"}} },
		"twice": func(p *schedule.Parts) {
			p.Jobs = []schedule.Job{{Kind: "publish", Do: done("")}, {Kind: "publish", Do: done("")}}
		},
	} {
		p := w.parts()
		p.Jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
		change(&p)
		if _, err := schedule.New(w.options, p); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	p := w.parts()
	p.Jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	if r, err := schedule.New(w.options, p); err != nil || !schedule.Rested(r) {
		t.Errorf("something runs before Run: %v", err)
	}
}

// BenchmarkRun is one request from its coming to its end: the queue starts, does it and
// rests again.
func BenchmarkRun(b *testing.B) {
	w := newTown(b)
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	w.start()
	for i := 0; b.Loop(); i++ {
		if _, _, err := w.runner.Request(b.Context(), job.Request{ID: fmt.Sprint(i), Kind: "publish", At: w.clock.Now()}); err != nil {
			b.Fatal(err)
		}
		w.until("the end", w.idle)
	}
}
