package serve_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/serve"
)

// What helps on stands on the page, in its language.
func TestHelps(t *testing.T) {
	s, engine := town(t)
	h := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine, Helps: search.SearcherOptions{
		Suggester: synonyms{"水菅": {"水管"}}, Questioner: question{"水管", "漏水"}, Crosser: crossing{},
	}}})
	for _, tt := range []struct{ target, want string }{
		{"/search?q=%E6%B0%B4%E8%8F%85", `<p>您要找的是不是：<a href="search?q=%E6%B0%B4%E7%AE%A1" rel="nofollow">水管</a> <small>3 件</small>`},
		{"/search?q=%E6%B0%B4%E8%8F%85", `data-said="找到 0 件。您要找的是不是：水管。`},
		{"/en/search?q=%E6%B0%B4%E8%8F%85", `<p>Did you mean: <a href="search?q=%E6%B0%B4%E7%AE%A1" rel="nofollow">水管</a> <small>3 cases</small>`},
		{"/search?q=%E6%B0%B4%E7%AE%A1%E6%80%8E%E4%B9%88%E6%BC%8F", `<p>没有找到整句，已按其中的词语查找：<a href="search?q=%E6%B0%B4%E7%AE%A1&#43;%E6%BC%8F%E6%B0%B4" rel="nofollow">水管 漏水</a> <small>1 件</small>`},
		{"/search?q=%E6%B0%B4%E7%AE%A1%E6%80%8E%E4%B9%88%E6%BC%8F", `<a href="case/2611-000001.html"><mark>水管漏水</mark></a>`},
		{"/search?q=%E6%B0%B4%E7%AE%A1%E6%80%8E%E4%B9%88%E6%BC%8F", `data-said="找到 0 件。没有找到整句，已按其中的词语查找：水管 漏水，1 件。"`},
		{"/search?q=%E6%B0%B4%E7%AE%A1", `<span class="late">可能不是这个词</span>`},
		{"/en/search?q=%E6%B0%B4%E7%AE%A1", `<span class="late">may not be this word</span>`},
		{"/search?q=%E6%B0%B4%E7%AE%A1&type=letter", `<li><a href="search?q=%E6%B0%B4%E7%AE%A1&amp;type=case" rel="nofollow">诉求件 <small>3</small></a></li>`},
		{"/search?q=%E6%B0%B4%E7%AE%A1&type=letter", `<li><a href="search?q=%E6%B0%B4%E7%AE%A1&amp;type=letter" aria-current="page" rel="nofollow">letter <small>0</small></a></li>`},
		{"/search?q=%E6%B0%B4%E7%AE%A1&sort=wait", `aria-current="true" rel="nofollow">用时最长</a>`},
		{"/search?sort=oldest", `aria-current="true" rel="nofollow">最早</a>`},
		{"/search", `<li><a href="search" aria-current="true" rel="nofollow">最新</a></li>`},
	} {
		if body := get(h, tt.target).Body.String(); !strings.Contains(body, tt.want) {
			t.Errorf("%s: no %s in\n%s", tt.target, tt.want, body)
		}
	}
}

// Long lists of a facet are cut, but for what is chosen, until one asks for all.
func TestManyValues(t *testing.T) {
	var units, docs strings.Builder
	for i := 10; i < 40; i++ {
		fmt.Fprintf(&units, `,{"id":"u%d","name":"第%d所","parent":"top%d"}`, i, i, i%2)
		fmt.Fprintf(&docs, `{"id":"2611-0000%d","seq":%d,"text":{"title":"水"},"keyword":{"type":"case","unit":"u%d","month":"20%d-01"}}`+"\n", i, i, i, i)
	}
	s := newSite(t)
	s.publish(t, map[string]string{
		"search.html":            `<html lang="zh-CN"><title>搜索</title><!--huiyin:search--><!--/huiyin:search-->`,
		"search/vocabulary.json": `{"fields":{"unit":[{"id":"top0","name":"甲"},{"id":"top1","name":"乙"}` + units.String() + `]},"cutoff":"2026-11-22","docs":30}`,
	})
	engine := indexed(t, search.Mark{Release: 1, Cutoff: "2026-11-22", Docs: 30, Form: search.SiteForm()}, []byte(docs.String()))
	h := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	for _, tt := range []struct {
		target        string
		units, months int
		more          string
	}{
		{"/search", 2, 10, `<a id="all-unit" href="search?all=unit#all-unit" rel="nofollow">显示全部 32 项</a>`},
		{"/search?unit=top0", 12, 10, `显示全部 32 项`},
		{"/search?unit=u38", 13, 1, `unit=u38#all-unit" rel="nofollow">显示全部 32 项</a>`},
		{"/search?all=unit", 32, 10, `<a id="all-unit" href="search#all-unit" rel="nofollow">只显示前几项</a>`},
		{"/search?all=month", 2, 30, `<a id="all-month" href="search#all-month"`},
		{"/search?month=2010-01", 2, 11, `显示全部 30 项`},
	} {
		body := get(h, tt.target).Body.String()
		_, rest, _ := strings.Cut(body, "<summary>单位</summary>")
		unit, rest, _ := strings.Cut(rest, "</details>")
		_, month, _ := strings.Cut(rest, "<summary>月份</summary>")
		month, _, _ = strings.Cut(month, "</details>")
		if u, m := strings.Count(unit, "<li"), strings.Count(month, "<li"); u != tt.units || m != tt.months || !strings.Contains(unit+month, tt.more) {
			t.Errorf("%s: %d units and %d months, want %d and %d and %s in\n%s%s", tt.target, u, m, tt.units, tt.months, tt.more, unit, month)
		}
	}
}

