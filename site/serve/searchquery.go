package serve

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// query is one request to search.
type query struct {
	*Handler
	s       *searching
	w       *recorder
	r       *http.Request
	view    *release.View
	edition *edition
	frame   *frame // nil where the release has no search page in this language
	folder  string
	what    string
	now     time.Time
	done    func() // gives the view back before its time
}

// search answers a request for an address of search, and reports false when it
// is none, so that the release has to be looked into. done gives the view back.
func (h *Handler) search(w *recorder, r *http.Request, view *release.View, name string, done func()) bool {
	folder, what, ok := route(name)
	if !ok || h.searching == nil {
		return false
	}
	e, err := h.searching.editionOf(view)
	q := &query{
		Handler: h, s: h.searching, w: w, r: r, view: view, edition: e, frame: e.frames[folder], folder: folder, what: what, now: h.now(), done: done,
	}
	if q.frame == nil && err == nil && (folder != "" || isPage(what)) {
		return false
	}
	w.found = name
	switch {
	case err != nil:
		// What the release says about search cannot be read. Its pages can.
		w.err = err
		q.refuse(trouble{status: http.StatusServiceUnavailable, code: "unavailable", wait: time.Minute})
	case what == openAPI:
		q.describeAPI()
	case what == openSearch:
		q.describeSearch()
	default:
		q.answer()
	}
	return true
}

// answer answers a search.
func (q *query) answer() {
	hd := q.w.Header()
	if !isPage(q.what) || q.r.URL.RawQuery != "" {
		// Pages of results are without number, and lead to the same cases.
		hd.Set("X-Robots-Tag", "noindex, nofollow")
	}
	if isPage(q.what) {
		hd.Set("Content-Security-Policy", policy+"; connect-src 'self'") // its script asks for results
	} else {
		openToAll(hd)
	}
	if wait := q.limited(); wait > 0 {
		q.refuse(trouble{status: http.StatusTooManyRequests, code: "too-many-requests", wait: wait})
		return
	}
	req, params, bad := q.read()
	if bad != nil {
		q.refuse(*bad)
		return
	}
	ctx, cancel := context.WithTimeout(q.r.Context(), q.s.Timeout)
	defer cancel()
	stats, err := q.s.statsOf(ctx, q.now)
	if err != nil {
		q.fail(err)
		return
	}
	searcher := q.searcher(stats)
	tag := q.tag(stats, req, params)
	switch q.what {
	case asCSV:
		q.export(tag, req, searcher.WriteCSV)
	case asJSONL:
		q.export(tag, req, searcher.WriteJSONL)
	case asAtom:
		q.feed(ctx, tag, req, searcher)
	case asJSON:
		q.json(ctx, tag, req, searcher)
	default:
		q.page(ctx, tag, req, params, searcher)
	}
}

// searcher returns the searcher of the release, in which nothing withdrawn is
// found, whatever the index still holds.
func (q *query) searcher(stats search.Stats) *search.Searcher {
	o := q.s.Helps
	gone := q.edition.hidden(stats.Mark)
	o.Hide = func() []string { return gone }
	o.Path = nil
	o.Release = q.view.Release()
	if q.edition.synonyms != nil {
		o.Synonymer = q.edition.synonyms
	}
	var engine search.Engine = q.s.Engine
	if q.what == asCSV || q.what == asJSONL {
		engine = &lasting{Engine: engine, overlay: q.follower.overlay, generation: q.view.Generation()}
	}
	return search.NewSearcher(engine, q.edition.vocabulary, o)
}

// hidden returns the cases that the view shows as withdrawn and the index may
// still have, by the mark of the index. A mark that cannot be read is of an
// index of which nothing is known, and so is one that counts other withdrawals,
// as that of an index from before the releases were put back from a backup.
func (e *edition) hidden(mark string) []string {
	m, err := search.ParseMark(mark)
	if err == nil && m.Overlay == e.view.Generation() && m.Gone == e.goneSum && len(m.Toward) == 0 {
		return nil
	}
	return e.gone
}

// limited counts the request, and returns how long the client should wait if
// there were too many.
func (q *query) limited() time.Duration {
	if wait := q.s.client.take(clientOf(q.r, q.s.TrustedProxies), q.now); wait > 0 {
		return wait
	}
	return q.s.all.take(netip.Prefix{}, q.now)
}

