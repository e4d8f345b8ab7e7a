package gatetext_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate/gatetext"
)

func TestEqualSeedsEqualText(t *testing.T) {
	a, b := gatetext.New(4), gatetext.New(4)
	for range 100 {
		for _, kind := range gatetext.Kinds() {
			for _, s := range gatetext.Spellings() {
				x, y := a.Planted(kind, s), b.Planted(kind, s)
				if x != y {
					t.Fatalf("%s %s differs", kind, s.Name)
				}
				if x.Text[x.Start:x.End] != x.Written || x.Written == "" {
					t.Fatalf("%s %s does not lie where it should", kind, s.Name)
				}
			}
		}
		if a.Clean() != b.Clean() {
			t.Fatal("clean text differs")
		}
	}
	if gatetext.New(4).Clean() == gatetext.New(5).Clean() {
		t.Error("another seed makes the same text")
	}
}

func TestThereAreSpellingsEnough(t *testing.T) {
	if n := len(gatetext.Spellings()); n < 25 {
		t.Errorf("%d spellings, want at least 25", n)
	}
	if n := len(gatetext.Spelt()); n < 5 {
		t.Errorf("%d kinds in every spelling, want at least 5", n)
	}
}

// TestSharesNoListWithTheGate reads the sources of both packages: gatetext
// imports nothing of the module, and no list of words or characters of one is
// found in the other.
func TestSharesNoListWithTheGate(t *testing.T) {
	ours, imports := literals(t, ".")
	for _, path := range imports {
		if strings.Contains(path, ".") {
			t.Errorf("gatetext imports %s", path)
		}
	}
	theirs, _ := literals(t, "..")
	for lit := range theirs {
		if len([]rune(lit)) >= 12 && ours[lit] {
			t.Error("a string of twelve characters or more stands in both packages")
		}
		shared := 0
		for _, w := range strings.Fields(lit) {
			if len(w) > 4 && ours[w] {
				shared++
			}
		}
		if shared > 4 {
			t.Errorf("%d words of one of the gate's lists are literals here", shared)
		}
	}
}

// literals returns the string literals and imports of the package in dir.
func literals(t *testing.T, dir string) (lits map[string]bool, imports []string) {
	t.Helper()
	lits = map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources in %s: %v", dir, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, im := range f.Imports {
			path, _ := strconv.Unquote(im.Path.Value)
			imports = append(imports, path)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if b, ok := n.(*ast.BasicLit); ok && b.Kind == token.STRING {
				s, _ := strconv.Unquote(b.Value)
				lits[s] = true
			}
			return true
		})
	}
	return lits, imports
}
