package serve_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/site/release"
	"github.com/huiyin/huiyin/site/serve"
)

// site is a folder of releases.
type site struct {
	dir   string
	store *release.Store // of the office; the handler has its own
}

func newSite(t testing.TB) *site {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "releases")
	store, err := release.Open(dir, release.Options{PagePath: func(n string) string { return "case/" + n + ".html" }})
	if err != nil {
		t.Fatal(err)
	}
	return &site{dir, store}
}

var numbers = regexp.MustCompile(`\b\d{4}-\d{6}\b`)

// publish makes a release of the files, by name. A file shows the cases whose
// numbers its text holds, unless it says that they are withdrawn (撤下).
func (s *site) publish(t testing.TB, files map[string]string, moves ...release.Move) {
	t.Helper()
	ctx := context.Background()
	txn, err := s.store.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(txn.Stage(), "all.zip")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	pack := release.NewPackWriter(out)
	for name, body := range files {
		f := release.File{Name: name, Body: []byte(body)}
		if !strings.Contains(body, "撤下") {
			f.Shows = numbers.FindAllString(body, -1)
		}
		if err := pack.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	if len(moves) > 0 {
		lines, err := release.EncodeMoves(moves)
		if err != nil {
			t.Fatal(err)
		}
		if err := pack.AddHidden(release.MovedPages, lines); err != nil {
			t.Fatal(err)
		}
	}
	info, err := pack.Close()
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := txn.Adopt(name, info); err != nil {
		t.Fatal(err)
	}
	_, err = txn.Commit(release.Manifest{Cutoff: "2026-11-22", Inputs: info.Hash, Partitions: []release.PartitionRef{
		{Key: "all", Fingerprint: info.Hash, Pack: info.Hash, Files: info.Files, Bytes: info.Bytes},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// withdraw withdraws a case: number, public reason, day.
func (s *site) withdraw(t testing.TB, fields ...string) {
	t.Helper()
	gone := release.Gone{Number: fields[0], Reason: fields[1], Day: fields[2]}
	if _, err := s.store.Withdraw(context.Background(), []release.Gone{gone}); err != nil {
		t.Fatal(err)
	}
}

// follow opens the folder as the public server does, and looks once.
func (s *site) follow(t testing.TB) *serve.Follower {
	t.Helper()
	store, err := release.Open(s.dir, release.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := serve.NewFollower(store, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		f.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := f.Look(); err != nil {
		t.Fatal(err)
	}
	return f
}

// handler serves what the folder holds now.
func (s *site) handler(t testing.TB, prefix string) http.Handler {
	t.Helper()
	h, err := serve.NewHandler(s.follow(t), serve.Options{Prefix: prefix})
	if err != nil {
		t.Fatal(err)
	}
	return h
}
