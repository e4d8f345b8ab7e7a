package meili

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// What of a Rebuild is looked at before it goes live.
const (
	sampled = 100 // documents that are compared
	asked   = 5   // of these, how many are searched for
)

// sample keeps some of the documents that it sees: those whose IDs have the
// smallest sums, so that the same documents give the same sample.
type sample struct {
	kept []sampledDoc // by sum
}

type sampledDoc struct {
	sum  uint64
	line line
	term string // see someTerm
}

func (s *sample) see(schema search.Schema, d search.Doc, l line) {
	h := fnv.New64a()
	h.Write([]byte(d.ID))
	sum := h.Sum64()
	if len(s.kept) == sampled && sum >= s.kept[sampled-1].sum {
		return
	}
	i, _ := slices.BinarySearchFunc(s.kept, sum, func(k sampledDoc, sum uint64) int {
		switch {
		case k.sum < sum:
			return -1
		case k.sum > sum:
			return 1
		}
		return 0
	})
	s.kept = slices.Insert(s.kept, i, sampledDoc{sum, l, someTerm(schema, d)})
	s.kept = s.kept[:min(len(s.kept), sampled)]
}

// errVerify: the new index is not what it should be.
var errVerify = fmt.Errorf("%w: meili: the new index is not what was sent; the live one stays", search.ErrUnavailable)

// verify looks whether the new index holds what was sent: how many documents, a
// sample of them, and whether they can be searched for.
func (e *Engine) verify(ctx context.Context, r *rebuild) error {
	at := e.next().docs
	have, err := e.c.stats(ctx, e.c.repeat, at)
	if err != nil {
		return err
	}
	if have.Docs != len(r.ids) {
		return fmt.Errorf("%w: it has %d documents of %d", errVerify, have.Docs, len(r.ids))
	}
	lines := make([]line, len(r.sample.kept))
	for i, k := range r.sample.kept {
		lines[i] = k.line
	}
	if err := e.compare(ctx, at, lines); err != nil {
		return fmt.Errorf("%w: %w", errVerify, err)
	}
	n := 0
	for _, k := range r.sample.kept {
		if k.term == "" || n == asked {
			continue
		}
		n++
		if err := e.findable(ctx, r, k.line.id, k.term); err != nil {
			return err
		}
	}
	return nil
}

// someTerm returns two units that stand side by side in a text of the document,
// or one, or "" if it has no words.
func someTerm(s search.Schema, d search.Doc) string {
	for _, field := range s.Text {
		units := search.Units(d.Text[field])
		switch {
		case len(units) > 1 && !units[1].After:
			return units[0].Text + units[1].Text
		case len(units) > 0:
			return units[0].Text
		}
	}
	return ""
}

// findable wants a search for a term to find a document, sorted and counted as
// searches are.
func (e *Engine) findable(ctx context.Context, r *rebuild, id, term string) error {
	q := search.Query{Terms: []string{term}}
	p := newPlan(r.state, q)
	request := p.request(e.next().docs, p.fields, "")
	request.Filter = among(fieldKey, "IN", []string{id})
	request.Sort, request.Limit = p.order(), 2
	request.Facets = prefixed(keywordField, r.schema.Keyword)
	var hits meilisearch.Hits
	err := e.c.repeat(ctx, "search the new index", func(ctx context.Context) error {
		answers, err := e.c.search(ctx, []*meilisearch.SearchRequest{request})
		if err == nil {
			hits = answers[0].Hits
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(hits) == 1 {
		if d, err := decode(hits[0]); err == nil && d.ID == id {
			return nil
		}
	}
	return fmt.Errorf("%w: document %s is not found by its own words", errVerify, id)
}

// isLive looks whether the index that should have gone live is there under its
// name. It says whether another one is.
func (e *Engine) isLive(ctx context.Context, generation string, docs int) (other bool, err error) {
	var v view
	err = e.c.repeat(ctx, "look at the new index", func(ctx context.Context) (err error) {
		v, err = e.ask(ctx, e.live(), []*meilisearch.SearchRequest{countOf(e.live().docs)})
		return err
	})
	switch {
	case errors.Is(err, search.ErrNoIndex):
		return true, err
	case err != nil:
		return false, err
	case v.state.Generation != generation:
		return true, fmt.Errorf("%w: another index is there under its name", errVerify)
	case int(v.answers[0].TotalHits) != docs:
		return true, fmt.Errorf("%w: %d documents of %d are there under its name", errVerify, v.answers[0].TotalHits, docs)
	}
	return false, nil
}

// swap exchanges the live index and the next, documents and states together.
func (e *Engine) swap(ctx context.Context) error {
	const doing = "swap the indexes"
	before, err := e.generation(ctx)
	if err != nil {
		return err
	}
	var task int64
	for attempt := 1; ; attempt++ {
		err := e.c.retry(ctx, doing, false, func(ctx context.Context) error {
			info, err := e.c.library.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{
				{Indexes: []string{e.live().docs, e.next().docs}},
				{Indexes: []string{e.live().state, e.next().state}},
			})
			if err == nil {
				task = info.TaskUID
			}
			return err
		})
		if err == nil {
			return e.finish(ctx, doing, nil, task)
		}
		var failed *Error
		switch {
		case attempt == patience || !errors.As(err, &failed):
			return err
		case failed.Code == codeFull:
			if e.PurgeTasks(ctx) != nil {
				return err
			}
			continue
		case !failed.maybe:
			return err
		}
		// Nobody knows whether it was accepted. Asked for again blindly, two
		// swaps would be none.
		if err := e.rest(ctx); err != nil {
			return err
		}
		now, err := e.generation(ctx)
		if err != nil || now != before {
			return err
		}
	}
}

// generation returns that of the live index, "" without one.
func (e *Engine) generation(ctx context.Context) (string, error) {
	s, err := e.reread(ctx)
	if errors.Is(err, search.ErrNoIndex) {
		return "", nil
	}
	return s.Generation, err
}
