package assess

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

var all = record.Scope{Dim: record.ByAll}

func day(s string) record.Day {
	d, err := record.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

// fact reads a case from one line of "name=value" words; a name that is left
// out is not known.
func fact(line string) record.Fact {
	f := record.Fact{Case: record.Case{Row: record.Row{Prominence: record.Full, Received: day("2026-09-01")}}}
	for _, word := range strings.Fields(line) {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "received":
			f.Received = day(value)
		case "due":
			f.Due = day(value)
		case "replied":
			f.Answered, f.RepliedOn = record.Yes, day(value)
		case "unreplied":
			f.Answered = record.No
		case "closed":
			f.Finished, f.ClosedOn = record.Yes, day(value)
		case "open":
			f.Finished = record.No
		case "days":
			f.Days = record.CountOf(number(value))
		case "closedays":
			f.CloseDays = record.CountOf(number(value))
		case "intime":
			f.OnTime = record.Yes
		case "late":
			f.OnTime = record.No
		case "closeintime":
			f.ClosedOnTime = record.Yes
		case "closelate":
			f.ClosedOnTime = record.No
		case "stub":
			f.Prominence, f.StubReason = record.StubOnly, record.StubReason(value)
		case "into":
			f.MergedInto = record.CaseNumber(value)
		case "withdrawn":
			f.Prominence, f.StubReason = record.Withdrawn, record.Removed
		case "unit":
			f.Unit = record.UnitID(value)
		case "area":
			f.Area = record.AreaCode(value)
		case "topic":
			f.Topic = record.TopicID(value)
		case "channel":
			f.Channel = record.ChannelID(value)
		case "kind":
			f.Kind = record.Kind(value)
		case "status":
			f.Status = record.Status(value)
		case "five", "three", "points":
			f.Rating.Scale = record.RatingScale(name)
			level, source, _ := strings.Cut(value, "/")
			f.Rating.Level, f.Rating.Source = int8(number(level)), record.RatingSource(source)
		case "first":
			f.FirstResponse = day(value)
		case "sent":
			f.Dispatched = day(value)
		case "resolved":
			f.ResolvedOn = day(value)
		case "outcome":
			f.Outcome = record.Outcome(value)
		case "reopened":
			f.Reopened = record.CountOf(number(value))
		case "onsite":
			f.OnSite = record.Yes
		case "offsite":
			f.OnSite = record.No
		case "moved", "returned": // between units, on that day
			f.Dispatches = append(f.Dispatches, record.Dispatch{Day: day(value), Returned: name == "returned"})
		case "supervised":
			f.Supervisions = append(f.Supervisions, record.Supervision{Day: day(value)})
		case "repeat":
			f.RepeatOf = record.CaseNumber(value)
		default:
			panic("no such word: " + name)
		}
	}
	return f
}

func book(cutoff string, reg record.Register, lines ...string) *Book {
	b := NewBuilder(reg, day(cutoff))
	for _, l := range lines {
		b.Add(fact(l))
	}
	return b.Book()
}

// show prints a figure as "num/den" and the unknown ones, if any, as "+n?".
func show(f record.Figure) string {
	s := fmt.Sprintf("%d/%d", f.Num, f.Den)
	if f.Unknown > 0 {
		s += fmt.Sprintf("+%d?", f.Unknown)
	}
	return s
}

// rates prints due, collected, closed, replied in time and closed in time.
func rates(s Set) string {
	return strings.Join([]string{show(s.RepliedOfDue), show(s.RepliedOfCollected), show(s.ClosedOfReceived),
		show(s.OnTimeReply), show(s.OnTimeClose)}, " ")
}

