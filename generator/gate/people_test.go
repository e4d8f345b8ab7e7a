package gate_test

import (
	"slices"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

func TestClearPeople(t *testing.T) {
	g := newGate(t)
	january := record.Date(2026, 1, 31)
	cleared, v := g.ClearPeople(2025, record.Sex, map[string]int64{"female": 60, "male": 37, "empty": 3}, january)
	p, ok := cleared.Value().(record.People)
	if v.Decision != gate.Publish || !ok || p.Check() != nil {
		t.Fatalf("%s %v: %+v", v.Decision, v.Reasons, p)
	}
	want := []record.PeopleGroup{
		{Group: "female", PeopleCount: record.PeopleCount{N: 60, Percent: 60}},
		{Group: "male", PeopleCount: record.PeopleCount{Hidden: true, Percent: -1}},
		{Group: "empty", PeopleCount: record.PeopleCount{Hidden: true, Percent: -1}},
		{Group: "other", PeopleCount: record.PeopleCount{}},
	}
	if !slices.Equal(p.Groups, want) || p.Total != (record.PeopleCount{N: 100, Percent: 100}) {
		t.Errorf("cleared as %+v", p)
	}
	again, _ := g.ClearPeople(2025, record.Sex, map[string]int64{"female": 60, "male": 37, "empty": 3}, january)
	if again.KeyMAC() != cleared.KeyMAC() {
		t.Error("the same table has another key")
	}
}

func TestClearPeopleHolds(t *testing.T) {
	g := newGate(t)
	january := record.Date(2026, 1, 31)
	for _, test := range []struct {
		name      string
		year      int
		attribute record.Attribute
		counts    map[string]int64
		asOf      record.Day
		want      string
	}{
		{"a year that is still young", 2026, record.Sex, map[string]int64{"male": 50}, january, "year-not-over"},
		{"a year that has just ended", 2025, record.Sex, map[string]int64{"male": 50}, january - 1, "year-not-over"},
		{"an attribute that nobody knows", 2025, "shoe_size", map[string]int64{"41": 50}, january, "unknown-attribute"},
		{"a group that nobody knows", 2025, record.Sex, map[string]int64{"male": 50, "王": 9}, january, "unknown-group"},
		{"a number below nought", 2025, record.Sex, map[string]int64{"male": -1}, january, "bad-number"},
		{"nobody", 2025, record.Sex, map[string]int64{}, january, "nobody-counted"},
	} {
		cleared, v := g.ClearPeople(test.year, test.attribute, test.counts, test.asOf)
		if cleared.Valid() || v.Decision != gate.Hold || !slices.Equal(v.Reasons, []string{test.want}) {
			t.Errorf("%s: %s %v", test.name, v.Decision, v.Reasons)
		}
	}
}
