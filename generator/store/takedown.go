package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"

	"github.com/huiyin/huiyin/generator/record"
)

// Taken is what became of a case that was asked to be withdrawn.
type Taken struct {
	Number record.CaseNumber `json:"number"`
	Before bool              `json:"before,omitempty"` // it was withdrawn earlier; nothing was done
}

// Withdraw withdraws cases by their public numbers, all or none: their texts, versions
// and attachments are erased, what is left is the tombstone and the row that goes on
// counting. The withdrawal is in the journal, and the act of whoever decided it in the
// audit, before Withdraw returns. The act is kept once a case, with the number as its
// target, the reason, and the hashes of the row before and after; one that was withdrawn
// earlier is not acted on again. No later delivery, no
// older copy of the store and no rollback brings a case back.
//
// A number that no case has is an error that names it.
func (d *DB) Withdraw(ctx context.Context, numbers []record.CaseNumber, w record.Withdrawal, by Act) (done []Taken, err error) {
	if !w.Reason.Valid() || !w.Day.Known() {
		return nil, errors.New("store: a withdrawal needs a reason of the closed list and a day")
	}
	if err := by.check(); err != nil {
		return nil, err
	}
	err = d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done = nil
		b, err := d.begin(ctx, tx, w.Day)
		if err != nil {
			return err
		}
		for _, n := range numbers {
			taken, err := b.withdrawDecided(n, w, by)
			if err != nil {
				return err
			}
			done = append(done, taken)
		}
		return b.commit()
	})
	return done, err
}

// withdrawDecided withdraws one case because a person has decided so.
func (b *batch) withdrawDecided(n record.CaseNumber, w record.Withdrawal, by Act) (Taken, error) {
	taken := Taken{Number: n}
	var mac, before, after []byte
	row := `SELECT mac, fact FROM cases WHERE id = ?`
	err := b.tx.QueryRowContext(b.ctx, row, idOf(n)).Scan(&mac, &before)
	if errors.Is(err, sql.ErrNoRows) {
		return taken, noCase(n)
	}
	if err != nil {
		return taken, err
	}
	_, kind, err := b.withdrawUpstream(hex.EncodeToString(mac), w)
	if err != nil {
		return taken, err
	}
	if kind == "" {
		taken.Before = true
		return taken, nil
	}
	if err := b.tx.QueryRowContext(b.ctx, row, idOf(n)).Scan(&mac, &after); err != nil {
		return taken, err
	}
	by.Target, by.Reason = string(n), string(w.Reason)
	by.Before, by.After = hexSum(before), hexSum(after)
	_, err = audit(b.ctx, b.tx, by)
	return taken, err
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
