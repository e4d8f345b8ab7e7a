package store

import (
	"context"
	"database/sql"

	"github.com/huiyin/huiyin/generator/record"
)

// SaveExcluded keeps what a release says of how many cases accuse an official, in the
// place of what the one before said. It is called before the switch to the release.
func (d *DB) SaveExcluded(ctx context.Context, spans []record.Excluded) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM excluded`); err != nil {
			return err
		}
		for _, e := range spans {
			if _, err := tx.ExecContext(ctx, `INSERT INTO excluded (until, n) VALUES (?, ?)`, e.Until, e.N); err != nil {
				return err
			}
		}
		return nil
	})
}

// Excluded returns what [DB.SaveExcluded] has kept, oldest first. Each span begins with
// the month behind the one before.
func (d *DB) Excluded(ctx context.Context) ([]record.Excluded, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT until, n FROM excluded ORDER BY until`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var all []record.Excluded
	var next record.Month
	for rows.Next() {
		e := record.Excluded{From: next}
		if err := rows.Scan(&e.Until, &e.N); err != nil {
			return nil, d.explain(err)
		}
		all, next = append(all, e), e.Until+1
	}
	return all, d.explain(rows.Err())
}
