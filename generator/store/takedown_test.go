package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

func clerk() store.Act {
	return store.Act{At: time.Date(2026, 11, 6, 9, 0, 0, 0, time.UTC), By: "王", Origin: "command line", Act: "withdraw"}
}

// A person withdraws two cases, one of which the upstream has withdrawn before. The texts
// are on no disk any more, the act is in the audit, and neither a delivery nor an older
// copy of the store brings them back.
func TestWithdrawByNumber(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	db := open(t, path)
	first := raw("K-1", "received=2026-11-01", "title=phrase-one", "question=phrase-two", "reply=phrase-three")
	batch(t, db, "2026-11-02", first, raw("K-2", "received=2026-11-01"), raw("K-3", "received=2026-11-01"))
	batch(t, db, "2026-11-04", source.Raw{Kind: source.Case, Key: "K-2", Gone: true})
	state, _ := db.State(ctx)
	db.Close()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	db = open(t, path)

	w := record.Withdrawal{Reason: record.ThirdParty, Day: day(t, "2026-11-06")}
	got, err := db.Withdraw(ctx, []record.CaseNumber{"2611-000001", "2611-000002"}, w, clerk())

	want := []store.Taken{{Number: "2611-000001"}, {Number: "2611-000002", Before: true}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatalf("%v %s", err, diff)
	}
	check := func(when string, acts int) {
		t.Helper()
		stones, err := db.Tombstones(ctx)
		if err != nil || len(stones) != 2 || stones[0].Number != "2611-000001" || stones[0].Reason != "by-law" || stones[0].Day != w.Day {
			t.Errorf("%s: %v, %v", when, stones, err)
		}
		if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 || r.Acts != acts {
			t.Errorf("%s: %+v, %v", when, r, err)
		}
		if kinds := batch(t, db, "2026-11-07", first); kinds[0] != "" {
			t.Errorf("%s: a delivery revived it: %q", when, kinds[0])
		}
	}
	check("withdrawn", 1)
	acts := audited(t, db)
	if a := acts[0]; a.Target != "2611-000001" || a.Reason != "third-party" || len(a.Before) != 64 || len(a.After) != 64 || a.Before == a.After || a.By != "王" {
		t.Errorf("%+v", a)
	}
	if now, _ := db.State(ctx); now == state {
		t.Error("the state is the same: nothing would be published")
	}
	if again, err := db.Withdraw(ctx, []record.CaseNumber{"2611-000001"}, w, clerk()); err != nil || !again[0].Before || len(audited(t, db)) != 1 {
		t.Errorf("withdrawn twice: %v, %v", again, err)
	}
	db.Close()
	if inAnyFile(t, dir, "phrase-") {
		t.Error("a phrase of the withdrawn case is still on the disk")
	}

	if err := os.WriteFile(path, before, 0o600); err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	check("an older copy put back", 1)
	if a := audited(t, db)[0]; a.Target != "2611-000001" || a.By != "王" || a.Before != acts[0].Before || a.After != acts[0].After {
		t.Errorf("an older copy put back: %+v", a)
	}
}

// A number that no case has undoes the others: nobody is left to guess what was done.
func TestWithdrawUnknown(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01"))
	w := record.Withdrawal{Reason: record.Court, Day: day(t, "2026-11-06")}
	_, err := db.Withdraw(ctx, []record.CaseNumber{"2611-000001", "2611-000009"}, w, clerk())
	var f *fault.Error
	if !errors.As(err, &f) || !strings.Contains(f.Msg, "2611-000009") {
		t.Errorf("%v", err)
	}
	if stones, err := db.Tombstones(ctx); err != nil || len(stones)+len(audited(t, db)) != 0 {
		t.Errorf("%v, %v", stones, err)
	}
	for name, w := range map[string]record.Withdrawal{"no reason": {Day: w.Day}, "another reason": {Reason: "because", Day: w.Day}, "no day": {Reason: record.Court}} {
		if _, err := db.Withdraw(ctx, []record.CaseNumber{"2611-000001"}, w, clerk()); err == nil {
			t.Errorf("%s: withdrawn", name)
		}
	}
}

