package meili_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/meili/meilitest"
)

func TestServerDown(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{BatchBytes: 2000})
	e := s.filled(t, 9)
	s.double.Stop()
	_, err := e.Search(t.Context(), search.Query{Terms: []string{secret}, Limit: 1})
	s.fails(t, err, search.ErrUnavailable, "meili: search", "check that the server is running")
	_, err = e.Stats(t.Context())
	s.fails(t, err, search.ErrUnavailable)
	if s.slept() > time.Second {
		t.Errorf("a search waited %v for a server that is down", s.slept())
	}
	s.double.Start()
	has(t, e, 9, "甲", "first")

	// It goes down in the middle of a Rebuild and is back after two minutes.
	down := s.slept()
	s.onSleep = func(slept time.Duration) {
		if slept > down+2*time.Minute {
			s.double.Start()
		}
	}
	if err := e.Rebuild(t.Context(), schema, "second", at(20, s.double.Stop, made(40, "乙")...)); err != nil {
		t.Fatal(err)
	}
	has(t, e, 40, "乙", "second")

	// It does not come back.
	s.onSleep = nil
	began := s.slept()
	err = e.Rebuild(t.Context(), schema, "third", at(20, s.double.Stop, made(40, "丙")...))
	s.fails(t, err, search.ErrUnavailable)
	if waited := s.slept() - began; waited < 9*time.Minute || waited > 12*time.Minute {
		t.Errorf("waited %v for a server that is down, want about 10 minutes", waited)
	}
	s.double.Start()
	has(t, e, 40, "乙", "second")
}

// What was accepted although no answer came is done once, and what was not is
// asked for again.
func TestAnswerLost(t *testing.T) {
	for name, match := range map[string]meilitest.Match{
		"documents": upload,
		"state":     meilitest.Route("POST /indexes/*_state*/documents"),
		"settings":  meilitest.Route("PATCH /indexes/*/settings"),
		"create":    meilitest.Route("POST /indexes"),
		"delete":    meilitest.Route("DELETE /indexes/*"),
		"swap":      meilitest.Route("POST /swap-indexes"),
		"tasks":     meilitest.Route("GET /tasks"),
		"search":    meilitest.Route("POST /multi-search"),
	} {
		for fault, f := range map[string]meilitest.Fault{
			"done":     {Drop: true, Done: true},
			"not done": {Drop: true},
			"proxy":    {Status: 502, Body: "<html>bad gateway</html>", Done: true},
			"garbage":  {Status: 200, Body: "<html>welcome</html>", Done: true},
		} {
			t.Run(name+", "+fault, func(t *testing.T) {
				s := newStand(t, meilitest.Options{}, meili.Options{})
				e := s.filled(t, 5)
				s.double.Fail(1, match, f)
				if err := e.Rebuild(t.Context(), schema, "second", all(made(7, "乙")...)); err != nil {
					t.Fatal(err)
				}
				has(t, e, 7, "乙", "second")
				s.double.Fail(1, match, f)
				more := made(8, "乙")
				if err := e.Upsert(t.Context(), "third", more[7:]); err != nil {
					t.Fatal(err)
				}
				s.double.Heal()
				has(t, e, 8, "乙", "third")
				if err := e.Rebuild(t.Context(), schema, "fourth", all(made(3, "丙")...)); err != nil {
					t.Fatal(err)
				}
				has(t, e, 3, "丙", "fourth")
			})
		}
	}
}

func TestBusy(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	s.double.Fail(1, meilitest.Route("POST /multi-search"), meilitest.Busy())
	_, err := e.Search(t.Context(), search.Query{Terms: []string{secret}})
	s.fails(t, err, search.ErrUnavailable, "too_many_search_requests")
	var after interface{ RetryAfter() time.Duration }
	if !errors.As(err, &after) || after.RetryAfter() != 10*time.Second {
		t.Errorf("%v does not say to ask again after 10 s", err)
	}
	if s.slept() > time.Second {
		t.Errorf("a search waited %v", s.slept())
	}
	// A change waits as long as the server says.
	before := s.slept()
	s.double.Fail(2, upload, meilitest.Busy())
	if err := e.Upsert(t.Context(), "second", made(4, "甲")[3:]); err != nil {
		t.Fatal(err)
	}
	if waited := s.slept() - before; waited < 20*time.Second || waited > 22*time.Second {
		t.Errorf("waited %v, want twice 10 s", waited)
	}
	has(t, e, 4, "甲", "second")
}

