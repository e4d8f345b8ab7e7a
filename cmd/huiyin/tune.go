package main

import "runtime/debug"

// tune trades memory for time: the collector runs seldom while the heap is
// small, and as often as it must near the limit. It leaves alone what the
// environment sets.
func tune(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(400 << 20)
	}
}
