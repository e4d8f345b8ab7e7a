package meili

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// block is how many documents one query gives at most.
const block = 1000

// errMoved: the plan was made for an index that is not the live one any more.
var errMoved = errors.New("meili: the index was replaced")

// finder answers one query from one generation.
type finder struct {
	e      *Engine
	p      *plan
	state  state // what the plan was made for
	judge  *judge
	steady bool // nothing has changed since the first answer
	seen   bool // there was one
}

// Search implements [search.Engine]. While a change is under way, totals and
// facets may be said not to be exact.
func (e *Engine) Search(ctx context.Context, q search.Query) (search.Result, error) {
	if err := e.open(ctx); err != nil {
		return search.Result{}, err
	}
	s, err := e.current(ctx)
	if err != nil {
		return search.Result{}, err
	}
	for attempt := 1; ; attempt++ {
		r, steady, err := e.searchIn(ctx, s, q)
		if err == nil && (steady || attempt == patience) {
			return r, nil
		}
		if err != nil && (attempt == patience || ctx.Err() != nil || passing(err)) {
			return search.Result{}, unmoved(err)
		}
		// The state that was known may be an old one.
		now, failed := e.refresh(ctx)
		switch {
		case failed != nil:
			return search.Result{}, failed
		case err == nil && now.Changing:
			return r, nil
		case err != nil && !errors.Is(err, errMoved) && now.plansLike(s):
			return search.Result{}, err
		}
		s = now
	}
}

// plansLike says whether plans for one state are good for the other.
func (s state) plansLike(other state) bool {
	return s.Generation == other.Generation && maps.Equal(s.Parts, other.Parts)
}

// unmoved says of an index that moved too often what a caller can act on.
func unmoved(err error) error {
	if errors.Is(err, errMoved) {
		return fmt.Errorf("%w: %w again and again", search.ErrUnavailable, err)
	}
	return err
}

// searchIn answers from the index of a state. It says whether nothing changed
// meanwhile.
func (e *Engine) searchIn(ctx context.Context, s state, q search.Query) (r search.Result, steady bool, err error) {
	if err := search.CheckQuery(s.Schema, q); err != nil {
		return r, false, err
	}
	f := &finder{e: e, state: s, p: newPlan(s, q), steady: true}
	f.judge = f.p.judge()
	r, err = f.result(ctx)
	return r, f.steady, err
}

// ask asks about the generation that the plan was made for.
func (f *finder) ask(ctx context.Context, queries ...*meilisearch.SearchRequest) ([]meilisearch.SearchResponse, error) {
	v, err := f.e.ask(ctx, f.e.live(), queries)
	if err != nil {
		return nil, err
	}
	if !v.state.plansLike(f.state) {
		return nil, errMoved
	}
	if f.seen && v.state.Version != f.state.Version {
		f.steady = false
	}
	f.seen = true
	f.state.Version = v.state.Version
	f.steady = f.steady && v.steady
	return v.answers, nil
}

// result counts, and gets the page.
func (f *finder) result(ctx context.Context) (search.Result, error) {
	p := f.p
	uid := f.e.live().docs
	var together []string // facets that all filters apply to
	var alone []string    // facets that one filter does not apply to: their own
	for _, field := range distinct(p.q.Facets) {
		if p.ownFilter(field) {
			alone = append(alone, field)
		} else {
			together = append(together, field)
		}
	}
	queries := []*meilisearch.SearchRequest{p.count(uid, "", together)}
	for _, field := range alone {
		queries = append(queries, p.count(uid, field, []string{field}))
	}
	lists := f.lists()
	w := &window{skip: p.q.Offset, left: p.q.Limit}
	if p.sure && w.left > 0 {
		// The first block of the page will be wanted in any case.
		queries = append(queries, f.block(lists[0], w, 0))
	}
	answers, err := f.ask(ctx, queries...)
	if err != nil {
		return search.Result{}, err
	}
	r := search.Result{Total: int(answers[0].TotalHits), Exact: true, Facets: map[string][]search.Count{}}
	hits, every, err := f.count(ctx, answers[0], "", together, &r)
	switch {
	case err != nil:
		return r, err
	case every:
		r.Total = len(hits)
		p.arrange(hits)
		from := min(p.q.Offset, len(hits))
		r.Hits = hits[from:min(from+p.q.Limit, len(hits))]
	default:
		for i, l := range lists {
			var first *meilisearch.SearchResponse
			if i == 0 && len(answers) > 1+len(alone) {
				first = &answers[1+len(alone)]
			}
			if err := f.walk(ctx, w, l, first); err != nil {
				return r, err
			}
		}
		r.Hits = w.hits
	}
	for i, field := range alone {
		if _, _, err := f.count(ctx, answers[1+i], field, []string{field}, &r); err != nil {
			return r, err
		}
	}
	r.Exact = r.Exact && f.steady
	return r, nil
}

