package deadline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/deadline"
)

// lawful are rules of the national laws, and one of a city.
const lawful = `rules:
  - {track: xinfang, step: forward, days: 15, unit: calendar, basis: 《信访工作条例》第二十二条, from: 2022-05-01}
  - {track: xinfang, step: notify, days: 15, unit: calendar, basis: 《信访工作条例》第二十三条, from: 2022-05-01}
  - {track: xinfang, step: object, days: 5, unit: working, basis: 《信访工作条例》第二十三条, from: 2022-05-01}
  - track: xinfang
    step: conclude
    starts: accepted
    days: 60
    unit: calendar
    extend_max: 30
    roll: true
    basis: 《信访工作条例》第三十四条
    basis_en: Regulations on Petitions, article 34
    from: 2022-05-01
  - {track: foi, step: answer, days: 20, unit: working, extend_max: 20, basis: 《政府信息公开条例》第三十三条, from: 2019-05-15}
  - {track: foi, step: answer, days: 15, unit: working, extend_max: 15, basis: 《政府信息公开条例》（2007年）第二十四条, from: 2008-05-01, until: 2019-05-14}
  - {track: foi, step: publish, starts: made, days: 20, unit: working, basis: 《政府信息公开条例》第二十六条}
  - {track: hotline, step: conclude, starts: dispatched, days: 5, unit: working, basis: 某市规定（虚构）, basis_en: rules of the city (made up), until: 2026-06-30}
  - {track: hotline, step: conclude, starts: dispatched, days: 3, unit: working, basis: 某市规定（虚构）, from: 2026-07-01}
`

