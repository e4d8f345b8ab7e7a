package assess

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// Book holds the numbers of all scopes and periods at one cut-off. It does not
// change and is safe for concurrent use.
type Book struct {
	reg    record.Register
	areas  map[string]string // parents
	topics map[string]string
	cutoff record.Day
	dims   map[record.Dimension]map[string]*series
	all    *series
	rated  bool
}

// Set is everything that is counted for one scope and period.
//
// Received is Full + Stubs + Withdrawn. Merged cases are among the stubs, or
// among the withdrawn; they are in none of the rates.
type Set struct {
	Scope  record.Scope
	Period record.Period
	Cutoff record.Day

	Received  int64
	Full      int64 // published in full
	Stubs     int64 // the row alone
	Withdrawn int64 // tombstones
	Merged    int64
	Reasons   []ReasonCount // why cases are not published in full; all reasons in the order of [record.StubReasons]

	RepliedOfDue       record.Figure
	RepliedOfCollected record.Figure
	ClosedOfReceived   record.Figure
	OnTimeReply        record.Figure
	OnTimeClose        record.Figure

	Days      Distribution // from receipt to reply
	CloseDays Distribution // from receipt to closing
	Rating    Rating
}

// ReasonCount is how many cases are not published in full for one reason.
type ReasonCount struct {
	Reason record.StubReason
	N      int64
}

// Distribution is how long cases took, in whole 24-hour periods.
type Distribution struct {
	Bins    [8]int64 // up to and including 2, 5, 10, 15, 20, 30, 60 days, and over
	Median  string   // in days, as "7" or "7.5"; "" when Known is 0
	Known   int64    // sum of Bins
	Unknown int64    // answered (closed), or perhaps so, in a number of days that was not delivered
}

// BinEnds returns the last day of each bin of a [Distribution] but the last one,
// which has no end.
func BinEnds() [7]int { return binEnds }

// Rating is how cases published in full were rated. Scales are kept apart,
// because "satisfied" of three levels is not "satisfied" of five.
type Rating struct {
	Coverage record.Figure
	Scales   []ScaleRating // those that occur, in the order five, three, points
}

// ScaleRating is the ratings of one scale.
type ScaleRating struct {
	Scale     record.RatingScale
	Levels    []int64 // number of ratings of level 1, the worst, to 3 or 5, the best
	Satisfied record.Figure
}

// Cutoff returns the last day that the numbers know of.
func (b *Book) Cutoff() record.Day { return b.cutoff }

// Rolling returns the period of twelve months that ends with the month of the
// cut-off, which may not have ended yet.
func (b *Book) Rolling() record.Period {
	return record.RollingPeriod(b.cutoff.Month())
}

// Set returns the numbers of a scope and period. ok is false when nothing was
// received there or the period is malformed; the Set is then still usable: its
// counts are zero and its rates unknown.
func (b *Book) Set(scope record.Scope, period record.Period) (set Set, ok bool) {
	c := b.counts(scope, period)
	return b.set(scope, period, &c), c.received > 0
}

func (b *Book) counts(scope record.Scope, period record.Period) counts {
	s := b.series(scope)
	first, last, ok := period.Bounds()
	if s == nil || !ok {
		return counts{}
	}
	if period == record.AllTime {
		return s.sum(0, math.MaxInt32)
	}
	return s.sum(first.Month(), last.Month())
}

func (b *Book) series(scope record.Scope) *series {
	if scope.Dim == record.ByAll {
		if scope.ID != "" {
			return nil
		}
		return b.all
	}
	return b.dims[scope.Dim][scope.ID]
}

func (b *Book) set(scope record.Scope, period record.Period, c *counts) Set {
	figure := func(id string, t tally) record.Figure {
		return record.Figure{Measure: id, Version: version(id), Scope: scope, Period: period, Cutoff: b.cutoff,
			Rate: record.Rate{Num: t.num, Den: t.den}, Unknown: t.unknown}
	}
	s := Set{
		Scope: scope, Period: period, Cutoff: b.cutoff,
		Received: c.received, Full: c.full, Stubs: c.stubs, Withdrawn: c.withdrawn, Merged: c.merged,
		RepliedOfDue:       figure(MeasureRepliedOfDue, c.rates[repliedOfDue]),
		RepliedOfCollected: figure(MeasureRepliedOfCollected, c.rates[repliedOfCollected]),
		ClosedOfReceived:   figure(MeasureClosedOfReceived, c.rates[closedOfReceived]),
		OnTimeReply:        figure(MeasureOnTimeReply, c.rates[onTimeReply]),
		OnTimeClose:        figure(MeasureOnTimeClose, c.rates[onTimeClose]),
		Days:               c.days.distribution(c.noDays),
		CloseDays:          c.closeDays.distribution(c.noClose),
	}
	for i, r := range record.StubReasons() {
		s.Reasons = append(s.Reasons, ReasonCount{r, c.reasons[i]})
	}
	coverage := c.rates[ratingCoverage]
	if !b.rated { // no rating anywhere: the office does not deliver them, which is not "nobody rated"
		coverage = tally{unknown: coverage.den}
	}
	s.Rating.Coverage = figure(MeasureRatingCoverage, coverage)
	for i, scale := range scales {
		if t := c.tally(satisfiedIDs[i]); t.den > 0 {
			s.Rating.Scales = append(s.Rating.Scales, ScaleRating{scale, slices.Clone(c.levels[i][:levels[i]]), figure(satisfiedIDs[i], t)})
		}
	}
	return s
}

