package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source/exchange"
	"github.com/huiyin/huiyin/generator/source/httpget"
	"github.com/huiyin/huiyin/generator/source/spool"
	"github.com/huiyin/huiyin/site/durable"
	"github.com/huiyin/huiyin/site/durable/durabletest"
)

// A script is a txtar archive: pairs of a day on which the feed is fetched, and what is
// then to be seen.
//
//	-- 2026-11-28 --
//	> GET /cases?limit=2            what is asked for, in this order
//	> If-None-Match: "a"            no other condition is sent than what is listed
//	< 200
//	< ETag: "b"
//	{"items":[...]}                 up to the next >
//	? GET /cases?cursor=c&limit=2   is asked only where the power went
//	< 200
//	{"items":[]}
//	-- want --
//	as of 2026-11-28: 1 pages, 2 items
//	2026-11-28.000001.jsonl         the files of the drop folder
//	{"case_no":1}
//
// An error stands as "error: " and its text for the office.
type script struct {
	name  string
	days  []day
	limit int
}

type day struct {
	date  string
	calls []call
	want  string
}

type call struct {
	asked  string // lines without the >
	spare  bool   // ?
	status int
	header http.Header
	body   string
}

func readScripts(t *testing.T) []script {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(err, paths)
	}
	var all []script
	for _, path := range paths {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, parseScript(t, filepath.Base(path), ar))
	}
	return all
}

func parseScript(t *testing.T, name string, ar *txtar.Archive) script {
	t.Helper()
	s := script{name: strings.TrimSuffix(name, ".txtar"), limit: 2}
	for _, f := range ar.Files {
		if f.Name == "want" {
			s.days[len(s.days)-1].want = string(f.Data)
			continue
		}
		s.days = append(s.days, day{date: f.Name, calls: parseCalls(t, string(f.Data))})
	}
	return s
}

func parseCalls(t *testing.T, text string) []call {
	t.Helper()
	var calls []call
	asking := false
	for line := range strings.SplitAfterSeq(text, "\n") {
		if rest, ok := strings.CutPrefix(strings.Replace(line, "? ", "> ", 1), "> "); ok && strings.ContainsAny(line[:1], ">?") {
			if !asking {
				calls = append(calls, call{header: http.Header{}, spare: line[0] == '?'})
			}
			calls[len(calls)-1].asked += rest
			asking = true
			continue
		}
		asking = false
		if len(calls) == 0 {
			continue
		}
		c := &calls[len(calls)-1]
		rest, ok := strings.CutPrefix(line, "< ")
		if !ok {
			c.body += line
			continue
		}
		if name, value, ok := strings.Cut(strings.TrimSpace(rest), ": "); ok {
			c.header.Add(name, value)
		} else if _, err := fmt.Sscan(rest, &c.status); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	return calls
}

// server answers as a script says. Questions of another order are answered as well, so
// that an interrupted fetch can be gone on with.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	calls []call
	asked string
	wrong string
	near  bool // asked without a line between
}

// direct asks a handler without a line between. It follows no redirects.
type direct struct{ http.Handler }

func (d direct) Get(ctx context.Context, address string, h http.Header) (*httpget.Response, error) {
	r := httptest.NewRequest(http.MethodGet, address, nil).WithContext(ctx)
	r.Header = h
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return &httpget.Response{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes(), URL: r.URL}, nil
}

