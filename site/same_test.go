package site

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestSameBytes checks that a job makes the same pack in this process and in
// workers of other time zones, locales, numbers of processors and settings of
// Hugo, with the pages in any order.
func TestSameBytes(t *testing.T) {
	j := casePartition(40)
	j.Out = filepath.Join(t.TempDir(), "here.zip")
	r, err := NewRenderer(benchOptions())
	if err != nil {
		t.Fatal(err)
	}
	want, err := r.Render(t.Context(), j)
	if err != nil || want.Pages != 40 {
		t.Fatal(err, want.Quarantined)
	}
	for i := range len(j.Pages) / 2 {
		k := len(j.Pages) - 1 - i
		j.Pages[i], j.Pages[k] = j.Pages[k], j.Pages[i]
	}
	for _, env := range [][]string{
		{"GOMAXPROCS=1", "TZ=America/New_York", "LANG=C"},
		{"GOMAXPROCS=8", "TZ=Asia/Shanghai", "LANG=zh_CN.UTF-8", "LC_ALL=tr_TR.UTF-8", "HUGO_NUMWORKERMULTIPLIER=8"},
		{"HUGO_TITLE=x", "HUGO_BASEURL=https://x.invalid/", "HUGO_PARAMS_NAME=x", "HUGO_UGLYURLS=false", "HUGO_MINIFYOUTPUT=true",
			"HUGO_ENVIRONMENT=development", "HUGO_ENV=development", "HUGO_BUILDFUTURE=false", "HUGO_LANGUAGECODE=fr", "HUGO_THEME=x"},
	} {
		p, err := NewPool(func() *exec.Cmd {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(append(os.Environ(), workerEnv+"=plain"), env...)
			return cmd
		}, 1, PoolOptions{Renderer: benchOptions()})
		if err != nil {
			t.Fatal(err)
		}
		j.Out = filepath.Join(t.TempDir(), "there.zip")
		got, err := p.Render(t.Context(), j)
		p.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got.Pack != want.Pack {
			t.Errorf("%v: another pack", env)
		}
	}
}

// TestSameInProcess checks that settings in the environment of this process do
// not reach Hugo either.
func TestSameInProcess(t *testing.T) {
	r := renderer(t, theme)
	before, _ := render(t, r, job("a.html", `{"question": "x"}`))
	for _, kv := range [][2]string{{"HUGO_TITLE", "x"}, {"HUGO_UGLYURLS", "false"}, {"HUGO_DISABLEKINDS", "page"}, {"TZ", "Asia/Tokyo"}} {
		t.Setenv(kv[0], kv[1])
	}
	after, _ := render(t, r, job("a.html", `{"question": "x"}`))
	if before["a.html"] == "" || before["a.html"] != after["a.html"] {
		t.Errorf("%q became %q", before, after)
	}
}
