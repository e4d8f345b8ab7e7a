package sample

import (
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// Verdict says what came of drawing a delivered sample again.
type Verdict string

// The verdicts. Only Same and Differs are found by a draw; the others say why there was
// none.
const (
	Same       Verdict = "same"       // the frame and the seed give these cases
	Differs    Verdict = "differs"    // they give others
	OtherSeed  Verdict = "other-seed" // the seed is not the one whose hash was published
	Late       Verdict = "late"       // the commitment was not made before the last day of the period
	Incomplete Verdict = "incomplete" // something that the draw depends on was not delivered, or could not be used
	Changed    Verdict = "changed"    // the frame is another by now: cases were published, merged or withdrawn since
)

// Checker draws the sample of an assessment again from records that come one by one. It
// also keeps what is known of the cases drawn. One goroutine uses it at a time.
type Checker struct {
	Found map[record.CaseNumber]Drawn // of the numbers delivered, those that a record has

	of     *record.Assessment
	spec   Spec
	picker *Picker // nil where the frame cannot be made
}

// Drawn is what is known of a case that was drawn.
type Drawn struct {
	Stratum string
	Rating  record.Rating // of a case published in full; empty otherwise
}

// NewChecker returns the checker of an assessment that has a sample.
func NewChecker(a *record.Assessment, areas []record.Area) *Checker {
	scope := record.Scope{Dim: record.ByAll}
	switch {
	case a.Unit != "":
		scope = record.Scope{Dim: record.ByUnit, ID: string(a.Unit)}
	case a.Area != "":
		scope = record.Scope{Dim: record.ByArea, ID: string(a.Area)}
	}
	s := a.Sample
	c := &Checker{of: a, Found: map[record.CaseNumber]Drawn{}, spec: Spec{Period: a.Period, Scope: scope, Cases: Cases(s.Cases), By: By(s.By), N: len(s.Drawn)}}
	if c.spec.Check() == nil {
		c.picker = c.spec.Picker(areas)
	}
	return c
}

// Add takes a record, whatever it is of.
func (c *Checker) Add(f *record.Fact) {
	if c.picker != nil {
		c.picker.Add(f)
	}
	if _, in := slices.BinarySearch(c.of.Sample.Drawn, f.Number); in {
		d := Drawn{Stratum: c.spec.Stratum(f)}
		if f.Prominence == record.Full {
			d.Rating = f.Rating
		}
		c.Found[f.Number] = d
	}
}

// Verdict draws again from what was added.
func (c *Checker) Verdict() Verdict {
	s := c.of.Sample
	seed, err := ParseSeed(s.Seed)
	switch {
	case err != nil || c.picker == nil || c.of.Astray() || s.SeedSHA256 == "" || s.FrameSHA256 == "" || !s.Committed.Known() || slices.Contains(c.of.Missing, "drawn"):
		return Incomplete
	case seed.SHA256() != s.SeedSHA256:
		return OtherSeed
	case s.Committed >= c.spec.End():
		return Late
	}
	frame, err := c.picker.Frame()
	if err != nil || frame.SHA256() != s.FrameSHA256 {
		return Changed
	}
	again, err := Draw(frame, seed, c.spec.N)
	if err != nil || !slices.Equal(again.Numbers(), s.Drawn) {
		return Differs
	}
	return Same
}

// Agreement compares the scores with the ratings of citizens: all, and each category of
// the panel. It returns nil where there are no scores.
func (c *Checker) Agreement() (all *Agreement, names []string, each []*Agreement) {
	s := c.of.Sample
	drawn, ratings := &Sample{}, map[record.CaseNumber]record.Rating{}
	for _, n := range s.Drawn {
		drawn.Cases = append(drawn.Cases, Chosen{Item: Item{Number: n}})
	}
	for n, d := range c.Found {
		ratings[n] = d.Rating
	}
	var scores []Score
	for _, x := range s.Scores {
		scores = append(scores, Score(x))
	}
	all, err := Compare(s.Scale, drawn, scores, ratings)
	if err != nil || len(scores) == 0 {
		return nil, nil, nil
	}
	if names, each, err = ByCategory(s.Scale, drawn, scores, ratings); err != nil {
		return nil, nil, nil
	}
	return all, names, each
}

// Unknown lists the numbers delivered that no record has.
func (c *Checker) Unknown() (all []record.CaseNumber) {
	for _, n := range c.of.Sample.Drawn {
		if _, ok := c.Found[n]; !ok {
			all = append(all, n)
		}
	}
	return all
}
