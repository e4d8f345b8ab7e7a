package generator_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/release"
)

// A publish that is killed at any moment, in the midst of the last look and
// between it and the switch, leaves the old release. What it looked at and what it
// made count for nothing: the next publish finds the leak in what is taken over,
// which nobody has looked at under the rules that hold, and the one in what was
// made; and once both are gone it makes the packs that it would have made anyhow.
func TestKilledCanary(t *testing.T) {
	lenient, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32), AllowLines: map[record.UnitID][]string{"lamps": {"0999-7654321"}}})
	if err != nil {
		t.Fatal(err)
	}
	const (
		taken   = "case/2610-000001.html" // of a partition that nothing changes
		made    = "index.html"
		planted = "139 8765 4321"
	)
	// begin returns an office that has a release under lenient rules, and is about to
	// make another under strict ones with a leak in its template.
	begin := func(t *testing.T, dir string) *office {
		o := openOffice(t, dir)
		o.assets, o.parallel = nil, 1
		o.renderer.plant = map[string]string{made: "<p>" + planted + "</p>"}
		return o
	}
	base := newOffice(t)
	base.assets = nil
	strict := base.gate
	base.pull("2026-11-02", "area:990101 name=东城区\nunit:lamps name=路灯管理处 | area=990101\n"+answered("K-0", "lamps", "修好了。"))
	base.gate, base.renderer.plant = lenient, map[string]string{taken: "<p>请拨0999-7654321。</p>"}
	base.publish()
	old := base.manifest()
	base.gate = strict
	base.pull("2026-11-02", "unit:gas name=燃气公司 | area=990101\n")

	whole := begin(t, copyOf(t, base.dir))
	whole.gate, whole.renderer.plant = lenient, nil
	if r := whole.publish(); r.Release != 2 || r.Partitions.Skipped == 0 {
		t.Fatalf("%+v: nothing is taken over", r)
	}
	want := whole.manifest()

	// cut publishes with power for n calls, and returns the office as the next process
	// finds it, and how many calls were left.
	cut := func(leaking bool, n int64) (o *office, left int64, err error) {
		o = begin(t, copyOf(t, base.dir))
		if !leaking {
			o.gate, o.renderer.plant = lenient, nil
		}
		power := &powerCut{FS: durable.OS{}}
		power.left.Store(n)
		o.openReleases(power)
		_, err = o.generator().Publish(t.Context())
		o.openReleases(nil)
		return o, power.left.Load(), err
	}
	killed := 0
	for _, leaking := range []bool{true, false} {
		const plenty = 1 << 40
		_, left, err := cut(leaking, plenty)
		if leaking != (code(err) == fault.ExitFound) || !leaking && err != nil {
			t.Fatalf("without a cut, leaking %t: %v", leaking, err)
		}
		// At moments all over the publish, and at each of the last ones before the release
		// is out and only tidied up behind, which no cut makes an error of.
		calls := plenty - left
		places := int64(30)
		if testing.Short() {
			places = 5
		}
		every := max(1, calls/places)
		for n, step := int64(0), every; n < calls; n += step {
			o, left, err := cut(leaking, n)
			if left >= 0 {
				t.Fatalf("cut %d of %d, leaking %t: it was not killed", n, calls, leaking)
			}
			if err == nil {
				if step == 1 || testing.Short() {
					break
				}
				n, step = n-every, 1
				continue
			}
			killed++
			now := o.manifest()
			if !leaking && now.Release == 2 {
				continue // cut behind the switch: what may be published is out
			}
			if diff := cmp.Diff(old, now); diff != "" {
				t.Fatalf("cut %d, leaking %t: not the old release (-want +got):\n%s", n, leaking, diff)
			}
			if killed%2 == 0 { // else what it made is there when the sound one begins
				o.gate, o.renderer.plant = strict, map[string]string{made: "<p>" + planted + "</p>"}
				_, err = o.generator().Publish(t.Context())
				msg, _, _ := fault.Public(err)
				if code(err) != fault.ExitFound || !strings.Contains(msg, "in 2 places: "+taken+" (landline), "+made+" (mobile)") {
					t.Fatalf("cut %d, leaking %t: the next publish says %q: %v", n, leaking, msg, err)
				}
				if diff := cmp.Diff(old, o.manifest()); diff != "" {
					t.Fatalf("cut %d, leaking %t: after the next publish (-want +got):\n%s", n, leaking, diff)
				}
			}
			o.gate, o.renderer.plant = lenient, nil
			o.publish()
			if diff := cmp.Diff(want, o.manifest()); diff != "" {
				t.Fatalf("cut %d, leaking %t: not the packs of one that was never killed (-want +got):\n%s", n, leaking, diff)
			}
		}
	}
	least := 40
	if testing.Short() {
		least = 8
	}
	if killed < least {
		t.Errorf("killed %d times only", killed)
	}
	t.Logf("killed %d times", killed)
}

func code(err error) int {
	_, _, code := fault.Public(err)
	return code
}

// manifest returns what the current release consists of.
func (o *office) manifest() *release.Manifest {
	o.t.Helper()
	m, err := o.releases.Manifest()
	if err != nil || m == nil {
		o.t.Fatalf("there is no release: %v", err)
	}
	return m
}

// copyOf returns a copy of a folder.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// powerCut is a file system on which nothing is done any more after so many calls,
// as by a process that was killed. Locks end with it.
type powerCut struct {
	durable.FS
	left atomic.Int64
}

var errCut = errors.New("killed")

func (f *powerCut) out() bool { return f.left.Load() < 0 }

func (f *powerCut) step() error {
	if f.left.Add(-1) < 0 {
		return errCut
	}
	return nil
}

func (f *powerCut) Open(name string) (durable.File, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.FS.Open(name)
}

func (f *powerCut) Create(name string) (durable.File, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.FS.Create(name)
}

func (f *powerCut) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.FS.ReadDir(name)
}

func (f *powerCut) Lock(ctx context.Context, name string, wait bool) (io.Closer, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.FS.Lock(ctx, name, wait)
}

func (f *powerCut) Rename(from, to string) error {
	return errors.Join(f.step(), f.unless(func() error { return f.FS.Rename(from, to) }))
}

func (f *powerCut) Remove(name string) error {
	return errors.Join(f.step(), f.unless(func() error { return f.FS.Remove(name) }))
}

func (f *powerCut) SyncAll(dir string) error { return f.step() }

// unless does what is to be done while there is power.
func (f *powerCut) unless(do func() error) error {
	if f.out() {
		return nil
	}
	return do()
}