// Each link holds the whole search, so that a long one has room for few of them:
// no address makes a page that is many times as large as others.
func TestLargestPage(t *testing.T) {
	const most = 2 << 20
	s, engine := busyTown(t)
	h := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: engine}})
	values := func(fields string, each int, value string) string {
		var b strings.Builder
		for field := range strings.FieldsSeq(fields) {
			for i := range each {
				fmt.Fprintf(&b, "&%s=%s%d", field, value, i)
			}
		}
		return b.String()
	}
	long := url.QueryEscape(strings.Repeat("超", 60))
	for name, target := range map[string]string{
		"values of every field": "/search?q=" + values("unit area topic channel kind status rating year month", 100, ""),
		"every unit":            "/search?all=unit" + values("unit", 100, "unit-") + "&q=" + strings.Repeat("%E6%B0%B4", 900),
		"long values":           "/search?all=unit" + values("unit", 30, long),
		"a long query":          "/search?all=month&q=" + strings.Repeat("%E6%B0%B4", 1000),
	} {
		rec := get(h, target)
		if rec.Code != 200 || rec.Body.Len() > most {
			t.Errorf("%s: status %d, %d bytes for an address of %d; want at most %d", name, rec.Code, rec.Body.Len(), len(target), most)
		}
	}
	// What people ask for is whole.
	body := get(h, "/search?q=%E6%B0%B4"+values("unit", 60, "unit-")).Body.String()
	if n := strings.Count(body, `<span class="hide">取消</span>`); n != 60 {
		t.Errorf("%d of 60 chosen filters", n)
	}
}

// Pages are linked first, last, and around the one that is shown.
func TestPager(t *testing.T) {
	s, _ := town(t)
	h := s.searched(t, serve.Options{Search: serve.SearchOptions{Engine: large(t, 300)}})
	for target, want := range map[string]string{
		"/search?q=%E6%B0%B4":                     "[1] 2 3 … 15 >",
		"/search?q=%E6%B0%B4&page=8":              "< 1 … 6 7 [8] 9 10 … 15 >",
		"/search?q=%E6%B0%B4&page=15&per_page=20": "< 1 … 13 14 [15]",
		"/search?q=%E6%B0%B4&page=99":             "< 1 … 15",
		"/search?q=%E6%B0%B4&per_page=100":        "[1] 2 3 >",
	} {
		_, rest, _ := strings.Cut(get(h, target).Body.String(), `<nav class="pager"`)
		nav, _, _ := strings.Cut(rest, "</nav>")
		var got []string
		if strings.Contains(nav, `rel="prev`) {
			got = append(got, "<")
		}
		for item := range strings.SplitSeq(nav, "<li>") {
			item, _, ok := strings.Cut(item, "</li>")
			if !ok {
				continue
			}
			text := strings.TrimSuffix(item, "</a>")
			text = text[strings.LastIndex(text, ">")+1:]
			if strings.Contains(item, `aria-current="page"`) {
				text = "[" + text + "]"
			}
			got = append(got, text)
		}
		if strings.Contains(nav, `rel="next`) {
			got = append(got, ">")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", target, strings.Join(got, " "), want)
		}
	}
}
