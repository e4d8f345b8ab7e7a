package scan_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// The other engines are compared with this one, so what is right is written out
// here and compared with nothing.

var schema = search.Schema{Text: []string{"title", "reply"}, Keyword: []string{"unit", "area"}, Number: []string{"day", "wait"}, Newest: "day"}

// doc makes a document of a title, a reply and "field=value" pairs.
func doc(n int64, title, reply string, pairs ...string) search.Doc {
	d := search.Doc{ID: fmt.Sprint("c", n), Seq: n, Text: map[string]string{"title": title, "reply": reply}, Keyword: map[string]string{}, Number: map[string]int64{}}
	for _, pair := range pairs {
		field, value, _ := strings.Cut(pair, "=")
		if slices.Contains(schema.Number, field) {
			var number int64
			if _, err := fmt.Sscan(value, &number); err != nil {
				panic(err)
			}
			d.Number[field] = number
		} else {
			d.Keyword[field] = value
		}
	}
	return d
}

func docs(all ...search.Doc) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for _, d := range all {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// cases are the documents of the tests.
func cases() []search.Doc {
	return []search.Doc{
		doc(1, "小学校门口积水", "已经排水", "unit=水务局", "area=东区", "day=3", "wait=9"),
		doc(2, "积水", "小学，校门口", "unit=水务局", "area=西区", "day=1"),
		doc(3, "排水管道", "门口积水已排", "unit=城管局", "area=东区", "day=3", "wait=-1"),
		doc(4, "ＡＢ区5G基站", "學校門口", "unit=城管局", "wait=9"),
		doc(5, "", "", "area=东区", "day=2", "wait=0"),
	}
}

func open(t *testing.T) *scan.Engine {
	t.Helper()
	e := scan.New()
	if err := e.Rebuild(t.Context(), schema, "first", docs(cases()...)); err != nil {
		t.Fatal(err)
	}
	return e
}

func number(n int64) *int64 { return &n }

func TestSearch(t *testing.T) {
	e := open(t)
	for _, tt := range []struct {
		name  string
		q     search.Query
		hits  string // IDs, those with all terms in the title marked with !
		total int
	}{
		{"all", search.Query{Limit: 9}, "c3 c1 c5 c2 c4", 5},
		{"page", search.Query{Limit: 2, Offset: 3}, "c2 c4", 5},
		{"page beyond the end", search.Query{Limit: 2, Offset: 5}, "", 5},
		{"no limit", search.Query{}, "", 5},
		{"title first", search.Query{Terms: []string{"积水"}, Limit: 9}, "c1! c2! c3", 3},
		{"title first, page", search.Query{Terms: []string{"积水"}, Limit: 1, Offset: 1}, "c2!", 3},
		{"every term in some field", search.Query{Terms: []string{"积水", "排水"}, Limit: 9}, "c3 c1", 2},
		{"every term in the title", search.Query{Terms: []string{"积水", "小学"}, Limit: 9}, "c1! c2", 2},
		{"a separator", search.Query{Terms: []string{"学校门口"}, Limit: 9}, "c1! c4", 2},
		{"the same separator in other signs", search.Query{Terms: []string{"学 校"}, Limit: 9}, "c2", 1},
		{"traditional", search.Query{Terms: []string{"學校"}, Limit: 9}, "c1! c4", 2},
		{"width and case", search.Query{Terms: []string{"ab区５ｇ"}, Limit: 9}, "c4!", 1},
		{"part of a word", search.Query{Terms: []string{"5"}, Limit: 9}, "", 0},
		{"excluded", search.Query{Terms: []string{"积水"}, Not: []string{"排", "没有"}, Limit: 9}, "c2!", 1},
		{"only excluded", search.Query{Not: []string{"水"}, Limit: 9}, "c5 c4", 2},
		{"in one field", search.Query{Terms: []string{"积水"}, Fields: []string{"reply"}, Limit: 9}, "c3", 1},
		{"excluded from one field", search.Query{Not: []string{"积水"}, Fields: []string{"title"}, Limit: 9}, "c3 c5 c4", 3},
		{"keyword", search.Query{Filters: []search.Filter{{Field: "unit", In: []string{"水务局", "教育局"}}}, Limit: 9}, "c1 c2", 2},
		{"no keyword", search.Query{Filters: []search.Filter{{Field: "unit", In: []string{""}}}, Limit: 9}, "", 0},
		{"range", search.Query{Filters: []search.Filter{{Field: "wait", Min: number(-1), Max: number(0)}}, Limit: 9}, "c3 c5", 2},
		{"open range", search.Query{Filters: []search.Filter{{Field: "wait"}}, Limit: 9}, "c3 c1 c5 c4", 4},
		{"empty range", search.Query{Filters: []search.Filter{{Field: "wait", Min: number(1), Max: number(0)}}, Limit: 9}, "", 0},
		{"hidden", search.Query{Hide: []string{"c3", "c9", ""}, Limit: 9}, "c1 c5 c2 c4", 4},
		{"ascending", search.Query{Sort: "wait", Limit: 9}, "c3 c5 c4 c1 c2", 5},
		{"descending", search.Query{Sort: "-wait", Limit: 9}, "c4 c1 c5 c3 c2", 5},
		{"sorted terms", search.Query{Terms: []string{"积水"}, Sort: "day", Limit: 9}, "c2 c3 c1", 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := e.Search(t.Context(), tt.q)
			if err != nil {
				t.Fatal(err)
			}
			var hits []string
			for _, h := range r.Hits {
				id := h.ID
				if h.InTitle {
					id += "!"
				}
				hits = append(hits, id)
			}
			if got := strings.Join(hits, " "); got != tt.hits || r.Total != tt.total || !r.Exact {
				t.Errorf("found %q of %d, exact %v; want %q of %d", got, r.Total, r.Exact, tt.hits, tt.total)
			}
		})
	}
}

