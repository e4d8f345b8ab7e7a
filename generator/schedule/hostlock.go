package schedule

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// lockFolder holds one empty file a lease, below the folder of the runner.
const lockFolder = "locks"

// lockHost takes the lock of a lease on this host until it is closed or the process ends,
// however it ends. free is false when another process, or another attempt of this one,
// has it.
func lockHost(folder, lease string) (lock io.Closer, free bool, err error) {
	return lockFile(filepath.Join(folder, lockFolder, lease+".lock"), syscall.LOCK_NB)
}

// lockFile takes a lock, and waits for it where how is not [syscall.LOCK_NB].
func lockFile(path string, how int) (lock io.Closer, free bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, false, fault.Wrap(err, path+" cannot be opened", "check its owner and permissions, and whether the disk is full")
	}
	for {
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|how); err != syscall.EINTR {
			break
		}
	}
	if err == nil {
		return durable.Held{File: f}, true, nil
	}
	err = errors.Join(err, f.Close())
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, false, nil
	}
	return nil, false, fault.Wrap(err, path+" cannot be locked", "put the folder on a local disk: network folders often have no locks")
}
