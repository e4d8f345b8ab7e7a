package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"modernc.org/sqlite"

	"github.com/huiyin/huiyin/generator/fault"
)

// applicationID marks a SQLite file as a store, so that another file is not
// taken for one: "HYst".
const applicationID = 0x48597374

//go:embed migrations/*.sql
var migrationFiles embed.FS

// openFile opens the file at path, which is made when it does not exist and
// brought up to this program's schema when it is older. It returns the one
// connection that writes and a pool of connections that read.
func openFile(ctx context.Context, path string) (writer, reader *sql.DB, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, explain(err, path)
	}
	if err := f.Close(); err != nil {
		return nil, nil, explain(err, path)
	}
	if writer, err = sql.Open("sqlite", dataSource(path, "_txlock=immediate&_pragma=cache_size(-16000)")); err != nil {
		return nil, nil, explain(err, path)
	}
	writer.SetMaxOpenConns(1)
	if err := migrate(ctx, writer, path); err != nil {
		return nil, nil, errors.Join(explain(err, path), writer.Close())
	}
	if reader, err = sql.Open("sqlite", dataSource(path, "_pragma=query_only(1)&_pragma=cache_size(-4000)")); err != nil {
		return nil, nil, errors.Join(explain(err, path), writer.Close())
	}
	reader.SetMaxOpenConns(4)
	reader.SetMaxIdleConns(4)
	return writer, reader, nil
}

func dataSource(path, more string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()}
	u.RawQuery = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=secure_delete(1)&_pragma=temp_store(2)&" + more
	return u.String()
}

// migrate applies, in one transaction, the numbered migrations that the file
// does not have yet. A file of another program, or one that a newer version of
// this program has changed, is refused. A file that is up to date is not
// written to, so that it can be opened while another process writes.
func migrate(ctx context.Context, db *sql.DB, path string) error {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return err
	}
	slices.Sort(names)
	if have, err := schemaOf(ctx, db, path, len(names)); err != nil || have == len(names) {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	// Asked again, because another process may have been faster.
	have, err := schemaOf(ctx, tx, path, len(names))
	for i := have; err == nil && i < len(names); i++ {
		err = applyMigration(ctx, tx, names[i], i+1)
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func applyMigration(ctx context.Context, tx *sql.Tx, name string, want int) error {
	text, err := fs.ReadFile(migrationFiles, name)
	if err != nil {
		return err
	}
	number, _, _ := strings.Cut(filepath.Base(name), "_")
	if n, err := strconv.Atoi(number); err != nil || n != want {
		return fmt.Errorf("migration %s is out of order", name)
	}
	script := fmt.Sprintf("%s\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;", text, applicationID, want)
	if _, err := tx.ExecContext(ctx, script); err != nil {
		return fmt.Errorf("migration %s: %w", name, err)
	}
	return nil
}

// schemaOf returns the number of migrations that the file has.
func schemaOf(ctx context.Context, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, path string, known int) (int, error) {
	var app, have, tables int
	err := db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).Scan(&app, &have, &tables)
	if err != nil {
		return 0, err
	}
	if app != applicationID && (app != 0 || have != 0 || tables != 0) {
		return 0, fault.New("the file "+path+" is not a store of huiyin", "check the path in the configuration")
	}
	if have > known {
		return 0, fault.New(fmt.Sprintf("the file %s has schema %d, this program knows %d", path, have, known),
			"it was written by a newer huiyin: install that version, or restore a backup made before")
	}
	return have, nil
}

// The primary result codes of SQLite that a person can do something about.
const (
	codeBusy     = 5
	codeLocked   = 6
	codeReadOnly = 8
	codeIO       = 10
	codeCorrupt  = 11
	codeFull     = 13
	codeCantOpen = 14
	codeNotADB   = 26
)

// The exit codes of docs/operations.md that errors of a file have.
const (
	exitBusy    = 4
	exitDamaged = 6
	exitFull    = 7
)

// explain gives an error of the database file the text that says what to do.
func explain(err error, path string) error {
	if err == nil {
		return nil
	}
	if known := (*fault.Error)(nil); errors.As(err, &known) {
		return err
	}
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		switch e.Code() & 0xff {
		case codeFull:
			return fault.Coded(exitFull, "the disk is full: "+path, "make room and run the command again; nothing was lost", err)
		case codeBusy, codeLocked:
			return fault.Coded(exitBusy, "another process is writing to "+path, "wait until it has finished and run the command again", err)
		case codeReadOnly:
			return fault.Wrap(err, path+" may not be written", "check its owner and permissions and those of its folder")
		case codeCorrupt, codeNotADB:
			return fault.Coded(exitDamaged, path+" is damaged", "stop every huiyin process and restore the newest backup", err)
		case codeIO:
			return fault.Wrap(err, "the disk failed on "+path, "check the disk and its free space; if it is sound, run the command again")
		case codeCantOpen:
			return fault.Wrap(err, path+" cannot be opened", "check that its folder exists and may be written")
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		return fault.Wrap(err, path+" may not be opened", "check its owner and permissions")
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(err, path+" cannot be made", "make its folder first: huiyin init does")
	}
	return err
}
