package generator_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/store"
	"github.com/huiyin/huiyin/site/durable/durabletest"
	"github.com/huiyin/huiyin/site/release"
)

func TestNothingToPublish(t *testing.T) {
	o := newOffice(t)
	_, err := o.generator().Publish(t.Context())
	if _, hint, code := fault.Public(err); code != fault.ExitNothing || !strings.Contains(hint, "huiyin pull") {
		t.Errorf("code %d, hint %q", code, hint)
	}
	if _, err := os.Stat(filepath.Join(o.dir, "releases")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a publish without a case wrote releases: %v", err)
	}
}

// Who has room for the tables of all cases to give is told when the figures are there and
// nothing is made yet, and not where nothing will be.
func TestPlanned(t *testing.T) {
	o := newOffice(t)
	o.parallel = 1
	var steps []string
	o.progress = func(what string, done, _ int) {
		if what, _, _ = strings.Cut(what, ":"); len(steps) == 0 || steps[len(steps)-1] != what {
			steps = append(steps, what)
		}
	}
	o.planned = func() { steps = append(steps, "planned") }
	o.pull("2026-11-02", answered("K-0001", "lamps", "修好了。"))
	o.publish()
	if diff := cmp.Diff([]string{"computing figures", "planned", "rendering"}, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	steps = nil
	if r := o.publish(); !r.Nothing || len(steps) > 0 {
		t.Errorf("nothing new: %+v, %q", r, steps)
	}
}

// Nothing new is no reason to write.
func TestNothingNewWritesNothing(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", city())
	o.pull("2026-11-03", "K-0003 GONE")
	first := o.publish()
	if first.Nothing || first.Release != 1 || first.Cases != 319 || first.Withdrawn != 1 || first.Partitions.Skipped != 0 {
		t.Errorf("first: %+v", first)
	}
	before, state, journal := o.files(), o.state(), o.journal()

	again := o.publish()

	want := first
	want.Nothing = true
	want.Leaks = nil
	want.Partitions = generator.Partitions{Skipped: first.Partitions.Rendered}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, o.files()); diff != "" {
		t.Errorf("files changed:\n%s", diff)
	}
	if diff := cmp.Diff(journal, o.journal()); diff != "" || state != o.state() {
		t.Errorf("the store changed:\n%s", diff)
	}
	if o.renderer.started != 1 || o.renderer.closed != 1 {
		t.Errorf("renderers: %d started, %d closed", o.renderer.started, o.renderer.closed)
	}
}

