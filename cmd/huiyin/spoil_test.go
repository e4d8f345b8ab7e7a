package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/huiyin/huiyin/site/release"
)

// spoil is "spoil STATE RELEASE PARTITION": the end of the pack of the partition, where it
// lists what is in it, is turned round; and back, the second time.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: spoil STATE RELEASE PARTITION")
	}
	var m release.Manifest
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(filepath.Join(args[0], "releases/releases", args[1]+".json"))), &m))
	for _, p := range m.Partitions {
		if p.Key != args[2] {
			continue
		}
		name := ts.MkAbs(filepath.Join(args[0], "releases/packs", p.Pack[:2], p.Pack+".zip"))
		b, err := os.ReadFile(name)
		ts.Check(err)
		for i := len(b) - 100; i < len(b); i++ {
			b[i] ^= 0xff
		}
		ts.Check(os.WriteFile(name, b, 0o600))
		return
	}
	ts.Fatalf("release %s has no partition %s", args[1], args[2])
}
