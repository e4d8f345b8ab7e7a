package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"path/filepath"
	"strconv"
	"time"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/sqlitefile"
)

// DB is an open store. Its methods are safe for concurrent use; those that
// write wait for each other, and readers see whole transactions only.
type DB struct {
	file    *sqlitefile.File
	reader  *sql.DB // of file
	journal journal
	body    *body
	now     func() time.Time
}

//go:embed migrations/*.sql
var migrations embed.FS

// fileKind marks the file as a store: "HYst".
func fileKind() sqlitefile.Kind {
	return sqlitefile.Kind{Name: "a store", ID: 0x48597374, Migrations: migrations}
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
	file, err := sqlitefile.Open(ctx, path, fileKind())
	if err != nil {
		b.close()
		return nil, err
	}
	d := &DB{file: file, reader: file.Reader, journal: newJournal(filepath.Join(filepath.Dir(path), journalName)), body: b, now: o.Now}
	if err := d.CatchUp(ctx); err != nil && !isBusy(err) {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close closes the store.
func (d *DB) Close() error {
	d.body.close()
	return d.file.Close()
}

func (d *DB) explain(err error) error { return d.file.Explain(err) }

func (d *DB) write(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	return d.file.Write(ctx, do)
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
