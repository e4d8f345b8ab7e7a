package intake_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/source"
)

var ctx = context.Background()

func clock() time.Time { return time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC) }

func newKey(t *testing.T, seed byte) intake.Key {
	t.Helper()
	key, err := intake.NewKey(rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func open(t *testing.T, path string, key intake.Key) (*intake.DB, error) {
	t.Helper()
	db, err := intake.Open(path, key, intake.Options{Random: rand.NewChaCha8([32]byte{3}), Now: clock})
	if err == nil {
		t.Cleanup(func() { db.Close() })
	}
	return db, err
}

func mustOpen(t *testing.T) (*intake.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "intake.db")
	db, err := open(t, path, newKey(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	return db, path
}

func isFault(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Msg != "" && f.Hint != ""
}

// mac stands in for the gate's.
func mac(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// delivery is one delivered row: stream, key and fields as name=value.
type delivery struct {
	stream, key string
	fields      []string
}

func (l delivery) raw() source.Raw {
	r := source.Raw{Kind: source.Case, Stream: l.stream, Key: l.key, Fields: map[string]string{}, Where: source.Where{File: l.stream, Row: 7}}
	for _, f := range l.fields {
		name, value, _ := strings.Cut(f, "=")
		r.Fields[name] = value
	}
	return r
}

func info(asOf string) intake.Info {
	return intake.Info{Name: asOf, Digest: sha256.Sum256([]byte(asOf)), AsOf: asOf}
}

// receive takes a batch of the given day and returns its receipts.
func receive(t *testing.T, db *intake.DB, asOf string, deliveries ...delivery) (receipts []intake.Receipt) {
	t.Helper()
	err := db.Receive(ctx, info(asOf), func(add func(string, source.Raw) (intake.Receipt, error)) error {
		for _, l := range deliveries {
			r, err := add(mac(l.key), l.raw())
			if err != nil {
				return err
			}
			receipts = append(receipts, r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return receipts
}

// pending loads everything that is pending.
func pending(t *testing.T, db *intake.DB) []intake.Item {
	t.Helper()
	refs, err := db.Pending(ctx)
	if err != nil {
		t.Fatal(err)
	}
	items, err := db.Load(ctx, refs)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// finish says that everything pending came to a state.
func finish(t *testing.T, db *intake.DB, asOf string, s intake.State) {
	t.Helper()
	var outcomes []intake.Outcome
	for i, item := range pending(t, db) {
		o := item.Outcome(s)
		o.Number = fmt.Sprintf("2611-%06d", i+1)
		outcomes = append(outcomes, o)
	}
	if err := db.Finish(ctx, info(asOf), outcomes, nil); err != nil {
		t.Fatal(err)
	}
}

// TestJoin receives deliveries in an order and shows the record that they join
// to.
func TestJoin(t *testing.T) {
	type day struct {
		asOf string
		delivery
	}
	for _, tt := range []struct {
		name    string
		days    []day
		want    map[string]string
		asOf    string
		waiting bool
	}{
		{"one stream, later wins", []day{
			{"2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=a", "unit=u"}}},
			{"2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "title=b"}}},
		}, map[string]string{"received": "2026-11-01", "title": "b", "unit": "u"}, "2026-11-03", false},
		{"one stream, an older one late", []day{
			{"2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "title=b"}}},
			{"2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=a", "unit=u"}}},
		}, map[string]string{"received": "2026-11-01", "title": "b", "unit": "u"}, "2026-11-03", false},
		{"what was there before comes back", []day{
			{"2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=a"}}},
			{"2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "title=b"}}},
			{"2026-11-04", delivery{"list", "K", []string{"received=2026-11-01", "title=a"}}},
		}, map[string]string{"received": "2026-11-01", "title": "a"}, "2026-11-04", false},
		{"a late one between two equals", []day{
			{"2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "title=a"}}},
			{"2026-11-06", delivery{"list", "K", []string{"received=2026-11-01", "title=a"}}},
			{"2026-11-04", delivery{"list", "K", []string{"received=2026-11-01", "title=b"}}},
		}, map[string]string{"received": "2026-11-01", "title": "a"}, "2026-11-06", false},
		{"two streams, the newer content wins", []day{
			{"2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "status=handling"}}},
			{"2026-11-03", delivery{"answers", "K", []string{"status=replied", "reply=r"}}},
			{"2026-11-04", delivery{"list", "K", []string{"received=2026-11-01", "status=handling"}}},
		}, map[string]string{"received": "2026-11-01", "status": "replied", "reply": "r"}, "2026-11-04", false},
		{"known to be empty", []day{
			{"2026-11-02", delivery{"list", "K", []string{"received=2026-11-01", "reply=r"}}},
			{"2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "reply="}}},
		}, map[string]string{"received": "2026-11-01", "reply": ""}, "2026-11-03", false},
		{"no day of receipt yet", []day{
			{"2026-11-03", delivery{"answers", "K", []string{"reply=r"}}},
		}, map[string]string{"reply": "r"}, "2026-11-03", true},
		{"an empty day of receipt is for the gate", []day{
			{"2026-11-03", delivery{"list", "K", []string{"received=", "reply=r"}}},
		}, map[string]string{"received": "", "reply": "r"}, "2026-11-03", false},
		{"aggregate-only fields go no further", []day{
			{"2026-11-03", delivery{"list", "K", []string{"received=2026-11-01", "age=3", "sex=x", "rating_comment=c", "petition_history=9"}}},
		}, map[string]string{"received": "2026-11-01"}, "2026-11-03", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db, _ := mustOpen(t)
			for _, d := range tt.days {
				receive(t, db, d.asOf, d.delivery)
			}
			items := pending(t, db)
			if len(items) != 1 {
				t.Fatalf("%d items", len(items))
			}
			if diff := cmp.Diff(tt.want, items[0].Raw.Fields); diff != "" || items[0].AsOf != tt.asOf || items[0].Waiting != tt.waiting {
				t.Errorf("as of %s, waiting %t: %s", items[0].AsOf, items[0].Waiting, diff)
			}
		})
	}
}

func TestReceipts(t *testing.T) {
	db, _ := mustOpen(t)
	a := delivery{"list", "K", []string{"received=2026-11-01", "title=a"}}
	b := delivery{"list", "K", []string{"received=2026-11-01", "title=b"}}
	other := delivery{"other", "K", []string{"title=b"}}
	got := receive(t, db, "2026-11-02", a, a, b, other)
	if diff := cmp.Diff([]intake.Receipt{intake.Changed, intake.Unchanged, intake.Duplicate, intake.Changed}, got); diff != "" {
		t.Error(diff)
	}
	finish(t, db, "2026-11-02", intake.Done)
	if got := receive(t, db, "2026-11-03", a); got[0] != intake.Unchanged || len(pending(t, db)) != 0 {
		t.Errorf("%v, %d pending", got, len(pending(t, db)))
	}
	if got := receive(t, db, "2026-11-04", b); got[0] != intake.Changed || len(pending(t, db)) != 1 {
		t.Errorf("%v, %d pending", got, len(pending(t, db)))
	}
}

// TestNothingIsReadableWithoutTheKey looks for every value in every byte of the
// file, then opens it with another key and moves sealed data to another place.
func TestNothingIsReadableWithoutTheKey(t *testing.T) {
	db, path := mustOpen(t)
	receive(t, db, "2026-11-02",
		delivery{"list", "OWN-1", []string{"received=2026-11-01", "title=phrase-one", "question=" + strings.Repeat("phrase-two ", 100), "age=33"}},
		delivery{"list", "OWN-2", []string{"received=2026-11-01", "title=phrase-three"}})
	finish(t, db, "2026-11-02", intake.Done)
	db.Close()
	for _, ext := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + ext)
		if err != nil && ext == "" {
			t.Fatal(err)
		}
		for _, secret := range []string{"phrase-", "OWN-"} {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%q stands in the file", secret)
			}
		}
	}
	if _, err := open(t, path, newKey(t, 2)); !isFault(err) {
		t.Errorf("opened with another key: %v", err)
	}
	direct, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := direct.Exec(`UPDATE versions SET sealed = (SELECT sealed FROM versions WHERE id = 2) WHERE id = 1; UPDATE heads SET dirty = 1`); err != nil {
		t.Fatal(err)
	}
	direct.Close()
	db, err = open(t, path, newKey(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	refs, err := db.Pending(ctx)
	if err != nil || len(refs) != 2 {
		t.Fatalf("%d pending, %v", len(refs), err)
	}
	if _, err := db.Load(ctx, refs); !isFault(err) || strings.Contains(err.Error(), "phrase") {
		t.Errorf("sealed data of another case was opened: %v", err)
	}
}

func TestKeyFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "huiyin.key")
	key := newKey(t, 5)
	if err := key.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	if err := key.WriteFile(path); !isFault(err) {
		t.Errorf("a key file was overwritten: %v", err)
	}
	got, err := intake.LoadKey(path)
	if err != nil || !bytes.Equal(got.Gate(), key.Gate()) {
		t.Errorf("the key did not come back: %v", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.Fields(string(text))[1]
	for _, shown := range []string{fmt.Sprint(key), fmt.Sprintf("%v %+v %#v %s", key, key, key, key)} {
		if strings.Contains(shown, secret) || strings.Contains(shown, secret[:8]) {
			t.Error("the key prints itself")
		}
	}
	for name, damage := range map[string]func(p string) error{
		"readable by others": func(p string) error { return errors.Join(os.WriteFile(p, text, 0o644), os.Chmod(p, 0o644)) },
		"writable by group":  func(p string) error { return errors.Join(os.WriteFile(p, text, 0o620), os.Chmod(p, 0o620)) },
		"short":              func(p string) error { return os.WriteFile(p, text[:len(text)-3], 0o600) },
		"long":               func(p string) error { return os.WriteFile(p, append([]byte("huiyin-key-1 00"), text[13:]...), 0o600) },
		"empty":              func(p string) error { return os.WriteFile(p, nil, 0o600) },
		"other":              func(p string) error { return os.WriteFile(p, []byte(secret), 0o600) },
		"a folder":           func(p string) error { return os.Mkdir(p, 0o700) },
		"missing":            func(string) error { return nil },
	} {
		p := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := damage(p); err != nil {
			t.Fatal(err)
		}
		if _, err := intake.LoadKey(p); !isFault(err) || strings.Contains(err.Error(), secret[:8]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := intake.NewKey(strings.NewReader("short")); err == nil {
		t.Error("a key was made of five bytes")
	}
}

// TestCounted counts the attributes of who wrote the cases that have a row, and of no
// other: the total minus the rows would be how many accuse an official.
func TestCounted(t *testing.T) {
	db, _ := mustOpen(t)
	one := []string{"received=2026-11-01", "sex=男", "age=30"}
	receive(t, db, "2026-11-02", delivery{"list", "A", one}, delivery{"list", "B", one}, delivery{"list", "C", one})
	all := pending(t, db)
	for _, step := range []struct {
		day    string
		states []intake.State
		want   int64
	}{
		{"2026-11-02", []intake.State{intake.Done, intake.Silent, intake.Excluded}, 1},
		{"2026-11-03", []intake.State{intake.Held, intake.Done, intake.Excluded}, 2},
		{"2026-11-04", []intake.State{intake.Silent, intake.Excluded, intake.Refused}, 0},
		{"2026-11-05", []intake.State{intake.Done, intake.Unanswered, intake.Gone}, 3},
	} {
		var outcomes []intake.Outcome
		for i, state := range step.states {
			outcomes = append(outcomes, all[i].Outcome(state))
		}
		if err := db.Finish(ctx, info(step.day), outcomes, nil); err != nil {
			t.Fatal(err)
		}
		var want []intake.Aggregate
		if step.want > 0 {
			want = []intake.Aggregate{{Month: "2026-11", Field: "age", Bucket: "30-44", N: step.want}, {Month: "2026-11", Field: "sex", Bucket: "male", N: step.want}}
		}
		have, err := db.Aggregates(ctx)
		if diff := cmp.Diff(want, have); diff != "" || err != nil {
			t.Errorf("%s: %v, want - have +\n%s", step.day, err, diff)
		}
	}
}

// TestPrune prunes a case that has come to rest, and then receives more of it.
func TestPrune(t *testing.T) {
	db, path := mustOpen(t)
	whole := []string{"received=2026-11-01", "status=closed", "consent=yes", "consultation=refused", "title=t", "question=q", "reply=r", "age=30"}
	waiting := map[string]intake.Outcome{
		"open": {State: intake.Unanswered}, "held": {State: intake.Held}, "silent": {State: intake.Silent}, "drawn": {State: intake.Done, Sample: true},
	}
	receive(t, db, "2026-11-02", delivery{"list", "rests", whole}, delivery{"list", "open", whole}, delivery{"list", "held", whole},
		delivery{"list", "silent", whole}, delivery{"list", "drawn", whole}, delivery{"list", "pending", whole})
	var outcomes []intake.Outcome
	for _, item := range pending(t, db) {
		outcome := item.Outcome(intake.Done)
		if o, ok := waiting[item.Key]; ok {
			outcome.State, outcome.Sample = o.State, o.Sample
		}
		if item.Key != "pending" {
			outcomes = append(outcomes, outcome)
		}
	}
	if err := db.Finish(ctx, info("2026-11-02"), outcomes, nil); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Prune(ctx, clock().AddDate(0, 0, 29), 30); n != 0 || err != nil {
		t.Errorf("pruned %d a day too early, %v", n, err)
	}
	if n, err := db.Prune(ctx, clock().AddDate(0, 0, 31), 30); n != 1 || err != nil {
		t.Fatalf("pruned %d, %v", n, err)
	}
	if n, err := db.Prune(ctx, clock().AddDate(0, 0, 31), 30); n != 0 || err != nil {
		t.Errorf("pruned %d again, %v", n, err)
	}
	direct, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer direct.Close()
	var sealed, contents int
	if err := direct.QueryRow(`SELECT count(sealed), count(content) FROM versions`).Scan(&sealed, &contents); err != nil || sealed != 5 || contents != 6 {
		t.Errorf("%d sealed versions and %d keyed hashes are left, %v", sealed, contents, err)
	}
	if got := receive(t, db, "2026-11-03", delivery{"list", "rests", whole}); got[0] != intake.Unchanged {
		t.Errorf("a repeated delivery of a pruned case: %v", got)
	}
	// A new reply: what the row needs is still known, and that a third party has refused;
	// the unchanged question is left to the store.
	receive(t, db, "2026-11-04", delivery{"list", "rests", []string{"title=t", "question=q", "reply=new"}})
	items := slices.DeleteFunc(pending(t, db), func(i intake.Item) bool { return i.Key != "rests" })
	if len(items) != 1 || items[0].Waiting {
		t.Fatalf("%d items", len(items))
	}
	if some, all := items[0].Erased(); !some || all {
		t.Errorf("erased: some %t, all %t", some, all)
	}
	want := map[string]string{"received": "2026-11-01", "status": "closed", "consent": "yes", "consultation": "refused", "reply": "new"}
	if diff := cmp.Diff(want, items[0].Raw.Fields); diff != "" {
		t.Error(diff)
	}
}

func TestRefusesOtherFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`PRAGMA application_id = 0x4859696e; PRAGMA user_version = 99`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := open(t, path, newKey(t, 1)); !isFault(err) || !strings.Contains(err.Error(), "schema 99") {
		t.Errorf("%v", err)
	}
	if _, err := intake.Open(path, intake.Key{}, intake.Options{Random: rand.NewChaCha8([32]byte{}), Now: clock}); err == nil {
		t.Error("opened without a key")
	}
}
