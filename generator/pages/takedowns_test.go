package pages_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// takenCity is a province in which four cases were withdrawn, for two reasons and in two
// months, of which one was published again; one was corrected, one corrected and then
// withdrawn, one merged.
func takenCity(t *testing.T) *city {
	c := newCity(8)
	gone := func(n record.CaseNumber, reason record.Reason, day record.Day) {
		k := c.at(t, n)
		*k = k.Stub(record.Withdrawn, record.Removed)
		c.stones = append(c.stones, record.Tombstone{Number: n, Unit: k.Unit, Reason: reason.Public(), Day: day})
		c.happen(n, record.EventWithdraw, day)
		c.later[n][len(c.later[n])-1].Reason = reason
	}
	c.happen("2609-000001", record.EventCorrect, record.Date(2026, 10, 3))
	c.later["2609-000001"][0].Reason = record.Mistake
	gone("2609-000001", record.Privacy, record.Date(2026, 10, 5))
	gone("2609-000002", record.Court, record.Date(2026, 11, 6))
	gone("2610-000001", record.Duplicate, record.Date(2026, 11, 6))
	c.happen("2610-000002", record.EventWithdraw, record.Date(2026, 11, 6))
	c.later["2610-000002"][0].Reason = record.Mistake
	c.happen("2610-000002", record.EventReinstate, record.Date(2026, 11, 6))
	c.happen("2610-000003", record.EventCorrect, record.Date(2026, 11, 9))
	c.later["2610-000003"][0].Reason = record.Court
	c.happen("2610-000005", record.EventMerge, record.Date(2026, 11, 10))
	c.later["2610-000005"][0].Into = "2610-000003"
	return c
}

// TestTakedowns lists and counts what was taken down: no text, no legal reason by its
// name, and of a case that is withdrawn nothing but that.
func TestTakedowns(t *testing.T) {
	c := takenCity(t)
	s := build(t, plan(t, c, options(t)))
	log := string(s.files["data/takedowns.csv"].Body)
	want := strings.ReplaceAll(`number,no,day,act,reason,into,unit
2609-000001,1,2026-10-05,withdraw,by-law,,ed-2
2609-000002,1,2026-11-06,withdraw,by-law,,water-1
2610-000001,1,2026-11-06,withdraw,duplicate,,ed-2
2610-000002,1,2026-11-06,withdraw,error,,water-1
2610-000002,2,2026-11-06,reinstate,,,water-1
2610-000003,1,2026-11-09,correct,by-law,,water-2
2610-000005,1,2026-11-10,merge,,2610-000003,ed-2
`, "\n", "\r\n")
	if diff := cmp.Diff(want, log); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	counts := string(s.files["data/takedown-counts.csv"].Body)
	want = strings.ReplaceAll(`dimension,scope,withdrawn,cases,withdrawals,reinstatements,corrections,mergers
all,,3,16,4,1,1,1
reason,by-law,2,16,2,,,
reason,duplicate,1,16,1,,,
reason,error,0,16,1,,,
reason,wrong-unit,0,16,0,,,
month,2026-10,1,16,1,0,0,0
month,2026-11,2,16,3,1,1,1
received,2026-09,2,8,2,0,0,0
received,2026-10,1,8,2,1,1,1
unit,ed-2,2,4,2,0,0,1
unit,water-1,1,4,2,1,0,0
unit,water-2,0,4,0,0,1,0
`, "\n", "\r\n")
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("the counts (-want +got):\n%s", diff)
	}
	for _, path := range []string{"data/takedowns.csv", "data/takedown-counts.csv"} {
		if len(s.files[path].Shows) > 0 {
			t.Errorf("%s would be held back by each withdrawal", path)
		}
	}
	var page struct {
		Rows   []struct{ Day, Act, Reason string }
		Tables []struct {
			ID   string
			Rows []struct {
				Name  string
				Cells []struct{ Num, Den string }
			}
		}
		Left string
	}
	for _, path := range []string{"takedowns.html", "en/takedowns.html"} {
		p := s.pages[path]
		body, err := json.Marshal(p.Params)
		if err != nil || len(p.Shows) > 0 || p.Doc != nil {
			t.Fatal(path, err, p.Shows)
		}
		if strings.Contains(string(body), "路灯") || strings.Contains(string(body), "privacy\"") || strings.Contains(string(body), "court") {
			t.Errorf("%s says more than it may: %s", path, body)
		}
		if err := json.Unmarshal(body, &page); err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(page.Rows), "[{2026-11-10 merge } {2026-11-09 correct by-law} {2026-11-06 reinstate } {2026-11-06 withdraw error} {2026-11-06 withdraw duplicate} {2026-11-06 withdraw by-law} {2026-10-05 withdraw by-law}]"; got != want {
			t.Errorf("%s lists\n%s, want\n%s", path, got, want)
		}
		if all := page.Tables[0].Rows[0]; len(page.Tables) != 3 || fmt.Sprint(all.Cells) != "[{3 16} {4 }]" {
			t.Errorf("%s: %+v", path, page.Tables)
		}
	}
	// What is counted here is counted alike wherever it is said: by the rows, and by the book.
	if n := strings.Count(string(s.files["data/rows.csv"].Body), ",withdrawn,withdrawn,"); n != 3 {
		t.Errorf("%d rows are withdrawn", n)
	}
	if all, _ := c.book().Set(record.Scope{Dim: record.ByAll}, record.AllTime); all.Withdrawn != 3 {
		t.Errorf("the book counts %d", all.Withdrawn)
	}
}

