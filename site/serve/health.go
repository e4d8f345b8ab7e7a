package serve

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// The reserved addresses. They lie at the root of the host, whatever the
// prefix, and are never looked up in a release.
const (
	alivePath = "/healthz"
	readyPath = "/readyz"
)

// readiness is what /readyz says. It names no cause: that is for the log.
type readiness struct {
	Ready   bool   `json:"ready"`
	Release int    `json:"release,omitempty"`
	Cutoff  string `json:"cutoff,omitempty"` // day, as 2026-11-22
	Why     string `json:"why,omitempty"`    // not ready: no-release, read-error or stopping
	Search  string `json:"search,omitempty"` // ok, no-index or unavailable; empty where nothing is searched
}

// health answers the two reserved addresses. Alive is who can answer at all;
// ready is who holds a release, could look for the next one, and is not about
// to stop. A search that does not work is told, but is no reason to take the
// site away from its readers.
func (h *Handler) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", cacheNever)
	if r.URL.Path == alivePath {
		sayText(w, r, http.StatusOK, "ok\n")
		return
	}
	state := h.follower.readiness()
	if h.searching != nil {
		state.Search = h.searching.state(r.Context(), h.now())
	}
	status := http.StatusOK
	if !state.Ready {
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "5")
	}
	body, err := json.Marshal(state)
	if err != nil {
		panic(err) // a struct of strings and numbers has no such error
	}
	body = append(body, '\n')
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may be gone; there is nobody to tell
	}
}

// readiness says whether the follower serves a release that is current.
func (f *Follower) readiness() readiness {
	f.mu.Lock()
	defer f.mu.Unlock()
	var r readiness
	if f.current != nil {
		r.Release, r.Cutoff = f.current.view.Release(), f.current.view.Manifest().Cutoff
	}
	switch {
	case f.ending:
		r.Why = "stopping"
	case f.fault != nil:
		r.Why = "read-error"
	case f.current == nil:
		r.Why = "no-release"
	default:
		r.Ready = true
	}
	return r
}
