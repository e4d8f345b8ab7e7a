package open311_test

import (
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/open311"
)

// now is the time in every test that says no other: noon in an office at UTC+8.
var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.FixedZone("", 8*3600))

func clock() time.Time { return now }

// quirks are the ways in which servers differ from the standard and from each other. The
// zero value is a server that keeps to it, in JSON.
type quirks struct {
	cap           int           // requests in an answer; 0: 1000
	paging        bool          // page and page_size are looked at
	pageCap       int           // page_size is cut down to it
	clamp         bool          // behind the last page stands the last page
	newestFirst   bool          // requests come newest first
	shuffled      bool          // and in an order of their own in each answer
	endExclusive  bool          // the end of a span is not in it
	startExcluded bool          // nor its beginning
	dayOnly       bool          // the time of day of a span is not looked at
	cut           time.Duration // the edges of a span are cut to whole ones, from midnight in the office
	cutUp         bool          // or rounded up
	cutNear       bool          // or to the nearest
	noTimes       bool          // no request states when it was made
	ignoresZone   bool          // nor the zone: the server is at UTC+8
	ignoresSpan   bool          // nor the span at all
	wantsTown     bool          // 400 without jurisdiction_id
	emptyTown     bool          // with an empty jurisdiction_id there is nothing
	strictTimes   bool          // 400 for fractions of a second
	strictSpan    bool          // 400 for more than 90 days
	numbers       bool          // ids and codes are numbers, also 001
	arrays        bool          // every scalar stands in a list
	wrap          string        // service_requests, requests/request; "": a list
	empties       string        // null, text, list, object; "": left out
	agencies      bool          // the body responsible is an object with a list
	persons       bool          // who asked is told
	reversed      bool          // members come in the other order
	bom           bool          // a mark of byte order, and lines between
	otherForm     bool          // XML where JSON was asked for, and the other way round
	mime          string        // of every answer
}

// member is one member of a request: "" is empty.
type member struct{ name, value string }

type request struct {
	at      time.Time
	members []member
}

func (r request) get(name string) string {
	for _, m := range r.members {
		if m.name == name {
			return m.value
		}
	}
	return ""
}

// town is a made-up server.
type town struct {
	quirks
	requests []request
	services [][]member
	fault    func(n int, chosen []request) (status int, body string) // 0: none
	asked    []string
	made     int // requests, ever
}

// newTown returns a town with one request every eleven hours of the last 200 days, made up
// of all that texts may hold.
func newTown() *town {
	t := &town{services: [][]member{
		{{"service_code", "001"}, {"service_name", "路灯"}, {"group", "市政设施"}, {"metadata", "false"}, {"type", "realtime"}, {"keywords", "灯, 照明"}},
		{{"service_code", "002"}, {"service_name", "Potholes & kerbs"}, {"group", "市政设施"}, {"metadata", "true"}, {"type", "batch"}, {"keywords", ""}},
	}}
	texts := []string{"路灯不亮", "A <b>\"hole\"</b> & 'more'", "first line\nsecond line", "", `back\slash`, "café ☕ 😀"}
	t.add(time.Date(2026, 7, 29, 23, 59, 59, 0, now.Location()), "at the edge of the first window", 1)
	for i := range 440 {
		at := now.Add(-200*24*time.Hour + time.Duration(i)*11*time.Hour + time.Duration(i%60)*time.Second)
		if at.After(now.Add(-24 * time.Hour)) {
			break
		}
		t.add(at, texts[i%len(texts)], i)
	}
	return t
}

// add adds a request that was made at a time.
func (t *town) add(at time.Time, description string, i int) {
	status, notes, changed := "open", "", at
	if i%3 > 0 {
		status, notes, changed = "closed", fmt.Sprintf("已处理 %d", i), at.Add(50*time.Hour)
	}
	t.requests = append(t.requests, request{at, []member{
		{"service_request_id", strconv.Itoa(638000 + t.made)},
		{"status", status}, {"status_notes", notes},
		{"service_name", t.services[i%2][1].value}, {"service_code", t.services[i%2][0].value},
		{"description", description}, {"agency_responsible", []string{"城管局", "住建局", ""}[i%3]},
		{"requested_datetime", at.Format(time.RFC3339)}, {"updated_datetime", changed.Format(time.RFC3339)},
		{"expected_datetime", ""}, {"zipcode", "00123"}, {"lat", "30.6570"}, {"long", "-104.0000"}, {"media_url", ""},
	}})
	t.made++
}

