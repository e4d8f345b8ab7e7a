package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
	"github.com/huiyin/huiyin/search/searchtest/scan"
	"github.com/huiyin/huiyin/site/release"
)

// frame is a search page without anything around it.
const frame = `<html lang="zh-CN"><title>搜索</title><!--huiyin:search--><!--/huiyin:search--></html>`

// start runs the program until the test ends, and returns its address.
func start(t *testing.T, log *lines, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, append(args, "--addr", "127.0.0.1:0"), nil, new(bytes.Buffer), log)
	}()
	addr := wait(t, log, done, "serving").Addr
	t.Cleanup(func() {
		stop()
		if code := <-done; code != 0 {
			t.Errorf("exit code %d: %s", code, log)
		}
	})
	return "http://" + addr
}

// read returns the status and the body of an address.
func read(t *testing.T, address string) (int, string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// releases makes a folder with one release that has a search page.
func releases(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "releases")
	store, err := release.Open(dir, release.Options{PagePath: func(n string) string { return "case/" + n + ".html" }})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, store, release.File{Name: search.PagePath, Body: []byte(frame)})
	return dir
}

// An index that is made while the server runs is searched from then on.
func TestSearchesFolder(t *testing.T) {
	index := filepath.Join(t.TempDir(), "search")
	log := &lines{each: make(chan string, 10000)}
	site := start(t, log, "--site", releases(t), "--search", index, "--access-log=false", "--search-rate", "1000000", "--search-rate-all", "1000000")
	if status, body := read(t, site+"/search?q=%E6%B0%B4"); status != http.StatusServiceUnavailable || !strings.Contains(body, "尚未建立") {
		t.Fatalf("before there is an index: %d %s", status, body)
	}
	if _, body := read(t, site+"/readyz"); !strings.Contains(body, `"ready":true`) || !strings.Contains(body, `"search":"no-index"`) {
		t.Errorf("readiness: %s", body)
	}

	e, err := fts.Open(index, fts.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	mark := search.Mark{Release: 1, Cutoff: "2026-11-22", Docs: 1, Form: search.SiteForm()}
	docs := func(yield func(search.Doc, error) bool) {
		yield(search.Doc{ID: "2611-000001", Seq: 1, Text: map[string]string{"title": "产品和水"}, Keyword: map[string]string{"type": "case"}}, nil)
	}
	if err := e.Rebuild(t.Context(), search.SiteSchema(), mark.String(), docs); err != nil {
		t.Fatal(err)
	}
	status, body := 0, ""
	for status != http.StatusOK && t.Context().Err() == nil {
		status, body = read(t, site+"/search?q=%E6%B0%B4")
	}
	if !strings.Contains(body, "产品和<mark>水</mark>") {
		t.Errorf("page is %s", body)
	}
	if status, body := read(t, site+"/search.json?q=%E6%B0%B4"); status != http.StatusOK || !strings.Contains(body, `"total":1`) {
		t.Errorf("%d %s", status, body)
	}
	if !strings.Contains(log.String(), "no search index yet") {
		t.Errorf("the log does not say that there was no index: %s", log)
	}
}

// A Meilisearch server is asked with the key from the file. While it does not
// answer the search page says so, and the site works.
func TestSearchesServer(t *testing.T) {
	keys := make(chan string, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys <- r.Header.Get("Authorization")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"message":"The provided API key is invalid.","code":"invalid_api_key","type":"auth","link":""}`)
	}))
	defer server.Close()
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("a-made-up-key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	log := &lines{each: make(chan string, 10000)}
	site := start(t, log, "--site", releases(t), "--search", server.URL, "--search-key-file", key)
	if status, body := read(t, site+"/search?q=x"); status != http.StatusServiceUnavailable || !strings.Contains(body, "暂时无法使用") {
		t.Errorf("%d %s", status, body)
	}
	if got := <-keys; got != "Bearer a-made-up-key" {
		t.Errorf("the server was asked with %q", got)
	}
	if _, body := read(t, site+"/readyz"); !strings.Contains(body, `"ready":true`) || !strings.Contains(body, `"search":"unavailable"`) {
		t.Errorf("readiness: %s", body)
	}
	if strings.Contains(log.String(), "made-up") {
		t.Errorf("the log holds the key: %s", log)
	}
}

// A search that cannot be opened does not keep the site from its readers.
func TestSearchCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{filepath.Join(dir, "missing"), empty, dir} {
		t.Run(filepath.Base(key), func(t *testing.T) {
			log := &lines{each: make(chan string, 10000)}
			site := start(t, log, "--site", releases(t), "--search", "http://127.0.0.1:1", "--search-key-file", key)
			if status, _ := read(t, site+"/search.json"); status != http.StatusServiceUnavailable {
				t.Errorf("search: %d", status)
			}
			if status, _ := read(t, site+"/readyz"); status != http.StatusOK {
				t.Errorf("readiness: %d", status)
			}
			var l struct{ Msg string }
			for l.Msg != "the search cannot be opened; its page says so, and it is tried again" {
				if err := json.Unmarshal([]byte(<-log.each), &l); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// What cannot be opened is tried again, but not with every search.
func TestReopener(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	tries, missing := 0, errors.New("not there")
	r := &reopener{now: func() time.Time { return now }, logger: slog.New(slog.DiscardHandler), open: func() (search.Engine, error) {
		tries++
		if missing != nil {
			return nil, missing
		}
		return scan.New(), nil
	}}
	ask := func(wantTries int, want error) {
		t.Helper()
		_, errStats := r.Stats(t.Context())
		_, errSearch := r.Search(t.Context(), search.Query{})
		errEach := r.Each(t.Context(), search.Query{}, func(search.Hit) error { return nil })
		for _, err := range []error{errStats, errSearch, errEach} {
			if !errors.Is(err, want) {
				t.Errorf("error %v, want %v", err, want)
			}
		}
		if tries != wantTries {
			t.Errorf("tried %d times, want %d", tries, wantTries)
		}
	}
	ask(1, search.ErrUnavailable)
	now = now.Add(openEvery - 1)
	ask(1, search.ErrUnavailable)
	now = now.Add(1)
	missing = nil
	ask(2, search.ErrNoIndex)
	ask(2, search.ErrNoIndex)
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	now = now.Add(openEvery)
	ask(2, search.ErrUnavailable)
}

func TestSearchFailures(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct{ args, msg string }{
		{"--search-rate 0", "above zero"},
		{"--search-rate-all -1", "above zero"},
		{"--search " + dir + " --search-key-file x", "is for a Meilisearch server"},
		{"--search http://", "--search or --search-index"},
		{"--search http://user:word@127.0.0.1:7700", "--search or --search-index"},
		{"--search http://127.0.0.1:7700 --search-index a/b", "--search or --search-index"},
		{"--trusted-proxy proxy.example", "is not like"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			var out bytes.Buffer
			log := &lines{each: make(chan string, 10)}
			code := run(t.Context(), append([]string{"--site", dir, "--json"}, strings.Fields(tt.args)...), nil, &out, log)
			if code != 2 || !strings.Contains(out.String(), tt.msg) {
				t.Errorf("exit code %d, %s", code, out.String())
			}
		})
	}
}
