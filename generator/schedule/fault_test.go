package schedule_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// faulty is a store of which one call after so many fails, as often as it says.
type faulty struct {
	schedule.Store
	calls, from, to atomic.Int64
	err             error
}

func (f *faulty) fail() error {
	if n := f.calls.Add(1); n >= f.from.Load() && n < f.to.Load() {
		return f.err
	}
	return nil
}

func (f *faulty) Fired(ctx context.Context) (map[string]time.Time, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.Store.Fired(ctx)
}

func (f *faulty) Rebase(ctx context.Context, entry string, from, to time.Time) (bool, error) {
	if err := f.fail(); err != nil {
		return false, err
	}
	return f.Store.Rebase(ctx, entry, from, to)
}

func (f *faulty) Fire(ctx context.Context, x job.Firing) (bool, error) {
	if err := f.fail(); err != nil {
		return false, err
	}
	return f.Store.Fire(ctx, x)
}

func (f *faulty) Take(ctx context.Context, name string, h job.Holder, now, until time.Time) (int64, bool, error) {
	if err := f.fail(); err != nil {
		return 0, false, err
	}
	return f.Store.Take(ctx, name, h, now, until)
}

func (f *faulty) Release(ctx context.Context, name string, fence int64) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.Store.Release(ctx, name, fence)
}

func (f *faulty) Open(ctx context.Context) ([]job.Run, error) {
	if err := f.fail(); err != nil {
		return nil, err
	}
	return f.Store.Open(ctx)
}

func (f *faulty) Begin(ctx context.Context, run int64, lease string, fence int64, h job.Holder, at time.Time) (job.Run, bool, error) {
	if err := f.fail(); err != nil {
		return job.Run{}, false, err
	}
	return f.Store.Begin(ctx, run, lease, fence, h, at)
}

func (f *faulty) End(ctx context.Context, e job.Ending) (bool, error) {
	if err := f.fail(); err != nil {
		return false, err
	}
	return f.Store.End(ctx, e)
}

func (f *faulty) Note(ctx context.Context, a job.Attempt) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.Store.Note(ctx, a)
}

func (f *faulty) Prune(ctx context.Context, before time.Time, keep int) (int64, error) {
	if err := f.fail(); err != nil {
		return 0, err
	}
	return f.Store.Prune(ctx, before, keep)
}

// Whichever call to the store fails because the disk is full or somebody has locked it, the
// firing leads to one run that is done once, and what held it up is named.
func TestStoreFails(t *testing.T) {
	faults := []error{
		fault.Coded(fault.ExitNoSpace, "the disk is full: schedule.db", "make room", errMade),
		fault.Coded(fault.ExitBusy, "another process is writing to schedule.db", "wait", errMade),
	}
	reached := false
	for at := int64(1); !reached; at++ {
		err := faults[at%2]
		w := newTown(t, daily)
		f := &faulty{Store: w.kept, err: err}
		f.from.Store(at)
		f.to.Store(at + 3)
		w.store = f
		var did atomic.Int32
		w.jobs = []schedule.Job{{Kind: "publish", Do: func(context.Context, job.Run) (schedule.Result, error) { did.Add(1); return schedule.Result{}, nil }}}
		w.start()
		named := false
		see := func() {
			if trouble := w.runner.Trouble(); trouble != nil {
				want, _, _ := fault.Public(err)
				got, _, _ := fault.Public(trouble)
				named = named || got == want
			}
		}
		// The timetable is known, and then a firing is due. Time passes, so that what failed
		// is tried again.
		w.until("the timetable", func() bool {
			see()
			fired, err := w.kept.Fired(t.Context())
			if err == nil && len(fired) == 0 {
				w.clock.pass(time.Minute)
			}
			return err == nil && len(fired) == 1
		})
		w.clock.set(shanghai(t).Add(20 * time.Hour))
		w.until("the run", func() bool {
			see()
			if strings.Contains(w.journal(), "success") && w.idle() && (f.calls.Load() < at || f.calls.Load() >= at+3 && w.runner.Trouble() == nil) {
				return true
			}
			if did.Load() > 0 || w.runner.Trouble() != nil { // what failed is tried again after a while
				w.clock.pass(10 * time.Second)
			}
			return false
		})
		if n := strings.Count(w.journal(), "success"); did.Load() != 1 || n != 1 {
			t.Errorf("call %d: done %d times, %d in the journal:\n%s", at, did.Load(), n, w.journal())
		}
		if reached = f.calls.Load() < at; !reached { // it may be told a moment after the call
			w.until(fmt.Sprintf("somebody to be told of call %d", at), func() bool {
				see()
				return named || strings.Contains(w.journal(), "was held up")
			})
		}
		w.stop()
	}
}

