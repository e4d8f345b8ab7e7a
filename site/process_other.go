//go:build !linux

package site

import (
	"os"
	"os/exec"
)

// Elsewhere a child ends when its standard input does, which is after the job
// at hand, and its memory is not known.

func dieWithParent(*exec.Cmd) {}

func ownUsage() childUsage { return childUsage{} }

func usageOf(s *os.ProcessState) childUsage {
	if s == nil {
		return childUsage{}
	}
	return childUsage{CPU: int64(s.UserTime() + s.SystemTime())}
}
