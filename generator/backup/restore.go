package backup

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// Restore puts a backup into a folder that is empty or not there, with the newest journal
// of withdrawals in the place of the backup's: journal is its path. A journal that is missing, or does not go on from
// that of the backup, is refused: without it a case that was withdrawn since could be
// published again. What cannot be put back whole is taken away again.
func Restore(ctx context.Context, path, to, journal string) (m Manifest, err error) {
	if m, err = Read(ctx, path); err != nil {
		return m, err
	}
	newest, err := newestJournal(filepath.Join(path, filepath.FromSlash(m.Journal)), journal)
	if err != nil {
		return m, err
	}
	made, err := makeEmpty(to)
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, clear(to, made))
		}
	}()
	for _, f := range m.Files {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		name := filepath.FromSlash(f.Name)
		at := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			return m, fail(err, at+" cannot be made")
		}
		if f.Name == m.Journal {
			continue // the newest one comes below
		}
		got, err := copySum(filepath.Join(path, name), at, f.Name)
		if err != nil {
			return m, err
		}
		if got != f {
			return m, damaged(path, f.Name)
		}
	}
	at := filepath.Join(to, filepath.FromSlash(m.Journal))
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return m, fail(err, at+" cannot be made")
	}
	if err := os.WriteFile(at, newest, 0o600); err != nil {
		return m, fail(err, at+" cannot be written")
	}
	return m, fail(durable.OS{}.SyncAll(to), to+" cannot be written")
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
	if !bytes.HasPrefix(text, was) {
		return nil, fault.New("the journal of withdrawals at "+newest+" does not go on from that of the backup",
			"it is older than the backup, or of another installation: name the newest one with --journal")
	}
	return text, nil
}

// makeEmpty sees that a folder is there and empty, and reports whether it was made.
func makeEmpty(dir string) (made bool, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, fail(os.MkdirAll(dir, 0o700), dir+" cannot be made")
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
