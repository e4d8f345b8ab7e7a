package open311_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/open311"
)

// ids returns the numbers of items, sorted.
func ids(items []string) []string {
	var out []string
	for _, it := range items {
		out = append(out, member_(it, "service_request_id"))
	}
	slices.Sort(out)
	return out
}

// A server that fails at some requests gives all others; those are named, asked for again
// and taken once it is mended. It is not asked more often for that than needed.
func TestServerFailsAtRequests(t *testing.T) {
	one := func(r request) bool { return r.get("service_request_id") == "638200" }
	days := func(r request) bool {
		day := r.get("requested_datetime")[:10]
		return day >= "2026-08-10" && day <= "2026-08-25"
	}
	for _, tt := range []struct {
		name    string
		bad     func(request) bool
		status  int
		body    string
		format  string
		paging  bool
		lost    int // requests besides the bad ones that are lost with them, at most
		asked   int // at most, also when asked again
		missing string
	}{
		{"one, 500", one, 500, "Traceback: secret 13812345678", "json", false, 0, 80, "the server fails at them"},
		{"one, 502", one, 502, "", "xml", false, 0, 80, "the server fails at them"},
		{"one, with pages", one, 500, "", "json", true, 0, 120, "the server fails at them"},
		{"one, not JSON", one, 200, "[{\"service_request_id\":\"1\",\"description\":\"secret \x01 13812345678\"}]", "json", false, 0, 80, "cannot be read"},
		{"one, half of it", one, 200, `[{"service_request_id":"1","description":"secret 138`, "json", false, 0, 80, "cannot be read"},
		{"one, not XML", one, 200, "<service_requests><request><service_request_id>1</service_request_id><description>&secret;</description></request></service_requests>", "xml", false, 0, 80, "cannot be read"},
		{"one, an error in words", one, 200, `[{"code":500,"description":"secret 13812345678"}]`, "json", false, 0, 80, "cannot be read"},
		{"one, an error in XML", one, 200, `<errors><error><code>500</code><description>secret</description></error></errors>`, "xml", false, 0, 80, "cannot be read"},
		{"sixteen days", days, 500, "", "json", false, 0, 1500, "the server fails at them"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			town := newTown()
			town.paging = tt.paging
			var good []string
			for _, r := range town.requests {
				if !tt.bad(r) {
					good = append(good, r.get("service_request_id"))
				}
			}
			town.fault = func(_ int, chosen []request) (int, string) {
				if slices.ContainsFunc(chosen, tt.bad) {
					return tt.status, tt.body
				}
				return 0, ""
			}
			c := newClient(town)
			change := func(o *open311.Options) {
				if o.Format = tt.format; tt.paging {
					o.PageSize = 40
				}
			}
			var k kept
			all := map[string]bool{}
			for range 3 {
				town.asked = nil
				walk, err := k.walk(t, requests(t, c, change))
				if err != nil || len(walk.Missing) == 0 || !strings.HasSuffix(walk.Missing[0], tt.missing) || !strings.Contains(walk.Missing[0], "2026-08-") || (len(walk.Missing) > 1) != (len(good) < len(town.requests)-1) {
					t.Fatalf("%q, %v", walk.Missing, err)
				}
				if strings.Contains(string(k.state)+strings.Join(walk.Missing, ""), "secret") {
					t.Error("what was received is told")
				}
				for _, id := range ids(k.take()) {
					if all[id] {
						t.Errorf("%s came twice", id)
					}
					all[id] = true
				}
				if len(town.asked) > tt.asked {
					t.Errorf("%d requests", len(town.asked))
				}
				t.Logf("%d requests; %s", len(town.asked), walk.Missing[0])
			}
			if n := len(good) - len(all); n > tt.lost {
				t.Errorf("%d good requests are lost", n)
			}
			town.fault = nil
			walk, err := k.walk(t, requests(t, c, change))
			for _, id := range ids(k.take()) {
				all[id] = true
			}
			if err != nil || len(walk.Missing) > 0 || len(all) != len(town.requests) {
				t.Errorf("mended: %d of %d, missing %q, %v", len(all), len(town.requests), walk.Missing, err)
			}
		})
	}
}

