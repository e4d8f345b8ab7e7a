package serve_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
	"github.com/huiyin/huiyin/site/serve"
)

// faulty is an engine that can be told to fail.
type faulty struct {
	*scan.Engine
	err   error         // of every search
	after int           // hits before Each fails with err
	enter chan struct{} // Each says that it has begun
	leave chan struct{} // and waits for this
}

func (f *faulty) Search(ctx context.Context, q search.Query) (search.Result, error) {
	if f.err != nil && f.after == 0 {
		return search.Result{}, f.err
	}
	return f.Engine.Search(ctx, q)
}

func (f *faulty) Each(ctx context.Context, q search.Query, yield func(search.Hit) error) error {
	if f.enter != nil {
		f.enter <- struct{}{}
		<-f.leave
	}
	n := 0
	return f.Engine.Each(ctx, q, func(h search.Hit) error {
		if n == f.after && f.err != nil {
			return f.err
		}
		n++
		return yield(h)
	})
}

// town returns a site of which the options of search can still be changed.
func town(t testing.TB) (*site, *faulty) {
	s, engine := oldTown(t)
	return s, &faulty{Engine: engine}
}

// ask sends a request of a client, with headers "Name: value".
func ask(h http.Handler, target, client string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	r.RemoteAddr = client
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// clock is a time that tests move on.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

func TestSearchLimits(t *testing.T) {
	s, engine := town(t)
	c := &clock{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	h := s.searched(t, serve.Options{Now: c.now, Search: serve.SearchOptions{
		Engine: engine, Client: serve.Rate{PerSecond: 0.5, Burst: 2}, All: serve.Rate{PerSecond: 1, Burst: 6},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")},
	}})
	const first, second, proxy = "192.0.2.1:4000", "192.0.2.2:4000", "10.0.0.1:4000"
	for i, step := range []struct {
		pass    time.Duration // before the request
		target  string
		client  string
		forward string
		status  int
		retry   string
	}{
		{0, "/search?q=x", first, "", 200, ""},
		{0, "/search.json?q=x", first, "", 200, ""},
		{0, "/search.json?q=x", first, "", 429, "2"},
		{0, "/search?q=x", first, "", 429, "2"},
		{0, "/search?q=x&part=found", first, "", 429, "2"},
		// What is no search is not limited.
		{0, "/search/openapi.yaml", first, "", 200, ""},
		{0, "/case/2611-000001.html", first, "", 200, ""},
		// Another port is the same client; another address is not.
		{0, "/search?q=x", "192.0.2.1:5000", "", 429, "2"},
		{0, "/search?q=x", second, "", 200, ""},
		// Who is no proxy of ours cannot say that he is somebody else.
		{0, "/search?q=x", first, "198.51.100.1", 429, "2"},
		// A proxy of ours says who asks; what stands before that is made up.
		{0, "/search?q=x", proxy, "198.51.100.1, 192.0.2.1", 429, "2"},
		{0, "/search?q=x", proxy, "192.0.2.1, 198.51.100.7, 10.9.9.9", 200, ""},
		{0, "/search?q=x", "[fd00::1]:4000", "2001:db8:1:1::1", 200, ""},
		{0, "/search?q=x", "[fd00::1]:4000", "2001:db8:1:1::2", 200, ""},
		{0, "/search?q=x", "[fd00::1]:4000", "2001:db8:1:1::3", 429, "2"},
		// All together have used up theirs.
		{0, "/search?q=x", second, "", 429, "1"},
		{time.Second, "/search?q=x", "198.51.100.99:1", "", 200, ""},
		{time.Second, "/search?q=x", first, "", 200, ""},
	} {
		c.Time = c.Add(step.pass)
		var headers []string
		if step.forward != "" {
			headers = append(headers, "X-Forwarded-For: "+step.forward)
		}
		rec := ask(h, step.target, step.client, headers...)
		if rec.Code != step.status || rec.Header().Get("Retry-After") != step.retry {
			t.Errorf("step %d: status %d, retry after %q; want %d, %q", i, rec.Code, rec.Header().Get("Retry-After"), step.status, step.retry)
		}
		if rec.Code == 429 && (rec.Header().Get("Cache-Control") != "no-store" || !strings.Contains(rec.Body.String(), "过于频繁")) {
			t.Errorf("step %d: %v %s", i, rec.Header(), rec.Body)
		}
	}
}

// What was typed stays in its box, and what was chosen stays chosen, whatever
// keeps the page from an answer.
func TestTypedStays(t *testing.T) {
	s, engine := town(t)
	c := &clock{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	limited := s.searched(t, serve.Options{Now: c.now, Search: serve.SearchOptions{Engine: engine, Client: serve.Rate{PerSecond: 1, Burst: 1}}})
	get(limited, "/search")
	free := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	down := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: &faulty{Engine: engine.Engine, err: search.ErrUnavailable}}})
	broken := newSite(t)
	broken.publish(t, map[string]string{
		"search.html":            `<html lang="zh-CN"><title>搜索</title><!--huiyin:search--><!--/huiyin:search-->`,
		"search/vocabulary.json": `{`,
	})
	unread := broken.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	const box, unit, day = `name="q" value="%s"`, `<input type="hidden" form="ask" name="unit" value="light">`, `<input type="hidden" form="ask" name="from" value="2026-11-01">`
	for _, tt := range []struct {
		name   string
		h      http.Handler
		target string
		status int
		typed  string // in the box; empty: only the results are asked for
		kept   []string
	}{
		{"too many", limited, "/search?q=%22%E6%B0%B4%22&unit=light&from=2026-11-01", 429, "&#34;水&#34;", []string{unit, day}},
		{"too many, as one types", limited, "/search?q=%E6%B0%B4&unit=light&part=found", 429, "", []string{unit}},
		{"no answer", down, "/search?q=%E6%B0%B4&unit=light&from=2026-11-01&page=2", 503, "水", []string{unit, day}},
		{"a word too many", free, "/search?q=" + strings.Repeat("a+", 21) + "&unit=light", 400, strings.Repeat("a ", 21), []string{unit}},
		{"no day", free, "/search?q=%E6%B0%B4&from=yesterday", 400, "水", nil},
		{"half an address", free, "/search?q=%E6%B0%B4&unit=%", 400, "水", nil},
		{"names that cannot be read", unread, "/search?q=%E6%B0%B4&unit=light", 503, "水", []string{unit}},
	} {
		rec := get(tt.h, tt.target)
		body := rec.Body.String()
		if rec.Code != tt.status {
			t.Errorf("%s: status %d", tt.name, rec.Code)
		}
		if want := fmt.Sprintf(box, tt.typed); tt.typed != "" && !strings.Contains(body, want) {
			t.Errorf("%s: no %s in\n%s", tt.name, want, body)
		}
		if n := strings.Count(body, `type="hidden"`); n != len(tt.kept) {
			t.Errorf("%s: %d hidden fields in\n%s", tt.name, n, body)
		}
		for _, want := range tt.kept {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s in\n%s", tt.name, want, body)
			}
		}
	}
}

