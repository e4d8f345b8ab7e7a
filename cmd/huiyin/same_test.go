package main

import (
	"crypto/rand"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The same exports give the same bytes, whatever the time zone, the locale, the
// number of processors and the folder.
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
		hash := exported(t, dir)
		if first == "" {
			first = hash
		}
		if hash != first {
			t.Errorf("%v gives other bytes", env)
		}
	}
}

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
