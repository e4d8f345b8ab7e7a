package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

// said is what 王 states on 6 November about the case with a key.
func said(t *testing.T, id, key string, act record.StatementAct, reason record.Reason) record.Statement {
	return record.Statement{
		ID: id, MAC: newGate(t).KeyMAC(source.Case, key), Act: act, At: time.Date(2026, 11, 6, 9, 0, 0, 0, time.UTC),
		By: "王", Origin: "command line", Reason: reason,
	}
}

// told writes down the events of a case with their reasons, and the acts.
func told(t *testing.T, db *store.DB, n record.CaseNumber) (lines []string) {
	t.Helper()
	for e, err := range db.Events(ctx, n, n) {
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf("%s %s", e.Day, e.Kind)
		if e.Reason != "" {
			line += " " + string(e.Reason)
		}
		if e.Into != "" {
			line += " into " + string(e.Into)
		}
		lines = append(lines, line)
	}
	for _, a := range audited(t, db) {
		changed := "changed"
		if a.Before == a.After {
			changed = "as it was"
		}
		lines = append(lines, fmt.Sprintf("act %s of %s: %s (%s)", a.Act.Act, a.Target, a.Reason, changed))
	}
	return lines
}

// What a person states is an event with her reason and its day, in the transaction of the
// batch that brings it, and an act. A reason that is shown keeps the version before; one
// that hides erases it and takes it out of the releases, also where the text is the same
// by now.
func TestStated(t *testing.T) {
	was := []string{"received=2026-11-01", "title=t", "question=phrase-one", "reply=r"}
	now := []string{"received=2026-11-01", "title=t", "question=q", "reply=r"}
	for _, tt := range []struct {
		name      string
		stated    []record.Statement
		brings    []string
		want      []string
		retracted bool
		kept      bool // the phrase is on the disk still
	}{
		{"nothing", nil, now, []string{"2026-11-02 publish", "2026-11-03 correct"}, false, true},
		{"a reason that is shown", []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.WrongUnit)}, now,
			[]string{"2026-11-02 publish", "2026-11-06 correct wrong-unit", "act correct of 2611-000001: wrong-unit (changed)"}, false, true},
		{"a reason that hides", []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.Privacy)}, now,
			[]string{"2026-11-02 publish", "2026-11-06 correct privacy", "act correct of 2611-000001: privacy (changed)"}, true, false},
		{"something unknown becomes known", []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.Mistake)}, append([]string{"due=2026-11-20"}, was...),
			[]string{"2026-11-02 publish", "2026-11-06 correct error", "act correct of 2611-000001: error (changed)"}, false, true},
		{"nothing is another", []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.Mistake)}, was,
			[]string{"2026-11-02 publish", "act correct of 2611-000001: error (as it was)"}, false, true},
		{"nothing is another, for a reason that hides", []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.Court)}, was,
			[]string{"2026-11-02 publish", "2026-11-06 correct court", "act correct of 2611-000001: court (as it was)"}, true, true},
		{"two at once, of which the first hides", []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.Secret), said(t, "2", "K-1", record.ActUndoCorrect, record.Mistake)}, now,
			[]string{"2026-11-02 publish", "2026-11-06 correct secret", "act correct of 2611-000001: secret (changed)", "act undo correct of 2611-000001: error (changed)"}, true, false},
		{"of another case", []record.Statement{said(t, "1", "K-9", record.ActCorrect, record.Privacy)}, now,
			[]string{"2026-11-02 publish", "2026-11-03 correct", "act correct of : privacy (as it was)"}, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			db := open(t, filepath.Join(dir, "store.db"))
			batch(t, db, "2026-11-02", raw("K-1", was...))
			for range 2 { // told twice it is noted once
				if err := db.Stated(ctx, tt.stated); err != nil {
					t.Fatal(err)
				}
			}
			if acts := audited(t, db); len(acts) > 0 {
				t.Errorf("before the batch: %v", acts)
			}
			batch(t, db, "2026-11-03", raw("K-1", tt.brings...))
			if err := db.Stated(ctx, tt.stated); err != nil { // by a run that does not know that it was done
				t.Fatal(err)
			}
			batch(t, db, "2026-11-04", raw("K-1", tt.brings...))
			if diff := cmp.Diff(tt.want, told(t, db, "2611-000001")); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
			if r, err := db.Retractions(ctx); err != nil || (len(r) == 1) != tt.retracted {
				t.Errorf("retracted: %v, %v", r, err)
			}
			if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 {
				t.Errorf("%+v, %v", r, err)
			}
			var ids []string
			for _, s := range tt.stated {
				ids = append(ids, s.ID)
			}
			if lost, err := db.Unstated(ctx, append(ids, "9")); err != nil || len(lost) != 1 || lost[0] != "9" {
				t.Errorf("unknown: %v, %v", lost, err)
			}
			db.Close()
			if got := inAnyFile(t, dir, "phrase-one"); got != tt.kept {
				t.Errorf("the phrase of before is on the disk: %t", got)
			}
		})
	}
}

