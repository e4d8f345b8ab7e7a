package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
)

// regating is a store that takes what other rules have changed.
type regating struct{ *store.DB }

func (r regating) Batch(ctx context.Context, name string, d [32]byte, asOf record.Day, given []record.CaseNumber,
	fill func(func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error) error {
	return r.Regate(ctx, name, d, asOf, given, fill)
}

// faultyRegate is regating with faults.
type faultyRegate struct{ faultyStore }

func (f faultyRegate) Batch(ctx context.Context, name string, d [32]byte, asOf record.Day, given []record.CaseNumber,
	fill func(func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error) error {
	return f.around(func() error {
		return f.db.Regate(ctx, name, d, asOf, given, func(put func(gate.Cleared, record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error {
			return f.around(func() error {
				return fill(func(c gate.Cleared, had record.CaseNumber) (n record.CaseNumber, k record.EventKind, err error) {
					err = f.around(func() error { n, k, err = put(c, had); return err })
					return n, k, err
				})
			})
		})
	})
}

// phonesPass is a policy under which fixed lines of replies pass.
func phonesPass() gate.Policy {
	p := gate.DefaultPolicy()
	p.Version = "phones pass"
	p.Official[gate.Landline] = gate.Rule{Action: gate.Pass}
	return p
}

// mobilesHeld is a policy under which every mobile number holds its case.
func mobilesHeld() gate.Policy {
	p := gate.DefaultPolicy()
	p.Version = "mobiles held"
	p.Citizen[gate.Mobile] = gate.Rule{Action: gate.HoldField}
	return p
}

// ruleCases show a phone of an office, a mobile number, and nothing.
const ruleCases = `list K-1 received=2026-11-01 | kind=complain | title=甲 | question=路灯不亮。 | reply=请拨打0999-7654321。
list K-2 received=2026-11-01 | kind=complain | title=乙 | question=井盖松动,电话13800138000。 | reply=已修。
list K-3 received=2026-11-01 | kind=complain | title=丙 | question=公交太慢。 | reply=已加车。
`

// changeRules puts the rules of the office's gate into force.
func (o *office) changeRules() {
	o.t.Helper()
	if err := o.intake.ChangeRules(context.Background(), o.gate.RulesHash(), "某负责人", "规则修订"); err != nil {
		o.t.Fatal(err)
	}
}

// regate finishes a change of the rules.
func (o *office) regate() {
	o.t.Helper()
	ctx := context.Background()
	opt := o.options(nil)
	opt.AsOf, opt.Store, opt.Published = o.cutoff(), regating{o.store}, o.store
	if _, err := ingest.Settle(ctx, opt, "regate"); err != nil {
		o.t.Fatal(err)
	}
	if err := o.intake.Regated(ctx); err != nil {
		o.t.Fatal(err)
	}
}

// refs returns everything that can be looked at again, registers first.
func (o *office) refs() []intake.Ref {
	o.t.Helper()
	entries, err := o.intake.Entries(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	cases, err := o.intake.Cases(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	erased, err := o.intake.Erased(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	return slices.Concat(entries, cases, erased)
}

// compare writes down what the rules of the office's gate would change.
func (o *office) compare() (all []string) { return o.compareMasking(nil, nil) }

// compareMasking is compare with the former lines of units: those that go on
// passing, and those that are to be masked.
func (o *office) compareMasking(former, masking map[record.UnitID][]string) []string {
	o.t.Helper()
	with := func(workers int) (all []string) {
		opt := o.options(nil)
		opt.AsOf, opt.Former, opt.Workers = o.cutoff(), former, workers
		err := ingest.Compare(context.Background(), opt, o.refs(), o.store, masking, func(c ingest.Change) error {
			line := fmt.Sprintf("%s%s %s %v", c.Number, c.Entry, c.What, c.Masked)
			if c.Why != "" {
				line += fmt.Sprintf(" %s %v asked=%t", c.Why, c.Units, c.Asked)
			}
			all = append(all, line)
			return nil
		})
		if err != nil {
			o.t.Fatal(err)
		}
		return all
	}
	one := with(1)
	for _, workers := range []int{2, 7} {
		if diff := cmp.Diff(one, with(workers)); diff != "" {
			o.t.Errorf("one worker -, %d workers +\n%s", workers, diff)
		}
	}
	return one
}

// TestRegate changes the rules there and back: what Compare says comes true, what
// was published before is erased, and nothing that was masked is shown again.
func TestRegate(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	o.under(phonesPass())
	src := lines{{Name: "2026-11-02/a.csv", Data: []byte(ruleCases + `list K-4 received=2026-11-01 | title=丁 | question=有人贪污公款。 | reply=已转办。
`)}}
	o.pull(src)
	published := o.dump()
	if !strings.Contains(published, "0999-7654321") {
		t.Fatal(published)
	}
	o.shown()

	o.under(gate.DefaultPolicy())
	if diff := cmp.Diff([]string{"2611-000001 text map[landline:1]"}, o.compare()); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	checkText(t, "compared", o.dump(), published)
	o.changeRules()
	if due, err := o.intake.RegateDue(context.Background()); err != nil || !due {
		t.Errorf("due: %t, %v", due, err)
	}
	o.regate()
	masked := `cut-off 2026-11-02
2611-000001 full replied received 2026-11-01
  甲 / 路灯不亮。 / 请拨打0999-*****21。
  2026-11-02 publish
  2026-11-02 policy
2611-000002 full replied received 2026-11-01
  乙 / 井盖松动,电话138****8000。 / 已修。
  2026-11-02 publish
2611-000003 full replied received 2026-11-01
  丙 / 公交太慢。 / 已加车。
  2026-11-02 publish
`
	checkText(t, "masked", o.dump(), masked)
	back, err := o.store.Retractions(context.Background())
	if err != nil || len(back) != 1 || back[0].Number != "2611-000001" {
		t.Errorf("taken back: %+v, %v", back, err)
	}
	if n := len(o.compare()); n != 0 {
		t.Errorf("%d cases differ under the rules in force", n)
	}

	// Back to the rules of before: nothing is unmasked.
	o.under(phonesPass())
	if diff := cmp.Diff([]string{"2611-000001 kept map[]"}, o.compare()); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	o.changeRules()
	o.regate()
	checkText(t, "back", o.dump(), masked)

	// Stricter rules hold a case: its row alone is left.
	o.under(mobilesHeld())
	if diff := cmp.Diff([]string{"2611-000002 to-row map[]"}, o.compare()); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	o.changeRules()
	o.regate()
	dump := o.dump()
	if strings.Contains(dump, "井盖松动") || !strings.Contains(dump, "2611-000002 stub under-review") {
		t.Errorf("stricter:\n%s", dump)
	}
	if q := o.queue(); len(q) != 2 {
		t.Errorf("queue %+v", q)
	}
	records := o.records()
	if n := strings.Count(records, "某负责人 rules  (规则修订)"); n != 3 {
		t.Errorf("%d records of changed rules in\n%s", n, records)
	}
	o.pull(src)
	checkText(t, "delivered again", o.dump(), dump)
	o.fsck()
	o.close()
	for _, name := range []string{"store.db", "store.db-wal"} {
		if b, err := os.ReadFile(filepath.Join(o.dir, name)); err == nil && strings.Contains(string(b), "0999-7654321") {
			t.Errorf("the old text is still in %s", name)
		}
	}
}

// shown notes that all cases have been in a release.
func (o *office) shown() {
	o.t.Helper()
	if err := o.store.Shown(context.Background()); err != nil {
		o.t.Fatal(err)
	}
}

// TestKeptIsRecordedAsItStands: the record of a case that stays masked in spite of
// looser rules names the hash of what stands, and what is masked in it is still known.
// A run that was killed between store and intake comes to the same.
func TestKeptIsRecordedAsItStands(t *testing.T) {
	after := func(o *office) (all []string) {
		t.Helper()
		for r, err := range o.intake.Records(context.Background(), clock().AddDate(-1, 0, 0)) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Number == "2611-000001" {
				all = append(all, r.After)
			}
		}
		return all
	}
	for _, killed := range []bool{false, true} {
		o := newOffice(t, t.TempDir(), 1)
		o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte(ruleCases)}})
		o.shown()
		masked := o.masked()
		o.under(phonesPass())
		if diff := cmp.Diff([]string{"2611-000001 kept map[]"}, o.compare()); diff != "" {
			t.Errorf("want - have +\n%s", diff)
		}
		o.changeRules()
		if killed {
			opt := o.options(nil)
			opt.AsOf, opt.Store, opt.Published = o.cutoff(), regating{o.store}, o.store
			opt.Intake = forgetful{opt.Intake}
			if _, err := ingest.Settle(context.Background(), opt, "regate"); !errors.Is(err, errCrash) {
				t.Fatal(err)
			}
		}
		o.regate()
		all := after(o)
		if len(all) != 2 || all[0] == "" || all[0] != all[1] {
			t.Errorf("killed %t: hashes of what came out: %q", killed, all)
		}
		if diff := cmp.Diff(masked, o.masked()); diff != "" {
			t.Errorf("killed %t: masked, before - after +\n%s", killed, diff)
		}
	}
}

// forgetful is an intake that is never told what became of a batch.
type forgetful struct{ ingest.Intake }

func (forgetful) Finish(context.Context, intake.Info, []intake.Outcome, []intake.Note) error {
	return errCrash
}

// TestRegateBeforeTheFirstRelease lets an office's number pass that was masked before
// anything was published. A run that is killed between store and intake is finished.
func TestRegateBeforeTheFirstRelease(t *testing.T) {
	for _, killed := range []bool{false, true} {
		o := newOffice(t, t.TempDir(), 1)
		o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte(ruleCases)}})
		o.under(phonesPass())
		if diff := cmp.Diff([]string{"2611-000001 anew map[]"}, o.compare()); diff != "" {
			t.Errorf("want - have +\n%s", diff)
		}
		o.changeRules()
		if killed {
			opt := o.options(nil)
			opt.AsOf, opt.Store, opt.Published = o.cutoff(), regating{o.store}, o.store
			opt.Intake = forgetful{opt.Intake}
			if _, err := ingest.Settle(context.Background(), opt, "regate"); !errors.Is(err, errCrash) {
				t.Fatal(err)
			}
		}
		o.regate()
		checkText(t, "anew", o.dump(), `cut-off 2026-11-02
2611-000001 full replied received 2026-11-01
  甲 / 路灯不亮。 / 请拨打0999-7654321。
  2026-11-02 publish
2611-000002 full replied received 2026-11-01
  乙 / 井盖松动,电话138****8000。 / 已修。
  2026-11-02 publish
2611-000003 full replied received 2026-11-01
  丙 / 公交太慢。 / 已加车。
  2026-11-02 publish
`)
		if n := o.masked()["2611-000001"]; n != 0 {
			t.Errorf("%d values count as masked in a case that masks none", n)
		}
		o.fsck()
	}
}

