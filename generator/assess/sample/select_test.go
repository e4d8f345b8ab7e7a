package sample

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

// some are eight cases of October and one of November.
func some(t *testing.T) []record.Fact {
	t.Helper()
	fact := func(number, received string, p record.Prominence, why record.StubReason, unit, area, channel string, kind record.Kind) record.Fact {
		day, err := record.ParseDay(received)
		if err != nil {
			t.Fatal(err)
		}
		return record.Fact{Case: record.Case{Kind: kind, Row: record.Row{
			Number: record.CaseNumber(number), Received: day, Prominence: p, StubReason: why,
			Unit: record.UnitID(unit), Area: record.AreaCode(area), Channel: record.ChannelID(channel),
		}}}
	}
	merged := func(f record.Fact) record.Fact {
		f.MergedInto = "2610-000001"
		return f
	}
	return []record.Fact{
		fact("2610-000001", "2026-10-01", record.Full, "", "water", "510100", "web", record.Help),
		fact("2610-000002", "2026-10-31", record.Full, "", "roads", "510104", "web", record.Suggest),
		fact("2610-000003", "2026-10-05", record.StubOnly, record.NotAnswered, "water", "510104", "mail", ""),
		merged(fact("2610-000004", "2026-10-06", record.StubOnly, record.MergedInto, "water", "510104", "mail", "")),
		fact("2610-000005", "2026-10-07", record.Withdrawn, record.Removed, "roads", "510100", "mail", ""),
		fact("2610-000006", "2026-10-08", record.Full, "", "", "510200", "web", record.Help),
		// A date corrected after the number was given: the day counts, not the number.
		fact("2610-000007", "2026-11-01", record.Full, "", "water", "510100", "web", record.Help),
		fact("2611-000001", "2026-10-09", record.Full, "", "water", "510105", "web", record.Help),
		fact("2611-000002", "2026-11-09", record.Full, "", "water", "510105", "web", record.Help),
	}
}

func TestSelect(t *testing.T) {
	// 510105 is a child of 510104, and 510104 says that it is one of 510105, too: a register that contradicts itself.
	areas := []record.Area{{Code: "510100"}, {Code: "510104", Parent: "510100"}, {Code: "510105", Parent: "510104"}, {Code: "510104", Parent: "510105"}, {Code: "510200"}}
	tests := []struct {
		name string
		spec Spec
		want string
		left Left
	}{
		{"in full", Spec{"2026-10", record.Scope{Dim: record.ByAll}, Full, ByNone, 1},
			"2610-000001, 2610-000002, 2610-000006, 2611-000001,", Left{Merged: 1, NotFull: 1, Withdrawn: 1}},
		{"rows", Spec{"2026-10", record.Scope{Dim: record.ByAll}, Rows, ByNone, 1},
			"2610-000001, 2610-000002, 2610-000003, 2610-000005, 2610-000006, 2611-000001,", Left{Merged: 1}},
		{"of a unit", Spec{"2026-10", record.Scope{Dim: record.ByUnit, ID: "water"}, Full, ByNone, 1},
			"2610-000001, 2611-000001,", Left{Merged: 1, NotFull: 1}},
		{"of an area and those below", Spec{"2026-10", record.Scope{Dim: record.ByArea, ID: "510104"}, Rows, ByUnit, 1},
			"2610-000002,roads 2610-000003,water 2611-000001,water", Left{Merged: 1}},
		{"of a channel, by kind", Spec{"2026-10", record.Scope{Dim: record.ByChannel, ID: "web"}, Full, ByKind, 1},
			"2610-000001,help 2610-000002,suggest 2610-000006,help 2611-000001,help", Left{}},
		{"by unit, one not known", Spec{"2026", record.Scope{Dim: record.ByAll}, Full, ByUnit, 1},
			"2610-000001,water 2610-000002,roads 2610-000006, 2610-000007,water 2611-000001,water 2611-000002,water", Left{Merged: 1, NotFull: 1, Withdrawn: 1}},
		{"of nobody", Spec{"2026-10", record.Scope{Dim: record.ByUnit, ID: "gas"}, Full, ByNone, 1}, "", Left{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := test.spec.Check(); err != nil {
				t.Fatal(err)
			}
			facts := some(t)
			slices.Reverse(facts)
			f, left, err := test.spec.Select(slices.Values(facts), areas)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Fields(string(f.CSV()))[1:]
			if diff := cmp.Diff(test.want, strings.Join(lines, " ")); diff != "" || left != test.left {
				t.Errorf("%s %+v", diff, left)
			}
		})
	}
}

// TestSelectMerged: a case that was merged into another is in no frame, however it is
// published; the word alone, without the other, takes none out.
func TestSelectMerged(t *testing.T) {
	facts := some(t)[:3]
	facts[1].MergedInto = facts[0].Number
	facts[2].StubReason, facts[2].Status = record.MergedInto, record.Merged
	for cases, want := range map[Cases]struct {
		numbers string
		left    Left
	}{
		Full: {"2610-000001,", Left{Merged: 1, NotFull: 1}}, Rows: {"2610-000001, 2610-000003,", Left{Merged: 1}},
	} {
		spec := Spec{"2026-10", record.Scope{Dim: record.ByAll}, cases, ByNone, 1}
		f, left, err := spec.Select(slices.Values(facts), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(strings.Fields(string(f.CSV()))[1:], " "); got != want.numbers || left != want.left {
			t.Errorf("%s: %s, left out %+v", cases, got, left)
		}
	}
}

func TestBadSpec(t *testing.T) {
	all := record.Scope{Dim: record.ByAll}
	tests := []struct {
		name string
		spec Spec
		want string
	}{
		{"no end", Spec{record.AllTime, all, Full, ByNone, 1}, "period with an end"},
		{"no period", Spec{"", all, Full, ByNone, 1}, "period with an end"},
		{"a thirteenth month", Spec{"2026-13", all, Full, ByNone, 1}, "period with an end"},
		{"no cases", Spec{"2026-10", all, Full, ByNone, 0}, "1 to 1,000,000"},
		{"too many", Spec{"2026-10", all, Full, ByNone, 1_000_001}, "1 to 1,000,000"},
		{"some cases", Spec{"2026-10", all, "some", ByNone, 1}, "no choice of cases"},
		{"by moon", Spec{"2026-10", all, Full, "moon", 1}, "nothing to divide"},
		{"rows by kind", Spec{"2026-10", all, Rows, ByKind, 1}, "shows no kind"},
		{"all of something", Spec{"2026-10", record.Scope{Dim: record.ByAll, ID: "x"}, Full, ByNone, 1}, "no scope"},
		{"a unit without name", Spec{"2026-10", record.Scope{Dim: record.ByUnit}, Full, ByNone, 1}, "no scope"},
		{"a topic", Spec{"2026-10", record.Scope{Dim: record.ByTopic, ID: "water"}, Full, ByNone, 1}, "no scope"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if msg := said(test.spec.Check()); !strings.Contains(msg, test.want) {
				t.Error(msg)
			}
		})
	}
}
