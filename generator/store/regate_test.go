package store_test

import (
	"bytes"
	"crypto/sha256"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

// ruledGate is a gate under a policy that change makes of the default one.
func ruledGate(t *testing.T, change func(*gate.Policy)) *gate.Gate {
	t.Helper()
	p := gate.DefaultPolicy()
	change(&p)
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32), Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// putUnder stores raws as g clears them, by store.Batch or store.Regate, with the
// decision of a person where there is one.
func putUnder(t *testing.T, db *store.DB, g *gate.Gate, name string, regate bool, review *gate.Review, raws ...source.Raw) {
	t.Helper()
	take := db.Batch
	if regate {
		take = db.Regate
	}
	asOf := day(t, "2026-11-02")
	err := take(ctx, name, sha256.Sum256([]byte(name)), asOf, nil, func(p put) error {
		for _, raw := range raws {
			cleared, verdict := g.Clear(raw, asOf)
			if review != nil {
				cleared, verdict = g.ClearReviewed(raw, asOf, gate.Review{Content: verdict.Content, Accept: review.Accept})
			}
			if !cleared.Valid() {
				t.Fatalf("not cleared: %v", verdict.Reasons)
			}
			if _, _, err := p(cleared, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func retracted(t *testing.T, db *store.DB) (all []string) {
	t.Helper()
	back, err := db.Retractions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range back {
		all = append(all, string(r.Number))
	}
	return all
}

func shown(t *testing.T, db *store.DB) (all []string) {
	t.Helper()
	for c, err := range db.Cases(ctx, "0001-000001", "9912-999999999") {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.Join([]string{string(c.Number), string(c.Prominence), string(c.StubReason), c.Question, c.Reply.Text}, " "))
	}
	return all
}

// TestRegate stores cases again that other rules have changed. The old text is gone
// from the file, the releases of before are to lose it, and what would unmask is not
// stored.
func TestRegate(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "store.db"))
	pass := ruledGate(t, func(p *gate.Policy) { p.Official[gate.Landline] = gate.Rule{Action: gate.Pass} })
	mask := ruledGate(t, func(*gate.Policy) {})
	hold := ruledGate(t, func(p *gate.Policy) { p.Official[gate.Landline] = gate.Rule{Action: gate.HoldField} })
	raws := []source.Raw{
		raw("K-1", "received=2026-11-01", "kind=complain", "question=q", "reply=call 0999-7654321"),
		raw("K-2", "received=2026-11-01", "kind=complain", "question=q", "reply=done"),
	}
	putUnder(t, db, pass, "a.csv", false, nil, raws...)
	markShown(t, db)
	if !inAnyFile(t, dir, "7654321") {
		t.Error("the text cannot be seen on the disk even before")
	}
	for _, step := range []struct {
		name    string
		gate    *gate.Gate
		want    []string
		history []string
		back    []string
	}{
		{"masked", mask, []string{"2611-000001 full  q call 0999-*****21", "2611-000002 full  q done"},
			[]string{"2611-000001 2026-11-02 publish", "2611-000001 2026-11-02 policy", "2611-000001 1 changes 2026-11-02"}, []string{"2611-000001"}},
		{"the same again", mask, []string{"2611-000001 full  q call 0999-*****21", "2611-000002 full  q done"},
			[]string{"2611-000001 2026-11-02 publish", "2611-000001 2026-11-02 policy", "2611-000001 1 changes 2026-11-02"}, []string{"2611-000001"}},
		{"would unmask", pass, []string{"2611-000001 full  q call 0999-*****21", "2611-000002 full  q done"},
			[]string{"2611-000001 2026-11-02 publish", "2611-000001 2026-11-02 policy", "2611-000001 1 changes 2026-11-02"}, []string{"2611-000001"}},
		{"held", hold, []string{"2611-000001 stub under-review  ", "2611-000002 full  q done"},
			[]string{"2611-000001 2026-11-02 publish", "2611-000001 2026-11-02 policy", "2611-000001 2026-11-02 policy", "2611-000001 2 changes 2026-11-02"}, []string{"2611-000001"}},
	} {
		putUnder(t, db, step.gate, step.name, true, nil, raws...)
		if diff := cmp.Diff(step.want, shown(t, db)); diff != "" {
			t.Errorf("%s: want - have +\n%s", step.name, diff)
		}
		if diff := cmp.Diff(step.history, history(t, db, "2611-000001", "2611-000001")); diff != "" {
			t.Errorf("%s: want - have +\n%s", step.name, diff)
		}
		if diff := cmp.Diff(step.back, retracted(t, db)); diff != "" {
			t.Errorf("%s: taken back, want - have +\n%s", step.name, diff)
		}
		if report, err := db.Fsck(ctx); err != nil || len(report.Problems) > 0 {
			t.Errorf("%s: %v, %v", step.name, report, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if inAnyFile(t, dir, "7654321") {
		t.Error("the text of before is still on the disk")
	}
}

// TestRegateBringsStatement: what a person has stated is not undone because it comes with
// other rules, also where nothing would be shown by these rules alone, and is told of.
func TestRegateBringsStatement(t *testing.T) {
	pass := ruledGate(t, func(p *gate.Policy) { p.Official[gate.Landline] = gate.Rule{Action: gate.Pass} })
	mask := ruledGate(t, func(*gate.Policy) {})
	for _, released := range []bool{true, false} {
		dir := t.TempDir()
		db := open(t, filepath.Join(dir, "store.db"))
		putUnder(t, db, mask, "a.csv", false, nil, raw("K-1", "received=2026-11-01", "kind=complain", "question=phrase-one", "reply=call 0999-7654321"))
		if released {
			markShown(t, db)
		}
		if err := db.Stated(ctx, []record.Statement{said(t, "1", "K-1", record.ActCorrect, record.Privacy)}); err != nil {
			t.Fatal(err)
		}
		putUnder(t, db, pass, "regate", true, nil, raw("K-1", "received=2026-11-01", "kind=complain", "question=q", "reply=call 0999-7654321"))
		if diff := cmp.Diff([]string{"2611-000001 full  q call 0999-7654321"}, shown(t, db)); diff != "" {
			t.Errorf("released %t: want - have +\n%s", released, diff)
		}
		want := []string{"2026-11-02 publish", "2026-11-06 correct privacy", "act correct of 2611-000001: privacy (changed)"}
		if diff := cmp.Diff(want, told(t, db, "2611-000001")); diff != "" {
			t.Errorf("released %t: want - have +\n%s", released, diff)
		}
		if diff := cmp.Diff([]string{"2611-000001"}, retracted(t, db)); diff != "" {
			t.Errorf("released %t: taken back, want - have +\n%s", released, diff)
		}
		db.Close()
		if inAnyFile(t, dir, "phrase-one") {
			t.Errorf("released %t: the old text is on the disk", released)
		}
	}
}

// TestRegateErasesVersions: without Regate the version before is kept, since it was
// fit to be published; with it none is.
func TestRegateErasesVersions(t *testing.T) {
	for _, regate := range []bool{false, true} {
		db := open(t, filepath.Join(t.TempDir(), "store.db"))
		g := ruledGate(t, func(*gate.Policy) {})
		putUnder(t, db, g, "a.csv", false, nil, raw("K-1", "received=2026-11-01", "kind=complain", "question=q", "reply=first"))
		putUnder(t, db, g, "b.csv", false, nil, raw("K-1", "received=2026-11-01", "kind=complain", "question=q", "reply=second"))
		markShown(t, db)
		putUnder(t, db, g, "c.csv", regate, nil, raw("K-1", "received=2026-11-01", "kind=complain", "question=q", "reply=seco"))
		if got := len(retracted(t, db)); got == 1 != regate {
			t.Errorf("regate %t: %d taken back", regate, got)
		}
		if report, err := db.Fsck(ctx); err != nil || len(report.Problems) > 0 {
			t.Errorf("regate %t: %v, %v", regate, report, err)
		}
	}
}

// TestTakenBackByDecision: the texts of a case that was published are taken back
// everywhere when a person rejects it or the gate holds another content of it.
func TestTakenBackByDecision(t *testing.T) {
	g := ruledGate(t, func(*gate.Policy) {})
	first := raw("K-1", "received=2026-11-01", "kind=complain", "question=phrase-one", "reply=phrase-two")
	for _, tt := range []struct {
		name   string
		review *gate.Review
		again  source.Raw
		reason record.StubReason
	}{
		{"rejected", &gate.Review{Accept: false}, first, record.NotSuitable},
		{"held again", nil, raw("K-1", "received=2026-11-01", "kind=complain", "question=我的孩子今年九岁,在学校被同学殴打。", "reply=phrase-three"), record.UnderReview},
	} {
		dir := t.TempDir()
		db := open(t, filepath.Join(dir, "store.db"))
		putUnder(t, db, g, "a.csv", false, nil, first)
		if !inAnyFile(t, dir, "phrase-") {
			t.Errorf("%s: the text cannot be seen on the disk even before", tt.name)
		}
		putUnder(t, db, g, "b.csv", false, tt.review, tt.again)
		if diff := cmp.Diff([]string{"2611-000001 stub " + string(tt.reason) + "  "}, shown(t, db)); diff != "" {
			t.Errorf("%s: want - have +\n%s", tt.name, diff)
		}
		if diff := cmp.Diff([]string{"2611-000001"}, retracted(t, db)); diff != "" {
			t.Errorf("%s: taken back, want - have +\n%s", tt.name, diff)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if inAnyFile(t, dir, "phrase-") {
			t.Errorf("%s: a text is still on the disk", tt.name)
		}
	}
}

// TestRegateBeforeAnyRelease: what no release has ever shown is cleared anew under
// looser rules as under stricter ones, without an event. What one has shown, or may
// have, is only masked further.
func TestRegateBeforeAnyRelease(t *testing.T) {
	pass := ruledGate(t, func(p *gate.Policy) { p.Official[gate.Landline] = gate.Rule{Action: gate.Pass} })
	mask := ruledGate(t, func(*gate.Policy) {})
	hold := ruledGate(t, func(p *gate.Policy) { p.Official[gate.Landline] = gate.Rule{Action: gate.HoldField} })
	one := raw("K-1", "received=2026-11-01", "kind=complain", "question=q", "reply=call 0999-7654321")
	asked := raw("K-1", "received=2026-11-01", "kind=complain", "status=pending", "question=q")
	const masked, passed = "2611-000001 full  q call 0999-*****21", "2611-000001 full  q call 0999-7654321"
	for _, tt := range []struct {
		name  string
		do    func(t *testing.T, db *store.DB)
		want  string
		event string // the last of the history
	}{
		{"never in a release", func(t *testing.T, db *store.DB) {
			putUnder(t, db, mask, "1", false, nil, one)
		}, passed, "publish"},
		{"never in a release, delivered twice", func(t *testing.T, db *store.DB) {
			putUnder(t, db, mask, "1", false, nil, raw("K-1", "received=2026-11-01", "kind=complain", "question=q", "reply=wait"))
			putUnder(t, db, mask, "2", false, nil, one)
		}, passed, "correct"},
		{"in a release", func(t *testing.T, db *store.DB) {
			putUnder(t, db, mask, "1", false, nil, one)
			markShown(t, db)
		}, masked, "publish"},
		{"in a release, and delivered otherwise since", func(t *testing.T, db *store.DB) {
			putUnder(t, db, mask, "1", false, nil, raw("K-1", "received=2026-11-01", "kind=complain", "question=q", "reply=wait"))
			markShown(t, db)
			putUnder(t, db, mask, "2", false, nil, one)
		}, masked, "correct"},
		{"its row alone in a release", func(t *testing.T, db *store.DB) {
			putUnder(t, db, mask, "1", false, nil, asked)
			markShown(t, db)
			putUnder(t, db, mask, "2", false, nil, one)
		}, passed, "update"},
		{"in a release, then its row alone", func(t *testing.T, db *store.DB) {
			putUnder(t, db, mask, "1", false, nil, one)
			markShown(t, db)
			putUnder(t, db, hold, "2", true, nil, one)
			markShown(t, db)
			putUnder(t, db, mask, "3", true, nil, one)
		}, masked, "policy"},
		{"before any release stricter, then looser", func(t *testing.T, db *store.DB) {
			putUnder(t, db, pass, "1", false, nil, one)
			putUnder(t, db, mask, "2", true, nil, one)
		}, passed, "publish"},
		{"given again with the number that it had", func(t *testing.T, db *store.DB) {
			cleared, _ := mask.Clear(one, day(t, "2026-11-02"))
			err := db.Batch(ctx, "1", sha256.Sum256([]byte("1")), day(t, "2026-11-02"), nil, func(p put) error {
				_, _, err := p(cleared, "2611-000001")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}, masked, "publish"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t, filepath.Join(t.TempDir(), "store.db"))
			tt.do(t, db)
			unshown, err := db.Unshown(ctx, []record.CaseNumber{"2611-000001", "2611-000009"})
			if err != nil || unshown["2611-000001"] != (tt.want == passed) || unshown["2611-000009"] {
				t.Errorf("unshown: %v, %v", unshown, err)
			}
			was := retracted(t, db)
			putUnder(t, db, pass, "looser", true, nil, one)
			if diff := cmp.Diff([]string{tt.want}, shown(t, db)); diff != "" {
				t.Errorf("want - have +\n%s", diff)
			}
			all := history(t, db, "2611-000001", "2611-000001")
			if last := all[len(all)-2]; !strings.HasSuffix(last, " "+tt.event) {
				t.Errorf("the last event is %q, want %s", last, tt.event)
			}
			if diff := cmp.Diff(was, retracted(t, db)); diff != "" {
				t.Errorf("taken back: %s", diff)
			}
			if report, err := db.Fsck(ctx); err != nil || len(report.Problems) > 0 {
				t.Errorf("%v, %v", report, err)
			}
		})
	}
}

func markShown(t *testing.T, db *store.DB) {
	t.Helper()
	if err := db.Shown(ctx); err != nil {
		t.Fatal(err)
	}
}
