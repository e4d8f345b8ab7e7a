package meili_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/meili/meilitest"
)

func decodeJSON(r io.Reader, into any) error { return json.NewDecoder(r).Decode(into) }

// What a Rebuild leaves on the server: the live index and the one before.
func TestRebuildKeepsTheLast(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	if err := e.Rebuild(t.Context(), schema, "second", all(made(5, "乙")...)); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"cases": 5, "cases_state": 1, "cases_next": 3, "cases_state_next": 1}
	if got := s.indexes(t); !equal(got, want) {
		t.Errorf("indexes %v, want %v", got, want)
	}
	if err := e.Rebuild(t.Context(), schema, "third", all(made(2, "丙")...)); err != nil {
		t.Fatal(err)
	}
	want["cases"], want["cases_next"] = 2, 5
	if got := s.indexes(t); !equal(got, want) {
		t.Errorf("indexes %v, want %v", got, want)
	}
}

func equal(a, b map[string]int) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

// A batch is of about the size that was asked for, and no more than the window
// is enqueued at a time.
func TestWindow(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{BatchBytes: 2000, Window: 6000})
	e := s.filled(t, 3)
	// A slow server: its queue goes on only while the engine waits.
	s.double.Hold()
	s.onSleep = func(time.Duration) { s.double.Step() }
	var sizes []int
	most := 0
	s.onSend = func(r *http.Request) {
		if !upload(r) {
			return
		}
		sizes = append(sizes, int(r.ContentLength))
		open := 1 // this one
		for _, task := range s.double.Tasks() {
			if addition(task) && (task.Status == "enqueued" || task.Status == "processing") {
				open++
			}
		}
		enqueued := 0
		for _, size := range sizes[len(sizes)-open:] {
			enqueued += size
		}
		most = max(most, enqueued)
	}
	if err := e.Rebuild(t.Context(), schema, "second", all(made(200, "乙")...)); err != nil {
		t.Fatal(err)
	}
	has(t, e, 200, "乙", "second")
	if largest := slices.Max(sizes); largest > 2000 || largest < 1800 || most > 6000 || most < 5400 {
		t.Errorf("batches of up to %d bytes, want 2000; up to %d bytes enqueued, want 6000", largest, most)
	}
}

// The new index is looked at before it goes live.
func TestRebuildVerified(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(body string) string
		says  string
	}{
		"a document is lost": {func(body string) string {
			if lines := strings.SplitAfter(body, "\n"); len(lines) > 20 {
				return strings.Join(slices.Delete(lines, 7, 8), "")
			}
			return body
		}, "39 documents of 40"},
		"a text is another": {func(body string) string { return strings.ReplaceAll(body, "第9件", "第8件") }, "c-9 is not on the server as it was sent"},
		"a number is another": {func(body string) string {
			return strings.ReplaceAll(body, `"seq":12`, `"seq":13`)
		}, "c-12 is not on the server as it was sent"},
		"a keyword is missing": {func(body string) string { return strings.ReplaceAll(body, `"k_unit":"乙",`, ``) }, "is not on the server as it was sent"},
		"a word is another":    {func(body string) string { return strings.ReplaceAll(body, "h591c", "h591d") }, "is not on the server as it was sent"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStand(t, meilitest.Options{}, meili.Options{})
			e := s.filled(t, 3)
			s.edit(upload, c.spoil)
			err := e.Rebuild(t.Context(), schema, "lost", all(made(40, "乙")...))
			s.fails(t, err, search.ErrUnavailable, "the live one stays", c.says)
			has(t, e, 3, "甲", "first")
			s.onSend = nil
			if err := e.Rebuild(t.Context(), schema, "second", all(made(40, "乙")...)); err != nil {
				t.Fatal(err)
			}
			has(t, e, 40, "乙", "second")
		})
	}
}

// An index that cannot be searched does not go live, though all documents are
// there.
func TestRebuildSearched(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	s.edit(meilitest.Route("PATCH /indexes/*/settings"), func(body string) string {
		return strings.ReplaceAll(body, `"s_title"`, `"t_nothing"`)
	})
	err := e.Rebuild(t.Context(), schema, "lost", all(made(40, "乙")...))
	s.fails(t, err, search.ErrUnavailable, "is not found by its own words")
	has(t, e, 3, "甲", "first")
}

