package pages_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// madeOf returns what each partition makes, by key, and its fingerprint.
func madeOf(t *testing.T, parts []pages.Partition) (prints map[string][32]byte, bodies map[string]string) {
	t.Helper()
	prints, bodies = map[string][32]byte{}, map[string]string{}
	for _, p := range parts {
		c, err := p.Make(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, page := range c.Pages {
			js, err := json.Marshal(page)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(js)
		}
		for _, f := range c.Files {
			b.WriteString(f.Path)
			b.Write(f.Body)
		}
		prints[p.Key], bodies[p.Key] = p.Fingerprint, b.String()
	}
	return prints, bodies
}

// noneStale says that a partition whose content differs has another fingerprint, since it
// is not made again otherwise. It wants some to differ.
func noneStale(t *testing.T, was, is []pages.Partition, differs string) {
	t.Helper()
	oldPrint, oldBody := madeOf(t, was)
	newPrint, newBody := madeOf(t, is)
	seen := false
	for key, body := range newBody {
		if old, ok := oldBody[key]; ok && old != body {
			seen = seen || strings.HasPrefix(key, differs)
			if oldPrint[key] == newPrint[key] {
				t.Errorf("%s has another content and the same fingerprint", key)
			}
		}
	}
	if !seen {
		t.Errorf("nothing of %s differs", differs)
	}
}

// TestRankingRulesAreInputs: the page of a unit prints the name of its band, the minimum and
// the largest share unknown; the codebook lists the bands.
func TestRankingRulesAreInputs(t *testing.T) {
	for differs, change := range map[string]func(*assess.RankRules){
		"unit/":          func(r *assess.RankRules) { r.Bands[3].Name = assess.Text{Zh: "末档", En: "Last"} },
		"data/registers": func(r *assess.RankRules) { r.Bands[3].ID = "fourth" },
		"ranking/2026":   func(r *assess.RankRules) { r.Unknown = 1500 },
		"unit/1":         func(r *assess.RankRules) { r.Minimum = 29 },
	} {
		o, q := options(t), options(t)
		q.Ranks.Bands = slices.Clone(q.Ranks.Bands)
		change(&q.Ranks)
		noneStale(t, plan(t, rankCity(), o), plan(t, rankCity(), q), differs)
	}
}

// years is a city of one unit with forty cases a month, those received to the end of a month
// late.
func years(first, last, late record.Month) *city {
	c := peersCity(0)
	c.cases, c.cutoff = nil, last.Last()+20
	u := c.reg.Units[0]
	for m := first; m <= last; m++ {
		for i := 1; i <= 40; i++ {
			k := record.Case{Row: record.Row{
				Number: record.NewCaseNumber(m, i), Prominence: record.StubOnly, StubReason: record.NotAgreed, Unit: u.ID, Area: u.Area, Channel: "web",
				Status: record.Replied, Received: m.First() + 1, Due: m.First() + 15, Answered: record.Yes, Finished: record.No,
				RepliedOn: m.First() + 5, Days: record.CountOf(4), OnTime: record.Yes,
			}}
			if m <= late {
				k.OnTime = record.No
			}
			c.cases = append(c.cases, k)
		}
	}
	return c
}

// TestRunsAreInputs: for how long a unit has been in its band hangs on the two years before
// a ranking, all of which are in its fingerprint, and on none before.
func TestRunsAreInputs(t *testing.T) {
	first, last := record.MonthOf(2023, 1), record.MonthOf(2026, 10)
	made := func(late record.Month) []pages.Partition { return plan(t, years(first, last, late), options(t)) }
	noneStale(t, made(0), made(record.MonthOf(2023, 6)), "ranking/2024")
	noneStale(t, made(0), made(record.MonthOf(2024, 6)), "ranking/2025")
	_, was := madeOf(t, made(0))
	_, is := madeOf(t, made(record.MonthOf(2023, 6)))
	if was["ranking/2026"] != is["ranking/2026"] {
		t.Error("what happened in 2023 changes the rankings of 2026")
	}
	s := build(t, plan(t, years(first, last, last), options(t)))
	if got := ranking(t, s.params(t, "ranking/2026-10.html")); !strings.Contains(got, "连续 12 期以上（每期为截至当月的12个月）处于末档") {
		t.Errorf("46 months in the last band:\n%s", got)
	}
}

// TestRankingFile: the file of a ranking has every number of its page, that of a year says
// nothing of months on end, and each column of words lists its words.
func TestRankingFile(t *testing.T) {
	c := peersCity(120)
	c.cutoff = record.Date(2027, 1, 20)
	s := build(t, plan(t, c, options(t)))
	year := readCSV(t, string(s.files["data/rankings/2026.csv"].Body))
	if len(year) == 0 {
		t.Fatal("no ranking of the year")
	}
	for _, r := range year {
		if r["months_running"] != "" || r["notice"] != "" || r["month_denominator"] != "" {
			t.Errorf("a year says %v", r)
		}
	}
	for _, r := range readCSV(t, string(s.files["data/rankings/2026-10.csv"].Body)) {
		if r["unit"] == "ed-1" && r["view"] == "as-it-was" && (r["raise"] != "42" || r["lower"] != "0" || r["months_running"] != "2" || r["month_numerator"] != "0" || r["month_denominator"] != "30" || r["received"] != "60") {
			t.Errorf("of the unit in the last band: %v", r)
		}
	}
	if got := string(s.files["data/ranking-rules.csv"].Body); !strings.Contains(got, "unknown,,,,20.00\r\n") || !strings.Contains(got, "band,second,较好,Fairly good,85.00\r\n") {
		t.Errorf("the rules: %s", got)
	}
	for path, f := range s.files {
		if !strings.HasPrefix(path, "data/codebook/") {
			continue
		}
		for _, r := range readCSV(t, string(f.Body)) {
			if r["type"] == "word" && r["words"] == "" {
				t.Errorf("%s: the words of %s are not listed", path, r["column"])
			}
		}
	}
}

// TestRankingFirstPublished: where a unit stands elsewhere than it did when the ranking was
// first published, that stands with it.
func TestRankingFirstPublished(t *testing.T) {
	counts := func(num, den int64) []record.FirstCount {
		return []record.FirstCount{{Measure: assess.MeasureOnTimeReply, Version: 1, Rate: record.Rate{Num: num, Den: den}}}
	}
	o := options(t)
	kept := record.FirstRanking{Period: "2026-10/12", Cutoff: record.Date(2026, 10, 31), Release: 7, Lines: []record.FirstLine{
		{Unit: "counter", Standing: "apart-few", Counts: counts(1, 4)},
		{Unit: "ed-1", Standing: "ranked", Band: "last", BandZh: "待提升", BandEn: "To be improved", Counts: counts(0, 29)},
		{Unit: "nobody", Standing: "ranked", Band: "first", BandZh: "好", BandEn: "Good", Counts: counts(1030, 1040)},
		{Unit: "water-1", Standing: "ranked", Band: "last", BandZh: "末档", BandEn: "Last", Notice: "interview", Counts: counts(0, 30)},
	}}
	o.FirstRankings = []record.FirstRanking{kept}
	s := build(t, plan(t, rankCity(), o))
	got := ranking(t, s.params(t, "ranking/2026-10.html"))
	for _, want := range []string{
		"降为“较好” | 首次公布（截至2026-10-31）：末档 0/30、达到约谈条件 <data/rows/unit/water-1.csv>\n",
		"+ 教育局窗口 0.00% 0/5 | 首次公布（截至2026-10-31）：件数不足，不分档 1/4 <",
		"可升为“一般” <data/rows/unit/ed-1.csv>\n", // its numbers have grown, and it stands where it stood
		"gone nobody | 首次公布（截至2026-10-31）：好 1,030/1,040 <>\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
	if got := ranking(t, s.params(t, "ranking/2026-10-as-it-is.html")); strings.Contains(got, "首次公布") {
		t.Errorf("as it is follows from today's register and is not kept:\n%s", got)
	}
	if got := ranking(t, s.params(t, "en/ranking/2026-10.html")); !strings.Contains(got, "First published (to 2026-10-31): Last 0/30, condition for an interview met") {
		t.Errorf("in English:\n%s", got)
	}
	for _, r := range readCSV(t, string(s.files["data/rankings/2026-10.csv"].Body)) {
		if r["unit"] == "water-1" && r["view"] == "as-it-was" && (r["first_band"] != "last" || r["first_notice"] != "interview" || r["first_denominator"] != "30" || r["first_cutoff"] != "2026-10-31") {
			t.Errorf("the file has %v", r)
		}
	}
	// What was compared then is named where it is not what is compared now.
	other := options(t)
	other.FirstRankings, other.Ranks.Measures = o.FirstRankings, []assess.Weight{{Measure: assess.MeasureRepliedOfDue, Weight: 1}}
	if got := ranking(t, build(t, plan(t, rankCity(), other)).params(t, "ranking/2026-10.html")); !strings.Contains(got, "末档 按期答复率 0/30") {
		t.Errorf("by another measure:\n%s", got)
	}
	o2 := options(t)
	noneStale(t, plan(t, rankCity(), o2), plan(t, rankCity(), o), "ranking/2026")
	// The release in which it was first published is printed nowhere.
	q := options(t)
	kept.Release = 8
	q.FirstRankings = []record.FirstRanking{kept}
	was, _ := madeOf(t, plan(t, rankCity(), o))
	is, _ := madeOf(t, plan(t, rankCity(), q))
	if was["ranking/2026"] != is["ranking/2026"] {
		t.Error("the number of a release makes rankings again")
	}
}

// TestRankingAsItIs names the units whose cases have been taken over, with their rows, and
// sets no notice.
func TestRankingAsItIs(t *testing.T) {
	c := peersCity(120)
	c.reg.Units[0].To, c.reg.Units[0].Successor = record.Date(2026, 10, 31), "water-1"
	s := build(t, plan(t, c, options(t)))
	groups := fmt.Sprint(s.params(t, "ranking/2026-10-as-it-is.html")["groups"])
	if !strings.Contains(groups, "from:[map[cells:[] name:东城区教育局 path:unit/ed-1.html rows:data/rows/unit/ed-1.csv]]") {
		t.Errorf("the unit whose cases are among them is not named: %s", groups)
	}
	if strings.Contains(groups, "notice") {
		t.Errorf("a notice: %s", groups)
	}
	for _, r := range readCSV(t, string(s.files["data/rankings/2026-10.csv"].Body)) {
		if want := map[string]string{"as-it-is water-1": "ed-1"}[r["view"]+" "+r["unit"]]; r["inherits"] != want {
			t.Errorf("%s inherits %q", r["unit"], r["inherits"])
		}
	}
}

// TestRankingIncomplete: units of which too little is known are listed by themselves, and
// cases without a unit in a line of their own; the pages of units say so.
func TestRankingIncomplete(t *testing.T) {
	c := peersCity(120)
	for i := range c.cases {
		switch k := &c.cases[i]; {
		case k.Unit == "ed-1" && i%3 > 0:
			k.Due = 0
		case k.Unit == "water-2":
			k.Unit = ""
		}
	}
	s := build(t, plan(t, c, options(t)))
	got := ranking(t, s.params(t, "ranking/2026-10.html"))
	for _, want := range []string{"  apart 东城区教育局 ", "未标明主办单位（或者单位不在登记表中）的诉求件，本期收到 60 件 100.00% 60/60 <>\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
	standing, _ := s.params(t, "unit/ed-1.html")["standing"].(map[string]any)
	if text := fmt.Sprint(standing["text"]); !strings.Contains(text, "未知件数超过 20%，数据不全，不分档") {
		t.Errorf("the unit's page says %q", text)
	}
	received := 0
	for _, r := range readCSV(t, string(s.files["data/rankings/2026-10.csv"].Body)) {
		if r["view"] == "as-it-was" && r["standing"] != "through" {
			n, err := strconv.Atoi(r["received"])
			if err != nil {
				t.Fatal(err)
			}
			received += n
		}
	}
	if received != len(c.cases) {
		t.Errorf("%d of %d cases are in a line", received, len(c.cases))
	}
}
