package assess

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// rolled makes the rankings from one month to another by the default rules and returns the
// last.
func rolled(b *Book, view View, first, last record.Month) Ranking {
	all := RankMonths(first, last, func(p record.Period) Ranking { return b.Rank(DefaultRankRules(), view, p) })
	return all[len(all)-1]
}

// eleven writes lines of cases of a unit in the eleven months from December 2025 on.
func eleven(unit, cases string) (lines string) {
	for m := record.MonthOf(2025, 12); m <= record.MonthOf(2026, 10); m++ {
		lines += unit + " " + cases + " " + m.String() + "\n"
	}
	return lines
}

// TestNoticeOfOneMonth: twelve rankings share the month that was bad, or good. What the unit
// did in the latest month alone is shown, and is asked before a notice is set.
func TestNoticeOfOneMonth(t *testing.T) {
	for _, c := range []struct {
		name, cases  string
		want         Notice
		recent, band string
	}{
		// 440 of 1,040 are 42.31 %: the last band, twelve times on end.
		{"one bad month, and all in time since", "water 0/600 2025-11\n" + eleven("water", "40/40"), NoNotice, "40/40", "last"},
		{"none in time since either", "water 0/600 2025-11\n" + eleven("water", "0/40"), InterviewDue, "0/40", "last"},
		{"hardly better since", "water 0/600 2025-11\n" + eleven("water", "27/40"), InterviewDue, "27/40", "last"}, // 67.5 %
		{"in the third band since", "water 0/600 2025-11\n" + eleven("water", "28/40"), NoNotice, "28/40", "last"},
		{"too few since to tell", "water 0/600 2025-11\n" + eleven("water", "29/29"), InterviewDue, "29/29", "last"},
		// 4,000 of 4,040 are 99.01 %.
		{"one good month, and a bad one", "water 4000/4000 2025-11\nwater 0/40", NoNotice, "0/40", "first"},
		{"one good month, and a fair one", "water 4000/4000 2025-11\nwater 30/40", PraiseDue, "30/40", "first"},
	} {
		b := ranked(officesOf(someOffices), c.cases)
		r := rolled(b, AsItWas, record.MonthOf(2025, 11), record.MonthOf(2026, 10))
		e := r.Groups[0].Entries[0]
		if got := fmt.Sprintf("%d/%d", e.Recent[0].Num, e.Recent[0].Den); r.Notice(&e) != c.want || got != c.recent || e.Recent[0].Period != "2026-10" ||
			r.Rules.Bands[e.Band].ID != c.band || e.Running != 12 {
			t.Errorf("%s: %q, October alone %s of %s, for %d on end in the band %d", c.name, r.Notice(&e), got, e.Recent[0].Period, e.Running, e.Band)
		}
	}
}

// TestRunIsCapped: what a ranking says of earlier ones hangs on the last twelve.
func TestRunIsCapped(t *testing.T) {
	b := ranked(officesOf(someOffices), eleven("water", "0/40"))
	r := rolled(b, AsItWas, record.MonthOf(2025, 10), record.MonthOf(2027, 1))
	if e := r.Groups[0].Entries[0]; e.Running != RunsKept {
		t.Errorf("%d on end", e.Running)
	}
	if y := b.Rank(DefaultRankRules(), AsItWas, "2026"); y.Groups[0].Entries[0].Running != 0 || y.Groups[0].Entries[0].Recent != nil {
		t.Errorf("a year has no ranking of the month before: %+v", y.Groups[0].Entries[0])
	}
}

