package generator_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/site/release"
)

// The leak report is the same bytes however many work on the release, and in
// whatever order its partitions are done: the second of two workers overtakes the
// first wherever that one waits.
func TestLeakReportWhoeverWorks(t *testing.T) {
	var want map[string]string
	for _, work := range []struct {
		name     string
		parallel int
		last     string
	}{
		{"one", 1, ""}, {"two", 2, ""}, {"eight", 8, ""},
		{"eight, cases last", 8, "case/2610/0000"}, {"eight, home last", 8, "home"}, {"two, a unit last", 2, "unit/1/000"},
	} {
		o := newOffice(t)
		o.parallel = work.parallel
		var held atomic.Bool
		others := make(chan struct{})
		o.progress = func(what string, done, total int) {
			if strings.HasPrefix(what, "rendering") && done == total-pages.LeakParts-1 {
				close(others)
			}
		}
		o.renderer.before = func(key string) {
			if key == work.last {
				held.Store(true)
				<-others
			}
		}
		o.pull("2026-11-02", withLine(city()))
		mobile := o.valueOf("13812345678", gate.Mobile)
		o.masked = []generator.Masked{{Number: "2610-000001", Type: gate.Mobile, Value: mobile}, {Number: "2610-000002", Type: gate.Plate, Value: mobile}}
		o.publish()
		got := map[string]string{}
		for _, m := range o.manifest().Partitions {
			got[m.Key] = m.Pack
		}
		for _, path := range []string{pages.LeaksDataPath, pages.LeaksPath} {
			body, state := o.lookup(path)
			if state != release.Found {
				t.Fatalf("%s: %s: state %v", work.name, path, state)
			}
			got[path] = body
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-one +%s):\n%s", work.name, work.name, diff)
		}
		if held.Load() != (work.last != "") {
			t.Errorf("%s: no partition %s", work.name, work.last)
		}
	}
}
