package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// The script commands that disturb a run of huiyin in the moment in which it
// works, and the programs that take the room away from it.
var disturbing = map[string]func(*testscript.TestScript, bool, []string){
	"during":    during,
	"interrupt": interrupt,
}

// during is "during CODE ARG...": while a huiyin publish is held in the moment
// in which it has the lock, huiyin ARG... is run and ends with that exit code.
// The publish then goes on and ends well.
func during(ts *testscript.TestScript, _ bool, args []string) {
	first := startLocked(ts, "publish", "--quiet")
	ts.Check(first.cmd.Process.Signal(syscall.SIGSTOP))
	defer func() {
		ts.Check(first.cmd.Process.Signal(syscall.SIGCONT))
		if code := first.wait(); code != 0 {
			ts.Fatalf("the publish ended with exit code %d", code)
		}
	}()
	exits(ts, false, append([]string{args[0], "huiyin"}, args[1:]...))
}

// interrupt is "interrupt CODE ARG...": huiyin ARG... is interrupted in the
// moment in which it has the lock, and ends with that exit code.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	p := startLocked(ts, args[1:]...)
	ts.Check(p.cmd.Process.Signal(os.Interrupt))
	if code := p.wait(); strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, not %s", code, args[0])
	}
}

type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

func (p *process) wait() int {
	<-p.ended
	return p.cmd.ProcessState.ExitCode()
}

// startLocked starts huiyin and returns when it holds the lock of the store.
func startLocked(ts *testscript.TestScript, args ...string) *process {
	p := &process{cmd: exec.Command("huiyin", args...), ended: make(chan struct{})}
	p.cmd.Dir = ts.MkAbs(".")
	ts.Check(p.cmd.Start())
	go func() {
		_ = p.cmd.Wait() // the state says it
		close(p.ended)
	}()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for !holdsLock(ts, p.cmd.Process.Pid) {
		select {
		case <-p.ended:
			ts.Fatalf("huiyin %v ended before it could be disturbed", args)
		case <-look.C:
		}
	}
	return p
}

// holdsLock asks the kernel: trying the lock would be in the way of the
// process.
func holdsLock(ts *testscript.TestScript, pid int) bool {
	locks, err := os.ReadFile("/proc/locks")
	ts.Check(err)
	for line := range strings.Lines(string(locks)) {
		f := strings.Fields(line)
		if len(f) > 4 && f[1] == "FLOCK" && f[4] == strconv.Itoa(pid) {
			return true
		}
	}
	return false
}

// full is the program "full write|create|never PROGRAM ARG...": PROGRAM, and
// what it starts, finds the disk full when it writes into a database, or when it
// makes or empties a file; or finds that no file may be made at all. The kernel
// says so by a filter of system calls, so that neither a mount nor a right is
// needed.
func full() {
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, "full:", err)
		os.Exit(1)
	}
	path, err := exec.LookPath(os.Args[2])
	if err != nil {
		fail(err)
	}
	filter := noRoom[os.Args[1]]
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	runtime.LockOSThread() // the filter is the thread's, and of what it becomes
	fail(errors.Join(
		unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
		unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0),
		syscall.Exec(path, os.Args[2:], os.Environ()),
	))
}

// noRoom are the filters of full. The kernel hands them the number of the call
// at 0 and its third argument, the flags of openat, at 32.
var noRoom = map[string][]unix.SockFilter{
	"write": {
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: unix.SYS_PWRITE64},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ERRNO | uint32(syscall.ENOSPC)},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ALLOW},
	},
	"create": {
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 3, K: unix.SYS_OPENAT},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 32},
		{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, Jf: 1, K: syscall.O_TRUNC},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ERRNO | uint32(syscall.ENOSPC)},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ALLOW},
	},
	"never": {
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 3, K: unix.SYS_OPENAT},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 32},
		{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, Jf: 1, K: syscall.O_TRUNC | syscall.O_CREAT},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ERRNO | uint32(syscall.EROFS)},
		{Code: unix.BPF_RET, K: unix.SECCOMP_RET_ALLOW},
	},
}
