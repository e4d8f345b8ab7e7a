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

// changingCity is a city of offices that changed: old was merged into new on 30 September,
// split was divided and has no successor, named has another name than it had, moved stands
// below another office than it did, empty never had a case. Each has 40 cases in September,
// all in time, and those that are there still have 40 in October, all late.
func changingCity() *city {
	c := newCity(0)
	c.cutoff = record.Date(2026, 11, 20)
	ended := record.Date(2026, 9, 30)
	c.reg.Units = []record.Unit{
		{ID: "empty", Name: "档案馆"}, {ID: "moved", Name: "路灯所", Parent: "new"}, {ID: "named", Name: "城市管理局", Aliases: []string{"市容局"}},
		{ID: "new", Name: "水务局", English: "Water"}, {ID: "old", Name: "水利局", To: ended, Successor: "new"}, {ID: "split", Name: "建设局", To: ended},
	}
	for i := range c.reg.Units {
		c.reg.Units[i].Level, c.reg.Units[i].Kind, c.reg.Units[i].Area = 3, "党政部门", "990101"
	}
	for m := record.MonthOf(2026, 9); m <= record.MonthOf(2026, 10); m++ {
		n := 0
		for _, u := range c.reg.Units {
			for i := 0; i < 40 && u.ID != "empty" && (m < record.MonthOf(2026, 10) || !u.To.Known()); i++ {
				n++
				c.cases = append(c.cases, record.Case{Row: record.Row{
					Number: record.NewCaseNumber(m, n), Prominence: record.StubOnly, StubReason: record.NotAgreed, Unit: u.ID, Area: u.Area, Channel: "web",
					Status: record.Replied, Received: m.First() + 1, Due: m.First() + 15, Answered: record.Yes, Finished: record.No,
					RepliedOn: m.First() + 5, Days: record.CountOf(4), OnTime: record.TriOf(m == record.MonthOf(2026, 9)),
				}})
			}
		}
	}
	score := []record.Score{{Dimension: "按期答复率", Value: "90", Max: "100"}}
	assessed := func(id string, unit record.UnitID, period record.Period) record.Assessment {
		return record.Assessment{ID: id, Unit: unit, Period: period, Assessor: "示例大学", ThirdParty: record.Yes, Scores: score}
	}
	c.assessed = []record.Assessment{
		assessed("r-1", "old", "2026-09"), assessed("r-2", "split", "2026-09"), assessed("r-3", "named", "2026-09"), assessed("r-4", "moved", "2026-09"),
		assessed("r-5", "new", "2026-10/12"), assessed("r-6", "old", "2026-10"), assessed("r-7", "empty", "2026-09"), assessed("r-8", "nobody", "2026-09"),
		{ID: "r-9", Period: "2026-09", Assessor: "示例大学", Scores: score, Missing: []string{"scores", "unit"}},
		{ID: "r-0", Period: "2026-09", Assessor: "示例大学", Scores: score},
	}
	c.measured = []record.Accountability{
		{ID: "q-1", Unit: "old", Day: record.Date(2026, 9, 20), Measure: "约谈", Trigger: "逾期"}, {ID: "q-2", Unit: "split", Day: record.Date(2026, 9, 21), Measure: "曝光"},
		{ID: "q-3", Unit: "old", Day: record.Date(2026, 10, 20), Measure: "扣分"}, {ID: "q-4", Unit: "new", Day: record.Date(2026, 10, 21), Measure: "通报"},
		{ID: "q-5", Unit: "nobody", Day: record.Date(2026, 9, 1), Measure: "诫勉谈话"}, {ID: "q-6", Unit: "empty", Day: record.Date(2026, 9, 2), Measure: "效能问责"},
	}
	return c
}

// noted is a note that a unit is no more.
type noted struct {
	Text, After string
	Now         *struct{ Name, Path string }
}

func (n *noted) String() string {
	if n == nil {
		return ""
	}
	s := " [" + n.Text + " " + n.After
	if n.Now != nil {
		s += " " + n.Now.Path
	}
	return s + "]"
}

// view reads what a layout gets of a page.
func view(t *testing.T, s site, path string, into any) {
	t.Helper()
	js, err := json.Marshal(s.params(t, path))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(js, into); err != nil {
		t.Fatal(err)
	}
}

