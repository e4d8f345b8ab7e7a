package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/huiyin/huiyin/search"
)

// errClosed is returned by every method after Close.
var errClosed = errors.New("scan: closed")

// Engine implements [search.Engine] in memory. Its zero value is not usable;
// see [New].
type Engine struct {
	writing chan struct{} // holds one token: who has it may Rebuild or Upsert

	mu      sync.RWMutex // guards all below; held for moments, never while others' code runs
	closed  bool
	live    *index          // nil before the first Rebuild
	deleted map[string]bool // IDs deleted since the Rebuild under way began; nil without one
	rebuilt int             // number of Rebuilds that were swapped in
}

var _ search.Engine = (*Engine)(nil)

// index is what one Rebuild made.
type index struct {
	schema  search.Schema
	docs    map[string]*entry
	mark    string
	version int64
}

// entry is a document and its analysed texts by field. It is never changed.
type entry struct {
	search.Doc
	units map[string]string // see spell
}

// New returns an engine in which nothing has been indexed.
func New() *Engine {
	e := &Engine{writing: make(chan struct{}, 1)}
	e.writing <- struct{}{}
	return e
}

// Rebuild implements [search.Engine].
func (e *Engine) Rebuild(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
	if err := errors.Join(search.CheckSchema(s), search.CheckMark(mark)); err != nil {
		return err
	}
	if err := e.begin(ctx); err != nil {
		return err
	}
	defer e.end()
	e.mu.Lock()
	e.deleted = map[string]bool{}
	e.mu.Unlock()
	made, err := build(ctx, s, mark, docs)

	e.mu.Lock()
	defer e.mu.Unlock()
	deleted := e.deleted
	e.deleted = nil
	if err != nil {
		return err
	}
	for id := range deleted {
		delete(made.docs, id)
	}
	e.live = made
	e.rebuilt++
	return nil
}

// build makes an index of docs.
func build(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) (*index, error) {
	made := &index{schema: copySchema(s), docs: map[string]*entry{}, mark: mark}
	for d, err := range docs {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return nil, err
		}
		if err := search.CheckDoc(s, d); err != nil {
			return nil, err
		}
		if made.docs[d.ID] != nil {
			return nil, fmt.Errorf("%w: %s twice", search.ErrDoc, d.ID)
		}
		made.docs[d.ID] = analyse(d)
	}
	return made, ctx.Err()
}

// Upsert implements [search.Engine].
func (e *Engine) Upsert(ctx context.Context, mark string, docs []search.Doc) error {
	if err := search.CheckMark(mark); err != nil {
		return err
	}
	if err := e.begin(ctx); err != nil {
		return err
	}
	defer e.end()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.live == nil {
		return search.ErrNoIndex
	}
	for _, d := range docs {
		if err := search.CheckDoc(e.live.schema, d); err != nil {
			return err
		}
	}
	for _, d := range docs {
		e.live.docs[d.ID] = analyse(d)
	}
	e.live.mark = cmp.Or(mark, e.live.mark)
	e.live.version++
	return nil
}

// Delete implements [search.Engine]. It does not wait for a Rebuild.
func (e *Engine) Delete(ctx context.Context, ids []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return errClosed
	}
	for _, id := range ids {
		if e.deleted != nil {
			e.deleted[id] = true
		}
		if e.live != nil {
			delete(e.live.docs, id)
			e.live.version++
		}
	}
	return nil
}

// Search implements [search.Engine].
func (e *Engine) Search(ctx context.Context, q search.Query) (search.Result, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if err := e.ready(ctx); err != nil {
		return search.Result{}, err
	}
	s := e.live.schema
	if err := search.CheckQuery(s, q); err != nil {
		return search.Result{}, err
	}
	hits := e.live.hits(q)
	slices.SortFunc(hits, func(a, b search.Hit) int {
		switch {
		case q.Sort == "" && a.InTitle != b.InTitle:
			return cmp.Compare(btoi(b.InTitle), btoi(a.InTitle))
		case q.Sort == "":
			return byNumber(a, b, s.Newest, true)
		default:
			field, descending := strings.CutPrefix(q.Sort, "-")
			return byNumber(a, b, field, descending)
		}
	})
	r := search.Result{Total: len(hits), Exact: true, Facets: map[string][]search.Count{}}
	from := min(q.Offset, len(hits))
	for _, h := range hits[from:min(from+q.Limit, len(hits))] {
		h.Doc = copyDoc(h.Doc)
		r.Hits = append(r.Hits, h)
	}
	for _, field := range q.Facets {
		r.Facets[field] = e.live.count(q, field)
	}
	return r, nil
}

// Each implements [search.Engine].
func (e *Engine) Each(ctx context.Context, q search.Query, f func(search.Hit) error) error {
	hits, err := e.all(ctx, q)
	if err != nil {
		return err
	}
	for _, h := range hits {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f(search.Hit{Doc: copyDoc(h.Doc)}); err != nil {
			return err
		}
	}
	return nil
}

// all returns all hits as Each gives them.
func (e *Engine) all(ctx context.Context, q search.Query) ([]search.Hit, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if err := e.ready(ctx); err != nil {
		return nil, err
	}
	q.Sort, q.Offset, q.Limit, q.Facets = "", 0, 0, nil
	if err := search.CheckQuery(e.live.schema, q); err != nil {
		return nil, err
	}
	hits := e.live.hits(q)
	slices.SortFunc(hits, func(a, b search.Hit) int { return cmp.Compare(b.Seq, a.Seq) })
	return hits, nil
}

// Stats implements [search.Engine]. Of the first Rebuild it says that it is
// under way beside the error.
func (e *Engine) Stats(ctx context.Context) (search.Stats, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if err := e.ready(ctx); err != nil {
		return search.Stats{Indexing: e.deleted != nil}, err
	}
	return search.Stats{
		Docs:       len(e.live.docs),
		Mark:       e.live.mark,
		Generation: strconv.Itoa(e.rebuilt),
		Version:    e.live.version,
		Indexing:   e.deleted != nil,
	}, nil
}

// Close implements [search.Engine].
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed, e.live = true, nil
	return nil
}

// begin waits until nobody else rebuilds or upserts.
func (e *Engine) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-e.writing:
	case <-ctx.Done():
		return ctx.Err()
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closed {
		e.end()
		return errClosed
	}
	return nil
}

// end lets the next one write.
func (e *Engine) end() { e.writing <- struct{}{} }

// ready says why there is nothing to search; e.mu is held.
func (e *Engine) ready(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case e.closed:
		return errClosed
	case e.live == nil:
		return search.ErrNoIndex
	}
	return nil
}

func copySchema(s search.Schema) search.Schema {
	s.Text, s.Keyword, s.Number = slices.Clone(s.Text), slices.Clone(s.Keyword), slices.Clone(s.Number)
	return s
}

func copyDoc(d search.Doc) search.Doc {
	d.Text, d.Keyword, d.Number = maps.Clone(d.Text), maps.Clone(d.Keyword), maps.Clone(d.Number)
	return d
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
