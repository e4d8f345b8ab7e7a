package open311_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/source/open311"
)

// busy returns a town with 500 requests at random times of the last days, every other one
// at a whole minute.
func busy(r *rand.Rand, days int64) *town {
	town := newTown()
	town.requests = nil
	for i := range 500 {
		at := now.Add(-time.Hour - time.Duration(r.Int64N(days*24*3600))*time.Second)
		if i%2 == 0 {
			at = at.Truncate(time.Minute)
		}
		town.add(at, "busy", i)
	}
	slices.SortFunc(town.requests, func(a, b request) int { return a.at.Compare(b.at) })
	return town
}

// A server that looks at the edges of a span less closely than it is asked to, and does
// not count them, gives everything nevertheless.
func TestEdges(t *testing.T) {
	for _, cut := range []time.Duration{0, time.Minute, time.Hour, 24 * time.Hour} {
		for _, how := range []string{"cut", "rounded", "rounded up"} {
			for _, edges := range []string{"counted", "not counted", "first not counted", "last not counted"} {
				for _, window := range []int{90, 7} {
					if testing.Short() && window == 7 {
						continue
					}
					days, limit := int64(4), 8
					switch cut { // more than there are in three of them
					case time.Hour:
						days, limit = 12, 20
					case 24 * time.Hour:
						days, limit = 40, 60
					}
					town := busy(rand.New(rand.NewPCG(1, 2)), days)
					town.cap, town.cut, town.cutNear, town.cutUp = limit, cut, how == "rounded", how == "rounded up"
					town.startExcluded = edges == "not counted" || edges == "first not counted"
					town.endExclusive = edges == "not counted" || edges == "last not counted"
					c := newClient(town)
					var k kept
					walk, err := k.walk(t, requests(t, c, func(o *open311.Options) { o.Limit, o.WindowDays = limit, window }))
					if lost := len(town.requests) - len(k.items); err != nil || len(walk.Missing) > 0 || lost != 0 {
						t.Errorf("to %v, %s, %s, %d days: %d of %d lost, %q, %v", cut, how, edges, window, lost, len(town.requests), walk.Missing, err)
					}
					if window == 90 {
						t.Logf("to %v, %s, %s: %d answers", cut, how, edges, c.n)
					}
				}
			}
		}
	}
}

// A limit that nobody knows of is found out, whatever it is.
func TestUnknownLimits(t *testing.T) {
	for _, limit := range []int{7, 13, 20, 47, 50, 73, 99, 101, 250, 333, 499, 500, 501} {
		town := busy(rand.New(rand.NewPCG(3, 4)), 40)
		town.cap = limit
		c := newClient(town)
		var k kept
		walk, err := k.walk(t, requests(t, c, nil))
		if lost := len(town.requests) - len(k.items); err != nil || len(walk.Missing) > 0 || lost != 0 {
			t.Errorf("%d in an answer: %d of %d lost, %q, %v", limit, lost, len(town.requests), walk.Missing, err)
		}
		t.Logf("%d in an answer: %d answers", limit, c.n)
	}
}

