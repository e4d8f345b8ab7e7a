package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
	"github.com/huiyin/huiyin/generator/source/exchange"
	"github.com/huiyin/huiyin/generator/source/httpget"
	"github.com/huiyin/huiyin/generator/source/spool"
)

var _ spool.Feed = (*exchange.Feed)(nil)

// against fetches from a server once, with nothing known, and counts what was handed over.
func against(t *testing.T, h http.HandlerFunc, o exchange.Options, token string) (pages, items int, err error) {
	t.Helper()
	srv := httptest.NewServer(h)
	defer srv.Close()
	o.URL, o.PlainHTTP = srv.URL+"/cases", true
	feed, err := exchange.New(o, newClient(t, o, token))
	if err != nil {
		t.Fatal(err)
	}
	_, err = feed.Fetch(t.Context(), nil, func(p source.Page) error {
		pages, items = pages+1, items+len(p.Items)
		if strings.Contains(string(p.State), "secret") {
			t.Error("the token is in the state")
		}
		return nil
	})
	if err != nil && strings.Contains(err.Error(), "secret") {
		t.Error("the token is in the error")
	}
	return pages, items, err
}

func wants(t *testing.T, err error, want string) {
	t.Helper()
	if msg, hint, _ := fault.Public(err); err == nil || !strings.Contains(msg, want) || hint == "" {
		t.Errorf("%v; want %q", err, want)
	}
}

// The token goes into the header alone.
func TestToken(t *testing.T) {
	_, _, err := against(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" || strings.Contains(r.RequestURI, "secret") {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.FormValue("cursor") == "" {
			io.WriteString(w, `{"items":[{"n":1}],"has_more":true,"next_cursor":"a"}`)
			return
		}
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, r.Header.Get("Authorization"))
	}, exchange.Options{}, "secret")
	wants(t, err, "answers 403")
}

// Upstreams that never come to an end.
func TestEndless(t *testing.T) {
	n := 0
	// One that does not heed the cursor, and gives out new ones.
	pages, items, err := against(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		fmt.Fprintf(w, `{"items":[{"n":1},{"n":2}],"has_more":true,"next_cursor":"%d"}`, n)
	}, exchange.Options{}, "")
	wants(t, err, "brings nothing new")
	if pages != 20 || items != 40 {
		t.Errorf("%d pages, %d items", pages, items)
	}
	// One whose pages go round.
	_, _, err = against(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		fmt.Fprintf(w, `{"items":[{"n":%d}],"has_more":true,"next_cursor":"%d"}`, n%5, n)
	}, exchange.Options{}, "")
	wants(t, err, "brings nothing new")
	// One that has only empty pages.
	pages, _, err = against(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		fmt.Fprintf(w, `{"items":[],"has_more":true,"next_cursor":"%d"}`, n)
	}, exchange.Options{}, "")
	wants(t, err, "brings nothing new")
	if pages != 0 {
		t.Errorf("%d pages", pages)
	}
	// One that gives out the same cursor, and one that leads back to the first page.
	for _, body := range []string{`{"items":[{"n":%d}],"has_more":true,"next_cursor":"same"}`, `[{"n":%d}]`} {
		pages, _, err = against(t, func(w http.ResponseWriter, r *http.Request) {
			n++
			w.Header().Set("Link", "</cases?same>; rel=next")
			fmt.Fprintf(w, body, n)
		}, exchange.Options{}, "")
		wants(t, err, "leads in a circle")
		if pages != 1 {
			t.Errorf("%d pages", pages)
		}
	}
}

// Links lead to the same host alone.
func TestLinkElsewhere(t *testing.T) {
	for link, want := range map[string]string{
		"http://169.254.169.254/latest/":     "of another host",
		"https://SERVER/cases":               "of another host",
		"http://evil.SERVER/cases":           "of another host",
		"http://u:p@SERVER/cases":            "cannot be read",
		"//evil.test/cases":                  "of another host",
		"file:///etc/passwd":                 "of another host",
		"data:,x":                            "cannot be read",
		"http://[::1":                        "cannot be read",
		"/" + strings.Repeat("a", 5000):      "cannot be read",
		"\\\\evil.test\\cases":               "",
		"http://SERVER@evil.test/cases":      "cannot be read",
		"/cases?next=http://169.254.169.254": "",
	} {
		asked := ""
		_, _, err := against(t, func(w http.ResponseWriter, r *http.Request) {
			asked += r.Host + r.URL.Path + "\n"
			if strings.Count(asked, "\n") == 1 {
				w.Header().Set("Link", "<"+strings.ReplaceAll(link, "SERVER", r.Host)+">; rel=next")
			}
			io.WriteString(w, "[]")
		}, exchange.Options{}, "secret")
		if want == "" && err == nil {
			continue
		}
		wants(t, err, want)
		if err != nil && strings.Contains(err.Error(), "evil") || strings.Count(asked, "\n") != 1 {
			t.Errorf("%s: %v, asked %s", link, err, asked)
		}
	}
}

