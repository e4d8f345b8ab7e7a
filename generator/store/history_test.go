package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

// history writes down the events of the cases from to to, and what their facts
// say of them.
func history(t *testing.T, db *store.DB, from, to record.CaseNumber) (lines []string) {
	t.Helper()
	for e, err := range db.Events(ctx, from, to) {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s", e.Number, e.Day, e.Kind))
	}
	for f, err := range db.Facts(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if from <= f.Number && f.Number <= to {
			lines = append(lines, fmt.Sprintf("%s %d changes %s", f.Number, f.Changes, f.Changed))
		}
	}
	return lines
}

// TestHistory: the day of an event is the as-of day of its batch, never that of
// the clock, and a fact counts what came after the first publication.
func TestHistory(t *testing.T) {
	const n = "2611-000001 "
	full := []string{"received=2026-11-01", "title=t", "question=q", "reply=r"}
	for _, tt := range []struct {
		name string
		raws []source.Raw // of the batches of 2 November and the days after it
		want []string
	}{
		{"published once", []source.Raw{raw("K-1", full...)}, []string{n + "2026-11-02 publish", n + "0 changes "}},
		{"sent again as it was", []source.Raw{raw("K-1", full...), raw("K-1", full...)}, []string{n + "2026-11-02 publish", n + "0 changes "}},
		{"answered later", []source.Raw{raw("K-1", "received=2026-11-01"), raw("K-1", full...)},
			[]string{n + "2026-11-02 publish", n + "2026-11-03 update", n + "1 changes 2026-11-03"}},
		{"corrected and corrected back", []source.Raw{raw("K-1", full...), raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply=x"), raw("K-1", full...)},
			[]string{n + "2026-11-02 publish", n + "2026-11-03 correct", n + "2026-11-04 correct", n + "2 changes 2026-11-04"}},
		{"withdrawn", []source.Raw{raw("K-1", full...), {Kind: source.Case, Key: "K-1", Gone: true}},
			[]string{n + "2026-11-02 publish", n + "2026-11-03 withdraw", n + "1 changes 2026-11-03"}},
	} {
		db := open(t, filepath.Join(t.TempDir(), "store.db"))
		for i, r := range tt.raws {
			batch(t, db, (day(t, "2026-11-02") + record.Day(i)).String(), r, raw("K-2", "received=2026-11-01"))
		}
		if diff := cmp.Diff(tt.want, history(t, db, "2611-000001", "2611-000001")); diff != "" {
			t.Errorf("%s: want - got +\n%s", tt.name, diff)
		}
		if report, err := db.Fsck(ctx); err != nil || len(report.Problems) > 0 {
			t.Errorf("%s: %v, %v", tt.name, report, err)
		}
	}
}

// TestHistoryOfARange reads the events of several cases at once. One batch comes
// after another of a later day: the events keep their order, and the latest day
// stays the latest.
func TestHistoryOfARange(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	batch(t, db, "2026-11-05", raw("K-1", "received=2026-10-31"), raw("K-2", "received=2026-11-01"), raw("K-3", "received=2026-11-01"), raw("K-4", "received=2026-11-02"))
	batch(t, db, "2026-11-07", raw("K-3", "received=2026-11-01", "status=handling"), raw("K-1", "received=2026-10-31", "status=handling"))
	batch(t, db, "2026-11-06", raw("K-3", "received=2026-11-01", "due=2026-11-20"))
	want := []string{"2611-000001 2026-11-05 publish", "2611-000002 2026-11-05 publish", "2611-000002 2026-11-07 update", "2611-000002 2026-11-06 update",
		"2611-000001 0 changes ", "2611-000002 2 changes 2026-11-07"}
	if diff := cmp.Diff(want, history(t, db, "2611-000001", "2611-000002")); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

// replies says when the reply of each case was shown first.
func replies(t *testing.T, db *store.DB) (lines []string) {
	t.Helper()
	for f, err := range db.Facts(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s %s", f.Number, f.Shown))
	}
	return lines
}

// The day with which a reply was first published stays, whatever comes after it. A store
// of before that day was kept gets it from the events.
func TestShown(t *testing.T) {
	full := []string{"received=2026-11-01", "title=t", "question=q", "reply=r"}
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	stub := raw("K-2", "received=2026-11-01")
	batch(t, db, "2026-11-02", raw("K-1", full...), stub, raw("K-3", "received=2026-11-01"), raw("K-4", full...))
	batch(t, db, "2026-11-04", raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply=x"), raw("K-2", full...))
	want := []string{"2611-000001 2026-11-02", "2611-000002 2026-11-04", "2611-000003 ", "2611-000004 2026-11-02"}
	if diff := cmp.Diff(want, replies(t, db)); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
	text, err := os.ReadFile("migrations/0009_shown.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, update, _ := strings.Cut(string(text), ";\n")
	for _, s := range []string{`UPDATE cases SET shown = 0`, update} {
		if err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, replies(t, db)); diff != "" {
		t.Errorf("from the events: want - got +\n%s", diff)
	}
	batch(t, db, "2026-11-05", source.Raw{Kind: source.Case, Key: "K-4", Gone: true})
	if diff := cmp.Diff(want, replies(t, db)); diff != "" {
		t.Errorf("withdrawn: want - got +\n%s", diff)
	}
}
