package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/huiyin/huiyin/cmd/internal/config"
	deskapi "github.com/huiyin/huiyin/generator/desk"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
)

// A trigger is a file in the folder run.triggers whose name ends in .json and whose text is
// that of a request to the republish API: {"scope": "unit", "id": "u-12"}. Once it is kept
// it is removed; one that cannot be read is given the ending .refused, and the log says
// why. Whoever writes one writes it under another name, and renames it.

// maxTrigger is the longest trigger, in bytes.
const maxTrigger = deskapi.MaxBody

// watchTriggers takes triggers from now on, and those that lie there. It waits in the
// kernel.
func watchTriggers(ctx context.Context, c *config.Config, q triggerQueue, now func() time.Time, log *slog.Logger) (stop func(), err error) {
	if c.Run.Triggers == "" {
		return func() {}, nil
	}
	dir := filepath.Clean(c.Path(c.Run.Triggers))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Coded(fault.ExitConfig, "the folder of run.triggers cannot be made: "+dir, "check its rights", err)
	}
	w, err := fsnotify.NewWatcher()
	if err == nil {
		err = w.Add(dir)
	}
	if err != nil {
		return nil, fault.Wrap(err, "the folder of run.triggers cannot be watched: "+dir, "check its rights, and the number of watched folders (fs.inotify)")
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		left := takeTriggers(ctx, dir, q, now, log)
		for {
			var again <-chan time.Time
			if left {
				again = time.After(triggerPause)
			}
			select {
			case e, ok := <-w.Events:
				if !ok {
					return
				}
				if e.Name == dir && !e.Has(fsnotify.Chmod) { // the folder itself was removed or renamed
					_ = rewatch(w, dir, log) // it is tried again
				}
			case _, ok := <-w.Errors: // events were lost
				if !ok {
					return
				}
			case <-again:
				if !slices.Contains(w.WatchList(), dir) {
					_ = rewatch(w, dir, log) // it is tried again
				}
			}
			left = takeTriggers(ctx, dir, q, now, log) || !slices.Contains(w.WatchList(), dir)
		}
	}()
	return func() {
		_ = w.Close()
		<-ended
	}, nil
}

// triggerPause is how long it takes until triggers are looked at again that could not be
// kept.
const triggerPause = time.Minute

// rewatch watches a folder that was removed or renamed, and makes it where it is not there.
func rewatch(w *fsnotify.Watcher, dir string, log *slog.Logger) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		_ = w.Remove(dir) // where that which is gone is watched still
		err = w.Add(dir)
	}
	if err != nil {
		log.Error("the folder of triggers is gone and cannot be made; it is tried again", "folder", dir, "error", err)
		return err
	}
	log.Warn("the folder of triggers was gone; it was made anew", "folder", dir)
	return nil
}

// takeTriggers takes the triggers that lie in the folder, and reports whether some are left
// that could not be kept.
func takeTriggers(ctx context.Context, dir string, q triggerQueue, now func() time.Time, log *slog.Logger) (left bool) {
	files, err := os.ReadDir(dir)
	if err != nil {
		log.Error("triggers cannot be read", "folder", dir, "error", err)
		return true
	}
	for _, f := range files {
		if !f.Type().IsRegular() || filepath.Ext(f.Name()) != ".json" {
			continue
		}
		path := filepath.Join(dir, f.Name())
		if err := takeTrigger(ctx, path, f, q, now); err != nil {
			msg, hint, _ := fault.Public(err)
			log.Error("a trigger was refused", "file", f.Name(), "why", msg, "hint", hint)
			if errors.Is(err, errNotKept) {
				left = true
				continue
			}
			if err := os.Rename(path, path+".refused"); err != nil {
				log.Error("a trigger cannot be renamed", "file", f.Name(), "error", err)
			}
		}
	}
	return left
}

// errNotKept is the cause of a trigger that is good and could not be kept: it stays, and is
// taken up a little later.
var errNotKept = errors.New("the request could not be kept")

func takeTrigger(ctx context.Context, path string, entry os.DirEntry, q triggerQueue, now func() time.Time) error {
	// Neither a link nor a pipe that has come in its place since is followed or waited for.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return fault.Wrap(err, "it cannot be read", "check its rights")
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a file")
	}
	if err != nil {
		return fault.Wrap(errors.Join(err, f.Close()), "it cannot be read", "write it again")
	}
	body, err := io.ReadAll(io.LimitReader(f, maxTrigger+1))
	if err = errors.Join(err, f.Close()); err != nil || len(body) > maxTrigger {
		return fault.Wrap(err, "it cannot be read, or is longer than 64 KiB", "write it again")
	}
	scope, err := deskapi.ReadScope(body)
	if err != nil {
		return err
	}
	// The same file written again is another request; one that a crash left is the same.
	id, err := q.RequestID(ctx, fmt.Sprintf("file %s\x00%s\x00%d", body, entry.Name(), info.ModTime().UnixNano()))
	if err != nil {
		return fault.Wrap(errors.Join(errNotKept, err), "it could not be kept", "check the disk")
	}
	at := now()
	r := job.Request{ID: id, Kind: deskapi.RequestKind, Scope: scope, By: "trigger " + trimmed(entry.Name()), At: at}
	if _, known, err := q.Requested(ctx, r.ID); err != nil {
		return fault.Wrap(errors.Join(errNotKept, err), "it could not be kept", "check the disk")
	} else if !known {
		if err := q.AuditRequest(ctx, at, r.By, "folder of triggers", scope); err != nil {
			return fault.Wrap(errors.Join(errNotKept, err), "it could not be kept", "check the disk")
		}
		if _, _, err := q.Request(ctx, r); err != nil {
			return fault.Wrap(errors.Join(errNotKept, err), "it could not be kept", "check the disk")
		}
	}
	return os.Remove(path)
}

// trimmed is a file name as it may stand in the audit.
func trimmed(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	return name[:min(len(name), 100)]
}
