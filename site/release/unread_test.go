package release_test

import (
	"errors"
	"io/fs"
	"maps"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
	"github.com/huiyin/huiyin/site/release"
)

// spoil writes over a file and returns what it held.
func spoil(t testing.TB, fsys *durabletest.FS, name, text string) (whole string) {
	t.Helper()
	whole = fsys.Files()[name]
	if err := durable.WriteFile(fsys, name, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return whole
}

// withdrawUnread withdraws the second case where not every pack can be read.
func withdrawUnread(t testing.TB, s *release.Store) {
	t.Helper()
	n, err := s.Withdraw(t.Context(), []release.Gone{secondGone})
	if _, _, code := fault.Public(err); n != 1 || !errors.Is(err, release.ErrUnread) || code != 6 {
		t.Errorf("%d withdrawn, exit code %d: %v", n, code, err)
	}
}

// withdrawIdle withdraws the second case once more, where that can do nothing.
func withdrawIdle(t testing.TB, fsys *durabletest.FS, s *release.Store) {
	t.Helper()
	before := fsys.Files()
	if n, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); n != 0 || err != nil || !maps.Equal(before, fsys.Files()) {
		t.Errorf("repeated, it says %d, %v, or wrote something", n, err)
	}
}

// heal puts a file back and withdraws the second case once more, of which nothing is left.
func heal(t testing.TB, fsys *durabletest.FS, s *release.Store, name, whole string) {
	t.Helper()
	spoil(t, fsys, name, whole)
	if n, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	nowhere(t, "once it is whole again", fsys.Files())
	sound(t, "once it is whole again", s)
}

// without returns all files but one.
func without(all map[string]string, name string) map[string]string {
	delete(all, name)
	return all
}

