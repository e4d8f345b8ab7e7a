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
	"github.com/huiyin/huiyin/generator/record"
)

// heldCases are two that are held for what they are about, two that perhaps accuse
// an official, and one that is published.
const heldCases = `list K-1 received=2026-11-01 | kind=complain | title=甲 | question=我的孩子今年九岁,在学校被同学殴打,电话13800138000。 | reply=已联系学校。
list K-2 received=2026-11-01 | kind=complain | title=乙 | question=我的女儿今年八岁,在学校被同学殴打。 | reply=已联系学校。
list K-3 received=2026-11-01 | title=丙 | question=有人滥用职权,请联系13900139000。 | reply=已转办。
list K-4 received=2026-11-01 | title=丁 | question=有人贪污公款。 | reply=已转办。
list K-5 received=2026-11-01 | kind=complain | title=戊 | question=路灯不亮。 | reply=请拨打0999-7654321。
`

func heldSource() lines { return lines{{Name: "2026-11-02/a.csv", Data: []byte(heldCases)}} }

// settle takes what is pending into the store at its cut-off.
func (o *office) settle(why string) ingest.Summary {
	o.t.Helper()
	opt := o.options(nil)
	opt.AsOf = o.cutoff()
	sum, err := ingest.Settle(context.Background(), opt, why)
	if err != nil {
		o.t.Fatal(err)
	}
	return sum
}

