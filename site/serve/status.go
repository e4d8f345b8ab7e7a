package serve

import (
	"bytes"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/site/release"
)

// The pages of a release for what it does not have. They are rendered with
// links that start at the root of the host, so they can be shown at any depth.
const (
	missingPage = "404.html"
	gonePage    = "410.html"
)

// words says a thing in Chinese and in English.
type words struct{ zh, en string }

// reasons are the words for a public reason of a withdrawal.
var reasons = map[string]words{
	"by-law":     {"依法不予公开", "not to be published by law"},
	"duplicate":  {"重复", "duplicate"},
	"wrong-unit": {"单位有误", "wrong unit"},
	"error":      {"内容有误", "wrong content"},
}

// missing answers 404 with the page of the release, or with a sentence.
func (h *Handler) missing(w *recorder, r *http.Request, view *release.View) {
	w.Header().Set("Cache-Control", "public, max-age=10")
	h.page(w, r, http.StatusNotFound, view, missingPage)
}

// gone answers 410: with the case's own tombstone where the release has one,
// with the page for all where it does not yet, or with a sentence.
func (h *Handler) gone(w *recorder, r *http.Request, view *release.View, e release.Entry) {
	w.Header().Set("Cache-Control", cacheShort)
	if e.HasBody() {
		h.status(w, r, http.StatusGone, view, e)
		return
	}
	page, state := view.Lookup(gonePage)
	if state != release.Found {
		sayText(w, r, http.StatusGone, sentences[http.StatusGone]+plain(e.Gone))
		return
	}
	body, err := view.Plain(page)
	if err != nil {
		h.broken(w, r, err)
		return
	}
	body = fill(body, e.Gone)
	w.Header().Set("Content-Type", contentType(gonePage))
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusGone)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone; there is nobody to tell
	}
}

// page answers with a page of the release that belongs to a status, or with a
// sentence where the release has none.
func (h *Handler) page(w *recorder, r *http.Request, status int, view *release.View, name string) {
	e, state := view.Lookup(name)
	if state != release.Found {
		say(w, r, status)
		return
	}
	h.status(w, r, status, view, e)
}

// status sends a file with a status other than 200. A form that the client
// would rather not have is better than no word at all.
func (h *Handler) status(w *recorder, r *http.Request, status int, view *release.View, e release.Entry) {
	body, err := open(view, e)
	if err != nil {
		h.broken(w, r, err)
		return
	}
	c := negotiate(w.Header(), r, body)
	if c == none {
		c = identity
	}
	w.Header().Set("Content-Type", contentType(e.Name))
	h.send(w, r, status, body, c)
}

// TombstonePath is the page of a release for all withdrawn cases.
const TombstonePath = gonePage

// Tombstone returns the page of a withdrawn case that has none of its own yet: the page
// for all, at [TombstonePath], with what remains of the case below its heading.
func Tombstone(page []byte, g release.Gone) []byte { return fill(page, &g) }

// fill puts a tombstone below the heading of the page for all. Its words come
// from closed lists, and are escaped all the same.
func fill(page []byte, g *release.Gone) []byte {
	const heading = "</h1>"
	head, rest, found := bytes.Cut(page, []byte(heading))
	if !found {
		return page
	}
	var b bytes.Buffer
	b.Write(head)
	b.WriteString(heading + "\n<dl>")
	for _, f := range tombstone(g) {
		value := html.EscapeString(f.value.zh)
		if f.value.en != "" {
			value += ` <span lang="en">` + html.EscapeString(f.value.en) + `</span>`
		}
		b.WriteString("\n<div><dt>" + f.name.zh + ` <span lang="en">` + f.name.en + "</span></dt><dd>" + value + "</dd></div>")
	}
	b.WriteString("\n</dl>")
	b.Write(rest)
	return b.Bytes()
}

// fact is one line of a tombstone.
type fact struct{ name, value words }

// tombstone is what remains of a case. A reason that is not on the list is
// shown as it was published.
func tombstone(g *release.Gone) []fact {
	reason, ok := reasons[g.Reason]
	if !ok {
		reason = words{zh: g.Reason}
	}
	all := []fact{
		{words{"编号", "Number"}, words{zh: g.Number}},
		{words{"原因", "Reason"}, reason},
		{words{"撤下日期", "Withdrawn on"}, words{zh: g.Day}},
	}
	return slices.DeleteFunc(all, func(f fact) bool { return f.value.zh == "" })
}

// plain writes a tombstone as lines of text.
func plain(g *release.Gone) string {
	var b strings.Builder
	for _, f := range tombstone(g) {
		b.WriteString(strings.TrimRight(f.name.zh+" "+f.name.en+": "+f.value.zh+" "+f.value.en, " ") + "\n")
	}
	return b.String()
}