// direct runs a script in the file of the queue as another program would.
func direct(t *testing.T, w *town, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "jobs.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
}

// made makes the file of the queue, by a run.
func made(t *testing.T, w *town) {
	t.Helper()
	w.start()
	ask(t, w, "made")
	w.until("the file", w.idle)
	w.stop()
}

func ask(t testing.TB, w *town, id string) {
	t.Helper()
	if _, _, err := w.runner.Request(t.Context(), job.Request{ID: id, Kind: "publish", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
}

// A queue that does not give a job to a worker is asked again, and then gives it twice: the
// run is done once.
func TestQueueIsSlow(t *testing.T) {
	w := newTown(t)
	var did atomic.Int32
	w.jobs = []schedule.Job{{Kind: "publish", Do: func(context.Context, job.Run) (schedule.Result, error) { did.Add(1); return schedule.Result{}, nil }}}
	made(t, w)
	direct(t, w, `UPDATE river_queue SET paused_at = datetime('now')`)
	w.start()
	ask(t, w, "a")
	look := w.clock.Now().Add(30 * time.Second)
	w.until("the queue to be waited for", func() bool { return w.clock.next().Equal(look) })
	w.stop() // a pause is seen by a client that starts
	direct(t, w, `UPDATE river_queue SET paused_at = NULL`)
	w.clock.pass(time.Minute)
	w.start()
	w.until("the run", w.idle)
	if did.Load() != 2 {
		t.Errorf("done %d times", did.Load())
	}
	var jobs int
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "jobs.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`SELECT count(*) FROM river_job WHERE json_extract(args, '$.run') = (SELECT max(json_extract(args, '$.run')) FROM river_job)`).Scan(&jobs); err != nil || jobs != 2 {
		t.Errorf("the queue had %d jobs of the run, %v", jobs, err)
	}
}

// A queue that has lost what was in it, or is damaged, or is gone, loses nothing.
func TestQueueIsLost(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, w *town, path string) error{
		"emptied": func(t *testing.T, w *town, _ string) error { direct(t, w, `DELETE FROM river_job`); return nil },
		"gone": func(_ *testing.T, _ *town, path string) error {
			return errors.Join(os.Remove(path), os.RemoveAll(path+"-wal"), os.RemoveAll(path+"-shm"))
		},
		"garbage": func(_ *testing.T, _ *town, path string) error {
			return os.WriteFile(path, []byte(strings.Repeat("garbage ", 4096)), 0o600)
		},
		"torn": func(_ *testing.T, _ *town, path string) error { return os.Truncate(path, 9000) },
	} {
		w := newTown(t)
		w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
		made(t, w)
		if _, _, err := w.kept.Request(t.Context(), job.Request{ID: "a", Kind: "publish", At: w.clock.Now()}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(w.dir, "jobs.db")
		if err := harm(t, w, path); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w.start()
		w.until(name, func() bool {
			if w.idle() {
				return true
			}
			w.clock.pass(time.Minute)
			return false
		})
		if q, _, err := w.kept.Requested(t.Context(), "a"); err != nil || q.State != job.Done {
			t.Errorf("%s: %+v, %v", name, q, err)
		}
		if _, err := os.Stat(path + ".damaged"); (err == nil) != (name == "garbage" || name == "torn") {
			t.Errorf("%s: the file set aside: %v", name, err)
		}
		w.stop()
	}
}

// Many that open a queue which is not there yet find it whole.
func TestQueueIsMadeByMany(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := schedule.OpenQueue(t.Context(), dir); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// A queue that has no room is named, and goes on when there is.
func TestQueueIsFull(t *testing.T) {
	w := newTown(t)
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	made(t, w)
	w.start()
	ask(t, w, "before")
	w.until("the run before", w.idle)
	pages := 0
	schedule.LimitPages(w.runner, &pages)
	for n := 0; w.runner.Trouble() == nil; n++ {
		ask(t, w, fmt.Sprint("a", n))
		w.until("the runs or the trouble", func() bool { return w.idle() || w.runner.Trouble() != nil })
	}
	if msg, hint, code := fault.Public(w.runner.Trouble()); code != fault.ExitNoSpace || hint == "" || !strings.Contains(msg, "jobs.db") {
		t.Errorf("%q, %q, %d", msg, hint, code)
	}
	pages = 1 << 30
	schedule.LimitPages(w.runner, &pages)
	w.until("the room to be used", func() bool {
		if w.idle() && w.runner.Trouble() == nil {
			return true
		}
		w.clock.pass(30 * time.Second)
		return false
	})
	if !strings.Contains(w.journal(), "notice: the timetable was held up and goes on: the disk is full") {
		t.Error(w.journal())
	}
}

// A queue that another program has locked is named, and goes on when it is free.
func TestQueueIsLocked(t *testing.T) {
	w := newTown(t)
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("")}}
	w.start()
	ask(t, w, "before")
	w.until("the run before", func() bool { return w.idle() && schedule.Rested(w.runner) })
	schedule.DoNotWait(w.runner)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.dir, "jobs.db")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	ask(t, w, "a")
	w.until("the trouble", func() bool { return w.runner.Trouble() != nil })
	if msg, hint, code := fault.Public(w.runner.Trouble()); code != fault.ExitBusy || hint == "" || !strings.Contains(msg, "jobs.db") {
		t.Errorf("%q, %q, %d", msg, hint, code)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	w.until("the run", func() bool {
		if w.idle() && w.runner.Trouble() == nil {
			return true
		}
		w.clock.pass(30 * time.Second)
		return false
	})
}

