package backup_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/backup"
)

// A backup is its owner's where it holds his key and his journal goes on from that of it.
func TestOwner(t *testing.T) {
	sum := func(text string) string {
		h := sha256.Sum256([]byte(text))
		return hex.EncodeToString(h[:])
	}
	for name, tt := range map[string]struct {
		files string // beside what every installation here has
		owner backup.Owner
		want  bool
	}{
		"the same":             {"-- state/huiyin.key --\nkey a\n-- state/withdrawn.journal --\none\n", backup.Owner{Journal: []byte("one\n"), Key: sum("key a\n")}, true},
		"an older one":         {"-- state/huiyin.key --\nkey a\n-- state/withdrawn.journal --\none\n", backup.Owner{Journal: []byte("one\ntwo\n"), Key: sum("key a\n")}, true},
		"of before the first":  {"-- state/huiyin.key --\nkey a\n", backup.Owner{Journal: []byte("one\n"), Key: sum("key a\n")}, true},
		"of another journal":   {"-- state/huiyin.key --\nkey a\n-- state/withdrawn.journal --\ntwo\n", backup.Owner{Journal: []byte("one\ntwo\n"), Key: sum("key a\n")}, false},
		"a newer one":          {"-- state/huiyin.key --\nkey a\n-- state/withdrawn.journal --\none\ntwo\n", backup.Owner{Journal: []byte("one\n"), Key: sum("key a\n")}, false},
		"of another key":       {"-- state/huiyin.key --\nkey b\n-- state/withdrawn.journal --\none\n", backup.Owner{Journal: []byte("one\n"), Key: sum("key a\n")}, false},
		"without a withdrawal": {"-- state/huiyin.key --\nkey b\n", backup.Owner{Key: sum("key a\n")}, false},
		"the key elsewhere":    {"-- state/withdrawn.journal --\none\n", backup.Owner{Journal: []byte("one\n")}, true},
	} {
		dir := unpack(t, t.TempDir(), "-- huiyin.yaml --\nversion: 1\n-- state/store.db --\nmade-up store\n-- state/releases/current --\n3\n"+tt.files)
		path, _, err := backup.Make(t.Context(), t.TempDir(), head(at), parts(dir))
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.owner.Owns(path); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
		if err := os.WriteFile(filepath.Join(path, backup.ManifestName), []byte("{half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if tt.owner.Owns(path) {
			t.Errorf("%s: it cannot be read, and is owned", name)
		}
	}
}

// What is being written to the journal while it is copied, and comes to nothing, makes it no
// other journal: the backup is the owner's, and can be put back.
func TestOwnerOfHalfALine(t *testing.T) {
	dir := unpack(t, t.TempDir(), installation)
	half := slices.Clone(parts(dir))
	half[len(half)-1].Copy = func(_ context.Context, _, to string) error {
		return os.WriteFile(to, []byte("one\nhal"), 0o600)
	}
	path, _, err := backup.Make(t.Context(), t.TempDir(), head(at), half)
	if err != nil {
		t.Fatal(err)
	}
	if !(backup.Owner{Journal: []byte("one\nanother\n")}).Owns(path) {
		t.Error("it is nobody's")
	}
	newest := filepath.Join(t.TempDir(), "newest")
	if err := os.WriteFile(newest, []byte("one\nanother\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(t.Context(), path, filepath.Join(t.TempDir(), "to"), newest, nil); err != nil {
		t.Errorf("it cannot be put back: %v", err)
	}
}

// The places that were used are remembered; a file that is damaged is not taken for none.
func TestUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "places.json")
	if all, err := backup.ReadUsed(file); err != nil || len(all) > 0 {
		t.Fatal(all, err)
	}
	want := []string{"/mnt/backup", "/mnt/备份"}
	if err := backup.WriteUsed(file, want); err != nil {
		t.Fatal(err)
	}
	got, err := backup.ReadUsed(file)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, text := range []string{"{half", `{"format":2,"places":[]}`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.ReadUsed(file); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}