// Parameters of the page that are not about what is searched.
const (
	fragmentParam = "part" // part=found asks for the results without the page around them
	allParam      = "all"  // all=FIELD lists every value of one field
)

// pageParams is what these parameters say.
type pageParams struct {
	fragment bool
	all      string
}

// read reads the parameters.
func (q *query) read() (search.Request, pageParams, *trouble) {
	values, err := url.ParseQuery(q.r.URL.RawQuery)
	if err != nil {
		return search.Request{}, pageParams{}, &trouble{status: http.StatusBadRequest, code: "bad-encoding", text: search.Label{
			ZH: "网址中的参数编码不正确：“%”后面应是两位十六进制数，参数之间用“&”隔开。",
			EN: "The parameters of the address are not encoded as they should be: two hexadecimal digits follow each “%”, and “&” stands between parameters.",
		}}
	}
	var own []string
	var v pageParams
	if isPage(q.what) {
		own = []string{fragmentParam, allParam}
		v = pageParams{fragment: q.fragment(), all: values.Get(allParam)}
		dropAdded(values)
	}
	req, err := search.ParseRequest(values, own...)
	if err != nil {
		bad := badRequest(err)
		return req, v, &bad
	}
	return req, v, nil
}

// dropAdded takes away what messengers, mailing lists and advertisers add to
// the address of a page that is passed on. The interface for programs stays
// strict: there a parameter that is not known is a mistake.
func dropAdded(values url.Values) {
	for name := range values {
		if strings.HasPrefix(name, "utm_") {
			delete(values, name)
		}
	}
	for _, name := range []string{"fbclid", "gclid", "isappinstalled", "spm", "scene", "clicktime", "enterid", "nsukey"} {
		delete(values, name)
	}
	// WeChat says whence a page was opened in a parameter that is ours too.
	values["from"] = slices.DeleteFunc(values["from"], func(s string) bool {
		return s == "timeline" || s == "groupmessage" || s == "singlemessage"
	})
}

// badRequest is the trouble of a request that the reader can mend.
func badRequest(err error) trouble {
	var bad *search.RequestError
	if errors.As(err, &bad) {
		return trouble{status: http.StatusBadRequest, code: bad.Code, param: bad.Param, text: bad.Text}
	}
	return trouble{status: http.StatusBadRequest, code: "bad-query", text: search.Label{
		ZH: "这样的条件无法搜索，请修改后再试。", EN: "This cannot be searched for. Please change it and try again.",
	}}
}

// fragment says whether only the results are asked for.
func (q *query) fragment() bool {
	return isPage(q.what) && q.r.URL.Query().Get(fragmentParam) == "found"
}

// tag is the entity tag of an answer: it changes with the release, with what is
// withdrawn, with the index, and with the program.
func (q *query) tag(stats search.Stats, req search.Request, v pageParams) string {
	h := sha256.New()
	h.Write(q.s.look[:])
	if q.frame != nil {
		h.Write(q.frame.sum[:])
	}
	fmt.Fprintf(h, "%d %d %q %d %q %q %q %t %q", q.view.Release(), q.view.Generation(), stats.Generation, stats.Version, stats.Mark,
		q.folder+path.Base(q.what), req.Encode(), v.fragment, v.all)
	return `"` + hex.EncodeToString(h.Sum(nil)[:16]) + `"`
}

// statusGone stands in the log, and nowhere else, for an answer to a client
// that is gone, or has already asked for something else.
const statusGone = 499

// fail answers when the engine does not. What the reader can mend is her
// mistake; nothing else is.
func (q *query) fail(err error) {
	if q.r.Context().Err() != nil {
		q.w.status = statusGone
		panic(http.ErrAbortHandler)
	}
	t := trouble{status: http.StatusServiceUnavailable, code: "unavailable", wait: 10 * time.Second}
	var after interface{ RetryAfter() time.Duration }
	switch {
	case errors.Is(err, search.ErrQuery): // a RequestError is one too
		t = badRequest(err)
	case errors.Is(err, search.ErrNoIndex):
		t.code = "no-index"
	case errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, search.ErrUnavailable):
		t.code = "timeout"
	default:
		if errors.As(err, &after) && after.RetryAfter() > 0 {
			t.wait = after.RetryAfter()
		}
	}
	q.refuse(t)
}
