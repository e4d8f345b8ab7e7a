package archtest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// rules are all checks, as the house runs them.
var rules = []struct {
	name  string
	check func(*Tree) []string
}{
	{"layers", func(t *Tree) []string { return Layers(t, layers) }},
	{"modules", Modules},
	{"public process", func(t *Tree) []string { return Linked(t, public, hidden) }},
	{"package docs", PackageDocs},
	{"lengths", Lengths},
	{"unfinished", Unfinished},
	{"inits", Inits},
	{"go free", GoFree},
	{"documented", Documented},
	{"closed", Closed},
	{"clocks", Clocks},
	{"no replace", NoReplace},
	{"docs", Docs},
}

func TestHouse(t *testing.T) {
	tree, err := Load(os.DirFS("../../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Packages) < 10 {
		t.Fatalf("%d packages found; this is not the module", len(tree.Packages))
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, complaint := range r.check(tree) {
				t.Error(complaint)
			}
		})
	}
}

// small is a table for made-up trees.
var small = map[string][]string{
	"generator/record":   {},
	"generator/store":    {"generator/record"},
	"site/release":       {},
	"site/serve":         {"site/release"},
	"cmd/huiyin":         {anyone},
	"cmd/huiyin-web":     {"site/serve"},
	"cmd/internal/bench": {anyone},
}

