package fts

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/durable"
)

// Rebuild makes a new index in a folder beside the live one's, and then names it
// in the pointer. When it fails, the live index stays. Until it is done the disk
// must have room for both and for a file nearly as large as the new one.
//
// When it is interrupted, because ctx ends or the process is killed, the next
// Rebuild with the same schema takes over what was made of the documents that it
// gets again, unchanged and in the same order from the first on; see builder.
func (x *Index) Rebuild(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
	if x.writer == nil {
		return errReadOnly
	}
	if err := errors.Join(search.CheckSchema(s), checkFields(s), search.CheckMark(mark), ctx.Err()); err != nil {
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
	if err := w.build(ctx, s, mark, docs); err != nil {
		return explain(err, filepath.Join(w.dir, buildingName))
	}
	if err := w.takeOver(name); err != nil {
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

// build makes a complete index in the folder of what is being built. What an
// interruption left is taken up, and left again by another.
func (w *writer) build(ctx context.Context, s search.Schema, mark string, docs iter.Seq2[search.Doc, error]) error {
	folder, halted := filepath.Join(w.dir, buildingName), filepath.Join(w.dir, haltedName)
	if err := os.Rename(halted, folder); errors.Is(err, os.ErrNotExist) {
		err = durable.MkdirAll(durable.OS{}, folder)
		if err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	b, err := openBuilder(folder, s, w.texts)
	if err == nil {
		if w.batchUnits > 0 {
			b.tokens.limit = w.batchUnits
		}
		err = errors.Join(b.run(ctx, mark, docs), b.close())
	}
	switch {
	case err == nil:
		return syncAll(folder)
	case ctx.Err() != nil:
		return errors.Join(err, os.Rename(folder, halted))
	}
	return errors.Join(err, os.RemoveAll(folder))
}

// syncAll makes a folder of files survive a power cut.
func syncAll(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		f, err := os.OpenFile(filepath.Join(folder, e.Name()), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return durable.OS{}.Sync(folder)
}

// takeOver makes what was built the live index, after what changed during the
// Rebuild was done to it again. It is short, and not to be interrupted.
func (w *writer) takeOver(name string) error {
	if err := durable.Rename(durable.OS{}, filepath.Join(w.dir, buildingName), filepath.Join(w.dir, name)); err != nil {
		return err
	}
	next, err := openTarget(w.dir, name, w.texts)
	if err != nil {
		return err
	}
	if err := w.switchTo(next); err != nil {
		return errors.Join(err, next.c.close())
	}
	return nil
}

// switchTo does again what changed during the Rebuild, and makes next the live
// index.
func (w *writer) switchTo(next *target) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errClosed
	}
	if err := next.replay(w.order, w.touched); err != nil {
		return err
	}
	if err := next.c.exec(`UPDATE state SET born = version`); err != nil {
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
func (w *target) replay(order []string, touched map[string]*search.Doc) error {
	if len(order) == 0 {
		return nil
	}
	return w.change(func(version int64) (bool, error) {
		for _, id := range order {
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
