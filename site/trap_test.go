package site

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHostileText checks that text which means something to Hugo, to JSON or to
// a browser comes out as text.
func TestHostileText(t *testing.T) {
	for _, tt := range []struct{ name, params, body string }{
		{"shortcode", `{"question": "{{< param \"name\" >}} {{% x %}} {{< x", "reply_html": "{{< nosuch >}}"}`,
			`<p>{{&lt; param &#34;name&#34; &gt;}} {{% x %}} {{&lt; x</p>{{< nosuch >}}`},
		{"placeholder of a shortcode", `{"question": "HAHAHUGOSHORTCODE0s0HBHB", "reply_html": "HAHAHUGOSHORTCODE0s0HBHB"}`,
			"<p>HAHAHUGOSHORTCODE0s0HBHB</p>HAHAHUGOSHORTCODE0s0HBHB"},
		{"template", `{"question": "{{ site.Title }}{{ end }}", "reply_html": "{{ errorf \"x\" }}"}`,
			`<p>{{ site.Title }}{{ end }}</p>{{ errorf "x" }}`},
		{"deferred", `{"question": "a__hdeferred/1__", "reply_html": "__hdeferred/2"}`,
			"<p>a_\u2060_h\u2060deferred/1__</p>_\u2060_h\u2060deferred/2"},
		{"deferred, escaped", `{"question": "\u005f\u005fhdeferred/", "reply_html": "_\u005f\u0068deferred\/"}`,
			"<p>_\u2060_h\u2060deferred/</p>_\u2060_h\u2060deferred/"},
		{"deferred, in two values", `{"question": "", "reply_html": "hdeferred/"}`, "<p></p>h\u2060deferred/"},
		{"markup", `{"question": "<script>alert(1)</script>"}`, "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"controls", `{"question": "a\u0000b\u001bc\u007fd\u0085e\u202ef\u2066g\tx\ny"}`, "<p>abcdefg\tx\ny</p>"},
		{"bidi as bytes", "{\"question\": \"a\u202eb\u2069c\u201cd\u201d\"}", "<p>abc\u201cd\u201d</p>"},
		{"numbers", `{"question": 1000000, "reply_html": -1.50E+07}`, "<p>1000000</p>-1.50E+07"},
		{"date in the future", `{"question": "x", "date": "2999-01-01", "publishdate": "2999-01-01", "expirydate": "1999-01-01"}`, "<p>x</p>"},
		{"words of Hugo", `{"question": "x", "draft": true, "url": "/index.html", "aliases": ["a"], "outputs": ["json"], "build": {"render": "never"}, "markup": "org", "cascade": {"x": 1}, "menus": "main"}`, "<p>x</p>"},
		{"values of the page itself", `{"question": "x", "title": "other", "lang": "en", "path": "../x"}`, "<p>x</p>"},
		{"nothing", ``, "<p></p>"},
		{"empty", ` { } `, "<p></p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, res := render(t, renderer(t, theme), job("case/2611-000001.html", tt.params))
			want := map[string]string{"case/2611-000001.html": page(tt.body)}
			if diff := cmp.Diff(want, got); diff != "" || len(res.Quarantined) > 0 {
				t.Errorf("quarantined %v, want - got +\n%s", codes(res), diff)
			}
		})
	}
}

// TestLongText renders five megabytes in one page.
func TestLongText(t *testing.T) {
	long := strings.Repeat("路灯__h", 5<<20/9)
	got, res := render(t, renderer(t, theme), job("case/2611-000001.html", `{"question": "`+long+`"}`))
	if want := page("<p>" + strings.ReplaceAll(long, "__h", "_\u2060_h") + "</p>"); got["case/2611-000001.html"] != want {
		t.Errorf("quarantined %v, %d bytes came out", codes(res), len(got["case/2611-000001.html"]))
	}
}

