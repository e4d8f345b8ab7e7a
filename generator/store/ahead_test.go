package store_test

import (
	"crypto/sha256"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

// While a batch is being stored, which may take minutes, cases are withdrawn and acts are
// kept without waiting for it, by another process. Readers lose the cases at once, and the
// batch, whatever it says of them, commits with the withdrawals.
func TestWithdrawDuringABatch(t *testing.T) {
	const one, two, three = record.CaseNumber("2611-000001"), record.CaseNumber("2611-000002"), record.CaseNumber("2611-000003")
	full := func(key, more string) source.Raw {
		return raw(key, "received=2026-11-01", "title=phrase-one"+more, "question=phrase-two"+more, "reply=phrase-three"+more)
	}
	failed := errors.New("made up")
	for _, tt := range []struct {
		name   string
		brings []source.Raw // by the batch
		end    error        // of the batch
	}{
		{name: "another case", brings: []source.Raw{full("K-9", "")}},
		{name: "the same case", brings: []source.Raw{full("K-1", " corrected")}},
		{name: "the same withdrawal", brings: []source.Raw{{Kind: source.Case, Key: "K-1", Gone: true}}},
		{name: "nothing, since it fails", brings: []source.Raw{full("K-9", "")}, end: failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "store.db")
			db, beside := open(t, path), open(t, path)
			batch(t, db, "2026-11-02", full("K-1", ""), full("K-2", ""), full("K-3", ""))
			w := record.Withdrawal{Reason: record.Privacy, Day: day(t, "2026-11-06")}
			if _, err := db.Withdraw(ctx, []record.CaseNumber{two, three}, w, clerk()); err != nil {
				t.Fatal(err)
			}
			if err := db.Reinstate(ctx, []record.CaseNumber{three}, w.Day, clerk()); err != nil {
				t.Fatal(err)
			}
			before := len(audited(t, db))

			g := newGate(t)
			err := db.Batch(ctx, "b", sha256.Sum256([]byte("b")), day(t, "2026-11-07"), nil, func(p put) error {
				for _, raw := range tt.brings {
					cleared, _ := g.Clear(raw, day(t, "2026-11-07"))
					if _, _, err := p(cleared, ""); err != nil {
						return err
					}
				}
				for i, want := range [][]store.Taken{
					{{Number: one, Ahead: true}, {Number: two, Before: true, Ahead: true}, {Number: three, Ahead: true}},
					{{Number: one, Before: true, Ahead: true}, {Number: two, Before: true, Ahead: true}, {Number: three, Before: true, Ahead: true}},
				} {
					got, err := beside.Withdraw(ctx, []record.CaseNumber{one, two, three}, w, clerk())
					if diff := cmp.Diff(want, got); diff != "" || err != nil {
						t.Errorf("time %d: %v %s", i+1, err, diff)
					}
				}
				by := clerk()
				by.Act, by.Target = "republish", "all"
				if _, err := beside.Audit(ctx, by); err != nil {
					t.Error(err)
				}
				if _, err := beside.Withdraw(ctx, []record.CaseNumber{"2611-000008"}, w, clerk()); !isFault(err) {
					t.Errorf("a case that is not there: %v", err)
				}
				if gone, err := beside.Gone(ctx); err != nil || len(gone) != 3 || gone[0].Number != one || gone[0].Reason != "by-law" || gone[0].Day != w.Day || gone[2].Number != three {
					t.Errorf("gone: %v, %v", gone, err)
				}
				if back, err := beside.Reinstated(ctx); err != nil || len(back) != 0 {
					t.Errorf("reinstated: %v, %v", back, err)
				}
				if r, err := beside.Fsck(ctx); err != nil || len(r.Problems) > 0 {
					t.Errorf("fsck: %v, %v", r.Problems, err)
				}
				if db, err := store.Open(path, store.Options{Now: clock}); err != nil {
					t.Errorf("opened: %v", err)
				} else {
					db.Close()
				}
				return tt.end
			})
			if !errors.Is(err, tt.end) {
				t.Fatal(err)
			}

			if tt.end != nil { // whoever comes next makes up for it
				if err := beside.CatchUp(ctx); err != nil {
					t.Fatal(err)
				}
			}
			stones, err := beside.Tombstones(ctx)
			if err != nil || len(stones) != 3 {
				t.Errorf("withdrawn: %v, %v", stones, err)
			}
			if gone, err := beside.Gone(ctx); err != nil || !cmp.Equal(gone, stones) {
				t.Errorf("gone: %v, %v", gone, err)
			}
			var acts []string
			for _, a := range audited(t, beside)[before:] {
				acts = append(acts, a.Act.Act+" "+a.Target)
			}
			if diff := cmp.Diff([]string{"withdraw 2611-000001", "withdraw 2611-000003", "republish all"}, acts); diff != "" {
				t.Error(diff)
			}
			if r, err := beside.Fsck(ctx); err != nil || len(r.Problems) > 0 {
				t.Errorf("fsck: %v, %v", r.Problems, err)
			}
			if cases, err := beside.CasesByNumber(ctx, []record.CaseNumber{one}); err != nil || cases[0].Prominence != record.Withdrawn || cases[0].Question != "" {
				t.Errorf("%v, %v", cases[0].Prominence, err)
			}
		})
	}
}
