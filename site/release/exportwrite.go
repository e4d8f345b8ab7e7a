package release

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"github.com/huiyin/huiyin/site/durable"
)

// makeTemp makes the folder in which files are written before they get their
// names, or empties the one that a crash has left.
func (x *exporter) makeTemp() error {
	err := x.fsys.Mkdir(x.file(exportTemp))
	if errors.Is(err, fs.ErrExist) {
		return clearFolder(x.fsys, x.file(exportTemp))
	}
	return err
}

// remove removes the files that an export wrote and that are not to be there any
// more, and the folders that they leave empty. It comes before anything is
// written: what has been withdrawn goes first.
func (x *exporter) remove() error {
	stays := x.next.files()
	return x.removeFiles(slices.DeleteFunc(slices.Sorted(maps.Keys(x.known)), func(name string) bool { return stays[name] }))
}

// removeFiles removes files, of which some may not be there.
func (x *exporter) removeFiles(names []string) error {
	folders := map[string]bool{}
	for _, name := range names {
		err := x.fsys.Remove(x.file(name))
		switch {
		case err == nil:
			x.r.Removed++
			folders[path.Dir(name)] = true
		case !errors.Is(err, fs.ErrNotExist) && !isNotFolder(err):
			return err
		}
	}
	// The longest first, so that a folder is looked at after those in it.
	for _, f := range slices.Backward(slices.Sorted(maps.Keys(folders))) {
		for ; f != "."; f = path.Dir(f) {
			if entries, err := x.fsys.ReadDir(x.file(f)); err != nil || len(entries) > 0 {
				break
			}
			if err := x.fsys.Remove(x.file(f)); err != nil {
				return err
			}
		}
	}
	return nil
}

// write compares each file with the one that is there and replaces those that
// differ, tombstones first.
func (x *exporter) write(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w := &writer{x: x, made: map[string]bool{".": true}}
	jobs := make(chan writeJob)
	var wg sync.WaitGroup
	for i := range x.o.Workers {
		wg.Go(func() {
			for j := range jobs {
				if err := w.one(j, i); err != nil {
					cancel(fmt.Errorf("%s: %w", j.path, err))
					return
				}
			}
		})
	}
	err := x.feed(ctx, jobs)
	close(jobs)
	wg.Wait()
	return cmp.Or(context.Cause(ctx), err)
}

// feed sends the files to the writers.
func (x *exporter) feed(ctx context.Context, jobs chan<- writeJob) error {
	total, done := len(x.tombs), 0
	for _, i := range x.todo {
		total += len(x.next.Partitions[i].Files)
	}
	send := func(j writeJob) error {
		select {
		case jobs <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
		if done++; x.o.Progress != nil && (done%100 == 0 || done == total) {
			x.o.Progress(done, total)
		}
		return nil
	}
	for _, j := range x.tombs {
		if err := send(j); err != nil {
			return err
		}
	}
	changed := func(j writeJob) error {
		j, err := x.changePage(j)
		if err != nil {
			return err
		}
		return send(j)
	}
	for _, i := range x.todo {
		if err := x.eachFile(x.packs[x.v.manifest.Partitions[i].Pack], changed); err != nil {
			return err
		}
	}
	return nil
}

// writer writes files; several goroutines use it.
type writer struct {
	x *exporter

	mu   sync.Mutex // guards what follows, and the counts of the report
	made map[string]bool
}

// one writes one file, as the given worker.
func (w *writer) one(j writeJob, worker int) error {
	x := w.x
	if x.known[j.path] {
		now, err := durable.ReadFile(x.fsys, x.file(j.path))
		if err == nil && sha256.Sum256(now) == j.sum {
			w.count(func(r *ExportReport) { r.Unchanged++ })
			return nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !isNotFolder(err) {
			return err
		}
	}
	body := j.body
	if body == nil {
		var err error
		if body, err = x.v.Plain(j.e); err != nil {
			return damaged("the page "+j.path, err)
		}
	}
	if err := w.folder(path.Dir(j.path)); err != nil {
		return err
	}
	temp := x.file(fmt.Sprintf("%s/%d", exportTemp, worker))
	if err := writeFile(x.fsys, temp, body); err != nil {
		return err
	}
	if err := x.fsys.Rename(temp, x.file(j.path)); err != nil {
		return err
	}
	w.count(func(r *ExportReport) { r.Written++; r.Bytes += int64(len(body)) })
	return nil
}

func (w *writer) count(add func(*ExportReport)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	add(w.x.r)
}

// folder makes a folder and those above it, each once.
func (w *writer) folder(dir string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mkdir(dir)
}

func (w *writer) mkdir(dir string) error {
	if w.made[dir] {
		return nil
	}
	if err := w.mkdir(path.Dir(dir)); err != nil {
		return err
	}
	if err := w.x.fsys.Mkdir(w.x.file(dir)); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	w.made[dir] = true
	return nil
}

// writeFile writes a file that nobody reads yet.
func writeFile(fsys durable.FS, name string, body []byte) error {
	f, err := fsys.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	return errors.Join(err, f.Close())
}

// writeGone brings gone.txt up to date: it is there when there are withdrawn
// pages.
func (x *exporter) writeGone() error {
	name, want := x.file(goneName), x.next.goneList()
	if len(want) == 0 && len(x.old.Tombstones) == 0 {
		return nil // one that is there is not ours
	}
	now, err := durable.ReadFile(x.fsys, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	switch {
	case len(want) == 0 && err == nil:
		return x.fsys.Remove(name)
	case len(want) == 0 || err == nil && bytes.Equal(now, want):
		return nil
	}
	temp := filepath.Join(x.file(exportTemp), "gone")
	if err := writeFile(x.fsys, temp, want); err != nil {
		return err
	}
	return x.fsys.Rename(temp, name)
}

// isNotFolder reports that a part of a path is a file.
func isNotFolder(err error) bool { return errors.Is(err, syscall.ENOTDIR) }
