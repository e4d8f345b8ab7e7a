package fts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/huiyin/huiyin/search"
)

// view is what one search sees: an index at one version.
type view struct {
	g    *generation
	c    *conn // in a read transaction
	cols *columns
	runs *runs
	born int64 // the version with which the index became the live one
}

// Search returns one page. Total and Facets are counted.
func (x *Index) Search(ctx context.Context, q search.Query) (search.Result, error) {
	var res search.Result
	err := x.view(ctx, func(v *view) (err error) {
		if err := search.CheckQuery(v.g.schema, q); err != nil {
			return err
		}
		res, err = v.search(ctx, q)
		return err
	})
	return res, err
}

func (v *view) search(ctx context.Context, q search.Query) (search.Result, error) {
	m, err := v.match(ctx, q, q.Sort == "")
	if err != nil {
		return search.Result{}, err
	}
	found := v.filter(m.any, q.Filters, q.Facets)
	res := search.Result{Total: found.all.count(), Exact: true, Facets: make(map[string][]search.Count, len(q.Facets))}
	for _, name := range q.Facets {
		s, ok := found.without[name]
		if !ok {
			s = found.all
		}
		res.Facets[name] = v.facet(s, name)
	}
	page, titles := v.page(found.all, m.title, q)
	for i, r := range page {
		if err := ctx.Err(); err != nil {
			return search.Result{}, err
		}
		hit, err := v.hit(r.ord)
		if err != nil {
			return search.Result{}, err
		}
		hit.InTitle = i < titles
		res.Hits = append(res.Hits, hit)
	}
	return res, nil
}

// page returns the documents of the page that is asked for, and how many of
// them, which come first, are found by their title.
func (v *view) page(found, title set, q search.Query) (page []ranked, titles int) {
	n := q.Offset + q.Limit
	if q.Limit == 0 {
		return nil, 0
	}
	field, descending := v.g.schema.Newest, true
	if q.Sort != "" {
		field, descending = strings.CutPrefix(q.Sort, "-")
	}
	number := slices.Index(v.g.schema.Number, field)
	if title != nil {
		in := slices.Clone(found)
		in.and(title)
		page = v.first(in, number, descending, n)
		titles = len(page)
		if titles < n {
			rest := slices.Clone(found)
			rest.andNot(title)
			page = append(page, v.first(rest, number, descending, n-titles)...)
		}
	} else {
		page = v.first(found, number, descending, n)
	}
	skip := min(q.Offset, len(page))
	return page[skip:], max(0, titles-skip)
}

// hit reads a document.
func (v *view) hit(ord uint32) (search.Hit, error) {
	var h search.Hit
	var body []byte
	err := v.c.row(`SELECT d.id, d.seq, b.texts FROM doc d JOIN body b USING (ord) WHERE d.ord = ?`, []any{int64(ord)}, &h.ID, &h.Seq, &body)
	if err != nil {
		return h, errors.Join(errRow, err)
	}
	if h.Text, err = v.g.texts.unpack(v.g.schema.Text, body); err != nil {
		return h, err
	}
	r := v.g.newRow()
	v.cols.row(ord, r)
	h.Keyword, h.Number = make(map[string]string), make(map[string]int64)
	for f, code := range r.codes {
		if code > 0 {
			h.Keyword[v.g.schema.Keyword[f]] = v.cols.names[f][code]
		}
	}
	for f, n := range r.numbers {
		if n != noNumber {
			h.Number[v.g.schema.Number[f]] = n
		}
	}
	return h, nil
}

// eachBatch is how many hits Each reads at a time.
const eachBatch = 64

// eachAge is how old a batch may become before Each looks whether what it holds
// is still so: f may be slow.
const eachAge = 50 * time.Millisecond

