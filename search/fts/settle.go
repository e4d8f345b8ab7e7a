package fts

// maxFresh is how many documents may be in no run before a change makes one of
// them. Searches look through their texts, a microsecond each.
const maxFresh = 128

// settleEvery is how many documents a large change makes a run of.
const settleEvery = 4096

// settle makes a run of the documents that are in none, within a transaction, if
// they are as many as most. Long texts can make several.
func (w *target) settle(most int64) error {
	var last, settled int64
	if err := w.c.row(`SELECT last, settled FROM state`, nil, &last, &settled); err != nil || last-settled < most {
		return err
	}
	if w.tokens == nil {
		w.tokens = newTokens(len(w.schema.Text))
	}
	w.tokens.reset()
	lo, hi := settled, settled
	var ord int64
	var body []byte
	err := w.c.each(`SELECT d.ord, b.texts FROM doc d JOIN body b USING (ord) WHERE d.ord > ? ORDER BY d.ord`, []any{settled}, []any{&ord, &body}, func() error {
		texts, err := w.texts.unpack(w.schema.Text, body)
		if err != nil {
			return err
		}
		if w.tokens.full(sizeOfTexts(texts)) {
			if err := w.writeRun(lo, hi); err != nil {
				return err
			}
			lo = hi
		}
		w.tokens.addDoc(w.schema, uint32(ord), texts)
		hi = ord
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.writeRun(lo, last); err != nil {
		return err
	}
	if err := w.c.exec(`UPDATE state SET settled = last, layout = layout + 1`); err != nil {
		return err
	}
	return w.c.row(`SELECT count(*) > ? FROM run WHERE state = ?`, []any{maxRuns, runMade}, &w.crowded)
}

// writeRun makes a run of what was gathered, if anything was.
func (w *target) writeRun(lo, hi int64) error {
	if w.tokens.count == 0 {
		return nil
	}
	out, err := w.newRun(lo, hi)
	if err != nil {
		return err
	}
	if err := w.tokens.write(&out.blockWriter); err != nil {
		return err
	}
	return out.finish()
}

func sizeOfTexts(texts map[string]string) int {
	n := 0
	for _, t := range texts {
		n += len(t)
	}
	return n
}

// runWriter writes the blocks of a run.
type runWriter struct {
	blockWriter
	c      *conn
	run    int64
	start  int64 // number of the first block that bounds has
	next   int64 // number of the next block
	bounds [][]byte
	prev   []byte // the last key of the block before
}

// dirBlocks is how many blocks a row of dir has at most.
const dirBlocks = 256

// newRun begins a run of the documents above lo up to hi.
func (w *target) newRun(lo, hi int64) (*runWriter, error) {
	out := &runWriter{c: w.c}
	err := w.c.row(`INSERT INTO run SELECT coalesce(max(run), 0) + 1, ?, ?, ? FROM run RETURNING run`, []any{lo, hi, runMaking}, &out.run)
	if err != nil {
		return nil, err
	}
	return out, out.resume(nil)
}

// resume goes on with the run, whose last key is given, behind the last block of
// the file.
func (w *runWriter) resume(last []byte) error {
	if err := w.c.row(`SELECT coalesce(max(id), 0) + 1 FROM block`, nil, &w.next); err != nil {
		return err
	}
	w.start, w.bounds, w.prev = w.next, nil, last
	w.emit = w.write
	return nil
}

// write writes a block.
func (w *runWriter) write(first, docs, places []byte) error {
	if err := w.c.exec(`INSERT INTO block VALUES (?, ?, ?)`, w.next, docs, places); err != nil {
		return err
	}
	w.next++
	w.bounds = append(w.bounds, boundOf(w.prev, first))
	w.prev = append(w.prev[:0], w.last...)
	if len(w.bounds) == dirBlocks {
		return w.writeBounds()
	}
	return nil
}

// boundOf returns the shortest bound between the last key of a block and the
// first of the next.
func boundOf(last, first []byte) []byte {
	n := 0
	for n < len(last) && n < len(first) && last[n] == first[n] {
		n++
	}
	return append([]byte(nil), first[:min(n+1, len(first))]...)
}

// pause completes what is written, so that a transaction can end.
func (w *runWriter) pause() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.writeBounds()
}

func (w *runWriter) writeBounds() error {
	if len(w.bounds) == 0 {
		return nil
	}
	err := w.c.exec(`INSERT INTO dir (run, start, bounds) VALUES (?, ?, ?)`, w.run, w.start, appendBounds(nil, w.bounds...))
	w.start, w.bounds = w.next, w.bounds[:0]
	return err
}

// finish completes the run.
func (w *runWriter) finish() error {
	if err := w.pause(); err != nil {
		return err
	}
	return w.c.exec(`UPDATE run SET state = ? WHERE run = ?`, runMade, w.run)
}