func (o *office) state() string {
	o.t.Helper()
	s, err := o.store.State(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// One changed reply: its own three hundred pages are made again; nothing that counts
// the case or shows it in a list, for none of that says another thing.
func TestOneChangedReply(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", city())
	all := o.publish()
	o.renderer.rendered()
	unchanged, _ := o.lookup("case/2610-000003.html")

	o.pull("2026-11-02", answered("K-0310", "lamps", "灯杆也换过了。"))
	r := o.publish()

	want := []string{"case/2610/0001"}
	if diff := cmp.Diff(want, o.renderer.rendered()); diff != "" {
		t.Errorf("rendered (-want +got):\n%s", diff)
	}
	if r.Release != 2 || r.Partitions.Hugo != len(want) || r.Partitions.Rendered+r.Partitions.Skipped != all.Partitions.Rendered {
		t.Errorf("%+v", r)
	}
	if body, _ := o.lookup("case/2610-000311.html"); !strings.Contains(body, "灯杆也换过了") {
		t.Error("the page of the case does not show the new reply")
	}
	if body, _ := o.lookup("case/2610-000003.html"); body != unchanged {
		t.Error("the page of another case changed")
	}
}

// A run that ends between the switch and the record of it, or within the
// record, is completed by the next one.
func TestCompletesARecord(t *testing.T) {
	whole := newOffice(t)
	whole.pull("2026-11-02", city())
	whole.publish()
	figures, err := whole.store.Figures(t.Context(), 1)
	if err != nil || len(figures) == 0 {
		t.Fatalf("%d figures, %v", len(figures), err)
	}
	for name, crash := range map[string]func(*office, context.CancelFunc){
		"before the figures": func(o *office, stop context.CancelFunc) {
			o.progress = func(what string, done, total int) {
				if strings.HasPrefix(what, "rendering") && done == total {
					stop() // all is rendered: what is left is the switch, which does not look back
				}
			}
		},
		"after the figures": func(o *office, stop context.CancelFunc) {
			clock := o.now
			o.now = func() time.Time { stop(); return clock() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.pull("2026-11-02", city())
			clock := o.now
			ctx, stop := context.WithCancel(t.Context())
			crash(o, stop)
			if _, err := o.generator().Publish(ctx); !errors.Is(err, context.Canceled) {
				t.Fatalf("the run was not stopped: %v", err)
			}
			if current, err := o.releases.CurrentNumber(); err != nil || current != 1 || len(o.journal()) != 0 {
				t.Fatalf("release %d, %d publishes in the journal, %v: not between switch and record", current, len(o.journal()), err)
			}
			if n := o.unshown(); n != 0 {
				t.Errorf("%d cases of the release count as never published", n)
			}
			if s, err := o.generator().Status(t.Context()); err != nil || !s.Completing || s.Release != 1 {
				t.Errorf("status: %+v, %v", s, err)
			}
			o.now, o.progress = clock, func(string, int, int) {}

			r := o.publish()

			if !r.Nothing || r.Release != 1 || r.Cases != 320 || o.renderer.started != 1 {
				t.Errorf("%+v; %d renderers started", r, o.renderer.started)
			}
			if s, err := o.generator().Status(t.Context()); err != nil || s.Completing || s.Cases != 320 {
				t.Errorf("status: %+v, %v", s, err)
			}
			if diff := cmp.Diff(whole.journal(), o.journal()); diff != "" {
				t.Errorf("journal (-want +got):\n%s", diff)
			}
			got, err := o.store.Figures(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(figures, got); diff != "" {
				t.Errorf("figures (-want +got):\n%s", diff)
			}
		})
	}
}

// TestShown: what a release has shown is known before the switch to it; a build that
// fails has shown nothing; and a store that is older than its releases takes
// everything for shown.
func TestShown(t *testing.T) {
	o := newOffice(t)
	shown := func() {
		t.Helper()
		if err := o.generator().Shown(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want := func(step string, n int) {
		t.Helper()
		if shown(); o.unshown() != n {
			t.Errorf("%s: %d cases count as never published, want %d", step, o.unshown(), n)
		}
	}
	o.pull("2026-11-02", answered("K-1", "lamps", "修好了。")+answered("K-2", "lamps", "修好了。"))
	want("pulled", 2)
	o.renderer.broken[record.HomePath] = "build-failed"
	if _, err := o.generator().Publish(t.Context()); err == nil {
		t.Fatal("published without a home page")
	}
	want("a build that failed", 2)
	o.renderer.broken = map[string]string{}

	before := filepath.Join(t.TempDir(), "store.db")
	db, err := sql.Open("sqlite", filepath.Join(o.dir, "store.db"))
	if err == nil {
		_, err = db.Exec(`VACUUM INTO ?`, before)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	o.publish()
	want("published", 0)
	o.pull("2026-11-03", answered("K-3", "lamps", "修好了。"))
	want("pulled again", 1)

	if err := o.store.Close(); err != nil {
		t.Fatal(err)
	}
	if o.store, err = store.Open(before, store.Options{Now: o.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.store.Close() })
	if n := o.unshown(); n != 2 {
		t.Errorf("the copy knows of %d cases as never published", n)
	}
	want("an older copy put back", 0)
}

// unshown returns how many cases count as never published.
func (o *office) unshown() int {
	o.t.Helper()
	var numbers []record.CaseNumber
	for f, err := range o.store.Facts(o.t.Context()) {
		if err != nil {
			o.t.Fatal(err)
		}
		if f.Prominence == record.Full {
			numbers = append(numbers, f.Number)
		}
	}
	unshown, err := o.store.Unshown(o.t.Context(), numbers)
	if err != nil {
		o.t.Fatal(err)
	}
	return len(unshown)
}

func TestFailureLeavesTheLastRelease(t *testing.T) {
	errMadeUp := errors.New("made up")
	for name, tt := range map[string]struct {
		cause func(*renderer)
		check func(error) bool
	}{
		"renderer": {
			func(r *renderer) { r.fail = errMadeUp },
			func(err error) bool { return errors.Is(err, errMadeUp) },
		},
		"home page set aside": {
			func(r *renderer) { r.broken[record.HomePath] = "build-failed" },
			func(err error) bool {
				msg, hint, _ := fault.Public(err)
				return msg == "the home page cannot be rendered" && strings.HasPrefix(hint, "the last release stands")
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.pull("2026-11-02", city())
			o.publish()
			before, journal := o.files(), o.journal()
			o.pull("2026-11-03", answered("K-1000", "lamps", "已经修好。"))
			tt.cause(o.renderer)

			if _, err := o.generator().Publish(t.Context()); !tt.check(err) {
				t.Fatalf("error %v", err)
			}

			if diff := cmp.Diff(before, o.files()); diff != "" {
				t.Errorf("files changed:\n%s", diff)
			}
			if diff := cmp.Diff(journal, o.journal()); diff != "" {
				t.Errorf("journal changed:\n%s", diff)
			}
			if o.renderer.started != o.renderer.closed {
				t.Errorf("renderers: %d started, %d closed", o.renderer.started, o.renderer.closed)
			}
			o.renderer.fail, o.renderer.broken = nil, nil
			if r := o.publish(); r.Release != 2 || r.Cases != 321 {
				t.Errorf("afterwards: %+v", r)
			}
		})
	}
}

// A page that cannot be rendered is left out, and every publish says so until
// it can be.
func TestSetAside(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", city())
	o.renderer.broken["case/2610-000311.html"] = "crashed"
	o.renderer.broken["case/2610-000002.html"] = "timed-out"
	want := []release.SetAside{{Path: "case/2610-000002.html", Code: "timed-out"}, {Path: "case/2610-000311.html", Code: "crashed"}}

	for _, step := range []struct {
		name    string
		more    string
		release int
	}{
		{"new", "", 1},
		{"nothing new", "", 1},
		{"something else is new", answered("K-1000", "lamps", "已经修好。"), 2},
	} {
		if step.more != "" {
			o.pull("2026-11-02", step.more)
		}
		r := o.publish()
		if diff := cmp.Diff(want, r.SetAside); diff != "" || r.Quarantined != 2 || r.Release != step.release {
			t.Errorf("%s: release %d, %d quarantined (-want +got):\n%s", step.name, r.Release, r.Quarantined, diff)
		}
		if _, state := o.lookup("case/2610-000311.html"); state != release.Missing {
			t.Errorf("%s: the page is there: state %v", step.name, state)
		}
		if _, state := o.lookup("case/2610-000312.html"); state != release.Found {
			t.Errorf("%s: the page beside it: state %v", step.name, state)
		}
		if p := o.journal(); p[len(p)-1].Quarantined != 2 {
			t.Errorf("%s: journal %+v", step.name, p)
		}
	}

	clear(o.renderer.broken)
	o.pull("2026-11-02", answered("K-1001", "lamps", "已经修好。"))
	if r := o.publish(); r.Quarantined != 0 || r.SetAside != nil {
		t.Errorf("once they can be rendered: %+v", r)
	}
	if _, state := o.lookup("case/2610-000311.html"); state != release.Found {
		t.Errorf("the page is not there: state %v", state)
	}
}

// A withdrawal takes effect in every kept release before anything is built.
func TestSettle(t *testing.T) {
	const phrase = "灯杆是绿色的"
	o := newOffice(t)
	o.pull("2026-11-02", city())
	o.publish()
	if n, err := o.generator().Settle(t.Context()); n != 0 || err != nil {
		t.Fatalf("with nothing due: %d, %v", n, err)
	}
	o.pull("2026-11-02", answered("K-1000", "lamps", phrase+"。"))
	o.publish()
	if body, _ := o.lookup("case/2610-000321.html"); !strings.Contains(body, phrase) {
		t.Fatal("the reply is not shown in the first place")
	}
	o.pull("2026-11-03", "K-1000 GONE")
	o.renderer.fail = errors.New("nothing is to be rendered")

	if n, err := o.generator().Settle(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}

	if _, state := o.lookup("case/2610-000321.html"); state != release.Withdrawn {
		t.Errorf("state %v", state)
	}
	for _, n := range []int{1, 2} {
		if err := o.releases.Rollback(t.Context(), n, nil); err != nil {
			t.Fatal(err)
		}
		if _, state := o.lookup("case/2610-000321.html"); state != release.Withdrawn {
			t.Errorf("release %d: state %v", n, state)
		}
		if report, err := o.releases.Fsck(t.Context()); err != nil || len(report.Problems) > 0 {
			t.Errorf("release %d: %v, %v", n, report.Problems, err)
		}
	}
	before := o.files()
	if n, err := o.generator().Settle(t.Context()); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
	if diff := cmp.Diff(before, o.files()); diff != "" {
		t.Errorf("the second call wrote:\n%s", diff)
	}
}

// A publish that fails has made withdrawals effective all the same.
func TestPublishSettlesFirst(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", city())
	o.publish()
	o.pull("2026-11-03", "K-0003 GONE")
	o.renderer.fail = errors.New("made up")
	if _, err := o.generator().Publish(t.Context()); !errors.Is(err, o.renderer.fail) {
		t.Fatalf("error %v", err)
	}
	if _, state := o.lookup("case/2610-000004.html"); state != release.Withdrawn {
		t.Errorf("state %v", state)
	}
}

func TestStatus(t *testing.T) {
	o := newOffice(t)
	status := func() generator.Status {
		t.Helper()
		s, err := o.generator().Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	check := func(when string, want generator.Status) {
		t.Helper()
		if diff := cmp.Diff(want, status()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	day := record.Date(2026, 11, 2)
	check("before anything was pulled", generator.Status{UpToDate: true})
	o.pull("2026-11-02", "unit:lamps name=路灯管理处\n"+answered("K-1", "lamps", "已经修好。")+"K-2 unit=lamps | received=2026-10-06 | status=handling\n")
	check("before the first publish", generator.Status{})
	o.publish()
	one := generator.Status{Release: 1, Releases: []int{1}, Cutoff: day, Cases: 1, Stubs: 1, UpToDate: true}
	check("published", one)
	o.pull("2026-11-03", "K-1 GONE")
	one.UpToDate = false
	check("with something new", one)
	o.publish()
	check("published again", generator.Status{Release: 2, Releases: []int{1, 2}, Cutoff: day + 1, Stubs: 1, Withdrawn: 1, UpToDate: true})
	if err := o.releases.Rollback(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	check("rolled back", generator.Status{Release: 1, Releases: []int{1, 2}, Cutoff: day, Cases: 1, Stubs: 1})
}

func TestSecondPublishIsRefused(t *testing.T) {
	o := newOffice(t)
	o.pull("2026-11-02", city())
	unlock, err := o.store.Lock()
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.generator().Publish(t.Context())
	if msg, _, _ := fault.Public(err); !strings.HasPrefix(msg, "another pull or publish") {
		t.Errorf("error %v", err)
	}
	durabletest.Child(t, filepath.Join(o.dir, "store.db.lock")) // being started keeps nothing locked
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	o.publish()
}
