package fts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"

	"github.com/huiyin/huiyin/search"
)

// format is the number of the layout of an index. A program that finds another
// asks for a rebuild.
const format = 1

// applicationID is in the header of the file, so that no other database is taken
// for an index: "Hyft".
const applicationID = 0x48796674

// layout is the SQL that makes an empty index; its one argument is the list of
// the columns of tokens.
//
// state has one row. change names the documents that changed with a version
// after state.oldest. An ordinal is the place of a document in the columns and
// its rowid everywhere.
const layout = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, oldest INTEGER NOT NULL, docs INTEGER NOT NULL, mark TEXT NOT NULL) STRICT;
CREATE TABLE value (field INTEGER NOT NULL, code INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (field, code)) STRICT, WITHOUT ROWID;
CREATE TABLE doc (ord INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL UNIQUE, data BLOB NOT NULL) STRICT;
CREATE TABLE body (ord INTEGER PRIMARY KEY, texts BLOB NOT NULL) STRICT;
CREATE TABLE change (version INTEGER NOT NULL, ord INTEGER NOT NULL, PRIMARY KEY (version, ord)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE tokens USING fts5(%s, content='', contentless_delete=1, tokenize='` + tokenizer + `');
INSERT INTO state VALUES (1, 0, 0, 0, '');
`

// tokenColumns names the columns of tokens, one a text field. They are not the
// names of the fields, which FTS5 could take for its own.
func tokenColumns(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	return strings.Join(names, ", ")
}

// dataSource names a database for the driver.
func dataSource(path, options string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: options}
	return u.String()
}

const (
	// liveOptions open the live index for writing. Deleted content is
	// overwritten. The log is kept small, because it stays there for readers that
	// may not make one.
	liveOptions = "mode=rw&_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=secure_delete(1)" +
		"&_pragma=journal_size_limit(0)&_pragma=temp_store(2)&_pragma=cache_size(-8000)"
	// buildOptions open an index that nobody sees yet: a crash leaves rubbish,
	// which is swept.
	buildOptions = "mode=rwc&_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=locking_mode(EXCLUSIVE)" +
		"&_pragma=temp_store(2)&_pragma=cache_size(-32000)"
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
