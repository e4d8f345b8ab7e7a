package store_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
)

func TestNotesAreKeptByTheirPrint(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	state, err := db.State(ctx)
	if err != nil {
		t.Fatal(err)
	}
	read := func(key string, print byte) string {
		t.Helper()
		b, err := db.Note(ctx, key, [32]byte{print})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	keep := func(key string, print byte, body string) {
		t.Helper()
		if err := db.KeepNotes(ctx, []record.Note{{Key: key, Print: [32]byte{print}, Body: []byte(body)}}); err != nil {
			t.Fatal(err)
		}
	}
	keep("a", 1, `{"n":1}`)
	keep("b", 1, `{"n":2}`)
	if read("a", 1) != `{"n":1}` || read("b", 1) != `{"n":2}` || read("a", 2) != "" || read("c", 1) != "" {
		t.Error("what was kept is not what is read")
	}
	keep("a", 2, `{"n":3}`)
	if read("a", 1) != "" || read("a", 2) != `{"n":3}` {
		t.Error("what was kept before is read")
	}
	if err := db.ForgetCounted(ctx); err != nil || read("a", 2) != "" || read("b", 1) != "" {
		t.Errorf("what was to be forgotten is read: %v", err)
	}
	if now, err := db.State(ctx); err != nil || now != state {
		t.Errorf("what is kept changes the state: %v", err)
	}
}

func TestJudged(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01"), raw("K-2", "received=2026-11-01"))
	state, err := db.State(ctx)
	if err != nil {
		t.Fatal(err)
	}
	a, b := record.Judged{Number: "2611-000001", Rule: "bare", Version: 1, Empty: true}, record.Judged{Number: "2611-000002", Version: 1}
	for _, all := range [][]record.Judged{{b, {Number: a.Number, Version: 1}}, {a}} {
		if err := db.SaveJudged(ctx, judging, all); err != nil {
			t.Fatal(err)
		}
		now, err := db.State(ctx)
		if err != nil || now == state {
			t.Errorf("the state is as before: %v", err)
		}
		state = now
	}
	got, err := db.Judged(ctx)
	if diff := cmp.Diff([]record.Judged{a, b}, got); diff != "" || err != nil {
		t.Errorf("%v: want - got +\n%s", err, diff)
	}
	if err := db.SaveJudged(ctx, judging, []record.Judged{b, {Number: "2611-000009"}}); err == nil {
		t.Error("what was said of no case is kept")
	}

	// The same again changes nothing; what is blank now is dropped, once, and of its version alone.
	for i, tt := range []struct {
		all, blank []record.Judged
		changes    bool
		left       int
	}{
		{all: []record.Judged{a, b}, left: 2},
		{all: []record.Judged{a}, blank: []record.Judged{{Number: b.Number, Version: 2}}, left: 2},
		{all: []record.Judged{a}, blank: []record.Judged{b}, changes: true, left: 1},
		{all: []record.Judged{a}, blank: []record.Judged{b}, left: 1},
	} {
		if err := db.SaveJudged(ctx, judging, tt.all, tt.blank...); err != nil {
			t.Fatal(err)
		}
		now, err := db.State(ctx)
		if err != nil || (now != state) != tt.changes {
			t.Errorf("step %d: the state is another: %t, want %t: %v", i, now != state, tt.changes, err)
		}
		state = now
		if got, err := db.Judged(ctx); err != nil || len(got) != tt.left {
			t.Errorf("step %d: %d are kept, want %d: %v", i, len(got), tt.left, err)
		}
	}
}
