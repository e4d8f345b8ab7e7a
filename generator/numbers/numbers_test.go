package numbers_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/numbers"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/store"
)

func clock() time.Time { return time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC) }

// town is a store, and the cut-off of its last batch.
type town struct {
	t       *testing.T
	db      *store.DB
	path    string
	gate    *gate.Gate
	batches int
	asOf    record.Day
}

func newTown(t *testing.T) *town {
	t.Helper()
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	o := &town{t: t, gate: g, path: filepath.Join(t.TempDir(), "store.db")}
	o.open()
	return o
}

func (o *town) open() {
	o.t.Helper()
	db, err := store.Open(o.path, store.Options{Now: clock})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { db.Close() })
	o.db = db
}

func day(t *testing.T, s string) record.Day {
	t.Helper()
	d, err := record.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// pull stores a batch: a line a record, its key and its fields parted by bars; a key of
// the form kind:id is of that kind, GONE in the place of the fields withdraws.
func (o *town) pull(asOf record.Day, lines ...string) {
	o.t.Helper()
	o.batches++
	o.asOf = max(o.asOf, asOf)
	name := fmt.Sprint(o.batches)
	err := o.db.Batch(o.t.Context(), name, sha256.Sum256([]byte(name)), asOf, nil,
		func(put func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error {
			for _, line := range lines {
				key, rest, _ := strings.Cut(line, " ")
				raw := source.Raw{Kind: source.Case, Key: key, Gone: rest == "GONE", Fields: map[string]string{}}
				if kind, id, ok := strings.Cut(key, ":"); ok {
					raw.Kind, raw.Key = source.Kind(kind), id
				}
				for field := range strings.SplitSeq(rest, " | ") {
					if name, value, ok := strings.Cut(field, "="); ok {
						raw.Fields[name] = value
					}
				}
				cleared, verdict := o.gate.Clear(raw, asOf)
				if !cleared.Valid() {
					return fmt.Errorf("%s: not cleared: %v", key, verdict.Reasons)
				}
				if _, _, err := put(cleared, ""); err != nil {
					return err
				}
			}
			return nil
		})
	if err != nil {
		o.t.Fatal(err)
	}
}

// read reads the numbers as kept, and compares them with those that are counted of all
// facts at once.
func (o *town) read(basis string, earlier record.Day) numbers.Numbers {
	o.t.Helper()
	ctx := o.t.Context()
	reg, err := o.db.Register(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	got, err := numbers.Read(ctx, o.db, numbers.Options{Register: reg, Cutoff: o.asOf, Earlier: earlier, Basis: basis, Parallel: 2})
	if err != nil {
		o.t.Fatal(err)
	}
	o.compare(reg, got.Book, o.asOf)
	if earlier.Known() {
		o.compare(reg, got.Then, earlier)
	}
	var facts, full int64
	for f, err := range o.db.Facts(ctx) {
		if err != nil {
			o.t.Fatal(err)
		}
		facts++
		if f.Prominence == record.Full {
			full++
		}
	}
	if got.Facts != facts || got.Full != full || got.Full+got.Stubs+got.Withdrawn != facts {
		o.t.Fatalf("the totals are %+v of %d cases, %d in full", got.Totals, facts, full)
	}
	return got
}

func (o *town) compare(reg record.Register, got *assess.Book, cutoff record.Day) {
	o.t.Helper()
	b := assess.NewBuilder(reg, cutoff)
	for f, err := range o.db.Facts(o.t.Context()) {
		if err != nil {
			o.t.Fatal(err)
		}
		b.Add(f)
	}
	want := b.Book()
	if diff := cmp.Diff(want.Figures(nil), got.Figures(nil)); diff != "" {
		o.t.Fatalf("at %s (-all facts +kept): %s", cutoff, diff)
	}
	all := record.Scope{Dim: record.ByAll}
	rules := assess.DefaultRankRules()
	rules.Minimum = 2
	for _, p := range want.Periods(all) {
		x, _ := want.Set(all, p)
		y, _ := got.Set(all, p)
		if diff := cmp.Diff(x, y); diff != "" {
			o.t.Fatalf("%s at %s: %s", p, cutoff, diff)
		}
		for _, v := range []assess.View{assess.AsItWas, assess.AsItIs} {
			if !reflect.DeepEqual(want.Rank(rules, v, p), got.Rank(rules, v, p)) {
				o.t.Fatalf("the rankings of %s at %s differ", p, cutoff)
			}
		}
	}
}

func (o *town) verify(basis string) {
	o.t.Helper()
	problems, months, err := numbers.Verify(o.t.Context(), o.db, basis)
	if err != nil || len(problems) > 0 || months == 0 {
		o.t.Fatalf("%d months verified, %v %v", months, problems, err)
	}
}

// caseLine makes up a line of a case: where the key is known, a later delivery of it.
func caseLine(r *rand.Rand, key int, asOf record.Day) string {
	received := asOf - record.Day(key%130)
	f := []string{"received=" + received.String(), "unit=" + pick(r, "u-1", "u-2", "u-3"), "area=" + pick(r, "990101", "990102"), "channel=" + pick(r, "web", "line")}
	if r.IntN(4) > 0 {
		f = append(f, "due="+(received+record.Day(r.IntN(40))).String())
	}
	if r.IntN(3) > 0 {
		f = append(f, "replied="+(received+record.Day(r.IntN(int(asOf-received)+1))).String(), "status=replied", "title=路灯不亮", "question=灯坏了。", "reply=已经修好。",
			"topic="+pick(r, "lamps", "noise"), "kind="+pick(r, "help", "suggest"))
	} else {
		f = append(f, "status=handling", "replied=")
	}
	if r.IntN(3) == 0 {
		f = append(f, "first_response="+(received+record.Day(r.IntN(5))).String())
	}
	return fmt.Sprintf("K-%d %s", key, strings.Join(f, " | "))
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

// TestAnySequence takes batches of new and corrected cases, withdrawals, later cut-offs
// and other registers in any order, and compares after each what is kept with what is
// there.
func TestAnySequence(t *testing.T) {
	seeds := uint64(6)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 3))
			o := newTown(t)
			start := day(t, "2026-10-20")
			o.pull(start, "unit:u-1 name=甲 | level=3", "unit:u-2 name=乙 | level=3", "unit:u-3 name=丙 | level=4 | parent=u-1", "area:990101 name=东城区", "area:990102 name=西城区")
			basis, keys, kept := "a", 0, 0
			gone := map[int]bool{}
			var first []string
			for range 60 {
				keys++
				first = append(first, caseLine(r, keys, start))
			}
			o.pull(start, first...)
			o.read(basis, 0)
			for range 14 {
				before := o.asOf
				asOf := o.asOf + record.Day(pick(r, "\x00", "\x00", "\x01", "\x02", "\x1c")[0])
				var lines []string
				switch r.IntN(6) {
				case 0:
					keys++
					lines = append(lines, caseLine(r, keys, asOf))
				case 1:
					key := 1 + r.IntN(keys)
					gone[key] = true
					lines = append(lines, fmt.Sprintf("K-%d GONE", key))
				case 2:
					lines = append(lines, "unit:u-2 name=乙 | level=3 | valid_from=2020-01-01 | valid_to="+(asOf-record.Day(r.IntN(60))).String()+" | successor="+pick(r, "u-1", "u-3"))
				case 3:
					lines = append(lines, "area:990101 name=东城区 | parent="+pick(r, "990102", "990100"), "area:990100 name=全市 | residents="+fmt.Sprint(1000*(1+r.IntN(9))))
				case 4:
					basis = pick(r, "a", "b")
				default:
					for range 1 + r.IntN(3) {
						lines = append(lines, caseLine(r, 1+r.IntN(keys), start))
					}
				}
				o.pull(asOf, lines...)
				if r.IntN(5) == 0 { // a crash, and another process
					if err := o.db.Close(); err != nil {
						t.Fatal(err)
					}
					o.open()
				}
				n := o.read(basis, before)
				if n.Anew < n.Facts {
					kept++
				}
				o.verify(basis)
				if n := o.read(basis, before); n.Then == n.Book && n.Anew > 0 {
					t.Fatalf("%d cases were counted again although nothing has changed", n.Anew)
				}
			}
			if kept == 0 {
				t.Error("what was kept was never of use")
			}
		})
	}
}

