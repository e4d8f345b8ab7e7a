package release_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
)

func same(t *testing.T, what, got, want string) {
	t.Helper()
	trim := func(s string) string {
		var b strings.Builder
		for line := range strings.Lines(strings.TrimSpace(s)) {
			b.WriteString(strings.TrimSpace(line) + "\n")
		}
		return b.String()
	}
	if trim(got) != trim(want) {
		t.Errorf("%s:\n%s\nwant:\n%s", what, trim(got), trim(want))
	}
}

func TestKeepAndRollback(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys) // keeps 3
	if err := s.Rollback(t.Context(), 1, nil); !errors.Is(err, release.ErrNoRelease) {
		t.Errorf("rollback of nothing: %v", err)
	}
	for i := range 5 {
		mustPublish(t, fsys, s, parts{"home": fmt.Sprintf("index.html | 第 %d 版", i+1), "style": "a.css | x"})
	}
	if got := fmt.Sprint(releases(t, s)); got != "[3 4 5*]" {
		t.Errorf("kept %v", got)
	}
	if n := len(below(fsys.Files(), dir+"/packs")); n != 4 {
		t.Errorf("%d packs, want 3 of the home page and a shared one", n)
	}
	if err := s.Rollback(t.Context(), 2, nil); err == nil {
		t.Error("rolled back to a release that is not kept")
	}
	if err := s.Rollback(t.Context(), 3, nil); err != nil {
		t.Fatal(err)
	}
	same(t, "rolled back", look(s, "index.html"), `index.html: found "第 3 版"`)
	mustPublish(t, fsys, s, parts{"home": "index.html | 第 6 版", "style": "a.css | x"})
	if got := fmt.Sprint(releases(t, s)); got != "[4 5 6*]" {
		t.Errorf("kept %v", got)
	}
	sound(t, "at the end", s)
}

func releases(t *testing.T, s *release.Store) (list []string) {
	t.Helper()
	infos, err := s.Releases()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range infos {
		n := fmt.Sprint(i.Release)
		if i.Current {
			n += "*"
		}
		list = append(list, n)
	}
	return list
}

func TestCommitRefuses(t *testing.T) {
	tests := []struct {
		name string
		site parts
		want string
	}{
		{"one path in two partitions", parts{"a": "index.html | a", "b": "index.html | b"}, "two partitions have a file"},
		{"paths that differ in case", parts{"a": "Index.html | a", "b": "index.html | b"}, "two partitions have a file"},
		{"a file and a folder", parts{"a": "x | a", "b": "x/y/z.html | b"}, "is a file in one partition and a folder"},
		{"the same pack twice", parts{"a": "x | a", "b": "x | a"}, "has the files of another"},
		{"a malformed key", parts{"A": "x | a"}, "partition key"},
	}
	for _, tt := range tests {
		fsys := newFS()
		s := open(t, fsys)
		mustPublish(t, fsys, s, siteA)
		if _, err := publish(fsys, s, tt.site); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if n, err := s.CurrentNumber(); n != 1 || err != nil {
			t.Errorf("%s: current is %d, %v", tt.name, n, err)
		}
		mustPublish(t, fsys, s, siteB)
		sound(t, tt.name, s)
	}
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, parts{"a": "", "b": ""}) // two empty partitions are one pack
	txn, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.Repeat("ab", 32)
	if _, err := txn.Commit(release.Manifest{Partitions: []release.PartitionRef{{Key: "a", Pack: hash}}}); err == nil {
		t.Error("a pack that is not there was taken")
	}
	if err := errors.Join(txn.Abort(), txn.Abort()); err != nil {
		t.Error(err)
	}
	if _, err := txn.Commit(release.Manifest{}); err == nil {
		t.Error("committed after Abort")
	}
}

func TestAdoptRefuses(t *testing.T) {
	fsys := newFS()
	txn, err := open(t, fsys).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer txn.Abort()
	name := txn.Stage() + "/a.zip"
	f, err := fsys.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	info, err := writePack(f, files("index.html | 首页"))
	if err != nil {
		t.Fatal(err)
	}
	wrong := info
	wrong.Hash = strings.Repeat("0", 64)
	if err := txn.Adopt(name, wrong); err == nil {
		t.Error("a pack with another hash was taken")
	}
	if err := txn.Adopt("/etc/a.zip", info); err == nil {
		t.Error("a pack from elsewhere was taken")
	}
	if txn.Have(info.Hash) {
		t.Error("it has what was refused")
	}
	if err := txn.Adopt(name, info); err != nil || !txn.Have(info.Hash) {
		t.Errorf("adopt: %v", err)
	}
}

