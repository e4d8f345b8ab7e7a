package site

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheme loads the theme and the hand-written pages that are in the program,
// and renders each of those pages.
func TestTheme(t *testing.T) {
	r, err := NewRenderer(benchOptions())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := r.ContentPages()
	if err != nil || len(pages) < 6 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	got, res := render(t, r, Job{Key: "text", Layouts: []string{"page"}, Pages: pages})
	if len(got) != len(pages) || len(res.Quarantined) > 0 {
		t.Errorf("%d of %d pages, quarantined %v", len(got), len(pages), res.Quarantined)
	}
	for p, body := range got {
		if strings.Contains(body, "root:") || strings.Contains(body, "ZgotmplZ") {
			t.Errorf("%s: an address was not resolved", p)
		}
		for _, a := range r.Assets() {
			if strings.HasSuffix(a.Path, ".css") && !strings.Contains(body, a.Path) {
				t.Errorf("%s does not name %s", p, a.Path)
			}
		}
	}
	for name := range r.templates {
		layout, ok := strings.CutPrefix(name, "layouts/")
		if ok && !strings.Contains(layout, "/") {
			if _, err := r.files([]string{strings.TrimSuffix(layout, ".html")}); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestBadTheme checks that a theme which breaks the rules is refused with a text
// that names the file.
func TestBadTheme(t *testing.T) {
	for _, tt := range []struct{ name, add, want string }{
		{"partial by a variable", "-- themes/huiyin/layouts/case.html --\n{{ partial .Params.x . }}", "layouts/case.html: name the partial as a literal"},
		{"partial without .html", "-- themes/huiyin/layouts/case.html --\n{{- partialCached \"x\" . }}", "layouts/case.html: name the partial as a literal"},
		{"template of another kind", "-- themes/huiyin/layouts/x.xml --\n", "layouts/x.xml: a template is named NAME.html"},
		{"layout that Hugo drops", "-- themes/huiyin/layouts/home.html --\n", "layouts/home.html: Hugo keeps this name"},
		{"another that Hugo drops", "-- themes/huiyin/layouts/index.html --\n", "layouts/index.html: Hugo keeps this name"},
		{"data of another kind", "-- themes/huiyin/data/x.toml --\n", "data/x.toml: a data file is named NAME.yaml"},
		{"broken data", "-- themes/huiyin/data/labels/en.yaml --\na: [\n", "data/labels/en.yaml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := LoadTheme(Options{Files: files(theme + tt.add)})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	t.Run("no words of the office", func(t *testing.T) {
		_, err := LoadTheme(Options{Files: files(theme), Lang: "fr"})
		if err == nil || !strings.Contains(err.Error(), "data/labels/fr.yaml is missing") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("base URL", func(t *testing.T) {
		for _, u := range []string{"www.example.gov.cn", "ftp://example.gov.cn/", "https://example.gov.cn/?x", "://"} {
			if _, err := LoadTheme(Options{Files: files(theme), BaseURL: u}); err == nil {
				t.Errorf("%s is accepted", u)
			}
		}
	})
}

// partials is a theme whose layouts mention partials in every way.
const partials = theme + `
-- themes/huiyin/layouts/case.html --
{{ define "main" }}{{ partial "a.html" . }}{{/* partial "no.html" . */}} partial text {{ end }}
-- themes/huiyin/layouts/list.html --
{{ define "main" }}{{- with partialCached "b/c.html" . "x" }}{{ . }}{{ end }}{{ end }}
-- themes/huiyin/layouts/wrong.html --
{{ partial "none.html" . }}
-- themes/huiyin/layouts/_partials/a.html --
{{ if (partial "b/c.html" .) }}{{ end }}
-- themes/huiyin/layouts/_partials/b/c.html --
{{ return 1 }}
`

// TestFiles checks that a build holds the templates that its layouts need and
// no others.
func TestFiles(t *testing.T) {
	th, err := LoadTheme(Options{Files: files(partials)})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		layouts []string
		want    []string
	}{
		{nil, []string{"layouts/baseof.html"}},
		{[]string{"list"}, []string{"layouts/_partials/b/c.html", "layouts/baseof.html", "layouts/list.html"}},
		{[]string{"case"}, []string{"layouts/_partials/a.html", "layouts/_partials/b/c.html", "layouts/baseof.html", "layouts/case.html"}},
	} {
		got, err := th.files(tt.layouts)
		if err != nil {
			t.Fatal(err)
		}
		want := append(slices.Clone(tt.want), "data/assets.json", "data/labels/en.json", "data/labels/zh-CN.json")
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
			t.Errorf("%v: want - got +\n%s", tt.layouts, diff)
		}
	}
	for _, l := range []string{"wrong", "unknown", "../baseof"} {
		if _, err := th.files([]string{l}); err == nil || !strings.Contains(err.Error(), "is missing") {
			t.Errorf("%s: got %v", l, err)
		}
	}
}

// TestFingerprint checks that a fingerprint changes with what the layouts need
// and with nothing else.
func TestFingerprint(t *testing.T) {
	print := func(archive string, opts Options, layout string) [32]byte {
		opts.Files = files(archive)
		th, err := LoadTheme(opts)
		if err != nil {
			t.Fatal(err)
		}
		f, err := th.Fingerprint([]string{layout})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	base := print(partials+"-- end --\n", Options{}, "list")
	for _, tt := range []struct {
		name, add string
		opts      Options
		layout    string
		same      bool
	}{
		{"nothing", "", Options{}, "list", true},
		{"another layout", "", Options{}, "case", false},
		{"a template that is not needed", "-- themes/huiyin/layouts/_partials/a.html --\nx", Options{}, "list", true},
		{"a partial", "-- themes/huiyin/layouts/_partials/b/c.html --\nx", Options{}, "list", false},
		{"a word", "-- themes/huiyin/data/labels/en.yaml --\nhome: House", Options{}, "list", false},
		{"an asset", "-- themes/huiyin/assets/x.css --\nx", Options{}, "list", false},
		{"a hand-written page", "-- content/zh-CN/x.md --\nx", Options{}, "list", true},
		{"base URL", "", Options{BaseURL: "https://www.example.gov.cn/"}, "list", false},
		{"name of the site", "", Options{Site: map[string]string{"name": "x"}}, "list", false},
		{"language", "", Options{Lang: "en"}, "list", false},
	} {
		if same := print(partials+"-- end --\n"+tt.add+"\n", tt.opts, tt.layout) == base; same != tt.same {
			t.Errorf("%s: same is %v", tt.name, same)
		}
	}
}

// TestBadContent checks that a hand-written page that cannot be used is an
// error that names it.
func TestBadContent(t *testing.T) {
	for _, tt := range []struct{ file, want string }{
		{"-- content/about.md --\n---\ntitle: x\n---\n", "folder named after its language"},
		{"-- content/fr/about.md --\n---\ntitle: x\n---\n", "folder named after its language"},
		{"-- content/en/About.md --\n---\ntitle: x\n---\n", "lower-case"},
		{"-- content/en/about.md --\ntext\n", "does not begin with front matter"},
		{"-- content/en/about.md --\n---\ntitle: [\n---\n", "front matter"},
		{"-- content/en/about.md --\n---\nlayout: x\n---\n", "no title"},
	} {
		th, err := LoadTheme(Options{Files: files(theme + tt.file)})
		if err != nil {
			t.Fatal(err)
		}
		_, err = th.ContentPages()
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "bout.md") {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}
