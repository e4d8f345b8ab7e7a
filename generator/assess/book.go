package assess

import (
	"cmp"
	"crypto/sha256"
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
	has    delivered
	idle   map[string]bool // measures of which the whole installation knows nothing

	residents map[string]int64        // of areas, where known
	network   map[string]record.Tri   // whether a channel is online
	breaks    map[string][]record.Day // of posts: when another holder, or none, began

	prints map[record.Month][sha256.Size]byte // of what was counted; nil where that is not known
	base   [sha256.Size]byte                  // of what all prints have in common
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
	Withheld  Withheld      // why no rates, days and ratings are given; "": they are
	Reasons   []ReasonCount // why cases are not published in full; all reasons in the order of [record.StubReasons]

	RepliedOfDue       record.Figure
	RepliedOfCollected record.Figure
	ClosedOfReceived   record.Figure
	OnTimeReply        record.Figure
	OnTimeClose        record.Figure

	RespondedOfReceived  record.Figure
	DispatchedOfReceived record.Figure
	ResolvedOfClosed     record.Figure
	PublishedOfReceived  record.Figure
	OnlineOfReceived     record.Figure // by today's register of channels; merged cases too
	PerThousand          record.Figure // Den is the number of residents; 0 where it is not known and for all but areas

	// The following count cases published in full.

	ReopenedOfClosed      record.Figure
	ReturnedOfPublished   record.Figure
	SupervisedOfPublished record.Figure
	OnSiteOfAnswered      record.Figure

	SupportedOfOutcome    record.Figure // these three have one denominator and add up to it
	ExplainedOfOutcome    record.Figure
	NotSupportedOfOutcome record.Figure
	AdoptedOfDecided      record.Figure

	Returns    int64 // every return (退单), where ReturnedOfPublished is known
	Repeats    int64 // of an earlier case
	Reviewed   int64
	ReReviewed int64

	FirstDays Distribution // from receipt to the first response, as the difference of days
	Days      Distribution // from receipt to reply
	CloseDays Distribution // from receipt to closing
	Rating    Rating
}

// ReasonCount is how many cases are not published in full for one reason.
type ReasonCount struct {
	Reason record.StubReason
	N      int64
}

// Distribution is how long cases took, in whole 24-hour periods; to the first response,
// of which the time of day is not known, in days.
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

// SourceLevels is how many ratings of each level were obtained in one way (评价方式).
// The source is empty where it was not delivered.
type SourceLevels struct {
	Source record.RatingSource
	Levels []int64
}