// What answers is no Meilisearch server, and waiting does not make it one.
func TestOtherServer(t *testing.T) {
	for _, status := range []int{404, 405, 501} {
		s := newStand(t, meilitest.Options{}, meili.Options{})
		e := s.filled(t, 3)
		before := s.slept()
		s.double.Fail(-1, meilitest.Any, meilitest.Fault{Status: status, Body: "<html>welcome</html>"})
		_, err := e.Search(t.Context(), search.Query{Terms: []string{secret}})
		s.fails(t, err, search.ErrUnavailable, "check that the address is that of a Meilisearch server")
		s.fails(t, e.Upsert(t.Context(), "", made(4, "甲")), search.ErrUnavailable, "check that the address is that of a Meilisearch server")
		if waited := s.slept() - before; waited > 0 {
			t.Errorf("status %d: waited %v", status, waited)
		}
	}
}

func TestWrongKey(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	s.filled(t, 3)
	s.keys.Publish, s.keys.Search = "wrong-key-wrong-key-1", "wrong-key-wrong-key-2"
	s.o.Key = s.keys.Publish
	e, r := s.open(t), s.reader(t)
	before := s.slept()
	for name, call := range map[string]func() error{
		"search": func() error {
			_, err := r.Search(t.Context(), search.Query{Terms: []string{secret}})
			return err
		},
		"each": func() error {
			return r.Each(t.Context(), search.Query{}, func(search.Hit) error { return nil })
		},
		"stats":    func() error { _, err := r.Stats(t.Context()); return err },
		"upsert":   func() error { return e.Upsert(t.Context(), "", made(1, "乙")) },
		"delete":   func() error { return e.Delete(t.Context(), []string{"c-1"}) },
		"rebuild":  func() error { return e.Rebuild(t.Context(), schema, "", all()) },
		"optimise": func() error { return e.Optimise(t.Context()) },
		"provision": func() error {
			_, err := meili.Provision(t.Context(), s.o, "wrong-master-key-0002")
			return err
		},
	} {
		err := call()
		says := "make the keys again"
		if name == "provision" {
			says = "refuses the master key"
		}
		s.fails(t, err, search.ErrUnavailable, "403", "invalid_api_key", says)
		if strings.Contains(err.Error(), "wrong-") {
			t.Errorf("%s: error %q holds the key", name, err)
		}
	}
	if waited := s.slept() - before; waited > 0 {
		t.Errorf("waited %v, but a key does not become right", waited)
	}
}

// A reader's key may search and nothing else.
func TestReaderKey(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	s.filled(t, 3)
	has(t, s.reader(t), 3, "甲", "first")
	o := s.o
	o.Key = s.keys.Search
	e, err := meili.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	s.fails(t, e.Delete(t.Context(), []string{"c-1"}), search.ErrUnavailable, "invalid_api_key")
	r := s.reader(t)
	for _, err := range []error{
		r.Upsert(t.Context(), "", nil), r.Delete(t.Context(), []string{"c-1"}), r.Rebuild(t.Context(), schema, "", all()),
		r.PurgeTasks(t.Context()), r.Optimise(t.Context()),
	} {
		if err == nil || !strings.Contains(err.Error(), "reading only") {
			t.Errorf("a reader writes: %v", err)
		}
	}
}

func TestTooLarge(t *testing.T) {
	for _, breaks := range []bool{false, true} {
		s := newStand(t, meilitest.Options{PayloadLimit: 3000, BreakPipe: breaks}, meili.Options{})
		e := s.filled(t, 100)
		has(t, e, 100, "甲", "first")
		uploads := func() int {
			return s.count("POST /indexes/cases_next/documents") - s.count("POST /indexes/cases_next/documents/fetch")
		}
		// It has learned: batches are as large as were taken, and none is refused.
		before := uploads()
		tasks := len(s.double.Tasks())
		if err := e.Rebuild(t.Context(), schema, "first", all(made(100, "甲")...)); err != nil {
			t.Fatal(err)
		}
		added := 0
		for _, task := range s.double.Tasks()[tasks:] {
			if addition(task) {
				added++
			}
		}
		if n := uploads() - before; n != added || n < 8 {
			t.Errorf("%d uploads of 100 documents, of which %d were taken", n, added)
		}
		if err := e.Upsert(t.Context(), "second", made(120, "甲")[80:]); err != nil {
			t.Fatal(err)
		}
		has(t, e, 120, "甲", "second")
		large := made(121, "甲")[120:]
		large[0].Text["reply"] = strings.Repeat(secret, 500)
		err := e.Upsert(t.Context(), "third", large)
		if breaks {
			s.fails(t, err, search.ErrUnavailable)
			continue // nobody can say that it is the size
		}
		s.fails(t, err, search.ErrDoc, "c-121", "--http-payload-size-limit")
		has(t, e, 120, "甲", "second")
	}
}