// ServeHTTP answers as the quirks say.
func (t *town) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.asked = append(t.asked, r.URL.RequestURI())
	form := strings.TrimPrefix(r.URL.Path, "/v2/")
	resource, format, _ := strings.Cut(form, ".")
	if t.otherForm {
		format = map[string]string{"json": "xml", "xml": "json"}[format]
	}
	if t.mime != "" {
		w.Header().Set("Content-Type", t.mime)
	}
	q := r.URL.Query()
	switch {
	case t.wantsTown && q.Get("jurisdiction_id") == "":
		http.Error(w, `[{"code":400,"description":"jurisdiction_id was not provided, secret 13812345678"}]`, 400)
		return
	case t.emptyTown && q.Has("jurisdiction_id") && q.Get("jurisdiction_id") == "":
		fmt.Fprint(w, "[]")
		return
	}
	var chosen []request
	switch resource {
	case "requests":
		var bad bool
		if chosen, bad = t.choose(q.Get); bad {
			http.Error(w, "no", 400)
			return
		}
	case "services":
		for _, s := range t.services {
			chosen = append(chosen, request{members: s})
		}
	default:
		http.NotFound(w, r)
		return
	}
	if t.fault != nil {
		if status, body := t.fault(len(t.asked), chosen); status != 0 {
			w.WriteHeader(status)
			io.WriteString(w, body)
			return
		}
	}
	io.WriteString(w, t.body(resource, format, chosen))
}

// choose finds the requests that were asked for.
func (t *town) choose(get func(string) string) (chosen []request, bad bool) {
	var edges [2]time.Time
	for i, name := range []string{"start_date", "end_date"} {
		at, err := time.Parse(time.RFC3339, get(name))
		if err != nil || t.strictTimes && strings.Contains(get(name), ".") {
			return nil, true
		}
		if t.ignoresZone {
			at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, now.Location())
		}
		if edges[i] = at.In(now.Location()); t.dayOnly {
			y, m, d := edges[i].Date()
			edges[i] = time.Date(y, m, d+i, 0, 0, -i, 0, now.Location())
		}
		if t.cut > 0 {
			y, m, d := edges[i].Date()
			midnight := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
			passed := edges[i].Sub(midnight)
			switch {
			case t.cutUp:
				passed += t.cut - 1
			case t.cutNear:
				passed += t.cut / 2
			}
			edges[i] = midnight.Add(passed.Truncate(t.cut))
		}
	}
	if t.strictSpan && edges[1].Sub(edges[0]) > 90*24*time.Hour {
		return nil, true
	}
	for _, r := range t.requests {
		from, to := r.at.Compare(edges[0]), r.at.Compare(edges[1])
		if !t.ignoresSpan && (from < 0 || to > 0 || from == 0 && t.startExcluded || to == 0 && t.endExclusive) {
			continue
		}
		if s := get("status"); s == "" || slices.Contains(strings.Split(s, ","), r.get("status")) {
			chosen = append(chosen, r)
		}
	}
	slices.SortStableFunc(chosen, func(a, b request) int {
		if t.newestFirst {
			a, b = b, a
		}
		return a.at.Compare(b.at)
	})
	size := cmp.Or(t.cap, 1000)
	page := 1
	if t.paging {
		page, _ = strconv.Atoi(get("page"))
		n, _ := strconv.Atoi(get("page_size"))
		size = min(n, cmp.Or(t.pageCap, n))
		if last := max(1, (len(chosen)+size-1)/size); t.clamp {
			page = min(page, last)
		}
	}
	chosen = chosen[min(len(chosen), (page-1)*size):min(len(chosen), page*size)]
	if t.shuffled && len(chosen) > 2 {
		n := len(t.asked) % len(chosen)
		chosen = append(slices.Clone(chosen[n:]), chosen[:n]...)
	}
	return chosen, false
}

// body writes requests or services.
func (t *town) body(resource, format string, chosen []request) string {
	var b strings.Builder
	if t.bom {
		b.WriteString("\ufeff\r\n")
	}
	item := map[string]string{"requests": "request", "services": "service"}[resource]
	if format == "xml" {
		root := map[string]string{"requests": "service_requests", "services": "services"}[resource]
		b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n<" + root + " xmlns=\"urn:made-up\">\n")
		for _, r := range chosen {
			fmt.Fprintf(&b, "  <%s type=\"x\">\n", item)
			for _, m := range t.shown(r) {
				t.element(&b, m)
			}
			fmt.Fprintf(&b, "  </%s>\n", item)
		}
		return b.String() + "</" + root + ">\n"
	}
	var list []string
	for _, r := range chosen {
		var in []string
		for _, m := range t.shown(r) {
			in = append(in, fmt.Sprintf("%q: %s", m.name, t.scalar(m)))
		}
		list = append(list, "{"+strings.Join(in, ", ")+"}")
	}
	all := "[" + strings.Join(list, ",\n") + "]"
	switch t.wrap {
	case "service_requests":
		all = map[string]string{"requests": `{"service_requests":`, "services": `{"services":`}[resource] + all + "}"
	case "requests/request":
		all = fmt.Sprintf(`{%q:[{%q:%s}]}`, resource, item, all)
	}
	return b.String() + all
}