// An export holds its place until it ends, and one client has half of them.
func TestExportLimit(t *testing.T) {
	s, engine := town(t)
	engine.enter, engine.leave = make(chan struct{}), make(chan struct{})
	h := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine, Exports: 3}})
	done := make(chan int)
	begin := func(client string) {
		go func() { done <- ask(h, "/search.csv", client).Code }()
		<-engine.enter
	}
	refused := func(client string) {
		t.Helper()
		rec := ask(h, "/search.jsonl", client)
		if rec.Code != 429 || rec.Header().Get("Retry-After") != "30" || !strings.Contains(rec.Body.String(), `"code":"too-many-exports"`) {
			t.Errorf("%s: %d %v %s", client, rec.Code, rec.Header(), rec.Body)
		}
	}
	begin("192.0.2.1:1")
	begin("192.0.2.1:2")
	refused("192.0.2.1:3")
	begin("192.0.2.2:1")
	refused("192.0.2.3:1")
	if rec := ask(h, "/search.json", "192.0.2.3:1"); rec.Code != 200 {
		t.Errorf("a search beside exports: %d", rec.Code)
	}
	for range 3 {
		engine.leave <- struct{}{}
		if code := <-done; code != 200 {
			t.Errorf("export: %d", code)
		}
	}
	begin("192.0.2.1:1")
	engine.leave <- struct{}{}
	<-done
}

