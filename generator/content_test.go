package generator_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/site/release"
)

// made is what the current release is made of: its packs, and how they were looked
// through. What they were made from tells how they came to be as well.
func (o *office) made() []release.PartitionRef {
	parts := o.manifest().Partitions
	for i := range parts {
		parts[i].Fingerprint, parts[i].Content = "", ""
	}
	return parts
}

// What a publish takes over because its content is what it was is what a publish from
// nothing makes, to the byte and to the last text that was looked at.
func TestContentTakenOver(t *testing.T) {
	for _, tt := range []struct {
		name     string
		change   func(*office)
		rendered []string // by the second publish
	}{
		{
			"a word of a reply", // no number, no title, no day
			func(o *office) { o.pull("2026-11-02", answered("K-0310", "lamps", "灯杆也换过了。")) },
			[]string{"case/2610/0001"},
		},
		{
			"a title, which lists show",
			func(o *office) {
				o.pull("2026-11-02", strings.Replace(answered("K-0310", "lamps", "第 310 盏灯已经修好。"), "路灯不亮", "路灯又不亮", 1))
			},
			[]string{"case/2610/0001", "home", "list/month/2610/0000", "list/unit/31/0000", "month/2026", "unit/1/000"},
		},
		{
			"who was masked in a case that pages show",
			func(o *office) {
				o.pull("2026-11-02", answered("K-0310", "lamps", "灯杆也换过了。"))
				o.masked = []generator.Masked{{Number: "2610-000311", Type: gate.Person, Value: o.valueOf("我叫张伟明，请回电。", gate.Person)}}
			},
			[]string{"case/2610/0001", "home", "month/2026", "privacy/report", "unit/1/000"},
		},
	} {
		if testing.Short() && len(tt.rendered) > 1 {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			o, fresh := newOffice(t), newOffice(t)
			for _, o := range []*office{o, fresh} {
				o.pull("2026-11-02", city())
			}
			o.publish()
			o.renderer.rendered()
			tt.change(o)
			r := o.publish()
			if diff := cmp.Diff(tt.rendered, o.renderer.rendered()); diff != "" {
				t.Errorf("rendered (-want +got):\n%s", diff)
			}
			if r.Partitions.Hugo != len(tt.rendered) {
				t.Errorf("%+v", r.Partitions)
			}
			tt.change(fresh)
			fresh.publish()
			if diff := cmp.Diff(fresh.made(), o.made()); diff != "" {
				t.Errorf("partitions (-from nothing +in steps):\n%s", diff)
			}
		})
	}
}

// A pack that is not whole any more, or from which a case was taken, is made again
// although its content is what it was.
func TestContentOfDamage(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", city())
	o.publish()
	o.renderer.rendered()
	var home release.PartitionRef
	for _, p := range o.manifest().Partitions {
		if p.Key == "home" {
			home = p
		}
	}
	packs, err := filepath.Glob(filepath.Join(o.dir, "releases", "packs", "*", home.Pack+"*"))
	if err != nil || len(packs) != 1 {
		t.Fatal(packs, err)
	}
	if err := os.Chmod(packs[0], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(packs[0], []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.openReleases(nil)
	o.pull("2026-11-02", answered("K-0310", "lamps", "灯杆也换过了。"))
	o.publish()
	if diff := cmp.Diff([]string{"case/2610/0001", "home"}, o.renderer.rendered()); diff != "" {
		t.Errorf("rendered (-want +got):\n%s", diff)
	}

	// Withdrawn and reinstated before the next publish: its packs lack it by now.
	const number = "2610-000320"
	if _, err := o.releases.Withdraw(t.Context(), []release.Gone{{Number: number, Day: "2026-11-02", Reason: "privacy"}}); err != nil {
		t.Fatal(err)
	}
	if err := o.releases.Reinstate(t.Context(), func(context.Context) ([]string, error) { return []string{number}, nil }); err != nil {
		t.Fatal(err)
	}
	o.pull("2026-11-02", answered("K-0310", "lamps", "灯杆又换过了。"))
	o.publish()
	if body, _ := o.lookup("case/" + number + ".html"); !strings.Contains(body, "已经修好") {
		t.Error("a case that was reinstated has no page")
	}
	fresh := newOffice(t)
	fresh.pull("2026-11-02", city())
	fresh.pull("2026-11-02", answered("K-0310", "lamps", "灯杆又换过了。"))
	fresh.publish()
	if diff := cmp.Diff(fresh.made(), o.made()); diff != "" {
		t.Errorf("partitions (-from nothing +in steps):\n%s", diff)
	}
}
