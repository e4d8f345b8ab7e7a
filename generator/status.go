package generator

import (
	"context"

	"github.com/huiyin/huiyin/generator/record"
)

// Status is what is published, and whether there is anything newer.
type Status struct {
	Release   int
	Releases  []int // kept, oldest first
	Cutoff    record.Day
	Cases     int64
	Stubs     int64
	Withdrawn int64
	UpToDate  bool // a publish would make no release

	// Completing says that the release is shown and its counts are not kept yet, so that
	// Cases, Stubs and Withdrawn are zero: its publish is about to do so, or was killed
	// before, and the next one does.
	Completing bool
}

// Status returns what is published. It writes nothing.
func (g *Generator) Status(ctx context.Context) (Status, error) {
	manifest, err := g.o.Releases.Manifest()
	if err != nil {
		return Status{}, err
	}
	if manifest == nil {
		cutoff, err := g.o.Store.Cutoff(ctx)
		return Status{UpToDate: !cutoff.Known()}, err
	}
	s := Status{Release: manifest.Release}
	if s.Cutoff, err = record.ParseDay(manifest.Cutoff); err != nil {
		return Status{}, err
	}
	kept, err := g.o.Releases.Releases()
	if err != nil {
		return Status{}, err
	}
	for _, r := range kept {
		s.Releases = append(s.Releases, r.Release)
	}
	state, err := g.o.Store.State(ctx)
	if err != nil {
		return Status{}, err
	}
	s.UpToDate = manifest.Inputs == g.inputs(state)
	published, err := g.o.Store.Publishes(ctx)
	if err != nil {
		return Status{}, err
	}
	s.Completing = true
	for _, p := range published {
		if p.Release == s.Release {
			s.Completing = false
			s.Cases, s.Stubs, s.Withdrawn = p.Cases, p.Stubs, p.Withdrawn
		}
	}
	return s, nil
}