// A server that is down ends the walk, which goes on where it was. Nothing is taken for
// missing.
func TestServerDown(t *testing.T) {
	want := whole(t)
	for _, tt := range []struct {
		name   string
		status int
		body   string
		from   int // request from which on it is down
		empty  bool
		text   string
	}{
		{"from the first", 503, "", 1, false, "fails at all that it is asked"},
		{"from the second", 500, "", 2, false, "fails at all that it is asked"},
		{"in the middle", 500, "", 30, false, "fails at all that it is asked"},
		{"near the end", 500, "", 65, false, "fails at all that it is asked"},
		{"a page of its own", 200, "<html><body>secret</body></html>", 30, false, "no list of requests"},
		{"a page of its own from the first", 200, "<!DOCTYPE html><html><body>secret</body></html>", 1, false, "no list of requests"},
		{"all that is not empty", 500, "", 1, true, "fails at all that it is asked"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			town := newTown()
			town.cap = 20
			town.fault = func(n int, chosen []request) (int, string) {
				if n < tt.from || tt.empty && len(chosen) == 0 {
					return 0, ""
				}
				return tt.status, tt.body
			}
			c := newClient(town)
			change := func(o *open311.Options) { o.Limit = 20 }
			var k kept
			for range 2 {
				town.asked = nil
				_, err := k.walk(t, requests(t, c, change))
				msg, hint, _ := fault.Public(err)
				if err == nil || !strings.Contains(msg, tt.text) || hint == "" || strings.Contains(err.Error(), "secret") {
					t.Fatalf("%v", err)
				}
				most := 200
				if tt.from > 1 {
					most = tt.from + 17
				}
				if len(town.asked) > most {
					t.Errorf("%d requests", len(town.asked))
				}
				tt.from = 1
			}
			town.fault = nil
			walk, err := k.walk(t, requests(t, c, change))
			if err != nil || len(walk.Missing) > 0 {
				t.Fatal(walk.Missing, err)
			}
			if diff := differ(want, k.take()); diff != "" {
				t.Errorf("(-whole +after it was down):\n%s", diff)
			}
		})
	}
}

// Where even the smallest span has more than an answer holds, it is named.
func TestMoreThanAnAnswer(t *testing.T) {
	burst := time.Date(2026, 8, 12, 0, 0, 0, 0, now.Location())
	for _, tt := range []struct {
		name    string
		dayOnly bool
		n       int
		every   time.Duration
		limit   int
		missing string
		lost    int // requests that are lost, at least
	}{
		{"in a second", false, 30, 0, 20, "2026-08-11 23:59:59 to 2026-08-12 00:00:01", 9},
		{"in a day, of which the server knows no times", true, 30, 10 * time.Minute, 20, "2026-08-11 23:59:59 to 2026-08-1", 1},
		{"in a day", false, 30, 10 * time.Minute, 20, "", 0},
		{"fifty in a second by chance", false, 50, 0, 0, "", 0},
		{"in a second, with a limit that nobody knows of", false, 60, 0, 0, "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			town := newTown()
			town.cap, town.dayOnly = tt.limit, tt.dayOnly
			town.requests = slices.DeleteFunc(town.requests, func(r request) bool { return strings.HasPrefix(r.get("requested_datetime"), "2026-08-12") })
			for i := range tt.n {
				town.add(burst.Add(time.Duration(i)*tt.every), "burst", i)
			}
			c := newClient(town)
			var k kept
			all := map[string]bool{}
			for range 2 {
				town.asked = nil
				walk, err := k.walk(t, requests(t, c, func(o *open311.Options) { o.Limit = tt.limit }))
				if err != nil || len(walk.Missing) != min(1, len(tt.missing)) || tt.missing != "" && (!strings.Contains(walk.Missing[0], tt.missing) || !strings.HasSuffix(walk.Missing[0], "more than the server gives in one answer")) {
					t.Fatal(walk.Missing, err)
				}
				t.Logf("%d requests; %v", len(town.asked), walk.Missing)
				for _, it := range k.take() {
					if all[it] {
						t.Error("an item came twice")
					}
					all[it] = true
				}
				if len(all) < len(town.requests)-tt.n || len(all) > len(town.requests)-tt.lost || len(town.asked) > 250 {
					t.Errorf("%d items of %d in %d requests", len(all), len(town.requests), len(town.asked))
				}
			}
		})
	}
}

// doer answers from a function.
type doer func(address string) (int, []byte, error)

func (d doer) Get(_ context.Context, address string) (int, []byte, error) { return d(address) }

