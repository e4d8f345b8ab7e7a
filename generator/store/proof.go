package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/huiyin/huiyin/generator/record"
)

// Proof is what was found when every place was read again in which a withdrawn case could
// stand, with the act of whoever had it looked for.
type Proof struct {
	Audited
	Found json.RawMessage `json:"found"` // the places, in the words of whoever looked
}

// ProveAct is the name of the act of having a withdrawn case looked for.
const ProveAct = "prove"

// Found is what was found of one case.
type Found struct {
	Number record.CaseNumber
	Gone   bool            // it is in none of the places
	Places json.RawMessage // JSON; nothing of the case but its number
}

// KeepProofs keeps what was found of cases that were looked for, all or none, each beside
// an act of its own: of the case, with the hash of what was found as what there was after,
// and with its reason "gone" or "still there". by says who had them looked for, from where,
// and when that ended. A number that no case has is an error that names it.
func (d *DB) KeepProofs(ctx context.Context, by Act, all []Found) error {
	by.Act = ProveAct
	if err := by.Check(); err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, f := range all {
			if !json.Valid(f.Places) {
				return errors.New("store: a proof that cannot be read")
			}
			if err := known(ctx, tx, f.Number); err != nil {
				return err
			}
			by.Target, by.Reason, by.After = string(f.Number), "still there", hexSum(f.Places)
			if f.Gone {
				by.Reason = "gone"
			}
			done, err := audit(ctx, tx, by)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO proofs (seq, id, found) VALUES (?, ?, ?)`, done.Seq, idOf(f.Number), string(f.Places)); err != nil {
				return err
			}
		}
		return nil
	})
}

// known is an error that names a number which no case has.
func known(ctx context.Context, tx *sql.Tx, n record.CaseNumber) error {
	var is bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM cases WHERE id = ?)`, idOf(n)).Scan(&is)
	if err == nil && !is {
		err = noCase(n)
	}
	return err
}

// Proofs returns what was found of a case each time when it was looked for, oldest first.
// A number that no case has is an error that names it.
func (d *DB) Proofs(ctx context.Context, n record.CaseNumber) (all []Proof, err error) {
	err = d.snapshot(ctx, func(tx *sql.Tx) error {
		if err := known(ctx, tx, n); err != nil {
			return err
		}
		found := map[int64]json.RawMessage{}
		rows, err := tx.QueryContext(ctx, `SELECT seq, found FROM proofs WHERE id = ?`, idOf(n))
		if err != nil {
			return err
		}
		defer rows.Close()
		first := int64(0)
		for rows.Next() {
			var seq int64
			var what string
			if err := rows.Scan(&seq, &what); err != nil {
				return err
			}
			if found[seq] = json.RawMessage(what); first == 0 || seq < first {
				first = seq
			}
		}
		if err := rows.Err(); err != nil || len(found) == 0 {
			return err
		}
		return eachAct(ctx, tx, first, func(a Audited) bool {
			if what, ok := found[a.Seq]; ok {
				all = append(all, Proof{Audited: a, Found: what})
			}
			return true
		})
	})
	return all, err
}

// proofs compares every proof with its act, which is in the chain, and misses one whose
// act is there.
func (f *fsck) proofs() error {
	const query = `SELECT a.seq, a.target, a.after, p.id, p.found FROM audit a LEFT JOIN proofs p ON p.seq = a.seq WHERE a.act = '` + ProveAct + `' ORDER BY a.seq`
	return f.each(query, func(rows *sql.Rows) error {
		var seq int64
		var target, after string
		var id sql.NullInt64
		var found sql.NullString
		if err := rows.Scan(&seq, &target, &after, &id, &found); err != nil {
			return err
		}
		if !id.Valid || target != string(numberOf(id.Int64)) || after != hexSum([]byte(found.String)) {
			f.problem("proof", "what was found of case %s, as act %d says, is not what was written", target, seq)
		}
		f.r.Proofs++
		return nil
	})
}
