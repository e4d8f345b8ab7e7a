package serve

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/huiyin/huiyin/site/release"
)

// Source is where releases come from. A *release.Store is one.
type Source interface {
	// Refresh returns the release that is current, which the caller closes, and
	// whether it differs from the one before. It fails with
	// [release.ErrNoRelease] while there is none.
	Refresh() (*release.View, bool, error)
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
	view  *release.View
	users int
}

// NewFollower returns a follower that has not looked yet. Errors of later looks
// are logged, once each.
func NewFollower(source Source, logger *slog.Logger) *Follower {
	return &Follower{source: source, logger: logger}
}

// Look asks the source once, and takes up what is new. That there is no release
// yet is no error. When it fails, the view that is held stays, and readiness
// says no until a look succeeds again. It must not be called by two goroutines
// at once.
func (f *Follower) Look() error {
	view, _, err := f.source.Refresh()
	if errors.Is(err, release.ErrNoRelease) {
		err = nil
	}
	f.mu.Lock()
	first := err != nil && (f.fault == nil || err.Error() != f.fault.Error())
	f.fault = err
	var old *held
	same := view == nil || f.current != nil && f.current.view == view
	if err == nil && !same {
		old, f.current = f.current, &held{view: view, users: 1}
	}
	f.mu.Unlock()
	switch {
	case first:
		f.logger.Error("cannot look for a release; serving what there is", "cause", err)
	case err != nil || view == nil:
	case same:
		return view.Close() // it is held already
	default:
		f.logger.Info("release taken up", "release", view.Release(), "cutoff", view.Manifest().Cutoff,
			"overlay", view.Generation(), "files", view.Files())
	}
	if old != nil {
		f.giveBack(old)
	}
	return err
}

// Follow looks whenever one of the channels yields something, until the context
// is done.
func (f *Follower) Follow(ctx context.Context, tick <-chan time.Time, wake <-chan os.Signal) {
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

// overlay returns the generation of what is withdrawn now and, when that is not
// known already, the numbers.
func (f *Follower) overlay(known int64) (generation int64, withdrawn []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current == nil {
		return known, nil
	}
	if generation = f.current.view.Generation(); generation != known {
		withdrawn = f.current.view.Withdrawn()
	}
	return generation, withdrawn
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

// Holds says whether there is a release to serve.
func (f *Follower) Holds() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current != nil
}