// TestOneChangeCountsOneMonth says what is counted again, and when.
func TestOneChangeCountsOneMonth(t *testing.T) {
	o := newTown(t)
	asOf := day(t, "2026-10-20")
	var lines []string
	for m := range 5 {
		for i := range 4 {
			lines = append(lines, fmt.Sprintf("K-%d-%d unit=u-1 | received=2026-%02d-03 | due=2026-%02d-18 | replied= | status=handling", m, i, m+5, m+5))
		}
	}
	o.pull(asOf, lines...)
	if n := o.read("a", 0); n.Anew != 20 {
		t.Errorf("%d cases counted at first", n.Anew)
	}
	if n := o.read("a", asOf); n.Anew != 0 || n.Then != n.Book {
		t.Errorf("%d cases counted although nothing has changed", n.Anew)
	}
	o.pull(asOf, "K-1-2 unit=u-1 | received=2026-06-03 | due=2026-06-18 | replied=2026-06-10 | status=replied | title=路灯 | question=灯坏了。 | reply=修好了。")
	if n := o.read("a", asOf); n.Anew != 4 {
		t.Errorf("%d cases counted after one change", n.Anew)
	}
	// A day later nothing is due that was not; on the next one there is.
	o.pull(asOf, "K-9 unit=u-1 | received=2026-10-19 | due=2026-10-22 | replied= | status=handling")
	o.read("a", 0)
	o.pull(asOf + 1)
	if n := o.read("a", asOf); n.Anew != 0 {
		t.Errorf("%d cases counted on a day on which nothing is due", n.Anew)
	}
	o.pull(asOf + 2)
	if n := o.read("a", asOf+1); n.Anew != 1 {
		t.Errorf("%d cases counted on a day on which one of October is due", n.Anew)
	}
	if n := o.read("b", 0); n.Anew != 21 {
		t.Errorf("%d cases counted on another basis", n.Anew)
	}
}

