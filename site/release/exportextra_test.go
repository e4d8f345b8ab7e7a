package release_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
	"github.com/huiyin/huiyin/site/release"
)

// index is an extra: for each case that the release shows a file with its text,
// and a list that names the files.
type index struct {
	version string
	refuse  error
	made    int
}

func (x *index) extra() *release.Extra {
	return &release.Extra{Pages: []string{"en/index.html", "index.html"}, Maker: x}
}

func (x *index) Prepare(context.Context, *release.View) (string, error) { return x.version, x.refuse }

func (x *index) Page(name string, body []byte) []byte {
	return fmt.Appendf(body, " with %s", x.version)
}

func (x *index) Make(_ context.Context, v *release.View, put func(string, []byte) error) error {
	x.made++
	list := x.version
	for _, n := range []string{"2611-000001", "2611-000002"} {
		e, state := v.Lookup(pagePath(n))
		if state != release.Found {
			continue
		}
		body, err := v.Plain(e)
		if err != nil {
			return err
		}
		list += " " + n + fmt.Sprintf("(%d)", len(body))
		if err := put("docs/"+n+".txt", body); err != nil {
			return err
		}
	}
	return put("list.txt", []byte(list))
}

func exportWith(s *release.Store, x *index) (release.ExportReport, error) {
	return s.Export(context.Background(), out, release.ExportOptions{Workers: 1, Extra: x.extra()})
}

func mustExportWith(t *testing.T, s *release.Store, x *index) release.ExportReport {
	t.Helper()
	r, err := exportWith(s, x)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// extra is what the folder holds of an extra.
func extra(fsys *durabletest.FS) map[string]string { return below(fsys.Files(), out+"/search/static") }

func TestExportWithExtra(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	if err := durable.MkdirAll(fsys, "/srv"); err != nil {
		t.Fatal(err)
	}
	x := &index{version: "v1"}
	mustPublish(t, fsys, s, siteA)
	if r := mustExportWith(t, s, x); r.Written != 7+3 || site(fsys)["index.html"] != "回音首页 A with v1" || len(extra(fsys)) != 3 {
		t.Errorf("first: %+v, %q", r, site(fsys))
	}
	fsys.FailAt(-1, nil)
	if r := mustExportWith(t, s, x); r.Unchanged != 7+3 || r.Written != 0 || fsys.Changes() != 0 || x.made != 1 {
		t.Errorf("nothing new: %+v, %d changes", r, fsys.Changes())
	}

	// Another version changes the page and the list, and no document.
	x.version = "v2"
	if r := mustExportWith(t, s, x); r.Written != 2 || r.Unchanged != 5+1+2 || site(fsys)["index.html"] != "回音首页 A with v2" || extra(fsys)["list.txt"][:2] != "v2" {
		t.Errorf("another version: %+v, %q", r, site(fsys))
	}

	// A withdrawal takes the document out, and with it what is stale.
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
		t.Fatal(err)
	}
	if due, err := s.ExportDue(out); !due || err != nil {
		t.Errorf("after a withdrawal: due %t, %v", due, err)
	}
	mustExportWith(t, s, x)
	if found := grep(t, below(fsys.Files(), out), rareWords); len(found) > 0 || len(extra(fsys)) != 2 {
		t.Errorf("the case is still in %v, or not all else is in %q", found, extra(fsys))
	}
	if due, err := s.ExportDue(out); due || err != nil {
		t.Errorf("level: due %t, %v", due, err)
	}

	// A release that cannot have one is exported without it, and the reason told.
	x.refuse = errors.New("too many")
	if _, err := exportWith(s, x); !errors.Is(err, x.refuse) || len(extra(fsys)) != 0 || site(fsys)["index.html"] != "回音首页 A" {
		t.Errorf("refused: %v, %q", err, site(fsys))
	}
	if _, err := exportWith(s, x); !errors.Is(err, x.refuse) {
		t.Errorf("refused again: %v", err)
	}
	x.refuse = nil
	mustExportWith(t, s, x)

	// Without it, everything is as if it had never been there.
	mustExport(t, s)
	plain := newFS()
	p := open(t, plain)
	mustPublish(t, plain, p, siteA)
	if err := withdrawSecond(plain, p); err != nil {
		t.Fatal(err)
	}
	mustExport(t, p)
	if got, want := below(fsys.Files(), out), below(plain.Files(), out); !maps.Equal(got, want) {
		t.Errorf("without it:\n%q\nwant\n%q", got, want)
	}
	if _, err := fsys.Stat(out + "/search"); err == nil {
		t.Error("an empty folder is left")
	}
}

