package pages_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestStanding says where units stand among their peers: one in a band, one that is
// ranked through the office above it, and one with too few cases.
func TestStanding(t *testing.T) {
	c := rankCity()
	c.reg.Units = append(c.reg.Units, record.Unit{ID: "zoo", Name: "动物园", Level: 4, Kind: "事业单位"})
	c.cases[0].Unit = "zoo"
	o := options(t)
	o.Ranks.Minimum = 12
	s := build(t, plan(t, c, o))
	for path, want := range map[string]string{
		"unit/ed-2.html":       "截至2026年10月的12个月，在“县级 · 党政部门”中为“较好”。||以上含 1 个分母不足 12 件的下级单位。其中本单位 25 件：100.00% 25 / 25。",
		"unit/counter.html":    "截至2026年10月的12个月，指标的分母不足 12 件，并入上级单位参加分档：|西湖区教育局|件数少，少数几件就能使比率大幅变化。",
		"unit/zoo.html":        "截至2026年10月的12个月，指标的分母不足 12 件，不参加分档。||件数少，少数几件就能使比率大幅变化。",
		"en/unit/counter.html": "In the twelve months to October 2026, fewer than 12 cases in a denominator; ranked through the office above,|西湖区教育局|With few cases, a handful can move a rate a lot.",
	} {
		v, _ := s.params(t, path)["standing"].(map[string]any)
		up, _ := v["up"].(map[string]any)
		text := func(m map[string]any, key string) string {
			s, _ := m[key].(string)
			return s
		}
		if got := text(v, "text") + "|" + text(up, "name") + "|" + text(v, "note"); got != want {
			t.Errorf("%s says\n %s, want\n %s", path, got, want)
		}
	}
}

// TestStandingIsAnInput says that a unit's page is made again when the rules of the
// ranking move it to another band, and not when another unit changes in its own.
func TestStandingIsAnInput(t *testing.T) {
	c, o := rankCity(), options(t)
	before := plan(t, c, o)
	o.Ranks.Bands = slices.Clone(o.Ranks.Bands)
	o.Ranks.Bands[0].From = 9990
	if hugo, _ := changed(before, plan(t, c, o)); slices.Contains(hugo, "unit/1/000") {
		t.Errorf("no unit stands in another band, and Hugo renders %q", hugo)
	}
	o.Ranks.Minimum = 1
	if hugo, _ := changed(before, plan(t, c, o)); !slices.Contains(hugo, "unit/1/000") {
		t.Errorf("the counter has a band of its own, and Hugo renders %q", hugo)
	}
}

// TestRatesChart draws a city in which September has 40 cases due, 30 of them answered,
// October nothing, and November one.
func TestRatesChart(t *testing.T) {
	c := newCity(40)
	c.cases = c.cases[:40]
	late := c.cases[0]
	late.Number, late.Received, late.Due, late.RepliedOn = record.NewCaseNumber(record.MonthOf(2026, 11), 1), record.Date(2026, 11, 2), record.Date(2026, 11, 10), record.Date(2026, 11, 12)
	late.OnTime, late.Days = record.No, record.CountOf(10)
	c.cases = append(c.cases, late)
	s := build(t, plan(t, c, options(t)))
	for path, label := range map[string]string{
		"index.html":    "2026年9月至2026年11月逐月折线图：到期答复率、按期答复率。各月数值见下表。",
		"en/index.html": "Line chart by month, September 2026 to November 2026: Replied of due, Replied on time. The numbers are in the table below.",
	} {
		var svg, note string
		for _, tb := range list(s.params(t, path)["tables"]) {
			if v, ok := tb.(map[string]any)["chart"].(map[string]any); ok {
				svg, note = v["chart_html"].(string), fmt.Sprint(v["note"])
			}
		}
		for _, want := range []string{
			`role="img" aria-label="` + label + `"`,
			`<path class="one" d="M96 102.5M299 60.0"/>`, // 75 % in September, a gap, 100 % in November
			`<circle class="one" cx="96" cy="102.5" r="5"/><circle class="one few" cx="299" cy="60.0" r="5"/>`,
			`<rect class="two" x="92.5" y="99.0" width="7" height="7"/><rect class="two few" x="295.5" y="226.5" width="7" height="7"/>`,
		} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s lacks %s in\n%s", path, want, svg)
			}
		}
		if !strings.Contains(note, "30") {
			t.Errorf("%s does not say what is hollow: %s", path, note)
		}
	}
}

// TestTopicBars says what the cases of an office are about: the eight that most are
// about, the others added up, and those of which it is not known.
func TestTopicBars(t *testing.T) {
	c := newCity(0)
	number := 0
	for i := range 10 {
		id := record.TopicID(fmt.Sprintf("t%d", i))
		c.reg.Topics = append(c.reg.Topics, record.Topic{ID: id, Name: "领域" + fmt.Sprint(i)})
		for range 10 - i {
			number++
			c.cases = append(c.cases, record.Case{Row: record.Row{Number: record.NewCaseNumber(record.MonthOf(2026, 10), number), Prominence: record.Full, Unit: "ed-1", Received: record.Date(2026, 10, 1)}, Topic: id})
		}
	}
	number++
	c.cases = append(c.cases, record.Case{Row: record.Row{Number: record.NewCaseNumber(record.MonthOf(2026, 10), number), Prominence: record.Full, Unit: "ed-1", Received: record.Date(2026, 10, 1)}})
	slices.SortFunc(c.reg.Topics, func(a, b record.Topic) int { return strings.Compare(string(a.ID), string(b.ID)) })
	s := build(t, plan(t, c, options(t)))
	v := s.params(t, "unit/ed-1.html")["topics"].(map[string]any)
	var got []string
	for _, r := range list(v["rows"]) {
		r := r.(map[string]any)
		got = append(got, fmt.Sprint(r["name"], " ", r["n"], " ", r["percent"]))
	}
	want := "领域0 10 17.9,领域1 9 16.1,领域2 8 14.3,领域3 7 12.5,领域4 6 10.7,领域5 5 8.9,领域6 4 7.1,领域7 3 5.4,其他领域 3 5.4,未标明领域 1 1.8"
	if strings.Join(got, ",") != want || v["known"] != "56" {
		t.Errorf("%s of %s", strings.Join(got, ","), v["known"])
	}
	if svg := v["chart_html"].(string); strings.Count(svg, "<rect") != 10 || !strings.Contains(svg, `role="img"`) {
		t.Errorf("the bars are %s", svg)
	}
	if s.params(t, "unit/ed-2.html")["topics"] != nil {
		t.Error("an office without cases has topics")
	}
}