// large is an index of n cases that are all found by 水.
func large(t testing.TB, n int) *scan.Engine {
	var docs strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&docs, `{"id":"2611-%06d","seq":%d,"text":{"title":"水压低","question":"%x"},"keyword":{"type":"case"}}`+"\n", i, i, sha256.Sum256([]byte{byte(i), byte(i >> 8)}))
	}
	return indexed(t, search.Mark{Release: 1, Cutoff: "2026-11-22", Docs: n, Form: search.SiteForm()}, []byte(docs.String()))
}

// An export that fails before anything was sent says why; one that fails later
// breaks the connection, so that nobody takes the part for the whole.
func TestBrokenExport(t *testing.T) {
	s, _ := town(t)
	damaged := errors.New("disk trouble")
	engine := &faulty{Engine: large(t, 3000)}
	server := httptest.NewServer(s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine}}))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for _, path := range []string{"/search.csv", "/search.jsonl"} {
		for _, coding := range []string{"identity", "gzip"} {
			t.Run(path+" "+coding, func(t *testing.T) {
				ask := func() (*http.Response, []byte, error) {
					req, err := http.NewRequest("GET", server.URL+path+"?q=%E6%B0%B4", nil)
					if err != nil {
						t.Fatal(err)
					}
					req.Header.Set("Accept-Encoding", coding)
					resp, err := client.Do(req)
					if err != nil {
						t.Fatal(err)
					}
					defer resp.Body.Close()
					body, err := io.ReadAll(resp.Body)
					return resp, body, err
				}
				engine.err = nil
				resp, body, err := ask()
				if err != nil || resp.StatusCode != 200 {
					t.Fatalf("whole: %d, %v", resp.StatusCode, err)
				}
				if coding == "gzip" {
					z, err := gzip.NewReader(bytes.NewReader(body))
					if err != nil {
						t.Fatal(err)
					}
					if body, err = io.ReadAll(z); err != nil {
						t.Fatal(err)
					}
				}
				if n := bytes.Count(body, []byte("\n2611-")) + bytes.Count(body, []byte("\n{\"number\"")); n != 3000 {
					t.Errorf("%d rows", n)
				}

				engine.err, engine.after = damaged, 1
				resp, body, err = ask()
				if err != nil || resp.StatusCode != 503 || !bytes.Contains(body, []byte(`"code":"unavailable"`)) || resp.Header.Get("Content-Encoding") != "" {
					t.Errorf("failed at once: %d, %v, %s", resp.StatusCode, err, body)
				}
				if resp.Header.Get("Content-Disposition") != "" || resp.Header.Get("ETag") != "" {
					t.Errorf("failed at once: headers %v", resp.Header)
				}

				engine.after = 2999
				resp, body, err = ask()
				if resp.StatusCode != 200 || err == nil {
					t.Errorf("failed late: %d with %d bytes, and the client takes them for whole", resp.StatusCode, len(body))
				}
			})
		}
	}
}

