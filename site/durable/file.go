package durable

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
)

// TempPrefix begins the names of files that are being written. One that is
// found later is left over from a crash and holds nothing of worth.
const TempPrefix = ".tmp-"

// WriteFile puts data into the named file, whose folder must exist. When it
// returns nil the file survives a power cut; when it fails, or the power does,
// the file is as it was before or holds all of data. Two calls for the same
// name must not run at once.
func WriteFile(fsys FS, name string, data []byte) error {
	temp := filepath.Join(filepath.Dir(name), TempPrefix+filepath.Base(name))
	if err := writeSynced(fsys, temp, data); err != nil {
		return errors.Join(err, removeTemp(fsys, temp))
	}
	if err := fsys.Rename(temp, name); err != nil {
		return errors.Join(err, removeTemp(fsys, temp))
	}
	return fsys.Sync(filepath.Dir(name))
}

func writeSynced(fsys FS, name string, data []byte) error {
	f, err := fsys.Create(name)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

func removeTemp(fsys FS, name string) error {
	if err := fsys.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// MkdirAll makes the named folder and those above it that are missing. Each new
// one survives a power cut, because the folder that it was made in is synced.
// A folder that was there already is left alone.
func MkdirAll(fsys FS, name string) error {
	info, err := fsys.Stat(name)
	if err == nil {
		if !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: name, Err: errors.New("not a folder")}
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(name)
	if parent == name {
		return err
	}
	if err := MkdirAll(fsys, parent); err != nil {
		return err
	}
	if err := fsys.Mkdir(name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return fsys.Sync(parent)
}

// Rename gives a file another name, replacing the file that has it. What the
// file contains must have been synced before. Where the folders differ, the new
// one is synced first: a power cut in between leaves two names, never none.
func Rename(fsys FS, from, to string) error {
	if err := fsys.Rename(from, to); err != nil {
		return err
	}
	if err := fsys.Sync(filepath.Dir(to)); err != nil {
		return err
	}
	if filepath.Dir(from) == filepath.Dir(to) {
		return nil
	}
	return fsys.Sync(filepath.Dir(from))
}

// Remove removes a file or an empty folder. One that is not there is no error.
func Remove(fsys FS, name string) error {
	if err := fsys.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return fsys.Sync(filepath.Dir(name))
}

// ReadFile reads a whole file.
func ReadFile(fsys FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data := make([]byte, info.Size())
	n, err := io.ReadFull(f, data)
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		err = nil // cut while it was read
	}
	return data[:n], err
}
