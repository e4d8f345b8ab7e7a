package release_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
	"github.com/huiyin/huiyin/site/release"
)

// siteA and siteB are two states of one site. Case 2611-000002 has rare words in
// its page and in the list of its month.
var (
	siteA = parts{
		"home": "index.html | 回音首页 A",
		"case/2611/0000": `case/2611-000001.html 2611-000001 | 第一件:路灯不亮
			case/2611-000002.html 2611-000002 | 第二件:玄武岩栈桥漏水`,
		"month/2611": `month/2611.html 2611-000001,2611-000002 | 路灯不亮; 玄武岩栈桥漏水
			month/2611.atom 2611-000002 | <feed>玄武岩栈桥漏水</feed>
			month/count.json | {"cases":2}`,
		"style": "style/a.css | body{color:black}",
	}
	siteB = parts{
		"home": "index.html | 回音首页 B",
		"case/2611/0000": `case/2611-000001.html 2611-000001 | 第一件:路灯已修好
			case/2611-000002.html 2611-000002 | 第二件:玄武岩栈桥漏水`,
		"month/2611": `month/2611.html 2611-000001,2611-000002 | 路灯已修好; 玄武岩栈桥漏水
			month/2611.atom 2611-000002 | <feed>玄武岩栈桥漏水</feed>
			month/count.json | {"cases":2}`,
		"style": "style/a.css | body{color:black}",
		"unit":  "unit/a.html | 某局",
	}
	// siteC is siteB made again after 2611-000002 was withdrawn.
	siteC = parts{
		"home": "index.html | 回音首页 B",
		"case/2611/0000": `case/2611-000001.html 2611-000001 | 第一件:路灯已修好
			case/2611-000002.html | 该件已撤下`,
		"month/2611": `month/2611.html 2611-000001 | 路灯已修好; (已撤下)
			month/2611.atom | <feed></feed>
			month/count.json | {"cases":2}`,
		"style": "style/a.css | body{color:black}",
		"unit":  "unit/a.html | 某局",
	}
	allPaths = []string{"index.html", "case/2611-000001.html", "case/2611-000002.html", "month/2611.html", "month/2611.atom",
		"month/count.json", "style/a.css", "unit/a.html", "nothing.html"}
	secondGone = release.Gone{Number: "2611-000002", Unit: "a", Reason: "依法不予公开", Day: "2026-11-23"}
)

func secondBack(context.Context) ([]string, error) { return []string{secondGone.Number}, nil }

const rareWords = "玄武岩栈桥"

// operation is something that changes a store.
type operation struct {
	name string
	from func(t *testing.T) *durabletest.FS
	do   func(fsys durable.FS, s *release.Store) error
	// see describes what readers see. It must be as before or as after.
	see func(s *release.Store) string
	// bytes is set where a broken operation that is repeated must leave the very
	// same files.
	bytes bool
}

func retractSecond(_ durable.FS, s *release.Store) error {
	_, err := s.Retract(context.Background(), []release.Retracted{{Number: secondGone.Number, Time: 3}})
	return err
}

func seeAll(s *release.Store) string { return look(s, allPaths...) }

func withReleases(sites ...parts) func(t *testing.T) *durabletest.FS {
	return func(t *testing.T) *durabletest.FS {
		fsys := newFS()
		s := open(t, fsys)
		for _, site := range sites {
			mustPublish(t, fsys, s, site)
		}
		return fsys
	}
}

func withdrawSecond(_ durable.FS, s *release.Store) error {
	_, err := s.Withdraw(context.Background(), []release.Gone{secondGone})
	return err
}

func publishing(site parts) func(durable.FS, *release.Store) error {
	return func(fsys durable.FS, s *release.Store) error {
		_, err := publish(fsys, s, site)
		return err
	}
}

var operations = []operation{
	{name: "first publish", from: withReleases(), do: publishing(siteA), see: seeAll, bytes: true},
	{name: "second publish", from: withReleases(siteA), do: publishing(siteB), see: seeAll, bytes: true},
	{name: "publish that drops a release", from: withReleases(siteA, siteB, siteA, siteB), do: publishing(siteA), see: seeAll, bytes: true},
	{name: "rollback", from: withReleases(siteA, siteB), see: seeAll, bytes: true,
		do: func(_ durable.FS, s *release.Store) error { return s.Rollback(context.Background(), 1, nil) }},
	{name: "publish after rollback", see: seeAll, bytes: true, do: publishing(parts{"home": "index.html | 回音首页 D"}),
		from: func(t *testing.T) *durabletest.FS {
			fsys := withReleases(siteA, siteB)(t)
			if err := open(t, fsys).Rollback(t.Context(), 1, nil); err != nil {
				t.Fatal(err)
			}
			return fsys
		}},
	{name: "withdraw", from: withReleases(siteA, siteB), do: withdrawSecond, see: seeAll},
	{name: "retract", from: withReleases(siteA, siteB), do: retractSecond, see: seeAll},
	{name: "withdraw from two releases, the older one current", do: withdrawSecond, see: seeAll,
		from: func(t *testing.T) *durabletest.FS {
			fsys := withReleases(siteA, siteB)(t)
			if err := open(t, fsys).Rollback(t.Context(), 1, nil); err != nil {
				t.Fatal(err)
			}
			return fsys
		}},
	{name: "publish after withdrawal", see: seeAll, do: publishing(siteC),
		from: func(t *testing.T) *durabletest.FS {
			fsys := withReleases(siteA, siteB)(t)
			if err := withdrawSecond(fsys, open(t, fsys)); err != nil {
				t.Fatal(err)
			}
			return fsys
		}},
	{name: "publish of what was there before a withdrawal was lifted", see: seeAll, do: publishing(siteB),
		from: func(t *testing.T) *durabletest.FS {
			fsys := withReleases(siteA, siteB)(t)
			s := open(t, fsys)
			if err := withdrawSecond(fsys, s); err != nil {
				t.Fatal(err)
			}
			if err := s.Reinstate(t.Context(), secondBack); err != nil {
				t.Fatal(err)
			}
			return fsys
		}},
	{name: "publish in which a withdrawal falls", from: withReleases(siteA),
		do: func(fsys durable.FS, s *release.Store) error {
			_, err := publishAnd(fsys, s, siteB, func() error { return withdrawSecond(fsys, s) })
			// The publish that follows knows of it already.
			if err != nil && strings.Contains(err.Error(), "withdrawn") {
				return publishing(siteC)(fsys, s)
			}
			return err
		},
		see: func(s *release.Store) string { return look(s, "style/a.css", "nothing.html") }},
}

