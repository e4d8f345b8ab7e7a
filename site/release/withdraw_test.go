package release_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
	"github.com/huiyin/huiyin/site/release"
)

func TestWithdrawal(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	mustPublish(t, fsys, s, siteB)
	if n, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	same(t, "after the withdrawal", look(s, allPaths...), `
		index.html: found "回音首页 B"
		case/2611-000001.html: found "第一件:路灯已修好"
		case/2611-000002.html: withdrawn 依法不予公开
		month/2611.html: unavailable
		month/2611.atom: unavailable
		month/count.json: found "{\"cases\":2}"
		style/a.css: found "body{color:black}"
		unit/a.html: found "某局"
		nothing.html: missing`)
	nowhere(t, "after the withdrawal", fsys.Files())
	sound(t, "after the withdrawal", s)

	mustPublish(t, fsys, s, siteC)
	same(t, "after the next publish", look(s, allPaths...), `
		index.html: found "回音首页 B"
		case/2611-000001.html: found "第一件:路灯已修好"
		case/2611-000002.html: withdrawn "该件已撤下" 依法不予公开
		month/2611.html: found "路灯已修好; (已撤下)"
		month/2611.atom: found "<feed></feed>"
		month/count.json: found "{\"cases\":2}"
		style/a.css: found "body{color:black}"
		unit/a.html: found "某局"
		nothing.html: missing`)

	if err := s.Rollback(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	same(t, "after a rollback", look(s, allPaths...), `
		index.html: found "回音首页 A"
		case/2611-000001.html: found "第一件:路灯不亮"
		case/2611-000002.html: withdrawn 依法不予公开
		month/2611.html: unavailable
		month/2611.atom: unavailable
		month/count.json: found "{\"cases\":2}"
		style/a.css: found "body{color:black}"
		unit/a.html: missing
		nothing.html: missing`)
	nowhere(t, "after the rollback", fsys.Files())
	sound(t, "after the rollback", s)
}

// TestRetraction takes a case back out of what was published, publishes its row
// without the words, and rolls back.
func TestRetraction(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	mustPublish(t, fsys, s, siteB)
	retract := func(time, want int) {
		t.Helper()
		n, err := s.Retract(t.Context(), []release.Retracted{{Number: "2611-000002", Time: time}})
		if n != want || err != nil {
			t.Fatal(n, err)
		}
	}
	gone := func(when string) {
		t.Helper()
		nowhere(t, when, fsys.Files())
		sound(t, when, s)
	}
	const paths = "case/2611-000002.html"
	retract(4, 1)
	gone("after the retraction")
	same(t, "after the retraction", look(s, paths), "case/2611-000002.html: unavailable")

	row := parts{"home": "index.html | 回音首页 B", "case/2611/0000": "case/2611-000002.html 2611-000002 | 作者不同意公开"}
	mustPublish(t, fsys, s, row)
	before := fsys.Files()
	retract(4, 0)
	if !maps.Equal(before, fsys.Files()) {
		t.Error("repeated, it wrote something")
	}
	same(t, "after the next publish", look(s, paths), `case/2611-000002.html: found "作者不同意公开"`)

	if err := s.Rollback(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	gone("after the rollback")
	same(t, "after the rollback", look(s, paths), "case/2611-000002.html: unavailable")

	mustPublish(t, fsys, s, siteB) // the writer agrees again, and then no more
	same(t, "published again", look(s, paths), `case/2611-000002.html: found "第二件:玄武岩栈桥漏水"`)
	retract(7, 1)
	gone("after the second retraction")
}

func TestShowing(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	shown := func(want ...string) {
		t.Helper()
		got, err := s.Showing(t.Context(), []string{"2611-000002"})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("shown in %q, %v; want %q", got, err, want)
		}
	}
	mustPublish(t, fsys, s, siteA)
	mustPublish(t, fsys, s, siteB)
	shown("case/2611-000002.html", "month/2611.atom", "month/2611.html")
	fsys.CrashAt(5) // the overlay says it, and no pack is rewritten yet
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err == nil {
		t.Fatal("no crash")
	}
	fsys = fsys.Reboot(durabletest.KeepAll)
	s = open(t, fsys)
	if got := look(s, "case/2611-000002.html"); !strings.Contains(got, "withdrawn") {
		t.Fatal(got)
	}
	shown("case/2611-000002.html", "month/2611.atom", "month/2611.html") // on the disk, where no reader finds it
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
		t.Fatal(err)
	}
	shown()
	mustPublish(t, fsys, s, siteC)
	shown()
	if _, err := s.Showing(t.Context(), []string{"../x"}); err == nil {
		t.Error("asked for what is no case number")
	}
}

// meanwhile is a file system on which something happens once, when the first file is opened
// that has something in its path.
type meanwhile struct {
	*durabletest.FS
	part string
	once sync.Once
	do   func()
}

func (m *meanwhile) Open(name string) (durable.File, error) {
	if strings.Contains(name, m.part) {
		m.once.Do(m.do)
	}
	return m.FS.Open(name)
}