// TestDamagedPackOfAnOldRelease withdraws a case while a pack that only an old release
// needs cannot be read: everything else is done, and goes on.
func TestDamagedPackOfAnOldRelease(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	name := packOf(fsys.Files(), "month/2611")
	other := maps.Clone(siteB)
	other["month/2611"] = `month/2611.html 2611-000001,2611-000002 | 路灯已修好; 玄武岩栈桥漏水;`
	mustPublish(t, fsys, s, other)
	mustExport(t, s)
	whole := spoil(t, fsys, name, "not a pack")
	withdrawUnread(t, s)
	want := `
		index.html: found "回音首页 B"
		case/2611-000001.html: found "第一件:路灯已修好"
		case/2611-000002.html: withdrawn 依法不予公开
		month/2611.html: unavailable
		month/2611.atom: missing
		month/count.json: missing
		style/a.css: found "body{color:black}"
		unit/a.html: found "某局"
		nothing.html: missing`
	same(t, "meanwhile", look(s, allPaths...), want)
	nowhere(t, "meanwhile", without(below(fsys.Files(), dir), strings.TrimPrefix(name, dir+"/")))
	if files, err := s.Showing(t.Context(), []string{secondGone.Number}); err == nil || len(files) > 0 {
		t.Errorf("what cannot be read counts as gone: %q", files)
	}
	if r, err := s.Fsck(t.Context()); err != nil || len(r.Problems) < 2 || !strings.Contains(r.Problems[0], "release 1, partition month/2611") {
		t.Errorf("fsck: %+v, %v", r, err)
	}
	withdrawIdle(t, fsys, s)

	// Nothing else is held up, and nothing of the old release is shown.
	mustExport(t, s)
	nowhere(t, "in the folder", below(fsys.Files(), out))
	mustPublish(t, fsys, s, siteC)
	if err := s.Rollback(t.Context(), 2, nil); err != nil {
		t.Fatal(err)
	}
	same(t, "after a rollback", look(s, allPaths...), want)
	if err := s.Rollback(t.Context(), 1, nil); !errors.Is(err, release.ErrUnread) {
		t.Errorf("a damaged release is shown again: %v", err)
	}

	heal(t, fsys, s, name, whole)
	if err := s.Rollback(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
}

// TestDamagedPackOfTheCurrentRelease refuses every file of it, to a reader who has it open
// as well, until it is made again.
func TestDamagedPackOfTheCurrentRelease(t *testing.T) {
	fsys := newFS()
	s, reader := open(t, fsys), open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	look(reader, allPaths...)
	mustExport(t, s)
	name := packOf(fsys.Files(), "month/2611")
	spoil(t, fsys, name, "not a pack")
	withdrawUnread(t, s)
	want := `
		index.html: found "回音首页 A"
		case/2611-000001.html: found "第一件:路灯不亮"
		case/2611-000002.html: withdrawn 依法不予公开
		month/2611.html: unavailable
		month/2611.atom: unavailable
		month/count.json: unavailable
		style/a.css: found "body{color:black}"
		unit/a.html: unavailable
		nothing.html: unavailable`
	same(t, "a reader who had it open", look(reader, allPaths...), want)
	same(t, "a new reader", look(open(t, fsys), allPaths...), want)
	if due, err := s.ExportDue(out); !due || err != nil {
		t.Errorf("the folder is level: %v", err)
	}
	mustExport(t, s)
	if due, err := s.ExportDue(out); due || err != nil {
		t.Errorf("the folder is not level: %v", err)
	}
	nowhere(t, "in the folder", below(fsys.Files(), out))
	if files := below(fsys.Files(), out); files["month/count.json"] != "" || files["style/a.css"] == "" {
		t.Errorf("files of the folder: %v", files)
	}

	mustPublish(t, fsys, s, siteC)
	same(t, "made again", look(reader, "month/2611.html", "month/count.json", "nothing.html"), `
		month/2611.html: found "路灯已修好; (已撤下)"
		month/count.json: found "{\"cases\":2}"
		nothing.html: missing`)
	mustExport(t, s)
	if files := below(fsys.Files(), out); files["month/count.json"] == "" {
		t.Error("the folder lacks what was made again")
	}
	if due, err := s.ExportDue(out); due || err != nil {
		t.Errorf("the folder is not level: %v", err)
	}
}

// TestDamagedHiddenEntry withdraws a case from a pack that can be looked through and not
// be rewritten.
func TestDamagedHiddenEntry(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	site := maps.Clone(siteA)
	site["case/2611/0000"] += "\n.huiyin/search.jsonl | {\"id\":\"2611-000002\"}"
	mustPublish(t, fsys, s, site)
	name := packOf(fsys.Files(), "case/2611/0000")
	whole := fsys.Files()[name]
	spoil(t, fsys, name, strings.Replace(whole, `{"id":"2611`, `{"id":"2612`, 1))
	withdrawUnread(t, s)
	same(t, "meanwhile", look(s, "index.html", "case/2611-000001.html", "case/2611-000002.html"), `
		index.html: found "回音首页 A"
		case/2611-000001.html: unavailable
		case/2611-000002.html: withdrawn 依法不予公开`)
	withdrawIdle(t, fsys, s)
	heal(t, fsys, s, name, whole)
	same(t, "once it is whole again", look(s, "case/2611-000001.html"), `case/2611-000001.html: found "第一件:路灯不亮"`)
}

// TestDamagedManifest withdraws a case from every release whose manifest can be read.
func TestDamagedManifest(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	mustPublish(t, fsys, s, siteB)
	name := dir + "/releases/000001.json"
	whole := spoil(t, fsys, name, "{")
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err == nil {
		t.Error("a damaged manifest was passed over")
	}
	same(t, "meanwhile", look(s, "case/2611-000002.html", "month/2611.html", "month/2611.atom", "month/count.json"), `
		case/2611-000002.html: withdrawn 依法不予公开
		month/2611.html: unavailable
		month/2611.atom: unavailable
		month/count.json: found "{\"cases\":2}"`)
	heal(t, fsys, s, name, whole)
}

// TestCrashBesideADamagedPack cuts the power at every change of a withdrawal that finds a
// damaged pack. It can be repeated, and leaves what it would have left.
func TestCrashBesideADamagedPack(t *testing.T) {
	base := withReleases(siteA, siteB)(t)
	name := packOf(base.Files(), "case/2611/0000")
	spoil(t, base, name, "not a pack")
	before := seeAll(open(t, base))
	end := base.Clone()
	end.FailAt(-1, nil)
	withdrawUnread(t, open(t, end))
	n, after := end.Changes(), seeAll(open(t, end))
	if before == after || n < 10 {
		t.Fatalf("%d changes; readers see\n%s", n, after)
	}
	for at := range n {
		for keep := durabletest.KeepNone; keep <= durabletest.KeepAll; keep++ {
			fsys := base.Clone()
			fsys.CrashAt(at)
			err := withdrawSecond(fsys, open(t, fsys))
			fsys = fsys.Reboot(keep)
			got := seeAll(open(t, fsys))
			if got != before && got != after || errors.Is(err, release.ErrUnread) && got != after {
				t.Fatalf("change %d of %d, keep %d, %v: readers see\n%s", at, n, keep, err, got)
			}
			if err := withdrawSecond(fsys, open(t, fsys)); err != nil && !errors.Is(err, release.ErrUnread) {
				t.Fatalf("change %d, keep %d: repeated: %v", at, keep, err)
			}
			if got := seeAll(open(t, fsys)); got != after {
				t.Fatalf("change %d, keep %d: repeated, readers see\n%s\nwant\n%s", at, keep, got, after)
			}
			if found := grep(t, without(fsys.Files(), name), rareWords); len(found) > 0 {
				t.Fatalf("change %d, keep %d: repeated, the case is still in %v", at, keep, found)
			}
		}
	}
}

// failing fails some reads of one file for a reason that passes: the first opens of it, and
// the first reads.
type failing struct {
	*durabletest.FS
	name         string
	first        atomic.Int64 // opens that do not fail, before others do
	opens, reads atomic.Int64 // how many are left to fail
}

func (f *failing) Open(name string) (durable.File, error) {
	if name == f.name && f.first.Add(-1) < 0 && f.opens.Add(-1) >= 0 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EMFILE}
	}
	file, err := f.FS.Open(name)
	if err == nil && name == f.name {
		file = failingFile{file, f}
	}
	return file, err
}

