package release_test

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
	"github.com/huiyin/huiyin/site/release"
)

const out = "/srv/www"

// export exports with one worker, so that changes come in one order.
func export(s *release.Store) (release.ExportReport, error) {
	return s.Export(context.Background(), out, release.ExportOptions{Workers: 1})
}

func mustExport(t *testing.T, s *release.Store) release.ExportReport {
	t.Helper()
	r, err := export(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// site is the exported site without the state of the export.
func site(fsys *durabletest.FS) map[string]string {
	m := below(fsys.Files(), out)
	delete(m, ".huiyin-export.json")
	return m
}

// TestExportDue asks after each step whether the folder is level.
func TestExportDue(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	if err := durable.MkdirAll(fsys, "/srv"); err != nil {
		t.Fatal(err)
	}
	due := func(when string, want bool) {
		t.Helper()
		if got, err := s.ExportDue(out); got != want || err != nil {
			t.Errorf("%s: due %t, %v", when, got, err)
		}
	}
	due("with nothing published", false)
	mustPublish(t, fsys, s, siteA)
	due("with nothing exported", false)
	if err := durable.MkdirAll(fsys, out); err != nil {
		t.Fatal(err)
	}
	due("with an empty folder", false)
	mustExport(t, s)
	due("after the export", false)
	mustPublish(t, fsys, s, siteB)
	due("after a publish", true)
	mustExport(t, s)
	due("after its export", false)
	if err := withdrawSecond(fsys, s); err != nil {
		t.Fatal(err)
	}
	due("after a withdrawal", true)
	fsys.FailAt(3, errors.New("made up"))
	if _, err := export(s); err == nil {
		t.Fatal("the export did not break")
	}
	fsys.FailAt(-1, nil)
	due("after an export that broke", true)
	mustExport(t, s)
	due("at last", false)
	if err := s.Rollback(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	due("after a rollback", true)
}

// A folder that a publish brings level while it is looked at is level.
func TestExportDueMeanwhile(t *testing.T) {
	fsys := newFS()
	if err := durable.MkdirAll(fsys, "/srv"); err != nil {
		t.Fatal(err)
	}
	first := open(t, fsys)
	mustPublish(t, fsys, first, siteA)
	mustExport(t, first)
	s := open(t, &meanwhile{FS: fsys, part: "-export.json", do: func() {
		other := open(t, fsys)
		mustPublish(t, fsys, other, siteB)
		mustExport(t, other)
	}})
	if due, err := s.ExportDue(out); due || err != nil {
		t.Errorf("due %t, %v", due, err)
	}
}

// TestExportIsAway asks for a folder whose export is not there any more.
func TestExportIsAway(t *testing.T) {
	for _, tt := range []struct {
		name     string
		exported bool
		spoil    func(fsys *durabletest.FS) error
		away     bool
	}{
		{"never exported to", false, func(*durabletest.FS) error { return nil }, false},
		{"a folder of others", false, func(fsys *durabletest.FS) error {
			return errors.Join(durable.MkdirAll(fsys, out), durable.WriteFile(fsys, out+"/index.html", []byte("x")))
		}, true},
		{"no folder", true, func(fsys *durabletest.FS) error { return fsys.Rename(out, "/srv/away") }, true},
		{"an empty folder", true, func(fsys *durabletest.FS) error { return errors.Join(fsys.Rename(out, "/srv/away"), fsys.Mkdir(out)) }, true},
		{"files without their state", true, func(fsys *durabletest.FS) error { return fsys.Remove(out + "/.huiyin-export.json") }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := newFS()
			s := open(t, fsys)
			if err := durable.MkdirAll(fsys, "/srv"); err != nil {
				t.Fatal(err)
			}
			mustPublish(t, fsys, s, siteA)
			if tt.exported {
				mustExport(t, s)
			}
			if err := tt.spoil(fsys); err != nil {
				t.Fatal(err)
			}
			if due, err := open(t, fsys).ExportDue(out); due || errors.Is(err, release.ErrNoExport) != tt.away || !tt.away && err != nil {
				t.Errorf("due %t, %v", due, err)
			}
			// Nor is it written to, unless it is empty and said to begin anew.
			before := below(fsys.Files(), out)
			if _, err := export(s); (err != nil) != tt.away || !maps.Equal(before, below(fsys.Files(), out)) == tt.away {
				t.Errorf("exported: %v", err)
			}
			if _, err := s.Export(t.Context(), out, release.ExportOptions{New: true}); (err != nil) != (len(before) > 0) {
				t.Errorf("exported anew: %v", err)
			}
		})
	}
}

// TestExportBesideStrangers says what can be done about a folder that holds files of others
// alone: of one that was exported to before, also that it may be away, and how it begins anew.
// That works as it is said, and not before the files are gone.
func TestExportBesideStrangers(t *testing.T) {
	for _, before := range []bool{false, true} {
		fsys := newFS()
		s := open(t, fsys)
		if err := durable.MkdirAll(fsys, "/srv"); err != nil {
			t.Fatal(err)
		}
		mustPublish(t, fsys, s, siteA)
		if before {
			mustExport(t, s)
			if err := fsys.Rename(out, "/srv/away"); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(durable.MkdirAll(fsys, out), durable.WriteFile(fsys, out+"/theirs", []byte("x"))); err != nil {
			t.Fatal(err)
		}
		for _, anew := range []bool{false, true} {
			_, err := s.Export(t.Context(), out, release.ExportOptions{New: anew})
			msg, hint, _ := fault.Public(err)
			if msg != "the folder of the export holds files that are not of an export" || !strings.Contains(hint, "name a new or empty folder") || strings.Contains(hint, "--new-export") != before || strings.Contains(hint, "mount its disk") != before {
				t.Errorf("exported before %t, anew %t: %v, %q", before, anew, err, hint)
			}
		}
		if err := fsys.Remove(out + "/theirs"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Export(t.Context(), out, release.ExportOptions{New: before}); err != nil {
			t.Error(err)
		}
	}
}

func TestExport(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	if err := durable.MkdirAll(fsys, "/srv"); err != nil {
		t.Fatal(err)
	}
	if _, err := export(s); !errors.Is(err, release.ErrNoRelease) {
		t.Errorf("without a release: %v", err)
	}
	mustPublish(t, fsys, s, siteA)
	if r := mustExport(t, s); r != (release.ExportReport{Release: 1, Written: 7, Bytes: r.Bytes}) || r.Bytes == 0 {
		t.Errorf("first: %+v", r)
	}
	want := map[string]string{
		"index.html": "回音首页 A", "style/a.css": "body{color:black}",
		"case/2611-000001.html": "第一件:路灯不亮", "case/2611-000002.html": "第二件:玄武岩栈桥漏水",
		"month/2611.html": "路灯不亮; 玄武岩栈桥漏水", "month/2611.atom": "<feed>玄武岩栈桥漏水</feed>", "month/count.json": `{"cases":2}`,
	}
	if got := site(fsys); !maps.Equal(got, want) {
		t.Errorf("first: %q", got)
	}

	fsys.FailAt(-1, nil)
	if r := mustExport(t, s); r != (release.ExportReport{Release: 1, Unchanged: 7}) || fsys.Changes() != 0 {
		t.Errorf("nothing new: %+v, %d changes", r, fsys.Changes())
	}

	mustPublish(t, fsys, s, siteB)
	if r := mustExport(t, s); r.Written != 4 || r.Unchanged != 4 || r.Removed != 0 {
		t.Errorf("second: %+v", r)
	}

	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
		t.Fatal(err)
	}
	if r := mustExport(t, s); r.Written != 1 || r.Removed != 2 || r.Tombstones != 1 {
		t.Errorf("withdrawn: %+v", r)
	}
	got := site(fsys)
	if !strings.Contains(got["case/2611-000002.html"], "依法不予公开") || got["gone.txt"] != "case/2611-000002.html\n" {
		t.Errorf("withdrawn: %q", got)
	}
	nowhere(t, "in the folder", below(fsys.Files(), out))

	mustPublish(t, fsys, s, siteC)
	if r := mustExport(t, s); r.Written != 3 || r.Tombstones != 1 {
		t.Errorf("made again: %+v", r)
	}
	if got := site(fsys); got["case/2611-000002.html"] != "该件已撤下" || got["month/2611.atom"] != "<feed></feed>" {
		t.Errorf("made again: %q", got)
	}
	mustPublish(t, fsys, s, parts{"home": "index.html | allein"})
	mustExport(t, s)
	got = site(fsys)
	if len(got) != 3 || got["index.html"] != "allein" {
		t.Errorf("at the end: %q", got)
	}
	if _, err := fsys.Stat(out + "/month"); err == nil {
		t.Error("an empty folder is left")
	}
}

// TestExportsAreTheSame compares a folder that followed every release with one
// that was made at the end, on another machine: same bytes, state included.
func TestExportsAreTheSame(t *testing.T) {
	var ends []map[string]string
	for _, often := range []bool{true, false} {
		fsys := newFS()
		s := open(t, fsys)
		for _, p := range []parts{siteA, siteB, nil, siteC} {
			if p == nil {
				if err := withdrawSecond(fsys, s); err != nil {
					t.Fatal(err)
				}
			} else {
				mustPublish(t, fsys, s, p)
			}
			if often {
				mustExport(t, s)
			}
		}
		mustExport(t, s)
		ends = append(ends, below(fsys.Files(), out))
	}
	if !maps.Equal(ends[0], ends[1]) {
		t.Errorf("followed:\n%q\nat once:\n%q", ends[0], ends[1])
	}
}

func TestExportLeavesFilesOfOthersAlone(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	if err := durable.MkdirAll(fsys, out+"/unit"); err != nil {
		t.Fatal(err)
	}
	if _, err := export(s); err == nil || !strings.Contains(err.Error(), "not of an export") {
		t.Errorf("a folder of others: %v", err)
	}
	if err := fsys.Remove(out + "/unit"); err != nil {
		t.Fatal(err)
	}
	mustExport(t, s)

	write := func(name, text string) {
		t.Helper()
		if err := durable.WriteFile(fsys, name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	write(out+"/month/mine.txt", "mine")
	write(out+"/gone.txt", "mine too")
	mustPublish(t, fsys, s, parts{"home": siteB["home"], "unit": siteB["unit"]})
	mustExport(t, s)
	if got := site(fsys); got["month/mine.txt"] != "mine" || got["gone.txt"] != "mine too" || len(got) != 4 {
		t.Errorf("after an export: %q", got)
	}

	write(out+"/style.txt", "mine")
	mustPublish(t, fsys, s, parts{"style": "style.txt | theirs"})
	before := fsys.Files()
	if _, err := export(s); err == nil || !strings.Contains(err.Error(), "style.txt") {
		t.Errorf("a file in the way: %v", err)
	}
	if !maps.Equal(before, fsys.Files()) {
		t.Error("it was refused after something had been changed")
	}
}

func TestExportOfFilesThatBecomeFolders(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	for _, p := range []parts{{"a": "x | file"}, {"a": "x/y/z | deep"}, {"a": "x/y | less"}, {"b": "x | file"}} {
		mustPublish(t, fsys, s, p)
		mustExport(t, s)
		want := files(p["a"] + p["b"])[0]
		if got := site(fsys); len(got) != 1 || got[want.Name] != string(want.Body) {
			t.Errorf("%v: %q", p, got)
		}
	}
}

// TestExportCrash cuts the power at every change of an export. The next export
// mends whatever is left, also when it is of another release than the broken one.
func TestExportCrash(t *testing.T) {
	first := func(t *testing.T) *durabletest.FS {
		fsys := newFS()
		mustPublish(t, fsys, open(t, fsys), siteA)
		return fsys
	}
	second := func(t *testing.T) *durabletest.FS {
		fsys := first(t)
		s := open(t, fsys)
		mustExport(t, s)
		mustPublish(t, fsys, s, siteB)
		return fsys
	}
	withdrawn := func(t *testing.T) *durabletest.FS {
		fsys := second(t)
		if err := withdrawSecond(fsys, open(t, fsys)); err != nil {
			t.Fatal(err)
		}
		return fsys
	}
	points := 0
	for name, from := range map[string]func(t *testing.T) *durabletest.FS{"first": first, "second": second, "withdrawn": withdrawn} {
		base := from(t)
		whole := base.Clone()
		whole.FailAt(-1, nil)
		mustExport(t, open(t, whole))
		n := whole.Changes()

		other := base.Clone() // what a later release looks like when nothing was broken
		mustPublish(t, other, open(t, other), siteC2)
		mustExport(t, open(t, other))

		for at := range n {
			for keep := durabletest.KeepNone; keep <= durabletest.KeepAll; keep++ {
				points++
				fsys := base.Clone()
				fsys.CrashAt(at)
				if _, err := export(open(t, fsys)); err == nil {
					t.Fatalf("%s: change %d: no error", name, at)
				}
				fsys = fsys.Reboot(keep)
				if keep == durabletest.KeepAll {
					checkFiles(t, site(fsys), site(base), site(whole))
				}
				later := fsys.Clone()
				mustExport(t, open(t, fsys))
				if !maps.Equal(below(fsys.Files(), out), below(whole.Files(), out)) {
					t.Fatalf("%s: change %d, keep %d: repeated\n%q\nwant\n%q", name, at, keep, site(fsys), site(whole))
				}
				mustPublish(t, later, open(t, later), siteC2)
				mustExport(t, open(t, later))
				if !maps.Equal(below(later.Files(), out), below(other.Files(), out)) {
					t.Fatalf("%s: change %d, keep %d: another release\n%q\nwant\n%q", name, at, keep, site(later), site(other))
				}
			}
		}
	}
	if points < 150 {
		t.Errorf("%d crash points", points)
	}
}

// siteC2 has hardly a file of the other sites.
var siteC2 = parts{"home": "index.html | 回音首页 B", "other": "other.html | 另一页"}

// checkFiles checks that each file is as it was or as it is to be.
func checkFiles(t *testing.T, got, before, after map[string]string) {
	t.Helper()
	for name, text := range got {
		if text != before[name] && text != after[name] && !strings.HasPrefix(name, ".") {
			t.Fatalf("file %s is neither old nor new", name)
		}
	}
}

func TestExportFaults(t *testing.T) {
	broken := errors.New("input/output error")
	base := newFS()
	s := open(t, base)
	mustPublish(t, base, s, siteA)
	mustExport(t, s)
	mustPublish(t, base, s, siteB)
	if err := withdrawSecond(base, s); err != nil {
		t.Fatal(err)
	}
	whole := base.Clone()
	whole.FailAt(-1, nil)
	mustExport(t, open(t, whole))
	for at := range whole.Changes() {
		fsys := base.Clone()
		fsys.FailAt(at, broken)
		s := open(t, fsys)
		if _, err := export(s); !errors.Is(err, broken) {
			t.Fatalf("change %d: %v", at, err)
		}
		mustExport(t, s)
		if !maps.Equal(below(fsys.Files(), out), below(whole.Files(), out)) {
			t.Fatalf("change %d: %q, want %q", at, site(fsys), site(whole))
		}
	}
}

func TestExportToDisk(t *testing.T) {
	root := t.TempDir()
	s, err := release.Open(filepath.Join(root, "releases"), release.Options{PagePath: pagePath})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := publish(durable.OS{}, s, siteA); err != nil {
		t.Fatal(err)
	}
	var calls []int
	www := filepath.Join(root, "deep", "www")
	r, err := s.Export(t.Context(), www, release.ExportOptions{Progress: func(done, total int) { calls = append(calls, done, total) }})
	if err != nil || r.Written != 7 || !slices.Equal(calls, []int{7, 7}) {
		t.Errorf("%+v, %v, %v", r, err, calls)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := publish(durable.OS{}, s, siteB); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Export(ctx, www, release.ExportOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if r, err := s.Export(t.Context(), www, release.ExportOptions{}); err != nil || r.Removed != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if b, err := durable.ReadFile(durable.OS{}, filepath.Join(www, "index.html")); err != nil || string(b) != "回音首页 B" {
		t.Errorf("%q, %v", b, err)
	}
}

// TestExportBetweenBrokenWithdrawals breaks off two withdrawals from the same
// packs at every point and exports after each: what the overlay calls gone is in
// no file of the folder, also while the packs still hold it.
func TestExportBetweenBrokenWithdrawals(t *testing.T) {
	broken := errors.New("input/output error")
	gone := []release.Gone{secondGone, {Number: "2611-000001", Reason: "依法不予公开"}}
	words := []string{rareWords, "路灯"}
	base := newFS()
	s := open(t, base)
	mustPublish(t, base, s, siteA)
	mustExport(t, s)
	var walk func(from *durabletest.FS, i int)
	pending := 0
	walk = func(from *durabletest.FS, i int) {
		for at := range 60 {
			fsys := from.Clone()
			s := open(t, fsys)
			fsys.FailAt(at, broken)
			_, err := s.Withdraw(t.Context(), gone[i:i+1])
			fsys.FailAt(-1, nil)
			if !strings.Contains(look(s, pagePath(gone[i].Number)), "withdrawn") {
				continue
			}
			if strings.Contains(fsys.Files()[dir+"/overlay.json"], `"pending": true`) {
				pending++
			}
			mustExport(t, s)
			for _, w := range words[:i+1] {
				if found := grep(t, site(fsys), w); len(found) > 0 {
					t.Fatalf("case %d, change %d: it is still in %v", i, at, found)
				}
			}
			if i == 0 {
				walk(fsys, 1)
			}
			if err == nil {
				return
			}
		}
		t.Fatal("a withdrawal does not end")
	}
	walk(base, 0)
	if pending == 0 {
		t.Error("no withdrawal was broken off half way")
	}
}