// An export does not hold the release open, and ends at a case that is withdrawn
// while it runs.
func TestWithdrawnDuringExport(t *testing.T) {
	s, engine := town(t)
	f := s.follow(t)
	h, err := serve.NewHandler(f, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		query  string
		status int
	}{{"q=%E6%B0%B4%E7%AE%A1", 503}, {"unit=light", 200}} {
		engine.enter, engine.leave = make(chan struct{}, 9), make(chan struct{}) // it may be tried again
		done := make(chan int)
		go func() { done <- get(h, "/search.jsonl?"+tt.query).Code }()
		<-engine.enter
		if tt.status == 503 {
			s.withdraw(t, "2611-000001", "by-law", "2026-11-23")
			if err := f.Look(); err != nil {
				t.Fatal(err)
			}
		}
		close(engine.leave)
		if code := <-done; code != tt.status {
			t.Errorf("%s: status %d, want %d", tt.query, code, tt.status)
		}
	}
}

// What is withdrawn is left out until the index says that it was cleared of just
// that. An index from before the releases were put back from a backup, or of
// other releases, counts withdrawals that are not these.
func TestWithdrawnOfAnotherIndex(t *testing.T) {
	s, engine := oldTown(t)
	s.withdraw(t, "2611-000001", "by-law", "2026-11-23")
	f := s.follow(t)
	h, err := serve.NewHandler(f, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	if err != nil {
		t.Fatal(err)
	}
	view, _, err := s.store.Refresh()
	if err != nil {
		t.Fatal(err)
	}
	generation := view.Generation()
	if err := view.Close(); err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{
		search.Mark{Release: 1, Overlay: generation, Gone: "0123456789ab", Cutoff: "2026-11-22", Form: search.SiteForm()}.String(),
		search.Mark{Release: 1, Overlay: 1000, Cutoff: "2026-11-22", Form: search.SiteForm()}.String(),
		search.Mark{Release: 1, Overlay: 0, Cutoff: "2026-11-22", Form: search.SiteForm()}.String(),
		"a mark of something else",
	} {
		if err := engine.Upsert(t.Context(), mark, nil); err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{"/search.json", "/search.jsonl", "/search.csv", "/search.atom", "/search"} {
			body := get(h, target+"?q=%E6%B0%B4%E7%AE%A1").Body.String()
			if strings.Contains(body, "2611-000001") || !strings.Contains(body, "2610-000003") {
				t.Errorf("%s: %s finds\n%s", mark, target, body)
			}
		}
	}
}

// patient is a client whose connection has deadlines.
type patient struct {
	*httptest.ResponseRecorder
	write []time.Time
}

func (p *patient) SetWriteDeadline(t time.Time) error { p.write = append(p.write, t); return nil }

// An export may take longer than the writing of a page, as long as the client
// takes each piece in time.
func TestExportDeadlines(t *testing.T) {
	s, _ := town(t)
	c := &clock{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	h := s.searched(t, serve.Options{Now: c.now, Search: serve.SearchOptions{Engine: large(t, 3000)}})
	w := &patient{ResponseRecorder: httptest.NewRecorder()}
	h.ServeHTTP(w, httptest.NewRequest("GET", "/search.csv", nil))
	if w.Code != 200 || len(w.write) < 3 || w.write[0] != c.Add(30*time.Second) {
		t.Errorf("status %d, deadlines %v", w.Code, w.write)
	}
}

// again is an error that says when to ask again.
type again struct{ error }

func (again) RetryAfter() time.Duration { return 90 * time.Second }

// When the engine fails the page says so, for as long as the engine says, and
// the log says it once.
func TestSearchDown(t *testing.T) {
	s, engine := town(t)
	var log bytes.Buffer
	h := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine, Log: plainLog(&log)}})
	engine.err = again{search.ErrUnavailable}
	for range 2 {
		for _, target := range []string{"/search?q=%E7%A7%98%E5%AF%86", "/search?q=x&part=found", "/search.json?q=%E7%A7%98%E5%AF%86", "/search.atom"} {
			rec := get(h, target)
			if rec.Code != 503 || rec.Header().Get("Retry-After") != "90" || rec.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d %v", target, rec.Code, rec.Header())
			}
		}
	}
	if rec := get(h, "/en/search?q=x"); !strings.Contains(rec.Body.String(), `<a href="units.html"><b>Offices</b></a>`) {
		t.Errorf("the page does not lead to the lists: %s", rec.Body)
	}
	engine.err = nil
	for range 2 {
		if rec := get(h, "/search?q=x"); rec.Code != 200 {
			t.Errorf("afterwards: %d", rec.Code)
		}
	}
	want := "level=ERROR msg=\"the search does not work\" cause=\"" + search.ErrUnavailable.Error() + "\"\nlevel=INFO msg=\"the search works again\"\n"
	if log.String() != want {
		t.Errorf("log is\n%swant\n%s", log.String(), want)
	}
}