// A page as large as may be is taken; a larger one is refused, and memory stays bounded.
func TestHugePage(t *testing.T) {
	page := func(w io.Writer, size int) {
		io.WriteString(w, "[")
		item := `{"n":"` + strings.Repeat("a", 8000) + `"}`
		for n := 0; n < size; n += len(item) + 1 {
			if _, err := io.WriteString(w, item+","); err != nil {
				return
			}
		}
		io.WriteString(w, "{}]")
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, items, err := against(t, func(w http.ResponseWriter, r *http.Request) { page(w, 6<<20) }, exchange.Options{MaxBody: 7 << 20}, "")
	runtime.ReadMemStats(&after)
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; err != nil || items < 780 || used > 60 {
		t.Errorf("%d items, %d MiB taken in all, %v", items, used, err)
	}
	_, items, err = against(t, func(w http.ResponseWriter, r *http.Request) { page(w, 10<<30) }, exchange.Options{MaxBody: 7 << 20}, "")
	wants(t, err, "is larger than 7340032 bytes")
	if items != 0 {
		t.Errorf("%d items", items)
	}
}

// Another address has another order of pages: all is read from the beginning, and what
// was fetched of the old one in an open walk is void.
func TestOtherAddress(t *testing.T) {
	srv := newServer(t)
	srv.play(parseCalls(t, `> GET /a?limit=500
< 200
{"items":[{"a":1}],"has_more":true,"next_cursor":"x"}
> GET /a?cursor=x&limit=500
< 404
> GET /b?area=5101&limit=500
< 200
{"items":[{"b":1}],"has_more":false,"next_cursor":"y"}
`))
	fsys := newFS(t)
	if _, err := fetch(t, fsys, srv, exchange.Options{URL: "/a"}, 0, "2026-11-28"); err == nil {
		t.Fatal("no error")
	}
	r, err := fetch(t, fsys, srv, exchange.Options{URL: "/b?area=5101"}, 0, "2026-11-28")
	if got := said(srv, r, err) + visible(fsys); got != "as of 2026-11-28: 1 pages, 1 items\n2026-11-28.000001.jsonl\n{\"b\":1}\n" || srv.wrong != "" {
		t.Errorf("%s%s", got, srv.wrong)
	}
}

// Statuses that make sense later on alone.
func TestBeginning(t *testing.T) {
	for status, want := range map[int]string{http.StatusGone: "answers 410 (gone)", http.StatusNotModified: "answers 304, where 200 is wanted"} {
		n := 0
		_, _, err := against(t, func(w http.ResponseWriter, r *http.Request) {
			n++
			w.WriteHeader(status)
		}, exchange.Options{}, "")
		if wants(t, err, want); n != 1 {
			t.Errorf("%d: asked %d times", status, n)
		}
	}
}

func TestState(t *testing.T) {
	feed, err := exchange.New(exchange.Options{URL: "https://platform.test/cases"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"{", "null", "5", `{"format":2}`, `{"format":1,"source":"","at":{},"more":1}`, `{"format":1,"source":"","at":{},"asked":"AAAA"}`, `{"format":1,"source":"","at":{"next":"@evil.test/"}}`, `{"format":1,"source":"","at":{}} {}`} {
		_, err := feed.Fetch(t.Context(), []byte(text), nil)
		wants(t, err, "state of an exchange with platform.test cannot be read")
	}
}

// An error of whoever keeps the pages is returned as it is, and ends the fetch.
func TestKeeperFails(t *testing.T) {
	full := errors.New("the disk is full")
	srv := newServer(t)
	srv.play(parseCalls(t, "> GET /cases?limit=500\n< 200\n{\"items\":[{\"a\":1}],\"has_more\":true,\"next_cursor\":\"x\"}\n"))
	o := exchange.Options{URL: srv.URL + "/cases", PlainHTTP: true}
	feed, err := exchange.New(o, newClient(t, o, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := feed.Fetch(t.Context(), nil, func(source.Page) error { return full }); err != full {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := feed.Fetch(ctx, nil, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestOptions(t *testing.T) {
	for _, tt := range []struct {
		o    exchange.Options
		want string // "" where they hold
	}{
		{exchange.Options{URL: "https://platform.example.gov.cn/export/cases"}, ""},
		{exchange.Options{URL: "https://10.20.0.5:8443/cases?area=5101", Limit: 10000}, ""},
		{exchange.Options{URL: "http://10.20.0.5:8080/cases", PlainHTTP: true}, ""},
		{exchange.Options{}, "url is missing"},
		{exchange.Options{URL: "platform.example.gov.cn/cases"}, "url is no address"},
		{exchange.Options{URL: "https://"}, "url is no address"},
		{exchange.Options{URL: "https://a.test/#x"}, "url is no address"},
		{exchange.Options{URL: "ftp://a.test/"}, "neither https:// nor http://"},
		{exchange.Options{URL: "http://a.test/"}, "so that others could read"},
		{exchange.Options{URL: "https://a.test/", PlainHTTP: true}, "plain_http is said"},
		{exchange.Options{URL: "https://user:hush@a.test/"}, "holds a name or a password"},
		{exchange.Options{URL: "https://a.test/?access_token=hush"}, "holds a secret"},
		{exchange.Options{URL: "https://a.test/?AppKey=hush"}, "holds a secret"},
		{exchange.Options{URL: "https://a.test/?cursor=1"}, "sets cursor"},
		{exchange.Options{URL: "https://a.test/?a=%zz"}, "broken part"},
		{exchange.Options{URL: "https://a.test/", Limit: -1}, "limit is not from 1 to 10000"},
		{exchange.Options{URL: "https://a.test/", Limit: 10001}, "limit is not from 1 to 10000"},
		{exchange.Options{URL: "https://a.test/", MaxBody: -1}, "less than nought"},
	} {
		_, err := exchange.New(tt.o, nil)
		_, err2 := tt.o.HTTP("t")
		if tt.want == "" {
			if err != nil || err2 != nil {
				t.Errorf("%+v: %v, %v", tt.o, err, err2)
			}
			continue
		}
		wants(t, err, tt.want)
		wants(t, err2, tt.want)
		if _, _, code := fault.Public(err); code != fault.ExitConfig || strings.Contains(err.Error(), "hush") {
			t.Errorf("%v, code %d", err, code)
		}
	}
	// What the client is told. A host without a port is a public one.
	h, err := exchange.Options{URL: "https://a.test/x", CAFile: "ca.pem", Timeout: time.Second, MaxBody: 1, MaxPlain: 2}.HTTP("secret")
	want := httpget.Options{Hosts: []string{"a.test"}, CAFile: "ca.pem", Timeout: time.Second, MaxBody: 1, MaxPlain: 2, Header: http.Header{"Authorization": {"Bearer secret"}}}
	if err != nil || !reflect.DeepEqual(h, want) {
		t.Errorf("%+v, %v", h, err)
	}
}

// The configuration in the guide is read as it stands there, and every key is told of.
func TestGuideConfiguration(t *testing.T) {
	text, err := os.ReadFile("../../../docs/exchange.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	example, _, _ := strings.Cut(rest, "```")
	var c struct {
		Feeds []struct {
			Name             string `yaml:"name"`
			Kind             string `yaml:"kind"`
			exchange.Options `yaml:",inline"`
		} `yaml:"feeds"`
	}
	if err := yaml.UnmarshalWithOptions([]byte(example), &c, yaml.Strict()); err != nil || len(c.Feeds) != 2 {
		t.Fatal(err, example)
	}
	if o := c.Feeds[1].Options; o.Timeout != 2*time.Minute || o.MaxBody != 8<<20 || o.MaxPlain != 16<<20 {
		t.Errorf("%+v", o)
	}
	for _, f := range c.Feeds {
		if _, err := exchange.New(f.Options, nil); err != nil || f.Kind != "exchange" {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	for i := range reflect.TypeFor[exchange.Options]().NumField() {
		key := reflect.TypeFor[exchange.Options]().Field(i).Tag.Get("yaml")
		if !regexp.MustCompile("`" + key + "`").Match(text) {
			t.Errorf("the key %s is not told of", key)
		}
	}
}