// What a publish or a withdrawal removes while cases are looked for is neither damaged nor
// where they are shown.
func TestShowingMeanwhile(t *testing.T) {
	for what, do := range map[string]func(fsys *durabletest.FS, s *release.Store){
		"a publish": func(fsys *durabletest.FS, s *release.Store) {
			for range 3 { // three releases are kept
				mustPublish(t, fsys, s, parts{"home": "index.html | 回音首页"})
			}
		},
		"a withdrawal": func(_ *durabletest.FS, s *release.Store) {
			if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
				t.Error(err)
			}
		},
	} {
		fsys := newFS()
		mustPublish(t, fsys, open(t, fsys), siteA)
		s := open(t, &meanwhile{FS: fsys, part: "/packs/", do: func() { do(fsys, open(t, fsys)) }})
		if files, err := s.Showing(t.Context(), []string{secondGone.Number}); len(files) > 0 || err != nil {
			t.Errorf("%s: shown in %q, %v", what, files, err)
		}
	}
}

func TestWithdrawalRepeatedWritesNothing(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	for i, want := range []int{1, 0, 0} {
		before := fsys.Files()
		fsys.FailAt(-1, nil)
		n, err := s.Withdraw(t.Context(), []release.Gone{secondGone})
		if n != want || err != nil {
			t.Fatal(n, err)
		}
		if i > 0 && (fsys.Changes() != 0 || !maps.Equal(before, fsys.Files())) {
			t.Errorf("repeated, it changed %d things", fsys.Changes())
		}
	}
	changed := secondGone
	changed.Reason = "重复件"
	if n, err := s.Withdraw(t.Context(), []release.Gone{changed}); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	same(t, "with another reason", look(s, "case/2611-000002.html"), "case/2611-000002.html: withdrawn 重复件")
}

func TestWithdrawBeforeTheFirstRelease(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
		t.Fatal(err)
	}
	if _, err := publish(fsys, s, siteA); err == nil || !strings.Contains(err.Error(), "case/2611/0000 shows a case that is withdrawn") {
		t.Errorf("a release that shows a withdrawn case: %v", err)
	}
	mustPublish(t, fsys, s, siteC)
	sound(t, "after the release", s)
}

func TestSecondWithdrawalFromTheSamePack(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	for _, n := range []string{"2611-000002", "2611-000001"} {
		if _, err := s.Withdraw(t.Context(), []release.Gone{{Number: n, Reason: "依法不予公开", Day: "2026-11-23"}}); err != nil {
			t.Fatal(err)
		}
		sound(t, n, s)
	}
	same(t, "both withdrawn", look(s, allPaths[1:6]...), `
		case/2611-000001.html: withdrawn 依法不予公开
		case/2611-000002.html: withdrawn 依法不予公开
		month/2611.html: unavailable
		month/2611.atom: unavailable
		month/count.json: found "{\"cases\":2}"`)
	for _, words := range []string{rareWords, "路灯"} {
		if found := grep(t, fsys.Files(), words); len(found) > 0 {
			t.Errorf("%v", found)
		}
	}
}

// TestWithdrawalDuringPublish withdraws a case of which the publish that is
// running has made the page and the list already.
func TestWithdrawalDuringPublish(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	_, err := publishAnd(fsys, s, siteB, func() error {
		_, err := open(t, fsys).Withdraw(t.Context(), []release.Gone{secondGone})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "after the publish", look(s, allPaths...), `
		index.html: found "回音首页 B"
		case/2611-000001.html: found "第一件:路灯已修好"
		case/2611-000002.html: withdrawn 依法不予公开
		month/2611.html: unavailable
		month/2611.atom: unavailable
		month/count.json: found "{\"cases\":2}"
		style/a.css: found "body{color:black}"
		unit/a.html: found "某局"
		nothing.html: missing`)
	nowhere(t, "after the publish", fsys.Files())
	sound(t, "after the publish", s)
	mustPublish(t, fsys, s, siteC)
	sound(t, "after the next publish", s)
}

// TestWithdrawalClearsACrashedStage leaves a pack with the case in the stage.
func TestWithdrawalClearsACrashedStage(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteC)
	txn, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stage(fsys, txn, siteA); err != nil {
		t.Fatal(err)
	}
	fsys = fsys.Reboot(2)
	s = open(t, fsys)
	if found := grep(t, fsys.Files(), rareWords); len(found) == 0 {
		t.Fatal("the test leaves nothing behind")
	}
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
		t.Fatal(err)
	}
	nowhere(t, "after the withdrawal", fsys.Files())
}

func TestLostOverlayIsNoticed(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
		t.Fatal(err)
	}
	if err := durable.Remove(fsys, dir+"/overlay.json"); err != nil {
		t.Fatal(err)
	}
	_, err := open(t, fsys).Current()
	if msg, _, code := fault.Public(err); code != 6 || !strings.Contains(msg, "withdrawn") {
		t.Errorf("%v", err)
	}
}

func TestReinstate(t *testing.T) {
	fsys := newFS()
	s := open(t, fsys)
	mustPublish(t, fsys, s, siteA)
	if _, err := s.Withdraw(t.Context(), []release.Gone{secondGone}); err != nil {
		t.Fatal(err)
	}
	if err := s.Reinstate(t.Context(), secondBack); err != nil {
		t.Fatal(err)
	}
	same(t, "lifted", look(s, "case/2611-000002.html", "month/2611.html"), "case/2611-000002.html: unavailable\nmonth/2611.html: unavailable")
	mustPublish(t, fsys, s, siteA) // the same packs as before: the mapping goes
	same(t, "made again", look(s, "case/2611-000002.html", "month/count.json"), `case/2611-000002.html: found "第二件:玄武岩栈桥漏水"
		month/count.json: found "{\"cases\":2}"`)
	sound(t, "made again", s)
}
