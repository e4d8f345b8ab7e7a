package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/huiyin/huiyin/search"
)

// ask asks a question and makes the snippets of the page.
func (b *bench) ask(ctx context.Context, q search.Query) (search.Result, error) {
	r, err := b.reader.Search(ctx, q)
	for _, h := range r.Hits {
		search.Highlight(h.Text[search.FieldTitle], q.Terms)
		if _, ok := search.Snippet(h.Text[search.FieldReply], q.Terms, search.SnippetRunes); !ok {
			search.Snippet(h.Text[search.FieldQuestion], q.Terms, search.SnippetRunes)
		}
	}
	return r, err
}

// common returns those of the commonest words that stand in more than 5 % of the
// cases.
func (b *bench) common(ctx context.Context) ([]string, error) {
	var out []string
	for _, w := range newCity(b.seed, 0).words[:commonest] {
		r, err := b.reader.Search(ctx, terms(w))
		if err != nil {
			return nil, err
		}
		if r.Total*20 > b.cases {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no word is in 5 %% of %d cases", b.cases)
	}
	return out, nil
}

// questions asks all kinds of questions, one after the other.
func (b *bench) questions(ctx context.Context) error {
	common, err := b.common(ctx)
	if err != nil {
		return err
	}
	c := newCity(b.seed, 1)
	var pages, commons timing
	for _, k := range kinds(common) {
		hits := 0
		t, err := timed(b.rounds, func() error {
			r, err := b.ask(ctx, k.make(c))
			hits += r.Total
			return err
		})
		if err != nil {
			return err
		}
		b.row(k.name, t, "%d hits on average", hits/b.rounds)
		if k.page {
			pages.add(t)
		}
		if k.common {
			commons.add(t)
		}
	}
	b.row("**page by date, three facets, snippets** (the first seven)", pages, "floor at 1,000,000: 10, 130 ms; aim 3, 40 ms")
	b.row("**commonest words** (the last two)", commons, "floor at 1,000,000: p95 500 ms; aim 100 ms")
	b.row("memory of the process then", timing{}, "%d MiB", resident()>>20)
	return nil
}

// quality compares hits with a plain scan of the sample, for substrings of the
// sample of 1 to 12 units.
func (b *bench) quality(ctx context.Context) error {
	const each = 12 // of each length
	var docs []search.Doc
	for d := range newCity(b.seed, 0).docs(b.cases) {
		if d.Keyword[search.FieldType] == sampled {
			docs = append(docs, d)
		}
	}
	texts := make([][][]search.Unit, len(docs))
	for i, d := range docs {
		for _, name := range search.SiteSchema().Text {
			texts[i] = append(texts[i], search.Units(d.Text[name]))
		}
	}
	c := newCity(b.seed, 2)
	found, right, all, questions := 0, 0, 0, 0
	for length := 1; length <= 12; length++ {
		for range each {
			term := c.substring(docs[c.rand.IntN(len(docs))], length)
			want := map[string]bool{}
			for i, d := range docs {
				if slices.ContainsFunc(texts[i], func(field []search.Unit) bool { return matches(field, search.Units(term)) }) {
					want[d.ID] = true
				}
			}
			q := search.Query{Terms: []string{term}, Filters: []search.Filter{{Field: search.FieldType, In: []string{sampled}}}}
			err := b.reader.Each(ctx, q, func(h search.Hit) error {
				found++
				if want[h.ID] {
					right++
				}
				return nil
			})
			if err != nil {
				return err
			}
			all += len(want)
			questions++
		}
	}
	b.row("substrings of 1 to 12 characters", timing{}, "recall %.4f, precision %.4f of %d questions with %d hits in a sample of %d cases; floor 1, 1",
		float64(right)/float64(all), float64(right)/float64(found), questions, all, len(docs))
	return nil
}

// substring returns a part of a text with so many units.
func (c *city) substring(d search.Doc, length int) string {
	for {
		text := d.Text[search.SiteSchema().Text[c.rand.IntN(3)]]
		units := search.Units(text)
		if len(units) < length {
			continue
		}
		from := c.rand.IntN(len(units) - length + 1)
		return text[units[from].Start:units[from+length-1].End]
	}
}

func matches(field, term []search.Unit) bool {
	for range search.MatchUnits(field, term) {
		return true
	}
	return false
}

// throughput lets several readers ask pages at once, beside a writer that
// changes 40 cases a second.
func (b *bench) throughput(ctx context.Context) error {
	s, err := b.index.Stats(ctx)
	if err != nil {
		return err
	}
	pages := slices.DeleteFunc(kinds(nil), func(k kind) bool { return !k.page })
	for _, readers := range []int{1, 4, 16} {
		timeout, cancel := context.WithTimeout(ctx, b.span)
		var all sync.WaitGroup
		var mu sync.Mutex
		var t timing
		var failed []string
		written := 0
		fail := func(err error) {
			mu.Lock()
			defer mu.Unlock()
			failed = append(failed, err.Error())
		}
		before, start := processor(), time.Now()
		all.Go(func() {
			c := newCity(b.seed, 1000+uint64(s.Version))
			tick := time.NewTicker(25 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-timeout.Done():
					return
				case <-tick.C:
				}
				if err := b.index.Upsert(ctx, "", []search.Doc{b.changed(c)}); err != nil {
					fail(err)
					return
				}
				written++
			}
		})
		for i := range readers {
			all.Go(func() {
				c := newCity(b.seed, 100+uint64(i))
				for n := 0; timeout.Err() == nil; n++ {
					began := time.Now()
					if _, err := b.ask(ctx, pages[n%len(pages)].make(c)); err != nil {
						fail(err)
						return
					}
					mu.Lock()
					t.took = append(t.took, time.Since(began))
					mu.Unlock()
				}
			})
		}
		all.Wait()
		cancel()
		t.cpu = processor() - before
		if len(failed) > 0 {
			return fmt.Errorf("%d readers beside a writer: %s", readers, strings.Join(failed, "; "))
		}
		b.row(fmt.Sprintf("%d readers beside a writer", readers), t, "**%.0f pages a second**, %d changes, no error; floor for 16: 60 at 1,000,000, 400 at 100,000",
			float64(len(t.took))/time.Since(start).Seconds(), written)
	}
	return nil
}

