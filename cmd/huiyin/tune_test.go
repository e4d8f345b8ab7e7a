package main

import (
	"runtime/debug"
	"testing"
)

// TestMakeRoom gives a publish of a million cases less than 800 MB for its heap, and
// leaves alone what the environment sets.
func TestMakeRoom(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	t.Setenv("GOMEMLIMIT", "")
	makeRoom(0)
	if got := debug.SetMemoryLimit(-1); got != 400<<20 {
		t.Errorf("%d for no case", got)
	}
	makeRoom(1_000_000)
	if got := debug.SetMemoryLimit(-1); got <= 400<<20 || got >= 800_000_000 {
		t.Errorf("%d for a million", got)
	}
	t.Setenv("GOMEMLIMIT", "1GiB")
	debug.SetMemoryLimit(1 << 30)
	makeRoom(5)
	if got := debug.SetMemoryLimit(-1); got != 1<<30 {
		t.Errorf("%d where the environment says 1 GiB", got)
	}
}
