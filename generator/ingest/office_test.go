package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/source"
)

const officeBatches = `
-- 2026-11-02/a.csv --
list K-1 received=2026-11-01 | unit=city | title=灯 | question=路灯不亮，灯杆三十七 | reply=已修。 | replied=2026-11-02
list K-2 received=2026-11-01 | title=井盖 | question=井盖松动 | reply=已加固。
list K-3 received=2026-11-01 | title=公交 | question=公交太慢 | reply=已加车。
-- 2026-11-03/b.csv --
list K-1 received=2026-11-01 | unit=city | title=灯 | question=路灯不亮，灯杆三十七 | reply=已修。 | replied=2026-11-02 | due=2026-11-20
list K-4 received=2026-11-02 | title=噪声 | question=噪声大
`

// officeSource returns the first n batches of the day.
func officeSource(n int) lines { return txtar.Parse([]byte(officeBatches)).Files[:n] }

// propose is a statement of 王 about a case, joined with what there is of it.
func (o *office) propose(key, act, reason string, set map[string]string, into string, drop ...string) (intake.Ref, intake.Item, intake.Statement) {
	o.t.Helper()
	ctx := context.Background()
	r, err := o.intake.Case(ctx, o.gate.KeyMAC(source.Case, key))
	if err != nil {
		o.t.Fatal(err)
	}
	s := intake.Statement{Act: act, At: clock(), By: "王", Origin: "command line", Reason: reason, Set: set, Into: into, Drop: drop}
	item, s, _, err := o.intake.Propose(ctx, r, s)
	if err != nil {
		o.t.Fatal(err)
	}
	return r, item, s
}

// says keeps a statement and does nothing more, as a process that is killed then.
func (o *office) says(key, act, reason string, set map[string]string, into string, drop ...string) {
	o.t.Helper()
	r, _, s := o.propose(key, act, reason, set, into, drop...)
	if err := o.intake.State(context.Background(), r, s); err != nil {
		o.t.Fatal(err)
	}
}

// tell brings what is pending into the store.
func (o *office) tell() {
	o.t.Helper()
	o.settle("statement")
}

// audit writes down the acts.
func (o *office) audit() string {
	o.t.Helper()
	var b strings.Builder
	for a, err := range o.store.Acts(context.Background(), 1) {
		if err != nil {
			o.t.Fatal(err)
		}
		fmt.Fprintf(&b, "act %d %s of %s by %s: %s\n", a.Seq, a.Act.Act, a.Target, a.By, a.Reason)
	}
	return b.String()
}

// stateAll states three things about two cases.
func (o *office) stateAll() {
	o.says("K-1", "correct", "privacy", map[string]string{"question": "路灯不亮", "due": "2026-11-25"}, "")
	o.says("K-2", "merge", "duplicate", map[string]string{"merged_into": "K-1"}, "2611-000001")
	o.says("K-1", "undo correct", "error", nil, "", "due")
}

const officeWant = `cut-off 2026-11-02
2611-000001 full replied city received 2026-11-01 replied 2026-11-02 days 1
  灯 / 路灯不亮 / 已修。
  2026-11-02 publish
  2026-11-30 correct privacy
2611-000002 stub merged replied received 2026-11-01
  2026-11-02 publish
  2026-11-30 merge duplicate into 2611-000001
2611-000003 full replied received 2026-11-01
  公交 / 公交太慢 / 已加车。
  2026-11-02 publish
act 1 correct of 2611-000001 by 王: privacy
act 2 merge into 2611-000001 of 2611-000002 by 王: duplicate
act 3 undo correct of 2611-000001 by 王: error
`

