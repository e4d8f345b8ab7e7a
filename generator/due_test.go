package generator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/record"
)

// ruleFile is 15 working days, and for letters 60 days that end on a working day.
const ruleFile = `rules:
  - {track: hotline, step: conclude, days: 15, unit: working, basis: 示例办法第三条, basis_en: 'Example Rules, article 3', from: 2026-01-01}
  - {track: xinfang, step: conclude, days: 60, unit: calendar, roll: true, basis: 示例规定第八条}
`

// notice2026 is what matters here of the notice of 2026.
const notice2026 = `year: 2026
source: 国办发明电〔2025〕7号
off:
  - {name: 元旦, from: 2026-01-01, to: 2026-01-03}
  - {name: 中秋节, from: 2026-09-25, to: 2026-09-27}
  - {name: 国庆节, name_en: National Day, from: 2026-10-01, to: 2026-10-07}
worked: [2026-01-04, 2026-09-20, 2026-10-10]
`

// notice2027 is made up.
const notice2027 = "year: 2027\nsource: 虚构〔2026〕1号\noff: [{name: 元旦, from: 2027-01-01, to: 2027-01-03}]\n"

func dueRules(t testing.TB, rules string, notices ...string) *deadline.Cases {
	t.Helper()
	r, err := deadline.ReadRules(deadline.File{Name: "rules.yaml", Text: []byte(rules)})
	if err != nil {
		t.Fatal(err)
	}
	var files []deadline.File
	for i, n := range notices {
		files = append(files, deadline.File{Name: fmt.Sprint(i), Text: []byte(n)})
	}
	c, err := deadline.ReadCalendar(files...)
	if err != nil {
		t.Fatal(err)
	}
	all, err := deadline.NewCases(deadline.Finder{Rules: r, Calendar: c}, map[record.ChannelID]string{"letters": "xinfang"}, "hotline")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// dueCity is six cases of one unit.
const dueCity = `
	unit:lamps name=路灯管理处
	channel:letters name=来信
	channel:web name=网站
	K-1 unit=lamps | channel=letters | received=2026-08-03 | replied=2026-10-08 | status=closed | closed=2026-10-09 | title=路灯 | question=灯坏了。 | reply=修好了。
	K-2 unit=lamps | channel=web | received=2026-09-28 | replied=2026-10-26 | status=replied | title=路灯 | question=灯坏了。 | reply=修好了。
	K-3 unit=lamps | channel=web | received=2026-09-28 | due=2026-10-30 | replied=2026-10-26 | status=replied | title=路灯 | question=灯坏了。 | reply=修好了。
	K-4 unit=lamps | channel=web | received=2026-09-28 | replied= | status=handling
	K-5 unit=lamps | channel=web | received=2026-12-18 | replied= | status=handling
	K-6 unit=lamps | channel=web | received=2026-09-28 | replied=2026-10-23 | status=replied | title=路灯 | question=灯坏了。 | reply=修好了。`

// dueRows returns the due day, how it came about and whether reply and closing were in
// time, of the rows that are published.
func (o *office) dueRows() string {
	o.t.Helper()
	body, _ := o.lookup("data/rows.csv")
	lines := strings.Split(strings.TrimSpace(body), "\r\n")
	head := strings.Split(lines[0], ",")
	var b strings.Builder
	for _, l := range lines[1:] {
		fields := strings.Split(l, ",")
		var out []string
		for _, name := range []string{"number", "due", "due_basis", "on_time", "closed_on_time"} {
			out = append(out, fields[slices.Index(head, name)])
		}
		b.WriteString(strings.Join(out, " ") + "\n")
	}
	return b.String()
}

// rateOf returns the rate of a measure for a scope and period in the published figures.
func (o *office) rateOf(file, measure, period string) string {
	o.t.Helper()
	body, _ := o.lookup("data/figures/" + file + ".csv")
	lines := strings.Split(strings.TrimSpace(body), "\r\n")
	head := strings.Split(lines[0], ",")
	for _, l := range lines[1:] {
		f := strings.Split(l, ",")
		if f[slices.Index(head, "measure")] == measure && f[slices.Index(head, "period")] == period {
			return f[slices.Index(head, "numerator")] + "/" + f[slices.Index(head, "denominator")] + "+" + f[slices.Index(head, "unknown")]
		}
	}
	return ""
}

// TestDueDays publishes cases of which most have no due day, by rules. Worked by hand:
//
//   - letters: 60 days from 3 August end on 2 October, in the National Day holiday: the
//     first working day after it is the 8th
//   - hotline: of 15 working days from Monday 28 September, 29 and 30 September are 2,
//     8, 9 and (Saturday) 10 October 5, 12 to 16 October 10, 19 to 23 October 15
//   - 15 working days from 18 December run into 2027, of which there is no notice
func TestDueDays(t *testing.T) {
	o := newOffice(t)
	o.deadlines = dueRules(t, ruleFile, notice2026)
	o.pull("2026-12-25", dueCity)
	o.publish()
	want := `2608-000001 2026-10-08 xinfang/conclude yes no
2609-000001 2026-10-23 hotline/conclude/2026-01-01 no 
2609-000002 2026-10-30 delivered yes 
2609-000003 2026-10-23 hotline/conclude/2026-01-01  
2609-000004 2026-10-23 hotline/conclude/2026-01-01 yes 
2612-000001  unknown  
`
	if diff := cmp.Diff(want, o.dueRows()); diff != "" {
		t.Errorf("rows: want -, got +\n%s", diff)
	}
	// Of those due by 25 December three were replied to in time, one late, one not; of
	// one it is not known when it is due.
	for _, file := range []string{"all", "unit/lamps"} {
		if got := o.rateOf(file, assess.MeasureOnTimeReply, "all"); got != "3/5+1" {
			t.Errorf("%s: on time %s, want 3/5+1", file, got)
		}
	}
	for path, says := range map[string][]string{
		"case/2608-000001.html": {"按示例规定第八条计算，时限60日", "期满日2026年10月2日不是工作日", "办理期限为2026年10月8日", "by 示例规定第八条"},
		"case/2609-000001.html": {"2026年国庆节放假调休按国办发明电〔2025〕7号", "办理期限为2026年10月23日", "Example Rules, article 3; days off in 2026 (National Day"},
		"case/2609-000002.html": {"办理期限由办理单位提供。", "The office supplied the due day."},
		"case/2612-000001.html": {"尚无2027年放假安排，办理期限暂不能确定", "The days off of 2027 are not known yet"},
	} {
		page, _ := o.lookup(path)
		for _, s := range says {
			if !strings.Contains(page, s) {
				t.Errorf("%s does not say %q", path, s)
			}
		}
	}
	if body, _ := o.lookup("data/deadlines.csv"); !strings.Contains(body, "\r\nxinfang/conclude,xinfang,letters,no,conclude,received,60,calendar,yes,示例规定第八条,,,\r\n") {
		t.Errorf("the rules are published as\n%s", body)
	}
	if body, _ := o.lookup("data/holidays.csv"); !strings.Contains(body, "\r\n2026,国办发明电〔2025〕7号,worked,2026-10-10,2026-10-10,,\r\n") {
		t.Errorf("the holidays are published as\n%s", body)
	}

	// The withdrawn row goes on counting as it did.
	o.pull("2026-12-26", "K-2 GONE")
	o.publish()
	if got := o.rateOf("all", assess.MeasureOnTimeReply, "all"); got != "3/5+1" || !strings.Contains(o.dueRows(), "2609-000001 2026-10-23 hotline/conclude/2026-01-01 no") {
		t.Errorf("after a withdrawal: on time %s\n%s", got, o.dueRows())
	}

	// The notice of the next year comes: one case is made anew, and nothing is restated.
	o.renderer.rendered()
	o.deadlines = dueRules(t, ruleFile, notice2026, notice2027)
	if r := o.publish(); r.Restated != 0 {
		t.Errorf("%d figures are restated", r.Restated)
	}
	// 21 to 25 December are 5, 28 to 31 are 9, 4 to 8 January 14, and the 11th.
	if rows := o.dueRows(); !strings.Contains(rows, "2612-000001 2027-01-11 hotline/conclude/2026-01-01") {
		t.Errorf("rows:\n%s", rows)
	}
	if got := slices.DeleteFunc(o.renderer.rendered(), func(k string) bool { return !strings.HasPrefix(k, "case/") }); !slices.Equal(got, []string{"case/2612/0000"}) {
		t.Errorf("pages of cases made anew: %v", got)
	}
}

// TestRulesRestate changes a rule after figures were published: they are restated, and
// the cause is no case.
func TestRulesRestate(t *testing.T) {
	o := newOffice(t)
	o.deadlines = dueRules(t, ruleFile, notice2026)
	o.pull("2026-12-25", dueCity)
	o.publish()
	o.deadlines = dueRules(t, strings.Replace(ruleFile, "days: 15", "days: 17", 1), notice2026)
	r := o.publish()
	// 26 and 27 October are the 16th and 17th working day: the reply of the 26th is in time.
	want := `2026-12-25 all/ 2026-09 2026-12-25 2/4+0 3/4+0 register 0 
`
	got := strings.Join(slices.DeleteFunc(strings.SplitAfter(o.restatements(assess.MeasureOnTimeReply), "\n"), func(l string) bool { return !strings.Contains(l, " all/ ") }), "")
	if diff := cmp.Diff(want, got); diff != "" || r.Restated == 0 {
		t.Errorf("%d restated: want -, got +\n%s", r.Restated, diff)
	}

	// A reply that is delivered later changes the same figure by a case.
	o.pull("2026-12-26", "K-4 unit=lamps | channel=web | received=2026-09-28 | replied=2026-10-27 | status=replied | title=路灯 | question=灯坏了。 | reply=修好了。")
	o.publish()
	if got := o.restatements(assess.MeasureOnTimeReply); !strings.Contains(got, "2026-12-26 all/ 2026-09 2026-12-25 3/4+0 4/4+0 update 1 2609-000003\n") {
		t.Errorf("restated:\n%s", got)
	}
}

// TestWithoutRules says that rules leave no trace but what was restated: a site that had
// some and has none is byte for byte the one that never had any, and one of which every
// case has a delivered due day has the same figures with them and without.
func TestWithoutRules(t *testing.T) {
	plain, other := newOffice(t), newOffice(t)
	for _, o := range []*office{plain, other} {
		o.pull("2026-12-25", dueCity)
	}
	plain.publish()
	other.publish()
	other.deadlines = dueRules(t, ruleFile, notice2026)
	other.publish()
	if plain.dueRows() == other.dueRows() {
		t.Fatal("the rules change nothing")
	}
	other.deadlines = nil
	other.publish()
	if strings.Contains(plain.dueRows(), "conclude") {
		t.Error("a due day was computed")
	}
	// The other has told that figures are others, twice, and what else was looked through.
	want, got := plain.partitions(), other.partitions()
	for _, m := range []map[string]string{want, got} {
		maps.DeleteFunc(m, func(k, _ string) bool {
			return strings.Contains(k, "restate") || strings.HasPrefix(k, "privacy/") || k == "sitemap/pages/1"
		})
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) < 20 {
		t.Errorf("%d partitions: want -, got +\n%s", len(want), diff)
	}
	for _, path := range []string{"data/deadlines.csv", "data/holidays.csv"} {
		if body, _ := other.lookup(path); body != "" {
			t.Errorf("%s is still there", path)
		}
	}

	delivered := strings.ReplaceAll(dueCity, " | replied=", " | due=2026-11-02 | replied=")
	delivered = strings.ReplaceAll(delivered, "due=2026-10-30 | due=2026-11-02", "due=2026-10-30")
	with, without := newOffice(t), newOffice(t)
	with.deadlines = dueRules(t, ruleFile, notice2026)
	for _, o := range []*office{with, without} {
		o.pull("2026-12-25", delivered)
		o.publish()
	}
	a, b := with.partitions(), without.partitions()
	maps.DeleteFunc(a, func(k, _ string) bool {
		return strings.HasPrefix(k, "case/") || k == "data/page" || k == "data/registers" || strings.HasPrefix(k, "privacy/")
	})
	for k := range a {
		if a[k] != b[k] {
			t.Errorf("%s differs, though nothing was computed", k)
		}
	}
}

// partitions returns the packs of the current release: their hashes by key.
func (o *office) partitions() map[string]string {
	o.t.Helper()
	m, err := o.releases.Manifest()
	if err != nil {
		o.t.Fatal(err)
	}
	all := map[string]string{}
	for _, p := range m.Partitions {
		p.Fingerprint = ""
		js, err := json.Marshal(p)
		if err != nil {
			o.t.Fatal(err)
		}
		all[p.Key] = string(js)
	}
	return all
}

// The years without a holiday notice that due days depend on are counted, also when what was
// counted is kept, and a change of the cases or of the rules is seen at once. Rules that need
// no calendar lack none.
func TestNoHolidays(t *testing.T) {
	o := newOffice(t)
	count := func(when string, want ...generator.NoHolidays) {
		t.Helper()
		for _, keep := range []bool{false, true, false} {
			got, err := o.generator().NoHolidays(t.Context(), keep)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: want -, got +\n%s", when, diff)
			}
		}
	}
	o.pull("2026-12-25", dueCity)
	count("no rules")
	o.deadlines = dueRules(t, "rules:\n  - {track: hotline, step: conclude, days: 15, unit: calendar, basis: 示例}\n  - {track: xinfang, step: conclude, days: 60, unit: calendar, basis: 示例}\n")
	count("calendar days alone")
	o.deadlines = dueRules(t, ruleFile, notice2026)
	count("of K-5", generator.NoHolidays{Year: 2027, Cases: 1})
	o.pull("2026-12-26", `
	K-7 unit=lamps | channel=letters | received=2026-11-25 | replied= | status=handling
	K-8 unit=lamps | channel=web | received=2026-12-21 | replied= | status=handling`)
	count("60 days from 25 November end on Sunday, 24 January; 15 from 21 December in January", generator.NoHolidays{Year: 2027, Cases: 3})
	o.pull("2026-12-27", `
	K-5 unit=lamps | channel=web | received=2026-12-18 | due=2027-01-10 | replied= | status=handling`)
	count("K-5 has a due day of the office's", generator.NoHolidays{Year: 2027, Cases: 2})
	o.deadlines = dueRules(t, ruleFile, notice2027)
	count("2026 is missing instead: all but K-3, K-5, and K-7, which rolls in 2027", generator.NoHolidays{Year: 2026, Cases: 5})
	o.deadlines = dueRules(t, ruleFile, notice2026, notice2027)
	count("both are there")
}
