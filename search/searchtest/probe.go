package searchtest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// probe is a case at work: an engine, and the reference engine that is told the
// same.
type probe struct {
	T
	Harness
	truth *scan.Engine
	says  string
}

// broken fails the case.
func (p *probe) broken(format string, args ...any) {
	p.Errorf("broken: %s: %s", p.says, fmt.Sprintf(format, args...))
}

// must ends the case when there is an error.
func (p *probe) must(what string, err error) {
	if err != nil {
		p.Fatalf("broken: %s: %s: %v", p.says, what, err)
	}
}

// wantErr wants an error that wraps target.
func (p *probe) wantErr(what string, err, target error) {
	if !errors.Is(err, target) {
		p.broken("%s: error %v, want %v", what, err, target)
	}
}

// rebuild rebuilds both engines.
func (p *probe) rebuild(mark string, docs ...search.Doc) {
	p.must("rebuild", p.Engine.Rebuild(p.Context(), schema(), mark, each(docs...)))
	p.must("rebuild of the reference", p.truth.Rebuild(p.Context(), schema(), mark, each(docs...)))
}

// upsert upserts into both engines.
func (p *probe) upsert(mark string, docs ...search.Doc) {
	p.must("upsert", p.Engine.Upsert(p.Context(), mark, docs))
	p.must("upsert into the reference", p.truth.Upsert(p.Context(), mark, docs))
}

// remove deletes from both engines.
func (p *probe) remove(ids ...string) {
	p.must("delete", p.Engine.Delete(p.Context(), ids))
	p.must("delete from the reference", p.truth.Delete(p.Context(), ids))
}

// search searches.
func (p *probe) search(q search.Query) search.Result {
	r, err := p.Engine.Search(p.Context(), q)
	p.must("search "+show(q), err)
	return r
}

// list returns what Each gives.
func (p *probe) list(q search.Query) []search.Hit {
	hits, err := list(p.Context(), p.Engine, q)
	p.must("each "+show(q), err)
	return hits
}

// stats returns the state.
func (p *probe) stats() search.Stats {
	s, err := p.Engine.Stats(p.Context())
	p.must("stats", err)
	return s
}

// finds wants exactly these hits, in this order.
func (p *probe) finds(q search.Query, ids ...string) {
	if q.Limit == 0 {
		q.Limit = 100
	}
	r := p.search(q)
	if got := idsOf(r.Hits); !slices.Equal(got, ids) {
		p.broken("%s found %q, want %q", show(q), got, ids)
	}
	if (p.Exact || r.Exact) && q.Offset == 0 && r.Total != len(ids) {
		p.broken("%s has total %d, want %d", show(q), r.Total, len(ids))
	}
}

// agree wants both engines to answer alike to each query.
func (p *probe) agree(queries ...search.Query) {
	for _, q := range queries {
		p.agreeOn(p.Engine, q)
	}
}

// agreeOn wants an engine to answer as the reference does, in Search and Each.
func (p *probe) agreeOn(e search.Engine, q search.Query) {
	got, err := e.Search(p.Context(), q)
	want, wantErr := p.truth.Search(p.Context(), q)
	if wantErr != nil {
		if !sameError(err, wantErr) {
			p.broken("search %s: error %v, want %v", show(q), err, wantErr)
		}
		return
	}
	if err != nil {
		p.broken("search %s: %v", show(q), err)
		return
	}
	p.sameResult(q, got, want)
	hits, err := list(p.Context(), e, q)
	if err != nil {
		p.broken("each %s: %v", show(q), err)
		return
	}
	wantHits, err := list(p.Context(), p.truth, q)
	p.must("each of the reference", err)
	p.sameHits("each "+show(q), hits, wantHits)
}

// sameResult compares two results of a query.
func (p *probe) sameResult(q search.Query, got, want search.Result) {
	p.sameHits("search "+show(q), got.Hits, want.Hits)
	if p.Exact && !got.Exact {
		p.broken("%s is not exact", show(q))
	}
	if !p.Exact && !got.Exact {
		return
	}
	if got.Total != want.Total {
		p.broken("%s has total %d, want %d", show(q), got.Total, want.Total)
	}
	for _, field := range q.Facets {
		if g, w := got.Facets[field], want.Facets[field]; !slices.Equal(g, w) {
			p.broken("%s counts %s as %v, want %v", show(q), field, g, w)
		}
	}
}

// sameHits compares hits one by one.
func (p *probe) sameHits(what string, got, want []search.Hit) {
	if g, w := idsOf(got), idsOf(want); !slices.Equal(g, w) {
		i := 0
		for i < min(len(g), len(w)) && g[i] == w[i] {
			i++
		}
		p.broken("%s: %d hits, want %d; from place %d on %q, want %q", what, len(g), len(w), i, head(g[i:]), head(w[i:]))
		return
	}
	for i := range got {
		if g, w := plain(got[i]), plain(want[i]); !reflect.DeepEqual(g, w) {
			p.broken("%s: place %d is %s, want %s", what, i, brief(g), brief(w))
			return
		}
	}
}

// plain returns a hit without the ways to write that a field has no value.
func plain(h search.Hit) search.Hit {
	full := func(m map[string]string) map[string]string {
		out := map[string]string{}
		for k, v := range m {
			if v != "" {
				out[k] = v
			}
		}
		return out
	}
	h.Text, h.Keyword = full(h.Text), full(h.Keyword)
	if len(h.Number) == 0 {
		h.Number = nil
	}
	return h
}

// sameError says whether two errors wrap the same error of package search.
func sameError(a, b error) bool {
	for _, target := range []error{search.ErrNoIndex, search.ErrUnavailable, search.ErrQuery, search.ErrDoc, search.ErrSchema, context.Canceled} {
		if errors.Is(a, target) != errors.Is(b, target) {
			return false
		}
	}
	return (a == nil) == (b == nil)
}

// list returns what Each of an engine gives.
func list(ctx context.Context, e search.Engine, q search.Query) ([]search.Hit, error) {
	var hits []search.Hit
	err := e.Each(ctx, q, func(h search.Hit) error {
		hits = append(hits, h)
		return nil
	})
	return hits, err
}

// idsOf returns the IDs of hits.
func idsOf(hits []search.Hit) []string {
	ids := []string{}
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	return ids
}

// each gives documents to a Rebuild.
func each(docs ...search.Doc) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// head returns the beginning of a list of IDs.
func head(ids []string) []string { return ids[:min(len(ids), 8)] }

// show writes a query so that a line holds it.
func show(q search.Query) string {
	var b strings.Builder
	fmt.Fprintf(&b, "{%q", q.Terms)
	for _, part := range []struct {
		name   string
		values []string
	}{{"not", q.Not}, {"in", q.Fields}, {"hide", head(q.Hide)}, {"facets", q.Facets}} {
		if len(part.values) > 0 {
			fmt.Fprintf(&b, " %s %q", part.name, part.values)
		}
	}
	for _, f := range q.Filters {
		fmt.Fprintf(&b, " %s %q", f.Field, f.In)
		if f.Min != nil {
			fmt.Fprintf(&b, " from %d", *f.Min)
		}
		if f.Max != nil {
			fmt.Fprintf(&b, " to %d", *f.Max)
		}
	}
	fmt.Fprintf(&b, " sort %q %d+%d}", q.Sort, q.Offset, q.Limit)
	if s := []rune(b.String()); len(s) > 300 {
		return string(s[:300]) + "…"
	}
	return b.String()
}

// brief writes a hit so that a line holds it.
func brief(h search.Hit) string {
	s := []rune(fmt.Sprintf("%+v", h))
	return string(s[:min(len(s), 300)])
}