func TestFacets(t *testing.T) {
	e := open(t)
	r, err := e.Search(t.Context(), search.Query{
		Terms: []string{"水"}, Facets: []string{"unit", "area"},
		Filters: []search.Filter{{Field: "unit", In: []string{"城管局"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]search.Count{
		"unit": {{Value: "水务局", N: 2}, {Value: "城管局", N: 1}}, // as without the filter on it
		"area": {{Value: "东区", N: 1}},
	}
	if diff := cmp.Diff(want, r.Facets); diff != "" || r.Total != 1 {
		t.Errorf("total %d, want 1; facets (-want +got):\n%s", r.Total, diff)
	}
	r, err = e.Search(t.Context(), search.Query{Terms: []string{"没有"}, Facets: []string{"unit"}})
	if err != nil {
		t.Fatal(err)
	}
	if counts, ok := r.Facets["unit"]; !ok || counts == nil || len(counts) != 0 {
		t.Errorf("the facet of no hits is %v, want an empty list", counts)
	}
}

func TestEach(t *testing.T) {
	e := open(t)
	var got []string
	err := e.Each(t.Context(), search.Query{Terms: []string{"积水"}, Sort: "nosuch", Limit: -1}, func(h search.Hit) error {
		got = append(got, h.ID)
		if h.InTitle {
			t.Errorf("%s says InTitle", h.ID)
		}
		return e.Delete(t.Context(), []string{h.ID})
	})
	if err != nil || !slices.Equal(got, []string{"c3", "c2", "c1"}) {
		t.Errorf("got %q, %v", got, err)
	}
	enough := errors.New("enough")
	calls := 0
	err = e.Each(t.Context(), search.Query{}, func(search.Hit) error { calls++; return enough })
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("%v after %d calls, want the error of the first", err, calls)
	}
}

func TestUpsertAndStats(t *testing.T) {
	e := open(t)
	before, err := e.Stats(t.Context())
	if err != nil || before.Docs != 5 || before.Mark != "first" || before.Indexing {
		t.Fatalf("stats %+v, %v", before, err)
	}
	if err := e.Upsert(t.Context(), "", []search.Doc{doc(5, "新", ""), doc(6, "甲", ""), doc(6, "乙", "")}); err != nil {
		t.Fatal(err)
	}
	after, err := e.Stats(t.Context())
	if err != nil || after.Docs != 6 || after.Mark != "first" || after.Version <= before.Version || after.Generation != before.Generation {
		t.Errorf("stats %+v (%v) after %+v", after, err, before)
	}
	if r, err := e.Search(t.Context(), search.Query{Terms: []string{"乙"}, Limit: 9}); err != nil || len(r.Hits) != 1 || r.Hits[0].ID != "c6" {
		t.Errorf("of an ID given twice found %+v, %v; want the last one", r.Hits, err)
	}
	bad := doc(7, "", "")
	bad.Keyword["nosuch"] = "x"
	if err := e.Upsert(t.Context(), "lost", []search.Doc{doc(8, "", ""), bad}); !errors.Is(err, search.ErrDoc) {
		t.Errorf("a bad document: %v", err)
	}
	if s, err := e.Stats(t.Context()); err != nil || s != after {
		t.Errorf("stats %+v (%v) after an Upsert that cannot be done, were %+v", s, err, after)
	}
}

func TestRebuild(t *testing.T) {
	e := scan.New()
	if _, err := e.Stats(t.Context()); !errors.Is(err, search.ErrNoIndex) {
		t.Errorf("stats of nothing: %v", err)
	}
	if err := e.Delete(t.Context(), []string{"c1"}); err != nil {
		t.Errorf("delete from nothing: %v", err)
	}
	twice := docs(doc(1, "", ""), doc(1, "", ""))
	if err := e.Rebuild(t.Context(), schema, "", twice); !errors.Is(err, search.ErrDoc) {
		t.Errorf("an ID twice: %v", err)
	}
	broken := errors.New("broke off")
	err := e.Rebuild(t.Context(), schema, "m", func(yield func(search.Doc, error) bool) {
		if s, err := e.Stats(t.Context()); !errors.Is(err, search.ErrNoIndex) || !s.Indexing {
			t.Errorf("stats of the first Rebuild %+v, %v", s, err)
		}
		_ = yield(doc(1, "", ""), nil) && yield(search.Doc{}, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("documents that break off: %v", err)
	}
	if _, err := e.Search(t.Context(), search.Query{}); !errors.Is(err, search.ErrNoIndex) {
		t.Errorf("search after it: %v", err)
	}
	err = e.Rebuild(t.Context(), schema, "m", func(yield func(search.Doc, error) bool) {
		for n := int64(1); n <= 3; n++ {
			if !yield(doc(n, "甲", ""), nil) {
				return
			}
			if n == 2 {
				if err := e.Delete(t.Context(), []string{"c1", "c3"}); err != nil {
					t.Errorf("delete in the middle: %v", err)
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := e.Stats(t.Context()); err != nil || s.Docs != 1 || s.Indexing {
		t.Errorf("stats %+v (%v), want 1 document: 1 and 3 were deleted", s, err)
	}
}

func TestCallsEnd(t *testing.T) {
	e := open(t)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	calls := map[string]func(ctx context.Context) error{
		"search": func(ctx context.Context) error { _, err := e.Search(ctx, search.Query{}); return err },
		"each": func(ctx context.Context) error {
			return e.Each(ctx, search.Query{}, func(search.Hit) error { return nil })
		},
		"stats":   func(ctx context.Context) error { _, err := e.Stats(ctx); return err },
		"upsert":  func(ctx context.Context) error { return e.Upsert(ctx, "", nil) },
		"delete":  func(ctx context.Context) error { return e.Delete(ctx, nil) },
		"rebuild": func(ctx context.Context) error { return e.Rebuild(ctx, schema, "", docs()) },
	}
	for name, call := range calls {
		if err := call(over); !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a context that is over: %v", name, err)
		}
	}
	if s, err := e.Stats(t.Context()); err != nil || s.Docs != 5 || s.Mark != "first" {
		t.Errorf("stats %+v, %v", s, err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for name, call := range calls {
		if call(t.Context()) == nil {
			t.Errorf("%s does not fail after Close", name)
		}
	}
}

// TestSpelling compares the way in which this engine matches with the rule
// itself, of which it is a second writing.
func TestSpelling(t *testing.T) {
	texts := []string{"小学校门口", "小学，校门口", "12345热线5G", "ＡＢ区", "學校", "学 校", "㍿住建", "e\u0301té", "བོད་སྐད", "，校，", "", "一\x00二", "学\u0301校"}
	for _, text := range texts {
		e := scan.New()
		if err := e.Rebuild(t.Context(), schema, "", docs(doc(1, text, ""))); err != nil {
			t.Fatal(err)
		}
		for _, from := range texts {
			units := search.Units(from)
			for i := range units {
				for j := i + 1; j <= len(units); j++ {
					term := from[units[i].Start:units[j-1].End]
					want := false
					for range search.MatchUnits(search.Units(text), search.Units(term)) {
						want = true
					}
					r, err := e.Search(t.Context(), search.Query{Terms: []string{term}})
					if err != nil || (r.Total == 1) != want {
						t.Errorf("%q matches %q: %v (%v), want %v", term, text, r.Total == 1, err, want)
					}
				}
			}
		}
	}
}
