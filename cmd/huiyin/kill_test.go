package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/site/release"
)

// A publish that is killed at any moment leaves one whole release, the old or
// the new, and the next publish arrives at the same bytes as one that was never
// killed, and at an index that holds the same. HUIYIN_KILLS sets the number of kills.
func TestKilledPublish(t *testing.T) {
	kills := killsOr(t, 6)
	base := t.TempDir()
	command(t, base, "demo", "--once", "--quiet", "--cases", "300", "--months", "2", "--dir", "city")
	city := filepath.Join(base, "city")
	before := shown(t, city)
	addExports(t, city)
	command(t, city, "pull", "--quiet")

	whole := filepath.Join(base, "whole")
	copyTree(t, city, whole)
	start := time.Now()
	command(t, whole, "publish", "--quiet")
	took := time.Since(start)
	after, files := shown(t, whole), exported(t, whole)
	if before == after {
		t.Fatal("the second publish changes nothing: the test would prove nothing")
	}

	random := rand.New(rand.NewPCG(1, uint64(kills)))
	old, kept := 0, 0
	for i := range kills {
		dir := filepath.Join(base, "killed")
		copyTree(t, city, dir)
		killAfter(t, dir, time.Duration(random.Int64N(int64(took+took/10))))
		switch shown(t, dir) {
		case before:
			old++
		case after:
			kept++
		default:
			t.Fatalf("kill %d: the site is neither the old release nor the new", i)
		}
		command(t, dir, "publish", "--quiet")
		if shown(t, dir) != after {
			t.Fatalf("kill %d: the next publish does not arrive at the same packs", i)
		}
		command(t, dir, "fsck", "--quiet") // every byte of every pack
		command(t, dir, "index", "verify", "--quiet")
		if i%10 == 0 && exported(t, dir) != files {
			t.Fatalf("kill %d: the next publish does not arrive at the same files", i)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills: %d left the old release, %d the new one", kills, old, kept)
}

// addExports gives the city the exports of its last month.
func addExports(t *testing.T, city string) {
	t.Helper()
	more := filepath.Join(city, "outbox")
	entries, err := os.ReadDir(more)
	if err != nil || len(entries) == 0 {
		t.Fatalf("no exports are left to come: %v", err)
	}
	for _, e := range entries {
		if err := os.Rename(filepath.Join(more, e.Name()), filepath.Join(city, "inbox", e.Name())); err != nil {
			t.Fatal(err)
		}
	}
}

// command runs the program in dir and fails the test when it fails.
func command(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("huiyin", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("huiyin %v: %v\n%s", args, err, stderr.Bytes())
	}
}

// killAfter starts a publish and kills it, with all that it started, after d.
func killAfter(t *testing.T, dir string, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	cmd := exec.CommandContext(ctx, "huiyin", "publish", "--quiet")
	cmd.Dir = dir
	_ = cmd.Run() // killed, or done before
}

// shown returns the packs of the current release, which are named by the hashes
// of their bytes.
func shown(t *testing.T, city string) string {
	t.Helper()
	releases, err := release.Open(filepath.Join(city, "state", "releases"), release.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := releases.Manifest()
	if err != nil || m == nil {
		t.Fatalf("no release is shown: %v", err)
	}
	var b strings.Builder
	for _, p := range m.Partitions {
		fmt.Fprintln(&b, p.Key, p.Pack)
	}
	return b.String()
}

// exported returns the hash of the current site as plain files.
func exported(t *testing.T, city string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "site")
	command(t, city, "export", "--quiet", out)
	return treeHash(t, out)
}

// treeHash returns a hash of every name and byte below dir.
func treeHash(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(to, "state", "huiyin.key"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// killsOr returns the number of kills that HUIYIN_KILLS asks for, or else a small one.
func killsOr(t *testing.T, few int) int {
	t.Helper()
	s := os.Getenv("HUIYIN_KILLS")
	if s == "" {
		return few
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