// A swap that succeeded and brought another index is taken back.
func TestSwapVerified(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	swaps := 0
	s.edit(meilitest.Route("POST /swap-indexes"), func(string) string {
		swaps++
		return `[{"indexes":["cases_state","cases_state_next"],"rename":false}]`
	})
	err := e.Rebuild(t.Context(), schema, "lost", all(made(40, "乙")...))
	s.fails(t, err, search.ErrUnavailable, "3 documents of 40 are there under its name")
	if swaps != 2 {
		t.Errorf("%d swaps", swaps)
	}
	has(t, e, 3, "甲", "first")
}

// Settings are changed where they differ, and only there.
func TestSettings(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	s.filled(t, 3)
	patches := func() int { return s.count("PATCH /indexes/cases/settings") }
	for range 3 {
		if err := s.open(t).Upsert(t.Context(), "", made(3, "甲")); err != nil {
			t.Fatal(err)
		}
	}
	if n := patches(); n != 0 {
		t.Errorf("%d changes of settings that were right", n)
	}
	s.ask(t, http.MethodPatch, "/indexes/cases/settings", `{"pagination":{"maxTotalHits":2},"sortableAttributes":[],"prefixSearch":"indexingTime"}`, nil)
	s.double.Drain()
	var sent string
	s.edit(meilitest.Route("PATCH /indexes/cases/settings"), func(body string) string { sent = body; return body })
	if err := s.open(t).Upsert(t.Context(), "", made(3, "甲")); err != nil {
		t.Fatal(err)
	}
	if want := `{"pagination":{"maxTotalHits":1000000000},"prefixSearch":"disabled","sortableAttributes":["seq","n_day"]}`; sent != want {
		t.Errorf("sent %s, want %s", sent, want)
	}
	if err := s.open(t).Upsert(t.Context(), "", made(3, "甲")); err != nil {
		t.Fatal(err)
	}
	if n := patches(); n != 1 {
		t.Errorf("%d changes of settings, want 1", n)
	}
	has(t, s.open(t), 3, "甲", "first")
}

// What changes during a Rebuild is at once in the live index and afterwards in
// the new one, and the mark is that of the Rebuild.
func TestChangesDuringRebuild(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{BatchBytes: 1000, Window: 2000})
	e := s.filled(t, 10)
	r := s.reader(t)
	changed := made(40, "改")
	// Longer than any text of the Rebuild: it takes fields that are new.
	changed[29].Text["reply"] = strings.Repeat("长", 70_000) + "尾声"
	meanwhile := func() {
		if err := e.Upsert(t.Context(), "upserted", []search.Doc{changed[1], changed[29], changed[38]}); err != nil {
			t.Fatal(err)
		}
		if err := e.Delete(t.Context(), []string{"c-3", "c-28", "c-39"}); err != nil {
			t.Fatal(err)
		}
		finds(t, r, "改", "c-30", "c-2")
		finds(t, r, "甲", "c-6", "c-5", "c-4", "c-10", "c-9", "c-8", "c-1", "c-7")
		if st, err := r.Stats(t.Context()); err != nil || !st.Indexing || st.Mark != "upserted" {
			t.Errorf("a reader is told %+v, %v; want a Rebuild under way and the mark of the Upsert", st, err)
		}
	}
	if err := e.Rebuild(t.Context(), schema, "rebuilt", at(20, meanwhile, made(35, "乙")...)); err != nil {
		t.Fatal(err)
	}
	finds(t, r, "改", "c-30", "c-2")
	tail, err := r.Search(t.Context(), search.Query{Terms: []string{"尾声"}, Fields: []string{"reply"}})
	if err != nil || tail.Total != 1 {
		t.Errorf("%d documents with the end of the long text, %v", tail.Total, err)
	}
	q := search.Query{Terms: []string{"乙"}}
	res, err := r.Search(t.Context(), q)
	if err != nil || res.Total != 31 {
		t.Errorf("%d documents of the Rebuild, %v; want 35 without 2 replaced and 2 deleted", res.Total, err)
	}
	if st, err := r.Stats(t.Context()); err != nil || st.Indexing || st.Mark != "rebuilt" || st.Docs != 33 {
		t.Errorf("stats %+v, %v", st, err)
	}
}

