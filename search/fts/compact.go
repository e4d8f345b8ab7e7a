package fts

import (
	"context"
	"database/sql"
	"errors"
)

// maxRuns is how many runs there may be before a change merges some. Optimise
// merges from fewRuns on.
const (
	maxRuns = 16
	fewRuns = 4
)

// maxRow is above every number of a row.
const maxRow = 1<<63 - 1

// stepBlocks is how many blocks a step of a merge writes. Other changes wait for
// a step.
const stepBlocks = 64

// tidy merges runs while there are more than maxRuns, in steps between which
// other changes get their turn. What a context that ends leaves undone, the next
// call does; it is no error.
func (w *writer) tidy(ctx context.Context) error {
	if !w.upkeep.TryLock() {
		return nil // Optimise does it
	}
	defer w.upkeep.Unlock()
	for more := true; more && ctx.Err() == nil; {
		_, err := w.step(func(t *target) (err error) {
			if more, err = t.mergeStep(maxRuns); err == nil && !more {
				t.crowded = false
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// step runs f on the live index in a transaction of its own.
func (w *writer) step(f func(*target) error) (*target, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, errClosed
	}
	t := w.live
	if t == nil {
		return nil, nil // a step is called again only by what has one
	}
	return t, explain(t.c.within("BEGIN IMMEDIATE", func() error { return f(t) }), t.path)
}

// mergeStep does some of the work that there is, and says whether there is more:
// it blanks a run that was merged, goes on with a merge, or begins one.
func (w *target) mergeStep(most int) (more bool, err error) {
	var run, lo, hi int64
	err = w.c.row(`SELECT run FROM run WHERE state = ? LIMIT 1`, []any{runGone}, &run)
	if err == nil {
		return true, w.blank(run)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	err = w.c.row(`SELECT run, lo, hi FROM run WHERE state = ? LIMIT 1`, []any{runMaking}, &run, &lo, &hi)
	if err == nil {
		return true, w.mergeSome(run, lo, hi)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	if lo, hi, err = w.mergeRange(most); err != nil || hi == 0 {
		return false, err
	}
	_, err = w.newRun(lo, hi)
	return true, err
}

// blank blanks some blocks of a run that nobody reads any more, see layout.
func (w *target) blank(run int64) error {
	var id, start int64
	var bounds []byte
	err := w.c.row(`SELECT id, start, bounds FROM dir WHERE run = ? AND length(bounds) > 0 LIMIT 1`, []any{run}, &id, &start, &bounds)
	if errors.Is(err, sql.ErrNoRows) {
		return w.c.exec(`DELETE FROM run WHERE run = ?`, run)
	}
	if err != nil {
		return err
	}
	all, err := readBounds(bounds)
	if err != nil {
		return err
	}
	if err := w.c.exec(`UPDATE block SET docs = x'', places = x'' WHERE id >= ? AND id < ?`, start, start+int64(len(all))); err != nil {
		return err
	}
	return w.c.exec(`UPDATE dir SET bounds = x'' WHERE id = ?`, id)
}

// mergeRange returns the range of the runs to be merged next: the last ones,
// each together with all that are smaller, so that a document is merged a
// logarithmic number of times. Nothing is to be done when hi is 0.
func (w *target) mergeRange(most int) (lo, hi int64, err error) {
	have, err := loadRuns(w.c, 0, &w.known)
	if err != nil {
		return 0, 0, err
	}
	w.known = *have
	all := have.all
	if len(all) <= most {
		return 0, 0, nil
	}
	from := len(all) - 1
	sum := all[from].hi - all[from].lo
	for from > 0 {
		next := all[from-1].hi - all[from-1].lo
		if next > 2*sum && from < len(all)-1 {
			break
		}
		sum += next
		from--
	}
	return int64(all[from].lo), int64(all[len(all)-1].hi), nil
}

// mergeSome goes on with a merge.
func (w *target) mergeSome(id, lo, hi int64) error {
	have, err := loadRuns(w.c, 0, &w.known)
	if err != nil {
		return err
	}
	w.known = *have
	out := &runWriter{c: w.c, run: id}
	last, err := lastKey(w.c, id, maxRow)
	if err != nil {
		return err
	}
	if err := out.resume(last); err != nil {
		return err
	}
	var sources []source
	for _, r := range have.all {
		if int64(r.lo) >= lo && int64(r.hi) <= hi {
			s := &runSource{c: w.c, run: r}
			if last != nil {
				s.i = r.from(last)
			}
			sources = append(sources, s)
		}
	}
	gone, err := loadDead(w.c, lo, hi)
	if err != nil {
		return err
	}
	m, err := newMerger(sources, last, gone.drop())
	if err != nil {
		return err
	}
	for end := out.next + stepBlocks; out.next < end; {
		more, err := m.next(&out.blockWriter)
		if err != nil {
			return err
		}
		if more {
			continue
		}
		if err := w.c.exec(`UPDATE run SET state = ? WHERE state = ? AND lo >= ? AND hi <= ?`, runGone, runMade, lo, hi); err != nil {
			return err
		}
		if err := out.finish(); err != nil {
			return err
		}
		return w.c.exec(`UPDATE state SET layout = layout + 1`)
	}
	return out.pause()
}

// lastKey returns the last key of a run that is written in rows of dir before
// one, or nil.
func lastKey(c *conn, run, before int64) ([]byte, error) {
	type span struct{ start, end int64 }
	var spans []span
	var start int64
	var bounds []byte
	err := c.each(`SELECT start, bounds FROM dir WHERE run = ? AND id < ? ORDER BY id DESC`, []any{run, before}, []any{&start, &bounds}, func() error {
		all, err := readBounds(bounds)
		spans = append(spans, span{start, start + int64(len(all))})
		return err
	})
	if err != nil {
		return nil, err
	}
	var r blockReader
	for _, s := range spans {
		for id := s.end - 1; id >= s.start; id-- {
			var docs []byte
			if err := c.row(`SELECT docs FROM block WHERE id = ?`, []any{id}, &docs); err != nil {
				return nil, err
			}
			for r.reset(docs, nil); r.next(); {
			}
			if r.err != nil || len(r.key) > 0 {
				return r.key, r.err
			}
		}
	}
	return nil, nil
}

// runSource gives the blocks of a run to a merge.
type runSource struct {
	c   *conn
	run *run
	i   int
}

func (s *runSource) next() (docs, places []byte, ok bool, err error) {
	if s.i == len(s.run.blocks) {
		return nil, nil, false, nil
	}
	err = s.c.row(`SELECT docs, places FROM block WHERE id = ?`, []any{s.run.blocks[s.i]}, &docs, &places)
	s.i++
	return docs, places, true, err
}

// deadSet are documents that are to go from the lists.
type deadSet struct {
	lo   uint32
	bits set
	n    int
}

// loadDead reads the documents above lo up to hi that are dead.
func loadDead(c *conn, lo, hi int64) (*deadSet, error) {
	d := &deadSet{lo: uint32(lo), bits: make(set, (hi-lo)/64+1)}
	var ord int64
	err := c.each(`SELECT ord FROM dead WHERE ord > ? AND ord <= ?`, []any{lo, hi}, []any{&ord}, func() error {
		d.bits.add(uint32(ord - lo))
		d.n++
		return nil
	})
	return d, err
}

func (d *deadSet) has(ord uint32) bool {
	i := ord - d.lo
	return int(i/64) < len(d.bits) && d.bits[i/64]>>(i%64)&1 != 0
}

// drop returns has, or nil when nothing is dead.
func (d *deadSet) drop() func(uint32) bool {
	if d.n == 0 {
		return nil
	}
	return d.has
}
