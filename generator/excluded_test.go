package generator_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// TestExcluded publishes how many cases accuse an official, in the report alone. What
// a release has said stands, also where the run ended before it was recorded.
func TestExcluded(t *testing.T) {
	o := newOffice(t)
	oct, nov := record.MonthOf(2026, 10), record.MonthOf(2026, 11)
	said := func() []record.Excluded {
		t.Helper()
		var l pages.Leaks
		body, _ := o.lookup(pages.LeaksDataPath)
		if err := json.Unmarshal([]byte(body), &l); err != nil {
			t.Fatal(err)
		}
		return l.Excluded
	}
	check := func(step string, want ...record.Excluded) {
		t.Helper()
		if diff := cmp.Diff(want, said()); diff != "" {
			t.Errorf("%s: want - have +\n%s", step, diff)
		}
	}
	o.excluded = map[record.Month]int64{oct: 4, nov: 20}
	o.pull("2026-11-02", city())
	o.publish()
	check("too few")

	o.excluded = map[record.Month]int64{oct: 7, nov: 20}
	o.pull("2026-11-03", "unit:gas name=燃气公司 | area=990101\n")
	ctx, stop := context.WithCancel(t.Context())
	o.progress = func(what string, done, total int) {
		if strings.HasPrefix(what, "rendering") && done == total {
			stop() // between the switch and the record of it
		}
	}
	if _, err := o.generator().Publish(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	o.progress = func(string, int, int) {}
	if r := o.publish(); !r.Nothing {
		t.Errorf("%+v", r)
	}
	check("a month that is over", record.Excluded{Until: oct, N: 7})

	o.excluded = map[record.Month]int64{oct: 9, nov: 21}
	o.pull("2026-12-01", "unit:heat name=供热公司 | area=990101\n")
	o.publish()
	check("a small step", record.Excluded{Until: oct, N: 7}, record.Excluded{From: nov, Until: nov, N: 21})

	o.excluded = map[record.Month]int64{oct: 12, nov: 22}
	o.pull("2026-12-02", "unit:bus name=公交公司 | area=990101\n")
	o.publish()
	check("a step of five", record.Excluded{Until: oct, N: 12}, record.Excluded{From: nov, Until: nov, N: 21})
}
