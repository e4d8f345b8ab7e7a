package main

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// entryOf is "entry VAR COMMAND PHRASE": it puts what stands first in the one line
// with the phrase of huiyin gate COMMAND into the variable. IDs depend on the key,
// which is made anew for each installation.
func entryOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: entry VAR COMMAND PHRASE")
	}
	ts.Check(ts.Exec("huiyin", "gate", args[1]))
	var ids []string
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if id, rest, ok := strings.Cut(line, "  "); ok && strings.Contains(rest, args[2]) {
			ids = append(ids, id)
		}
	}
	if len(ids) != 1 {
		ts.Fatalf("%d lines have %q", len(ids), args[2])
	}
	ts.Setenv(args[0], ids[0])
}
