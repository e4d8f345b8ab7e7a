package browsertest

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var pictures = flag.String("pictures", "", "folder to save the pictures of the README to; none are taken without it")

// The widths, in CSS pixels, that a page is looked at in.
const (
	desk   = 1280
	phone  = 375
	narrow = 320
)

func TestPages(t *testing.T) {
	library := axe(t)
	site := publish(t)
	pages := site.pages(t)
	browser := start(t)
	for _, p := range pages {
		t.Run(p.kind+"/"+p.path, func(t *testing.T) {
			tab := browser.open(t)
			tab.visit(t, site.base+p.path, p.status)
			for _, width := range []int64{desk, phone} {
				tab.resize(t, width)
				report(t, width, tab.access(t, library))
				report(t, width, tab.overflow(t))
				tab.picture(t, p, width)
			}
			tab.resize(t, narrow)
			report(t, narrow, tab.overflow(t))
			tab.textSize(t, "200%")
			for _, width := range []int64{phone, narrow} {
				tab.resize(t, width)
				for _, c := range tab.overflow(t) {
					t.Errorf("%d px with text twice as large: %s", width, c)
				}
			}
			tab.textSize(t, "")
			text := tab.text(t)
			if strings.TrimSpace(text) == "" {
				t.Error("the main part of the page is empty")
			}
			for _, problem := range tab.problems() {
				t.Error(problem)
			}
			tab.scriptsOff(t)
			tab.visit(t, site.base+p.path, p.status)
			if tab.text(t) != text {
				t.Error("without scripts the page shows another text")
			}
		})
	}
}

// report fails the test for each complaint at a width.
func report(t *testing.T, width int64, complaints []string) {
	t.Helper()
	for _, c := range complaints {
		t.Errorf("%d px: %s", width, c)
	}
}

// TestChecksFindFaults shows that each check fails on a page that deserves it.
func TestChecksFindFaults(t *testing.T) {
	const bad = `<!doctype html><html lang="zh-CN"><title>坏页</title><link rel="icon" href="data:,"><main><h1>坏页</h1>
<p style="width: 900px">宽</p><div id="wide">宽</div><img src="gone.png"><p id="late">原文</p></main><script src="bad.js"></script>`
	const script = `console.error("坏"); document.getElementById("late").textContent = "改过"; document.getElementById("wide").style.width = "900px"; nothing.at.all`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; img-src 'self' data:")
			io.WriteString(w, bad)
		case "/bad.js":
			w.Header().Set("Content-Type", "text/javascript")
			io.WriteString(w, script)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	tab := start(t).open(t)
	tab.visit(t, server.URL+"/", http.StatusOK)
	tab.resize(t, phone)
	text := tab.text(t)
	for _, check := range []struct {
		name  string
		found []string
		want  string
	}{
		{"axe-core", tab.access(t, axe(t)), "image-alt"},
		{"width", tab.overflow(t), "div"},
		{"console", tab.problems(), "console.error"},
		{"exception", tab.problems(), "exception"},
		{"policy", tab.problems(), "style-src"},
		{"missing file", tab.problems(), "gone.png"},
	} {
		if !strings.Contains(strings.Join(check.found, "\n"), check.want) {
			t.Errorf("%s: found %q, want something with %s", check.name, check.found, check.want)
		}
	}
	tab.scriptsOff(t)
	tab.visit(t, server.URL+"/", http.StatusOK)
	if off := tab.text(t); off == text || !strings.Contains(off, "原文") {
		t.Errorf("with scripts the text is %q, without them %q", text, off)
	}
}

// browser is a running Chromium.
type browser struct{ ctx context.Context }

// start starts a Chromium with an empty profile, which ends with the test.
func start(t *testing.T) browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "zh-CN"),
	)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return browser{ctx}
}

// tab is one page of the browser, and what the browser had to say of it.
type tab struct {
	ctx context.Context

	mu    sync.Mutex
	heard []string
	at    string // address of the page; a bad status of the page itself is no problem of its
}

// open opens a tab that is closed when the test ends. A page that takes longer
// than a minute fails.
func (b browser) open(t *testing.T) *tab { return b.openFor(t, time.Minute) }

// openFor opens a tab for a test that takes a while, and fails when it takes
// longer.
func (b browser) openFor(t *testing.T, most time.Duration) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(b.ctx)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, most)
	t.Cleanup(cancel)
	tab := &tab{ctx: ctx}
	if err := chromedp.Listen(ctx, tab.hear); err != nil {
		t.Fatal(err)
	}
	return tab
}

