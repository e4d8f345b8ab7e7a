package assess

import (
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// RunsKept is how many rankings on end are counted at most: of a unit that has been in its
// band for longer it is said that it has been so for that many and more. So what a ranking
// says hangs on the cases of two years, and not on those of all time.
const RunsKept = 12

// Follow sets for each entry for how many rankings on end, this included, it has been in
// its band, and for how many of these by its own cases too, given the ranking of the month before by the same rules and in the same view.
// A unit that was in another peer group then, or not ranked, begins anew; so do all after
// the zero Ranking, which is none.
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
			e.Running, e.Earned = 1, 0
			b, ok := was[place{peers{g.Level, g.Kind}, e.Unit}]
			if ok = ok && b.Band == e.Band; ok {
				e.Running = min(max(b.Running, 1)+1, RunsKept)
			}
			if e.OwnBand == e.Band {
				e.Earned = 1
				if ok && b.OwnBand == b.Band {
					e.Earned = min(max(b.Earned, 1)+1, RunsKept)
				}
			}
		}
	}
}

// RankMonths makes the rankings of the twelve months that end with each month from first to
// last, in that order, so that each knows for how long a unit has been in its band. rank
// makes one, as [Book.Rank] does.
func RankMonths(first, last record.Month, rank func(record.Period) Ranking) (all []Ranking) {
	var before Ranking
	for m := first; m <= last; m++ {
		r := rank(record.RollingPeriod(m))
		r.Follow(before)
		all = append(all, r)
		before = r
	}
	return all
}

// Notice is what two rankings on end in the first or the last band lead to.
type Notice string

// The notices. Both are computed; what was done comes from an imported record alone.
const (
	NoNotice     Notice = ""
	InterviewDue Notice = "interview" // 达到约谈条件（系统计算）
	PraiseDue    Notice = "praise"    // 达到表扬条件（系统计算）
)

// NoticeAfter is for how many rankings on end a unit must be in the first or the last band.
const NoticeAfter = 2

// Notice returns what an entry has reached: two rankings on end in the last band are the
// condition for an interview, two in the first that for praise.
//
// A unit answers for its own cases. Where others are ranked through it, its own must be in
// the band by themselves in both rankings, with the minimum of cases.
//
// Each ranking is of twelve months, of which the next has eleven too, so that one bad month
// stays for a year. Therefore the latest month is asked as well, with the cases of the others
// and of the unit alone: where either reaches the minimum and is in a band above the last, no
// interview is due, and in the last band, no praise. A month in which the unit received
// nothing says nothing new, and sets no notice.
//
// Nor is one set for a unit that has ended, for one by the cases of those that it has taken
// the place of, which are in the other view, or in the ranking of a year.
func (r *Ranking) Notice(e *Entry) Notice {
	last := len(r.Rules.Bands) - 1
	months := [...]int{e.RecentBand, e.ownRecent.band} // -1: not asked
	switch {
	case r.View != AsItWas || e.Earned < NoticeAfter || e.Ended || e.ownRecent.received == 0:
		return NoNotice
	case e.Band == 0 && !slices.Contains(months[:], last):
		return PraiseDue
	case e.Band == last && !slices.ContainsFunc(months[:], func(band int) bool { return band >= 0 && band < last }):
		return InterviewDue
	}
	return NoNotice
}
