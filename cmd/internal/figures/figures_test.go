package figures

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeep(t *testing.T) {
	tests := []struct {
		name, run, before, after string // after: empty where Keep refuses
	}{
		{"the place of the run", "bench -cases 10", "a\n<!-- bench -cases 1 -->\nx\n<!-- end -->\n<!-- bench -cases 10 -->\nold\n<!-- end -->\nb\n",
			"a\n<!-- bench -cases 1 -->\nx\n<!-- end -->\n<!-- bench -cases 10 -->\n5 s\n<!-- end -->\nb\n"},
		{"an empty place", "bench", "<!-- bench -->\n<!-- end -->\n", "<!-- bench -->\n5 s\n<!-- end -->\n"},
		{"no place", "bench -cases 10", "<!-- bench -cases 1 -->\n<!-- end -->\n", ""},
		{"no end", "bench", "<!-- bench -->\nold\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			document := filepath.Join(t.TempDir(), "figures.md")
			if err := os.WriteFile(document, []byte(test.before), 0o644); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			p := Printer{Out: &out}
			p.Print("%d s\n", 5)
			err := p.Keep(document, test.run)
			got, readErr := os.ReadFile(document)
			if readErr != nil {
				t.Fatal(readErr)
			}
			want := test.after
			if want == "" {
				want = test.before
			}
			if (err != nil) != (test.after == "") || string(got) != want {
				t.Errorf("error %v, the document is %q, want %q", err, got, want)
			}
			if out.String() != "5 s\n" {
				t.Errorf("printed %q", out.String())
			}
		})
	}
}
