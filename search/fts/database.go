package fts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"modernc.org/sqlite"

	"github.com/huiyin/huiyin/search"
)

// format is the number of the layout of an index. A program that finds another
// asks for a rebuild.
const format = 2

// applicationID is in the header of the file, so that no other database is taken
// for an index: "Hyft".
const applicationID = 0x48796674

// layout is the SQL that makes an empty index.
//
// state has one row. change names the documents that changed with a version
// after state.oldest. An ordinal is the place of a document in the columns and
// its number everywhere; it is never given again. Documents above state.settled
// are in no run yet; state.layout changes when runs do. dead are documents that
// went and are still in a run.
//
// Rows of value, body, block and dir, which hold words of documents, are only
// ever appended and blanked, never removed: SQLite moves rows between pages when
// others go, and what it moves leaves a copy behind that secure_delete does not
// reach.
const layout = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, oldest INTEGER NOT NULL, born INTEGER NOT NULL, docs INTEGER NOT NULL,
  last INTEGER NOT NULL, settled INTEGER NOT NULL, layout INTEGER NOT NULL, mark TEXT NOT NULL) STRICT;
CREATE TABLE value (n INTEGER PRIMARY KEY, field INTEGER NOT NULL, code INTEGER NOT NULL, name TEXT NOT NULL) STRICT;
CREATE TABLE doc (ord INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL UNIQUE, data BLOB NOT NULL) STRICT;
CREATE TABLE body (ord INTEGER PRIMARY KEY, texts BLOB NOT NULL) STRICT;
CREATE TABLE change (version INTEGER NOT NULL, ord INTEGER NOT NULL, PRIMARY KEY (version, ord)) STRICT, WITHOUT ROWID;
CREATE TABLE dead (ord INTEGER PRIMARY KEY) STRICT;
CREATE TABLE run (run INTEGER PRIMARY KEY, lo INTEGER NOT NULL, hi INTEGER NOT NULL, state INTEGER NOT NULL) STRICT;
CREATE TABLE dir (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, start INTEGER NOT NULL, bounds BLOB NOT NULL) STRICT;
CREATE TABLE block (id INTEGER PRIMARY KEY, docs BLOB NOT NULL, places BLOB NOT NULL) STRICT;
INSERT INTO state VALUES (1, 0, 0, 0, 0, 0, 0, 0, '');
`

// dataSource names a database for the driver.
func dataSource(path, options string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: options}
	return u.String()
}

// busyTimeout is how many milliseconds a connection waits for another one.
const busyTimeout = 10000

const (
	// liveOptions open the live index for writing. Deleted content is
	// overwritten. The log is kept small, because it stays there for readers that
	// may not make one.
	liveOptions = "mode=rw&_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)" +
		"&_pragma=journal_size_limit(0)&_pragma=temp_store(2)&_pragma=cache_size(-8000)"
	// buildOptions open an index that nobody sees yet. Its journal holds little,
	// because nearly all pages are new.
	buildOptions = "mode=rwc&_pragma=page_size(8192)&_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(TRUNCATE)&_pragma=synchronous(FULL)" +
		"&_pragma=secure_delete(1)&_pragma=temp_store(2)&_pragma=cache_size(-6000)"
	// readOptions open the live index for reading only.
	readOptions = "mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)&_pragma=temp_store(2)&_pragma=cache_size(-16000)"
)

// conn is one connection with its prepared statements. It is used by one
// goroutine at a time.
//
// Statements get a context that never ends, because one that can end costs each
// of them a goroutine. Whoever loops looks at the context himself.
type conn struct {
	db    *sql.DB
	c     *sql.Conn
	stmts map[string]*sql.Stmt

	scratch scratch
}

var forever = context.Background()

func openConn(path, options string) (*conn, error) {
	db, err := sql.Open("sqlite", dataSource(path, options))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	c, err := db.Conn(forever)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &conn{db: db, c: c, stmts: make(map[string]*sql.Stmt)}, nil
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(errors.Join(errs...), c.c.Close(), c.db.Close())
}

// prepare returns the statement for a query, of which there are few.
func (c *conn) prepare(query string) (*sql.Stmt, error) {
	if s := c.stmts[query]; s != nil {
		return s, nil
	}
	s, err := c.c.PrepareContext(forever, query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s
	return s, nil
}

// script runs statements that are not kept.
func (c *conn) script(sqlText string) error {
	_, err := c.c.ExecContext(forever, sqlText)
	return err
}

func (c *conn) exec(query string, args ...any) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(forever, args...)
	return err
}

// row reads the one row of a query. It returns sql.ErrNoRows without one.
func (c *conn) row(query string, args []any, dest ...any) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(forever, args...).Scan(dest...)
}

// each calls f for every row of a query, after it was read into dest.
func (c *conn) each(query string, args []any, dest []any, f func() error) (err error) {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(forever, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// within runs f in a transaction that begins with the given statement. It is
// rolled back when f fails.
func (c *conn) within(begin string, f func() error) (err error) {
	if err := c.exec(begin); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done { // also when f panics
			err = errors.Join(err, c.exec("ROLLBACK"))
		}
	}()
	if err := f(); err != nil {
		return err
	}
	if err := c.exec("COMMIT"); err != nil {
		return err
	}
	done = true
	return nil
}

// The primary result codes of SQLite that are told apart.
const (
	codeBusy       = 5
	codeReadOnly   = 8
	codeCorrupt    = 11
	codeFull       = 13
	codeCantOpen   = 14
	codeConstraint = 19
	codeNotADB     = 26
)

// sqliteCode returns the primary result code in an error, or 0.
func sqliteCode(err error) int {
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// explain gives an error of the index at path the text that says what to do.
func explain(err error, path string) error {
	if err == nil || errors.Is(err, search.ErrUnavailable) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	switch sqliteCode(err) {
	case codeCorrupt, codeNotADB:
		return damaged(path, err)
	case codeBusy:
		return fmt.Errorf("%w: another process is writing to %s: %w", search.ErrUnavailable, path, err)
	case codeFull:
		return fmt.Errorf("%w: the disk is full: %s; make room and run the command again: %w", search.ErrUnavailable, path, err)
	case codeReadOnly:
		return fmt.Errorf("%w: %s may not be written: check its owner and permissions: %w", search.ErrUnavailable, path, err)
	case codeCantOpen:
		return fmt.Errorf("%w: %s cannot be opened: check the permissions of the folder and of what is in it: %w", search.ErrUnavailable, path, err)
	}
	if errors.Is(err, errRow) {
		return damaged(path, err)
	}
	return err
}

func damaged(path string, err error) error {
	return fmt.Errorf("%w: %s is damaged; run huiyin index rebuild: %w", search.ErrUnavailable, path, err)
}
