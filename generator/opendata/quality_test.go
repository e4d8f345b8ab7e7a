package opendata

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

func TestQuality(t *testing.T) {
	day, period := record.Date(2026, 10, 31), record.Period("2026-10/12")
	got := Quality().File([]QualityRow{
		{Note: NotePublished, Cutoff: day, Period: period, Rate: record.Rate{Num: 2, Den: 3}},
		{Unit: "water", Note: NoteExcluded, Class: "not-answered", Cutoff: day, Period: period, Rate: record.Rate{Num: 1, Den: 3}},
		{Unit: "water", Note: NoteShownMedian, Cutoff: day, Period: period, Rate: record.Rate{Num: 7, Den: 2}, Unknown: 4},
		{Unit: "water", Note: NoteRated, Cutoff: day, Period: period, Unknown: 5},
	})
	want := `unit,note,class,period,cutoff,numerator,denominator,percent,unknown
,published,,2026-10/12,2026-10-31,2,3,66.67,0
water,excluded,not-answered,2026-10/12,2026-10-31,1,3,33.33,0
water,shown-median,,2026-10/12,2026-10-31,7,2,,4
water,rated,,2026-10/12,2026-10-31,0,0,,5
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

// Every note is a word of the codebook once, and every column says what it is.
func TestNotesInTheCodebook(t *testing.T) {
	for _, e := range slices.Concat(Quality().Entries(), Alike().Entries(), Repeats().Entries()) {
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
