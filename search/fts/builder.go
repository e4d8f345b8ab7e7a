package fts

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/huiyin/huiyin/search"
)

// spillName is the file of sorted lists beside an index that is being built.
const spillName = "lists"

// builder makes an index of documents that come in a sequence. Rows are written
// as documents come. Their tokens are gathered, and those of a batch of
// documents sorted and written to a file of lists; in the end the batches are
// merged into one run.
//
// After each batch everything is synced, and a row of the table batch says how
// many documents there were, a hash of all of them, and how far the file of
// lists goes. A builder that takes up what was interrupted compares the hashes
// of the documents that come with those of the batches: those that are equal are
// done, the others are made anew.
type builder struct {
	*target
	file    *os.File
	batches []batchRow
	last    int64 // ordinal
	offset  int64 // in file
	some    int64 // blocks that a transaction of the merge writes
	kept    bool  // keepBatches was called
	open    bool  // a transaction, which everything is written in
}

// begin begins a transaction, unless there is one.
func (b *builder) begin() error {
	if b.open {
		return nil
	}
	b.open = true
	return b.c.exec("BEGIN")
}

func (b *builder) commit() error {
	if !b.open {
		return nil
	}
	b.open = false
	return b.c.exec("COMMIT")
}

// batchRow says what there is after a batch.
type batchRow struct {
	docs   int64  // documents so far
	hash   []byte // of them
	last   int64  // their last ordinal
	offset int64  // where the batch ends in the file of lists
}

// buildLayout is what an index has while it is built.
const buildLayout = `CREATE TABLE batch (docs INTEGER PRIMARY KEY, hash BLOB NOT NULL, last INTEGER NOT NULL, offset INTEGER NOT NULL) STRICT;`

// openBuilder opens a folder to build in. What is there is removed unless it can
// be taken up.
func openBuilder(folder string, s search.Schema, t *texts) (*builder, error) {
	b := &builder{target: &target{path: filepath.Join(folder, fileName), schema: s, texts: t}, some: 2000}
	if err := b.takeUp(folder); err == nil {
		return b, nil
	}
	// Whatever is wrong with it: it is half an index and can be made again.
	for _, name := range []string{fileName, fileName + "-journal", fileName + "-wal", fileName + "-shm", spillName} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return b, b.create(folder)
}

var errFirst = errors.New("nothing was begun")

// takeUp opens what an interrupted build has left.
func (b *builder) takeUp(folder string) (err error) {
	if _, err := os.Stat(b.path); err != nil {
		return errFirst
	}
	if b.c, err = openConn(b.path, buildOptions); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	have, err := readSchema(b.c, b.path)
	if err != nil {
		return err
	}
	x, _ := json.Marshal(have)
	y, _ := json.Marshal(b.schema)
	if string(x) != string(y) {
		return errFirst
	}
	var r batchRow
	err = b.c.each(`SELECT docs, hash, last, offset FROM batch ORDER BY docs`, nil, []any{&r.docs, &r.hash, &r.last, &r.offset}, func() error {
		b.batches = append(b.batches, r)
		r.hash = nil
		return nil
	})
	if err != nil {
		return err
	}
	if len(b.batches) == 0 {
		return errFirst
	}
	b.last, b.offset = r.last, r.offset
	if b.file, err = os.OpenFile(filepath.Join(folder, spillName), os.O_RDWR, 0); err != nil {
		return err
	}
	if size, err := b.file.Seek(0, io.SeekEnd); err != nil || size < b.offset {
		return errors.Join(errFirst, err)
	}
	b.tokens = newTokens(len(b.schema.Text))
	return b.loadCodes()
}

