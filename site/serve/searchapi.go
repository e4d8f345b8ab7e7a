package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"net/http"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/huiyin/huiyin/search"
)

// The description of the public interface, and the layout of results.
var (
	//go:embed openapi.yaml
	apiDescription []byte
	//go:embed results.html
	resultsLayout string
)

// ownLook is a hash of what the program itself puts into answers.
func ownLook() [32]byte {
	h := sha256.New()
	h.Write([]byte(resultsLayout))
	if info, ok := debug.ReadBuildInfo(); ok {
		io.WriteString(h, info.String())
	}
	return [32]byte(h.Sum(nil))
}

// trouble is a request that cannot be answered.
type trouble struct {
	status int
	code   string
	param  string
	text   search.Label  // empty: the usual words for the status
	wait   time.Duration // until the client should ask again; zero: not said
}

// openToAll lets the pages of other sites read an answer, and what its headers
// say.
func openToAll(hd http.Header) {
	hd.Set("Access-Control-Allow-Origin", "*")
	hd.Set("Access-Control-Expose-Headers", "ETag, Retry-After, Content-Disposition")
}

// preflight answers a browser that asks whether the page of another site may
// send a request with headers of its own, such as If-None-Match. It reports
// false where nothing is open to other sites.
func (h *Handler) preflight(w http.ResponseWriter, r *http.Request) bool {
	below, ok := strings.CutPrefix(r.URL.Path, h.prefix+"/")
	if !ok || h.searching == nil {
		return false
	}
	if _, what, ok := route(below); !ok || isPage(what) || what == openSearch {
		return false
	}
	hd := w.Header()
	openToAll(hd)
	hd.Set("Access-Control-Allow-Methods", "GET, HEAD")
	hd.Set("Access-Control-Allow-Headers", "If-None-Match")
	hd.Set("Access-Control-Max-Age", "86400")
	hd.Set("Allow", "GET, HEAD, OPTIONS")
	hd.Set("Cache-Control", cacheNever)
	w.WriteHeader(http.StatusNoContent)
	return true
}

// failure is what the interface says of a request that it does not answer.
type failure struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	MessageEN string `json:"message_en"`
	Param     string `json:"param,omitempty"`
}

// refuse answers a request that cannot be answered: as a page, or as JSON.
func (q *query) refuse(t trouble) {
	hd := q.w.Header()
	seconds := int(math.Ceil(t.wait.Seconds()))
	if seconds > 0 {
		hd.Set("Retry-After", strconv.Itoa(seconds))
	}
	if t.text.ZH == "" {
		t.text = search.Label{ZH: usual(chinese(), t.code, seconds), EN: usual(english(), t.code, seconds)}
	}
	if isPage(q.what) {
		if q.frame == nil {
			sayText(q.w, q.r, t.status, t.text.ZH+"\n"+t.text.EN+"\n")
			return
		}
		q.troublePage(t)
		return
	}
	body, err := json.Marshal(struct {
		Error failure `json:"error"`
	}{failure{t.code, t.text.ZH, t.text.EN, t.param}})
	if err != nil {
		panic(err) // strings alone
	}
	sendMade(q.w, q.r, made{status: t.status, contentType: contentTypes[".json"], cache: cacheNever, body: append(body, '\n')})
}

// usual says what is wrong where it is not the request.
func usual(l *searchWords, code string, seconds int) string {
	switch code {
	case "too-many-requests":
		return l.TooMany + l.again(seconds)
	case "no-index":
		return l.NoIndex
	case "timeout":
		return l.Slow
	}
	return l.Down
}

// json answers [asJSON].
func (q *query) json(ctx context.Context, tag string, req search.Request, s *search.Searcher) {
	if q.same(tag) {
		return
	}
	a, err := s.Search(ctx, req)
	if err != nil {
		q.fail(err)
		return
	}
	var b bytes.Buffer
	if err := search.WriteJSON(&b, a, q.site()); err != nil {
		q.fail(err)
		return
	}
	sendMade(q.w, q.r, made{status: http.StatusOK, contentType: contentTypes[".json"], tag: tag, cache: cacheShort, body: b.Bytes()})
}

// feed answers [asAtom].
func (q *query) feed(ctx context.Context, tag string, req search.Request, s *search.Searcher) {
	if q.same(tag) {
		return
	}
	var b bytes.Buffer
	if err := s.WriteAtom(ctx, &b, req, q.site()); err != nil {
		q.fail(err)
		return
	}
	sendMade(q.w, q.r, made{status: http.StatusOK, contentType: contentTypes[".atom"], tag: tag, cache: cacheShort, body: b.Bytes()})
}

// same answers 304 where the client has the answer already, without a search.
func (q *query) same(tag string) bool {
	if conditions(q.r.Header, tag) != notModified {
		return false
	}
	sendMade(q.w, q.r, made{tag: tag, cache: cacheShort})
	return true
}

// site says where exports come from. Without a page to read it from, links stay
// relative.
func (q *query) site() search.Site {
	if q.frame != nil {
		return q.frame.site
	}
	return search.Site{}
}

