package assess

import (
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// Builder collects facts. It keeps counters a scope and month and no fact, so
// its memory grows with the number of scopes and months and not with the number
// of cases. A Builder must not be used by two goroutines at a time.
type Builder struct {
	reg    record.Register
	cutoff record.Day
	dims   map[record.Dimension]map[string]*series
	all    *series
	has    delivered
}

// NewBuilder returns a Builder of figures at the end of the day cutoff. Of the
// register it uses the units, the trees of areas and topics, and the residents of areas.
func NewBuilder(reg record.Register, cutoff record.Day) *Builder {
	b := &Builder{reg: reg, cutoff: cutoff, all: new(series), dims: map[record.Dimension]map[string]*series{}}
	for _, dim := range []record.Dimension{record.ByUnit, record.ByArea, record.ByTopic, record.ByChannel, record.ByKind} {
		b.dims[dim] = map[string]*series{}
	}
	return b
}

// Add counts one case. A case received after the cut-off, or without a received
// day, is not counted.
//
// The whole installation, units, areas and channels count every row. Topics and
// kinds count cases published in full only, because a stub shows neither.
func (b *Builder) Add(f record.Fact) {
	if !f.Received.Known() || f.Received > b.cutoff {
		return
	}
	month := f.Received.Month()
	o := observe(&f, b.cutoff)
	b.has.note(&o)
	b.all.at(month).add(&o)
	b.count(record.ByUnit, string(f.Unit), month, &o)
	b.count(record.ByArea, string(f.Area), month, &o)
	b.count(record.ByChannel, string(f.Channel), month, &o)
	if f.Prominence == record.Full {
		b.count(record.ByTopic, string(f.Topic), month, &o)
		b.count(record.ByKind, string(f.Kind), month, &o)
	}
}

// count adds o to one scope. A case whose unit, area or the like is not known
// counts for the installation alone.
func (b *Builder) count(dim record.Dimension, id string, m record.Month, o *observation) {
	if id == "" {
		return
	}
	s := b.dims[dim][id]
	if s == nil {
		s = new(series)
		b.dims[dim][strings.Clone(id)] = s
	}
	s.at(m).add(o)
}

// Book returns the numbers of all facts added. The Builder must not be used
// afterwards.
func (b *Builder) Book() *Book {
	areas := make(map[string]string, len(b.reg.Areas))
	residents := map[string]int64{}
	for _, a := range b.reg.Areas {
		areas[string(a.Code)] = string(a.Parent)
		if n, ok := a.Residents.Get(); ok && n > 0 {
			residents[string(a.Code)] = int64(n)
		}
	}
	topics := make(map[string]string, len(b.reg.Topics))
	for _, t := range b.reg.Topics {
		topics[string(t.ID)] = string(t.Parent)
	}
	b.dims[record.ByArea] = rollUp(b.dims[record.ByArea], areas)
	b.dims[record.ByTopic] = rollUp(b.dims[record.ByTopic], topics)
	book := &Book{reg: b.reg, areas: areas, topics: topics, residents: residents, cutoff: b.cutoff, dims: b.dims, all: b.all, has: b.has}
	total, _ := book.Set(record.Scope{Dim: record.ByAll}, record.AllTime)
	book.idle = total.idle()
	return book
}

// rollUp adds the numbers of each node to all its ancestors. A node that is its
// own ancestor, in a register that contradicts itself, is counted once.
func rollUp(own map[string]*series, parent map[string]string) map[string]*series {
	sums := make(map[string]*series, len(own))
	for id, s := range own {
		for _, n := range upward(id, parent) {
			if sums[n] == nil {
				sums[n] = new(series)
			}
			sums[n].merge(s)
		}
	}
	return sums
}
