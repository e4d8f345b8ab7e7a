package pages_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/assess/assesstest"
	"github.com/huiyin/huiyin/generator/record"
)

// rankCity is a city with 15 cases of each of four offices in September and October:
// ed-1 has answered none, the others all in time; from October on water-2 is part of
// water-1, and a counter of ed-2 has five cases of its own.
func rankCity() *city {
	c := peersCity(60)
	c.reg.Units[3].To, c.reg.Units[3].Successor = record.Date(2026, 9, 30), "water-1"
	c.reg.Units = append(c.reg.Units, record.Unit{ID: "counter", Name: "教育局窗口", Area: "990102", Parent: "ed-2", Level: 3, Kind: "党政部门"})
	slices.SortFunc(c.reg.Units, func(a, b record.Unit) int { return strings.Compare(string(a.ID), string(b.ID)) })
	n := 0
	for i := range c.cases {
		if c.cases[i].Unit == "ed-2" && n < 5 {
			c.cases[i].Unit = "counter"
			c.cases[i].OnTime = record.No
			n++
		}
	}
	return c
}

// peersCity is a city whose units are of one level and kind.
func peersCity(n int) *city {
	c := newCity(n)
	for i := range c.reg.Units {
		c.reg.Units[i].Level, c.reg.Units[i].Kind = 3, "党政部门"
	}
	return c
}

// ranking writes what the page of a ranking says, a line a unit.
func ranking(t *testing.T, v map[string]any) string {
	t.Helper()
	type unit struct {
		Name, Rows, Place, Score string
		Cells                    []struct{ State, Percent, Num, Den string }
		Change                   []string
		Recent, First            string
		Notice                   *struct{ Kind, Text string }
	}
	var page struct {
		Groups []struct {
			Caption string
			Bands   []struct {
				Name, N string
				Rows    []struct {
					unit
					Through []unit
				}
			}
			Apart []struct {
				Name string
				Rows []unit
			}
		}
		NoUnit *unit `json:"no_unit"`
		Gone   []unit
	}
	js, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(js, &page); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	say := func(indent string, u unit) {
		fmt.Fprintf(&b, "%s%s", indent, u.Name)
		for _, c := range u.Cells {
			fmt.Fprintf(&b, " %s%% %s/%s", c.Percent, c.Num, c.Den)
		}
		for _, s := range u.Change {
			fmt.Fprintf(&b, " | %s", s)
		}
		if u.Notice != nil {
			fmt.Fprintf(&b, " | %s", u.Notice.Text)
		}
		for _, s := range []string{u.Recent, u.First} {
			if s != "" {
				fmt.Fprintf(&b, " | %s", s)
			}
		}
		fmt.Fprintf(&b, " <%s>\n", u.Rows)
	}
	for _, g := range page.Groups {
		fmt.Fprintf(&b, "%s\n", g.Caption)
		for _, band := range g.Bands {
			fmt.Fprintf(&b, "  %s %s\n", band.Name, band.N)
			for _, u := range band.Rows {
				say("    ", u.unit)
				for _, x := range u.Through {
					say("      + ", x)
				}
			}
		}
		for _, a := range g.Apart {
			for _, u := range a.Rows {
				say("  apart ", u)
			}
		}
	}
	if page.NoUnit != nil {
		say("", *page.NoUnit)
	}
	for _, u := range page.Gone {
		say("gone ", u)
	}
	return b.String()
}

func TestRankingPage(t *testing.T) {
	s := build(t, plan(t, rankCity(), options(t)))
	// ed-2 has 25 cases in time and is ranked with the five of its counter, which were
	// late: 25 of 30 is 83.33 %; 26 would be 86.67 %, and 20 are 66.67 %.
	want := `县级 · 党政部门
  好 2
    东城区水务局 100.00% 30/30 | 少 2 件达标，降为“较好” <data/rows/unit/water-1.csv>
    西湖区水务局 100.00% 30/30 | 少 2 件达标，降为“较好” <data/rows/unit/water-2.csv>
  一般 1
    西湖区教育局 83.33% 25/30 | 再有 1 件达标，可升为“较好” | 少 5 件达标，降为“待提升” <data/rows/unit/ed-2.csv>
      + 教育局窗口 0.00% 0/5 <data/rows/unit/counter.csv>
  待提升 1
    东城区教育局 0.00% 0/30 | 再有 21 件达标，可升为“一般” <data/rows/unit/ed-1.csv>
`
	if diff := cmp.Diff(want, ranking(t, s.params(t, "ranking/2026-10.html"))); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	// Since the water offices are one, their cases are.
	if got := ranking(t, s.params(t, "ranking/2026-10-as-it-is.html")); !strings.Contains(got, "东城区水务局 100.00% 60/60 | 少 4 件达标") || strings.Contains(got, "西湖区水务局") {
		t.Errorf("as it is:\n%s", got)
	}
	// In September nobody has thirty cases: all are listed apart, and those below a unit too.
	if got := ranking(t, s.params(t, "ranking/2026-09.html")); strings.Count(got, "  apart ") != 5 || strings.Contains(got, "好") {
		t.Errorf("September:\n%s", got)
	}
	v := s.params(t, "en/ranking/2026-10.html")
	if got := ranking(t, v); !strings.Contains(got, "Dongcheng Water 100.00% 30/30 | 2 fewer in the numerator: “Fairly good”") {
		t.Errorf("in English:\n%s", got)
	}
	for key, want := range map[string]string{
		"data": "data/rankings/2026-10.csv", "cutoff": "2026-11-20", "minimum": "30", "view": "as-it-was", "other": "en/ranking/2026-10-as-it-is.html", "since": "September 2026",
	} {
		if v[key] != want {
			t.Errorf("%s is %v, want %s", key, v[key], want)
		}
	}
	if _, ok := s.pages["ranking/2026-11.html"]; ok {
		t.Error("a month is ranked that is not over")
	}
	if _, ok := s.pages["ranking/2026.html"]; ok {
		t.Error("a year is ranked that is not over")
	}
	if v := s.params(t, "rankings.html"); fmt.Sprint(v["latest"]) != "map[name:截至2026年10月的12个月 path:ranking/2026-10.html]" {
		t.Errorf("latest: %v", v["latest"])
	}
}

