package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"github.com/huiyin/huiyin/generator/record"
)

// Counted is what was counted of the cases whose numbers name one month, kept so that
// it need not be counted again. The store does not look into Body.
//
// What is kept is bound to the rows that it was counted from: the stamp of a month is
// another one after every change of one of its rows, in the transaction of the change,
// whoever makes it.
type Counted struct {
	Month record.Month
	Stamp int64
	Body  []byte // nil where nothing is kept that holds
}

// Counted returns an entry for each month of case numbers, ascending, with what is kept
// of it on the given basis.
func (d *DB) Counted(ctx context.Context, basis []byte) (all []Counted, err error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT s.month, s.n, c.basis, c.body FROM stamps s
		LEFT JOIN counted c ON c.month = s.month AND c.stamp = s.n ORDER BY s.month`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var month int64
		var c Counted
		var on, body sql.RawBytes
		if err := rows.Scan(&month, &c.Stamp, &on, &body); err != nil {
			return nil, d.explain(err)
		}
		c.Month = numberOf(month*monthScale + 1).Month()
		if body != nil && bytes.Equal(on, basis) {
			c.Body = bytes.Clone(body)
		}
		all = append(all, c)
	}
	return all, d.explain(rows.Err())
}

// Stamps returns the stamp of each month of case numbers.
func (d *DB) Stamps(ctx context.Context) (map[record.Month]int64, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT month, n FROM stamps`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	all := map[record.Month]int64{}
	for rows.Next() {
		var month, stamp int64
		if err := rows.Scan(&month, &stamp); err != nil {
			return nil, d.explain(err)
		}
		all[numberOf(month*monthScale+1).Month()] = stamp
	}
	return all, d.explain(rows.Err())
}

// MonthFacts calls do with every case whose number names the month, as [DB.Facts] yields
// them, and returns the stamp that the month had then.
func (d *DB) MonthFacts(ctx context.Context, month record.Month, do func(*record.Fact)) (stamp int64, err error) {
	first := idOf(record.NewCaseNumber(month, 1)) / monthScale * monthScale
	err = d.snapshot(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT n FROM stamps WHERE month = ?`, first/monthScale).Scan(&stamp); err != nil {
			return err
		}
		for f, err := range d.facts(ctx, tx, `WHERE id >= ? AND id < ?`, first, first+monthScale) {
			if err != nil {
				return err
			}
			do(&f)
		}
		return nil
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil // there never was a case
	}
	return stamp, err
}

// SaveCounted keeps what was counted on a basis, in the place of what was kept of the
// months. It is bound to the stamps in it: of a month whose rows have changed since,
// nothing that holds is kept.
func (d *DB) SaveCounted(ctx context.Context, basis []byte, all []Counted) error {
	if len(all) == 0 {
		return nil
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, c := range all {
			_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO counted (month, stamp, basis, body) VALUES (?, ?, ?, ?)`,
				shortMonth(c.Month), c.Stamp, basis, c.Body)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ForgetCounted drops all that was counted, of rows and of texts.
func (d *DB) ForgetCounted(ctx context.Context) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM counted`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM notes`)
		return err
	})
}

// Given returns how many case numbers were given: about as many cases as there are.
func (d *DB) Given(ctx context.Context) (n int64, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT coalesce(sum(last), 0) FROM counters`).Scan(&n)
	return n, d.explain(err)
}
