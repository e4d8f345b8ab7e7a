package meili_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// Nothing counts as done on a 202: while the queue stands still no change
// returns.
func TestAcceptedIsNotDone(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	for _, c := range []struct {
		name string
		call func(context.Context) error
	}{
		{"upsert", func(ctx context.Context) error { return e.Upsert(ctx, "second", made(4, "甲")) }},
		{"delete", func(ctx context.Context) error { return e.Delete(ctx, []string{"c-1"}) }},
		{"rebuild", func(ctx context.Context) error { return e.Rebuild(ctx, schema, "third", all(made(3, "甲")...)) }},
	} {
		s.double.Hold()
		polls := 0
		s.onSleep = func(time.Duration) {
			if polls++; polls == 50 {
				s.double.Release()
			}
		}
		if err := c.call(t.Context()); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if polls < 50 {
			t.Errorf("%s came back after %d looks at tasks that had not begun", c.name, polls)
		}
		s.onSleep = nil
	}
	has(t, e, 3, "甲", "third")
}

func TestTaskFails(t *testing.T) {
	type call = func(e *meili.Engine) error
	upsert := func(e *meili.Engine) error { return e.Upsert(context.Background(), "second", made(4, "甲")) }
	rebuild := func(e *meili.Engine) error {
		return e.Rebuild(context.Background(), schema, "second", all(made(4, "甲")...))
	}
	remove := func(e *meili.Engine) error { return e.Delete(context.Background(), []string{"c-1"}) }
	for _, c := range []struct {
		name  string
		task  meilitest.TaskMatch
		code  string
		times int
		call  call
		says  string // "": it succeeds
	}{
		{"internal once", addition, "internal", 1, upsert, ""},
		{"internal once, rebuild", addition, "internal", 1, rebuild, ""},
		{"io error once", addition, "io_error", 1, upsert, ""},
		{"internal twice", addition, "internal", 2, upsert, "add documents: internal"},
		{"internal twice, rebuild", addition, "internal", 2, rebuild, "add documents: internal"},
		{"disk full", addition, "no_space_left_on_device", 1, upsert, "free space"},
		{"disk full, rebuild", addition, "no_space_left_on_device", 1, rebuild, "free space"},
		{"refused once and then taken", addition, "invalid_document_fields", 1, upsert, "invalid_document_fields"},
		{"state", meilitest.TaskType("documentAdditionOrUpdate"), "internal", 2, remove, "add documents: internal"},
		{"delete", deletion, "internal", 1, remove, "delete documents: internal"},
		{"swap", swapping, "index_not_found", 1, rebuild, "swap the indexes: index_not_found"},
		{"settings", meilitest.TaskType("settingsUpdate"), "internal", 1, rebuild, "change the settings: internal"},
		{"create", meilitest.TaskType("indexCreation"), "internal", 1, rebuild, "create the index: internal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStand(t, meilitest.Options{}, meili.Options{})
			e := s.filled(t, 3)
			s.double.FailTask(c.times, c.task, c.code, "cannot index "+secret)
			err := c.call(e)
			if c.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				has(t, e, 4, "甲", "second")
				return
			}
			s.fails(t, err, search.ErrUnavailable, c.says)
			if st, err := e.Stats(t.Context()); err != nil || st.Mark != "first" || st.Docs != 3 {
				t.Errorf("stats %+v, %v; want what was there before", st, err)
			}
			s.double.Heal()
			if err := rebuild(e); err != nil {
				t.Fatal(err)
			}
			has(t, e, 4, "甲", "second")
		})
	}
}

// A change of which nobody knows how it ended is one that is under way, for every
// process, until the next one.
func TestChangeUnfinished(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	before, err := e.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.double.FailTask(2, addition, "internal", "made up")
	if err := e.Upsert(t.Context(), "second", made(4, "甲")); err == nil {
		t.Fatal("no error")
	}
	for _, engine := range []search.Engine{e, s.reader(t), s.open(t)} {
		if st, err := engine.Stats(t.Context()); err != nil || !st.Indexing || st.Mark != "first" || st.Version <= before.Version {
			t.Errorf("stats %+v, %v; want a change under way after %+v", st, err, before)
		}
	}
	if err := s.open(t).Upsert(t.Context(), "second", made(4, "甲")); err != nil {
		t.Fatal(err)
	}
	has(t, e, 4, "甲", "second")
	has(t, s.reader(t), 4, "甲", "second")
}

