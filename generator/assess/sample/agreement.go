package sample

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Score is how one category of the panel judged a case, on the levels of citizens'
// ratings: from 1, the worst, to 3 or 5, the best.
type Score struct {
	Number   record.CaseNumber
	Category string
	Level    int8
}

// Agreement is how the scores of a panel and the ratings of citizens agree. It counts
// scores, so that a case judged by two categories counts twice, and has no coefficient:
// two counts and the table say the same without one that must be explained.
type Agreement struct {
	Scale    record.RatingScale `json:"scale"`
	Exact    record.Rate        `json:"exact"`    // the same level, of the scores compared
	Adjacent record.Rate        `json:"adjacent"` // the same level or one beside it, likewise; on three levels only the two ends are further apart

	// Table counts the scores compared: Table[c-1][p-1] those of cases that citizens rated c
	// and the panel p.
	Table [][]int64 `json:"table"`

	// Unrated counts scores of cases that no citizen rated, a panel's rating not being one, and Other those of cases that
	// one rated on another scale. They are compared with nothing, and never read as agreeing.
	Unrated int64 `json:"unrated"`
	Other   int64 `json:"other"`
}

// Levels returns how many levels a scale has, and zero for one that is not known.
func Levels(s record.RatingScale) int {
	switch s {
	case record.Three:
		return 3
	case record.Five, record.Points:
		return 5
	}
	return 0
}

// Compare compares the scores of a panel, on one scale, with the ratings of citizens.
// A case of the sample without score is not compared. A case that is not in the sample, a
// category that judges a case twice and a level outside the scale are errors.
func Compare(scale record.RatingScale, s *Sample, scores []Score, ratings map[record.CaseNumber]record.Rating) (*Agreement, error) {
	levels := Levels(scale)
	if levels == 0 {
		return nil, fault.New(fmt.Sprintf("%q is no scale of ratings", scale), "it is five, three or points")
	}
	drawn := s.Numbers()
	a := &Agreement{Scale: scale, Table: make([][]int64, levels)}
	for i := range a.Table {
		a.Table[i] = make([]int64, levels)
	}
	type once struct {
		number   record.CaseNumber
		category string
	}
	seen := map[once]bool{}
	for _, score := range scores {
		key := once{score.Number, score.Category}
		switch _, in := slices.BinarySearch(drawn, score.Number); {
		case !in:
			return nil, fault.New("a case was judged that was not drawn", "give scores of cases of the sample alone")
		case seen[key]:
			return nil, fault.New("case "+string(score.Number)+" was judged twice by one category of the panel", "give each category's score of a case once")
		case score.Level < 1 || int(score.Level) > levels:
			return nil, fault.New(fmt.Sprintf("case %s has level %d of %d", score.Number, score.Level, levels), "levels count from 1, the worst")
		}
		seen[key] = true
		r, ok := ratings[score.Number]
		switch {
		case !ok || r.Level == 0 || r.Source == record.ByPanel: // a panel's rating is no citizen's
			a.Unrated++
			continue
		case r.Scale != scale:
			a.Other++
			continue
		case r.Level < 1 || int(r.Level) > levels:
			return nil, fault.New(fmt.Sprintf("case %s is rated %d of %d", score.Number, r.Level, levels), "levels count from 1, the worst")
		}
		a.Table[r.Level-1][score.Level-1]++
		a.Exact.Den++
		a.Adjacent.Den++
		off := score.Level - r.Level
		if off == 0 {
			a.Exact.Num++
		}
		if -1 <= off && off <= 1 {
			a.Adjacent.Num++
		}
	}
	return a, nil
}

// ByCategory compares the scores of each category of the panel by itself, as [Compare]
// does, in the order of their names.
func ByCategory(scale record.RatingScale, s *Sample, scores []Score, ratings map[record.CaseNumber]record.Rating) (names []string, all []*Agreement, err error) {
	scores = slices.SortedStableFunc(slices.Values(scores), func(a, b Score) int { return cmp.Compare(a.Category, b.Category) })
	for len(scores) > 0 {
		n := 1
		for n < len(scores) && scores[n].Category == scores[0].Category {
			n++
		}
		a, err := Compare(scale, s, scores[:n], ratings)
		if err != nil {
			return nil, nil, err
		}
		names, all, scores = append(names, scores[0].Category), append(all, a), scores[n:]
	}
	return names, all, nil
}
