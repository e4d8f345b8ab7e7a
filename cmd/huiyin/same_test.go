package main

import (
	"crypto/rand"
	"encoding/json"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// The same exports give the same bytes, whatever the time zone, the locale, the
// number of processors and the folder: those of the plain files, and those of the
// packs, which also hold what is searched.
func TestSameInputSameBytes(t *testing.T) {
	var first string
	for _, env := range [][]string{
		{"TZ=UTC", "LANG=C", "GOMAXPROCS=2"},
		{"TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=1", "HUGO_TITLE=x"},
	} {
		dir := filepath.Join(t.TempDir(), "a folder", "城")
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("huiyin", "demo", "--once", "--quiet", "--cases", "300", "--dir", dir)
		cmd.Env = append(os.Environ(), env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("huiyin demo: %v\n%s", err, out)
		}
		hash := exported(t, dir) + shown(t, dir)
		if first == "" {
			first = hash
			searchedIsShown(t, dir)
		}
		if hash != first {
			t.Errorf("%v gives other bytes", env)
		}
	}
}

// searchedIsShown fails the test where the documents of a city hold a text that is
// not on the page of their case, or where none does.
func searchedIsShown(t *testing.T, city string) {
	t.Helper()
	releases, err := release.Open(filepath.Join(city, "state", "releases"), release.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer releases.Close()
	view, err := releases.Current()
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	texts := 0
	for _, part := range view.Parts() {
		body, err := view.Hidden(part, release.SearchDocs)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(body)) {
			var d search.Doc
			if err := json.Unmarshal([]byte(line), &d); err != nil {
				t.Fatal(err)
			}
			entry, _ := view.Lookup(record.CasePath(record.CaseNumber(d.ID)))
			page, err := view.Plain(entry)
			if err != nil {
				t.Fatalf("%s: %v", d.ID, err)
			}
			seen := readable(string(page))
			for field, text := range d.Text {
				for line := range strings.Lines(text) {
					texts++
					if !strings.Contains(seen, squeezed(line)) {
						t.Errorf("%s: the page does not show what is searched as %s", d.ID, field)
					}
				}
			}
		}
	}
	if texts == 0 {
		t.Error("nothing is searched")
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// readable is what a reader sees of a page, without spaces and the joiners that
// keep marks of the renderer's own apart.
func readable(page string) string {
	return squeezed(strings.ReplaceAll(html.UnescapeString(tags.ReplaceAllString(page, "")), "\u2060", ""))
}

func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }

// The day on which the city is made does not matter either.
func TestSameBytesOnAnotherDay(t *testing.T) {
	var first string
	for _, day := range []time.Time{time.Date(2026, 11, 23, 23, 59, 0, 0, time.UTC), time.Date(2031, 3, 1, 8, 0, 0, 0, time.UTC)} {
		dir := filepath.Join(t.TempDir(), "city")
		a := &app{in: strings.NewReader(""), out: io.Discard, err: io.Discard, rand: rand.Reader}
		a.now = func() time.Time { return day }
		a.watch = a.now
		if code := run(t.Context(), []string{"demo", "--once", "--quiet", "--cases", "300", "--dir", dir}, a); code != 0 {
			t.Fatalf("huiyin demo ends with %d", code)
		}
		hash := treeHash(t, filepath.Join(dir, "export"))
		if first == "" {
			first = hash
		}
		if hash != first {
			t.Errorf("%s gives other bytes", day.Format(time.DateOnly))
		}
	}
}
