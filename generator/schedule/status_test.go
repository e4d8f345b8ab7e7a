package schedule_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/schedule"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// A run that has failed is in the overview until one of its entry is done, however often
// it is tried meanwhile; so is a request, until something answers it.
func TestFailedUntilDone(t *testing.T) {
	s, err := store.OpenSchedule(filepath.Join(t.TempDir(), "schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	o := schedule.Defaults("publish")
	table, err := o.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	clock := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	look := func() schedule.Overview {
		t.Helper()
		v, err := schedule.Look(t.Context(), s, table, clock, 1, "publish")
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if _, err := s.Rebase(t.Context(), "publish", time.Time{}, clock); err != nil {
		t.Fatal(err)
	}
	attempt := func(outcome job.Outcome, state job.State, answer ...string) {
		t.Helper()
		clock = clock.Add(time.Minute)
		open, err := s.Open(t.Context())
		if err != nil || len(open) == 0 {
			t.Fatal(open, err)
		}
		h := job.Holder{Host: "made-up", ID: "1"}
		fence, taken, err := s.Take(t.Context(), "store", h, clock, clock.Add(time.Minute))
		if err != nil || !taken {
			t.Fatal(taken, err)
		}
		if _, ok, err := s.Begin(t.Context(), open[0].ID, "store", fence, h, clock); !ok || err != nil {
			t.Fatal(ok, err)
		}
		clock = clock.Add(time.Minute)
		if ok, err := s.End(t.Context(), job.Ending{Run: open[0].ID, Lease: "store", Fence: fence, At: clock, Outcome: outcome, State: state, Text: string(outcome), Ready: clock, Answer: answer}); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	fire := func() {
		t.Helper()
		clock = clock.Add(24 * time.Hour)
		if ok, err := s.Fire(t.Context(), job.Firing{Entry: "publish", Kind: "publish", Due: clock, Now: clock}); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	ask := func(id string) {
		t.Helper()
		clock = clock.Add(time.Hour)
		if _, fresh, err := s.Request(t.Context(), job.Request{ID: id, Kind: "republish", Scope: "all", By: "x", At: clock}); !fresh || err != nil {
			t.Fatal(fresh, err)
		}
	}

	fire()
	attempt(job.Failure, job.Waiting)
	if v := look(); v.Entries[0].Failed != nil {
		t.Errorf("tried again, and failed already: %+v", v.Entries[0].Failed)
	}
	attempt(job.Died, job.Failed)
	fire()
	attempt(job.Failure, job.Waiting) // of the next firing
	if v := look(); v.Entries[0].Failed == nil || v.Entries[0].Failed.Text != "died" {
		t.Errorf("forgotten while the next one is tried: %+v", v.Entries[0].Failed)
	}
	if err := s.Note(t.Context(), job.Attempt{Entry: "publish", Kind: "timetable", Started: clock, Ended: clock, Outcome: job.Notice}); err != nil {
		t.Fatal(err)
	}
	attempt(job.Success, job.Done)
	if v := look(); v.Entries[0].Failed != nil {
		t.Errorf("done, and still failed: %+v", v.Entries[0].Failed)
	}

	ask("a")
	attempt(job.Failure, job.Failed)
	if v := look(); v.Unanswered == nil || v.Unanswered.Text != "failure" || v.Entries[0].Failed != nil {
		t.Errorf("a request that failed: %+v", v.Unanswered)
	}
	ask("b")
	if v := look(); v.Unanswered == nil {
		t.Error("forgotten because of another request")
	}
	attempt(job.Success, job.Done)
	if v := look(); v.Unanswered != nil {
		t.Errorf("answered, and still: %+v", v.Unanswered)
	}
	ask("c")
	attempt(job.Failure, job.Failed)
	fire()
	attempt(job.Success, job.Done) // a publish answers it too
	if v := look(); v.Unanswered != nil {
		t.Errorf("answered by the timetable, and still: %+v", v.Unanswered)
	}
	// One that fails after it has answered leaves nobody without an answer, and answers for
	// those of before too.
	ask("d")
	attempt(job.Failure, job.Failed)
	ask("e")
	attempt(job.Failure, job.Waiting, "e")
	if v := look(); v.Unanswered != nil {
		t.Errorf("another was answered, and still: %+v", v.Unanswered)
	}
	attempt(job.Failure, job.Failed)
	if v := look(); v.Unanswered != nil || len(v.Requests) > 0 {
		t.Errorf("answered, and then failed: %+v, %+v", v.Unanswered, v.Requests)
	}
	ask("f")
	ask("g")
	attempt(job.Failure, job.Failed, "f")
	if v := look(); v.Unanswered == nil {
		t.Error("one of two is not answered, and that is not said")
	}
}

// Somebody has to look when nobody claims a firing, or a run waits for hours.
func TestOverdue(t *testing.T) {
	s, err := store.OpenSchedule(filepath.Join(t.TempDir(), "schedule.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	o := schedule.Defaults("publish") // 6:30 in UTC+8
	table, err := o.Timetable()
	if err != nil {
		t.Fatal(err)
	}
	due := time.Date(2026, 11, 28, 22, 30, 0, 0, time.UTC)
	overdue := func(after time.Duration) bool {
		t.Helper()
		v, err := schedule.Look(t.Context(), s, table, due.Add(after), 1)
		if err != nil {
			t.Fatal(err)
		}
		return v.Entries[0].Overdue(due.Add(after))
	}
	if _, err := s.Rebase(t.Context(), "publish", time.Time{}, due.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if overdue(-time.Second) || overdue(14*time.Minute) || !overdue(15*time.Minute) || !overdue(72*time.Hour) {
		t.Error("a firing that nobody claims")
	}
	if _, err := s.Fire(t.Context(), job.Firing{Entry: "publish", Kind: "publish", Due: due, Now: due}); err != nil {
		t.Fatal(err)
	}
	if overdue(time.Hour) || !overdue(2*time.Hour) {
		t.Error("a run that nobody begins")
	}
	if _, taken, err := s.Take(t.Context(), "store", job.Holder{Host: "h", ID: "1"}, due, due.Add(time.Hour)); !taken || err != nil {
		t.Fatal(taken, err)
	}
	if _, ok, err := s.Begin(t.Context(), 1, "store", 1, job.Holder{Host: "h", ID: "1"}, due); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if overdue(3 * time.Hour) {
		t.Error("a run that goes on is not behind")
	}
}
