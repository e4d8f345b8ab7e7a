package serve_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/huiyin/huiyin/site/release"
	"github.com/huiyin/huiyin/site/serve"
)

// Releases are switched and cases withdrawn while clients read. No request
// fails, and each answer is whole and of one release.
func TestSwitchUnderLoad(t *testing.T) {
	s := newSite(t)
	page := func(n int) string {
		return fmt.Sprintf("<p>%s</p>", strings.Repeat(fmt.Sprintf("第%d期。", n), 200))
	}
	s.publish(t, map[string]string{"index.html": page(0), "photo.png": page(0)})
	f := s.follow(t)
	h, err := serve.NewHandler(f, serve.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()

	var answered, newest atomic.Int64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			client := &http.Client{Transport: &http.Transport{DisableCompression: i%2 == 0}}
			defer client.CloseIdleConnections()
			path := [...]string{"/", "/photo.png"}[i/2]
			for {
				select {
				case <-stop:
					return
				default:
				}
				floor := newest.Load()
				body, err := fetch(client, server.URL+path)
				if err != nil {
					t.Error(err)
					return
				}
				var n int
				if _, err := fmt.Sscanf(body, "<p>第%d期。", &n); err != nil || body != page(n) {
					t.Errorf("an answer of %d bytes is of no release, or of two", len(body))
					return
				}
				if int64(n) < floor {
					t.Errorf("release %d after %d was taken up", n, floor)
					return
				}
				answered.Add(1)
			}
		})
	}
	const releases = 12
	for n := 1; n <= releases; n++ {
		s.publish(t, map[string]string{"index.html": page(n), "photo.png": page(n),
			fmt.Sprintf("case/2611-%06d.html", n): fmt.Sprintf("2611-%06d", n)})
		if err := f.Look(); err != nil {
			t.Fatal(err)
		}
		newest.Store(int64(n))
		s.withdraw(t, fmt.Sprintf("2611-%06d", n), "by-law", "2026-11-23")
		if err := f.Look(); err != nil {
			t.Fatal(err)
		}
		// Let every release be read before the next.
		for before := answered.Load(); answered.Load() < before+8 && !t.Failed(); {
			if _, err := fetch(http.DefaultClient, server.URL+"/"); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(stop)
	wg.Wait()
	t.Logf("%d answers over %d releases", answered.Load(), releases)
}

// fetch reads one page, which has to be there.
func fetch(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", resp.StatusCode)
	}
	return string(body), err
}

// get asks a handler for a path.
func get(h http.Handler, path string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec
}

