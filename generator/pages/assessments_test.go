package pages_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// TestAssessments sets delivered results beside the site's own figures, and says what
// is wrong with them: one of a unit that is in no register, and two whose periods
// overlap.
func TestAssessments(t *testing.T) {
	c := newCity(60)
	c.assessed = []record.Assessment{
		{ID: "a-1", Unit: "ed-1", Period: "2026-09", Assessor: "市政务服务和数据局", ThirdParty: record.No, Issued: record.Date(2026, 10, 12), Scores: []record.Score{{Dimension: "按期答复率", Value: "40", Max: "100"}, {Dimension: "得分", Value: "81.5"}}},
		{ID: "a-2", Unit: "nobody", Period: "2026-09", Assessor: "示例大学", ThirdParty: record.Yes, Method: "电话回访", Scores: []record.Score{{Dimension: "满意率", Value: "92"}}},
		{ID: "a-3", Area: "990101", Period: "2026-09", Assessor: "示例大学", ThirdParty: record.Yes},
		{ID: "a-4", Area: "990101", Period: "2026-10/12", Assessor: "示例大学", ThirdParty: record.Yes},
	}
	s := build(t, plan(t, c, options(t)))
	var page struct {
		Periods []struct {
			Name string
			Rows []struct {
				Of struct{ Name, Path string }

				Unknown, Assessor, How, Issued, Overlaps string
				ThirdParty                               string `json:"third_party"`
				Scores                                   []struct{ Dimension, Value, Max string }
				Ours                                     []struct {
					ID   string
					Cell struct{ State, Percent, Num, Den string }
				}
			}
		}
	}
	js, err := json.Marshal(s.params(t, "assessments.html"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(js, &page); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range page.Periods {
		fmt.Fprintln(&b, p.Name)
		for _, r := range p.Rows {
			fmt.Fprintf(&b, "  %s %s third=%s how=%s issued=%s overlaps=%s unknown=%s %v\n", r.Of.Name, r.Assessor, r.ThirdParty, r.How, r.Issued, r.Overlaps, r.Unknown, r.Scores)
			for _, o := range r.Ours[:min(3, len(r.Ours))] {
				fmt.Fprintf(&b, "    %s %s %s/%s\n", o.ID, o.Cell.Percent, o.Cell.Num, o.Cell.Den)
			}
		}
	}
	// ed-1 has 15 cases of September, none of them answered; the area has those of the
	// water office as well, of which all are.
	want := `截至2026年10月的12个月
  东城区 示例大学 third=yes how= issued= overlaps=2026年9月 unknown= []
    received  60/
    replied-of-due 50.00 30/60
    on-time-reply 50.00 30/60
2026年9月
  东城区教育局 市政务服务和数据局 third=no how= issued=2026-10-12 overlaps= unknown= [{按期答复率 40 100} {得分 81.5 }]
    received  15/
    replied-of-due 0.00 0/15
    on-time-reply 0.00 0/15
  东城区 示例大学 third=yes how= issued= overlaps=截至2026年10月的12个月 unknown= []
    received  30/
    replied-of-due 50.00 15/30
    on-time-reply 50.00 15/30
  nobody 示例大学 third=yes how=电话回访 issued= overlaps= unknown=yes [{满意率 92 }]
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	c.assessed = []record.Assessment{{ID: "a-1", Unit: "ed-1", Period: "2026-09", Assessor: "示例大学", Missing: []string{"scores"}, Sample: &record.Sample{
		Frame: record.CountOf(1200), Seed: "seed", Drawn: []record.CaseNumber{"2609-000001"}, Panel: []record.PanelPart{{Category: "居民", Members: 5}},
	}}}
	if got := fmt.Sprint(build(t, plan(t, c, options(t))).params(t, "assessments.html")["periods"]); !strings.Contains(got, "missing:得分") ||
		!strings.Contains(got, "[map[id:frame value:1,200] map[id:seed value:seed] map[id:drawn value:1] map[id:panel value:居民 5]]") {
		t.Errorf("the page says neither what is missing nor what the sample is: %s", got)
	}
	if _, ok := build(t, plan(t, newCity(4), options(t))).pages["assessments.html"]; ok {
		t.Error("there is a page without a result")
	}
}

// TestAssessedSample shows what came of drawing a delivered sample again, how a score
// lies to a figure of the same name, and a result of a unit unknown last.
func TestAssessedSample(t *testing.T) {
	c := newCity(60)
	c.assessed = []record.Assessment{
		{ID: "a-0", Unit: "aaa-nobody", Period: "2026-09", Assessor: "示例大学"},
		{ID: "a-1", Unit: "ed-1", Period: "2026-09", Assessor: "示例大学", Missing: []string{"scores"}, Scores: []record.Score{{Dimension: "按期答复率", Value: "40", Max: "100"}, {Dimension: "满意度", Value: "92", Max: "100"}}, Sample: &record.Sample{
			Cases: "rows", Committed: record.Date(2026, 9, 20), SeedSHA256: strings.Repeat("0a", 32), Seed: "0123456789abcdef0123456789abcdef", FrameSHA256: strings.Repeat("1b", 32),
			Drawn: []record.CaseNumber{"9912-000001"}, Scale: record.Five, Panel: []record.PanelPart{{Category: "居民", Members: 5}}, Scores: []record.PanelScore{{Number: "9912-000001", Category: "居民", Level: 5}},
		}},
	}
	s := build(t, plan(t, c, options(t)))
	got := fmt.Sprint(s.params(t, "assessments.html")["periods"])
	for _, want := range []string{"state:other-seed", "unknown:9912-000001", "missing:得分", "unrated:1", "beside:比本站的同名指标高40.00个百分点", "beside:两者口径不同，不相减"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
	if strings.Index(got, "aaa-nobody") < strings.Index(got, "state:other-seed") {
		t.Error("a unit that no register has does not come last")
	}
	c.assessed[1].Sample.SeedSHA256 = "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"
	if got := fmt.Sprint(build(t, plan(t, c, options(t))).params(t, "assessments.html")["periods"]); !strings.Contains(got, "state:changed") {
		t.Error("a frame that cannot be made again is not said to have changed")
	}
}
