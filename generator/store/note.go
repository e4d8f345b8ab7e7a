package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Note returns what was kept under key with the same print, or nil. What is kept is
// bound to nothing but the print, which has to name all that it was made from.
func (d *DB) Note(ctx context.Context, key string, print [32]byte) ([]byte, error) {
	var on, body []byte
	err := d.reader.QueryRowContext(ctx, `SELECT print, body FROM notes WHERE k = ?`, key).Scan(&on, &body)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !bytes.Equal(on, print[:]) {
		return nil, nil
	}
	if err != nil {
		return nil, d.explain(err)
	}
	text, _, err := d.body.decode(body)
	return []byte(text), err
}

// KeepNotes keeps notes, each in the place of what is there under its key.
func (d *DB) KeepNotes(ctx context.Context, all []record.Note) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, n := range all {
			_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO notes (k, print, body) VALUES (?, ?, ?)`, n.Key, n.Print[:], d.body.encode(string(n.Body), ""))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SaveJudged keeps what people said of replies, in the place of what was said of the
// same case under rules of the same version, and drops what was said of those that are
// blank now. Where it changes anything it changes the state, since pages show it, and the
// act is in the audit as by says, with the hashes of all that was said before and after.
func (d *DB) SaveJudged(ctx context.Context, by Act, all []record.Judged, blank ...record.Judged) error {
	if err := by.Check(); err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		if by.Before, err = judgedSum(ctx, tx); err != nil {
			return err
		}
		changed := false
		for _, j := range blank {
			res, err := tx.ExecContext(ctx, `DELETE FROM judged WHERE id = ? AND version = ?`, idOf(j.Number), j.Version)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			changed = changed || n > 0
		}
		for _, j := range all {
			var same bool
			err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM judged WHERE id = ? AND version = ? AND rule = ? AND empty = ?)`,
				idOf(j.Number), j.Version, j.Rule, j.Empty).Scan(&same)
			if err != nil {
				return err
			}
			if same {
				continue
			}
			changed = true
			res, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO judged (id, version, rule, empty) SELECT id, ?, ?, ? FROM cases WHERE id = ?`,
				j.Version, j.Rule, j.Empty, idOf(j.Number))
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n != 1 {
				return errors.Join(err, fault.New(fmt.Sprintf("there is no case %q", string(j.Number)), "take the numbers from the sheet that was drawn"))
			}
		}
		if !changed {
			return nil
		}
		entry, err := json.Marshal([][]record.Judged{all, blank})
		if err != nil {
			return err
		}
		var hash []byte
		if err := tx.QueryRowContext(ctx, `SELECT hash FROM state`).Scan(&hash); err != nil {
			return err
		}
		next := sha256.Sum256(fmt.Appendf(hash, "judged %s", entry))
		if _, err = tx.ExecContext(ctx, `UPDATE state SET hash = ?`, next[:]); err != nil {
			return err
		}
		if by.After, err = judgedSum(ctx, tx); err != nil {
			return err
		}
		_, err = audit(ctx, tx, by)
		return err
	})
}

// judgedSum is the hash of all that people said of replies.
func judgedSum(ctx context.Context, tx *sql.Tx) (string, error) {
	all, err := readJudged(ctx, tx)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(all)
	return hexSum(text), err
}

// Judged returns what people said of replies, by number and version.
func (d *DB) Judged(ctx context.Context) ([]record.Judged, error) {
	all, err := readJudged(ctx, d.reader)
	return all, d.explain(err)
}

func readJudged(ctx context.Context, q actSource) (all []record.Judged, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, version, rule, empty FROM judged ORDER BY id, version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var j record.Judged
		if err := rows.Scan(&id, &j.Version, &j.Rule, &j.Empty); err != nil {
			return nil, err
		}
		j.Number = numberOf(id)
		all = append(all, j)
	}
	return all, rows.Err()
}
