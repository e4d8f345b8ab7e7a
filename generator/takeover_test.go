package generator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
)

// What stops a release that is made from nothing stops one in steps, although the page says
// what it said: a number on it was masked in some case since, or a unit whose line it shows
// has nothing to do with its cases any more.
func TestTakenOverAndFound(t *testing.T) {
	few := func(co string) string {
		return "area:990101 name=东城区\nunit:lamps phones=0999-7654321 | name=路灯管理处 | area=990101\nunit:water name=自来水公司 | area=990101\nunit:roads name=道路养护处 | area=990101\n" +
			strings.TrimSuffix(answered("K-1", "water", "已经修好。"), "\n") + " | co_units=" + co + "\n"
	}
	for name, tt := range map[string]struct {
		path, plant  string
		first, again string // what is delivered
		masked       func(*office)
	}{
		"a number masked since": {
			"unit/lamps.html", "<p>一三八的一二三四的五六七八</p>", city(), answered("K-0310", "lamps", "灯杆也换过了。"),
			func(o *office) {
				o.masked = []generator.Masked{{Number: "2610-000311", Type: gate.Mobile, Value: o.valueOf("13812345678", gate.Mobile)}}
			},
		},
		"a unit of before": {"unit/water.html", "<p>电话0999-7654321</p>", few("lamps"), few("roads"), func(*office) {}},
	} {
		for _, steps := range []bool{true, false} {
			o := newOffice(t)
			o.renderer.plant = map[string]string{tt.path: tt.plant}
			o.pull("2026-11-02", tt.first)
			if steps {
				o.publish()
			}
			o.pull("2026-11-02", tt.again)
			tt.masked(o)
			_, err := o.generator().Publish(t.Context())
			if msg, _, code := fault.Public(err); code != fault.ExitFound || !strings.Contains(msg, tt.path) {
				t.Errorf("%s, in steps %t: %v", name, steps, err)
			}
		}
	}
}

// large is a month whose tables are large.
func large() string {
	var b strings.Builder
	b.WriteString("area:990101 name=东城区\nunit:lamps name=路灯管理处 | area=990101\n")
	for i := range 1500 {
		b.WriteString(answered(fmt.Sprintf("K-%04d", i), "lamps", "好。"))
	}
	return b.String()
}

// part returns a partition of the current release.
func (o *office) part(key string) release.PartitionRef {
	o.t.Helper()
	for _, p := range o.manifest().Partitions {
		if p.Key == key {
			return p
		}
	}
	o.t.Fatalf("no partition %s", key)
	return release.PartitionRef{}
}

// later is an answer to the first case on another day.
func later() string {
	return strings.Replace(answered("K-0000", "lamps", "好。"), "replied=2026-10-09", "replied=2026-10-12", 1)
}

// In large tables the new lines alone are looked at, and what is counted is what is counted
// from nothing. Another version of the program may read tables in another way, and so reads
// all of them.
func TestLargeTables(t *testing.T) {
	o, fresh := newOffice(t), newOffice(t)
	for _, o := range []*office{o, fresh} {
		o.pull("2026-11-02", large())
	}
	o.publish()
	if n := len(o.part("data/whole").Scan.Large); n == 0 {
		t.Fatal("no table is large")
	}
	// As if the version before had read a thousand texts more of each.
	path := filepath.Join(o.dir, "releases", "releases", "000001.json")
	m := o.manifest()
	for _, p := range m.Partitions {
		if p.Scan == nil {
			continue
		}
		for i := range p.Scan.Large {
			p.Scan.Large[i].Texts += 1000
			p.Scan.Texts += 1000
		}
	}
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	o.openReleases(nil)
	o.version, fresh.version = "2", "2"
	for _, o := range []*office{o, fresh} {
		o.pull("2026-11-02", later())
		o.publish()
	}
	if diff := cmp.Diff(fresh.part("data/whole"), o.part("data/whole")); diff != "" {
		t.Errorf("after an upgrade (-from nothing +in steps):\n%s", diff)
	}
	again := strings.Replace(later(), "2026-10-12", "2026-10-13", 1)
	for _, o := range []*office{o, fresh} {
		o.pull("2026-11-02", again)
	}
	fresh = func() *office { // without what was published
		f := newOffice(t)
		f.version = "2"
		f.pull("2026-11-02", large())
		f.pull("2026-11-02", later())
		f.pull("2026-11-02", again)
		return f
	}()
	o.publish()
	fresh.publish()
	want, got := fresh.part("data/whole"), o.part("data/whole")
	want.Fingerprint, got.Fingerprint = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("one line changed (-from nothing +in steps):\n%s", diff)
	}
}

// openFS tells of every file that is opened.
type openFS struct {
	durable.OS
	opened func(path string)
}

func (f *openFS) Open(path string) (durable.File, error) {
	f.opened(path)
	return f.OS.Open(path)
}

// A case is withdrawn while a publish runs, just when a large table is about to be compared
// with that of the current release, whose pack is swept away by that: all of it is read.
func TestLargeTableWithdrawnMeanwhile(t *testing.T) {
	for nth := 1; nth <= 2; nth++ {
		o := newOffice(t)
		o.parallel = 1
		o.pull("2026-11-02", large())
		o.publish()
		o.pull("2026-11-02", later())
		pack, other, n := o.part("data/whole").Pack, o.releases, 0
		o.openReleases(&openFS{opened: func(path string) {
			if !strings.Contains(path, pack) {
				return
			}
			if n++; n == nth {
				if _, err := other.Withdraw(context.Background(), []release.Gone{{Number: "2610-000320", Day: "2026-11-02", Reason: "privacy"}}); err != nil {
					t.Error(err)
				}
			}
		}})
		if _, err := o.generator().Publish(t.Context()); err != nil {
			t.Fatalf("withdrawn when the pack was opened for the %d. time: %v", nth, err)
		}
		if n < nth {
			t.Errorf("the pack was opened %d times only", n)
		}
	}
}
