package assess

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// mailboxes is a register with the mailbox of one post, whose holder changed on
// 2026-04-16 after a fortnight without one.
func mailboxes() record.Register {
	return record.Register{Channels: []record.Channel{
		{ID: "mail", Post: "某县县长", Terms: []record.Term{{From: day("2024-05-10"), Until: day("2026-03-31")}, {From: day("2026-04-16")}}},
		{ID: "web"},
	}}
}

// TestPostsBreak receives a case a month in a mailbox and says which periods have a rate.
func TestPostsBreak(t *testing.T) {
	b := NewBuilder(mailboxes(), day("2026-08-20"))
	for m := record.MonthOf(2025, 11); m <= record.MonthOf(2026, 8); m++ {
		f := record.Fact{Case: record.Case{Row: record.Row{Received: m.First() + 1, Due: m.First() + 15, Channel: "mail", Prominence: record.StubOnly, Answered: record.Yes, RepliedOn: m.First() + 9, OnTime: record.Yes}}}
		b.Add(f)
		f.Channel = "web"
		b.Add(f)
	}
	book := b.Book()
	post := record.Scope{Dim: record.ByPost, ID: record.PostID("某县县长")}
	for _, c := range []struct {
		period   record.Period
		received int64
		withheld Withheld
		onTime   record.Rate
	}{
		{"2026-03", 1, "", record.Rate{Num: 1, Den: 1}}, // the old term ends with its last day
		{"2026-04", 1, AcrossTerms, record.Rate{}},      // a new one begins within it
		{"2026-05", 1, "", record.Rate{Num: 1, Den: 1}},
		{"2025", 2, "", record.Rate{Num: 2, Den: 2}},
		{"2026", 8, AcrossTerms, record.Rate{}},
		{"2026-08/12", 10, AcrossTerms, record.Rate{}},
		{"all", 10, AcrossTerms, record.Rate{}},
		{"2025-11/2026-03", 5, "", record.Rate{Num: 5, Den: 5}},
		{"2025-11/2026-05", 7, AcrossTerms, record.Rate{}},
	} {
		s, _ := book.Set(post, c.period)
		if s.Received != c.received || s.Withheld != c.withheld || s.OnTimeReply.Rate != c.onTime {
			t.Errorf("%s: %d received, withheld %q, in time %v; want %d, %q, %v", c.period, s.Received, s.Withheld, s.OnTimeReply.Rate, c.received, c.withheld, c.onTime)
		}
		for _, f := range book.ScopeFigures(post, c.period) {
			if c.withheld != "" && f.Den > 0 {
				t.Errorf("%s: a rate of two holders: %s %v", c.period, f.Measure, f.Rate)
			}
		}
	}
	// The first of April to the 15th is a term of nobody, and no whole month.
	if diff := cmp.Diff([]record.Period{"2026-05/2026-08", "2025-11/2026-03"}, book.Terms(post)); diff != "" {
		t.Error(diff)
	}
	web, _ := book.Set(record.Scope{Dim: record.ByChannel, ID: "web"}, "all")
	if web.OnTimeReply.Rate != (record.Rate{Num: 10, Den: 10}) {
		t.Errorf("a channel that is no mailbox: %v", web.OnTimeReply.Rate)
	}
	if s := book.Terms(record.Scope{Dim: record.ByPost, ID: "p-none"}); s != nil {
		t.Error(s)
	}
}

// TestFewAgainst gives no rate of fewer than 30 cases about a unit, and counts them.
func TestFewAgainst(t *testing.T) {
	b := NewBuilder(record.Register{}, day("2026-08-20"))
	about := func(unit record.UnitID, n int) {
		for range n {
			b.Add(record.Fact{Case: record.Case{Row: record.Row{Received: day("2026-07-02"), Due: day("2026-07-12"), Prominence: record.Full, Answered: record.Yes, RepliedOn: day("2026-07-05"), OnTime: record.Yes}, Against: unit}})
		}
	}
	about("gas", 29)
	about("bus", 30)
	b.Add(record.Fact{Case: record.Case{Row: record.Row{Received: day("2026-07-02"), Prominence: record.StubOnly}, Against: "gas"}}) // a row does not say of whom it complains
	book := b.Book()
	gas, _ := book.Set(record.Scope{Dim: record.ByAgainst, ID: "gas"}, "2026-07")
	bus, _ := book.Set(record.Scope{Dim: record.ByAgainst, ID: "bus"}, "2026-07")
	if gas.Received != 29 || gas.Withheld != TooFew || gas.OnTimeReply.Den != 0 || gas.Days.Known+gas.Days.Unknown != 0 {
		t.Errorf("29 cases: %+v", gas)
	}
	if bus.Received != 30 || bus.Withheld != "" || bus.OnTimeReply.Rate != (record.Rate{Num: 30, Den: 30}) {
		t.Errorf("30 cases: %d, %q, %v", bus.Received, bus.Withheld, bus.OnTimeReply.Rate)
	}
}

// TestKeptDimensions holds what is kept as published to what can be restated: a figure
// that is not kept is in no list, and is not explained.
func TestKeptDimensions(t *testing.T) {
	b := NewBuilder(mailboxes(), day("2026-08-20"))
	f := record.Fact{Case: record.Case{Row: record.Row{Received: day("2026-07-02"), Channel: "mail", Origin: record.Letter, Prominence: record.Full}, Against: "gas", Addressee: "某县县长", LeaderKind: "many", Topic: "lamps"}}
	b.Add(f)
	book := b.Book()
	listed := map[record.Dimension]bool{}
	for _, f := range book.Figures(nil) {
		if listed[f.Scope.Dim] = true; !Kept(f) {
			t.Errorf("%s of %s is kept", f.Measure, f.Scope)
		}
	}
	for _, f := range append(book.ScopeFigures(record.Scope{Dim: record.ByTopic, ID: "lamps"}), record.Figure{Measure: MeasureSatisfiedFive, Scope: record.Scope{Dim: record.ByAll}}) {
		if Kept(f) {
			t.Errorf("%s of %s would be kept", f.Measure, f.Scope)
		}
	}
	explained := map[record.Dimension]bool{}
	for _, touch := range book.Touched(record.Fact{}, f) {
		explained[touch.Scope.Dim] = true
	}
	want := map[record.Dimension]bool{record.ByAll: true, record.ByChannel: true, record.ByOrigin: true}
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Error("listed:", diff)
	}
	if diff := cmp.Diff(want, explained); diff != "" {
		t.Error("explained:", diff)
	}
	for _, dim := range allDimensions() {
		if n := len(book.Scopes(dim)); (n == 1) != (listed[dim] || slices.Contains([]record.Dimension{record.ByTopic, record.ByAgainst, record.ByAddressee, record.ByLeaderKind, record.ByPost}, dim)) {
			t.Errorf("%s has %d scopes", dim, n)
		}
	}
}
