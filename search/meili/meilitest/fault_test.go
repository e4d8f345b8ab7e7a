package meilitest_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

func TestFaults(t *testing.T) {
	search := map[string]any{"q": ""}
	f := filled(t, meilitest.Options{}, nil, `{"id":"a"}`)
	f.Fail(2, meilitest.Route("POST /indexes/*/search"), meilitest.Busy())
	for i, want := range []int{503, 503, 200} {
		a := f.do("POST", "/indexes/cases/search", search)
		if a.status != want {
			t.Errorf("search %d: status %d, want %d", i, a.status, want)
		}
		if a.status == 503 && (a.header.Get("Retry-After") != "10" || at(a.body, "code") != "too_many_search_requests") {
			t.Errorf("a busy server: %v %s", a.header, a.text)
		}
		if a := f.do("GET", "/indexes/cases/stats", nil); a.status != 200 {
			t.Errorf("another route: status %d", a.status)
		}
	}

	f.Fail(1, meilitest.Route("* /indexes/*/documents"), meilitest.QueueFull())
	a := f.do("POST", "/indexes/cases/documents", `{"id":"b"}`)
	if a.status != 422 || at(a.body, "code") != "no_space_left_on_device" || at(a.body, "type") != "system" || !strings.Contains(a.text, "task database") {
		t.Errorf("a full queue: %d %s", a.status, a.text)
	}
	f.Drain()
	if f.count("cases") != 1 {
		t.Errorf("%d documents: a full queue took something", f.count("cases"))
	}

	f.Fail(-1, meilitest.Any, meilitest.Fault{Status: 502, Body: "<html>"})
	for range 3 {
		if got := f.serve("GET", "/health", ""); got.Code != 502 || got.Body.String() != "<html>" {
			t.Errorf("a proxy: %d %s", got.Code, got.Body)
		}
	}
	f.Heal()
	if a := f.do("GET", "/health", nil); a.status != 200 {
		t.Errorf("after Heal: status %d", a.status)
	}
}

// serve sends a request whose answer need not be JSON.
func (f *fixture) serve(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-ndjson")
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

// post sends documents over a real connection.
func post(t *testing.T, url string, body io.Reader) (int, error) {
	t.Helper()
	r, err := http.Post(url+"/indexes/cases/documents", "application/x-ndjson", body)
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	return r.StatusCode, nil
}

func TestBrokenConnections(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil)
	web := httptest.NewServer(f)
	defer web.Close()

	f.Fail(1, meilitest.Any, meilitest.Fault{Drop: true})
	if status, err := post(t, web.URL, strings.NewReader(`{"id":"a"}`)); err == nil {
		t.Errorf("a connection that breaks gave status %d", status)
	}
	f.Drain()
	if n := len(f.Tasks()); n != 1 {
		t.Errorf("%d tasks: a request that broke before its work did it", n)
	}
	f.Fail(1, meilitest.Any, meilitest.Fault{Drop: true, Done: true})
	if status, err := post(t, web.URL, strings.NewReader(`{"id":"a"}`)); err == nil {
		t.Errorf("a connection that breaks gave status %d", status)
	}
	f.Drain()
	if n := f.count("cases"); n != 1 {
		t.Errorf("%d documents: a request whose answer was lost did no work", n)
	}

	f.Stop()
	if status, err := post(t, web.URL, strings.NewReader(`{"id":"b"}`)); err == nil {
		t.Errorf("a stopped server gave status %d", status)
	}
	f.Start()
	if status, err := post(t, web.URL, strings.NewReader(`{"id":"b"}`)); err != nil || status != 202 {
		t.Errorf("a server that is back: %d, %v", status, err)
	}
}

func TestPayloadLimit(t *testing.T) {
	large := `{"id":"a","text":"` + strings.Repeat("x", 8<<20) + `"}`
	for _, breaks := range []bool{false, true} {
		f := filled(t, meilitest.Options{PayloadLimit: 4 << 20, BreakPipe: breaks}, nil)
		web := httptest.NewServer(f)
		status, err := post(t, web.URL, strings.NewReader(large))
		switch {
		case breaks && err == nil:
			t.Errorf("a body over the limit gave status %d, want a broken pipe", status)
		case !breaks && err == nil && status != http.StatusRequestEntityTooLarge:
			t.Errorf("a body over the limit gave status %d", status)
		}
		if status, err := post(t, web.URL, strings.NewReader(`{"id":"b"}`)); err != nil || status != 202 {
			t.Errorf("a body within the limit: %d, %v", status, err)
		}
		web.Close()
		if !breaks {
			// Without a connection it cannot break, whatever else comes between.
			a := f.do("POST", "/indexes/cases/documents", large)
			if a.status != 413 || at(a.body, "code") != "payload_too_large" || !strings.Contains(a.text, "is 4 MiB.") {
				t.Errorf("a body over the limit: %d %s", a.status, a.text)
			}
		}
	}
}

func TestGzipBody(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil)
	var body bytes.Buffer
	z := gzip.NewWriter(&body)
	io.WriteString(z, `{"id":"a"}`)
	z.Close()
	header := http.Header{"Content-Type": {"application/x-ndjson"}, "Content-Encoding": {"gzip"}}
	if a := f.send("POST", "/indexes/cases/documents", header, body.String()); a.status != 202 {
		t.Errorf("status %d: %s", a.status, a.text)
	}
	f.Drain()
	if f.count("cases") != 1 {
		t.Errorf("%d documents", f.count("cases"))
	}
}
