package gate

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// TestPanicHolds breaks the gate from within: what is then not known to be safe
// must not come out.
func TestPanicHolds(t *testing.T) {
	g, err := New(Options{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	raw := source.Raw{Kind: source.Case, Key: "A-1", Fields: map[string]string{
		"kind": "help", "received": "2026-10-01", "reply": "已修复。", "question": "路灯坏了。",
	}}
	whole := g.tables
	g.tables = nil
	g.scans.New = func() any { return &scan{} }
	asOf := record.Date(2026, 11, 20)
	cleared, v := g.Clear(raw, asOf)
	c, _ := cleared.Value().(record.Case)
	if v.Decision != Hold || !slices.Equal(v.Reasons, []string{"internal-error"}) || c.StubReason != record.UnderReview || c.Question != "" {
		t.Errorf("with a broken detector: %s %v", v.Decision, v.Reasons)
	}
	g.tables, g.policy.MaxSteps = whole, -1
	raw.Fields["kind"] = "report" // even to look for an accusation is too much
	if cleared, v = g.Clear(raw, asOf); v.Decision != Hold || cleared.Valid() {
		t.Errorf("with a broken gate: %s, valid %v", v.Decision, cleared.Valid())
	}
}

func TestZeroClearedIsNotValid(t *testing.T) {
	if (Cleared{}).Valid() {
		t.Error("the zero Cleared is valid")
	}
}

// TestMissingListHolds: a gate without one of its lists cannot say that a text is
// clean.
func TestMissingListHolds(t *testing.T) {
	g, err := New(Options{Key: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	broken := *g.tables
	broken.names = readNames(fstest.MapFS{})
	g.tables = &broken
	g.scans.New = func() any { return &scan{tables: &broken} }
	raw := source.Raw{Kind: source.Case, Key: "A-1", Fields: map[string]string{
		"kind": "help", "received": "2026-10-01", "reply": "已修复。", "question": "路灯坏了。",
	}}
	cleared, v := g.Clear(raw, record.Date(2026, 11, 20))
	if c, _ := cleared.Value().(record.Case); v.Decision != Hold || !slices.Equal(v.Reasons, []string{"missing-list"}) || c.Reply.Text != "" {
		t.Errorf("a case without a list: %s %v", v.Decision, v.Reasons)
	}
	if _, v = g.Clear(source.Raw{Kind: source.Topic, Key: "t", Fields: map[string]string{"name": "路灯"}}, record.Date(2026, 11, 20)); v.Decision != Hold {
		t.Errorf("a topic without a list: %s %v", v.Decision, v.Reasons)
	}
	if c := g.Check(Citizen, "路灯坏了。", record.Date(2026, 11, 20)); c.Clean() || c.Masked != "" {
		t.Error("a text without a list is clean")
	}
}
