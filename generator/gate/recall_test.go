package gate_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

var asOf = record.Date(2026, 11, 20)

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
func answered(question, reply string) source.Raw {
	return source.Raw{Kind: source.Case, Key: "k1", Fields: map[string]string{
		source.FieldKind: "consult", source.FieldReceived: "2026-10-01", source.FieldReplied: "2026-10-05",
		source.FieldQuestion: question, source.FieldReply: reply,
	}}
}

// found reports whether the secret of d is held or masked whole.
func found(v gate.Verdict, d gatetext.Doc) bool {
	for _, f := range v.Findings {
		if f.Start <= d.Start && f.End >= d.End && f.Action == "mask" || v.Decision == gate.Hold && f.Start < d.End && f.End > d.Start {
			return true
		}
	}
	return false
}

// TestRecall plants every kind in every spelling, 500 times each, and prints
// how many were found. It fails below the floors of docs/gate.md.
func TestRecall(t *testing.T) {
	g := newGate(t)
	const n = 500
	for _, kind := range gatetext.Kinds() {
		spellings := gatetext.Spellings()
		if kind == gatetext.OldIDCard || kind == gatetext.Landline {
			spellings = spellings[:1]
		}
		total := 0
		for _, s := range spellings {
			m := gatetext.New(1)
			hit, masked := 0, 0
			families := map[int]int{}
			for range n {
				d := m.Planted(kind, s)
				_, v := g.Clear(answered(d.Text, "已办理。"), asOf)
				if found(v, d) {
					hit++
				} else {
					families[d.Family]++
				}
				if v.Decision == gate.Publish {
					masked++
				}
			}
			total += hit
			floor := n * 99 / 100
			if s.Name == "plain" {
				floor = n*999/1000 + 1
			}
			t.Logf("%-10s %-18s found %6.1f %%  of these masked %6.1f %%  missed by family %v", kind, s.Name, float64(hit)*100/n, float64(masked)*100/n, families)
			if hit < floor {
				t.Errorf("%s %s: found %d of %d, want at least %d", kind, s.Name, hit, n, floor)
			}
		}
	}
}

// TestPrecision counts the findings in clean text.
func TestPrecision(t *testing.T) {
	g := newGate(t)
	const n = 20000
	m := gatetext.New(2)
	wrong, held := map[string]int{}, 0
	for range n {
		d := m.Clean()
		_, v := g.Clear(answered("请问如何办理？", d.Text), asOf)
		if v.Decision == gate.Hold {
			held++
		}
		for _, f := range v.Findings {
			wrong[f.Type+" "+f.Detector]++
		}
	}
	sum := 0
	for _, k := range wrong {
		sum += k
	}
	t.Logf("%d clean documents: %d wrong findings (%.2f in 1,000), %d held; by detector %v", n, sum, float64(sum)*1000/n, held, wrong)
	if sum*2000 > n {
		t.Errorf("%d wrong findings in %d documents, want at most 0.5 in 1,000", sum, n)
	}
}
