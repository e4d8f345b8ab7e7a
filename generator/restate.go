package generator

import (
	"context"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/numbers"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/release"
)

// shown is what the public has seen last, as far as the journal knows: its entry of the
// current release, or, where a crash fell between the switch to that and the record of it,
// or a program that kept no batch has made it, the newest one before. Without any it is
// zero.
func (g *Generator) shown(ctx context.Context, current *release.Manifest) (last store.Publish, err error) {
	if current == nil {
		return last, nil
	}
	all, err := g.o.Store.Publishes(ctx)
	if err != nil {
		return last, err
	}
	for _, p := range all {
		if p.Release <= current.Release && p.Release > last.Release && p.Batch > 0 {
			last = p
		}
	}
	return last, nil
}

// restatements is what was restated: now, and before. after is the release that the
// public had seen last, 0 where that is not known.
type restatements struct {
	after    int
	now, all []record.Restatement
}

// restatements returns what the release that is being made restates of the last one,
// and, behind it, what the last and those before it have restated.
func (g *Generator) restatements(ctx context.Context, last store.Publish, read *numbers.Numbers) (r restatements, err error) {
	r.after = last.Release
	if read.Then == nil {
		return r, nil
	}
	if r.now, err = g.restated(ctx, last, read); err != nil {
		return r, err
	}
	before, err := g.o.Store.Restatements(ctx, last.Release)
	r.all = append(slices.Clone(r.now), slices.DeleteFunc(before, func(r record.Restatement) bool { return !assess.Kept(r.Old) })...)
	for i := range r.all {
		r.all[i].No = len(r.all) - i
	}
	return r, err
}

// restated returns the figures of months and years that a release showed and that are
// others today at the same cut-off, with the cases that have made the difference.
func (g *Generator) restated(ctx context.Context, last store.Publish, read *numbers.Numbers) ([]record.Restatement, error) {
	old, now, err := read.Changed(ctx, g.o.Store, last.Release, restatedPeriod)
	if err != nil {
		return nil, err
	}
	then, cutoff := read.Then, read.Book.Cutoff()
	diff := assess.Diff(old, now)
	if len(diff) == 0 {
		return nil, nil
	}
	all := make([]record.Restatement, len(diff))
	at := make(map[assess.Touch]int, len(diff))
	for i, d := range diff {
		all[i] = record.Restatement{Shown: cutoff, Old: d.Old, New: d.New}
		at[assess.Touch{Measure: d.Old.Measure, Scope: d.Old.Scope, Period: d.Old.Period}] = i
	}
	causes := make([]map[record.EventKind]bool, len(diff))
	because := func(i int, kinds ...record.EventKind) {
		if causes[i] == nil {
			causes[i] = map[record.EventKind]bool{}
		}
		for _, k := range kinds {
			causes[i][k] = true
		}
	}
	var lost []store.Change
	for c, err := range g.cases().ChangedSince(ctx, last.Batch) {
		if err != nil {
			return nil, err
		}
		if c.Before.Number == "" {
			// What is erased was published in full, with the row that is still there, if
			// nothing else has changed in it.
			lost = append(lost, c)
			c.Before = record.Fact{Case: record.Case{Row: c.Now.Row}}
			c.Before.Prominence = record.Full
		}
		for _, t := range then.Touched(c.Before, c.Now) {
			if i, ok := at[t]; ok {
				because(i, c.Kinds...)
				all[i].Add(c.Now.Number)
			}
		}
	}
	for f, err := range g.cases().AddedSince(ctx, last.Batch) {
		if err != nil {
			return nil, err
		}
		for _, t := range then.Touched(record.Fact{}, f) {
			if i, ok := at[t]; ok {
				because(i, record.EventPublish)
				all[i].Add(f.Number)
			}
		}
	}
	for i := range all {
		for _, c := range lost {
			if r := &all[i]; r.N == 0 && then.MayCount(&c.Now, r.Old.Scope, r.Old.Period) {
				because(i, c.Kinds...)
			}
		}
		all[i].Why = slices.Sorted(maps.Keys(causes[i]))
	}
	return all, nil
}

// restatedPeriod reports whether restatements of a period are told: of months and
// years. Those of the twelve months to a month follow from the months.
func restatedPeriod(p record.Period) bool { return p != record.AllTime && p == record.Period(p.Name()) }
