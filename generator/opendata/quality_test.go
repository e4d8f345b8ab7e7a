package opendata

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/assess/moves"
	"github.com/huiyin/huiyin/generator/record"
)

func TestQuality(t *testing.T) {
	day, period := record.Date(2026, 10, 31), record.Period("2026-10/12")
	got := Quality().File([]QualityRow{
		{Note: NotePublished, Cutoff: day, Period: period, Rate: record.Rate{Num: 2, Den: 3}},
		{Unit: "water", Note: NoteExcluded, Class: "not-answered", Cutoff: day, Period: period, Rate: record.Rate{Num: 1, Den: 3}},
		{Unit: "water", Note: NoteShownMedian, Cutoff: day, Period: period, Rate: record.Rate{Num: 7, Den: 2}, Unknown: 4},
		{Unit: "water", Note: NoteRated, Cutoff: day, Period: period, Unknown: 5},
		{Unit: "roads", Note: NoteShownMedian, Cutoff: day, Period: period, Unknown: 2},
	})
	want := `unit,note,class,period,cutoff,numerator,denominator,percent,unknown
,published,,2026-10/12,2026-10-31,2,3,66.67,0
water,excluded,not-answered,2026-10/12,2026-10-31,1,3,33.33,0
water,shown-median,,2026-10/12,2026-10-31,7,2,,4
water,rated,,2026-10/12,2026-10-31,0,0,,5
roads,shown-median,,2026-10/12,2026-10-31,,,,2
`
	if diff := cmp.Diff(want, lines(got)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestAlikeAndRepeats(t *testing.T) {
	got := lines(Alike().File([]AlikeRow{{Unit: "water", Group: 1, Size: 5, Number: "2610-000001", Sample: true}, {Unit: "water", Group: 1, Size: 5, Number: "2610-000002"}})) +
		lines(Repeats().File([]RepeatRow{{Unit: "water", Later: "2610-000002", Earlier: "2610-000001", Likeness: record.Rate{Num: 204, Den: 255}}, {Unit: "water", Later: "2610-000003", Earlier: "2609-000001"}}))
	want := `unit,group,size,number,sample
water,1,5,2610-000001,yes
water,1,5,2610-000002,no
unit,later,earlier,by,likeness
water,2610-000002,2610-000001,rule,80
water,2610-000003,2609-000001,delivered,
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestMoves(t *testing.T) {
	c := moves.NewCounter(record.Date(2026, 10, 31))
	day := func(d int) record.Day { return record.Date(2026, 10, d) }
	c.Add(&record.Fact{Case: record.Case{Row: record.Row{Prominence: record.Full, Received: day(1), Answered: record.Yes, RepliedOn: day(12)},
		Dispatches: []record.Dispatch{{Day: day(2), From: "hub", To: "water"}}}})
	c.Add(&record.Fact{Case: record.Case{Row: record.Row{Prominence: record.Full, Received: day(1), Answered: record.No},
		Dispatches: []record.Dispatch{{Day: day(3), From: "hub", To: "water"}, {Day: day(4), From: "water", Returned: true}}}})
	period := record.Period("2026-10/12")
	got := lines(Moves().File([]MoveRow{{Cutoff: day(31), Period: period, Counts: c.Of("")}, {Unit: "hub", Cutoff: day(31), Period: period, Counts: c.Of("hub")}}))
	want := `unit,period,cutoff,cases,passed_from,passed_to,returned,stays,median,open,open_median,unknown,days_0_2,days_3_5,days_6_10,days_11_15,days_16_20,days_21_30,days_31_60,days_61_and_more,open_days_0_2,open_days_3_5,open_days_6_10,open_days_11_15,open_days_16_20,open_days_21_30,open_days_31_60,open_days_61_and_more
,2026-10/12,2026-10-31,2,2,2,1,4,1.5,1,27,0,3,0,1,0,0,0,0,0,0,0,0,0,0,1,0,0
hub,2026-10/12,2026-10-31,2,2,0,0,2,1.5,0,,0,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// Every note is a word of the codebook once, and every column says what it is.
func TestNotesInTheCodebook(t *testing.T) {
	for _, e := range slices.Concat(Quality().Entries(), Alike().Entries(), Repeats().Entries(), Moves().Entries()) {
		if e.About.Zh == "" || e.About.En == "" {
			t.Errorf("%s.%s is not explained", e.Table, e.Column)
		}
		if e.Table == "quality" && e.Column == "note" {
			words := slices.Sorted(slices.Values(e.Words))
			if len(slices.Compact(slices.Clone(words))) != len(Notes()) || len(words) != len(Notes()) {
				t.Errorf("%d words for %d notes: %s", len(words), len(Notes()), strings.Join(words, " "))
			}
		}
	}
}
