//go:build unix

package durable

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// OS is the file system of the operating system. Files are made with mode 0644
// and folders with 0755, less the umask.
type OS struct{}

var _ FS = OS{}

// Open opens a file for reading.
func (OS) Open(name string) (File, error) { return notNil(os.Open(name)) }

// Create makes or empties a file for writing.
func (OS) Create(name string) (File, error) {
	return notNil(os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644))
}

// notNil keeps a nil *os.File from becoming a File that is not nil.
func notNil(f *os.File, err error) (File, error) {
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Mkdir makes one folder.
func (OS) Mkdir(name string) error { return os.Mkdir(name, 0o755) }

// Rename gives a file another name.
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove removes a file or an empty folder.
func (OS) Remove(name string) error { return os.Remove(name) }

// ReadDir lists a folder.
func (OS) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// Stat describes a file or a folder.
func (OS) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// Sync syncs the entries of a folder.
func (OS) Sync(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// SyncAll syncs the file system that dir lies on.
func (OS) SyncAll(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(syncFS(f), f.Close())
}

// Lock takes a flock(2) on the named file.
func (OS) Lock(ctx context.Context, name string, wait bool) (io.Closer, error) {
	// Opening for reading suffices where the file is there already: a folder
	// that may only be read can still be locked.
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if errors.Is(err, fs.ErrPermission) {
		f, err = os.Open(name)
	}
	if err != nil {
		return nil, err
	}
	err = flock(f, syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return Held{f}, nil
	}
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(&fs.PathError{Op: "lock", Path: name, Err: err}, f.Close())
	}
	if !wait {
		return nil, errors.Join(&LockedError{Name: name, Holder: holder(f)}, f.Close())
	}
	return waitLock(ctx, f)
}

// waitLock waits for the lock in a goroutine, because flock cannot be
// interrupted. When ctx ends first, the goroutine stays until its turn comes and
// lets the lock go at once.
func waitLock(ctx context.Context, f *os.File) (io.Closer, error) {
	got := make(chan error) // unbuffered: the lock is handed over or let go, never lost
	left := make(chan struct{})
	go func() {
		err := flock(f, syscall.LOCK_EX)
		select {
		case <-left:
			_ = Held{f}.Close()
		case got <- err:
		}
	}()
	select {
	case err := <-got:
		if err != nil {
			return nil, errors.Join(&fs.PathError{Op: "lock", Path: f.Name(), Err: err}, f.Close())
		}
		return Held{f}, nil
	case <-ctx.Done():
		close(left)
		return nil, errors.Join(ctx.Err(), &LockedError{Name: f.Name(), Holder: holder(f)})
	}
}

// Held is a file with a flock(2) on it, which ends with Close.
type Held struct{ *os.File }

// Close lets go of the lock and closes the file. To close it alone is not enough: a child
// that this process starts at the same time has the file too until it becomes another
// program, and the lock would stay until then.
func (h Held) Close() error { return errors.Join(flock(h.File, syscall.LOCK_UN), h.File.Close()) }

func flock(f *os.File, how int) error {
	for {
		// Fd would make the file blocking; the lock needs only its number.
		raw, err := f.SyscallConn()
		if err != nil {
			return err
		}
		var locked error
		if err := raw.Control(func(fd uintptr) { locked = syscall.Flock(int(fd), how) }); err != nil {
			return err
		}
		if locked != syscall.EINTR {
			return locked
		}
	}
}
