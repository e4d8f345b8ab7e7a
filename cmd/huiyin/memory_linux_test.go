package main

import (
	"fmt"
	"os"
	"testing"
)

// Only what is read from the program's file, and is as it is there, is given back.
func TestProgramMaps(t *testing.T) {
	const smaps = `00400000-02315000 r-xp 00000000 08:01 5 /usr/local/bin/huiyin
Size:              31828 kB
Anonymous:             0 kB
02315000-04772000 r--p 01f15000 08:01 5 /usr/local/bin/huiyin
Anonymous:             0 kB
04772000-05cc4000 rw-p 04372000 08:01 5 /usr/local/bin/huiyin
Anonymous:             0 kB
05cc4000-05cc5000 r--p 04372000 08:01 5 /usr/local/bin/huiyin
Anonymous:             4 kB
05d00000-05d01000 r--s 00000000 08:01 5 /usr/local/bin/huiyin
Anonymous:             0 kB
05cc5000-07f4e000 rw-p 00000000 00:00 0
Anonymous:             0 kB
7ff19198b000-7ff191ae1000 r-xp 00026000 08:01 9 /usr/lib/libc.so.6
Anonymous:             0 kB
`
	got := fmt.Sprintf("%#x", programMaps([]byte(smaps), "/usr/local/bin/huiyin"))
	if want := "[{0x400000 0x2315000} {0x2315000 0x4772000}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// The program goes on as it was.
func TestGiveBack(t *testing.T) {
	for range 3 {
		giveBack()
	}
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil || len(programMaps(maps, program)) == 0 {
		t.Errorf("nothing of the program is found in its own memory: %v", err)
	}
}
