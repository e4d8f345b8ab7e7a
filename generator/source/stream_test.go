package source_test

import (
	"testing"

	"github.com/huiyin/huiyin/generator/source"
)

// TestStreamOfInput shows the stream of an input that names none, and of one that does.
func TestStreamOfInput(t *testing.T) {
	for _, tt := range []struct{ input, want string }{
		{`{glob: "list/*.csv", key: k, fields: {question: q}}`, "case"},
		{`{kind: unit, glob: units.csv, fields: {name: n}}`, "unit"},
		{`{glob: "feeds/street-reports/*.jsonl", key: k, fields: {question: q}}`, "street-reports"},
		{`{glob: ["feeds/a/2025*.jsonl", "feeds/a/2026*.jsonl"], key: k, fields: {question: q}}`, "a"},
		{`{glob: ["feeds/a/*.jsonl", "feeds/b/*.jsonl"], key: k, fields: {question: q}}`, "case"},
		{`{glob: "feeds/*/*.jsonl", key: k, fields: {question: q}}`, "case"},
		{`{glob: ["feeds/a/*.jsonl", "list/*.csv"], key: k, fields: {question: q}}`, "case"},
		{`{glob: "feeds/*.csv", key: k, fields: {question: q}}`, "case"},
		{`{stream: mine, glob: "feeds/a/*.jsonl", key: k, fields: {question: q}}`, "mine"},
	} {
		m, err := source.DecodeMapping([]byte("inputs:\n  - " + tt.input + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		p, err := source.Compile(m)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Inputs[0].Stream; got != tt.want {
			t.Errorf("%s: stream %q, want %q", tt.input, got, tt.want)
		}
	}
}
