package assess

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// RankRules say how units are compared. The zero value is of no use; see
// [DefaultRankRules] and [RankRules.Check].
type RankRules struct {
	// Measures are what is compared: one, with any weight, or several, whose rates
	// are added up in the given proportions (a composite).
	Measures []Weight `json:"measures"`
	// Minimum is how many cases a unit needs in the denominator of each measure.
	Minimum int64 `json:"minimum"`
	// Bands are the classes (分档), the best first; the last begins at 0.
	Bands []Band `json:"bands"`
	// Places switches ordinal places on (名次).
	Places bool `json:"places"`
}

// Weight is a measure, which must be a rate, and its share of a composite.
type Weight struct {
	Measure string `json:"measure"`
	Weight  int64  `json:"weight"`
}

// Band is a class of rates: those of at least From, in hundredths of a percent, that
// are in no better one.
type Band struct {
	ID   string `json:"id"`
	Name Text   `json:"name"`
	From int64  `json:"from"`
}

// DefaultRankRules returns the rules that hold where the configuration gives none:
// on-time replies in four bands, without places, from 30 cases due.
func DefaultRankRules() RankRules {
	return RankRules{
		Measures: []Weight{{MeasureOnTimeReply, 1}},
		Minimum:  30,
		Bands: []Band{
			{"first", Text{"好", "Good"}, 9500},
			{"second", Text{"较好", "Fairly good"}, 8500},
			{"third", Text{"一般", "Fair"}, 7000},
			{"last", Text{"待提升", "To be improved"}, 0},
		},
	}
}

// Check returns what is wrong with the rules, in words for whoever wrote them.
func (r RankRules) Check() error {
	seen := map[string]bool{}
	for _, w := range r.Measures {
		switch {
		case !ranks(w.Measure):
			return fmt.Errorf("measures: %q is no rate of which more is better", w.Measure)
		case seen[w.Measure]:
			return fmt.Errorf("measures: %q stands there twice", w.Measure)
		case w.Weight < 1 || w.Weight > 1000:
			return fmt.Errorf("measures: the weight of %q is %d; want 1 to 1000", w.Measure, w.Weight)
		}
		seen[w.Measure] = true
	}
	switch {
	case len(r.Measures) == 0:
		return fmt.Errorf("measures: there is none to compare by")
	case r.Minimum < 1:
		return fmt.Errorf("minimum: %d; want at least 1", r.Minimum)
	case len(r.Bands) < 2:
		return fmt.Errorf("bands: want at least two")
	}
	ids := map[string]bool{}
	for i, b := range r.Bands {
		switch {
		case b.ID == "" || ids[b.ID]:
			return fmt.Errorf("bands: each needs an id of its own")
		case b.Name.Zh == "" || b.Name.En == "":
			return fmt.Errorf("bands: %q needs a name in both languages", b.ID)
		case i == 0 && b.From > 10000 || i > 0 && b.From >= r.Bands[i-1].From:
			return fmt.Errorf("bands: %q begins at %d; each must begin below the one before, and none above 100 %%", b.ID, b.From)
		case i == len(r.Bands)-1 && b.From != 0:
			return fmt.Errorf("bands: the last, %q, must begin at 0", b.ID)
		}
		ids[b.ID] = true
	}
	return nil
}

func ranks(id string) bool {
	return slices.ContainsFunc(Measures(), func(m Measure) bool { return m.ID == id && m.Ranks })
}

// View is whether a ranking shows units that have since been merged or replaced.
type View string

// The views of a ranking.
const (
	AsItWas View = "as-it-was" // every case counts for the unit that handled it (当时口径)
	AsItIs  View = "as-it-is"  // for the unit that has taken its place since (现行口径)
)

// Ranking compares the units of each peer group in one period (排名). It covers every
// case of the period whose unit is in the register exactly once: in the figure of one
// entry, or of one that is listed apart.
type Ranking struct {
	Rules  RankRules
	View   View
	Period record.Period
	Cutoff record.Day
	Groups []PeerGroup // by level and kind
}

// PeerGroup is the units of one level and kind (同级同类), which alone are compared.
type PeerGroup struct {
	Level int
	Kind  string
	// Entries are the units that reach the minimum, in the order of the page: by
	// band, and in a band by identifier, or, where places are given, by what is
	// compared, the best first.
	Entries []Entry
	// Apart are the units that do not reach the minimum with all that is counted
	// through them and have none above that could be ranked for them, by identifier.
	Apart []Line
}

// Line is a unit with its figures, in the order of the rules' measures.
type Line struct {
	Unit    record.UnitID
	Figures []record.Figure
}

