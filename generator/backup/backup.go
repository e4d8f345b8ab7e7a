// Package backup copies an installation to another place and puts it back.
//
// A backup is a folder of its own below the place of backups, named by the time at which
// it was begun: 2026-11-28T020000Z. It holds ordinary files and backup.json, which lists
// them with their hashes and is written last: a folder without it is no backup.
//
// Beside the backups lies the newest journal of withdrawals, which every withdrawal is
// added to before it is acknowledged. [Restore] takes that one and not the journal of the
// backup: a case that was withdrawn after the backup was made stays withdrawn.
package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// ManifestName is the file of a backup that lists the others.
const ManifestName = "backup.json"

// JournalName is the newest journal of withdrawals, in the place of backups.
const JournalName = "withdrawn.journal"

// nameForm is the form of the name of a backup, in UTC.
const nameForm = "2006-01-02T150405Z"

const format = 1

// Manifest is what a backup says of itself.
type Manifest struct {
	Format int `json:"format"`
	Head
	Files []File `json:"files"` // sorted by name
}

// Head is what a backup is of.
type Head struct {
	At      time.Time `json:"at"`      // when it was begun
	Release int       `json:"release"` // current then; 0: none
	Config  string    `json:"config"`  // name of the configuration
	Journal string    `json:"journal"` // name of the journal of withdrawals, which may not be there
}

// File is one file of a backup.
type File struct {
	Name string `json:"name"` // path within the backup, with slashes
	Size int64  `json:"size"`
	Sum  string `json:"sha256"`

	// Shared is set where others than its owner may read the file, as the server may what
	// is published. In the backup itself nobody may.
	Shared bool `json:"shared,omitempty"`
}

// Bytes is the size of all files.
func (m Manifest) Bytes() (n int64) {
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

// Part is a part of an installation: a file, or a tree of files.
type Part struct {
	Name string // path within the backup and below the installation's folder
	From string // where it lies
	Tree bool   // all files below From
	Gone bool   // it may be missing

	// Copy copies a file that others write meanwhile to a path where there is none.
	// nil: its bytes are copied.
	Copy func(ctx context.Context, from, to string) error
	// Omit leaves out files of a tree, by their paths below it. One that it does not find is
	// left out too.
	Omit func(ctx context.Context, name string) (bool, error)
}

// MakePlace makes a place of backups, for its owner alone, where there is none.
func MakePlace(place string) error {
	_, err := os.Stat(place)
	if errors.Is(err, fs.ErrNotExist) {
		if err = durable.MkdirAll(durable.OS{}, place); err == nil {
			err = os.Chmod(place, 0o700)
		}
	}
	return fail(err, "the place of backups cannot be made: "+place)
}

// newName returns the name of a backup made at a time: that of the second or, where there is
// one of it or of a later one, that of the second behind the last. So names say the order, also
// where the clock was set back: the oldest by name are the first to go.
func newName(place string, at time.Time) (string, error) {
	entries, err := os.ReadDir(place)
	if err != nil {
		return "", fail(err, "the place of backups cannot be read: "+place)
	}
	for _, e := range entries {
		if there, err := time.Parse(nameForm, e.Name()); err == nil && !at.After(there) {
			at = there.Add(time.Second)
		}
	}
	return at.Format(nameForm), nil
}

// Make copies the parts into a new backup at a place, in their order. A backup that
// fails, or is cut off, is none, and the next one clears it away.
func Make(ctx context.Context, place string, head Head, parts []Part) (path string, m Manifest, err error) {
	if err := MakePlace(place); err != nil {
		return "", m, err
	}
	if err := sweep(place); err != nil {
		return "", m, err
	}
	head.At = head.At.UTC().Truncate(time.Second)
	name, err := newName(place, head.At)
	if err != nil {
		return "", m, err
	}
	path = filepath.Join(place, name)
	open := filepath.Join(place, durable.TempPrefix+name)
	if err := os.Mkdir(open, 0o700); err != nil {
		return "", m, fail(err, "a backup cannot be begun at "+place)
	}
	m = Manifest{Format: format, Head: head}
	for _, p := range parts {
		files, err := p.copyTo(ctx, open)
		if err != nil {
			return "", m, errors.Join(err, os.RemoveAll(open))
		}
		m.Files = append(m.Files, files...)
	}
	slices.SortFunc(m.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	text, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = durable.WriteFile(durable.OS{}, filepath.Join(open, ManifestName), append(text, '\n'))
	}
	if err == nil {
		err = durable.OS{}.SyncAll(open)
	}
	if err == nil {
		err = durable.Rename(durable.OS{}, open, path)
	}
	if err != nil {
		return "", m, errors.Join(fail(err, "the backup cannot be ended at "+place), os.RemoveAll(open))
	}
	return path, m, nil
}

// copyTo copies a part below a folder.
func (p Part) copyTo(ctx context.Context, dir string) (files []File, err error) {
	if !p.Tree {
		f, err := p.copyFile(ctx, p.From, p.Name, dir)
		if errors.Is(err, fs.ErrNotExist) && p.Gone {
			return nil, nil
		}
		return []File{f}, err
	}
	err = filepath.WalkDir(p.From, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) && (p.Gone || path != p.From) {
				return nil // removed meanwhile, as what a release does not need any more is
			}
			return err
		}
		rel, err := filepath.Rel(p.From, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), durable.TempPrefix) {
			return nil
		}
		skip := false
		if p.Omit != nil {
			skip, err = p.Omit(ctx, rel)
		}
		if skip || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		f, err := p.copyFile(ctx, path, p.Name+"/"+rel, dir)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		files = append(files, f)
		return err
	})
	return files, fail(err, p.From+" cannot be copied")
}

