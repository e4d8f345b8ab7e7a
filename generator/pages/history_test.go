package pages_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
)

// TestHistoryOfACase: the page says on which days what happened, in words of the
// theme, and nothing of what stood there before.
func TestHistoryOfACase(t *testing.T) {
	c := newCity(8)
	k := c.at(t, "2609-000001") // received on 2 September, replied on the 7th, first published on the 3rd
	c.happen(k.Number, record.EventUpdate, k.Received+6)
	c.happen(k.Number, record.EventCorrect, k.Received+9)
	c.happen(k.Number, record.EventCorrect, k.Received+9)
	c.happen("2609-000004", record.EventUpdate, k.Received+6)
	c.happen("2609-000005", record.EventWithdraw, k.Received+10)
	c.happen("2609-000005", record.EventReinstate, k.Received+10)
	c.happen("2609-000005", record.EventUpdate, k.Received+8) // its text is there again
	c.happen("2609-000005", record.EventUpdate, k.Received+11)
	c.happen("2609-000002", record.EventCorrect, k.Received+6)
	c.withdraw(t, "2609-000002")
	s := build(t, plan(t, c, options(t)))
	for path, want := range map[string]string{
		"case/2609-000001.html": `[{"day":"2026-09-03","what":"publish"},{"day":"2026-09-08","what":"update"},{"day":"2026-09-11","what":"correct"}] true`,
		"case/2609-000003.html": `[{"day":"2026-09-05","what":"publish"}] null`,
		"case/2609-000004.html": `[{"day":"2026-09-06","what":"publish"},{"day":"2026-09-08","what":"update"}] null`, // a stub
		"case/2609-000005.html": `[{"day":"2026-09-07","what":"publish"},{"day":"2026-09-12","what":"withdraw"},{"day":"2026-09-12","what":"reinstate"},{"day":"2026-09-13","what":"update"}] null`,
		"case/2609-000002.html": `null null`, // withdrawn
	} {
		v := s.params(t, path)
		history, err := json.Marshal(v["history"])
		if err != nil {
			t.Fatal(err)
		}
		corrected, err := json.Marshal(v["corrected"])
		if err != nil {
			t.Fatal(err)
		}
		if got := string(history) + " " + string(corrected); got != want {
			t.Errorf("%s\n got %s\nwant %s", path, got, want)
		}
	}
}

// Where a person of the office has said why, the history says it as it is public: the four
// legal reasons are one, and two corrections of a day are told apart by nothing else.
func TestHistorySaysWhy(t *testing.T) {
	c := newCity(8)
	n := record.CaseNumber("2609-000001")
	for _, r := range []record.Reason{record.Privacy, record.Court, record.Mistake} {
		c.happen(n, record.EventCorrect, record.Date(2026, 9, 20))
		c.later[n][len(c.later[n])-1].Reason = r
	}
	history, err := json.Marshal(build(t, plan(t, c, options(t))).params(t, "case/2609-000001.html")["history"])
	want := `[{"day":"2026-09-03","what":"publish"},{"day":"2026-09-20","reason":"by-law","what":"correct"},{"day":"2026-09-20","reason":"error","what":"correct"}]`
	if string(history) != want || err != nil {
		t.Errorf("%s, %v; want %s", history, err, want)
	}
	for lang, words := range options(t).Labels {
		for _, r := range record.Reasons() {
			if words["gone_reason."+r.Public()] == "" {
				t.Errorf("%s has no word for %s", lang, r)
			}
		}
	}
}

// TestEveryEventHasAWord looks for the words of the events in both languages.
func TestEveryEventHasAWord(t *testing.T) {
	for lang, words := range options(t).Labels {
		for _, kind := range []record.EventKind{record.EventPublish, record.EventUpdate, record.EventCorrect, record.EventWithdraw,
			record.EventReinstate, record.EventMerge, record.EventPolicy} {
			if words["event."+string(kind)] == "" {
				t.Errorf("%s has no word for %s", lang, kind)
			}
		}
	}
}

