package serve_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// No address and no header brings back a withdrawn case, makes the server
// fail, or leads to another host.
func FuzzRequest(f *testing.F) {
	s := newSite(f)
	s.publish(f, map[string]string{
		"index.html":              "首页",
		"area/1/index.html":       "区",
		"photo.png":               "0123456789",
		"case/2611-000002.html":   "2611-000002 凤凰",
		"month/2026-11.html":      "2611-000002 凤凰",
		"assets/a.0123456789.css": "p { color: #222 }",
	})
	s.withdraw(f, "2611-000002", "by-law", "2026-11-23")
	h := s.handler(f, "/x")

	f.Add("GET", "/x/case/2611-000002.html", "gzip", "bytes=0-", `*`)
	f.Add("GET", "/x/month/2026-11.html", "", "", "")
	f.Add("HEAD", "/x/photo.png", "*;q=0", "bytes=3-4", `W/"a"`)
	f.Add("GET", "/x/area/1", "", "", "")
	f.Add("GET", "/x//area/1", "", "", "")
	f.Add("GET", "/readyz", "", "", "")
	f.Add("BREW", "/x\x00/../..", "identity;q=0", "bytes=-9223372036854775808", `"`)
	f.Fuzz(func(t *testing.T, method, path, accept, rng, none string) {
		r := &http.Request{Method: method, URL: &url.URL{Path: path}, Header: http.Header{
			"Accept-Encoding": {accept}, "Range": {rng}, "If-Range": {none}, "If-None-Match": {none},
		}}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		switch rec.Code {
		case 200, 206, 301, 304, 404, 405, 406, 410, 416:
		case 503:
			if !strings.Contains(path, "month") {
				t.Errorf("status 503")
			}
		default:
			t.Errorf("status %d", rec.Code)
		}
		if strings.Contains(rec.Body.String(), "凤凰") {
			t.Error("a withdrawn case is shown")
		}
		if to := rec.Header().Get("Location"); to != "" && (!strings.HasPrefix(to, "/x/") || strings.HasPrefix(to, "//")) {
			t.Errorf("leads to %q", to)
		}
	})
}
