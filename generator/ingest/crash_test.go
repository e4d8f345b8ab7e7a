package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

// crashBatches hold a bit of everything: joins, a tombstone before and after its
// case, links, a duplicate, a damaged file, an accusation, something held.
const crashBatches = `
-- 2026-11-01/units.csv --
units unit:city name=城管局 | phones=0571-55501001
units unit:traffic name=交通局 | derived=yes
-- 2026-11-02/a.csv --
list K-1 received=2026-11-01 | unit=city | title=甲 | question=一 | age=30 | merged_into=K-6
list K-2 received=2026-11-01 | title=乙 | question=二 | reply=答 | repeat_of=K-6
list K-2 received=2026-11-01 | title=另 | question=二 | reply=答
list K-3 received=2026-11-01 | title=丙 | question=三 | reply=答
list K-7 GONE
-- 2026-11-03/b.csv --
units unit:city name=城管局 | phones=0571-55501002
answers K-1 reply=已办,可致电0571-55501002。 | replied=2026-11-02
answers K-4 reply=已办。 | replied=2026-11-03
list K-7 received=2026-11-01 | title=庚 | question=七 | reply=答
-- 2026-11-03/c.csv --
list K-9 received=2026-11-01 | title=壬 | question=九
DAMAGED
-- 2026-11-04/d.csv --
list K-3 GONE
list K-2 received=2026-11-01 | title=乙 | question=二 | reply=改 | repeat_of=K-6
list K-4 received=2026-11-02 | title=丁 | question=四
list K-5 received=2026-11-02 | kind=accusation | question=五
list K-6 received=2026-10-30 | title=己 | question=六 | reply=答 | novelty=1
`

func crashSource(t testing.TB) lines {
	a := txtar.Parse([]byte(crashBatches))
	if len(a.Files) != 5 {
		t.Fatalf("%d batches", len(a.Files))
	}
	return a.Files
}

// fault points: the calls between ingest and what is durable, and the moments
// after they took effect.
type faults struct {
	in    *intake.DB
	db    *store.DB
	steps atomic.Int64
	at    int64
	die   func() error // what happens at the step
}

var errCrash = errors.New("made to fail here")

func (f *faults) step() error {
	if f.steps.Add(1) == f.at {
		return f.die()
	}
	return nil
}

// around fails before or after do.
func (f *faults) around(do func() error) error {
	if err := f.step(); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return f.step()
}

type faultyIntake struct{ *faults }

func (f faultyIntake) Known(ctx context.Context, d [32]byte) (k intake.Known, ok bool, err error) {
	err = f.around(func() error { k, ok, err = f.in.Known(ctx, d); return err })
	return k, ok, err
}

func (f faultyIntake) Receive(ctx context.Context, b intake.Info, read func(func(string, source.Raw) (intake.Receipt, error)) error) error {
	return f.around(func() error {
		return f.in.Receive(ctx, b, func(add func(string, source.Raw) (intake.Receipt, error)) error {
			return read(func(mac string, raw source.Raw) (r intake.Receipt, err error) {
				err = f.around(func() error { r, err = add(mac, raw); return err })
				return r, err
			})
		})
	})
}

func (f faultyIntake) Listed(ctx context.Context, names []string) error {
	return f.around(func() error { return f.in.Listed(ctx, names) })
}

func (f faultyIntake) Refuse(ctx context.Context, b intake.Info, n intake.Note) error {
	return f.around(func() error { return f.in.Refuse(ctx, b, n) })
}

func (f faultyIntake) Pending(ctx context.Context) (refs []intake.Ref, err error) {
	err = f.around(func() error { refs, err = f.in.Pending(ctx); return err })
	return refs, err
}

func (f faultyIntake) Load(ctx context.Context, refs []intake.Ref) (items []intake.Item, err error) {
	err = f.around(func() error { items, err = f.in.Load(ctx, refs); return err })
	return items, err
}

func (f faultyIntake) LastRecord(ctx context.Context) (n int64, err error) {
	err = f.around(func() error { n, err = f.in.LastRecord(ctx); return err })
	return n, err
}

func (f faultyIntake) Aggregates(ctx context.Context) (all []intake.Aggregate, err error) {
	err = f.around(func() error { all, err = f.in.Aggregates(ctx); return err })
	return all, err
}

