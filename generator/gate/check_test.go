package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
)

// TestCheckCase: what a case is about is asked of the whole case and of no other
// text, and what is held is not shown.
func TestCheckCase(t *testing.T) {
	g := newGate(t)
	for _, test := range []struct {
		text string
		held string // reasons, joined
	}{
		{"路灯坏了，请打13812345678。", ""},
		{"我儿子在学校被同学殴打，请打13812345678。", "sensitive-minor"},
		{"实名举报镇长，他收了钱。", "perhaps-accusing"},
		{"我&#x513F;子被老师体罚，局长受贿不管。", "perhaps-accusing sensitive-minor"},
		{strings.Repeat("局长受贿", 1<<18), "perhaps-accusing text-too-long"},
		{"\xff局长受贿", "bad-utf8 perhaps-accusing"},
	} {
		c := g.CheckCase(test.text, asOf)
		if held := strings.Join(c.Held, " "); held != test.held || (held == "") != (c.Masked != "") {
			t.Errorf("%.60q is held for %q, shown %v", test.text, held, c.Masked != "")
		}
		plain := g.Check(gate.Citizen, test.text, asOf)
		if !slices.Equal(plain.Findings, c.Findings) || plain.Clean() && test.held == "" {
			t.Errorf("%.60q: %d findings as a case, %d as a text", test.text, len(c.Findings), len(plain.Findings))
		}
		if slices.ContainsFunc(plain.Held, func(r string) bool { return r == "perhaps-accusing" || strings.HasPrefix(r, "sensitive-") }) {
			t.Errorf("%.60q as a text is held for %v", test.text, plain.Held)
		}
	}
}
