package schedule

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// presentFolder holds one file a program that runs, below the folder of the runner. It is
// locked for as long as the program lives, however it ends, and holds the sum of the settings
// that it goes by.
const presentFolder = "running"

// Present says that a program runs on a folder and goes by settings of this sum, until leave
// is called or the process ends. id is a name that no other program has. It may be called,
// and leave too, by several programs at a time.
func Present(folder, id, sum string) (leave func() error, err error) {
	dir := filepath.Join(folder, presentFolder)
	unsaid := func(err error) error {
		return fault.Wrap(err, "it cannot be said in "+dir+" that a program runs", "check its rights, and whether the disk is full")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unsaid(err)
	}
	alone, _, err := lockFile(filepath.Join(dir, ".lock"), 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, alone.Close()) }()
	if err := removeDead(dir); err != nil {
		return nil, unsaid(err)
	}
	path := filepath.Join(dir, id)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil, unsaid(cmp.Or(err, errors.New("the name is taken")))
	}
	// It is given its name when it is locked and written: whoever looks takes one that is not
	// locked for that of a program that has ended, and locks it for a moment to see.
	fresh := filepath.Join(dir, ".new")
	lock, _, err := lockFile(fresh, 0)
	if err != nil {
		return nil, err
	}
	if err = os.WriteFile(fresh, []byte(sum), 0o600); err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return nil, unsaid(errors.Join(err, lock.Close()))
	}
	return func() error { return errors.Join(os.Remove(path), lock.Close()) }, nil
}

// removeDead removes the files of programs that have ended without leaving.
func removeDead(dir string) error {
	return present(dir, func(path string, alive bool) error {
		if alive {
			return nil
		}
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) { // else it has left since
			return err
		}
		return nil
	})
}

// Running returns the sums of the settings that the programs go by that run on a folder, one
// a program.
func Running(folder string) (sums []string, err error) {
	err = present(filepath.Join(folder, presentFolder), func(path string, alive bool) error {
		if !alive {
			return nil
		}
		sum, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) { // it has ended since
			return nil
		}
		if err == nil {
			sums = append(sums, string(sum))
		}
		return err
	})
	if err != nil {
		return nil, fault.Wrap(err, "it cannot be read which programs run", "check the rights of "+folder)
	}
	return sums, nil
}

// present calls each with the file of every program, and whether it runs.
func present(dir string, each func(path string, alive bool) error) error {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, f.Name())
		alive, err := locked(path)
		if err == nil {
			err = each(path, alive)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// locked reports whether a program has the lock of a file. Those that ask at the same time
// are in nobody's way.
func locked(path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer durable.Held{File: f}.Close()
	for {
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err != syscall.EINTR {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}

// Alone takes what one program of a folder has at a time, such as an address, until it is
// closed or the process ends. free is false where another one has it.
func Alone(folder, what string) (lock io.Closer, free bool, err error) {
	if err := os.MkdirAll(filepath.Join(folder, lockFolder), 0o700); err != nil {
		return nil, false, fault.Wrap(err, "the folder "+folder+" cannot be made", "check its rights, and whether the disk is full")
	}
	return lockHost(folder, what)
}