// ScaleRating is the ratings of one scale.
type ScaleRating struct {
	Scale     record.RatingScale
	Levels    []int64 // number of ratings of level 1, the worst, to 3 or 5, the best
	Satisfied record.Figure
	Sources   []SourceLevels // those that occur: citizen, call-back, message, panel, not known; they add up to Levels
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

// bare returns what is said of a scope that gives no rates: how many cases it has.
func (c *counts) bare() counts {
	return counts{received: c.received, full: c.full, stubs: c.stubs, withdrawn: c.withdrawn, merged: c.merged, reasons: c.reasons}
}

func (b *Book) counts(scope record.Scope, period record.Period) counts {
	s := b.series(scope)
	first, last, ok := months(period)
	if s == nil || !ok {
		return counts{}
	}
	return s.sum(first, last)
}

// months returns the first and last month of a period.
func months(period record.Period) (first, last record.Month, ok bool) {
	if period == record.AllTime {
		return 0, math.MaxInt32, true
	}
	from, to, ok := period.Bounds()
	if !ok {
		return 0, 0, false
	}
	return from.Month(), to.Month(), true
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
	withheld, published, online := b.withheld(scope, period, c), c.published(), b.online(c)
	if withheld != "" {
		*c, published, online = c.bare(), tally{}, tally{}
	}
	figure := func(id string, t tally) record.Figure {
		return record.Figure{Measure: id, Version: version(id), Scope: scope, Period: period, Cutoff: b.cutoff,
			Rate: record.Rate{Num: t.num, Den: t.den}, Unknown: t.unknown}
	}
	rate := func(r rate) record.Figure { return figure(rateIDs[r], b.tally(c, r)) }
	s := Set{
		Scope: scope, Period: period, Cutoff: b.cutoff,
		Received: c.received, Full: c.full, Stubs: c.stubs, Withdrawn: c.withdrawn, Merged: c.merged,
		Withheld:           withheld,
		RepliedOfDue:       rate(repliedOfDue),
		RepliedOfCollected: rate(repliedOfCollected),
		ClosedOfReceived:   rate(closedOfReceived),
		OnTimeReply:        rate(onTimeReply),
		OnTimeClose:        rate(onTimeClose),

		RespondedOfReceived:   rate(respondedOfReceived),
		DispatchedOfReceived:  rate(dispatchedOfReceived),
		ResolvedOfClosed:      rate(resolvedOfClosed),
		PublishedOfReceived:   figure(MeasurePublishedOfReceived, published),
		OnlineOfReceived:      figure(MeasureOnlineOfReceived, online),
		PerThousand:           figure(MeasureReceivedPerThousand, b.perThousand(scope, c)),
		ReopenedOfClosed:      rate(reopenedOfClosed),
		ReturnedOfPublished:   rate(returnedOfPublished),
		SupervisedOfPublished: rate(supervisedOfPublished),
		OnSiteOfAnswered:      rate(onSiteOfAnswered),
		SupportedOfOutcome:    rate(supportedOfOutcome),
		ExplainedOfOutcome:    rate(explainedOfOutcome),
		NotSupportedOfOutcome: rate(notSupportedOfOutcome),
		AdoptedOfDecided:      rate(adoptedOfDecided),
		Returns:               c.returns, Repeats: c.repeats, Reviewed: c.reviewed, ReReviewed: c.reReviewed,

		FirstDays: c.firstDays.distribution(b.tally(c, respondedOfReceived).unknown),
		Days:      c.days.distribution(c.noDays),
		CloseDays: c.closeDays.distribution(c.noClose),
	}
	for i, r := range record.StubReasons() {
		s.Reasons = append(s.Reasons, ReasonCount{r, c.reasons[i]})
	}
	s.Rating.Coverage = rate(ratingCoverage)
	for i, scale := range scales {
		if t := c.satisfied(i); t.den > 0 {
			r := ScaleRating{Scale: scale, Levels: make([]int64, levels[i]), Satisfied: figure(satisfiedIDs[i], t)}
			for _, j := range [...]int{1, 2, 3, 4, 0} { // those whose source is not known come last
				of := SourceLevels{sources[j], make([]int64, levels[i])}
				seen := false
				for k := range of.Levels {
					n := int64(c.levels[i][j][k])
					of.Levels[k] = n
					r.Levels[k] += n
					seen = seen || n > 0
				}
				if seen {
					r.Sources = append(r.Sources, of)
				}
			}
			s.Rating.Scales = append(s.Rating.Scales, r)
		}
	}
	return s
}

// tally returns the numbers of a rate. Where a rate rests on values of which the
// installation delivers none at all, what looks like "no" is unknown.
func (b *Book) tally(c *counts, r rate) tally {
	t := c.rates[r]
	if byDelivery[r] && !b.has[r] {
		return tally{unknown: t.den + t.unknown}
	}
	return t
}

// tallier returns how the numbers of a measure that is a rate are read from counts; of
// counts that are added up, the numbers are added up too.
func (b *Book) tallier(measure string) func(*counts) tally {
	if i := slices.Index(rateIDs[:], measure); i >= 0 {
		return func(c *counts) tally { return b.tally(c, rate(i)) }
	}
	if i := slices.Index(satisfiedIDs[:], measure); i >= 0 {
		return func(c *counts) tally { return c.satisfied(i) }
	}
	if measure == MeasurePublishedOfReceived {
		return (*counts).published
	}
	return func(*counts) tally { return tally{} }
}

func (c *counts) satisfied(scale int) (t tally) {
	for _, source := range c.levels[scale] {
		for k, n := range source[:levels[scale]] {
			t.den += int64(n)
			if k+1 >= satisfiedFrom[scale] {
				t.num += int64(n)
			}
		}
	}
	return t
}

func (c *counts) published() tally { return tally{num: c.full, den: c.received} }

// online counts the cases of channels that the register says are online, of those of which
// it says whether they are. A case without a channel is unknown.
func (b *Book) online(c *counts) (t tally) {
	t.unknown = c.received
	for _, k := range c.channels {
		if yes := b.network[k.id]; yes != record.Unknown {
			t.den += k.n
			t.unknown -= k.n
			if yes == record.Yes {
				t.num += k.n
			}
		}
	}
	return t
}

func (b *Book) perThousand(scope record.Scope, c *counts) tally {
	if scope.Dim != record.ByArea || b.residents[scope.ID] == 0 {
		return tally{}
	}
	return tally{num: c.received, den: b.residents[scope.ID]}
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
// measure, without those of which nothing is known and nothing is missing, and
// without measures beside the main ones that rest on values which no case of the
// installation carries. Only those of [Kept] are among them.
func (b *Book) Figures(keep func(record.Period) bool) []record.Figure {
	return b.list(func(scope record.Scope) []record.Period {
		return slices.DeleteFunc(b.Periods(scope), func(p record.Period) bool { return keep != nil && !keep(p) })
	})
}

// list lists the figures of all scopes, of the periods that are given for each in which
// anything was received.
func (b *Book) list(periods func(record.Scope) []record.Period) []record.Figure {
	var out []record.Figure
	onRows := rowMeasures()
	for _, dim := range keptDimensions() {
		for _, scope := range b.Scopes(dim) {
			for _, p := range periods(scope) {
				c := b.counts(scope, p)
				if c.received == 0 {
					continue
				}
				s := b.set(scope, p, &c)
				out = append(out, slices.DeleteFunc(b.figures(&s, &c), func(f record.Figure) bool { return !onRows[f.Measure] })...)
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
func (b *Book) figures(s *Set, c *counts) []record.Figure {
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
		count(MeasureReceived, s.Received), s.OnlineOfReceived, s.PerThousand, s.PublishedOfReceived,
		count(MeasureMerged, s.Merged), count(MeasureRepeats, s.Repeats),
		s.RepliedOfDue, s.RepliedOfCollected, s.ClosedOfReceived, s.OnTimeReply, s.OnTimeClose,
		median(MeasureMedianFirstDays, &c.firstDays, s.FirstDays.Unknown),
		median(MeasureMedianDays, &c.days, c.noDays),
		median(MeasureMedianCloseDays, &c.closeDays, c.noClose),
		count(MeasureReturns, s.Returns), count(MeasureReviewed, s.Reviewed), count(MeasureReReviewed, s.ReReviewed),
		s.Rating.Coverage,
	}
	all = append(all, s.further()...)
	for _, r := range s.Rating.Scales {
		all = append(all, r.Satisfied)
	}
	return slices.DeleteFunc(all, func(f record.Figure) bool {
		return f.Num == 0 && f.Den == 0 && f.Unknown == 0 || b.idle[f.Measure]
	})
}

// further lists the rates of which many an office delivers nothing.
func (s *Set) further() []record.Figure {
	return []record.Figure{
		s.RespondedOfReceived, s.DispatchedOfReceived, s.ResolvedOfClosed, s.ReopenedOfClosed, s.ReturnedOfPublished, s.SupervisedOfPublished,
		s.OnSiteOfAnswered, s.SupportedOfOutcome, s.ExplainedOfOutcome, s.NotSupportedOfOutcome, s.AdoptedOfDecided,
	}
}

// idle returns the measures of which the set of the whole installation knows nothing.
func (s *Set) idle() map[string]bool {
	idle := map[string]bool{}
	for _, f := range s.further() {
		idle[f.Measure] = f.Den == 0
	}
	idle[MeasureMedianFirstDays] = s.FirstDays.Known == 0
	idle[MeasureOnlineOfReceived] = s.OnlineOfReceived.Den == 0
	return idle
}
