package main

import (
	"runtime/debug"
	"testing"
)

// TestMakeRoom gives the figures and the plan of a million cases less than 800 MB for their
// heap, and the tables less than 1.25 GB, and leaves alone what the environment sets.
func TestMakeRoom(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	t.Setenv("GOMEMLIMIT", "")
	makeRoom(0, tableMemory)
	if got := debug.SetMemoryLimit(-1); got != 400<<20 {
		t.Errorf("%d for no case", got)
	}
	for each, most := range map[int64]int64{caseMemory: 800_000_000, tableMemory: 1_250_000_000} {
		makeRoom(1_000_000, each)
		if got := debug.SetMemoryLimit(-1); got <= 400<<20 || got >= most {
			t.Errorf("%d for a million of %d bytes, want less than %d", got, each, most)
		}
	}
	t.Setenv("GOMEMLIMIT", "1GiB")
	debug.SetMemoryLimit(1 << 30)
	makeRoom(5, caseMemory)
	if got := debug.SetMemoryLimit(-1); got != 1<<30 {
		t.Errorf("%d where the environment says 1 GiB", got)
	}
}