// Each calls f for every hit. It holds no transaction while f runs: after a
// change it asks again and goes on behind the last hit, so that f gets no
// document that was deleted, and every document once that was a hit all along.
// When a Rebuild replaces the index, it goes on with the old one. That one does
// not learn of deletions any more: when there are any in the new one, Each fails
// with [search.ErrChanged].
//
// Changes by this process are seen before each hit. Those by another process are
// seen when Options.Now says that some time has passed, and without it before
// each hit as well, which costs a query each.
func (x *Index) Each(ctx context.Context, q search.Query, f func(search.Hit) error) (err error) {
	q.Sort, q.Offset, q.Limit, q.Facets = "", 0, 0, nil
	e := eachRun{x: x, q: q, below: 1 << 62}
	defer func() { err = errors.Join(err, e.close()) }()
	for {
		epoch, read := x.epoch(), x.now()
		hits, err := e.next(ctx)
		if err != nil || len(hits) == 0 {
			return err
		}
		for _, h := range hits {
			if err := ctx.Err(); err != nil {
				return err
			}
			if epoch != x.epoch() {
				break
			}
			if x.writer == nil && (x.o.Now == nil || x.now().Sub(read) > eachAge) {
				if same, err := e.unchanged(ctx); err != nil {
					return err
				} else if !same {
					break
				}
				read = x.now()
			}
			if err := f(h); err != nil {
				return err
			}
			e.below = h.Seq
		}
	}
}

// now returns the time, where Options say what time it is.
func (x *Index) now() time.Time {
	if x.o.Now == nil {
		return time.Time{}
	}
	return x.o.Now()
}

// epoch changes with each change by this process.
func (x *Index) epoch() int64 {
	if x.writer == nil {
		return 0
	}
	return x.writer.epoch.Load()
}

// eachRun is an Each under way.
type eachRun struct {
	x     *Index
	q     search.Query
	below int64 // the Seq of the last hit that f got

	// What is left of the hits, the version that they are of, and its index, which
	// is held.
	rest    []ranked
	gen     *generation
	version int64

	// The index that was the live one when the batch was read, and its version.
	seen        string
	seenVersion int64
}

func (e *eachRun) close() error {
	if e.gen == nil {
		return nil
	}
	return e.gen.release()
}

// next reads the next batch.
func (e *eachRun) next(ctx context.Context) (hits []search.Hit, err error) {
	replaced := false
	err = e.x.view(ctx, func(v *view) error {
		e.seen, e.seenVersion = v.g.name, v.cols.version
		if e.gen != nil && e.gen.name != v.g.name {
			if replaced = true; v.cols.version != v.born {
				return fmt.Errorf("%w: it was rebuilt, and then changed", search.ErrChanged)
			}
			return nil
		}
		if e.gen == nil || e.version != v.cols.version {
			if err := e.ask(ctx, v); err != nil {
				return err
			}
		}
		hits, err = e.batch(ctx, v)
		return err
	})
	if err == nil && replaced {
		err = e.gen.read(ctx, func(c *conn) error {
			v, err := e.gen.viewAt(c)
			if err != nil {
				return err
			}
			hits, err = e.batch(ctx, v)
			return err
		})
	}
	return hits, err
}

// batch reads some of the hits that are left.
func (e *eachRun) batch(ctx context.Context, v *view) ([]search.Hit, error) {
	for len(e.rest) > 0 && e.rest[0].seq >= e.below {
		e.rest = e.rest[1:]
	}
	var hits []search.Hit
	for _, r := range e.rest[:min(eachBatch, len(e.rest))] {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		h, err := v.hit(r.ord)
		if err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	return hits, nil
}

// ask finds all hits behind the last.
func (e *eachRun) ask(ctx context.Context, v *view) error {
	if err := search.CheckQuery(v.g.schema, e.q); err != nil {
		return err
	}
	m, err := v.match(ctx, e.q, false)
	if err != nil {
		return err
	}
	if e.gen == nil {
		v.g.hold()
		e.gen = v.g
	}
	e.rest, e.version = nil, v.cols.version
	v.filter(m.any, e.q.Filters, nil).all.each(func(chunk int, base uint32, words []uint64) {
		seqs := v.cols.chunks[chunk].seq
		for w, word := range words {
			for ; word != 0; word &= word - 1 {
				i := w*64 + bits.TrailingZeros64(word)
				if seqs[i] < e.below {
					e.rest = append(e.rest, ranked{seq: seqs[i], ord: base + uint32(i)})
				}
			}
		}
	})
	slices.SortFunc(e.rest, func(a, b ranked) int { return cmp.Compare(b.seq, a.seq) })
	return nil
}

// unchanged says whether the index is still as the batch was read.
func (e *eachRun) unchanged(ctx context.Context) (bool, error) {
	same := false
	err := e.x.read(ctx, func(g *generation, c *conn) error {
		var version int64
		err := c.row(`SELECT version FROM state`, nil, &version)
		same = g.name == e.seen && version == e.seenVersion
		return err
	})
	return same, err
}
