package sqlitetest

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite knows its layers of files by the process, so what follows is of the process too.
var (
	install = sync.OnceValue(register)

	mu    sync.Mutex
	under uintptr                 // the layer of the operating system
	disks []*Disk                 // that are watched
	files = map[uintptr]*from{}   // by SQLite's handle
	ours  = map[uintptr]uintptr{} // method tables of ours by those of the layer below
)

// from is an open file of a disk.
type from struct {
	disk  *Disk
	path  string
	below uintptr // its methods in the layer below
}

// at views memory of SQLite's.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// call views a pointer to a function as SQLite keeps them.
func call[F any](fn uintptr) F { return *(*F)(unsafe.Pointer(&fn)) }

// pointer is a function of the package's as SQLite keeps them.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

type (
	openFunc   = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	deleteFunc = func(tls *libc.TLS, vfs, name uintptr, sync int32) int32
	closeFunc  = func(tls *libc.TLS, file uintptr) int32
	writeFunc  = func(tls *libc.TLS, file, data uintptr, n int32, off int64) int32
	truncFunc  = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc   = func(tls *libc.TLS, file uintptr, flags int32) int32
)

// register puts the layer that records above that of the operating system, for all files
// that are opened from then on.
func register() error {
	tls := libc.NewTLS() // it lives as long as the process
	under = sqlite3.Xsqlite3_vfs_find(tls, 0)
	layer := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	name, err := libc.CString("recorded")
	if err != nil || layer == 0 || under == 0 {
		return errors.Join(errors.New("sqlitetest: no memory"), err)
	}
	v := at[sqlite3.Tsqlite3_vfs](layer)
	*v = *at[sqlite3.Tsqlite3_vfs](under)
	v.FpNext, v.FzName = 0, name
	v.FxOpen, v.FxDelete = pointer[openFunc](openFile), pointer[deleteFunc](deleteFile)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, layer, 1); rc != sqlite3.SQLITE_OK {
		return errors.New("sqlitetest: the layer is refused")
	}
	return nil
}

// diskOf returns the disk that a file is on, or nil. What is shared in memory is on none.
func diskOf(path string) *Disk {
	if path == "" || strings.HasSuffix(path, "-shm") {
		return nil
	}
	mu.Lock()
	defer mu.Unlock()
	for _, d := range disks {
		if filepath.Dir(path) == d.dir {
			return d
		}
	}
	return nil
}

func openFile(tls *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	rc := call[openFunc](at[sqlite3.Tsqlite3_vfs](under).FxOpen)(tls, under, name, file, flags, out)
	if rc != sqlite3.SQLITE_OK || name == 0 {
		return rc
	}
	path := libc.GoString(name)
	d := diskOf(path)
	if d == nil {
		return rc
	}
	d.opened(path)
	mu.Lock()
	defer mu.Unlock()
	f := at[sqlite3.Tsqlite3_file](file)
	below := f.FpMethods
	if ours[below] == 0 {
		table := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
		if table == 0 {
			return sqlite3.SQLITE_NOMEM
		}
		m := at[sqlite3.Tsqlite3_io_methods](table)
		*m = *at[sqlite3.Tsqlite3_io_methods](below)
		m.FxClose, m.FxWrite = pointer[closeFunc](closeFile), pointer[writeFunc](writeFile)
		m.FxTruncate, m.FxSync = pointer[truncFunc](truncateFile), pointer[syncFunc](syncFile)
		ours[below] = table
	}
	files[file] = &from{disk: d, path: path, below: below}
	f.FpMethods = ours[below]
	return rc
}

// of returns an open file and its methods below.
func of(file uintptr) (*from, *sqlite3.Tsqlite3_io_methods) {
	mu.Lock()
	defer mu.Unlock()
	f := files[file]
	return f, at[sqlite3.Tsqlite3_io_methods](f.below)
}

func closeFile(tls *libc.TLS, file uintptr) int32 {
	_, m := of(file)
	mu.Lock()
	delete(files, file)
	mu.Unlock()
	return call[closeFunc](m.FxClose)(tls, file)
}

func writeFile(tls *libc.TLS, file, data uintptr, n int32, off int64) int32 {
	f, m := of(file)
	b := append([]byte(nil), unsafe.Slice(at[byte](data), n)...)
	if !f.disk.change(change{path: f.path, what: written, at: off, data: b}) {
		if f.disk.full {
			return sqlite3.SQLITE_FULL
		}
		return sqlite3.SQLITE_IOERR_WRITE
	}
	return call[writeFunc](m.FxWrite)(tls, file, data, n, off)
}

func truncateFile(tls *libc.TLS, file uintptr, size int64) int32 {
	f, m := of(file)
	if !f.disk.change(change{path: f.path, what: truncated, at: size}) {
		return sqlite3.SQLITE_IOERR_TRUNCATE
	}
	return call[truncFunc](m.FxTruncate)(tls, file, size)
}

func syncFile(tls *libc.TLS, file uintptr, flags int32) int32 {
	f, m := of(file)
	if !f.disk.change(change{path: f.path, what: synced}) {
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	return call[syncFunc](m.FxSync)(tls, file, flags)
}

func deleteFile(tls *libc.TLS, _, name uintptr, sync int32) int32 {
	if d := diskOf(libc.GoString(name)); d != nil && !d.change(change{path: libc.GoString(name), what: removed}) {
		return sqlite3.SQLITE_IOERR_DELETE
	}
	return call[deleteFunc](at[sqlite3.Tsqlite3_vfs](under).FxDelete)(tls, under, name, sync)
}
