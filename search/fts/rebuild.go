package fts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/durable"
)

// Rebuild makes a new index in a folder beside the live one's, and then names it
// in the pointer. When it is interrupted, the live index stays, and the next
// [Open] removes the other. The disk must have room for both.
func (x *Index) Rebuild(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
	if x.writer == nil {
		return errReadOnly
	}
	if err := search.CheckSchema(s); err != nil {
		return err
	}
	if err := search.CheckMark(mark); err != nil {
		return err
	}
	w := x.writer
	w.busy.Add(1)
	defer w.busy.Add(-1)
	w.rebuild.Lock()
	defer w.rebuild.Unlock()
	name, err := w.begin()
	if err != nil {
		return err
	}
	defer w.end()
	if err := w.make(ctx, name, s, mark, docs); err != nil {
		return errors.Join(explain(err, filepath.Join(w.dir, name)), os.RemoveAll(filepath.Join(w.dir, name)))
	}
	// Searches in this process go on to the new index now, and let the old one's
	// files go.
	if err := x.drop(name); err != nil {
		return err
	}
	return sweep(w.dir, name)
}

// drop lets go of the generation that is open if it is another.
func (x *Index) drop(name string) error {
	x.mu.Lock()
	g := x.gen
	if g == nil || g.name == name {
		x.mu.Unlock()
		return nil
	}
	x.gen = nil
	x.mu.Unlock()
	return g.release()
}

// begin starts to remember changes and returns the name of a new generation.
func (w *writer) begin() (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return "", errClosed
	}
	all, err := generations(w.dir)
	if err != nil {
		return "", err
	}
	n := 1
	if len(all) > 0 {
		n = all[len(all)-1] + 1
	}
	w.touched, w.order = make(map[string]*search.Doc), nil
	return generationName(n), nil
}

func (w *writer) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.touched, w.order = nil, nil
}

// make makes a generation and switches to it.
func (w *writer) make(ctx context.Context, name string, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
	fsys, folder := durable.OS{}, filepath.Join(w.dir, name)
	if err := durable.MkdirAll(fsys, folder); err != nil {
		return err
	}
	if err := w.fill(ctx, filepath.Join(folder, fileName), s, mark, docs); err != nil {
		return err
	}
	if err := syncFile(filepath.Join(folder, fileName)); err != nil {
		return err
	}
	next, err := openTarget(w.dir, name, w.texts)
	if err != nil {
		return err
	}
	if err := fsys.Sync(folder); err != nil {
		return errors.Join(err, next.c.close())
	}
	if err := w.switchTo(ctx, next); err != nil {
		return errors.Join(err, next.c.close())
	}
	return nil
}

// switchTo does again what changed during the Rebuild, and makes next the live
// index.
func (w *writer) switchTo(ctx context.Context, next *target) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errClosed
	}
	if err := next.replay(ctx, w.order, w.touched); err != nil {
		return err
	}
	if err := durable.WriteFile(durable.OS{}, filepath.Join(w.dir, pointerName), []byte(next.name+"\n")); err != nil {
		return err
	}
	w.epoch.Add(1)
	old := w.live
	w.live = next
	if old != nil {
		return old.c.close()
	}
	return nil
}

// replay does what changed during the Rebuild.
func (w *target) replay(ctx context.Context, order []string, touched map[string]*search.Doc) error {
	if len(order) == 0 {
		return nil
	}
	return w.change(func(version int64) (bool, error) {
		for _, id := range order {
			if err := ctx.Err(); err != nil {
				return false, err
			}
			d := touched[id]
			if d == nil {
				if _, err := w.remove(id, version); err != nil {
					return false, err
				}
				continue
			}
			e, err := newEntry(w.schema, w.texts, *d)
			if err != nil {
				return false, err
			}
			if _, err := w.put(e, version); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

// batch is how many documents a transaction of a Rebuild holds, and how many are
// made ready at a time.
const batch = 256

// fill makes the file of an index. Documents are made ready on one goroutine and
// written on another.
func (w *writer) fill(ctx context.Context, path string, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	t := &target{path: path, schema: s, texts: w.texts}
	if t.c, err = openConn(path, buildOptions); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.c.close()) }()
	if err := t.create(); err != nil {
		return err
	}
	if err := t.fill(ctx, docs); err != nil {
		return err
	}
	return t.finish(mark)
}

// create makes the tables.
func (w *target) create() error {
	schema, err := json.Marshal(w.schema)
	if err != nil {
		return err
	}
	script := fmt.Sprintf(layout, tokenColumns(len(w.schema.Text))) +
		fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, format) +
		`INSERT INTO tokens (tokens, rank) VALUES ('automerge', 0), ('crisismerge', 1999), ('hashsize', 33554432);`
	if err := w.c.script(script); err != nil {
		return err
	}
	if err := w.c.exec(`INSERT INTO meta VALUES ('schema', ?)`, string(schema)); err != nil {
		return err
	}
	w.prepareSQL()
	return w.loadCodes()
}

// fill writes all documents.
func (w *target) fill(ctx context.Context, docs iter.Seq2[search.Doc, error]) error {
	ctx, cancel := context.WithCancel(ctx)
	ready := make(chan []entry, 2)
	written := make(chan error, 1)
	go func() {
		err := w.write(ready)
		if err != nil {
			cancel() // nobody takes what is made ready
		}
		written <- err
	}()
	err := prepareAll(ctx, w.schema, w.texts, docs, ready)
	close(ready)
	writeErr := <-written
	cancel()
	if writeErr != nil {
		return writeErr
	}
	return err
}

// prepareAll makes documents ready in batches.
func prepareAll(ctx context.Context, s search.Schema, t *texts, docs iter.Seq2[search.Doc, error], ready chan<- []entry) error {
	entries := make([]entry, 0, batch)
	send := func() error {
		select {
		case ready <- entries:
			entries = make([]entry, 0, batch)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for d, err := range docs {
		if err != nil {
			return err
		}
		e, err := newEntry(s, t, d)
		if err != nil {
			return err
		}
		if entries = append(entries, e); len(entries) == batch {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return send()
}

// write writes the batches.
func (w *target) write(ready <-chan []entry) error {
	var ord int64
	for entries := range ready {
		err := w.c.within("BEGIN", func() error {
			for _, e := range entries {
				data, err := w.data(e.doc)
				if err != nil {
					return err
				}
				ord++
				if err := w.addAt(ord, e, data); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return w.c.exec(`UPDATE state SET docs = ?`, ord)
}

// finish brings the index into its lasting form.
func (w *target) finish(mark string) error {
	if err := w.c.exec(`UPDATE state SET version = 1, oldest = 1, mark = ?`, mark); err != nil {
		return err
	}
	return w.c.script(`DELETE FROM change;
		INSERT INTO tokens (tokens) VALUES ('optimize');
		INSERT INTO tokens (tokens, rank) VALUES ('automerge', 4), ('crisismerge', 16), ('hashsize', 1048576);
		PRAGMA locking_mode = NORMAL;
		PRAGMA journal_mode = WAL;`)
}

// syncFile makes the content of a file survive a power cut.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