// TestHistoryIsAnInput: what a case says of its history is made again when the
// history grows, even when the case itself is again what it was; the pages that
// do not show it are not.
func TestHistoryIsAnInput(t *testing.T) {
	c := newCity(310)
	steps := []record.Event{{Kind: record.EventCorrect, Day: c.cutoff}, {Kind: record.EventCorrect, Day: c.cutoff}, {Kind: record.EventMerge, Day: c.cutoff + 1}}
	before := plan(t, c, options(t))
	for i, e := range steps {
		c.happen("2610-000307", e.Kind, e.Day) // unit water-2 of area 990102
		after := plan(t, c, options(t))
		hugo, files := changed(before, after)
		want := []string{"case/2610/0001"}
		if e.Kind == record.EventMerge {
			want = append(want, "takedowns")
		}
		if !slices.Equal(hugo, want) {
			t.Errorf("event %d: Hugo renders %q, want %q", i, hugo, want)
		}
		want = []string{"feed/all", "feed/area/1/000", "feed/unit/1/000", "sitemap/2610/1"}
		if e.Day == c.cutoff && i > 0 {
			want = nil // they say the day, and it is the same
		}
		if e.Kind == record.EventMerge {
			want = append([]string{"data/takedowns"}, want...)
		}
		if !slices.Equal(files, want) {
			t.Errorf("event %d: Go makes %q, want %q", i, files, want)
		}
		before = after
	}
}

// TestFeedFollowsChanges: an entry is as new as its latest correction or update,
// and a case that is withdrawn or taken back leaves. Lists of the latest replies
// keep the order of the replies.
func TestFeedFollowsChanges(t *testing.T) {
	c := newCity(8)
	first := func(s site) (feed []string) {
		for _, e := range parseFeed(t, "feed.atom", s.files["feed.atom"].Body).Entries[:3] {
			feed = append(feed, e.ID[strings.LastIndex(e.ID, "/")+1:len(e.ID)-len(".html")]+" "+e.Updated)
		}
		return feed
	}
	check := func(what string, s site, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, first(s)); diff != "" {
			t.Errorf("%s: want - got +\n%s", what, diff)
		}
	}
	s := build(t, plan(t, c, options(t)))
	check("before", s, "2610-000007 2026-10-13T00:00:00+08:00", "2610-000006 2026-10-12T00:00:00+08:00", "2610-000005 2026-10-11T00:00:00+08:00")
	latest := latestOf(t, s)

	c.happen("2609-000001", record.EventCorrect, record.Date(2026, 11, 3))
	c.happen("2610-000002", record.EventUpdate, record.Date(2026, 10, 13))
	s = build(t, plan(t, c, options(t)))
	check("corrected and updated", s, "2609-000001 2026-11-03T00:00:00+08:00", "2610-000007 2026-10-13T00:00:00+08:00", "2610-000002 2026-10-13T00:00:00+08:00")
	if feed := parseFeed(t, "feed.atom", s.files["feed.atom"].Body); feed.Updated != "2026-11-03T00:00:00+08:00" {
		t.Errorf("the feed is of %s", feed.Updated)
	}
	if diff := cmp.Diff(latest, latestOf(t, s)); diff != "" {
		t.Errorf("the latest replies on the home page: was - is +\n%s", diff)
	}
	if body := string(s.files["sitemap-2609-1.xml"].Body); !strings.Contains(body, "2609-000001.html</loc>\n  <lastmod>2026-11-03</lastmod>") {
		t.Errorf("the site map does not say when the case was corrected:\n%s", body)
	}

	c.happen("2609-000001", record.EventWithdraw, record.Date(2026, 11, 4))
	c.withdraw(t, "2609-000001")
	c.happen("2610-000007", record.EventCorrect, record.Date(2026, 11, 4))
	k := c.at(t, "2610-000007")
	*k = k.Stub(record.StubOnly, record.NotSuitable)
	check("withdrawn and taken back", build(t, plan(t, c, options(t))),
		"2610-000002 2026-10-13T00:00:00+08:00", "2610-000006 2026-10-12T00:00:00+08:00", "2610-000005 2026-10-11T00:00:00+08:00")
}

// latestOf returns the numbers of the latest replies on the home page.
func latestOf(t *testing.T, s site) (numbers []string) {
	t.Helper()
	for _, r := range s.params(t, "index.html")["rows"].([]any) {
		numbers = append(numbers, r.(map[string]any)["number"].(string))
	}
	return numbers
}

var _ pages.Reader = (*city)(nil)