// A withdrawal reaches a running server, the next release brings the tombstone
// page, and a rollback does not bring the case back.
func TestWithdrawalStays(t *testing.T) {
	s := newSite(t)
	full := map[string]string{"case/2611-000002.html": "2611-000002 的答复", "410.html": "<h1>撤下</h1>"}
	s.publish(t, full)
	f := s.follow(t)
	h, err := serve.NewHandler(f, serve.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const path = "/case/2611-000002.html"
	const tombstone = "<h1>撤下</h1>\n<dl>\n" + `<div><dt>编号 <span lang="en">Number</span></dt><dd>2611-000002</dd></div>` + "\n" +
		`<div><dt>原因 <span lang="en">Reason</span></dt><dd>依法不予公开 <span lang="en">not to be published by law</span></dd></div>` + "\n" +
		`<div><dt>撤下日期 <span lang="en">Withdrawn on</span></dt><dd>2026-11-23</dd></div>` + "\n</dl>"
	expect := func(when string, status int, body string) {
		t.Helper()
		if err := f.Look(); err != nil {
			t.Fatal(err)
		}
		if rec := get(h, path); rec.Code != status || rec.Body.String() != body {
			t.Errorf("%s: status %d, body %q; want %d, %q", when, rec.Code, rec.Body, status, body)
		}
	}
	expect("published", 200, "2611-000002 的答复")
	s.withdraw(t, "2611-000002", "by-law", "2026-11-23")
	expect("withdrawn", 410, tombstone)
	s.publish(t, map[string]string{"case/2611-000002.html": "2611-000002 已撤下", "410.html": "<h1>撤下</h1>"})
	expect("published again", 410, "2611-000002 已撤下")
	if err := s.store.Rollback(context.Background(), 1, nil); err != nil {
		t.Fatal(err)
	}
	expect("rolled back", 410, tombstone)
}

// A body above what is read at once is streamed, in both forms and in parts.
func TestLargeBodies(t *testing.T) {
	var b strings.Builder
	for i := 0; b.Len() < 5<<20; i++ {
		fmt.Fprintf(&b, "%d,%x\n", i, i*2654435761)
	}
	big := b.String()
	s := newSite(t)
	s.publish(t, map[string]string{"data/cases.csv": big, "data/cases.parquet": big})
	server := httptest.NewServer(s.handler(t, ""))
	defer server.Close()
	for _, tt := range []struct{ path, coding, span, want string }{
		{"/data/cases.csv", "identity", "", big},
		{"/data/cases.csv", "gzip", "", big},
		{"/data/cases.parquet", "gzip", "", big},
		{"/data/cases.parquet", "gzip", "bytes=100-2000099", big[100:2000100]},
	} {
		req, err := http.NewRequest("GET", server.URL+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", tt.coding) // the client then leaves the body as it is
		if tt.span != "" {
			req.Header.Set("Range", tt.span)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.ContentLength != int64(len(raw)) {
			t.Fatalf("%s as %s: %d bytes of %d: %v", tt.path, tt.coding, len(raw), resp.ContentLength, err)
		}
		if resp.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if raw, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if string(raw) != tt.want {
			t.Errorf("%s as %s, %s: another body of %d bytes", tt.path, tt.coding, tt.span, len(raw))
		}
	}
}

// A pack that is damaged on the disk never passes for whole: a small file is
// an error, a large one is broken off.
func TestDamagedPack(t *testing.T) {
	s := newSite(t)
	small := strings.Repeat("回音。", 400)
	large := strings.Repeat(small, 1000)
	files := map[string]string{"index.html": small, "photo.png": small, "data/cases.csv": large, "data/cases.parquet": large}
	s.publish(t, files)
	h := s.handler(t, "")
	packs, err := filepath.Glob(filepath.Join(s.dir, "packs", "*", "*.zip"))
	if err != nil || len(packs) != 1 {
		t.Fatalf("packs %v, %v", packs, err)
	}
	data, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		// Turn one stored byte over. Behind the name in the local header comes
		// the extra field with the hash.
		at := bytes.Index(data, []byte(name)) + len(name) + 37
		data[at+20] ^= 0xff
	}
	if err := os.Chmod(packs[0], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := overwrite(packs[0], data); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for _, name := range []string{"", "photo.png"} {
		resp, err := client.Get(server.URL + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusInternalServerError || resp.Header.Get("ETag") != "" || resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("/%s: status %d, headers %v", name, resp.StatusCode, resp.Header)
		}
	}
	for _, name := range []string{"data/cases.csv", "data/cases.parquet"} {
		if _, err := fetch(client, server.URL+"/"+name); err == nil {
			t.Errorf("/%s: the client takes it for whole", name)
		}
	}
}

// overwrite writes into a file without replacing it.
func overwrite(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(data, 0); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// The server keeps the view that it has when it cannot look for the next, and
// says so to who asks whether it is ready.
func TestUnreadableReleases(t *testing.T) {
	s := newSite(t)
	s.publish(t, map[string]string{"index.html": "首页"})
	f := s.follow(t)
	h, err := serve.NewHandler(f, serve.Options{})
	if err != nil {
		t.Fatal(err)
	}
	current := filepath.Join(s.dir, "current")
	good, err := os.ReadFile(current)
	if err != nil {
		t.Fatal(err)
	}
	write := func(b []byte) {
		t.Helper()
		if err := os.Remove(current); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(current, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write([]byte("{"))
	if err := f.Look(); err == nil {
		t.Error("a damaged pointer is taken up")
	}
	if rec := get(h, "/"); rec.Code != 200 {
		t.Errorf("page: status %d", rec.Code)
	}
	if rec := get(h, "/readyz"); rec.Code != 503 || !strings.Contains(rec.Body.String(), `"why":"read-error"`) || strings.Contains(rec.Body.String(), s.dir) {
		t.Errorf("readiness: %d %s", rec.Code, rec.Body)
	}
	write(good)
	if err := f.Look(); err != nil {
		t.Error(err)
	}
	if rec := get(h, "/readyz"); rec.Code != 200 {
		t.Errorf("readiness afterwards: %d %s", rec.Code, rec.Body)
	}
}

// The log holds nothing of the client and nothing that she typed.
func TestAccessLog(t *testing.T) {
	s := newSite(t)
	s.publish(t, map[string]string{"index.html": "首页"})
	var log bytes.Buffer
	now := time.Unix(0, 0)
	h, err := serve.NewHandler(s.follow(t), serve.Options{
		Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
				return slog.Attr{}
			}
			return a
		}})),
		Now: func() time.Time { now = now.Add(7 * time.Microsecond); return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/?q=secret", "/secret.html"} {
		req := httptest.NewRequest("GET", target, nil)
		req.RemoteAddr = "192.0.2.77:4711"
		req.Header.Set("User-Agent", "secret")
		h.ServeHTTP(httptest.NewRecorder(), req)
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("SECRET", "/", nil))
	want := `{"msg":"request","method":"GET","status":200,"bytes":6,"us":7,"file":"index.html"}
{"msg":"request","method":"GET","status":404,"bytes":51,"us":7}
{"msg":"request","method":"other","status":405,"bytes":109,"us":7}
`
	if log.String() != want {
		t.Errorf("log is\n%s\nwant\n%s", log.String(), want)
	}
}

// The page of a merged case leads on to that of the case that it was merged into, for good
// and below the prefix, whatever stands behind the question mark. Where either is withdrawn
// it leads nowhere, at once.
func TestMergedCaseLeadsOn(t *testing.T) {
	one := map[string]string{"case/2611-000001.html": "2611-000001 已并入 2611-000002", "case/2611-000002.html": "2611-000002 的答复", "case/2611-000003.html": "2611-000003 的答复"}
	move := release.Move{Number: "2611-000001", Into: "2611-000002", Page: "case/2611-000001.html", To: "case/2611-000002.html"}
	for _, tt := range []struct {
		name      string
		prefix    string
		withdrawn string
		path      string
		status    int
		to        string
	}{
		{"merged", "", "", "/case/2611-000001.html", 308, "/case/2611-000002.html"},
		{"below a prefix", "/zwgk/huiyin", "", "/zwgk/huiyin/case/2611-000001.html", 308, "/zwgk/huiyin/case/2611-000002.html"},
		{"with a query", "", "", "/case/2611-000001.html?to=https://elsewhere.example/", 308, "/case/2611-000002.html"},
		{"the other", "", "", "/case/2611-000002.html", 200, ""},
		{"a third", "", "", "/case/2611-000003.html", 200, ""},
		{"the other is withdrawn", "", "2611-000002", "/case/2611-000001.html", 503, ""},
		{"itself is withdrawn", "", "2611-000001", "/case/2611-000001.html", 410, ""},
		{"a third is withdrawn", "", "2611-000003", "/case/2611-000001.html", 308, "/case/2611-000002.html"},
	} {
		s := newSite(t)
		s.publish(t, one, move)
		if tt.withdrawn != "" {
			s.withdraw(t, tt.withdrawn, "by-law", "2026-11-23")
		}
		h := s.handler(t, tt.prefix)
		rec := get(h, tt.path)
		if to := rec.Header().Get("Location"); rec.Code != tt.status || to != tt.to || to != "" && rec.Body.Len() > 0 {
			t.Errorf("%s: status %d, to %q; want %d, %q", tt.name, rec.Code, to, tt.status, tt.to)
		}
	}
}
