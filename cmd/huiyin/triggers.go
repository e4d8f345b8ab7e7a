package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fsnotify/fsnotify"

	"github.com/huiyin/huiyin/cmd/internal/config"
	deskapi "github.com/huiyin/huiyin/generator/desk"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/schedule/job"
	"github.com/huiyin/huiyin/site/durable"
)

// A trigger is a file in the folder run.triggers whose name ends in .json and whose text is
// that of a request to the republish API: {"scope": "unit", "id": "u-12"}. Once it is kept
// it is removed; one that cannot be read is given the ending .refused, and the log says
// why. Whoever writes one writes it under another name, and renames it.
//
// Before it is read it is moved into a folder of its own: the next one of the same name
// comes in its place meanwhile, and is not removed unread. What a daemon that died has left
// there is taken up by the next one.

// triggers is the folder of triggers and what becomes of them.
type triggers struct {
	dir   string
	lock  string // one program at a time takes them
	queue triggerQueue
	now   func() time.Time
	log   *slog.Logger
}

// takenFolder holds what is being taken, below the folder of triggers.
const takenFolder = ".taken"

// maxTrigger is the longest trigger, in bytes.
const maxTrigger = deskapi.MaxBody

// watchTriggers takes triggers from now on, and those that lie there. It waits in the
// kernel.
func watchTriggers(ctx context.Context, c *config.Config, q triggerQueue, now func() time.Time, log *slog.Logger) (stop func(), err error) {
	if c.Run.Triggers == "" {
		return func() {}, nil
	}
	dir := filepath.Clean(c.Path(c.Run.Triggers))
	t := &triggers{dir: dir, lock: c.StatePath("triggers.lock"), queue: q, now: now, log: log}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Coded(fault.ExitConfig, "the folder of run.triggers cannot be made: "+dir, "check its rights", err)
	}
	w, err := fsnotify.NewWatcher()
	if err == nil {
		if err = w.Add(dir); err != nil {
			err = errors.Join(err, w.Close())
		}
	}
	if err != nil {
		return nil, fault.Wrap(err, "the folder of run.triggers cannot be watched: "+dir, "check its rights, and the number of watched folders (fs.inotify)")
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		left := t.take(ctx)
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
			left = t.take(ctx) || !slices.Contains(w.WatchList(), dir)
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

// take takes the triggers that lie in the folder, those first that a stop has left, and
// reports whether some are left that could not be taken.
func (t *triggers) take(ctx context.Context) (left bool) {
	lock, err := durable.OS{}.Lock(ctx, t.lock, false)
	if other := (*durable.LockedError)(nil); errors.As(err, &other) {
		return true // another program is at it
	}
	if err != nil {
		t.log.Error("triggers cannot be locked", "file", t.lock, "error", err)
		return true
	}
	defer lock.Close()
	taken := filepath.Join(t.dir, takenFolder)
	old, err := os.ReadDir(taken)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.log.Error("triggers cannot be read", "folder", taken, "error", err)
		return true
	}
	for _, f := range old {
		left = !t.settle(ctx, f.Name()) || left
	}
	fresh, err := os.ReadDir(t.dir)
	fresh = slices.DeleteFunc(fresh, func(f os.DirEntry) bool { return !f.Type().IsRegular() || filepath.Ext(f.Name()) != ".json" })
	if err == nil && len(fresh) > 0 {
		if err = os.Mkdir(taken, 0o700); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	if err != nil {
		t.log.Error("triggers cannot be read", "folder", t.dir, "error", err)
		return true
	}
	for _, f := range fresh {
		name := f.Name()
		path := filepath.Join(taken, name)
		if _, err := os.Lstat(path); err == nil { // the one before it could not be kept yet
			left = true
			continue
		}
		err := os.Rename(filepath.Join(t.dir, name), path)
		switch {
		case errors.Is(err, fs.ErrNotExist): // whoever wrote it has taken it back
		case err != nil:
			t.log.Error("a trigger cannot be moved", "file", name, "error", err)
			left = true
		default:
			left = !t.settle(ctx, name) || left
		}
	}
	return left
}

// refusedEnding is that of a trigger that was refused.
const refusedEnding = ".refused"

// settle takes a trigger that was moved, and reports whether it is done with.
func (t *triggers) settle(ctx context.Context, name string) bool {
	path := filepath.Join(t.dir, takenFolder, name)
	err := takeTrigger(ctx, path, name, t.queue, t.now)
	if err == nil {
		return true
	}
	msg, hint, _ := fault.Public(err)
	if errors.Is(err, errLeft) {
		t.log.Error("a trigger is left, and taken up again in a minute", "file", name, "why", msg, "hint", hint)
		return false
	}
	t.log.Error("a trigger was refused", "file", name, "why", msg, "hint", hint)
	if err := os.Rename(path, filepath.Join(t.dir, firstBytes(name, maxFileName-len(refusedEnding))+refusedEnding)); err != nil {
		t.log.Error("a trigger cannot be renamed", "file", name, "error", err)
		return false
	}
	return true
}

// errLeft is the cause of a trigger that is good and could not be kept, or not be removed: it
// stays, and is taken up a little later.
var errLeft = errors.New("the trigger is left")

// takeTrigger keeps what a file asks for, and removes it. One that was kept before, and was
// not removed, is only removed.
func takeTrigger(ctx context.Context, path, name string, q triggerQueue, now func() time.Time) error {
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
	if err = errors.Join(err, f.Close()); err != nil {
		return fault.Wrap(err, "it cannot be read", "write it again")
	}
	if len(body) > maxTrigger {
		return fault.New("it is longer than 64 KiB", `write {"scope": "all"} or the like`)
	}
	scope, err := deskapi.ReadScope(body)
	if err != nil {
		return err
	}
	// The same file written again is another request; one that a crash left is the same.
	id, err := q.RequestID(ctx, fmt.Sprintf("file %s\x00%s\x00%d", body, name, info.ModTime().UnixNano()))
	if err == nil {
		err = keepTrigger(ctx, q, job.Request{ID: id, Kind: deskapi.RequestKind, Scope: scope, By: "trigger " + trimmed(name), At: now()})
	}
	if err != nil {
		return fault.Wrap(errors.Join(errLeft, err), "it could not be kept", "check the disk")
	}
	if err := os.Remove(path); err != nil {
		return fault.Wrap(errors.Join(errLeft, err), "it was kept, and cannot be removed", "check the rights of the folder")
	}
	return nil
}

// keepTrigger audits and keeps a request, unless it is known.
func keepTrigger(ctx context.Context, q triggerQueue, r job.Request) error {
	_, known, err := q.Requested(ctx, r.ID)
	if err != nil || known {
		return err
	}
	if err := q.AuditRequest(ctx, r.At, r.By, "folder of triggers", r.Scope); err != nil {
		return err
	}
	_, _, err = q.Request(ctx, r)
	return err
}

// maxNamed is how much of a file name stands in the audit, in bytes.
const maxNamed = 100

// maxFileName is the longest name of a file, in bytes.
const maxFileName = 255

// trimmed is a file name as it may stand in the audit.
func trimmed(name string) string {
	return firstBytes(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_")), maxNamed)
}

// firstBytes is the beginning of a text, of at most n bytes, without a part of a character.
func firstBytes(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
