//go:build unix

package durabletest

import (
	"syscall"
	"testing"
)

// Child keeps until the end of the test what this process has open of the named file, as a
// child does between its start and the moment in which it becomes another program. At least
// one descriptor has to be open.
func Child(t testing.TB, name string) {
	t.Helper()
	var want syscall.Stat_t
	if err := syscall.Stat(name, &want); err != nil {
		t.Fatal(err)
	}
	var open []int
	for fd := range 1024 {
		var stat syscall.Stat_t
		if syscall.Fstat(fd, &stat) == nil && stat.Dev == want.Dev && stat.Ino == want.Ino {
			open = append(open, fd)
		}
	}
	if len(open) == 0 {
		t.Fatalf("%s is not open", name)
	}
	for _, fd := range open {
		kept, err := syscall.Dup(fd)
		if err != nil {
			t.Fatal(err)
		}
		syscall.CloseOnExec(kept)
		t.Cleanup(func() { _ = syscall.Close(kept) })
	}
}
