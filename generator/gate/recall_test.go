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

// TestFigures measures the gate with made-up text, prints the table of docs/gate.md
// and fails below a floor. It says which families and spellings were missed, never
// what stood in them. `go run ./cmd/internal/gatebench` measures the same with more text.
func TestFigures(t *testing.T) {
	o := gate.Options{
		Key: bytes.Repeat([]byte{7}, 32), AllowLines: map[record.UnitID][]string{}, Officials: map[record.UnitID][]gate.Officer{},
	}
	for _, u := range gatetext.Units() {
		id := record.UnitID(u.ID)
		o.AllowLines[id] = u.Lines
		o.Officials[id] = []gate.Officer{{Name: u.Official, Title: u.Title}}
		for _, place := range u.Addresses {
			o.Allow = append(o.Allow, gate.Allow{
				Kind: gate.Address, Value: place, Unit: id, Owner: "办公室", Reason: "公开的办公地址",
				From: record.Date(2026, 1, 1), Until: record.Date(2027, 1, 1),
			})
		}
	}
	g, err := gate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	report := gatetext.Measure(func(d gatetext.Doc) gatetext.Looked { return look(g, d) },
		gatetext.Sizes{Seed: 1, Plain: 500, Spelt: 500, Names: 500, Clean: 10000})
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

// look shows a document to the gate: a planted one as one text, a clean one and
// one with a name in another field as a case.
func look(g *gate.Gate, d gatetext.Doc) (l gatetext.Looked) {
	var findings []gate.Finding
	field := source.FieldQuestion
	if d.Official {
		field = source.FieldReply
	}
	if d.Kind != "" && d.Addressee == "" {
		class := gate.Citizen
		if d.Official {
			class = gate.Official
		}
		field = "text"
		c := g.Check(class, d.Text, asOf, record.UnitID(d.Unit))
		findings, l.Held = c.Findings, len(c.Held) > 0
	} else {
		raw := answered("请问如何办理？", "已经办结。")
		raw.Fields[field] = d.Text
		raw.Fields[source.FieldUnit] = d.Unit
		raw.Fields[source.FieldAddressee] = d.Addressee
		_, v := g.Clear(raw, asOf)
		findings, l.Held = v.Findings, v.Decision != gate.Publish
	}
	for _, f := range findings {
		if f.Field == field && f.Action != string(gate.Pass) {
			l.Findings = append(l.Findings, gatetext.Finding{Kind: f.Type, Start: f.Start, End: f.End})
		}
	}
	return l
}
