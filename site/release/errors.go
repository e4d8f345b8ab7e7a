package release

import (
	"errors"
	"fmt"
	"slices"
	"syscall"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
)

// ErrNoRelease reports that nothing has been published yet.
var ErrNoRelease = errors.New("no release")

// ErrUnread reports packs that could not be looked through for a case that was taken out.
// None of their files is shown any more.
var ErrUnread = errors.New("a pack could not be looked through")

// unreadFault says how many packs are refused; nil where there is none.
func unreadFault(o *overlay) error {
	var names []string
	for name := range o.Packs {
		if o.unread(name) {
			names = append(names, o.file(name))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fault.Coded(fault.ExitDamaged, fmt.Sprintf("packs of kept releases that could not be read or are damaged, and were not looked through: %d", len(names)),
		"none of their files is shown; each pull and publish reads them again, and shows them where they are whole; the next publish that has something new makes those of the current release again; for the others see huiyin fsck, or put them back from a backup",
		fmt.Errorf("%w: %v", ErrUnread, slices.Sorted(slices.Values(names))))
}

func errNothing() error {
	return fault.Coded(fault.ExitNothing, "there is nothing published yet", "run huiyin publish", ErrNoRelease)
}

func damaged(name string, err error) error {
	return fault.Coded(fault.ExitDamaged, name+" of the releases is damaged", "run huiyin fsck, or put the file back from a backup", err)
}

func readFault(name string, err error) error {
	return fault.Wrap(err, "cannot read "+name+" of the releases", "check the permissions of the folder and the disk")
}

func writeFault(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return fault.Coded(fault.ExitNoSpace, "the disk of the releases is full", "make room, then run the command again", err)
	}
	return fault.Wrap(err, "cannot write to the folder of the releases", "check that it may be written and that the disk is sound")
}

// lockFault words an error of taking a lock. Busy says what the holder does.
func lockFault(err error, busy string) error {
	var locked *durable.LockedError
	if errors.As(err, &locked) {
		return fault.Coded(fault.ExitBusy, busy+": "+locked.Holder, "wait until it has finished, then try again", err)
	}
	return writeFault(err)
}
