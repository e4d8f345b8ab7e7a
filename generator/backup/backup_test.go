package backup_test

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/huiyin/huiyin/generator/backup"
	"github.com/huiyin/huiyin/generator/fault"
)

var at = time.Date(2026, 11, 28, 2, 0, 0, 0, time.UTC)

const installation = `
-- huiyin.yaml --
version: 1
-- state/store.db --
made-up store
-- state/withdrawn.journal --
one
-- state/releases/current --
3
-- state/releases/packs/aa/pack.zip --
pack
-- state/releases/stage/half.zip --
half
-- state/releases/.tmp-x --
torn
`

// unpack writes files below a folder.
func unpack(t *testing.T, dir, files string) string {
	t.Helper()
	for _, f := range txtar.Parse([]byte(files)).Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// tree returns the files below a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func parts(dir string) []backup.Part {
	return []backup.Part{
		{Name: "huiyin.yaml", From: filepath.Join(dir, "huiyin.yaml")},
		{Name: "state/store.db", From: filepath.Join(dir, "state/store.db"), Copy: func(_ context.Context, from, to string) error {
			b, err := os.ReadFile(from)
			if err != nil {
				return err
			}
			return os.WriteFile(to, append(b, "copied\n"...), 0o600)
		}},
		{Name: "state/huiyin.key", From: filepath.Join(dir, "state/huiyin.key"), Gone: true},
		{Name: "state/releases", From: filepath.Join(dir, "state/releases"), Tree: true, Omit: func(_ context.Context, name string) (bool, error) { return strings.HasPrefix(name, "stage/"), nil }},
		{Name: "state/withdrawn.journal", From: filepath.Join(dir, "state/withdrawn.journal"), Gone: true},
	}
}

func make3(t *testing.T) (place, path string) {
	t.Helper()
	dir := unpack(t, t.TempDir(), installation)
	place = filepath.Join(t.TempDir(), "backups")
	path, m, err := backup.Make(t.Context(), place, head(at), parts(dir))
	if err != nil || m.Release != 3 || len(m.Files) != 5 || m.Bytes() == 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	return place, path
}

func head(at time.Time) backup.Head {
	return backup.Head{At: at, Release: 3, Config: "huiyin.yaml", Journal: "state/withdrawn.journal"}
}