// TestDeliveredOfFormerUnits: what was delivered about a unit stands on its page, whatever
// became of it, and on that of the unit that has taken its place, with whom it was about.
func TestDeliveredOfFormerUnits(t *testing.T) {
	s := build(t, plan(t, changingCity(), options(t)))
	for unit, want := range map[string]string{
		"old": `assessed 2026年10月 90
assessed 2026年9月 90
done 2026-10-20 扣分 [已于2026-09-30撤并 措施在撤并之后 unit/new.html]
done 2026-09-20 约谈 [已于2026-09-30撤并  unit/new.html]
`,
		"new": `assessed 2026年10月 90 for unit/old.html
assessed 截至2026年10月的12个月 90
assessed 2026年9月 90 for unit/old.html
done 2026-10-21 通报
done 2026-10-20 扣分 for unit/old.html [已于2026-09-30撤并 措施在撤并之后 unit/new.html]
done 2026-09-20 约谈 for unit/old.html [已于2026-09-30撤并  unit/new.html]
`,
		"split": "assessed 2026年9月 90\ndone 2026-09-21 曝光 [已于2026-09-30撤并 ]\n",
		"named": "assessed 2026年9月 90\n",
		"moved": "assessed 2026年9月 90\n",
		"empty": "assessed 2026年9月 90\ndone 2026-09-02 效能问责\n",
	} {
		type of struct{ Path string }
		var page struct {
			Delivered struct {
				Assessed []struct {
					Period string
					Scores []struct{ Value string }
					For    *of
				}
				AssessedPath string `json:"assessed_path"`
				Done         []struct {
					Day, Measure string
					For          *of
					Former       *noted
				}
				DonePath string `json:"done_path"`
			}
		}
		view(t, s, "unit/"+unit+".html", &page)
		var b strings.Builder
		about := func(u *of) {
			if u != nil {
				b.WriteString(" for " + u.Path)
			}
		}
		d := page.Delivered
		for _, a := range d.Assessed {
			fmt.Fprintf(&b, "assessed %s %s", a.Period, a.Scores[0].Value)
			about(a.For)
			b.WriteString("\n")
		}
		for _, a := range d.Done {
			fmt.Fprintf(&b, "done %s %s", a.Day, a.Measure)
			about(a.For)
			fmt.Fprintf(&b, "%s\n", a.Former)
		}
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("%s: want -, got +\n%s", unit, diff)
		}
		if d.AssessedPath != "assessments.html" || len(d.Done) > 0 != (d.DonePath == "accountability.html") {
			t.Errorf("%s leads to %q and %q", unit, d.AssessedPath, d.DonePath)
		}
	}
	// A unit has no such section before anything was delivered about it.
	c := changingCity()
	c.assessed, c.measured = nil, nil
	if v := build(t, plan(t, c, options(t))).params(t, "unit/old.html"); v["delivered"] != nil {
		t.Errorf("nothing was delivered, and the page has %v", v["delivered"])
	}
}

