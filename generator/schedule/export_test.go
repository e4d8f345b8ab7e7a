package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// LimitPages limits the pages of the file of the queue, which SQLite reports as it does a
// full disk. Zero is as many as there are.
func LimitPages(r *Runner, pages *int) {
	if *pages == 0 {
		if err := r.queue.file.Writer.QueryRow(`PRAGMA page_count`).Scan(pages); err != nil {
			panic(err)
		}
	}
	if _, err := r.queue.file.Writer.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, *pages)); err != nil {
		panic(err)
	}
}

// DoNotWait has the queue not wait for another program that writes to its file.
func DoNotWait(r *Runner) {
	if _, err := r.queue.file.Writer.Exec(`PRAGMA busy_timeout = 0`); err != nil {
		panic(err)
	}
}

// Rested reports whether the queue has come to rest, with nothing of it left running.
func Rested(r *Runner) bool { return r.queue.going.Load() == 0 }

// OpenQueue opens the queue of a folder and closes it.
func OpenQueue(ctx context.Context, folder string) error {
	q := &queue{path: filepath.Join(folder, "jobs.db"), workers: 1, log: slog.New(slog.DiscardHandler), stopped: func() {}}
	return errors.Join(q.open(ctx), q.close(nil))
}

// Bury ends the attempts whose holders are dead, and begins nothing.
func Bury(ctx context.Context, p Parts, o Options, now time.Time) error {
	r, err := New(o, p)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(p.Folder, lockFolder), 0o700); err != nil {
		return err
	}
	open, err := r.Store.Open(ctx)
	if err != nil {
		return err
	}
	for _, run := range open {
		if _, err := r.bury(ctx, run, now); err != nil {
			return err
		}
	}
	return nil
}

// Quiet reports whether no worker is at a run.
func Quiet(r *Runner) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.active) == 0
}
