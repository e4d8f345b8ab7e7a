package main

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A demonstration that is called again says that it has nothing to take.
func TestDemoAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	demo := func() string {
		var out, errs bytes.Buffer
		a := &app{in: strings.NewReader(""), out: &out, err: &errs, now: time.Now, watch: time.Now, rand: rand.Reader}
		if code := run(t.Context(), []string{"demo", "--once", "--cases", "40", "--months", "1", "--dir", dir}, a); code != 0 {
			t.Fatalf("huiyin demo ends with %d: %s", code, errs.String())
		}
		return out.String()
	}
	if out := demo(); !strings.Contains(out, ": release 1, ") || strings.Contains(out, "taken before") {
		t.Errorf("the first time it says %q", out)
	}
	if out := demo(); !strings.Contains(out, ": taken before; release 1 stands\n") || strings.Contains(out, " in full") {
		t.Errorf("the second time it says %q", out)
	}
}

// The root of the host leads to the site, and everything else is answered by it.
func TestHomeward(t *testing.T) {
	site := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for _, tt := range []struct {
		home, path string
		want       int
		to         string
	}{
		{"/huiyin/", "/", http.StatusFound, "/huiyin/"},
		{"/huiyin/", "/huiyin/", http.StatusTeapot, ""},
		{"/huiyin/", "/other", http.StatusTeapot, ""},
		{"/", "/", http.StatusTeapot, ""},
	} {
		w := httptest.NewRecorder()
		homeward(site, tt.home).ServeHTTP(w, httptest.NewRequest(http.MethodGet, tt.path, nil))
		if w.Code != tt.want || w.Header().Get("Location") != tt.to {
			t.Errorf("%s with a site at %s: %d to %q", tt.path, tt.home, w.Code, w.Header().Get("Location"))
		}
	}
}
