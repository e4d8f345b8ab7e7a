package main

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel end a child when its parent is gone.
func dieWithParent(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }
