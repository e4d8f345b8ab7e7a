package serve

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/huiyin/huiyin/site/release"
)

// View is one release as the public may see it: what its manifest lists,
// without what the overlay has withdrawn. A *release.View is one. Its methods
// are called by many goroutines at once.
type View interface {
	// Lookup finds a file by its name relative to the root of the site.
	Lookup(name string) (release.Entry, release.State)
	// Raw gives the bytes of a found entry as its pack holds them.
	Raw(release.Entry) (*io.SectionReader, error)
	// Close drops the handles to packs. It is called once, when the last
	// request that uses the view has been answered.
	Close() error
}

// Source yields views. Next is asked again and again: it returns the view that
// replaces the one it returned last, or nil while that one is still current.
// It is never called by two goroutines at once.
type Source interface {
	Next() (View, error)
}

// Follower holds the view that is current and takes up the next one when the
// source has one. Requests in flight keep the view that they began with; its
// packs are closed when the last of them is done, so that the bytes of a
// withdrawn case do not stay on the disk behind an open handle.
//
// Its methods are safe for concurrent use.
type Follower struct {
	source Source
	logger *slog.Logger

	mu      sync.Mutex // guards what follows; never held while a file is read
	current *held
	fault   error // why the last look failed; nil when it did not
	ending  bool  // the program is about to stop
}

// held is a view and the number of its users, guarded by Follower.mu. The
// follower itself is one of them while the view is current.
type held struct {
	view  View
	users int
}

// NewFollower returns a follower that has not looked yet. Errors of later looks
// are logged, once each.
func NewFollower(source Source, logger *slog.Logger) *Follower {
	return &Follower{source: source, logger: logger}
}

// Look asks the source once, and takes up a new view. When it fails, the view
// that is held stays, and readiness says no until a look succeeds again. It
// must not be called by two goroutines at once.
func (f *Follower) Look() error {
	view, err := f.source.Next()
	f.mu.Lock()
	changed := (err == nil) != (f.fault == nil) || err != nil && err.Error() != f.fault.Error()
	f.fault = err
	var old *held
	if err == nil && view != nil {
		old, f.current = f.current, &held{view: view, users: 1}
	}
	f.mu.Unlock()
	if old != nil {
		f.giveBack(old)
	}
	switch {
	case err != nil && changed:
		f.logger.Error("cannot take up a release; serving what there is", "cause", err)
	case err == nil && view != nil:
		f.logger.Info("release taken up", about(view)...)
	}
	return err
}

// Follow looks whenever one of the channels yields something, until the context
// is done.
func (f *Follower) Follow(ctx context.Context, tick <-chan time.Time, wake <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		case <-wake:
		}
		_ = f.Look() // kept for readiness, and logged
	}
}

// Stop makes readiness say no from now on. Requests are still answered.
func (f *Follower) Stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ending = true
}

// Close gives up the view that is held. Later requests find no release.
func (f *Follower) Close() {
	f.mu.Lock()
	old := f.current
	f.current = nil
	f.mu.Unlock()
	if old != nil {
		f.giveBack(old)
	}
}

// acquire returns the view that is current, for one request, or nil when there
// is none. Whoever gets one gives it back.
func (f *Follower) acquire() *held {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current != nil {
		f.current.users++
	}
	return f.current
}

// giveBack ends one use of a view, and closes it after the last.
func (f *Follower) giveBack(h *held) {
	f.mu.Lock()
	h.users--
	last := h.users == 0
	f.mu.Unlock()
	if !last {
		return
	}
	if err := h.view.Close(); err != nil {
		f.logger.Error("cannot close a release", "cause", err)
	}
}
