package pages_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/assess/assesstest"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/record"
)

// dueRules are 15 working days for all channels but the hotline, which has none. There
// are made-up notices of the years that cases of [mixedCity] are of, without the next.
func dueRules(t testing.TB) *deadline.Cases {
	t.Helper()
	rules, err := deadline.ReadRules(deadline.File{Name: "rules.yaml", Text: []byte(
		"rules: [{track: web, step: conclude, days: 15, unit: working, basis: 示例办法第三条, basis_en: 'Example Rules, article 3'}]")})
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := deadline.ReadCalendar(
		deadline.File{Name: "2025.yaml", Text: []byte("{year: 2025, source: 虚构〔2024〕1号, off: [{name: 国庆节, name_en: National Day, from: 2025-10-01, to: 2025-10-08}], worked: [2025-10-11]}")},
		deadline.File{Name: "2026.yaml", Text: []byte("{year: 2026, source: 虚构〔2025〕1号, off: [{name: 国庆节, name_en: National Day, from: 2026-10-01, to: 2026-10-07}], worked: [2026-10-10]}")})
	if err != nil {
		t.Fatal(err)
	}
	c, err := deadline.NewCases(deadline.Finder{Rules: rules, Calendar: calendar}, map[record.ChannelID]string{"web": "web"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// compute takes the due days of two thirds of the cases away, and gives them those that
// the rules find. It returns how many have a computed one.
func (c *city) compute(rules *deadline.Cases) (n int) {
	for i := range c.cases {
		if r := &c.cases[i].Row; i%3 != 0 {
			r.Due, r.OnTime, r.ClosedOnTime = 0, record.Unknown, record.Unknown
		}
		if r := &c.cases[i].Row; rules.Due(r).Fill(r) {
			n++
		}
	}
	return n
}

// TestComputedDueDayEverywhere compares every number of a site with due days that were
// computed: on pages of units, in rankings and data files, and once more from the rows.
func TestComputedDueDayEverywhere(t *testing.T) {
	c, o := mixedCity(t), options(t)
	o.Deadlines = dueRules(t)
	if n := c.compute(o.Deadlines); n < 100 {
		t.Fatalf("%d due days were computed", n)
	}
	p := publishWith(t, c, o)
	different, computed, _ := compareAll(t, p)
	for _, d := range different[:min(len(different), 20)] {
		t.Error(d)
	}
	if computed < 6000 {
		t.Errorf("%d numbers were computed again", computed)
	}
	// The same from the rows alone, by what due_basis says of each.
	basis := map[string]int{}
	for _, row := range readCSV(t, p.files["data/rows.csv"]) {
		basis[row["due_basis"]]++
		if row["due_basis"] == "web/conclude" && row["replied"] != "" && row["replied"] >= row["received"] && (row["on_time"] == "yes") != (row["replied"] <= row["due"]) {
			t.Errorf("%s: due %s, replied %s, on time %s", row["number"], row["due"], row["replied"], row["on_time"])
		}
		if (row["due"] == "") != (row["due_basis"] == "unknown") {
			t.Errorf("%s: due %q by %q", row["number"], row["due"], row["due_basis"])
		}
	}
	if len(basis) != 3 || basis["delivered"] == 0 || basis["unknown"] == 0 || basis["web/conclude"] == 0 {
		t.Errorf("due days by how they came about: %v", basis)
	}
	if k := (claim{assess.MeasureOnTimeReply, "unit", "ed-1", rolling}); len(gather(t, p)[k]) < 3 {
		t.Errorf("the rate on time of a unit is said by %v", gather(t, p)[k])
	}
}

// TestDueHow says what the page of a case tells of its due day.
func TestDueHow(t *testing.T) {
	c, o := newCity(8), options(t)
	before := plan(t, c, o)
	if plain := build(t, before); plain.params(t, "case/2609-000001.html")["due_how"] != nil || plain.files["data/deadlines.csv"].Body != nil {
		t.Error("it is told how a due day was found, and there are no rules")
	}
	o.Deadlines = dueRules(t)
	computed, late, none := c.at(t, "2609-000001"), c.at(t, "2610-000003"), c.at(t, "2610-000004")
	computed.Due, late.Due, none.Due = 0, 0, 0
	late.Received = record.Date(2026, 12, 28)
	for _, k := range []*record.Case{computed, late, none} {
		o.Deadlines.Due(&k.Row).Fill(&k.Row)
	}
	parts := plan(t, c, o)
	if hugo, _ := changed(before, parts); len(hugo) == 0 || printOf(before, "case/2609/0000") == printOf(parts, "case/2609/0000") {
		t.Error("pages are not made anew for the rules")
	}
	s := build(t, parts)
	for number, want := range map[string][2]string{
		// Received on 2 September 2026, a Wednesday: 3 and 4 are 2, 7 to 11 are 7, 14 to
		// 18 are 12, 21, 22 and 23.
		"2609-000001": {"2026年9月2日收到，按示例办法第三条计算，时限15个工作日，当日不计，2026年工作日按虚构〔2025〕1号确定，办理期限为2026年9月23日。",
			"Received on 2 September 2026; 15 working days from the next day on, by Example Rules, article 3; working days of 2026 as in 虚构〔2025〕1号; due on 23 September 2026."},
		"2609-000002": {"办理期限由办理单位提供。", "The office supplied the due day."},
		"2610-000003": {"2026年12月28日收到，按示例办法第三条计算，时限15个工作日，当日不计；尚无2027年放假安排，办理期限暂不能确定。",
			"Received on 28 December 2026; 15 working days from the next day on, by Example Rules, article 3. The days off of 2027 are not known yet, and so neither is the due day."},
		"2610-000004": {"没有适用的办理期限规定，未计算办理期限。", "No rule sets a due day here, so none was computed."}, // of the hotline
	} {
		v := s.params(t, "case/"+number+".html")
		var got [2]string
		for i, x := range list(v["due_how"]) {
			got[i], _ = x.(map[string]any)["text"].(string)
		}
		if got != want {
			t.Errorf("%s says\n%s\n%s\nwant\n%s\n%s", number, got[0], got[1], want[0], want[1])
		}
	}
	if v := s.params(t, "case/2609-000001.html"); v["due"] != "2026-09-23" || v["on_time"] != "yes" {
		t.Errorf("due %v, on time %v", v["due"], v["on_time"])
	}
}

// TestDeadlineLabels says that both languages have every word of the explanations, and
// fill in what those of the other do.
func TestDeadlineLabels(t *testing.T) {
	labels := options(t).Labels
	for _, key := range append(deadline.LabelKeys(), "deadline.delivered", "case.due_how") {
		for lang, words := range labels {
			if strings.TrimSpace(words[key]) == "" {
				t.Errorf("%s has no %s", lang, key)
			}
		}
		for _, name := range []string{"start", "basis", "days", "extended", "rolled", "notices", "source", "names", "last", "n"} {
			if zh, en := strings.Contains(labels["zh-CN"][key], "{"+name+"}"), strings.Contains(labels["en"][key], "{"+name+"}"); zh != en && name != "n" {
				t.Errorf("%s: {%s} stands in one language alone", key, name)
			}
		}
	}
}

// TestDueDaysAgain finds every computed due day again from the published files alone, by the
// lines of docs/assessment.md.
func TestDueDaysAgain(t *testing.T) {
	c, o := mixedCity(t), options(t)
	o.Deadlines = dueRules(t)
	c.compute(o.Deadlines)
	p := publishWith(t, c, o)
	computed, unknown, first := 0, 0, ""
	for _, row := range readCSV(t, p.files["data/rows.csv"]) {
		switch row["due_basis"] {
		case "delivered":
		case "unknown":
			unknown++
		default:
			computed++
			first = cmp.Or(first, row["number"])
		}
	}
	if computed < 100 || unknown == 0 {
		t.Errorf("%d due days were computed, %d are unknown", computed, unknown)
	}
	lines := assesstest.Lines(t, "../../docs/assessment.md", "due_basis")
	files := map[string]string{"rows.csv": p.files["data/rows.csv"], "deadlines.csv": p.files["data/deadlines.csv"], "holidays.csv": p.files["data/holidays.csv"]}
	if got := assesstest.Run(t, lines, files); got != "" {
		t.Errorf("a stranger finds other due days:\n%s", got)
	}
	// Where a holiday is taken away, the lines find other days than the site did.
	files["holidays.csv"] = strings.ReplaceAll(files["holidays.csv"], ",off,", ",worked,")
	if got := assesstest.Run(t, lines, files); !strings.Contains(got, "26") || strings.Contains(files["holidays.csv"], "off") {
		t.Errorf("of %s and others nothing differs:\n%s", first, got)
	}
}