func (p Part) copyFile(ctx context.Context, from, name, dir string) (f File, err error) {
	if err := ctx.Err(); err != nil {
		return f, err
	}
	to := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return f, fail(err, "the backup cannot be written: "+to)
	}
	info, err := os.Stat(from)
	if err != nil {
		return f, err
	}
	if p.Copy == nil {
		f, err = copySum(from, to, name, 0o600)
	} else if err = p.Copy(ctx, from, to); err == nil {
		f, err = sumOf(to, name)
	}
	f.Shared = info.Mode().Perm()&0o044 != 0
	return f, err
}

// copySum copies a file to where there is none and returns what it is.
func copySum(from, to, name string, mode os.FileMode) (f File, err error) {
	in, err := os.Open(from)
	if err != nil {
		return f, err
	}
	defer in.Close() // only read: nothing can be lost
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return f, fail(err, to+" cannot be written")
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, h), in)
	if err = errors.Join(err, out.Close()); err != nil {
		return f, fail(err, to+" cannot be written")
	}
	return File{Name: name, Size: n, Sum: hex.EncodeToString(h.Sum(nil))}, nil
}

func sumOf(path, name string) (f File, err error) {
	in, err := os.Open(path)
	if err != nil {
		return f, err
	}
	defer in.Close() // only read: nothing can be lost
	h := sha256.New()
	n, err := io.Copy(h, in)
	return File{Name: name, Size: n, Sum: hex.EncodeToString(h.Sum(nil))}, err
}

// sweep removes what a backup that was cut off has left.
func sweep(place string) error {
	entries, err := os.ReadDir(place)
	if err != nil {
		return fail(err, "the place of backups cannot be read: "+place)
	}
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), durable.TempPrefix); ok && isName(rest) {
			if err := os.RemoveAll(filepath.Join(place, e.Name())); err != nil {
				return fail(err, "what a backup left cannot be removed: "+e.Name())
			}
		}
	}
	return nil
}

func isName(s string) bool {
	_, err := time.Parse(nameForm, s)
	return err == nil
}

// List returns the backups at a place, the oldest first. A folder that only has the name of
// one is none: it may be somebody else's.
func List(place string) (paths []string, err error) {
	entries, err := os.ReadDir(place)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fail(err, "the place of backups cannot be read: "+place)
	}
	for _, e := range entries { // sorted by name, and so by time
		if !e.IsDir() || !isName(e.Name()) {
			continue
		}
		path := filepath.Join(place, e.Name())
		if info, err := os.Lstat(filepath.Join(path, ManifestName)); err == nil && info.Mode().IsRegular() {
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// Prune removes all backups of an owner at a place but the newest keep, and returns those
// that went.
func Prune(place string, keep int, of Owner) (gone []string, err error) {
	all, err := List(place)
	all = slices.DeleteFunc(all, func(path string) bool { return !of.Owns(path) })
	if err != nil || len(all) <= keep {
		return nil, err
	}
	for _, path := range all[:len(all)-keep] {
		// Renamed first, so that one that is cut off is no backup any more.
		dead := filepath.Join(place, durable.TempPrefix+filepath.Base(path))
		if err := durable.Rename(durable.OS{}, path, dead); err != nil {
			return gone, fail(err, "an old backup cannot be removed: "+path)
		}
		if err := os.RemoveAll(dead); err != nil {
			return gone, fail(err, "an old backup cannot be removed: "+path)
		}
		gone = append(gone, path)
	}
	return gone, nil
}

// Read reads the manifest of a backup and compares every file with it.
func Read(ctx context.Context, path string) (m Manifest, err error) {
	if m, err = readManifest(path); err != nil {
		return m, err
	}
	for _, want := range m.Files {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		if !filepath.IsLocal(filepath.FromSlash(want.Name)) {
			return m, damaged(path, want.Name)
		}
		got, err := sumOf(filepath.Join(path, filepath.FromSlash(want.Name)), want.Name)
		if err != nil || !got.same(want) {
			return m, damaged(path, want.Name)
		}
	}
	return m, nil
}

// readManifest reads the manifest of a backup.
func readManifest(path string) (m Manifest, err error) {
	text, err := os.ReadFile(filepath.Join(path, ManifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return m, fault.New(path+" is no backup: it has no "+ManifestName, "name a folder that huiyin backup made; one that was cut off is none")
	}
	if err != nil {
		return m, fail(err, path+" cannot be read")
	}
	if err := json.Unmarshal(text, &m); err != nil || m.Format != format {
		return m, fault.Wrap(errors.Join(err, fmt.Errorf("format %d", m.Format)), path+" is a backup that this version cannot read", "use the version that made it, or a newer one")
	}
	for _, name := range []string{m.Config, m.Journal} {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return m, damaged(path, ManifestName)
		}
	}
	return m, nil
}

// same reports whether two files have the same content.
func (f File) same(g File) bool { return f.Name == g.Name && f.Size == g.Size && f.Sum == g.Sum }

func damaged(path, name string) error {
	return fault.Coded(fault.ExitDamaged, fmt.Sprintf("the backup %s is damaged: %s is missing or not what was written", path, name), "use another backup", nil)
}

func fail(err error, what string) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	return fault.Wrap(err, what, "check its rights, and whether the disk is full")
}