func (o *office) cutoff() record.Day {
	o.t.Helper()
	day, err := o.store.Cutoff(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	return day
}

func (o *office) queue() []intake.HeldItem {
	o.t.Helper()
	queue, err := o.intake.Queue(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	return queue
}

// decide decides about the n-th entry of the queue, counting from 1.
func (o *office) decide(n int, accept bool) {
	o.t.Helper()
	item := o.queue()[n-1]
	err := o.intake.Decide(context.Background(), intake.Decision{ID: item.ID, Code: item.Code, Accept: accept, By: "某审核员", Basis: "已核对"})
	if err != nil {
		o.t.Fatal(err)
	}
}

// records writes down the review records of one entry after the other.
func (o *office) records() string {
	o.t.Helper()
	var b strings.Builder
	for r, err := range o.intake.Records(context.Background(), clock().AddDate(-1, 0, 0)) {
		if err != nil {
			o.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s %s %s %s", r.Number, r.AsOf, r.By, r.Decision, strings.Join(r.Reasons, ","))
		if r.Basis != "" {
			fmt.Fprintf(&b, " (%s)", r.Basis)
		}
		if r.After == "" {
			b.WriteString(" nothing came out")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// masked counts what is noted as masked, by number.
func (o *office) masked() map[string]int {
	o.t.Helper()
	n := map[string]int{}
	for m, err := range o.intake.Masked(context.Background()) {
		if err != nil {
			o.t.Fatal(err)
		}
		n[m.Number+" "+m.Type]++
	}
	return n
}

// decideAll accepts the first and the third entry and rejects the others.
func decideAll(o *office) {
	o.t.Helper()
	if n := len(o.queue()); n != 4 {
		o.t.Fatalf("%d entries in the queue", n)
	}
	for n, accept := range []bool{true, false, true, false} {
		o.decide(n+1, accept)
	}
}

// TestDecide decides about every kind of entry, and then a new delivery comes.
func TestDecide(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	o.pull(heldSource())
	checkText(t, "before", o.dump(), `cut-off 2026-11-02
2611-000001 stub under-review replied received 2026-11-01
  2026-11-02 publish
2611-000002 stub under-review replied received 2026-11-01
  2026-11-02 publish
2611-000003 full replied received 2026-11-01
  戊 / 路灯不亮。 / 请拨打0999-*****21。
  2026-11-02 publish
`)
	decideAll(o)
	sum := o.settle("decision")
	if sum.New != 1 || sum.Excluded != 1 || sum.Held != 0 {
		t.Errorf("%+v", sum.Counts)
	}
	const decided = `cut-off 2026-11-02
2611-000001 full replied received 2026-11-01
  甲 / 我的孩子今年九岁,在学校被同学殴打,电话138****8000。 / 已联系学校。
  2026-11-02 publish
  2026-11-02 update
2611-000002 stub not-suitable replied received 2026-11-01
  2026-11-02 publish
  2026-11-02 update
2611-000003 full replied received 2026-11-01
  戊 / 路灯不亮。 / 请拨打0999-*****21。
  2026-11-02 publish
2611-000004 full replied received 2026-11-01
  丙 / 有人滥用职权,请联系139****9000。 / 已转办。
  2026-11-02 publish
`
	checkText(t, "decided", o.dump(), decided)
	checkText(t, "records", o.records(), `2611-000001 2026-11-02  hold sensitive-minor
2611-000002 2026-11-02  hold sensitive-minor
2611-000004 2026-11-02  silent perhaps-accusing nothing came out
 2026-11-02  silent perhaps-accusing nothing came out
2611-000003 2026-11-02  publish 
2611-000001  某审核员 accept sensitive-minor (已核对) nothing came out
2611-000002  某审核员 reject sensitive-minor (已核对) nothing came out
2611-000004  某审核员 accept perhaps-accusing (已核对) nothing came out
  某审核员 reject perhaps-accusing (已核对) nothing came out
2611-000001 2026-11-02  publish sensitive-minor
2611-000002 2026-11-02  stub rejected,sensitive-minor
2611-000004 2026-11-02  publish perhaps-accusing
 2026-11-02  exclude perhaps-accusing,rejected nothing came out
`)
	if m := o.masked(); m["2611-000001 mobile"] != 1 || m["2611-000004 mobile"] != 1 {
		t.Errorf("masked: %v", m)
	}
	// Nothing is pending, and what was delivered is not news.
	if again := o.settle("decision"); again.Batches != 0 {
		t.Errorf("settled again: %+v", again)
	}
	o.pull(heldSource())
	checkText(t, "delivered again", o.dump(), decided)
	if n := len(o.queue()); n != 0 {
		t.Errorf("%d entries wait", n)
	}
	// Another text is judged anew, and what was rejected before waits for a person again.
	o.pull(append(heldSource(), txtar.File{Name: "2026-11-03/b.csv", Data: []byte(`list K-1 received=2026-11-01 | kind=complain | title=甲 | question=我的孩子今年九岁,在学校又被殴打。 | reply=已联系学校。
list K-2 received=2026-11-01 | kind=complain | title=乙 | question=学校门口没有路灯。 | reply=已联系学校。
`)}))
	dump := o.dump()
	for _, want := range []string{"2611-000001 stub under-review", "2611-000002 stub under-review"} {
		if !strings.Contains(dump, want) {
			t.Errorf("there is no %q in\n%s", want, dump)
		}
	}
	q := o.queue()
	if len(q) != 2 || q[0].Number != "2611-000001" || q[0].Since != "2026-11-03" || q[1].Number != "2611-000002" || q[1].Reasons[0] != "rejected-before" {
		t.Fatalf("queue %+v", q)
	}
	o.decide(2, true)
	o.settle("decision")
	if want := "乙 / 学校门口没有路灯。 / 已联系学校。"; !strings.Contains(o.dump(), want) {
		t.Errorf("there is no %q in\n%s", want, o.dump())
	}
	o.fsck()
}

// TestRejectOrdinary: a case that a person has taken for an ordinary one is rejected as
// one, and its row stays. Another text that accuses asks anew.
func TestRejectOrdinary(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	day1 := txtar.File{Name: "2026-11-02/a.csv", Data: []byte(
		"list K-1 received=2026-11-01 | title=甲 | question=有人贪污公款,打1的3的8的1的2的3的4的5的6的7的8。 | reply=已转办。\n")}
	o.pull(lines{day1})
	o.decide(1, true)
	o.settle("decision")
	if q := o.queue(); len(q) != 1 || q[0].Silent || strings.Join(q[0].Reasons, " ") != "doubtful-mobile perhaps-accusing" {
		t.Fatalf("queue %+v", q)
	}
	o.decide(1, false)
	o.settle("decision")
	rejected := `cut-off 2026-11-02
2611-000001 stub not-suitable replied received 2026-11-01
  2026-11-02 publish
  2026-11-02 update
`
	checkText(t, "rejected", o.dump(), rejected)
	checkText(t, "records", o.records(), `2611-000001 2026-11-02  silent perhaps-accusing nothing came out
2611-000001  某审核员 accept perhaps-accusing (已核对) nothing came out
2611-000001 2026-11-02  hold doubtful-mobile,perhaps-accusing
2611-000001  某审核员 reject doubtful-mobile,perhaps-accusing (已核对) nothing came out
2611-000001 2026-11-02  stub doubtful-mobile,perhaps-accusing,rejected
`)
	o.pull(lines{day1})
	checkText(t, "delivered again", o.dump(), rejected)
	o.pull(lines{day1, {Name: "2026-11-03/b.csv", Data: []byte(
		"list K-1 received=2026-11-01 | title=甲 | question=有人贪污公款,不止一次。 | reply=已转办。\n")}})
	if q := o.queue(); len(q) != 1 || !q[0].Silent || q[0].Since != "2026-11-03" {
		t.Fatalf("another text: queue %+v", q)
	}
	o.decide(1, false)
	o.settle("decision")
	if !strings.HasSuffix(o.records(), "  exclude perhaps-accusing,rejected nothing came out\n") {
		t.Errorf("another text, rejected:\n%s", o.records())
	}
	o.fsck()
}

// TestRejectAfterPublication rejects a case that was drawn from those published: it
// is taken back everywhere.
func TestRejectAfterPublication(t *testing.T) {
	o := newOffice(t, t.TempDir(), 1)
	policy := gate.DefaultPolicy()
	policy.SampleEvery = 1
	policy.Citizen[gate.Mobile] = gate.Rule{Action: gate.Sample}
	o.under(policy)
	o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte("list K-1 received=2026-11-01 | kind=complain | title=甲 | question=路灯不亮,电话13800138000。 | reply=已修。\n" +
		"list K-2 received=2026-11-01 | kind=complain | title=乙 | question=井盖松动,电话13900139000。 | reply=已修。\n")}})
	checkText(t, "before", o.dump(), `cut-off 2026-11-02
2611-000001 full replied received 2026-11-01
  甲 / 路灯不亮,电话138****8000。 / 已修。
  2026-11-02 publish
2611-000002 full replied received 2026-11-01
  乙 / 井盖松动,电话139****9000。 / 已修。
  2026-11-02 publish
`)
	for _, item := range o.queue() {
		if !item.Sample || item.Silent {
			t.Errorf("%+v", item)
		}
	}
	o.decide(1, false)
	o.decide(2, true)
	o.settle("decision")
	checkText(t, "after", o.dump(), `cut-off 2026-11-02
2611-000001 stub not-suitable replied received 2026-11-01
  2026-11-02 publish
  2026-11-02 correct
2611-000002 full replied received 2026-11-01
  乙 / 井盖松动,电话139****9000。 / 已修。
  2026-11-02 publish
`)
	back, err := o.store.Retractions(context.Background())
	if err != nil || len(back) != 1 || back[0].Number != "2611-000001" {
		t.Errorf("taken back: %+v, %v", back, err)
	}
	if q := o.queue(); len(q) != 0 {
		t.Errorf("what a person has seen is drawn again: %+v", q)
	}
	o.fsck()
}

// under gives the office a gate with another policy.
func (o *office) under(p gate.Policy) {
	o.t.Helper()
	g, err := gate.New(gate.Options{Key: o.key.Gate(), Policy: p})
	if err != nil {
		o.t.Fatal(err)
	}
	o.gate = g
}

// TestFailWhileDeciding makes each step of taking decisions fail in its turn. The
// next run finishes it, and everything is as if nothing had failed.
func TestFailWhileDeciding(t *testing.T) {
	run := func(at int) (o *office, steps int, err error) {
		o = newOffice(t, t.TempDir(), 1)
		o.pull(heldSource())
		decideAll(o)
		opt, f := o.faulty(nil, at, func() error { return errCrash })
		opt.AsOf = o.cutoff()
		_, err = ingest.Settle(context.Background(), opt, "decision")
		return o, int(f.steps.Load()), err
	}
	o, steps, err := run(0)
	if err != nil {
		t.Fatal(err)
	}
	want := o.dump() + o.status() + o.records()
	o.close()
	for at := 1; at <= steps; at++ {
		o, _, err := run(at)
		if !errors.Is(err, errCrash) {
			t.Fatalf("step %d: %v", at, err)
		}
		o.close()
		o.open()
		o.settle("decision")
		checkText(t, fmt.Sprintf("step %d of %d", at, steps), o.dump()+o.status()+o.records(), want)
		o.fsck()
		o.close()
	}
}

// TestDecisionsInTheNextBatch: where taking decisions failed, the next export takes
// them along.
func TestDecisionsInTheNextBatch(t *testing.T) {
	next := append(heldSource(), txtar.File{Name: "2026-11-04/b.csv", Data: []byte("list K-9 received=2026-11-03 | kind=complain | title=壬 | question=九 | reply=答\n")})
	o := newOffice(t, t.TempDir(), 1)
	o.pull(heldSource())
	decideAll(o)
	o.pull(next)
	dump := o.dump()
	for _, want := range []string{"138****8000", "2611-000002 stub not-suitable", "139****9000", "壬 / 九 / 答"} {
		if !strings.Contains(dump, want) {
			t.Errorf("there is no %q in\n%s", want, dump)
		}
	}
	if n := len(o.queue()); n != 0 {
		t.Errorf("%d entries wait", n)
	}
	o.fsck()
}

// TestDecisionsBesideAnUnfinishedBatch: decisions are taken by the run that makes up
// for the last step of a batch that the store has already.
func TestDecisionsBesideAnUnfinishedBatch(t *testing.T) {
	next := append(heldSource(), txtar.File{Name: "2026-11-04/b.csv", Data: []byte("list K-9 received=2026-11-03 | kind=complain | title=壬 | question=九 | reply=答\n")})
	o := newOffice(t, t.TempDir(), 1)
	o.pull(heldSource())
	opt := o.options(next)
	opt.Intake = unfinished{o.intake}
	if _, err := ingest.Run(context.Background(), opt); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	decideAll(o)
	o.pull(next)
	o.settle("decision")
	dump := o.dump()
	for _, want := range []string{"138****8000", "2611-000002 stub not-suitable", "139****9000", "壬 / 九 / 答"} {
		if !strings.Contains(dump, want) {
			t.Errorf("there is no %q in\n%s", want, dump)
		}
	}
	o.fsck()
}

// unfinished is an intake that fails when it is told what became of a batch.
type unfinished struct{ *intake.DB }

func (unfinished) Finish(context.Context, intake.Info, []intake.Outcome, []intake.Note) error {
	return errCrash
}

// TestPreview shows what accepting would publish, and stores nothing.
func TestPreview(t *testing.T) {
	ctx := context.Background()
	o := newOffice(t, t.TempDir(), 1)
	o.pull(heldSource())
	before := o.dump() + o.status() + o.records()
	for n, want := range []string{"138****8000", "我的女儿", "139****9000", "有人贪污公款。"} {
		ref, err := o.intake.Ref(ctx, o.queue()[n])
		if err != nil {
			t.Fatal(err)
		}
		opt := o.options(nil)
		opt.AsOf = o.cutoff()
		p, err := ingest.PreviewAccept(ctx, opt, ref)
		if err != nil {
			t.Fatal(err)
		}
		c, ok := p.Accepted.Value().(record.Case)
		if !ok || c.Prominence != record.Full || !strings.Contains(c.Question, want) || p.Accepting.Decision != gate.Publish {
			t.Errorf("entry %d: %+v", n+1, p.Accepting)
		}
		if v := p.Verdict.Decision; v != gate.Hold && v != gate.Silent {
			t.Errorf("entry %d without acceptance: %s", n+1, v)
		}
	}
	checkText(t, "after a look", o.dump()+o.status()+o.records(), before)
}
