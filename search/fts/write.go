package fts

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/huiyin/huiyin/search"
)

// keepChanges is how many changed documents are remembered at least for readers
// to catch up with. One that is further behind reads all columns again.
const keepChanges = 50_000

// writer is the one that changes an index.
type writer struct {
	dir   string
	texts *texts
	lock  io.Closer
	busy  atomic.Int32 // changes under way
	epoch atomic.Int64 // counts the changes that are complete

	batchUnits int // of a Rebuild; 0: the usual ones

	rebuild sync.Mutex // held by a Rebuild
	upkeep  sync.Mutex // held while runs are merged or cleaned

	mu      sync.Mutex // held by a change of the live index, which never waits for a Rebuild
	live    *target    // nil before the first
	closed  bool
	touched map[string]*search.Doc // during a Rebuild: what changed meanwhile; nil was deleted
	order   []string               // the keys of touched, in the order of the first change
}

// target is an index that is written to: the live one, or one that is being
// made.
type target struct {
	name   string
	path   string
	schema search.Schema
	texts  *texts
	c      *conn
	codes  []map[string]uint32 // by keyword field; what is in the file or the transaction
	next   []uint32            // by keyword field: the code of the next new value
	used   *usedCodes          // by documents that were written since Optimise began to look; nil: it does not
	tokens *tokens             // made when there is something to gather
	known  runs                // as far as merges have met them

	crowded bool // there are more runs than maxRuns
}

// openWriter opens the live index, if there is one, and removes what else there
// is.
func openWriter(dir string, t *texts, lock io.Closer) (*writer, error) {
	w := &writer{dir: dir, texts: t, lock: lock}
	name, err := readPointer(dir)
	if err != nil && !errors.Is(err, search.ErrNoIndex) && !errors.Is(err, search.ErrUnavailable) {
		return nil, err
	}
	// A damaged index is opened nevertheless, because a Rebuild mends it. Until
	// then every other change fails with the error of the damage.
	if err == nil {
		if w.live, err = openTarget(dir, name, t); err != nil && !errors.Is(explain(err, dir), search.ErrUnavailable) {
			return nil, err
		}
	}
	if err := sweep(dir, name); err != nil {
		return nil, err
	}
	return w, halt(dir)
}

// checkFields says whether an index can have so many text fields.
func checkFields(s search.Schema) error {
	if len(s.Text) > maxFields {
		return fmt.Errorf("%w: %d text fields, more than %d", search.ErrSchema, len(s.Text), maxFields)
	}
	return nil
}

// halt puts aside what a Rebuild was making whose process is gone.
func halt(dir string) error {
	building, halted := filepath.Join(dir, buildingName), filepath.Join(dir, haltedName)
	if _, err := os.Stat(building); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err := os.RemoveAll(halted); err != nil {
		return err
	}
	return os.Rename(building, halted)
}