// TestTakedownsAreNumbered says that nothing is in the log that has no public row, such as an
// accusation of an official, and that an event of a case that is not there stops the plan.
func TestTakedownsAreNumbered(t *testing.T) {
	c := takenCity(t)
	rows := map[string]bool{}
	s := build(t, plan(t, c, options(t)))
	for _, r := range readCSV(t, string(s.files["data/rows.csv"].Body)) {
		rows[r["number"]] = true
	}
	for _, r := range readCSV(t, string(s.files["data/takedowns.csv"].Body)) {
		if !rows[r["number"]] {
			t.Errorf("%s is in the log and has no row", r["number"])
		}
	}
	stray := &strayed{c}
	if _, err := pages.Plan(t.Context(), stray, c.book(), options(t)); err == nil || !strings.Contains(err.Error(), "2610-000099") {
		t.Errorf("a case without a row is in the log: %v", err)
	}
}

// strayed is a city with an event of a case that has no row.
type strayed struct{ *city }

func (s *strayed) Takedowns(context.Context) ([]record.Event, error) {
	return []record.Event{{Number: "2610-000099", Kind: record.EventWithdraw, Day: s.cutoff}}, nil
}

// TestTakedownsPageIsBounded says that the page of ten thousand withdrawals lists the latest,
// and says how many there are beside them.
func TestTakedownsPageIsBounded(t *testing.T) {
	c := newCity(300)
	for i := range c.cases {
		n := c.cases[i].Number
		c.happen(n, record.EventWithdraw, c.cutoff-record.Day(i%40))
		c.happen(n, record.EventReinstate, c.cutoff-record.Day(i%40))
		c.happen(n, record.EventCorrect, c.cutoff) // without a reason: it is not listed
	}
	s := build(t, plan(t, c, options(t)))
	body, err := json.Marshal(s.pages["takedowns.html"].Params)
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Rows []any
		Left string
	}
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Rows) != 200 || !strings.Contains(page.Left, "1,000") {
		t.Errorf("%d rows, and %q", len(page.Rows), page.Left)
	}
	if n := strings.Count(string(s.files["data/takedowns.csv"].Body), "\r\n"); n != 1201 {
		t.Errorf("%d lines", n)
	}
}
