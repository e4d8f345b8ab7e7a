package store_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
)

func act(n int) store.Act {
	return store.Act{
		At: time.Date(2026, 11, 28, 17, 30, n, 120_000_000, time.FixedZone("", 8*3600)), By: "王", Origin: "command line", Act: "withdraw",
		Target: fmt.Sprintf("2611-%06d", n), Reason: "privacy", Before: strings.Repeat("a", 64), After: strings.Repeat("b", 64),
	}
}

func audited(t *testing.T, db *store.DB) (all []store.Audited) {
	t.Helper()
	for a, err := range db.Acts(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

func TestAudit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db := open(t, path)
	// printf 'huiyin audit 1' | sha256sum
	start := store.AuditHead{Sum: "119149c87dd2d26d99315654e100cc31e5dc408f884ef648ab8f68e806903025"}
	if h, err := db.AuditHead(t.Context()); err != nil || h != start {
		t.Fatal(h, err)
	}
	var want []store.Audited
	for n := range 5 {
		done, err := db.Audit(t.Context(), act(n))
		if err != nil || done.Seq != int64(n+1) {
			t.Fatal(done, err)
		}
		want = append(want, done)
	}
	db.Close()
	db = open(t, path)
	if diff := cmp.Diff(want, audited(t, db)); diff != "" {
		t.Errorf("acts (-written +read):\n%s", diff)
	}
	head, err := db.AuditHead(t.Context())
	if err != nil || head.Acts != 5 || head.Sum != want[4].Sum {
		t.Errorf("head %+v, %v", head, err)
	}
	if r, err := db.Fsck(t.Context()); err != nil || r.Acts != 5 || len(r.Problems) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Whatever is edited, taken out or put in is found, and a chain that was cut short by
// the head that was published.
func TestAuditFindsEdits(t *testing.T) {
	for edit, want := range map[string]string{
		`UPDATE audit SET by = 'x' WHERE seq = 2`:                                       "act 2 is not what was written",
		`UPDATE audit SET at = '2026-11-28T09:30:01.13Z' WHERE seq = 2`:                 "act 2 is not",
		`UPDATE audit SET at = 'yesterday' WHERE seq = 2`:                               "act 2 is not",
		`UPDATE audit SET origin = 'x' WHERE seq = 2`:                                   "act 2 is not",
		`UPDATE audit SET act = 'correct' WHERE seq = 2`:                                "act 2 is not",
		`UPDATE audit SET target = '2611-000009' WHERE seq = 2`:                         "act 2 is not",
		`UPDATE audit SET reason = '', target = target || reason WHERE seq = 2`:         "act 2 is not",
		`UPDATE audit SET before = after WHERE seq = 2`:                                 "act 2 is not",
		`UPDATE audit SET after = before WHERE seq = 2`:                                 "act 2 is not",
		`UPDATE audit SET note = before WHERE seq = 2`:                                  "act 2 is not",
		`UPDATE audit SET sum = zeroblob(32) WHERE seq = 2`:                             "act 2 is not",
		`DELETE FROM audit WHERE seq = 1`:                                               "act 1 is missing",
		`DELETE FROM audit WHERE seq = 3`:                                               "act 3 is missing",
		`DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3`: "act 3 is not",
		`DELETE FROM audit WHERE seq = 5`:                                               "",
	} {
		db := open(t, filepath.Join(t.TempDir(), "store.db"))
		for n := range 5 {
			if _, err := db.Audit(t.Context(), act(n)); err != nil {
				t.Fatal(err)
			}
		}
		head, err := db.AuditHead(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := db.AuditHolds(t.Context(), head); err != nil || !ok {
			t.Fatalf("a chain that nobody touched: %t, %v", ok, err)
		}
		if err := db.Exec(edit); err != nil {
			t.Fatalf("%s: %v", edit, err)
		}
		r, err := db.Fsck(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			if ok, err := db.AuditHolds(t.Context(), head); err != nil || ok {
				t.Errorf("%s: the head that was published holds: %v", edit, err)
			}
			continue
		}
		if len(r.Problems) == 0 || r.Problems[0].Code != "audit" || !strings.Contains(r.Problems[0].What, want) {
			t.Errorf("%s: %+v, want %q", edit, r.Problems, want)
		}
	}
}

func TestAuditRefuses(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	for name, change := range map[string]func(*store.Act){
		"two lines": func(a *store.Act) { a.By = "王\n李" }, "a long reason": func(a *store.Act) { a.Reason = strings.Repeat("字", 200) },
		"broken text": func(a *store.Act) { a.Origin = "\xff" },
	} {
		a := act(1)
		change(&a)
		_, err := db.Audit(t.Context(), a)
		if msg, hint, _ := fault.Public(err); msg == "" || hint == "" || len(audited(t, db)) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Two processes on one file write one chain.
func TestAuditTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	var all sync.WaitGroup
	for range 4 {
		db := open(t, path)
		all.Go(func() {
			for n := range 25 {
				if _, err := db.Audit(t.Context(), act(n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	r, err := open(t, path).Fsck(t.Context())
	if err != nil || r.Acts != 100 || len(r.Problems) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// judging is the act under which tests judge.
var judging = store.Act{At: time.Date(2026, 12, 20, 9, 0, 0, 0, time.UTC), By: "李审", Origin: "test", Act: "judge"}

// What persons judge is in the audit with what there was before and after: the same hash
// where an act says nothing new, and none where nothing was taken.
func TestJudgingIsAudited(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	batch(t, db, "2026-12-01", withPromise(promiseReply))
	accepting := accepting(t, promiseReply)
	ctx := t.Context()
	for _, a := range []record.CommitmentAct{accepting, {Number: promiseCase, Act: record.State, Keeping: record.Kept, On: day(t, "2026-12-18"), By: "李审"}} {
		if _, err := db.Judge(ctx, judging, a); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Judge(ctx, judging, accepting); err == nil {
		t.Fatal("a commitment was accepted twice")
	}
	said := []record.Judged{{Number: promiseCase, Version: 1, Empty: true}}
	for range 2 { // the second time nothing changes
		if err := db.SaveJudged(ctx, judging, said); err != nil {
			t.Fatal(err)
		}
	}
	acts := audited(t, db)
	var got []string
	for _, a := range acts {
		got = append(got, strings.TrimSpace(a.Act.Act+" "+a.Target))
		if len(a.Before) != 64 || len(a.After) != 64 || a.Before == a.After || a.By != "李审" || a.Origin != "test" {
			t.Errorf("act %+v", a)
		}
	}
	want := []string{"judge accept " + string(promiseCase) + ":" + accepting.Code, "judge outcome " + string(promiseCase) + ":" + accepting.Code, "judge"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("acts (-want +got):\n%s", diff)
	}
	if acts[0].After != acts[1].Before {
		t.Error("what the first act left is not what the second found")
	}
	nobody := judging
	nobody.By = "two\nlines"
	if _, err := db.Judge(ctx, nobody, accepting); err == nil {
		t.Error("a name of two lines was taken")
	}
	if err := db.SaveJudged(ctx, nobody, nil, said...); err == nil {
		t.Error("a name of two lines was taken")
	}
}

// A proof is read as it was kept, and fsck finds one that was edited.
func TestProofs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db := open(t, path)
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01"), raw("K-2", "received=2026-11-01"))
	ctx := t.Context()
	const one, two = record.CaseNumber("2611-000001"), record.CaseNumber("2611-000002")
	still, gone := json.RawMessage(`[{"place":"store","gone":false}]`), json.RawMessage(`[{"place":"store","gone":true}]`)
	if err := db.KeepProofs(ctx, judging, []store.Found{{one, false, still}, {two, true, gone}}); err != nil {
		t.Fatal(err)
	}
	if err := db.KeepProofs(ctx, judging, []store.Found{{one, true, gone}, {"2611-000009", true, gone}}); err == nil {
		t.Error("a proof of no case was kept")
	}
	if err := db.KeepProofs(ctx, judging, []store.Found{{one, true, json.RawMessage(`{`)}}); err == nil {
		t.Error("a proof that nobody can read was kept")
	}
	if err := db.KeepProofs(ctx, judging, []store.Found{{one, true, gone}}); err != nil {
		t.Fatal(err)
	}
	all, err := db.Proofs(ctx, one)
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for i, want := range []string{"still there " + string(still), "gone " + string(gone)} {
		if got := all[i].Reason + " " + string(all[i].Found); got != want || all[i].Target != string(one) || all[i].By != "李审" || !all[i].At.Equal(judging.At) {
			t.Errorf("proof %d is %s: %+v", i+1, got, all[i])
		}
	}
	if all[0].Seq != 1 || all[1].Seq != 3 {
		t.Errorf("their acts are %d and %d", all[0].Seq, all[1].Seq)
	}
	if _, err := db.Proofs(ctx, "2611-000009"); err == nil {
		t.Error("there are proofs of no case")
	}
	if r, err := db.Fsck(ctx); err != nil || r.Proofs != 3 || len(r.Problems) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
	db.Close()
	for _, edit := range []string{
		`DELETE FROM proofs WHERE seq = 1`,
		`UPDATE proofs SET found = replace(found, 'false', 'true') WHERE seq = 1`,
		`UPDATE proofs SET id = (SELECT id FROM proofs WHERE seq = 2) WHERE seq = 1`,
	} {
		copied := filepath.Join(t.TempDir(), "store.db")
		body, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(copied, body, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		direct, err := sql.Open("sqlite", copied)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := direct.Exec(edit); err != nil {
			t.Fatal(err)
		}
		direct.Close()
		r, err := open(t, copied).Fsck(ctx)
		if err != nil || len(r.Problems) != 1 || r.Problems[0].Code != "proof" {
			t.Errorf("%s: %+v, %v", edit, r.Problems, err)
		}
	}
}
