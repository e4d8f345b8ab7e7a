package spool_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/spool"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
)

// upstream is a feed whose state is the number of pages that were given out.
type upstream struct {
	pages []string // items parted by bars; "RESTART" begins at the first page again, once
	asOf  string
	fail  int // before this page, from 1; 0: never
	asked []string
}

func (u *upstream) Fetch(_ context.Context, state []byte, page func(source.Page) error) (w source.Walk, err error) {
	u.asked = append(u.asked, string(state))
	from := 0
	fmt.Sscan(string(state), &from)
	for i := from; i < len(u.pages); i++ {
		if u.fail == i+1 {
			return w, errors.New("the line is dead")
		}
		p := source.Page{State: fmt.Append(nil, i+1)}
		text := u.pages[i]
		if rest, ok := strings.CutPrefix(text, "RESTART "); ok {
			p.Restart, text = true, rest
		}
		for item := range strings.SplitSeq(text, " | ") {
			if item != "" {
				p.Items = append(p.Items, []byte(item))
			}
		}
		if err := page(p); err != nil {
			return w, err
		}
	}
	return source.Walk{AsOf: u.asOf, State: fmt.Append(nil, max(from, len(u.pages)))}, nil
}

func newFS() *durabletest.FS {
	fsys := durabletest.New()
	if err := durable.MkdirAll(fsys, "/inbox"); err != nil {
		panic(err)
	}
	return fsys
}

func fetch(t *testing.T, fsys durable.FS, feed spool.Feed, today string) (spool.Report, error) {
	t.Helper()
	s, err := spool.New(fsys, "/inbox", "cases")
	if err != nil {
		t.Fatal(err)
	}
	return s.Fetch(t.Context(), feed, today)
}

// visible returns the files that the drop folder is read for, one a line.
func visible(fsys *durabletest.FS) string {
	var b strings.Builder
	files := fsys.Files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if base, ok := strings.CutPrefix(name, "/inbox/feeds/cases/"); ok {
			fmt.Fprintf(&b, "%s: %s\n", base, strings.Join(strings.Fields(files[name]), " "))
		}
	}
	return b.String()
}

func TestFetch(t *testing.T) {
	fsys := newFS()
	u := &upstream{pages: []string{`{"n": 1} | {"n":2}`, `{"n":3}`}, asOf: "2026-11-27", fail: 2}
	if _, err := fetch(t, fsys, u, "2026-11-28"); err == nil || visible(fsys) != "" {
		t.Fatalf("a walk that was broken off: %v; files:\n%s", err, visible(fsys))
	}
	u.fail = 0
	r, err := fetch(t, fsys, u, "2026-11-28")
	if want := (spool.Report{Feed: "cases", AsOf: "2026-11-27", Pages: 2, Items: 3, Resumed: true}); err != nil || cmp.Diff(want, r) != "" {
		t.Fatalf("%+v, %v", r, err)
	}
	want := "2026-11-27.000001.jsonl: {\"_meta\":{\"count\":2}} {\"n\":1} {\"n\":2}\n2026-11-27.000002.jsonl: {\"_meta\":{\"count\":1}} {\"n\":3}\n"
	if diff := cmp.Diff(want, visible(fsys)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"", "1"}, u.asked); diff != "" {
		t.Errorf("asked from (-want +got):\n%s", diff)
	}

	// Nothing new on the same day leaves nothing; more of that day is numbered on; a
	// later day that has nothing new is news.
	for _, step := range []struct{ page, asOf, more string }{
		{"", "2026-11-27", ""},
		{`{"n":4}`, "2026-11-27", "2026-11-27.000003.jsonl: {\"_meta\":{\"count\":1}} {\"n\":4}\n"},
		{"", "", "2026-11-28.000001.jsonl: {\"_meta\":{\"count\":0}}\n"},
		{"", "", ""},
		{`{"n":5}`, "2026-11-28", "2026-11-28.000002.jsonl: {\"_meta\":{\"count\":1}} {\"n\":5}\n"},
	} {
		if u.asOf = step.asOf; step.page != "" {
			u.pages = append(u.pages, step.page)
		}
		if _, err := fetch(t, fsys, u, "2026-11-28"); err != nil {
			t.Fatal(err)
		}
		if want += step.more; visible(fsys) != want {
			t.Fatalf("after %+v:\n%s", step, cmp.Diff(want, visible(fsys)))
		}
	}
}

// An upstream that asks to be read from the beginning voids what was fetched in the walk.
func TestFetchRestart(t *testing.T) {
	fsys := newFS()
	u := &upstream{pages: []string{`{"old":1}`, `{"old":2}`, `RESTART {"new":1}`}, asOf: "2026-11-27"}
	if _, err := fetch(t, fsys, u, "2026-11-28"); err != nil {
		t.Fatal(err)
	}
	if want := "2026-11-27.000001.jsonl: {\"_meta\":{\"count\":1}} {\"new\":1}\n"; visible(fsys) != want {
		t.Error(visible(fsys))
	}
	for name := range fsys.Files() {
		if strings.HasSuffix(name, ".jsonl") && strings.Contains(name, "/.cases/") {
			t.Errorf("%s was left behind", name)
		}
	}
}

func TestFetchRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		page, asOf, want string
	}{
		"a day before":   {`{"n":2}`, "2026-11-26", "2026-11-26, and has stated 2026-11-27 before"},
		"no day":         {`{"n":2}`, "2026-11-31", "no day"},
		"words":          {`{"n":2}`, "secret 13812345678", "no day"},
		"the future":     {`{"n":2}`, "2026-11-30", "lies in the future"},
		"an item broken": {`{"n":13812345678`, "2026-11-28", "no JSON"},
	} {
		fsys := newFS()
		u := &upstream{pages: []string{`{"n":1}`}, asOf: "2026-11-27"}
		if _, err := fetch(t, fsys, u, "2026-11-28"); err != nil {
			t.Fatal(err)
		}
		before := visible(fsys)
		u.pages, u.asOf = append(u.pages, tt.page), tt.asOf
		_, err := fetch(t, fsys, u, "2026-11-28")
		msg, hint, _ := fault.Public(err)
		if !strings.Contains(msg, tt.want) || hint == "" || visible(fsys) != before || strings.Contains(err.Error(), "138") {
			t.Errorf("%s: %q, hint %q; files:\n%s", name, msg, hint, visible(fsys))
		}
	}
	for _, name := range []string{"", ".", "..", "a/b", "A", "-a", strings.Repeat("a", 33), "案"} {
		if _, err := spool.New(nil, "/inbox", name); err == nil {
			t.Errorf("a feed may be called %q", name)
		}
	}
}

// One at a time, in any process.
func TestFetchIsAlone(t *testing.T) {
	fsys := newFS()
	_, err := fetch(t, fsys, feedFunc(func(_ context.Context, _ []byte, page func(source.Page) error) (source.Walk, error) {
		_, err := fetch(t, fsys, &upstream{}, "2026-11-28")
		return source.Walk{}, err
	}), "2026-11-28")
	if _, _, code := fault.Public(err); code != fault.ExitBusy {
		t.Errorf("code %d: %v", code, err)
	}
}

type feedFunc func(context.Context, []byte, func(source.Page) error) (source.Walk, error)

func (f feedFunc) Fetch(ctx context.Context, state []byte, page func(source.Page) error) (source.Walk, error) {
	return f(ctx, state, page)
}

// Whenever the power goes, the next run comes to the same files: nothing is lost,
// nothing is there twice, and no part of a walk is seen before all of it is there.
func TestCrash(t *testing.T) {
	steps := []struct{ page, asOf string }{{`{"n":1}`, "2026-11-26"}, {`{"n":2}`, "2026-11-26"}, {"", "2026-11-27"}, {`RESTART {"n":3}`, "2026-11-28"}}
	days := func(fsys durable.FS, from int) (int, error) {
		u := &upstream{}
		for i, step := range steps {
			if u.asOf = step.asOf; step.page != "" {
				u.pages = append(u.pages, step.page)
			}
			if i < from {
				continue
			}
			s, err := spool.New(fsys, "/inbox", "cases")
			if err != nil {
				return i, err
			}
			if _, err := s.Fetch(t.Context(), u, "2026-11-28"); err != nil {
				return i, err
			}
		}
		return len(steps), nil
	}
	whole := newFS()
	whole.CrashAt(-1)
	if _, err := days(whole, 0); err != nil {
		t.Fatal(err)
	}
	want := visible(whole)
	points := 0
	for at := range whole.Changes() {
		for keep := durabletest.KeepNone; keep <= durabletest.KeepAll; keep++ {
			points++
			fsys := newFS()
			fsys.CrashAt(at)
			reached, err := days(fsys, 0)
			if err == nil {
				t.Fatalf("change %d was not reached", at)
			}
			fsys = fsys.Reboot(keep)
			if _, err := days(fsys, reached); err != nil {
				t.Fatalf("change %d, keep %d: %v", at, keep, err)
			}
			if diff := cmp.Diff(want, visible(fsys)); diff != "" {
				t.Fatalf("change %d, keep %d (-whole +again):\n%s", at, keep, diff)
			}
		}
	}
	t.Logf("%d crash points", points)
}

// A clock of this machine that was set back is not the upstream's doing.
func TestFetchClockBack(t *testing.T) {
	fsys := newFS()
	u := &upstream{pages: []string{`{"n":1}`}}
	if _, err := fetch(t, fsys, u, "2026-11-28"); err != nil {
		t.Fatal(err)
	}
	before := visible(fsys)
	u.pages = append(u.pages, `{"n":2}`)
	_, err := fetch(t, fsys, u, "2026-11-27")
	if msg, hint, _ := fault.Public(err); !strings.Contains(msg, "the clock of this machine shows 2026-11-27") || !strings.Contains(hint, "check the clock") || visible(fsys) != before {
		t.Errorf("%v\n%s", err, visible(fsys))
	}
	if _, err := fetch(t, fsys, u, "2026-11-29"); err != nil || !strings.Contains(visible(fsys), "2026-11-29.000001.jsonl: {\"_meta\":{\"count\":1}} {\"n\":2}") {
		t.Errorf("once the clock is right: %v\n%s", err, visible(fsys))
	}
}