// TestFailWhileRegating makes each step of a change of the rules fail in its turn.
func TestFailWhileRegating(t *testing.T) {
	run := func(at int) (o *office, steps int, err error) {
		o = newOffice(t, t.TempDir(), 1)
		o.under(phonesPass())
		o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte("units unit:city name=城管局 | phones=0571-55501001\n" + ruleCases)}})
		o.shown()
		o.under(mobilesHeld())
		o.changeRules()
		opt, f := o.faulty(nil, at, func() error { return errCrash })
		opt.AsOf, opt.Store, opt.Published = o.cutoff(), faultyRegate{faultyStore{f}}, o.store
		_, err = ingest.Settle(context.Background(), opt, "regate")
		return o, int(f.steps.Load()), err
	}
	o, steps, err := run(0)
	if err != nil {
		t.Fatal(err)
	}
	want := o.dump() + o.status() + o.records()
	if !strings.Contains(want, "2026-11-02 policy") || !strings.Contains(want, "2611-000002 stub under-review") {
		t.Fatalf("nothing changed:\n%s", want)
	}
	o.close()
	for at := 1; at <= steps; at++ {
		o, _, err := run(at)
		if !errors.Is(err, errCrash) {
			t.Fatalf("step %d: %v", at, err)
		}
		o.close()
		o.open()
		if due, err := o.intake.RegateDue(context.Background()); err != nil || !due {
			t.Fatalf("step %d: due %t, %v", at, due, err)
		}
		o.regate()
		checkText(t, fmt.Sprintf("step %d of %d", at, steps), o.dump()+o.status()+o.records(), want)
		o.fsck()
		o.close()
	}
}

