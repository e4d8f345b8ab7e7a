package serve

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/release"
)

// Options are what a handler can be told.
type Options struct {
	// Prefix is the path below which the site lies, such as /zwgk/huiyin.
	// Default: the root.
	Prefix string
	// Log takes one line a request. Default: none.
	Log *slog.Logger
	// Now is the clock: it times requests for the log and limits how much is
	// searched. Without it no time is logged and nothing is limited.
	Now func() time.Time
	// Search says how the site is searched. Default: not at all, and the search
	// page of the release is shown as it is.
	Search SearchOptions
}

// Handler answers requests from the release that a [Follower] holds. It is
// safe for concurrent use, and each request sees one release from its first
// byte to its last.
type Handler struct {
	follower  *Follower
	prefix    string
	logger    *slog.Logger
	now       func() time.Time
	searching *searching // nil: nothing is searched
}

// NewHandler returns a handler. It fails when the prefix cannot be one, or a
// limit of searches.
func NewHandler(f *Follower, o Options) (*Handler, error) {
	prefix, ok := cleanPrefix(o.Prefix)
	if !ok {
		return nil, fault.New("the prefix is not a path", "give the path of the site on its host, such as /zwgk/huiyin, in ASCII letters")
	}
	h := &Handler{follower: f, prefix: prefix, logger: o.Log, now: o.Now}
	if h.now == nil {
		h.now = func() time.Time { return time.Time{} }
	}
	if h.logger == nil {
		h.logger = slog.New(slog.DiscardHandler)
	}
	var err error
	if h.searching, err = newSearching(o.Search, h.logger); err != nil {
		return nil, err
	}
	return h, nil
}

// policy is sent with every answer: nothing but our own style, script and
// images, no frame around us, no base, no plug-in.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := h.now()
	rec := &recorder{ResponseWriter: w}
	defer func() { rec.log(h.logger, r, h.now().Sub(start)) }()

	hd := w.Header()
	hd.Set("Content-Security-Policy", policy)
	hd.Set("X-Content-Type-Options", "nosniff")
	hd.Set("Referrer-Policy", "no-referrer")
	hd.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	hd.Set("Cross-Origin-Opener-Policy", "same-origin")

	if r.Method == http.MethodOptions && h.preflight(rec, r) {
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		hd.Set("Allow", "GET, HEAD")
		say(rec, r, http.StatusMethodNotAllowed)
		return
	}
	switch r.URL.Path {
	case alivePath, readyPath:
		h.health(rec, r)
		return
	}
	h.answer(rec, r)
}

// answer looks the address up and sends what the release has for it.
func (h *Handler) answer(w *recorder, r *http.Request) {
	held := h.follower.acquire()
	if held == nil {
		w.Header().Set("Retry-After", "30")
		sayText(w, r, http.StatusServiceUnavailable, nothingYet)
		return
	}
	done := sync.OnceFunc(func() { h.follower.giveBack(held) })
	defer done()
	view := held.view

	below, ok := strings.CutPrefix(r.URL.Path, h.prefix)
	if ok && below == "" && h.prefix != "" {
		redirect(w, r, r.URL.Path+"/")
		return
	}
	name, valid := fileName(below)
	if !ok || !valid {
		h.missing(w, r, view)
		return
	}
	if h.search(w, r, view, name, done) {
		return
	}
	entry, state := view.Lookup(name)
	switch state {
	case release.Found:
		w.found = name
		switch to, err := view.Moved(entry); {
		case err != nil:
			h.broken(w, r, err)
		case to != "":
			h.moved(w, to)
		default:
			h.file(w, r, view, entry)
		}
	case release.Withdrawn:
		w.found = name
		h.gone(w, r, view, entry)
	case release.Unavailable:
		w.found = name
		if entry.Err != nil {
			h.broken(w, r, entry.Err)
			return
		}
		w.Header().Set("Retry-After", "3600")
		say(w, r, http.StatusServiceUnavailable)
	default:
		if _, state := view.Lookup(name + "/index.html"); state == release.Found {
			redirect(w, r, r.URL.Path+"/")
			return
		}
		h.missing(w, r, view)
	}
}

// redirect sends the client to another path on this host, with its query.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	// The path holds no double slash at its start: fileName has refused that,
	// and the prefix has none. So it cannot be read as another host.
	u := url.URL{Path: to, RawQuery: r.URL.RawQuery}
	w.Header().Set("Location", u.String())
	w.Header().Set("Cache-Control", cacheShort)
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusMovedPermanently)
}

// moved leads on to the page of the case that a case was merged into. Both are named by
// their numbers, so nothing of the request is part of the address.
func (h *Handler) moved(w http.ResponseWriter, to string) {
	u := url.URL{Path: h.prefix + "/" + to}
	w.Header().Set("Location", u.String())
	w.Header().Set("Cache-Control", cacheShort)
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusPermanentRedirect)
}

