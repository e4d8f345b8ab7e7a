package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// measure prints recall, speed and size on the corpus.
func (b *bed) measure(ctx context.Context, s settings, out io.Writer) error {
	if err := b.clear(ctx); err != nil {
		return err
	}
	e, err := meili.New(b.o)
	if err != nil {
		return err
	}
	defer e.Close()
	truth := scan.New()
	c := corpus{seed: s.seed, n: s.docs}
	if err := truth.Rebuild(ctx, schema, "", c.all()); err != nil {
		return err
	}
	fmt.Fprintf(out, "\ncorpus of %d documents\n", c.n)
	began := time.Now()
	if err := e.Rebuild(ctx, schema, "measured", c.all()); err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Fprintf(out, "rebuild %.1f s, %.0f documents a second\n", took.Seconds(), float64(c.n)/took.Seconds())
	if err := b.size(ctx, s, out); err != nil {
		return err
	}
	wrong, err := recall(ctx, e, truth, c, s, out)
	if err != nil {
		return err
	}
	if err := changes(ctx, e, c, s, out); err != nil {
		return err
	}
	if err := b.size(ctx, s, out); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d queries were not answered as a scan answers them", wrong)
	}
	return nil
}

// size prints how large the server's database is and what memory it took.
func (b *bed) size(ctx context.Context, s settings, out io.Writer) error {
	all, err := b.srv.stats(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "database %.1f MB, in use %.1f MB", float64(all.DatabaseSize)/1e6, float64(all.UsedDatabaseSize)/1e6)
	if s.pid != 0 {
		most, err := resident(s.pid)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, ", largest resident size of the server %s", most)
	}
	fmt.Fprintln(out)
	return nil
}

// recall asks the queries of each class and prints how many of the right hits
// were found and how many of those found are right, the time of a page of 20
// with three facets, and how often the total was said to be exact. It returns how
// many queries were not answered as the truth answers them.
func recall(ctx context.Context, e, truth search.Engine, c corpus, s settings, out io.Writer) (wrong int, err error) {
	fmt.Fprintf(out, "%-24s %8s %10s %8s %9s %9s\n", "class", "recall", "precision", "exact", "p50 ms", "p95 ms")
	for i, class := range classes() {
		r := rand.New(rand.NewPCG(s.seed, uint64(1_000_000+i)))
		var found, precise float64
		var times []time.Duration
		exact := 0
		for range s.queries {
			q := class.make(c, r)
			g, err := ids(ctx, e, q)
			if err != nil {
				return wrong, err
			}
			w, err := ids(ctx, truth, q)
			if err != nil {
				return wrong, err
			}
			both := common(g, w)
			found += share(both, len(w))
			precise += share(both, len(g))
			q.Facets, q.Limit = schema.Keyword, 20
			began := time.Now()
			got, err := e.Search(ctx, q)
			times = append(times, time.Since(began))
			if err != nil {
				return wrong, err
			}
			want, err := truth.Search(ctx, q)
			if err != nil {
				return wrong, err
			}
			if got.Exact {
				exact++
			}
			if both != len(w) || both != len(g) || !alike(got, want) {
				wrong++
			}
		}
		n := float64(s.queries)
		fmt.Fprintf(out, "%-24s %8.3f %10.3f %7.0f%% %9s %9s\n", class.name, found/n, precise/n, 100*float64(exact)/n, quantile(times, 0.5), quantile(times, 0.95))
	}
	return wrong, nil
}

// ids returns the numbers of all hits, largest first.
func ids(ctx context.Context, e search.Engine, q search.Query) ([]int64, error) {
	var all []int64
	err := e.Each(ctx, q, func(h search.Hit) error {
		all = append(all, h.Seq)
		return nil
	})
	return all, err
}

// common counts what two lists of numbers, largest first, have in common.
func common(a, b []int64) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			n++
			a, b = a[1:], b[1:]
		case a[0] > b[0]:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return n
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// alike says whether two results have the same hits in the same order and, if the
// first is exact, the same totals and facets.
func alike(a, b search.Result) bool {
	same := slices.EqualFunc(a.Hits, b.Hits, func(x, y search.Hit) bool { return x.ID == y.ID && x.InTitle == y.InTitle })
	if !same || !a.Exact {
		return same
	}
	for field := range b.Facets {
		same = same && slices.Equal(a.Facets[field], b.Facets[field])
	}
	return same && a.Total == b.Total
}

// changes measures increments: one document, many, and deletions.
func changes(ctx context.Context, e search.Engine, c corpus, s settings, out io.Writer) error {
	const rounds = 20
	many := corpus{seed: s.seed + 1, n: 700}
	var one, gone []time.Duration
	for n := range rounds {
		d := many.letter(n)
		d.ID, d.Seq = fmt.Sprintf("2612-%06d", n), int64(c.n+n+1)
		began := time.Now()
		if err := e.Upsert(ctx, "", []search.Doc{d}); err != nil {
			return err
		}
		one = append(one, time.Since(began))
		began = time.Now()
		if err := e.Delete(ctx, []string{d.ID}); err != nil {
			return err
		}
		gone = append(gone, time.Since(began))
	}
	var docs []search.Doc
	for n := range many.n {
		d := many.letter(n)
		d.ID, d.Seq = fmt.Sprintf("2613-%06d", n), int64(c.n+rounds+n+1)
		docs = append(docs, d)
	}
	began := time.Now()
	if err := e.Upsert(ctx, "changed", docs); err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Fprintf(out, "upsert of 1: p50 %s ms, p95 %s ms; delete of 1: p50 %s ms, p95 %s ms; upsert of %d: %.1f s\n",
		quantile(one, 0.5), quantile(one, 0.95), quantile(gone, 0.5), quantile(gone, 0.95), many.n, took.Seconds())
	st, err := e.Stats(ctx)
	if err != nil {
		return err
	}
	if st.Docs != c.n+many.n || st.Mark != "changed" || st.Indexing {
		return errors.New("the index does not say what was changed")
	}
	return nil
}

// quantile returns a quantile of times in milliseconds.
func quantile(times []time.Duration, q float64) string {
	sorted := slices.Sorted(slices.Values(times))
	at := min(len(sorted)-1, int(q*float64(len(sorted))))
	return fmt.Sprintf("%.1f", float64(sorted[at].Microseconds())/1000)
}
