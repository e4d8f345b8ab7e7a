package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// giveBack gives the machine what a daemon at rest does not need: memory that is free, and
// the pages of the program itself that were read at its start, most of which are of the
// page maker that is linked in and that the daemon never calls. They come back from the
// file when they are needed.
func giveBack() {
	debug.FreeOSMemory()
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return // it is only memory
	}
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	for _, m := range programMaps(maps, program) {
		// What is not written cannot be lost: the kernel reads it anew.
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.from, m.to-m.from, unix.MADV_DONTNEED)
	}
}

// span is a part of the memory of a process.
type span struct{ from, to uintptr }

// programMaps returns those parts of the text of /proc/PID/smaps that show the program's
// file, cannot be written, and hold nothing that differs from the file.
func programMaps(smaps []byte, program string) (all []span) {
	var at span
	ours := false
	lines := bufio.NewScanner(bytes.NewReader(smaps))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		var from, to uintptr
		if len(f) >= 5 && strings.Contains(f[0], "-") {
			n, _ := fmt.Sscanf(f[0], "%x-%x", &from, &to)
			at, ours = span{from, to}, n == 2 && len(f) >= 6 && f[5] == program && strings.HasPrefix(f[1], "r-") && strings.HasSuffix(f[1], "p")
			continue
		}
		if ours && len(f) == 3 && f[0] == "Anonymous:" && f[1] == "0" {
			all = append(all, at)
		}
	}
	return all
}
