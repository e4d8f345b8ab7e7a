package ingest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
)

// erase erases all that was received of cases at rest.
func (o *office) erase(want int) {
	o.t.Helper()
	n, err := o.intake.Prune(context.Background(), clock().AddDate(0, 0, 31), 30)
	if err != nil || n != want {
		o.t.Fatalf("%d cases erased, %v; want %d", n, err, want)
	}
}

// phonesHeld is a policy under which a fixed line in a reply holds its case.
func phonesHeld() gate.Policy {
	p := gate.DefaultPolicy()
	p.Version = "phones held"
	p.Official[gate.Landline] = gate.Rule{Action: gate.HoldField}
	return p
}

// TestRegateErased: of a case whose original is erased the texts that are published go
// through the gate. What Compare says comes true, also when a run is killed between
// store and intake, and coming back to looser rules shows nothing.
func TestRegateErased(t *testing.T) {
	for _, killed := range []bool{false, true} {
		o := newOffice(t, t.TempDir(), 1)
		o.under(phonesPass())
		o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte(ruleCases + "list K-4 received=2026-11-01 | kind=complain | consent=no | question=不公开。 | reply=已知。\n")}})
		o.shown()
		before := o.dump()
		masked := o.masked()
		o.erase(4)
		if diff := cmp.Diff([]string(nil), o.compare()); diff != "" {
			t.Errorf("the same rules: want - have +\n%s", diff)
		}
		o.under(gate.DefaultPolicy())
		if diff := cmp.Diff([]string{"2611-000001 text map[landline:1]"}, o.compare()); diff != "" {
			t.Errorf("want - have +\n%s", diff)
		}
		if o.dump() != before {
			t.Error("comparing changes something")
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
		after := o.dump()
		checkText(t, "masked further", after, `cut-off 2026-11-02
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
2611-000004 stub not-agreed replied received 2026-11-01
  2026-11-02 publish
`)
		if !killed {
			masked["2611-000001 landline"] = 1
		}
		for what, n := range masked {
			if o.masked()[what] != n {
				t.Errorf("killed %t: %s is known %d times, was %d", killed, what, o.masked()[what], n)
			}
		}
		if diff := cmp.Diff([]string(nil), o.compare()); diff != "" {
			t.Errorf("a second time: %s", diff)
		}
		o.changeRules()
		o.regate()
		o.under(phonesPass())
		if diff := cmp.Diff([]string(nil), o.compare()); diff != "" {
			t.Errorf("looser rules: %s", diff)
		}
		o.changeRules()
		o.regate()
		checkText(t, "nothing more", o.dump(), after)
		o.fsck()
	}
}

// TestRegateErasedToRow: what would wait for a person leaves its row. Delivered once
// more it goes through the gate as ever.
func TestRegateErasedToRow(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	o.under(phonesPass())
	o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte(ruleCases)}})
	o.shown()
	o.erase(3)
	o.under(phonesHeld())
	if diff := cmp.Diff([]string{"2611-000001 to-row map[]"}, o.compare()); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	o.changeRules()
	o.regate()
	if n := len(o.queue()); n != 0 {
		t.Errorf("%d wait for a person who has nothing to look at", n)
	}
	row := `2611-000001 stub not-suitable replied received 2026-11-01
  2026-11-02 publish
  2026-11-02 policy
2611-000002 full`
	if got := o.dump(); !strings.Contains(got, row) {
		t.Errorf("have\n%s", got)
	}
	if got := o.records(); !strings.Contains(got, "stub held-landline,original-erased") {
		t.Errorf("review records:\n%s", got)
	}
	if diff := cmp.Diff([]string(nil), o.compare()); diff != "" {
		t.Errorf("a second time: %s", diff)
	}
	o.pull(lines{{Name: "2026-11-03/a.csv", Data: []byte(ruleCases + "\n")}})
	if q := o.queue(); len(q) != 1 || q[0].Number != "2611-000001" {
		t.Fatalf("%d wait", len(q))
	}
	o.decide(1, true)
	opt := o.options(nil)
	opt.AsOf = o.cutoff()
	if _, err := ingest.Settle(context.Background(), opt, "decision"); err != nil {
		t.Fatal(err)
	}
	if got := o.dump(); !strings.Contains(got, "甲 / 路灯不亮。 / 请拨打0999-*****21。") {
		t.Errorf("have\n%s", got)
	}
}