// What was stated and never came to the store, because the process was killed, comes with
// whatever takes anything in next: once, with its act, and never without it.
func TestOfficeIsFinished(t *testing.T) {
	for name, next := range map[string]func(o *office){
		"by the command itself": (*office).tell,
		"by the next pull":      func(o *office) { o.pull(officeSource(1)); o.tell() },
	} {
		o := newOffice(t, t.TempDir(), 1)
		o.pull(officeSource(1))
		o.stateAll()
		o.close()
		o.open()
		for range 2 {
			next(o)
			checkText(t, name, o.dump()+o.audit(), officeWant)
		}
		o.fsck()
		if o.pull(officeSource(2)); !strings.Contains(o.dump(), "路灯不亮 / 已修。") || strings.Contains(o.dump(), "灯杆三十七") {
			t.Errorf("%s: a later delivery brought the old text back:\n%s", name, o.dump())
		}
		o.close()
	}
}

// A batch that comes first brings it along, and what it delivers changes nothing of it.
func TestOfficeComesWithABatch(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	o.pull(officeSource(1))
	o.stateAll()
	o.pull(officeSource(2))
	got := o.dump() + o.audit()
	for _, want := range []string{"2026-11-30 correct privacy", "路灯不亮 / 已修。", "2026-11-30 merge duplicate into 2611-000001", "act 3 undo correct of 2611-000001"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "灯杆三十七") || strings.Contains(got, "act 4") {
		t.Errorf("the old text, or an act too many:\n%s", got)
	}
	o.fsck()
}

// Each step of making a statement effective fails in its turn: afterwards it is as if none
// had, and no act stands twice in the audit, or without what it did.
func TestOfficeFailsAtEveryStep(t *testing.T) {
	ctx := context.Background()
	begin := func() *office {
		o := newOffice(t, t.TempDir(), 1)
		o.pull(officeSource(1))
		o.stateAll()
		return o
	}
	run := func(o *office, at int) (*faults, error) {
		opt, f := o.faulty(nil, at, func() error { return errCrash })
		opt.AsOf = o.cutoff()
		_, err := ingest.Settle(ctx, opt, "statement")
		return f, err
	}
	o := begin()
	f, err := run(o, 0)
	if err != nil {
		t.Fatal(err)
	}
	o.close()
	steps := int(f.steps.Load())
	if steps < 10 {
		t.Fatalf("%d steps", steps)
	}
	for at := 1; at <= steps; at++ {
		o := begin()
		if _, err := run(o, at); !errors.Is(err, errCrash) {
			t.Fatalf("step %d: %v", at, err)
		}
		o.close()
		o.open()
		if changed, acts := strings.Contains(o.dump(), "correct privacy"), o.audit() != ""; changed != acts {
			t.Errorf("step %d of %d: the case is corrected: %t, the act is kept: %t", at, steps, changed, acts)
		}
		for range 2 {
			o.tell()
			checkText(t, fmt.Sprintf("step %d of %d", at, steps), o.dump()+o.audit(), officeWant)
		}
		o.fsck()
		o.close()
	}
}

// Of a case whose original is erased the texts that are published stand beside what the
// office states, and go through the gate with it.
func TestOfficeErased(t *testing.T) {
	ctx := context.Background()
	for _, tt := range []struct {
		name  string
		set   map[string]string
		want  string // of the case: title, question, reply
		alone bool
		hold  bool
	}{
		{"another question", map[string]string{"question": "路灯坏了"}, "灯 / 路灯坏了 / 已修。", true, false},
		{"another reply", map[string]string{"reply": "已换新。"}, "灯 / 路灯不亮，灯杆三十七 / 已换新。", true, false},
		{"another day", map[string]string{"replied": "2026-11-01"}, "灯 / 路灯不亮，灯杆三十七 / 已修。", true, false},
		{"a question that is held", map[string]string{"question": "邻居家暴"}, "", true, true},
		{"all texts", map[string]string{"title": "一", "question": "二", "reply": "三"}, "一 / 二 / 三", false, false},
	} {
		o := newOffice(t, t.TempDir(), 1)
		o.pull(officeSource(1))
		if n, err := o.intake.Prune(ctx, clock().AddDate(0, 0, 31), 30); n != 3 || err != nil {
			t.Fatalf("erased %d, %v", n, err)
		}
		r, item, s := o.propose("K-1", "correct", "error", tt.set, "")
		opt := o.options(nil)
		opt.AsOf = o.cutoff()
		j, err := ingest.Judge(ctx, opt, item)
		if err != nil || j.Alone != tt.alone || (j.Verdict.Decision == gate.Hold) != tt.hold {
			t.Errorf("%s: alone %t, %s, %v", tt.name, j.Alone, j.Verdict.Decision, err)
		}
		if tt.hold {
			o.close()
			continue // nobody states it
		}
		if err := o.intake.State(ctx, r, s); err != nil {
			t.Fatal(err)
		}
		o.tell()
		if got := o.dump(); !strings.Contains(got, "  "+tt.want+"\n") {
			t.Errorf("%s:\n%s", tt.name, got)
		}
		if o.pull(officeSource(2)); !strings.Contains(o.dump(), "  "+tt.want+"\n") {
			t.Errorf("%s, and delivered again:\n%s", tt.name, o.dump())
		}
		o.fsck()
		o.close()
	}
}