// TestOneCase says for each kind of case what it adds to the five rates:
// replied of due, replied of collected, closed of received, replied in time,
// closed in time.
func TestOneCase(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"due=2026-09-10 replied=2026-09-08 intime closed=2026-09-09 closeintime", "1/1 1/1 1/1 1/1 1/1"},
		{"due=2026-09-30 replied=2026-09-30 intime closed=2026-09-30 closeintime", "1/1 1/1 1/1 1/1 1/1"}, // on the day of the cut-off
		{"due=2026-09-10 replied=2026-09-12 late closed=2026-09-12 closelate", "1/1 1/1 1/1 0/1 0/1"},
		{"due=2026-09-10 unreplied open", "0/1 0/1 0/1 0/1 0/1"},                         // overdue
		{"due=2026-09-30 unreplied open", "0/1 0/1 0/1 0/1 0/1"},                         // due on the day of the cut-off
		{"due=2026-10-01 unreplied open", "0/0 0/1 0/1 0/0 0/0"},                         // not due yet
		{"due=2026-10-01 replied=2026-09-08 intime open", "0/0 1/1 0/1 0/0 0/0"},         // early, but not yet due
		{"due=2026-09-10 replied=2026-10-01 late open", "0/1 0/1 0/1 0/1 0/1"},           // replied after the cut-off
		{"due=2026-09-10 closed=2026-09-09 closeintime", "0/0+1? 0/0+1? 1/1 0/0+1? 1/1"}, // the export has no replies
		{"due=2026-09-10 replied=2026-09-09", "1/1 1/1 0/0+1? 0/0+1? 0/0+1?"},            // in time or not is not known
		{"replied=2026-09-09 closed=2026-09-09", "0/0+1? 1/1 1/1 0/0+1? 0/0+1?"},         // no due day
		{"replied=", "0/0+1? 1/1 0/0+1? 0/0+1? 0/0+1?"},                                  // a reply without its day
		{"", "0/0+1? 0/0+1? 0/0+1? 0/0+1? 0/0+1?"},                                       // nothing but receipt
		{"stub=merged into=2608-000001 due=2026-09-10 unreplied open", "0/0 0/0 0/0 0/0 0/0"},
		{"stub=not-agreed into=2608-000001 due=2026-09-10 unreplied open", "0/0 0/0 0/0 0/0 0/0"}, // merged, whatever else keeps it back
		{"status=merged into=2608-000001 due=2026-09-10 replied=2026-09-08 intime", "0/0 0/0 0/0 0/0 0/0"},
		{"stub=merged due=2026-09-10 unreplied open", "0/1 0/1 0/1 0/1 0/1"}, // into none that is known: the word is no way out
		{"status=merged due=2026-09-10 unreplied open", "0/1 0/1 0/1 0/1 0/1"},
		{"status=declined due=2026-09-10 unreplied open", "0/1 0/1 0/1 0/1 0/1"}, // declining is no way out
		{"withdrawn due=2026-09-10 unreplied open", "0/1 0/1 0/1 0/1 0/1"},
		{"stub=not-agreed due=2026-09-10 replied=2026-09-08 intime open", "1/1 1/1 0/1 1/1 0/1"},
	} {
		// The case of another unit: the office delivers closings.
		b := book("2026-09-30", record.Register{}, test.line+" unit=a", "unit=b closed=2026-09-02")
		s, ok := b.Set(record.Scope{Dim: record.ByUnit, ID: "a"}, record.AllTime)
		if got := rates(s); got != test.want || !ok || s.Received != 1 {
			t.Errorf("%q adds %s, want %s", test.line, got, test.want)
		}
	}
}

// Of an office that has never delivered a closing, what is open is known not to be
// closed, and nothing is known of the rest: no rate can be made of that.
func TestNoClosings(t *testing.T) {
	lines := []string{"due=2026-09-10 unreplied open", "due=2026-09-10 replied=2026-09-08 intime", "due=2026-09-10 replied=2026-09-12 late"}
	s, _ := book("2026-09-30", record.Register{}, lines...).Set(all, record.AllTime)
	if got, want := rates(s), "2/3 2/3 0/0+3? 1/3 0/0+3?"; got != want {
		t.Errorf("three cases and no closing: %s, want %s", got, want)
	}
	s, _ = book("2026-09-30", record.Register{}, append(lines, "due=2026-09-10 replied=2026-09-12 late closed=2026-09-12 closelate")...).Set(all, record.AllTime)
	if got, want := rates(s), "3/4 3/4 1/2+2? 1/4 0/2+2?"; got != want {
		t.Errorf("a closing that came too late: %s, want %s", got, want)
	}
}

func TestReceivedAfterCutoffOrNever(t *testing.T) {
	b := book("2026-09-30", record.Register{}, "received=2026-10-01 unit=a", "received= unit=a")
	if s, ok := b.Set(all, record.AllTime); ok || s.Received != 0 || len(b.Scopes(record.ByUnit)) != 0 {
		t.Errorf("counted %d cases from after the cut-off or without a day", s.Received)
	}
}

