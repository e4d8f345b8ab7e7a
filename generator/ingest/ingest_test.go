package ingest_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

// lines is a source whose batches are short texts. Each line of a batch is one
// record:
//
//	stream key field=value | field=value
//
// A key of the form kind:id is of that kind; any other is a case. The word GONE
// in the place of the fields makes a tombstone, BAD a rejected row, and DAMAGED
// on a line of its own damages the batch from there on.
type lines []txtar.File

func (l lines) Batches(context.Context) ([]source.Batch, error) {
	var batches []source.Batch
	for i, f := range l {
		day, name, found := strings.Cut(f.Name, "/")
		if !found {
			day, name = "", f.Name
		}
		batches = append(batches, source.Batch{Name: name, AsOf: day, Digest: sha256.Sum256(f.Data), ID: fmt.Sprint(i)})
	}
	return batches, nil
}

func (l lines) Read(_ context.Context, b source.Batch, raw func(source.Raw) error, rejected func(source.Rejected)) error {
	var i int
	fmt.Sscan(b.ID, &i)
	row := 0
	for line := range strings.Lines(string(l[i].Data)) {
		row++
		where := source.Where{File: b.Name, Row: row}
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if line == "DAMAGED" {
			return fault.New(b.Name+" ends in the middle", "export it again")
		}
		stream, rest, _ := strings.Cut(line, " ")
		key, rest, _ := strings.Cut(rest, " ")
		if rest == "BAD" {
			rejected(source.Rejected{Where: where, Column: "x", Code: "bad", Reason: "this is bad", Hint: "make it good"})
			continue
		}
		r := source.Raw{Kind: source.Case, Stream: stream, Key: key, Where: where, Fields: map[string]string{}}
		if kind, id, found := strings.Cut(key, ":"); found {
			r.Kind, r.Key = source.Kind(kind), id
		}
		if rest == "GONE" {
			r.Gone, rest = true, ""
		}
		for _, part := range strings.Split(rest, " | ") {
			if name, value, found := strings.Cut(part, "="); found {
				r.Fields[strings.TrimSpace(name)] = value
			}
		}
		if err := raw(r); err != nil {
			return err
		}
	}
	return nil
}

// office is an installation in a folder of its own.
type office struct {
	t      testing.TB
	dir    string
	key    intake.Key
	gate   *gate.Gate
	intake *intake.DB
	store  *store.DB
}

func newOffice(t testing.TB, dir string, seed byte) *office {
	t.Helper()
	key, err := intake.NewKey(rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, dir: dir, key: key}
	if o.gate, err = gate.New(gate.Options{Key: key.Gate()}); err != nil {
		t.Fatal(err)
	}
	o.open()
	t.Cleanup(o.close)
	return o
}

func clock() time.Time { return time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC) }

func (o *office) open() {
	o.t.Helper()
	var err error
	if o.intake, err = intake.Open(filepath.Join(o.dir, "intake.db"), o.key, intake.Options{Random: rand.NewChaCha8([32]byte{9}), Now: clock}); err != nil {
		o.t.Fatal(err)
	}
	if o.store, err = store.Open(filepath.Join(o.dir, "store.db"), store.Options{Now: clock}); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) close() {
	if o.intake != nil {
		o.intake.Close()
		o.store.Close()
	}
	o.intake = nil
}

func (o *office) options(s ingest.Source) ingest.Options {
	return ingest.Options{Source: s, Intake: o.intake, Gate: o.gate, Store: o.store, Now: clock}
}

func (o *office) pull(s ingest.Source) ingest.Summary {
	o.t.Helper()
	sum, err := ingest.Run(context.Background(), o.options(s))
	if err != nil {
		o.t.Fatal(err)
	}
	return sum
}

// dump writes down everything that a reader of the store can see.
func (o *office) dump() string {
	o.t.Helper()
	ctx := context.Background()
	var b strings.Builder
	check := func(err error) {
		o.t.Helper()
		if err != nil {
			o.t.Fatal(err)
		}
	}
	cutoff, err := o.store.Cutoff(ctx)
	check(err)
	fmt.Fprintf(&b, "cut-off %s\n", cutoff)
	register, err := o.store.Register(ctx)
	check(err)
	for _, u := range register.Units {
		fmt.Fprintf(&b, "unit %s %s derived=%t\n", u.ID, u.Name, u.Derived)
	}
	for c, err := range o.store.Cases(ctx, "0001-000001", "9912-999999999") {
		check(err)
		fmt.Fprintf(&b, "%s %s", c.Number, c.Prominence)
		for _, s := range []string{string(c.StubReason), string(c.Status), string(c.Unit)} {
			if s != "" {
				b.WriteString(" " + s)
			}
		}
		fmt.Fprintf(&b, " received %s", c.Received)
		if c.RepliedOn.Known() {
			fmt.Fprintf(&b, " replied %s days %s", c.RepliedOn, c.Days)
		}
		if c.RepeatOf != "" {
			fmt.Fprintf(&b, " repeats %s", c.RepeatOf)
		}
		for _, f := range c.Flags {
			fmt.Fprintf(&b, " !%s", f)
		}
		b.WriteString("\n")
		if c.Title+c.Question+c.Reply.Text != "" {
			fmt.Fprintf(&b, "  %s / %s / %s\n", c.Title, c.Question, c.Reply.Text)
		}
		for e, err := range o.store.Events(ctx, c.Number, c.Number) {
			check(err)
			fmt.Fprintf(&b, "  %s %s", e.Day, e.Kind)
			if e.Reason != "" {
				fmt.Fprintf(&b, " %s", e.Reason)
			}
			if e.Into != "" {
				fmt.Fprintf(&b, " into %s", e.Into)
			}
			b.WriteString("\n")
		}
	}
	stones, err := o.store.Tombstones(ctx)
	check(err)
	for _, s := range stones {
		fmt.Fprintf(&b, "tombstone %s %s %s\n", s.Number, s.Reason, s.Day)
	}
	return b.String()
}