// What nobody delivers is gone when it is taken back, and not merely empty: a consent that
// is empty would keep the case back, and a reply that is would say that there is none.
func TestOfficeTakenBack(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	o.pull(officeSource(2))
	before := o.dump()
	for _, tt := range []struct {
		key string
		set map[string]string
	}{
		{"K-1", map[string]string{"consent": "no"}},
		{"K-1", map[string]string{"consent": "yes", "status": "closed", "closed": "2026-11-02", "topic": "t"}},
		{"K-4", map[string]string{"reply": "已劝止。", "replied": "2026-11-03"}},
		{"K-2", map[string]string{"merged_into": "K-1", "repeat_of": "K-1"}},
	} {
		o.says(tt.key, "correct", "error", tt.set, "")
		o.tell()
		if o.dump() == before {
			t.Errorf("%v changes nothing", tt.set)
		}
		var fields []string
		for f := range tt.set {
			fields = append(fields, f)
		}
		o.says(tt.key, "undo correct", "error", nil, "", fields...)
		o.tell()
		states := func(dump string) string { // without the events
			var lines []string
			for line := range strings.Lines(dump) {
				if !strings.HasPrefix(line, "  2026-") {
					lines = append(lines, line)
				}
			}
			return strings.Join(lines, "")
		}
		checkText(t, fmt.Sprint(tt.set), states(o.dump()), states(before))
	}
	o.fsck()
}

// What was stated of cases whose originals are erased, and not brought because the process
// was killed, comes when other rules are applied first: days, mergers and texts alike, and
// of a row too.
func TestOfficeComesWithRules(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	o.pull(append(officeSource(1), lines{{Name: "2026-11-02/b.csv", Data: []byte("list K-5 received=2026-11-01 | consent=no | question=不公开。 | reply=已知。\n")}}...))
	o.shown()
	o.says("K-5", "correct", "error", map[string]string{"unit": "city"}, "")
	o.tell()
	o.erase(4)
	o.says("K-1", "correct", "privacy", map[string]string{"question": "路灯不亮", "replied": "2026-11-01"}, "")
	o.says("K-2", "merge", "duplicate", map[string]string{"merged_into": "K-1"}, "2611-000001")
	o.says("K-5", "undo correct", "error", nil, "", "unit")
	o.close()
	o.open()
	o.changeRules()
	for range 2 {
		o.regate()
		checkText(t, "with the rules", o.dump(), `cut-off 2026-11-02
2611-000001 full replied city received 2026-11-01 replied 2026-11-01 days 0
  灯 / 路灯不亮 / 已修。
  2026-11-02 publish
  2026-11-30 correct privacy
2611-000002 stub merged replied received 2026-11-01
  2026-11-02 publish
  2026-11-30 merge duplicate into 2611-000001
2611-000003 full replied received 2026-11-01
  公交 / 公交太慢 / 已加车。
  2026-11-02 publish
2611-000004 stub not-agreed replied received 2026-11-01
  2026-11-02 publish
  2026-11-30 correct error
  2026-11-30 correct error
`)
	}
	o.fsck()
}
