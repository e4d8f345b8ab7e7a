package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/huiyin/huiyin/generator/record"
)

// Change is what happened to a case that was in the store before.
type Change struct {
	Before record.Fact // without texts; the zero fact where the earlier state was erased
	Now    record.Fact
	Kinds  []record.EventKind // oldest first
}

// LastBatch returns the row of the latest batch that was taken, or 0.
func (d *DB) LastBatch(ctx context.Context) (id int64, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM batches`).Scan(&id)
	return id, d.explain(err)
}

// ChangedSince yields what happened to cases in batches after the one that
// [DB.LastBatch] gave before, in the order of their numbers. A case that is new since
// is not among them, nor is one whose rows show nothing else.
func (d *DB) ChangedSince(ctx context.Context, batch int64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		// The versions are read in the order of the events, so that the first of a case
		// is how it stood when the batch had been taken.
		rows, err := d.reader.QueryContext(ctx, `SELECT e.id, e.kind, v.fact, c.fact FROM events e
			JOIN cases c ON c.id = e.id LEFT JOIN versions v ON v.id = e.id AND v.n = e.n
			WHERE e.n > 0 AND e.batch > ?1 AND NOT EXISTS (SELECT 1 FROM events p WHERE p.id = e.id AND p.n = 0 AND p.batch > ?1)
			ORDER BY e.id, e.n`, batch)
		if err != nil {
			yield(Change{}, d.explain(err))
			return
		}
		defer rows.Close()
		words := interner{}
		var current Change
		var at int64
		flush := func() bool { return at == 0 || yield(current, nil) }
		for rows.Next() {
			var id int64
			var kind string
			var before, now sql.RawBytes
			if err := rows.Scan(&id, &kind, &before, &now); err != nil {
				yield(Change{}, d.explain(err))
				return
			}
			if id != at {
				if !flush() {
					return
				}
				current, at = Change{}, id
				if current.Now, err = decodeFact(now, numberOf(id), words); err == nil && len(before) > 0 {
					current.Before, err = decodeFact(before, numberOf(id), words)
				}
				if err != nil {
					yield(Change{}, fmt.Errorf("case %s: %w", numberOf(id), err))
					return
				}
			}
			current.Kinds = append(current.Kinds, record.EventKind(kind))
		}
		if err := rows.Err(); err != nil {
			yield(Change{}, d.explain(err))
			return
		}
		flush()
	}
}

// AddedSince yields the cases that were new in batches after the one that [DB.LastBatch]
// gave before, as they stand now and without texts, in the order of their numbers.
func (d *DB) AddedSince(ctx context.Context, batch int64) iter.Seq2[record.Fact, error] {
	return func(yield func(record.Fact, error) bool) {
		rows, err := d.reader.QueryContext(ctx, `SELECT e.id, c.fact FROM events e JOIN cases c ON c.id = e.id WHERE e.n = 0 AND e.batch > ? ORDER BY e.id`, batch)
		if err != nil {
			yield(record.Fact{}, d.explain(err))
			return
		}
		defer rows.Close()
		words := interner{}
		for rows.Next() {
			var id int64
			var now sql.RawBytes
			if err := rows.Scan(&id, &now); err != nil {
				yield(record.Fact{}, d.explain(err))
				return
			}
			f, err := decodeFact(now, numberOf(id), words)
			if err != nil {
				err = fmt.Errorf("case %s: %w", numberOf(id), err)
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(record.Fact{}, d.explain(err))
		}
	}
}

// SaveRestatements keeps what a release restates of the one before, after, which is 0
// where that is not known. What releases between the two restated was rolled back, and is
// told no more. Called again for the same release it replaces what it kept.
func (d *DB) SaveRestatements(ctx context.Context, after, release int, all []record.Restatement) error {
	from := release
	if after > 0 {
		from = after + 1
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM restatements WHERE release BETWEEN ? AND ?`, from, release); err != nil {
			return err
		}
		for n, r := range all {
			entry, err := json.Marshal(r)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO restatements (release, n, entry) VALUES (?, ?, ?)`, release, n, string(entry)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Restatements returns what releases up to one have restated, the latest first.
func (d *DB) Restatements(ctx context.Context, upTo int) (all []record.Restatement, err error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT entry FROM restatements WHERE release <= ? ORDER BY release DESC, n`, upTo)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var entry sql.RawBytes
		var r record.Restatement
		if err := rows.Scan(&entry); err != nil {
			return nil, d.explain(err)
		}
		if err := json.Unmarshal(entry, &r); err != nil {
			return nil, d.explain(err)
		}
		all = append(all, r)
	}
	return all, d.explain(rows.Err())
}
