package store

import (
	"context"
	"database/sql"
	"errors"
	"reflect"

	"github.com/huiyin/huiyin/generator/record"
)

// Policy is a policy of the gate, and how many cases stand as it cleared them.
type Policy struct {
	Hash  string `json:"hash"` // of [gate.Gate.PolicyHash]
	Cases int    `json:"cases"`
}

// Policies returns the policies that any case stands by, by hash. Withdrawn
// cases, of which nothing is left to clear, stand by none.
func (d *DB) Policies(ctx context.Context) ([]Policy, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT p.hash, count(*) FROM cases c JOIN policies p ON p.id = c.policy
		WHERE NOT EXISTS (SELECT 1 FROM tombstones t WHERE t.id = c.id) GROUP BY p.id ORDER BY p.hash`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var all []Policy
	for rows.Next() {
		var p Policy
		if err := rows.Scan(&p.Hash, &p.Cases); err != nil {
			return nil, d.explain(err)
		}
		all = append(all, p)
	}
	return all, d.explain(rows.Err())
}

// policy returns the row id of the policy with the given hash.
func (b *batch) policy(hash string) (int64, error) {
	if id, ok := b.policies[hash]; ok {
		return id, nil
	}
	if hash == "" {
		return 0, errors.New("store: a record that was cleared by no policy")
	}
	var id int64
	err := b.tx.QueryRowContext(b.ctx, `SELECT id FROM policies WHERE hash = ?`, hash).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = b.tx.QueryRowContext(b.ctx, `INSERT INTO policies (hash) VALUES (?) RETURNING id`, hash).Scan(&id)
	}
	if err == nil {
		b.policies[hash] = id
	}
	return id, err
}

// setPolicy writes down that a case, which stood by the policy with row id was,
// has been cleared again. Where it still holds something that only an earlier
// policy has seen, it goes on standing by that one: it is yet to be cleared by
// the other.
func (b *batch) setPolicy(id, was int64, hash string, whole bool) error {
	policy, err := b.policy(hash)
	if err != nil || policy == was || !whole {
		return err
	}
	_, err = b.tx.ExecContext(b.ctx, `UPDATE cases SET policy = ? WHERE id = ?`, policy, id)
	return err
}

// sameTexts reports whether everything of now that only a case published in full
// has comes from fresh.
func sameTexts(now, fresh *record.Case) bool {
	if now.Prominence != record.Full {
		return true
	}
	for _, f := range fullFields {
		if !reflect.DeepEqual(f.get(now).Interface(), f.get(fresh).Interface()) {
			return false
		}
	}
	return true
}
