package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/generator/store"
)

// noon is where the clock of these tests stands.
var noon = time.Date(2026, 11, 28, 4, 0, 0, 0, time.UTC)

var here, there = job.Holder{Host: "here", ID: "a"}, job.Holder{Host: "there", ID: "b"}

func openSchedule(t *testing.T, path string) *store.Schedule {
	t.Helper()
	s, err := store.OpenSchedule(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newSchedule(t *testing.T) *store.Schedule {
	return openSchedule(t, filepath.Join(t.TempDir(), "schedule.db"))
}

// must returns the values of a call that must not fail.
func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func begin(t *testing.T, s *store.Schedule, run int64, lease string, h job.Holder) (job.Run, int64) {
	t.Helper()
	fence, taken, err := s.Take(t.Context(), lease, h, noon, noon.Add(time.Minute))
	if err != nil || !taken {
		t.Fatalf("the lease is not given: %v", err)
	}
	r, begun, err := s.Begin(t.Context(), run, lease, fence, h, noon)
	if err != nil || !begun {
		t.Fatalf("run %d does not begin: %v", run, err)
	}
	return r, fence
}

func TestScheduleFires(t *testing.T) {
	s, ctx := newSchedule(t), t.Context()
	ok := must[bool](t)
	fire := func(due time.Time, missed int) bool {
		return ok(s.Fire(ctx, job.Firing{Entry: "publish", Kind: "publish", Args: map[string]string{"scope": "all"}, Due: due, Missed: missed, Now: noon}))
	}
	if fire(noon, 0) {
		t.Error("an entry that nobody knows has fired")
	}
	if !ok(s.Rebase(ctx, "publish", time.Time{}, noon.Add(-time.Hour))) || ok(s.Rebase(ctx, "publish", time.Time{}, noon)) || ok(s.Rebase(ctx, "publish", noon, noon)) {
		t.Error("an entry was set from a time that it did not have")
	}
	if !fire(noon, 2) || fire(noon, 0) || fire(noon.Add(-time.Minute), 0) {
		t.Error("a firing was claimed twice, or not once")
	}
	// What has not begun stands for the next firing too; what goes on does not.
	if !fire(noon.Add(time.Hour), 0) {
		t.Error("the next firing was not claimed")
	}
	begin(t, s, 1, "publish", here)
	if !fire(noon.Add(2*time.Hour), 0) {
		t.Error("the third firing was not claimed")
	}
	open := must[[]job.Run](t)(s.Open(ctx))
	want := []job.Run{
		{ID: 1, Entry: "publish", Kind: "publish", Args: map[string]string{"scope": "all"}, Due: noon.Add(time.Hour), Missed: 3, Ready: noon, State: job.Running, Attempt: 1,
			Lease: "publish", Fence: 1, Holder: here, Started: noon},
		{ID: 2, Entry: "publish", Kind: "publish", Args: map[string]string{"scope": "all"}, Due: noon.Add(2 * time.Hour), Ready: noon, State: job.Queued},
	}
	if diff := cmp.Diff(want, open); diff != "" {
		t.Errorf("open runs (-want +got):\n%s", diff)
	}
	if fired := must[map[string]time.Time](t)(s.Fired(ctx)); !fired["publish"].Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("fired: %v", fired)
	}
}

func TestScheduleLeases(t *testing.T) {
	s, ctx := newSchedule(t), t.Context()
	take := func(h job.Holder, now time.Time) (int64, bool) {
		fence, taken, err := s.Take(ctx, "store", h, now, now.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return fence, taken
	}
	for i, step := range []struct {
		holder job.Holder
		after  time.Duration
		fence  int64 // 0: refused
	}{
		{here, 0, 1},
		{there, 59 * time.Second, 0},
		{job.Holder{Host: "here", ID: "c"}, 0, 2}, // on the same host, whose lock it holds
		{there, 59 * time.Second, 0},
		{there, time.Minute, 3}, // its time is over
		{here, time.Minute, 0},
		{here, -24 * time.Hour, 0}, // a clock that was set back
		{here, 2 * time.Minute, 4},
	} {
		if fence, taken := take(step.holder, noon.Add(step.after)); fence != step.fence || taken != (step.fence > 0) {
			t.Fatalf("step %d: fence %d, %t; want %d", i, fence, taken, step.fence)
		}
	}
	ok := must[bool](t)
	if ok(s.Renew(ctx, "store", 3, noon)) || !ok(s.Renew(ctx, "store", 4, noon.Add(time.Hour))) {
		t.Error("a lease was renewed by who had lost it, or not by who has it")
	}
	if err := s.Release(ctx, "store", 3); err != nil {
		t.Fatal(err)
	}
	if leases := must[[]job.Lease](t)(s.Leases(ctx)); len(leases) != 1 || leases[0] != (job.Lease{Name: "store", Holder: here, Until: noon.Add(time.Hour), Fence: 4}) {
		t.Errorf("%+v", leases)
	}
	if err := s.Release(ctx, "store", 4); err != nil {
		t.Fatal(err)
	}
	if ok(s.Renew(ctx, "store", 4, noon)) {
		t.Error("a lease that was given back was renewed")
	}
	if fence, taken := take(there, noon); fence != 5 || !taken {
		t.Errorf("a free lease: %d, %t", fence, taken)
	}
}

func TestScheduleRequests(t *testing.T) {
	s, ctx := newSchedule(t), t.Context()
	ask := func(id, kind string) (job.Request, bool) {
		q, fresh, err := s.Request(ctx, job.Request{ID: id, Kind: kind, Scope: "unit 510104-0137", By: "the office", At: noon})
		if err != nil {
			t.Fatal(err)
		}
		return q, fresh
	}
	ask("a", "publish")
	ask("b", "publish")
	ask("other", "digest")
	r, fence := begin(t, s, 1, "publish", here)
	if len(r.Requests) != 2 || r.Requests[0].ID != "a" || r.Requests[1].ID != "b" || r.Requests[0].State != job.Running {
		t.Errorf("%+v", r.Requests)
	}
	if q, fresh := ask("a", "digest"); fresh || q.Kind != "publish" || q.State != job.Running || q.Run != 1 {
		t.Errorf("known: %+v, %t", q, fresh)
	}
	ask("c", "publish")
	ask("d", "publish")
	// The run fails and waits; with it those that it has taken. What comes then is taken by
	// its next attempt, which does not wait.
	end := func(e job.Ending) {
		t.Helper()
		e.Lease, e.At = "publish", noon.Add(time.Second)
		if !must[bool](t)(s.End(ctx, e)) {
			t.Error("the end was not taken")
		}
	}
	end(job.Ending{Run: 1, Fence: fence, Outcome: job.Failure, State: job.Waiting, Ready: noon.Add(time.Hour), Text: "the disk is full", Hint: "make room"})
	ask("e", "publish")
	if open := must[[]job.Run](t)(s.Open(ctx)); len(open) != 3 || open[0].Ready != noon || open[0].Failures != 1 || open[2].Kind != "publish" || open[2].State != job.Queued {
		t.Errorf("%+v", open)
	}
	r, fence = begin(t, s, 1, "publish", here)
	if len(r.Requests) != 5 || r.Attempt != 2 {
		t.Errorf("%+v", r)
	}
	// The run that was to take them has nothing to do any more.
	if open := must[[]job.Run](t)(s.Open(ctx)); len(open) != 2 || open[0].ID != 1 || open[1].Kind != "digest" {
		t.Errorf("%+v", open)
	}
	ask("f", "publish")
	end(job.Ending{Run: 1, Fence: fence, Outcome: job.Success, State: job.Done, Release: 12, Text: "release 12", Counts: []byte(`{"pages":3}`)})
	_, fence = begin(t, s, 4, "publish", here)
	end(job.Ending{Run: 4, Fence: fence, Outcome: job.Failure, State: job.Failed, Text: "the key is wrong"})
	var got []string
	for _, id := range []string{"a", "e", "f", "other", "none"} {
		q, ok, err := s.Requested(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.TrimSpace(fmt.Sprintln(id, ok, q.State, q.Run, q.Release, q.Reason)))
	}
	if diff := cmp.Diff([]string{"a true done 1 12", "e true done 1 12", "f true failed 4 0 the key is wrong", "other true queued 0 0", "none false  0 0"}, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if left := must[[]job.Request](t)(s.Pending(ctx, 10)); len(left) != 1 || left[0].ID != "other" {
		t.Errorf("%+v", left)
	}
	all := must[[]job.Attempt](t)(s.Attempts(ctx, job.Filter{Run: 1}))
	want := []job.Attempt{
		{Run: 1, Kind: "publish", Attempt: 2, Due: noon, Started: noon, Ended: noon.Add(time.Second), Outcome: job.Success, Final: true, Text: "release 12", Counts: []byte(`{"pages":3}`)},
		{Run: 1, Kind: "publish", Attempt: 1, Due: noon, Started: noon, Ended: noon.Add(time.Second), Outcome: job.Failure, Text: "the disk is full", Hint: "make room"},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
	for _, q := range []job.Request{{Kind: "publish"}, {ID: "x"}} {
		if _, _, err := s.Request(ctx, q); err == nil {
			t.Errorf("taken: %+v", q)
		}
	}
}

// Requests that an attempt answers are done, and the others of its run go with it.
func TestScheduleAnswers(t *testing.T) {
	s, ctx := newSchedule(t), t.Context()
	for _, q := range []job.Request{{ID: "a", Act: true}, {ID: "b"}, {ID: "c"}} {
		q.Kind, q.At = "republish", noon
		if _, _, err := s.Request(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	states := func() (all []string) {
		for _, id := range []string{"a", "b", "c", "d"} {
			if q, ok, err := s.Requested(ctx, id); err != nil {
				t.Fatal(err)
			} else if ok {
				all = append(all, strings.TrimSpace(fmt.Sprintln(q.ID, q.Act, q.State, q.Release, q.Reason)))
			}
		}
		return all
	}
	end := func(fence int64, state job.State, text string, answer ...string) {
		t.Helper()
		e := job.Ending{Run: 1, Lease: "store", Fence: fence, At: noon, Outcome: job.Failure, State: state, Ready: noon, Text: text, Release: 7, Answer: answer}
		if !must[bool](t)(s.End(ctx, e)) {
			t.Fatal("the end was not taken")
		}
	}
	_, fence := begin(t, s, 1, "store", here)
	end(fence, job.Waiting, "a feed is down", "a", "b")
	if diff := cmp.Diff([]string{"a true done 7 a feed is down", "b false done 7 a feed is down", "c false running 0"}, states()); diff != "" {
		t.Errorf("after the first attempt (-want +got):\n%s", diff)
	}
	// One that comes meanwhile has no run of its own, and is taken by the next attempt.
	if _, _, err := s.Request(ctx, job.Request{ID: "d", Kind: "republish", At: noon}); err != nil {
		t.Fatal(err)
	}
	r, fence := begin(t, s, 1, "store", here)
	if len(r.Requests) != 2 || r.Requests[0].ID != "c" || r.Requests[1].ID != "d" || len(must[[]job.Run](t)(s.Open(ctx))) != 1 {
		t.Errorf("%+v", r.Requests)
	}
	end(fence, job.Failed, "it is down still", "d", "a")
	if diff := cmp.Diff([]string{"a true done 7 a feed is down", "b false done 7 a feed is down", "c false failed 7 it is down still", "d false done 7 it is down still"}, states()); diff != "" {
		t.Errorf("after the last attempt (-want +got):\n%s", diff)
	}
}

// A run knows on every attempt whether more than acts has ever asked for it, also when that
// was answered.
func TestScheduleOthers(t *testing.T) {
	s, ctx := newSchedule(t), t.Context()
	ask := func(id string, act bool) {
		t.Helper()
		if _, _, err := s.Request(ctx, job.Request{ID: id, Kind: "republish", At: noon, Act: act}); err != nil {
			t.Fatal(err)
		}
	}
	attempt := func(others bool, answer ...string) {
		t.Helper()
		r, fence := begin(t, s, 1, "store", here)
		if r.Others != others {
			t.Errorf("attempt %d: others %t", r.Attempt, r.Others)
		}
		e := job.Ending{Run: 1, Lease: "store", Fence: fence, At: noon, Outcome: job.Failure, State: job.Waiting, Ready: noon, Release: 7, Answer: answer}
		if !must[bool](t)(s.End(ctx, e)) {
			t.Fatal("the end was not taken")
		}
	}
	ask("act", true)
	attempt(false)
	attempt(false)
	ask("other", false)
	attempt(true, "act", "other")
	ask("later", true)
	attempt(true)
}

// Whoever has lost a lease ends nothing and begins nothing, and two attempts under one do
// not go on at the same time.
func TestScheduleFence(t *testing.T) {
	s, ctx := newSchedule(t), t.Context()
	ok := must[bool](t)
	for _, kind := range []string{"publish", "pull"} {
		if _, _, err := s.Request(ctx, job.Request{ID: kind, Kind: kind, At: noon}); err != nil {
			t.Fatal(err)
		}
	}
	_, old := begin(t, s, 1, "store", there)
	if _, begun, err := s.Begin(ctx, 2, "store", old, there, noon); begun || err != nil {
		t.Errorf("a second one under the same lease: %t, %v", begun, err)
	}
	fence, taken, err := s.Take(ctx, "store", here, noon.Add(time.Minute), noon.Add(2*time.Minute))
	if err != nil || !taken {
		t.Fatal(taken, err)
	}
	if ok(s.End(ctx, job.Ending{Run: 1, Lease: "store", Fence: old, At: noon, Outcome: job.Success, State: job.Done})) {
		t.Error("who had lost the lease ended the run")
	}
	if _, begun, err := s.Begin(ctx, 2, "store", old, there, noon); begun || err != nil {
		t.Errorf("who had lost the lease began a run: %t, %v", begun, err)
	}
	if _, begun, err := s.Begin(ctx, 2, "store", fence, here, noon); begun || err != nil {
		t.Errorf("one began beside that of a dead holder: %t, %v", begun, err)
	}
	died := job.Ending{Run: 1, Lease: "store", Fence: fence, At: noon, Outcome: job.Died, State: job.Queued, Ready: noon}
	if !ok(s.End(ctx, died)) || ok(s.End(ctx, died)) {
		t.Error("the run of a dead holder was not ended once")
	}
	r, _ := begin(t, s, 1, "store", here)
	if r.Failures != 1 || r.Died != 1 || r.Attempt != 2 || r.Fence != fence+1 || len(r.Requests) != 1 {
		t.Errorf("%+v", r)
	}
}

// Many at once, through files of their own, claim each firing once and get the lease one
// after the other.
func TestScheduleManyAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schedule.db")
	if ok, err := openSchedule(t, path).Rebase(t.Context(), "publish", time.Time{}, noon); !ok || err != nil {
		t.Fatal(ok, err)
	}
	var claimed [10]atomic.Int32
	var taken atomic.Int32
	var all sync.WaitGroup
	for i := range 4 {
		s := openSchedule(t, path)
		all.Go(func() {
			for n := range 10 {
				ok, err := s.Fire(t.Context(), job.Firing{Entry: "publish", Kind: "publish", Due: noon.Add(time.Duration(n+1) * time.Minute), Now: noon})
				if err != nil {
					t.Error(err)
				}
				if ok && claimed[n].Add(1) != 1 {
					t.Errorf("firing %d was claimed twice", n)
				}
				fence, ok, err := s.Take(t.Context(), "publish", job.Holder{Host: fmt.Sprint("host", i)}, noon, noon.Add(time.Minute))
				if err != nil {
					t.Error(err)
				}
				if ok {
					if taken.Add(1) != 1 {
						t.Error("two have the lease")
					}
					taken.Add(-1)
					if err := s.Release(t.Context(), "publish", fence); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	// An earlier one that comes after a later one is not claimed. The last one always is.
	if claimed[9].Load() != 1 {
		t.Error("the last firing was not claimed")
	}
}

func TestSchedulePrune(t *testing.T) {
	s, ctx := newSchedule(t), t.Context()
	for i := range 30 {
		if _, _, err := s.Request(ctx, job.Request{ID: fmt.Sprint(i), Kind: "publish", At: noon}); err != nil {
			t.Fatal(err)
		}
		if i == 29 {
			break // stays open
		}
		_, fence := begin(t, s, int64(i+1), "publish", here)
		e := job.Ending{Run: int64(i + 1), Lease: "publish", Fence: fence, At: noon.AddDate(0, 0, i), Outcome: job.Success, State: job.Done}
		if !must[bool](t)(s.End(ctx, e)) {
			t.Fatal("not ended")
		}
	}
	count := func() string {
		attempts := must[[]job.Attempt](t)(s.Attempts(ctx, job.Filter{Limit: 100}))
		requests := 0
		for i := range 30 {
			if _, ok, err := s.Requested(ctx, fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			} else if ok {
				requests++
			}
		}
		return fmt.Sprint(len(attempts), " attempts, ", requests, " requests, ", len(must[[]job.Run](t)(s.Open(ctx))), " open")
	}
	for _, step := range []struct {
		before time.Time
		keep   int
		want   string
	}{
		{noon, 5, "29 attempts, 30 requests, 1 open"},
		{noon.AddDate(0, 0, 10), 5, "19 attempts, 20 requests, 1 open"},
		{noon.AddDate(100, 0, 0), 5, "5 attempts, 5 requests, 1 open"}, // a clock that is years ahead
	} {
		must[int64](t)(s.Prune(ctx, step.before, step.keep))
		if got := count(); got != step.want {
			t.Errorf("before %s: %s; want %s", step.before, got, step.want)
		}
	}
}

// A disk without room is named, and a request that was not kept is not there.
func TestScheduleFull(t *testing.T) {
	s, ctx := newSchedule(t), t.Context()
	ask := func(n int) error {
		_, _, err := s.Request(ctx, job.Request{ID: fmt.Sprint(n), Kind: "publish", Scope: strings.Repeat("x", 500), At: noon})
		return err
	}
	if err := ask(0); err != nil {
		t.Fatal(err)
	}
	if err := s.LimitPages(1); err != nil { // as many as there are
		t.Fatal(err)
	}
	n, err := 1, error(nil)
	for ; err == nil; n++ {
		err = ask(n)
	}
	if msg, hint, code := fault.Public(err); code != fault.ExitNoSpace || hint == "" || !strings.Contains(msg, "schedule.db") {
		t.Errorf("%q, %q, %d", msg, hint, code)
	}
	if _, ok, err := s.Requested(ctx, fmt.Sprint(n-1)); ok || err != nil {
		t.Errorf("a request that was refused is there: %t, %v", ok, err)
	}
	if err := s.LimitPages(1 << 30); err != nil {
		t.Fatal(err)
	}
	if err := ask(n - 1); err != nil {
		t.Errorf("with room: %v", err)
	}
}

func TestScheduleRefusesOtherFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schedule.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("garbage ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenSchedule(path); code(err) != fault.ExitDamaged {
		t.Errorf("garbage: %v", err)
	}
	path = filepath.Join(t.TempDir(), "store.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE x (y)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenSchedule(path); code(err) != fault.ExitFailure {
		t.Errorf("another file: %v", err)
	}
}

func code(err error) int {
	_, _, code := fault.Public(err)
	return code
}

// Nobody guesses the identifier of a request from the name of its message, and two
// installations have others; the same message has the same one after a start as well.
func TestRequestID(t *testing.T) {
	dir := t.TempDir()
	id := func(file, message string) string {
		t.Helper()
		s, err := store.OpenSchedule(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		id, err := s.RequestID(t.Context(), message)
		if err != nil || len(id) != 32 {
			t.Fatal(id, err)
		}
		return id
	}
	one, again, other, elsewhere := id("a.db", "msg_1"), id("a.db", "msg_1"), id("a.db", "msg_2"), id("b.db", "msg_1")
	if one != again || one == other || one == elsewhere {
		t.Error(one, again, other, elsewhere)
	}
}