// plainLog is a log without times.
func plainLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

func TestSearchTimeout(t *testing.T) {
	s, engine := town(t)
	h := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine, Timeout: time.Nanosecond}})
	rec := get(h, "/search.json?q=x")
	if rec.Code != 503 || !strings.Contains(rec.Body.String(), `"code":"timeout"`) || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
}

// A client that has gone, or asked for something else, is no trouble of ours.
func TestClientGone(t *testing.T) {
	s, engine := town(t)
	var log bytes.Buffer
	h := s.searched(t, serve.Options{Log: plainLog(&log), Search: serve.SearchOptions{Engine: engine}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	func() {
		defer func() {
			if r := recover(); r != http.ErrAbortHandler {
				t.Errorf("panics with %v", r)
			}
		}()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/search?q=x", nil))
	}()
	if want := "level=INFO msg=request method=GET status=499 bytes=0 us=0 file=search\n"; log.String() != want {
		t.Errorf("log is %swant %s", log.String(), want)
	}
}

// Nothing that is typed gets into the log, whatever becomes of it.
func TestSearchLog(t *testing.T) {
	s, engine := town(t)
	var log bytes.Buffer
	c := &clock{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	h := s.searched(t, serve.Options{Log: plainLog(&log), Now: c.now, Search: serve.SearchOptions{Engine: engine, Client: serve.Rate{PerSecond: 1, Burst: 4}}})
	for _, target := range []string{
		"/search?q=secret", "/search.json?q=secret&secret=1", "/search?q=title:secret+reply:secret", "/search.csv?unit=secret", "/search?q=secret",
	} {
		ask(h, target, "192.0.2.77:1")
	}
	engine.err = errors.New("broken")
	ask(h, "/search?q=secret", "192.0.2.78:1")
	for _, word := range []string{"secret", "192.0.2"} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log holds %q:\n%s", word, log.String())
		}
	}
	for _, status := range []string{"status=200", "status=400", "status=429", "status=503", "file=search.json"} {
		if !strings.Contains(log.String(), status) {
			t.Errorf("the log does not say %s:\n%s", status, log.String())
		}
	}
}

// The entity tag changes with whatever can change an answer, and with nothing
// else; while it stays, nothing is searched again.
func TestSearchTags(t *testing.T) {
	s, engine := town(t)
	f := s.follow(t)
	h, err := serve.NewHandler(f, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	fresh := func(when, target string) {
		t.Helper()
		tag := get(h, target).Header().Get("ETag")
		if other, known := seen[tag]; known || tag == "" {
			t.Errorf("%s: the tag %s is that of %s", when, tag, other)
		}
		seen[tag] = when
	}
	for _, target := range []string{
		"/search?q=%E6%B0%B4", "/search?q=%E6%B0%B4&part=found", "/search?q=%E6%B0%B4&all=unit", "/search?q=%E7%81%AF", "/search?q=%E6%B0%B4&page=2",
		"/search.json?q=%E6%B0%B4", "/search.csv?q=%E6%B0%B4", "/search.jsonl?q=%E6%B0%B4", "/search.atom?q=%E6%B0%B4", "/en/search?q=%E6%B0%B4", "/en/search.json?q=%E6%B0%B4",
	} {
		fresh(target, target)
	}
	const target = "/search.json?q=%E6%B0%B4"
	tag := get(h, target).Header().Get("ETag")
	if other := get(h, "/search.json?page=1&q=%E6%B0%B4").Header().Get("ETag"); other != tag {
		t.Error("the same search has another tag")
	}
	engine.err = errors.New("asked all the same")
	if rec := ask(h, target, "192.0.2.1:1", "If-None-Match: "+tag); rec.Code != 304 || rec.Body.Len() > 0 {
		t.Errorf("status %d", rec.Code)
	}
	engine.err = nil
	if err := engine.Delete(t.Context(), []string{"2610-000003"}); err != nil {
		t.Fatal(err)
	}
	fresh("a case is out of the index", target)
	s.withdraw(t, "2611-000001", "by-law", "2026-11-23")
	if err := f.Look(); err != nil {
		t.Fatal(err)
	}
	fresh("a case is withdrawn", target)
	s.publish(t, map[string]string{"index.html": "首页"})
	if err := f.Look(); err != nil {
		t.Fatal(err)
	}
	fresh("another release", target)
}

// A release brings its own search page and its own names of values.
func TestNextRelease(t *testing.T) {
	s, engine := town(t)
	f := s.follow(t)
	h, err := serve.NewHandler(f, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	if err != nil {
		t.Fatal(err)
	}
	get(h, "/search?q=%E6%B0%B4")
	s.publish(t, map[string]string{
		"search.html":            `<html lang="zh-CN"><title>新版搜索</title><!--huiyin:search--><!--/huiyin:search-->`,
		"search/vocabulary.json": `{"fields":{"unit":[{"id":"water","name":"新水务局"}]},"cutoff":"2026-11-29","docs":5}`,
	})
	if err := f.Look(); err != nil {
		t.Fatal(err)
	}
	body := get(h, "/search?q=%E6%B0%B4").Body.String()
	if !strings.Contains(body, "<title>水 - 新版搜索</title>") || !strings.Contains(body, ">新水务局</a>") {
		t.Errorf("page %s", body)
	}
}

// Synonyms come from the release, and from the program where it has none; a file
// that cannot be read is told to the log, and costs nothing else.
func TestSynonyms(t *testing.T) {
	page := func(file string) map[string]string {
		files := map[string]string{"search.html": `<html lang="zh-CN"><title>搜索</title><!--huiyin:search--><!--/huiyin:search-->`}
		if file != "" {
			files["search/synonyms.txt"] = file
		}
		return files
	}
	for _, tt := range []struct{ name, file, want, log string }{
		{"of the release", "水所=水务所", ">水务所</a>", ""},
		{"none in the release", "", ">路灯</a>", ""},
		{"damaged", "水所", ">路灯</a>", "level=WARN msg=\"the synonyms of the release cannot be read\" release=1 cause=\"a line without =\"\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, engine := oldTown(t)
			s := newSite(t)
			s.publish(t, page(tt.file))
			var log bytes.Buffer
			h := s.searched(t, serve.Options{Search: serve.SearchOptions{
				Engine: engine, Log: plainLog(&log), Synonyms: readSynonyms, Helps: search.SearcherOptions{Synonymer: synonyms{"水所": {"路灯"}}},
			}})
			get(h, "/search")
			body := get(h, "/search?q=%E6%B0%B4%E6%89%80").Body.String()
			if !strings.Contains(body, tt.want) || log.String() != tt.log {
				t.Errorf("page %s\nlog %s", body, log.String())
			}
		})
	}
}

func TestSearchOptions(t *testing.T) {
	s, engine := town(t)
	for _, o := range []serve.SearchOptions{
		{Client: serve.Rate{PerSecond: -1, Burst: 1}}, {Client: serve.Rate{PerSecond: 1}}, {All: serve.Rate{Burst: 1}}, {Exports: -1}, {Timeout: -1},
	} {
		o.Engine = engine
		if _, err := serve.NewHandler(s.follow(t), serve.Options{Search: o}); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