// TestVerifyNamesTheDifference changes what is kept behind the program's back: what is
// damaged is counted anew, what is well formed and wrong is found.
func TestVerifyNamesTheDifference(t *testing.T) {
	o := newTown(t)
	asOf := day(t, "2026-10-20")
	line := "K-1 unit=u-1 | received=2026-09-03 | due=2026-09-18 | replied= | status=handling"
	o.pull(asOf, line)
	o.read("a", 0)

	other := newTown(t)
	other.pull(asOf, strings.Replace(line, "u-1", "u-2", 1))
	other.read("a", 0)
	sum := sha256.Sum256([]byte("a"))
	wrong, err := other.db.Counted(t.Context(), sum[:])
	if err != nil || len(wrong) != 1 || wrong[0].Body == nil {
		t.Fatal(wrong, err)
	}
	put := func(body []byte) {
		raw, err := sql.Open("sqlite", o.path)
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		if _, err := raw.Exec(`UPDATE counted SET body = ?`, body); err != nil {
			t.Fatal(err)
		}
	}
	put(wrong[0].Body)
	problems, _, err := numbers.Verify(t.Context(), o.db, "a")
	if want := "what was counted of the cases of 2026-09 is not what is there: "; err != nil || len(problems) != 1 || !strings.HasPrefix(problems[0], want) || !strings.Contains(problems[0], "unit/u-1 in 2026") {
		t.Errorf("%q, %v", problems, err)
	}
	for i := range wrong[0].Body {
		broken := bytes.Clone(wrong[0].Body)
		broken[i]++
		put(broken)
		if i%8 == 0 {
			if problems, _, err := numbers.Verify(t.Context(), o.db, "a"); err != nil || len(problems) != 1 {
				t.Errorf("byte %d is another: %q, %v", i, problems, err)
			}
		}
		if n := o.read("a", 0); n.Anew != 1 {
			t.Fatalf("byte %d is another and the count was taken", i)
		}
	}
	o.verify("a")
}