// TestAssessmentsOfFormerUnits: the page of all results says of which unit each is, that it is
// no more and who has taken its place, what our figures leave out, and which parts are missing.
func TestAssessmentsOfFormerUnits(t *testing.T) {
	s := build(t, plan(t, changingCity(), options(t)))
	var page struct {
		Periods []struct {
			Name string
			Rows []struct {
				Of               struct{ Name, Path string }
				Unknown, Missing string
				Former           *noted
				TakenOver        string `json:"taken_over"`
				Ours             []struct {
					ID   string
					Cell struct{ Num, Den string }
				}
			}
		}
		Rows []struct {
			Of           struct{ Name, Path string }
			Day, Unknown string
			Former       *noted
		}
	}
	view(t, s, "assessments.html", &page)
	var b strings.Builder
	for _, p := range page.Periods {
		fmt.Fprintln(&b, p.Name)
		for _, r := range p.Rows {
			fmt.Fprintf(&b, "  %s <%s>%s", r.Of.Name, r.Of.Path, r.Former)
			for _, o := range r.Ours {
				if o.ID == assess.MeasureOnTimeReply {
					fmt.Fprintf(&b, " %s/%s", o.Cell.Num, o.Cell.Den)
				}
			}
			for name, v := range map[string]string{"without": r.TakenOver, "missing": r.Missing, "unknown": r.Unknown} {
				if v != "" {
					fmt.Fprintf(&b, " %s %s", name, v)
				}
			}
			b.WriteString("\n")
		}
	}
	got := strings.ReplaceAll(b.String(), " unknown yes missing 得分、单位", " missing 得分、单位 unknown yes")
	// As it was: old has its own 40 of September and none of October, and new has 40 of each.
	want := `2026年10月
  水利局 <unit/old.html> [已于2026-09-30撤并 统计期在撤并之后 unit/new.html]
截至2026年10月的12个月
  水务局 <unit/new.html> 40/80 without 水利局
2026年9月
  全站 <> 200/200
  档案馆 <unit/empty.html>
  路灯所 <unit/moved.html> 40/40
  城市管理局 <unit/named.html> 40/40
  水利局 <unit/old.html> [已于2026-09-30撤并  unit/new.html] 40/40
  建设局 <unit/split.html> [已于2026-09-30撤并 ] 40/40
  考核对象不能识别 <> missing 得分、单位 unknown yes
  nobody <> unknown yes
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	// An area that has ended says so too.
	c := changingCity()
	c.reg.Areas[1].To, c.reg.Areas[1].Successor = record.Date(2026, 9, 30), "990102"
	c.assessed = []record.Assessment{{ID: "r-1", Area: "990101", Period: "2026-10", Assessor: "示例大学"}}
	page.Periods = nil
	view(t, build(t, plan(t, c, options(t))), "assessments.html", &page)
	if got := page.Periods[0].Rows[0].Former.String(); got != " [已于2026-09-30撤并 统计期在撤并之后 area/990102/index.html]" {
		t.Errorf("of an area that has ended:%s", got)
	}
	view(t, s, "accountability.html", &page)
	b.Reset()
	for _, r := range page.Rows {
		fmt.Fprintf(&b, "%s %s <%s>%s%s\n", r.Day, r.Of.Name, r.Of.Path, r.Former, r.Unknown)
	}
	want = `2026-10-21 水务局 <unit/new.html>
2026-10-20 水利局 <unit/old.html> [已于2026-09-30撤并 措施在撤并之后 unit/new.html]
2026-09-21 建设局 <unit/split.html> [已于2026-09-30撤并 ]
2026-09-20 水利局 <unit/old.html> [已于2026-09-30撤并  unit/new.html]
2026-09-02 档案馆 <unit/empty.html>
2026-09-01 nobody <>yes
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// TestUnheardUnits: a unit that only a result or an entry names is called by its name, and has
// no page; one that only a row names that is kept back is not named at all.
func TestUnheardUnits(t *testing.T) {
	c := changingCity()
	c.reg.Units = append(c.reg.Units, record.Unit{ID: "u-1", Name: "没有的局", Derived: true}, record.Unit{ID: "u-2", Name: "被告的局", Derived: true}, record.Unit{ID: "u-3", Name: "另一个局", Derived: true})
	c.assessed[0].Unit, c.measured[0].Unit = "u-1", "u-3"
	s := build(t, plan(t, c, options(t)))
	for path, want := range map[string]string{"assessments.html": "of:map[name:没有的局]", "accountability.html": "of:map[name:另一个局]"} {
		got := fmt.Sprint(s.params(t, path))
		if !strings.Contains(got, want) || !strings.Contains(got, "unknown:yes") {
			t.Errorf("%s lacks %q: %s", path, want, got)
		}
	}
	for path, p := range s.pages {
		js, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(js), "被告的局") {
			t.Errorf("%s names a unit that is kept back", path)
		}
	}
	if _, ok := s.pages["unit/u-1.html"]; ok {
		t.Error("a unit that nobody has heard of has a page")
	}
	// Its name is an input.
	was := changingCity()
	was.reg, was.assessed, was.measured = c.reg, c.assessed, c.measured
	was.reg.Units = slices.Clone(c.reg.Units)
	was.reg.Units[6].Name, was.reg.Units[8].Name = "没有的某局", "另一个某局"
	noneStale(t, plan(t, c, options(t)), plan(t, was, options(t)), "assessments")
	noneStale(t, plan(t, c, options(t)), plan(t, was, options(t)), "accountability")
}

