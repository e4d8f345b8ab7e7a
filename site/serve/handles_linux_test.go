package serve_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/site/serve"
)

// The pack that held a withdrawn case is let go when the withdrawal is taken
// up, but not before the request that is being answered from it has ended.
func TestWithdrawnBytesAreLetGo(t *testing.T) {
	s := newSite(t)
	s.publish(t, map[string]string{"case/2611-000002.html": "2611-000002", "photo.png": strings.Repeat("0123456789", 1<<20)})
	f := s.follow(t)
	h, err := serve.NewHandler(f, serve.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.Close(); err != nil { // only the server holds packs
		t.Fatal(err)
	}
	for range 3 { // to look in vain holds nothing
		if err := f.Look(); err != nil {
			t.Fatal(err)
		}
	}
	slow := &gate{ResponseRecorder: httptest.NewRecorder(), began: make(chan struct{}), goOn: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.ServeHTTP(slow, httptest.NewRequest("GET", "/photo.png", nil))
	}()
	<-slow.began
	s.withdraw(t, "2611-000002", "by-law", "2026-11-23")
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Look(); err != nil {
		t.Fatal(err)
	}
	if deleted(t, s.dir) == 0 {
		t.Error("the pack is closed under a request that reads it")
	}
	close(slow.goOn)
	<-ended
	if slow.Code != http.StatusOK || slow.Body.Len() != 10<<20 {
		t.Errorf("the request in flight got status %d and %d bytes", slow.Code, slow.Body.Len())
	}
	if n := deleted(t, s.dir); n != 0 {
		t.Errorf("%d deleted files are still open", n)
	}
}

// An export may take an hour, and does not keep a pack open for so long.
func TestExportLetsGoOfPacks(t *testing.T) {
	s, engine := town(t)
	engine.enter, engine.leave = make(chan struct{}), make(chan struct{})
	f := s.follow(t)
	h, err := serve.NewHandler(f, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan int)
	go func() { done <- get(h, "/search.csv?unit=light").Code }()
	<-engine.enter
	s.withdraw(t, "2611-000001", "by-law", "2026-11-23")
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Look(); err != nil {
		t.Fatal(err)
	}
	if n := deleted(t, s.dir); n != 0 {
		t.Errorf("%d deleted files are still open", n)
	}
	close(engine.leave)
	if code := <-done; code != http.StatusOK {
		t.Errorf("status %d", code)
	}
}

// gate is a client that waits before it takes the first byte.
type gate struct {
	*httptest.ResponseRecorder
	began, goOn chan struct{}
}

func (g *gate) WriteHeader(status int) {
	close(g.began)
	<-g.goOn
	g.ResponseRecorder.WriteHeader(status)
}

// deleted counts the open files of a folder that are deleted.
func deleted(t *testing.T, dir string) int {
	t.Helper()
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, fd := range list {
		to, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%s", fd.Name()))
		if err == nil && strings.HasPrefix(to, dir) && strings.HasSuffix(to, "(deleted)") {
			n++
		}
	}
	return n
}