// The server refuses one document of many: the error names it, and nothing of
// the others is to be found.
func TestRefusedDocument(t *testing.T) {
	for _, large := range []int{0, 1500} {
		s := newStand(t, meilitest.Options{}, meili.Options{BatchBytes: large})
		e := s.filled(t, 3)
		s.edit(upload, func(body string) string {
			return strings.ReplaceAll(body, `"id":"c-23"`, `"id":"c 23"`)
		})
		before, err := e.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		err = e.Rebuild(t.Context(), schema, "lost", all(made(40, "乙")...))
		s.fails(t, err, search.ErrDoc, "c-23:", "invalid_document_id")
		has(t, e, 3, "甲", "first")
		err = e.Upsert(t.Context(), "lost", made(40, "乙"))
		s.fails(t, err, search.ErrDoc, "c-23:", "invalid_document_id")
		if large > 0 {
			// Batches before the one that was refused have been taken: the change
			// is one that did not end.
			if st, err := e.Stats(t.Context()); err != nil || !st.Indexing || st.Mark != "first" {
				t.Errorf("stats %+v, %v", st, err)
			}
			s.onSend = nil
			if err := e.Upsert(t.Context(), "second", made(40, "乙")); err != nil {
				t.Fatal(err)
			}
			has(t, e, 40, "乙", "second")
			continue
		}
		has(t, e, 3, "甲", "first")
		if after, err := e.Stats(t.Context()); err != nil || after.Version <= before.Version {
			t.Errorf("version %d after %d, %v", after.Version, before.Version, err)
		}
		s.double.Drain()
		if _, ok := s.indexes(t)["cases_check"]; ok {
			t.Error("the index of trials is still there")
		}
	}
}

// indexes returns how many documents each index of the double has.
func (s *stand) indexes(t *testing.T) map[string]int {
	t.Helper()
	var answer struct {
		Indexes map[string]struct {
			NumberOfDocuments int
		}
	}
	s.ask(t, http.MethodGet, "/stats", "", &answer)
	n := map[string]int{}
	for uid, ix := range answer.Indexes {
		n[uid] = ix.NumberOfDocuments
	}
	return n
}

func TestTaskHangs(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{Watchdog: time.Hour})
	e := s.filled(t, 3)
	began := s.slept()
	s.double.HangTask(1, addition)
	err := e.Rebuild(t.Context(), schema, "lost", all(made(4, "乙")...))
	s.fails(t, err, search.ErrUnavailable, "task_hung", "GET /tasks")
	if waited := s.slept() - began; waited < time.Hour || waited > 61*time.Minute {
		t.Errorf("waited %v, want an hour", waited)
	}
	s.double.Drain()
	canceled := 0
	for _, task := range s.double.Tasks() {
		if task.Status == "canceled" {
			canceled++
		}
	}
	if canceled != 1 {
		t.Errorf("%d tasks were canceled, want the one that hung", canceled)
	}
	has(t, e, 3, "甲", "first")
	if err := e.Rebuild(t.Context(), schema, "second", all(made(4, "乙")...)); err != nil {
		t.Fatal(err)
	}
	has(t, e, 4, "乙", "second")
}

// A task that takes long and whose server restarts again and again is waited for.
func TestRestartInMidTask(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{Watchdog: time.Hour})
	e := s.filled(t, 3)
	s.double.HangTask(3, addition)
	last := s.slept()
	restarts := 0
	s.onSleep = func(slept time.Duration) {
		if slept-last > 40*time.Minute {
			last = slept
			restarts++
			s.double.Restart()
		}
	}
	if err := e.Rebuild(t.Context(), schema, "second", all(made(4, "乙")...)); err != nil {
		t.Fatal(err)
	}
	if restarts != 3 {
		t.Errorf("%d restarts", restarts)
	}
	has(t, e, 4, "乙", "second")
}

