package serve

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// made is an answer that is made for its request.
type made struct {
	status      int
	contentType string
	tag         string // entity tag with its quotes; empty: none
	cache       string // Cache-Control
	body        []byte
}

// sendMade sends an answer, compressed for whoever takes that, or says that the
// client has it already. The tag is weak: the two forms share it.
func sendMade(w http.ResponseWriter, r *http.Request, m made) {
	hd := w.Header()
	hd.Set("Vary", "Accept-Encoding")
	hd.Set("Cache-Control", m.cache)
	if m.tag != "" {
		hd.Set("ETag", "W/"+m.tag)
		if conditions(r.Header, m.tag) == notModified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	hd.Set("Content-Type", m.contentType)
	body := m.body
	if _, _, prefer := acceptable(r.Header); prefer == gzipped && len(body) > 512 {
		buf := bodies.Get().(*bytes.Buffer)
		defer bodies.Put(buf)
		buf.Reset()
		z := deflaters.Get().(*gzip.Writer)
		defer deflaters.Put(z)
		z.Reset(buf)
		_, _ = z.Write(body) // a buffer takes everything
		_ = z.Close()
		body = buf.Bytes()
		hd.Set("Content-Encoding", "gzip")
	}
	hd.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(m.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone; there is nobody to tell
	}
}

// deflaters hold no content that outlives the request that wrote it.
var deflaters = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// errClientGone marks what went wrong as the client's going away.
var errClientGone = errors.New("the client took no more")

// late writes a body whose size nobody knows. It keeps the first bytes back, so
// that an error at the beginning can still become another answer, and a short
// body gets its length. From then on the client has patience to take each piece.
type late struct {
	w        http.ResponseWriter
	begin    func() // sets headers and status
	now      func() time.Time
	patience time.Duration

	first bytes.Buffer
	began bool
}

// heldBack is how much of a body is kept back.
const heldBack = 32 << 10

// Write implements io.Writer.
func (l *late) Write(p []byte) (int, error) {
	if !l.began {
		if l.first.Len()+len(p) <= heldBack {
			return l.first.Write(p)
		}
		if err := l.start(); err != nil {
			return 0, err
		}
	}
	l.wait()
	n, err := l.w.Write(p)
	if err != nil {
		err = errClientGone
	}
	return n, err
}

// finish ends a body that is whole.
func (l *late) finish() error {
	if l.began {
		return nil
	}
	l.w.Header().Set("Content-Length", strconv.Itoa(l.first.Len()))
	return l.start()
}

// start sends what is kept back.
func (l *late) start() error {
	l.began = true
	l.wait()
	l.begin()
	if _, err := l.w.Write(l.first.Bytes()); err != nil {
		return errClientGone
	}
	return nil
}

// wait gives the client time for the next piece.
func (l *late) wait() {
	if now := l.now(); !now.IsZero() {
		// Only a connection has a deadline; a recorder of a test has none.
		_ = http.NewResponseController(l.w).SetWriteDeadline(now.Add(l.patience))
	}
}
