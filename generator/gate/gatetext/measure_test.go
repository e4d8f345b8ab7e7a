package gatetext_test

import (
	"testing"

	"github.com/huiyin/huiyin/generator/gate/gatetext"
)

// TestCount judges findings in one text: 我叫张三，住幸福里3栋201。 The name lies at 6
// to 12; the address begins at 18 below the street, and at 27 for what must be covered.
func TestCount(t *testing.T) {
	doc := gatetext.Doc{
		Text: "我叫张三，住幸福里3栋201。", Kind: gatetext.Person, Tuning: true,
		Spans: []gatetext.Span{
			{Kind: gatetext.Person, Start: 6, End: 12, From: 6},
			{Kind: gatetext.Address, Start: 27, End: 34, From: 18},
		},
	}
	if doc.Text[6:12] != "张三" || doc.Text[18:34] != "幸福里3栋201" {
		t.Fatal("the text is another")
	}
	type finding = gatetext.Finding
	for _, c := range []struct {
		name                        string
		kind                        string
		looked                      gatetext.Looked
		found, exact, findings, yes int
	}{
		{"nothing", gatetext.Person, gatetext.Looked{}, 0, 0, 0, 0},
		{"whole", gatetext.Person, gatetext.Looked{Findings: []finding{{"person", 6, 12}}}, 1, 1, 1, 1},
		{"half", gatetext.Person, gatetext.Looked{Findings: []finding{{"person", 6, 9}}}, 0, 0, 1, 1},
		{"half, but held", gatetext.Person, gatetext.Looked{Findings: []finding{{"person", 6, 9}}, Held: true}, 1, 0, 1, 1},
		{"held for something else", gatetext.Person, gatetext.Looked{Findings: []finding{{"mobile", 0, 3}}, Held: true}, 0, 0, 0, 0},
		{"in two parts", gatetext.Person, gatetext.Looked{Findings: []finding{{"person", 6, 9}, {"person", 9, 12}}}, 1, 0, 2, 2},
		{"too wide", gatetext.Person, gatetext.Looked{Findings: []finding{{"person", 0, 12}}}, 1, 0, 1, 1},
		{"beside", gatetext.Person, gatetext.Looked{Findings: []finding{{"person", 6, 12}, {"person", 18, 24}}}, 1, 1, 2, 1},
		{"house alone", gatetext.Address, gatetext.Looked{Findings: []finding{{"address", 27, 34}}}, 1, 1, 1, 1},
		{"with the estate", gatetext.Address, gatetext.Looked{Findings: []finding{{"address", 18, 34}}}, 1, 1, 1, 1},
		{"estate alone", gatetext.Address, gatetext.Looked{Findings: []finding{{"address", 18, 27}}}, 0, 0, 1, 1},
		{"without the room", gatetext.Address, gatetext.Looked{Findings: []finding{{"address", 18, 31}}}, 0, 0, 1, 1},
	} {
		var got gatetext.Tally
		got.Count(c.kind, doc, c.looked)
		if got.Secrets != 1 || got.Found != c.found || got.Exact != c.exact || got.Findings != c.findings || got.Right != c.yes {
			t.Errorf("%s: found %d exact %d findings %d right %d, want %d %d %d %d", c.name, got.Found, got.Exact, got.Findings, got.Right, c.found, c.exact, c.findings, c.yes)
		}
	}
}

// TestFiguresOfABlindAndAPerfectGate measures a gate that finds nothing, one that
// finds everything planted, and one that finds a name in every document.
func TestFiguresOfABlindAndAPerfectGate(t *testing.T) {
	sizes := gatetext.Sizes{Seed: 3, Plain: 20, Spelt: 5, Names: 20, Clean: 100}
	blind := gatetext.Measure(func(gatetext.Doc) gatetext.Looked { return gatetext.Looked{} }, sizes)
	perfect := gatetext.Measure(func(d gatetext.Doc) (l gatetext.Looked) {
		for _, s := range d.Spans {
			kind := s.Kind
			if kind == gatetext.OldIDCard {
				kind = gatetext.IDCard
			}
			l.Findings = append(l.Findings, gatetext.Finding{Kind: kind, Start: s.From, End: s.End})
		}
		return l
	}, sizes)
	shy := gatetext.Measure(func(d gatetext.Doc) gatetext.Looked {
		return gatetext.Looked{Findings: []gatetext.Finding{{Kind: gatetext.Person, Start: 0, End: len(d.Text)}}, Held: true}
	}, sizes)
	for i, f := range perfect.Figures() {
		if f.Below() || !f.AtMost && min(f.Tuned, f.Heldout) < 100 || f.AtMost && max(f.Tuned, f.Heldout) > 0 {
			t.Errorf("%s, %s: a perfect gate has %.2f and %.2f", f.What, f.Measure, f.Tuned, f.Heldout)
		}
		if b := blind.Figures()[i]; b.Measure == "recall" && (!b.Below() || b.Tuned > 0) {
			t.Errorf("%s: a blind gate has a recall of %.2f", b.What, b.Tuned)
		}
		if s := shy.Figures()[i]; s.AtMost && (!s.Below() || s.Heldout == 0) {
			t.Errorf("%s, %s: a gate that holds everything has %.2f", s.What, s.Measure, s.Tuned)
		}
	}
}
