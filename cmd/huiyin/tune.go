package main

import (
	"os"
	"runtime/debug"
)

// memory is the limit for work that does not grow with the number of cases, in bytes, and
// memoryCase what a publish may have more for each: the plan of the pages holds every row.
const (
	memory     = 400 << 20
	memoryCase = 350
)

// tune trades memory for time: the collector runs seldom while the heap is
// small, and as often as it must near the limit. It leaves alone what the
// environment sets.
func tune(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
}

// makeRoom raises the limit for a publish of so many cases. With less room than the plan
// takes, the collector would run all the time: a million cases take ten times as long.
func makeRoom(cases int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory + cases*memoryCase)
	}
}