// TestNoticeNeedsTheUnit: nobody can be asked why of a unit that has ended, and no unit is
// asked for the cases of another.
func TestNoticeNeedsTheUnit(t *testing.T) {
	b := ranked(officesOf(someOffices), "older 0/40 2025-12\nwater 40/40 2026-09")
	for _, c := range []struct {
		view View
		want string
	}{
		{AsItWas, "  last older 0/40 +28 -0\n"},
		{AsItIs, "  last water 40/80 +16 -0 <older\n"},
	} {
		if got := written(rolled(b, c.view, record.MonthOf(2026, 9), record.MonthOf(2026, 10))); !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q in\n%s", c.view, c.want, got)
		}
	}
	// On its last day it has ended, and the month before not yet.
	b = ranked(officesOf("water level=3 kind=k to=2026-10-31"), "water 0/40 2026-08\nwater 0/40 2026-09")
	for m, want := range map[record.Month]Notice{record.MonthOf(2026, 9): InterviewDue, record.MonthOf(2026, 10): NoNotice} {
		r := rolled(b, AsItWas, record.MonthOf(2026, 8), m)
		if e := r.Groups[0].Entries[0]; r.Notice(&e) != want {
			t.Errorf("%s: %q", m, r.Notice(&e))
		}
	}
}

// TestNoticeIsForOwnCases: a unit that others are ranked through is asked and praised for what
// was delivered with it, in both rankings and in the latest month.
func TestNoticeIsForOwnCases(t *testing.T) {
	const (
		bad  = "village 0/24 2026-09\ntown1 0/29 2026-09\nvillage 0/5\n"
		good = "village 24/24 2026-09\ntown1 29/29 2026-09\nvillage 5/5\n"
	)
	for _, c := range []struct {
		name, cases string
		received    int64
		own         string
		earned      int
		want        Notice
	}{
		{"none of its own, and the others late", bad, 0, "0/0", 0, NoNotice},
		{"none of its own, and the others in time", good, 0, "0/0", 0, NoNotice},
		{"a few of its own", bad + "county 0/20 2026-09\ncounty 0/9", 29, "0/29", 0, NoNotice},
		{"its own late as well", bad + "county 0/30 2026-09\ncounty 0/1", 31, "0/31", 2, InterviewDue},
		{"its own in time", bad + "county 30/30 2026-09\ncounty 1/1", 31, "31/31", 0, NoNotice},
		{"in time, as the others", good + "county 30/30 2026-09\ncounty 1/1", 31, "31/31", 2, PraiseDue},
		{"enough of its own in one ranking alone", bad + "county 0/20 2026-09\ncounty 0/10", 30, "0/30", 1, NoNotice},
		{"nothing of its own in the latest month", bad + "county 0/30 2026-09", 30, "0/30", 2, NoNotice},
		{"its own latest month in the last band", good + "county 600/600 2026-09\ncounty 0/30\nwater 29/29\nroads 29/29\nschool 29/29\ntown2 29/29", 630, "600/630", 2, NoNotice},
	} {
		rules := DefaultRankRules()
		rules.Bands = []Band{{"first", Text{"好", "Good"}, 7000}, {"last", Text{"待提升", "To be improved"}, 0}}
		b := ranked(officesOf(strings.ReplaceAll(someOffices, "parent=town2", "parent=county")), c.cases)
		all := RankMonths(record.MonthOf(2026, 9), record.MonthOf(2026, 10), func(p record.Period) Ranking { return b.Rank(rules, AsItWas, p) })
		r := all[1]
		i := slices.IndexFunc(r.Groups, func(g PeerGroup) bool { return g.Kind == "政府" })
		e := r.Groups[i].Entries[0]
		own := fmt.Sprintf("%d/%d", e.Own.Figures[0].Num, e.Own.Figures[0].Den)
		if e.Unit != "county" || len(e.Through) < 1 || e.Own.Received != c.received || own != c.own || e.Earned != c.earned || e.Running != 2 || r.Notice(&e) != c.want {
			t.Errorf("%s: %s has %d of its own, %s, in the band for %d and with them for %d rankings: %q", c.name, e.Unit, e.Own.Received, own, e.Running, e.Earned, r.Notice(&e))
		}
	}
	// As it is, what it has taken over is not its own.
	r := ranked(officesOf(someOffices), "old 10/40 2026-03\nwater 3/3").Rank(DefaultRankRules(), AsItIs, "2026-10/12")
	if e := r.Groups[0].Entries[0]; e.Value != (record.Rate{Num: 13, Den: 43}) || e.Own.Figures[0].Rate != (record.Rate{Num: 3, Den: 3}) || e.OwnBand != -1 {
		t.Errorf("as it is: %+v", e)
	}
}

