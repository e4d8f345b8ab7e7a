package store_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

// plainCleaner publishes every file as it is.
type plainCleaner struct{}

func (plainCleaner) CleanFile(f source.File, _ func(string) gate.Checked) gate.CleanFile {
	return gate.CleanFile{Type: "text/csv", Body: f.Body, Text: string(f.Body)}
}

func fileGate(t *testing.T, rule gate.FileRule) *gate.Gate {
	t.Helper()
	p := gate.DefaultPolicy()
	p.Attachments = rule
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32), Policy: p, Attachments: plainCleaner{}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// withFiles is a case that is published in full with files, which hold their names.
func withFiles(change string, files ...string) source.Raw {
	r := raw("K-1", "received=2026-11-01", "kind=help", "title=路灯", "question=路灯不亮", "reply=已修复")
	if name, value, ok := strings.Cut(change, "="); ok {
		r.Fields[name] = value
	}
	if files != nil {
		r.Fields[source.FieldAttachments] = strings.Join(files, source.ListSeparator)
	}
	for _, f := range files {
		r.Files = append(r.Files, source.File{Name: f, Type: "text/csv", Body: []byte(f)})
	}
	return r
}

// TestAttachments delivers a case again and again and looks at what is kept of its
// files.
func TestAttachments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db := open(t, path)
	steps := []struct {
		name   string
		raw    source.Raw
		rule   gate.FileRule
		regate bool
		want   string
		kind   record.EventKind
	}{
		{"new", withFiles("", "a", "b"), gate.Rebuild, false, "1.csv=a 2.csv=b", record.EventPublish},
		{"the same", withFiles("", "a", "b"), gate.Rebuild, false, "1.csv=a 2.csv=b", ""},
		{"one more", withFiles("", "a", "b", "c"), gate.Rebuild, false, "1.csv=a 2.csv=b 3.csv=c", record.EventUpdate},
		{"one is another", withFiles("", "a", "x", "c"), gate.Rebuild, false, "1.csv=a 2.csv=x 3.csv=c", record.EventCorrect},
		{"twice the same", withFiles("", "a", "x", "a2"), gate.Rebuild, false, "1.csv=a 2.csv=x 3.csv=a2", record.EventCorrect},
		{"not carried", withFiles("reply=已修复。"), gate.Rebuild, false, "1.csv=a 2.csv=x 3.csv=a2", record.EventCorrect},
		{"other rules", withFiles("question=路灯***"), gate.Rebuild, true, "1.csv=a 2.csv=x 3.csv=a2", record.EventPolicy},
		{"switched off", withFiles(""), gate.LeaveOut, true, "", record.EventPolicy},
		{"switched on", withFiles("question=路***", "a"), gate.Rebuild, true, "1.csv=a", record.EventPolicy},
		{"fewer masks", withFiles("question=路***", "ab"), gate.Rebuild, true, "1.csv=a", ""},
		{"a file more", withFiles("question=路***", "a", "路***"), gate.Rebuild, true, "1.csv=a 2.csv=路***", record.EventPolicy},
		{"fewer masks of one", withFiles("question=路***", "a", "路灯"), gate.Rebuild, true, "1.csv=a 2.csv=路***", ""},
		{"more masks", withFiles("question=路***", "***", "路***"), gate.Rebuild, true, "1.csv=*** 2.csv=路***", record.EventPolicy},
		{"taken back", withFiles("consent=no", "a"), gate.Rebuild, false, "", record.EventCorrect},
		{"given again", withFiles("", "a"), gate.Rebuild, false, "1.csv=a", record.EventUpdate},
		{"withdrawn", source.Raw{Kind: source.Case, Key: "K-1", Gone: true}, gate.Rebuild, false, "", record.EventWithdraw},
		{"delivered again", withFiles("", "a"), gate.Rebuild, false, "", ""},
	}
	for i, s := range steps {
		g := fileGate(t, s.rule)
		do := db.Batch
		if s.regate {
			do = db.Regate
		}
		var kind record.EventKind
		err := do(ctx, s.name, sha256.Sum256([]byte(s.name)), day(t, "2026-11-02"), nil, func(p put) error {
			cleared, v := g.Clear(s.raw, day(t, "2026-11-02"))
			if !cleared.Valid() {
				t.Fatalf("not cleared: %v", v.Reasons)
			}
			var err error
			_, kind, err = p(cleared, "")
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if kind != s.kind {
			t.Errorf("step %d, %s: event %q, want %q", i, s.name, kind, s.kind)
		}
		if got := filesOf(t, db); got != s.want {
			t.Errorf("%s: files %q, want %q", s.name, got, s.want)
		}
		markShown(t, db)
		if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 {
			t.Errorf("%s: %v, %v", s.name, r.Problems, err)
		}
	}
}

// TestFilesWithheld: how many files are not published goes with their list, and a
// change of that number alone takes nothing back.
func TestFilesWithheld(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	for _, s := range []struct {
		name   string
		raw    source.Raw
		rule   gate.FileRule
		regate bool
		want   int
		kind   record.EventKind
	}{
		{"left out", withFiles("", "a", "b"), gate.LeaveOut, false, 2, record.EventPublish},
		{"the same", withFiles("", "a", "b"), gate.LeaveOut, false, 2, ""},
		{"one less", withFiles("", "a"), gate.LeaveOut, true, 1, record.EventUpdate},
		{"published", withFiles("", "a"), gate.Rebuild, true, 0, record.EventPolicy},
		{"switched off", withFiles("", "a"), gate.LeaveOut, true, 1, record.EventPolicy},
		{"taken back", withFiles("consent=no", "a"), gate.LeaveOut, false, 0, record.EventCorrect},
	} {
		g := fileGate(t, s.rule)
		do := db.Batch
		if s.regate {
			do = db.Regate
		}
		var kind record.EventKind
		var number record.CaseNumber
		err := do(ctx, s.name, sha256.Sum256([]byte(s.name)), day(t, "2026-11-02"), nil, func(p put) (err error) {
			cleared, _ := g.Clear(s.raw, day(t, "2026-11-02"))
			number, kind, err = p(cleared, "")
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		cases, err := db.CasesByNumber(ctx, []record.CaseNumber{number})
		if err != nil || len(cases) != 1 {
			t.Fatalf("%s: %d cases, %v", s.name, len(cases), err)
		}
		if cases[0].FilesWithheld != s.want || kind != s.kind {
			t.Errorf("%s: %d withheld and event %q, want %d and %q", s.name, cases[0].FilesWithheld, kind, s.want, s.kind)
		}
		if r, err := db.Fsck(ctx); err != nil || len(r.Problems) > 0 {
			t.Errorf("%s: %v, %v", s.name, r.Problems, err)
		}
	}
}

func filesOf(t *testing.T, db *store.DB) string {
	t.Helper()
	var got []string
	for f, err := range db.Attachments(ctx, "2611-000001", "2611-000009") {
		if err != nil {
			t.Fatal(err)
		}
		if f.Size != int64(len(f.Body)) {
			t.Errorf("%s: size %d, want %d", f.Name, f.Size, len(f.Body))
		}
		got = append(got, f.Name+"="+string(f.Body))
	}
	return strings.Join(got, " ")
}

// TestFsckAttachments: what is lost, changed or left over of files is found.
func TestFsckAttachments(t *testing.T) {
	for damage, want := range map[string]string{
		`DELETE FROM attachments`:                                                          "lists a file that is not there",
		`UPDATE attachments SET body = x'00'`:                                              "is not what was stored",
		`INSERT INTO attachments SELECT id, zeroblob(32), x'00', '' FROM cases`:            "that it does not list",
		`UPDATE cases SET fact = (SELECT substr(fact, 1, length(fact) - 1)) WHERE id <> 0`: "case 2611-000001",
	} {
		path := filepath.Join(t.TempDir(), "store.db")
		db := open(t, path)
		err := db.Batch(ctx, "a", [32]byte{1}, day(t, "2026-11-02"), nil, func(p put) error {
			cleared, _ := fileGate(t, gate.Rebuild).Clear(withFiles("", "a"), day(t, "2026-11-02"))
			_, _, err := p(cleared, "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Exec(damage); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := open(t, path).Fsck(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(r.Problems, func(p store.Problem) bool { return strings.Contains(p.What, want) }) {
			t.Errorf("%s: problems %v, want one that %s", damage, r.Problems, want)
		}
	}
}
