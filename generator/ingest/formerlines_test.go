package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/record"
)

// regateWith finishes a change of the rules, with lines that go on passing.
func (o *office) regateWith(former map[record.UnitID][]string) {
	o.t.Helper()
	o.changeRules()
	opt := o.options(nil)
	opt.AsOf, opt.Store, opt.Published, opt.Former = o.cutoff(), regating{o.store}, o.store, former
	if _, err := ingest.Settle(context.Background(), opt, "regate"); err != nil {
		o.t.Fatal(err)
	}
	if err := o.intake.Regated(context.Background()); err != nil {
		o.t.Fatal(err)
	}
}

// TestFormerLines: a line that the register states no longer stays in the replies
// that gave it, also when the rules change, until it is to be masked.
func TestFormerLines(t *testing.T) {
	ctx := context.Background()
	o := newOffice(t, t.TempDir(), 1)
	one := `units unit:city name=城管局 | phones=0999-7654321
units unit:gas name=燃气公司 | phones=0999-2223344
list K-1 received=2026-11-01 | kind=complain | unit=city | title=甲 | question=路灯不亮,电话13800138000。 | reply=请拨打0999-7654321。
list K-2 received=2026-11-01 | kind=complain | unit=gas | title=乙 | question=没有燃气。 | reply=请拨打0999-2223344。
list K-3 received=2026-11-01 | kind=complain | unit=gas | title=丙 | question=路灯不亮。 | reply=请拨打0999-7654321。
`
	two := `units unit:city name=城管局 | phones=0999-7654399
units unit:gas name=燃气公司 | phones=
list K-4 received=2026-11-01 | kind=complain | unit=city | title=丁 | question=路灯不亮。 | reply=请拨打0999-7654321。
`
	src := lines{{Name: "2026-11-02/a.csv", Data: []byte(one)}, {Name: "2026-11-03/b.csv", Data: []byte(two)}}
	o.pull(src)
	o.shown()
	shown := func(texts ...string) {
		t.Helper()
		dump := o.dump()
		for _, text := range texts {
			if !strings.Contains(dump, text) {
				t.Errorf("%s is missing:\n%s", text, dump)
			}
		}
	}
	// What came later is masked; what was there stays.
	shown("路灯不亮,电话138****8000。 / 请拨打0999-7654321。", "没有燃气。 / 请拨打0999-2223344。", "丁 / 路灯不亮。 / 请拨打0999-*****21。", "丙 / 路灯不亮。 / 请拨打0999-*****21。")
	former, err := o.store.FormerLines(ctx)
	if err != nil || len(former) != 2 {
		t.Fatalf("former lines %v, %v", former, err)
	}

	// It is listed, and nothing is done about it unasked: not by other rules either.
	want := []string{
		"2611-000001 text map[landline:1 mobile:1] former-line [city] asked=true",
		"2611-000002 text map[landline:1] former-line [gas] asked=true",
	}
	if diff := cmp.Diff(want, o.compareMasking(former, nil)); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	p := gate.DefaultPolicy()
	p.Version = "another, and the same"
	o.under(p)
	o.regateWith(former)
	shown("路灯不亮,电话138****8000。 / 请拨打0999-7654321。", "没有燃气。 / 请拨打0999-2223344。", "丁 / 路灯不亮。 / 请拨打0999-*****21。")

	// The line of one unit is to be masked, that of the other is not.
	masking := map[record.UnitID][]string{"gas": former["gas"]}
	delete(former, "gas")
	want[1] = "2611-000002 text map[landline:1] former-line [gas] asked=false"
	if diff := cmp.Diff(want, o.compareMasking(former, masking)); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	if err := o.store.ForgetLines(ctx, []record.UnitID{"gas"}); err != nil {
		t.Fatal(err)
	}
	o.regateWith(former)
	shown("甲 / 路灯不亮,电话138****8000。 / 请拨打0999-7654321。", "没有燃气。 / 请拨打0999-*****44。")
	if diff := cmp.Diff(want[:1], o.compareMasking(former, nil)); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	o.fsck()

	// What other rules change anyway is their doing.
	o.under(mobilesHeld())
	if diff := cmp.Diff([]string{"2611-000001 to-row map[]"}, o.compareMasking(former, nil)); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
}

// TestEndedEntries: what an entry of the allow-list let pass is listed when the entry
// has ended, with the cause.
func TestEndedEntries(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	g, err := gate.New(gate.Options{Key: o.key.Gate(), Allow: []gate.Allow{{
		Kind: gate.Landline, Value: "0999-7654321", Unit: "city", Owner: "某科", Reason: "值班电话", From: record.Date(2026, 1, 1), Until: record.Date(2026, 11, 10),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	o.gate = g
	row := "list K-%d received=2026-11-01 | kind=complain | unit=city | title=甲 | question=路灯。 | reply=请拨打0999-7654321。\n"
	src := lines{{Name: "2026-11-10/a.csv", Data: fmt.Appendf(nil, row, 1)}}
	o.pull(src)
	if all := o.compare(); len(all) != 0 {
		t.Errorf("on its last day: %q", all)
	}
	o.pull(append(src, txtar.File{Name: "2026-11-11/b.csv", Data: fmt.Appendf(nil, row, 2)}))
	o.shown()
	if diff := cmp.Diff([]string{"2611-000001 text map[landline:1] ended-entry [] asked=false"}, o.compare()); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	o.regateWith(nil)
	if dump := o.dump(); strings.Contains(dump, "0999-7654321") || len(o.compare()) != 0 {
		t.Errorf("applied:\n%s", dump)
	}
}

// TestRegateEntries: entries of registers are listed too, nothing of them is
// unmasked, and one that is held stays until a person has decided.
func TestRegateEntries(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	masked := gate.DefaultPolicy()
	pass := gate.DefaultPolicy()
	pass.Version, pass.Label[gate.Landline] = "lines of names pass", gate.Rule{Action: gate.Pass}
	held := gate.DefaultPolicy()
	held.Version, held.Label[gate.Landline] = "lines of names held", gate.Rule{Action: gate.HoldField}

	o.under(pass)
	o.pull(lines{{Name: "2026-11-02/units.csv", Data: []byte("units unit:one name=城管局0999-7654321 | level=3\nunits area:990101 name=甲县\n")}})
	if all := o.compare(); len(all) != 0 || !strings.Contains(o.dump(), "unit one 城管局0999-7654321") {
		t.Fatalf("%q\n%s", all, o.dump())
	}
	for _, tt := range []struct {
		policy gate.Policy
		want   string
		name   string
	}{
		{held, "unit/one held map[]", "城管局0999-7654321"},
		{masked, "unit/one text map[landline:1]", "城管局0999-*****21"},
		{pass, "unit/one kept map[]", "城管局0999-*****21"},
	} {
		o.under(tt.policy)
		if diff := cmp.Diff([]string{tt.want}, o.compare()); diff != "" {
			t.Errorf("want - have +\n%s", diff)
		}
		o.regateWith(nil)
		if dump := o.dump(); !strings.Contains(dump, "unit one "+tt.name+" ") {
			t.Errorf("want %s:\n%s", tt.name, dump)
		}
	}
}
