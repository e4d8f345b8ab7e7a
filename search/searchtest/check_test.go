package searchtest

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// TestFaultsAreFound shows that no case is there in vain: Check fails each of
// these engines, in the case that holds it to what it breaks.
func TestFaultsAreFound(t *testing.T) {
	for _, f := range faults {
		t.Run(f.found+": "+f.name, func(t *testing.T) {
			out := failures(t, f.found, func(T) Harness {
				e := sound()
				f.broke(e)
				return Harness{Engine: e, Exact: true}
			})
			if !slices.Contains(out, f.found) {
				t.Errorf("an engine that %s fails in %q, want %q", f.name, out, f.found)
			}
		})
	}
}

// TestFaultyLivesAreFound does so for what needs more than one engine.
func TestFaultyLivesAreFound(t *testing.T) {
	fresh := func() search.Engine { return scan.New() }
	for _, tt := range []struct {
		name, found string
		harness     func(e *engine) Harness
	}{
		{"loses all at Close", "reopen", func(*engine) Harness { return Harness{Reopen: fresh} }},
		{"loses all in a crash", "crash", func(*engine) Harness { return Harness{Crash: fresh} }},
		{"loses the last change in a crash", "crash anywhere", func(e *engine) Harness {
			var undone []search.Doc
			e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
				undone = docs[:1]
				return e.sound.Upsert(ctx, mark, docs)
			}
			return Harness{Crash: func() search.Engine {
				for _, d := range undone {
					_ = e.sound.Delete(context.Background(), []string{d.ID})
				}
				undone = nil
				return e
			}}
		}},
		{"has a reader that sees the first index for ever", "reader", func(e *engine) Harness {
			old := sound()
			e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
				_ = old.Rebuild(ctx, s, mark, docs)
				return e.sound.Rebuild(ctx, s, mark, docs)
			}
			return Harness{Reader: func() search.Engine { return old }}
		}},
		{"has a reader that sees a swap half done", "reader swap", func(e *engine) Harness {
			half := sound()
			inPlace(half)
			e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
				return errors.Join(half.Rebuild(ctx, s, mark, docs), e.sound.Rebuild(ctx, s, mark, docs))
			}
			return Harness{Reader: func() search.Engine { return half }}
		}},
	} {
		t.Run(tt.found+": "+tt.name, func(t *testing.T) {
			out := failures(t, tt.found, func(T) Harness {
				e := sound()
				h := tt.harness(e)
				h.Engine, h.Exact = e, true
				return h
			})
			if !slices.Contains(out, tt.found) {
				t.Errorf("an engine that %s fails in %q, want %q", tt.name, out, tt.found)
			}
		})
	}
}

// failures returns the names of the cases that Check says have failed, of the
// cases with this name.
func failures(t *testing.T, name string, open func(T) Harness) []string {
	t.Helper()
	only := slices.DeleteFunc(promises(), func(pr promise) bool { return pr.name != name })
	if len(only) != 1 {
		t.Fatalf("%d cases are named %q", len(only), name)
	}
	var out bytes.Buffer
	failed := check(t.Context(), &out, open, only)
	names := failedIn(out.String())
	if failed != len(names) {
		t.Errorf("Check returned %d and wrote of %d failures:\n%s", failed, len(names), out.String())
	}
	return names
}

// failedIn reads what Check wrote.
func failedIn(out string) []string {
	var names []string
	for line := range strings.Lines(out) {
		if name, failed := strings.CutPrefix(strings.TrimSpace(line), "FAIL "); failed {
			names = append(names, name)
		}
	}
	return names
}

// TestEveryCaseFindsSomething wants a fault for every case.
func TestEveryCaseFindsSomething(t *testing.T) {
	covered := map[string]bool{"reopen": true, "crash": true, "crash anywhere": true, "reader": true, "reader swap": true} // in TestFaultyLivesAreFound
	for _, f := range faults {
		covered[f.found] = true
	}
	seen := map[string]bool{}
	for _, pr := range promises() {
		if !covered[pr.name] {
			t.Errorf("no faulty engine shows that %q can fail", pr.name)
		}
		if seen[pr.name] {
			t.Errorf("two cases are named %q", pr.name)
		}
		seen[pr.name] = true
	}
}

