package pages

import (
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// named is what published rows name of the registers.
type named struct {
	units    map[record.UnitID]bool
	areas    map[record.AreaCode]bool
	topics   map[record.TopicID]bool
	channels map[record.ChannelID]bool
}

func newNamed() named {
	return named{map[record.UnitID]bool{}, map[record.AreaCode]bool{}, map[record.TopicID]bool{}, map[record.ChannelID]bool{}}
}

// add notes what one fact names.
func (n *named) add(f *record.Fact) {
	n.units[f.Unit], n.units[f.Against], n.units[f.Reply.Unit] = true, true, true
	for _, u := range f.CoUnits {
		n.units[u] = true
	}
	for _, d := range f.Dispatches {
		n.units[d.From], n.units[d.To] = true, true
	}
	for _, s := range f.Supervisions {
		n.units[s.By] = true
	}
	for _, s := range f.Timeline {
		n.units[s.Unit] = true
	}
	n.areas[f.Area], n.topics[f.Topic], n.channels[f.Channel] = true, true, true
}

// forgetUnnamed drops from the register what was made from a column of cases and
// is named by none that is published so far as to show it. Such an entry is known
// only from rows that are kept back, an accusation for one, and its name would
// say of them what their rows may not. What an office delivered as a register
// stays, and so does what it names.
func (p *planner) forgetUnnamed(n *named) {
	reg := p.register
	for _, u := range reg.Units {
		if !u.Derived || n.units[u.ID] {
			n.areas[u.Area] = true
		}
	}
	for _, a := range reg.Areas {
		if a.Derived && !n.areas[a.Code] {
			continue
		}
		for _, c := range p.areaPath(a.Code) {
			n.areas[c] = true
		}
	}
	for _, t := range reg.Topics {
		if t.Derived && !n.topics[t.ID] {
			continue
		}
		for _, c := range p.topicPath(t.ID) {
			n.topics[c] = true
		}
	}
	p.unheard = p.unheardOf(reg.Units, n)
	p.register.Units = keep(reg.Units, func(u record.Unit) bool { return !u.Derived || n.units[u.ID] })
	p.register.Areas = keep(reg.Areas, func(a record.Area) bool { return !a.Derived || n.areas[a.Code] })
	p.register.Topics = keep(reg.Topics, func(t record.Topic) bool { return !t.Derived || n.topics[t.ID] })
	p.register.Channels = keep(reg.Channels, func(c record.Channel) bool { return !c.Derived || n.channels[c.ID] })
	p.indexRegister()
}

// unheardOf returns the names of the units to be forgotten that a result or an entry of
// accountability is about: those are published, and called the unit so.
func (p *planner) unheardOf(units []record.Unit, n *named) map[record.UnitID]string {
	names := map[record.UnitID]string{}
	about := map[record.UnitID]bool{}
	for i := range p.assessed {
		about[p.assessed[i].Unit] = true
	}
	for i := range p.measured {
		about[p.measured[i].Unit] = true
	}
	for _, u := range units {
		if u.Derived && !n.units[u.ID] && about[u.ID] {
			names[u.ID] = u.Name
		}
	}
	return names
}

// keep returns the entries for which ok holds, without touching those of the
// reader.
func keep[T any](all []T, ok func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(e T) bool { return !ok(e) })
}
