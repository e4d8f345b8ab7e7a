package main

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// endedEntry is an entry of the allow-list that holds no longer. It is named by what
// finds it in the file, and not by its value.
type endedEntry struct {
	Unit  record.UnitID `json:"unit"`
	Kind  string        `json:"kind"`
	Owner string        `json:"owner"`
	Until record.Day    `json:"until"`
}

// ended is what let something pass, and does so no longer for what comes now.
type ended struct {
	Lines   []record.UnitID `json:"lines,omitempty"`   // units of which the register states a line no longer
	Entries []endedEntry    `json:"entries,omitempty"` // of the allow-list

	former map[record.UnitID][]string
	names  unitNames
}

// none reports whether there is nothing.
func (e ended) none() bool { return len(e.Lines)+len(e.Entries) == 0 }

// ended returns what has ended.
func (in *installation) ended(ctx context.Context) (e ended, err error) {
	if e.former, err = in.store.FormerLines(ctx); err != nil {
		return e, err
	}
	if e.names, err = in.unitNames(ctx); err != nil {
		return e, err
	}
	e.Lines = slices.Sorted(maps.Keys(e.former))
	list, err := in.allow()
	if err != nil {
		return e, err
	}
	cutoff, err := in.store.Cutoff(ctx)
	for _, a := range list {
		if cutoff.Known() && a.Until < cutoff && !goesOn(list, a, cutoff) {
			e.Entries = append(e.Entries, endedEntry{a.Unit, a.Kind, a.Owner, a.Until})
		}
	}
	return e, err
}

// goesOn reports whether another entry of the list says on a day what a said.
func goesOn(list []gate.Allow, a gate.Allow, day record.Day) bool {
	return slices.ContainsFunc(list, func(b gate.Allow) bool {
		return a.Kind == b.Kind && a.Value == b.Value && a.Title == b.Title && a.Unit == b.Unit && b.From <= day && day <= b.Until
	})
}

// news returns what has ended where the office has not been told of it yet, or else
// nil, and notes that it has been.
func (in *installation) news(ctx context.Context) (*ended, error) {
	e, err := in.ended(ctx)
	if err != nil {
		return nil, err
	}
	note := ""
	if !e.none() {
		text, err := json.Marshal(struct {
			ended
			Former map[record.UnitID][]string
		}{e, e.former})
		if err != nil {
			return nil, err
		}
		note = in.intake.Note(text)
	}
	told, err := in.intake.Told(ctx)
	if err != nil || told == note {
		return nil, err
	}
	if err := in.intake.Tell(ctx, note); err != nil || note == "" {
		return nil, err
	}
	return &e, nil
}

// showEnded writes what has ended for a person.
func (a *app) showEnded(e *ended) {
	if e == nil || e.none() {
		return
	}
	for _, unit := range e.Lines {
		a.say("unit %s: a public line is no longer in the register of units; what was published with it stays", e.names.label(unit))
	}
	for _, entry := range e.Entries {
		a.say("allow-list: an entry has ended on %s (%s of unit %s, %s answers for it)", entry.Until, entry.Kind, e.names.label(entry.Unit), visible(entry.Owner))
	}
}
