package assess

import (
	"crypto/sha256"

	"github.com/huiyin/huiyin/generator/record"
)

// Builder makes a [Book] of facts, of tallies that were kept, or of both. Its memory
// grows with the number of scopes and months and not with the number of cases. A
// Builder must not be used by two goroutines at a time.
type Builder struct {
	reg    record.Register
	tally  *Tally
	prints map[record.Month][sha256.Size]byte // of what was merged, by month of receipt
	added  bool                               // facts were added by themselves
}

// NewBuilder returns a Builder of figures at the end of the day cutoff. Of the
// register it uses the units, the trees of areas and topics, the residents of areas, and
// the posts of channels and whether they are online.
func NewBuilder(reg record.Register, cutoff record.Day) *Builder {
	return &Builder{reg: reg, tally: NewTally(cutoff), prints: map[record.Month][sha256.Size]byte{}}
}

// Add counts one case, as [Tally.Add] does.
func (b *Builder) Add(f record.Fact) {
	b.added = true
	b.tally.Add(f)
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
	t := b.tally
	t.dims[record.ByArea] = rollUp(t.dims[record.ByArea], areas)
	t.dims[record.ByTopic] = rollUp(t.dims[record.ByTopic], topics)
	t.dims[record.ByPost] = rollPosts(t.dims[record.ByChannel], &b.reg)
	breaks := map[string][]record.Day{}
	for _, p := range b.reg.Posts() {
		breaks[p.ID] = p.Breaks()
	}
	network := make(map[string]record.Tri, len(b.reg.Channels))
	for _, c := range b.reg.Channels {
		network[string(c.ID)] = c.Online
	}
	book := &Book{breaks: breaks, network: network, reg: b.reg, areas: areas, topics: topics, residents: residents, cutoff: t.cutoff, dims: t.dims, all: t.all, has: t.has}
	total, _ := book.Set(record.Scope{Dim: record.ByAll}, record.AllTime)
	book.idle = total.idle()
	if !b.added {
		book.prints, book.base = b.prints, book.sumBase()
	}
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
