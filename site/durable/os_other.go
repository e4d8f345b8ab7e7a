//go:build unix && !linux

package durable

import (
	"os"
	"syscall"
)

// syncFS writes back all file systems.
func syncFS(*os.File) error { return syscall.Sync() }

// holder says which process holds the lock on f, as far as it is known.
func holder(*os.File) string { return "another process" }