// TestSuggest finds the line of a unit among what recurs in replies.
func TestSuggest(t *testing.T) {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, "list A-%d received=%s | kind=complain | unit=city | title=甲 | question=第%d盏路灯不亮。 | reply=请拨打0999-7654321,或者13800138000、13900139000,传真0999-7654388、0999-7654377。\n",
			i, record.Date(2026, 11, 1)-record.Day(i), i)
		fmt.Fprintf(&b, "list B-%d received=2026-11-01 | kind=complain | unit=traffic | title=甲 | question=第%d盏路灯不亮。 | reply=请写信至chuangkou@example.com。\n", i, i)
	}
	for i := range 4 {
		fmt.Fprintf(&b, "list C-%d received=2026-11-01 | kind=complain | unit=school | title=甲 | question=第%d盏路灯不亮。 | reply=请拨打0999-7654399。\n", i, i)
	}
	// One number is somebody's who asks, in a case whose text is kept back; another is the
	// writer's, and one stands in a question that is not shown for want of a reply.
	b.WriteString("list D-1 received=2026-11-01 | kind=complain | unit=school | consent=no | title=甲 | question=电话13900139000。 | reply=已办。\n")
	b.WriteString("list D-2 received=2026-11-01 | kind=complain | unit=school | title=电话0999-7654388 | question=路灯。 | reply=已办。\n")
	b.WriteString("list D-3 received=2026-11-01 | replied=2026-11-02 | kind=complain | unit=school | title=甲 | question=请回电0999-7654377。\n")
	o := newOffice(t, t.TempDir(), 1)
	src := lines{{Name: "2026-11-02/a.csv", Data: []byte(b.String())}}
	o.pull(src)
	o.shown()
	suggest := func() (all []ingest.Suggestion) {
		t.Helper()
		cases, err := o.intake.Cases(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		opt := o.options(nil)
		opt.AsOf, opt.Workers = o.cutoff(), 1
		if all, err = ingest.Suggest(context.Background(), opt, cases); err != nil {
			t.Fatal(err)
		}
		opt.Workers = 5
		if many, err := ingest.Suggest(context.Background(), opt, cases); err != nil || !cmp.Equal(all, many) {
			t.Errorf("with five workers: %+v, %v", many, err)
		}
		return all
	}
	all := suggest()
	want := []ingest.Suggestion{
		{Unit: "city", Kind: gate.Landline, Value: "0999-7654321", Replies: 6, Since: record.Date(2026, 10, 27)},
		{Unit: "city", Kind: gate.Mobile, Value: "13800138000", Replies: 6, Since: record.Date(2026, 10, 27)},
		{Unit: "traffic", Kind: gate.Email, Value: "chuangkou@example.com", Replies: 6, Since: record.Date(2026, 11, 1)},
	}
	codes := map[string]bool{}
	for i := range all {
		codes[all[i].Code], all[i].Code = true, ""
	}
	if diff := cmp.Diff(want, all); diff != "" || len(codes) != len(want) || codes[""] {
		t.Errorf("codes %v, want - have +\n%s", codes, diff)
	}

	// What has an entry is not suggested any more, and passes in what comes later.
	g, err := gate.New(gate.Options{Key: o.key.Gate(), Allow: []gate.Allow{
		suggest()[0].Entry(gate.Allow{Owner: "某科", Reason: "值班电话", From: o.cutoff(), Until: o.cutoff() + 365}),
	}})
	if err != nil {
		t.Fatal(err)
	}
	o.gate = g
	if left := suggest(); len(left) != 2 || left[0].Value != "13800138000" {
		t.Errorf("left: %+v", left)
	}
	o.changeRules()
	o.regate()
	o.pull(append(src, txtar.File{Name: "2026-11-03/b.csv", Data: []byte("list E-1 received=2026-11-02 | kind=complain | unit=city | title=乙 | question=井盖。 | reply=请致电0999-7654321。\n")}))
	dump := o.dump()
	if !strings.Contains(dump, "请致电0999-7654321") || strings.Contains(dump, "请拨打0999-7654321") {
		t.Errorf("with the entry:\n%s", dump)
	}
}

