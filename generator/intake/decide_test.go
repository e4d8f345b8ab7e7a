package intake_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/intake"
)

// TestDecideRefuses: a decision needs an entry that is there.
func TestDecideRefuses(t *testing.T) {
	db, _ := mustOpen(t)
	receive(t, db, "2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=甲"}})
	finish(t, db, "2026-11-02", intake.Held) // without a record, as before there were any
	id := queue(t, db)[0].ID
	for _, d := range []intake.Decision{
		{ID: "0000000000000000", By: "某审核员", Basis: "已核对"},
		{ID: "", By: "某审核员", Basis: "已核对"},
		{ID: id, By: "某审核员", Basis: ""},
		{ID: id, By: "", Basis: "已核对"},
		{ID: id, By: "某审核员", Basis: "已核对"},
	} {
		if err := db.Decide(ctx, d); !isFault(err) {
			t.Errorf("%+v: %v", d, err)
		}
	}
	if n := len(records(t, db, time.Time{})); n != 0 {
		t.Errorf("%d records", n)
	}
	if n := len(pending(t, db)); n != 0 {
		t.Errorf("%d pending", n)
	}
}

// TestDecideAllOrNone: where one of several decisions cannot be made, none is.
func TestDecideAllOrNone(t *testing.T) {
	db, _ := mustOpen(t)
	receive(t, db, "2026-11-02", delivery{"list", "K", []string{"received=2026-11-01"}}, delivery{"list", "L", []string{"received=2026-11-01"}})
	judge(t, db, "2026-11-02", intake.Held, intake.Decided{Decision: "hold", Policy: hash(1), Before: hash(10), After: hash(20)})
	q := queue(t, db)
	good := []intake.Decision{{ID: q[0].ID, Code: q[0].Code, Accept: true, By: "某审核员", Basis: "已核对"}, {ID: q[1].ID, By: "某审核员", Basis: "已核对"}}
	if err := db.Decide(ctx, good[0], intake.Decision{ID: "none", By: "某审核员", Basis: "已核对"}); !isFault(err) {
		t.Errorf("an entry that is not there: %v", err)
	}
	if n, m := len(records(t, db, time.Time{})), len(pending(t, db)); n != 2 || m != 0 {
		t.Errorf("%d records, %d pending, want 2 and none", n, m)
	}
	if err := db.Decide(ctx, good...); err != nil {
		t.Fatal(err)
	}
	if n, m := len(records(t, db, time.Time{})), len(pending(t, db)); n != 4 || m != 2 {
		t.Errorf("%d records, %d pending, want 4 and 2", n, m)
	}
}

// TestDecideWhatWasShown: a decision is about what the person has looked at, and
// refused where the gate has judged something else since.
func TestDecideWhatWasShown(t *testing.T) {
	decided := intake.Decided{Decision: "hold", Reasons: []string{"doubtful-mobile"}, Policy: hash(1), Before: hash(10)}
	for _, tt := range []struct {
		name   string
		change func(*intake.Decided)
		was    bool // the entry is the one that was looked at
	}{
		{"nothing", func(*intake.Decided) {}, true},
		{"another text", func(d *intake.Decided) { d.Before = hash(11) }, false},
		{"another reason", func(d *intake.Decided) { d.Reasons = []string{"doubtful-mobile", "sensitive-minor"} }, false},
		{"other rules", func(d *intake.Decided) { d.Policy = hash(2) }, false},
		{"another text and back", func(d *intake.Decided) { d.Before = hash(11) }, true},
	} {
		for _, accept := range []bool{true, false} {
			db, _ := mustOpen(t)
			receive(t, db, "2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=甲"}})
			judge(t, db, "2026-11-02", intake.Held, decided)
			seen := queue(t, db)[0]
			if seen.Content != hash(10) || len(seen.Code) != 8 {
				t.Fatalf("%+v", seen)
			}
			now := decided
			tt.change(&now)
			receive(t, db, "2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "title=乙"}})
			judge(t, db, "2026-11-03", intake.Held, now)
			if tt.name == "another text and back" {
				receive(t, db, "2026-11-04", delivery{"list", "K", []string{"received=2026-11-01", "title=甲"}})
				judge(t, db, "2026-11-04", intake.Held, decided)
			}
			if q := queue(t, db); len(q) != 1 || q[0].ID != seen.ID || (q[0].Code == seen.Code) != tt.was {
				t.Errorf("%s: %+v was %+v", tt.name, q, seen)
			}
			before := len(records(t, db, time.Time{}))
			err := db.Decide(ctx, intake.Decision{ID: seen.ID, Code: seen.Code, Accept: accept, By: "某审核员", Basis: "已核对"})
			if (err == nil) != tt.was || err != nil && !isFault(err) {
				t.Errorf("%s, accept %t: %v", tt.name, accept, err)
			}
			if added := len(records(t, db, time.Time{})) - before; (added == 1) != tt.was || (len(pending(t, db)) == 1) != tt.was {
				t.Errorf("%s, accept %t: %d records, %d pending", tt.name, accept, added, len(pending(t, db)))
			}
		}
	}
}