func TestBackupAndRestore(t *testing.T) {
	place, path := make3(t)
	if filepath.Base(path) != "2026-11-28T020000Z" {
		t.Error(path)
	}
	newest := filepath.Join(place, backup.JournalName)
	if err := os.WriteFile(newest, []byte("one\ntwo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "new")
	if _, err := backup.Restore(t.Context(), path, to, newest, nil); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"huiyin.yaml": "version: 1\n", "state/store.db": "made-up store\ncopied\n", "state/withdrawn.journal": "one\ntwo\n",
		"state/releases/current": "3\n", "state/releases/packs/aa/pack.zip": "pack\n",
	}
	if diff := cmp.Diff(want, tree(t, to)); diff != "" {
		t.Errorf("restored (-want +got):\n%s", diff)
	}
	if info, err := os.Stat(filepath.Join(to, "state/store.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// What the server could read it can read again, and nothing else; the backup itself shows
// nothing to others.
func TestRestoreRights(t *testing.T) {
	dir := unpack(t, t.TempDir(), installation)
	for _, name := range []string{"state/releases/current", "state/releases/packs/aa/pack.zip"} {
		if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	place := filepath.Join(t.TempDir(), "backups")
	from, _, err := backup.Make(t.Context(), place, head(at), parts(dir))
	if err != nil {
		t.Fatal(err)
	}
	modes := func(dir string) map[string]fs.FileMode {
		all := map[string]fs.FileMode{}
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			rel, _ := filepath.Rel(dir, p)
			all[filepath.ToSlash(rel)] = info.Mode().Perm() & 0o740 // whatever the umask of the test says of others
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for _, dir := range []string{place, from} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s is open to others: %v, %v", dir, info.Mode(), err)
		}
	}
	to := filepath.Join(t.TempDir(), "new")
	if _, err := backup.Restore(t.Context(), from, to, filepath.Join(from, "state/withdrawn.journal"), nil); err != nil {
		t.Fatal(err)
	}
	want := map[string]fs.FileMode{
		".": 0o740, "huiyin.yaml": 0o600, "state": 0o740, "state/store.db": 0o600, "state/withdrawn.journal": 0o600,
		"state/releases": 0o740, "state/releases/current": 0o640, "state/releases/packs": 0o740, "state/releases/packs/aa": 0o740, "state/releases/packs/aa/pack.zip": 0o640,
	}
	if diff := cmp.Diff(want, modes(to)); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
}

// Where what was put back cannot be settled, nothing of it stays: it could show what was
// withdrawn.
func TestRestoreUnsettled(t *testing.T) {
	_, from := make3(t)
	to := filepath.Join(t.TempDir(), "new")
	_, err := backup.Restore(t.Context(), from, to, filepath.Join(from, "state/withdrawn.journal"), func(m backup.Manifest) error {
		if len(tree(t, to)) != 5 || m.Release != 3 {
			t.Errorf("settled before all is there: %v, %+v", tree(t, to), m)
		}
		return fault.New("newer", "use the newer program")
	})
	if _, statErr := os.Stat(to); err == nil || statErr == nil {
		t.Errorf("%v; the folder is left", err)
	}
}

// What is not whole is not put back, and nothing stays where it was to go.
func TestRestoreRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(path, journal, to string) error
		want   string
	}{
		"a file changed": {func(path, _, _ string) error {
			return os.WriteFile(filepath.Join(path, "state/store.db"), []byte("made-up store\nCopied\n"), 0o600)
		}, "state/store.db is missing or not what was written"},
		"a file missing": {func(path, _, _ string) error { return os.Remove(filepath.Join(path, "state/releases/current")) }, "state/releases/current is missing"},
		"cut off":        {func(path, _, _ string) error { return os.Remove(filepath.Join(path, backup.ManifestName)) }, "is no backup"},
		"of another version": {func(path, _, _ string) error {
			return os.WriteFile(filepath.Join(path, backup.ManifestName), []byte(`{"format":2}`), 0o600)
		}, "this version cannot read"},
		"out of the folder": {func(path, _, _ string) error {
			return os.WriteFile(filepath.Join(path, backup.ManifestName), []byte(`{"format":1,"config":"c","journal":"j","files":[{"name":"../x","size":0,"sha256":""}]}`), 0o600)
		}, "../x is missing"},
		"no journal":      {func(_, journal, _ string) error { return os.Remove(journal) }, "there is no journal of withdrawals"},
		"an older one":    {func(_, journal, _ string) error { return os.WriteFile(journal, nil, 0o600) }, "does not go on from that of the backup"},
		"another one":     {func(_, journal, _ string) error { return os.WriteFile(journal, []byte("two\none\n"), 0o600) }, "does not go on"},
		"a folder in use": {func(_, _, to string) error { return os.WriteFile(filepath.Join(to, "x"), nil, 0o600) }, "is not empty"},
	} {
		place, path := make3(t)
		journal := filepath.Join(place, backup.JournalName)
		if err := os.WriteFile(journal, []byte("one\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		to := t.TempDir()
		if err := tt.change(path, journal, to); err != nil {
			t.Fatal(err)
		}
		before := tree(t, to)
		_, err := backup.Restore(t.Context(), path, to, journal, nil)
		msg, hint, _ := fault.Public(err)
		if !strings.Contains(msg, tt.want) || hint == "" {
			t.Errorf("%s: %q, hint %q", name, msg, hint)
		}
		if diff := cmp.Diff(before, tree(t, to)); diff != "" {
			t.Errorf("%s: the folder has changed:\n%s", name, diff)
		}
	}
}

// Two backups of one second are two, and their names say which was first.
func TestTwoBackupsOfASecond(t *testing.T) {
	dir, place := unpack(t, t.TempDir(), installation), t.TempDir()
	var names []string
	for range 2 {
		path, m, err := backup.Make(t.Context(), place, head(at), parts(dir))
		if err != nil {
			t.Fatal(err)
		}
		if !m.At.Equal(at) {
			t.Errorf("made at %v, want %v", m.At, at)
		}
		names = append(names, filepath.Base(path))
	}
	if diff := cmp.Diff([]string{"2026-11-28T020000Z", "2026-11-28T020001Z"}, names); diff != "" {
		t.Error(diff)
	}
}

// A backup that is made after the clock was set back is the newest, and not the first to go.
func TestBackupAfterTheClockWasSetBack(t *testing.T) {
	dir, place := unpack(t, t.TempDir(), installation), t.TempDir()
	var made []string
	for _, when := range []time.Time{at.AddDate(0, 1, 0), at} {
		path, m, err := backup.Make(t.Context(), place, head(when), parts(dir))
		if err != nil || !m.At.Equal(when) {
			t.Fatal(m.At, err)
		}
		made = append(made, path)
	}
	gone, err := backup.Prune(place, 1, backup.Owner{Journal: []byte("one\ntwo\n")})
	if diff := cmp.Diff(made[:1], gone); diff != "" || err != nil {
		t.Errorf("%v, what went (-want +got):\n%s", err, diff)
	}
}

// A backup that is cut off is none, and the next one clears it away; the oldest go.
func TestBackupCutOff(t *testing.T) {
	dir := unpack(t, t.TempDir(), installation)
	place := t.TempDir()
	broken := append(parts(dir), backup.Part{Name: "state/intake.db", From: filepath.Join(dir, "nowhere")})
	if _, _, err := backup.Make(t.Context(), place, head(at), broken); err == nil {
		t.Fatal("a part is missing, and nobody says so")
	}
	if len(tree(t, place)) > 0 {
		t.Errorf("left: %v", slices.Sorted(maps.Keys(tree(t, place))))
	}
	unpack(t, place, "-- .tmp-2026-11-27T020000Z/state/store.db --\nhalf\n-- mine.txt --\nkept\n-- 2026-11-01T000000Z/mine.txt --\nkept\n")
	for i := range 4 {
		if _, _, err := backup.Make(t.Context(), place, head(at.Add(time.Duration(i)*time.Hour)), parts(dir)); err != nil {
			t.Fatal(err)
		}
	}
	gone, err := backup.Prune(place, 2, backup.Owner{Journal: []byte("one\ntwo\n")})
	if err != nil || len(gone) != 2 {
		t.Errorf("%v, %v", gone, err)
	}
	left, err := backup.List(place)
	if err != nil || len(left) != 2 || filepath.Base(left[0]) != "2026-11-28T040000Z" {
		t.Errorf("%v, %v", left, err)
	}
	files := tree(t, place)
	if files["mine.txt"] == "" || files["2026-11-01T000000Z/mine.txt"] == "" || files[".tmp-2026-11-27T020000Z/state/store.db"] != "" {
		t.Errorf("%v", slices.Sorted(maps.Keys(files)))
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := backup.Make(ctx, place, head(at.Add(9*time.Hour)), parts(dir)); err == nil {
		t.Error("it was stopped, and nobody says so")
	}
}
