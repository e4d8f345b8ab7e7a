package serve_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/serve"
)

// Whatever stands behind the question mark, the answer is results or says what
// is wrong with the request; a page holds nothing but our own elements and links
// to our own addresses.
func FuzzSearch(f *testing.F) {
	s, engine := oldTown(f)
	h := s.searched(f, serve.Options{Search: serve.SearchOptions{Engine: engine, Helps: search.SearcherOptions{
		Synonymer: synonyms{"水务局": {"水务所"}}, Suggester: synonyms{"水菅": {"水管"}}, Questioner: question{"水管", "<i>漏水"},
	}}})
	for _, query := range []string{
		"", "q=", "q=%E6%B0%B4", "q=%E6%B0%B4%E8%8F%85&part=found", "q=2611-000001+%E6%B0%B4&all=unit", "q=title%3Ascript&year=2025",
		`q="><script>alert(1)</script>`, "q=%22%E6%B0%B4%E7%AE%A1", "q=-%E6%B0%B4", "q=%00%ff%zz", "q=x;y=z", "q=a&q=b", "page=1000000000", "page=500&per_page=20",
		"q=" + strings.Repeat("%E6%B0%B4", 1001), "q=" + strings.Repeat("a+", 30), "unit=water&unit=light&unit=%27+OR+1%3D1--", `status="\&rating=4%2F5`,
		"from=2026-02-30", "from=2026-11-20&to=2026-11-01", "sort=wait&type=case&month=2026-11", "<b>=1", "javascript:alert(1)", "q=%F0%9F%98%80&q2=", "q=AND+OR+NEAR(*)+col:x^",
		"from=timeline&q=%E6%B0%B4&utm_source=%3Cb%3E",
	} {
		for i := range paths {
			f.Add(i, query)
		}
	}
	f.Fuzz(func(t *testing.T, path int, query string) {
		r := &http.Request{Method: "GET", URL: &url.URL{Path: paths[uint(path)%uint(len(paths))], RawQuery: query}, Header: http.Header{}, RemoteAddr: "192.0.2.1:1"}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != 200 && rec.Code != 400 {
			t.Fatalf("status %d", rec.Code)
		}
		body := rec.Body.String()
		switch typ, _, _ := strings.Cut(rec.Header().Get("Content-Type"), ";"); typ {
		case "text/html":
			checkHTML(t, body)
		case "application/json":
			if !json.Valid(rec.Body.Bytes()) {
				t.Errorf("no JSON: %s", body)
			}
		case "application/jsonl":
			for line := range strings.Lines(body) {
				if !json.Valid([]byte(line)) {
					t.Errorf("no JSON: %s", line)
				}
			}
		case "text/csv", "application/atom+xml":
		default:
			t.Errorf("type %q", typ)
		}
	})
}

var paths = []string{"/search", "/en/search", "/search.json", "/search.csv", "/search.jsonl", "/search.atom"}

// checkHTML checks that every element of a page is closed where it should be
// and is one of ours, and that links stay on the site.
func checkHTML(t *testing.T, page string) {
	t.Helper()
	void := []string{"meta", "link", "input"}
	known := append([]string{
		"html", "head", "title", "body", "main", "h1", "h2", "h3", "form", "label", "button", "p", "div", "nav", "ul", "ol", "li", "a", "b", "small", "span", "mark",
		"aside", "details", "summary",
	}, void...)
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%v are never closed", open)
			}
			return
		case html.StartTagToken:
			tag := z.Token()
			if !slices.Contains(known, tag.Data) {
				t.Fatalf("element %s in %s", tag.Data, page)
			}
			for _, a := range tag.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.ContainsAny(a.Key, `"'<>=`) {
					t.Errorf("attribute %s", a.Key)
				}
				if a.Key == "href" && tag.Data == "a" && !isOurs(a.Val) {
					t.Errorf("link to %q", a.Val)
				}
			}
			if !slices.Contains(void, tag.Data) {
				open = append(open, tag.Data)
			}
		case html.EndTagToken:
			tag := z.Token()
			if len(open) == 0 || open[len(open)-1] != tag.Data {
				t.Fatalf("%s is closed within %v in %s", tag.Data, open, page)
			}
			open = open[:len(open)-1]
		case html.SelfClosingTagToken:
			t.Errorf("%s closes itself", z.Token().Data)
		}
	}
}

// isOurs says whether a link of a page leads to a search, a case, a list or a
// place on the page.
func isOurs(href string) bool {
	u, err := url.Parse(href)
	if err != nil || u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "/") {
		return false
	}
	path := strings.TrimPrefix(u.Path, "../")
	switch path {
	case "", "search", "search.csv", "search.jsonl", "search.atom", "areas.html", "units.html", "topics.html", "months.html", "channels.html":
		return true
	}
	return strings.HasPrefix(path, "case/")
}
