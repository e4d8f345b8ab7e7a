package gate_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/gatetest"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
	"github.com/huiyin/huiyin/generator/source"
)

var asOf = gatetest.AsOf()

// newGate returns a gate with the default policy. It is made once, since its
// tables take a while under the race detector, and is safe to share.
func newGate(t testing.TB) *gate.Gate {
	t.Helper()
	g, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var shared = sync.OnceValues(func() (*gate.Gate, error) {
	return gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32)})
})

// answered is a case that is published in full, with the given texts.
func answered(question, reply string) source.Raw { return gatetest.Answered(question, reply) }

// TestFigures measures the gate with made-up text, prints the table of docs/gate.md
// and fails below a floor. It says which families and spellings were missed, never
// what stood in them. `go run ./cmd/internal/gatebench` measures the same with more text.
func TestFigures(t *testing.T) {
	g, err := gatetest.New()
	if err != nil {
		t.Fatal(err)
	}
	report := gatetext.Measure(g.Look, gatetext.Sizes{Seed: 1, Plain: 500, Spelt: 500, Names: 500, Clean: 10000})
	for _, f := range report.Figures() {
		t.Logf("%-32s %-15s floor %5.1f  aim %5.1f  tuned %7.3f  held out %7.3f  %s", f.What, f.Measure, f.Floor, f.Aim, f.Tuned, f.Heldout, f.Worst)
		if f.Below() {
			t.Errorf("%s: %s is below its floor", f.What, f.Measure)
		}
	}
	for _, row := range report.Rows {
		if row.Tuned.Recall() < 99.9 || row.Tuned.Right < row.Tuned.Findings {
			t.Logf("%s %s %s: recall %.1f %%, missed %v, wrong %v", row.Group, row.Kind, row.Name, row.Tuned.Recall(), row.Tuned.Missed, row.Tuned.Wrong)
		}
	}
}
