package open311_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/source/open311"
)

// A server that goes down at the very last span has not told that this span is bad.
func TestDownAtTheEnd(t *testing.T) {
	since := time.Date(2026, 11, 20, 0, 0, 0, 0, now.Location())
	today := since.Add(8*(24*time.Hour-time.Second) + 20*time.Second)
	town := newTown()
	down := true
	town.fault = func(n int, _ []request) (int, string) {
		if n > 8 && down {
			return 500, ""
		}
		return 0, ""
	}
	c := newClient(town)
	feed := func() *open311.Requests {
		o := c.options()
		o.Since, o.WindowDays = "2026-11-20", 1
		f, err := open311.NewRequests(o, c, func() time.Time { return today })
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	var k kept
	if walk, err := k.walk(t, feed()); err == nil {
		t.Errorf("the walk has come to its end: %q", walk.Missing)
	}
	down = false
	if walk, err := k.walk(t, feed()); err != nil || len(walk.Missing) > 0 {
		t.Errorf("%q, %v", walk.Missing, err)
	}
}

// A request that changes between two answers stands once in a page, as it was last.
func TestChangesMeanwhile(t *testing.T) {
	n := 0
	feed := feedOf(t, func(string) (int, []byte, error) {
		n++
		return 200, fmt.Appendf(nil, `[{"service_request_id":1,"status_notes":"%d"},{"service_request_id":2}]`, n), nil
	}, func(o *open311.Options) { o.WindowDays = 10 })
	var k kept
	if _, err := k.walk(t, feed); err != nil {
		t.Fatal(err)
	}
	want := []string{`{"service_request_id":"1","status_notes":"3"}`, `{"service_request_id":"2"}`}
	if diff := cmp.Diff(want, k.items); diff != "" || n != 3 {
		t.Errorf("%d requests (-want +got):\n%s", n, diff)
	}
}

// A span of many pages is gone on with at the page at which it was broken off.
func TestPageGoesOn(t *testing.T) {
	town := newTown()
	town.paging = true
	c := newClient(town)
	var k kept
	feed := requests(t, c, func(o *open311.Options) { o.PageSize = 40 })
	feed.Pages(1)
	c.cut = 4
	if _, err := k.walk(t, feed); !errors.Is(err, errLine) {
		t.Fatal(err)
	}
	town.asked = nil
	if _, err := k.walk(t, feed); err != nil || !strings.Contains(town.asked[0], "page=4&") {
		t.Errorf("%s, %v", town.asked[0], err)
	}
}

// Another size of pages, or none, in the middle of a span loses none of them.
func TestPageSizeChanges(t *testing.T) {
	want := whole(t)
	for _, size := range []int{0, 20, 100} {
		town := newTown()
		town.paging = true
		c := newClient(town)
		walk := func(k *kept, size int) error {
			f := requests(t, c, func(o *open311.Options) { o.PageSize = size })
			f.Pages(1)
			_, err := k.walk(t, f)
			return err
		}
		var k kept
		c.cut = 4
		if err := walk(&k, 40); !errors.Is(err, errLine) {
			t.Fatal(err)
		}
		town.paging = size > 0
		if err := walk(&k, size); err != nil {
			t.Fatal(err)
		}
		if diff := differ(want, k.take()); diff != "" {
			t.Errorf("%d in a page (-whole +changed):\n%s", size, diff)
		}
	}
}

// A quarter of an hour of which every second is bad is not asked for second by second,
// and not much more than it is given up.
func TestBadStretch(t *testing.T) {
	town := newTown()
	from := time.Date(2026, 10, 14, 9, 0, 0, 0, now.Location())
	for i := range 900 {
		town.add(from.Add(time.Duration(i)*time.Second), "bad", i)
	}
	town.fault = func(_ int, chosen []request) (int, string) {
		for _, r := range chosen {
			if r.get("description") == "bad" {
				return 500, ""
			}
		}
		return 0, ""
	}
	c := newClient(town)
	var k kept
	walk, err := k.walk(t, requests(t, c, nil))
	if err != nil || len(walk.Missing) != 1 || len(k.items) < len(town.requests)-900 || c.n > 100 {
		t.Errorf("%d requests, %d items, %q, %v", c.n, len(k.items), walk.Missing, err)
	}
	t.Logf("%d requests, %q", c.n, walk.Missing)
}

// A server that gives all that it has, whatever is asked for, is taken once.
func TestSpansAreIgnored(t *testing.T) {
	want := whole(t)
	town := newTown()
	town.ignoresSpan = true
	c := newClient(town)
	var k kept
	for n := range 2 {
		if walk, err := k.walk(t, requests(t, c, func(o *open311.Options) { o.WindowDays = 7 })); err != nil || len(walk.Missing) > 0 {
			t.Fatal(walk.Missing, err)
		}
		if got := k.take(); n == 0 && differ(want, got) != "" || n == 1 && len(got) > 0 {
			t.Errorf("walk %d: %d items; %s", n+1, len(got), differ(want, got))
		}
	}
}

// Fifty requests may be all there are, or the limit of a server. Where the limit is known
// they are not asked for again.
func TestLimitIsKnown(t *testing.T) {
	for limit, most := range map[int]int{0: 40, 1000: 1} {
		town := newTown()
		town.requests = town.requests[len(town.requests)-50:]
		c := newClient(town)
		var k kept
		walk, err := k.walk(t, requests(t, c, func(o *open311.Options) { o.Limit, o.Since = limit, "2026-11-01" }))
		if err != nil || len(walk.Missing) > 0 || len(k.items) != 50 || c.n > most || c.n == 1 != (limit > 0) {
			t.Errorf("limit %d: %d items in %d requests, %q, %v", limit, len(k.items), c.n, walk.Missing, err)
		}
	}
}