func rules(t testing.TB, text string) *deadline.Rules {
	t.Helper()
	r, err := deadline.ReadRules(deadline.File{Name: "deadlines.yaml", Text: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReadRules(t *testing.T) {
	r := rules(t, lawful)
	all := r.All()
	if len(all) != 9 {
		t.Fatalf("%d rules, want 9", len(all))
	}
	var order []string
	for _, rule := range all {
		order = append(order, rule.Track+" "+string(rule.Step)+" "+rule.From.String())
	}
	if diff := cmp.Diff([]string{
		"foi answer 2008-05-01", "foi answer 2019-05-15", "foi publish ", "hotline conclude ", "hotline conclude 2026-07-01",
		"xinfang conclude 2022-05-01", "xinfang forward 2022-05-01", "xinfang notify 2022-05-01", "xinfang object 2022-05-01",
	}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(deadline.Rule{
		Track: "xinfang", Step: deadline.Conclude, Starts: deadline.Accepted, Days: 60, Unit: deadline.CalendarDays, ExtendMax: 30, Roll: true,
		Basis: "《信访工作条例》第三十四条", BasisEn: "Regulations on Petitions, article 34", From: day("2022-05-01"),
	}, all[5]); diff != "" {
		t.Errorf("a whole rule (-want +got):\n%s", diff)
	}
	for _, test := range []struct {
		track string
		step  deadline.Step
		want  deadline.Start
	}{
		{"xinfang", deadline.Conclude, deadline.Accepted}, {"xinfang", deadline.Object, deadline.Received},
		{"foi", deadline.Publish, deadline.Made}, {"hotline", deadline.Conclude, deadline.Dispatched},
		{"hotline", deadline.Answer, ""}, {"other", deadline.Conclude, ""}, {"", "", ""}, {"zzz", "zzz", ""},
	} {
		if got, ok := r.Starts(test.track, test.step); got != test.want || ok != (test.want != "") {
			t.Errorf("Starts(%s, %s) = %q, %t, want %q", test.track, test.step, got, ok, test.want)
		}
	}
	for _, text := range []string{"rules: []\n", "rules:\n"} {
		if r := rules(t, text); len(r.All()) != 0 {
			t.Errorf("%q: %v", text, r.All())
		}
	}
	rules(t, "rules:\n- {track: a, step: answer, days: 1000, unit: calendar, extend_max: 1000, roll: false, basis: 虚构}\n") // the most
	var none *deadline.Rules
	if none.All() != nil {
		t.Error("nil rules are some")
	}
}

func TestBadRules(t *testing.T) {
	const good = "- {track: a, step: answer, days: 5, unit: working, basis: 虚构}\n"
	item := func(change, to string) string { return "rules:\n" + strings.Replace(good, change, to, 1) }
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "d.yaml is empty"},
		{"no list", "rules: 5\n", "d.yaml, line 1: rules wants a list"},
		{"no rules", "{}\n", "d.yaml, line 1: the file of deadlines has no rules"},
		{"another key", "rule: []\n", "d.yaml, line 1: the file of deadlines has no such key"},
		{"unknown key", item("basis", "bases"), "d.yaml, line 2: a rule has no such key"},
		{"a rule that is a word", "rules:\n- answer\n", "d.yaml, line 2: a rule wants keys with values here"},
		{"no track", item("track: a, ", ""), "d.yaml, line 2: a rule has no track"},
		{"no step", item("step: answer, ", ""), "d.yaml, line 2: a rule has no step"},
		{"no days", item("days: 5, ", ""), "d.yaml, line 2: a rule has no days"},
		{"no unit", item("unit: working, ", ""), "d.yaml, line 2: a rule has no unit"},
		{"no basis", item(", basis: 虚构", ""), "d.yaml, line 2: a rule has no basis"},
		{"track in Chinese", item("track: a", "track: 信访"), "d.yaml, line 2: track is not a word like xinfang"},
		{"unknown step", item("answer", "reply"), "d.yaml, line 2: step is none of the words for it"},
		{"unknown start", item("days: 5", "days: 5, starts: read"), "d.yaml, line 2: starts is none of the words for it"},
		{"unknown unit", item("working", "business"), "d.yaml, line 2: unit is none of the words for it"},
		{"no days at all", item("5", "0"), "d.yaml, line 2: days wants a whole number from 1 to 1000"},
		{"negative", item("5", "-5"), "d.yaml, line 2: days wants a whole number from 1 to 1000"},
		{"huge", item("5", "99999999999999999999"), "d.yaml, line 2: days wants a whole number from 1 to 1000"},
		{"a day too many", item("5", "1001"), "d.yaml, line 2: days wants a whole number from 1 to 1000"},
		{"an extension too long", item("days: 5", "days: 5, extend_max: 1001"), "d.yaml, line 2: extend_max wants a whole number from 0 to 1000"},
		{"half a day", item("5", "0.5"), "d.yaml, line 2: days wants a whole number from 1 to 1000"},
		{"negative extension", item("days: 5", "days: 5, extend_max: -1"), "d.yaml, line 2: extend_max wants a whole number from 0 to 1000"},
		{"roll is a word", item("unit: working", "unit: calendar, roll: yes"), "d.yaml, line 2: roll wants true or false"},
		{"roll of working days", item("days: 5", "days: 5, roll: true"), "d.yaml, line 2: a period in working days ends on a working day"},
		{"no such day", item("days: 5", "days: 5, from: 2026-02-30"), "d.yaml, line 2: from wants a day"},
		{"backwards", item("days: 5", "days: 5, from: 2026-03-01, until: 2026-02-28"), "d.yaml, line 2: the rule ends before it begins"},
		{"twice", "rules:\n" + good + good, "d.yaml, line 3: this rule and that of line 2 hold on the same days"},
		{"one day in common", item("days: 5", "days: 5, until: 2026-06-30") + strings.Replace(good, "days: 5", "days: 3, from: 2026-06-30", 1), "d.yaml, line 3: this rule and that of line 2 hold on the same days"},
		{"starts differ", item("days: 5", "days: 5, until: 2026-06-30") + strings.Replace(good, "days: 5", "days: 3, starts: accepted, from: 2026-07-01", 1), "d.yaml, line 3: the rule of line 2 for this step starts on another kind of day"},
	} {
		r, err := deadline.ReadRules(deadline.File{Name: "d.yaml", Text: []byte(test.text)})
		refused(t, test.name, err, test.want)
		if r != nil {
			t.Errorf("%s: rules beside an error", test.name)
		}
	}
}
