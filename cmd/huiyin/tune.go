package main

import (
	"os"
	"runtime/debug"
)

// memory is the limit for work that does not grow with the number of cases, in bytes.
// caseMemory is what a publish may have more for each case, since its plan holds every row,
// and tableMemory what it may have in the place of that while partitions are made: the tables
// of all cases are made and looked through whole.
const (
	memory      = 400 << 20
	caseMemory  = 350
	tableMemory = 800
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

// makeRoom raises the limit for so many cases, of which each takes so many bytes. With less
// room than they take, the collector would run all the time: with the plan over the limit a
// publish of a million cases takes ten times as long, and with the tables half as long again.
func makeRoom(cases, each int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory + cases*each)
	}
}
