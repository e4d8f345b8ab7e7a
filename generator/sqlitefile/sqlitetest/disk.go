// Package sqlitetest has a disk for SQLite files that loses power, or fails. Tests walk
// every point at which a program can be cut off, and look at what is left.
//
// It stands between SQLite and the operating system: what is written goes on to the real
// files, and is noted with each sync. A file that lies beside those of SQLite takes part in
// it through [Disk.Open]. The file that SQLite shares in memory is no part of it: it is
// made anew after a start.
package sqlitetest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Disk is a folder whose changes are noted. It is safe for concurrent use.
type Disk struct {
	dir  string
	base map[string]*node // as it was at first: all of it on the disk

	mu      sync.Mutex
	changes []change
	failAt  int // -1: never
	full    bool
}

type kind int

const (
	made kind = iota
	written
	truncated
	synced
	removed
	entered // the folder was synced
)

type change struct {
	path string
	what kind
	at   int64
	data []byte
}

// node is a file as it is, and what of it is sure to be on the disk.
type node struct {
	data, disk []byte
	later      []change // since the last sync
	there      bool     // it has its name
	sure       bool     // that is on the disk
}

// Watch notes what happens to the files of a folder from now on. Those that SQLite is to
// write are opened after that.
func Watch(t testing.TB, dir string) *Disk {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	d := &Disk{dir: dir, base: map[string]*node{}, failAt: -1}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		d.base[filepath.Join(dir, e.Name())] = &node{data: b, disk: b, there: true, sure: true}
	}
	mu.Lock()
	disks = append(disks, d)
	mu.Unlock()
	t.Cleanup(func() {
		mu.Lock()
		disks = slices.DeleteFunc(disks, func(other *Disk) bool { return other == d })
		mu.Unlock()
	})
	return d
}

// Changes returns how many changes there were.
func (d *Disk) Changes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.changes)
}

// FailAt makes the n-th change from now fail, counted from 0, and no other: for want of room
// where it is a write and full is true, and else because of the device.
func (d *Disk) FailAt(n int, full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failAt, d.full = len(d.changes)+n, full
}

// change notes a change, and reports whether it is to be done.
func (d *Disk) change(c change) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.changes) == d.failAt {
		d.failAt = -1
		return false
	}
	d.changes = append(d.changes, c)
	return true
}

// opened notes a file that SQLite has made. SQLite syncs the folder with the file's first
// sync.
func (d *Disk) opened(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changes = append(d.changes, change{path: path, what: made})
	if d.failAt >= 0 {
		d.failAt++ // what is made to fail is a change that can
	}
}

// Keep says what a power cut leaves of that which was not synced.
type Keep int

// Nothing; every second write, as a disk leaves that writes in an order of its own; the
// others; all of it.
const (
	KeepNone Keep = iota
	KeepOdd
	KeepEven
	KeepAll
	Keeps int = iota
)

// Tears returns in how many ways change n can be cut off: a write in the middle or before its
// last byte, anything else before it begins.
func (d *Disk) Tears(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n < len(d.changes) && d.changes[n].what == written {
		return 2
	}
	return 1
}

// Cut puts into the folder to what is on the disk when the power fails in change n, which is
// cut off in one of its ways, counted from 0.
func (d *Disk) Cut(n, tear int, keep Keep, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := map[string]*node{}
	for path, f := range d.base {
		c := *f
		now[path] = &c
	}
	for _, c := range d.changes[:min(n, len(d.changes))] {
		apply(now, c)
	}
	if n < len(d.changes) && d.changes[n].what == written {
		c := d.changes[n]
		c.data = c.data[:[]int{len(c.data) / 2, len(c.data) - 1}[tear]]
		apply(now, c)
	}
	for path, f := range now {
		if !f.there && (f.sure || keep != KeepNone) || f.there && !f.sure && keep == KeepNone {
			continue
		}
		b := f.data
		if keep != KeepAll {
			b = f.disk
			for i, c := range f.later {
				if keep == KeepOdd && i%2 == 0 || keep == KeepEven && i%2 == 1 {
					b = do(b, c)
				}
			}
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(path)), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func apply(now map[string]*node, c change) {
	f := now[c.path]
	if f == nil {
		f = &node{}
		now[c.path] = f
	}
	switch c.what {
	case made:
		if !f.there {
			*f = node{there: true}
		}
	case written, truncated:
		f.data, f.later = do(f.data, c), append(slices.Clip(f.later), c)
	case synced:
		f.disk, f.later = f.data, nil
		if !strings.HasSuffix(c.path, ".journal") {
			f.sure = true
		}
	case removed:
		f.there, f.sure = false, false
	case entered:
		for path, f := range now {
			if filepath.Dir(path) == c.path {
				f.sure = true
			}
		}
	}
}

// do returns what a write or a truncation makes of contents.
func do(b []byte, c change) []byte {
	if c.what == truncated {
		if int64(len(b)) > c.at {
			return slices.Clone(b[:c.at])
		}
		return append(slices.Clone(b), make([]byte, c.at-int64(len(b)))...)
	}
	end := c.at + int64(len(c.data))
	out := append(slices.Clone(b), make([]byte, max(0, end-int64(len(b))))...)
	copy(out[c.at:], c.data)
	return out
}

// File is a file of the disk that is not SQLite's.
type File struct {
	d *Disk
	f *os.File
}

// Open opens a file to write to it, and makes it when it is not there.
func (d *Disk) Open(path string) (*File, error) {
	_, err := os.Stat(path)
	if err != nil && !d.change(change{path: path, what: made}) {
		return nil, d.broken("open", path)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	return &File{d, f}, err
}

// SyncDir makes the names of new files durable.
func (d *Disk) SyncDir(path string) error {
	if !d.change(change{path: path, what: entered}) {
		return d.broken("sync", path)
	}
	return nil
}

// broken is the error of a change that is made to fail.
func (d *Disk) broken(op, path string) error {
	err := syscall.EIO
	if d.full && (op == "write" || op == "open") {
		err = syscall.ENOSPC
	}
	return &os.PathError{Op: op, Path: path, Err: err}
}

// WriteAt writes; where it is made to fail, one half.
func (f *File) WriteAt(b []byte, at int64) (int, error) {
	if !f.d.change(change{path: f.f.Name(), what: written, at: at, data: slices.Clone(b)}) {
		n, err := f.f.WriteAt(b[:len(b)/2], at)
		if err == nil {
			err = f.d.broken("write", f.f.Name())
		}
		return n, err
	}
	return f.f.WriteAt(b, at)
}

// Truncate cuts the file.
func (f *File) Truncate(size int64) error {
	if !f.d.change(change{path: f.f.Name(), what: truncated, at: size}) {
		return f.d.broken("truncate", f.f.Name())
	}
	return f.f.Truncate(size)
}

// Sync makes the contents durable, and not the name.
func (f *File) Sync() error {
	if !f.d.change(change{path: f.f.Name(), what: synced}) {
		return f.d.broken("sync", f.f.Name())
	}
	return nil
}

// Close closes the file.
func (f *File) Close() error { return f.f.Close() }
