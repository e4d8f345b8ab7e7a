package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
)

// migrate applies, in one transaction, the migrations that the file does not
// have yet. A file that is up to date is not written to, so that it can be
// opened while another process writes.
func migrate(ctx context.Context, db *sql.DB, file string, k Kind) error {
	names, err := fs.Glob(k.Migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	slices.Sort(names)
	if have, err := schemaOf(ctx, db, file, k, len(names)); err != nil || have == len(names) {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	// Asked again, because another process may have been faster.
	have, err := schemaOf(ctx, tx, file, k, len(names))
	for i := have; err == nil && i < len(names); i++ {
		err = applyMigration(ctx, tx, k, names[i], i+1)
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func applyMigration(ctx context.Context, tx *sql.Tx, k Kind, name string, want int) error {
	text, err := fs.ReadFile(k.Migrations, name)
	if err != nil {
		return err
	}
	number, _, _ := strings.Cut(path.Base(name), "_")
	if n, err := strconv.Atoi(number); err != nil || n != want {
		return fmt.Errorf("migration %s is out of order", name)
	}
	script := fmt.Sprintf("%s\n;\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;", text, k.ID, want)
	if _, err := tx.ExecContext(ctx, script); err != nil {
		return fmt.Errorf("migration %s: %w", name, err)
	}
	return nil
}

// schemaOf returns the number of migrations that the file has. known is how many
// this program has.
func schemaOf(ctx context.Context, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, file string, k Kind, known int) (int, error) {
	var id, have, tables int
	err := db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).Scan(&id, &have, &tables)
	if err != nil {
		return 0, err
	}
	if id != int(k.ID) && (id != 0 || have != 0 || tables != 0) {
		return 0, fault.New("the file "+file+" is not "+k.Name+" of huiyin", "check the path in the configuration")
	}
	if have > known {
		return 0, fault.New(fmt.Sprintf("the file %s has schema %d, this program knows %d", file, have, known),
			"it was written by a newer huiyin: install that version, or restore a backup made before")
	}
	return have, nil
}
