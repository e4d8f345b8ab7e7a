package assess

import (
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestMayCount says in which figures a case may have counted of which only the row is
// left: in those of its unit, area and channel.
func TestMayCount(t *testing.T) {
	b := NewBuilder(record.Register{Areas: []record.Area{{Code: "990101", Parent: "990100"}, {Code: "990100"}}}, record.Date(2026, 10, 31)).Book()
	row := func(received record.Day) *record.Fact {
		return &record.Fact{Case: record.Case{Row: record.Row{Number: "2609-000001", Prominence: record.Withdrawn, Received: received, Unit: "lamps", Area: "990101", Channel: "web"}}}
	}
	september := row(record.Date(2026, 9, 3))
	for _, c := range []struct {
		fact   *record.Fact
		scope  record.Scope
		period record.Period
		want   bool
	}{
		{september, record.Scope{Dim: record.ByAll}, "2026-09", true},
		{september, record.Scope{Dim: record.ByAll}, "2026", true},
		{september, record.Scope{Dim: record.ByAll}, "2026-08", false},
		{september, record.Scope{Dim: record.ByUnit, ID: "lamps"}, "2026-09", true},
		{september, record.Scope{Dim: record.ByUnit, ID: "water"}, "2026-09", false},
		{september, record.Scope{Dim: record.ByArea, ID: "990100"}, "2026-09", true},
		{september, record.Scope{Dim: record.ByChannel, ID: "phone"}, "2026-09", false},
		{row(0), record.Scope{Dim: record.ByAll}, "2026-09", false},
		{row(record.Date(2026, 11, 1)), record.Scope{Dim: record.ByAll}, "2026", false}, // after the cut-off
	} {
		if got := b.MayCount(c.fact, c.scope, c.period); got != c.want {
			t.Errorf("a case of %s in %s of %s: %t, want %t", c.fact.Received, c.scope, c.period, got, c.want)
		}
	}
}
