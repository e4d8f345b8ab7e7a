package gatetext_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/huiyin/huiyin/generator/gate/gatetext"
)

func TestEqualSeedsEqualText(t *testing.T) {
	a, b := gatetext.New(4), gatetext.New(4)
	for range 100 {
		for _, kind := range gatetext.Kinds() {
			for _, s := range gatetext.Spellings() {
				x, y := a.Planted(kind, s), b.Planted(kind, s)
				if !reflect.DeepEqual(x, y) {
					t.Fatalf("%s %s differs", kind, s.Name)
				}
				if x.Text[x.Start:x.End] != x.Written || x.Written == "" {
					t.Fatalf("%s %s does not lie where it should", kind, s.Name)
				}
			}
		}
		if !reflect.DeepEqual(a.Clean(), b.Clean()) {
			t.Fatal("clean text differs")
		}
	}
	if reflect.DeepEqual(gatetext.New(4).Clean(), gatetext.New(5).Clean()) {
		t.Error("another seed makes the same text")
	}
}

func TestThereIsEnough(t *testing.T) {
	if n := len(gatetext.Spellings()); n < 26 {
		t.Errorf("%d spellings with the plain one, want at least 26", n)
	}
	if n := len(gatetext.Spelt()); n < 5 {
		t.Errorf("%d kinds in every spelling, want at least 5", n)
	}
	plain := gatetext.Spellings()[0]
	m := gatetext.New(6)
	families := func(n int, make func() gatetext.Doc) (tuned, heldout int) {
		seen := map[int]bool{}
		for range 4000 {
			d := make()
			if !seen[d.Family] {
				seen[d.Family] = true
				if d.Family%5 == 4 {
					heldout++
				} else {
					tuned++
				}
			}
			if d.Family%5 == 4 && d.Tuning {
				t.Fatalf("%s %s family %d is held out, but not marked", d.Kind, d.Context, d.Family)
			}
		}
		if tuned+heldout < n || heldout < 1 {
			t.Errorf("%d families tuned and %d held out, want at least %d", tuned, heldout, n)
		}
		return tuned, heldout
	}
	for _, kind := range gatetext.Kinds() {
		families(10, func() gatetext.Doc { return m.Planted(kind, plain) })
	}
	for _, context := range gatetext.Anchored() {
		families(5, func() gatetext.Doc { return m.Named(context, plain) })
	}
	families(15, func() gatetext.Doc { return m.Named(gatetext.Free, plain) })
	families(20, func() gatetext.Doc { return m.Addressed(plain) })
}

// TestCleanTextIsManifold counts clean sentences with every digit made 0, so that
// another number does not make another sentence.
func TestCleanTextIsManifold(t *testing.T) {
	m := gatetext.New(8)
	seen := map[string]bool{}
	for range 20000 {
		d := m.Clean()
		if len(d.Spans) > 0 || d.Kind != "" {
			t.Fatal("a clean document has something planted in it")
		}
		for _, s := range strings.FieldsFunc(d.Text, func(r rune) bool { return r == '。' || r == '\n' || r == '？' }) {
			seen[strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return '0'
				}
				return r
			}, s)] = true
		}
	}
	if len(seen) < 2000 {
		t.Errorf("%d different clean sentences, want at least 2,000", len(seen))
	}
}

// TestSharesNoListWithTheGate proves what can be proved of two lists about one
// language: that none was taken from the other. gatetext imports and embeds nothing;
// no stretch of twelve characters, spaces aside, stands in both packages, so no list
// of characters, table or sentence does; no list of the gate has more than four of the
// words here, or one in a thousand where it is a dictionary; of the compound surnames
// and the parts of Tibetan, Yi and Uyghur names, which are facts and few, at most two in
// three are the same; and next to none of the full names and addresses made here is an entry
// of the gate's. Surnames and characters of given names by themselves prove nothing:
// every list of them has the same ones.
func TestSharesNoListWithTheGate(t *testing.T) {
	ours, imports := literals(t, ".")
	for _, path := range imports {
		if strings.Contains(path, ".") || path == "embed" {
			t.Errorf("gatetext imports %s", path)
		}
	}
	if other, _ := filepath.Glob("*"); slices.ContainsFunc(other, func(name string) bool {
		return !strings.HasSuffix(name, ".go") && name != "testdata"
	}) {
		t.Error("gatetext has files that are no Go")
	}
	theirs := lists(t)

	const run = 12
	runs := map[string]bool{}
	for lit := range ours {
		for s := range stretches(lit, run) {
			runs[s] = true
		}
	}
	parts := 0 // of names, in words
	for lit, file := range ours {
		if file == "people.go" && len(lit) > 4 && len(lit) < 30 {
			parts++
		}
	}
	made := map[string]bool{}
	m := gatetext.New(12)
	const names = 5000
	for range names {
		made[m.Person()] = true
		made[strings.ReplaceAll(m.Secret(gatetext.Address), "|", "")] = true
	}
	for name, text := range theirs {
		for s := range stretches(text, run) {
			if runs[s] {
				t.Errorf("%s: a stretch of %d characters stands in both packages", name, run)
				break
			}
		}
		words, people, taken, entries := 0, 0, 0, 0
		seen := map[string]bool{}
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("|,:#=", r) }) {
			if seen[w] {
				continue
			}
			seen[w] = true
			entries++
			switch {
			case len(w) <= 4 || ours[w] == "" || w[0] < 0x80: // keys and marks
			case ours[w] == "people.go":
				people++
			default:
				words++
			}
			if made[w] {
				taken++
			}
		}
		if words > max(4, entries/1000) {
			t.Errorf("%s: %d words of %d stand as words in both packages, want at most 4 or one in a thousand", name, words, entries)
		}
		if people*3 > parts*2 {
			t.Errorf("%s: %d parts of names of %d stand in both packages, want at most two in three", name, people, parts)
		}
		if taken*100 > names {
			t.Errorf("%s: %d of %d made names are entries of it, want at most one in a hundred", name, taken, names)
		}
	}
}

// stretches yields every stretch of n characters of s without its spaces.
func stretches(s string, n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		r := []rune(strings.Join(strings.Fields(s), ""))
		for i := 0; i+n <= len(r); i++ {
			if slices.ContainsFunc(r[i:i+n], func(c rune) bool { return c >= 0x3400 }) && !yield(string(r[i:i+n])) {
				return
			}
		}
	}
}

// lists returns the string literals of the gate and the files that it embeds.
func lists(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	lits, _ := literals(t, "..")
	for lit, file := range lits {
		all[fmt.Sprintf("%s, a string of %d bytes", file, len(lit))] += " " + lit
	}
	files, err := filepath.Glob("../lists/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no lists: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if b, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		all[name] = string(b)
	}
	return all
}

// literals returns the string literals of the package in dir by their file, and
// its imports.
func literals(t *testing.T, dir string) (lits map[string]string, imports []string) {
	t.Helper()
	lits = map[string]string{}
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
				lits[s] = filepath.Base(name)
			}
			return true
		})
	}
	return lits, imports
}
