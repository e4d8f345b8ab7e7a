package serve

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/huiyin/huiyin/search"
)

// watched is an engine of which it is logged when it stops and begins to work,
// and not with each search. What an engine says in its errors holds no query.
type watched struct {
	search.Engine
	logger *slog.Logger

	mu   sync.Mutex
	down string // what was wrong last; empty: nothing
}

// Search implements [search.Engine].
func (w *watched) Search(ctx context.Context, q search.Query) (search.Result, error) {
	res, err := w.Engine.Search(ctx, q)
	w.note(ctx, err, true)
	return res, err
}

// Each implements [search.Engine]. An error of f is not the engine's.
func (w *watched) Each(ctx context.Context, q search.Query, f func(search.Hit) error) error {
	var other error
	err := w.Engine.Each(ctx, q, func(h search.Hit) error {
		other = f(h)
		return other
	})
	if other == nil {
		w.note(ctx, err, true)
	}
	return err
}

// Stats implements [search.Engine]. That the state can be read does not mean
// that searches work.
func (w *watched) Stats(ctx context.Context) (search.Stats, error) {
	stats, err := w.Engine.Stats(ctx)
	w.note(ctx, err, false)
	return stats, err
}

// note takes the result of a call. A search that was given up, cannot be one, or
// comes before there is an index says nothing about the engine.
func (w *watched) note(ctx context.Context, err error, searched bool) {
	if errors.Is(err, search.ErrQuery) || errors.Is(err, search.ErrNoIndex) || errors.Is(ctx.Err(), context.Canceled) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err != nil && err.Error() != w.down:
		w.down = err.Error()
		w.logger.Error("the search does not work", "cause", err)
	case err == nil && searched && w.down != "":
		w.down = ""
		w.logger.Info("the search works again")
	}
}

// lasting is an engine whose Each may go on for long: it ends with
// [search.ErrChanged] at a case that was withdrawn after it had begun.
type lasting struct {
	search.Engine
	overlay    func(known int64) (generation int64, withdrawn []string)
	generation int64 // of what the query hides
}

// Each implements [search.Engine].
func (l *lasting) Each(ctx context.Context, q search.Query, f func(search.Hit) error) error {
	known, gone := l.generation, map[string]bool{}
	return l.Engine.Each(ctx, q, func(h search.Hit) error {
		generation, withdrawn := l.overlay(known)
		if generation != known {
			known = generation
			for _, id := range withdrawn {
				gone[id] = true
			}
		}
		if gone[h.ID] {
			return search.ErrChanged
		}
		return f(h)
	})
}
