package static_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	hits   = `document.querySelectorAll('#search-static li > a[href$=".html"]').length`
	status = `document.querySelector('[role=status]').textContent`
)

func TestPage(t *testing.T) {
	all := docs(60)
	for i := range 25 {
		all[i].Text["title"] = fmt.Sprintf("第%d盏铁塔", i)
	}
	all[7].Text["title"] = `<img src=x onerror="document.title='broken'">铁塔&amp;`
	files := page(write(t, all))
	for _, d := range all {
		files["case/"+d.ID+".html"] = &fstest.MapFile{Data: []byte(`<!doctype html><html lang="zh-CN"><title>t</title><link rel="icon" href="data:,"><p>` + d.ID)}
	}
	site := serve(t, files)
	tab := open(t, site+"search.html?q="+url.QueryEscape("铁塔"))

	until(t, tab, hits+" === 10")
	until(t, tab, status+".includes('找到 25 件。在全文公开的 60 件中查找。统计截止 2026-11-30。')")
	if marks := eval[int](t, tab, `[...document.querySelectorAll('#search-static li > a mark')].filter((m) => m.textContent === '铁塔').length`, nil); marks != 10 {
		t.Errorf("%d titles are marked", marks)
	}
	eval[bool](t, tab, `(document.querySelector('#search-static > button').click(), true)`, nil)
	until(t, tab, hits+" === 20 && document.activeElement === document.querySelectorAll('#search-static ol > li > a')[10]")
	eval[bool](t, tab, `(document.querySelector('#search-static > button').click(), true)`, nil)
	until(t, tab, hits+" === 25 && document.querySelector('#search-static > button').hidden")
	if eval[int](t, tab, `document.querySelectorAll('#search-static img').length`, nil) != 0 {
		t.Error("markup in a title was taken for markup of the page")
	}

	// A result and back again: as many hits as before.
	tab.visit(t, eval[string](t, tab, `document.querySelector('#search-static ol a').href`, nil))
	back(t, tab)
	until(t, tab, hits+" === 25")

	// Another order, which has an address of its own.
	first := eval[string](t, tab, `document.querySelector('#search-static ol a').href`, nil)
	eval[bool](t, tab, `([...document.querySelectorAll('.order a')].find((a) => a.textContent === '最早').click(), true)`, nil)
	until(t, tab, `new URL(location).searchParams.get('sort') === 'oldest' && document.querySelector('.order [aria-current]').textContent === '最早'`)
	if eval[string](t, tab, `document.querySelector('#search-static ol a').href`, nil) == first {
		t.Error("another order has the same first hit")
	}
	back(t, tab)
	until(t, tab, `document.querySelector('.order [aria-current]')?.textContent === '标题优先'`)

	// While one types the results follow, in one entry of the history.
	eval[bool](t, tab, `(document.querySelector('input').select(), true)`, nil)
	if err := chromedp.Do(tab.ctx, chromedp.SendKeys("input[name=q]", "不存在")); err != nil {
		t.Fatal(err)
	}
	until(t, tab, status+".includes('没有找到')")
	if err := chromedp.Do(tab.ctx, chromedp.SendKeys("input[name=q]", "的词"+kb.Enter)); err != nil {
		t.Fatal(err)
	}
	until(t, tab, `new URL(location).searchParams.get('q') === '不存在的词'`)
	back(t, tab)
	until(t, tab, hits+" > 0 && document.querySelector('input').value === '铁塔'")

	// What cannot be a query, a number, and nothing.
	for query, want := range map[string]string{
		"月:11": "月份请连同年份写", "-灯": "只有要排除的词", "标题:铁塔 答复:灯": "请保留一项", "单位:无此局": "单位中没有“无此局”",
	} {
		tab.visit(t, site+"search.html?q="+url.QueryEscape(query))
		until(t, tab, status+".includes('"+want+"') && "+hits+" === 0")
	}
	tab.visit(t, site+"search.html?q=2611-000099")
	until(t, tab, `document.querySelector('.help a')?.pathname === '/case/2611-000099.html'`)
	tab.visit(t, site+"search.html")
	until(t, tab, status+" === ''")

	tab.visit(t, site+"en/search.html?q="+url.QueryEscape("铁塔 office:市城管局"))
	until(t, tab, status+".startsWith('Cases found: ')")
	until(t, tab, `document.querySelector('#search-static ol .chip').textContent === 'Replied' && document.querySelector('#search-static ol a').lang === 'zh-CN'`)
	tab.clean(t)
}