// Entry is a unit that is ranked.
type Entry struct {
	Line                 // with the cases of the units in Through
	Through  []Line      // units below the minimum that are ranked through this one, by identifier; with their own cases alone
	Value    record.Rate // of one measure: its figure
	Score    string      // of several: the weighted mean of their rates, as "91.25"
	Band     int         // index into the rules' bands
	Place    int         // from 1, ties share one; 0 where no places are given
	Raise    int64       // with so many more in the numerator it were in the next better band; 0 in the first, and of several measures
	Lower    int64       // with so many fewer it were in the next band; 0 in the last, and of several measures
	Running  int         // for how many months on end, this included, it has been in this band; see [Ranking.Follow]
	exact    *big.Rat    // what is compared
	interval *Interval   // where the measure is a sample
}

// Interval returns the 95 % interval of an entry that is compared by a measure that is
// a sample, such as ratings.
func (e *Entry) Interval() (i Interval, ok bool) {
	if e.interval == nil {
		return i, false
	}
	return *e.interval, true
}

// Rank compares the units of the register in a period. Rules that [RankRules.Check]
// refuses give a ranking without groups.
//
// A unit with fewer cases than the minimum in the denominator of any measure has no
// rate that says much. Its cases count for its parent, beside the parent's own, and it
// is listed there; a parent that does not reach the minimum passes on all that it has
// in the same way.
func (b *Book) Rank(rules RankRules, view View, period record.Period) Ranking {
	r := Ranking{Rules: rules, View: view, Period: period, Cutoff: b.cutoff}
	if rules.Check() != nil {
		return r
	}
	nodes := b.rankNodes(rules, view, period)
	// From the leaves up: a node is done when all below it are.
	for _, n := range bottomUp(nodes) {
		if up := nodes[n.parent]; up != nil && !n.reaches(rules) && n.sum.received > 0 {
			up.sum.merge(&n.sum)
			if n.own.received > 0 {
				up.through = append(up.through, n.id)
			}
			up.through = append(up.through, n.through...)
			n.passed = true
		}
	}
	groups := map[peers]*PeerGroup{}
	for _, id := range slices.Sorted(maps.Keys(nodes)) {
		n := nodes[id]
		if n.passed || n.sum.received == 0 {
			continue
		}
		g := groups[n.peers]
		if g == nil {
			g = &PeerGroup{Level: n.peers.level, Kind: n.peers.kind}
			groups[n.peers] = g
		}
		if n.reaches(rules) {
			g.Entries = append(g.Entries, b.entry(rules, period, n, nodes))
			continue
		}
		if n.own.received > 0 {
			n.through = append(n.through, id)
		}
		for _, t := range n.through {
			g.Apart = append(g.Apart, b.line(rules, period, t, &nodes[t].own))
		}
	}
	for _, g := range groups {
		g.order(rules)
		r.Groups = append(r.Groups, *g)
	}
	slices.SortFunc(r.Groups, func(x, y PeerGroup) int {
		return cmp.Or(cmp.Compare(known(x.Level), known(y.Level)), cmp.Compare(x.Level, y.Level), cmp.Compare(x.Kind, y.Kind))
	})
	return r
}

// known sorts a level that is not known behind the others.
func known(level int) int {
	if level == 0 {
		return 1
	}
	return 0
}

// peers is what units have in common that are compared.
type peers struct {
	level int
	kind  string
}

// rankNode is a unit while a ranking is made.
type rankNode struct {
	id      record.UnitID
	parent  record.UnitID
	peers   peers
	own     rankCounts      // its own cases
	sum     rankCounts      // and those of the units that are ranked through it
	through []record.UnitID // these
	passed  bool            // its cases count for its parent
}

// rankCounts are the numbers that a ranking needs, and none of the others, which cost
// a hundred times as much to add up.
type rankCounts struct {
	received int64
	rates    []tally // of the rules' measures
}

func (c *rankCounts) merge(d *rankCounts) {
	c.received += d.received
	for i, t := range d.rates {
		c.rates[i].add(t)
	}
}

// rankCounts adds up what a unit received from first to last.
func (s *series) rankCounts(first, last record.Month, rates []func(*counts) tally) rankCounts {
	sum := rankCounts{rates: make([]tally, len(rates))}
	if s == nil {
		return sum
	}
	for i, c := range s.months {
		if m := s.first + record.Month(i); c == nil || m < first || m > last {
			continue
		}
		sum.received += c.received
		for j, rate := range rates {
			sum.rates[j].add(rate(c))
		}
	}
	return sum
}

