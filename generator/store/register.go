package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/huiyin/huiyin/generator/record"
)

// The kinds of entry beside cases, as they are stored.
const (
	entryUnit       = "unit"
	entryArea       = "area"
	entryTopic      = "topic"
	entryChannel    = "channel"
	entryAssessment = "assessment"
)

// putEntry stores an entry of a register under its identifier, which alone says
// whether two entries are the same. An entry of a register replaces one that was
// derived from a column of cases and is never replaced by one; of two equals the
// one of the later as-of day stands.
func (b *batch) putEntry(kind, id string, derived bool, entry any) (record.CaseNumber, record.EventKind, error) {
	if id == "" {
		return "", "", errors.New("store: a register entry without an identifier")
	}
	now, err := json.Marshal(entry)
	if err != nil {
		return "", "", err
	}
	var was struct {
		derived bool
		asOf    record.Day
		entry   string
	}
	err = b.tx.QueryRowContext(b.ctx, `SELECT derived, asof, entry FROM registers WHERE kind = ? AND id = ?`, kind, id).
		Scan(&was.derived, &was.asOf, &was.entry)
	known := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", "", err
	}
	if known {
		better := was.derived && !derived
		if derived && !was.derived || !better && b.asOf < was.asOf || was.entry == string(now) {
			return "", "", nil
		}
	}
	_, err = b.tx.ExecContext(b.ctx, `INSERT INTO registers (kind, id, derived, asof, entry) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (kind, id) DO UPDATE SET derived = excluded.derived, asof = excluded.asof, entry = excluded.entry`,
		kind, id, derived, b.asOf, string(now))
	b.change([]byte(kind), []byte(id), now)
	if known {
		return "", record.EventUpdate, err
	}
	return "", record.EventPublish, err
}

// Register returns the registers, each sorted by identifier.
func (d *DB) Register(ctx context.Context) (r record.Register, err error) {
	err = d.snapshot(ctx, func(tx *sql.Tx) error {
		return errors.Join(entries(ctx, tx, entryUnit, &r.Units), entries(ctx, tx, entryArea, &r.Areas),
			entries(ctx, tx, entryTopic, &r.Topics), entries(ctx, tx, entryChannel, &r.Channels))
	})
	return r, err
}

// Assessments returns the results that evaluating bodies delivered, by
// identifier.
func (d *DB) Assessments(ctx context.Context) (a []record.Assessment, err error) {
	err = d.snapshot(ctx, func(tx *sql.Tx) error { return entries(ctx, tx, entryAssessment, &a) })
	return a, err
}

func entries[T any](ctx context.Context, tx *sql.Tx, kind string, to *[]T) error {
	rows, err := tx.QueryContext(ctx, `SELECT entry FROM registers WHERE kind = ? ORDER BY id`, kind)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text sql.RawBytes
		var one T
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal(text, &one); err != nil {
			return err
		}
		*to = append(*to, one)
	}
	return rows.Err()
}
