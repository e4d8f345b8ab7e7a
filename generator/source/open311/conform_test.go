package open311_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/source/open311"
)

// whole returns all that the town has, as it comes from a server that keeps to the
// standard.
func whole(t *testing.T) []string {
	t.Helper()
	town := newTown()
	c := newClient(town)
	var k kept
	walk, err := k.walk(t, requests(t, c, nil))
	if err != nil || len(walk.Missing) > 0 || walk.AsOf != "2026-11-28" {
		t.Fatal(walk.AsOf, walk.Missing, err)
	}
	items := k.take()
	if len(items) != len(town.requests) {
		t.Fatalf("%d items of %d requests", len(items), len(town.requests))
	}
	return items
}

// differ tells what of two lists is not the same, and nothing of those that are.
func differ(want, got []string) string {
	if slices.Equal(want, got) {
		return ""
	}
	return cmp.Diff(want, got)
}

// manner is a server and how it is asked.
type manner struct {
	name string
	quirks
	options func(*open311.Options)
}

func manners() []manner {
	list := []manner{
		{name: "as the standard says"},
		{name: "few in an answer", quirks: quirks{cap: 20}, options: func(o *open311.Options) { o.Limit = 20 }},
		{name: "fewer in an answer than is known", quirks: quirks{cap: 50}},
		{name: "newest first, end excluded", quirks: quirks{cap: 20, newestFirst: true, endExclusive: true}, options: func(o *open311.Options) { o.Limit = 20 }},
		{name: "start excluded", quirks: quirks{cap: 20, startExcluded: true, endExclusive: true}, options: func(o *open311.Options) { o.Limit = 20 }},
		{name: "another order each time", quirks: quirks{cap: 30, shuffled: true}, options: func(o *open311.Options) { o.Limit = 30 }},
		{name: "days only", quirks: quirks{cap: 20, dayOnly: true}, options: func(o *open311.Options) { o.Limit = 20 }},
		{name: "cut to the minute, edges excluded", quirks: quirks{cap: 20, cut: time.Minute, startExcluded: true, endExclusive: true}, options: func(o *open311.Options) { o.Limit = 20 }},
		{name: "rounded to the minute, edges excluded", quirks: quirks{cap: 20, cut: time.Minute, cutNear: true, startExcluded: true, endExclusive: true}, options: func(o *open311.Options) { o.Limit = 20 }},
		{name: "cut to the hour, edges excluded", quirks: quirks{cap: 20, cut: time.Hour, startExcluded: true, endExclusive: true}, options: func(o *open311.Options) { o.Limit = 20 }},
		{name: "cut to the day, edges excluded", quirks: quirks{cap: 20, cut: 24 * time.Hour, startExcluded: true, endExclusive: true}, options: func(o *open311.Options) { o.Limit = 20 }},
		{name: "7 in an answer, which nobody knows", quirks: quirks{cap: 7}},
		{name: "47 in an answer, which nobody knows", quirks: quirks{cap: 47, newestFirst: true}},
		{name: "73 in an answer, which nobody knows", quirks: quirks{cap: 73, shuffled: true}},
		{name: "7 in an answer, cut to the minute", quirks: quirks{cap: 7, cut: time.Minute, startExcluded: true, endExclusive: true}},
		{name: "pages that are none, 47 in an answer", quirks: quirks{cap: 47}, options: func(o *open311.Options) { o.PageSize = 100 }},
		{name: "without zone", quirks: quirks{ignoresZone: true}},
		{name: "short windows", options: func(o *open311.Options) { o.WindowDays = 7 }},
		{name: "pages", quirks: quirks{paging: true}, options: func(o *open311.Options) { o.PageSize = 40 }},
		{name: "pages, newest first", quirks: quirks{paging: true, newestFirst: true}, options: func(o *open311.Options) { o.PageSize = 40 }},
		{name: "pages that are smaller", quirks: quirks{paging: true, pageCap: 30}, options: func(o *open311.Options) { o.PageSize = 100 }},
		{name: "pages without an end", quirks: quirks{paging: true, clamp: true}, options: func(o *open311.Options) { o.PageSize = 40 }},
		{name: "pages that are none", quirks: quirks{cap: 40}, options: func(o *open311.Options) { o.PageSize, o.Limit = 100, 40 }},
		{name: "a town among several", quirks: quirks{wantsTown: true}, options: func(o *open311.Options) { o.JurisdictionID = "made-up.example" }},
		{name: "an empty town", quirks: quirks{emptyTown: true}},
		{name: "whole seconds", quirks: quirks{strictTimes: true}},
		{name: "no more than 90 days", quirks: quirks{strictSpan: true}},
		{name: "numbers", quirks: quirks{numbers: true}},
		{name: "lists around scalars", quirks: quirks{arrays: true}},
		{name: "an object around the list", quirks: quirks{wrap: "service_requests"}},
		{name: "an object in a list around the list", quirks: quirks{wrap: "requests/request", arrays: true}},
		{name: "null", quirks: quirks{empties: "null"}},
		{name: "empty texts", quirks: quirks{empties: "text"}},
		{name: "empty lists", quirks: quirks{empties: "list"}},
		{name: "empty objects", quirks: quirks{empties: "object"}},
		{name: "bodies as objects", quirks: quirks{agencies: true}},
		{name: "persons", quirks: quirks{persons: true}},
		{name: "the other way round", quirks: quirks{reversed: true}},
		{name: "byte order mark", quirks: quirks{bom: true}},
		{name: "the other form", quirks: quirks{otherForm: true}},
		{name: "a type of its own", quirks: quirks{mime: "text/html; charset=utf-8"}},
		{name: "both statuses by name", options: func(o *open311.Options) { o.Statuses = []string{"open", "closed"} }},
		{name: "everything at once", quirks: quirks{cap: 20, newestFirst: true, endExclusive: true, startExcluded: true, wantsTown: true, strictTimes: true, strictSpan: true,
			numbers: true, arrays: true, wrap: "requests/request", empties: "null", agencies: true, persons: true, reversed: true, bom: true, mime: "application/xml"},
			options: func(o *open311.Options) { o.Limit, o.JurisdictionID = 20, "made-up.example" }},
	}
	for _, m := range slices.Clone(list) {
		inner := m.options
		m.name += ", XML"
		m.options = func(o *open311.Options) {
			if o.Format = "xml"; inner != nil {
				inner(o)
			}
		}
		list = append(list, m)
	}
	return list
}

