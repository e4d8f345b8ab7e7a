package site

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what is rendered into the golden files")

// theme is a theme small enough to be read with each test.
const theme = `
-- themes/huiyin/layouts/baseof.html --
<!doctype html>
<html lang="{{ .Params.lang }}">
<title>{{ .Params.title }}</title>
<body>{{ block "main" . }}{{ end }}</body>
</html>
-- themes/huiyin/layouts/case.html --
{{ define "main" }}<p>{{ .Params.question }}</p>{{ .Params.reply_html | safeHTML }}{{ end }}
-- themes/huiyin/data/labels/zh-CN.yaml --
home: 首页
-- themes/huiyin/data/labels/en.yaml --
home: Home
`

// files returns the files of a txtar archive.
func files(archive string) fs.FS {
	fsys := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}

// job returns a job of case pages, one for each pair of a path and its
// parameters.
func job(pairs ...string) Job {
	j := Job{Key: "case/2611/0000", Layouts: []string{"case"}}
	for p := range slices.Chunk(pairs, 2) {
		j.Pages = append(j.Pages, Page{Path: p[0], Layout: "case", Title: "标题", Params: json.RawMessage(p[1])})
	}
	return j
}

// renderer returns a renderer for the theme in a txtar archive.
func renderer(t testing.TB, archive string) *Renderer {
	t.Helper()
	r, err := NewRenderer(Options{Files: files(archive)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// render renders j and returns what is in the pack, by path.
func render(t testing.TB, r interface {
	Render(context.Context, Job) (Result, error)
}, j Job) (map[string]string, Result) {
	t.Helper()
	j.Out = filepath.Join(t.TempDir(), "out.zip")
	res, err := r.Render(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	return unpack(t, j.Out), res
}

// unpack returns the public files of a pack, by path.
func unpack(t testing.TB, name string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	m := map[string]string{}
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, ".huiyin/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		m[f.Name] = string(b)
	}
	return m
}

// codes returns what was quarantined as "path code".
func codes(res Result) []string {
	var s []string
	for _, q := range res.Quarantined {
		s = append(s, strings.TrimSpace(fmt.Sprintf("%s %s", q.Path, q.Code)))
	}
	return s
}

// page returns a page of theme with the body given.
func page(body string) string {
	return "<!doctype html>\n<html lang=\"zh-CN\">\n<title>标题</title>\n<body>" + body + "</body>\n</html>\n"
}

// TestGolden renders each archive of testdata and compares the pages with those
// under want/ in it. The job is in job.json, options in options.json.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			inputs := &txtar.Archive{Comment: ar.Comment}
			for _, f := range ar.Files {
				if p, ok := strings.CutPrefix(f.Name, "want/"); ok {
					want[p] = string(f.Data)
				} else {
					inputs.Files = append(inputs.Files, f)
				}
			}
			fsys := files(string(txtar.Format(inputs)))
			var j Job
			opts := Options{}
			decode(t, fsys, "options.json", &opts)
			decode(t, fsys, "job.json", &j)
			opts.Files = fsys
			r, err := NewRenderer(opts)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fs.Stat(fsys, "content"); err == nil {
				pages, err := r.ContentPages()
				if err != nil {
					t.Fatal(err)
				}
				j.Pages = append(j.Pages, pages...)
			}
			got, res := render(t, r, j)
			for _, f := range r.Assets() {
				got[f.Path] = string(f.Body)
			}
			if len(res.Quarantined) > 0 {
				got["quarantined"] = fmt.Sprintln(res.Quarantined)
			}
			for p, s := range got {
				if !strings.HasSuffix(s, "\n") {
					got[p] = s + "\n" // as txtar has it
				}
			}
			if *update {
				for _, p := range slices.Sorted(maps.Keys(got)) {
					inputs.Files = append(inputs.Files, txtar.File{Name: "want/" + p, Data: []byte(got[p])})
				}
				if err := os.WriteFile(name, txtar.Format(inputs), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

// decode reads a JSON file into v.
func decode(t *testing.T, fsys fs.FS, name string, v any) {
	t.Helper()
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// TestShows checks that the pack says which cases a page shows.
func TestShows(t *testing.T) {
	j := job("a.html", `{}`, "b.html", `{}`)
	j.Pages[1].Shows = []string{"2611-000002"}
	j.Out = filepath.Join(t.TempDir(), "out.zip")
	if _, err := renderer(t, theme).Render(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(j.Out)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	cases, err := fs.ReadFile(z, ".huiyin/cases.json")
	if err != nil || !bytes.Contains(cases, []byte("2611-000002")) || bytes.Contains(cases, []byte("a.html")) {
		t.Errorf("got %s, %v", cases, err)
	}
}
