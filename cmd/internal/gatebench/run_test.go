package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/gatetext"
)

// TestLabelled measures three lines: a number that is found, one that the label
// puts beside what is found, and a clean one.
func TestLabelled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "labelled.jsonl")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"text": "手机：13812345678。", "spans": [{"kind": "mobile", "start": 9, "end": 20}]}
{"text": "手机13912345678，编号AB12。", "class": "official", "spans": [{"kind": "passport", "start": 26, "end": 30}]}

{"text": "第38路公交车晚点。", "spans": []}
`)
	var out bytes.Buffer
	if err := run(&out, []string{"-labelled", file, "-json"}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Documents, Held int
		Kinds           map[string]gatetext.Tally
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	mobile, passport := got.Kinds["mobile"], got.Kinds["passport"]
	if got.Documents != 3 || mobile.Secrets != 1 || mobile.Found != 1 || mobile.Findings != 2 || mobile.Right != 1 || passport.Secrets != 1 || passport.Found != 0 {
		t.Errorf("3 documents, one mobile of one found, two findings of which one is right, and no passport of one: have\n%s", out.String())
	}
	for _, bad := range []struct{ line, want string }{
		{`{"text": "a", "spans": [{"kind": "name", "start": 0, "end": 1}]}`, `no kind "name"`},
		{`{"text": "张", "spans": [{"kind": "person", "start": 0, "end": 1}]}`, "no stretch"},
		{`{"text": "a", "spans": [{"kind": "person", "start": 0, "end": 9}]}`, "no stretch"},
		{`{"text": "a", "class": "office"}`, `no class "office"`},
		{`{"text": 1}`, "line 1"},
	} {
		write(bad.line)
		if err := run(&out, []string{"-labelled", file}); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: %v, want an error with %q", bad.line, err, bad.want)
		}
	}
}

// TestTable measures a little and looks at what is printed: all figures, and of
// held-out families no detail unless it is asked for.
func TestTable(t *testing.T) {
	for _, args := range [][]string{{"-n", "3", "-v"}, {"-n", "3", "-json"}} {
		var out bytes.Buffer
		if err := run(&out, args); err != nil && err != errBelow {
			t.Fatal(err)
		}
		for _, want := range []string{"structured kinds, plain", "names in anchored contexts", "names standing free", "addresses below street level", "clean documents"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: no line for %q", args, want)
			}
		}
		if strings.Contains(out.String(), "free 4]") {
			t.Errorf("%v tells of a held-out family", args)
		}
	}
	if err := run(&bytes.Buffer{}, []string{"-n", "0"}); err == nil {
		t.Error("no documents at all are measured")
	}
}

// TestBelow checks that a figure below its floor is told from one above.
func TestBelow(t *testing.T) {
	for _, c := range []struct {
		f    gatetext.Figure
		want bool
	}{
		{gatetext.Figure{Floor: 95, Tuned: 99, Heldout: 94.9}, true},
		{gatetext.Figure{Floor: 95, Tuned: 94, Heldout: 99}, true},
		{gatetext.Figure{Floor: 95, Tuned: 95, Heldout: 96}, false},
		{gatetext.Figure{Floor: 0.5, Tuned: 0.6, AtMost: true}, true},
		{gatetext.Figure{Floor: 0.5, Tuned: 0.5, Heldout: 0.1, AtMost: true}, false},
	} {
		if c.f.Below() != c.want {
			t.Errorf("%+v: below is %t", c.f, !c.want)
		}
	}
}

// FuzzLabelled reads any file of labelled text: it is counted or refused, and no
// label of it is lost.
func FuzzLabelled(f *testing.F) {
	g, err := newGate()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`{"text": "手机：13812345678。", "spans": [{"kind": "mobile", "start": 9, "end": 20}]}`)
	f.Add("{}\n\n{\"text\": \"a\", \"class\": \"label\"}")
	f.Fuzz(func(t *testing.T, s string) {
		tallies, docs, held, err := g.labelled(strings.NewReader(s))
		if err != nil {
			return
		}
		if held > docs || docs > strings.Count(s, "\n")+1 {
			t.Fatalf("%d documents, %d held", docs, held)
		}
		for kind, tally := range tallies {
			if tally.Found > tally.Secrets || tally.Right > tally.Findings {
				t.Fatalf("%s: %d of %d found, %d of %d right", kind, tally.Found, tally.Secrets, tally.Right, tally.Findings)
			}
		}
	})
}