// Whatever a server does, the items are the same, each once.
func TestEveryServerGivesTheSame(t *testing.T) {
	want := whole(t)
	for _, m := range manners() {
		t.Run(m.name, func(t *testing.T) {
			town := newTown()
			town.quirks = m.quirks
			c := dial(t, town)
			var k kept
			feed := requests(t, c, m.options)
			walk, err := k.walk(t, feed)
			if err != nil || len(walk.Missing) > 0 {
				t.Fatal(walk.Missing, err)
			}
			if diff := differ(want, k.take()); diff != "" {
				t.Errorf("items (-standard +here):\n%s", diff)
			}
			if got := feed.Counts(); town.persons != (got.Personal > 0) || got.Delivered != int64(len(want)) || got.Answers != int64(len(town.asked)) || walk.Personal != got.Personal {
				t.Errorf("counts: %+v", got)
			}
			for _, a := range town.asked {
				if strings.Contains(a, "jurisdiction_id=&") || strings.HasSuffix(a, "jurisdiction_id=") {
					t.Errorf("asked with an empty jurisdiction_id: %s", a)
				}
			}
		})
	}
}

// madeSince returns the requests of the town that were made on a day or later, as they are
// delivered.
func madeSince(t *testing.T, since string) []string {
	return slices.DeleteFunc(whole(t), func(it string) bool { return member_(it, "requested_datetime") < since })
}

