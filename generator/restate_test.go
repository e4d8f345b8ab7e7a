package generator_test

import (
	"context"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// restatements returns the lines of the published file that speak of a measure: scope,
// period, cut-off, old and new value, why, and the cases.
func (o *office) restatements(measure string) string {
	o.t.Helper()
	body, _ := o.lookup("data/restatements.csv")
	all, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		o.t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range all[1:] {
		if r[2] == measure {
			b.WriteString(strings.Join([]string{r[1], r[4] + "/" + r[5], r[6], r[7], r[8] + "/" + r[9] + "+" + r[10], r[11] + "/" + r[12] + "+" + r[13], r[14], r[15], r[16]}, " ") + "\n")
		}
	}
	return b.String()
}

// TestRestated publishes September, gets a reply of September in November, and a case
// that was handled by another unit, and says what is told of the figures that were
// published before.
func TestRestated(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-10-31", `
		area:990101 name=东城区
		unit:lamps name=路灯管理处 | area=990101
		unit:water name=自来水公司 | area=990101
		K-1 unit=lamps | area=990101 | received=2026-09-02 | due=2026-09-20 | replied= | status=handling
		K-2 unit=lamps | area=990101 | received=2026-09-03 | due=2026-09-20 | replied=2026-09-10 | status=replied | title=路灯 | question=灯坏了。 | reply=已经修好。
		K-3 unit=lamps | area=990101 | received=2026-09-04 | due=2026-09-20 | replied= | status=handling`)
	if r := o.publish(); r.Restated != 0 {
		t.Errorf("the first release restates %d figures", r.Restated)
	}

	// A reply of November is no restatement: at the cut-off of October there was none.
	o.pull("2026-11-05", "K-3 unit=lamps | area=990101 | received=2026-09-04 | due=2026-09-20 | replied=2026-11-04 | status=replied | title=路灯 | question=灯坏了。 | reply=修好了。")
	if r := o.publish(); r.Restated != 0 {
		t.Errorf("growth is told as %d restatements:\n%s", r.Restated, o.restatements(assess.MeasureRepliedOfDue))
	}

	// A reply of September that is delivered now is one, and so is the unit that is another.
	o.pull("2026-11-06", `
		K-1 unit=lamps | area=990101 | received=2026-09-02 | due=2026-09-20 | replied=2026-09-18 | status=replied | title=路灯 | question=灯坏了。 | reply=已经修好。
		K-2 unit=water | area=990101 | received=2026-09-03 | due=2026-09-20 | replied=2026-09-10 | status=replied | title=路灯 | question=灯坏了。 | reply=已经修好。`)
	r := o.publish()
	want := `2026-11-06 all/ 2026-09 2026-11-05 2/3+0 3/3+0 update 1 2609-000001
2026-11-06 area/990101 2026-09 2026-11-05 2/3+0 3/3+0 update 1 2609-000001
2026-11-06 unit/lamps 2026-09 2026-11-05 2/3+0 2/2+0 correct update 2 2609-000001 2609-000002
2026-11-06 unit/water 2026-09 2026-11-05 0/0+0 1/1+0 correct 1 2609-000002
`
	if diff := cmp.Diff(want, o.restatements(assess.MeasureRepliedOfDue)); diff != "" || r.Restated == 0 {
		t.Errorf("%d restated: want -, got +\n%s", r.Restated, diff)
	}

	// They stay told, and are told once.
	o.pull("2026-11-07", "K-4 unit=water | area=990101 | received=2026-11-06 | due=2026-11-20 | replied= | status=handling")
	if r := o.publish(); r.Restated != 0 {
		t.Errorf("told again: %d", r.Restated)
	}
	if diff := cmp.Diff(want, o.restatements(assess.MeasureRepliedOfDue)); diff != "" {
		t.Errorf("after another release: want -, got +\n%s", diff)
	}
	if page, _ := o.lookup("restatements/2026-11-06.html"); !strings.Contains(page, "2609-000001") {
		t.Error("the page does not tell of the case")
	}
}

// TestHiddenCorrectionRestates corrects unit and question of a case for a reason that hides.
// The figures of both units are told, with the case.
func TestHiddenCorrectionRestates(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-10-31", `
		area:990101 name=东城区
		unit:lamps name=路灯管理处 | area=990101
		unit:water name=自来水公司 | area=990101
		K-1 unit=lamps | area=990101 | received=2026-09-03 | due=2026-09-20 | replied=2026-09-10 | status=replied | title=路灯 | question=灯坏了。 | reply=已经修好。`)
	o.publish()
	err := o.store.Stated(t.Context(), []record.Statement{{
		ID: "1", MAC: o.gate.KeyMAC(source.Case, "K-1"), Act: record.ActCorrect, At: time.Date(2026, 11, 6, 9, 0, 0, 0, time.UTC),
		By: "王", Origin: "command line", Reason: record.Privacy,
	}})
	if err != nil {
		t.Fatal(err)
	}
	o.pull("2026-10-31", "K-1 unit=water | area=990101 | received=2026-09-03 | due=2026-09-20 | replied=2026-09-10 | status=replied | title=水管 | question=水管坏了。 | reply=已经修好。")
	o.publish()
	want := `2026-10-31 unit/lamps 2026-09 2026-10-31 1/1+0 0/0+0 correct 1 2609-000001
2026-10-31 unit/water 2026-09 2026-10-31 0/0+0 1/1+0 correct 1 2609-000001
`
	if diff := cmp.Diff(want, o.restatements(assess.MeasureRepliedOfDue)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// TestRegisterRestates says that a figure which only the register has changed names no
// case.
func TestRegisterRestates(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-10-31", `
		area:990101 name=东城区
		area:990102 name=西城区
		K-1 area=990101 | received=2026-09-02 | due=2026-09-20 | replied= | status=handling`)
	o.publish()
	o.pull("2026-11-01", "area:990101 name=东城区 | parent=990102")
	o.publish()
	want := "2026-11-01 area/990102 2026-09 2026-10-31 0/0+0 0/1+0 register 0 \n"
	if diff := cmp.Diff(want, o.restatements(assess.MeasureRepliedOfDue)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// TestOnlyRowsAreRestated delivers a case of September late, publishes one in full later,
// withdraws another that had a topic and a rating, and gets a rating. It says that only the
// late case is told, with its cause: what is published in full later is growth, and a
// restatement would say of the withdrawn case what it had been about.
func TestOnlyRowsAreRestated(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-10-31", `
		unit:lamps name=路灯管理处
		topic:road name=道路
		K-1 unit=lamps | topic=road | kind=help | received=2026-09-02 | due=2026-09-20 | replied=2026-09-10 | status=replied | title=路灯 | question=灯坏了。 | reply=已经修好。
		K-2 unit=lamps | topic=road | kind=complain | received=2026-09-03 | due=2026-09-20 | replied=2026-09-10 | status=replied | rating=4 | rating_scale=five | title=路灯 | question=灯坏了。 | reply=已经修好。
		K-3 unit=lamps | topic=road | received=2026-09-03 | due=2026-11-20 | replied= | status=handling`)
	o.publish()
	o.pull("2026-11-05", `
		K-1 unit=lamps | topic=road | kind=help | received=2026-09-02 | due=2026-09-20 | replied=2026-09-10 | status=replied | rating=1 | rating_scale=five | title=路灯 | question=灯坏了。 | reply=已经修好。
		K-2 GONE
		K-3 unit=lamps | topic=road | received=2026-09-03 | due=2026-11-20 | replied=2026-11-02 | status=replied | title=路灯 | question=灯坏了。 | reply=已经修好。
		K-4 unit=lamps | received=2026-09-05 | due=2026-09-20 | replied=2026-09-10 | status=replied | title=路灯`)
	o.publish()

	body, _ := o.lookup("data/restatements.csv")
	all, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all[1:] {
		if r[14] != "publish" || r[16] != "2609-000004" {
			t.Errorf("not for the late case: %v", r)
		}
	}
	want := `2026-11-05 all/ 2026-09 2026-10-31 3/+0 4/+0 publish 1 2609-000004
2026-11-05 unit/lamps 2026-09 2026-10-31 3/+0 4/+0 publish 1 2609-000004
`
	if diff := cmp.Diff(want, o.restatements(assess.MeasureReceived)); diff != "" {
		t.Errorf("received: want -, got +\n%s", diff)
	}
}

// repliedOn is a case of September, but for the day of its reply.
const repliedOn = "K-1 unit=lamps | received=2026-09-02 | due=2026-09-20 | status=replied | question=灯。 | reply=修好了。 | replied="

// restatedOffice has two releases: the second restates that the reply was in time.
func restatedOffice(t *testing.T) *office {
	o := newOffice(t)
	o.pull("2026-10-31", "unit:lamps name=路灯管理处\n"+repliedOn+"2026-09-10")
	o.publish()
	o.pull("2026-11-01", repliedOn+"2026-09-25")
	o.publish()
	return o
}

// TestRollbackTakesBackWhatWasRestated says that what a release restated which was rolled
// back is told once, by the release that shows it again.
func TestRollbackTakesBackWhatWasRestated(t *testing.T) {
	o := restatedOffice(t)
	if err := o.releases.Rollback(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2026-11-02", "2026-11-03"} {
		o.pull(day, "K-"+day+" unit=lamps | received=2026-11-02 | due=2026-11-20 | replied= | status=handling")
		o.publish()
	}
	want := `2026-11-02 all/ 2026-09 2026-10-31 1/1+0 0/1+0 correct 1 2609-000001
2026-11-02 unit/lamps 2026-09 2026-10-31 1/1+0 0/1+0 correct 1 2609-000001
`
	if diff := cmp.Diff(want, o.restatements(assess.MeasureOnTimeReply)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// TestRestatementsOutliveACrash stops a publish between the switch and the record of it,
// and takes another batch before the next one. The log of restatements is still there, and
// what has changed since is told against the last release that is known.
func TestRestatementsOutliveACrash(t *testing.T) {
	o := restatedOffice(t)
	ctx, stop := context.WithCancel(t.Context())
	o.pull("2026-11-02", "K-2 unit=lamps | received=2026-11-02 | due=2026-11-20 | replied= | status=handling")
	o.progress = func(what string, done, total int) {
		if strings.HasPrefix(what, "rendering") && done == total {
			stop()
		}
	}
	if _, err := o.generator().Publish(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("the run was not stopped: %v", err)
	}
	o.progress = func(string, int, int) {}
	if n, err := o.releases.CurrentNumber(); n != 3 || len(o.journal()) != 2 {
		t.Fatalf("release %d, %d in the journal, %v", n, len(o.journal()), err)
	}
	o.pull("2026-11-03", repliedOn+"2026-09-12")
	o.publish()
	want := `2026-11-03 all/ 2026-09 2026-11-01 0/1+0 1/1+0 correct 1 2609-000001
2026-11-03 unit/lamps 2026-09 2026-11-01 0/1+0 1/1+0 correct 1 2609-000001
2026-11-01 all/ 2026-09 2026-10-31 1/1+0 0/1+0 correct 1 2609-000001
2026-11-01 unit/lamps 2026-09 2026-10-31 1/1+0 0/1+0 correct 1 2609-000001
`
	if diff := cmp.Diff(want, o.restatements(assess.MeasureOnTimeReply)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}