// TestMonthOfNothing: a month in which a unit received nothing says nothing new, whatever
// the eleven before it were like.
func TestMonthOfNothing(t *testing.T) {
	const cases = "water 0/40 2026-08\nwater 0/40 2026-09\nroads 40/40 2026-08\nroads 40/40 2026-09\nwater 0/1 2026-11"
	b := ranked(officesOf(someOffices), cases)
	for m, want := range map[record.Month]string{
		record.MonthOf(2026, 9):  "3 部门\n  first roads 80/80 +0 -5 praise\n  last water 0/80 +56 -0 interview\n",
		record.MonthOf(2026, 10): "3 部门\n  first roads 80/80 +0 -5\n  last water 0/80 +56 -0\n",
	} {
		if diff := cmp.Diff(want, written(rolled(b, AsItWas, record.MonthOf(2026, 7), m))); diff != "" {
			t.Errorf("%s: want -, got +\n%s", m, diff)
		}
	}
	// A year after, nothing is left to compare.
	if r := rolled(b, AsItWas, record.MonthOf(2026, 7), record.MonthOf(2027, 12)); len(r.Groups) > 0 {
		t.Errorf("%s", written(r))
	}
}

// TestNoticeAcrossRestatement: rankings are all made from what is known now, so that a month
// that is put right leaves no run behind.
func TestNoticeAcrossRestatement(t *testing.T) {
	before := rolled(ranked(officesOf(someOffices), "water 0/40 2026-09\nwater 0/10"), AsItWas, record.MonthOf(2026, 9), record.MonthOf(2026, 10))
	now := rolled(ranked(officesOf(someOffices), "water 30/40 2026-09\nwater 0/10"), AsItWas, record.MonthOf(2026, 9), record.MonthOf(2026, 10))
	if was, is := before.Groups[0].Entries[0], now.Groups[0].Entries[0]; before.Notice(&was) != InterviewDue || is.Band != was.Band || is.Running != 1 || now.Notice(&is) != NoNotice {
		t.Errorf("%q after %d, and %q after %d", before.Notice(&was), was.Running, now.Notice(&is), is.Running)
	}
	first, placed := before.first(), now.Placed()
	if !now.Differs(&placed[0], &first.Lines[0]) {
		t.Error("what was first published is not said to differ")
	}
}

// TestSkippedBand: where bands are close and cases few, one case more or fewer skips a band,
// and what is said names the one that is reached.
func TestSkippedBand(t *testing.T) {
	rules := DefaultRankRules()
	rules.Bands = []Band{rules.Bands[0], {"b", Text{"二", "B"}, 9400}, {"c", Text{"三", "C"}, 9300}, rules.Bands[3]}
	// Of 30, 29 are 96.67 % and 28 are 93.33 %.
	r := ranked(officesOf(someOffices), "water 29/30\nroads 28/30").Rank(rules, AsItWas, "2026-10/12")
	best, third := r.Groups[0].Entries[0], r.Groups[0].Entries[1]
	if best.Lower != 1 || best.LowerTo != 2 || third.Raise != 1 || third.RaiseTo != 0 || third.Lower != 1 || third.LowerTo != 3 {
		t.Errorf("%+v\n%+v", best, third)
	}
}