func (f faultyIntake) LatestAsOf(ctx context.Context) (day string, err error) {
	err = f.around(func() error { day, err = f.in.LatestAsOf(ctx); return err })
	return day, err
}

func (f faultyIntake) Highest(ctx context.Context) (n []string, err error) {
	err = f.around(func() error { n, err = f.in.Highest(ctx); return err })
	return n, err
}

func (f faultyIntake) Finish(ctx context.Context, b intake.Info, o []intake.Outcome, n []intake.Note) error {
	return f.around(func() error { return f.in.Finish(ctx, b, o, n) })
}

type faultyStore struct{ *faults }

func (f faultyStore) Lock() (func() error, error) { return f.db.Lock() }

func (f faultyStore) Seen(ctx context.Context, d [32]byte) (seen bool, err error) {
	err = f.around(func() error { seen, err = f.db.Seen(ctx, d); return err })
	return seen, err
}

func (f faultyStore) Register(ctx context.Context) (r record.Register, err error) {
	err = f.around(func() error { r, err = f.db.Register(ctx); return err })
	return r, err
}

func (f faultyStore) Numbers(ctx context.Context, macs []string) (n []record.CaseNumber, err error) {
	err = f.around(func() error { n, err = f.db.Numbers(ctx, macs); return err })
	return n, err
}

func (f faultyStore) Batch(ctx context.Context, name string, d [32]byte, asOf record.Day, given []record.CaseNumber,
	fill func(func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error) error {
	return f.around(func() error {
		return f.db.Batch(ctx, name, d, asOf, given, func(put func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error {
			return f.around(func() error {
				return fill(func(c gate.Cleared, had record.CaseNumber) (n record.CaseNumber, k record.EventKind, err error) {
					err = f.around(func() error { n, k, err = put(c, had); return err })
					return n, k, err
				})
			})
		})
	})
}

// faulty returns options whose at-th step does die.
func (o *office) faulty(s ingest.Source, at int, die func() error) (ingest.Options, *faults) {
	f := &faults{in: o.intake, db: o.store, at: int64(at), die: die}
	opt := o.options(s)
	opt.Intake, opt.Store = faultyIntake{f}, faultyStore{f}
	return opt, f
}

// whole is what an installation looks like after a run that nothing disturbed,
// and the number of steps of that run.
func whole(t testing.TB, s ingest.Source) (want string, steps int) {
	o := newOffice(t, t.TempDir(), 1)
	opt, f := o.faulty(s, 0, nil)
	if _, err := ingest.Run(context.Background(), opt); err != nil {
		t.Fatal(err)
	}
	return o.dump() + o.status(), int(f.steps.Load())
}

// recovered runs again after a crash and compares.
func (o *office) recovered(s ingest.Source, at, want string) {
	o.t.Helper()
	o.pull(s)
	checkText(o.t, at, o.dump()+o.status(), want)
	o.fsck()
	if again := o.pull(s); again.New+again.Updated+again.Corrected+again.Withdrawn != 0 {
		o.t.Errorf("%s: a further run changed something: %+v", at, again.Counts)
	}
}

// TestFailAtEveryStep makes each step of a run fail in its turn, and for some
// of them a step of the recovery too.
func TestFailAtEveryStep(t *testing.T) {
	s := crashSource(t)
	want, steps := whole(t, s)
	t.Logf("%d steps", steps)
	fail := func() error { return errCrash }
	every := 1
	if testing.Short() {
		every = 17
	}
	for at := 1; at <= steps; at += every {
		o := newOffice(t, t.TempDir(), 1)
		failures := []int{at}
		if at%4 == 0 {
			failures = append(failures, at/2+1)
		}
		for _, n := range failures {
			opt, _ := o.faulty(s, n, fail)
			if _, err := ingest.Run(context.Background(), opt); !errors.Is(err, errCrash) && n == at {
				t.Fatalf("step %d: %v", n, err)
			}
			o.close()
			o.open()
		}
		o.recovered(s, fmt.Sprintf("step %d of %d", at, steps), want)
		o.close()
	}
}

// The child of TestKill does one run in a folder and kills itself on the way.
const (
	envDir  = "HUIYIN_TEST_DIR"
	envStep = "HUIYIN_TEST_STEP"
)

// TestChild is the child's part; it does nothing in any other process.
func TestChild(t *testing.T) {
	if os.Getenv(envDir) == "" {
		return
	}
	at, err := strconv.Atoi(os.Getenv(envStep))
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, os.Getenv(envDir), 1)
	opt, _ := o.faulty(crashSource(t), at, func() error {
		return errors.Join(syscall.Kill(os.Getpid(), syscall.SIGKILL), errCrash)
	})
	_, err = ingest.Run(context.Background(), opt)
	t.Fatalf("still alive: %v", err)
}

// TestKill kills a process at some steps, with all that was not synced.
func TestKill(t *testing.T) {
	s := crashSource(t)
	want, steps := whole(t, s)
	every := 11
	if testing.Short() {
		every = 97
	}
	for at := 3; at <= steps; at += every {
		dir := t.TempDir()
		cmd := exec.Command(os.Args[0], "-test.run=^TestChild$")
		cmd.Env = append(os.Environ(), envDir+"="+dir, envStep+"="+strconv.Itoa(at))
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("step %d: %v\n%s", at, err, out)
		}
		o := newOffice(t, dir, 1)
		o.recovered(s, fmt.Sprintf("killed at step %d of %d", at, steps), want)
		o.close()
	}
}