// TestDeliveredFiles: what was delivered is in files too, a row a score and a row an entry, with
// what became of the unit; they are there where nothing was.
func TestDeliveredFiles(t *testing.T) {
	c := changingCity()
	c.assessed[4].Scores = append(c.assessed[4].Scores, record.Score{Dimension: "满意率", Value: "8.5"})
	c.assessed = append(c.assessed, record.Assessment{ID: "r-x", Area: "990101", Period: "2026-09", Assessor: "甲"}, record.Assessment{ID: "r-y", Area: "990101", Period: "2026", Assessor: "甲"})
	s := build(t, plan(t, c, options(t)))
	var b strings.Builder
	for _, r := range readCSV(t, string(s.files["data/assessments.csv"].Body)) {
		fmt.Fprintf(&b, "%s %s %s %s %s known=%s heir=%s %s overlaps=%s %s %s/%s %s\n", r["assessment"], r["part"], r["of"], r["unit"], r["area"], r["known"], r["heir"], r["period"], r["overlaps"], r["dimension"], r["value"], r["max"], r["missing"])
	}
	want := `r-y 0 area  990101 known=yes heir= 2026 overlaps=2026-09  / 
r-6 1 unit old  known=yes heir=new 2026-10 overlaps= 按期答复率 90/100 
r-5 1 unit new  known=yes heir= 2026-10/12 overlaps= 按期答复率 90/100 
r-5 2 unit new  known=yes heir= 2026-10/12 overlaps= 满意率 8.5/ 
r-0 1 site   known=yes heir= 2026-09 overlaps= 按期答复率 90/100 
r-7 1 unit empty  known=yes heir= 2026-09 overlaps= 按期答复率 90/100 
r-4 1 unit moved  known=yes heir= 2026-09 overlaps= 按期答复率 90/100 
r-3 1 unit named  known=yes heir= 2026-09 overlaps= 按期答复率 90/100 
r-1 1 unit old  known=yes heir=new 2026-09 overlaps= 按期答复率 90/100 
r-2 1 unit split  known=yes heir= 2026-09 overlaps= 按期答复率 90/100 
r-x 0 area  990101 known=yes heir= 2026-09 overlaps=2026  / 
r-9 1 astray   known=no heir= 2026-09 overlaps= 按期答复率 90/100 scores unit
r-8 1 unit nobody  known=no heir= 2026-09 overlaps= 按期答复率 90/100 
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	b.Reset()
	for _, r := range readCSV(t, string(s.files["data/accountability.csv"].Body)) {
		fmt.Fprintf(&b, "%s %s known=%s heir=%s %s %s %s\n", r["entry"], r["unit"], r["known"], r["heir"], r["day"], r["measure"], r["trigger"])
	}
	want = `q-4 new known=yes heir= 2026-10-21 通报 
q-3 old known=yes heir=new 2026-10-20 扣分 
q-2 split known=yes heir= 2026-09-21 曝光 
q-1 old known=yes heir=new 2026-09-20 约谈 逾期
q-6 empty known=yes heir= 2026-09-02 效能问责 
q-5 nobody known=no heir= 2026-09-01 诫勉谈话 
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	none := build(t, plan(t, newCity(4), options(t)))
	for _, name := range []string{"assessments", "accountability"} {
		if len(readCSV(t, string(none.files["data/"+name+".csv"].Body))) != 0 || len(none.files["data/codebook/"+name+".csv"].Body) == 0 {
			t.Errorf("%s: rows of nothing, or no codebook", name)
		}
		if v := s.params(t, name+".html"); v["data"] != "data/"+name+".csv" || v["book"] != "data/codebook/"+name+".csv" {
			t.Errorf("%s.html leads to %v and %v", name, v["data"], v["book"])
		}
	}
}