func TestQueueFull(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	for _, c := range []struct {
		name  string
		match meilitest.Match
	}{
		{"documents", upload},
		{"delete", meilitest.Route("POST /indexes/*/documents/delete-batch")},
		{"swap", meilitest.Route("POST /swap-indexes")},
	} {
		before := len(s.double.Tasks())
		s.double.Fail(1, c.match, meilitest.QueueFull())
		if err := e.Rebuild(t.Context(), schema, c.name, at(1, func() {
			if err := e.Delete(t.Context(), []string{"c-1"}); err != nil {
				t.Error(err)
			}
		}, made(6, "乙")...)); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		has(t, e, 5, "乙", c.name)
		if after := len(s.double.Tasks()); after >= before+10 {
			t.Errorf("%s: %d tasks, %d before: none were deleted", c.name, after, before)
		}
	}
	s.double.Fail(-1, meilitest.Any, meilitest.QueueFull())
	err := e.Upsert(t.Context(), "lost", made(1, "丙"))
	s.fails(t, err, search.ErrUnavailable, "no_space_left_on_device", "huiyin index optimise")
	s.double.Heal()
	has(t, e, 5, "乙", "swap")
}

func TestIndexGone(t *testing.T) {
	for _, uids := range [][]string{{"cases"}, {"cases_state"}, {"cases", "cases_state"}, {"cases_next", "cases_state_next"}} {
		s := newStand(t, meilitest.Options{}, meili.Options{})
		e := s.filled(t, 3)
		for _, uid := range uids {
			s.ask(t, http.MethodDelete, "/indexes/"+uid, "", nil)
		}
		s.double.Drain()
		if !strings.HasSuffix(uids[0], "next") {
			_, err := e.Search(t.Context(), search.Query{Terms: []string{secret}})
			s.fails(t, err, search.ErrNoIndex)
			_, err = s.reader(t).Stats(t.Context())
			s.fails(t, err, search.ErrNoIndex)
			s.fails(t, e.Each(t.Context(), search.Query{}, func(search.Hit) error { return nil }), search.ErrNoIndex)
			s.fails(t, e.Upsert(t.Context(), "", made(1, "乙")), search.ErrNoIndex)
			if err := s.open(t).Delete(t.Context(), []string{"c-1"}); err != nil {
				t.Errorf("%q: delete: %v", uids, err)
			}
		}
		if err := e.Rebuild(t.Context(), schema, "second", all(made(4, "乙")...)); err != nil {
			t.Fatalf("%q: %v", uids, err)
		}
		has(t, e, 4, "乙", "second")
	}
}

func TestOldVersion(t *testing.T) {
	for version, ok := range map[string]bool{"1.46.9": false, "1.9.0": false, "1.47.0": true, "1.53.2": true, "2.0.0": true} {
		s := newStand(t, meilitest.Options{Version: version}, meili.Options{})
		err := s.open(t).Rebuild(t.Context(), schema, "", all())
		if ok != (err == nil) {
			t.Errorf("version %s: %v", version, err)
		}
		if err != nil && !strings.Contains(err.Error(), "1.47 or later") {
			t.Errorf("version %s: error %q does not say which one is needed", version, err)
		}
	}
}

// A call ends with its context also while the server does not answer.
func TestContextEnds(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	for name, call := range map[string]func(context.Context) error{
		"upsert": func(ctx context.Context) error { return e.Upsert(ctx, "lost", made(4, "甲")) },
		"delete": func(ctx context.Context) error { return e.Delete(ctx, []string{"c-1"}) },
		"rebuild": func(ctx context.Context) error {
			return e.Rebuild(ctx, schema, "lost", all(made(4, "乙")...))
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		s.double.Hold()
		n := 0
		s.onSleep = func(time.Duration) {
			if n++; n == 5 {
				cancel()
			}
		}
		if err := call(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		s.onSleep = nil
		s.double.Release()
	}
	if err := e.Rebuild(t.Context(), schema, "second", all(made(4, "乙")...)); err != nil {
		t.Fatal(err)
	}
	has(t, e, 4, "乙", "second")
}
