package assess

import "github.com/huiyin/huiyin/generator/record"

// dimension is one thing that cases are counted by. A new one is a line of the table: a
// [Tally], a [Book] and what explains a restatement all go by it.
type dimension struct {
	dim  record.Dimension
	of   func(*record.Fact) string // the scope that a case counts in; "": none that is known
	kept bool                      // its figures are kept as published, and restated
	few  bool                      // rates of fewer cases than [Few] are not given
}

// dimensions lists what figures are made of. Those that [record.Dimension.Texts] names
// count cases published in full only.
//
// Only what every row shows is kept as published: each case that is cleared later would
// restate what texts alone show, and each that is withdrawn would tell by it what it was
// about. Nor are posts kept, whose figures follow from those of channels and the register.
var dimensions = [...]dimension{
	{dim: record.ByUnit, of: func(f *record.Fact) string { return string(f.Unit) }, kept: true},
	{dim: record.ByArea, of: func(f *record.Fact) string { return string(f.Area) }, kept: true},
	{dim: record.ByTopic, of: func(f *record.Fact) string { return string(f.Topic) }},
	{dim: record.ByChannel, of: func(f *record.Fact) string { return string(f.Channel) }, kept: true},
	{dim: record.ByKind, of: func(f *record.Fact) string { return string(f.Kind) }},
	{dim: record.ByOrigin, of: func(f *record.Fact) string { return string(f.Origin) }, kept: true},
	{dim: record.ByLeaderKind, of: func(f *record.Fact) string { return string(f.LeaderKind) }, few: true},
	{dim: record.ByAgainst, of: func(f *record.Fact) string { return string(f.Against) }, few: true},
	{dim: record.ByAddressee, of: addressee, few: true},
}

// Few is how many cases of a unit complained of, an addressee or a kind that leaders handle there are at least
// where their rates are given: with fewer, a case more or less moves a rate much, and such a
// rate is soon read as a judgement. It hides nothing: the cases are published one by one.
const Few = 30

func addressee(f *record.Fact) string {
	if f.Addressee == "" {
		return ""
	}
	return record.PostID(f.Addressee)
}

// counts reports whether a case counts in a dimension, as far as that does not hang on
// the scope.
func (d *dimension) counts(f *record.Fact) bool {
	return f.Prominence == record.Full || !d.dim.Texts()
}

// allDimensions lists every dimension of a [Book], the whole installation first.
func allDimensions() []record.Dimension {
	all := []record.Dimension{record.ByAll}
	for _, d := range dimensions {
		all = append(all, d.dim)
	}
	return append(all, record.ByPost)
}

// keptDimensions lists those whose figures are kept as published.
func keptDimensions() []record.Dimension {
	all := []record.Dimension{record.ByAll}
	for _, d := range dimensions {
		if d.kept {
			all = append(all, d.dim)
		}
	}
	return all
}

// withheld reports why a scope gives no rates in a period of which c are the counts: it
// has too few cases, or another holder of its post came within it.
func (b *Book) withheld(scope record.Scope, period record.Period, c *counts) Withheld {
	for i := range dimensions {
		if d := &dimensions[i]; d.dim == scope.Dim && d.few && c.received > 0 && c.received < Few {
			return TooFew
		}
	}
	if scope.Dim != record.ByPost && scope.Dim != record.ByAddressee {
		return ""
	}
	first, last, ok := period.Bounds()
	s := b.series(scope)
	if !ok || s == nil || len(s.months) == 0 {
		return ""
	}
	// Before the first case and after the cut-off nothing was received.
	first = max(first, s.first.First())
	if last == 0 || last > b.cutoff {
		last = b.cutoff
	}
	for _, day := range b.breaks[scope.ID] {
		if first < day && day <= last {
			return AcrossTerms
		}
	}
	return ""
}

// Withheld is why the rates of a scope and period are not given; "" where they are.
type Withheld string

// The reasons.
const (
	TooFew      Withheld = "few"   // fewer cases than [Few]
	AcrossTerms Withheld = "terms" // another holder of the post began within the period
)

// Terms returns the periods of whole months between the days on which another holder of
// a post, or none, began, the latest first. A month in which one began is in none of
// them. It is the whole time, as months, where no such day is known.
func (b *Book) Terms(scope record.Scope) (periods []record.Period) {
	s := b.series(scope)
	if s == nil || len(s.months) == 0 {
		return nil
	}
	from, end := s.first.First(), b.cutoff
	add := func(first, last record.Day) {
		a, z := first.Month(), last.Month()
		if a.First() < first {
			a++
		}
		if z.Last() > last && last != end {
			z--
		}
		a, z = max(a, s.first), min(z, s.first+record.Month(len(s.months)-1))
		if a <= z {
			periods = append([]record.Period{record.SpanPeriod(a, z)}, periods...)
		}
	}
	for _, day := range b.breaks[scope.ID] {
		if day > from && day <= end {
			add(from, day-1)
			from = day
		}
	}
	add(from, end)
	return periods
}

// rollPosts adds the numbers of channels to the posts whose mailboxes they are.
func rollPosts(channels map[string]*series, reg *record.Register) map[string]*series {
	sums := map[string]*series{}
	for _, c := range reg.Channels {
		if s := channels[string(c.ID)]; s != nil && c.Post != "" {
			id := record.PostID(c.Post)
			if sums[id] == nil {
				sums[id] = new(series)
			}
			sums[id].merge(s)
		}
	}
	return sums
}
