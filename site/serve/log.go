package serve

import (
	"log/slog"
	"net/http"
	"time"
)

// recorder notes what has been answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	found  string // name of the file in the release; empty when it has none
	err    error  // why the answer is 500, or was broken off
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes of the body.
func (r *recorder) Write(p []byte) (int, error) {
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// log writes one line about a request. It holds no address of the client, no
// query and no header. A path is named only when the release has that file:
// what else people type into an address may be about themselves.
func (r *recorder) log(logger *slog.Logger, req *http.Request, took time.Duration) {
	if r.err != nil {
		logger.Error("read failed", "file", r.found, "cause", r.err)
	}
	attrs := make([]slog.Attr, 0, 6)
	attrs = append(attrs,
		slog.String("method", knownMethod(req.Method)),
		slog.Int("status", r.status),
		slog.Int64("bytes", r.bytes),
		slog.Int64("us", took.Microseconds()))
	if r.found != "" {
		attrs = append(attrs, slog.String("file", r.found))
	}
	logger.LogAttrs(req.Context(), slog.LevelInfo, "request", attrs...)
}

// knownMethod keeps a made-up method out of the log.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return m
	}
	return "other"
}
