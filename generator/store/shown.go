package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// Shown notes that the texts of all cases that are published in full have been in a
// release, or are about to be. It is called before the switch to a release: a crash in
// between leaves a text that nobody has seen noted as shown, and never the other way.
func (d *DB) Shown(ctx context.Context) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM unshown WHERE EXISTS (SELECT 1 FROM texts t WHERE t.id = unshown.id)`)
		return err
	})
}

// Unshown returns those of the cases with the given numbers whose texts have never
// been in a release. A case that the store had lost and was given again with its old
// number is not among them.
func (d *DB) Unshown(ctx context.Context, numbers []record.CaseNumber) (map[record.CaseNumber]bool, error) {
	found := map[record.CaseNumber]bool{}
	for rest := numbers; len(rest) > 0; {
		part := rest[:min(askedAtOnce, len(rest))]
		rest = rest[len(part):]
		ids := make([]any, len(part))
		for i, n := range part {
			ids[i] = idOf(n)
		}
		rows, err := d.reader.QueryContext(ctx, `SELECT id FROM unshown WHERE id IN (`+strings.Repeat("?,", len(ids)-1)+`?)`, ids...)
		if err != nil {
			return nil, d.explain(err)
		}
		for rows.Next() {
			var id int64
			if err = rows.Scan(&id); err != nil {
				break
			}
			found[numberOf(id)] = true
		}
		if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return nil, d.explain(err)
		}
	}
	return found, nil
}

// unshown reports whether the texts of a case have never been in a release.
func (b *batch) unshown(id int64) (is bool, err error) {
	err = b.tx.QueryRowContext(b.ctx, `SELECT EXISTS (SELECT 1 FROM unshown WHERE id = ?)`, id).Scan(&is)
	return is, err
}
