package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/assess/assesstest"
)

// threeYears is a city of three years as it is published.
type threeYears struct {
	*testing.T
	dir string
}

// A city of three years shows what assessment and rankings are about. It is made once;
// each part reads the pages and the data files as a visitor has them.
func TestThreeYears(t *testing.T) {
	c := threeYears{t, filepath.Join(t.TempDir(), "city")}
	if out := c.huiyin("demo", "--once", "--months", "36", "--dir", c.dir); strings.Count(out, ": release ") != 6 {
		t.Errorf("the demonstration says %q", out)
	}
	for _, part := range []struct {
		name string
		test func(threeYears)
	}{
		{"late correction", lateCorrection}, {"merged unit", mergedUnitInBothViews}, {"below the minimum", belowMinimum},
		{"interview", interviewed}, {"ranking by a stranger", strangersRanking}, {"sample", sampledTwice}, {"what cases carry", carried},
		{"assessed", assessedInCity}, {"due by a rule", dueByRule}, {"promised", promised},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(threeYears{t, c.dir}) })
	}
}

// huiyin runs the program and returns what it says.
func (c threeYears) huiyin(args ...string) string {
	c.Helper()
	var out, errs bytes.Buffer
	a := standard()
	a.out, a.err = &out, &errs
	a.now = func() time.Time { return time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC) }
	if code := run(c.Context(), args, a); code != 0 {
		c.Fatalf("huiyin %v ends with %d: %s", args, code, errs.String())
	}
	return out.String()
}

func (c threeYears) read(name string) string {
	c.Helper()
	b, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		c.Fatal(err)
	}
	return string(b)
}

// page returns a published page.
func (c threeYears) page(name string) string { c.Helper(); return c.read("export/" + name) }

// table returns the rows of a published CSV, each by the names of its columns.
func (c threeYears) table(name string) (rows []map[string]string) {
	c.Helper()
	return c.rows("export/data/" + name)
}

