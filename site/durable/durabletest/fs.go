// Package durabletest has a file system in memory that loses power. Tests walk
// every point at which a program can be cut off, and look at what is left.
//
// It is stricter than any real one. Until a file is synced its contents can be
// lost, until a folder is synced its entries can, each for itself: a file that
// was renamed may be found under both names or neither, and a folder that was
// made may be missing with all that was synced in it.
package durabletest

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/huiyin/huiyin/site/durable"
)

// FS is the file system. Names are slash-separated and absolute. Permissions
// and times are not kept. It is safe for concurrent use.
type FS struct {
	mu     sync.Mutex
	root   *node
	locks  map[string]chan struct{} // closed when the lock is let go
	ops    int
	failAt int // -1: never
	fault  error
	dead   bool // everything fails from now on
	crash  bool // the fault kills
}

var _ durable.FS = (*FS)(nil)

// node is a file or a folder, as it is and as it was last synced.
type node struct {
	dir          bool
	data, disk   []byte
	kids, onDisk map[string]*node
}

// New returns an empty file system.
func New() *FS {
	return &FS{root: newDir(), locks: map[string]chan struct{}{}, failAt: -1}
}

func newDir() *node {
	return &node{dir: true, kids: map[string]*node{}, onDisk: map[string]*node{}}
}

// ErrCrash is the error of every call after a crash.
var ErrCrash = errors.New("the machine is off")

// CrashAt makes the machine fail at the n-th change from now, counted from 0.
// Of a write that is cut off one half is done; of anything else nothing.
func (f *FS) CrashAt(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ops, f.failAt, f.fault, f.crash = 0, n, ErrCrash, true
}

// FailAt makes the n-th change from now fail with err, and no other.
func (f *FS) FailAt(n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ops, f.failAt, f.fault, f.crash = 0, n, err, false
}

// Changes returns the number of changes since the last CrashAt or FailAt, or
// from the beginning.
func (f *FS) Changes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ops
}

// change counts a change. The lock is held.
func (f *FS) change() error {
	if f.dead {
		return ErrCrash
	}
	f.ops++
	if f.ops-1 != f.failAt {
		return nil
	}
	f.dead = f.crash
	return f.fault
}

// Clone returns a copy on which nothing is locked.
func (f *FS) Clone() *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := New()
	n.root = clone(f.root, map[*node]*node{})
	return n
}

func clone(n *node, seen map[*node]*node) *node {
	if c := seen[n]; c != nil {
		return c
	}
	c := &node{dir: n.dir, data: n.data, disk: n.disk}
	seen[n] = c
	if n.dir {
		c.kids, c.onDisk = map[string]*node{}, map[string]*node{}
		for name, k := range n.kids {
			c.kids[name] = clone(k, seen)
		}
		for name, k := range n.onDisk {
			c.onDisk[name] = clone(k, seen)
		}
	}
	return c
}

// Files returns the contents of all files by their names.
func (f *FS) Files() map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := map[string]string{}
	var walk func(name string, n *node)
	walk = func(name string, n *node) {
		if !n.dir {
			m[name] = string(n.data)
			return
		}
		for base, k := range n.kids {
			walk(path.Join(name, base), k)
		}
	}
	walk("/", f.root)
	return m
}

// find returns a node, and an error that wraps one of package io/fs. The lock
// is held.
func (f *FS) find(op, name string) (*node, error) {
	n := f.root
	for part := range strings.SplitSeq(strings.Trim(path.Clean(name), "/"), "/") {
		if part == "" || part == "." {
			continue
		}
		if !n.dir {
			return nil, &fs.PathError{Op: op, Path: name, Err: syscall.ENOTDIR}
		}
		if n = n.kids[part]; n == nil {
			return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
		}
	}
	return n, nil
}

// folder returns the folder that name lies in. The lock is held.
func (f *FS) folder(op, name string) (*node, string, error) {
	d, err := f.find(op, path.Dir(path.Clean(name)))
	if err == nil && !d.dir {
		err = &fs.PathError{Op: op, Path: name, Err: syscall.ENOTDIR}
	}
	return d, path.Base(name), err
}

// Open opens a file for reading.
func (f *FS) Open(name string) (durable.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return nil, ErrCrash
	}
	n, err := f.find("open", name)
	if err != nil {
		return nil, err
	}
	return &file{f: f, n: n, name: name}, nil
}