func TestHaveAfterAWithdrawal(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
		t.Fatal(err)
	}
	txn, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer txn.Abort()
	for _, p := range txn.Current().Partitions {
		touched := p.Key == "case/2611/0000" || p.Key == "month/2611"
		if txn.Have(p.Pack) == touched {
			t.Errorf("have(%s) is %v", p.Key, !touched)
		}
	}
}

func TestSecondPublishIsRefused(t *testing.T) {
	root := t.TempDir()
	var stores [2]*release.Store
	for i := range stores {
		s, err := release.Open(root, release.Options{})
		if err != nil {
			t.Fatal(err)
		}
		stores[i] = s
	}
	txn, err := stores[0].Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = stores[1].Begin(t.Context())
	msg, hint, code := fault.Public(err)
	if code != 4 || msg != "another publish is running: this process" || hint == "" {
		t.Errorf("%q, %q, %d: %v", msg, hint, code, err)
	}
	if err := stores[1].Rollback(t.Context(), 1, nil); err == nil {
		t.Error("rolled back during a publish")
	}
	if err := txn.Abort(); err != nil {
		t.Fatal(err)
	}
	if txn, err = stores[1].Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := txn.Abort(); err != nil {
		t.Fatal(err)
	}
}

// TestReadersDuringChanges reads without pause while releases come, go and are
// changed by withdrawals. No reader ever sees an error or a mixture.
func TestReadersDuringChanges(t *testing.T) {
	root := filepath.Join(t.TempDir(), "releases")
	o := release.Options{PagePath: pagePath, Keep: 2}
	writer, err := release.Open(root, o)
	if err != nil {
		t.Fatal(err)
	}
	site := func(i int) parts {
		p := parts{}
		for k := range 6 {
			p[fmt.Sprintf("p/%d", k)] = fmt.Sprintf("p/%d.html 2611-%06d | version %d", k, i, i)
		}
		return p
	}
	if _, err := publish(durable.OS{}, writer, site(0)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 2 {
		reader, err := release.Open(root, release.Options{})
		if err != nil {
			t.Fatal(err)
		}
		readers.Go(func() {
			for ctx.Err() == nil {
				v, _, err := reader.Refresh()
				if err != nil {
					t.Errorf("refresh: %v", err)
					return
				}
				bodies := map[string]bool{}
				for k := range 6 {
					e, state := v.Lookup(fmt.Sprintf("p/%d.html", k))
					if state == release.Unavailable && e.Err == nil {
						continue
					}
					b, err := v.Plain(e)
					if state != release.Found || err != nil {
						t.Errorf("lookup: %v, %v", state, errors.Join(err, e.Err))
					}
					bodies[string(b)] = true
				}
				if len(bodies) > 1 {
					t.Errorf("a mixture: %v", bodies)
				}
				if err := v.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := 1; i < 13; i++ {
		if _, err := publish(durable.OS{}, writer, site(i)); err != nil {
			t.Fatal(err)
		}
		if i%4 == 0 {
			n := fmt.Sprintf("2611-%06d", i)
			if _, err := writer.Withdraw(t.Context(), []release.Gone{{Number: n, Reason: "依法不予公开"}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	stop()
	readers.Wait()
	sound(t, "at the end", writer)
}

// TestViewKeepsItsFiles reads a view whose packs have been removed.
func TestViewKeepsItsFiles(t *testing.T) {
	root := filepath.Join(t.TempDir(), "releases")
	s, err := release.Open(root, release.Options{PagePath: pagePath, Keep: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := publish(durable.OS{}, s, siteA); err != nil {
		t.Fatal(err)
	}
	old, err := s.Current()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := publish(durable.OS{}, s, siteC); err != nil {
			t.Fatal(err)
		}
	}
	e, state := old.Lookup("index.html")
	if b, err := old.Plain(e); state != release.Found || err != nil || string(b) != "回音首页 A" {
		t.Errorf("%v %q %v", state, b, err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	if e, state := old.Lookup("index.html"); state != release.Unavailable || e.Err == nil {
		t.Errorf("after Close its files are still open: %v", state)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestReaderNeedsNoPermissionToWrite(t *testing.T) {
	root := filepath.Join(t.TempDir(), "releases")
	s, err := release.Open(root, release.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Current(); !errors.Is(err, release.ErrNoRelease) {
		t.Errorf("empty: %v", err)
	}
	if m, err := s.Manifest(); m != nil || err != nil {
		t.Errorf("empty: %v, %v", m, err)
	}
	if r, err := s.Fsck(t.Context()); err != nil || len(r.Problems) > 0 {
		t.Errorf("empty: %v, %v", r, err)
	}
	if _, err := os.Stat(root); err == nil {
		t.Error("reading made the folder")
	}
}
