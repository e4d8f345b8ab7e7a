package sample

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// ratings are those of ten cases: eight on five levels, one on three, one by a panel.
func ratings() map[record.CaseNumber]record.Rating {
	five := func(level int8) record.Rating { return record.Rating{Scale: record.Five, Level: level} }
	return map[record.CaseNumber]record.Rating{
		"2610-000001": five(5), "2610-000002": five(5), "2610-000003": five(4), "2610-000004": five(1),
		"2610-000005": five(2), "2610-000006": five(3), "2610-000007": five(3), "2610-000008": five(1),
		"2610-000009": {Scale: record.Three, Level: 3}, "2610-000010": {Scale: record.Five, Level: 5, Source: record.ByPanel},
	}
}

// scores are those of residents for all ten, and of deputies for two.
func scores() []Score {
	var all []Score
	for i, level := range []int8{5, 4, 4, 3, 3, 3, 1, 2, 5, 5} {
		all = append(all, Score{record.NewCaseNumber(record.MonthOf(2026, 10), i+1), "residents", level})
	}
	return append(all, Score{"2610-000001", "deputies", 5}, Score{"2610-000004", "deputies", 5})
}

// Worked by hand. Residents, citizens' level and theirs: 5-5, 5-4, 4-4, 1-3, 2-3, 3-3, 3-1, 1-2;
// equal are 1, 3 and 6, one apart 2, 5 and 8, two apart 4 and 7: exact 3 of 8, adjacent 6 of 8.
// Deputies: 5-5 and 1-5, exact 1 of 2, adjacent 1 of 2. Together 4 and 7 of 10.
func TestAgreement(t *testing.T) {
	s := draw(t, frameOf(t, make([]string, 10)...), made, 10)
	got, err := Compare(record.Five, s, scores(), ratings())
	want := &Agreement{Scale: record.Five, Exact: record.Rate{Num: 4, Den: 10}, Adjacent: record.Rate{Num: 7, Den: 10}, Unrated: 1, Other: 1, Table: [][]int64{
		{0, 1, 1, 0, 1},
		{0, 0, 1, 0, 0},
		{1, 0, 1, 0, 0},
		{0, 0, 0, 1, 0},
		{0, 0, 0, 1, 2},
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	names, each, err := ByCategory(record.Five, s, scores(), ratings())
	if err != nil || !cmp.Equal(names, []string{"deputies", "residents"}) {
		t.Fatal(names, err)
	}
	if d := each[0]; d.Exact != (record.Rate{Num: 1, Den: 2}) || d.Adjacent != (record.Rate{Num: 1, Den: 2}) || d.Unrated+d.Other != 0 {
		t.Errorf("deputies: %+v", d)
	}
	if r := each[1]; r.Exact != (record.Rate{Num: 3, Den: 8}) || r.Adjacent != (record.Rate{Num: 6, Den: 8}) || r.Unrated != 1 || r.Other != 1 {
		t.Errorf("residents: %+v", r)
	}
	// A case without any rating is one that no citizen rated.
	bare, err := Compare(record.Five, s, scores(), nil)
	if err != nil || bare.Unrated != 12 || bare.Exact.Den != 0 {
		t.Error(bare, err)
	}
	// Without any score there is no rate, and not one of nought.
	none, err := Compare(record.Three, s, nil, ratings())
	if err != nil || none.Exact.Percent(2) != "" || len(none.Table) != 3 {
		t.Error(none, err)
	}
}

func TestBadScores(t *testing.T) {
	s := draw(t, frameOf(t, make([]string, 10)...), made, 9)
	out := record.CaseNumber("")
	for i := range 10 {
		n := record.NewCaseNumber(record.MonthOf(2026, 10), i+1)
		if !strings.Contains(string(s.CSV()), string(n)) {
			out = n
		}
	}
	in := s.Cases[0].Number
	tests := []struct {
		name   string
		scale  record.RatingScale
		scores []Score
		rated  int8
		want   string
	}{
		{"not drawn", record.Five, []Score{{out, "a", 3}}, 3, "not drawn"},
		{"twice", record.Five, []Score{{in, "a", 3}, {in, "b", 3}, {in, "a", 3}}, 3, "judged twice"},
		{"no level", record.Five, []Score{{in, "a", 0}}, 3, "level 0 of 5"},
		{"a level too high", record.Three, []Score{{in, "a", 4}}, 3, "level 4 of 3"},
		{"a rating too high", record.Three, []Score{{in, "a", 3}}, 4, "rated 4 of 3"},
		{"a rating below", record.Three, []Score{{in, "a", 3}}, -1, "rated -1 of 3"},
		{"no scale", "seven", []Score{{in, "a", 3}}, 3, "no scale"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rated := map[record.CaseNumber]record.Rating{in: {Scale: test.scale, Level: test.rated}}
			if _, err := Compare(test.scale, s, test.scores, rated); !strings.Contains(said(err), test.want) {
				t.Error(err)
			}
			if _, _, err := ByCategory(test.scale, s, test.scores, rated); !strings.Contains(said(err), test.want) {
				t.Error(err)
			}
		})
	}
}