// TestBadPages checks that what is wrong with one page does not touch another.
func TestBadPages(t *testing.T) {
	const good = `{"question": "good"}`
	for _, tt := range []struct {
		name string
		page Page
		code string
	}{
		{"up", Page{Path: "../index.html", Layout: "case"}, "bad-path"},
		{"up in the middle", Page{Path: "case/../index.html", Layout: "case"}, "bad-path"},
		{"absolute", Page{Path: "/index.html", Layout: "case"}, "bad-path"},
		{"empty", Page{Path: "", Layout: "case"}, "bad-path"},
		{"no name", Page{Path: "case/.html", Layout: "case"}, "bad-path"},
		{"empty folder", Page{Path: "case//a.html", Layout: "case"}, "bad-path"},
		{"capital", Page{Path: "case/A.html", Layout: "case"}, "bad-path"},
		{"other letters", Page{Path: "case/路.html", Layout: "case"}, "bad-path"},
		{"NUL", Page{Path: "case/a\x00.html", Layout: "case"}, "bad-path"},
		{"query", Page{Path: "case/a?.html", Layout: "case"}, "bad-path"},
		{"another kind of file", Page{Path: "robots.txt", Layout: "case"}, "bad-path"},
		{"long name", Page{Path: strings.Repeat("a", 200) + ".html", Layout: "case"}, "bad-path"},
		{"layout of another partition", Page{Path: "a.html", Layout: "list"}, "a.html bad-layout"},
		{"unknown language", Page{Path: "a.html", Layout: "case", Lang: "fr"}, "a.html bad-lang"},
		{"shows no case", Page{Path: "a.html", Layout: "case", Shows: []string{"2611-000001", "x"}}, "a.html bad-shows"},
		{"half of JSON", Page{Path: "a.html", Layout: "case", Params: []byte(`{"question": "`)}, "a.html bad-params"},
		{"a list", Page{Path: "a.html", Layout: "case", Params: []byte(`["question"]`)}, "a.html bad-params"},
		{"not UTF-8", Page{Path: "a.html", Layout: "case", Params: []byte("{\"question\": \"\xc3\x28\"}")}, "a.html bad-params"},
		{"key in capitals", Page{Path: "a.html", Layout: "case", Params: []byte(`{"Question": ""}`)}, "a.html bad-params"},
		{"key with a meaning", Page{Path: "a.html", Layout: "case", Params: []byte(`{"x": {"_merge": "deep"}}`)}, "a.html bad-params"},
		{"key with an escape", Page{Path: "a.html", Layout: "case", Params: []byte(`{"\u0061": ""}`)}, "a.html bad-params"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := job("case/2611-000001.html", good, "case/2611-000003.html", good)
			j.Pages = append([]Page{tt.page}, j.Pages...)
			got, res := render(t, renderer(t, theme), j)
			want := map[string]string{
				"case/2611-000001.html": page("<p>good</p>"),
				"case/2611-000003.html": page("<p>good</p>"),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
			if diff := cmp.Diff([]string{tt.code}, codes(res)); diff != "" {
				t.Errorf("quarantined, want - got +\n%s", diff)
			}
		})
	}
}

// TestDuplicatePath checks that of two pages with one address neither is shown:
// nobody can say which is right.
func TestDuplicatePath(t *testing.T) {
	got, res := render(t, renderer(t, theme), job("a.html", `{}`, "b.html", `{}`, "a.html", `{"question": "other"}`))
	if diff := cmp.Diff(map[string]string{"b.html": page("<p></p>")}, got); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a.html duplicate-path", "a.html duplicate-path"}, codes(res)); diff != "" {
		t.Errorf("quarantined, want - got +\n%s", diff)
	}
}

// TestOddPaths checks that a page comes out under exactly its path.
func TestOddPaths(t *testing.T) {
	want := map[string]string{}
	var pairs []string
	for _, p := range []string{"index.html", "404.html", "a/index.html", "a.html", "area/510100/index.html", "en/units.html",
		"unit/u-1/2.html", "index.html.html", "a.b.c.html", "0.html", "1.html", "a_b-c.html", "home.html", "section/_index.html",
		"con.html", "page/1.html", "tags.html", "a/b/c/d/e/f.html", "sitemap.html", "2026-11-01-x.html"} {
		pairs = append(pairs, p, `{"question": "`+p+`"}`)
		want[p] = page("<p>" + p + "</p>")
	}
	got, res := render(t, renderer(t, theme), job(pairs...))
	if diff := cmp.Diff(want, got); diff != "" || len(res.Quarantined) > 0 {
		t.Errorf("quarantined %v, want - got +\n%s", codes(res), diff)
	}
}