// status writes down what the office sees of its intake.
func (o *office) status() string {
	o.t.Helper()
	ctx := context.Background()
	var b strings.Builder
	counts, err := o.intake.Counts(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	text, _ := json.Marshal(counts)
	fmt.Fprintf(&b, "%s\n", text)
	quarantine, err := o.intake.Quarantine(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, q := range quarantine {
		fmt.Fprintf(&b, "%s %s row %d %s\n", q.Scope, q.File, q.Row, q.Code)
	}
	queue, err := o.intake.Queue(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, q := range queue {
		fmt.Fprintf(&b, "held since %s silent=%t %v\n", q.Since, q.Silent, q.Reasons)
	}
	excluded, err := o.intake.Excluded(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, m := range excluded {
		fmt.Fprintf(&b, "excluded %s %d\n", m.Month, m.N)
	}
	aggregates, err := o.intake.Aggregates(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, a := range aggregates {
		fmt.Fprintf(&b, "aggregate %s %s %s %d\n", a.Month, a.Field, a.Bucket, a.N)
	}
	for p, err := range o.intake.Pairs(ctx) {
		if err != nil {
			o.t.Fatal(err)
		}
		fmt.Fprintf(&b, "pair %s %s\n", p.Own, p.Number)
	}
	return b.String()
}

func (o *office) state() string {
	o.t.Helper()
	s, err := o.store.State(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

func (o *office) fsck() {
	o.t.Helper()
	report, err := o.store.Fsck(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	for _, p := range report.Problems {
		o.t.Errorf("fsck: %s: %s", p.Code, p.What)
	}
}

// pick returns the files of an archive with the given names, in that order.
func pick(t *testing.T, a *txtar.Archive, names []string) lines {
	t.Helper()
	var l lines
	for _, name := range names {
		l = append(l, txtar.File{Name: name, Data: file(t, a, name)})
	}
	return l
}

func file(t *testing.T, a *txtar.Archive, name string) []byte {
	t.Helper()
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	t.Fatalf("there is no file %q in the script", name)
	return nil
}

// TestScripts runs testdata/*.txt. A script is an archive: its comment holds the
// commands, its files the batches, named day/name or name, and what is wanted.
//
//	pull FILE...     take these batches, and check that doing it again changes nothing
//	summary K=V...   the counts of the last pull; those not named are 0
//	store FILE       the store is as written there
//	intake FILE      the intake is as written there
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("scripts: %v, %v", scripts, err)
	}
	for _, script := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(script), ".txt"), func(t *testing.T) {
			a, err := txtar.ParseFile(script)
			if err != nil {
				t.Fatal(err)
			}
			o := newOffice(t, t.TempDir(), 1)
			var sum ingest.Summary
			for i, line := range strings.Split(string(a.Comment), "\n") {
				words := strings.Fields(line)
				if len(words) == 0 || strings.HasPrefix(line, "#") {
					continue
				}
				at := fmt.Sprintf("%s line %d", script, i+1)
				switch words[0] {
				case "pull":
					sum = pullTwice(o, pick(t, a, words[1:]), at)
				case "summary":
					checkSummary(t, sum, words[1:], at)
				case "store":
					checkText(t, at, o.dump(), string(file(t, a, words[1])))
				case "intake":
					checkText(t, at, o.status(), string(file(t, a, words[1])))
				default:
					t.Fatalf("%s: unknown command", at)
				}
			}
			o.fsck()
		})
	}
}

func pullTwice(o *office, l lines, at string) ingest.Summary {
	o.t.Helper()
	sum := o.pull(l)
	store, status, state := o.dump(), o.status(), o.state()
	again := o.pull(l)
	if again.New+again.Updated+again.Corrected+again.Withdrawn != 0 || o.state() != state {
		o.t.Errorf("%s: pulling again changed something: %+v", at, again.Counts)
	}
	checkText(o.t, at+", pulled again", o.dump()+o.status(), store+status)
	return sum
}

func checkSummary(t *testing.T, sum ingest.Summary, words []string, at string) {
	t.Helper()
	text, err := json.Marshal(sum)
	if err != nil {
		t.Fatal(err)
	}
	var have map[string]any
	if err := json.Unmarshal(text, &have); err != nil {
		t.Fatal(err)
	}
	delete(have, "per_batch")
	delete(have, "batches")
	for _, w := range words {
		name, want, _ := strings.Cut(w, "=")
		if fmt.Sprint(have[name]) != want {
			t.Errorf("%s: %s is %v, want %s", at, name, have[name], want)
		}
		delete(have, name)
	}
	for name, n := range have {
		if fmt.Sprint(n) != "0" {
			t.Errorf("%s: %s is %v, want 0", at, name, n)
		}
	}
}

func checkText(t testing.TB, at, have, want string) {
	t.Helper()
	if have != want {
		t.Errorf("%s:\n--- have\n%s--- want\n%s", at, have, want)
	}
}

var _ ingest.Sink = (*store.DB)(nil)
var _ ingest.Intake = (*intake.DB)(nil)
var _ ingest.Gate = (*gate.Gate)(nil)
