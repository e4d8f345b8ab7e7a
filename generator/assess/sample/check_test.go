package sample

import (
	"fmt"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// A delivered sample is drawn again: the same cases, others, or why it cannot be checked.
func TestChecker(t *testing.T) {
	fact := func(n int) record.Fact {
		return record.Fact{Case: record.Case{Row: record.Row{
			Number: record.CaseNumber(fmt.Sprintf("2610-%06d", n)), Unit: "water", Received: record.Date(2026, 10, n), Prominence: record.Full,
		}, Rating: record.Rating{Scale: record.Five, Level: 4, Source: record.ByCitizen}}}
	}
	var facts []record.Fact
	var items []Item
	for n := 1; n <= 9; n++ {
		facts, items = append(facts, fact(n)), append(items, Item{Number: fact(n).Number})
	}
	frame, err := NewFrame(items)
	if err != nil {
		t.Fatal(err)
	}
	drawn := draw(t, frame, made, 3).Numbers()
	delivered := func() *record.Assessment {
		return &record.Assessment{ID: "a", Unit: "water", Period: "2026-10", Sample: &record.Sample{
			Cases: "full", Committed: record.Date(2026, 10, 30), SeedSHA256: made.SHA256(), Seed: string(made), FrameSHA256: frame.SHA256(), Drawn: drawn,
			Scale: record.Five, Scores: []record.PanelScore{{Number: drawn[0], Category: "居民", Level: 4}, {Number: drawn[0], Category: "媒体", Level: 1}},
		}}
	}
	other := items[0].Number
	for _, item := range items {
		if item.Number != drawn[0] && item.Number < drawn[1] {
			other = item.Number
		}
	}
	tests := []struct {
		name   string
		change func(*record.Assessment)
		add    []record.Fact
		want   Verdict
	}{
		{"as drawn", func(*record.Assessment) {}, nil, Same},
		{"a case came later", func(*record.Assessment) {}, []record.Fact{fact(11)}, Changed},
		{"another case", func(a *record.Assessment) { a.Sample.Drawn = []record.CaseNumber{other, drawn[1], drawn[2]} }, nil, Differs},
		{"a case is missing", func(a *record.Assessment) { a.Sample.Drawn = drawn[:2] }, nil, Differs},
		{"another seed", func(a *record.Assessment) { a.Sample.Seed = string(made) + "0" }, nil, OtherSeed},
		{"on the last day", func(a *record.Assessment) { a.Sample.Committed = record.Date(2026, 10, 31) }, nil, Late},
		{"no seed", func(a *record.Assessment) { a.Sample.Seed = "" }, nil, Incomplete},
		{"a number was set aside", func(a *record.Assessment) { a.Missing = []string{"drawn"} }, nil, Incomplete},
		{"of whom could not be used", func(a *record.Assessment) { a.Unit, a.Missing = "", []string{"unit"} }, nil, Incomplete},
		{"no end of the period", func(a *record.Assessment) { a.Period = record.AllTime }, nil, Incomplete},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := delivered()
			test.change(a)
			c := NewChecker(a, nil)
			for _, f := range append(facts[:len(facts):len(facts)], test.add...) {
				c.Add(&f)
			}
			if got := c.Verdict(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	a := delivered()
	a.Sample.Drawn = append(a.Sample.Drawn[:3:3], "2611-000001")
	c := NewChecker(a, nil)
	for _, f := range facts {
		c.Add(&f)
	}
	all, names, each := c.Agreement()
	if all.Exact != (record.Rate{Num: 1, Den: 2}) || fmt.Sprint(names) != "[媒体 居民]" || each[0].Exact.Num != 0 || each[1].Exact.Num != 1 {
		t.Errorf("%+v %v", all, names)
	}
	if fmt.Sprint(c.Unknown()) != "[2611-000001]" {
		t.Error(c.Unknown())
	}
}