// count sets facets of a result: those of the answer, or, where that is not sure
// and there are few candidates, those of all candidates, compared. It returns the
// hits among these if it had every one.
func (f *finder) count(ctx context.Context, answer meilisearch.SearchResponse, but string, facets []string, r *search.Result) (hits []search.Hit, every bool, err error) {
	if !f.p.sure && int(answer.TotalHits) <= f.e.o.Verify {
		if hits, err = f.all(ctx, but, int(answer.TotalHits)); err != nil {
			return nil, false, err
		}
		for _, field := range facets {
			r.Facets[field] = tally(hits, field)
		}
		return hits, true, nil
	}
	r.Exact = r.Exact && f.p.sure
	for _, field := range facets {
		if r.Facets[field], err = facetOf(answer, field); err != nil {
			return nil, false, err
		}
	}
	return nil, false, nil
}

// facetOf returns the counts of a facet as the server has them.
func facetOf(answer meilisearch.SearchResponse, field string) ([]search.Count, error) {
	var all map[string]map[string]int
	if len(answer.FacetDistribution) > 0 {
		if err := json.Unmarshal(answer.FacetDistribution, &all); err != nil {
			return nil, &Error{Doing: "count facets", kind: search.ErrUnavailable, Hint: hintAnswer}
		}
	}
	n := map[string]int{}
	for kept, count := range all[keywordField+field] {
		value, err := unescape(kept)
		if err != nil {
			return nil, err
		}
		n[value] = count
	}
	return counts(n), nil
}

// all fetches and compares all of about n candidates, without the filter on the
// field but. Hits are newest Seq first.
func (f *finder) all(ctx context.Context, but string, n int) ([]search.Hit, error) {
	var hits []search.Hit
	for last := int64(0); ; {
		r := f.p.request(f.e.live().docs, f.p.fields, but)
		r.Sort, r.Limit = []string{newestFirst}, int64(min(block, n+1))
		below(r, last)
		answers, err := f.ask(ctx, r)
		if err != nil {
			return nil, err
		}
		docs, err := decodeDown(answers[0].Hits, last)
		if err != nil {
			return nil, err
		}
		for i := range docs {
			if hit, inTitle := f.judge.judge(&docs[i]); hit {
				hits = append(hits, search.Hit{Doc: docs[i], InTitle: inTitle})
			}
		}
		if len(docs) < int(r.Limit) {
			return hits, nil
		}
		last = docs[len(docs)-1].Seq
	}
}

// below restricts a query to documents with a smaller number, if that is not 0.
func below(r *meilisearch.SearchRequest, seq int64) {
	if seq == 0 {
		return
	}
	condition := fmt.Sprintf("%s < %d", fieldSeq, seq)
	if already, ok := r.Filter.(string); ok {
		condition = already + " AND " + condition
	}
	r.Filter = condition
}

// decodeDown returns documents that come by Seq descending, below last if that is
// not 0. Were the order another one, hits would be missed.
func decodeDown(hits meilisearch.Hits, last int64) ([]search.Doc, error) {
	docs := make([]search.Doc, len(hits))
	for i, hit := range hits {
		d, err := decode(hit)
		if err != nil {
			return nil, err
		}
		if last != 0 && d.Seq >= last {
			return nil, &Error{Doing: "search", Code: "wrong_order", kind: search.ErrUnavailable, Hint: hintAnswer}
		}
		docs[i], last = d, d.Seq
	}
	return docs, nil
}

// list is documents in the order of the query, as the server has them.
type list struct {
	fields []string // all terms are found in these
	exact  bool     // every document is a hit
	// keep says whether a document is a hit that belongs to the list, and whether
	// its terms are in the title.
	keep func(*search.Doc) (hit, inTitle bool)
}

// lists returns the lists that together are the order of the query: where it asks
// for it, of documents with all terms in the title first, then of the others.
func (f *finder) lists() []list {
	judge := f.judge.judge
	switch {
	case f.p.title == "" && f.p.sure:
		return []list{{fields: f.p.fields, exact: true, keep: func(*search.Doc) (bool, bool) { return true, false }}}
	case f.p.title == "":
		return []list{{fields: f.p.fields, keep: judge}}
	}
	return []list{
		{fields: []string{f.p.title}, keep: func(d *search.Doc) (bool, bool) {
			hit, inTitle := judge(d)
			return hit && inTitle, true
		}},
		{fields: f.p.fields, keep: func(d *search.Doc) (bool, bool) {
			hit, inTitle := judge(d)
			return hit && !inTitle, false
		}},
	}
}