func feedOf(t testing.TB, d doer, change func(*open311.Options)) *open311.Requests {
	t.Helper()
	o := open311.Options{Endpoint: "https://town.example", Since: "2026-11-01"}
	if change != nil {
		change(&o)
	}
	feed, err := open311.NewRequests(o, d, clock)
	if err != nil {
		t.Fatal(err)
	}
	return feed
}

// A server that has always more comes to an end too.
func TestEndless(t *testing.T) {
	for name, change := range map[string]func(*open311.Options){
		"spans": func(o *open311.Options) { o.Limit = 1 },
		"pages": func(o *open311.Options) { o.PageSize, o.Since = 1, "2026-11-27" },
	} {
		n := 0
		feed := feedOf(t, func(string) (int, []byte, error) {
			n++
			return 200, fmt.Appendf(nil, `[{"service_request_id":%d}]`, n), nil
		}, change)
		feed.Pages(10_000)
		var k kept
		walk, err := k.walk(t, feed)
		if err != nil || len(walk.Missing) == 0 || n > 50_000 {
			t.Errorf("%s: %d requests, %q, %v", name, n, walk.Missing, err)
		}
		t.Logf("%s: %d requests, %d of state", name, n, len(k.state))
	}
}

// What no other span would change ends the walk with what to do, and nothing of the
// answer.
func TestRefused(t *testing.T) {
	for _, status := range []int{301, 400, 401, 403, 404, 410, 418, 429} {
		n := 0
		feed := feedOf(t, func(string) (int, []byte, error) {
			n++
			return status, []byte(`{"errors":"secret"}`), nil
		}, nil)
		_, err := feed.Fetch(t.Context(), nil, nil)
		msg, hint, _ := fault.Public(err)
		if !strings.Contains(msg, fmt.Sprint(status)) || hint == "" || n != 1 || strings.Contains(err.Error(), "secret") {
			t.Errorf("%d: %d requests, %v", status, n, err)
		}
	}
	feed := feedOf(t, func(string) (int, []byte, error) { return 0, nil, errLine }, nil)
	if _, err := feed.Fetch(t.Context(), nil, nil); !errors.Is(err, errLine) {
		t.Errorf("the error of the line: %v", err)
	}
}

// An answer that is too large is halved like one with too many requests.
func TestTooLarge(t *testing.T) {
	town := newTown()
	c := newClient(town)
	o := c.options()
	feed, err := open311.NewRequests(o, doer(func(address string) (int, []byte, error) {
		status, body, err := c.Get(t.Context(), address)
		if len(body) > 20_000 {
			return 0, nil, fmt.Errorf("made up: %w", open311.ErrTooLarge)
		}
		return status, body, err
	}), clock)
	if err != nil {
		t.Fatal(err)
	}
	var k kept
	walk, err := k.walk(t, feed)
	if err != nil || len(walk.Missing) > 0 {
		t.Fatal(walk.Missing, err)
	}
	if diff := differ(whole(t), k.take()); diff != "" {
		t.Error(diff)
	}
}

// A feed that is pointed at another server in the middle of a walk begins anew, and what
// came of the first is void. So it is told at once, also when the second has nothing.
func TestAnotherServer(t *testing.T) {
	town := newTown()
	town.cap = 20
	c := newClient(town)
	var k kept
	c.cut = 50
	if _, err := k.walk(t, requests(t, c, func(o *open311.Options) { o.Limit = 20 })); !errors.Is(err, errLine) || len(k.items) == 0 {
		t.Fatal(len(k.items), err)
	}
	c.cut = 0
	town.requests = nil
	if _, err := k.walk(t, requests(t, c, func(o *open311.Options) { o.JurisdictionID = "other.example" })); err != nil || len(k.items) > 0 {
		t.Errorf("%d items, %v", len(k.items), err)
	}
}

// A first day that is moved back is taken up; one that is moved on leaves out what was
// before.
func TestSinceMoved(t *testing.T) {
	town := newTown()
	c := newClient(town)
	since := func(day string) func(*open311.Options) { return func(o *open311.Options) { o.Since = day } }
	var k kept
	if _, err := k.walk(t, requests(t, c, since("2026-10-01"))); err != nil {
		t.Fatal(err)
	}
	part := len(k.take())
	if _, err := k.walk(t, requests(t, c, since("2026-05-01"))); err != nil {
		t.Fatal(err)
	}
	if rest := len(k.take()); part == 0 || rest < len(town.requests)-part || rest > len(town.requests)-part+30 {
		t.Errorf("%d, then %d of %d", part, rest, len(town.requests))
	}
	town.asked = nil
	if _, err := k.walk(t, requests(t, c, since("2026-11-20"))); err != nil || len(town.asked) != 1 || !strings.Contains(town.asked[0], "2026-11-19T15%3A59%3A00Z") {
		t.Errorf("%v, %v", town.asked, err)
	}
}

