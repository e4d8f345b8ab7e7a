//go:build !linux

package main

import "runtime/debug"

// giveBack gives the machine what a daemon at rest does not need.
func giveBack() { debug.FreeOSMemory() }
