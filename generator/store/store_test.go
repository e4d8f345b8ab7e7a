package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

var ctx = context.Background()

func clock() time.Time { return time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC) }

func open(t *testing.T, path string) *store.DB {
	t.Helper()
	db, err := store.Open(path, store.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func day(t *testing.T, s string) record.Day {
	t.Helper()
	d, err := record.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func newGate(t *testing.T) *gate.Gate {
	t.Helper()
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

type put = func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)

// batch stores raws as the batch of a day and returns what happened to each.
func batch(t *testing.T, db *store.DB, asOf string, raws ...source.Raw) (kinds []record.EventKind) {
	t.Helper()
	g := newGate(t)
	err := db.Batch(ctx, asOf, sha256.Sum256([]byte(asOf)), day(t, asOf), nil, func(p put) error {
		for _, raw := range raws {
			cleared, verdict := g.Clear(raw, day(t, asOf))
			if !cleared.Valid() {
				t.Fatalf("not cleared: %v", verdict)
			}
			_, kind, err := p(cleared, "")
			if err != nil {
				return err
			}
			kinds = append(kinds, kind)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

func raw(key string, fields ...string) source.Raw {
	r := source.Raw{Kind: source.Case, Key: key, Fields: map[string]string{}}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		r.Fields[name] = value
	}
	return r
}

func TestRefusesWhatTheGateHasNotCleared(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	err := db.Batch(ctx, "a", [32]byte{1}, day(t, "2026-11-02"), nil, func(p put) error {
		_, _, err := p(gate.Cleared{}, "")
		if err == nil {
			t.Error("a zero Cleared was taken")
		}
		return nil // the batch fails although its error was ignored
	})
	if err == nil {
		t.Error("the batch was committed")
	}
	if seen, err := db.Seen(ctx, [32]byte{1}); err != nil || seen {
		t.Errorf("seen %t, %v", seen, err)
	}
}

func TestBatchOfAPanicIsUndone(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	func() {
		defer func() { recover() }()
		db.Batch(ctx, "a", [32]byte{1}, day(t, "2026-11-02"), nil, func(put) error { panic("made up") })
	}()
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01"))
	if seen, err := db.Seen(ctx, [32]byte{1}); err != nil || seen {
		t.Errorf("seen %t, %v", seen, err)
	}
}

// The lines that a unit had and has no longer stay known until they are forgotten.
func TestFormerLines(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	none := map[record.UnitID][]string{}
	for i, tt := range []struct {
		phones []string
		want   map[record.UnitID][]string
	}{
		{[]string{"0999-7654321", "0999-7654322"}, none},
		{[]string{"0999-7654322"}, map[record.UnitID][]string{"u-1": {"0999-7654321"}}},
		{[]string{"(0999) 7654322", "0999-7654323"}, map[record.UnitID][]string{"u-1": {"0999-7654321"}}}, // the same line, written otherwise
		{[]string{"0999-7654321"}, map[record.UnitID][]string{"u-1": {"(0999) 7654322", "0999-7654323"}}},
		{nil, map[record.UnitID][]string{"u-1": {"(0999) 7654322", "0999-7654321", "0999-7654323"}}},
	} {
		r := raw("u-1", "name=城市管理局", "phones="+strings.Join(tt.phones, source.ListSeparator))
		r.Kind = source.Unit
		batch(t, db, fmt.Sprintf("2026-11-%02d", i+1), r)
		got, err := db.FormerLines(ctx)
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("step %d: %v\n%s", i, err, diff)
		}
	}
	for _, unit := range []record.UnitID{"u-2", "u-1"} {
		if err := db.ForgetLines(ctx, []record.UnitID{unit}); err != nil {
			t.Fatal(err)
		}
		if got, err := db.FormerLines(ctx); len(got) == 0 != (unit == "u-1") || err != nil {
			t.Errorf("forgotten of %s: %v, %v", unit, got, err)
		}
	}
}

// TestRegisters: an entry of a register beats one derived from a column, and an
// older as-of day overwrites nothing.
func TestRegisters(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	unit := func(id, name string, more ...string) source.Raw {
		r := raw(id, append(more, "name="+name)...)
		r.Kind = source.Unit
		return r
	}
	for _, tt := range []struct {
		asOf string
		unit source.Raw
		kind record.EventKind
		want string
	}{
		{"2026-11-05", unit("u-1", "城管", "derived=yes"), record.EventPublish, "城管"},
		{"2026-11-06", unit("u-1", "城管执法", "derived=yes"), record.EventUpdate, "城管执法"},
		{"2026-11-04", unit("u-1", "城管旧", "derived=yes"), "", "城管执法"},
		{"2026-11-03", unit("u-1", "城市管理局"), record.EventUpdate, "城市管理局"},
		{"2026-11-07", unit("u-1", "城管执法", "derived=yes"), "", "城市管理局"},
		{"2026-11-02", unit("u-1", "城市管理旧局"), "", "城市管理局"},
		{"2026-11-08", unit("u-1", "城市管理委"), record.EventUpdate, "城市管理委"},
		{"2026-11-09", unit("u-1", "城市管理委"), "", "城市管理委"},
	} {
		before, _ := db.State(ctx)
		cutoff, _ := db.Cutoff(ctx)
		if kinds := batch(t, db, tt.asOf, tt.unit); kinds[0] != tt.kind {
			t.Errorf("%s: %q, want %q", tt.asOf, kinds[0], tt.kind)
		}
		r, err := db.Register(ctx)
		if err != nil || len(r.Units) != 1 || r.Units[0].Name != tt.want {
			t.Errorf("%s: %v, %v", tt.asOf, r.Units, err)
		}
		after, _ := db.State(ctx)
		if changed := tt.kind != "" || day(t, tt.asOf) > cutoff; changed != (after != before) {
			t.Errorf("%s: the state went from %s to %s", tt.asOf, before, after)
		}
	}
	batch(t, db, "2026-11-10", unit("u-2", "城市管理委"))
	if r, _ := db.Register(ctx); len(r.Units) != 2 {
		t.Errorf("two identifiers with one name are one unit: %v", r.Units)
	}
}

// TestWithdrawalErasesTheText looks for a phrase of the case in every byte of
// every file, after a correction, a withdrawal and a close.
func TestWithdrawalErasesTheText(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "store.db"))
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01", "title=phrase-one", "question=phrase-two", "reply=phrase-three", "outcome_reason=phrase-four"))
	batch(t, db, "2026-11-03", raw("K-1", "received=2026-11-01", "title=phrase-five", "question=phrase-six", "reply=phrase-seven"))
	if !inAnyFile(t, dir, "phrase-") {
		t.Fatal("the text is not where the test looks")
	}
	batch(t, db, "2026-11-04", source.Raw{Kind: source.Case, Key: "K-1", Gone: true})
	cases, err := db.CasesByNumber(ctx, []record.CaseNumber{"2611-000001"})
	if err != nil {
		t.Fatal(err)
	}
	if c := cases[0]; c.Prominence != record.Withdrawn || c.StubReason != record.Removed || c.Title+c.Question+c.Reply.Text != "" || !c.Received.Known() {
		t.Errorf("%+v", c)
	}
	report, err := db.Fsck(ctx)
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("%v, %v", report, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if inAnyFile(t, dir, "phrase-") {
		t.Error("a phrase of the withdrawn case is still on the disk")
	}
}

// TestConsentTakenBack publishes a case, takes its consent back, gives it again and
// takes it back: each time is another, and a stub for other reasons is none.
func TestConsentTakenBack(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "store.db"))
	full := func(key, consent string) source.Raw {
		return raw(key, "received=2026-11-01", "title=phrase-one", "question=phrase-two", "reply=phrase-three", "consent="+consent)
	}
	var times []int
	for i, consent := range []string{"yes", "no", "yes", "no"} {
		batch(t, db, fmt.Sprintf("2026-11-0%d", i+2), full("K-1", consent), full("K-2", "yes"))
		back, err := db.Retractions(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(back) > 1 || len(back) == 1 && back[0].Number != "2611-000001" {
			t.Fatalf("after batch %d: %v", i, back)
		}
		for _, r := range back {
			times = append(times, r.Time)
		}
	}
	merged := full("K-2", "yes")
	merged.Fields["merged_into"] = "K-1"
	batch(t, db, "2026-11-09", merged)
	if back, err := db.Retractions(ctx); err != nil || len(back) != 1 {
		t.Errorf("a merged case counts as taken back: %v, %v", back, err)
	}
	if len(times) != 3 || times[0] != times[1] || times[1] == times[2] {
		t.Errorf("times %v, want two alike and another", times)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if inAnyFile(t, dir, "phrase-") {
		t.Error("a phrase that was taken back is still on the disk")
	}
}

// TestMergedInto delivers merges in every order: into a case that is there, one that comes
// later, one that never comes, one that was merged itself, oneself, and around.
func TestMergedInto(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	into := func(key, other string) source.Raw {
		return raw(key, "received=2026-11-01", "status=merged", "merged_into="+other)
	}
	want := func(step string, want ...string) {
		t.Helper()
		var got []string
		for f, err := range db.Facts(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(f.Number)[5:]+">"+strings.TrimPrefix(string(f.MergedInto), "2611-"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", step, got, want)
		}
	}
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01"), into("K-2", "K-1"), into("K-3", "K-5"), into("K-4", "K-4"))
	want("first", "000001>", "000002>000001", "000003>", "000004>") // K-5 is not there; K-4 names itself
	batch(t, db, "2026-11-03", into("K-5", "K-2"))
	want("a chain", "000001>", "000002>000001", "000003>000005", "000004>", "000005>000002")
	events := map[record.EventKind]int{}
	for e, err := range db.Events(ctx, "2611-000003", "2611-000003") {
		if err != nil {
			t.Fatal(err)
		}
		events[e.Kind]++
	}
	if events[record.EventPublish] != 1 || events[record.EventMerge] != 1 || len(events) != 2 {
		t.Errorf("the case that waited has the history %v", events)
	}
	circle := []string{"000001>", "000002>", "000003>", "000004>", "000005>"} // 1 to 3 to 5 to 2 to 1: none counts for them
	batch(t, db, "2026-11-04", into("K-1", "K-3"))
	want("a circle", circle...)
	batch(t, db, "2026-11-05", into("K-5", "K-2"), into("K-3", "K-5"), into("K-2", "K-1"), into("K-1", "K-3"))
	want("delivered again", circle...)
	batch(t, db, "2026-11-06", raw("K-2", "received=2026-11-01", "status=handling", "merged_into="))
	want("no more", "000001>000003", "000002>", "000003>000005", "000004>", "000005>000002")
}

func inAnyFile(t *testing.T, dir, phrase string) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(phrase)) {
			return true
		}
	}
	return false
}

// TestJournalComesFirst restores the store of before a withdrawal beside the
// journal of after it, as a restore or a crash between the two does.
func TestJournalComesFirst(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	db := open(t, path)
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply=r"), raw("K-2", "received=2026-11-01"))
	db.Close()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	batch(t, db, "2026-11-04", source.Raw{Kind: source.Case, Key: "K-1", Gone: true, Fields: map[string]string{"gone_reason": "court"}})
	want, _ := db.Tombstones(ctx)
	db.Close()

	if err := os.WriteFile(path, before, 0o600); err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	got, err := db.Tombstones(ctx)
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 1 || got[0].Reason != "by-law" {
		t.Errorf("%v %s", err, diff)
	}
	if kinds := batch(t, db, "2026-11-05", raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply=r")); kinds[0] != "" {
		t.Errorf("revived: %q", kinds[0])
	}
	if report, err := db.Fsck(ctx); err != nil || len(report.Problems) > 0 {
		t.Errorf("%v, %v", report, err)
	}
	db.Close()

	journal := filepath.Join(dir, "withdrawn.journal")
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func() error{
		"missing": func() error { return os.Remove(journal) },
		"cut":     func() error { return os.WriteFile(journal, text[:len(text)-3], 0o600) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(path, store.Options{Now: clock}); !isFault(err) {
			t.Errorf("%s: opened with %v", name, err)
		}
	}
	// A torn end is of a write that nobody was told of, and is cut off.
	if err := os.WriteFile(journal, append(text, `{"number":"2611-0`...), 0o600); err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	batch(t, db, "2026-11-06", source.Raw{Kind: source.Case, Key: "K-2", Gone: true})
	if report, err := db.Fsck(ctx); err != nil || len(report.Problems) > 0 || report.Tombstones != 2 {
		t.Errorf("%v, %v", report, err)
	}
}

func isFault(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Msg != "" && f.Hint != ""
}

// TestRefusesAnIntake: the two files of an installation are not taken for each
// other.
func TestRefusesAnIntake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "intake.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`PRAGMA application_id = 0x4859696e; PRAGMA user_version = 1`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := store.Open(path, store.Options{Now: clock}); !isFault(err) || !strings.Contains(err.Error(), "is not a store") {
		t.Errorf("%v", err)
	}
}

// TestFsck breaks one thing at a time behind the store's back.
func TestFsck(t *testing.T) {
	for _, tt := range []struct{ code, script string }{
		{"counter", `UPDATE counters SET last = 1`},
		{"event", `DELETE FROM events WHERE id % 1000000000 = 1`},
		{"event", `DELETE FROM events WHERE id % 1000000000 = 3 AND n = 1`},
		{"event", `UPDATE cases SET changed = changed + 1 WHERE changes > 0`},
		{"hash", `UPDATE cases SET fact = (SELECT fact FROM cases WHERE id % 1000000000 = 2) WHERE id % 1000000000 = 1`},
		{"text", `DELETE FROM texts`},
		{"unreadable", `UPDATE cases SET fact = x'00' WHERE id % 1000000000 = 1`},
		{"unreadable", `UPDATE texts SET body = x'07'`},
		{"tombstone", `INSERT INTO tombstones SELECT id, '', 'privacy', 1 FROM cases WHERE id % 1000000000 = 1`},
		{"journal", `DELETE FROM tombstones`},
	} {
		path := filepath.Join(t.TempDir(), "store.db")
		db := open(t, path)
		batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01", "title=t", "question=q", "reply=r"),
			raw("K-2", "received=2026-11-01", "title=u", "question=v", "reply=w"), raw("K-3", "received=2026-11-01"))
		batch(t, db, "2026-11-03", source.Raw{Kind: source.Case, Key: "K-3", Gone: true})
		if report, err := db.Fsck(ctx); err != nil || len(report.Problems) > 0 {
			t.Fatalf("%v, %v", report, err)
		}
		direct, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := direct.Exec(tt.script); err != nil {
			t.Fatal(err)
		}
		direct.Close()
		report, err := db.Fsck(ctx)
		found := false
		for _, p := range report.Problems {
			found = found || p.Code == tt.code
		}
		if err != nil || !found {
			t.Errorf("%s: %v, %v", tt.script, report, err)
		}
		db.Close()
	}
}

