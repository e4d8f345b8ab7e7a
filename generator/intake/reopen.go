package intake

import (
	"context"
	"database/sql"
	"errors"

	"github.com/huiyin/huiyin/generator/fault"
)

// Reopenable reports what [DB.Reopen] would say of a case, by its keyed hash, and changes
// nothing.
func (d *DB) Reopenable(ctx context.Context, mac string) error {
	_, err := reopenable(ctx, d.reader, mac)
	return d.explain(err)
}

// Reopen makes a case pending, so that what was received of it goes through the gate
// again: its withdrawal was lifted. It is an error with a public text where nothing of it
// is kept any more, or where the upstream itself has withdrawn it: then the upstream has
// to deliver it anew. by and basis enter the review records.
func (d *DB) Reopen(ctx context.Context, mac, by, basis string) error {
	by, basis, err := Stated(by, basis)
	if err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		head, err := reopenable(ctx, tx, mac)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO reviews (head, at, asof, by, decision, reasons, basis, policy, before, after) VALUES (?, ?, '', ?, ?, '', ?, x'', x'', x'')`,
			head, d.now().Unix(), by, Reopened, basis)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE heads SET dirty = 1 WHERE id = ?`, head)
		return err
	})
}

// rower is what a row can be asked of.
type rower interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func reopenable(ctx context.Context, db rower, mac string) (head int64, err error) {
	m, err := macBytes(mac)
	if err != nil {
		return 0, err
	}
	var gone, kept bool
	err = db.QueryRowContext(ctx, `SELECT id, gone, `+unpruned+` FROM heads WHERE mac = ? AND kind = ?`, m, caseKind).Scan(&head, &gone, &kept)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && !kept:
		return 0, fault.New("nothing of what was received of the case is kept any more", "let the upstream deliver it anew, under another number of its own")
	case err == nil && gone:
		return 0, fault.New("the upstream itself has withdrawn the case", "let the upstream deliver it anew, under another number of its own")
	}
	return head, err
}
