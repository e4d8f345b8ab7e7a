package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress shows how far long work has come: one line that is rewritten on a
// terminal, nothing elsewhere. It keeps silent for the first two seconds.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	now   func() time.Time
	start time.Time
	last  time.Time
	shown bool
}

// newProgress returns a progress on the app's standard error, or nil when that
// is not a terminal or progress is not wanted.
func (a *app) newProgress() *progress {
	f, ok := a.err.(*os.File)
	if !ok || a.quiet || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return &progress{w: f, now: a.watch, start: a.watch()}
}

// step shows that done of total are finished; total is zero where it is not
// known. It may be called by many goroutines, and on a nil progress.
func (p *progress) step(what string, done, total int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.now()
	if t.Sub(p.start) < 2*time.Second || t.Sub(p.last) < 200*time.Millisecond {
		return
	}
	p.last, p.shown = t, true
	if total > 0 {
		fmt.Fprintf(p.w, "\r\x1b[K%s %d of %d (%d%%)", what, done, total, 100*done/total)
	} else {
		fmt.Fprintf(p.w, "\r\x1b[K%s %d", what, done)
	}
}

// done clears the line.
func (p *progress) done() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