// part is a figure as a part of its own, by a print of its own.
func part(f record.Figure) []store.FigurePart {
	return []store.FigurePart{{Period: f.Period, Print: sha256.Sum256([]byte(fmt.Sprint(f.Rate))), List: func() []record.Figure { return []record.Figure{f} }}}
}

// TestFiguresAreKept says whose figures are kept: those of the last thirty releases, and
// of the last one of each month before.
func TestFiguresAreKept(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	first := day(t, "2026-01-01")
	for release := 1; release <= 80; release++ {
		cutoff := first + record.Day(release-1)
		f := record.Figure{Measure: "received", Version: 1, Scope: record.Scope{Dim: record.ByAll}, Period: "2025", Cutoff: cutoff, Rate: record.Rate{Num: int64(release)}}
		if err := db.SaveFigures(ctx, release, cutoff, part(f)); err != nil {
			t.Fatal(err)
		}
	}
	var kept []int
	for release := 1; release <= 80; release++ {
		figures, err := db.Figures(ctx, release)
		if err != nil {
			t.Fatal(err)
		}
		if len(figures) > 0 {
			kept = append(kept, release)
			if figures[0].Num != int64(release) {
				t.Errorf("release %d has the figures of %d", release, figures[0].Num)
			}
		}
	}
	// 31 January is the cut-off of release 31; 28 February is that of 59.
	if len(kept) != 31 || kept[0] != 31 || kept[1] != 51 || kept[30] != 80 {
		t.Errorf("kept: %v", kept)
	}
}