// TestUnknownIsNoBand: a unit of which little is known is not a good one, nor one with few
// cases; and what has no unit stands in a line of its own.
func TestUnknownIsNoBand(t *testing.T) {
	const (
		good    = "received=2026-10-01 due=2026-10-10 replied=2026-10-09 intime"
		noDue   = "received=2026-10-01 replied=2026-10-09"
		notYet  = "received=2026-10-01 due=2026-11-10 unreplied"
		noTime  = "received=2026-10-01 due=2026-10-10 replied=2026-09-30"
		overdue = "received=2026-10-01 due=2026-10-10 unreplied"
	)
	type some struct {
		n    int
		line string
		unit string
	}
	for _, c := range []struct {
		name  string
		cases []some
		want  string
	}{
		{"970 of 1,000 unknown", []some{{30, good, "water"}, {500, noDue, "water"}, {470, noTime, "water"}},
			"3 部门\n  apart unknown water 30/30\n"},
		{"no due day at all, below a parent that is ranked", []some{{1000, noDue, "water"}, {40, good, "county"}},
			"3 政府\n  first county 40/40 +0 -3\n3 部门\n  apart unknown water 0/0\n"},
		{"a fifth is allowed", []some{{40, good, "water"}, {10, noDue, "water"}}, "3 部门\n  first water 40/40 +0 -3\n"},
		{"more than a fifth is not", []some{{40, good, "water"}, {11, noDue, "water"}}, "3 部门\n  apart unknown water 40/40\n"},
		{"few, whatever is known", []some{{5, good, "water"}, {24, noDue, "water"}}, "3 政府\n  apart few water 5/5\n"},
		{"few, and known well", []some{{29, good, "water"}, {7, noDue, "water"}}, "3 政府\n  apart few water 29/29\n"}, // 19.4 % unknown
		{"not yet due is known", []some{{30, good, "water"}, {300, notYet, "water"}}, "3 部门\n  first water 30/30 +0 -2\n"},
		{"those below make it incomplete", []some{{40, good, "county"}, {12, noDue, "water"}}, "3 政府\n  apart unknown county 40/40\n  apart unknown water 0/0\n"},
		{"without a unit", []some{{30, good, "water"}, {300, overdue, ""}, {2, good, "unheard"}}, "3 部门\n  first water 30/30 +0 -2\nno unit 2/302 of 302\n"},
	} {
		b := NewBuilder(officesOf(someOffices), day("2026-10-31"))
		for _, s := range c.cases {
			for range s.n {
				f := fact(s.line)
				f.Unit = record.UnitID(s.unit)
				b.Add(f)
			}
		}
		got := written(b.Book().Rank(DefaultRankRules(), AsItWas, "2026-10/12"))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: want -, got +\n%s", c.name, diff)
		}
	}
}

