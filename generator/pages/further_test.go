package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// furtherRows prints the rows of the second table of figures in its last column.
func furtherRows(v map[string]any) string {
	var out []string
	more, _ := v["figures"].(map[string]any)["more"].([]any)
	for _, r := range more {
		r := r.(map[string]any)
		cells := r["cells"].([]any)
		c := cells[len(cells)-1].(map[string]any)
		s := fmt.Sprint(r["id"], " ", c["state"])
		for _, key := range []string{"percent", "num", "den", "unknown"} {
			if c[key] != nil {
				s += fmt.Sprint(" ", c[key])
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

// An office that delivers nothing of it has no rows that say so nineteen times: only
// how much is published.
func TestFurtherFiguresOnlyWhereDelivered(t *testing.T) {
	c := newCity(8)
	for i := range c.cases {
		k := &c.cases[i]
		k.FirstResponse, k.Dispatched, k.ResolvedOn, k.Outcome, k.OnSite, k.Reopened, k.Dispatches, k.Supervisions, k.RepeatOf = 0, 0, 0, "", record.Unknown, 0, nil, nil, ""
	}
	v := build(t, plan(t, c, options(t))).params(t, "index.html")
	for line := range strings.SplitSeq(furtherRows(v), "\n") {
		if id, _, _ := strings.Cut(line, " "); id != "published-of-received" && id != "merged" {
			t.Errorf("there is a row %s", line)
		}
	}
	if v["figures"].(map[string]any)["ratings"] != nil {
		t.Error("there is a table of ratings, of which there are none")
	}
}

func TestFurtherFigures(t *testing.T) {
	c := newCity(8)
	for i := range c.cases {
		c.cases[i].FirstResponse, c.cases[i].Dispatched = 0, 0
	}
	k := c.at(t, "2609-000001") // published in full
	k.FirstResponse, k.Outcome, k.OnSite = k.Received+1, record.Explained, record.Yes
	k.Dispatches = []record.Dispatch{{Day: k.Received, Returned: true}, {Day: k.Received, Returned: true}}
	k.Rating = record.Rating{Scale: record.Five, Level: 4, Source: record.ByCallback}
	c.reg.Areas[0].Residents = record.CountOf(8000)
	s := build(t, plan(t, c, options(t)))
	v := s.params(t, "en/index.html")
	got := furtherRows(v)
	for _, want := range []string{
		"responded-of-received rate ", "median-first-days days 1 ", "explained-of-outcome rate 100.00 1 1 ", "supported-of-outcome rate 0.00 0 1 ",
		"returned-of-published rate ", "returns times 2", "on-site-of-answered rate 100.00 1 1 ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no row %q in\n%s", want, got)
		}
	}
	for _, no := range []string{"supervised", "resolved", "received-per-thousand"} {
		if strings.Contains(got, no) {
			t.Errorf("a row %s in\n%s", no, got)
		}
	}
	ratings := v["figures"].(map[string]any)["ratings"]
	if got, want := fmt.Sprint(ratings), "[map[id:satisfied-five levels:[l5 l4 l3 l2 l1] name:Satisfied (five levels) period:All time rows:[map[cells:[0 1 0 0 0] source:call-back]] scale:five]]"; got != want {
		t.Errorf("ratings %s\nwant %s", got, want)
	}
	area := furtherRows(s.params(t, record.AreaPath(c.reg.Areas[0].Code)))
	if !strings.Contains(area, "received-per-thousand per-thousand ") || !strings.Contains(area, " 8,000") {
		t.Errorf("the area has\n%s", area)
	}
}