// finds wants the hits of a word, in their order.
func finds(t *testing.T, e search.Engine, word string, ids ...string) {
	t.Helper()
	r, err := e.Search(t.Context(), search.Query{Terms: []string{word}, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range r.Hits {
		got = append(got, h.ID)
	}
	if !slices.Equal(got, ids) {
		t.Errorf("%s: found %q, want %q", word, got, ids)
	}
}

// An Upsert waits for a Rebuild of another schema, which would not know its
// fields.
func TestUpsertWaitsForSchema(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	wide := schema
	wide.Text = []string{"title", "reply", "note"}
	var err error
	var upsert sync.WaitGroup
	meanwhile := func() {
		begun := make(chan struct{})
		upsert.Go(func() {
			close(begun)
			d := made(9, "改")[8]
			d.Text["note"] = "附言"
			err = e.Upsert(t.Context(), "upserted", []search.Doc{d})
		})
		<-begun
	}
	if err := e.Rebuild(t.Context(), wide, "second", at(2, meanwhile, made(4, "乙")...)); err != nil {
		t.Fatal(err)
	}
	upsert.Wait()
	// It may have come before the Rebuild had said of which schema it is.
	if err != nil && !errors.Is(err, search.ErrDoc) {
		t.Fatal(err)
	}
	if err == nil {
		finds(t, e, "附言", "c-9")
	}
}

// An export goes on in the index in which it began while the next one goes live.
func TestEachAcrossRebuild(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.open(t)
	const n = 2300 // three blocks
	if err := e.Rebuild(t.Context(), schema, "first", all(made(n, "甲")...)); err != nil {
		t.Fatal(err)
	}
	calls := 0
	err := s.reader(t).Each(t.Context(), search.Query{Terms: []string{secret}}, func(h search.Hit) error {
		if h.Keyword["unit"] != "甲" || h.Seq != int64(n-calls) {
			t.Fatalf("hit %d is %s of %s", calls, h.ID, h.Keyword["unit"])
		}
		calls++
		if calls == 10 {
			if err := e.Rebuild(t.Context(), schema, "second", all(made(40, "乙")...)); err != nil {
				t.Fatal(err)
			}
		}
		return nil
	})
	if err != nil || calls != n {
		t.Fatalf("%d hits of %d, %v", calls, n, err)
	}
	has(t, e, 40, "乙", "second")

	// The index before the last is gone: an error, and no hit of another one.
	if err := e.Rebuild(t.Context(), schema, "third", all(made(n, "甲")...)); err != nil {
		t.Fatal(err)
	}
	calls = 0
	err = e.Each(t.Context(), search.Query{Terms: []string{secret}}, func(h search.Hit) error {
		calls++
		for calls == 10 {
			calls++
			for _, word := range []string{"乙", "丙"} {
				if err := e.Rebuild(t.Context(), schema, word, all(made(4, word)...)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if h.Keyword["unit"] != "甲" {
			t.Fatalf("a hit of %s", h.Keyword["unit"])
		}
		return nil
	})
	s.fails(t, err, search.ErrUnavailable, "replaced")
}

// An export that has given nothing yet begins again where two Rebuilds overtake
// it, also while the index in which it began is being deleted.
func TestEachBesideRebuilds(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e, r := s.filled(t, 3), s.reader(t)
	searches := 0
	s.onSend = func(req *http.Request) {
		if req.URL.Path != "/multi-search" || req.Header.Get("Authorization") != "Bearer "+s.keys.Search {
			return
		}
		switch searches++; searches {
		case 2: // it knows the state, and asks for documents
			if err := e.Rebuild(t.Context(), schema, "second", all(made(4, "乙")...)); err != nil {
				t.Error(err)
			}
		case 3: // it looks for them in the index before
			s.ask(t, http.MethodDelete, "/indexes/cases_next", "", nil)
			s.double.Drain()
		}
	}
	var words []string
	err := r.Each(t.Context(), search.Query{Terms: []string{secret}}, func(h search.Hit) error {
		words = append(words, h.Keyword["unit"])
		return nil
	})
	if err != nil || !slices.Equal(words, []string{"乙", "乙", "乙", "乙"}) {
		t.Errorf("found %q, %v", words, err)
	}
}

// The answers of one request may be of two generations, when the server swaps
// between two of its searches: they are asked for again.
func TestMixedAnswers(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	s.filled(t, 3)
	r := s.reader(t)
	has(t, r, 3, "甲", "first")
	mixed := 0
	s.onReply = func(res *http.Response) {
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Error(err)
		}
		text := string(body)
		if at := strings.LastIndex(text, `"generation":"`); mixed < 2 && strings.Count(text, `"generation":"`) == 2 {
			mixed++
			text = text[:at] + `"generation":"9` + text[at+len(`"generation":"`):]
		}
		res.Body = io.NopCloser(strings.NewReader(text))
	}
	before := s.count("POST /multi-search")
	if st, err := r.Stats(t.Context()); err != nil || st.Docs != 3 || strings.HasPrefix(st.Generation, "9") {
		t.Errorf("stats %+v, %v", st, err)
	}
	// Three for the documents, and one for the state of the next index.
	if n := s.count("POST /multi-search") - before; n != 4 {
		t.Errorf("asked %d times", n)
	}
}

// A search during which a change was made is made again, so that its total and
// its hits belong together.
func TestSearchBesideChange(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	r := s.reader(t)
	asked := 0
	s.onSend = func(req *http.Request) {
		if req.URL.Path != "/multi-search" {
			return
		}
		if asked++; asked == 3 { // the state, the total, and now the page
			s.onSend = nil
			if err := e.Upsert(t.Context(), "second", made(5, "甲")[3:]); err != nil {
				t.Error(err)
			}
		}
	}
	got, err := r.Search(t.Context(), search.Query{Terms: []string{"夜间"}, Limit: 9})
	if err != nil || got.Total != 5 || len(got.Hits) != 5 || !got.Exact {
		t.Errorf("total %d, %d hits, exact %v, %v; want 5 of everything", got.Total, len(got.Hits), got.Exact, err)
	}
}

// Hits that do not come in the order that was asked for are an error: going on
// from the last one, others would be missed.
func TestWrongOrder(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	s.edit(meilitest.Route("POST /multi-search"), func(body string) string { return strings.ReplaceAll(body, "seq:desc", "seq:asc") })
	err := e.Each(t.Context(), search.Query{Terms: []string{secret}}, func(search.Hit) error { return nil })
	s.fails(t, err, search.ErrUnavailable, "wrong_order")
}

func TestOptimise(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 3)
	if err := e.Optimise(t.Context()); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, task := range s.double.Tasks() {
		kinds[task.Type+" "+task.Status]++
	}
	// The first Rebuild found nothing to delete.
	if want := map[string]int{"indexDeletion failed": 2, "taskDeletion succeeded": 1, "indexCompaction succeeded": 2}; !equal(kinds, want) {
		t.Errorf("left are tasks %v, want %v", kinds, want)
	}
	has(t, e, 3, "甲", "first")
	s.ask(t, http.MethodDelete, "/indexes/cases_next", "", nil)
	s.double.Drain()
	if err := e.Optimise(t.Context()); err != nil {
		t.Errorf("without the index before: %v", err)
	}
}

// A Rebuild whose program died is under way until the next program writes, or
// optimises.
func TestRebuildDied(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	dead, r := s.filled(t, 3), s.reader(t)
	died := errors.New("died")
	next := s.open(t)
	for _, call := range []func() error{
		func() error { return next.Optimise(t.Context()) },
		func() error { return s.open(t).Delete(t.Context(), []string{"c-9"}) },
	} {
		err := dead.Rebuild(t.Context(), schema, "second", func(yield func(search.Doc, error) bool) {
			if st, err := r.Stats(t.Context()); err != nil || !st.Indexing {
				t.Errorf("in the middle of a Rebuild: %+v, %v", st, err)
			}
			if err := call(); err != nil {
				t.Error(err)
			}
			has(t, r, 3, "甲", "first")
			yield(search.Doc{}, died)
		})
		if !errors.Is(err, died) {
			t.Error(err)
		}
	}
}

// The index that was live before is kept, but not what is deleted after it.
func TestDeleteFromTheIndexBefore(t *testing.T) {
	s := newStand(t, meilitest.Options{}, meili.Options{})
	e := s.filled(t, 5)
	meanwhile := func() {
		if err := e.Delete(t.Context(), []string{"c-1"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Rebuild(t.Context(), schema, "second", at(3, meanwhile, made(5, "乙")...)); err != nil {
		t.Fatal(err)
	}
	if err := e.Delete(t.Context(), []string{"c-4"}); err != nil {
		t.Fatal(err)
	}
	has(t, e, 3, "乙", "second")
	for _, uid := range []string{"cases", "cases_next"} {
		var kept struct{ Results []struct{ ID string } }
		s.ask(t, http.MethodGet, "/indexes/"+uid+"/documents", "", &kept)
		var ids []string
		for _, d := range kept.Results {
			ids = append(ids, d.ID)
		}
		slices.Sort(ids)
		if !slices.Equal(ids, []string{"c-2", "c-3", "c-5"}) {
			t.Errorf("%s holds %q", uid, ids)
		}
	}
	// Somebody may have deleted it.
	s.ask(t, http.MethodDelete, "/indexes/cases_next", "", nil)
	s.double.Drain()
	if err := e.Delete(t.Context(), []string{"c-5"}); err != nil {
		t.Error(err)
	}
	has(t, e, 2, "乙", "second")
}