// rankNodes returns every unit of the register that has a case in the period, and
// those above them.
func (b *Book) rankNodes(rules RankRules, view View, period record.Period) map[record.UnitID]*rankNode {
	units := make(map[record.UnitID]record.Unit, len(b.reg.Units))
	for _, u := range b.reg.Units {
		units[u.ID] = u
	}
	nodes := map[record.UnitID]*rankNode{}
	first, last, ok := months(period)
	if !ok {
		return nodes
	}
	rates := make([]func(*counts) tally, len(rules.Measures))
	for i, w := range rules.Measures {
		rates[i] = b.tallier(w.Measure)
	}
	var at func(id record.UnitID) *rankNode
	at = func(id record.UnitID) *rankNode {
		if n := nodes[id]; n != nil {
			return n
		}
		u, ok := units[id]
		if !ok {
			return nil
		}
		n := &rankNode{id: id, peers: peers{u.Level, u.Kind}}
		n.own.rates, n.sum.rates = make([]tally, len(rates)), make([]tally, len(rates))
		nodes[id] = n
		parent := u.Parent
		if view == AsItIs {
			parent = current(units, parent, b.cutoff)
		}
		if parent != id && at(parent) != nil && !above(nodes, parent, id) {
			n.parent = parent
		}
		return n
	}
	for _, u := range b.reg.Units {
		id := u.ID
		c := b.dims[record.ByUnit][string(id)].rankCounts(first, last, rates)
		if c.received == 0 {
			continue
		}
		if view == AsItIs {
			id = current(units, id, b.cutoff)
		}
		at(id).own.merge(&c)
	}
	for _, n := range nodes {
		n.sum.merge(&n.own)
	}
	return nodes
}

// above reports whether id is n or lies above it.
func above(nodes map[record.UnitID]*rankNode, n, id record.UnitID) bool {
	for range len(nodes) + 1 {
		if n == id {
			return true
		}
		if nodes[n] == nil || nodes[n].parent == "" {
			return false
		}
		n = nodes[n].parent
	}
	return true // a circle
}

// current returns the unit that has taken the place of id at the cut-off: the last of
// its successors. A unit whose successor is not in the register, or that was divided
// among several and therefore has none, stays itself.
func current(units map[record.UnitID]record.Unit, id record.UnitID, cutoff record.Day) record.UnitID {
	for range len(units) {
		u := units[id]
		if !u.To.Known() || u.To >= cutoff || u.Successor == "" {
			return id
		}
		if _, ok := units[u.Successor]; !ok {
			return id
		}
		id = u.Successor
	}
	return id // a circle of successors: any of them, and always the same
}

// bottomUp returns the nodes so that each comes after all below it, and of one depth
// in the order of their identifiers.
func bottomUp(nodes map[record.UnitID]*rankNode) []*rankNode {
	depth := func(n *rankNode) (d int) {
		for up := nodes[n.parent]; up != nil; up = nodes[up.parent] {
			d++
		}
		return d
	}
	order := slices.Collect(maps.Values(nodes))
	depths := make(map[*rankNode]int, len(order))
	for _, n := range order {
		depths[n] = depth(n)
	}
	slices.SortFunc(order, func(x, y *rankNode) int { return cmp.Or(cmp.Compare(depths[y], depths[x]), cmp.Compare(x.id, y.id)) })
	return order
}

// reaches reports whether the node has the minimum of cases in each measure.
func (n *rankNode) reaches(rules RankRules) bool {
	for i := range rules.Measures {
		if n.sum.rates[i].den < rules.Minimum {
			return false
		}
	}
	return true
}

func (b *Book) line(rules RankRules, period record.Period, id record.UnitID, c *rankCounts) Line {
	l := Line{Unit: id}
	for i, w := range rules.Measures {
		t := c.rates[i]
		l.Figures = append(l.Figures, record.Figure{
			Measure: w.Measure, Version: version(w.Measure), Scope: record.Scope{Dim: record.ByUnit, ID: string(id)}, Period: period,
			Cutoff: b.cutoff, Rate: record.Rate{Num: t.num, Den: t.den}, Unknown: t.unknown,
		})
	}
	return l
}

func (b *Book) entry(rules RankRules, period record.Period, n *rankNode, nodes map[record.UnitID]*rankNode) Entry {
	e := Entry{Line: b.line(rules, period, n.id, &n.sum), Running: 1}
	slices.Sort(n.through)
	for _, id := range n.through {
		e.Through = append(e.Through, b.line(rules, period, id, &nodes[id].own))
	}
	e.exact = score(rules, e.Figures)
	e.Band = band(rules, e.exact)
	if len(rules.Measures) > 1 {
		e.Score = percent(e.exact)
		return e
	}
	e.Value = e.Figures[0].Rate
	if isSample(rules.Measures[0].Measure) {
		if i, ok := Wilson(e.Value); ok {
			e.interval = &i
		}
	}
	e.Raise, e.Lower = distance(rules, e.Band, e.Value)
	return e
}