// TestPeersOfOtherLevels: offices of levels that have no name of their own are told apart.
func TestPeersOfOtherLevels(t *testing.T) {
	c := peersCity(120)
	for i := range c.reg.Units {
		c.reg.Units[i].Kind, c.reg.Units[i].Level = "村", []int{0, 4, 5, 6}[i]
	}
	s := build(t, plan(t, c, options(t)))
	got := ranking(t, s.params(t, "ranking/2026-10.html"))
	for _, caption := range []string{"乡级 · 村\n", "第 5 级 · 村\n", "第 6 级 · 村\n", "\n村\n"} {
		if !strings.Contains(got, caption) {
			t.Errorf("no group %q in\n%s", caption, got)
		}
	}
	if facts := fmt.Sprint(s.params(t, "en/unit/water-1.html")["facts"]); !strings.Contains(facts, "value:Level 5") {
		t.Errorf("the page of an office of the fifth level says %s", facts)
	}
}

// TestRankingNotice says when the line for an interview is reached: with the second
// month in the last band.
func TestRankingNotice(t *testing.T) {
	c := peersCity(120)
	s := build(t, plan(t, c, options(t)))
	if got := ranking(t, s.params(t, "ranking/2026-09.html")); strings.Contains(got, "约谈") {
		t.Errorf("after a month:\n%s", got)
	}
	if got := ranking(t, s.params(t, "ranking/2026-10.html")); !strings.Contains(got, "连续 2 期（每期为截至当月的12个月）处于末档，达到约谈条件（系统计算） | 2026年10月单月：0.00% 0 / 30 <") || !strings.Contains(got, "达到表扬条件（系统计算）") {
		t.Errorf("after two months:\n%s", got)
	}
	notices := map[string]int{}
	for _, u := range c.reg.Units {
		for _, lang := range []string{"", "en/"} {
			standing, _ := s.params(t, lang+"unit/"+string(u.ID)+".html")["standing"].(map[string]any)
			notice, _ := standing["notice"].(map[string]any)
			if text, ok := notice["text"].(string); ok {
				if kind := notice["kind"].(string); !strings.Contains(fmt.Sprint(s.params(t, lang+"ranking/2026-10.html")["groups"]), text) {
					t.Errorf("%s%s says %q, the ranking does not", lang, u.ID, text)
				} else {
					notices[kind]++
				}
			}
		}
	}
	if notices["interview"] == 0 || notices["praise"] == 0 {
		t.Errorf("the pages of units say %v", notices)
	}
}

