package serve

import (
	"html"
	"net/http"
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

// The words on the page 410.html that are replaced when it is shown for one
// case. A page without them is shown as it is.
const (
	markNumber = "[[number]]"
	markReason = "[[reason]]"
	markDay    = "[[day]]"
)

// reasons are the words for a public reason of a withdrawal.
var reasons = map[string]string{
	"by-law":     "依法不予公开",
	"duplicate":  "重复",
	"wrong-unit": "单位有误",
	"error":      "内容有误",
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
		sayText(w, r, http.StatusGone, sentences[http.StatusGone]+tombstone(e.Gone))
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

// fill writes a tombstone into the page for all. Its words are from closed
// lists, and escaped all the same.
func fill(page []byte, g *release.Gone) []byte {
	return []byte(strings.NewReplacer(
		markNumber, html.EscapeString(g.Number),
		markReason, html.EscapeString(reasonWord(g)),
		markDay, html.EscapeString(g.Day),
	).Replace(string(page)))
}

// tombstone is what remains of a case, as lines of text.
func tombstone(g *release.Gone) string {
	var b strings.Builder
	for _, line := range []struct{ name, value string }{
		{"编号 Number: ", g.Number},
		{"原因 Reason: ", reasonWord(g)},
		{"日期 Day: ", g.Day},
	} {
		if line.value != "" {
			b.WriteString(line.name + line.value + "\n")
		}
	}
	return b.String()
}

// reasonWord is the word for the reason of a withdrawal. A reason that is not
// on the list is shown as it was published.
func reasonWord(g *release.Gone) string {
	if word, ok := reasons[g.Reason]; ok {
		return word
	}
	return g.Reason
}
