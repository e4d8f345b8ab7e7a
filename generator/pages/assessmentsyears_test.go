package pages_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestAssessmentsByYear has results of three years, and one of all time, on the pages of
// the years in which their periods end, which lead to each other, and makes no page again
// for a case of another year.
func TestAssessmentsByYear(t *testing.T) {
	c := newCity(40)
	for i, period := range []record.Period{"2024", "2026-09", record.AllTime, "2025-11", record.RollingPeriod(record.MonthOf(2025, 12)), "2026-10"} {
		c.assessed = append(c.assessed, record.Assessment{ID: fmt.Sprintf("a-%d", i), Unit: "ed-2", Period: period, Assessor: "示例大学", Scores: []record.Score{{Dimension: "满意度", Value: "90", Max: "100"}}})
	}
	p := plan(t, c, options(t))
	s := build(t, p)
	for path, want := range map[string]string{
		"assessments.html":         "考核结果: 2026年10月 2026年9月 全部时间; 2025年 assessments/2025.html, 2024年 assessments/2024.html",
		"assessments/2025.html":    "2025年考核结果: 截至2025年12月的12个月 2025年11月; 2026年 assessments.html, 2024年 assessments/2024.html",
		"assessments/2024.html":    "2024年考核结果: 2024年; 2026年 assessments.html, 2025年 assessments/2025.html",
		"en/assessments/2024.html": "Assessments of 2024: 2024; 2026 en/assessments.html, 2025 en/assessments/2025.html",
	} {
		v := s.params(t, path)
		var periods, years []string
		for _, x := range list(v["periods"]) {
			periods = append(periods, fmt.Sprint(x.(map[string]any)["name"]))
		}
		for _, x := range list(v["years"]) {
			years = append(years, fmt.Sprint(x.(map[string]any)["name"], " ", x.(map[string]any)["path"]))
		}
		if got := s.pages[path].Title + ": " + strings.Join(periods, " ") + "; " + strings.Join(years, ", "); got != want {
			t.Errorf("%s has\n%s, want\n%s", path, got, want)
		}
	}
	i := slices.IndexFunc(c.cases, func(k record.Case) bool {
		return k.Unit == "ed-2" && k.Received.Month() == record.MonthOf(2026, 9) && k.OnTime == record.Yes
	})
	c.cases[i].OnTime = record.No
	hugo, _ := changed(p, plan(t, c, options(t)))
	if !slices.Contains(hugo, "assessments") || slices.ContainsFunc(hugo, func(key string) bool { return strings.HasPrefix(key, "assessments/") }) {
		t.Errorf("a reply of 2026 is late, and Hugo renders %q", hugo)
	}
}