// TestCrash cuts the power at every change of every operation. A reader then
// sees what was before or what was to be, never a mixture; the operation can be
// repeated, and leaves what it would have left.
func TestCrash(t *testing.T) {
	points := 0
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			base := op.from(t)
			before := op.see(open(t, base))
			end := base.Clone()
			end.FailAt(-1, nil)
			if err := op.do(end, open(t, end)); err != nil {
				t.Fatal(err)
			}
			n := end.Changes()
			after := op.see(open(t, end))
			sound(t, "without a crash", open(t, end))
			for at := range n {
				for keep := durabletest.KeepNone; keep <= durabletest.KeepAll; keep++ {
					points++
					fsys := base.Clone()
					fsys.CrashAt(at)
					err := op.do(fsys, open(t, fsys))
					fsys = fsys.Reboot(keep)
					got := op.see(open(t, fsys))
					if got != before && got != after {
						t.Fatalf("change %d of %d, keep %d: readers see\n%s\nbefore:\n%s\nafter:\n%s", at, n, keep, got, before, after)
					}
					if err == nil && got != after {
						t.Fatalf("change %d, keep %d: it was acknowledged and is lost", at, keep)
					}
					again := "repeated after " + op.name
					if got == after && strings.Contains(op.name, "publish") && !strings.Contains(op.name, "withdrawal falls") {
						// A publish that is out is not repeated; the next one clears up.
						if txn, err := open(t, fsys).Begin(t.Context()); err != nil {
							t.Fatalf("change %d, keep %d: begin: %v", at, keep, err)
						} else if err := txn.Abort(); err != nil {
							t.Fatal(err)
						}
					} else if err := op.do(fsys, open(t, fsys)); err != nil {
						t.Fatalf("change %d, keep %d: %s: %v", at, keep, again, err)
					}
					if got := op.see(open(t, fsys)); got != after {
						t.Fatalf("change %d, keep %d: %s, readers see\n%s\nwant\n%s", at, keep, again, got, after)
					}
					sound(t, again, open(t, fsys))
					if op.bytes && !maps.Equal(fsys.Files(), end.Files()) {
						t.Fatalf("change %d, keep %d: %s, other files than without the crash:\n%v\n%v", at, keep, again, names(fsys), names(end))
					}
					if strings.HasPrefix(op.name, "withdraw") || strings.Contains(op.name, "falls") {
						if found := grep(t, fsys.Files(), rareWords); len(found) > 0 {
							t.Fatalf("change %d, keep %d: %s, the case is still in %v", at, keep, again, found)
						}
					}
				}
			}
		})
	}
	if points < 1000 {
		t.Errorf("%d crash points", points)
	}
	t.Logf("%d crash points", points)
}

// TestFaults lets each change fail once, as a full disk does. The store stays
// usable in the same process.
func TestFaults(t *testing.T) {
	broken := errors.New("input/output error")
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			base := op.from(t)
			before := op.see(open(t, base))
			end := base.Clone()
			end.FailAt(-1, nil)
			if err := op.do(end, open(t, end)); err != nil {
				t.Fatal(err)
			}
			n := end.Changes()
			after := op.see(open(t, end))
			for at := range n {
				fsys := base.Clone()
				fsys.FailAt(at, broken)
				s := open(t, fsys)
				err := op.do(fsys, s)
				if err != nil && !errors.Is(err, broken) {
					t.Fatalf("change %d: %v", at, err)
				}
				got := op.see(s)
				if got != before && got != after || err == nil && got != after {
					t.Fatalf("change %d, error %v: readers see\n%s", at, err, got)
				}
				if got == before {
					if err := op.do(fsys, s); err != nil {
						t.Fatalf("change %d: repeated: %v", at, err)
					}
				}
				txn, err := s.Begin(t.Context())
				if err != nil {
					t.Fatalf("change %d: begin: %v", at, err)
				}
				if err := txn.Abort(); err != nil {
					t.Fatal(err)
				}
				if got := op.see(s); got != after {
					t.Fatalf("change %d: repeated, readers see\n%s", at, got)
				}
				sound(t, "repeated", s)
			}
		})
	}
}

func names(fsys *durabletest.FS) []string {
	var list []string
	for name := range fsys.Files() {
		list = append(list, name)
	}
	return list
}
