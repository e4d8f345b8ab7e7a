package pages_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

type restatedView struct {
	N, Left string

	Releases []struct {
		Shown struct{ Name, Path string }
		N     string
	}
	Years  []struct{ Name, Path string }
	Groups []struct {
		Scope          *struct{ Name, Path string }
		Period, Cutoff string
		Rows           []struct {
			ID       string
			Old, New struct{ State, Percent, Num, Den, Unknown string }
		}
		Why     []string
		N, More string
		Cases   []struct{ Name, Path string }
	}
}

func restatedParams(t testing.TB, s site, path string) (v restatedView) {
	t.Helper()
	js, err := json.Marshal(s.params(t, path))
	if err == nil {
		err = json.Unmarshal(js, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// restate makes a restatement of a rate of September.
func restate(shown record.Day, measure string, scope record.Scope, old, now int64, why ...record.EventKind) record.Restatement {
	f := record.Figure{Measure: measure, Version: 1, Scope: scope, Period: "2026-09", Cutoff: record.Date(2026, 9, 30), Rate: record.Rate{Num: old, Den: 40}}
	r := record.Restatement{Shown: shown, Old: f, New: f, Why: why}
	r.New.Num = now
	return r
}

// TestRestatedMedians: a median is restated as well where only how many are unknown is another
// number, and is unknown, and not of nothing, where no days are known.
func TestRestatedMedians(t *testing.T) {
	o := options(t)
	median := func(unit string, old, now record.Figure) record.Restatement {
		r := restate(record.Date(2026, 11, 20), assess.MeasureMedianDays, record.Scope{Dim: record.ByUnit, ID: unit}, 0, 0, record.EventCorrect)
		r.Old.Rate, r.Old.Unknown, r.New.Rate, r.New.Unknown = old.Rate, old.Unknown, now.Rate, now.Unknown
		return r
	}
	seven := record.Rate{Num: 15, Den: 2}
	o.Restated = []record.Restatement{
		median("ed-1", record.Figure{Rate: seven}, record.Figure{Rate: seven, Unknown: 3}), median("ed-2", record.Figure{Unknown: 4}, record.Figure{Rate: seven}), median("water-1", record.Figure{}, record.Figure{Unknown: 1}),
	}
	v := restatedParams(t, build(t, plan(t, newCity(4), o)), "restatements/2026-11-20.html")
	got := ""
	for _, g := range v.Groups {
		for _, r := range g.Rows {
			got += fmt.Sprintf("%s %+v %+v\n", g.Scope.Path, r.Old, r.New)
		}
	}
	want := `unit/ed-1.html {State:days Percent: Num:7.5 Den: Unknown:} {State:days Percent: Num:7.5 Den: Unknown:3}
unit/ed-2.html {State:unknown Percent: Num: Den: Unknown:4} {State:days Percent: Num:7.5 Den: Unknown:}
unit/water-1.html {State:none Percent: Num: Den: Unknown:} {State:unknown Percent: Num: Den: Unknown:1}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// TestRestatedPages groups the restatements of two years by release, scope, period and
// cause, and says the cause of each.
func TestRestatedPages(t *testing.T) {
	november, december := record.Date(2026, 11, 20), record.Date(2025, 12, 31)
	all, ed, letters := record.Scope{Dim: record.ByAll}, record.Scope{Dim: record.ByUnit, ID: "ed-1"}, record.Scope{Dim: record.ByOrigin, ID: "letter"}
	corrected := restate(november, assess.MeasureOnTimeReply, ed, 30, 29, record.EventCorrect)
	for i := range 30 {
		corrected.Add(record.NewCaseNumber(record.MonthOf(2026, 9), i+1))
	}
	again := corrected
	again.Old.Measure, again.New.Measure = assess.MeasureRepliedOfDue, assess.MeasureRepliedOfDue
	later := restate(november, assess.MeasureRepliedOfDue, letters, 3, 4, record.EventUpdate)
	later.Add("2609-000001")
	c := newCity(40)
	o := options(t)
	o.Restated = []record.Restatement{
		later, corrected, restate(november, assess.MeasureRepliedOfCollected, ed, 9, 8, record.EventWithdraw), again, restate(november, assess.MeasureRepliedOfDue, ed, 30, 28),
		restate(december, assess.MeasureRepliedOfDue, all, 1, 2),
	}
	s := build(t, plan(t, c, o))

	list := restatedParams(t, s, "restatements.html")
	if got, want := fmt.Sprint(list.Releases, list.Years), "[{{2026-11-20 restatements/2026-11-20.html} 5}] [{2025 restatements/2025.html}]"; got != want {
		t.Errorf("the list is %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(restatedParams(t, s, "restatements/2025.html")), "{  [{{2025-12-31 restatements/2025-12-31.html} 1}] [{2026 restatements.html}] []}"; got != want {
		t.Errorf("the list of 2025 is %s, want %s", got, want)
	}

	page := restatedParams(t, s, "restatements/2026-11-20.html")
	var b strings.Builder
	for _, g := range page.Groups {
		if g.Scope != nil {
			fmt.Fprintln(&b, g.Scope.Name, g.Scope.Path, g.Period, g.Cutoff)
		}
		for _, r := range g.Rows {
			fmt.Fprintf(&b, "  %s %s %s/%s -> %s %s/%s\n", r.ID, r.Old.Percent, r.Old.Num, r.Old.Den, r.New.Percent, r.New.Num, r.New.Den)
		}
		fmt.Fprintf(&b, "    %v cases=%s listed=%d more=%s\n", g.Why, g.N, len(g.Cases), g.More)
	}
	want := `东城区教育局 unit/ed-1.html 2026年9月 2026-09-30
  replied-of-due 75.00 30/40 -> 70.00 28/40
    [] cases= listed=0 more=
  replied-of-due 75.00 30/40 -> 72.50 29/40
  on-time-reply 75.00 30/40 -> 72.50 29/40
    [correct] cases=30 listed=5 more=yes
  replied-of-collected 22.50 9/40 -> 20.00 8/40
    [withdraw] cases= listed=0 more=
来信  2026年9月 2026-09-30
  replied-of-due 7.50 3/40 -> 10.00 4/40
    [update] cases=1 listed=1 more=
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	if page.N != "5" || page.Left != "" {
		t.Errorf("%s restated, %s left", page.N, page.Left)
	}
	rows := readCSV(t, string(s.files["data/restatements.csv"].Body))
	if len(rows) != len(o.Restated) || slices.ContainsFunc(rows, func(r map[string]string) bool { return r["why"] == "" }) {
		t.Errorf("the file has %d rows of %d, or one without a cause", len(rows), len(o.Restated))
	}
}

// TestRestatedPagesAreBounded says that a page of ten thousand restatements tells of
// some, and how many it leaves to the file; and that a release's page is not made again
// for what another has restated.
func TestRestatedPagesAreBounded(t *testing.T) {
	c := newCity(8)
	o := options(t)
	for range 10_000 {
		o.Restated = append(o.Restated, restate(record.Date(2026, 11, 20), assess.MeasureRepliedOfDue, record.Scope{Dim: record.ByUnit, ID: "ed-1"}, 1, 2))
	}
	before := plan(t, c, o)
	page := restatedParams(t, build(t, before), "restatements/2026-11-20.html")
	n := 0
	for _, g := range page.Groups {
		n += len(g.Rows)
	}
	if n != 150 || page.Left != "9,850" {
		t.Errorf("tells of %d, and leaves %s", n, page.Left)
	}
	o.Restated = append([]record.Restatement{restate(record.Date(2026, 11, 21), assess.MeasureRepliedOfDue, record.Scope{Dim: record.ByAll}, 1, 2)}, o.Restated...)
	hugo, _ := changed(before, plan(t, c, o))
	if slices.Contains(hugo, "restated/2026-11-20") || !slices.Contains(hugo, "restated") || !slices.Contains(hugo, "restated/2026-11-21") {
		t.Errorf("made again: %s", hugo)
	}
	if got := fmt.Sprint(restatedParams(t, build(t, plan(t, c, options(t))), "restatements.html")); got != "{  [] [] []}" {
		t.Errorf("without restatements: %s", got)
	}
}
