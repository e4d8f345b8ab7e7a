package store

import (
	"errors"
	"os"
	"syscall"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/sqlitefile"
	"github.com/huiyin/huiyin/site/durable"
)

// Lock makes this process the only one that pulls or publishes, and returns
// the function that ends that. A second one is refused at once. The system
// releases the lock of a process that dies.
func (d *DB) Lock() (unlock func() error, err error) {
	path := d.file.Path + ".lock"
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, sqlitefile.Explain(err, path)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		err = errors.Join(err, f.Close())
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fault.Coded(fault.ExitBusy, "another pull or publish is running on this installation", "wait until it has finished and run the command again", err)
		}
		return nil, fault.Wrap(err, path+" cannot be locked", "put the store on a local disk: network folders often have no locks")
	}
	return durable.Held{File: f}.Close, nil
}

// flock takes the lock of a file, which is made when it is missing, and waits for whoever
// has it.
func flock(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, sqlitefile.Explain(err, path)
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, fault.Wrap(errors.Join(err, f.Close()), path+" cannot be locked", "put the store on a local disk: network folders often have no locks")
	}
	return durable.Held{File: f}.Close, nil
}