// The clock is set back, or was ahead for one walk: nothing that was not fetched is
// passed over.
func TestClock(t *testing.T) {
	town := newTown()
	c := newClient(town)
	var k kept
	at := func(today time.Time) []string {
		t.Helper()
		feed, err := open311.NewRequests(c.options(), c, func() time.Time { return today })
		if err != nil {
			t.Fatal(err)
		}
		if walk, err := k.walk(t, feed); err != nil || walk.AsOf != today.Format(time.DateOnly) {
			t.Fatal(walk.AsOf, err)
		}
		return ids(k.take())
	}
	at(now)
	at(now.AddDate(3, 0, 0))
	town.add(now.Add(20*time.Hour), "new", 1)
	if got := at(now.Add(24 * time.Hour)); !slices.Contains(got, town.requests[len(town.requests)-1].get("service_request_id")) {
		t.Errorf("the new request is passed over: %v", got)
	}
	town.add(now.Add(-2*time.Hour), "older", 1)
	if got := at(now.Add(-time.Hour)); !slices.Contains(got, town.requests[len(town.requests)-1].get("service_request_id")) {
		t.Errorf("with a clock that was set back: %v", got)
	}
}

// What is remembered is bounded by the overlap, not by all that ever came.
func TestStateIsPruned(t *testing.T) {
	town := newTown()
	c := newClient(town)
	var k kept
	if _, err := k.walk(t, requests(t, c, nil)); err != nil {
		t.Fatal(err)
	}
	recent := 0
	for _, r := range town.requests {
		if now.Sub(r.at) < 48*24*time.Hour {
			recent++
		}
	}
	if most := recent*16*4/3 + 50*16 + 500; len(k.state) > most {
		t.Errorf("%d bytes of state for %d requests in the overlap; wanted at most %d", len(k.state), recent, most)
	}
	if strings.Contains(string(k.state), "638") && strings.Contains(string(k.state), "http") {
		t.Error("the state shows what was received, or from where")
	}
}

func TestBrokenState(t *testing.T) {
	o := open311.Options{Endpoint: "https://town.example", Since: "2026-11-01"}
	never := doer(func(string) (int, []byte, error) { return 0, nil, errors.New("asked") })
	for _, state := range []string{
		"x", "{}", "[]", `{"format":2}`, `{"format":1,"more":1}`, `{"format":1}{}`, `{"format":1,"seen":{"x":""}}`, `{"format":1,"seen":{"1":"AAAA"}}`,
		`{"format":1,"walk":{"to":1,"next":2,"pending":[{"from":2,"to":1}]}}`, `{"format":1,"walk":{"to":1,"next":2,"page":-1}}`,
	} {
		feed, err := open311.NewRequests(o, never, clock)
		if err != nil {
			t.Fatal(err)
		}
		_, err = feed.Fetch(t.Context(), []byte(state), nil)
		if msg, hint, _ := fault.Public(err); msg != "the state of the Open311 feed cannot be read" || hint == "" {
			t.Errorf("%s: %v", state, err)
		}
	}
}

