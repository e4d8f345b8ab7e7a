package browsertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// exportedPolicy is what the web server of an exported site can be as strict as.
const exportedPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// TestExportedSearch searches the plain files of the made-up city, behind a web
// server that knows nothing of Huiyin, with the keyboard alone.
func TestExportedSearch(t *testing.T) {
	library := axe(t)
	bin, city, www := t.TempDir(), filepath.Join(t.TempDir(), "city"), filepath.Join(t.TempDir(), "www")
	huiyin := filepath.Join(bin, "huiyin")
	run(t, "go", "build", "-o", bin, "./cmd/huiyin")
	run(t, huiyin, "demo", "--once", "--dir", city, "--cases", "300", "--json")
	run(t, huiyin, "--config", filepath.Join(city, "huiyin.yaml"), "export", "--search", www)
	server := httptest.NewServer(http.StripPrefix("/zwgk/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", exportedPolicy)
		http.FileServer(http.Dir(www)).ServeHTTP(w, r)
	})))
	defer server.Close()
	site := server.URL + "/zwgk/"

	tab := start(t).open(t)
	for _, page := range []string{"search.html", "en/search.html"} {
		tab.visit(t, site+page, http.StatusOK)
		tab.press(t, "路灯"+kb.Enter, "#q")
		tab.until(t, `document.querySelectorAll('ol.hits mark').length > 0`)
		for _, width := range []int64{desk, phone, narrow} {
			tab.resize(t, width)
			report(t, width, tab.access(t, library))
			report(t, width, tab.overflow(t))
		}
	}
	tab.visit(t, site+"search.html?q="+"%E4%B8%8D%E5%AD%98%E5%9C%A8%E7%9A%84%E8%AF%8D", http.StatusOK)
	tab.until(t, `document.querySelector('[role=status]').textContent.includes('没有找到')`)
	report(t, narrow, tab.access(t, library))
	tab.press(t, strings.Repeat(kb.Backspace, 6)+"路灯", "#q")
	tab.until(t, `document.querySelectorAll('ol.hits mark').length > 0`)

	// From the field to the first result, and there.
	tab.press(t, kb.Enter, "ol.hits a")
	tab.until(t, `/^\/zwgk\/case\/\d{4}-\d{6}\.html$/.test(location.pathname) && document.querySelector('main').innerText.includes('路灯')`)
	for _, problem := range tab.problems() {
		t.Error(problem)
	}

	tab.scriptsOff(t)
	tab.visit(t, site+"search.html", http.StatusOK)
	if text := tab.text(t); !strings.Contains(text, "请从下面的清单查找") {
		t.Errorf("without scripts the page shows %q", text)
	}
}

// press presses keys while an element has the focus.
func (tab *tab) press(t *testing.T, keys, selector string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.SendKeys(selector, keys)); err != nil {
		t.Fatalf("%s: %v\nin: %s", selector, err, tab.text(t))
	}
}

// until waits until an expression is true in the page, or in one that comes
// after it.
func (tab *tab) until(t *testing.T, expression string) {
	t.Helper()
	for range 200 {
		ok, err := chromedp.Run(tab.ctx, chromedp.Evaluate[bool](
			`new Promise((done) => setTimeout(() => done(!!(`+expression+`)), 50))`, chromedp.EvalAwaitPromise))
		if err == nil && ok {
			return
		}
	}
	t.Fatalf("in vain waited for: %s\nin: %s", expression, tab.text(t))
}
