package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
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
