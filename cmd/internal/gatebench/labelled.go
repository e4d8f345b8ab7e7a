package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/gate/gatetext"
)

// labelled is one line of a file of labelled text.
type labelled struct {
	Text  string `json:"text"`
	Class string `json:"class"` // "citizen" (or none), "official" or "label"
	Unit  string `json:"unit"`
	Spans []struct {
		Kind  string `json:"kind"`
		Start int    `json:"start"`
		End   int    `json:"end"`
	} `json:"spans"`
}

// maxLine bounds a line of labelled text.
const maxLine = 8 << 20

// doc checks a line and returns it as a document.
func (l labelled) doc() (d gatetext.Doc, class gate.Class, err error) {
	switch l.Class {
	case "", "citizen":
		class = gate.Citizen
	case "official":
		class = gate.Official
	case "label":
		class = gate.Label
	default:
		return d, class, fmt.Errorf("there is no class %q; want citizen, official or label", l.Class)
	}
	d = gatetext.Doc{Text: l.Text, Unit: l.Unit, Official: class == gate.Official}
	for i, s := range l.Spans {
		if !slices.Contains(gate.Types(), s.Kind) {
			return d, class, fmt.Errorf("span %d: there is no kind %q", i+1, s.Kind)
		}
		if s.Start < 0 || s.End <= s.Start || s.End > len(l.Text) || !utf8.ValidString(l.Text[s.Start:s.End]) {
			return d, class, fmt.Errorf("span %d is no stretch of the text; offsets are bytes, the end is exclusive", i+1)
		}
		d.Spans = append(d.Spans, gatetext.Span{Kind: s.Kind, Start: s.Start, End: s.End, From: s.Start})
	}
	return d, class, nil
}

// runLabelled measures with labelled text and prints a line a kind.
func runLabelled(out io.Writer, g measured, o options) error {
	f, err := os.Open(o.labelled)
	if err != nil {
		return err
	}
	defer f.Close()
	tallies, docs, held, err := g.labelled(f)
	if err != nil {
		return fmt.Errorf("%s: %w", o.labelled, err)
	}
	if o.json {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(struct {
			Documents int                       `json:"documents"`
			Held      int                       `json:"held"`
			Kinds     map[string]gatetext.Tally `json:"kinds"`
		}{docs, held, tallies})
	}
	fmt.Fprintf(out, "%d documents, %d held\n%-12s %8s %8s %8s %8s %8s %9s\n", docs, held, "", "labelled", "found", "recall", "findings", "right", "precision")
	for _, kind := range slices.Sorted(maps.Keys(tallies)) {
		t := tallies[kind]
		fmt.Fprintf(out, "%-12s %8d %8d %7.2f%% %8d %8d %8.2f%%\n", kind, t.Secrets, t.Found, t.Recall(), t.Findings, t.Right, t.Precision())
	}
	return nil
}

// labelled counts what is found in a file of labelled text, by kind.
func (g measured) labelled(r io.Reader) (tallies map[string]gatetext.Tally, docs, held int, err error) {
	tallies = map[string]gatetext.Tally{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var l labelled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, 0, 0, fmt.Errorf("line %d is no JSON object of a text with its spans", n)
		}
		d, class, err := l.doc()
		if err != nil {
			return nil, 0, 0, fmt.Errorf("line %d: %w", n, err)
		}
		seen := g.LookText(class, d)
		docs++
		if seen.Held {
			held++
		}
		kinds := map[string]bool{}
		for _, s := range d.Spans {
			kinds[s.Kind] = true
		}
		for _, f := range seen.Findings {
			kinds[f.Kind] = true
		}
		for kind := range kinds {
			t := tallies[kind]
			t.Count(kind, d, seen)
			tallies[kind] = t
		}
	}
	return tallies, docs, held, lines.Err()
}