// The three rates of the bulletins that this project began with. They are three
// measures: replies of due, closed of received, and replies of collected.
func TestGolden(t *testing.T) {
	for _, test := range []struct {
		num, den int
		yes, no  string
		of       func(Set) record.Figure
		want     string
	}{
		{3631, 3760, "due=2026-09-10 replied=2026-09-10", "due=2026-09-10 unreplied", func(s Set) record.Figure { return s.RepliedOfDue }, "96.57"},
		{54213, 54637, "closed=2026-09-10", "open", func(s Set) record.Figure { return s.ClosedOfReceived }, "99.22"},
		{12043, 13162, "replied=2026-09-10", "unreplied", func(s Set) record.Figure { return s.RepliedOfCollected }, "91.50"},
	} {
		b := NewBuilder(record.Register{}, day("2026-09-30"))
		for i := range test.den {
			b.Add(fact(map[bool]string{true: test.yes, false: test.no}[i < test.num]))
		}
		s, _ := b.Book().Set(all, "2026-09")
		f := test.of(s)
		if got := f.Percent(2); got != test.want || f.Num != int64(test.num) || f.Den != int64(test.den) {
			t.Errorf("%s: %d of %d is %s %%, want %s %%", f.Measure, f.Num, f.Den, got, test.want)
		}
	}
}

func TestAllUnknownPrintsAsUnknown(t *testing.T) {
	s, _ := book("2026-09-30", record.Register{}, "closed=2026-09-09", "open").Set(all, record.AllTime)
	if f := s.RepliedOfCollected; f.Den != 0 || f.Unknown != 2 || f.Percent(2) != "" {
		t.Errorf("replies that no export carries are %q of %d, %d unknown", f.Percent(2), f.Den, f.Unknown)
	}
	if c := s.Rating.Coverage; c.Den != 0 || c.Percent(2) != "" {
		t.Errorf("ratings that no export carries have coverage %q", c.Percent(2))
	}
}

func TestRatings(t *testing.T) {
	lines := []string{
		"unit=a replied=2026-09-02 five=5", "unit=a replied=2026-09-02 five=3", "unit=a replied=2026-09-02 five=2",
		"unit=a replied=2026-09-02", "unit=a replied=2026-09-02 three=2", "unit=a replied=2026-09-02 points=3",
		"unit=a unreplied five=1",                   // rated without a reply: not a rating of a reply
		"unit=a replied=2026-09-02 three=5",         // no such level
		"unit=a replied=2026-09-02 stub=not-agreed", // a stub shows no rating, and is not counted as one without
		"unit=a replied=2026-09-02 withdrawn",       // was perhaps rated; counts as without
		"unit=b replied=2026-09-02",
	}
	b := book("2026-09-30", record.Register{}, lines...)
	s, _ := b.Set(record.Scope{Dim: record.ByUnit, ID: "a"}, record.AllTime)
	got := "coverage " + show(s.Rating.Coverage)
	for _, r := range s.Rating.Scales {
		got += fmt.Sprintf("; %s %v %s", r.Scale, r.Levels, show(r.Satisfied))
	}
	want := "coverage 5/8; five [0 1 1 0 1] 2/3; three [0 1 0] 1/1; points [0 0 1 0 0] 0/1"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// b's office delivers ratings (a has some), so that nobody rated b is known.
	if s, _ := b.Set(record.Scope{Dim: record.ByUnit, ID: "b"}, record.AllTime); show(s.Rating.Coverage) != "0/1" {
		t.Errorf("coverage of b is %s, want 0/1", show(s.Rating.Coverage))
	}
}

