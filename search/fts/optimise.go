package fts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/huiyin/huiyin/search"
)

// Optimise takes out of the files what deleted and replaced documents have left
// there, and merges runs, so that searches have few to look into. When it
// returns nil, no word of a document that was gone when it was called is in any
// file of the index, save in what a Rebuild under way is making.
//
// It works in steps of some milliseconds: other changes get their turn between
// them. It can be interrupted and called again. Readers may search meanwhile;
// but while one of them is at work on a state from before, the log cannot be
// emptied, and Optimise fails with an error that wraps [search.ErrUnavailable].
// All is done then but for that: call it again a little later.
func (x *Index) Optimise(ctx context.Context) error {
	if x.writer == nil {
		return errReadOnly
	}
	w := x.writer
	w.busy.Add(1)
	defer w.busy.Add(-1)
	w.upkeep.Lock()
	defer w.upkeep.Unlock()
	if err := w.discardHalted(); err != nil {
		return err
	}
	for {
		again, err := w.clean(ctx)
		if err != nil || !again {
			return err
		}
	}
}

// discardHalted removes what an interrupted Rebuild has made, which may hold what
// has been deleted since.
func (w *writer) discardHalted() error {
	if !w.rebuild.TryLock() {
		return nil // it is going on
	}
	defer w.rebuild.Unlock()
	return os.RemoveAll(filepath.Join(w.dir, haltedName))
}

// errSwapped ends the cleaning of an index that is no longer the live one.
var errSwapped = errors.New("another index took over")

// clean cleans the live index. When a Rebuild replaces it meanwhile, it has to
// be called again.
func (w *writer) clean(ctx context.Context) (again bool, err error) {
	k := &cleaner{w: w, ctx: ctx}
	for _, part := range []func() error{k.begin, k.merge, k.lists, k.values, k.log} {
		err := part()
		if errors.Is(err, errSwapped) {
			return true, nil
		}
		if err != nil || k.t == nil {
			return false, err
		}
	}
	return false, nil
}

// cleaner is an Optimise at work on one live index.
type cleaner struct {
	w   *writer
	ctx context.Context
	t   *target // nil: there is none
}

// step runs f in a transaction.
func (k *cleaner) step(f func(*target) error) error {
	if err := k.ctx.Err(); err != nil {
		return err
	}
	_, err := k.w.step(func(t *target) error {
		if t != k.t {
			return errSwapped
		}
		return f(t)
	})
	return err
}

func (k *cleaner) begin() (err error) {
	if err := k.ctx.Err(); err != nil {
		return err
	}
	// A damaged index is opened by any change, and fails with its error.
	if err := k.w.apply(func(*target) error { return nil }, func(func(string, *search.Doc)) {}); err != nil {
		return err
	}
	k.t, err = k.w.step(func(*target) error { return nil })
	return err
}