// tally returns the numbers of a measure that is a rate.
func (c *counts) tally(measure string) (t tally) {
	if i := slices.Index(rateIDs[:], measure); i >= 0 {
		return c.rates[i]
	}
	i := slices.Index(satisfiedIDs[:], measure)
	if i < 0 {
		return t
	}
	for j, n := range c.levels[i][:levels[i]] {
		t.den += n
		if j+1 >= satisfiedFrom[i] {
			t.num += n
		}
	}
	return t
}

// rateIDs are the measures of [counts.rates].
var rateIDs = [numRates]string{
	repliedOfDue: MeasureRepliedOfDue, repliedOfCollected: MeasureRepliedOfCollected, closedOfReceived: MeasureClosedOfReceived,
	onTimeReply: MeasureOnTimeReply, onTimeClose: MeasureOnTimeClose, ratingCoverage: MeasureRatingCoverage,
}

// satisfiedFrom is the lowest level of each scale that counts as satisfied:
// 基本满意 and better, and 4 points and more.
var satisfiedFrom = [...]int{3, 2, 4}

var satisfiedIDs = [...]string{MeasureSatisfiedFive, MeasureSatisfiedThree, MeasureSatisfiedPoints}

// Scopes returns the scopes of a dimension in which anything was received,
// sorted by identifier. An area or topic is there also when only a descendant
// received something.
func (b *Book) Scopes(dim record.Dimension) []record.Scope {
	if dim == record.ByAll {
		return []record.Scope{{Dim: record.ByAll}}
	}
	var out []record.Scope
	for _, id := range slices.Sorted(maps.Keys(b.dims[dim])) {
		out = append(out, record.Scope{Dim: dim, ID: id})
	}
	return out
}

// Months returns the months in which anything was received, ascending.
func (b *Book) Months() []record.Month { return b.all.received() }

func (s *series) received() []record.Month {
	var out []record.Month
	for i, c := range s.months {
		if c != nil {
			out = append(out, s.first+record.Month(i))
		}
	}
	return out
}

// Periods returns the periods in which a scope received anything: all time, the
// rolling twelve months, the years and the months, each ascending.
func (b *Book) Periods(scope record.Scope) []record.Period {
	s := b.series(scope)
	if s == nil || len(s.months) == 0 {
		return nil
	}
	months := s.received()
	out := []record.Period{record.AllTime}
	if end := b.cutoff.Month(); months[len(months)-1] > end-12 {
		out = append(out, b.Rolling())
	}
	years := make([]record.Period, 0, len(months))
	for _, m := range months {
		years = append(years, record.YearPeriod(m.Year()))
	}
	out = append(out, slices.Compact(years)...)
	for _, m := range months {
		out = append(out, record.MonthPeriod(m))
	}
	return out
}

// Ended reports whether a period is over at the cut-off, so that its figures
// are kept as published. All time never ends.
func (b *Book) Ended(p record.Period) bool {
	_, last, ok := p.Bounds()
	return ok && p != record.AllTime && last <= b.cutoff
}

// Figures returns every figure of the periods that keep reports true for, or of
// all periods when keep is nil, for saving: sorted by scope, period and
// measure, without those of which nothing is known and nothing is missing.
func (b *Book) Figures(keep func(record.Period) bool) []record.Figure {
	var out []record.Figure
	for _, dim := range []record.Dimension{record.ByAll, record.ByUnit, record.ByArea, record.ByTopic, record.ByChannel, record.ByKind} {
		for _, scope := range b.Scopes(dim) {
			for _, p := range b.Periods(scope) {
				if keep != nil && !keep(p) {
					continue
				}
				c := b.counts(scope, p)
				s := b.set(scope, p, &c)
				out = append(out, s.figures(&c)...)
			}
		}
	}
	slices.SortFunc(out, compareFigures)
	return out
}

func compareFigures(x, y record.Figure) int {
	return cmp.Or(
		cmp.Compare(x.Scope.Dim, y.Scope.Dim), cmp.Compare(x.Scope.ID, y.Scope.ID),
		cmp.Compare(x.Period, y.Period), cmp.Compare(x.Measure, y.Measure),
		cmp.Compare(x.Version, y.Version), cmp.Compare(x.Cutoff, y.Cutoff))
}

// figures lists the figures of s. A count has its number in Num and no
// denominator; a median is Num/2 days, with 2 as its denominator.
func (s *Set) figures(c *counts) []record.Figure {
	base := record.Figure{Scope: s.Scope, Period: s.Period, Cutoff: s.Cutoff}
	count := func(id string, n int64) record.Figure {
		f := base
		f.Measure, f.Version, f.Num = id, version(id), n
		return f
	}
	median := func(id string, h *histogram, unknown int64) record.Figure {
		f := count(id, 0)
		f.Unknown = unknown
		if h.n > 0 {
			f.Num, f.Den = h.middle(), 2
		}
		return f
	}
	all := []record.Figure{
		count(MeasureReceived, s.Received),
		s.RepliedOfDue, s.RepliedOfCollected, s.ClosedOfReceived, s.OnTimeReply, s.OnTimeClose,
		median(MeasureMedianDays, &c.days, c.noDays),
		median(MeasureMedianCloseDays, &c.closeDays, c.noClose),
		s.Rating.Coverage,
	}
	for _, r := range s.Rating.Scales {
		all = append(all, r.Satisfied)
	}
	return slices.DeleteFunc(all, func(f record.Figure) bool {
		return f.Num == 0 && f.Den == 0 && f.Unknown == 0
	})
}