// A withdrawal leaves no rate better than before.
func TestWithdrawalNeverImproves(t *testing.T) {
	lines := []string{
		"due=2026-09-10 replied=2026-09-08 days=7 intime closed=2026-09-09 closeintime five=5",
		"due=2026-09-10 replied=2026-09-20 days=19 late closed=2026-09-20 closelate five=4",
		"due=2026-09-10 unreplied open",
		"due=2026-09-10 replied=2026-09-08 days=7 intime open",
	}
	before, _ := book("2026-09-30", record.Register{}, lines...).Set(all, record.AllTime)
	for i := range lines {
		changed := slices.Clone(lines)
		changed[i] += " withdrawn"
		after, _ := book("2026-09-30", record.Register{}, changed...).Set(all, record.AllTime)
		if rates(after) != rates(before) || after.Received != before.Received || after.Days != before.Days {
			t.Errorf("withdrawing case %d changes %s to %s", i, rates(before), rates(after))
		}
		b, a := before.Rating.Coverage, after.Rating.Coverage
		if a.Num*b.Den > b.Num*a.Den {
			t.Errorf("withdrawing case %d improves the coverage from %s to %s", i, show(b), show(a))
		}
	}
}

func TestDistribution(t *testing.T) {
	for _, test := range []struct {
		days   string
		bins   [8]int64
		median string
	}{
		{"", [8]int64{}, ""},
		{"0", [8]int64{1}, "0"},
		{"2 3", [8]int64{1, 1}, "2.5"},
		{"5 6 10 11 15 16 20", [8]int64{0, 1, 2, 2, 2}, "11"},
		{"20 21 30 31 60 61 95 96 400", [8]int64{0, 0, 0, 0, 1, 2, 2, 4}, "60"},
		{"96 400", [8]int64{7: 2}, "248"},
		{"1 1 1 500", [8]int64{0: 3, 7: 1}, "1"},
	} {
		lines := []string{"replied=2026-09-02", "unreplied", ""} // days unknown; none; reply unknown
		for d := range strings.FieldsSeq(test.days) {
			lines = append(lines, "replied=2026-09-02 days="+d+" closed=2026-09-02 closedays="+d)
		}
		s, _ := book("2026-09-30", record.Register{}, lines...).Set(all, record.AllTime)
		want := Distribution{Bins: test.bins, Median: test.median, Known: int64(len(lines) - 3), Unknown: 2}
		if diff := cmp.Diff(want, s.Days); diff != "" {
			t.Errorf("days %s: %s", test.days, diff)
		}
		want.Unknown = 3 // no closing is known of the first three
		if diff := cmp.Diff(want, s.CloseDays); diff != "" {
			t.Errorf("closed in %s: %s", test.days, diff)
		}
	}
}

func TestScopesAndPeriods(t *testing.T) {
	reg := record.Register{
		Areas: []record.Area{
			{Code: "519900"}, {Code: "519901", Parent: "519900"}, {Code: "519902", Parent: "519900"},
			{Code: "519901001", Parent: "519901"}, {Code: "x", Parent: "y"}, {Code: "y", Parent: "x"},
		},
		Topics: []record.Topic{{ID: "road"}, {ID: "lamp", Parent: "road"}},
	}
	b := book("2026-09-15", reg,
		"received=2025-09-30 unit=a area=519901001 topic=lamp kind=help channel=web",
		"received=2025-10-01 unit=a area=519901 topic=road kind=consult channel=web",
		"received=2026-09-01 unit=b area=519902 topic=lamp kind=help channel=12345 stub=not-agreed",
		"received=2026-09-02 area=x",
		"received=2026-09-03 area=elsewhere")
	for _, test := range []struct {
		scope  record.Scope
		period record.Period
		want   int64
	}{
		{all, "all", 5}, {all, "2025", 2}, {all, "2026", 3}, {all, "2025-09", 1}, {all, "2026-09/12", 4}, {all, "2024", 0}, {all, "nonsense", 0},
		{record.Scope{Dim: record.ByArea, ID: "519900"}, "all", 3},
		{record.Scope{Dim: record.ByArea, ID: "519901"}, "all", 2},
		{record.Scope{Dim: record.ByArea, ID: "519901001"}, "all", 1},
		{record.Scope{Dim: record.ByArea, ID: "y"}, "all", 1}, // a register that goes in a circle
		{record.Scope{Dim: record.ByArea, ID: "elsewhere"}, "all", 1},
		{record.Scope{Dim: record.ByTopic, ID: "road"}, "all", 2}, // the stub shows no topic
		{record.Scope{Dim: record.ByTopic, ID: "lamp"}, "all", 1},
		{record.Scope{Dim: record.ByKind, ID: "help"}, "all", 1},
		{record.Scope{Dim: record.ByUnit, ID: "b"}, "2026-09", 1},
		{record.Scope{Dim: record.ByUnit, ID: "none"}, "all", 0},
		{record.Scope{Dim: record.ByAll, ID: "odd"}, "all", 0},
	} {
		s, ok := b.Set(test.scope, test.period)
		if s.Received != test.want || ok != (test.want > 0) {
			t.Errorf("%v in %s received %d (%v), want %d", test.scope, test.period, s.Received, ok, test.want)
		}
	}
	if diff := cmp.Diff([]record.Period{"all", "2025", "2025-09", "2025-10"}, slices.DeleteFunc(b.Periods(record.Scope{Dim: record.ByUnit, ID: "a"}), func(p record.Period) bool { return p == b.Rolling() })); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]record.Period{"all", "2026-09/12", "2026", "2026-09"}, b.Periods(record.Scope{Dim: record.ByUnit, ID: "b"})); diff != "" {
		t.Error(diff)
	}
	for p, want := range map[record.Period]bool{"2025": true, "2025-10": true, "2026": false, "2026-09": false, "2026-09/12": false, "2026-08/12": true, "all": false, "odd": false} {
		if b.Ended(p) != want {
			t.Errorf("%s has ended: %v", p, !want)
		}
	}
}