// TestExtraLeavesFilesOfOthersAlone: its folder is not taken from others, and no
// file of the release is mixed with it.
func TestExtraLeavesFilesOfOthersAlone(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	mustExport(t, s)
	for _, dir := range []string{out + "/search", out + "/search/static"} {
		if err := fsys.Mkdir(dir); err != nil {
			t.Fatal(err)
		}
	}
	if err := durable.WriteFile(fsys, out+"/search/static/mine.txt", []byte("mine")); err != nil {
		t.Fatal(err)
	}
	before := fsys.Files()
	if _, err := exportWith(s, &index{version: "v1"}); err == nil || !strings.Contains(err.Error(), "search/static") {
		t.Errorf("a folder of others: %v", err)
	}
	if !maps.Equal(before, fsys.Files()) {
		t.Error("it was refused after something had been changed")
	}

	fsys = newFS()
	s = open(t, fsys)
	mustPublish(t, fsys, s, parts{"a": "search/static/x.txt | theirs"})
	if _, err := exportWith(s, &index{version: "v1"}); err == nil || !strings.Contains(err.Error(), "search/static/x.txt") {
		t.Errorf("a file of the release in it: %v", err)
	}
}

// TestExtraCrash cuts the power at every change of an export with an extra. The
// next one, with or without it, mends whatever is left.
func TestExtraCrash(t *testing.T) {
	x := &index{version: "v1"}
	first := newFS()
	mustPublish(t, first, open(t, first), siteA)
	plain := first.Clone()
	mustExport(t, open(t, plain))
	second := first.Clone()
	mustExportWith(t, open(t, second), x)
	if err := withdrawSecond(second, open(t, second)); err != nil {
		t.Fatal(err)
	}
	mustPublish(t, second, open(t, second), siteC)

	points := 0
	for name, base := range map[string]*durabletest.FS{"first": first, "added": plain, "withdrawn": second} {
		whole, without := base.Clone(), base.Clone()
		whole.FailAt(-1, nil)
		mustExportWith(t, open(t, whole), x)
		mustExport(t, open(t, without))
		for at := range whole.Changes() {
			for keep := durabletest.KeepNone; keep <= durabletest.KeepAll; keep++ {
				points++
				fsys := base.Clone()
				fsys.CrashAt(at)
				if _, err := exportWith(open(t, fsys), x); err == nil {
					t.Fatalf("%s: change %d: no error", name, at)
				}
				fsys = fsys.Reboot(keep)
				if _, there := extra(fsys)["list.txt"]; there && keep == durabletest.KeepAll {
					checkWhole(t, extra(fsys))
				}
				later := fsys.Clone()
				mustExportWith(t, open(t, fsys), x)
				if got, want := below(fsys.Files(), out), below(whole.Files(), out); !maps.Equal(got, want) {
					t.Fatalf("%s: change %d, keep %d: repeated\n%q\nwant\n%q", name, at, keep, got, want)
				}
				mustExport(t, open(t, later))
				got, want := below(later.Files(), out), below(without.Files(), out)
				delete(got, durable.TempPrefix+".huiyin-export.json") // where there was nothing to do
				if !maps.Equal(got, want) {
					t.Fatalf("%s: change %d, keep %d: without it\n%q\nwant\n%q", name, at, keep, got, want)
				}
			}
		}
	}
	if points < 150 {
		t.Errorf("%d crash points", points)
	}
}

// checkWhole checks that the list names exactly the files that are there: it is
// away while they change.
func checkWhole(t *testing.T, files map[string]string) {
	t.Helper()
	n := 0
	for name, body := range files {
		if number, ok := strings.CutPrefix(strings.TrimSuffix(name, ".txt"), "docs/"); ok {
			n++
			if !strings.Contains(files["list.txt"], fmt.Sprintf("%s(%d)", number, len(body))) {
				t.Errorf("the list %q is there, and beside it %s", files["list.txt"], name)
			}
		}
	}
	if n != len(strings.Fields(files["list.txt"]))-1 {
		t.Errorf("the list %q is there, and %d files", files["list.txt"], n)
	}
}
