package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
)

// TestAnyNumberOfWorkers: what is compared and suggested of many chunks of cases does
// not depend on how many goroutines do it, and a failure ends them all.
func TestAnyNumberOfWorkers(t *testing.T) {
	const cases = 500
	var b strings.Builder
	for i := range cases {
		line := "0999-7654321"
		if i%2 == 1 {
			line = "（0999）7654321" // the first reply says how it is written
		}
		fmt.Fprintf(&b, "list K-%03d received=2026-11-01 | kind=complain | unit=u-%d | title=甲 | question=第%d盏路灯不亮。 | reply=请拨打%s。\n", i, i%7, i, line)
	}
	o := newOffice(t, t.TempDir(), 1)
	o.under(phonesPass())
	o.pull(lines{{Name: "2026-11-02/a.csv", Data: []byte(b.String())}})
	o.under(gate.DefaultPolicy())
	all := o.compare() // with several numbers of workers
	if len(all) != cases {
		t.Fatalf("%d cases differ", len(all))
	}
	for i, line := range all {
		if want := fmt.Sprintf("2611-%06d anew map[landline:1]", i+1); line != want {
			t.Fatalf("line %d: %s, want %s", i, line, want)
		}
	}
	var want []ingest.Suggestion
	for _, workers := range []int{1, 3, 16} {
		opt := o.options(nil)
		opt.AsOf, opt.Workers = o.cutoff(), workers
		have, err := ingest.Suggest(context.Background(), opt, o.refs())
		if err != nil || len(have) != 7 || have[1].Value != "（0999）7654321" && have[1].Value != "(0999)7654321" {
			t.Fatalf("%d workers: %+v, %v", workers, have, err)
		}
		if want == nil {
			want = have
		} else if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%d workers: want - have +\n%s", workers, diff)
		}
	}
	opt := o.options(nil)
	opt.AsOf, opt.Workers = o.cutoff(), 3
	seen := 0
	err := ingest.Compare(context.Background(), opt, o.refs(), o.store, nil, func(ingest.Change) error {
		if seen++; seen == 100 {
			return errCrash
		}
		return nil
	})
	if err != errCrash || seen != 100 {
		t.Errorf("%d changes, %v", seen, err)
	}
}
