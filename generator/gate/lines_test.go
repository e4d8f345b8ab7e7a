package gate_test

import (
	"bytes"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

func TestWithLines(t *testing.T) {
	allowed := map[record.UnitID][]string{"u-lamp": {"028-81234567"}}
	base, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{1}, 32), AllowLines: allowed})
	if err != nil {
		t.Fatal(err)
	}
	register := map[record.UnitID][]string{"u-lamp": {"028-81234568", "no number", "a@b.cn"}, "u-other": {"028-81234569"}, "U X": {"028-81234560"}}
	more := base.WithLines(register)
	const text = "028-81234567、028-81234568、028-81234569、a@b.cn"
	for _, tt := range []struct {
		name string
		gate *gate.Gate
		unit string
		want string
	}{
		{"before", base, "u-lamp", "028-81234567、028-******68、028-******69、***@***"},
		{"the unit's own, of both lists", more, "u-lamp", "028-81234567、028-81234568、028-******69、***@***"},
		{"of another unit", more, "u-other", "028-******67、028-******68、028-81234569、***@***"},
		{"taken back", base.WithLines(map[record.UnitID][]string{"u-lamp": nil}), "u-lamp", "028-81234567、028-******68、028-******69、***@***"},
	} {
		cleared, v := tt.gate.Clear(full(fields{"reply": text, "unit": tt.unit, "reply_unit": tt.unit}), asOf)
		if c := cleared.Value().(record.Case); c.Reply.Text != tt.want {
			t.Errorf("%s: %s (%s), want %s", tt.name, c.Reply.Text, v.Decision, tt.want)
		}
		if cleared.PolicyHash() != tt.gate.PolicyHash() {
			t.Errorf("%s: cleared by another policy", tt.name)
		}
	}
	if more.PolicyHash() == base.PolicyHash() {
		t.Error("new lines do not change the hash")
	}
	for name, none := range map[string]map[record.UnitID][]string{"no unit": nil, "no line": {"u-other": nil}, "a line that is known": {"u-lamp": {"028-81234567"}}} {
		if base.WithLines(none).PolicyHash() != base.PolicyHash() {
			t.Errorf("%s changes the hash", name)
		}
	}
	both, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{1}, 32), AllowLines: map[record.UnitID][]string{
		"u-lamp": {"028-81234568", "028-81234567"}, "u-other": {"028-81234569"},
	}})
	if err != nil || both.PolicyHash() != more.PolicyHash() {
		t.Errorf("%v: the same lines from the configuration have another hash", err)
	}
	if len(allowed["u-lamp"]) != 1 || len(register["u-lamp"]) != 3 {
		t.Error("the caller's lists were changed")
	}
}