func TestTaskCanceled(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	s.double.HangTask(1, addition)
	s.onSleep = func(time.Duration) {
		for _, task := range s.double.Tasks() {
			if addition(task) && task.Status == "processing" {
				s.ask(t, http.MethodPost, "/tasks/cancel?statuses=enqueued,processing", "", nil)
			}
		}
	}
	err := e.Upsert(t.Context(), "second", made(4, "甲"))
	s.fails(t, err, search.ErrUnavailable, "task_canceled", "do it again")
	s.onSleep = nil
	if err := e.Upsert(t.Context(), "second", made(4, "甲")); err != nil {
		t.Fatal(err)
	}
	has(t, e, 4, "甲", "second")
}

// Tasks that the server has forgotten say nothing: what they should have done is
// looked at.
func TestTaskForgotten(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	forget := func(time.Duration) {
		s.double.Drain()
		s.ask(t, http.MethodDelete, "/tasks?statuses=succeeded,failed,canceled", "", nil)
		s.double.Drain()
	}
	s.onSleep = forget
	if err := e.Upsert(t.Context(), "second", made(5, "甲")); err != nil {
		t.Fatal(err)
	}
	if err := e.Delete(t.Context(), []string{"c-5"}); err != nil {
		t.Fatal(err)
	}
	has(t, e, 4, "甲", "second")
	if err := e.Rebuild(t.Context(), schema, "third", all(made(6, "乙")...)); err != nil {
		t.Fatal(err)
	}
	has(t, e, 6, "乙", "third")

	// They failed before they were forgotten.
	s.double.FailTask(1, addition, "internal", "made up")
	s.fails(t, e.Upsert(t.Context(), "lost", made(7, "丙")), search.ErrUnavailable, "not on the server as it was sent")
	s.double.FailTask(1, deletion, "internal", "made up")
	s.onSend = func(r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/tasks" {
			forget(0) // before the first look
		}
	}
	s.fails(t, e.Delete(t.Context(), []string{"c-2"}), search.ErrUnavailable, "c-2 is still on the server")
	s.onSend = nil
	s.double.FailTask(1, addition, "internal", "made up")
	s.fails(t, e.Rebuild(t.Context(), schema, "lost", all(made(7, "丙")...)), search.ErrUnavailable, "not on the server as it was sent")
	if r, err := e.Search(t.Context(), search.Query{Terms: []string{"乙"}}); err != nil || r.Total != 6 {
		t.Errorf("%d documents, %v; want 6", r.Total, err)
	}
}

// A program that died, or a call that was given up, left tasks behind: the next
// change waits for them before it looks at what is there. So each state that is
// written has a version of its own.
func TestEarlierTasks(t *testing.T) {
	for name, same := range map[string]bool{"another program": false, "the same": true} {
		s := newStand(t, meilitest.Options{}, meili.Options{})
		e := s.filled(t, 3)
		ctx, cancel := context.WithCancel(t.Context())
		var versions []int64
		s.edit(meilitest.Route("POST /indexes/cases_state/documents"), func(body string) string {
			var state struct{ Version int64 }
			if err := decodeJSON(strings.NewReader(body), &state); err != nil {
				t.Error(err)
			}
			versions = append(versions, state.Version)
			if len(versions) == 2 {
				s.double.Hold()
				s.onSleep = func(time.Duration) { cancel() }
			}
			return body
		})
		if err := e.Upsert(ctx, "second", made(5, "甲")); err == nil {
			t.Fatal("no error")
		}
		s.onSleep = func(time.Duration) { s.double.Release() }
		if !same {
			e = s.open(t)
		}
		if err := e.Delete(t.Context(), []string{"c-5"}); err != nil {
			t.Fatal(err)
		}
		s.double.Release()
		has(t, e, 4, "甲", "second")
		if want := []int64{2, 3, 4, 5}; !slices.Equal(versions, want) {
			t.Errorf("%s: versions %d were written, want %d", name, versions, want)
		}
	}
}

// ask sends a request with the master key that no engine has sent.
func (s *stand) ask(t *testing.T, method, path, body string, into any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.o.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+masterKey)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		t.Fatal(fmt.Errorf("%s %s: %s", method, path, res.Status))
	}
	if into != nil {
		if err := decodeJSON(res.Body, into); err != nil {
			t.Fatal(err)
		}
	}
}
