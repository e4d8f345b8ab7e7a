package site

import (
	"os"
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel kill the child when its parent is gone, also in
// the middle of a job. That standard input ends then is the second way.
func dieWithParent(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
}

// ownUsage returns what this process has used.
func ownUsage() childUsage {
	var ru syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ru); err != nil {
		return childUsage{}
	}
	return fromRusage(&ru)
}

// usageOf returns what a process that has ended had used.
func usageOf(s *os.ProcessState) childUsage {
	ru, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return childUsage{}
	}
	return fromRusage(ru)
}

func fromRusage(ru *syscall.Rusage) childUsage {
	return childUsage{PeakRSS: ru.Maxrss << 10, CPU: ru.Utime.Nano() + ru.Stime.Nano()}
}
