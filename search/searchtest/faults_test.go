package searchtest

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/huiyin/huiyin/search"
)

// faults are what engines get wrong, each with the case that must find it.
var faults = []struct {
	name  string
	found string // by this case
	broke func(e *engine)
}{
	{"says that an empty index is there before the first Rebuild", "no index", func(e *engine) {
		answer := e.search
		e.search = func(ctx context.Context, q search.Query) (search.Result, error) {
			r, err := answer(ctx, q)
			if errors.Is(err, search.ErrNoIndex) {
				return search.Result{}, nil
			}
			return r, err
		}
	}},
	{"does not index what comes after a Rebuild of nothing", "empty index", func(e *engine) {
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			if s, err := e.sound.Stats(ctx); err != nil || s.Docs == 0 {
				return err
			}
			return e.sound.Upsert(ctx, mark, docs)
		}
	}},
	{"returns before what it upserts can be found", "upsert adds", func(e *engine) {
		var late []search.Doc
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			now := late
			late = docs
			return e.sound.Upsert(ctx, mark, now)
		}
	}},
	{"merges documents instead of replacing them", "upsert replaces", func(e *engine) {
		kept := map[string]search.Doc{}
		takes(func(d search.Doc) search.Doc {
			merged := search.Doc{ID: d.ID, Seq: d.Seq, Text: map[string]string{}, Keyword: map[string]string{}, Number: map[string]int64{}}
			for _, from := range []search.Doc{kept[d.ID], d} {
				maps.Copy(merged.Text, from.Text)
				maps.Copy(merged.Keyword, from.Keyword)
				maps.Copy(merged.Number, from.Number)
			}
			kept[d.ID] = merged
			return merged
		})(e)
	}},
	{"counts a document that is replaced as another one", "upsert twice", func(e *engine) {
		n, seen := 0, map[string]bool{}
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			for _, d := range docs {
				if seen[d.ID] {
					n++
				}
				seen[d.ID] = true
			}
			return e.sound.Upsert(ctx, mark, docs)
		}
		says(func(s *search.Stats) { s.Docs += n })(e)
	}},
	{"keeps the first half of an Upsert that cannot be done", "upsert whole", func(e *engine) {
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			for _, d := range docs {
				if err := e.sound.Upsert(ctx, mark, []search.Doc{d}); err != nil {
					return err
				}
			}
			return nil
		}
	}},
	{"drops what exceeds a batch", "upsert many", func(e *engine) {
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			return e.sound.Upsert(ctx, mark, docs[:min(len(docs), 1000)])
		}
	}},
	{"passes over bad documents", "bad documents", func(e *engine) {
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			good := slices.DeleteFunc(slices.Clone(docs), func(d search.Doc) bool { return search.CheckDoc(schema(), d) != nil })
			return e.sound.Upsert(ctx, mark, good)
		}
	}},
	{"takes a schema without a title", "bad schema", func(e *engine) {
		e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
			if search.CheckSchema(s) != nil {
				s = schema()
			}
			return e.sound.Rebuild(ctx, s, mark, docs)
		}
	}},
	{"forgets the mark of an Upsert", "mark", func(e *engine) {
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error { return e.sound.Upsert(ctx, "", docs) }
	}},
	{"deletes only the first ID", "delete", func(e *engine) {
		e.remove = func(ctx context.Context, ids []string) error { return e.sound.Delete(ctx, ids[:min(len(ids), 1)]) }
	}},
	{"keeps the version when it deletes", "version", func(e *engine) {
		upserts := int64(0)
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			upserts++
			return e.sound.Upsert(ctx, mark, docs)
		}
		says(func(s *search.Stats) { s.Version = upserts })(e)
	}},
	{"has one generation for ever", "version", says(func(s *search.Stats) { s.Generation = "1" })},

	{"keeps documents of before a Rebuild", "rebuild replaces all", func(e *engine) {
		e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
			var old []search.Doc
			_ = e.sound.Each(ctx, search.Query{}, func(h search.Hit) error { old = append(old, h.Doc); return nil })
			if err := e.sound.Rebuild(ctx, s, mark, docs); err != nil {
				return err
			}
			_ = e.sound.Upsert(ctx, "", old)
			return nil
		}
	}},
	{"builds in the live index", "rebuild unseen", inPlace},
	{"does not say that a Rebuild is under way", "rebuild unseen", says(func(s *search.Stats) { s.Indexing = false })},
	{"leaves half an index when a Rebuild breaks off", "rebuild broken", inPlace},
	{"leaves an empty index when the first Rebuild breaks off", "rebuild broken first", inPlace},
	{"brings back what was deleted during a Rebuild", "rebuild delete", resurrects},
	{"brings back what was deleted during a Rebuild", "rebuild delete race", resurrects},
	{"deletes for good what was deleted during a Rebuild", "rebuild delete", func(e *engine) {
		gone := map[string]bool{}
		var mu sync.Mutex
		e.remove = func(ctx context.Context, ids []string) error {
			mu.Lock()
			defer mu.Unlock()
			for _, id := range ids {
				gone[id] = true
			}
			return e.sound.Delete(ctx, ids)
		}
		e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
			err := e.sound.Rebuild(ctx, s, mark, docs)
			mu.Lock()
			defer mu.Unlock()
			return errors.Join(err, e.sound.Delete(ctx, slices.Collect(maps.Keys(gone))))
		}
	}},
	{"deletes in the index that is being built and not in the live one", "rebuild broken delete", func(e *engine) {
		var rebuilding bool
		e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
			rebuilding = true
			defer func() { rebuilding = false }()
			return e.sound.Rebuild(ctx, s, mark, docs)
		}
		e.remove = func(ctx context.Context, ids []string) error {
			if rebuilding {
				return nil
			}
			return e.sound.Delete(ctx, ids)
		}
	}},
	{"loses what is upserted during a Rebuild", "rebuild upsert", func(e *engine) {
		e.upsert = func(context.Context, string, []search.Doc) error { return nil }
	}},
	{"has moments without an index", "rebuild swap", func(e *engine) {
		// The second Rebuild waits for a search, so that one is sure to come.
		var mu sync.Mutex
		down, rebuilds := false, 0
		asked := make(chan struct{}, 1)
		set := func(to bool) { mu.Lock(); defer mu.Unlock(); down = to }
		e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
			rebuilds++
			return e.sound.Rebuild(ctx, s, mark, held(20, func() {
				if rebuilds == 2 {
					set(true)
					<-asked
					set(false)
				}
			}, docs))
		}
		e.search = func(ctx context.Context, q search.Query) (search.Result, error) {
			mu.Lock()
			defer mu.Unlock()
			if down {
				select {
				case asked <- struct{}{}:
				default:
				}
				return search.Result{}, search.ErrUnavailable
			}
			return e.sound.Search(ctx, q)
		}
	}},
	{"goes on in the new index when one is swapped in", "rebuild beneath each", func(e *engine) {
		e.each = func(ctx context.Context, q search.Query, f func(search.Hit) error) error {
			seen := map[string]bool{}
			for {
				var batch []search.Hit
				err := e.sound.Each(ctx, q, func(h search.Hit) error {
					if !seen[h.ID] && len(batch) < 100 {
						batch = append(batch, h)
					}
					return nil
				})
				if err != nil || len(batch) == 0 {
					return err
				}
				for _, h := range batch {
					seen[h.ID] = true
					if err := f(h); err != nil {
						return err
					}
				}
			}
		}
	}},
	{"mixes Rebuilds that are called together", "rebuild together", func(e *engine) {
		var inside sync.WaitGroup
		inside.Add(4)
		e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
			var taken []search.Doc
			for d, err := range docs {
				if err != nil {
					return err
				}
				if taken = append(taken, d); len(taken) == 1 {
					inside.Done()
					inside.Wait()
				}
			}
			return e.sound.Rebuild(ctx, s, mark, each(taken...))
		}
	}},

	{"passes over separators", "matching", asks(func(q search.Query) search.Query {
		q.Terms = slices.Clone(q.Terms)
		for i, term := range q.Terms {
			q.Terms[i] = strings.NewReplacer(" ", "", "，", "", "、", "").Replace(term)
		}
		return q
	})},
	{"does not meet traditional with simplified characters", "matching", asks(func(q search.Query) search.Query {
		if slices.ContainsFunc(q.Terms, func(t string) bool { return strings.Contains(t, "學") }) {
			q.Hide = append(slices.Clone(q.Hide), "c-9")
		}
		return q
	})},
	{"looks into the title only", "terms and fields", asks(func(q search.Query) search.Query { q.Fields = []string{"title"}; return q })},
	{"does not exclude", "terms and fields", asks(func(q search.Query) search.Query { q.Not = nil; return q })},
	{"excludes from all fields", "terms and fields", asks(func(q search.Query) search.Query {
		if len(q.Terms) == 0 {
			q.Fields = nil
		}
		return q
	})},
	{"takes ten terms and forgets the rest", "many terms", asks(func(q search.Query) search.Query { q.Terms = q.Terms[:min(len(q.Terms), 10)]; return q })},
	{"keeps 65,535 characters of a text", "long texts", takes(func(d search.Doc) search.Doc {
		if text := []rune(d.Text["question"]); len(text) > 65_535 {
			d.Text["question"] = string(text[:65_535])
		}
		return d
	})},
	{"reads a star as anything", "hostile terms", asks(func(q search.Query) search.Query {
		q.Terms = slices.DeleteFunc(slices.Clone(q.Terms), func(t string) bool { return strings.HasPrefix(t, "学校*") })
		return q
	})},
	{"takes an unknown field to sort by for none", "bad queries", asks(func(q search.Query) search.Query {
		if q.Sort == "colour" {
			q.Sort = ""
		}
		return q
	})},

	{"compares keywords without regard to case", "keyword filters", asks(func(q search.Query) search.Query {
		q.Filters = slices.Clone(q.Filters)
		for i, f := range q.Filters {
			if slices.Contains(f.In, "A区") {
				q.Filters[i].In = append(slices.Clone(f.In), "a区")
			}
		}
		return q
	})},
	{"leaves out the upper bound of a range", "number filters", asks(func(q search.Query) search.Query {
		q.Filters = slices.Clone(q.Filters)
		for i, f := range q.Filters {
			if f.Max != nil && *f.Max > -1<<62 {
				less := *f.Max - 1
				q.Filters[i].Max = &less
			}
		}
		return q
	})},
	{"rounds large numbers", "number filters", takes(func(d search.Doc) search.Doc {
		if n, ok := d.Number["days"]; ok {
			d.Number["days"] = int64(float32(n))
		}
		return d
	})},
	{"counts a hundred values of a facet", "facets", answers(func(_ search.Query, r *search.Result) {
		for field, counts := range r.Facets {
			r.Facets[field] = counts[:min(len(counts), 100)]
		}
	})},
	{"puts equal values of a facet in another order", "facets", answers(func(_ search.Query, r *search.Result) {
		for _, counts := range r.Facets {
			slices.SortStableFunc(counts, func(a, b search.Count) int {
				if a.N != b.N {
					return b.N - a.N
				}
				return -strings.Compare(a.Value, b.Value)
			})
		}
	})},
	{"is one too many", "facets", answers(func(q search.Query, r *search.Result) { r.Total++ })},
	{"filters the facet that it counts", "facets choose", answers(func(q search.Query, r *search.Result) {
		for _, f := range q.Filters {
			r.Facets[f.Field] = slices.DeleteFunc(r.Facets[f.Field], func(c search.Count) bool { return !slices.Contains(f.In, c.Value) })
		}
	})},
	{"hides on the page and counts all the same", "hide", func(e *engine) {
		e.search = func(ctx context.Context, q search.Query) (search.Result, error) {
			r, err := e.sound.Search(ctx, q)
			hide := q.Hide
			q.Hide = nil
			all, _ := e.sound.Search(ctx, q)
			r.Total, r.Facets = all.Total, all.Facets
			r.Hits = slices.DeleteFunc(r.Hits, func(h search.Hit) bool { return slices.Contains(hide, h.ID) })
			return r, err
		}
	}},

	{"puts the older one of equal hits first", "newest first", answers(func(q search.Query, r *search.Result) {
		slices.SortStableFunc(r.Hits, func(a, b search.Hit) int {
			if x, y := a.Number["replied"], b.Number["replied"]; x != y || q.Sort != "" {
				return 0
			}
			return int(a.Seq - b.Seq)
		})
	})},
	{"puts the newest before those in the title", "title first", func(e *engine) {
		e.search = func(ctx context.Context, q search.Query) (search.Result, error) {
			if q.Sort == "" {
				q.Sort = "-replied"
			}
			return e.sound.Search(ctx, q)
		}
	}},
	{"does not say which hits are in the title", "title first", answers(func(_ search.Query, r *search.Result) {
		for i := range r.Hits {
			r.Hits[i].InTitle = false
		}
	})},
	{"puts hits without the number first when descending", "sort", answers(func(q search.Query, r *search.Result) {
		field, descending := strings.CutPrefix(q.Sort, "-")
		slices.SortStableFunc(r.Hits, func(a, b search.Hit) int {
			_, x := a.Number[field]
			_, y := b.Number[field]
			if !descending || x == y {
				return 0
			}
			if y {
				return -1
			}
			return 1
		})
	})},
	{"gives a hit on two pages", "paging", func(e *engine) {
		e.search = func(ctx context.Context, q search.Query) (search.Result, error) {
			q.Offset = max(q.Offset-1, 0)
			return e.sound.Search(ctx, q)
		}
	}},
	{"ends after a thousand hits", "window", func(e *engine) {
		e.search = func(ctx context.Context, q search.Query) (search.Result, error) {
			q.Limit = max(0, min(q.Offset+q.Limit, 1000)-q.Offset)
			return e.sound.Search(ctx, q)
		}
	}},
	{"gives a thousand hits in Each", "window", func(e *engine) {
		enough := errors.New("enough")
		e.each = func(ctx context.Context, q search.Query, f func(search.Hit) error) error {
			n := 0
			err := e.sound.Each(ctx, q, func(h search.Hit) error {
				if n++; n > 1000 {
					return enough
				}
				return f(h)
			})
			if errors.Is(err, enough) {
				return nil
			}
			return err
		}
	}},
	{"gives a hit twice in Each", "each order", func(e *engine) {
		e.each = func(ctx context.Context, q search.Query, f func(search.Hit) error) error {
			n := 0
			return e.sound.Each(ctx, q, func(h search.Hit) error {
				if n++; n == 5 {
					if err := f(h); err != nil {
						return err
					}
				}
				return f(h)
			})
		}
	}},
	{"holds up who deletes while it gives hits", "each order", func(e *engine) {
		busy := false
		e.each = func(ctx context.Context, q search.Query, f func(search.Hit) error) error {
			busy = true
			defer func() { busy = false }()
			return e.sound.Each(ctx, q, f)
		}
		e.remove = func(ctx context.Context, ids []string) error {
			if busy {
				return search.ErrUnavailable
			}
			return e.sound.Delete(ctx, ids)
		}
	}},
	{"trims texts", "fields come back", takes(func(d search.Doc) search.Doc {
		for name, text := range d.Text {
			d.Text[name] = strings.TrimSpace(text)
		}
		return d
	})},
	{"shares its memory with callers", "fields come back", func(e *engine) {
		kept := map[string]search.Doc{}
		takesAsIs(func(d search.Doc) search.Doc { kept[d.ID] = d; return d })(e)
		answers(func(_ search.Query, r *search.Result) {
			for i, h := range r.Hits {
				r.Hits[i].Doc = kept[h.ID]
			}
		})(e)
	}},

	{"does not look at the context", "cancel", func(e *engine) {
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			return e.sound.Upsert(context.WithoutCancel(ctx), mark, docs)
		}
	}},
	{"loses one of two writers", "together", func(e *engine) {
		n := 0
		var mu sync.Mutex
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			mu.Lock()
			defer mu.Unlock()
			if n++; n == 8 {
				return nil
			}
			return e.sound.Upsert(ctx, mark, docs)
		}
	}},
	{"goes on after Close", "close", func(e *engine) { e.close = func() error { return nil } }},

	{"leaves out what stands at the very end of a text", "random searches", takes(func(d search.Doc) search.Doc {
		if units := search.Units(d.Text["reply"]); len(units) > 40 {
			d.Text["reply"] = d.Text["reply"][:units[len(units)-1].Start]
		}
		return d
	})},
	{"finds what was deleted when it is upserted and deleted again", "random changes", func(e *engine) {
		times := map[string]int{}
		e.remove = func(ctx context.Context, ids []string) error {
			var once []string
			for _, id := range ids {
				if times[id]++; times[id] == 1 {
					once = append(once, id)
				}
			}
			return e.sound.Delete(ctx, once)
		}
	}},
}