// A walk that is broken off at any request, or at any page, and taken up again comes to
// the same items, each once.
func TestBrokenOff(t *testing.T) {
	const since = "2026-08-20"
	want := madeSince(t, since)
	for _, m := range manners() {
		switch m.name {
		case "few in an answer", "newest first, end excluded", "days only", "pages", "pages without an end", "pages that are none", "pages, newest first, XML", "everything at once",
			"7 in an answer, which nobody knows", "7 in an answer, cut to the minute", "cut to the day, edges excluded":
		default:
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			town := newTown()
			town.quirks = m.quirks
			town.requests = slices.DeleteFunc(town.requests, func(r request) bool { return r.get("requested_datetime") < since })
			c := newClient(town)
			feed := func() *open311.Requests {
				f := requests(t, c, func(o *open311.Options) {
					if o.Since = since; m.options != nil {
						m.options(o)
					}
				})
				f.Pages(1) // so that it is taken up at every point at which it can be
				return f
			}
			var all kept
			if _, err := all.walk(t, feed()); err != nil {
				t.Fatal(err)
			}
			check := func(what string, k *kept, n int) {
				t.Helper()
				if _, err := k.walk(t, feed()); !errors.Is(err, errLine) {
					t.Fatalf("%s %d: %v", what, n, err)
				}
				c.cut, k.cut = 0, 0
				if _, err := k.walk(t, feed()); err != nil {
					t.Fatal(err)
				}
				if diff := differ(want, k.take()); diff != "" {
					t.Fatalf("%s %d (-whole +broken off):\n%s", what, n, diff)
				}
				if _, err := k.walk(t, feed()); err != nil || len(k.items) > 0 {
					t.Fatalf("%s %d: the next walk has %d items, %v", what, n, len(k.items), err)
				}
			}
			total, step := c.n, 1
			if testing.Short() {
				step = 29
			}
			for n := 0; n < total; n += step {
				c.n, c.cut = 0, n+1
				check("request", &kept{}, n+1)
			}
			for n := 0; n < all.pages; n += step {
				check("page", &kept{cut: n + 1}, n+1)
			}
			t.Logf("%d requests, %d pages", total, all.pages)
		})
	}
}

// Broken off at every request, one after the other, a walk still comes to its end when
// now and then more than a page comes through.
func TestBrokenOffAgainAndAgain(t *testing.T) {
	want := whole(t)
	town := newTown()
	town.quirks = quirks{cap: 20}
	c := newClient(town)
	var k kept
	runs := 0
	for ; runs < 100; runs++ {
		c.n, c.cut = 0, 34
		_, err := k.walk(t, requests(t, c, func(o *open311.Options) { o.Limit = 20 }))
		if err == nil {
			break
		}
		if !errors.Is(err, errLine) {
			t.Fatal(err)
		}
	}
	if diff := differ(want, k.take()); diff != "" || runs < 2 {
		t.Errorf("after %d runs (-whole +broken off):\n%s", runs, diff)
	}
}

// What has not changed is not delivered again; what is new or has changed is, as far
// back as the overlap reaches.
func TestNextWalk(t *testing.T) {
	for _, m := range manners() {
		if m.pageCap > 0 || strings.HasSuffix(m.name, "XML") {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			town := newTown()
			town.quirks = m.quirks
			c := newClient(town)
			var k kept
			today := now
			walk := func() []string {
				t.Helper()
				o := c.options()
				if m.options != nil {
					m.options(&o)
				}
				feed, err := open311.NewRequests(o, c, func() time.Time { return today })
				if err != nil {
					t.Fatal(err)
				}
				if w, err := k.walk(t, feed); err != nil || len(w.Missing) > 0 {
					t.Fatal(w.Missing, err)
				}
				return k.take()
			}
			walk()
			today = now.Add(24 * time.Hour)
			if got := walk(); len(got) > 0 {
				t.Errorf("nothing has changed, and %d came: %s", len(got), got[0])
			}
			last := len(town.requests) - 1
			for _, i := range []int{last - 10, last - 60, 5} { // 6, 29 and 198 days ago
				set(town, i, "status_notes", "late answer")
			}
			town.add(now.Add(-5*time.Hour), "new", 1)
			town.add(now.Add(-40*24*time.Hour), "entered late", 1)
			today = now.Add(48 * time.Hour)
			var ids []string
			for _, it := range walk() {
				ids = append(ids, member_(it, "service_request_id"))
			}
			want := []string{}
			for _, i := range []int{last - 60, last - 10, last + 1, last + 2} {
				want = append(want, town.requests[i].get("service_request_id"))
			}
			if diff := cmp.Diff(want, slices.Sorted(slices.Values(ids))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func set(t *town, i int, name, value string) {
	t.requests[i].members = slices.Clone(t.requests[i].members)
	for j, m := range t.requests[i].members {
		if m.name == name {
			t.requests[i].members[j].value = value
			return
		}
	}
	panic(fmt.Sprintf("no member %s", name))
}

// member_ returns a member of an item as it was delivered.
func member_(item, name string) string {
	_, rest, _ := strings.Cut(item, fmt.Sprintf("%q:\"", name))
	value, _, _ := strings.Cut(rest, `"`)
	return value
}
