package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"os"

	"modernc.org/sqlite"
)

// copyPages is how many pages are copied before others may write again.
const copyPages = 4096

// Copy copies the SQLite file at from to the file to, which must not be there, as one
// transaction left it, whoever reads and writes it meanwhile. The copy is on the disk when
// Copy returns, in one file: no write-ahead log goes with it.
func Copy(ctx context.Context, from, to string) (err error) {
	f, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // SQLite would make it readable by others
	if err != nil {
		return Explain(err, to)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, os.Remove(to))
		}
	}()
	if _, err := os.Stat(from); err != nil {
		return Explain(err, from)
	}
	db, err := sql.Open("sqlite", dataSource(from, "_pragma=query_only(1)"))
	if err != nil {
		return Explain(err, from)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return Explain(err, from)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	err = conn.Raw(func(driver any) error {
		c, ok := driver.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("sqlitefile: the driver cannot copy")
		}
		b, err := c.NewBackup(to)
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			if err = ctx.Err(); err == nil {
				more, err = b.Step(copyPages)
			}
		}
		return errors.Join(err, b.Finish())
	})
	if err != nil {
		return Explain(err, from)
	}
	return f.Sync()
}
