package main

import "golang.org/x/sys/unix"

// peakRSS returns the largest resident size, in bytes, that this process or any
// of its finished children reached.
func peakRSS() int64 {
	var peak int64
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(who, &u) == nil {
			peak = max(peak, u.Maxrss*1024)
		}
	}
	return peak
}
