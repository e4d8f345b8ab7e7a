package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestAccountability says where an entry of what was done about a unit stands: on the
// page of all, and beside the unit in rankings of periods in which it was done.
func TestAccountability(t *testing.T) {
	c := peersCity(120)
	c.measured = []record.Accountability{
		{ID: "q-1", Unit: "ed-1", Day: record.Date(2026, 10, 9), Measure: "约谈", Trigger: "连续两个月处于末档", Basis: "考核办法第九条"},
		{ID: "q-2", Unit: "ed-1", Day: record.Date(2026, 11, 9), Measure: "通报"},
		{ID: "q-3", Unit: "nobody", Day: record.Date(2025, 1, 9), Measure: "曝光"},
	}
	s := build(t, plan(t, c, options(t)))
	want := "[map[basis:考核办法第九条 day:2026-10-09"
	all := fmt.Sprint(s.params(t, "accountability.html")["rows"])
	if i, j, k := strings.Index(all, "day:2026-11-09 measure:通报"), strings.Index(all, "day:2026-10-09 measure:约谈"), strings.Index(all, "of:map[name:nobody]"); i < 0 || j < i || k < j {
		t.Errorf("the latest first: %s", all)
	}
	october := fmt.Sprint(s.params(t, "ranking/2026-10.html")["groups"])
	if !strings.Contains(october, "done:"+want) || strings.Contains(october, "通报") {
		t.Errorf("want what was done in the twelve months, and nothing else: %s", october)
	}
	if strings.Contains(fmt.Sprint(s.params(t, "ranking/2026-09.html")["groups"]), "done:") {
		t.Error("the ranking of September tells of October")
	}
	if _, ok := build(t, plan(t, newCity(4), options(t))).pages["accountability.html"]; ok {
		t.Error("there is a page without an entry")
	}
}