// TestRegateErasedDecided: what a person has accepted stays accepted, though neither
// the original nor the review record is left, and what she rejected stays a row.
func TestRegateErasedDecided(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte(`list K-1 received=2026-11-01 | kind=complain | question=我的女儿今年七岁，在学校被老师打伤。 | reply=已处理，请拨打0999-7654321。
list K-2 received=2026-11-01 | kind=complain | question=我的儿子今年七岁，在学校被老师打伤。 | reply=已处理。
`)}})
	o.decide(1, true)
	o.decide(2, false)
	opt := o.options(nil)
	opt.AsOf = o.cutoff()
	if _, err := ingest.Settle(context.Background(), opt, "decision"); err != nil {
		t.Fatal(err)
	}
	o.shown()
	before := o.dump()
	if !strings.Contains(before, "2611-000001 full") || !strings.Contains(before, "2611-000002 stub not-suitable") {
		t.Fatal(before)
	}
	o.erase(2)
	if _, err := o.intake.PruneRecords(context.Background(), clock().AddDate(4, 0, 0)); err != nil {
		t.Fatal(err)
	}
	p := gate.DefaultPolicy()
	p.Version = "another name"
	o.under(p)
	for range 2 {
		if diff := cmp.Diff([]string(nil), o.compare()); diff != "" {
			t.Errorf("want - have +\n%s", diff)
		}
		o.changeRules()
		o.regate()
		checkText(t, "decided", o.dump(), before)
	}
	o.under(phonesHeld()) // for which nobody has accepted anything; it was masked
	if diff := cmp.Diff([]string(nil), o.compare()); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
}

// TestRegateErasedSpelt: a number is masked also where its mask does not look like it.
func TestRegateErasedSpelt(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	o.under(phonesPass())
	o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte("list K-1 received=2026-11-01 | kind=complain | title=甲 | question=路灯不亮。 | reply=请拨打电话零九九九-七六五四三二一。\n")}})
	o.shown()
	o.erase(1)
	if got := o.dump(); !strings.Contains(got, "零九九九-七六五四三二一") {
		t.Fatal(got)
	}
	o.under(gate.DefaultPolicy())
	if diff := cmp.Diff([]string{"2611-000001 text map[landline:1]"}, o.compare()); diff != "" {
		t.Errorf("want - have +\n%s", diff)
	}
	o.changeRules()
	o.regate()
	if got := o.dump(); !strings.Contains(got, "请拨打电话0999-*****21。") {
		t.Errorf("have\n%s", got)
	}
}

// TestErasedRowAgreedLater: the writer of a case of which the row alone is published
// agrees after its original was erased. Its texts come again as they were, and are
// published with it.
func TestErasedRowAgreedLater(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	const row = "list K-1 received=2026-11-01 | replied=2026-11-02 | kind=complain | title=路灯 | question=灯坏了,我叫张伟。 | reply=已经修好。 | consent="
	o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte(row + "no\n")}})
	o.shown()
	o.erase(1)
	o.pull(lines{{Name: "2026-11-03/a.csv", Data: []byte(row + "yes\n")}})
	checkText(t, "agreed later", o.dump(), `cut-off 2026-11-03
2611-000001 full replied received 2026-11-01 replied 2026-11-02 days 1
  路灯 / 灯坏了,我叫某某。 / 已经修好。
  2026-11-02 publish
  2026-11-03 update
`)
}
