package generator_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/assess"
)

// rankedIn returns columns of the row of a unit in the ranking of a month, as it was.
func (o *office) rankedIn(month, unit string, columns ...string) string {
	o.t.Helper()
	body, _ := o.lookup("data/rankings/" + month + ".csv")
	all, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(all) < 2 {
		o.t.Fatalf("the ranking of %s: %v, %d lines", month, err, len(all))
	}
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		if row["view"] == "as-it-was" && row["unit"] == unit {
			var values []string
			for _, c := range columns {
				values = append(values, row[c])
			}
			return strings.Join(values, " ")
		}
	}
	return ""
}

// TestFirstRankings: what a ranking first said of a unit is kept, and stands on its page when
// a later cut-off puts the unit elsewhere, whatever happens to releases and cases.
func TestFirstRankings(t *testing.T) {
	o := newOffice(t)
	o.ranks = assess.DefaultRankRules()
	var lines strings.Builder
	lines.WriteString("unit:lamps name=路灯管理处 | level=3 | unit_kind=部门\n")
	for i := range 30 {
		fmt.Fprintf(&lines, "L-%d unit=lamps | received=2026-10-01 | due=2026-10-15 | replied= | status=handling\n", i)
	}
	o.pull("2026-10-31", lines.String())
	first := o.publish().Release
	const then, now = "first_cutoff first_standing first_band first_numerator first_denominator", "band numerator denominator"
	check := func(when, wantThen, wantNow string) {
		t.Helper()
		if got := o.rankedIn("2026-10", "lamps", strings.Fields(then)...); got != wantThen {
			t.Errorf("%s: first published %q, want %q", when, got, wantThen)
		}
		if got := o.rankedIn("2026-10", "lamps", strings.Fields(now)...); got != wantNow {
			t.Errorf("%s: now %q, want %q", when, got, wantNow)
		}
	}
	const kept = "2026-10-31 ranked last 0 30"
	check("first", kept, "last 0 30")
	if page, _ := o.lookup("ranking/2026-10.html"); strings.Contains(page, "首次公布（") {
		t.Error("what is published first differs from what was")
	}

	// 170 cases of October fall due in November and are replied to in time: 170 of 200.
	lines.Reset()
	for i := range 170 {
		fmt.Fprintf(&lines, "N-%d unit=lamps | received=2026-10-20 | due=2026-11-15 | replied=2026-11-10 | status=replied | title=路灯 | question=灯坏了。 | reply=第 %d 盏灯已经修好。\n", i, i)
	}
	o.pull("2026-11-30", lines.String())
	o.publish()
	check("later", kept, "second 170 200")
	page, _ := o.lookup("ranking/2026-10.html")
	if !strings.Contains(page, "首次公布（截至2026-10-31）：待提升 0/30") {
		t.Error("the page does not say what was first published")
	}

	if err := o.releases.Rollback(t.Context(), first, nil); err != nil {
		t.Fatal(err)
	}
	o.pull("2026-11-30", "N-0 GONE")
	o.publish()
	check("after a rollback and a withdrawal", kept, "second 170 200")
	if got := o.rankedIn("2026-11", "lamps", "first_cutoff", "first_band"); got != "2026-11-30 second" {
		t.Errorf("November was first published as %q", got)
	}

	all, err := o.store.FirstRankings(t.Context())
	if err != nil || len(all) != 2 || all[0].Release != first || all[0].Cutoff.String() != "2026-10-31" || all[0].Lines[0].BandZh != "待提升" {
		t.Errorf("kept: %v, %+v", err, all)
	}
	// Kept for good: another release with the same period changes nothing.
	all[0].Lines = nil
	if err := o.store.SaveFirstRankings(t.Context(), 99, all[:1]); err != nil {
		t.Fatal(err)
	}
	if again, err := o.store.FirstRankings(t.Context()); err != nil || again[0].Release != first || len(again[0].Lines) != 1 {
		t.Errorf("replaced: %v, %+v", err, again)
	}
}
