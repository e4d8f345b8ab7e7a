package opendata

import (
	"bytes"
	"encoding/csv"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// lines shows a file with its line ends as they are read by people.
func lines(b []byte) string { return strings.ReplaceAll(string(b), "\r\n", "\n") }

func TestRows(t *testing.T) {
	got := Rows().File([]record.Row{
		{
			Number: "2610-000001", Prominence: record.Full, Unit: "water", Area: "519901", Channel: "web", Origin: record.Letter, Status: record.Closed, MergedInto: "2609-000001",
			Received: record.Date(2026, 10, 1), Dispatched: record.Date(2026, 10, 2), Due: record.Date(2026, 10, 16), FirstResponse: record.Date(2026, 10, 3),
			RepliedOn: record.Date(2026, 10, 5), ClosedOn: record.Date(2026, 10, 6), ResolvedOn: record.Date(2026, 10, 7),
			Answered: record.Yes, Finished: record.Yes, Days: record.CountOf(4), OnTime: record.Yes, CloseDays: record.CountOf(5), ClosedOnTime: record.No,
			Flags: []record.Flag{record.FutureDate, record.StatusBehindDates},
		},
		{Number: "2610-000002", Prominence: record.StubOnly, StubReason: record.NotAnswered, Unit: "roads", Received: record.Date(2026, 10, 2), Answered: record.No, Days: record.CountOf(0)},
		{Number: "2610-000003", Prominence: record.StubOnly, StubReason: record.NotAnswered, Unit: "roads", Received: record.Date(2026, 10, 2), Due: record.Date(2026, 10, 19), DueRule: "mail/answer/2026-01-01", Answered: record.No},
	})
	want := `number,prominence,reason,unit,area,channel,origin,status,merged_into,received,dispatched,due,due_basis,first_response,replied,closed,resolved,answered,finished,days,on_time,close_days,closed_on_time,flags
2610-000001,full,,water,519901,web,letter,closed,2609-000001,2026-10-01,2026-10-02,2026-10-16,delivered,2026-10-03,2026-10-05,2026-10-06,2026-10-07,yes,yes,4,yes,5,no,future-date status-behind-dates
2610-000002,stub,not-answered,roads,,,,,,2026-10-02,,,unknown,,,,,no,,0,,,,
2610-000003,stub,not-answered,roads,,,,,,2026-10-02,,2026-10-19,mail/answer/2026-01-01,,,,,no,,,,,,
`
	if diff := cmp.Diff(want, lines(got)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	if !bytes.HasSuffix(got, []byte("\r\n")) || bytes.Count(got, []byte("\n")) != 4 || bytes.HasPrefix(got, []byte("\xef\xbb\xbf")) {
		t.Errorf("lines do not end as RFC 4180 has them: %q", got)
	}
}

func TestPublished(t *testing.T) {
	got := Published().File([]record.Case{
		{
			Row: record.Row{Number: "2610-000001"}, Kind: record.Help, Topic: "lamps", LegalClass: "行政,许可", LeaderKind: "heating", CoUnits: []record.UnitID{"roads", "school"},
			Against: "water", Addressee: "某县县长", RepeatOf: "2609-000004", Outcome: record.Supported, OnSite: record.Yes, Rating: record.Rating{Scale: record.Five, Level: 4, Source: record.ByCallback},
			Reopened: record.CountOf(0), Dispatches: []record.Dispatch{{Returned: true}, {}}, Supervisions: []record.Supervision{{}},
			Title: "路灯不亮", Question: "第一行\n第二行",
		},
		{Row: record.Row{Number: "2610-000003"}, LegalClass: "一行\r\n又一行 \"引号\""},
	})
	want := `number,page,kind,topic,legal_class,leader_kind,co_units,against,addressee,addressee_id,repeat_of,outcome,on_site,rating_scale,rating,rating_source,reopened,returns,supervisions,files
2610-000001,case/2610-000001.html,help,lamps,"行政,许可",heating,roads school,water,某县县长,p-5a559ac83f0b,2609-000004,supported,yes,five,4,call-back,0,1,1,0
2610-000003,case/2610-000003.html,,,"一行 又一行 ""引号""",,,,,,,,,,,,,0,0,0
`
	if diff := cmp.Diff(want, lines(got)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestFigures(t *testing.T) {
	base := record.Figure{Version: 1, Scope: record.Scope{Dim: record.ByAll}, Period: "2026-10/12", Cutoff: record.Date(2026, 10, 31)}
	figure := func(measure string, num, den, unknown int64) record.Figure {
		f := base
		f.Measure, f.Num, f.Den, f.Unknown = measure, num, den, unknown
		return f
	}
	unit := figure(assess.MeasureOnTimeReply, 0, 0, 7)
	unit.Scope = record.Scope{Dim: record.ByUnit, ID: "water"}
	got := Figures().File([]record.Figure{
		figure(assess.MeasureReceived, 54637, 0, 0),
		figure(assess.MeasureRepliedOfDue, 3631, 3760, 2), // 96.5691...
		figure(assess.MeasureMedianDays, 9, 2, 0),
		figure(assess.MeasureMedianCloseDays, 0, 0, 3), // nobody knows: not 0 days
		unit,
	})
	want := `measure,version,dimension,scope,period,cutoff,numerator,denominator,percent,unknown
received,1,all,,2026-10/12,2026-10-31,54637,,,0
replied-of-due,1,all,,2026-10/12,2026-10-31,3631,3760,96.57,2
median-days,1,all,,2026-10/12,2026-10-31,9,2,,0
median-close-days,1,all,,2026-10/12,2026-10-31,,,,3
on-time-reply,1,unit,water,2026-10/12,2026-10-31,0,0,,7
`
	if diff := cmp.Diff(want, lines(got)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// TestBreakdowns divides the cases of a unit: answered in 2, 3 and 61 days, one of them
// rated, one in a number of days that is not known, and one that is not answered.
func TestBreakdowns(t *testing.T) {
	b := assess.NewBuilder(record.Register{}, record.Date(2026, 10, 31))
	for i, days := range []int{2, 3, 61, -1} {
		f := record.Fact{Case: record.Case{Row: record.Row{
			Number: record.NewCaseNumber(record.MonthOf(2026, 8), i+1), Prominence: record.Full, Unit: "water", Received: record.Date(2026, 8, 1),
			Answered: record.Yes, RepliedOn: record.Date(2026, 10, 2), Finished: record.No,
		}}}
		if days >= 0 {
			f.Days = record.CountOf(days)
		}
		if i == 0 {
			f.Rating = record.Rating{Scale: record.Five, Level: 4, Source: record.ByMessage}
		}
		if i == 1 {
			f.Rating = record.Rating{Scale: record.Five, Level: 5}
		}
		b.Add(f)
	}
	b.Add(record.Fact{Case: record.Case{Row: record.Row{
		Number: "2608-000005", Prominence: record.StubOnly, StubReason: record.NotAnswered, Unit: "water", Received: record.Date(2026, 8, 1), Answered: record.No, Finished: record.No,
	}}})
	set, _ := b.Book().Set(record.Scope{Dim: record.ByUnit, ID: "water"}, "2026-08")
	got := Breakdowns().File(SetBreakdowns(&set))
	want := `division,dimension,scope,period,cutoff,class,cases
days,unit,water,2026-08,2026-10-31,0-2,1
days,unit,water,2026-08,2026-10-31,3-5,1
days,unit,water,2026-08,2026-10-31,6-10,0
days,unit,water,2026-08,2026-10-31,11-15,0
days,unit,water,2026-08,2026-10-31,16-20,0
days,unit,water,2026-08,2026-10-31,21-30,0
days,unit,water,2026-08,2026-10-31,31-60,0
days,unit,water,2026-08,2026-10-31,61-,1
days,unit,water,2026-08,2026-10-31,unknown,1
reason,unit,water,2026-08,2026-10-31,not-answered,1
rating-five,unit,water,2026-08,2026-10-31,4 message,1
rating-five,unit,water,2026-08,2026-10-31,5,1
`
	if diff := cmp.Diff(want, lines(got)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// TestRankings writes a ranking of a unit, of one that is ranked through it, and of
// one with too few cases and none above.
func TestRankings(t *testing.T) {
	b := assess.NewBuilder(record.Register{Units: []record.Unit{
		{ID: "alone", Level: 3, Kind: "部门"}, {ID: "dark", Level: 3, Kind: "部门"}, {ID: "town", Level: 4, Kind: "乡镇"}, {ID: "village", Level: 5, Kind: "村", Parent: "town"},
	}}, record.Date(2026, 10, 31))
	add := func(unit record.UnitID, n int, onTime record.Tri) {
		for range n {
			b.Add(record.Fact{Case: record.Case{Row: record.Row{
				Unit: unit, Prominence: record.Full, Received: record.Date(2026, 10, 1), Due: record.Date(2026, 10, 9), Answered: record.Yes, RepliedOn: record.Date(2026, 10, 8), OnTime: onTime,
			}}})
		}
	}
	add("town", 30, record.Yes)
	add("village", 10, record.No)
	add("alone", 3, record.Yes)
	add("", 2, record.Yes)
	for range 40 {
		b.Add(record.Fact{Case: record.Case{Row: record.Row{Unit: "dark", Prominence: record.Full, Received: record.Date(2026, 10, 1), Answered: record.Yes, RepliedOn: record.Date(2026, 10, 8)}}})
	}
	r := b.Book().Rank(assess.DefaultRankRules(), assess.AsItWas, "2026-10/12")
	r.Follow(b.Book().Rank(assess.DefaultRankRules(), assess.AsItWas, "2026-10/12"))
	want := `view,period,cutoff,level,kind,unit,standing,band,place,score,raise,lower,months_running,notice,month_numerator,month_denominator,through,inherits,received,measure,version,numerator,denominator,percent,unknown,own_received,own_numerator,own_denominator,own_unknown,own_months_running,own_month_numerator,own_month_denominator,first_cutoff,first_standing,first_band,first_notice,first_numerator,first_denominator,first_unknown
as-it-was,2026-10/12,2026-10-31,3,部门,alone,apart-few,,,,,,,,,,,,3,on-time-reply,1,3,3,100.00,0,,,,,,,,2026-10-25,apart-few,,,2,2,1
as-it-was,2026-10/12,2026-10-31,3,部门,dark,apart-unknown,,,,,,,,,,,,40,on-time-reply,1,0,0,,40,,,,,,,,2026-10-25,,,,,,
as-it-was,2026-10/12,2026-10-31,4,乡镇,town,ranked,third,,,4,3,2,,30,40,,,40,on-time-reply,1,30,40,75.00,0,30,30,30,0,0,30,30,2026-10-25,ranked,last,interview,3,30,0
as-it-was,2026-10/12,2026-10-31,4,乡镇,village,through,,,,,,,,,,town,,10,on-time-reply,1,0,10,0.00,0,,,,,,,,2026-10-25,,,,,,
as-it-was,2026-10/12,2026-10-31,,,,no-unit,,,,,,,,,,,,2,on-time-reply,1,2,2,100.00,0,,,,,,,,2026-10-25,,,,,,
as-it-was,2026-10/12,2026-10-31,,,old,gone,,,,,,,,,,,,,on-time-reply,1,,,,,,,,,,,,2026-10-25,ranked,first,,31,31,0
`
	count := func(num, den, unknown int64) []record.FirstCount {
		return []record.FirstCount{{Measure: assess.MeasureOnTimeReply, Version: 1, Rate: record.Rate{Num: num, Den: den}, Unknown: unknown}}
	}
	first := &record.FirstRanking{Period: "2026-10/12", Cutoff: record.Date(2026, 10, 25), Lines: []record.FirstLine{
		{Unit: "alone", Standing: "apart-few", Counts: count(2, 2, 1)},
		{Unit: "old", Standing: "ranked", Band: "first", Counts: count(31, 31, 0)},
		{Unit: "town", Standing: "ranked", Band: "last", Notice: "interview", Counts: count(3, 30, 0)},
	}}
	if diff := cmp.Diff(want, lines(Rankings(r.Rules).File(RankingRows(&r, first)))); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	rules := assess.DefaultRankRules()
	rules.Places = true
	want = `rule,id,zh,en,value
measure,on-time-reply,按期答复率,Replied on time,1
band,first,好,Good,95.00
band,second,较好,Fairly good,85.00
band,third,一般,Fair,70.00
band,last,待提升,To be improved,0.00
minimum,,,,30
unknown,,,,20.00
places,,,,yes
notice,,,,2
`
	if diff := cmp.Diff(want, lines(RankRules().File(ListRankRules(rules)))); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestRestatements(t *testing.T) {
	f := record.Figure{Measure: assess.MeasureRepliedOfDue, Version: 1, Scope: record.Scope{Dim: record.ByUnit, ID: "water"}, Period: "2026-09", Cutoff: record.Date(2026, 10, 31), Rate: record.Rate{Num: 1, Den: 3}, Unknown: 1}
	now := f
	now.Num, now.Unknown = 2, 0
	none := record.Figure{Measure: assess.MeasureReceived, Version: 1, Scope: record.Scope{Dim: record.ByAll}, Period: "2026", Cutoff: record.Date(2026, 10, 31)}
	one := none
	one.Num = 1
	got := Restatements().File([]record.Restatement{
		{Shown: record.Date(2026, 11, 6), Old: f, New: now, Why: []record.EventKind{record.EventCorrect, record.EventUpdate}, Cases: []record.CaseNumber{"2609-000001", "2609-000002"}, N: 2, No: 2},
		{No: 1, Shown: record.Date(2026, 11, 6), Old: none, New: one},
	})
	want := `no,shown,measure,version,dimension,scope,period,cutoff,old_numerator,old_denominator,old_unknown,new_numerator,new_denominator,new_unknown,why,cases,numbers
2,2026-11-06,replied-of-due,1,unit,water,2026-09,2026-10-31,1,3,1,2,3,0,correct update,2,2609-000001 2609-000002
1,2026-11-06,received,1,all,,2026,2026-10-31,0,,0,1,,0,register,0,
`
	if diff := cmp.Diff(want, lines(got)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// describe takes down the codebook of a table, its head, and the units of its numbers.
func describe[T any](t *Table[T], books, heads map[string][]byte, units map[string]map[string]Unit) {
	books[t.Name], heads[t.Name], units[t.Name] = t.Codebook(), t.File(nil), maps.Clone(t.Units)
}

// TestCodebooks says that every column of every table is described, once, in both
// languages, and that a codebook is a table that any reader of CSV can read.
func TestCodebooks(t *testing.T) {
	books, heads, units := map[string][]byte{}, map[string][]byte{}, map[string]map[string]Unit{}
	describe(Rows(), books, heads, units)
	describe(Published(), books, heads, units)
	describe(Figures(), books, heads, units)
	describe(Breakdowns(), books, heads, units)
	describe(Rankings(assess.DefaultRankRules()), books, heads, units)
	describe(RankRules(), books, heads, units)
	describe(Restatements(), books, heads, units)
	describe(Takedowns(), books, heads, units)
	describe(TakedownCounts(), books, heads, units)
	describe(Units(), books, heads, units)
	describe(Areas(), books, heads, units)
	describe(Topics(), books, heads, units)
	describe(Channels(), books, heads, units)
	describe(Commitments(), books, heads, units)
	describe(CommitmentCounts(), books, heads, units)
	describe(Deadlines(), books, heads, units)
	describe(Holidays(), books, heads, units)
	describe(Quality(), books, heads, units)
	describe(Alike(), books, heads, units)
	describe(Repeats(), books, heads, units)
	describe(Moves(), books, heads, units)
	describe(Samples(), books, heads, units)
	describe(Assessments(), books, heads, units)
	describe(Accountability(), books, heads, units)
	describe(Codebooks(), books, heads, units)
	known := Codebooks().Entries()[3].Words // of the column unit
	for name, book := range books {
		entries, err := csv.NewReader(bytes.NewReader(book)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var columns []string
		keys := 0
		for _, e := range entries[1:] {
			columns = append(columns, e[1])
			if e[0] != name || e[2] == "" || e[5] == "" || e[6] == "" {
				t.Errorf("%s: column %s is not described whole", name, e[1])
			}
			unit, told := units[name][e[1]]
			if number := e[2] == string(Integer) || e[2] == string(Decimal); number != told || e[3] != string(unit) || unit != NoUnit && !slices.Contains(known, e[3]) {
				t.Errorf("%s: column %s is of the type %s and has the unit %q", name, e[1], e[2], e[3])
			}
			delete(units[name], e[1])
			if e[4] == "yes" {
				keys++
			}
		}
		if keys == 0 {
			t.Errorf("%s: nothing tells its rows apart", name)
		}
		if len(units[name]) > 0 {
			t.Errorf("%s: units of no column: %v", name, units[name])
		}
		if head := strings.TrimSuffix(lines(heads[name]), "\n"); head != strings.Join(columns, ",") {
			t.Errorf("%s: columns %s, described %s", name, head, strings.Join(columns, ","))
		}
		if sorted := slices.Sorted(slices.Values(columns)); len(slices.Compact(sorted)) != len(columns) {
			t.Errorf("%s: a column stands there twice", name)
		}
	}
}

// The words of a measure are those that can stand there: in rankings what the rules accept, in
// restatements what is kept as published.
func TestWordsOfMeasures(t *testing.T) {
	words := func(entries []Entry) []string {
		i := slices.IndexFunc(entries, func(e Entry) bool { return e.Column == "measure" })
		return entries[i].Words
	}
	ranked, restated := words(Rankings(assess.DefaultRankRules()).Entries()), words(Restatements().Entries())
	for _, m := range assess.Measures() {
		rules := assess.DefaultRankRules()
		rules.Measures = []assess.Weight{{Measure: m.ID, Weight: 1}}
		if accepted := rules.Check() == nil; accepted != slices.Contains(ranked, m.ID) {
			t.Errorf("units are ranked by %s: %t, and the codebook says otherwise", m.ID, accepted)
		}
		if kept := assess.Kept(record.Figure{Measure: m.ID, Scope: record.Scope{Dim: record.ByUnit, ID: "water"}}); kept != slices.Contains(restated, m.ID) {
			t.Errorf("%s is kept and restated: %t, and the codebook says otherwise", m.ID, kept)
		}
	}
}

// TestWriteStops says that a file that cannot be read or written to its end is an
// error, and not a short file.
func TestWriteStops(t *testing.T) {
	broken := errors.New("broken")
	two := func(yield func(record.Row, error) bool) {
		_ = yield(record.Row{Number: "2610-000001"}, nil) && yield(record.Row{}, broken)
	}
	if n, err := Rows().Write(new(bytes.Buffer), two); n != 1 || !errors.Is(err, broken) {
		t.Errorf("%d rows, %v", n, err)
	}
	if _, err := Rows().Write(full{}, func(yield func(record.Row, error) bool) {
		for yield(record.Row{Number: "2610-000001"}, nil) {
		}
	}); !errors.Is(err, errFull) {
		t.Errorf("written where nothing can be: %v", err)
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