// Create makes or empties a file.
func (f *FS) Create(name string) (durable.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base, err := f.folder("create", name)
	if err != nil {
		return nil, err
	}
	n := d.kids[base]
	if n != nil && n.dir {
		return nil, &fs.PathError{Op: "create", Path: name, Err: syscall.EISDIR}
	}
	if err := f.change(); err != nil {
		return nil, err
	}
	if n == nil {
		n = &node{}
		d.kids[base] = n
	}
	n.data = nil
	return &file{f: f, n: n, name: name}, nil
}

// Mkdir makes one folder.
func (f *FS) Mkdir(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base, err := f.folder("mkdir", name)
	if err != nil {
		return err
	}
	if d.kids[base] != nil {
		return &fs.PathError{Op: "mkdir", Path: name, Err: fs.ErrExist}
	}
	if err := f.change(); err != nil {
		return err
	}
	d.kids[base] = newDir()
	return nil
}

// Rename gives a file another name.
func (f *FS) Rename(from, to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base, err := f.folder("rename", from)
	if err != nil {
		return err
	}
	n := d.kids[base]
	if n == nil {
		return &fs.PathError{Op: "rename", Path: from, Err: fs.ErrNotExist}
	}
	e, target, err := f.folder("rename", to)
	if err != nil {
		return err
	}
	if old := e.kids[target]; old != nil && old.dir {
		return &fs.PathError{Op: "rename", Path: to, Err: syscall.EISDIR}
	}
	if err := f.change(); err != nil {
		return err
	}
	delete(d.kids, base)
	e.kids[target] = n
	return nil
}

// Remove removes a file or an empty folder.
func (f *FS) Remove(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base, err := f.folder("remove", name)
	if err != nil {
		return err
	}
	n := d.kids[base]
	if n == nil {
		return &fs.PathError{Op: "remove", Path: name, Err: fs.ErrNotExist}
	}
	if n.dir && len(n.kids) > 0 {
		return &fs.PathError{Op: "remove", Path: name, Err: syscall.ENOTEMPTY}
	}
	if err := f.change(); err != nil {
		return err
	}
	delete(d.kids, base)
	return nil
}

// ReadDir lists a folder.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return nil, ErrCrash
	}
	n, err := f.find("readdir", name)
	if err == nil && !n.dir {
		err = &fs.PathError{Op: "readdir", Path: name, Err: syscall.ENOTDIR}
	}
	if err != nil {
		return nil, err
	}
	var list []fs.DirEntry
	for _, base := range slices.Sorted(maps.Keys(n.kids)) {
		list = append(list, fs.FileInfoToDirEntry(info{base, int64(len(n.kids[base].data)), n.kids[base].dir}))
	}
	return list, nil
}

// Stat describes a file or a folder.
func (f *FS) Stat(name string) (fs.FileInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return nil, ErrCrash
	}
	n, err := f.find("stat", name)
	if err != nil {
		return nil, err
	}
	return info{path.Base(name), int64(len(n.data)), n.dir}, nil
}

// Sync makes the entries of a folder survive.
func (f *FS) Sync(dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find("sync", dir)
	if err != nil {
		return err
	}
	if err := f.change(); err != nil {
		return err
	}
	n.onDisk = maps.Clone(n.kids)
	return nil
}

// SyncAll makes everything survive.
func (f *FS) SyncAll(dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find("sync", dir); err != nil {
		return err
	}
	if err := f.change(); err != nil {
		return err
	}
	syncAll(f.root)
	return nil
}

func syncAll(n *node) {
	n.disk, n.onDisk = n.data, maps.Clone(n.kids)
	for _, k := range n.kids {
		syncAll(k)
	}
}

// Lock takes a lock. That is not counted as a change.
func (f *FS) Lock(ctx context.Context, name string, wait bool) (io.Closer, error) {
	for {
		f.mu.Lock()
		if f.dead {
			f.mu.Unlock()
			return nil, ErrCrash
		}
		held := f.locks[name]
		if held == nil {
			l := &lock{f: f, name: name, free: make(chan struct{})}
			f.locks[name] = l.free
			f.mu.Unlock()
			return l, nil
		}
		f.mu.Unlock()
		if !wait {
			return nil, &durable.LockedError{Name: name, Holder: "another test"}
		}
		select {
		case <-held:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

type lock struct {
	f    *FS
	name string
	free chan struct{}
}

func (l *lock) Close() error {
	l.f.mu.Lock()
	defer l.f.mu.Unlock()
	if l.f.locks[l.name] == l.free {
		delete(l.f.locks, l.name)
		close(l.free)
	}
	return nil
}