// create makes the tables and the file of lists.
func (b *builder) create(folder string) (err error) {
	schema, err := json.Marshal(b.schema)
	if err != nil {
		return err
	}
	b.batches, b.last, b.offset = nil, 0, 0
	f, err := os.OpenFile(b.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if b.file, err = os.OpenFile(filepath.Join(folder, spillName), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return err
	}
	if b.c, err = openConn(b.path, buildOptions); err != nil {
		return errors.Join(err, b.close())
	}
	err = b.begin()
	if err == nil {
		err = b.c.script(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, format) + layout + buildLayout)
	}
	if err == nil {
		err = b.c.exec(`INSERT INTO meta VALUES ('schema', ?)`, string(schema))
	}
	if err != nil {
		return errors.Join(err, b.close())
	}
	b.tokens = newTokens(len(b.schema.Text))
	return b.loadCodes()
}

// close closes the files.
func (b *builder) close() error {
	var errs []error
	if b.c != nil {
		errs = append(errs, b.c.close())
		b.c = nil
	}
	if b.file != nil {
		errs = append(errs, b.file.Close())
		b.file = nil
	}
	return errors.Join(errs...)
}

// run writes all documents, merges the lists, and brings the index into its
// lasting form. Documents are made ready on this goroutine and written on
// another.
func (b *builder) run(ctx context.Context, mark string, docs iter.Seq2[search.Doc, error]) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	ready := make(chan portion, 4)
	written := make(chan error, 1)
	go func() {
		err := b.write(ready)
		if err != nil {
			cancel()
			for range ready { // what is made ready until then is for nobody
			}
		}
		written <- err
	}()
	f := feed{schema: b.schema, texts: b.texts, known: b.batches, ready: ready}
	err := f.readAll(inner, docs)
	close(ready)
	if err := <-written; err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return errors.Join(err, b.commit())
	}
	if err != nil {
		return err
	}
	if err := b.merge(ctx); err != nil {
		return err
	}
	return b.finish(mark, f.docs)
}

// write writes the documents and their tokens, and commits each batch but the
// last.
func (b *builder) write(ready <-chan portion) error {
	var last numbered
	for p := range ready {
		if err := b.keepBatches(p.batches); err != nil {
			return err
		}
		for _, e := range p.entries {
			if last.docs > 0 && b.tokens.full(e.size) {
				if err := errors.Join(b.endBatch(last), b.commit()); err != nil {
					return err
				}
			}
			if last.docs == 0 {
				if err := b.unmerge(); err != nil {
					return err
				}
			}
			if err := b.writeDoc(e.entry); err != nil {
				return err
			}
			last = numbered{docs: e.docs, hash: e.hash}
		}
	}
	if last.docs == 0 {
		return nil
	}
	return b.endBatch(last)
}