func TestOptions(t *testing.T) {
	ok := open311.Options{Endpoint: "https://town.example/v2", Since: "2026-11-01"}
	days := func(n int) *int { return &n }
	bad := map[string]func(*open311.Options){
		"endpoint is missing":    func(o *open311.Options) { o.Endpoint = "" },
		"endpoint is no address": func(o *open311.Options) { o.Endpoint = "town.example" },
		"endpoint has more":      func(o *open311.Options) { o.Endpoint = "https://user:secret@town.example/" },
		"endpoint has more than": func(o *open311.Options) { o.Endpoint = "https://town.example/?key=secret" },
		"format":                 func(o *open311.Options) { o.Format = "csv" },
		"page_size":              func(o *open311.Options) { o.PageSize = 5001 },
		"limit":                  func(o *open311.Options) { o.Limit = -1 },
		"since is no day":        func(o *open311.Options) { o.Since = "2026-11-31" },
		"since":                  func(o *open311.Options) { o.Since = "" },
		"window_days":            func(o *open311.Options) { o.WindowDays = 91 },
		"overlap_days":           func(o *open311.Options) { o.OverlapDays = days(-1) },
		"statuses":               func(o *open311.Options) { o.Statuses = []string{"Closed"} },
	}
	for _, want := range slices.Sorted(maps.Keys(bad)) {
		o := ok
		bad[want](&o)
		_, err := open311.NewRequests(o, nil, clock)
		if msg, hint, code := fault.Public(err); !strings.HasPrefix(msg, strings.Fields(want)[0]) || hint == "" || code != fault.ExitConfig || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", want, err)
		}
	}
	ok.Since = "2026-11-29"
	feed, err := open311.NewRequests(ok, nil, clock)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := feed.Fetch(t.Context(), nil, nil); err == nil || !strings.Contains(err.Error(), "future") {
		t.Errorf("a first day in the future: %v", err)
	}
	ok.Since = "2026-11-01"
	if _, err := open311.NewServices(ok, nil, clock); err == nil || !strings.HasPrefix(err.Error(), "since") {
		t.Errorf("services since a day: %v", err)
	}
	// No overlap is a choice.
	ok.OverlapDays = days(0)
	var asked []string
	feed, err = open311.NewRequests(ok, doer(func(address string) (int, []byte, error) {
		asked = append(asked, address)
		return 200, []byte("[]"), nil
	}), clock)
	if err != nil {
		t.Fatal(err)
	}
	var k kept
	for range 2 {
		if _, err := k.walk(t, feed); err != nil {
			t.Fatal(err)
		}
	}
	if len(asked) != 1 {
		t.Errorf("asked %q", asked)
	}
}

// The services are delivered as a whole when one has changed.
func TestServices(t *testing.T) {
	want := []string{
		`{"group":"市政设施","keywords":"灯, 照明","metadata":"false","service_code":"001","service_name":"路灯","type":"realtime"}`,
		`{"group":"市政设施","metadata":"true","service_code":"002","service_name":"Potholes & kerbs","type":"batch"}`,
	}
	for _, m := range manners() {
		town := newTown()
		town.quirks = m.quirks
		c := newClient(town)
		o := c.options()
		if m.options != nil {
			m.options(&o)
		}
		o.Since = ""
		feed, err := open311.NewServices(o, c, clock)
		if err != nil {
			t.Fatal(err)
		}
		var k kept
		for n, step := range []func(){func() {}, func() {}, func() { slices.Reverse(town.services) }, func() { town.services = append(town.services, town.services[0]) }} {
			step()
			walk, err := k.walk(t, feed)
			if err != nil || walk.AsOf != "2026-11-28" {
				t.Fatalf("%s: %q, %v", m.name, walk.AsOf, err)
			}
			if got := k.take(); n == 0 && differ(want, got) != "" || n > 0 && len(got) > 0 {
				t.Errorf("%s, step %d: %s", m.name, n, differ(want, got))
			}
		}
		town.services[0][1].value = "renamed"
		if _, err := k.walk(t, feed); err != nil || len(k.take()) != 2 {
			t.Errorf("%s: after a change: %v", m.name, err)
		}
		town.services = nil // which is a mistake there: nothing is taken away
		if _, err := k.walk(t, feed); err != nil || len(k.take()) > 0 {
			t.Errorf("%s: after all are gone: %v", m.name, err)
		}
	}
	for status, want := range map[int]string{500: "no list of services", 200: "no list of services", 404: "status 404"} {
		feed, err := open311.NewServices(open311.Options{Endpoint: "https://town.example"}, doer(func(string) (int, []byte, error) {
			return status, []byte("<html>secret</html>"), nil
		}), clock)
		if err != nil {
			t.Fatal(err)
		}
		_, err = feed.Fetch(t.Context(), nil, func(source.Page) error { return nil })
		if msg, hint, _ := fault.Public(err); !strings.Contains(msg, want) || hint == "" || strings.Contains(err.Error(), "secret") {
			t.Errorf("%d: %v", status, err)
		}
	}
	feed, err := open311.NewServices(open311.Options{Endpoint: "https://town.example"}, nil, clock)
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"x", `{"format":2,"hash":""}`, `{"format":1,"walk":{}}`} {
		if _, err := feed.Fetch(t.Context(), []byte(state), nil); err == nil {
			t.Errorf("the state %s is read", state)
		}
	}
}