// TestFormerUnitsInRankings: as it was, what was done about a unit stands with it, also where
// it has no band; as it is, with the unit that has taken its place, and with whom it was about.
func TestFormerUnitsInRankings(t *testing.T) {
	type done struct {
		Day, Measure string
		For          *struct{ Path string }
	}
	type unit struct {
		Path, Ended, Own string
		Done             []done
		Through          []struct {
			Path, Ended string
			Done        []done
		}
	}
	ranking := func(s site, path string) string {
		var page struct {
			Groups []struct {
				Bands []struct{ Rows []unit }
				Apart []struct{ Rows []unit }
			}
		}
		view(t, s, path, &page)
		var b strings.Builder
		say := func(path, ended, own string, all []done) {
			fmt.Fprintf(&b, "%s %s %s", path, ended, own)
			for _, d := range all {
				fmt.Fprintf(&b, " %s", d.Measure)
				if d.For != nil {
					fmt.Fprintf(&b, "<%s>", d.For.Path)
				}
			}
			b.WriteString("\n")
		}
		for _, g := range page.Groups {
			for _, band := range append(g.Bands, g.Apart...) {
				for _, u := range band.Rows {
					say(u.Path, u.Ended, u.Own, u.Done)
					for _, x := range u.Through {
						say("+ "+x.Path, x.Ended, "", x.Done)
					}
				}
			}
		}
		return b.String()
	}
	c := changingCity()
	s := build(t, plan(t, c, options(t)))
	const ended = "已于2026-09-30撤并"
	for path, want := range map[string]string{
		"ranking/2026-10.html": "unit/old.html " + ended + "  扣分 约谈\nunit/split.html " + ended + "  曝光\nunit/moved.html  \nunit/named.html  \nunit/new.html   通报\n",
		"ranking/2026-10-as-it-is.html": "unit/split.html " + ended + "  曝光\nunit/moved.html  \nunit/named.html  \n" +
			"unit/new.html  其中本单位 80 件：50.00% 40 / 80 通报 扣分<unit/old.html> 约谈<unit/old.html>\n",
		"ranking/2026-09.html": "unit/moved.html  \nunit/named.html  \nunit/new.html  \nunit/old.html " + ended + "  约谈\nunit/split.html " + ended + "  曝光\n",
	} {
		if diff := cmp.Diff(want, ranking(s, path)); diff != "" {
			t.Errorf("%s: want -, got +\n%s", path, diff)
		}
	}
	// Below the minimum both are counted with others, or stand apart.
	o := options(t)
	o.Ranks.Minimum = 70
	c.reg.Units[4].Parent, c.reg.Units[3].Parent = "named", ""
	got := ranking(build(t, plan(t, c, o)), "ranking/2026-10.html")
	for _, want := range []string{"+ unit/old.html " + ended + "  扣分 约谈\n", "unit/split.html " + ended + "  曝光\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
}

// TestOwnOfNothing: a unit that is ranked with the cases of others says how many are its own,
// and sets no notice for theirs.
func TestOwnOfNothing(t *testing.T) {
	c := changingCity()
	c.reg.Units[1].Parent, c.reg.Units[2].Parent = "empty", "empty"
	left := map[record.UnitID]int{}
	c.cases = slices.DeleteFunc(c.cases, func(k record.Case) bool {
		if k.Received.Month() < record.MonthOf(2026, 10) || k.Unit == "new" {
			return false
		}
		left[k.Unit]++
		return left[k.Unit] > 5
	})
	for i := range c.cases {
		c.cases[i].OnTime = record.No
	}
	o := options(t)
	o.Ranks.Minimum = 50 // in both rankings two of 40 and 45 are below it, and together they are not
	s := build(t, plan(t, c, o))
	got := fmt.Sprint(s.params(t, "ranking/2026-10.html")["groups"])
	if !strings.Contains(got, "own:其中本单位 0 件，全部是其他单位的诉求件 path:unit/empty.html") || !strings.Contains(got, "2026年10月单月：0 / 10（其中本单位 0 / 0）") || strings.Contains(got, "notice") {
		t.Errorf("the ranking says %s", got)
	}
	standing, _ := s.params(t, "unit/empty.html")["standing"].(map[string]any)
	if note := fmt.Sprint(standing["note"]); note != "以上含 2 个分母不足 50 件的下级单位。其中本单位 0 件，全部是其他单位的诉求件。" || standing["notice"] != nil {
		t.Errorf("the unit's page says %q, %v", note, standing["notice"])
	}
	for path, v := range map[string]string{"en/ranking/2026-10.html": "Its own cases: 0; all are those of other offices"} {
		if got := fmt.Sprint(s.params(t, path)["groups"]); !strings.Contains(got, v) {
			t.Errorf("%s lacks %q", path, v)
		}
	}
	for _, r := range readCSV(t, string(s.files["data/rankings/2026-10.csv"].Body)) {
		if r["unit"] == "empty" && r["standing"] == "ranked" && (r["own_received"] != "0" || r["own_denominator"] != "0" || r["denominator"] != "90" || r["months_running"] != "2" || r["notice"] != "") {
			t.Errorf("the file says %v", r)
		}
	}
}

// TestDeliveredIsAnInput: pages are made again for what is delivered about units, and about
// those whose place they have taken.
func TestDeliveredIsAnInput(t *testing.T) {
	for differs, change := range map[string]func(*city){
		"unit/":            func(c *city) { c.assessed[0].Scores[0].Value = "91" },
		"unit/1":           func(c *city) { c.measured[0].Measure = "通报表扬" },
		"assessments":      func(c *city) { c.reg.Units[4].Successor = "" },
		"assessments/site": func(c *city) { c.assessed = c.assessed[9:]; c.cases[0].OnTime = record.No },
		"accountability":   func(c *city) { c.reg.Units[4].To = 0 },
		"ranking/2026":     func(c *city) { c.measured[2].Measure = "通报表扬" },
	} {
		was, is := changingCity(), changingCity()
		if differs == "assessments/site" {
			was.assessed, differs = was.assessed[9:], "assessments"
		}
		change(is)
		noneStale(t, plan(t, was, options(t)), plan(t, is, options(t)), differs)
	}
}
