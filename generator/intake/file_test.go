package intake_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/intake"
)

// TestFileDecisions: a published case waits for its files, each decision is a review
// record with the hash of the file, and it stays in force when the case changes.
func TestFileDecisions(t *testing.T) {
	db, _ := mustOpen(t)
	decided := intake.Decided{Decision: "publish", Reasons: []string{"attachment-held"}, Policy: hash(1), Before: hash(10), After: hash(20)}
	wait := func(asOf string, files int) {
		t.Helper()
		var outcomes []intake.Outcome
		for _, item := range pending(t, db) {
			o := item.Outcome(intake.Done)
			o.Number, o.Decided, o.Reasons, o.Files = "2611-000001", decided, decided.Reasons, files
			outcomes = append(outcomes, o)
		}
		if err := db.Finish(ctx, info(asOf), outcomes, nil); err != nil {
			t.Fatal(err)
		}
	}
	receive(t, db, "2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=甲"}})
	wait("2026-11-02", 2)
	q := queue(t, db)
	if len(q) != 1 || q[0].Files != 2 || q[0].Sample || q[0].Silent {
		t.Fatalf("queue %+v", q)
	}
	for _, d := range []intake.Decision{
		{ID: q[0].ID, Accept: true, By: "某审核员", Basis: "已看过照片", Files: []intake.FileDecision{{Content: hash(31), Reasons: []string{"image-unread"}}}},
		{ID: q[0].ID, By: "某审核员", Basis: "看得见门牌", Files: []intake.FileDecision{{Content: hash(32), Reasons: []string{"image-unread"}}}},
		{ID: q[0].ID, By: "某审核员", Basis: "看错了", Files: []intake.FileDecision{{Content: hash(31), Reasons: []string{"image-unread"}}}},
	} {
		if err := db.Decide(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
	want := []intake.FileReview{
		{Content: hash(31), Reasons: []string{"image-unread"}},
		{Content: hash(32), Reasons: []string{"image-unread"}},
	}
	items := pending(t, db)
	if len(items) != 1 || items[0].Review.Content != "" {
		t.Fatalf("%d pending, or a decision about the case", len(items))
	}
	if diff := cmp.Diff(want, items[0].Files); diff != "" {
		t.Errorf("decisions, want - have +\n%s", diff)
	}
	wait("2026-11-02", 0)
	if q := queue(t, db); len(q) != 0 {
		t.Errorf("queue %+v", q)
	}
	receive(t, db, "2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "title=乙"}})
	if diff := cmp.Diff(want, pending(t, db)[0].Files); diff != "" {
		t.Errorf("decisions after a change, want - have +\n%s", diff)
	}
	type row struct{ Decision, By, Basis, Before, After string }
	var rows []row
	for _, r := range records(t, db, clock().AddDate(0, 0, -1)) {
		if r.By != "" {
			rows = append(rows, row{r.Decision, r.By, r.Basis, r.Before, r.After})
		}
	}
	if diff := cmp.Diff([]row{
		{"accept-file", "某审核员", "已看过照片", hash(10), hash(31)},
		{"reject-file", "某审核员", "看得见门牌", hash(10), hash(32)},
		{"reject-file", "某审核员", "看错了", hash(10), hash(31)},
	}, rows); diff != "" {
		t.Errorf("records, want - have +\n%s", diff)
	}
	if err := db.Decide(ctx, intake.Decision{ID: q[0].ID, By: "某审核员", Basis: "无", Files: []intake.FileDecision{{Content: "x"}}}); err == nil {
		t.Error("a decision about an entry that is not there")
	}
}