func newServer(t *testing.T) *server {
	s := &server{}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) play(calls []call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.asked, s.wrong = calls, "", ""
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := r.Method + " " + r.URL.RequestURI() + "\n"
	for _, name := range []string{"Authorization", "If-None-Match", "If-Modified-Since"} {
		if v := r.Header.Get(name); v != "" {
			asked += name + ": " + v + "\n"
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked += asked
	i := slices.IndexFunc(s.calls, func(c call) bool { return c.asked == asked })
	if i < 0 {
		s.wrong += asked
		w.WriteHeader(http.StatusTeapot)
		return
	}
	c := s.calls[i]
	for name, values := range c.header {
		for _, v := range values {
			w.Header().Add(name, strings.ReplaceAll(v, "SERVER", s.URL))
		}
	}
	w.WriteHeader(c.status)
	w.Write([]byte(strings.TrimSuffix(c.body, "\n"))) // the client may have gone
}

// client asks the server, and fails in place of the request with the number failAt, from 1.
type client struct {
	exchange.Getter
	failAt, n int
}

var errCut = errors.New("the line is dead")

func (c *client) Get(ctx context.Context, address string, h http.Header) (*httpget.Response, error) {
	if c.n++; c.n == c.failAt {
		return nil, errCut
	}
	return c.Getter.Get(ctx, address, h)
}

func newClient(t *testing.T, o exchange.Options, token string) *client {
	t.Helper()
	h, err := o.HTTP(token)
	if err != nil {
		t.Fatal(err)
	}
	h.Now = time.Now
	h.Sleep = func(context.Context, time.Duration) error { return nil }
	c, err := httpget.New(h)
	if err != nil {
		t.Fatal(err)
	}
	return &client{Getter: c}
}

// fetch is one run of the program: only what is in the file system is known.
func fetch(t *testing.T, fsys durable.FS, srv *server, o exchange.Options, failAt int, today string) (spool.Report, error) {
	t.Helper()
	o.URL, o.PlainHTTP = srv.URL+o.URL, true
	c := newClient(t, o, "")
	if c.failAt = failAt; srv.near {
		c.Getter = direct{srv}
	}
	feed, err := exchange.New(o, c)
	if err != nil {
		t.Fatal(err)
	}
	s, err := spool.New(fsys, "/inbox", "cases")
	if err != nil {
		t.Fatal(err)
	}
	return s.Fetch(t.Context(), feed, today)
}

func newFS(t *testing.T) *durabletest.FS {
	t.Helper()
	fsys := durabletest.New()
	if err := durable.MkdirAll(fsys, "/inbox"); err != nil {
		t.Fatal(err)
	}
	return fsys
}

// pages returns the files that the drop folder is read for, each its name and its lines
// behind the count.
func pages(fsys *durabletest.FS) (all [][2]string) {
	files := fsys.Files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if base, ok := strings.CutPrefix(name, "/inbox/feeds/cases/"); ok {
			_, items, _ := strings.Cut(files[name], "\n")
			all = append(all, [2]string{base, items})
		}
	}
	return all
}

func visible(fsys *durabletest.FS) string {
	var b strings.Builder
	for _, p := range pages(fsys) {
		b.WriteString(p[0] + "\n" + p[1])
	}
	return b.String()
}

// once is visible without pages that say the same as the page before them on the same
// day: an upstream that sends all of it every time is asked again when nobody could note
// that it was asked.
func once(fsys *durabletest.FS) string {
	var b strings.Builder
	var last [2]string
	for _, p := range pages(fsys) {
		if this := [2]string{p[0][:len(time.DateOnly)], p[1]}; this != last {
			b.WriteString(p[0] + "\n" + p[1])
			last = this
		}
	}
	return b.String()
}

func said(srv *server, r spool.Report, err error) string {
	if err != nil {
		msg, _, _ := fault.Public(err)
		return "error: " + strings.ReplaceAll(msg, strings.TrimPrefix(srv.URL, "http://"), "SERVER") + "\n"
	}
	return fmt.Sprintf("as of %s: %d pages, %d items\n", r.AsOf, r.Pages, r.Items)
}

func options(s script) exchange.Options { return exchange.Options{URL: "/cases", Limit: s.limit} }

func TestScripts(t *testing.T) {
	for _, s := range readScripts(t) {
		t.Run(s.name, func(t *testing.T) {
			srv, fsys := newServer(t), newFS(t)
			for _, d := range s.days {
				srv.play(d.calls)
				r, err := fetch(t, fsys, srv, options(s), 0, d.date)
				want := ""
				for _, c := range d.calls {
					if !c.spare {
						want += c.asked
					}
				}
				if diff := cmp.Diff(want, srv.asked); diff != "" {
					t.Errorf("%s: asked (-want +got):\n%s", d.date, diff)
				}
				if diff := cmp.Diff(d.want, said(srv, r, err)+visible(fsys)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", d.date, diff)
				}
				if _, hint, _ := fault.Public(err); err != nil && hint == "" {
					t.Errorf("%s: %v: no hint", d.date, err)
				}
			}
		})
	}
}

// Wherever a fetch is broken off, going on brings the same files.
func TestInterrupted(t *testing.T) {
	for _, s := range readScripts(t) {
		t.Run(s.name, func(t *testing.T) {
			for at := 1; ; at++ {
				srv, fsys := newServer(t), newFS(t)
				reached := false
				for _, d := range s.days {
					srv.play(d.calls)
					r, err := fetch(t, fsys, srv, options(s), at, d.date)
					if errors.Is(err, errCut) {
						reached = true
						r, err = fetch(t, fsys, srv, options(s), 0, d.date)
					}
					files, want := visible(fsys), d.want[strings.Index(d.want, "\n")+1:]
					if diff := cmp.Diff(want, files); diff != "" || srv.wrong != "" {
						t.Fatalf("request %d of %s: %s: (-want +got):\n%s\nasked for nothing: %s", at, d.date, said(srv, r, err), diff, srv.wrong)
					}
				}
				if !reached {
					break
				}
			}
		})
	}
}

// Whenever the power goes, going on brings the same files.
func TestCrash(t *testing.T) {
	points := 0
	for _, s := range readScripts(t) {
		srv := newServer(t)
		srv.near = true
		// days runs a script from a day on, and returns the day that it has reached.
		days := func(fsys durable.FS, from int) int {
			for i, d := range s.days[from:] {
				srv.play(d.calls)
				if _, err := fetch(t, fsys, srv, options(s), 0, d.date); errors.Is(err, durabletest.ErrCrash) {
					return from + i
				}
			}
			return len(s.days)
		}
		whole := newFS(t)
		whole.CrashAt(-1)
		days(whole, 0)
		want := once(whole)
		for at := range whole.Changes() {
			for keep := durabletest.KeepNone; keep <= durabletest.KeepAll; keep++ {
				points++
				fsys := newFS(t)
				fsys.CrashAt(at)
				reached := days(fsys, 0)
				if reached == len(s.days) {
					t.Fatalf("%s: change %d was not reached", s.name, at)
				}
				fsys = fsys.Reboot(keep)
				days(fsys, reached)
				if diff := cmp.Diff(want, once(fsys)); diff != "" {
					t.Fatalf("%s: change %d, keep %d (-whole +again):\n%s", s.name, at, keep, diff)
				}
			}
		}
	}
	t.Logf("%d crash points", points)
}

// The examples of the guide for those who build an upstream are a script as well.
func TestGuide(t *testing.T) {
	text, err := os.ReadFile("../../../docs/exchange.md")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, m := range regexp.MustCompile("(?ms)^```script (\\S+)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		fmt.Fprintf(&b, "-- %s --\n%s", m[1], m[2])
	}
	s := parseScript(t, "guide", txtar.Parse(b.Bytes()))
	if len(s.days) < 3 {
		t.Fatalf("%d days", len(s.days))
	}
	srv, fsys := newServer(t), newFS(t)
	for _, d := range s.days {
		srv.play(d.calls)
		r, err := fetch(t, fsys, srv, exchange.Options{URL: "/export/cases", Limit: 2}, 0, d.date)
		if diff := cmp.Diff(d.want, said(srv, r, err)+visible(fsys)); diff != "" || srv.wrong != "" {
			t.Errorf("%s (-guide +got):\n%s\nasked for nothing: %s", d.date, diff, srv.wrong)
		}
	}
}