func TestFiguresAndDiff(t *testing.T) {
	lines := []string{"unit=a due=2026-09-10 replied=2026-09-08 days=7 intime five=4", "unit=a due=2026-09-10 unreplied open"}
	old := book("2026-09-30", record.Register{}, lines...).Figures(nil)
	slices.Reverse(lines)
	if diff := cmp.Diff(old, book("2026-09-30", record.Register{}, lines...).Figures(nil)); diff != "" {
		t.Errorf("figures depend on the order of the cases: %s", diff)
	}
	if !slices.IsSortedFunc(old, compareFigures) {
		t.Error("figures are not sorted")
	}
	known := map[string]bool{}
	for _, m := range Measures() {
		known[m.ID] = true
	}
	for _, f := range old {
		if !known[f.Measure] || f.Version < 1 || f.Cutoff != day("2026-09-30") {
			t.Errorf("figure %+v is of no measure", f)
		}
	}
	// The first case turns out to be of unit b: a loses, b gains, the whole stays.
	lines[1] = strings.Replace(lines[1], "unit=a", "unit=b", 1)
	var got []string
	for _, r := range Diff(old, book("2026-09-30", record.Register{}, lines...).Figures(func(p record.Period) bool { return p == "2026-09" })) {
		if r.Old.Period == "2026-09" && (r.Old.Measure == MeasureReceived || r.Old.Measure == MeasureOnTimeReply) {
			got = append(got, fmt.Sprintf("%s %s %s -> %s", r.Old.Scope, r.Old.Measure, show(r.Old), show(r.New)))
		}
	}
	want := []string{"unit/a on-time-reply 1/2 -> 0/1", "unit/a received 2/0 -> 1/0", "unit/b on-time-reply 0/0 -> 1/1", "unit/b received 0/0 -> 1/0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	later := book("2026-10-31", record.Register{}, lines...).Figures(func(p record.Period) bool { return p == "2026-09" })
	if r := Diff(nil, later); len(r) != 0 {
		t.Errorf("growth is called a restatement: %v", r)
	}
}

// TestWorkedExample is the example of docs/assessment.md.
func TestWorkedExample(t *testing.T) {
	reg := record.Register{Areas: []record.Area{{Code: "519901", Residents: record.CountOf(2000)}}}
	lines := []string{
		"received=2026-09-01 due=2026-09-10 replied=2026-09-08 days=7 intime closed=2026-09-09 closedays=8 closeintime five=4/citizen" + // A
			" sent=2026-09-01 first=2026-09-02 resolved=2026-09-12 onsite outcome=supported reopened=0",
		"received=2026-09-02 due=2026-09-11 replied=2026-09-21 days=18 late closed=2026-09-21 closedays=18 closelate five=2/call-back" + // B
			" sent=2026-09-02 first=2026-09-04 offsite outcome=explained reopened=1 returned=2026-09-03 returned=2026-09-05 supervised=2026-09-15",
		"received=2026-09-03 due=2026-09-12 unreplied open stub=not-answered sent=2026-09-03",                                                     // C
		"received=2026-09-25 due=2026-10-04 unreplied open stub=not-answered",                                                                     // D
		"received=2026-09-04 due=2026-09-13 replied=2026-09-06 days=2 intime open stub=not-agreed sent=2026-09-04 first=2026-09-05",               // E
		"received=2026-09-05 due=2026-09-14 replied=2026-09-12 days=6 intime closed=2026-09-12 closedays=6 closeintime withdrawn sent=2026-09-05", // F
		"received=2026-09-06 due=2026-09-15 unreplied open stub=merged into=2608-000001",                                                          // G
		"received=2026-09-07 replied=2026-09-10 days=3 open repeat=2608-000001",                                                                   // H
	}
	for i := range lines {
		lines[i] += " area=519901"
	}
	s, _ := book("2026-09-30", reg, lines...).Set(record.Scope{Dim: record.ByArea, ID: "519901"}, "2026-09")
	got := fmt.Sprintf("received %d = %d + %d + %d; %s; median %s %v; closing %s; coverage %s; satisfied %s",
		s.Received, s.Full, s.Stubs, s.Withdrawn, rates(s), s.Days.Median, s.Days.Bins, s.CloseDays.Median,
		show(s.Rating.Coverage), show(s.Rating.Scales[0].Satisfied))
	want := "received 8 = 3 + 4 + 1; 4/5+1? 5/7 3/7 3/5+1? 2/5+1?; median 6 [1 1 2 0 1 0 0 0]; closing 8; coverage 2/4; satisfied 1/2"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = fmt.Sprintf("%s per 1,000; published %s; merged %d, repeats %d; %s; first after %s +%d?; returns %d; %v",
		PerThousand(s.PerThousand.Rate), show(s.PublishedOfReceived), s.Merged, s.Repeats, further(s), s.FirstDays.Median, s.FirstDays.Unknown, s.Returns, s.Rating.Scales[0].Sources)
	want = "4.00 per 1,000; published 3/8; merged 1, repeats 1; resp=3/5+2? disp=5/6+1? reso=1/3 reop=1/2+1? retu=1/3+1? supe=1/3+1? site=1/2+2?" +
		" supp=1/2+2? expl=1/2+2? nots=0/2+2? adop=0/0+1?; first after 1 +2?; returns 2; [{citizen [0 0 0 1 0]} {call-back [0 1 0 0 0]}]"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The document names every measure and gives its formula as the code does.
func TestDocument(t *testing.T) {
	doc, err := os.ReadFile("../../docs/assessment.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range Measures() {
		for _, part := range []string{"`" + m.ID + "`", m.Name.Zh, m.Name.En, m.Formula.Zh, m.Formula.En, m.Unit.Zh, m.Unit.En, m.LeftOut.Zh, m.LeftOut.En} {
			if !strings.Contains(string(doc), part) {
				t.Errorf("docs/assessment.md lacks %q of %s", part, m.ID)
			}
		}
	}
}

func TestMeasures(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Measures() {
		if seen[m.ID] || !record.ValidID(m.ID) || m.Version < 1 {
			t.Errorf("measure %q is there twice or has no proper name or version", m.ID)
		}
		seen[m.ID] = true
		if m.Ranks && m.Kind != RateMeasure {
			t.Errorf("units are compared by %s, which is no rate", m.ID)
		}
		if strings.ContainsAny(m.Formula.Zh+m.LeftOut.Zh, ",;:()") {
			t.Errorf("measure %s: half-width punctuation in Chinese", m.ID)
		}
		for _, text := range []Text{m.Name, m.Formula, m.Unit, m.LeftOut} {
			if text.Zh == "" || text.En == "" || strings.ContainsAny(text.En, "。，") {
				t.Errorf("measure %s: %q / %q", m.ID, text.Zh, text.En)
			}
		}
	}
	if len(seen) != 32 {
		t.Errorf("there are %d measures", len(seen))
	}
}

func BenchmarkAdd(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	facts := make([]record.Fact, 100_000)
	for i := range facts {
		facts[i] = randomFact(r, 46, 930)
	}
	for b.Loop() {
		builder := NewBuilder(testRegister(), day("2026-09-30"))
		for i := range facts {
			builder.Add(facts[i])
		}
		builder.Book()
	}
}