// A withdrawal is lifted: the case is a row under review until its texts come through the
// gate, and what is delivered counts again. An older copy of the store comes to the same.
func TestReinstate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	db := open(t, path)
	first := raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply=r")
	batch(t, db, "2026-11-02", first)
	const n = record.CaseNumber("2611-000001")
	w := record.Withdrawal{Reason: record.Mistake, Day: day(t, "2026-11-03")}
	if err := db.Reinstate(ctx, []record.CaseNumber{n}, w.Day, clerk()); !isFault(err) {
		t.Errorf("a case that is not withdrawn: %v", err)
	}
	if _, err := db.Withdraw(ctx, []record.CaseNumber{n}, w, clerk()); err != nil {
		t.Fatal(err)
	}
	db.Close()
	withdrawn, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	by := clerk()
	by.Act = "reinstate"
	if err := db.Reinstate(ctx, []record.CaseNumber{n}, day(t, "2026-11-04"), by); err != nil {
		t.Fatal(err)
	}
	check := func(when string, acts int) {
		t.Helper()
		cases, err := db.CasesByNumber(ctx, []record.CaseNumber{n})
		if err != nil || cases[0].Prominence != record.StubOnly || cases[0].StubReason != record.UnderReview || !cases[0].Received.Known() {
			t.Errorf("%s: %+v, %v", when, cases, err)
		}
		var kinds []record.EventKind
		for e, err := range db.Events(ctx, n, n) {
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, e.Kind)
		}
		if diff := cmp.Diff([]record.EventKind{"publish", "withdraw", "reinstate"}, kinds); diff != "" {
			t.Errorf("%s: events (-want +got):\n%s", when, diff)
		}
		if back, err := db.Reinstated(ctx); err != nil || len(back) != 1 || back[0] != n {
			t.Errorf("%s: reinstated %v, %v", when, back, err)
		}
		if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 || r.Acts != acts {
			t.Errorf("%s: %+v, %v", when, r, err)
		}
	}
	check("reinstated", 2)
	if err := db.Reinstate(ctx, []record.CaseNumber{n}, day(t, "2026-11-04"), by); err != nil || len(audited(t, db)) != 2 {
		t.Errorf("again: %v", err)
	}
	db.Close()
	if err := os.WriteFile(path, withdrawn, 0o600); err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	check("an older copy put back", 2)

	if kinds := batch(t, db, "2026-11-05", first); kinds[0] == "" {
		t.Error("a delivery counts for nothing")
	}
	if cases, err := db.CasesByNumber(ctx, []record.CaseNumber{n}); err != nil || cases[0].Title != "t" || cases[0].Prominence != record.Full {
		t.Errorf("%+v, %v", cases, err)
	}
	// And it can be withdrawn once more.
	if taken, err := db.Withdraw(ctx, []record.CaseNumber{n}, w, clerk()); err != nil || taken[0].Before {
		t.Errorf("%v, %v", taken, err)
	}
	if back, err := db.Reinstated(ctx); err != nil || len(back) != 0 {
		t.Errorf("reinstated %v, %v", back, err)
	}
	if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// An older copy of the store does not have the case yet that was withdrawn and reinstated
// since: both acts are in its audit all the same, and the case is let in.
func TestReinstateUnknown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	open(t, path).Close()
	empty, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, path)
	first := raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply=r")
	batch(t, db, "2026-11-02", first)
	numbers := []record.CaseNumber{"2611-000001"}
	if _, err := db.Withdraw(ctx, numbers, record.Withdrawal{Reason: record.Mistake, Day: day(t, "2026-11-03")}, clerk()); err != nil {
		t.Fatal(err)
	}
	by := clerk()
	by.Act = "reinstate"
	if err := db.Reinstate(ctx, numbers, day(t, "2026-11-04"), by); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	var acts []string
	for _, a := range audited(t, db) {
		acts = append(acts, a.Act.Act)
	}
	if diff := cmp.Diff([]string{"withdraw", "reinstate"}, acts); diff != "" {
		t.Errorf("acts (-want +got):\n%s", diff)
	}
	if kinds := batch(t, db, "2026-11-05", first); kinds[0] != record.EventPublish {
		t.Errorf("the case is delivered: %q", kinds[0])
	}
	if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A case is withdrawn while the store is checked: that the journal says so already, and the
// store as it was does not, is no problem.
func TestFsckDuringAWithdrawal(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "store.db"))
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01"))
	macs, err := db.KeyMACs(ctx, []record.CaseNumber{"2611-000001"})
	if err != nil {
		t.Fatal(err)
	}
	line := `{"number":"2611-000001","mac":"` + macs[0] + `","reason":"court","day":"2026-11-03"}` + "\n"
	if err := os.WriteFile(filepath.Join(dir, "withdrawn.journal"), []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 || r.Tombstones != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	db.Close()
	if r, err := open(t, filepath.Join(dir, "store.db")).Fsck(ctx); err != nil || len(r.Problems) > 0 || r.Tombstones != 1 {
		t.Errorf("the entry is none: %+v, %v", r, err)
	}
}