// shown returns the members of a request as this town sends them.
func (t *town) shown(r request) []member {
	in := slices.Clone(r.members)
	if t.empties == "" {
		in = slices.DeleteFunc(in, func(m member) bool { return m.value == "" })
	}
	if t.persons {
		for _, name := range []string{"requestor_name", "email", "phone", "first_name", "last_name", "name", "device_id", "account_id"} {
			in = append(in, member{name, "secret 13812345678"})
		}
	}
	if t.noTimes {
		in = slices.DeleteFunc(in, func(m member) bool { return m.name == "requested_datetime" })
	}
	if t.reversed {
		slices.Reverse(in)
	}
	return in
}

func (t *town) scalar(m member) string {
	s := strconv.Quote(m.value)
	if b, err := json.Marshal(m.value); err == nil {
		s = string(b)
	}
	switch {
	case m.value == "":
		s = map[string]string{"null": "null", "text": `" "`, "list": "[]", "object": "{}"}[t.empties]
	case t.numbers && strings.Trim(m.value, "-.0123456789") == "" && (strings.HasSuffix(m.name, "_code") || strings.HasSuffix(m.name, "_id") || m.name == "zipcode" || m.name == "lat" || m.name == "long"):
		s = m.value
	case t.agencies && m.name == "agency_responsible":
		return `{"recipient":[` + s + `]}`
	}
	if t.arrays {
		s = "[" + s + "]"
	}
	return s
}

func (t *town) element(b *strings.Builder, m member) {
	var text strings.Builder
	if err := xml.EscapeText(&text, []byte(m.value)); err != nil {
		panic(err)
	}
	in := text.String()
	switch {
	case m.value == "" && t.empties == "null":
		fmt.Fprintf(b, "    <%s/>\n", m.name)
		return
	case m.value == "":
		in = " "
	case t.agencies && m.name == "agency_responsible":
		in = "\n<recipient>" + in + "</recipient>\n"
	case t.arrays && !strings.Contains(in, "&"):
		in = "<![CDATA[" + in + "]]>"
	}
	fmt.Fprintf(b, "    <%s>%s</%s>\n", m.name, in, m.name)
}

// client asks as plainly as can be: over HTTP where it has a server, else in process.
type client struct {
	h      http.Handler
	server *httptest.Server
	n      int
	cut    int // the line is dead at this request, from 1; 0: never
}

func newClient(h http.Handler) *client { return &client{h: h} }

func dial(t testing.TB, h http.Handler) *client {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return &client{h: h, server: s}
}

var errLine = errors.New("the line is dead")

func (c *client) Get(ctx context.Context, address string) (int, []byte, error) {
	if c.n++; c.n == c.cut {
		return 0, nil, errLine
	}
	req, err := http.NewRequestWithContext(ctx, "GET", address, nil)
	if err != nil {
		return 0, nil, err
	}
	if c.server == nil {
		w := httptest.NewRecorder()
		c.h.ServeHTTP(w, req)
		return w.Code, w.Body.Bytes(), nil
	}
	res, err := c.server.Client().Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close() // only read
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, body, err
}

// options returns those of a feed of a client's server.
func (c *client) options() open311.Options {
	o := open311.Options{Endpoint: "http://town.example/v2", Since: "2026-05-01"}
	if c.server != nil {
		o.Endpoint = c.server.URL + "/v2/"
	}
	return o
}

// kept is what a spool would have of a feed.
type kept struct {
	state []byte
	items []string
	pages int
	cut   int // the spool fails at this page, from 1; 0: never
}

func (k *kept) page(p source.Page) error {
	if p.Restart {
		k.items = nil
	}
	if k.pages++; k.pages == k.cut {
		return errLine
	}
	for _, it := range p.Items {
		k.items = append(k.items, string(it))
	}
	k.state = p.State
	return nil
}

// walk lets a feed come to the end of a walk, or fail.
func (k *kept) walk(t testing.TB, feed interface {
	Fetch(context.Context, []byte, func(source.Page) error) (source.Walk, error)
}) (source.Walk, error) {
	t.Helper()
	w, err := feed.Fetch(t.Context(), k.state, k.page)
	if err == nil {
		k.state = w.State
	}
	return w, err
}

// take returns what came since the last time, sorted.
func (k *kept) take() []string {
	items := slices.Sorted(slices.Values(k.items))
	k.items = nil
	return items
}

func requests(t testing.TB, c *client, change func(*open311.Options)) *open311.Requests {
	t.Helper()
	o := c.options()
	if change != nil {
		change(&o)
	}
	feed, err := open311.NewRequests(o, c, clock)
	if err != nil {
		t.Fatal(err)
	}
	return feed
}
