package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// unitNames are the names of units by identifier, for people.
type unitNames map[record.UnitID]string

// unitNames returns the names that the register of units has.
func (in *installation) unitNames(ctx context.Context) (unitNames, error) {
	r, err := in.store.Register(ctx)
	names := unitNames{}
	for _, u := range r.Units {
		names[u.ID] = u.Name
	}
	return names, err
}

// label writes a unit with its name, where it has one.
func (n unitNames) label(unit record.UnitID) string {
	if n[unit] == "" {
		return string(unit)
	}
	return string(unit) + " (" + visible(n[unit]) + ")"
}

// noUnit is a unit that the rules name and no register has: they let nothing pass for it.
type noUnit struct {
	Unit record.UnitID `json:"unit"`
	Key  string        `json:"key"` // gate.lines or gate.allow
}

// noUnits returns the units that the configuration names and no register has. Before
// there is any unit it returns none.
func (in *installation) noUnits(ctx context.Context) (all []noUnit, err error) {
	names, err := in.unitNames(ctx)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	for _, unit := range slices.Sorted(maps.Keys(in.c.Gate.Lines)) {
		if _, ok := names[record.UnitID(unit)]; !ok {
			all = append(all, noUnit{record.UnitID(unit), "gate.lines"})
		}
	}
	list, err := in.allow()
	for _, entry := range list {
		n := noUnit{entry.Unit, "gate.allow"}
		if _, ok := names[entry.Unit]; !ok && entry.Unit != "" && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all, err
}

// showNoUnits warns of them.
func (a *app) showNoUnits(all []noUnit) {
	for _, n := range all {
		a.say("warning: %s names unit %s, which no register has: nothing passes for it; the identifier stands in the address of the unit's page", n.Key, n.Unit)
	}
}

// idNames returns the names of what the fields of a record refer to by identifier: of
// units, areas, channels and topics, by field and identifier.
func (in *installation) idNames(ctx context.Context) (map[string]map[string]string, error) {
	r, err := in.store.Register(ctx)
	units, areas, channels, topics := map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}
	for _, u := range r.Units {
		units[string(u.ID)] = u.Name
	}
	for _, a := range r.Areas {
		areas[string(a.Code)] = a.Name
	}
	for _, c := range r.Channels {
		channels[string(c.ID)] = c.Name
	}
	for _, t := range r.Topics {
		topics[string(t.ID)] = t.Name
	}
	return map[string]map[string]string{
		source.FieldUnit: units, source.FieldReplyUnit: units, source.FieldCoUnits: units, source.FieldAgainst: units,
		source.FieldArea: areas, source.FieldChannel: channels, source.FieldTopic: topics,
	}, err
}

// valueFor writes the value of a field for a person: each item of a list on a line of
// its own, and identifiers with the names that they stand for.
func valueFor(field, value string, names map[string]map[string]string) string {
	items := []string{value}
	if field == source.FieldAttachments || field == source.FieldCoUnits || field == source.FieldAliases || field == source.FieldPhones {
		items = strings.Split(value, source.ListSeparator)
	}
	for i, item := range items {
		items[i] = visible(item)
		if name := names[field][item]; name != "" {
			items[i] += " (" + visible(name) + ")"
		}
	}
	return strings.Join(items, "\n")
}
