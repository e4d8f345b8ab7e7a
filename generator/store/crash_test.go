package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/sqlitefile/sqlitetest"
	"github.com/huiyin/huiyin/generator/store"
)

// acts are what persons and the upstream do with a store of five cases, one after the other.
var acts = []struct {
	name string
	do   func(t *testing.T, db *store.DB) error
}{
	{"withdraw", func(t *testing.T, db *store.DB) error {
		_, err := db.Withdraw(ctx, []record.CaseNumber{"2611-000001"}, withdrawal(t), clerk())
		return err
	}},
	{"withdraw two", func(t *testing.T, db *store.DB) error {
		_, err := db.Withdraw(ctx, []record.CaseNumber{"2611-000002", "2611-000003"}, withdrawal(t), clerk())
		return err
	}},
	{"ask for a publication", func(_ *testing.T, db *store.DB) error {
		by := clerk()
		by.Act, by.Target = "republish", "all"
		_, err := db.Audit(ctx, by)
		return err
	}},
	{"reinstate", func(t *testing.T, db *store.DB) error {
		by := clerk()
		by.Act, by.Reason = "reinstate", "误撤"
		return db.Reinstate(ctx, []record.CaseNumber{"2611-000002"}, day(t, "2026-11-07"), by)
	}},
	{"take a tombstone of the upstream", func(t *testing.T, db *store.DB) error {
		g := newGate(t)
		return db.Batch(ctx, "2026-11-08", [32]byte{8}, day(t, "2026-11-08"), nil, func(p put) error {
			cleared, _ := g.Clear(source.Raw{Kind: source.Case, Key: "K-4", Gone: true}, day(t, "2026-11-08"))
			_, _, err := p(cleared, "")
			return err
		})
	}},
}

func withdrawal(t *testing.T) record.Withdrawal {
	return record.Withdrawal{Reason: record.ThirdParty, Day: day(t, "2026-11-06")}
}

