package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search/static"
	"github.com/huiyin/huiyin/site/release"
)

// TestExportSearchRefuses: a release that cannot be searched without a server is
// exported without a search, and the reason is told.
func TestExportSearchRefuses(t *testing.T) {
	const page = "<h1>搜索</h1>" + searchMark + "<p>清单</p>"
	tests := []struct {
		name, vocabulary, want string // a vocabulary of "" is none
		code                   int
	}{
		{"too many", `{"fields":{},"cutoff":"2026-11-20","docs":100001}`, "100001 cases", fault.ExitPartial},
		{"damaged", `{"fields":{},"docs":-1}`, "vocabulary.json", fault.ExitDamaged},
		{"of an older program", "", "huiyin publish", fault.ExitFailure},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := release.Open(filepath.Join(t.TempDir(), "releases"), release.Options{PagePath: func(n string) string { return "case/" + n + ".html" }})
			if err != nil {
				t.Fatal(err)
			}
			files := []release.File{{Name: "search.html", Body: []byte(page)}}
			if test.vocabulary != "" {
				files = append(files, release.File{Name: "search/vocabulary.json", Body: []byte(test.vocabulary)})
			}
			commit(t, s, files)
			c := &config.Config{}
			c.Export.Search = true
			extra, err := staticExtra(c)
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "www")
			_, err = s.Export(t.Context(), dir, release.ExportOptions{Extra: extra})
			msg, hint, code := fault.Public(err)
			if code != test.code || !strings.Contains(msg+hint, test.want) || test.code == fault.ExitPartial && !errors.Is(err, static.ErrTooMany) {
				t.Errorf("code %d, %q, %q", code, msg, hint)
			}
			if body, err := os.ReadFile(filepath.Join(dir, "search.html")); err != nil || string(body) != page {
				t.Errorf("the page is %q, %v", body, err)
			}
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(release.ExtraFolder))); err == nil {
				t.Error("there is an index")
			}
		})
	}
}

// commit publishes a release of one pack.
func commit(t *testing.T, s *release.Store, files []release.File) {
	t.Helper()
	txn, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer txn.Abort()
	name := filepath.Join(txn.Stage(), "all.zip")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := release.NewPackWriter(f)
	for _, file := range files {
		if err := w.Add(file); err != nil {
			t.Fatal(err)
		}
	}
	info, err := w.Close()
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if err := txn.Adopt(name, info); err != nil {
		t.Fatal(err)
	}
	if _, err := txn.Commit(release.Manifest{Cutoff: "2026-11-20", Inputs: "made up", Partitions: []release.PartitionRef{
		{Key: "all", Fingerprint: info.Hash, Pack: info.Hash, Files: info.Files, Bytes: info.Bytes},
	}}); err != nil {
		t.Fatal(err)
	}
}
