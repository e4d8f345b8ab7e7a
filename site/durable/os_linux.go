package durable

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// syncFS writes back the file system that f lies on, and waits for it. Where
// the number of the system call is not known here, it does so for all of them.
func syncFS(f *os.File) error {
	number := map[string]uintptr{"amd64": 306, "arm64": 267, "loong64": 267, "riscv64": 267}[runtime.GOARCH]
	if number == 0 {
		syscall.Sync()
		return nil
	}
	for {
		_, _, errno := syscall.Syscall(number, f.Fd(), 0, 0)
		switch errno {
		case 0:
			return nil
		case syscall.EINTR:
		case syscall.ENOSYS:
			syscall.Sync()
			return nil
		default:
			return &os.PathError{Op: "syncfs", Path: f.Name(), Err: errno}
		}
	}
}

// holder says which process holds the lock on f. The kernel knows; writing it
// into the file would touch a folder that must not change when nothing does.
func holder(f *os.File) string {
	const unknown = "another process"
	info, err := f.Stat()
	if err != nil {
		return unknown
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return unknown
	}
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		return unknown
	}
	pid := lockOwner(locks, stat.Ino)
	if pid == "" {
		return unknown
	}
	if pid == fmt.Sprint(os.Getpid()) {
		return "this process"
	}
	name, err := os.ReadFile("/proc/" + pid + "/comm")
	if err != nil {
		return "process " + pid
	}
	return fmt.Sprintf("process %s (%s)", pid, bytes.TrimSpace(name))
}

// lockOwner finds in the text of /proc/locks the process that holds the flock
// on a file: "1: FLOCK ADVISORY WRITE 4711 fe:00:123 0 EOF". Lines of those who
// wait begin with "->" after the number. The device is not compared, because
// some file systems show another one here than in stat.
func lockOwner(locks []byte, inode uint64) string {
	suffix := fmt.Sprintf(":%d", inode)
	lines := bufio.NewScanner(bytes.NewReader(locks))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) == 8 && f[1] == "FLOCK" && strings.HasSuffix(f[5], suffix) && f[4] != "0" && f[4] != "-1" {
			return f[4]
		}
	}
	return ""
}