// oddCity is a city whose register and cases have everything that a ranking must cope with:
// circles of units above, one above that is not there, a merged office, one without level and
// kind, one below the minimum and one above it that is too, cases of no office, cases of an
// office that no register has, merged ones, and cases of which something is not known.
func oddCity() *city {
	c := peersCity(400)
	u := c.reg.Units
	u[0].Parent, u[1].Parent = "ed-2", "ed-1"                     // a circle
	u[2].Parent, u[3].Parent = "gone", "water-1"                  // above one: not there
	u[3].To, u[3].Successor = record.Date(2026, 9, 30), "water-1" // merged
	c.reg.Units = append(u, record.Unit{ID: "hall", Name: "镇政府", Level: 4, Kind: "乡镇", Parent: "ed-1"}, record.Unit{ID: "counter", Name: "窗口", Level: 4, Kind: "乡镇", Parent: "hall"},
		record.Unit{ID: "dark", Name: "档案馆", Level: 3, Kind: "事业单位", Parent: "ed-2"}, record.Unit{ID: "plain", Name: "办公室"}, record.Unit{ID: "kindless", Name: "指挥部", Level: 2})
	slices.SortFunc(c.reg.Units, func(a, b record.Unit) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for i := range c.cases {
		k := &c.cases[i]
		if k.Answered == record.Yes {
			k.OnTime = record.TriOf(i%11 > 0)
		}
		switch {
		case i%50 < 4:
			k.Unit = [...]record.UnitID{"hall", "counter", "dark", "plain"}[i%50]
		case i%50 < 10:
			k.Unit = [...]record.UnitID{"dark", "plain", "plain", "kindless", "kindless", "kindless"}[i%50-4]
		case i%50 == 10:
			k.Unit = ""
		case i%50 == 11:
			k.Unit = "unheard"
		}
		switch {
		case k.Unit == "dark" && i%3 == 0, i%37 == 0:
			k.Due = 0
		case i%41 == 0:
			k.Answered, k.OnTime = record.Unknown, record.Unknown
		case i%43 == 0:
			k.OnTime = record.Unknown
		case i%47 == 0:
			k.Prominence, k.StubReason, k.Status, k.MergedInto = record.StubOnly, record.MergedInto, record.Merged, c.cases[1].Number
		case i%53 == 0: // the word alone takes no case out
			k.Prominence, k.StubReason, k.Status = record.StubOnly, record.MergedInto, record.Merged
		case i%29 == 0:
			k.Due = c.cutoff + 9
		case i%31 == 0 && k.Answered == record.Yes:
			k.RepliedOn = c.cutoff + 5
		}
	}
	return c
}

// TestRankingFromRows runs the lines of docs/assessment.md over the published files, as a
// stranger would, and finds the units, numbers and order of the ranking.
func TestRankingFromRows(t *testing.T) {
	lines := assesstest.Lines(t, "../../docs/assessment.md", "minimum, most")
	for name, c := range map[string]*city{"plain": peersCity(120), "odd": oddCity(), "changing": changingCity()} {
		p := publish(t, c)
		for _, month := range []string{"2026-09", "2026-10"} {
			first, last := "2025-10-01", "2026-09-30"
			if month == "2026-10" {
				first, last = "2025-11-01", "2026-10-31"
			}
			set := assesstest.Set(t, lines, "first, last, cutoff, minimum, most", fmt.Sprintf("%q, %q, %q, 30, 20", first, last, c.cutoff))
			got := assesstest.Run(t, set, map[string]string{"rows.csv": p.files["data/rows.csv"], "units.csv": p.files["data/units.csv"]})
			want, apart := "", map[string]int{}
			for _, r := range readCSV(t, p.files["data/rankings/"+month+".csv"]) {
				if r["view"] != "as-it-was" {
					continue
				}
				apart[r["standing"]]++
				if r["standing"] == "ranked" {
					want += strings.Join([]string{r["level"], r["kind"], r["unit"], r["numerator"], r["denominator"], r["percent"]}, " ") + "\n"
				}
			}
			if diff := cmp.Diff(want, got); diff != "" || want == "" {
				t.Errorf("%s, %s: the file of the ranking -, a stranger +\n%s", name, month, diff)
			}
			if name == "odd" && month == "2026-10" && (apart["through"] < 2 || apart["apart-unknown"] < 1 || apart["apart-no-peers"] < 1 || apart["no-unit"] != 1) {
				t.Errorf("not everything occurs: %v", apart)
			}
		}
	}
}

// TestRowsAddUp: the files of rows by unit and by month hold those of the whole.
func TestRowsAddUp(t *testing.T) {
	p := publish(t, newCity(120))
	read := func(path string) int { return len(readCSV(t, p.files["data/"+path+".csv"])) }
	parts := read("rows/unit/ed-1") + read("rows/unit/ed-2") + read("rows/unit/water-1") + read("rows/unit/water-2")
	months := read("rows/2026-09") + read("rows/2026-10")
	if whole := read("rows"); whole != 240 || parts != whole || months != whole {
		t.Errorf("%d rows in all, %d by unit, %d by month", whole, parts, months)
	}
	if n := read("published"); n != 180 {
		t.Errorf("%d published in full", n)
	}
}

// TestNoRankings says what an installation has that ranks nobody, and one whose first
// month is not over.
func TestNoRankings(t *testing.T) {
	o := options(t)
	o.Ranks = assess.RankRules{}
	s := build(t, plan(t, newCity(8), o))
	for path := range s.pages {
		if strings.Contains(path, "ranking") {
			t.Errorf("%s is made", path)
		}
	}
	c := newCity(8)
	c.cutoff = record.Date(2026, 9, 20)
	c.cases = slices.DeleteFunc(c.cases, func(k record.Case) bool { return k.Number.Month() > record.MonthOf(2026, 9) })
	s = build(t, plan(t, c, options(t)))
	if v := s.params(t, "rankings.html"); v["latest"] != nil || v["years"] != nil {
		t.Errorf("a month that is not over: %v", v)
	}
}