// TestBuildFails checks that the page at which a template fails is found, told
// with the place in the theme and without its text, and left out.
func TestBuildFails(t *testing.T) {
	const failing = theme + `
-- themes/huiyin/layouts/case.html --
{{ define "main" }}{{ with .Params.fail }}
{{ int . }}{{ end }}<p>{{ .Params.question }}</p>{{ end }}
`
	var pairs []string
	want := map[string]string{}
	for _, p := range []string{"a.html", "b.html", "c.html", "d.html", "e.html", "f.html", "g.html"} {
		if p == "c.html" || p == "f.html" {
			pairs = append(pairs, p, `{"fail": "text of a citizen"}`)
			continue
		}
		pairs = append(pairs, p, `{"question": "`+p+`"}`)
		want[p] = page("<p>" + p + "</p>")
	}
	got, res := render(t, renderer(t, failing), job(pairs...))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
	bad := []Quarantined{{"c.html", BuildFailed, "case.html:2:3"}, {"f.html", BuildFailed, "case.html:2:3"}}
	if diff := cmp.Diff(bad, res.Quarantined); diff != "" {
		t.Errorf("quarantined, want - got +\n%s", diff)
	}
}

// TestNotPlain checks that half a page is not published.
func TestNotPlain(t *testing.T) {
	const half = theme + `
-- themes/huiyin/layouts/baseof.html --
{{ if .Params.empty }}{{ else }}<html>{{ with .Params.half }}{{ else }}</html>{{ end }}{{ end }}
`
	got, res := render(t, renderer(t, half), job("a.html", `{"half": "1"}`, "b.html", `{"empty": "1"}`, "c.html", `{}`))
	if diff := cmp.Diff(map[string]string{"c.html": "<html></html>\n"}, got); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a.html not-plain", "b.html not-plain"}, codes(res)); diff != "" {
		t.Errorf("quarantined, want - got +\n%s", diff)
	}
}

// TestAllFail checks that a broken theme is an error and not an empty site.
func TestAllFail(t *testing.T) {
	for _, tt := range []struct{ name, layout, want string }{
		{"syntax", `{{ define "main" }}{{ if }}{{ end }}{{ end }}`, "a template cannot be parsed"},
		{"every page", `{{ define "main" }}{{ int "x" }}{{ end }}`, "no page of the partition case/2611/0000 can be rendered"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := renderer(t, theme+"-- themes/huiyin/layouts/case.html --\n"+tt.layout+"\n")
			_, err := r.Render(t.Context(), job("a.html", `{}`, "b.html", `{}`))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestThemeFiles checks that nothing of the machine is within a template's reach.
func TestThemeFiles(t *testing.T) {
	for _, call := range []string{
		`os.ReadFile "/etc/passwd"`, `getenv "HOME"`, `resources.GetRemote "http://127.0.0.1/" | printf "%v"`,
		`os.ReadFile "../../etc/passwd"`, `(resources.Get "/etc/passwd").Content`,
	} {
		r := renderer(t, theme+"-- themes/huiyin/layouts/case.html --\n{{ define \"main\" }}[{{ with .Params.call }}{{ "+call+" }}{{ end }}]{{ end }}\n")
		got, res := render(t, r, job("a.html", `{"call": "1"}`, "b.html", `{}`))
		if s, ok := got["a.html"]; ok && s != page("[]") {
			t.Errorf("%s gave something", call)
		}
		if got["b.html"] != page("[]") {
			t.Errorf("%s touched another page: %v", call, codes(res))
		}
	}
}