// keepBatches drops what an earlier build has left but for the first n batches.
// Ordinals are not given again, so that what was written needs only to be
// blanked; see layout.
func (b *builder) keepBatches(n int) error {
	if b.kept || n == len(b.batches) {
		b.kept = true
		return nil
	}
	b.kept = true
	var keep batchRow
	if n > 0 {
		keep = b.batches[n-1]
	}
	b.batches, b.offset = b.batches[:n], keep.offset
	if err := b.unmerge(); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM doc WHERE ord > ?`, `UPDATE body SET texts = x'' WHERE ord > ?`, `DELETE FROM batch WHERE last > ?`,
	} {
		if err := b.c.exec(query, keep.last); err != nil {
			return err
		}
	}
	return nil
}

// unmerge removes what was merged of fewer documents than there are.
func (b *builder) unmerge() error {
	if err := b.begin(); err != nil {
		return err
	}
	return b.c.script(`DELETE FROM block; DELETE FROM dir; DELETE FROM run;`)
}

func (b *builder) writeDoc(e entry) error {
	if err := b.begin(); err != nil {
		return err
	}
	data, err := b.data(e.doc)
	if err != nil {
		return err
	}
	b.last++
	if err := b.addAt(b.last, e, data); err != nil {
		return err
	}
	b.tokens.addDoc(b.schema, uint32(b.last), e.doc.Text)
	return nil
}

// endBatch writes the lists of a batch.
func (b *builder) endBatch(last numbered) error {
	frames := bufio.NewWriterSize(io.NewOffsetWriter(b.file, b.offset), 1<<18)
	lists := blockWriter{emit: func(_, docs, places []byte) error {
		var head [8]byte
		binary.LittleEndian.PutUint32(head[:4], uint32(len(docs)))
		binary.LittleEndian.PutUint32(head[4:], uint32(len(places)))
		b.offset += int64(len(head) + len(docs) + len(places))
		for _, piece := range [][]byte{head[:], docs, places} {
			if _, err := frames.Write(piece); err != nil {
				return err
			}
		}
		return nil
	}}
	if err := b.tokens.write(&lists); err != nil {
		return err
	}
	if err := errors.Join(lists.flush(), frames.Flush(), b.file.Sync()); err != nil {
		return err
	}
	r := batchRow{docs: last.docs, hash: last.hash[:], last: b.last, offset: b.offset}
	if err := b.c.exec(`INSERT INTO batch VALUES (?, ?, ?, ?)`, r.docs, r.hash, r.last, r.offset); err != nil {
		return err
	}
	b.batches = append(b.batches, r)
	return nil
}

// fileSource gives the blocks of a batch to a merge.
type fileSource struct {
	file    *os.File
	at, end int64
	buf     []byte
}

func (s *fileSource) next() (docs, places []byte, ok bool, err error) {
	if s.at == s.end {
		return nil, nil, false, nil
	}
	var head [8]byte
	if _, err := s.file.ReadAt(head[:], s.at); err != nil {
		return nil, nil, false, err
	}
	s.at += int64(len(head))
	n, m := int64(binary.LittleEndian.Uint32(head[:4])), int64(binary.LittleEndian.Uint32(head[4:]))
	if n+m > s.end-s.at {
		return nil, nil, false, errRow
	}
	s.buf = slices.Grow(s.buf[:0], int(n+m))[:n+m]
	if _, err := s.file.ReadAt(s.buf, s.at); err != nil {
		return nil, nil, false, err
	}
	s.at += n + m
	return s.buf[:n], s.buf[n:], true, nil
}

// merge merges the batches into one run, in transactions. What is there of an
// earlier merge is complete up to its last key.
func (b *builder) merge(ctx context.Context) error {
	var sources []source
	from := int64(0)
	for _, r := range b.batches {
		sources = append(sources, &fileSource{file: b.file, at: from, end: r.offset})
		from = r.offset
	}
	if err := b.begin(); err != nil {
		return err
	}
	out := &runWriter{c: b.c}
	var last []byte
	err := b.c.row(`SELECT run FROM run`, nil, &out.run)
	if errors.Is(err, sql.ErrNoRows) {
		out, err = b.newRun(0, b.last)
	} else if err == nil {
		if last, err = lastKey(b.c, out.run, maxRow); err == nil {
			err = out.resume(append([]byte(nil), last...))
		}
	}
	if err != nil {
		return err
	}
	m, err := newMerger(sources, last, nil)
	if err != nil {
		return err
	}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.begin(); err != nil {
			return err
		}
		for end := out.next + b.some; more && out.next < end; {
			if more, err = m.next(&out.blockWriter); err != nil {
				return err
			}
		}
		if err := out.pause(); err != nil {
			return err
		}
		if more {
			if err := b.commit(); err != nil {
				return err
			}
		}
	}
	return b.c.exec(`UPDATE run SET state = ?, hi = ? WHERE run = ?`, runMade, b.last, out.run)
}

// finish brings the index into its lasting form.
func (b *builder) finish(mark string, docs int64) error {
	err := b.c.exec(`UPDATE state SET version = 1, oldest = 1, docs = ?, last = ?, settled = ?, layout = 1, mark = ?`, docs, b.last, b.last, mark)
	if err != nil {
		return err
	}
	if err := errors.Join(b.c.script(`DROP TABLE batch`), b.commit()); err != nil {
		return err
	}
	if err := b.c.script(`PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL;`); err != nil {
		return err
	}
	return os.Remove(b.file.Name())
}
