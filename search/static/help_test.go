package static_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/static"
)

// sentences are what made-up cases consist of.
var sentences = []string{
	"小学校门口的路灯坏了三天，请尽快修理。", "您好，您反映的问题已转交城管局处理。", "公积金提取需要哪些材料？", "小區電梯經常停運，老人上下樓不便。",
	"5G基站离住宅太近", "99路公交车早高峰间隔太长", "A7县的自来水发黄；水质检测结果公开吗？", "产品和服务质量投诉", "我区已于2026年完成改造！", "Wi-Fi in the library is slow.",
	"噪音扰民，夜间施工不停", "感谢您对我们工作的监督和支持", "བོད་ཡིག་གི་ལས་ཁུངས།", "ꆈꌠꁱꂷ", "ＡＢＣ１２３号", "房管局答复：房产证办理需十五个工作日", "灯路不通，路面坑洼",
}

// docs makes n cases from a seed. Some lack a reply, a title or a number.
func docs(n int) []search.Doc {
	r := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(sentences[r.IntN(len(sentences))])
		}
		return b.String()
	}
	out := make([]search.Doc, n)
	for i := range out {
		month := 8 + r.IntN(4)
		d := search.Doc{
			ID: fmt.Sprintf("26%02d-%06d", month, i+1), Seq: int64(2600+month)*1e9 + int64(i+1),
			Text: map[string]string{"title": text(1), "question": text(1 + r.IntN(3)), "reply": text(1 + r.IntN(2))},
			Keyword: map[string]string{
				"unit": fmt.Sprintf("u%d", r.IntN(4)), "status": "replied", "month": fmt.Sprintf("2026-%02d", month), "year": "2026",
			},
			Number: map[string]int64{"replied": int64(20260000 + month*100 + 1 + r.IntN(28)), "days": int64(r.IntN(30))},
		}
		switch r.IntN(20) {
		case 0:
			delete(d.Text, "title")
		case 1:
			delete(d.Text, "reply")
			delete(d.Number, "replied")
			delete(d.Number, "days")
		}
		out[i] = d
	}
	return out
}

var schema = search.Schema{
	Text: []string{"title", "question", "reply"}, Keyword: []string{"unit", "area", "topic", "channel", "kind", "status", "rating", "year", "month"},
	Number: []string{"replied", "days"}, Newest: "replied",
}

var vocabulary = search.VocabularyFile{
	Fields: map[string][]search.Value{
		"unit": {
			{ID: "u0", Name: "市政府", EN: "City government"}, {ID: "u1", Name: "市城管局", Parent: "u0"},
			{ID: "u2", Name: "市住房和城乡建设局", EN: "Housing bureau", Parent: "u1"}, {ID: "u3", Name: "区公安分局"},
		},
		"status": {{ID: "replied", Name: "已答复", EN: "Replied"}},
		"kind":   {{ID: "consult", Name: "咨询", EN: "Question"}, {ID: "complain", Name: "投诉", EN: "Complaint"}},
		"rating": {{ID: "5/5", Name: "非常满意"}, {ID: "4/5", Name: "满意"}},
	},
	Cutoff: "2026-11-30",
}

var options = static.Options{Schema: schema, Vocabulary: vocabulary, Lang: "zh-CN", Site: "../../"}

// write makes an index below "search/static/" of a file system.
func write(t testing.TB, docs []search.Doc) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	_, err := static.Write(t.Context(), func() iter.Seq2[search.Doc, error] { return each(docs) }, options, func(name string, body []byte) error {
		files["search/static/"+name] = &fstest.MapFile{Data: slices.Clone(body)}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func each(docs []search.Doc) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// page adds pages with the form, one in Chinese and one in English.
func page(files fstest.MapFS) fstest.MapFS {
	for name, lang := range map[string]string{"search.html": "zh-CN", "en/search.html": "en"} {
		up := strings.Repeat("../", strings.Count(name, "/"))
		files[name] = &fstest.MapFile{Data: []byte(`<!doctype html><html lang="` + lang + `"><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">
<body><h1>x</h1><div id="search-static"><form action="search.html"><input name="q"><button>go</button></form><p role="status">no script</p><ol></ol><button type="button" hidden></button></div>
<script type="module" src="` + up + `search/static/static.js"></script></body></html>`)}
	}
	return files
}

// policy is the strictest one under which the script works.
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"

// serve serves files as a web server without any program does, one that lets
// browsers keep them.
func serve(t testing.TB, files fstest.MapFS) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		if strings.Contains(r.URL.Path, "/static/") {
			w.Header().Set("Cache-Control", "max-age=3600")
		}
		http.FileServerFS(files).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// tab is a page in Chromium, and what went wrong in it.
type tab struct {
	ctx context.Context

	mu    sync.Mutex
	wrong []string
}

// open opens an address in a Chromium of its own.
func open(t testing.TB, address string) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "zh-CN"),
		chromedp.Flag("disable-features", "BackForwardCache"), // pages that were left are made anew
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	tab := &tab{ctx: ctx}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	if err := chromedp.Listen(ctx, tab.hear); err != nil {
		t.Fatal(err)
	}
	tab.visit(t, address)
	return tab
}

// hear notes what a reader would find in the console in red.
func (tab *tab) hear(event any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		tab.wrong = append(tab.wrong, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			tab.wrong = append(tab.wrong, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// clean fails the test if anything went wrong in the page.
func (tab *tab) clean(t testing.TB) {
	t.Helper()
	tab.mu.Lock()
	defer tab.mu.Unlock()
	for _, w := range tab.wrong {
		t.Error(w)
	}
}

func (tab *tab) visit(t testing.TB, address string) {
	t.Helper()
	if err := chromedp.Do(tab.ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
}

// eval returns the value of an expression, or of the promise that it is, in
// the page; the script's module is s there, and arg is given to it as JSON.
func eval[T any](t testing.TB, tab *tab, expression string, arg any) T {
	t.Helper()
	b, err := json.Marshal(arg)
	if err != nil {
		t.Fatal(err)
	}
	value, err := chromedp.Run(tab.ctx, chromedp.Evaluate[T](
		`(async (arg) => { const s = await import('/search/static/static.js'); return `+expression+` })(`+string(b)+`)`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%.200s: %v", expression, err)
	}
	return value
}

// until waits until an expression is true in the page. A page that goes away
// meanwhile is waited for, too.
func until(t testing.TB, tab *tab, expression string) {
	t.Helper()
	look := `new Promise((done) => {
		const end = performance.now() + 500
		const look = () => (` + expression + `) ? done(true) : performance.now() > end ? done(false) : setTimeout(look, 20)
		look()
	})`
	for range 40 {
		ctx, cancel := context.WithTimeout(tab.ctx, 2*time.Second)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](look, chromedp.EvalAwaitPromise))
		cancel()
		if err == nil && ok {
			return
		}
	}
	t.Fatalf("in vain waited for: %s\nin: %s", expression, eval[string](t, tab, "document.querySelector('#search-static').outerHTML", nil))
}

// nothing is an engine that is never asked for documents.
type nothing struct{ search.Engine }

func (nothing) Stats(context.Context) (search.Stats, error) { return search.Stats{}, nil }

// unzip returns what a file holds, unpacked if it is packed.
func unzip(t testing.TB, body []byte) []byte {
	t.Helper()
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
