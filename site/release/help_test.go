package release_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
	"github.com/huiyin/huiyin/site/release"
)

const dir = "/state/releases"

func pagePath(number string) string { return "case/" + number + ".html" }

func open(t testing.TB, fsys durable.FS) *release.Store {
	t.Helper()
	s, err := release.Open(dir, release.Options{FS: fsys, PagePath: pagePath, Keep: 3})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// parts are the partitions of a site, each a list of lines
// "name [numbers shown, with commas] | body".
type parts map[string]string

// files reads the lines of a partition.
func files(text string) []release.File {
	var list []release.File
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		head, body, _ := strings.Cut(line, " | ")
		name, shows, _ := strings.Cut(head, " ")
		f := release.File{Name: name, Body: []byte(body)}
		if shows != "" {
			f.Shows = strings.Split(shows, ",")
		}
		list = append(list, f)
	}
	return list
}

func writePack(w io.Writer, list []release.File) (release.PackInfo, error) {
	p := release.NewPackWriter(w)
	for _, f := range list {
		add := func() error { return p.Add(f) }
		if strings.HasPrefix(f.Name, ".huiyin/") {
			add = func() error { return p.AddHidden(f.Name, f.Body) }
		}
		if err := add(); err != nil {
			return release.PackInfo{}, err
		}
	}
	return p.Close()
}

// stage writes and adopts the packs of a site, and returns its partitions.
func stage(fsys durable.FS, txn *release.Txn, site parts) ([]release.PartitionRef, error) {
	var refs []release.PartitionRef
	for i, key := range slices.Sorted(maps.Keys(site)) {
		var buf bytes.Buffer
		info, err := writePack(&buf, files(site[key]))
		if err != nil {
			return nil, err
		}
		if !txn.Have(info.Hash) {
			name := path.Join(txn.Stage(), fmt.Sprintf("%d.zip", i))
			f, err := fsys.Create(name)
			if err != nil {
				return nil, err
			}
			_, err = f.Write(buf.Bytes())
			if err := errors.Join(err, f.Close()); err != nil {
				return nil, err
			}
			if err := txn.Adopt(name, info); err != nil {
				return nil, err
			}
		}
		refs = append(refs, release.PartitionRef{Key: key, Fingerprint: info.Hash, Pack: info.Hash, Files: info.Files, Bytes: info.Bytes})
	}
	return refs, nil
}

func publish(fsys durable.FS, s *release.Store, site parts) (n int, err error) {
	return publishAnd(fsys, s, site, func() error { return nil })
}

// publishAnd publishes, and does something before the commit.
func publishAnd(fsys durable.FS, s *release.Store, site parts, before func() error) (n int, err error) {
	txn, err := s.Begin(context.Background())
	if err != nil {
		return 0, err
	}
	defer txn.Abort()
	refs, err := stage(fsys, txn, site)
	if err != nil {
		return 0, err
	}
	if err := before(); err != nil {
		return 0, err
	}
	return txn.Commit(release.Manifest{Cutoff: "2026-11-23", Inputs: "made up", Partitions: refs})
}

func mustPublish(t testing.TB, fsys durable.FS, s *release.Store, site parts) {
	t.Helper()
	if _, err := publish(fsys, s, site); err != nil {
		t.Fatal(err)
	}
}

// look describes what a store has at the given paths, one a line.
func look(s *release.Store, paths ...string) string {
	v, _, err := s.Refresh()
	if errors.Is(err, release.ErrNoRelease) {
		return "no release"
	}
	if err != nil {
		return "error: " + err.Error()
	}
	defer v.Close()
	var b strings.Builder
	for _, p := range paths {
		e, state := v.Lookup(p)
		fmt.Fprintf(&b, "%s: %s", p, state)
		if e.HasBody() {
			body, err := v.Plain(e)
			fmt.Fprintf(&b, " %q", body)
			if err != nil {
				fmt.Fprintf(&b, " error %v", err)
			}
		}
		if e.Err != nil {
			fmt.Fprintf(&b, " error %v", e.Err)
		}
		if e.Gone != nil {
			fmt.Fprintf(&b, " %s", e.Gone.Reason)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// grep returns the names of files that hold a text, as they are or as an entry
// of a ZIP. It reads with archive/zip, not with the code under test.
func grep(t testing.TB, all map[string]string, text string) []string {
	t.Helper()
	var found []string
	for name, data := range all {
		if strings.Contains(data, text) || strings.Contains(name, text) {
			found = append(found, name)
		}
		if path.Ext(name) != ".zip" {
			continue
		}
		z, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatalf("%s: %s: %v", name, f.Name, err)
			}
			body, err := io.ReadAll(r)
			if err != nil {
				t.Fatalf("%s: %s: %v", name, f.Name, err)
			}
			if strings.Contains(string(body), text) || strings.Contains(f.Name, text) {
				found = append(found, name+"!"+f.Name)
			}
		}
	}
	slices.Sort(found)
	return found
}

// nowhere fails where one of the files holds the rare words of the case that is withdrawn.
func nowhere(t testing.TB, what string, all map[string]string) {
	t.Helper()
	if found := grep(t, all, rareWords); len(found) > 0 {
		t.Errorf("%s: the case is in %v", what, found)
	}
}

// below returns the files below a folder, named relative to it.
func below(all map[string]string, folder string) map[string]string {
	m := map[string]string{}
	for name, data := range all {
		if rest, ok := strings.CutPrefix(name, folder+"/"); ok {
			m[rest] = data
		}
	}
	return m
}

// sound fails the test where fsck complains.
func sound(t testing.TB, what string, s *release.Store) {
	t.Helper()
	r, err := s.Fsck(t.Context())
	if err != nil {
		t.Fatalf("%s: fsck: %v", what, err)
	}
	if len(r.Problems) > 0 {
		t.Fatalf("%s: fsck: %s", what, strings.Join(r.Problems, "\n"))
	}
}

func newFS() *durabletest.FS { return durabletest.New() }
