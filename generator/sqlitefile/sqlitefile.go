// Package sqlitefile opens a SQLite file the way Huiyin keeps its own: readable
// by its owner only, a write-ahead log that is on the disk before a commit
// returns, deleted content overwritten, one connection that writes and several
// that read, the schema brought up to date by numbered migrations, and every
// error that a person can do something about as a [fault.Error].
package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Kind says which of Huiyin's files a file is.
type Kind struct {
	Name string // what a person calls it, with its article: "a store"
	ID   uint32 // application id in the file's header, so that no file is taken for another

	// Migrations holds the SQL scripts migrations/0001_name.sql and on, each of
	// which takes the schema one number further. A script that was ever released
	// is never changed.
	Migrations fs.FS
}

// File is an open file. It is safe for concurrent use; transactions that write
// wait for each other.
type File struct {
	Path   string
	Writer *sql.DB // one connection; [File.Write] is the usual way to it
	Reader *sql.DB // connections that cannot write
}

// Open opens the file at path, which is made when it does not exist and brought
// up to this program's schema when it is older. It refuses a file of another
// kind or program, and one whose schema is newer than k.Migrations.
func Open(ctx context.Context, path string, k Kind) (_ *File, err error) {
	// SQLite would make a new file readable by others.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, Explain(err, path)
	}
	if err := f.Close(); err != nil {
		return nil, Explain(err, path)
	}
	file := &File{Path: path}
	if file.Writer, err = sql.Open("sqlite", dataSource(path, "_txlock=immediate&_pragma=cache_size(-16000)")); err != nil {
		return nil, Explain(err, path)
	}
	file.Writer.SetMaxOpenConns(1)
	if err := migrate(ctx, file.Writer, path, k); err != nil {
		return nil, errors.Join(Explain(err, path), file.Writer.Close())
	}
	if file.Reader, err = sql.Open("sqlite", dataSource(path, "_pragma=query_only(1)&_pragma=cache_size(-4000)")); err != nil {
		return nil, errors.Join(Explain(err, path), file.Writer.Close())
	}
	file.Reader.SetMaxOpenConns(4)
	file.Reader.SetMaxIdleConns(4)
	return file, nil
}

func dataSource(path, more string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()}
	u.RawQuery = fmt.Sprintf("_pragma=busy_timeout(%d)", patience.Milliseconds()) + "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=secure_delete(1)&_pragma=temp_store(2)&" + more
	return u.String()
}

// Close closes the file.
func (f *File) Close() error {
	return errors.Join(f.Reader.Close(), f.Writer.Close())
}

// Write runs do in a transaction that writes, and commits it when do succeeds.
// When do fails or panics, or ctx has ended by then, nothing is written. The
// context that do gets never ends, because one that can end costs each statement
// a goroutine: do looks at ctx itself where it may take long.
func (f *File) Write(ctx context.Context, do func(context.Context, *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return f.transact(ctx, f.Writer, do)
}

// patience is how long a transaction waits for another that writes, where nothing else is
// said: a short one is over by then.
const patience = 10 * time.Second

// shortPatience is how long [File.TryWrite] waits: what a person does is done in less, and a
// batch that stores a whole export may take minutes.
const shortPatience = 300 * time.Millisecond

// TryWrite is [File.Write] for what does not wait for a transaction that goes on for long,
// be it of this process or of another: that is an error with the exit code
// [fault.ExitBusy].
func (f *File) TryWrite(ctx context.Context, do func(context.Context, *sql.Tx) error) (err error) {
	limited, cancel := context.WithTimeout(ctx, shortPatience)
	defer cancel()
	conn, err := f.Writer.Conn(limited)
	if err != nil {
		if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			err = busy(err, f.Path)
		}
		return f.Explain(err)
	}
	inner := context.WithoutCancel(ctx)
	wait := func(d time.Duration) error {
		_, err := conn.ExecContext(inner, fmt.Sprintf("PRAGMA busy_timeout = %d", max(d.Milliseconds(), 1)))
		return err
	}
	defer func() { err = errors.Join(err, f.Explain(errors.Join(wait(patience), conn.Close()))) }()
	if err := wait(shortPatience); err != nil {
		return f.Explain(err)
	}
	return f.transact(ctx, conn, do)
}

// transact runs do in a transaction of db.
func (f *File) transact(ctx context.Context, db interface {
	BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error)
}, do func(context.Context, *sql.Tx) error) error {
	inner := context.WithoutCancel(ctx)
	tx, err := db.BeginTx(inner, nil)
	if err != nil {
		return f.Explain(err)
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
		return f.Explain(errors.Join(err, tx.Rollback()))
	}
	return f.Explain(tx.Commit())
}

// Explain is [Explain] for this file.
func (f *File) Explain(err error) error { return Explain(err, f.Path) }
