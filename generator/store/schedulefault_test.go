package store_test

import (
	"encoding/json"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/sqlitefile/sqlitetest"
	"github.com/huiyin/huiyin/generator/store"
)

// steps are what a program writes into the schedule for two runs, in their order.
var steps = []struct {
	name string
	do   func(s *store.Schedule) error
}{
	{"learn an entry", func(s *store.Schedule) error {
		_, err := s.Rebase(ctx, "publish", time.Time{}, minute(0))
		return err
	}},
	{"fire", func(s *store.Schedule) error {
		_, err := s.Fire(ctx, job.Firing{Entry: "publish", Kind: "publish", Due: minute(1), Now: minute(1)})
		return err
	}},
	{"take the lease", func(s *store.Schedule) error {
		_, _, err := s.Take(ctx, "store", holder, minute(1), minute(2))
		return err
	}},
	{"begin", func(s *store.Schedule) error {
		_, _, err := s.Begin(ctx, 1, "store", 1, holder, minute(1))
		return err
	}},
	{"ask", func(s *store.Schedule) error {
		_, _, err := s.Request(ctx, job.Request{ID: "a", Kind: "republish", Scope: "all", By: "王", At: minute(1)})
		return err
	}},
	{"renew", func(s *store.Schedule) error {
		_, err := s.Renew(ctx, "store", 1, minute(3))
		return err
	}},
	{"end", func(s *store.Schedule) error {
		_, err := s.End(ctx, job.Ending{Run: 1, Lease: "store", Fence: 1, At: minute(2), Outcome: job.Success, State: job.Done, Text: "release 1 is published", Release: 1})
		return err
	}},
	{"note", func(s *store.Schedule) error {
		return s.Note(ctx, job.Attempt{Kind: "timetable", Started: minute(2), Ended: minute(2), Outcome: job.Notice, Text: "the clock was set back"})
	}},
}

var holder = job.Holder{Host: "here", ID: "one"}

func minute(n int) time.Time { return time.Date(2026, 11, 28, 12, n, 0, 0, time.UTC) }

// plan is all that a schedule holds. The fence of a lease is left out of it: whoever does
// not know whether it was given takes it anew.
func plan(t *testing.T, s *store.Schedule) string {
	t.Helper()
	fired, err := s.Fired(ctx)
	open, err2 := s.Open(ctx)
	requests, err3 := s.Pending(ctx, 100)
	attempts, err4 := s.Attempts(ctx, job.Filter{})
	for _, err := range []error{err, err2, err3, err4} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b, err := json.Marshal([]any{fired, open, requests, attempts})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Each change of the schedule's file fails once, for want of room or because of the device.
// The office is told what to do, nothing is kept in part, and what is done again is done once.
func TestScheduleFaults(t *testing.T) {
	faults := 0
	want, changes := undisturbed(t)
	for n := range changes {
		for _, full := range []bool{true, false} {
			dir := t.TempDir()
			disk := sqlitetest.Watch(t, dir)
			s, err := store.OpenSchedule(filepath.Join(dir, "schedule.db"))
			if err != nil {
				t.Fatal(err)
			}
			disk.FailAt(n, full)
			for _, step := range steps {
				before := plan(t, s)
				err := step.do(s)
				if err == nil {
					continue
				}
				faults++
				if msg, hint, _ := fault.Public(err); !isFault(err) || msg == "" || hint == "" {
					t.Errorf("change %d, %s: %v", n, step.name, err)
				}
				if got := plan(t, s); got != before {
					t.Errorf("change %d, %s: kept in part:\n%s\nbefore:\n%s", n, step.name, got, before)
				}
				if err := step.do(s); err != nil {
					t.Errorf("change %d, %s, again: %v", n, step.name, err)
				}
			}
			if got := plan(t, s); got != want {
				t.Errorf("change %d:\n%s\nwant:\n%s", n, got, want)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	if faults < 10 {
		t.Errorf("%d faults: the test proves little", faults)
	}
	t.Logf("%d faults", faults)
}

// undisturbed returns what a schedule holds after all steps, and how many changes they were.
func undisturbed(t *testing.T) (want string, changes int) {
	t.Helper()
	dir := t.TempDir()
	disk := sqlitetest.Watch(t, dir)
	s, err := store.OpenSchedule(filepath.Join(dir, "schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	from := disk.Changes()
	for _, step := range steps {
		if err := step.do(s); err != nil {
			t.Fatal(err)
		}
	}
	return plan(t, s), disk.Changes() - from
}

// Many that make one schedule at the same time find it whole, and one of them claims a firing.
func TestScheduleIsMadeByMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schedule.db")
	var all sync.WaitGroup
	claims := make(chan bool, 8)
	for range 8 {
		all.Go(func() {
			s, err := store.OpenSchedule(path)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := s.Rebase(ctx, "publish", time.Time{}, minute(0)); err != nil {
				t.Error(err)
			}
			claimed, err := s.Fire(ctx, job.Firing{Entry: "publish", Kind: "publish", Due: minute(1), Now: minute(1)})
			if err != nil {
				t.Error(err)
			}
			claims <- claimed
		})
	}
	all.Wait()
	close(claims)
	n := 0
	for claimed := range claims {
		if claimed {
			n++
		}
	}
	if n != 1 {
		t.Errorf("claimed %d times", n)
	}
}