func (k *cleaner) merge() error {
	for more := true; more; {
		err := k.step(func(t *target) (err error) {
			more, err = t.mergeStep(fewRuns)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lists takes dead documents out of the lists. Those that die meanwhile stay
// dead until the next time.
func (k *cleaner) lists() error {
	type row struct{ id, lo, hi int64 } // of dir
	var rows []row
	var dead []int64
	err := k.step(func(t *target) error {
		var r row
		err := t.c.each(`SELECT d.id, r.lo, r.hi FROM run r JOIN dir d USING (run) WHERE r.state = ?
			AND EXISTS (SELECT 1 FROM dead WHERE ord > r.lo AND ord <= r.hi) ORDER BY d.id`,
			[]any{runMade}, []any{&r.id, &r.lo, &r.hi}, func() error {
				rows = append(rows, r)
				return nil
			})
		if err != nil {
			return err
		}
		var ord int64
		return t.c.each(`SELECT ord FROM dead`, nil, []any{&ord}, func() error {
			dead = append(dead, ord)
			return nil
		})
	})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := k.step(func(t *target) error { return t.scrub(r.id, r.lo, r.hi) }); err != nil {
			return err
		}
	}
	const some = 1000
	for ; len(dead) > 0; dead = dead[min(some, len(dead)):] {
		err := k.step(func(t *target) error {
			for _, ord := range dead[:min(some, len(dead))] {
				if err := t.c.exec(`DELETE FROM dead WHERE ord = ?`, ord); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// scrub takes the dead documents out of the blocks of a row of dir.
func (w *target) scrub(id, lo, hi int64) error {
	gone, err := loadDead(w.c, lo, hi)
	if err != nil {
		return err
	}
	var run, start int64
	var packed []byte
	if err := w.c.row(`SELECT run, start, bounds FROM dir WHERE id = ?`, []any{id}, &run, &start, &packed); err != nil {
		return err
	}
	bounds, err := readBounds(packed)
	if err != nil {
		return err
	}
	type cleaned struct {
		at           int
		docs, places []byte
	}
	var all []cleaned
	s := scrubber{drop: gone.has}
	if s.last, err = lastKey(w.c, run, id); err != nil {
		return err
	}
	at, moved := -1, false
	err = readBlocks(w.c, start, start+int64(len(bounds)), true, func(docs, places []byte) error {
		at++
		changed, err := s.scrub(docs, places)
		if err != nil || !changed {
			return err
		}
		all = append(all, cleaned{at, append([]byte{}, s.out.docs...), append([]byte{}, s.out.places...)})
		if s.firstGone {
			bounds[at] = boundOf(s.before, s.out.first)
			moved = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	if at+1 != len(bounds) {
		return errRow
	}
	for _, b := range all {
		if err := w.c.exec(`UPDATE block SET docs = ?, places = ? WHERE id = ?`, b.docs, b.places, start+int64(b.at)); err != nil {
			return err
		}
	}
	if !moved {
		return nil
	}
	return w.c.exec(`UPDATE dir SET bounds = ? WHERE id = ?`, appendBounds(nil, bounds...), id)
}

// scrubber takes documents out of blocks, one after the other.
type scrubber struct {
	drop func(uint32) bool

	out       blockWriter // the block without them
	firstGone bool        // its first key is another
	before    []byte      // the last key of the block before

	r    blockReader
	last []byte
	list list
	ords []uint32
	at   places
}

// scrub reads a block into out and says whether anything had to go.
func (s *scrubber) scrub(docs, places []byte) (changed bool, err error) {
	s.before = append(s.before[:0], s.last...)
	s.out.docs, s.out.places, s.out.first = s.out.docs[:0], s.out.places[:0], s.out.first[:0]
	s.out.emit = func(_, _, _ []byte) error { return nil }
	s.firstGone = false
	first := true
	for s.r.reset(docs, places); s.r.next(); first = false {
		kept, err := s.keep(&s.r.posting)
		if err != nil {
			return false, err
		}
		changed = changed || kept < s.r.n
		if kept == 0 {
			s.firstGone = s.firstGone || first
			continue
		}
		s.last = append(s.last[:0], s.r.key...)
	}
	if len(s.out.docs) == 0 && changed {
		s.out.first = append(s.out.first[:0], s.last...) // a bound like any other
	}
	return changed, s.r.err
}

// keep copies a list without the documents and returns how many it keeps.
func (s *scrubber) keep(p *posting) (int, error) {
	var err error
	if s.ords, err = readDocs(s.ords[:0], p.docs, p.n); err != nil {
		return 0, err
	}
	kept := 0
	for _, ord := range s.ords {
		if !s.drop(ord) {
			kept++
		}
	}
	if kept == p.n {
		return kept, s.out.append(p.key, p.n, p.docs, p.places)
	}
	if err := s.at.reset(p.places, p.n); err != nil {
		return 0, err
	}
	s.list.reset()
	for i, ord := range s.ords {
		if s.drop(ord) {
			continue
		}
		for _, place := range s.at.of(i) {
			s.list.add(ord, place)
		}
	}
	if kept == 0 || s.at.err != nil {
		return kept, s.at.err
	}
	return kept, s.out.appendList(p.key, &s.list)
}

// values takes the names of values away that no document has.
func (k *cleaner) values() error {
	err := k.step(func(t *target) error {
		t.used = newUsedCodes(len(t.schema.Keyword))
		return nil
	})
	if err != nil {
		return err
	}
	defer func() {
		k.w.mu.Lock()
		defer k.w.mu.Unlock()
		k.t.used = nil
	}()
	for from, more := int64(0), true; more; {
		err := k.step(func(t *target) (err error) {
			from, more, err = t.useSome(from)
			return err
		})
		if err != nil {
			return err
		}
	}
	err = k.step(func(t *target) error { return t.forget() })
	return err
}

// useSome notes the values of some documents behind an ordinal, and returns the
// last one of them.
func (w *target) useSome(from int64) (last int64, more bool, err error) {
	const some = 5000
	r := row{codes: make([]uint32, len(w.schema.Keyword)), numbers: make([]int64, len(w.schema.Number))}
	n := 0
	var data []byte
	err = w.c.each(`SELECT ord, data FROM doc WHERE ord > ? ORDER BY ord LIMIT ?`, []any{from, some}, []any{&last, &data}, func() error {
		n++
		if err := readRow(data, r); err != nil {
			return err
		}
		w.used.add(r.codes)
		return nil
	})
	return last, n == some, err
}

// forget blanks the names of values that are not used.
func (w *target) forget() error {
	var gone []int64
	var n, field, code int64
	err := w.c.each(`SELECT n, field, code FROM value WHERE name <> ''`, nil, []any{&n, &field, &code}, func() error {
		if !w.used.has(int(field), uint32(code)) {
			gone = append(gone, n)
		}
		return nil
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	for _, n := range gone {
		if err := w.c.exec(`UPDATE value SET name = '' WHERE n = ?`, n); err != nil {
			return err
		}
	}
	return w.loadCodes()
}

// usedCodes are the codes of the values that documents have.
type usedCodes struct{ byField []map[uint32]bool }

func newUsedCodes(fields int) *usedCodes {
	u := &usedCodes{byField: make([]map[uint32]bool, fields)}
	for i := range u.byField {
		u.byField[i] = make(map[uint32]bool)
	}
	return u
}

// add adds the codes of a document. A nil set takes none.
func (u *usedCodes) add(codes []uint32) {
	if u == nil {
		return
	}
	for f, c := range codes {
		u.byField[f][c] = true
	}
}

func (u *usedCodes) has(field int, code uint32) bool { return u.byField[field][code] }

// log writes the log into the file and empties it.
func (k *cleaner) log() error {
	k.w.mu.Lock()
	defer k.w.mu.Unlock()
	if k.w.closed {
		return errClosed
	}
	if k.w.live != k.t {
		return errSwapped
	}
	c := k.t.c
	// Whoever holds an old state is not waited for, because changes would wait too.
	if err := c.script(`PRAGMA busy_timeout = 0`); err != nil {
		return err
	}
	var busy, inLog, copied int
	err := c.row(`PRAGMA wal_checkpoint(TRUNCATE)`, nil, &busy, &inLog, &copied)
	if resetErr := c.script(fmt.Sprintf(`PRAGMA busy_timeout = %d`, busyTimeout)); resetErr != nil {
		return resetErr
	}
	if busy != 0 || sqliteCode(err) == codeBusy {
		return fmt.Errorf("%w: what was deleted may still be in the log of %s, because a search is at work on an old state; run huiyin index optimise again", search.ErrUnavailable, k.t.path)
	}
	return explain(err, k.t.path)
}
