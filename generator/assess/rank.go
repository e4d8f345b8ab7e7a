package assess

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// View is whether a ranking shows units that have since been merged or replaced.
type View string

// The views of a ranking.
const (
	AsItWas View = "as-it-was" // every case counts for the unit that it was delivered with (当时口径)
	AsItIs  View = "as-it-is"  // for the unit that has taken its place since (现行口径)
)

// Ranking compares the units of each peer group in one period (排名). It covers every
// case of the period exactly once: in the line of one entry, of one that is listed apart,
// or of NoUnit.
type Ranking struct {
	Rules  RankRules
	View   View
	Period record.Period
	Cutoff record.Day
	Groups []PeerGroup // by level and kind; those whose level and kind are not known come last, and have no entries
	NoUnit Line        // the cases without a unit, or with one that is not in the register
}

// PeerGroup is the units of one level and kind (同级同类), which alone are compared.
type PeerGroup struct {
	Level int
	Kind  string
	// Entries are the units that reach the minimum, in the order of the page: by
	// band, and in a band by identifier, or, where places are given, by what is
	// compared, the best first.
	Entries []Entry
	// Apart are the units that have no band and are counted with none above them, by the
	// reason and the identifier.
	Apart []ApartLine
}

// ApartReason is why a unit has no band.
type ApartReason string

// The reasons, in the order of the page.
const (
	ApartFew     ApartReason = "few"      // with all that is counted through it, it does not reach the minimum, and none above it could be ranked for it
	ApartUnknown ApartReason = "unknown"  // of more of its cases than the rules allow a value is not known
	ApartNoPeers ApartReason = "no-peers" // neither its level nor its kind is known
)

// ApartReasons lists the reasons in the order of the page.
func ApartReasons() []ApartReason { return []ApartReason{ApartFew, ApartUnknown, ApartNoPeers} }

// ApartLine is a unit that is listed apart.
type ApartLine struct {
	Line
	Why ApartReason
}

// Line is a unit with its figures, in the order of the rules' measures.
type Line struct {
	Unit     record.UnitID
	Received int64 // its cases of the period
	Figures  []record.Figure
	Inherits []record.UnitID // as it is: the units whose cases of the period it has taken over, by identifier
}

// Entry is a unit that is ranked.
type Entry struct {
	Line                       // with the cases of the units in Through
	Through    []Line          // units below the minimum that are ranked through this one, by identifier; with their own cases alone
	Own        Line            // the cases that were delivered with the unit itself: without those of Through and Inherits
	OwnBand    int             // the band of Own by itself; -1 where that would not be ranked
	Value      record.Rate     // of one measure: its figure
	Score      string          // of several: the weighted mean of their rates, as "91.25"
	Band       int             // index into the rules' bands
	Place      int             // from 1, ties share one; 0 where no places are given
	Raise      int64           // with so many more in the numerator it were in a better band; 0 in the first, and of several measures
	RaiseTo    int             // that band: where cases are few, one of them can skip a band
	Lower      int64           // with so many fewer it were in a worse band; 0 in the last, and of several measures
	LowerTo    int             // that band
	Running    int             // for how many rankings on end, this included, it has been in this band, at most [RunsKept]; 0: not asked; see [Ranking.Follow]
	Earned     int             // for how many of these, from the latest back, Own was in it too
	Recent     []record.Figure // of twelve months: the same of the last of them alone
	RecentBand int             // the band of Recent; -1 where that does not reach the minimum
	Ended      bool            // the unit has been merged or abolished by the end of the period
	ownRecent  recentOwn
	exact      *big.Rat // what is compared
}

// recentOwn is what a unit's own cases did in the last of twelve months alone.
type recentOwn struct {
	received int64
	figures  []record.Figure
	band     int // -1 where that does not reach the minimum
}

// OwnRecent returns the figures of Own in the last of the twelve months; nil of a year.
func (e *Entry) OwnRecent() []record.Figure { return e.ownRecent.figures }

