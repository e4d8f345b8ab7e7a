package gate

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestNothingPassesUnderAnother: what is on an allow-list, or what the policy passes,
// does not take along a part of something else that it replaced.
func TestNothingPassesUnderAnother(t *testing.T) {
	g, err := New(Options{Key: make([]byte, 32), Hotlines: []string{"028-81234567"}})
	if err != nil {
		t.Fatal(err)
	}
	plain := "0281234567899999"
	passing := []hit{
		{typ: Landline, first: 0, last: 10, norm: "02881234567", confidence: 90},
		{typ: Service, first: 0, last: 10, norm: "4001234567", confidence: 90},
	}
	for _, pass := range passing {
		for _, test := range []struct {
			name        string
			first, last int32
			confidence  int
			masked      bool
		}{
			{"another reading of the same", 0, 10, 70, false},
			{"a part of it", 3, 8, 70, false},
			{"one that goes on behind it", 5, 16, 70, true},
			{"one around it", 0, 16, 70, true},
		} {
			c := &clearing{Gate: g, asOf: record.Date(2026, 11, 20), work: budget{left: 1 << 20}, scan: &scan{tables: g.tables}}
			c.scan.work = &c.work
			c.scan.glyphs = g.folds.view(nil, plain)
			c.scan.hits = []hit{pass, {typ: Mobile, first: test.first, last: test.last, norm: "13812345678", confidence: test.confidence}}
			masked, changed := c.judge("reply", Official, plain, c.scan.resolve(), func(int, int) (int, int) { return 0, 0 })
			if changed != test.masked || changed && strings.Contains(masked, "9") {
				t.Errorf("%s over %s: masked %v", pass.typ, test.name, changed)
			}
		}
	}
}

func TestPersonalID(t *testing.T) {
	for id, want := range map[string]bool{
		"u-lamp": false, "510104001": false, "": false, "u-2026-0001": false, "11510100mb1234567x": false, "1381234567": false,
		"13812345678": true, "u-13812345678": true, "138-1234-5678": true, "a13812345678b": true, "12-13812345678": true,
		"11010119900307771x": true, "id-110101199003077715": true, "u-6222020200112345678": luhn("6222020200112345678"),
	} {
		if got := personalID(id); got != want {
			t.Errorf("identifier of %d characters, with %d hyphens: %v, want %v", len(id), strings.Count(id, "-"), got, want)
		}
	}
}