// fiveCases makes a store with five cases in a folder.
func fiveCases(t *testing.T, dir string) {
	t.Helper()
	db := open(t, filepath.Join(dir, "store.db"))
	var raws []source.Raw
	for i := range 5 {
		raws = append(raws, raw(fmt.Sprint("K-", i+1), "received=2026-11-01", "title=t", "question=q", "reply=r"))
	}
	batch(t, db, "2026-11-02", raws...)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// watched opens the store of a folder whose changes are noted, its journal too.
func watched(t *testing.T, dir string) (*store.DB, *sqlitetest.Disk) {
	t.Helper()
	disk := sqlitetest.Watch(t, dir)
	db := open(t, filepath.Join(dir, "store.db"))
	db.KeepJournal(func(path string) (store.JournalFile, error) { return disk.Open(path) }, disk.SyncDir)
	return db, disk
}

// sayings is all that a store says of withdrawals and acts, and its journal.
func sayings(t *testing.T, db *store.DB, dir string) string {
	t.Helper()
	var b strings.Builder
	stones, err := db.Tombstones(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stones {
		fmt.Fprintln(&b, "withdrawn", s.Number, s.Reason, s.Day)
	}
	back, err := db.Reinstated(ctx)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&b, "reinstated", back)
	for _, a := range audited(t, db) {
		fmt.Fprintln(&b, a.Seq, a.By, a.Act.Act, a.Target, a.Reason, a.Before, a.After, a.Sum)
	}
	r, err := db.Fsck(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		fmt.Fprintln(&b, "PROBLEM", p)
	}
	journal, err := os.ReadFile(filepath.Join(dir, "withdrawn.journal"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(journal), "\n")
	for n := len(lines); n > 0 && (!strings.HasSuffix(lines[n-1], "\n") || strings.Contains(lines[n-1], `"more":true`)); n = len(lines) {
		lines = lines[:n-1] // a torn end was nobody's act
	}
	b.WriteString(strings.Join(lines, ""))
	return b.String()
}

// The power fails at every change of the store and its journal, and leaves of what was not
// synced nothing, some or all. What was acknowledged is in the journal, effective and in the
// chain of acts; what was not is wholly there, or not at all; and all can go on.
func TestCrashOfJournalAndAudit(t *testing.T) {
	dir := t.TempDir()
	fiveCases(t, dir)
	db, disk := watched(t, dir)
	states, marks := []string{sayings(t, db, dir)}, []int{0} // after each act, and the changes up to its end
	for _, act := range acts {
		if err := act.do(t, db); err != nil {
			t.Fatalf("%s: %v", act.name, err)
		}
		states, marks = append(states, sayings(t, db, dir)), append(marks, disk.Changes())
	}
	if err := db.Close(); err != nil { // which writes all into one file
		t.Fatal(err)
	}
	states, marks = append(states, states[len(states)-1]), append(marks, disk.Changes())
	for i, s := range states {
		if strings.Contains(s, "PROBLEM") || i > 0 && i < len(acts) && s == states[i-1] {
			t.Fatalf("after %d acts:\n%s", i, s)
		}
	}
	points, before, after := 0, 0, 0
	for n := range disk.Changes() + 1 {
		done := 0
		for done+1 < len(marks) && marks[done+1] <= n {
			done++
		}
		for way := range sqlitetest.Keeps * disk.Tears(n) {
			done := done
			points++
			left := t.TempDir()
			keep := sqlitetest.Keep(way % sqlitetest.Keeps)
			if err := disk.Cut(n, way/sqlitetest.Keeps, keep, left); err != nil {
				t.Fatal(err)
			}
			db, err := store.Open(filepath.Join(left, "store.db"), store.Options{Now: clock})
			if err != nil {
				t.Fatalf("change %d, keep %d: %v", n, keep, err)
			}
			got := sayings(t, db, left)
			switch {
			case got == states[done]:
				before++
			case done+1 < len(states) && got == states[done+1]:
				after++
				done++
			default:
				t.Fatalf("change %d, keep %d: after %d acts there is\n%s\nwant\n%s", n, keep, done, got, states[done])
			}
			for i := done; i < len(acts) && points%5 == 0; i++ {
				if err := acts[i].do(t, db); err != nil {
					t.Fatalf("change %d, keep %d: %s: %v", n, keep, acts[i].name, err)
				}
				if got := sayings(t, db, left); got != states[i+1] {
					t.Fatalf("change %d, keep %d: repeated, after %s there is\n%s\nwant\n%s", n, keep, acts[i].name, got, states[i+1])
				}
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.RemoveAll(left); err != nil {
				t.Fatal(err)
			}
		}
	}
	if points < 800 || before == 0 || after == 0 {
		t.Errorf("%d crash points, %d left what was before, %d what was to be: the test proves little", points, before, after)
	}
	t.Logf("%d crash points: %d left what was before, %d what was to be", points, before, after)
}

// Each change fails once, for want of room or because of the device. The act is then not
// acknowledged, the office is told what to do, and done again it is done once.
func TestFaultsOfJournalAndAudit(t *testing.T) {
	dir := t.TempDir()
	fiveCases(t, dir)
	faults := 0
	for i, act := range acts {
		want := ends(t, dir, i)
		for n, failed := 0, true; failed; n++ {
			for _, full := range []bool{true, false} {
				left := t.TempDir()
				if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
					t.Fatal(err)
				}
				db, disk := watched(t, left)
				for _, earlier := range acts[:i] {
					if err := earlier.do(t, db); err != nil {
						t.Fatal(err)
					}
				}
				was := sayings(t, db, left)
				disk.FailAt(n, full)
				err := act.do(t, db)
				if failed = err != nil; failed {
					faults++
					msg, hint, code := fault.Public(err)
					if !isFault(err) || hint == "" || errors.Is(err, syscall.ENOSPC) && code != fault.ExitNoSpace {
						t.Errorf("%s, change %d: %q, %q, %d: %v", act.name, n, msg, hint, code, err)
					}
					if got := sayings(t, db, left); got != was {
						// The journal alone may have what the store has not: it comes to that when it
						// is opened again.
						if err := db.Close(); err != nil {
							t.Fatal(err)
						}
						db = open(t, filepath.Join(left, "store.db"))
					}
					if err := act.do(t, db); err != nil && !strings.Contains(err.Error(), "is not withdrawn") {
						t.Errorf("%s, change %d: repeated: %v", act.name, n, err)
					}
				}
				if got := sayings(t, db, left); got != want {
					t.Errorf("%s, change %d: %v: repeated, there is\n%s\nwant\n%s", act.name, n, err, got, want)
				}
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
	if faults < 20 {
		t.Errorf("%d faults: the test proves little", faults)
	}
	t.Logf("%d faults", faults)
}

// ends is what a store of five cases says after the acts up to one, undisturbed.
func ends(t *testing.T, from string, last int) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	db := open(t, filepath.Join(dir, "store.db"))
	for _, act := range acts[:last+1] {
		if err := act.do(t, db); err != nil {
			t.Fatal(err)
		}
	}
	return sayings(t, db, dir)
}