// changed returns one of the cases with other texts.
func (b *bench) changed(c *city) search.Doc {
	for {
		// Those of the sample stay as they are.
		if i := c.rand.IntN(b.cases); !inSample(i, b.cases) {
			return c.doc(i, false)
		}
	}
}

// changes changes, deletes and cleans.
func (b *bench) changes(ctx context.Context) error {
	// Another run on the same index makes other changes.
	s, err := b.index.Stats(ctx)
	if err != nil {
		return err
	}
	c := newCity(b.seed, 1000+uint64(s.Version))
	var next search.Doc
	n := max(300, b.rounds)
	one := func(do func() error) (timing, error) {
		var t timing
		for range n {
			next = b.changed(c)
			once, err := timed(1, do)
			if err != nil {
				return t, err
			}
			t.add(once)
		}
		return t, nil
	}
	t, err := one(func() error { return b.index.Upsert(ctx, "", []search.Doc{next}) })
	if err != nil {
		return err
	}
	b.row("change one case", t, "floor p95 10 ms; aim 2 ms")
	if t, err = one(func() error { return b.index.Delete(ctx, []string{next.ID}) }); err != nil {
		return err
	}
	b.row("delete one case", t, "floor p95 10 ms; aim 2 ms")
	// A search that sees the change reads it first.
	t, err = one(func() error {
		if err := b.index.Upsert(ctx, "", []search.Doc{next}); err != nil {
			return err
		}
		_, err := b.reader.Search(ctx, search.Query{Limit: 1})
		return err
	})
	if err != nil {
		return err
	}
	b.row("change one case and find it", t, "")
	var batch []search.Doc
	for range 700 {
		batch = append(batch, b.changed(c))
	}
	if t, err = timed(1, func() error { return b.index.Upsert(ctx, "", batch) }); err != nil {
		return err
	}
	b.row("change 700 cases at once", t, "")
	if t, err = timed(1, func() error { return b.index.Optimise(ctx) }); err != nil {
		return err
	}
	b.row("optimise after that", t, "")
	return nil
}
