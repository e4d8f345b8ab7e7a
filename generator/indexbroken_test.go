package generator_test

import (
	"context"
	"slices"
	"testing"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/search"
)

// unfinished is an engine that says of a change that it is under way, until the
// next one.
type unfinished struct {
	*tape
	broken bool
}

func (e *unfinished) Stats(ctx context.Context) (search.Stats, error) {
	st, err := e.tape.Stats(ctx)
	st.Indexing = st.Indexing || e.broken
	return st, err
}

func (e *unfinished) Upsert(ctx context.Context, mark string, docs []search.Doc) error {
	e.broken = false
	return e.tape.Upsert(ctx, mark, docs)
}

// A change that was broken off before it had changed anything does not stay under
// way for ever.
func TestBrokenChangeIsEnded(t *testing.T) {
	s := newShelf(t)
	s.publish(town())
	s.sync()
	s.withdraw("2609-000002")
	s.sync()
	e := &unfinished{tape: s.engine, broken: true}
	open := func(context.Context) (search.Engine, error) { return e, nil }
	x := generator.NewIndexer(generator.IndexerOptions{Releases: s.releases, Read: open, Write: open})
	if r, err := x.Settle(t.Context()); err != nil || !r.Nothing || !e.broken {
		t.Errorf("settle: %+v, %v", r, err)
	}
	s.engine.noted()
	if r, err := x.Sync(t.Context()); err != nil || r.Nothing || r.Rebuilt != "" || e.broken {
		t.Errorf("%+v, %v", r, err)
	}
	if calls := s.engine.noted(); !slices.Equal(calls, []string{"upsert mark 1"}) {
		t.Errorf("changes: %q", calls)
	}
	if r, err := x.Sync(t.Context()); err != nil || !r.Nothing {
		t.Errorf("again: %+v, %v", r, err)
	}
}