// exportTries is how often an export is begun of an index that changes before
// the first of it is sent.
const exportTries = 3

// export answers [asCSV] and [asJSONL] with every hit, as it is found.
func (q *query) export(tag string, req search.Request, write func(context.Context, io.Writer, search.Request, search.Site) error) {
	if q.same(tag) {
		return
	}
	hd := q.w.Header()
	begin := func() {
		hd.Set("Content-Type", contentTypes[path.Ext(q.what)])
		hd.Set("Content-Disposition", `attachment; filename="`+q.what+`"`)
		hd.Set("Cache-Control", cacheShort)
		hd.Set("ETag", "W/"+tag)
		hd.Set("Vary", "Accept-Encoding")
		q.w.WriteHeader(http.StatusOK)
	}
	if q.r.Method == http.MethodHead {
		begin()
		return
	}
	client := clientOf(q.r, q.s.TrustedProxies)
	if !q.s.exports.take(client) {
		q.refuse(trouble{status: http.StatusTooManyRequests, code: "too-many-exports", wait: 30 * time.Second, text: search.Label{
			ZH: "正在下载的人较多，请在 30 秒后再试。", EN: "Several exports are under way. Please try again in 30 s.",
		}})
		return
	}
	defer q.s.exports.giveBack(client)
	q.done() // it reads nothing of the release, and may take long
	ctx, cancel := context.WithTimeout(q.r.Context(), exportTimeout)
	defer cancel()
	var out *late
	var err error
	for range exportTries {
		out = &late{w: q.w, begin: begin, now: q.Handler.now, patience: exportPatience}
		err = q.compressed(out, func(w io.Writer) error { return write(ctx, w, req, q.site()) })
		if out.began || !errors.Is(err, search.ErrChanged) {
			break
		}
	}
	if err == nil {
		err = out.finish()
	}
	switch {
	case err == nil:
	case !out.began:
		hd.Del("Content-Encoding")
		q.fail(err)
	default:
		// A part is on its way: only a broken connection says that it is not all.
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			q.w.err = err // the engine did its part, so that nobody else tells
		}
		panic(http.ErrAbortHandler)
	}
}

// compressed lets write write to w, in a gzip frame for whoever takes that. The
// end of the frame is missing where write failed.
func (q *query) compressed(w io.Writer, write func(io.Writer) error) error {
	if _, _, prefer := acceptable(q.r.Header); prefer != gzipped {
		return write(w)
	}
	q.w.Header().Set("Content-Encoding", "gzip")
	z := deflaters.Get().(*gzip.Writer)
	defer deflaters.Put(z)
	z.Reset(w)
	if err := write(z); err != nil {
		return err
	}
	return z.Close()
}

// describeAPI answers search/openapi.yaml.
func (q *query) describeAPI() {
	openToAll(q.w.Header())
	q.describe(contentTypes[".yaml"], apiDescription)
}

// describe sends what depends on the program and the release alone.
func (q *query) describe(contentType string, body []byte) {
	sum := sha256.Sum256(body)
	sendMade(q.w, q.r, made{status: http.StatusOK, contentType: contentType, tag: etagOf(sum, identity), cache: cacheShort, body: body})
}

// openSearchDescription is the document by which browsers learn to search the
// site (OpenSearch 1.1).
type openSearchDescription struct {
	XMLName  xml.Name        `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	Short    string          `xml:"ShortName"`
	Text     string          `xml:"Description"`
	URLs     []openSearchURL `xml:"Url"`
	Language string          `xml:"Language"`
	Input    string          `xml:"InputEncoding"`
	Output   string          `xml:"OutputEncoding"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Rel      string `xml:"rel,attr,omitempty"`
	Template string `xml:"template,attr"`
}

// describeSearch answers search/opensearch.xml. A description needs addresses
// that are whole, so a site that does not know its own has none.
func (q *query) describeSearch() {
	if q.frame == nil || q.frame.site.Base == "" {
		q.missing(q.w, q.r, q.edition.view)
		return
	}
	site, l := q.frame.site, wordsIn(q.frame.lang)
	at := site.Base + q.folder + "search"
	short := []rune(site.Name)
	if len(short) > 16 { // what the standard allows
		short = short[:16]
	}
	body, err := xml.MarshalIndent(openSearchDescription{
		Short: string(short), Text: site.Name + " · " + l.Label, Language: site.Lang, Input: "UTF-8", Output: "UTF-8",
		URLs: []openSearchURL{
			{"text/html", "", at + "?q={searchTerms}"},
			{"application/atom+xml", "", at + ".atom?q={searchTerms}"},
			{"application/json", "", at + ".json?q={searchTerms}"},
			{"application/opensearchdescription+xml", "self", site.Base + q.folder + openSearch},
		},
	}, "", "  ")
	if err != nil {
		panic(err) // a struct of strings has no such error
	}
	q.describe("application/opensearchdescription+xml; charset=utf-8", append([]byte(xml.Header), append(body, '\n')...))
}