// A holder on another host has its lease until its time is over, and what it brings after
// that is not taken.
func TestOtherHost(t *testing.T) {
	w := newTown(t)
	w.jobs = []schedule.Job{{Kind: "publish", Do: done("ours")}}
	other := job.Holder{Host: "there", ID: "x"}
	if _, _, err := w.kept.Request(t.Context(), job.Request{ID: "a", Kind: "publish", At: w.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	until := w.clock.Now().Add(time.Minute)
	fence, taken, err := w.kept.Take(t.Context(), "publish", other, w.clock.Now(), until)
	if err != nil || !taken {
		t.Fatal(taken, err)
	}
	run, begun, err := w.kept.Begin(t.Context(), 1, "publish", fence, other, w.clock.Now())
	if err != nil || !begun {
		t.Fatal(begun, err)
	}
	w.start()
	w.until("the other holder to be waited for", func() bool { return w.clock.next().Equal(w.clock.Now().Add(30 * time.Second)) })
	w.clock.pass(30 * time.Second)
	w.until("the other holder to be waited for", func() bool { return w.clock.next().Equal(w.clock.Now().Add(30 * time.Second)) })
	w.clock.pass(30 * time.Second)
	w.until("the run to be taken over", w.idle)
	w.expect("11-28 12:00 publish #1 died: the program ended in the middle of it\n11-28 12:01 publish #2 success: ours\n")
	if held, err := w.kept.Renew(t.Context(), "publish", fence, until.Add(time.Hour)); held || err != nil {
		t.Errorf("renewed: %t, %v", held, err)
	}
	ended, err := w.kept.End(t.Context(), job.Ending{Run: run.ID, Lease: "publish", Fence: fence, At: until, Outcome: job.Success, State: job.Done, Text: "theirs"})
	if ended || err != nil {
		t.Errorf("ended: %t, %v", ended, err)
	}
	// A program that dies each time is not begun for ever.
	for n := range 5 {
		if n == 0 {
			w.stop()
			if _, _, err := w.kept.Request(t.Context(), job.Request{ID: "b", Kind: "publish", At: w.clock.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		fence, _, err := w.kept.Take(t.Context(), "publish", job.Holder{Host: "here", ID: "y"}, w.clock.Now(), w.clock.Now().Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		if _, begun, err = w.kept.Begin(t.Context(), 2, "publish", fence, other, w.clock.Now()); err != nil || !begun {
			t.Fatal(n, begun, err)
		}
		w.jobs = nil // nobody begins it here
		if err := schedule.Bury(t.Context(), w.parts(), w.options, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if q, _, err := w.kept.Requested(t.Context(), "b"); err != nil || q.State != job.Failed || !strings.Contains(q.Reason, "not tried again after attempt 5") {
		t.Errorf("%+v, %v", q, err)
	}
}