func TestRulesCanFail(t *testing.T) {
	const (
		recordGo = "// Package record is the vocabulary.\npackage record\n"
		storeGo  = "// Package store keeps.\npackage store\n\nimport _ \"github.com/huiyin/huiyin/generator/record\"\n"
	)
	tests := []struct {
		name  string
		check func(*Tree) []string
		files string // path, a line with the source; several are parted by a line "--"
		want  string // part of the one complaint; none when empty
	}{
		{
			name: "layers hold", check: only("generator/record", "generator/store"),
			files: "generator/record/a.go\n" + recordGo + "--\ngenerator/store/a.go\n" + storeGo,
		}, {
			name: "fault is for everybody", check: only("generator/record"),
			files: "generator/record/a.go\npackage record\n\nimport _ \"github.com/huiyin/huiyin/generator/fault\"\n",
		}, {
			name: "upward import", check: only("generator/record"),
			files: "generator/record/a.go\npackage record\n\nimport _ \"github.com/huiyin/huiyin/generator/store\"\n",
			want:  "generator/record/a.go: generator/record must not import generator/store",
		}, {
			name: "the root is a package too", check: only("generator/record"),
			files: "generator/record/a.go\npackage record\n\nimport _ \"github.com/huiyin/huiyin\"\n",
			want:  "must not import .",
		}, {
			name: "tests may look further", check: only("generator/record"),
			files: "generator/record/a_test.go\npackage record\n\nimport _ \"github.com/huiyin/huiyin/generator/store\"\n",
		}, {
			name: "unknown package", check: only(),
			files: "generator/spare/a.go\npackage spare\n",
			want:  "generator/spare: new package",
		}, {
			name: "row without a package", check: only("generator/record"),
			files: "go.mod\nmodule x\n",
			want:  "generator/record: in the table",
		}, {
			name: "database driver outside the stores", check: Modules,
			files: "site/serve/a.go\npackage serve\n\nimport _ \"modernc.org/sqlite\"\n",
			want:  "site/serve keeps to the standard library and must not import modernc.org/sqlite",
		}, {
			name: "Hugo outside site, in a test", check: Modules,
			files: "generator/pages/a_test.go\npackage pages\n\nimport _ \"github.com/gohugoio/hugo/hugolib\"\n",
			want:  "generator/pages must not import github.com/gohugoio/hugo/hugolib",
		}, {
			name: "module of no row", check: Modules,
			files: "site/a.go\npackage site\n\nimport _ \"example.test/left/pad\"\n",
			want:  "example.test/left/pad is in no row",
		}, {
			name: "the longest row counts", check: Modules,
			files: "site/a.go\npackage site\n\nimport _ \"github.com/gohugoio/hugo/hugolib\"\nimport _ \"golang.org/x/sync/errgroup\"\n",
		}, {
			name: "public process links Hugo through another package", check: func(t *Tree) []string { return Linked(t, public, hidden) },
			files: "cmd/huiyin-web/a.go\npackage main\n\nimport _ \"github.com/huiyin/huiyin/site/serve\"\n--\n" +
				"site/serve/a.go\npackage serve\n\nimport _ \"github.com/gohugoio/hugo/hugolib\"\n",
			want: "cmd/huiyin-web links github.com/gohugoio/hugo: cmd/huiyin-web -> site/serve -> github.com/gohugoio/hugo/hugolib",
		}, {
			name: "public process links the store", check: func(t *Tree) []string { return Linked(t, public, hidden) },
			files: "cmd/huiyin-web/a.go\npackage main\n\nimport _ \"github.com/huiyin/huiyin/generator/store\"\n",
			want:  "links generator/store",
		}, {
			name: "public process may link the vocabulary and faults", check: func(t *Tree) []string { return Linked(t, public, hidden) },
			files: "cmd/huiyin-web/a.go\npackage main\n\nimport _ \"github.com/huiyin/huiyin/generator/fault\"\nimport _ \"github.com/huiyin/huiyin/generator/record\"\n",
		}, {
			name: "no public process", check: func(t *Tree) []string { return Linked(t, public, hidden) },
			files: "go.mod\nmodule x\n", want: "there is no such package",
		}, {
			name: "no package comment", check: PackageDocs,
			files: "a/a.go\npackage a\n", want: "a: no package comment",
		}, {
			name: "two package comments", check: PackageDocs,
			files: "a/a.go\n// Package a.\npackage a\n--\na/b.go\n// Package a again.\npackage a\n", want: "a: several package comments: a.go, b.go",
		}, {
			name: "long file", check: Lengths,
			files: "a/a.go\npackage a\n" + strings.Repeat("\n", 600), want: "a/a.go: 601 lines",
		}, {
			name: "long enough", check: Lengths,
			files: "a/a.go\npackage a\n" + strings.Repeat("\n", 599),
		}, {
			name: "long main", check: Lengths,
			files: "a/main.go\npackage main\n" + strings.Repeat("\n", 29), want: "a/main.go: 30 lines",
		}, {
			name: "note to oneself", check: Unfinished,
			files: "a/a.go\npackage a\n\n// TO" + "DO: later\n", want: "a/a.go:3:",
		}, {
			name: "skipped test", check: Unfinished,
			files: "a/a_test.go\npackage a\n\nfunc F(t T) {\n\tt.Skip()\n}\n", want: "a/a_test.go:4: a test is skipped",
		}, {
			name: "init", check: Inits,
			files: "a/a.go\npackage a\n\nfunc init() {}\n", want: "a/a.go:3: init function",
		}, {
			name: "a method may be called init", check: Inits,
			files: "a/a.go\npackage a\n\nfunc (t T) init() {}\n",
		}, {
			name: "Go in content", check: GoFree,
			files: "content/a.go\npackage content\n", want: "content/a.go: Go file in content",
		}, {
			name: "Go in the theme", check: GoFree,
			files: "themes/huiyin/a.go\npackage huiyin\n", want: "Go file in themes",
		}, {
			name: "function without comment", check: Documented,
			files: "a/a.go\npackage a\n\nfunc F() {}\n", want: "a/a.go:3: F has no comment",
		}, {
			name: "method without comment", check: Documented,
			files: "a/a.go\npackage a\n\nfunc (T[K, V]) F() {}\n", want: "F has no comment",
		}, {
			name: "method of a hidden type", check: Documented,
			files: "a/a.go\npackage a\n\nfunc (*t) F() {}\n",
		}, {
			name: "type without comment", check: Documented,
			files: "a/a.go\npackage a\n\ntype T int\n", want: "T has no comment",
		}, {
			name: "constant without comment", check: Documented,
			files: "a/a.go\npackage a\n\nconst (\n\t// A is one.\n\tA = 1\n\tB = 2\n)\n", want: "a/a.go:6: B has no comment",
		}, {
			name: "constants with one comment", check: Documented,
			files: "a/a.go\npackage a\n\n// The numbers.\nconst (\n\tA = 1\n\tB = 2\n)\n",
		}, {
			name: "reads outside", check: Closed,
			files: "a/a_test.go\npackage a\n\nvar p = \"../.." + "/shared/data\"\n", want: "a/a_test.go:3: reads outside",
		}, {
			name: "looks at the clock", check: Clocks,
			files: "a/a.go\npackage a\n\nimport \"time\"\n\nvar t = time.Now()\n", want: "a/a.go:5: time.Now",
		}, {
			name: "draws lots", check: Clocks,
			files: "a/a.go\npackage a\n\nimport \"math/rand/v2\"\n\nvar n = rand.IntN(6)\n", want: "a/a.go:5: rand.IntN",
		}, {
			name: "a seed is no clock", check: Clocks,
			files: "a/a.go\npackage a\n\nimport \"math/rand/v2\"\n\nvar r *rand.Rand = rand.New(rand.NewPCG(1, 2))\n",
		}, {
			name: "a command may look at the clock", check: Clocks,
			files: "cmd/a/a.go\npackage a\n\nimport \"time\"\n\nvar t = time.Now()\n",
		}, {
			name: "replace", check: NoReplace,
			files: "go.mod\nmodule x\n\nreplace y => ../y\n", want: "go.mod:3: replace directive",
		}, {
			name: "dead link", check: Docs,
			files: "docs/a.md\nSee [there](b.md).\n", want: "docs/a.md: link b.md: no such file",
		}, {
			name: "dead heading", check: Docs,
			files: "docs/a.md\nSee [there](b.md#two).\n--\ndocs/b.md\n# One\n", want: "no such heading",
		}, {
			name: "living links", check: Docs,
			files: "docs/a.md\nSee [there](b.md#exit-codes), [out](https://example.org/x), [up](../a/a.go).\n--\ndocs/b.md\n## Exit codes\n--\na/a.go\npackage a\n",
		}, {
			name: "line number in a text", check: Docs,
			files: "README.md\nIt is in store/db.go:70 now.\n", want: "store/db.go:70",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.check(load(t, tt.files))
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("complains: %q", got)
			case tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)):
				t.Errorf("complaints are %q, want one with %q", got, tt.want)
			}
		})
	}
}

// only is the rule of layers with the rows of the small table that are named.
func only(dirs ...string) func(*Tree) []string {
	return func(t *Tree) []string {
		table := map[string][]string{}
		for dir, row := range small {
			if slices.Contains(dirs, dir) {
				table[dir] = row
			}
		}
		return Layers(t, table)
	}
}

// load makes a tree of files: each a line with its path, then its text, parted
// by lines "--".
func load(t *testing.T, files string) *Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range strings.Split(files, "\n--\n") {
		name, text, _ := strings.Cut(f, "\n")
		if !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestLoadPassesOver(t *testing.T) {
	tree := load(t, "a/testdata/x.go\nno Go at all\n--\n.cache/y.go\nnor this\n--\n_z/z.go\nnor this\n")
	if len(tree.Packages) != 0 {
		t.Errorf("found packages %v", tree.Packages)
	}
	if _, err := Load(fstest.MapFS{"a/a.go": {Data: []byte("no Go at all")}}); err == nil {
		t.Error("a broken Go file is no error")
	}
}
