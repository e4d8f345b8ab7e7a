package search_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// counting is an engine whose answers can be changed and are counted.
type counting struct {
	search.Engine
	searches int
	change   func(search.Query, *search.Result)
	stats    func(*search.Stats)
}

func (c *counting) Search(ctx context.Context, q search.Query) (search.Result, error) {
	c.searches++
	r, err := c.Engine.Search(ctx, q)
	if c.change != nil {
		c.change(q, &r)
	}
	return r, err
}

func (c *counting) Stats(ctx context.Context) (search.Stats, error) {
	s, err := c.Engine.Stats(ctx)
	if c.stats != nil {
		c.stats(&s)
	}
	return s, err
}

func TestState(t *testing.T) {
	with := func(f func(*search.Mark)) string {
		m := mark
		f(&m)
		return m.String()
	}
	for _, test := range []struct {
		name, mark string
		docs       int
		release    int
		want       search.IndexState
	}{
		{"whole", mark.String(), 6, 0, search.IndexState{Docs: 6, Release: 7, Cutoff: "2026-11-20"}},
		{"of an earlier release", with(func(m *search.Mark) { m.Release, m.Cutoff = 6, "2026-11-19" }), 4, 0,
			search.IndexState{Docs: 4, Release: 6, Cutoff: "2026-11-19", Missing: 2, Behind: true}},
		{"on its way", with(func(m *search.Mark) { m.Toward = []int{8} }), 6, 0, search.IndexState{Docs: 6, Release: 7, Cutoff: "2026-11-20", Behind: true}},
		{"of a release that the site is not yet at", mark.String(), 6, 6, search.IndexState{Docs: 6, Release: 7, Cutoff: "2026-11-20", Behind: true}},
		{"with an unknown mark", "made up", 5, 0, search.IndexState{Docs: 5, Missing: 1, Behind: true}},
		{"without a mark", "", 6, 0, search.IndexState{Docs: 6, Behind: true}},
	} {
		s := search.NewSearcher(index(t, test.mark, sixDocuments(t)[:test.docs]...), names(t), search.SearcherOptions{Release: test.release})
		got, err := s.State(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if a := answer(t, s, "q=停水"); a.Index.Behind != test.want.Behind {
			t.Errorf("%s: the answer says otherwise: %+v", test.name, a.Index)
		}
	}
}

// TestStateKnown takes the state from the caller, who has it, and does not ask
// the engine.
func TestStateKnown(t *testing.T) {
	e := &counting{Engine: index(t, "", sixDocuments(t)...), stats: func(*search.Stats) { t.Error("the engine was asked") }}
	s := search.NewSearcher(e, nil, search.SearcherOptions{Stats: func(context.Context) (search.Stats, error) {
		return search.Stats{Docs: 5, Mark: mark.String(), Generation: "g", Version: 3}, nil
	}})
	if got := answer(t, s, "q=停水").Index; got != (search.IndexState{Docs: 5, Release: 7, Cutoff: "2026-11-20"}) {
		t.Errorf("state %+v", got)
	}
}

// TestEngineErrors asks an engine that cannot answer.
func TestEngineErrors(t *testing.T) {
	s := search.NewSearcher(scan.New(), nil, search.SearcherOptions{})
	ctx := context.Background()
	if _, err := s.Search(ctx, search.Request{Q: "停水"}); !errors.Is(err, search.ErrNoIndex) {
		t.Errorf("Search: %v", err)
	}
	if _, err := s.State(ctx); !errors.Is(err, search.ErrNoIndex) {
		t.Errorf("State: %v", err)
	}
	if err := s.Each(ctx, search.Request{}, nil); !errors.Is(err, search.ErrNoIndex) {
		t.Errorf("Each: %v", err)
	}
	full := search.NewSearcher(index(t, "", sixDocuments(t)...), nil, search.SearcherOptions{})
	stop := errors.New("enough")
	if err := full.Each(ctx, search.Request{}, func(search.AnswerHit) error { return stop }); err != stop {
		t.Errorf("Each returns %v, want the error of its function", err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := full.Search(ended, search.Request{Q: "停水"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Search in a context that ended: %v", err)
	}
}
