package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// DB is an open store. Its methods are safe for concurrent use; those that
// write wait for each other, and readers see whole transactions only.
type DB struct {
	path    string
	writer  *sql.DB // one connection
	reader  *sql.DB
	journal journal
	body    *body
	now     func() time.Time
	writing sync.Mutex // held for the length of a write transaction
}

// Options are what a store needs from outside.
type Options struct {
	Now func() time.Time // when a batch was stored; it never reaches a page
}

// Open opens the store at path and makes it when there is none. It refuses a
// file of another program, one of a newer schema, and one whose journal of
// withdrawals is missing or cut short. Withdrawals that are in the journal and
// not in the store, as after a crash or a restore, are applied first.
func Open(path string, o Options) (*DB, error) {
	if o.Now == nil {
		return nil, errors.New("store: a clock is needed")
	}
	ctx := context.Background()
	b, err := newBody()
	if err != nil {
		return nil, err
	}
	writer, reader, err := openFile(ctx, path)
	if err != nil {
		b.close()
		return nil, err
	}
	d := &DB{path: path, writer: writer, reader: reader, journal: journal{path: filepath.Join(filepath.Dir(path), journalName)}, body: b, now: o.Now}
	if err := d.catchUp(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close closes the store.
func (d *DB) Close() error {
	d.body.close()
	return errors.Join(d.reader.Close(), d.writer.Close())
}

func (d *DB) explain(err error) error { return explain(err, d.path) }

// write runs do in the one write transaction and commits it when do succeeds.
// The context that do gets never ends, because one that can end costs each
// statement a goroutine: do looks at ctx itself where it may take long.
func (d *DB) write(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	inner := context.WithoutCancel(ctx)
	tx, err := d.writer.BeginTx(inner, nil)
	if err != nil {
		return d.explain(err)
	}
	done := false
	defer func() { // also when do panics
		if !done {
			_ = tx.Rollback()
		}
	}()
	if err = do(inner, tx); err == nil {
		err = ctx.Err()
	}
	done = true
	if err != nil {
		return d.explain(errors.Join(err, tx.Rollback()))
	}
	return d.explain(tx.Commit())
}

// monthScale is the room for running numbers in a row id.
const monthScale = 1_000_000_000

// idOf returns the row id of a public number, in the order of the numbers.
func idOf(n record.CaseNumber) int64 {
	m := n.Month()
	return (int64(m.Year()%100*100)+int64(m%12)+1)*monthScale + int64(n.Running())
}

// numberOf is the inverse of idOf: record.NewCaseNumber, without its formatting.
func numberOf(id int64) record.CaseNumber {
	month, running := id/monthScale, id%monthScale
	b := make([]byte, 0, 14)
	for scale := int64(1000); scale > 0; scale /= 10 {
		b = append(b, '0'+byte(month/scale%10))
	}
	b = append(b, '-')
	for scale := int64(100_000); scale > running && scale > 1; scale /= 10 {
		b = append(b, '0')
	}
	return record.CaseNumber(strconv.AppendInt(b, running, 10))
}