// TestFiguresAreKeptOnce compares the figures of three releases as kept with those that
// were published, and says which are listed anew.
func TestFiguresAreKeptOnce(t *testing.T) {
	ctx := context.Background()
	o := newTown(t)
	asOf := day(t, "2026-10-20")
	var lines []string
	for m := range 5 {
		lines = append(lines, fmt.Sprintf("K-%d unit=u-1 | received=2026-%02d-03 | due=2026-%02d-18 | replied= | status=handling", m, m+5, m+5))
	}
	o.pull(asOf, lines...)
	publish := func(release int, earlier record.Day) (n numbers.Numbers, listed []string) {
		n = o.read("a", earlier)
		parts := n.Parts()
		for i, p := range parts {
			parts[i].List = func() []record.Figure {
				listed = append(listed, string(p.Period))
				return p.List()
			}
		}
		if err := o.db.SaveFigures(ctx, release, o.asOf, parts); err != nil {
			t.Fatal(err)
		}
		got, err := o.db.Figures(ctx, release)
		if err != nil {
			t.Fatal(err)
		}
		want := n.Book.Figures(n.Book.Ended)
		order := func(x, y record.Figure) int { return strings.Compare(fmt.Sprint(x), fmt.Sprint(y)) }
		slices.SortFunc(got, order)
		slices.SortFunc(want, order)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("release %d: %s", release, diff)
		}
		return n, listed
	}
	if _, listed := publish(1, 0); len(listed) != 5 {
		t.Errorf("listed at first: %v", listed)
	}
	o.pull(asOf+1, "K-1 unit=u-1 | received=2026-06-03 | due=2026-06-18 | replied=2026-06-10 | status=replied | title=路灯 | question=灯坏了。 | reply=修好了。")
	n, _ := publish(2, asOf)
	all := func(record.Period) bool { return true }
	old, now, err := n.Changed(ctx, o.db, 1, all)
	if err != nil || len(assess.Diff(old, now)) == 0 {
		t.Errorf("nothing is said to have changed, %v", err)
	}
	// A reply where there was none gives measures of which nothing was known, and so
	// every period another print; but only those of the case differ.
	for _, d := range assess.Diff(old, now) {
		if d.Old.Period != "2026-06" {
			t.Errorf("%v differs", d)
		}
	}
	o.pull(asOf+1, "K-2 unit=u-1 | received=2026-07-03 | due=2026-07-18 | replied=2026-07-20 | status=replied | title=路灯 | question=灯坏了。 | reply=修好了。")
	n, listed := publish(3, asOf+1)
	if !slices.Equal(listed, []string{"2026-07"}) {
		t.Errorf("listed after one change: %v", listed)
	}
	old, now, err = n.Changed(ctx, o.db, 2, all)
	if err != nil || len(old) == 0 {
		t.Fatal(err)
	}
	for _, f := range append(old, now...) {
		if f.Period != "2026-07" {
			t.Errorf("%v is compared", f)
		}
	}
	if diff := cmp.Diff(differences(t, o.db, n, 2), assess.Diff(old, now)); diff != "" {
		t.Error(diff)
	}
}

// differences compares all figures that a release showed with all of today.
func differences(t *testing.T, db *store.DB, n numbers.Numbers, release int) []assess.Restated {
	t.Helper()
	old, err := db.Figures(t.Context(), release)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range old {
		known[f.Measure] = true
	}
	now := slices.DeleteFunc(n.Then.Figures(n.Then.Ended), func(f record.Figure) bool { return !known[f.Measure] })
	return assess.Diff(old, now)
}