// sweep removes all generations but one.
func sweep(dir, keep string) error {
	if keep == "" {
		if _, err := os.Stat(filepath.Join(dir, pointerName)); err == nil {
			return nil // the pointer cannot be read: nothing says what is rubbish
		}
	}
	all, err := generations(dir)
	if err != nil {
		return err
	}
	for _, n := range all {
		if name := generationName(n); name != keep {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// openTarget opens the live index for writing.
func openTarget(dir, name string, t *texts) (*target, error) {
	w := &target{name: name, path: filepath.Join(dir, name, fileName), texts: t}
	var err error
	if w.c, err = openConn(w.path, liveOptions); err != nil {
		return nil, explain(err, w.path)
	}
	if err := w.prepareLive(); err != nil {
		return nil, errors.Join(explain(err, w.path), w.c.close())
	}
	return w, nil
}

func (w *target) prepareLive() (err error) {
	if w.schema, err = readSchema(w.c, w.path); err != nil {
		return err
	}
	if err := keepLog(w.c); err != nil {
		return err
	}
	return w.loadCodes()
}

// keepLog makes the files of the log stay when the last connection closes:
// readers may lack the right to make them.
func keepLog(c *conn) error {
	return c.c.Raw(func(driverConn any) error {
		control, ok := driverConn.(interface {
			FileControlPersistWAL(dbName string, mode int) (int, error)
		})
		if !ok {
			return errors.New("the SQLite driver cannot keep the log")
		}
		_, err := control.FileControlPersistWAL("main", 1)
		return err
	})
}

// loadCodes reads the codes of keyword values, also after a rollback.
func (w *target) loadCodes() error {
	w.codes = make([]map[string]uint32, len(w.schema.Keyword))
	w.next = make([]uint32, len(w.schema.Keyword))
	for i := range w.codes {
		w.codes[i] = make(map[string]uint32)
		w.next[i] = 1
	}
	var field, code int64
	var name string
	return w.c.each(`SELECT field, code, name FROM value ORDER BY n`, nil, []any{&field, &code, &name}, func() error {
		if field < 0 || field >= int64(len(w.codes)) || code != int64(w.next[field]) || code > maxOrd {
			return errRow
		}
		w.next[field]++
		if name != "" {
			w.codes[field][name] = uint32(code)
		}
		return nil
	})
}

// maxText is how many bytes the texts of a document may have together.
const maxText = 4 << 20

// entry is a document made ready to be written.
type entry struct {
	doc  search.Doc
	size int // of the texts
	body []byte
}

func newEntry(s search.Schema, t *texts, d search.Doc) (entry, error) {
	if err := search.CheckDoc(s, d); err != nil {
		return entry{}, err
	}
	e := entry{doc: d}
	e.size = sizeOfTexts(d.Text)
	if e.size > maxText {
		return e, fmt.Errorf("%w: %s: texts of %d bytes, more than %d", search.ErrDoc, d.ID, e.size, maxText)
	}
	e.body = t.pack(s.Text, d)
	return e, nil
}

// data returns the encoding of a document's row. New values get a code.
func (w *target) data(d search.Doc) ([]byte, error) {
	r := row{codes: make([]uint32, len(w.schema.Keyword)), numbers: make([]int64, len(w.schema.Number))}
	for i, name := range w.schema.Keyword {
		value := d.Keyword[name]
		if value == "" {
			continue
		}
		code := w.codes[i][value]
		if code == 0 {
			code = w.next[i]
			if err := w.c.exec(`INSERT INTO value (field, code, name) VALUES (?, ?, ?)`, i, code, value); err != nil {
				return nil, err
			}
			w.next[i]++
			w.codes[i][value] = code
		}
		r.codes[i] = code
	}
	for i, name := range w.schema.Number {
		n, ok := d.Number[name]
		if r.numbers[i] = noNumber; ok {
			r.numbers[i] = n
		}
	}
	w.used.add(r.codes)
	return appendRow(nil, r), nil
}

// put adds or replaces a document within a transaction, and says whether that
// changed anything.
func (w *target) put(e entry, version int64) (changed bool, err error) {
	data, err := w.data(e.doc)
	if err != nil {
		return false, err
	}
	var ord, seq int64
	var oldData, oldBody []byte
	err = w.c.row(`SELECT d.ord, d.seq, d.data, b.texts FROM doc d JOIN body b USING (ord) WHERE d.id = ?`,
		[]any{e.doc.ID}, &ord, &seq, &oldData, &oldBody)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return true, w.add(e, data, version)
	case err != nil:
		return false, err
	case seq != e.doc.Seq:
		return false, fmt.Errorf("%w: %s: its seq was %d and is now %d", search.ErrDoc, e.doc.ID, seq, e.doc.Seq)
	case bytes.Equal(data, oldData) && bytes.Equal(e.body, oldBody):
		return false, nil
	}
	if bytes.Equal(e.body, oldBody) {
		if err := w.c.exec(`UPDATE doc SET data = ? WHERE ord = ?`, data, ord); err != nil {
			return false, err
		}
		return true, w.note(version, ord)
	}
	// Another text is another document in the lists.
	if err := w.bury(ord, version); err != nil {
		return false, err
	}
	return true, w.add(e, data, version)
}

// add adds a document that is not there.
func (w *target) add(e entry, data []byte, version int64) error {
	var ord int64
	if err := w.c.row(`UPDATE state SET docs = docs + 1, last = last + 1 RETURNING last`, nil, &ord); err != nil {
		return err
	}
	if err := w.addAt(ord, e, data); err != nil {
		return err
	}
	return w.note(version, ord)
}

func (w *target) addAt(ord int64, e entry, data []byte) error {
	if ord > maxOrd {
		return fmt.Errorf("%w: %s: the index is full; run huiyin index rebuild", search.ErrDoc, e.doc.ID)
	}
	err := w.c.exec(`INSERT INTO doc VALUES (?, ?, ?, ?)`, ord, e.doc.ID, e.doc.Seq, data)
	if sqliteCode(err) == codeConstraint {
		return fmt.Errorf("%w: %s: another document has its ID or its seq %d", search.ErrDoc, e.doc.ID, e.doc.Seq)
	}
	if err != nil {
		return err
	}
	return w.c.exec(`INSERT INTO body VALUES (?, ?)`, ord, e.body)
}

// note remembers that a document changed.
func (w *target) note(version, ord int64) error {
	return w.c.exec(`INSERT OR IGNORE INTO change VALUES (?, ?)`, version, ord)
}

// remove removes a document, and says whether it was there.
func (w *target) remove(id string, version int64) (bool, error) {
	var ord int64
	err := w.c.row(`SELECT ord FROM doc WHERE id = ?`, []any{id}, &ord)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, w.bury(ord, version)
}

// bury removes a document.
func (w *target) bury(ord, version int64) error {
	for _, query := range []string{
		`UPDATE body SET texts = x'' WHERE ord = ?`, `DELETE FROM doc WHERE ord = ?`,
		`INSERT INTO dead SELECT ? AS ord FROM state WHERE ord <= settled`,
	} {
		if err := w.c.exec(query, ord); err != nil {
			return err
		}
	}
	if err := w.c.exec(`UPDATE state SET docs = docs - 1`); err != nil {
		return err
	}
	return w.note(version, ord)
}

// change runs f, which gets the version that its changes make and says whether
// there were any, in a transaction.
func (w *target) change(f func(version int64) (bool, error)) error {
	err := w.c.within("BEGIN IMMEDIATE", func() error {
		var version, oldest int64
		if err := w.c.row(`SELECT version, oldest FROM state`, nil, &version, &oldest); err != nil {
			return err
		}
		version++
		changed, err := f(version)
		if err != nil || !changed {
			return err
		}
		if version-oldest > 2*keepChanges { // each version has a document at least
			oldest = version - keepChanges
			if err := w.c.exec(`DELETE FROM change WHERE version <= ?`, oldest); err != nil {
				return err
			}
		}
		if err := w.c.exec(`UPDATE state SET version = ?, oldest = ?`, version, oldest); err != nil {
			return err
		}
		return w.settle(maxFresh)
	})
	if err != nil {
		return errors.Join(explain(err, w.path), w.loadCodes())
	}
	return nil
}

// upsert adds or replaces documents and keeps the mark.
func (w *target) upsert(ctx context.Context, mark string, docs []search.Doc) error {
	return w.change(func(version int64) (changed bool, err error) {
		for i, d := range docs {
			if err := ctx.Err(); err != nil {
				return false, err
			}
			e, err := newEntry(w.schema, w.texts, d)
			if err != nil {
				return false, err
			}
			did, err := w.put(e, version)
			if err != nil {
				return false, err
			}
			changed = changed || did
			if i%settleEvery == settleEvery-1 {
				if err := w.settle(settleEvery); err != nil {
					return false, err
				}
			}
		}
		if mark != "" {
			return changed, w.c.exec(`UPDATE state SET mark = ? WHERE mark <> ?`, mark, mark)
		}
		return changed, nil
	})
}

func (w *target) delete(ids []string) error {
	return w.change(func(version int64) (changed bool, err error) {
		for _, id := range ids {
			did, err := w.remove(id, version)
			if err != nil {
				return false, err
			}
			changed = changed || did
		}
		return changed, nil
	})
}

// Upsert adds or replaces documents in one transaction: all of them or, with an
// error, none.
func (x *Index) Upsert(ctx context.Context, mark string, docs []search.Doc) error {
	if x.writer == nil {
		return errReadOnly
	}
	if err := errors.Join(search.CheckMark(mark), ctx.Err()); err != nil {
		return err
	}
	crowded := false
	err := x.writer.apply(func(live *target) error {
		if live == nil {
			return search.ErrNoIndex
		}
		err := live.upsert(ctx, mark, docs)
		crowded = live.crowded
		return err
	}, func(touch func(string, *search.Doc)) {
		for _, d := range docs {
			touch(d.ID, &d)
		}
	})
	if err != nil || !crowded {
		return err
	}
	return x.writer.tidy(ctx)
}

// Delete removes documents. What is left of their words in the files goes with
// the next [Index.Optimise].
func (x *Index) Delete(ctx context.Context, ids []string) error {
	if x.writer == nil {
		return errReadOnly
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return x.writer.apply(func(live *target) error {
		if live == nil {
			return nil
		}
		return live.delete(ids)
	}, func(touch func(string, *search.Doc)) {
		for _, id := range ids {
			touch(id, nil)
		}
	})
}

// apply changes the live index. During a Rebuild it also remembers what changed,
// to be done again with the new index.
func (w *writer) apply(do func(*target) error, touched func(func(string, *search.Doc))) error {
	w.busy.Add(1)
	defer w.busy.Add(-1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errClosed
	}
	live := w.live
	if live == nil {
		// There is none, or it is damaged.
		if name, err := readPointer(w.dir); err == nil {
			if live, err = openTarget(w.dir, name, w.texts); err != nil {
				return err
			}
			w.live = live
		} else if !errors.Is(err, search.ErrNoIndex) {
			return err
		}
	}
	if err := do(live); err != nil {
		return err
	}
	w.epoch.Add(1)
	if w.touched != nil {
		touched(func(id string, d *search.Doc) {
			if _, ok := w.touched[id]; ok {
				w.order = slices.DeleteFunc(w.order, func(other string) bool { return other == id })
			}
			w.touched[id] = d
			w.order = append(w.order, id)
		})
	}
	return nil
}

func (w *writer) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	var errs []error
	if w.live != nil {
		errs = append(errs, w.live.c.close())
		w.live = nil
	}
	return errors.Join(append(errs, w.lock.Close())...)
}