// back goes one step back in the history, like the button.
func back(t *testing.T, tab *tab) {
	t.Helper()
	if err := chromedp.Do(tab.ctx, chromedp.Evaluate[chromedp.Void](`setTimeout(() => history.back())`)); err != nil {
		t.Fatal(err)
	}
}

// TestLongWordsAreCheckedAsTheyAreShown: a total that was not counted says so
// until the last hit is shown.
func TestLongWordsAreCheckedAsTheyAreShown(t *testing.T) {
	all := docs(40)
	for i := range 30 {
		all[i].Text["question"] = "甲乙丙丁"
		if i%2 == 0 {
			all[i].Text["question"] = "甲乙，乙丙，丙丁"
		}
	}
	tab := open(t, serve(t, page(write(t, all)))+"search.html?q="+url.QueryEscape("甲乙丙丁"))
	until(t, tab, status+".includes('找到至多 30 件')")
	eval[bool](t, tab, `(document.querySelector('#search-static > button').click(), true)`, nil)
	until(t, tab, status+".includes('找到 15 件') && "+hits+" === 15")
	tab.clean(t)
}

// TestServersThatPack: a server may pack files once more on the way, or unpack
// them and say so.
func TestServersThatPack(t *testing.T) {
	files := page(write(t, docs(60)))
	for _, unpacks := range []bool{false, true} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			name := strings.TrimPrefix(r.URL.Path, "/")
			file := files[name]
			if file == nil {
				http.NotFound(w, r)
				return
			}
			switch {
			case strings.HasSuffix(name, ".html"):
				w.Header().Set("Content-Type", "text/html")
			case strings.HasSuffix(name, ".js"):
				w.Header().Set("Content-Type", "text/javascript")
			}
			w.Header().Set("Content-Encoding", "gzip")
			if unpacks && strings.HasSuffix(name, ".bin") { // as it lies there
				_, _ = w.Write(file.Data)
				return
			}
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(file.Data)
			_ = z.Close()
			_, _ = w.Write(b.Bytes())
		}))
		tab := open(t, server.URL+"/search.html?q="+url.QueryEscape("路灯"))
		until(t, tab, hits+" > 0")
		tab.clean(t)
		server.Close()
	}
}

// TestIndexThatIsGone: where the files are missing the page stays what it is
// without a script, and where they go missing later it says so.
func TestIndexThatIsGone(t *testing.T) {
	files := page(write(t, docs(60)))
	manifest := files["search/static/manifest.json"]
	delete(files, "search/static/manifest.json")
	site := serve(t, files)
	tab := open(t, site+"search.html?q="+url.QueryEscape("路灯"))
	until(t, tab, `document.querySelector('ol').ariaBusy === 'false'`)
	if got := eval[string](t, tab, status, nil); got != "no script" {
		t.Errorf("without an index the page says %q", got)
	}
	files["search/static/manifest.json"] = manifest
	tab.visit(t, site+"search.html?q="+url.QueryEscape("路灯"))
	until(t, tab, hits+" > 0")
	for name := range files {
		if strings.HasPrefix(name, "search/static/d/") || strings.HasPrefix(name, "search/static/p/") {
			delete(files, name)
		}
	}
	if err := chromedp.Do(tab.ctx, chromedp.SendKeys("input[name=q]", "坏了"+kb.Enter)); err != nil {
		t.Fatal(err)
	}
	until(t, tab, status+".includes('搜索暂时无法使用') && "+hits+" === 0")
}

// TestIndexThatChanges: a query after an export sees the new index alone.
func TestIndexThatChanges(t *testing.T) {
	all := docs(60)
	all[3].Text["title"] = "玄武岩栈桥"
	files := page(write(t, all))
	site := serve(t, files)
	tab := open(t, site+"search.html?q="+url.QueryEscape("玄武岩"))
	until(t, tab, hits+" === 1")
	all[3].Text["title"] = "别的"
	all[5].Text["title"] = "花岗岩栈桥"
	for name, f := range write(t, all) {
		files[name] = f
	}
	got := eval[[]answer](t, tab, ask, [][2]string{{"玄武岩", ""}, {"花岗岩", ""}, {"栈桥", ""}})
	for i, want := range []string{"", all[5].ID, all[5].ID} {
		if strings.Join(got[i].IDs, " ") != want || got[i].Error != "" {
			t.Errorf("query %d: %+v, want %q", i, got[i], want)
		}
	}
}
