package notes

import (
	"cmp"
	"slices"

	"github.com/huiyin/huiyin/generator/assess/similar"
	"github.com/huiyin/huiyin/generator/record"
)

// RepeatPercent is the likeness of title and question from which two cases are proposed
// as the same problem. It is that of similar replies: questions sent again are mostly
// the same text, and at less two citizens who ask for the same kind of thing are taken
// for one problem.
const RepeatPercent = similar.DefaultPercent

// Again is the cases that are the same problem as an earlier one, and what became of the
// later one of each two.
type Again struct {
	N int64 `json:"n"`

	// Unresolved are those whose later case is not closed, or was reopened, without the
	// citizen having confirmed since that it is resolved. Unknown are those of which the
	// data do not tell.
	Unresolved int64 `json:"unresolved"`
	Unknown    int64 `json:"unknown"`

	// Supervised are those among Unresolved in which a supervision (督办) is on record from
	// the day of receipt of the later case on; -1 where the office delivers none at all.
	Supervised int64 `json:"supervised"`
}

func (a *Again) add(o *Again) {
	a.N += o.N
	a.Unresolved += o.Unresolved
	a.Unknown += o.Unknown
	if a.Supervised >= 0 && o.Supervised >= 0 {
		a.Supervised += o.Supervised
	} else {
		a.Supervised = -1
	}
}

// Repeats is the same problem again, of the cases published in full: as delivered, and
// as proposed by rule. No case is in both.
type Repeats struct {
	Full      int64  `json:"full"`      // cases published in full
	Compared  int64  `json:"compared"`  // of them, those whose text is long enough to be compared
	Delivered Again  `json:"delivered"` // marked as a repeat by the office
	Proposed  Again  `json:"proposed"`  // by rule
	Pairs     []Pair `json:"pairs,omitempty"`
}

// Pair is two cases that are the same problem, or may be. Likeness is that of title and
// question, and nothing over nothing where the office says so and not the rule.
type Pair struct {
	Later    record.CaseNumber `json:"later"`
	Earlier  record.CaseNumber `json:"earlier"`
	Likeness record.Rate       `json:"likeness"`
}

// ByRule reports whether the pair is proposed by the rule.
func (p *Pair) ByRule() bool { return p.Likeness.Den > 0 }

func (r *Repeats) add(o *Repeats) {
	r.Full += o.Full
	r.Compared += o.Compared
	r.Delivered.add(&o.Delivered)
	r.Proposed.add(&o.Proposed)
}

// find finds the repeats of one unit. Proposed is a case whose title and question are at
// least [RepeatPercent] like those of an earlier one of the same area in the same
// period; each has one earlier case, the nearest in its group that is like enough. Cases
// are grouped by their texts alone.
func (r *Repeats) find(cases []record.Fact, questions []similar.Item, o Options) error {
	if !o.Supervised {
		r.Delivered.Supervised, r.Proposed.Supervised = -1, -1
	}
	r.Full = int64(len(questions))
	byArea := map[record.AreaCode][]similar.Item{}
	at := make([]int, len(cases)) // of a case: its question
	for i, q := range questions {
		c := &cases[q.ID]
		at[q.ID] = i
		if c.RepeatOf != "" {
			r.Pairs = append(r.Pairs, Pair{Later: c.Number, Earlier: c.RepeatOf})
			r.Delivered.count(c, o)
		}
		if !q.Signature.TooShort() {
			r.Compared++
			byArea[c.Area] = append(byArea[c.Area], q)
		}
	}
	for _, items := range byArea {
		found, err := similar.Groups(items, similar.Options{Percent: RepeatPercent, Size: 2})
		if err != nil {
			return err
		}
		for _, g := range found.Groups {
			members := make([]int, len(g.Members))
			for i, m := range g.Members {
				members[i] = m.ID
			}
			slices.SortFunc(members, func(a, b int) int {
				return cmp.Or(cmp.Compare(cases[a].Received, cases[b].Received), cmp.Compare(a, b))
			})
			sample := slices.Index(members, g.Representative)
			signature := func(i int) *similar.Signature { return &questions[at[members[i]]].Signature }
			for i := 1; i < len(members); i++ {
				c := &cases[members[i]]
				if c.RepeatOf != "" {
					continue
				}
				earlier, like, ok := nearest(signature, i, sample)
				if !ok {
					continue
				}
				r.Pairs = append(r.Pairs, Pair{Later: c.Number, Earlier: cases[members[earlier]].Number, Likeness: like})
				r.Proposed.count(c, o)
			}
		}
	}
	slices.SortFunc(r.Pairs, func(a, b Pair) int { return cmp.Compare(a.Later, b.Later) })
	return nil
}

// looked is how many earlier cases of a group are looked at, so that the work stays in
// proportion to the cases: any two members are like the representative and mostly like
// each other.
const looked = 8

// nearest returns the latest member before the one at later that is like enough; the
// one at sample is like all of them.
func nearest(signature func(int) *similar.Signature, later, sample int) (int, record.Rate, bool) {
	try := func(i int) (int, record.Rate, bool) {
		like := similar.Likeness(signature(later), signature(i))
		return i, like, like.Den > 0 && 100*like.Num >= RepeatPercent*like.Den
	}
	for i := later - 1; i >= max(0, later-looked); i-- {
		if earlier, like, ok := try(i); ok {
			return earlier, like, true
		}
	}
	if sample < later {
		return try(sample)
	}
	return 0, record.Rate{}, false
}

// count counts the later case of two.
func (a *Again) count(c *record.Fact, o Options) {
	a.N++
	switch unresolved(c, o) {
	case record.Unknown:
		a.Unknown++
	case record.Yes:
		a.Unresolved++
		if o.Supervised && slices.ContainsFunc(c.Supervisions, func(s record.Supervision) bool { return s.Day >= c.Received && s.Day <= o.Cutoff }) {
			a.Supervised++
		}
	}
}

// unresolved says whether a case is not closed or was reopened, at the end of the
// cut-off. The citizen's confirmation outweighs both.
func unresolved(c *record.Fact, o Options) record.Tri {
	if c.ResolvedOn.Known() && c.ResolvedOn <= o.Cutoff {
		return record.No
	}
	if n, ok := c.Reopened.Get(); ok && n > 0 {
		return record.Yes
	}
	closed := c.Finished
	if closed == record.Yes && c.ClosedOn > o.Cutoff {
		closed = record.No
	}
	switch closed {
	case record.Yes:
		return record.No
	case record.No:
		return record.Yes
	}
	return record.Unknown
}
