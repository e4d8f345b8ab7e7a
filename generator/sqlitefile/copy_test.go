package sqlitefile_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/huiyin/huiyin/generator/sqlitefile"
)

// A copy is one transaction's, whoever writes meanwhile, and it is whole in one file.
func TestCopy(t *testing.T) {
	dir := t.TempDir()
	kind := sqlitefile.Kind{Name: "a test", ID: 7, Migrations: fstest.MapFS{"migrations/0001_a.sql": {Data: []byte("CREATE TABLE t (a INTEGER, b INTEGER)")}}}
	f, err := sqlitefile.Open(t.Context(), filepath.Join(dir, "a.db"), kind)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	write := func(n int) {
		err := f.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			for range 500 {
				if _, err := tx.ExecContext(ctx, `INSERT INTO t VALUES (?1, ?1)`, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	write(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for n := 1; ; n++ {
			select {
			case <-stop:
				return
			default:
				write(n)
			}
		}
	}()
	to := filepath.Join(dir, "b.db")
	err = sqlitefile.Copy(t.Context(), f.Path, to)
	close(stop)
	<-stopped
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(to + "-wal"); err == nil {
		t.Error("the copy has a write-ahead log")
	}
	c, err := sqlitefile.Open(t.Context(), to, kind)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var rows, uneven int
	if err := c.Reader.QueryRow(`SELECT count(*), (SELECT count(*) FROM (SELECT a FROM t GROUP BY a HAVING count(*) <> 500)) FROM t`).Scan(&rows, &uneven); err != nil || rows == 0 || uneven != 0 {
		t.Errorf("%d rows, %d transactions in part, %v", rows, uneven, err)
	}
	if err := sqlitefile.Copy(t.Context(), f.Path, to); err == nil {
		t.Error("a copy was written over")
	}
	if err := sqlitefile.Copy(t.Context(), filepath.Join(dir, "none.db"), filepath.Join(dir, "c.db")); err == nil {
		t.Error("nothing was copied")
	}
	if _, err := os.Stat(filepath.Join(dir, "c.db")); err == nil {
		t.Error("a copy that failed was left")
	}
}
