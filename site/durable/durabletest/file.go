package durabletest

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"syscall"
	"time"
)

// file is an open file.
type file struct {
	f    *FS
	n    *node
	name string
	at   int64
}

func (h *file) Read(b []byte) (int, error) {
	n, err := h.ReadAt(b, h.at)
	h.at += int64(n)
	if n > 0 {
		err = nil
	}
	return n, err
}

func (h *file) ReadAt(b []byte, off int64) (int, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	if h.f.dead {
		return 0, ErrCrash
	}
	if h.n.dir {
		return 0, &fs.PathError{Op: "read", Path: h.name, Err: syscall.EISDIR}
	}
	if off > int64(len(h.n.data)) {
		return 0, io.EOF
	}
	n := copy(b, h.n.data[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (h *file) Write(b []byte) (int, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	if err := h.f.change(); err != nil {
		half := b[:len(b)/2]
		if !h.f.dead || err == ErrCrash && h.f.ops-1 == h.f.failAt {
			h.n.data = slices.Concat(h.n.data, half)
		}
		return len(half), err
	}
	h.n.data = slices.Concat(h.n.data, b)
	return len(b), nil
}

func (h *file) Sync() error {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	if err := h.f.change(); err != nil {
		return err
	}
	h.n.disk = h.n.data
	return nil
}

func (h *file) Close() error { return nil }

func (h *file) Stat() (fs.FileInfo, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	return info{path.Base(h.name), int64(len(h.n.data)), h.n.dir}, nil
}

// info describes a file.
type info struct {
	name string
	size int64
	dir  bool
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