type failingFile struct {
	durable.File
	of *failing
}

func (f failingFile) ReadAt(b []byte, off int64) (int, error) {
	if f.of.reads.Add(-1) >= 0 {
		return 0, syscall.EIO
	}
	return f.File.ReadAt(b, off)
}

// TestPassingReadFault withdraws a case while a whole pack cannot be read for a moment: it is
// looked at again at once, and nothing else of it is kept from readers. Where that lasts it is
// refused, and comes back with the first run that can read it.
func TestPassingReadFault(t *testing.T) {
	for _, tt := range []struct {
		name                string
		first, opens, reads int64
		lasts               bool
	}{
		{"one open fails", 0, 1, 0, false},
		{"one read fails", 0, 0, 1, false},
		{"two opens fail", 0, 2, 0, false},
		{"one open fails while it is rewritten", 1, 1, 0, false},
		{"two opens fail while it is rewritten", 1, 2, 0, false},
		{"every open fails", 0, 1 << 30, 0, true},
		{"every read fails", 0, 0, 1 << 30, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := &failing{FS: newFS()}
			s := open(t, fsys)
			mustPublish(t, fsys, s, siteA)
			s = open(t, fsys) // which has no pack open
			fsys.name = packOf(fsys.Files(), "month/2611")
			fsys.first.Store(tt.first)
			fsys.opens.Store(tt.opens)
			fsys.reads.Store(tt.reads)
			want := `
				case/2611-000002.html: withdrawn 依法不予公开
				month/2611.html: unavailable
				month/count.json: found "{\"cases\":2}"`
			paths := []string{"case/2611-000002.html", "month/2611.html", "month/count.json"}
			if !tt.lasts {
				if n, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); n != 1 || err != nil {
					t.Fatal(n, err)
				}
				same(t, "at once", look(s, paths...), want)
				nowhere(t, "at once", fsys.Files())
				return
			}
			withdrawUnread(t, s)
			fsys.opens.Store(tt.opens)
			fsys.reads.Store(tt.reads)
			withdrawIdle(t, fsys.FS, s)
			same(t, "meanwhile", look(s, paths...), strings.Replace(want, `found "{\"cases\":2}"`, "unavailable", 1))
			fsys.opens.Store(0)
			fsys.reads.Store(0)
			if n, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); n != 0 || err != nil {
				t.Fatal(n, err)
			}
			same(t, "once it can be read", look(s, paths...), want)
			nowhere(t, "once it can be read", fsys.Files())
			sound(t, "once it can be read", s)
		})
	}
}
