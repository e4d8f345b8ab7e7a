package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// SaveFigures keeps the figures of a release as they were published. Called
// again for the same release it replaces them, so that what a crash left
// undone can be completed.
func (d *DB) SaveFigures(ctx context.Context, release int, figures []record.Figure) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM figures WHERE release = ?`, release); err != nil {
			return err
		}
		add, err := tx.PrepareContext(ctx, `INSERT INTO figures (release, measure, version, dim, scope, period, cutoff, num, den, unknown)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
		if err != nil {
			return err
		}
		for _, f := range figures {
			if _, err := add.ExecContext(ctx, release, f.Measure, f.Version, string(f.Scope.Dim), f.Scope.ID, string(f.Period),
				f.Cutoff, f.Num, f.Den, f.Unknown); err != nil {
				return err
			}
		}
		return nil
	})
}

// Figures returns the figures of a release as they were published, by measure,
// scope and period.
func (d *DB) Figures(ctx context.Context, release int) ([]record.Figure, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT measure, version, dim, scope, period, cutoff, num, den, unknown FROM figures
		WHERE release = ? ORDER BY measure, version, dim, scope, period`, release)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var all []record.Figure
	for rows.Next() {
		var f record.Figure
		if err := rows.Scan(&f.Measure, &f.Version, &f.Scope.Dim, &f.Scope.ID, &f.Period, &f.Cutoff, &f.Num, &f.Den, &f.Unknown); err != nil {
			return nil, d.explain(err)
		}
		all = append(all, f)
	}
	return all, d.explain(rows.Err())
}

// Publish is an entry of the journal of publishes: what a release showed.
type Publish struct {
	Release     int        `json:"release"`
	Cutoff      record.Day `json:"cutoff"`
	At          time.Time  `json:"at"`
	Cases       int64      `json:"cases"` // in full
	Stubs       int64      `json:"stubs"`
	Withdrawn   int64      `json:"withdrawn"`
	Pages       int64      `json:"pages"`
	Quarantined int        `json:"quarantined"`
	Batch       int64      `json:"batch"` // the latest batch that it shows; see [DB.ChangedSince]
}

// SavePublish writes p into the journal of publishes; an entry of the same
// release is replaced.
func (d *DB) SavePublish(ctx context.Context, p Publish) error {
	entry, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO publishes (release, entry) VALUES (?, ?)
			ON CONFLICT (release) DO UPDATE SET entry = excluded.entry`, p.Release, string(entry))
		return err
	})
}

// Publishes returns the journal of publishes in the order of the releases.
func (d *DB) Publishes(ctx context.Context) ([]Publish, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT entry FROM publishes ORDER BY release`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var all []Publish
	for rows.Next() {
		var entry sql.RawBytes
		var p Publish
		if err := rows.Scan(&entry); err != nil {
			return nil, d.explain(err)
		}
		if err := json.Unmarshal(entry, &p); err != nil {
			return nil, d.explain(err)
		}
		all = append(all, p)
	}
	return all, d.explain(rows.Err())
}

// Cursor returns how far a source has been read, as its adapter last said, or
// nil. The store does not look into it.
func (d *DB) Cursor(ctx context.Context, source string) (cursor []byte, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT cursor FROM cursors WHERE source = ?`, source).Scan(&cursor)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return cursor, d.explain(err)
}

// SetCursor keeps how far a source has been read.
func (d *DB) SetCursor(ctx context.Context, source string, cursor []byte) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO cursors (source, cursor) VALUES (?, ?)
			ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor`, source, cursor)
		return err
	})
}
