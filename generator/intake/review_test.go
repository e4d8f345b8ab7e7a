package intake_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/intake"
)

// hash is the n-th of some made-up hashes, in hexadecimal.
func hash(n int) string { return fmt.Sprintf("%064x", n) }

// judge says that everything pending came to a state, and how the gate decided.
func judge(t *testing.T, db *intake.DB, asOf string, s intake.State, d intake.Decided, masked ...intake.MaskedValue) {
	t.Helper()
	var outcomes []intake.Outcome
	for i, item := range pending(t, db) {
		o := item.Outcome(s)
		if s != intake.Silent {
			o.Number = fmt.Sprintf("2611-%06d", i+1)
		}
		o.Decided, o.Masked, o.Reasons = d, masked, d.Reasons
		outcomes = append(outcomes, o)
	}
	if err := db.Finish(ctx, info(asOf), outcomes, nil); err != nil {
		t.Fatal(err)
	}
}

func records(t *testing.T, db *intake.DB, since time.Time) (all []intake.Record) {
	t.Helper()
	for r, err := range db.Records(ctx, since) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func queue(t *testing.T, db *intake.DB) []intake.HeldItem {
	t.Helper()
	q, err := db.Queue(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// TestStated: who decides and why must be said, in one line of ordinary characters.
func TestStated(t *testing.T) {
	for _, tt := range []struct {
		by, basis string
		ok        bool
	}{
		{"某审核员", "已核对", true},
		{"  某审核员 ", "\t已核对 ", true},
		{strings.Repeat("b", 500), strings.Repeat("r", 500), true},
		{"", "已核对", false},
		{"某审核员", "", false},
		{"某审核员", " \n ", false},
		{"某审核员", "一\n二", false},
		{"某\x1b[2J", "已核对", false},
		{"某\xff", "已核对", false},
		{strings.Repeat("b", 501), "已核对", false},
		{"某审核员", strings.Repeat("r", 501), false},
	} {
		by, basis, err := intake.Stated(tt.by, tt.basis)
		if (err == nil) != tt.ok || err != nil && !isFault(err) {
			t.Errorf("%q, %q: %v", tt.by, tt.basis, err)
		}
		if err == nil && (by != strings.TrimSpace(tt.by) || basis != strings.TrimSpace(tt.basis)) {
			t.Errorf("%q, %q: read as %q, %q", tt.by, tt.basis, by, basis)
		}
	}
}

// TestRecords: each change of decision, reasons, rules or content is one record,
// and nothing else is; a person's decision is one, and counts for what was seen.
func TestRecords(t *testing.T) {
	db, _ := mustOpen(t)
	held := intake.Decided{Decision: "hold", Reasons: []string{"held-mobile", "sensitive-minor"}, Policy: hash(1), Before: hash(10), After: hash(20)}
	receive(t, db, "2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=甲"}})
	judge(t, db, "2026-11-02", intake.Held, held)
	// The same is decided about another delivery that says nothing new for the gate.
	receive(t, db, "2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "title=乙"}})
	judge(t, db, "2026-11-03", intake.Held, held)
	q := queue(t, db)
	if len(q) != 1 || q[0].Since != "2026-11-02" || q[0].Number != "2611-000001" {
		t.Fatalf("queue %+v", q)
	}
	if err := db.Decide(ctx, intake.Decision{ID: q[0].ID, Code: q[0].Code, Accept: true, By: " 某审核员", Basis: "已核对 "}); err != nil {
		t.Fatal(err)
	}
	items := pending(t, db)
	if len(items) != 1 {
		t.Fatalf("%d pending", len(items))
	}
	if diff := cmp.Diff(intake.Review{Content: hash(10), Accept: true, Reasons: held.Reasons}, items[0].Review); diff != "" {
		t.Errorf("the decision, want - have +\n%s", diff)
	}
	published := held
	published.Decision, published.After = "publish", hash(21)
	judge(t, db, "2026-11-03", intake.Done, published)
	if q := queue(t, db); len(q) != 0 {
		t.Errorf("queue %+v", q)
	}
	state, number, err := db.Became(ctx, q[0])
	if err != nil || state != intake.Done || number != "2611-000001" {
		t.Errorf("became %v %q %v", state, number, err)
	}
	// Another rule alone, and another content alone.
	for i, change := range []func(*intake.Decided){
		func(d *intake.Decided) { d.Policy = hash(2) },
		func(d *intake.Decided) { d.Before = hash(11) },
		func(d *intake.Decided) { d.Reasons = nil },
		func(d *intake.Decided) { d.After = "" },
		func(*intake.Decided) {}, // nothing changes
	} {
		change(&published)
		day := fmt.Sprintf("2026-11-%02d", 10+i)
		receive(t, db, day, delivery{"list", "K", []string{"received=2026-11-01", "title=" + day}})
		judge(t, db, day, intake.Done, published)
	}
	at := clock().In(time.FixedZone("UTC+8", 8*60*60))
	id := q[0].ID
	want := []intake.Record{
		{ID: id, Number: "2611-000001", Time: at, AsOf: "2026-11-02", Decision: "hold", Reasons: held.Reasons, Policy: hash(1), Before: hash(10), After: hash(20)},
		{ID: id, Number: "2611-000001", Time: at, By: "某审核员", Decision: "accept", Reasons: held.Reasons, Basis: "已核对", Policy: hash(1), Before: hash(10)},
		{ID: id, Number: "2611-000001", Time: at, AsOf: "2026-11-03", Decision: "publish", Reasons: held.Reasons, Policy: hash(1), Before: hash(10), After: hash(21)},
		{ID: id, Number: "2611-000001", Time: at, AsOf: "2026-11-10", Decision: "publish", Reasons: held.Reasons, Policy: hash(2), Before: hash(10), After: hash(21)},
		{ID: id, Number: "2611-000001", Time: at, AsOf: "2026-11-11", Decision: "publish", Reasons: held.Reasons, Policy: hash(2), Before: hash(11), After: hash(21)},
		{ID: id, Number: "2611-000001", Time: at, AsOf: "2026-11-12", Decision: "publish", Policy: hash(2), Before: hash(11), After: hash(21)},
		{ID: id, Number: "2611-000001", Time: at, AsOf: "2026-11-13", Decision: "publish", Policy: hash(2), Before: hash(11)},
	}
	same := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := cmp.Diff(want, records(t, db, time.Time{}), same); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	if later := records(t, db, clock().Add(time.Second)); len(later) != 0 {
		t.Errorf("records of later: %+v", later)
	}
	if n, err := db.LastRecord(ctx); err != nil || n != int64(len(want)) {
		t.Errorf("last record %d, %v", n, err)
	}
}

// TestRecordsStand: the file itself refuses that a record is changed, or erased
// before its three years are over.
func TestRecordsStand(t *testing.T) {
	path := filepath.Join(t.TempDir(), "intake.db")
	now := clock()
	db, err := intake.Open(path, newKey(t, 1), intake.Options{Random: rand.NewChaCha8([32]byte{3}), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	decided := intake.Decided{Decision: "publish", Policy: hash(1), Before: hash(10), After: hash(20)}
	receive(t, db, "2026-11-02", delivery{"list", "K", []string{"received=2026-11-01"}})
	judge(t, db, "2026-11-02", intake.Done, decided)
	now = clock().AddDate(1, 0, 0)
	decided.Policy = hash(2)
	receive(t, db, "2027-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=甲"}})
	judge(t, db, "2027-11-02", intake.Done, decided)

	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, statement := range []string{
		`UPDATE reviews SET by = 'somebody'`, `UPDATE reviews SET reasons = '' WHERE id = 1`, `DELETE FROM reviews`, `DELETE FROM reviews WHERE id = 1`,
		`INSERT OR REPLACE INTO reviews SELECT * FROM reviews WHERE id = 1`,
	} {
		if _, err := raw.Exec(statement); err == nil || !strings.Contains(err.Error(), "review records are ") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	for _, tt := range []struct {
		day          time.Time
		erased, left int64
	}{
		{clock().AddDate(2, 0, 0), 0, 2},
		{clock().AddDate(3, 0, 0), 0, 2}, // three years to the second
		{clock().AddDate(3, 0, 1), 1, 1},
		{clock().AddDate(3, 0, 1), 0, 1},
		{clock().AddDate(4, 0, 1), 1, 0},
	} {
		n, err := db.PruneRecords(ctx, tt.day)
		if err != nil || n != tt.erased || int64(len(records(t, db, time.Time{}))) != tt.left {
			t.Errorf("on %s: %d erased, %v; want %d and %d left", tt.day, n, err, tt.erased, tt.left)
		}
	}
	// The running number only grows, so that two batches never look alike.
	if n, err := db.LastRecord(ctx); err != nil || n != 2 {
		t.Errorf("last record %d, %v", n, err)
	}
}

// TestMasked keeps what was masked last in a record, by keyed hash.
func TestMasked(t *testing.T) {
	db, _ := mustOpen(t)
	masked := func() (all []intake.Masked) {
		t.Helper()
		for m, err := range db.Masked(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, m)
		}
		return all
	}
	decided := intake.Decided{Decision: "publish", Policy: hash(1), Before: hash(10), After: hash(20)}
	one, two := intake.MaskedValue{Type: "mobile", Value: hash(31)}, intake.MaskedValue{Type: "email", Value: hash(32)}
	receive(t, db, "2026-11-02", delivery{"list", "K", []string{"received=2026-11-01"}}, delivery{"list", "L", []string{"received=2026-11-01"}})
	judge(t, db, "2026-11-02", intake.Done, decided, one, two, one)
	want := []intake.Masked{{"2611-000001", two}, {"2611-000001", one}, {"2611-000002", two}, {"2611-000002", one}}
	if diff := cmp.Diff(want, masked()); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	receive(t, db, "2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "title=甲"}})
	judge(t, db, "2026-11-03", intake.Done, decided, one)
	if diff := cmp.Diff(append([]intake.Masked{{"2611-000001", one}}, want[2:]...), masked()); diff != "" {
		t.Errorf("judged again, want - have +\n%s", diff)
	}
	receive(t, db, "2026-11-04", delivery{"list", "M", []string{"received=2026-11-01"}})
	judge(t, db, "2026-11-04", intake.Silent, decided, two)
	if all := masked(); len(all) != 4 || all[3] != (intake.Masked{MaskedValue: two}) {
		t.Errorf("without a number: %+v", all)
	}
}

// TestMaskedOfPruned: what was masked in a case that was pruned is still looked for
// after a delivery that the gate has judged without the texts of before.
func TestMaskedOfPruned(t *testing.T) {
	db, _ := mustOpen(t)
	decided := intake.Decided{Decision: "publish", Policy: hash(1), Before: hash(10), After: hash(20)}
	one, two := intake.MaskedValue{Type: "person", Value: hash(31)}, intake.MaskedValue{Type: "mobile", Value: hash(32)}
	whole := []string{"received=2026-11-01", "question=q", "reply=r"}
	receive(t, db, "2026-11-02", delivery{"list", "K", whole})
	judge(t, db, "2026-11-02", intake.Done, decided, one)
	if n, err := db.Prune(ctx, clock().AddDate(0, 0, 31), 30); n != 1 || err != nil {
		t.Fatalf("pruned %d, %v", n, err)
	}
	receive(t, db, "2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "question=q", "reply=new"}})
	judge(t, db, "2026-11-03", intake.Done, decided, two)
	var all []intake.Masked
	for m, err := range db.Masked(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	want := []intake.Masked{{"2611-000001", two}, {"2611-000001", one}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
}

// TestRules: the first rules are adopted, others are decided, recorded, and due
// until every record has been through the gate under them.
func TestRules(t *testing.T) {
	db, _ := mustOpen(t)
	rules := func() string {
		t.Helper()
		r, err := db.Rules(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := rules(); r != "" {
		t.Errorf("rules of a new intake: %q", r)
	}
	for _, h := range []string{hash(1), hash(2)} { // the second is not adopted
		if err := db.Adopt(ctx, h); err != nil || rules() != hash(1) {
			t.Errorf("adopted %q, %v", rules(), err)
		}
	}
	receive(t, db, "2026-11-02", delivery{"list", "DONE", []string{"received=2026-11-01"}})
	finish(t, db, "2026-11-02", intake.Done)
	receive(t, db, "2026-11-03", delivery{"list", "GONE", []string{"received=2026-11-01"}})
	finish(t, db, "2026-11-03", intake.Gone)
	receive(t, db, "2026-11-04", delivery{"answers", "WAITS", []string{"reply=答"}})
	finish(t, db, "2026-11-04", intake.Waiting)
	receive(t, db, "2026-11-05", delivery{"list", "EXCLUDED", []string{"received=2026-11-01"}})
	finish(t, db, "2026-11-05", intake.Excluded)

	for _, bad := range [][3]string{{hash(2), "", "规则修订"}, {hash(2), "某负责人", ""}, {"no hash", "某负责人", "规则修订"}, {"", "某负责人", "规则修订"}} {
		if err := db.ChangeRules(ctx, bad[0], bad[1], bad[2]); err == nil || rules() != hash(1) {
			t.Errorf("%q: %v, rules %q", bad, err, rules())
		}
	}
	if err := db.ChangeRules(ctx, hash(2), "某负责人", "规则修订"); err != nil {
		t.Fatal(err)
	}
	if due, err := db.RegateDue(ctx); err != nil || !due || rules() != hash(2) {
		t.Errorf("due %t, %v, rules %q", due, err, rules())
	}
	refs, err := db.Pending(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, r := range refs {
		keys = append(keys, r.Key)
	}
	if diff := cmp.Diff([]string{"DONE", "EXCLUDED"}, keys); diff != "" {
		t.Errorf("pending, want - have +\n%s", diff)
	}
	all := records(t, db, time.Time{})
	if len(all) != 1 || all[0].ID != "" || all[0].By != "某负责人" || all[0].Decision != intake.NewRules || all[0].Basis != "规则修订" ||
		all[0].Policy != hash(2) || all[0].Before != hash(1) || all[0].After != "" {
		t.Errorf("records %+v", all)
	}
	if err := db.Regated(ctx); err != nil {
		t.Fatal(err)
	}
	if due, err := db.RegateDue(ctx); err != nil || due {
		t.Errorf("due %t, %v", due, err)
	}
	if cases, err := db.Cases(ctx); err != nil || len(cases) != 2 {
		t.Errorf("cases %+v, %v", cases, err)
	}
}

// TestErased: what was pruned is pending under other rules like all else, and says how
// much of it is left. A person's decision about it outlives the review records; one
// about something else than what was looked at last does not count. What is published
// no more counts as new when it comes once more.
func TestErased(t *testing.T) {
	db, _ := mustOpen(t)
	k := []string{"received=2026-11-01", "question=q", "reply=r"}
	receive(t, db, "2026-11-02", delivery{"list", "RESTS", k}, delivery{"list", "STUB", k})
	held := intake.Decided{Decision: "hold", Reasons: []string{"sensitive-minor"}, Policy: hash(1), Before: hash(10)}
	judge(t, db, "2026-11-02", intake.Held, held)
	list, err := db.Queue(ctx)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, e := range list {
		if err := db.Decide(ctx, intake.Decision{ID: e.ID, Code: e.Code, Accept: true, By: "某负责人", Basis: "已核"}); err != nil {
			t.Fatal(err)
		}
	}
	judge(t, db, "2026-11-02", intake.Done, intake.Decided{Decision: "publish", Reasons: held.Reasons, Policy: hash(1), Before: hash(10), After: hash(20)})
	if n, err := db.Prune(ctx, clock().AddDate(0, 0, 31), 30); n != 2 || err != nil {
		t.Fatalf("pruned %d, %v", n, err)
	}
	if n, err := db.PruneRecords(ctx, clock().AddDate(4, 0, 0)); n == 0 || err != nil {
		t.Fatalf("%d records erased, %v", n, err)
	}
	receive(t, db, "2026-11-03", delivery{"list", "NEW", k})
	finish(t, db, "2026-11-03", intake.Done)
	cases, err := db.Cases(ctx)
	if err != nil || len(cases) != 1 || cases[0].Key != "NEW" {
		t.Errorf("cases %+v, %v", cases, err)
	}
	erased, err := db.Erased(ctx)
	if err != nil || len(erased) != 2 || erased[0].Key != "RESTS" || erased[1].Key != "STUB" {
		t.Errorf("erased %+v, %v", erased, err)
	}
	if err := db.ChangeRules(ctx, hash(2), "某负责人", "规则修订"); err != nil {
		t.Fatal(err)
	}
	items := pending(t, db)
	if len(items) != 3 {
		t.Fatalf("%d pending", len(items))
	}
	var outcomes []intake.Outcome
	for _, item := range items {
		some, all := item.Erased()
		if old := item.Key != "NEW"; some != old || all != old || item.Decided() != old || old && item.Raw.Fields["question"] != "" {
			t.Errorf("%s: erased %t %t, decided %t", item.Key, some, all, item.Decided())
		}
		o := item.Outcome(intake.Done)
		o.Recleared, o.Withheld = some, item.Key == "STUB"
		o.Decided = intake.Decided{Decision: "publish", Policy: hash(2), Before: hash(11), After: hash(21)}
		outcomes = append(outcomes, o)
	}
	if err := db.Finish(ctx, info("2026-11-03"), outcomes, nil); err != nil {
		t.Fatal(err)
	}
	came := map[string]int{} // what came in, as the review records have it
	for r, err := range db.Records(ctx, clock().AddDate(-1, 0, 0)) {
		if err != nil {
			t.Fatal(err)
		}
		if r.AsOf != "" {
			came[r.Before]++
		}
	}
	if came[hash(10)] != 2 || came[hash(11)] != 1 {
		t.Errorf("review records of %v", came)
	}
	if got := receive(t, db, "2026-11-04", delivery{"list", "RESTS", k}, delivery{"list", "STUB", k}); !slices.Equal(got, []intake.Receipt{intake.Unchanged, intake.Changed}) {
		t.Errorf("received once more: %v", got)
	}
	items = pending(t, db)
	if len(items) != 1 || items[0].Key != "STUB" || items[0].Raw.Fields["question"] != "q" || items[0].Raw.Fields["reply"] != "r" {
		t.Errorf("pending %+v", items)
	}
	// A delivery that the gate has looked at since is not what was decided about.
	receive(t, db, "2026-11-05", delivery{"list", "RESTS", append(k, "rating=4")})
	judge(t, db, "2026-11-05", intake.Done, intake.Decided{Decision: "publish", Policy: hash(2), Before: hash(12), After: hash(22)})
	if err := db.ChangeRules(ctx, hash(3), "某负责人", "规则修订"); err != nil {
		t.Fatal(err)
	}
	for _, item := range pending(t, db) {
		if some, all := item.Erased(); item.Key == "RESTS" && (item.Decided() || !some || all) {
			t.Errorf("decided %t, erased %t %t", item.Decided(), some, all)
		}
	}
}