// window is the part of the order that a page shows.
type window struct {
	skip int // hits yet to be left out
	left int // hits yet to be shown
	hits []search.Hit
}

// block returns the query for the documents of a list from a place on, as many as
// the window lacks if all are hits.
func (f *finder) block(l list, w *window, at int) *meilisearch.SearchRequest {
	r := f.p.request(f.e.live().docs, l.fields, "")
	r.Sort = f.p.order()
	if l.exact {
		at, r.Limit = at+w.skip, int64(min(block, w.left))
	} else {
		r.Limit = int64(min(block, w.skip+w.left))
	}
	r.Offset = int64(at)
	return r
}

// walk goes through a list until the window is full or the list ends. Only of a
// list that is exact it leaves out documents without having seen them: so pages
// are parts of one order. first is the answer for the first block, if there is
// one already.
func (f *finder) walk(ctx context.Context, w *window, l list, first *meilisearch.SearchResponse) error {
	for at := 0; w.left > 0; {
		r := f.block(l, w, at)
		if first == nil {
			answers, err := f.ask(ctx, r)
			if err != nil {
				return err
			}
			first = &answers[0]
		}
		n := len(first.Hits)
		if l.exact {
			at, w.skip = at+w.skip, 0
		}
		for _, raw := range first.Hits {
			d, err := decode(raw)
			if err != nil {
				return err
			}
			hit, inTitle := l.keep(&d)
			switch {
			case !hit:
			case w.skip > 0:
				w.skip--
			case w.left > 0:
				w.hits = append(w.hits, search.Hit{Doc: d, InTitle: inTitle})
				w.left--
			}
		}
		if n < int(r.Limit) {
			return nil
		}
		at, first = at+n, nil
	}
	return nil
}

// Each implements [search.Engine]. When a Rebuild goes live meanwhile it goes on
// in the index that was live when it began.
func (e *Engine) Each(ctx context.Context, q search.Query, f func(search.Hit) error) error {
	if err := e.open(ctx); err != nil {
		return err
	}
	q.Sort, q.Offset, q.Limit, q.Facets = "", 0, 0, nil
	s, err := e.refresh(ctx)
	if err != nil {
		return err
	}
	if err := search.CheckQuery(s.Schema, q); err != nil {
		return err
	}
	p := newPlan(s, q)
	p.title = ""
	j := p.judge()
	for last := int64(0); ; {
		docs, more, err := e.down(ctx, s, p, last)
		if errors.Is(err, errMoved) && last == 0 {
			return e.Each(ctx, q, f) // nothing has been given yet
		}
		if err != nil {
			return unmoved(err)
		}
		for i := range docs {
			if err := e.open(ctx); err != nil {
				return err
			}
			last = docs[i].Seq
			if hit, _ := j.judge(&docs[i]); !hit {
				continue
			}
			if err := f(search.Hit{Doc: docs[i]}); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
	}
}

// down returns the candidates of a generation below a number, and whether there
// may be more.
func (e *Engine) down(ctx context.Context, s state, p *plan, last int64) (docs []search.Doc, more bool, err error) {
	for _, at := range []place{e.live(), e.next(), e.live()} {
		r := p.request(at.docs, p.fields, "")
		r.Sort, r.Limit = []string{newestFirst}, block
		below(r, last)
		v, err := e.ask(ctx, at, []*meilisearch.SearchRequest{r})
		if at == e.next() && errors.Is(err, search.ErrNoIndex) {
			continue // deleted for the next Rebuild, of which the state may be still there
		}
		if err != nil && !passing(err) && e.another(ctx, at, s) {
			continue // what is there now does not know such queries
		}
		if err != nil {
			return nil, false, err
		}
		if v.state.Generation == s.Generation {
			docs, err = decodeDown(v.answers[0].Hits, last)
			return docs, len(docs) == block, err
		}
	}
	return nil, false, errMoved
}

// another says whether at a place is another generation than that of a state, or
// none.
func (e *Engine) another(ctx context.Context, at place, s state) bool {
	now, err := e.peek(ctx, at)
	if at == e.next() && errors.Is(err, search.ErrNoIndex) {
		return true
	}
	return err == nil && now.Generation != s.Generation
}