// TestEntryOfSuggestion: an entry begins at the cut-off, or with the first reply that
// bears it out, as far as three years reach back.
func TestEntryOfSuggestion(t *testing.T) {
	day := record.Date
	for _, tt := range []struct{ since, cutoff, until, want record.Day }{
		{day(2026, 11, 1), day(2026, 11, 21), day(2027, 12, 31), day(2026, 11, 1)},
		{day(2026, 11, 21), day(2026, 11, 21), day(2027, 12, 31), day(2026, 11, 21)},
		{day(2020, 1, 1), day(2026, 11, 21), day(2027, 12, 31), day(2024, 12, 31)},
		{day(2026, 11, 1), day(2026, 11, 21), day(2029, 11, 21), day(2026, 11, 21)},
		{day(2026, 11, 1), day(2026, 11, 21), day(2026, 11, 20), day(2026, 11, 1)},
	} {
		s := ingest.Suggestion{Kind: gate.Landline, Value: "0999-7654321", Unit: "city", Since: tt.since}
		entry := s.Entry(gate.Allow{Owner: "某科", Reason: "值班电话", From: tt.cutoff, Until: tt.until})
		if entry.From != tt.want || entry.Until != tt.until {
			t.Errorf("%+v: from %s until %s", tt, entry.From, entry.Until)
		}
		if _, err := gate.DecodeAllow(gate.EncodeAllow([]gate.Allow{entry})); err != nil {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

// TestRegistersAreDecidedAbout holds an entry of a register and decides about it.
func TestRegistersAreDecidedAbout(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	p := gate.DefaultPolicy()
	p.Label[gate.Mobile] = gate.Rule{Action: gate.HoldField}
	o.under(p)
	o.pull(lines{{Name: "2026-11-02/units.csv", Data: []byte("units unit:one name=城管局13800138000\nunits unit:two name=交通局13900139000\n")}})
	if strings.Contains(o.dump(), "unit ") {
		t.Errorf("a unit that is held is published:\n%s", o.dump())
	}
	queue := o.queue()
	if len(queue) != 2 {
		t.Fatalf("queue %+v", queue)
	}
	o.decide(1, true)
	o.decide(2, false)
	o.settle("decision")
	if dump := o.dump(); !strings.Contains(dump, "unit one 城管局138****8000") || strings.Contains(dump, "交通局") {
		t.Errorf("decided:\n%s", dump)
	}
	state, number, err := o.intake.Became(context.Background(), queue[1])
	if err != nil || state != intake.Refused || number != "" {
		t.Errorf("rejected: %v %q %v", state, number, err)
	}
	if n := len(o.queue()); n != 0 {
		t.Errorf("%d entries wait", n)
	}
}