func TestFiguresPublishesCursors(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	before, err := db.State(ctx)
	if err != nil {
		t.Fatal(err)
	}
	figure := record.Figure{Measure: "replied", Version: 1, Scope: record.Scope{Dim: record.ByUnit, ID: "u"}, Period: "2026-10",
		Cutoff: day(t, "2026-11-02"), Rate: record.Rate{Num: 3631, Den: 3760}, Unknown: 2}
	published := store.Publish{Release: 3, Cutoff: day(t, "2026-11-02"), At: clock(), Cases: 1, Stubs: 2, Withdrawn: 3, Pages: 4, Quarantined: 5}
	for range 2 { // a second time completes what a crash left undone
		if err := errors.Join(db.SaveFigures(ctx, 3, day(t, "2026-11-02"), part(figure)), db.SavePublish(ctx, published), db.SetCursor(ctx, "exchange", []byte("next"))); err != nil {
			t.Fatal(err)
		}
	}
	figures, err := db.Figures(ctx, 3)
	if diff := cmp.Diff([]record.Figure{figure}, figures); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	publishes, err := db.Publishes(ctx)
	if diff := cmp.Diff([]store.Publish{published}, publishes); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if cursor, err := db.Cursor(ctx, "exchange"); string(cursor) != "next" || err != nil {
		t.Errorf("%q, %v", cursor, err)
	}
	if cursor, err := db.Cursor(ctx, "other"); cursor != nil || err != nil {
		t.Errorf("%q, %v", cursor, err)
	}
	if after, err := db.State(ctx); after != before || err != nil {
		t.Errorf("figures and publishes moved the state, %v", err)
	}
}

