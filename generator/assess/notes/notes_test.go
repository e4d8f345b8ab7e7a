package notes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/assess/substance"
	"github.com/huiyin/huiyin/generator/record"
)

// november is a day of November 2026, of which the 1st is a Sunday.
func november(d int) record.Day { return record.Date(2026, 11, d) }

// weekdays counts Monday to Friday, and knows no other month.
type weekdays struct{}

func (weekdays) WorkingDays(from, to record.Day) (n int, known bool) {
	for d := from + 1; d <= to; d++ {
		if w := d.Time().Weekday(); w > 0 && w < 6 {
			n++
		}
	}
	return n, from >= november(1) && to <= november(30)
}

// row is a case replied to and shown on days of November; 0 is no day.
func row(replied, shown int) record.Fact {
	f := record.Fact{Case: record.Case{Row: record.Row{Prominence: record.Full, Answered: record.Yes}}}
	if replied > 0 {
		f.RepliedOn = november(replied)
	}
	if shown > 0 {
		f.Shown = november(shown)
	}
	return f
}

func count(t *testing.T, o Options, cases ...record.Fact) *Notes {
	t.Helper()
	for i := range cases {
		cases[i].Number = record.NewCaseNumber(record.MonthOf(2026, 11), i+1)
	}
	n, err := Of(cases, o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLag(t *testing.T) {
	cases := func() []record.Fact {
		withdrawn := row(6, 9)
		withdrawn.Prominence = record.Withdrawn
		merged := row(6, 9)
		merged.MergedInto = "2611-000001"
		return []record.Fact{
			row(2, 3), row(3, 3), // before the record began, and on its day
			row(6, 6), row(6, 9), withdrawn, // a Friday: 0 days, and a Monday after: 3, or 1 working day
			row(4, 30),           // 26, or 18 from Wednesday the 4th to Monday the 30th
			row(0, 9), row(9, 6), // no day of reply, and one after that of publication
			row(9, 0), merged, // no reply was published; merged
		}
	}
	for _, tt := range []struct {
		name   string
		o      Options
		bins   []int64
		median record.Rate
		soon   int64
	}{
		{"calendar days", Options{Cutoff: november(30), Began: november(3)}, []int64{1, 0, 0, 2, 0, 0, 1}, record.Rate{Num: 6, Den: 2}, 3},
		{"working days", Options{Cutoff: november(30), Began: november(3), Workdays: weekdays{}}, []int64{1, 2, 0, 0, 0, 1, 0}, record.Rate{Num: 2, Den: 2}, 3},
		{"at an earlier cut-off", Options{Cutoff: november(9), Began: november(3)}, []int64{1, 0, 0, 2, 0, 0, 0}, record.Rate{Num: 6, Den: 2}, 3},
	} {
		l := count(t, tt.o, cases()...).Lag
		if diff := cmp.Diff(tt.bins, l.Bins()); diff != "" || l.Median() != tt.median || l.WithinSoon() != tt.soon || l.Before != 2 || l.Unknown != 2 {
			t.Errorf("%s: median %v, soon %d, before %d, unknown %d\n%s", tt.name, l.Median(), l.WithinSoon(), l.Before, l.Unknown, diff)
		}
	}
	// A holiday notice is missing for one case: that is unknown and not zero.
	l := count(t, Options{Cutoff: november(30) + 9, Workdays: weekdays{}}, row(28, 30), func() record.Fact { f := row(30, 30); f.Shown += 4; return f }()).Lag
	if l.Known() != 1 || l.Unknown != 1 {
		t.Errorf("%+v", l)
	}
	if (&Lag{}).Median() != (record.Rate{}) {
		t.Error("nothing has a median")
	}
}

func TestDaysBeforeADeadline(t *testing.T) {
	for _, tc := range []struct {
		days record.Day
		bin  string
	}{
		{0, "0"}, {1, "1"}, {2, "2"}, {3, "3-5"}, {5, "3-5"}, {6, "6-10"}, {10, "6-10"}, {11, "11-"}, {400, "11-"},
	} {
		f := row(2, 2)
		f.OnTime, f.Due = record.Yes, f.RepliedOn+tc.days
		n := count(t, Options{Cutoff: november(30)}, f)
		if got := BeforeNames()[slices.Index(n.Before[:], 1)]; got != tc.bin {
			t.Errorf("%d days before: bin %q, want %q", tc.days, got, tc.bin)
		}
		if want := tc.days <= 1; (n.LastDay() == 1) != want || n.InTime != 1 {
			t.Errorf("%d days before: at the last moment %d", tc.days, n.LastDay())
		}
	}
}

// Due days of the office and of the rules are counted apart, on the row alone, and merged
// cases are left out.
func TestHowDueDaysCameAbout(t *testing.T) {
	due := func(day record.Day, rule string) record.Fact { f := row(0, 0); f.Due, f.DueRule = day, rule; return f }
	stub := due(november(9), "hotline/conclude")
	stub.Prominence = record.StubOnly
	merged := due(november(9), "")
	merged.MergedInto = "2611-000001"
	n := count(t, Options{Cutoff: november(30)}, due(november(9), ""), due(november(9), "hotline/conclude"), stub, due(0, ""), due(0, ""), due(0, ""), merged)
	if want := (Due{Delivered: 1, Rule: 2, None: 3}); n.Due != want {
		t.Errorf("%+v, want %+v", n.Due, want)
	}
	sum := new(Notes)
	sum.Add(n)
	sum.Add(n)
	if want := (Due{Delivered: 2, Rule: 4, None: 6}); sum.Due != want {
		t.Errorf("twice the same: %+v, want %+v", sum.Due, want)
	}
}

func TestSubstanceAndPromises(t *testing.T) {
	say := func(text string) record.Fact { f := row(2, 2); f.Reply.Text = text; return f }
	stub := say("正在办理。")
	stub.Prominence = record.StubOnly
	n := count(t, Options{Cutoff: november(30)}, say("路灯已修复。"), say("已转相关部门。"), say("已转相关部门。"), say("已办结"), say(""), stub, say("年底前修复。"))
	if n.Replies != 5 || n.NoSubstance() != 3 || n.Promise != 1 {
		t.Errorf("%+v", n)
	}
	for i, r := range substance.Rules() {
		if want := map[substance.Rule]int64{substance.PassedOn: 2, substance.Bare: 1}[r.ID]; n.Empty[i] != want {
			t.Errorf("%s: %d, want %d", r.ID, n.Empty[i], want)
		}
	}
}

// ask is a case of an area with a question.
func ask(area, question string, change ...func(*record.Fact)) record.Fact {
	f := row(20, 20)
	f.Received, f.Area, f.Title, f.Question, f.Finished, f.ClosedOn = november(2), record.AreaCode(area), "路灯不亮", question, record.Yes, november(21)
	for _, c := range change {
		c(&f)
	}
	return f
}

const (
	lamp   = "幸福小区南门外的路灯从上个月开始就一直不亮，晚上出行很不安全，请有关部门尽快派人修理，谢谢。"
	garden = "人民公园东侧的健身器材损坏已有半年，老人和孩子使用时容易受伤，希望园林部门检查更换。"
)

func TestRepeats(t *testing.T) {
	open := func(f *record.Fact) { f.Finished, f.ClosedOn = record.No, 0 }
	unknown := func(f *record.Fact) { f.Finished, f.ClosedOn = record.Unknown, 0 }
	again := func(f *record.Fact) { f.Reopened = record.CountOf(1) }
	confirmed := func(f *record.Fact) { f.ResolvedOn = november(22) }
	late := func(f *record.Fact) { f.ClosedOn = december(1) }
	supervised := func(d record.Day) func(*record.Fact) {
		return func(f *record.Fact) { f.Supervisions = []record.Supervision{{Day: d}} }
	}
	of := func(n record.CaseNumber) func(*record.Fact) { return func(f *record.Fact) { f.RepeatOf = n } }
	o := Options{Cutoff: november(30), Supervised: true}
	for _, tt := range []struct {
		name                string
		cases               []record.Fact
		o                   Options
		delivered, proposed Again
		pairs               string
	}{
		{"another text, another area, too short", []record.Fact{ask("1", lamp), ask("1", garden), ask("2", lamp), ask("1", "修"), ask("1", "修")}, o, Again{}, Again{}, ""},
		{"the same text", []record.Fact{ask("1", lamp), ask("1", garden), ask("1", lamp), ask("1", lamp)}, o, Again{}, Again{N: 2}, "3-1 4-3"},
		{"nearly the same text", []record.Fact{ask("1", lamp), ask("1", lamp+"急。")}, o, Again{}, Again{N: 1}, "2-1"},
		{"delivered, and not proposed again", []record.Fact{ask("1", lamp), ask("1", lamp, of("2611-000001")), ask("1", garden, of("2501-000007"))}, o, Again{N: 2}, Again{}, "2=1 3=7"},
		{"what became of the later one", []record.Fact{
			ask("1", lamp, open), ask("1", lamp), ask("1", lamp, open), ask("1", lamp, unknown), ask("1", lamp, again), ask("1", lamp, again, confirmed), ask("1", lamp, late),
		}, o, Again{}, Again{N: 6, Unresolved: 3, Unknown: 1}, "2-1 3-2 4-3 5-4 6-5 7-6"},
		{"supervision that followed", []record.Fact{
			ask("1", lamp), ask("1", lamp, open, supervised(november(9))), ask("1", lamp, open, supervised(november(1))), ask("1", lamp, open, supervised(december(1))), ask("1", lamp, supervised(november(9))),
		}, o, Again{}, Again{N: 4, Unresolved: 3, Supervised: 1}, "2-1 3-2 4-3 5-4"},
		{"no supervision is delivered", []record.Fact{ask("1", lamp), ask("1", lamp, open)}, Options{Cutoff: november(30)}, Again{Supervised: -1}, Again{N: 1, Unresolved: 1, Supervised: -1}, "2-1"},
	} {
		r := count(t, tt.o, tt.cases...).Repeats
		var pairs []string
		for _, p := range r.Pairs {
			sign := "="
			if p.ByRule() {
				sign = "-"
			}
			pairs = append(pairs, fmt.Sprint(p.Later.Running(), sign, p.Earlier.Running()))
		}
		if got := strings.ReplaceAll(strings.Join(pairs, ","), " ", ""); got != strings.ReplaceAll(tt.pairs, " ", ",") || r.Delivered != tt.delivered || r.Proposed != tt.proposed {
			t.Errorf("%s: %s, delivered %+v, proposed %+v", tt.name, got, r.Delivered, r.Proposed)
		}
	}
}

func december(d int) record.Day { return record.Date(2026, 12, d) }

// The notes of two units add up to what each says, and those of one do not depend on
// the order in which an area comes.
func TestAdd(t *testing.T) {
	o := Options{Cutoff: november(30), Began: november(1)}
	a := count(t, o, row(2, 5), ask("1", lamp), ask("1", lamp))
	b := count(t, o, row(2, 9), ask("1", garden))
	var sum Notes
	sum.Add(a)
	sum.Add(b)
	if sum.Lag.Known() != 5 || sum.Lag.Median() != (record.Rate{Num: 0, Den: 2}) || sum.Repeats.Full != 5 || sum.Repeats.Proposed != (Again{N: 1, Supervised: -1}) || sum.Alike.Percent != a.Alike.Percent {
		t.Errorf("%+v", sum)
	}
}