func (c threeYears) rows(name string) (rows []map[string]string) {
	c.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.read(name), "\ufeff"))).ReadAll()
	if err != nil || len(all) < 2 {
		c.Fatalf("%s: %d lines, %v", name, len(all), err)
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// ranked returns the rows of a ranking in one view, by unit.
func (c threeYears) ranked(month, view string) map[string]map[string]string {
	c.Helper()
	units := map[string]map[string]string{}
	for _, r := range c.table("rankings/" + month + ".csv") {
		if r["view"] == view {
			units[r["unit"]] = r
		}
	}
	return units
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A reply that stood as given in time is dated late by a later export: the month that a
// release had shown has one less in time, and the log says which case did it.
func lateCorrection(c threeYears) {
	cases := map[string]map[string]string{}
	for _, r := range c.table("rows.csv") {
		cases[r["number"]] = r
	}
	shown := map[string]bool{}
	for _, r := range c.table("restatements.csv") {
		if r["measure"] != "on-time-reply" || r["dimension"] != "all" || len(r["period"]) != len("2026-08") || r["why"] != "correct" {
			continue
		}
		shown[r["shown"]] = true
		numbers := strings.Fields(r["numbers"])
		if less := number(c.T, r["old_numerator"]) - number(c.T, r["new_numerator"]); less != len(numbers) || r["old_denominator"] != r["new_denominator"] ||
			r["cutoff"] >= r["shown"] || number(c.T, r["cases"]) != len(numbers) {
			c.Errorf("restated: %v", r)
		}
		page := c.page("restatements/" + r["shown"] + ".html")
		for _, n := range numbers {
			if row := cases[n]; row["on_time"] != "no" || row["received"][:7] != r["period"] || !strings.Contains(page, n) {
				c.Errorf("case %s of a restatement of %s: %v, or it is not on the page", n, r["period"], row)
			}
		}
	}
	if len(shown) < 2 {
		c.Errorf("releases that restate replies in time: %v", shown)
	}
	if log := c.page("restatements.html"); !strings.Contains(log, "2026-10-31.html") {
		c.Error("the log does not lead to the last release")
	}
}

// A unit that was merged stands for itself as it was, and for its successor as it is.
func mergedUnitInBothViews(c threeYears) {
	const old, successor = "yl-approval", "yl-service"
	was, is := c.ranked("2026-10", "as-it-was"), c.ranked("2026-10", "as-it-is")
	if was[old]["standing"] != "ranked" || is[old] != nil || is[successor]["standing"] != "ranked" {
		c.Fatalf("%v\n%v\n%v", was[old], is[old], is[successor])
	}
	for _, part := range []string{"numerator", "denominator"} {
		if sum := number(c.T, was[old][part]) + number(c.T, was[successor][part]); sum != number(c.T, is[successor][part]) {
			c.Errorf("%s: %d as it was, %s as it is", part, sum, is[successor][part])
		}
	}
	name := "云澜市行政审批局"
	then, now := c.page("ranking/2026-10.html"), c.page("ranking/2026-10-as-it-is.html")
	if !strings.Contains(then, name) || !strings.Contains(then, "2026-10-as-it-is.html") || !strings.Contains(now, "2026-10.html") || strings.Contains(now, name+"</a>") {
		c.Error("the pages do not show both views")
	}
}

// A unit with fewer cases than the minimum is listed with its own numbers, and the unit
// above it is ranked.
func belowMinimum(c threeYears) {
	was := c.ranked("2026-10", "as-it-was")
	page := c.page("ranking/2026-10.html")
	through := 0
	for unit, r := range was {
		if r["standing"] == "ranked" && number(c.T, r["denominator"]) < 30 {
			c.Errorf("ranked below the minimum: %v", r)
		}
		if r["standing"] != "through" {
			continue
		}
		through++
		up := was[r["through"]]
		if number(c.T, r["denominator"]) >= 30 || up["standing"] != "ranked" || number(c.T, up["denominator"]) < 30 || r["band"] != "" {
			c.Errorf("%v is ranked through %v", r, up)
		}
		if !strings.Contains(page, "unit/"+unit+".html") {
			c.Errorf("%s is not listed on the page", unit)
		}
	}
	if through < 5 {
		c.Errorf("%d units are ranked through the one above", through)
	}
}

// What was done about units was done about those that the ranking had named, and stands
// beside that.
func interviewed(c threeYears) {
	files, err := filepath.Glob(filepath.Join(c.dir, "inbox", "accountability-*.csv"))
	if err != nil || len(files) < 2 {
		c.Fatalf("%d files: %v", len(files), err)
	}
	page := c.page("accountability.html")
	notices := map[string]string{"约谈": "interview", "通报表扬": "praise"}
	seen := map[string]bool{}
	for _, file := range files {
		for _, entry := range c.rows("inbox/" + filepath.Base(file)) {
			day, _ := time.Parse(time.DateOnly, entry["日期"])
			before := day.AddDate(0, 0, 1-day.Day()).AddDate(0, -1, 0).Format("2006-01")
			r := c.ranked(before, "as-it-was")[entry["单位"]]
			if want := notices[entry["措施"]]; want == "" || r["notice"] != want || number(c.T, r["months_running"]) < 2 {
				c.Errorf("%v\nthe ranking of %s has %v", entry, before, r)
			}
			seen[entry["措施"]] = true
			if !strings.Contains(page, entry["事由"]) || !strings.Contains(page, entry["日期"]) {
				c.Errorf("the page does not have %v", entry)
			}
		}
	}
	if len(seen) != len(notices) {
		c.Errorf("measures: %v", seen)
	}
	last := c.ranked("2026-10", "as-it-was")["yl-bus"]
	ranking := c.page("ranking/2026-10.html")
	if last["notice"] != "interview" || last["band"] != "last" || !strings.Contains(ranking, "达到约谈条件（系统计算）") || !strings.Contains(ranking, `<time datetime="2026-10-20">2026-10-20</time> 约谈`) {
		c.Errorf("the last ranking has %v", last)
	}
}

// docLines are the lines of Python of docs/assessment.md that hold a text.
func docLines(c threeYears, holding string) string {
	c.Helper()
	return assesstest.Lines(c, "../../docs/assessment.md", holding)
}

// The lines of docs/assessment.md give the ranking from the rows and the units alone, in the
// order of the page.
func strangersRanking(c threeYears) {
	lines := assesstest.Set(c, docLines(c, "minimum, most"), "first, last, cutoff, minimum, most", `"2025-11-01", "2026-10-31", "2026-10-31", 30, 20`)
	got := strings.Split(strings.TrimSpace(assesstest.Run(c, lines, map[string]string{"rows.csv": c.page("data/rows.csv"), "units.csv": c.page("data/units.csv")})), "\n")
	var want, order []string
	for _, r := range c.table("rankings/2026-10.csv") {
		if r["view"] == "as-it-was" && r["standing"] == "ranked" {
			order = append(order, r["unit"])
			want = append(want, strings.Join([]string{r["level"], r["kind"], r["unit"], r["numerator"], r["denominator"], r["percent"]}, " "))
		}
	}
	if !slices.Equal(got, want) || len(got) < 10 {
		c.Errorf("a stranger has %q, the ranking %q", got, want)
	}
	rest, before := c.page("ranking/2026-10.html"), ""
	for _, u := range order {
		_, after, ok := strings.Cut(rest, `<th scope="row"><a href="../unit/`+u+`.html">`)
		if !ok {
			c.Fatalf("%s is not on the page behind %s", u, before)
		}
		rest, before = after, u
	}
}

// The sample that was committed to before its month is drawn again from the commitment
// and the seed, and from the frame alone.
func sampledTwice(c threeYears) {
	config := filepath.Join(c.dir, "huiyin.yaml")
	at := func(folder, name string) string { return filepath.Join(c.dir, folder, name) }
	if err := os.MkdirAll(at("again", ""), 0o755); err != nil {
		c.Fatal(err)
	}
	for _, name := range []string{commitmentFile, seedFile} {
		if err := os.WriteFile(at("again", name), []byte(c.read("sample/"+name)), 0o600); err != nil {
			c.Fatal(err)
		}
	}
	c.huiyin("--config", config, "sample", "draw", at("again", ""))
	statement := c.read("again/statement.zh.md")
	c.huiyin("--config", config, "sample", "draw", at("again", ""))
	for _, name := range []string{frameFile, sampledFile} {
		if c.read("again/"+name) != c.read("sample/"+name) {
			c.Errorf("%s differs the second time", name)
		}
	}
	// The statements name the release that was drawn from, which is another by now.
	if first := c.read("sample/statement.zh.md"); first == statement || c.read("again/statement.zh.md") != statement {
		c.Errorf("drawn from a later release, the statement is the same; or drawn a third time, it is another:\n%s", statement)
	}
	if !strings.Contains(c.read("sample/commitment.zh.md"), "2026-09-30") || strings.Contains(c.read("sample/commitment.zh.md"), strings.TrimSpace(c.read("sample/seed.txt"))) {
		c.Error("the commitment is not of the month before, or gives the seed away")
	}

	heading, want, _ := strings.Cut(strings.ReplaceAll(c.read("sample/sample.csv"), "\r\n", "\n"), "\n")
	lines := assesstest.Set(c, docLines(c, "seed, n"), "seed, n", fmt.Sprintf("%q, %d", strings.TrimSpace(c.read("sample/seed.txt")), strings.Count(want, "\n")))
	if got := assesstest.Run(c, lines, map[string]string{"frame.csv": c.read("sample/frame.csv")}); got != want || strings.Count(want, "\n") < 30 {
		c.Errorf("a stranger draws %q, and the sample is %s %q", got, heading, want)
	}
	strata := map[string]bool{}
	for _, r := range c.rows("sample/sample.csv") {
		strata[r["stratum"]] = true
	}
	if len(strata) < 3 {
		c.Errorf("strata: %v", strata)
	}
	out := c.huiyin("--config", config, "sample", "compare", at("sample", ""), "--scores", at("sample", scoresFile))
	for _, want := range []string{"all: same level ", "居民: ", "人大代表: ", "媒体: "} {
		if !strings.Contains(out, want) {
			c.Errorf("%q is not in %q", want, out)
		}
	}
}

// Cases carry what measures and breakdowns count.
func carried(c threeYears) {
	received := map[string]string{}
	for _, r := range c.table("rows.csv") {
		received[r["number"]] = r["received"]
	}
	count := map[string]int{}
	for _, r := range c.table("published.csv") {
		for _, column := range []string{"repeat_of", "leader_kind", "co_units", "against", "on_site", "rating_source"} {
			if r[column] != "" {
				count[column]++
			}
		}
		for _, column := range []string{"returns", "supervisions", "reopened"} {
			if r[column] != "" && r[column] != "0" {
				count[column]++
			}
		}
		if of := r["repeat_of"]; of != "" && (received[of] == "" || received[of] > received[r["number"]] || of == r["number"]) {
			c.Errorf("%s repeats %s", r["number"], of)
		}
	}
	for _, column := range []string{"repeat_of", "leader_kind", "co_units", "against", "on_site", "rating_source", "returns", "supervisions", "reopened"} {
		if count[column] < 20 {
			c.Errorf("%s: %d cases", column, count[column])
		}
	}
	posts := map[string]string{}
	for _, r := range c.table("channels.csv") {
		if posts[r["id"]] = r["post"]; r["id"] == "mayor" && len(strings.Fields(r["terms"])) != 2 {
			c.Errorf("the mayor's post has the terms %q, want one that is over and one that lasts", r["terms"])
		}
	}
	if posts["mayor"] == "" || posts["secretary"] == "" || posts["web"] != "" {
		c.Errorf("posts: %v", posts)
	}
	if page := c.page("breakdowns.html"); strings.Count(page, "云澜市市长（") < 2 || !strings.Contains(page, "任期变更") || !strings.Contains(page, "久拖未决") {
		c.Error("the breakdowns do not part the terms of the mayor, or lack the kinds that leaders handle")
	}
	for _, r := range c.table("areas.csv") {
		if number(c.T, r["residents"]) == 0 {
			c.Errorf("no residents in %v", r)
		}
	}
}

// What others found is shown beside the site's own figures, with what does not fit.
func assessedInCity(c threeYears) {
	page := c.page("assessments.html")
	for _, want := range []string{"云澜公共服务评价研究所（虚构）", "云澜市政务服务和数据局督查科（虚构）", "统计期有重叠", "登记表中没有这个单位", "系统数据核查", "抽样电话回访"} {
		if !strings.Contains(page, want) {
			c.Errorf("%q is not on the page", want)
		}
	}
	// What the site says itself of a unit and period stands once, above all results of them.
	ours, of, results := strings.Count(page, `class="ours"`), strings.Count(page, `scope="rowgroup"`), strings.Count(page, `<tr><th scope="row">`)
	if ours != of || ours == 0 || results <= ours {
		c.Errorf("%d results of %d units and areas have our figures %d times beside them", results, of, ours)
	}
}

// Cases of the app come without a due day: a rule of the office finds it, and their pages
// say which.
func dueByRule(c threeYears) {
	rules := map[string]map[string]string{}
	for _, r := range c.table("deadlines.csv") {
		rules[r["id"]] = r
	}
	byRule, shown := 0, 0
	for _, r := range c.table("rows.csv") {
		if r["channel"] != "app" {
			if r["due_basis"] != "delivered" {
				c.Errorf("%s: %s", r["number"], r["due_basis"])
			}
			continue
		}
		byRule++
		if rules[r["due_basis"]] == nil || r["due"] <= r["received"] {
			c.Errorf("due by no rule: %v", r)
		}
		if r["prominence"] == "full" && shown < 5 {
			shown++
			if page := c.page("case/" + r["number"] + ".html"); !strings.Contains(page, "《云澜市群众诉求办理办法（虚构）》第九条") || !strings.Contains(page, r["due"]) {
				c.Errorf("the page of %s does not say how its due day was found", r["number"])
			}
		}
	}
	files := map[string]string{}
	for _, name := range []string{"rows.csv", "deadlines.csv", "holidays.csv"} {
		files[name] = c.page("data/" + name)
	}
	if differ := assesstest.Run(c, docLines(c, "due_basis"), files); differ != "" {
		c.Errorf("a stranger finds other due days: %s", differ)
	}
	if byRule < 100 || len(c.table("holidays.csv")) < 20 {
		c.Errorf("%d cases are due by a rule", byRule)
	}
}

// Promises of replies stand as commitments with how they turned out: in the data, on the
// page of all, and on that of the case with the wording.
func promised(c threeYears) {
	status := map[string]int{}
	for _, r := range c.table("commitments.csv") {
		status[r["status"]]++
		if page := c.page("case/" + r["number"] + ".html"); !strings.Contains(page, r["due"]) || !strings.Contains(page, "答复中的承诺") {
			c.Errorf("the page of %s does not show its commitment", r["number"])
		}
	}
	for _, s := range []string{"kept", "kept-late", "partly", "broken", "overdue", "open"} {
		if status[s] == 0 {
			c.Errorf("no commitment is %s: %v", s, status)
		}
	}
	if page := c.page("promises.html"); !strings.Contains(page, fmt.Sprintf("%d / ", status["kept"])) {
		c.Error("the page of commitments does not show how many were kept")
	}
	out := c.huiyin("--config", filepath.Join(c.dir, "huiyin.yaml"), "promises")
	if waiting, held, ok := strings.Cut(out, "\ncommitments:\n"); !ok || !strings.Contains(waiting, "计划于") || strings.Count(held, "  overdue  ") != status["overdue"] {
		c.Errorf("huiyin promises says %q", out[:min(len(out), 1000)])
	}
}
