package assess

import (
	"cmp"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// Standing is how a line takes part in a ranking.
type Standing string

// The standings. Each case of the period is in one line that is not RankedThrough, whose
// cases are in that of the unit above too.
const (
	Ranked        Standing = "ranked"         // it has a band
	RankedThrough Standing = "through"        // too few cases: counted with the unit above it
	StandsFew     Standing = "apart-few"      // [ApartFew]
	StandsUnknown Standing = "apart-unknown"  // [ApartUnknown]
	StandsNoPeers Standing = "apart-no-peers" // [ApartNoPeers]
	StandsNoUnit  Standing = "no-unit"        // the cases without a unit
	StandsGone    Standing = "gone"           // it was there when the ranking was first published, and has no case in it now
)

// Standings lists them all.
func Standings() []Standing {
	return []Standing{Ranked, RankedThrough, StandsFew, StandsUnknown, StandsNoPeers, StandsNoUnit, StandsGone}
}

// Placed is a line of a ranking with where it stands.
type Placed struct {
	Line
	Level    int // of the peer group, and its kind
	Kind     string
	Standing Standing
	Entry    *Entry        // of one that is ranked
	Through  record.UnitID // of one that is ranked through another: that one
}

// Placed returns every line of the ranking in the order of its page.
func (r *Ranking) Placed() (all []Placed) {
	for _, g := range r.Groups {
		for i := range g.Entries {
			e := &g.Entries[i]
			all = append(all, Placed{Line: e.Line, Level: g.Level, Kind: g.Kind, Standing: Ranked, Entry: e})
			for _, l := range e.Through {
				all = append(all, Placed{Line: l, Level: g.Level, Kind: g.Kind, Standing: RankedThrough, Through: e.Unit})
			}
		}
		for _, l := range g.Apart {
			all = append(all, Placed{Line: l.Line, Level: g.Level, Kind: g.Kind, Standing: l.Why.standing()})
		}
	}
	if r.NoUnit.Received > 0 {
		all = append(all, Placed{Line: r.NoUnit, Standing: StandsNoUnit})
	}
	return all
}

func (why ApartReason) standing() Standing {
	switch why {
	case ApartUnknown:
		return StandsUnknown
	case ApartNoPeers:
		return StandsNoPeers
	}
	return StandsFew
}

// FirstRankings returns what the rankings of all periods that are over and not among the
// kept ones say now, to be kept as first published: of the twelve months that end with each
// month, and of each year. Without rules that hold there are none.
func (b *Book) FirstRankings(rules RankRules, kept []record.FirstRanking) (first []record.FirstRanking) {
	months := b.Months()
	if rules.Check() != nil || len(months) == 0 {
		return nil
	}
	have := map[record.Period]bool{}
	for _, f := range kept {
		have[f.Period] = true
	}
	last := b.cutoff.Month()
	if last.Last() > b.cutoff {
		last--
	}
	from := last + 1 // the earliest that is missing, and those that its runs hang on
	for m := last; m >= months[0]; m-- {
		if !have[record.RollingPeriod(m)] {
			from = m
		}
	}
	rank := func(p record.Period) Ranking { return b.Rank(rules, AsItWas, p) }
	for _, r := range RankMonths(max(months[0], from-RunsKept), last, rank) {
		if !have[r.Period] {
			first = append(first, r.first())
		}
	}
	for year := months[0].Year(); record.MonthOf(year, 12) <= last; year++ {
		if p := record.YearPeriod(year); !have[p] {
			r := rank(p)
			first = append(first, r.first())
		}
	}
	return first
}

// first returns the lines of the ranking as they are kept.
func (r *Ranking) first() record.FirstRanking {
	f := record.FirstRanking{Period: r.Period, Cutoff: r.Cutoff}
	for _, p := range r.Placed() {
		l := record.FirstLine{Unit: p.Unit, Standing: string(p.Standing), Through: p.Through}
		if p.Entry != nil {
			b := r.Rules.Bands[p.Entry.Band]
			l.Band, l.BandZh, l.BandEn = b.ID, b.Name.Zh, b.Name.En
			l.Place, l.Score, l.Notice = p.Entry.Place, p.Entry.Score, string(r.Notice(p.Entry))
		}
		for _, x := range p.Figures {
			l.Counts = append(l.Counts, record.FirstCount{Measure: x.Measure, Version: x.Version, Rate: x.Rate, Unknown: x.Unknown})
		}
		f.Lines = append(f.Lines, l)
	}
	slices.SortFunc(f.Lines, func(x, y record.FirstLine) int { return cmp.Compare(x.Unit, y.Unit) })
	return f
}

// Differs reports whether a line stands elsewhere than it did when the ranking was first
// published: in another band, with another notice, or counted in another way. That its
// numbers have grown under a later cut-off alone is no difference.
func (r *Ranking) Differs(p *Placed, first *record.FirstLine) bool {
	band, notice := "", NoNotice
	if p.Entry != nil {
		band, notice = r.Rules.Bands[p.Entry.Band].ID, r.Notice(p.Entry)
	}
	return string(p.Standing) != first.Standing || p.Through != first.Through || band != first.Band || string(notice) != first.Notice
}
