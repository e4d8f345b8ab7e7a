package searchtest

import (
	"context"
	"iter"
	"maps"
	"sync"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// engine is the reference engine with some calls replaced by what does not do
// what was promised. A replacement gets at the sound one through sound.
type engine struct {
	sound   search.Engine
	search  func(context.Context, search.Query) (search.Result, error)
	each    func(context.Context, search.Query, func(search.Hit) error) error
	rebuild func(context.Context, search.Schema, string, iter.Seq2[search.Doc, error]) error
	upsert  func(context.Context, string, []search.Doc) error
	remove  func(context.Context, []string) error
	stats   func(context.Context) (search.Stats, error)
	close   func() error
}

func sound() *engine {
	e := scan.New()
	return &engine{e, e.Search, e.Each, e.Rebuild, e.Upsert, e.Delete, e.Stats, e.Close}
}

func (e *engine) Search(ctx context.Context, q search.Query) (search.Result, error) {
	return e.search(ctx, q)
}

func (e *engine) Each(ctx context.Context, q search.Query, f func(search.Hit) error) error {
	return e.each(ctx, q, f)
}

func (e *engine) Rebuild(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
	return e.rebuild(ctx, s, mark, docs)
}

func (e *engine) Upsert(ctx context.Context, mark string, docs []search.Doc) error {
	return e.upsert(ctx, mark, docs)
}

func (e *engine) Delete(ctx context.Context, ids []string) error  { return e.remove(ctx, ids) }
func (e *engine) Stats(ctx context.Context) (search.Stats, error) { return e.stats(ctx) }
func (e *engine) Close() error                                    { return e.close() }

// asks changes what both Search and Each are asked.
func asks(change func(q search.Query) search.Query) func(e *engine) {
	return func(e *engine) {
		e.search = func(ctx context.Context, q search.Query) (search.Result, error) {
			return e.sound.Search(ctx, change(q))
		}
		e.each = func(ctx context.Context, q search.Query, f func(search.Hit) error) error {
			return e.sound.Each(ctx, change(q), f)
		}
	}
}

// answers changes what Search found.
func answers(change func(q search.Query, r *search.Result)) func(e *engine) {
	return func(e *engine) {
		e.search = func(ctx context.Context, q search.Query) (search.Result, error) {
			r, err := e.sound.Search(ctx, q)
			if err == nil {
				change(q, &r)
			}
			return r, err
		}
	}
}

// takes changes copies of the documents that Rebuild and Upsert take, and
// takesAsIs the documents.
func takes(change func(d search.Doc) search.Doc) func(e *engine) {
	return takesAsIs(func(d search.Doc) search.Doc {
		d.Text, d.Keyword, d.Number = maps.Clone(d.Text), maps.Clone(d.Keyword), maps.Clone(d.Number)
		return change(d)
	})
}

func takesAsIs(change func(d search.Doc) search.Doc) func(e *engine) {
	return func(e *engine) {
		e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
			return e.sound.Rebuild(ctx, s, mark, func(yield func(search.Doc, error) bool) {
				for d, err := range docs {
					if !yield(change(d), err) {
						return
					}
				}
			})
		}
		e.upsert = func(ctx context.Context, mark string, docs []search.Doc) error {
			var changed []search.Doc
			for _, d := range docs {
				changed = append(changed, change(d))
			}
			return e.sound.Upsert(ctx, mark, changed)
		}
	}
}

// says changes what Stats says.
func says(change func(s *search.Stats)) func(e *engine) {
	return func(e *engine) {
		e.stats = func(ctx context.Context) (search.Stats, error) {
			s, err := e.sound.Stats(ctx)
			change(&s)
			return s, err
		}
	}
}

// inPlace rebuilds document by document where everybody sees it.
func inPlace(e *engine) {
	e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
		if err := e.sound.Rebuild(ctx, s, mark, each()); err != nil {
			return err
		}
		for d, err := range docs {
			if err != nil {
				return err
			}
			if err := e.sound.Upsert(ctx, "", []search.Doc{d}); err != nil {
				return err
			}
		}
		return nil
	}
}

// resurrects deletes only in the index that is live while a Rebuild is under way.
func resurrects(e *engine) {
	var mu sync.Mutex
	e.rebuild = func(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
		var taken []search.Doc
		err := e.sound.Rebuild(ctx, s, mark, func(yield func(search.Doc, error) bool) {
			for d, err := range docs {
				taken = append(taken, d)
				if !yield(d, err) {
					return
				}
			}
		})
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			err = e.sound.Upsert(ctx, "", taken)
		}
		return err
	}
}