// Whatever is combined, each request that a server has is delivered, or lies in a span
// that is named.
func TestDeliveredOrNamed(t *testing.T) {
	towns := uint64(200)
	if testing.Short() {
		towns = 40
	}
	for seed := range towns {
		r := rand.New(rand.NewPCG(seed, 5))
		town := newTown()
		town.requests = nil
		days := 1 + r.IntN(150)
		grain := []time.Duration{time.Second, time.Second, time.Minute, 24 * time.Hour}[r.IntN(4)]
		for i := range r.IntN(400) {
			town.add(now.Add(-time.Hour-time.Duration(r.Int64N(int64(days)*24*3600))*time.Second).Add(8*time.Hour).Truncate(grain).Add(-8*time.Hour), "made up", i)
		}
		for range r.IntN(3) { // bursts
			at := now.Add(-time.Hour - time.Duration(r.Int64N(int64(days)*24*3600))*time.Second)
			for i := range r.IntN(60) {
				town.add(at.Add(time.Duration(r.Int64N(int64(1+r.IntN(100))))*time.Second), "burst", i)
			}
		}
		slices.SortStableFunc(town.requests, func(a, b request) int { return a.at.Compare(b.at) })
		limit := []int{7, 20, 47, 50, 73, 1000}[r.IntN(6)]
		town.quirks = quirks{
			cap: limit, newestFirst: r.IntN(2) == 0, shuffled: r.IntN(2) == 0, startExcluded: r.IntN(2) == 0, endExclusive: r.IntN(2) == 0,
			cut: []time.Duration{0, 0, time.Minute, time.Minute, time.Hour, 24 * time.Hour}[r.IntN(6)], cutNear: r.IntN(3) == 0,
		}
		known, window := r.IntN(2) == 0, []int{90, 30, 7, 2, 1}[r.IntN(5)]
		c := newClient(town)
		var k kept
		walk, err := k.walk(t, requests(t, c, func(o *open311.Options) {
			if o.WindowDays = window; known {
				o.Limit = limit
			}
		}))
		what := fmt.Sprintf("seed %d: %d requests to %v, %d in an answer (known: %t), cut to %v, %d days: ", seed, len(town.requests), grain, limit, known, town.cut, window)
		if err != nil {
			t.Fatal(what, err)
		}
		got := map[string]bool{}
		for _, id := range ids(k.items) {
			got[id] = true
		}
		lost := 0
		for _, q := range town.requests {
			if !got[q.get("service_request_id")] && !named(t, walk.Missing, q.at) {
				lost++
			}
		}
		if lost > 0 || c.n > 4000 {
			t.Errorf("%s%d lost, %d answers, %q", what, lost, c.n, walk.Missing)
		}
	}
}

// named reports whether a time lies in a span that a walk names.
func named(t *testing.T, missing []string, at time.Time) bool {
	t.Helper()
	for _, m := range missing {
		from, rest, ok := strings.Cut(strings.TrimPrefix(m, "requests made from "), " to ")
		if !ok {
			return true // more than are named
		}
		to, _, _ := strings.Cut(rest, ": ")
		a, err1 := time.ParseInLocation("2006-01-02 15:04:05", from, now.Location())
		b, err2 := time.Parse("2006-01-02 15:04:05 -07:00", to[:min(len(to), 26)])
		if err1 != nil || err2 != nil {
			t.Fatal(m, err1, err2)
		}
		if !at.Before(a) && at.Before(b) {
			return true
		}
	}
	return false
}

// What an earlier version has kept is read, also in the middle of a walk.
func TestEarlierState(t *testing.T) {
	town := newTown()
	town.cap = 47
	c := newClient(town)
	asked := regexp.MustCompile(`"asked":"[0-9a-f]*"`)
	var k kept
	if _, err := k.walk(t, requests(t, c, nil)); err != nil {
		t.Fatal(err)
	}
	want := len(k.take())
	for _, state := range []string{
		`{"format":1,%s,"since":1777564800,"seen":{}}`,
		`{"format":1,%s,"since":1777564800,"good":{"from":1777564800,"to":1785340799},"seen":{},"walk":{"to":1795838400,"next":1777564800,"pending":null}}`,
		`{"format":1,%s,"since":1777564800,"seen":{},"walk":{"to":1795838400,"next":1795838400,"pending":[{"from":1777564800,"to":1795838400}],"stuck":{"all":"1","to":5},"halved":3}}`,
	} {
		k = kept{state: fmt.Appendf(nil, state, asked.Find(k.state))}
		walk, err := k.walk(t, requests(t, c, nil))
		if got := len(k.items); err != nil || len(walk.Missing) > 0 || got != want || want != len(town.requests) {
			t.Errorf("%d of %d, %q, %v", got, want, walk.Missing, err)
		}
	}
}

// To find the limit out costs a few answers once, and nothing where all goes on as before.
func TestWhatDoubtsCost(t *testing.T) {
	town := newTown()
	c := newClient(town)
	var k kept
	for n, most := range []int{3 + 2 + 1, 1, 1} { // spans, halves of the largest, one request to see how closely the server looks
		c.n = 0
		if _, err := k.walk(t, requests(t, c, nil)); err != nil || c.n > most {
			t.Errorf("walk %d: %d answers, %v", n+1, c.n, err)
		}
	}
	c, k = newClient(town), kept{}
	if _, err := k.walk(t, requests(t, c, func(o *open311.Options) { o.WindowDays = 7 })); err != nil || c.n > 31+3 {
		t.Errorf("in weeks: %d answers, %v", c.n, err)
	}
}
