package meili

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// Engine is an index on a server. All methods are safe for concurrent use; see
// [search.Engine] for who may write.
type Engine struct {
	o      Options
	c      *client
	writer *writer // nil: this index is only read
	closed atomic.Bool

	mu    sync.Mutex
	known *state // of the live index, as last seen; only its schema and generation are relied on
}

var _ search.Engine = (*Engine)(nil)

var (
	errReadOnly = errors.New("meili: this index was opened for reading only")
	errClosed   = errors.New("meili: closed")
)

// New returns the index that o says, for reading and writing. It asks the server
// nothing: a server that is down is an error of the first call.
func New(o Options) (*Engine, error) {
	e, err := NewReader(o)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		return nil, errors.New("meili: Options.Now is missing")
	}
	e.writer = newWriter()
	return e, nil
}

// NewReader returns the index that o says for reading only: Rebuild, Upsert and
// Delete fail. The key for searching suffices.
func NewReader(o Options) (*Engine, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	return &Engine{o: o, c: newClient(o)}, nil
}

// Close lets go of the connections. Calls under way still end well.
func (e *Engine) Close() error {
	e.closed.Store(true)
	e.c.close()
	return nil
}

// open says why nothing can be asked.
func (e *Engine) open(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if e.closed.Load() {
		return errClosed
	}
	return nil
}

// The indexes on the server; see the package comment.
func (e *Engine) live() place { return place{e.o.Index, e.o.Index + "_state"} }
func (e *Engine) next() place { return place{e.o.Index + "_next", e.o.Index + "_state_next"} }

// scratch is where documents are tried that the server has refused.
func (e *Engine) scratch() string { return e.o.Index + "_check" }

// place is a pair of indexes: documents and what they are.
type place struct{ docs, state string }

func (e *Engine) indexes() []string {
	return []string{e.live().docs, e.live().state, e.next().docs, e.next().state, e.scratch()}
}

// Stats implements [search.Engine]. The size is that of the live index where the
// server says it (from version 1.53 on), and 0 for a reader.
func (e *Engine) Stats(ctx context.Context) (search.Stats, error) {
	if err := e.open(ctx); err != nil {
		return search.Stats{}, err
	}
	var n int
	var s state
	for range patience {
		v, err := e.ask(ctx, e.live(), []*meilisearch.SearchRequest{countOf(e.live().docs)})
		if err != nil {
			return search.Stats{Indexing: e.rebuilding()}, err
		}
		n, s = int(v.answers[0].TotalHits), v.state
		if v.steady || v.state.Changing {
			break
		}
	}
	out := search.Stats{Docs: n, Mark: s.Mark, Generation: s.Generation, Version: s.Version, Indexing: s.Changing || e.rebuilding()}
	if e.writer == nil {
		building, err := e.peek(ctx, e.next())
		if err != nil && !errors.Is(err, search.ErrNoIndex) {
			return search.Stats{}, err
		}
		out.Indexing = out.Indexing || err == nil && building.Building
		return out, nil
	}
	size, err := e.c.stats(ctx, e.c.once, e.live().docs)
	if err != nil {
		return search.Stats{}, err
	}
	out.Bytes = size.Size
	return out, nil
}

// rebuilding says whether this program is at a Rebuild.
func (e *Engine) rebuilding() bool {
	if e.writer == nil {
		return false
	}
	e.writer.mu.Lock()
	defer e.writer.mu.Unlock()
	return e.writer.rebuild != nil
}