// TestCompositeOfGaps: a composite needs every one of its rates. Where one is unknown the unit
// is incomplete, and where one has too few cases the unit is counted with the one above.
func TestCompositeOfGaps(t *testing.T) {
	rules := DefaultRankRules()
	rules.Measures = []Weight{{MeasureOnTimeReply, 5}, {MeasureOnTimeClose, 2}}
	const replied = "received=2026-10-01 due=2026-10-10 replied=2026-10-09 intime"
	b := NewBuilder(officesOf(someOffices), day("2026-10-31"))
	for unit, lines := range map[string][]string{
		"water":  slices.Repeat([]string{replied + " closed=2026-10-09 closeintime"}, 40),
		"roads":  append(slices.Repeat([]string{replied + " closed=2026-10-20 closelate"}, 28), slices.Repeat([]string{replied + " closed=2026-10-09 closeintime"}, 28)...),
		"town1":  slices.Repeat([]string{replied}, 40), // nobody says whether they were closed
		"town2":  slices.Repeat([]string{replied + " closed=2026-10-09 closeintime"}, 29),
		"county": slices.Repeat([]string{replied + " closed=2026-10-20 closelate"}, 29),
	} {
		for _, line := range lines {
			b.Add(fact(line + " unit=" + unit))
		}
	}
	// Roads: (5 x 100 % + 2 x 50 %) / 7 = 85.714 %. County and the town: (5 x 100 % + 2 x 29/58) / 7, as well.
	want := "3 政府\n  second county 85.71 (town2 29/29)\n3 部门\n  first water 100.00\n  second roads 85.71\n4 乡镇街道\n  apart unknown town1 40/40\n"
	r := b.Book().Rank(rules, AsItWas, "2026-10/12")
	if diff := cmp.Diff(want, written(r)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	if e := r.Groups[0].Entries[0]; e.OwnBand != -1 || e.Own.Figures[1].Rate != (record.Rate{Num: 0, Den: 29}) || e.Raise+e.Lower != 0 {
		t.Errorf("of the county itself: %+v", e)
	}
}

// TestNoPeers: units of which neither level nor kind is known are not each other's peers.
func TestNoPeers(t *testing.T) {
	reg := officesOf("a\nb\nc parent=a\nd kind=k\ne level=3")
	got := written(ranked(reg, "a 40/40\nb 1/40\nc 5/5\nd 40/40\ne 40/40").Rank(DefaultRankRules(), AsItWas, "2026-10/12"))
	want := "3 \n  first e 40/40 +0 -3\n0 k\n  first d 40/40 +0 -3\n0 \n  apart no-peers a 40/40\n  apart no-peers b 1/40\n  apart no-peers c 5/5\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// TestWithdrawalLiftsNoUnit: units are compared by what is counted on rows alone. The words
// of the refusal say why.
func TestWithdrawalLiftsNoUnit(t *testing.T) {
	ranks := 0
	for _, m := range Measures() {
		rules := DefaultRankRules()
		rules.Measures = []Weight{{m.ID, 1}}
		err := rules.Check()
		if m.Ranks && (!m.Rows || err != nil) {
			t.Errorf("%s counts what a withdrawal takes away, or is refused: %v", m.ID, err)
		}
		if m.Kind == RateMeasure && !m.Rows && (err == nil || !strings.Contains(err.Error(), "withdrawing")) {
			t.Errorf("%s: %v", m.ID, err)
		}
		if !m.Ranks {
			continue
		}
		ranks++
		rank := func(extra string) Ranking {
			b := NewBuilder(officesOf(someOffices), day("2026-10-31"))
			for i := range 80 {
				l := "unit=water received=2026-10-01 due=2026-10-10 replied=2026-10-09 intime closed=2026-10-09 closeintime first=2026-10-02 sent=2026-10-02 resolved=2026-10-10 five=5"
				if i < 40 {
					l = "unit=water received=2026-10-01 due=2026-10-10 unreplied open five=1" + extra
				}
				b.Add(fact(l))
			}
			return b.Book().Rank(rules, AsItWas, "2026-10/12")
		}
		if before, after := written(rank("")), written(rank(" withdrawn")); before != after {
			t.Errorf("%s: from\n%sto\n%sby withdrawing", m.ID, before, after)
		}
	}
	if ranks != 8 {
		t.Errorf("units can be compared by %d measures", ranks)
	}
}

// TestOddRegisters: circles of successors and parents are read in one way, whatever the
// order of the register, and no case is lost.
func TestOddRegisters(t *testing.T) {
	for _, c := range []struct{ name, offices, cases, was, is string }{
		{
			"successors in a circle", "a level=3 kind=k to=2026-01-31 next=b\nb level=3 kind=k to=2026-02-28 next=a\nc level=3 kind=k to=2026-02-28 next=b", "a 40/40\nb 0/40\nc 40/80",
			"3 k\n  first a 40/40 +0 -3\n  last b 0/40 +28 -0\n  last c 40/80 +16 -0\n",
			"3 k\n  last a 80/160 +32 -0 <b <c\n",
		},
		{
			"a parent merged into its child", "e level=4 kind=k parent=f\nf level=3 kind=k parent=g to=2026-01-31 next=e\ng level=2 kind=k", "e 3/10\nf 4/10\ng 5/15",
			"2 k\n  last g 12/35 +13 -0 (e 3/10) (f 4/10)\n",
			"2 k\n  last g 12/35 +13 -0 (e 7/20)\n",
		},
		{
			"parents in a circle, one of itself, one that is not there", "a level=3 kind=k parent=c\nb level=3 kind=k parent=a\nc level=3 kind=k parent=b\nd level=3 kind=k parent=d\ne level=3 kind=k parent=gone", "a 10/10\nb 10/10\nc 10/10\nd 1/1\ne 1/1",
			"3 k\n  first a 30/30 +0 -2 (b 10/10) (c 10/10)\n  apart few d 1/1\n  apart few e 1/1\n",
			"3 k\n  first a 30/30 +0 -2 (b 10/10) (c 10/10)\n  apart few d 1/1\n  apart few e 1/1\n",
		},
		{
			"a parent and its parent merged into the child, in a circle", "a level=3 kind=k parent=b\nb level=3 kind=k parent=c to=2026-01-31 next=a\nc level=3 kind=k parent=b to=2026-01-31 next=a", "a 10/10\nb 10/10\nc 10/10",
			"3 k\n  first b 30/30 +0 -2 (a 10/10) (c 10/10)\n",
			"3 k\n  first a 30/30 +0 -2 <b <c\n",
		},
	} {
		reg := officesOf(c.offices)
		for range 2 {
			b := ranked(reg, c.cases)
			for view, want := range map[View]string{AsItWas: c.was, AsItIs: c.is} {
				if diff := cmp.Diff(want, written(b.Rank(DefaultRankRules(), view, "2026-10/12"))); diff != "" {
					t.Errorf("%s, %s: want -, got +\n%s", c.name, view, diff)
				}
			}
			slices.Reverse(reg.Units)
		}
	}
}

// chained is a register in which each unit stands below the next, or has been replaced by
// it, and the last by the first.
func chained(n int) (reg record.Register) {
	id := func(i int) record.UnitID { return record.UnitID(fmt.Sprintf("u%05d", i%n)) }
	for i := range n {
		u := record.Unit{ID: id(i), Level: 3, Kind: "k", Parent: id(i + 1)}
		if i%2 == 0 {
			u.To, u.Successor = day("2026-01-01"), id(i+1)
		}
		reg.Units = append(reg.Units, u)
	}
	return reg
}

// TestChainOfUnits: a chain of 4,000 units is one line in the end.
func TestChainOfUnits(t *testing.T) {
	reg := chained(4000)
	b := NewBuilder(reg, day("2026-10-31"))
	for _, u := range reg.Units {
		b.Add(fact("received=2026-10-01 due=2026-10-10 replied=2026-10-09 intime unit=" + string(u.ID)))
	}
	book := b.Book()
	for view, below := range map[View]int{AsItWas: 29, AsItIs: 14} {
		r := book.Rank(DefaultRankRules(), view, "2026-10/12")
		n := int64(0)
		for _, e := range r.Groups[0].Entries {
			n += e.Value.Den
			if len(e.Through) < below || len(e.Through) > 2*below+2 {
				t.Errorf("%s: %d through %s", view, len(e.Through), e.Unit)
			}
		}
		for _, l := range r.Groups[0].Apart {
			n += l.Figures[0].Den
		}
		if n != 4000 {
			t.Errorf("%s: %d cases", view, n)
		}
	}
}

func BenchmarkRankChain(b *testing.B) {
	for _, n := range []int{1000, 2000, 4000, 8000} {
		builder := NewBuilder(chained(n), day("2026-10-31"))
		for i := range n {
			if i%(n/10) == 0 {
				builder.Add(fact(fmt.Sprintf("received=2026-10-01 due=2026-10-10 replied=2026-10-09 intime unit=u%05d", i)))
			}
		}
		book := builder.Book()
		for _, view := range []View{AsItWas, AsItIs} {
			b.Run(fmt.Sprintf("%s/%d", view, n), func(b *testing.B) {
				for b.Loop() {
					book.Rank(DefaultRankRules(), view, "2026-10/12")
				}
			})
		}
	}
}