// TestReads compares the three ways of reading a case.
func TestReads(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-10-31", "title=一", "question=q", "reply=r"), raw("K-2", "received=2026-11-01"),
		raw("K-3", "received=2026-11-01", "title=三", "question=q", "reply=r"))
	var facts []record.CaseNumber
	for f, err := range db.Facts(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if f.Question+f.Reply.Text != "" || f.Hash == [16]byte{} {
			t.Errorf("%s has a text or no hash", f.Number)
		}
		facts = append(facts, f.Number)
	}
	if diff := cmp.Diff([]record.CaseNumber{"2610-000001", "2611-000001", "2611-000002"}, facts); diff != "" {
		t.Error(diff)
	}
	var november []record.Case
	for c, err := range db.Cases(ctx, "2611-000001", "2611-000300") {
		if err != nil {
			t.Fatal(err)
		}
		november = append(november, c)
	}
	asked, err := db.CasesByNumber(ctx, []record.CaseNumber{"2611-000002", "2611-000001"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(november, []record.Case{asked[1], asked[0]}); diff != "" || asked[0].Question != "q" {
		t.Errorf("%s %q", diff, asked[0].Question)
	}
	if _, err := db.CasesByNumber(ctx, []record.CaseNumber{"2611-000009"}); !isFault(err) {
		t.Errorf("a number that was never given: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range db.Facts(cancelled) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
}

// TestFullDisk limits the pages of the file, which SQLite reports as it does a
// full disk.
func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db := open(t, path)
	batch(t, db, "2026-11-02", raw("K-1", "received=2026-11-01"))
	if err := db.LimitPages(60); err != nil {
		t.Fatal(err)
	}
	g := newGate(t)
	err := db.Batch(ctx, "big", [32]byte{9}, day(t, "2026-11-03"), nil, func(p put) error {
		for i := range 2000 {
			c, _ := g.Clear(raw("B-"+strings.Repeat("x", i), "received=2026-11-01"), day(t, "2026-11-03"))
			if _, _, err := p(c, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if _, _, code := fault.Public(err); code != 7 {
		t.Errorf("%v", err)
	}
	if report, err := db.Fsck(ctx); err != nil || len(report.Problems) > 0 || report.Cases != 1 {
		t.Errorf("%v, %v", report, err)
	}
}