// isSample reports whether a measure counts some of the cases to judge all of them.
func isSample(measure string) bool { return slices.Contains(satisfiedIDs[:], measure) }

// score is the weighted mean of rates, from 0 to 1.
func score(rules RankRules, figures []record.Figure) *big.Rat {
	sum, weights := new(big.Rat), int64(0)
	for i, w := range rules.Measures {
		part := big.NewRat(figures[i].Num, figures[i].Den)
		sum.Add(sum, part.Mul(part, new(big.Rat).SetInt64(w.Weight)))
		weights += w.Weight
	}
	return sum.Quo(sum, new(big.Rat).SetInt64(weights))
}

// band returns the first band that a score reaches.
func band(rules RankRules, v *big.Rat) int {
	for i, b := range rules.Bands {
		if v.Cmp(big.NewRat(b.From, 10000)) >= 0 {
			return i
		}
	}
	return len(rules.Bands) - 1
}

// percent writes a number from 0 to 1 as a percentage with two decimals, rounded half
// up.
func percent(v *big.Rat) string {
	n := new(big.Int).Mul(v.Num(), big.NewInt(20000))
	n.Add(n, v.Denom())
	n.Quo(n, new(big.Int).Mul(v.Denom(), big.NewInt(2)))
	return record.Rate{Num: n.Int64(), Den: 10000}.Percent(2)
}

// distance says how many more cases in the numerator would lift a rate into the band
// above, and how many fewer would let it fall into the one below.
func distance(rules RankRules, at int, r record.Rate) (raise, lower int64) {
	whole := new(big.Int)
	if at > 0 { // the smallest n with n/den >= from
		whole.Mul(big.NewInt(rules.Bands[at-1].From), big.NewInt(r.Den))
		whole.Add(whole, big.NewInt(9999)).Quo(whole, big.NewInt(10000))
		raise = whole.Int64() - r.Num
	}
	if at < len(rules.Bands)-1 { // the largest n with n/den < from is one below the smallest that is not
		whole.Mul(big.NewInt(rules.Bands[at].From), big.NewInt(r.Den))
		whole.Add(whole, big.NewInt(9999)).Quo(whole, big.NewInt(10000))
		lower = r.Num - whole.Int64() + 1
	}
	return raise, lower
}

// order puts the entries into the order of the page.
func (g *PeerGroup) order(rules RankRules) {
	slices.SortFunc(g.Apart, func(x, y Line) int { return cmp.Compare(x.Unit, y.Unit) })
	slices.SortFunc(g.Entries, func(x, y Entry) int {
		by := cmp.Compare(x.Band, y.Band)
		if rules.Places {
			by = cmp.Or(by, y.exact.Cmp(x.exact))
		}
		return cmp.Or(by, cmp.Compare(x.Unit, y.Unit))
	})
	if !rules.Places {
		return
	}
	for i := range g.Entries {
		g.Entries[i].Place = i + 1
		if i > 0 && g.Entries[i].exact.Cmp(g.Entries[i-1].exact) == 0 {
			g.Entries[i].Place = g.Entries[i-1].Place
		}
	}
}

// Follow sets for each entry for how many months on end it has been in its band, given
// the ranking of the month before by the same rules and in the same view. A unit that
// was in another peer group then, or not ranked, begins anew.
func (r *Ranking) Follow(before Ranking) {
	type place struct {
		peers
		unit record.UnitID
	}
	was := map[place]Entry{}
	for _, g := range before.Groups {
		for _, e := range g.Entries {
			was[place{peers{g.Level, g.Kind}, e.Unit}] = e
		}
	}
	for _, g := range r.Groups {
		for i := range g.Entries {
			e := &g.Entries[i]
			if b, ok := was[place{peers{g.Level, g.Kind}, e.Unit}]; ok && b.Band == e.Band {
				e.Running = b.Running + 1
			}
		}
	}
}

// Notice is what two months on end in the first or the last band lead to.
type Notice string

// The notices. Both are computed; what was done comes from an imported record alone.
const (
	NoNotice     Notice = ""
	InterviewDue Notice = "interview" // 达到约谈条件（系统计算）
	PraiseDue    Notice = "praise"    // 达到表扬条件（系统计算）
)

// noticeAfter is for how many months on end a unit must be in the first or the last
// band.
const noticeAfter = 2

// Notice returns what an entry has reached.
func (r *Ranking) Notice(e *Entry) Notice {
	switch {
	case e.Running < noticeAfter:
		return NoNotice
	case e.Band == 0:
		return PraiseDue
	case e.Band == len(r.Rules.Bands)-1:
		return InterviewDue
	}
	return NoNotice
}
