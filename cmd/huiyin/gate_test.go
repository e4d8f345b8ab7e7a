package main

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// entryOf is "entry VAR COMMAND PHRASE": it puts what stands first in the one line
// with the phrase of huiyin gate COMMAND into the variable, and into VAR_ID what of it
// stands before the code. IDs depend on the key, which is made anew for each
// installation.
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
	id, _, _ := strings.Cut(ids[0], ":")
	ts.Setenv(args[0]+"_ID", id)
}

// fileCodeOf is "filecode VAR ID N": it puts the code under which huiyin gate show
// names file N of the entry into the variable.
func fileCodeOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: filecode VAR ID N")
	}
	ts.Check(ts.Exec("huiyin", "gate", "show", args[1]))
	_, code, ok := strings.Cut(ts.ReadFile("stdout"), "--file "+args[2]+":")
	if !ok {
		ts.Fatalf("file %s has no code", args[2])
	}
	code, _, _ = strings.Cut(code, "\n")
	ts.Setenv(args[0], args[2]+":"+code)
}