// hear notes what a reader would find in the console in red.
func (tab *tab) hear(event any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		tab.heard = append(tab.heard, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			tab.heard = append(tab.heard, "console."+string(e.Type))
		}
	case *log.EventEntryAdded:
		ofPage := e.Entry.Source == "network" && e.Entry.URL == tab.at
		if (e.Entry.Level == "error" || e.Entry.Level == "warning") && !ofPage {
			tab.heard = append(tab.heard, fmt.Sprintf("%s %s: %s (%s)", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL))
		}
	}
}

// problems returns what was heard so far. A refusal by the content security
// policy is among it.
func (tab *tab) problems() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return tab.heard
}

// visit loads a page, which has to answer with the status.
func (tab *tab) visit(t *testing.T, address string, status int) {
	t.Helper()
	tab.mu.Lock()
	tab.at = address
	tab.mu.Unlock()
	resp, err := chromedp.Run(tab.ctx, chromedp.NavigateResponse(address))
	if err != nil {
		t.Fatal(err)
	}
	if resp == nil || int(resp.Status) != status {
		t.Fatalf("answer %+v, want status %d", resp, status)
	}
}

// resize gives the page another width, as a phone or a desk has it.
func (tab *tab) resize(t *testing.T, width int64) {
	t.Helper()
	height := int64(800)
	if err := chromedp.Do(tab.ctx, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatal(err)
	}
}

// violation is what axe-core complains about.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target  []any
		Summary string `json:"failureSummary"`
	}
}

// access runs axe-core on the page and returns its complaints.
func (tab *tab) access(t *testing.T, library string) []string {
	t.Helper()
	// The library is put in by the debugger, which no policy of the page binds.
	if err := chromedp.Do(tab.ctx, chromedp.Evaluate[chromedp.Void](library)); err != nil {
		t.Fatalf("axe-core does not load: %v", err)
	}
	found, err := chromedp.Run(tab.ctx, chromedp.Evaluate[[]violation](
		`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations)`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("axe-core does not run: %v", err)
	}
	var complaints []string
	for _, v := range found {
		for i, n := range v.Nodes {
			if i == 3 {
				complaints = append(complaints, fmt.Sprintf("%s: and %d more", v.ID, len(v.Nodes)-i))
				break
			}
			complaints = append(complaints, fmt.Sprintf("%s (%s): %v: %s", v.ID, v.Impact, n.Target, n.Summary))
		}
	}
	return complaints
}

// overflow complains when the page has to be moved sideways to be read, and
// names the elements that stick out. What scrolls within itself may.
func (tab *tab) overflow(t *testing.T) []string {
	t.Helper()
	sticking, err := chromedp.Run(tab.ctx, chromedp.Evaluate[[]string](`(() => {
		const room = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= room) return [];
		const out = ["scroll width " + document.documentElement.scrollWidth];
		for (const e of document.body.querySelectorAll("*")) {
			const r = e.getBoundingClientRect();
			if (r.right > room + 0.5 && out.length < 5)
				out.push(e.tagName.toLowerCase() + (e.className ? "." + e.className : "") + " ends at " + Math.round(r.right));
		}
		return out;
	})()`))
	if err != nil {
		t.Fatal(err)
	}
	return sticking
}

// textSize sets the size of the page's text, as readers may; "" is that of the page.
func (tab *tab) textSize(t *testing.T, size string) {
	t.Helper()
	if _, err := chromedp.Run(tab.ctx, chromedp.Evaluate[string](fmt.Sprintf(`document.documentElement.style.fontSize = %q`, size))); err != nil {
		t.Fatal(err)
	}
}

// text returns what a reader sees in the main part of the page.
func (tab *tab) text(t *testing.T) string {
	t.Helper()
	text, err := chromedp.Run(tab.ctx, chromedp.Evaluate[string](`(document.querySelector("main") || {innerText: ""}).innerText`))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// scriptsOff keeps the scripts of pages loaded from now on from running.
func (tab *tab) scriptsOff(t *testing.T) {
	t.Helper()
	off := emulation.SetScriptExecutionDisabledParams{Value: true}
	if _, err := chromedp.Call(tab.ctx, emulation.SetScriptExecutionDisabled, off); err != nil {
		t.Fatal(err)
	}
}

// shown are the pages of the README, by kind, and the names of their pictures.
var shown = map[string]string{"home": "home", "case full": "case"}

// picture saves a picture of the top of the page, when pictures are wanted and
// it is the first page of a kind that the README shows.
func (tab *tab) picture(t *testing.T, p page, width int64) {
	t.Helper()
	name, wanted := shown[p.kind]
	if *pictures == "" || !wanted || !p.first {
		return
	}
	png, err := chromedp.Run(tab.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if width != desk {
		name += "-phone"
	}
	file := filepath.Join(*pictures, name+".png")
	if err := os.WriteFile(file, png, 0o644); err != nil {
		t.Fatal(err)
	}
}
