package generator_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

func TestVerifyFindsWhatDiffers(t *testing.T) {
	s := newShelf(t)
	s.publish(town())
	if _, err := s.indexer().Verify(t.Context()); !errors.Is(err, search.ErrNoIndex) {
		t.Errorf("without an index: %v", err)
	}
	s.sync()
	ctx, e := t.Context(), s.engine.Engine
	field := docOf("2610-000001", "公交")
	field.Number = map[string]int64{"days": 3}
	if err := errors.Join(
		e.Delete(ctx, []string{"2609-000001"}),
		e.Upsert(ctx, "", []search.Doc{docOf("2609-000002", "井蓋"), docOf("2610-000002", "多余"), docOf("2612-000001", "多余"), field}),
	); err != nil {
		t.Fatal(err)
	}
	r, err := s.indexer().Verify(ctx)
	want := generator.VerifyReport{
		Release: 1, Shown: 1, Published: 4, Indexed: 5,
		Missing:    generator.Difference{N: 1, Numbers: []string{"2609-000001"}},
		Unexpected: generator.Difference{N: 2, Numbers: []string{"2612-000001", "2610-000002"}},
		Altered:    generator.Difference{N: 2, Numbers: []string{"2610-000001", "2609-000002"}},
	}
	if diff := cmp.Diff(want, r); diff != "" || err != nil || r.Same() {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := s.indexer().Rebuild(ctx); err != nil {
		t.Fatal(err)
	}
	s.shows(wholeTown)
}

// Another document in the place of one with the same seq is both: one missing and
// one too many. An empty index lacks everything, and lists a hundred.
func TestVerifyOtherDocuments(t *testing.T) {
	s := newShelf(t)
	s.publish(map[string]string{"case/2609/0000": "2609-000001 路灯"})
	s.sync()
	e := scan.New()
	other := docOf("2609-000001", "路灯")
	other.ID = "2609-00001x"
	if err := e.Rebuild(t.Context(), search.SiteSchema(), s.mark().String(), func(yield func(search.Doc, error) bool) { yield(other, nil) }); err != nil {
		t.Fatal(err)
	}
	s.engine.Engine = e
	r, err := s.indexer().Verify(t.Context())
	if err != nil || !slices.Equal(r.Missing.Numbers, []string{"2609-000001"}) || !slices.Equal(r.Unexpected.Numbers, []string{"2609-00001x"}) {
		t.Errorf("%+v, %v", r, err)
	}

	var many []string
	for i := range 150 {
		many = append(many, fmt.Sprintf("2609-%06d 路灯", i+1))
	}
	s.publish(map[string]string{"case/2609/0000": strings.Join(many, " | ")})
	if r, err = s.indexer().Verify(t.Context()); err != nil || r.Missing.N != 150 || len(r.Missing.Numbers) != 100 || r.Missing.Numbers[0] != "2609-000150" {
		t.Errorf("%+v, %v", r.Missing, err)
	}
}

// optimisable is an engine that can be optimised.
type optimisable struct {
	search.Engine
	done int
}

func (o *optimisable) Optimise(context.Context) error {
	o.done++
	return nil
}

// checked is an engine that checks itself.
type checked struct {
	search.Engine
	err error
}

func (c checked) Check(context.Context) error { return c.err }

func TestVerifyChecksTheEngine(t *testing.T) {
	s := newShelf(t)
	s.publish(town())
	s.sync()
	for _, fails := range []error{nil, fmt.Errorf("%w: made up", search.ErrUnavailable)} {
		open := func(context.Context) (search.Engine, error) { return checked{s.engine, fails}, nil }
		r, err := generator.NewIndexer(generator.IndexerOptions{Releases: s.releases, Read: open, Write: open}).Verify(t.Context())
		if err != nil || r.Same() != (fails == nil) || strings.Contains(r.Damaged, "made up") != (fails != nil) {
			t.Errorf("%v: %+v, %v", fails, r, err)
		}
	}
}

func TestOptimise(t *testing.T) {
	s := newShelf(t)
	s.publish(town())
	s.sync()
	if can, err := s.indexer().Optimise(t.Context()); can || err != nil {
		t.Errorf("an engine that cannot: %t, %v", can, err)
	}
	engine := &optimisable{Engine: s.engine}
	open := func(context.Context) (search.Engine, error) { return engine, nil }
	x := generator.NewIndexer(generator.IndexerOptions{Releases: s.releases, Read: open, Write: open})
	if can, err := x.Optimise(t.Context()); !can || err != nil || engine.done != 1 {
		t.Errorf("an engine that can: %t, %v, done %d times", can, err, engine.done)
	}
}
