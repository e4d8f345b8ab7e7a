package browsertest

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The results of a search, as a script sees them.
const (
	marked   = `document.querySelectorAll('ol.hits mark').length > 0`
	noneOf   = `document.querySelectorAll('ol.hits li').length === 0`
	hitCount = `document.querySelector('.sum').textContent`
)

// TestSearchByKeyboard searches with the keyboard alone: nothing is clicked, and
// no element is given the focus but by Tab.
func TestSearchByKeyboard(t *testing.T) {
	library := axe(t)
	site := publish(t)
	tab := start(t).openFor(t, 5*time.Minute)
	look := func(what string) {
		t.Helper()
		for _, width := range []int64{desk, phone, narrow} {
			tab.resize(t, width)
			for _, c := range append(tab.access(t, library), tab.overflow(t)...) {
				t.Errorf("%s, %d px: %s", what, width, c)
			}
		}
		tab.resize(t, desk)
	}

	tab.visit(t, site.base+"search.html", http.StatusOK)
	look("before a search")
	tab.tabTo(t, `at.id === 'q'`)
	tab.keys(t, "路灯")
	tab.until(t, marked+` && new URL(location).searchParams.get('q') === '路灯'`)
	if said := tab.value(t, `document.getElementById('said').textContent`); !strings.Contains(said, "件") {
		t.Errorf("a screen reader is told %q", said)
	}
	if at := tab.value(t, `document.activeElement.id`); at != "q" {
		t.Errorf("after the results came the focus is on %q and not in the field", at)
	}
	look("results")
	all := tab.value(t, hitCount)

	// A facet is chosen, and taken back where it stands among the chosen ones.
	tab.tabTo(t, `at.closest('#facets details a')`)
	tab.keys(t, kb.Enter)
	tab.until(t, `document.querySelectorAll('.chips a').length > 0`)
	look("a chosen facet")
	tab.tabTo(t, `at.closest('.chips')`)
	tab.keys(t, kb.Enter)
	tab.until(t, `document.querySelectorAll('.chips a').length === 0`)
	if again := tab.value(t, hitCount); again != all {
		t.Errorf("without the facet: %q, before: %q", again, all)
	}

	tab.tabTo(t, `at.closest('.order') && at.textContent === '最新'`)
	tab.keys(t, kb.Enter)
	tab.until(t, `new URL(location).searchParams.get('sort') === 'newest' && `+marked)

	// To the first result, and back to the same results.
	tab.tabTo(t, `at.closest('ol.hits')`)
	tab.keys(t, kb.Enter)
	tab.until(t, `/case\/\d{4}-\d{6}\.html$/.test(location.pathname) && document.querySelector('main').innerText.includes('路灯')`)
	tab.value(t, `history.back()`) // a page that comes back from memory is never said to have loaded
	tab.until(t, marked+` && document.getElementById('q').value === '路灯' && new URL(location).searchParams.get('sort') === 'newest'`)

	// What is not there helps on.
	tab.tabTo(t, `at.id === 'q'`)
	tab.keys(t, strings.Repeat(kb.Backspace, 2)+"路灯 雪山飞狐"+kb.Enter)
	tab.until(t, noneOf+` && document.querySelector('.help')`)
	look("no hits")

	tab.visit(t, site.base+"en/search?q="+url.QueryEscape("路灯"), http.StatusOK)
	look("results in English")
	for _, problem := range tab.problems() {
		t.Error(problem)
	}
}

// TestSearchWithoutScripts uses the form, a facet, an order and the next page as
// a browser does that runs no scripts.
func TestSearchWithoutScripts(t *testing.T) {
	site := publish(t)
	tab := start(t).openFor(t, 5*time.Minute)
	tab.scriptsOff(t)
	tab.visit(t, site.base+"search.html", http.StatusOK)
	tab.press(t, "您好"+kb.Enter, "#q")
	tab.see(t, "ol.hits mark")
	// The browser sends the form to the address that everybody can link to.
	if at := tab.value(t, `decodeURIComponent(location.search)`); !strings.Contains(at, "q=您好") {
		t.Errorf("the form leads to %q", at)
	}
	for _, step := range []struct{ link, then string }{
		{".pager a[rel~=next]", ".pager a[rel~=prev]"},
		{"#facets details a", ".chips a"},
		{".chips a", "ol.hits:not(.chips ~ ol)"},
	} {
		tab.press(t, kb.Enter, step.link)
		tab.see(t, step.then)
	}
	for _, problem := range tab.problems() {
		t.Error(problem)
	}
}

// see waits until an element is to be seen, which needs no script of the page.
func (tab *tab) see(t *testing.T, selector string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.WaitVisible(selector)); err != nil {
		t.Fatalf("%s is not to be seen: %v\nin: %s", selector, err, tab.text(t))
	}
}

// keys presses keys, whatever has the focus.
func (tab *tab) keys(t *testing.T, keys string) {
	t.Helper()
	if err := chromedp.Do(tab.ctx, chromedp.KeyEvent(keys)); err != nil {
		t.Fatal(err)
	}
}

// tabTo presses Tab until a condition holds of the element that has the focus,
// which it calls at.
func (tab *tab) tabTo(t *testing.T, condition string) {
	t.Helper()
	for range 300 {
		tab.keys(t, kb.Tab)
		found, err := chromedp.Run(tab.ctx, chromedp.Evaluate[bool](`(at => !!(`+condition+`))(document.activeElement)`))
		if err != nil {
			t.Fatal(err)
		}
		if found {
			return
		}
	}
	t.Fatalf("Tab never comes to: %s", condition)
}

// value returns what an expression is in the page.
func (tab *tab) value(t *testing.T, expression string) string {
	t.Helper()
	s, err := chromedp.Run(tab.ctx, chromedp.Evaluate[string](`String(`+expression+`)`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