// TestNumbersDoNotDependOnTheKey takes the same batches under another key.
func TestNumbersDoNotDependOnTheKey(t *testing.T) {
	s := crashSource(t)
	a, b := newOffice(t, t.TempDir(), 1), newOffice(t, t.TempDir(), 77)
	a.pull(s)
	b.pull(s)
	checkText(t, "another key", b.dump()+b.status(), a.dump()+a.status())
	if a.gate.KeyMAC(source.Case, "K-1") == b.gate.KeyMAC(source.Case, "K-1") {
		t.Error("the keys are the same")
	}
}

// TestLostStore takes everything again after the store was lost, with a new
// case before the others: each case has the number that it had, the withdrawn
// one stays away, and its number goes to nobody.
func TestLostStore(t *testing.T) {
	s := crashSource(t)
	o := newOffice(t, t.TempDir(), 1)
	o.pull(s)
	pairs := o.pairs()
	if len(pairs) != 5 || pairs["K-3"] != "2611-000003" {
		t.Fatalf("%v", pairs)
	}
	o.close()
	for _, ext := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(o.dir, "store.db"+ext)); err != nil && ext == "" {
			t.Fatal(err)
		}
	}
	o.open()
	first := txtar.File{Name: "2026-11-01/first.csv", Data: []byte("list K-0 received=2026-11-01 | title=零 | question=零 | reply=答\n")}
	o.pull(append(lines{first}, s...))
	after := o.pairs()
	if after["K-0"] != "2611-000005" {
		t.Errorf("the new case has %s", after["K-0"])
	}
	for own, number := range after {
		if pairs[own] != number && own != "K-0" {
			t.Errorf("%s had %s and has %s", own, pairs[own], number)
		}
		want := record.CaseNumber(number)
		if own == "K-3" {
			want = ""
		}
		stored, err := o.store.Numbers(context.Background(), []string{o.gate.KeyMAC(source.Case, own)})
		if err != nil || stored[0] != want {
			t.Errorf("%s is %q in the store, want %q, %v", own, stored[0], want, err)
		}
	}
	o.fsck()
}

func (o *office) pairs() map[string]string {
	o.t.Helper()
	pairs := map[string]string{}
	for p, err := range o.intake.Pairs(context.Background()) {
		if err != nil {
			o.t.Fatal(err)
		}
		pairs[p.Own] = p.Number
	}
	return pairs
}

// TestOnePullAtATime starts a second pull while one runs.
func TestOnePullAtATime(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	unlock, err := o.store.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Run(context.Background(), o.options(crashSource(t))); err == nil || err.Error() == "" {
		t.Fatalf("a second pull ran: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	o.pull(crashSource(t))
}

// TestCancel ends a run in the middle; nothing of the batch at hand is kept.
func TestCancel(t *testing.T) {
	s := crashSource(t)
	want, steps := whole(t, s)
	for at := 5; at <= steps; at += 17 {
		o := newOffice(t, t.TempDir(), 1)
		ctx, cancel := context.WithCancel(context.Background())
		opt, _ := o.faulty(s, at, func() error { cancel(); return nil })
		if _, err := ingest.Run(ctx, opt); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("step %d: %v", at, err)
		}
		cancel()
		o.recovered(s, fmt.Sprintf("cancelled at step %d", at), want)
		o.close()
	}
}