// TestCheck shows what a whole Check says of a sound and of a broken engine.
func TestCheck(t *testing.T) {
	var out bytes.Buffer
	if failed := Check(t.Context(), &out, func(T) Harness { return Harness{Engine: sound(), Exact: true} }); failed != 0 || len(failedIn(out.String())) != 0 {
		t.Errorf("a sound engine: %d failed:\n%s", failed, out.String())
	}
	if n := strings.Count(out.String(), "ok   "); n != len(promises()) {
		t.Errorf("%d cases passed of %d", n, len(promises()))
	}

	out.Reset()
	failed := Check(t.Context(), &out, func(T) Harness {
		e := sound()
		answers(func(_ search.Query, r *search.Result) { r.Total++ })(e)
		return Harness{Engine: e, Exact: true}
	})
	if names := failedIn(out.String()); failed != len(names) || !slices.Contains(names, "facets") || slices.Contains(names, "close") {
		t.Errorf("an engine whose totals are one too many: %d failed: %q", failed, names)
	}
}

// TestInexact shows that totals and facets that nobody vouches for are not
// compared, and hits are.
func TestInexact(t *testing.T) {
	estimates := func(e *engine) {
		answers(func(q search.Query, r *search.Result) {
			if len(q.Terms) > 0 {
				r.Total, r.Exact = r.Total+3, false
				for _, counts := range r.Facets {
					for i := range counts {
						counts[i].N += 2
					}
				}
			}
		})(e)
	}
	var out bytes.Buffer
	if failed := Check(t.Context(), &out, func(T) Harness {
		e := sound()
		estimates(e)
		return Harness{Engine: e}
	}); failed != 0 {
		t.Errorf("an engine that estimates and says so: %d failed:\n%s", failed, out.String())
	}
	for _, name := range []string{"random searches", "title first"} {
		got := failures(t, name, func(T) Harness {
			e := sound()
			estimates(e)
			estimated := e.search
			e.search = func(ctx context.Context, q search.Query) (search.Result, error) {
				r, err := estimated(ctx, q)
				if len(r.Hits) > 3 {
					r.Hits = r.Hits[:len(r.Hits)-1]
				}
				return r, err
			}
			return Harness{Engine: e}
		})
		if !slices.Equal(got, []string{name}) {
			t.Errorf("an engine that estimates and loses a hit fails in %q, want %q", got, name)
		}
	}
}

// TestCheckEnds shows that cases fail, and do not hang, once the context is over.
func TestCheckEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	failed := Check(ctx, &out, func(T) Harness { return Harness{Engine: sound(), Exact: true} })
	if failed != len(promises()) {
		t.Errorf("%d of %d cases failed after the context was over", failed, len(promises()))
	}
}

// TestDiceFindsHits keeps the random searches from asking for nothing.
func TestDiceFindsHits(t *testing.T) {
	d := newDice(0)
	e := scan.New()
	var all []search.Doc
	for n := int64(1); n <= 150; n++ {
		all = append(all, d.doc(n))
	}
	if err := e.Rebuild(t.Context(), schema(), "", each(all...)); err != nil {
		t.Fatal(err)
	}
	const n = 400
	hits := 0
	for range n {
		q := d.query(all)
		r, err := e.Search(t.Context(), q)
		if err != nil {
			t.Fatalf("%s: %v", show(q), err)
		}
		if r.Total > 0 {
			hits++
		}
	}
	if hits < n/2 || hits == n {
		t.Errorf("%d of %d random searches have hits, want more than half and not all", hits, n)
	}
}

func TestDiceIsSeeded(t *testing.T) {
	one, two := newDice(5), newDice(5)
	for n := range int64(50) {
		a, b := one.doc(n+1), two.doc(n+1)
		if brief(search.Hit{Doc: a}) != brief(search.Hit{Doc: b}) {
			t.Fatalf("document %d differs", n+1)
		}
		if show(one.query([]search.Doc{a})) != show(two.query([]search.Doc{b})) {
			t.Fatalf("query %d differs", n+1)
		}
	}
}