// A batch that fails leaves a statement for the next.
func TestStatedAndFailed(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	full := []string{"received=2026-11-01", "title=t", "question=q", "reply=r"}
	batch(t, db, "2026-11-02", raw("K-1", full...))
	if err := db.Stated(ctx, []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.Mistake)}); err != nil {
		t.Fatal(err)
	}
	failed := fmt.Errorf("made to fail")
	if err := db.Batch(ctx, "a", [32]byte{1}, day(t, "2026-11-03"), nil, func(put) error { return failed }); err == nil {
		t.Fatal("the batch was stored")
	}
	if acts := audited(t, db); len(acts) > 0 {
		t.Errorf("%v", acts)
	}
	batch(t, db, "2026-11-03", raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply=x"))
	want := []string{"2026-11-02 publish", "2026-11-06 correct error", "act correct of 2611-000001: error (changed)"}
	if diff := cmp.Diff(want, told(t, db, "2611-000001")); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

// A merge that a person states is one event with her reason; one of the upstream has none.
func TestStatedMerge(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	full := []string{"received=2026-11-01", "title=t", "question=q", "reply=r"}
	merged := append([]string{"merged_into=K-3"}, full...)
	batch(t, db, "2026-11-02", raw("K-1", full...), raw("K-2", full...), raw("K-3", full...))
	s := said(t, "1", "K-1", record.ActMerge, record.Duplicate)
	if err := db.Stated(ctx, []record.Statement{s}); err == nil {
		t.Error("a merge into no case was noted")
	}
	s.Into = "2611-000003"
	if err := db.Stated(ctx, []record.Statement{s}); err != nil {
		t.Fatal(err)
	}
	batch(t, db, "2026-11-03", raw("K-1", merged...), raw("K-2", merged...))
	act := "act merge into 2611-000003 of 2611-000001: duplicate (changed)"
	for n, want := range map[record.CaseNumber][]string{
		"2611-000001": {"2026-11-02 publish", "2026-11-06 merge duplicate into 2611-000003", act},
		"2611-000002": {"2026-11-02 publish", "2026-11-03 correct", "2026-11-03 merge into 2611-000003", act},
	} {
		if diff := cmp.Diff(want, told(t, db, n)); diff != "" {
			t.Errorf("want - got +\n%s", diff)
		}
	}
	undo := said(t, "2", "K-1", record.ActUndoMerge, record.Mistake)
	if err := db.Stated(ctx, []record.Statement{undo}); err != nil {
		t.Fatal(err)
	}
	batch(t, db, "2026-11-04", raw("K-1", append([]string{"merged_into="}, full...)...))
	want := []string{"2026-11-02 publish", "2026-11-06 merge duplicate into 2611-000003", "2026-11-06 correct error", act, "act undo merge of 2611-000001: error (changed)"}
	if diff := cmp.Diff(want, told(t, db, "2611-000001")); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
	if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A statement is refused that no audit could keep, or that says not why.
func TestStatedRefuses(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	for name, change := range map[string]func(*record.Statement){
		"no name":        func(s *record.Statement) { s.ID = "" },
		"another reason": func(s *record.Statement) { s.Reason = "because" },
		"no act":         func(s *record.Statement) { s.Act = "" },
		"no time":        func(s *record.Statement) { s.At = time.Time{} },
		"two lines":      func(s *record.Statement) { s.By = "王\n李" },
		"no hash":        func(s *record.Statement) { s.MAC = "K-1" },
		"into a case":    func(s *record.Statement) { s.Into = "2611-000003" },
	} {
		s := said(t, "1", "K-1", record.ActCorrect, record.Mistake)
		change(&s)
		if err := db.Stated(ctx, []record.Statement{s}); err == nil {
			t.Errorf("%s: noted", name)
		}
	}
}

// A copy of the store from before a correction that hides is put back: the journal takes the
// old text off, and no delivery brings it back until the case is corrected once more. So it
// does where the copy is from before the case, and where what was hidden was withdrawn since.
func TestCorrectionIsLost(t *testing.T) {
	was := []string{"received=2026-11-01", "title=t", "question=phrase-one", "reply=r"}
	now := []string{"received=2026-11-01", "title=t", "question=q", "reply=r"}
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	copied := func() []byte {
		t.Helper()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	put := func(b []byte) *store.DB {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return open(t, path)
	}
	db := open(t, path)
	batch(t, db, "2026-11-01", raw("K-2", "received=2026-11-01"))
	db.Close()
	empty := copied()
	db = open(t, path)
	batch(t, db, "2026-11-02", raw("K-1", was...))
	db.Close()
	before := copied()
	db = open(t, path)
	if err := db.Stated(ctx, []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.Privacy)}); err != nil {
		t.Fatal(err)
	}
	batch(t, db, "2026-11-03", raw("K-1", now...))
	if lost, err := db.Uncorrected(ctx); err != nil || len(lost) > 0 {
		t.Errorf("it is lost before: %v, %v", lost, err)
	}
	db.Close()

	for name, old := range map[string][]byte{"a copy from before the correction": before, "a copy from before the case": empty} {
		db := put(old)
		batch(t, db, "2026-11-04", raw("K-1", was...))
		n, err := db.Numbers(ctx, []string{newGate(t).KeyMAC(source.Case, "K-1")})
		if err != nil {
			t.Fatal(err)
		}
		c, err := db.CasesByNumber(ctx, n)
		if err != nil || c[0].Prominence != record.StubOnly || c[0].StubReason != record.UnderReview {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
		if lost, err := db.Uncorrected(ctx); err != nil || len(lost) != 1 || lost[0] != n[0] {
			t.Errorf("%s: lost %v, %v", name, lost, err)
		}
		if r, err := db.Retractions(ctx); err != nil || (len(r) == 1) != (name == "a copy from before the correction") {
			t.Errorf("%s: retracted %v, %v", name, r, err)
		}
		db.Close()
		if inAnyFile(t, dir, "phrase-one") {
			t.Errorf("%s: the old text is on the disk", name)
		}
		db = open(t, path)
		if err := db.Stated(ctx, []record.Statement{said(t, "2", "K-1", record.ActCorrect, record.WrongUnit)}); err != nil {
			t.Fatal(err)
		}
		batch(t, db, "2026-11-05", raw("K-1", append([]string{"unit=u"}, was...)...))
		c, err = db.CasesByNumber(ctx, n)
		if err != nil || c[0].Prominence != record.StubOnly || c[0].Unit != "u" {
			t.Errorf("%s, something else corrected: %+v, %v", name, c, err)
		}
		if err := db.Stated(ctx, []record.Statement{said(t, "3", "K-1", record.ActCorrect, record.Privacy)}); err != nil {
			t.Fatal(err)
		}
		batch(t, db, "2026-11-06", raw("K-1", now...))
		c, err = db.CasesByNumber(ctx, n)
		if err != nil || c[0].Prominence != record.Full || c[0].Question != "q" {
			t.Errorf("%s, corrected once more: %+v, %v", name, c, err)
		}
		if lost, err := db.Uncorrected(ctx); err != nil || len(lost) > 0 {
			t.Errorf("%s, corrected once more: %v, %v", name, lost, err)
		}
		if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		db.Close()
	}
}

// A crash comes when the journal says that a correction has hidden something and the store
// has not done it yet. The next batch brings it: until then the releases show nothing of
// the case, and what stands in the store alone is not lost.
func TestCorrectionIsComing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	db := open(t, path)
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply=phrase-one"))
	if err := db.Stated(ctx, []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.Privacy)}); err != nil {
		t.Fatal(err)
	}
	db.Close()
	crashed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bring := raw("K-1", "received=2026-11-01", "reply=r")
	db = open(t, path)
	batch(t, db, "2026-11-03", bring)
	db.Close()
	if err := os.WriteFile(path, crashed, 0o600); err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	if diff := cmp.Diff([]string{"2611-000001"}, retracted(t, db)); diff != "" {
		t.Errorf("taken back, want - have +\n%s", diff)
	}
	if lost, err := db.Uncorrected(ctx); err != nil || len(lost) > 0 {
		t.Errorf("lost: %v, %v", lost, err)
	}
	batch(t, db, "2026-11-03", bring)
	if diff := cmp.Diff([]string{"2611-000001 full  q r"}, shown(t, db)); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	want := []string{"2026-11-02 publish", "2026-11-06 correct privacy", "act correct of 2611-000001: privacy (changed)"}
	if diff := cmp.Diff(want, told(t, db, "2611-000001")); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
	db.Close()
	if inAnyFile(t, dir, "phrase-one") {
		t.Error("the old text is on the disk")
	}
}

