package intake_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/intake"
)

// full is a delivered case of one stream.
func full(stream string, fields ...string) delivery {
	return delivery{stream, "K-1", append([]string{"received=2026-11-01"}, fields...)}
}

func caseRef(t *testing.T, db *intake.DB) intake.Ref {
	t.Helper()
	r, err := db.Case(ctx, mac("K-1"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// settled notes what is pending as published.
func settled(t *testing.T, db *intake.DB, asOf string) {
	t.Helper()
	var outcomes []intake.Outcome
	for _, item := range pending(t, db) {
		outcomes = append(outcomes, item.Outcome(intake.Done))
	}
	if err := db.Finish(ctx, info(asOf), outcomes, nil); err != nil {
		t.Fatal(err)
	}
}

// states keeps a statement, as "field=value" or, to take one back, "-field".
func states(t *testing.T, db *intake.DB, words ...string) (news bool) {
	t.Helper()
	s := intake.Statement{Act: "correct", At: clock(), By: "王", Origin: "command line", Reason: "error", Set: map[string]string{}}
	for _, w := range words {
		if field, ok := strings.CutPrefix(w, "-"); ok {
			s.Act, s.Drop = "undo correct", append(s.Drop, field)
			continue
		}
		field, value, _ := strings.Cut(w, "=")
		s.Set[field] = value
	}
	r := caseRef(t, db)
	_, s, news, err := db.Propose(ctx, r, s)
	if err != nil {
		t.Fatal(err)
	}
	if news {
		if err := db.State(ctx, r, s); err != nil {
			t.Fatal(err)
		}
	}
	return news
}

// joined is the case as it is joined now, as "field=value", sorted, without its day of
// receipt.
func joined(t *testing.T, db *intake.DB) (fields []string, asOf string) {
	t.Helper()
	items, err := db.Load(ctx, []intake.Ref{caseRef(t, db)})
	if err != nil {
		t.Fatal(err)
	}
	items[0].Again()
	for _, f := range slices.Sorted(maps.Keys(items[0].Raw.Fields)) {
		if f != "received" {
			fields = append(fields, f+"="+items[0].Raw.Fields[f])
		}
	}
	for _, f := range items[0].Raw.Void {
		fields = append(fields, "-"+f)
	}
	return fields, items[0].AsOf
}

// What the office states stands before every delivery, of whatever day and stream, also
// when the originals are erased, until it is taken back. It is of no day itself.
func TestOffice(t *testing.T) {
	now := clock().AddDate(0, 0, 40)
	for _, tt := range []struct {
		name  string
		steps []string // "DAY STREAM: fields" delivers, "state: ..." states, "prune" erases
		want  []string
		asOf  string
	}{
		{"nothing", []string{"2026-11-02 list: reply=a due=2026-11-20"}, []string{"due=2026-11-20", "reply=a"}, "2026-11-02"},
		{"stated", []string{"2026-11-02 list: reply=a", "state: reply=b unit=u"}, []string{"reply=b", "unit=u"}, "2026-11-02"},
		{"delivered again", []string{"2026-11-02 list: reply=a", "state: reply=b", "2026-11-03 list: reply=a"}, []string{"reply=b"}, "2026-11-03"},
		{"another is delivered", []string{"2026-11-02 list: reply=a", "state: reply=b", "2026-11-03 list: reply=c due=2026-11-20"}, []string{"due=2026-11-20", "reply=b"}, "2026-11-03"},
		{"by another stream", []string{"2026-11-02 list: reply=a", "state: reply=b", "2026-11-03 answers: reply=c"}, []string{"reply=b"}, "2026-11-03"},
		{"stated twice", []string{"2026-11-02 list: reply=a", "state: reply=b", "state: reply=c"}, []string{"reply=c"}, "2026-11-02"},
		{"erased", []string{"2026-11-02 list: reply=a status=closed", "state: reply=b", "prune"}, []string{"reply=b", "status=closed"}, ""},
		{"erased and delivered again", []string{"2026-11-02 list: reply=a", "state: reply=b", "prune", "2026-11-03 list: reply=a"}, []string{"reply=b"}, ""},
		{"erased and delivered anew", []string{"2026-11-02 list: reply=a", "state: reply=b", "prune", "2026-11-03 list: reply=a status=closed"}, []string{"reply=b", "status=closed"}, "2026-11-03"},
		{"stated when it is erased", []string{"2026-11-02 list: reply=a status=closed", "prune", "state: reply=b status=replied"}, []string{"reply=b", "status=replied"}, ""},
		{"erased with a status that was stated, and taken back", []string{"2026-11-02 list: reply=a status=closed", "state: status=replied", "prune", "state: -status"}, []string{"status=closed"}, ""},
		{"taken back", []string{"2026-11-02 list: reply=a", "state: reply=b", "2026-11-03 list: reply=c", "state: -reply"}, []string{"reply=c"}, "2026-11-03"},
		{"taken back in part", []string{"2026-11-02 list: reply=a title=t", "state: reply=b title=s", "state: -reply"}, []string{"reply=a", "title=s"}, "2026-11-02"},
		{"taken back and stated again", []string{"2026-11-02 list: reply=a", "state: reply=b", "state: -reply", "state: reply=c"}, []string{"reply=c"}, "2026-11-02"},
		{"what nobody delivers is taken back", []string{"2026-11-02 list: reply=a", "state: due=2026-11-20", "state: -due"}, []string{"reply=a", "-closed", "-due", "-replied", "-status"}, "2026-11-02"},
		{"a title that nobody delivers is taken back", []string{"2026-11-02 list: reply=a", "state: title=t", "state: -title"}, []string{"reply=a", "-title"}, "2026-11-02"},
		{"erased, and what nobody delivers is taken back", []string{"2026-11-02 list: reply=a status=closed", "state: due=2026-11-20", "prune", "state: -due"}, []string{"status=closed", "-closed", "-due", "-replied"}, ""},
		{"and is delivered then", []string{"2026-11-02 list: reply=a", "state: due=2026-11-20", "state: -due", "2026-11-03 list: reply=a due=2026-11-21"}, []string{"due=2026-11-21", "reply=a"}, "2026-11-03"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db, _ := mustOpen(t)
			for _, step := range tt.steps {
				what, fields, _ := strings.Cut(step, ": ")
				switch words := strings.Fields(fields); what {
				case "prune":
					if n, err := db.Prune(ctx, now, 30); n != 1 || err != nil {
						t.Fatalf("erased %d, %v", n, err)
					}
				case "state":
					if !states(t, db, words...) {
						t.Errorf("%s is no news", step)
					}
					settled(t, db, "2026-11-02")
				default:
					day, stream, _ := strings.Cut(what, " ")
					receive(t, db, day, full(stream, words...))
					settled(t, db, day)
				}
			}
			got, asOf := joined(t, db)
			if diff := cmp.Diff(tt.want, got); diff != "" || asOf != tt.asOf {
				t.Errorf("as of %q, want %q; want - got +\n%s", asOf, tt.asOf, diff)
			}
			if n, err := db.Prune(ctx, now, 30); err != nil || n > 1 {
				t.Errorf("erased %d, %v", n, err)
			}
			if n, err := db.Prune(ctx, now, 30); err != nil || n != 0 {
				t.Errorf("erased again: %d, %v", n, err)
			}
		})
	}
}

// A statement that is in force already is no news; another reason is.
func TestOfficeNoNews(t *testing.T) {
	db, _ := mustOpen(t)
	receive(t, db, "2026-11-02", full("list", "reply=a"))
	settled(t, db, "2026-11-02")
	for _, tt := range []struct {
		words []string
		news  bool
	}{
		{[]string{"-reply"}, false}, {[]string{"reply=b"}, true}, {[]string{"reply=b"}, false}, {[]string{"reply=b", "title=t"}, true},
		{[]string{"-title"}, true}, {[]string{"-title"}, false}, {[]string{"-reply"}, true}, {[]string{"-reply"}, false},
	} {
		if got := states(t, db, tt.words...); got != tt.news {
			t.Errorf("%v: news %t", tt.words, got)
		}
	}
	r := caseRef(t, db)
	s := intake.Statement{Act: "correct", At: clock(), By: "王", Reason: "error", Set: map[string]string{"reply": "b"}}
	if err := db.State(ctx, r, s); err != nil {
		t.Fatal(err)
	}
	s.Reason = "privacy"
	if _, _, news, err := db.Propose(ctx, r, s); err != nil || !news {
		t.Errorf("another reason: %t, %v", news, err)
	}
}

// A text whose delivered form is erased cannot be taken back, since nothing would stand in
// its place.
func TestOfficeErased(t *testing.T) {
	db, _ := mustOpen(t)
	receive(t, db, "2026-11-02", full("list", "reply=a"))
	settled(t, db, "2026-11-02")
	states(t, db, "reply=b")
	settled(t, db, "2026-11-02")
	if n, err := db.Prune(ctx, clock().AddDate(0, 0, 40), 30); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	s := intake.Statement{Act: "undo correct", At: clock(), By: "王", Reason: "error", Drop: []string{"reply"}}
	if _, _, _, err := db.Propose(ctx, caseRef(t, db), s); !isFault(err) || !strings.Contains(err.Error(), "reply is erased") {
		t.Errorf("%v", err)
	}
	items, err := db.Load(ctx, []intake.Ref{caseRef(t, db)})
	if err != nil || items[0].Lost("reply") || items[0].Lost("title") {
		t.Errorf("%+v, %v", items, err)
	}
	if _, all := items[0].Erased(); all {
		t.Error("there is nothing to look at of it, although the office has stated its reply")
	}
	if r, err := db.Erased(ctx); err != nil || len(r) != 0 {
		t.Errorf("erased: %v, %v", r, err)
	}
	if r, err := db.Cases(ctx); err != nil || len(r) != 1 {
		t.Errorf("to be looked at: %v, %v", r, err)
	}
}

// The store is told of a statement once: until it is finished it is there to be told, and
// again when the store has lost it.
func TestOfficeTold(t *testing.T) {
	db, path := mustOpen(t)
	receive(t, db, "2026-11-02", full("list", "reply=a"))
	settled(t, db, "2026-11-02")
	states(t, db, "reply=phrase-stated")
	untold, err := db.Untold(ctx)
	if err != nil || len(untold) != 1 || untold[0].MAC != mac("K-1") || untold[0].By != "王" || !untold[0].At.Equal(clock().Truncate(time.Millisecond)) || len(untold[0].ID) != 32 {
		t.Fatalf("%+v, %v", untold, err)
	}
	items := pending(t, db)
	if len(items) != 1 || len(items[0].Untold) != 1 || items[0].Untold[0].ID != untold[0].ID {
		t.Fatalf("%+v", items)
	}
	if ids, err := db.Statements(ctx); err != nil || len(ids) != 0 {
		t.Errorf("told before: %v, %v", ids, err)
	}
	settled(t, db, "2026-11-02")
	ids, err := db.Statements(ctx)
	if err != nil || len(ids) != 1 || ids[0] != untold[0].ID {
		t.Errorf("told: %v, %v", ids, err)
	}
	if again, err := db.Untold(ctx); err != nil || len(again)+len(pending(t, db)) != 0 {
		t.Errorf("told twice: %v, %v", again, err)
	}
	if err := db.Retell(ctx, append(ids, "unknown")); err != nil {
		t.Fatal(err)
	}
	if again, err := db.Untold(ctx); err != nil || len(again) != 1 || len(pending(t, db)) != 1 {
		t.Errorf("lost by the store: %v, %v", again, err)
	}
	force, err := db.InForce(ctx, caseRef(t, db))
	want := []intake.Standing{{Fields: []string{"reply"}, Act: "correct", At: force[0].At, By: "王", Reason: "error"}}
	if diff := cmp.Diff(want, force); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if text, err := os.ReadFile(name); err != nil || bytes.Contains(text, []byte("phrase-stated")) {
			t.Errorf("%s holds what was stated, unsealed, or cannot be read: %v", filepath.Base(name), err)
		}
	}
}

// An older copy of the intake that is put back takes no statement for another one, which the
// store may know.
func TestOfficeOfAnOlderCopy(t *testing.T) {
	db, path := mustOpen(t)
	receive(t, db, "2026-11-02", full("list", "reply=a"))
	settled(t, db, "2026-11-02")
	ref := caseRef(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	older, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range 2 {
		if err := os.WriteFile(path, older, 0o600); err != nil {
			t.Fatal(err)
		}
		if db, err = open(t, path, newKey(t, 1)); err != nil {
			t.Fatal(err)
		}
		s := intake.Statement{Act: "correct", At: clock().Add(time.Duration(i) * time.Second), By: "王", Origin: "command line", Reason: "error", Set: map[string]string{"reply": "b"}}
		if err := db.State(ctx, ref, s); err != nil {
			t.Fatal(err)
		}
		untold, err := db.Untold(ctx)
		if err != nil || len(untold) != 1 {
			t.Fatalf("%v, %v", untold, err)
		}
		settled(t, db, "2026-11-02")
		known, err := db.Statements(ctx)
		if err != nil || !slices.Equal(known, []string{untold[0].ID}) {
			t.Errorf("%v, %v", known, err)
		}
		ids = append(ids, known...)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if ids[0] == ids[1] {
		t.Error("two statements have one name")
	}
}

// What is no statement is not kept, and of an unknown case nothing.
func TestOfficeRefuses(t *testing.T) {
	db, _ := mustOpen(t)
	receive(t, db, "2026-11-02", full("list", "reply=a"))
	r := caseRef(t, db)
	for name, s := range map[string]intake.Statement{
		"both":      {Act: "correct", At: clock(), By: "王", Reason: "error", Set: map[string]string{"reply": "b"}, Drop: []string{"due"}},
		"nothing":   {Act: "correct", At: clock(), By: "王", Reason: "error"},
		"no name":   {Act: "correct", At: clock(), Reason: "error", Set: map[string]string{"reply": "b"}},
		"no reason": {Act: "correct", At: clock(), By: "王", Set: map[string]string{"reply": "b"}},
	} {
		if err := db.State(ctx, r, s); err == nil {
			t.Errorf("%s: kept", name)
		}
	}
	if _, err := db.Case(ctx, mac("K-9")); !isFault(err) {
		t.Errorf("an unknown case: %v", err)
	}
}