// file sends a file of the release, or says that the client has it already.
func (h *Handler) file(w *recorder, r *http.Request, view *release.View, e release.Entry) {
	body, err := open(view, e)
	if err != nil {
		h.broken(w, r, err)
		return
	}
	hd := w.Header()
	c := negotiate(hd, r, body)
	if c == none {
		say(w, r, http.StatusNotAcceptable)
		return
	}
	tag := etagOf(e.Sum, c)
	hd.Set("ETag", tag)
	hd.Set("Cache-Control", cacheControl(e.Name))
	switch conditions(r.Header, tag) {
	case notModified:
		w.WriteHeader(http.StatusNotModified)
		return
	case failed:
		say(w, r, http.StatusPreconditionFailed)
		return
	}
	hd.Set("Content-Type", contentType(e.Name))
	if isOpen(e.Name) {
		hd.Set("Access-Control-Allow-Origin", "*")
	}
	if body.deflated {
		hd.Set("Accept-Ranges", "none")
		h.send(w, r, http.StatusOK, body, c)
		return
	}
	hd.Set("Accept-Ranges", "bytes")
	h.sendStored(w, r, body, tag)
}

// sendStored sends a stored file, whole or in the one range that is asked for.
func (h *Handler) sendStored(w *recorder, r *http.Request, body stored, tag string) {
	if r.Method != http.MethodGet { // a range means nothing to other methods
		h.send(w, r, http.StatusOK, body, identity)
		return
	}
	p, partial, ok := ranged(r.Header, tag, body.size)
	hd := w.Header()
	switch {
	case !ok:
		hd.Set("Content-Range", "bytes */"+strconv.FormatInt(body.size, 10))
		say(w, r, http.StatusRequestedRangeNotSatisfiable)
	case !partial:
		h.send(w, r, http.StatusOK, body, identity)
	default:
		hd.Set("Content-Range", "bytes "+strconv.FormatInt(p.off, 10)+"-"+
			strconv.FormatInt(p.off+p.n-1, 10)+"/"+strconv.FormatInt(body.size, 10))
		hd.Set("Content-Length", strconv.FormatInt(p.n, 10))
		h.stream(w, http.StatusPartialContent, p.n, func() error { return body.part(w, p) })
	}
}

// send sends a whole body with a status.
func (h *Handler) send(w *recorder, r *http.Request, status int, body stored, c coding) {
	n := body.length(c)
	if c == gzipped {
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Content-Length", strconv.FormatInt(n, 10))
	if r.Method == http.MethodHead {
		w.WriteHeader(status)
		return
	}
	if n > wholeLimit {
		h.stream(w, status, n, func() error { return body.copy(w, c) })
		return
	}
	buf := bodies.Get().(*bytes.Buffer)
	defer bodies.Put(buf)
	if err := body.whole(buf, c); err != nil {
		h.broken(w, r, err)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // the client may be gone; there is nobody to tell
}

// slowest is the rate, in bytes a second, below which a client that takes a
// large body is cut off.
const slowest = 8 << 10

// stream sends a body of n bytes piece by piece. A pack that turns out to be
// damaged on the way breaks the connection, so that the client does not take
// the part for the whole.
func (h *Handler) stream(w *recorder, status int, n int64, body func() error) {
	if start := h.now(); !start.IsZero() {
		patience := writeTimeout + time.Duration(n/slowest)*time.Second
		// Only a connection has a deadline; a recorder of a test has none.
		_ = http.NewResponseController(w).SetWriteDeadline(start.Add(patience))
	}
	w.WriteHeader(status)
	if err := body(); errors.Is(err, errRead) || errors.Is(err, errDamaged) {
		w.err = err
		panic(http.ErrAbortHandler)
	}
}

// broken answers 500: the release has the file, but its bytes cannot be read.
func (h *Handler) broken(w *recorder, r *http.Request, err error) {
	w.err = err
	hd := w.Header()
	for _, name := range []string{"ETag", "Content-Encoding", "Accept-Ranges", "Vary"} {
		hd.Del(name)
	}
	hd.Set("Cache-Control", cacheNever)
	say(w, r, http.StatusInternalServerError)
}

// negotiate chooses the coding of a body and says that it was a choice.
func negotiate(hd http.Header, r *http.Request, body stored) coding {
	gzip, plain, prefer := acceptable(r.Header)
	if body.deflated {
		hd.Set("Vary", "Accept-Encoding")
		return prefer
	}
	if !plain && !gzip {
		return none
	}
	// What is stored has no other form, and to send it all the same is better
	// than to refuse a picture to a client that asked for gzip only.
	return identity
}