// TestDecideWithoutCode: what is published, and what leaves nothing at all, must have
// been looked at. A row alone shows nothing of any text.
func TestDecideWithoutCode(t *testing.T) {
	for _, tt := range []struct {
		state  intake.State
		sample bool
		files  int
		accept bool
		named  []intake.FileDecision
		code   bool // the entry has one
		ok     bool
	}{
		{state: intake.Held, accept: true, code: true},
		{state: intake.Held, code: true, ok: true},
		{state: intake.Silent, accept: true, code: true},
		{state: intake.Silent, code: true},
		{state: intake.Done, sample: true, accept: true, code: true},
		{state: intake.Done, sample: true, code: true, ok: true},
		{state: intake.Done, files: 1, accept: true},
		{state: intake.Done, files: 1},
		{state: intake.Done, files: 1, accept: true, named: []intake.FileDecision{{Content: hash(31)}}, ok: true},
		{state: intake.Done, sample: true, files: 1, accept: true, named: []intake.FileDecision{{Content: hash(31)}}, code: true, ok: true},
	} {
		db, _ := mustOpen(t)
		receive(t, db, "2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=甲"}})
		o := pending(t, db)[0].Outcome(tt.state)
		o.Sample, o.Files, o.Decided = tt.sample, tt.files, intake.Decided{Decision: "hold", Policy: hash(1), Before: hash(10)}
		if err := db.Finish(ctx, info("2026-11-02"), []intake.Outcome{o}, nil); err != nil {
			t.Fatal(err)
		}
		entry := queue(t, db)[0]
		if (entry.Code != "") != tt.code {
			t.Errorf("%+v: code %q", tt, entry.Code)
		}
		err := db.Decide(ctx, intake.Decision{ID: entry.ID, Accept: tt.accept, Files: tt.named, By: "某审核员", Basis: "已核对"})
		if (err == nil) != tt.ok || err != nil && !isFault(err) || (len(pending(t, db)) == 1) != tt.ok {
			t.Errorf("%+v: %v, %d pending", tt, err, len(pending(t, db)))
		}
	}
}

// TestAcceptedBefore: a decision knows what was accepted of the same content before it.
func TestAcceptedBefore(t *testing.T) {
	db, _ := mustOpen(t)
	day := 1
	// come has the entry judged with a content and reasons, and decides about it.
	come := func(content int, accept bool, want []string, reasons ...string) {
		t.Helper()
		day++
		asOf := fmt.Sprintf("2026-11-%02d", day)
		receive(t, db, asOf, delivery{"list", "K", []string{"received=2026-11-01", "title=" + asOf}})
		judge(t, db, asOf, intake.Held, intake.Decided{Decision: "hold", Reasons: reasons, Policy: hash(1), Before: hash(content)})
		q := queue(t, db)
		if err := db.Decide(ctx, intake.Decision{ID: q[0].ID, Code: q[0].Code, Accept: accept, By: "某审核员", Basis: "已核对"}); err != nil {
			t.Fatal(err)
		}
		review := intake.Review{Content: hash(content), Accept: accept, Reasons: reasons, Accepted: want}
		if diff := cmp.Diff(review, pending(t, db)[0].Review); diff != "" {
			t.Errorf("%s, want - have +\n%s", asOf, diff)
		}
	}
	come(10, true, nil, "perhaps-accusing")
	come(10, true, []string{"perhaps-accusing"}, "doubtful-mobile", "perhaps-accusing")
	come(10, false, []string{"doubtful-mobile", "perhaps-accusing"}, "perhaps-accusing", "sensitive-minor")
	come(10, false, []string{"doubtful-mobile", "perhaps-accusing"}, "sample") // what was rejected was not accepted
	come(11, false, nil, "perhaps-accusing")
	come(11, false, nil, "perhaps-accusing")
	come(10, true, nil, "perhaps-accusing") // the one before is of another content
}
