package backup

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// Restore puts the backup at from into a folder that is empty or not there, with the newest journal
// of withdrawals in the place of the backup's: journal is its path. A journal that is
// missing, or does not go on from that of the backup, is refused: without it a case that
// was withdrawn since could be published again. What others could read they can read again,
// as far as the umask lets them; all else is for its owner.
//
// settle, where it is not nil, makes effective what the journal says before Restore ends.
// What cannot be put back whole, or settled, is taken away again.
func Restore(ctx context.Context, from, to, journal string, settle func(Manifest) error) (m Manifest, err error) {
	if m, err = Read(ctx, from); err != nil {
		return m, err
	}
	newest, err := newestJournal(filepath.Join(from, filepath.FromSlash(m.Journal)), journal)
	if err != nil {
		return m, err
	}
	missing, err := makeEmpty(to)
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, clear(to, missing))
		}
	}()
	if err := makeFolders(to, missing, m); err != nil {
		return m, err
	}
	for _, f := range m.Files {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		if f.Name == m.Journal {
			continue // the newest one comes below
		}
		mode := os.FileMode(0o600)
		if f.Shared {
			mode = 0o644
		}
		name := filepath.FromSlash(f.Name)
		got, err := copySum(filepath.Join(from, name), filepath.Join(to, name), f.Name, mode)
		if err != nil {
			return m, err
		}
		if !got.same(f) {
			return m, damaged(from, f.Name)
		}
	}
	at := filepath.Join(to, filepath.FromSlash(m.Journal))
	if err := os.WriteFile(at, newest, 0o600); err != nil {
		return m, fail(err, at+" cannot be written")
	}
	if err := (durable.OS{}).SyncAll(to); err != nil {
		return m, fail(err, to+" cannot be written")
	}
	if settle == nil {
		return m, nil
	}
	return m, settle(m)
}

// makeFolders makes the folders of a backup below one. The way to what others may read is
// open to them; one that holds what they may not, to the group alone.
func makeFolders(to string, missing bool, m Manifest) error {
	var shared, closed = map[string]bool{}, map[string]bool{}
	note := func(name string, open bool) {
		for dir := path.Dir(name); ; dir = path.Dir(dir) {
			if open {
				shared[dir] = true
			} else {
				closed[dir] = true
			}
			if dir == "." {
				return
			}
		}
	}
	note(m.Journal, false)
	for _, f := range m.Files {
		note(f.Name, f.Shared)
	}
	all := maps.Clone(shared)
	maps.Copy(all, closed)
	mkdir := func(dir string) error {
		mode := os.FileMode(0o700)
		switch {
		case shared[dir] && closed[dir]:
			mode = 0o750
		case shared[dir]:
			mode = 0o755
		}
		at := filepath.Join(to, filepath.FromSlash(dir))
		return fail(os.Mkdir(at, mode), at+" cannot be made")
	}
	if missing {
		if err := mkdir("."); err != nil {
			return err
		}
	}
	delete(all, ".")
	for _, dir := range slices.Sorted(maps.Keys(all)) { // each behind the one that holds it
		if err := mkdir(dir); err != nil {
			return err
		}
	}
	return nil
}

// newestJournal returns the text of the newest journal, which must begin with that of the
// backup.
func newestJournal(old, newest string) ([]byte, error) {
	text, err := os.ReadFile(newest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New("there is no journal of withdrawals at "+newest,
			"name the newest one that you have with --journal: that of the installation, or of the place of backups; without it a case that was withdrawn could be published again")
	}
	if err != nil {
		return nil, fail(err, newest+" cannot be read")
	}
	was, err := os.ReadFile(old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fail(err, old+" cannot be read")
	}
	if !goesOn(text, was) {
		return nil, fault.New("the journal of withdrawals at "+newest+" does not go on from that of the backup",
			"it is older than the backup, or of another installation: name the newest one with --journal")
	}
	return text, nil
}

// makeEmpty sees that a folder is empty, or not there and to be made in one that is.
func makeEmpty(dir string) (missing bool, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		parent := filepath.Dir(filepath.Clean(dir))
		return true, fail(os.MkdirAll(parent, 0o755), parent+" cannot be made")
	case err != nil:
		return false, fail(err, dir+" cannot be read")
	case len(entries) > 0:
		return false, fault.New("the folder "+dir+" is not empty", "name a new or empty folder: nothing is overwritten")
	}
	return false, nil
}

// clear removes all that stands in a folder, and the folder where it was made.
func clear(dir string, made bool) error {
	if made {
		return os.RemoveAll(dir)
	}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}
