package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/huiyin/huiyin/generator/assess/promise"
	"github.com/huiyin/huiyin/generator/deadline"
	"github.com/huiyin/huiyin/generator/record"
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

// Working days are counted with the calendar of the office, and not at all without one.
func TestDueOfAPromise(t *testing.T) {
	calendar, err := deadline.ReadCalendar(deadline.File{Name: "2026.yaml", Text: []byte(`
year: 2026
source: 国办发明电〔2025〕7号
off:
  - {name: 国庆节, from: 2026-10-01, to: 2026-10-07}
worked: [2026-10-10]
`)})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name     string
		calendar *deadline.Calendar
		promise  promise.Promise
		replied  string
		want     string
		noYear   int
	}{
		{"a stated day", nil, promise.Promise{Due: record.Date(2026, 12, 20)}, "2026-09-30", "2026-12-20", 0},
		{"without a calendar", nil, promise.Promise{Days: 3}, "2026-09-30", "", 2026},
		{"over the holidays, with a Saturday that is worked", calendar, promise.Promise{Days: 3}, "2026-09-30", "2026-10-10", 0},
		{"in an ordinary week", calendar, promise.Promise{Days: 5}, "2026-11-09", "2026-11-16", 0},
		{"into a year without a notice", calendar, promise.Promise{Days: 5}, "2026-12-30", "", 2027},
		{"without a day of the reply", calendar, promise.Promise{Days: 5}, "", "", 0},
	} {
		replied, err := record.ParseDay(tc.replied)
		if err != nil {
			t.Fatal(err)
		}
		f := promiseFinder{calendar: tc.calendar}
		if got, noYear := f.due(tc.promise, replied); got.String() != tc.want || noYear != tc.noYear {
			t.Errorf("%s: %q without %d, want %q without %d", tc.name, got, noYear, tc.want, tc.noYear)
		}
	}
}
