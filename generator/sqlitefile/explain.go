package sqlitefile

import (
	"errors"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"

	"github.com/huiyin/huiyin/generator/fault"
)

// The primary result codes of SQLite that a person can do something about.
const (
	codeBusy     = 5
	codeLocked   = 6
	codeReadOnly = 8
	codeIO       = 10
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeNotADB   = 26

	codeNoSharedMemory = codeIO | 19<<8 // the -shm file cannot grow
)

// Explain gives an error of the file at path, a SQLite file or one beside it,
// the text that says what to do. One that has such a text keeps it, and one that
// nobody can do anything about stays as it is.
func Explain(err error, path string) error {
	if err == nil {
		return nil
	}
	if known := (*fault.Error)(nil); errors.As(err, &known) {
		return err
	}
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		code := e.Code() & 0xff
		if e.Code() == codeNoSharedMemory {
			code = codeFull // what grows then is a file of 32 KiB; only room can be missing
		}
		switch code {
		case codeFull:
			return fault.Coded(fault.ExitNoSpace, "the disk is full: "+path, "make room and run the command again; nothing was lost", err)
		case codeBusy, codeLocked:
			return busy(err, path)
		case codeReadOnly:
			return fault.Wrap(err, path+" may not be written", "check its owner and permissions and those of its folder")
		case codeCorrupt, codeNotADB:
			return Damaged(path, err)
		case codeIO:
			return fault.Wrap(err, "the disk failed on "+path, "check the disk and its free space; if it is sound, run the command again")
		case codeCantOpen:
			return fault.Wrap(err, path+" cannot be opened", "check that its folder exists and may be written")
		}
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Coded(fault.ExitNoSpace, "the disk is full: "+path, "make room and run the command again; nothing was lost", err)
	}
	if errors.Is(err, syscall.EROFS) {
		return fault.Wrap(err, path+" may not be written", "its disk is mounted for reading only: mount it for writing, or name another folder with state in the configuration")
	}
	if errors.Is(err, fs.ErrPermission) {
		return fault.Wrap(err, path+" may not be opened", "check its owner and permissions")
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(err, path+" cannot be made", "make its folder first: huiyin init does")
	}
	return err
}

// Damaged is the error of a file whose content is not what was written.
func Damaged(path string, err error) error {
	return fault.Coded(fault.ExitDamaged, path+" is damaged", "stop every huiyin process and restore the newest backup", err)
}

// busy is the error of a file that another process writes to.
func busy(err error, path string) error {
	return fault.Coded(fault.ExitBusy, "another process is writing to "+path, "wait until it has finished and run the command again", err)
}