// Rank compares the units of the register in a period. Rules that [RankRules.Check]
// refuses give a ranking without groups.
//
// A unit with fewer cases than the minimum has no rate that says much. Its cases count for
// its parent, beside the parent's own, and it is listed there; a parent that does not reach
// the minimum passes on all that it has in the same way. A unit that would reach it, were
// more known of its cases, is listed apart and passes nothing on.
func (b *Book) Rank(rules RankRules, view View, period record.Period) Ranking {
	r := Ranking{Rules: rules, View: view, Period: period, Cutoff: b.cutoff}
	if rules.Check() != nil {
		return r
	}
	nodes, noUnit := b.rankNodes(rules, view, period)
	r.NoUnit = b.line(rules, period, &rankNode{own: noUnit})
	// From the leaves up: a node is done when all below it are.
	for _, n := range bottomUp(nodes) {
		if up := nodes[n.parent]; up != nil && n.sum.reaches(rules) == few && n.sum.received > 0 {
			up.sum.merge(&n.sum)
			if n.own.received > 0 {
				n.through = append(n.through, n.id)
			}
			if len(up.through) < len(n.through) {
				up.through, n.through = n.through, up.through
			}
			up.through = append(up.through, n.through...)
			n.through, n.passed = nil, true
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
		why := n.sum.reaches(rules)
		switch {
		case why == "" && n.peers != (peers{}):
			g.Entries = append(g.Entries, b.entry(rules, period, n, nodes))
			continue
		case why == "":
			why = ApartNoPeers
		}
		if n.own.received > 0 {
			n.through = append(n.through, id)
		}
		for _, t := range n.through {
			g.Apart = append(g.Apart, ApartLine{b.line(rules, period, nodes[t]), why})
		}
	}
	for _, g := range groups {
		g.order(rules)
		r.Groups = append(r.Groups, *g)
	}
	slices.SortFunc(r.Groups, func(x, y PeerGroup) int {
		return cmp.Or(cmp.Compare(known(x.Level), known(y.Level)), cmp.Compare(x.Level, y.Level),
			cmp.Compare(unnamed(x.Kind), unnamed(y.Kind)), cmp.Compare(x.Kind, y.Kind))
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

// unnamed sorts a kind that is not known behind the others.
func unnamed(kind string) int {
	if kind == "" {
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
	id       record.UnitID
	parent   record.UnitID
	peers    peers
	ended    bool
	self     rankCounts      // the cases that were delivered with it
	own      rankCounts      // and, as it is, with those whose place it has taken
	sum      rankCounts      // and those of the units that are ranked through it
	through  []record.UnitID // these
	inherits []record.UnitID // units whose cases its own are, beside itself
	passed   bool            // its cases count for its parent
}

// rankCounts are the numbers that a ranking needs, and none of the others, which cost
// a hundred times as much to add up.
type rankCounts struct {
	received       int64
	rates          []tally // of the rules' measures
	recentReceived int64   // of the last month alone
	recent         []tally
}

func newRankCounts(rates int) rankCounts {
	return rankCounts{rates: make([]tally, rates), recent: make([]tally, rates)}
}

func (c *rankCounts) merge(d *rankCounts) {
	c.received += d.received
	c.recentReceived += d.recentReceived
	for i := range d.rates {
		c.rates[i].add(d.rates[i])
		c.recent[i].add(d.recent[i])
	}
}

// without takes d, which is a part of c, away.
func (c *rankCounts) without(d *rankCounts) {
	take := func(t *tally, u tally) { t.num, t.den, t.unknown = t.num-u.num, t.den-u.den, t.unknown-u.unknown }
	c.received -= d.received
	c.recentReceived -= d.recentReceived
	for i := range d.rates {
		take(&c.rates[i], d.rates[i])
		take(&c.recent[i], d.recent[i])
	}
}

// few and incomplete are why what was counted does not reach what the rules ask for.
const (
	few        = ApartFew
	incomplete = ApartUnknown
)

// reaches says why what was counted is not ranked: too few cases, or too little known of
// them; "": it is. Where even with all that is unknown the minimum were not reached, the
// cases are few.
func (c *rankCounts) reaches(rules RankRules) (why ApartReason) {
	for _, t := range c.rates {
		switch {
		case t.den+t.unknown < rules.Minimum:
			return few
		case !t.enoughKnown(rules):
			why = incomplete
		case t.den < rules.Minimum && why == "":
			why = few
		}
	}
	return why
}

// enoughKnown reports whether no greater share of cases is unknown than the rules allow.
func (t *tally) enoughKnown(rules RankRules) bool {
	var share, most big.Int
	share.Mul(big.NewInt(t.unknown), big.NewInt(10000))
	most.Mul(big.NewInt(t.den+t.unknown), big.NewInt(rules.Unknown))
	return share.Cmp(&most) <= 0
}

// rankCounts adds up what a unit received from first to last.
func (s *series) rankCounts(first, last record.Month, rates []func(*counts) tally) rankCounts {
	sum := newRankCounts(len(rates))
	if s == nil {
		return sum
	}
	for i, c := range s.months {
		m := s.first + record.Month(i)
		if c == nil || m < first || m > last {
			continue
		}
		sum.received += c.received
		if m == last {
			sum.recentReceived += c.received
		}
		for j, rate := range rates {
			t := rate(c)
			sum.rates[j].add(t)
			if m == last {
				sum.recent[j].add(t)
			}
		}
	}
	return sum
}

// rankNodes returns every unit of the register that has a case in the period, and
// those above them, and what was counted for no unit of the register.
func (b *Book) rankNodes(rules RankRules, view View, period record.Period) (nodes map[record.UnitID]*rankNode, noUnit rankCounts) {
	nodes, noUnit = map[record.UnitID]*rankNode{}, newRankCounts(len(rules.Measures))
	first, last, ok := months(period)
	if !ok {
		return nodes, noUnit
	}
	_, end, _ := period.Bounds()
	rates := make([]func(*counts) tally, len(rules.Measures))
	for i, w := range rules.Measures {
		rates[i] = b.tallier(w.Measure)
	}
	units := newKin(b.reg.Units, view, b.cutoff)
	at := func(id record.UnitID) {
		for id != "" && nodes[id] == nil {
			u := units.byID[id]
			nodes[id] = &rankNode{id: id, parent: units.parent(id), peers: peers{u.Level, u.Kind}, ended: u.To.Known() && end.Known() && u.To <= end,
				self: newRankCounts(len(rates)), own: newRankCounts(len(rates)), sum: newRankCounts(len(rates))}
			id = nodes[id].parent
		}
	}
	noUnit = b.all.rankCounts(first, last, rates)
	for _, id := range units.ids {
		c := b.dims[record.ByUnit][string(id)].rankCounts(first, last, rates)
		if c.received == 0 {
			continue
		}
		noUnit.without(&c)
		heir := units.heir(id)
		at(heir)
		n := nodes[heir]
		n.own.merge(&c)
		if heir != id {
			n.inherits = append(n.inherits, id)
		} else {
			n.self = c
		}
	}
	cutCircles(nodes)
	for _, n := range nodes {
		n.sum.merge(&n.own)
	}
	return nodes, noUnit
}

func (b *Book) line(rules RankRules, period record.Period, n *rankNode) Line {
	return Line{Unit: n.id, Received: n.own.received, Figures: b.rankFigures(rules, period, n.id, n.own.rates), Inherits: n.inherits}
}

func (b *Book) rankFigures(rules RankRules, period record.Period, unit record.UnitID, rates []tally) (figures []record.Figure) {
	for i, w := range rules.Measures {
		figures = append(figures, record.Figure{
			Measure: w.Measure, Version: version(w.Measure), Scope: record.Scope{Dim: record.ByUnit, ID: string(unit)}, Period: period,
			Cutoff: b.cutoff, Rate: record.Rate{Num: rates[i].num, Den: rates[i].den}, Unknown: rates[i].unknown,
		})
	}
	return figures
}

func (b *Book) entry(rules RankRules, period record.Period, n *rankNode, nodes map[record.UnitID]*rankNode) Entry {
	e := Entry{
		Line:       Line{Unit: n.id, Received: n.sum.received, Figures: b.rankFigures(rules, period, n.id, n.sum.rates), Inherits: n.inherits},
		Own:        Line{Unit: n.id, Received: n.self.received, Figures: b.rankFigures(rules, period, n.id, n.self.rates)},
		RecentBand: -1, OwnBand: -1, ownRecent: recentOwn{band: -1}, Ended: n.ended,
	}
	slices.Sort(n.through)
	for _, id := range n.through {
		e.Through = append(e.Through, b.line(rules, period, nodes[id]))
	}
	e.exact = score(rules, e.Figures)
	e.Band = band(rules, e.exact)
	if n.self.reaches(rules) == "" {
		e.OwnBand = band(rules, score(rules, e.Own.Figures))
	}
	if month := period.Name(); month != string(period) { // twelve months
		e.Recent = b.rankFigures(rules, record.Period(month), n.id, n.sum.recent)
		e.RecentBand = monthBand(rules, e.Recent)
		own := b.rankFigures(rules, record.Period(month), n.id, n.self.recent)
		e.ownRecent = recentOwn{n.self.recentReceived, own, monthBand(rules, own)}
	}
	if len(rules.Measures) > 1 {
		e.Score = percent(e.exact)
		return e
	}
	e.Value = e.Figures[0].Rate
	e.Raise, e.Lower = distance(rules, e.Band, e.Value)
	at := func(num int64) int { return band(rules, big.NewRat(num, e.Value.Den)) }
	e.RaiseTo, e.LowerTo = at(e.Value.Num+e.Raise), at(e.Value.Num-e.Lower)
	return e
}

// monthBand returns the band of a month's figures, or -1 where they do not reach the minimum.
func monthBand(rules RankRules, figures []record.Figure) int {
	if slices.ContainsFunc(figures, func(f record.Figure) bool { return f.Den < rules.Minimum }) {
		return -1
	}
	return band(rules, score(rules, figures))
}

// order puts the entries into the order of the page.
func (g *PeerGroup) order(rules RankRules) {
	reasons := ApartReasons()
	slices.SortFunc(g.Apart, func(x, y ApartLine) int {
		return cmp.Or(cmp.Compare(slices.Index(reasons, x.Why), slices.Index(reasons, y.Why)), cmp.Compare(x.Unit, y.Unit))
	})
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
