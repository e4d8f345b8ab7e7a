package main

import (
	"encoding/json"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// promisedOf is "promised VAR NUMBER": it puts NUMBER:CODE of the one promise of a case
// that waits to be judged into the variable, and the code alone into VAR_CODE.
func promisedOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: promised VAR NUMBER")
	}
	ts.Check(ts.Exec("huiyin", "promises", args[1], "--json"))
	var r promisesResult
	ts.Check(json.NewDecoder(strings.NewReader(ts.ReadFile("stdout"))).Decode(&r))
	if len(r.Waiting) != 1 {
		ts.Fatalf("%d promises of %s wait", len(r.Waiting), args[1])
	}
	ts.Setenv(args[0], args[1]+":"+r.Waiting[0].Code)
	ts.Setenv(args[0]+"_CODE", r.Waiting[0].Code)
}
