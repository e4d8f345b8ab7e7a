package release

import (
	"errors"
	"syscall"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// The exit codes of docs/operations.md that errors of this package carry.
const (
	exitBusy    = 4
	exitDamaged = 6
	exitNoSpace = 7
	exitNothing = 8
)

// ErrNoRelease reports that nothing has been published yet.
var ErrNoRelease = errors.New("no release")

func errNothing() error {
	return fault.Coded(exitNothing, "there is nothing published yet", "run huiyin publish", ErrNoRelease)
}

func damaged(name string, err error) error {
	return fault.Coded(exitDamaged, name+" of the releases is damaged", "run huiyin fsck, or put the file back from a backup", err)
}

func readFault(name string, err error) error {
	return fault.Wrap(err, "cannot read "+name+" of the releases", "check the permissions of the folder and the disk")
}

func writeFault(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return fault.Coded(exitNoSpace, "the disk of the releases is full", "make room, then run the command again", err)
	}
	return fault.Wrap(err, "cannot write to the folder of the releases", "check that it may be written and that the disk is sound")
}

// lockFault words an error of taking a lock. Busy says what the holder does.
func lockFault(err error, busy string) error {
	var locked *durable.LockedError
	if errors.As(err, &locked) {
		return fault.Coded(exitBusy, busy+": "+locked.Holder, "wait until it has finished, then try again", err)
	}
	return writeFault(err)
}