// An older copy of the intake does not know the latest correction that hid something: what
// is published stays, and what it delivers is not published until that is corrected once
// more. Where no correction hides anything, there is nothing to know.
func TestKeepHidden(t *testing.T) {
	was := []string{"received=2026-11-01", "title=t", "question=phrase-one", "reply=r"}
	now := []string{"received=2026-11-01", "title=t", "question=q", "reply=r"}
	hidden := said(t, "1", "K-1", record.ActCorrect, record.Privacy)
	later := said(t, "2", "K-1", record.ActCorrect, record.Mistake)
	again := said(t, "3", "K-1", record.ActUndoCorrect, record.Court)
	for _, tt := range []struct {
		name   string
		stated []record.Statement
		want   []string
	}{
		{"one that hides, and one that does not", []record.Statement{hidden, later}, []string{"1"}},
		{"none that hides", []record.Statement{later}, nil},
		{"two that hide", []record.Statement{hidden, later, again}, []string{"3"}},
		{"of two cases", []record.Statement{hidden, said(t, "4", "K-2", record.ActCorrect, record.Secret)}, []string{"1", "4"}},
	} {
		db := open(t, filepath.Join(t.TempDir(), "store.db"))
		batch(t, db, "2026-11-02", raw("K-1", was...))
		if err := db.Stated(ctx, tt.stated); err != nil {
			t.Fatal(err)
		}
		batch(t, db, "2026-11-03", raw("K-1", now...))
		ids, err := db.Hiding(ctx)
		if diff := cmp.Diff(tt.want, ids); diff != "" || err != nil {
			t.Errorf("%s: %v, want - have +\n%s", tt.name, err, diff)
		}
		for range 2 {
			if err := db.KeepHidden(ctx, ids); err != nil {
				t.Fatal(err)
			}
		}
		if ids, err := db.Hiding(ctx); err != nil || len(ids) > 0 {
			t.Errorf("%s, noted: %v, %v", tt.name, ids, err)
		}
		published, row := "2611-000001 full  q r", "2611-000001 stub under-review  "
		if diff := cmp.Diff([]string{published}, shown(t, db)); diff != "" {
			t.Errorf("%s: want - have +\n%s", tt.name, diff)
		}
		if lost, err := db.Uncorrected(ctx); err != nil || (len(lost) == 1) != (tt.want != nil) {
			t.Errorf("%s: lost %v, %v", tt.name, lost, err)
		}
		batch(t, db, "2026-11-04", raw("K-1", append([]string{"due=2026-11-20"}, was...)...))
		want := "2611-000001 full  phrase-one r"
		if tt.want != nil {
			want = row
		}
		if diff := cmp.Diff([]string{want}, shown(t, db)); diff != "" {
			t.Errorf("%s, delivered: want - have +\n%s", tt.name, diff)
		}
		if err := db.Stated(ctx, []record.Statement{said(t, "9", "K-1", record.ActCorrect, record.Privacy)}); err != nil {
			t.Fatal(err)
		}
		batch(t, db, "2026-11-05", raw("K-1", now...))
		if diff := cmp.Diff([]string{published}, shown(t, db)); diff != "" {
			t.Errorf("%s, corrected once more: want - have +\n%s", tt.name, diff)
		}
		if ids, err := db.Hiding(ctx); err != nil || !slices.Contains(ids, "9") || slices.Contains(ids, "1") {
			t.Errorf("%s, corrected once more: %v, %v", tt.name, ids, err)
		}
		db.Close()
	}
}
