package spool_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/source/spool"
	"github.com/huiyin/huiyin/site/durable"
)

// How the newest fetch went is remembered, and what was there is not touched by it.
func TestRemember(t *testing.T) {
	fsys := newFS()
	s, err := spool.New(fsys, "/inbox", "cases")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.Last(); ok || err != nil {
		t.Fatalf("something is remembered before anything was fetched: %v", err)
	}
	r, err := s.Fetch(t.Context(), &upstream{pages: []string{`{"no":"1"}`}, asOf: "2026-11-02"}, "2026-11-28")
	if err != nil {
		t.Fatal(err)
	}
	first := spool.Last{Report: r, At: time.Date(2026, 11, 28, 4, 0, 0, 0, time.UTC)}
	second := spool.Last{Report: spool.Report{Feed: "cases", Missing: []string{"a span"}, Personal: 3}, At: first.At.Add(time.Hour), Error: "the line is dead", Hint: "ask"}
	for _, want := range []spool.Last{first, second} {
		if err := s.Remember(want); err != nil {
			t.Fatal(err)
		}
		got, ok, err := s.Last()
		if diff := cmp.Diff(want, got); diff != "" || !ok || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	if day, err := s.Day(); day != "2026-11-02" || err != nil {
		t.Errorf("the day is %q, %v", day, err)
	}
	if err := durable.WriteFile(fsys, "/inbox/feeds/.cases/last.json", []byte("{half")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Last(); err == nil {
		t.Error("half a file is taken for what was remembered")
	}
}
