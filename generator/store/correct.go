package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// Stated notes what persons of the office have stated about cases, oldest first. The next
// batch brings what it makes of them: what it changes of such a case is an event with the
// reason of the statement, and the act enters the audit with the same transaction, with
// the number of the case as its target and the hashes of the row before and after.
//
// A correction whose reason hides what was there before (see [record.Reason.Hides]) erases
// the older versions of the case but for the last row, and the releases of before lose its
// texts; so it does where the text was another one only earlier.
//
// A statement that was noted before is not noted again.
func (d *DB) Stated(ctx context.Context, all []record.Statement) error {
	if len(all) == 0 {
		return nil
	}
	for _, s := range all {
		if err := actOf(&s, "").Check(); err != nil {
			return fmt.Errorf("store: a statement that no audit would keep: %w", err)
		}
		if s.ID == "" || !s.Reason.Valid() || (s.Act == record.ActMerge) != (s.Into != "") {
			return errors.New("store: a statement without a name, a reason of the closed list, or the case that it names")
		}
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, s := range all {
			mac, err := macBytes(s.MAC)
			if err != nil {
				return err
			}
			var into int64
			if s.Into != "" {
				into = idOf(s.Into)
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO statements (id, mac, act, target, at, by, origin, reason, note, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
				ON CONFLICT (id) DO NOTHING`,
				s.ID, mac, string(s.Act), into, s.At.UTC().Round(0).Format(time.RFC3339Nano), s.By, s.Origin, string(s.Reason), s.Note)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Unstated returns those of the statements with the given names that the store does not
// know, because an older copy of it was put back, in their order.
func (d *DB) Unstated(ctx context.Context, ids []string) (unknown []string, err error) {
	for _, id := range ids {
		var known bool
		if err := d.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM statements WHERE id = ?)`, id).Scan(&known); err != nil {
			return nil, d.explain(err)
		}
		if !known {
			unknown = append(unknown, id)
		}
	}
	return unknown, nil
}

// Hiding returns the names of the statements for which texts are hidden: of each case the
// latest with a reason that hides, in their order. Of a case of which it is noted that this
// one is lost there is none.
func (d *DB) Hiding(ctx context.Context) (ids []string, err error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT id, mac, reason FROM statements s WHERE act <> ?
		AND NOT EXISTS (SELECT 1 FROM uncorrected u WHERE u.mac = s.mac) ORDER BY n DESC`, string(record.ActMerge))
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	seen := map[string]bool{} // by keyed hash
	for rows.Next() {
		var id, mac, reason string
		if err := rows.Scan(&id, &mac, &reason); err != nil {
			return nil, d.explain(err)
		}
		if record.Reason(reason).Hides() && !seen[mac] {
			seen[mac], ids = true, append(ids, id)
		}
	}
	slices.Reverse(ids)
	return ids, d.explain(rows.Err())
}

// KeepHidden notes that the intake does not know the statements with the given names,
// because an older copy of it was put back: what was delivered before stands there again.
// What is published of their cases stays; no text that is delivered is published until they
// are corrected once more, for a reason that hides.
func (d *DB) KeepHidden(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, `INSERT INTO uncorrected (mac) SELECT mac FROM statements WHERE id = ? ON CONFLICT DO NOTHING`, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// actOf returns the act of a statement as the audit keeps it.
func actOf(s *record.Statement, target record.CaseNumber) Act {
	a := Act{At: s.At, By: s.By, Origin: s.Origin, Act: string(s.Act), Target: string(target), Reason: string(s.Reason), Note: s.Note}
	if s.Into != "" {
		a.Act += " into " + string(s.Into)
	}
	return a
}

// stated is a statement whose batch is being stored.
type stated struct {
	record.Statement
	before string // hash of the row as it was before the batch
}

// openStatements reads the statements that this batch brings.
func (b *batch) openStatements() error {
	rows, err := b.tx.QueryContext(b.ctx, `SELECT id, mac, act, target, at, by, origin, reason, note FROM statements WHERE seq = 0 ORDER BY n`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s stated
		var mac []byte
		var into int64
		var at string
		if err := rows.Scan(&s.ID, &mac, &s.Act, &into, &at, &s.By, &s.Origin, &s.Reason, &s.Note); err != nil {
			return err
		}
		if s.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return err
		}
		if into != 0 {
			s.Into = numberOf(into)
		}
		s.MAC = hex.EncodeToString(mac)
		b.statements = append(b.statements, s)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i := range b.statements {
		if _, b.statements[i].before, err = b.rowOf(b.statements[i].MAC); err != nil {
			return err
		}
	}
	return nil
}

// rowOf returns the number of a case and the hash of its row, both "" where the store has
// none.
func (b *batch) rowOf(mac string) (record.CaseNumber, string, error) {
	m, err := macBytes(mac)
	if err != nil {
		return "", "", err
	}
	var id int64
	var blob []byte
	err = b.tx.QueryRowContext(b.ctx, `SELECT id, fact FROM cases WHERE mac = ?`, m).Scan(&id, &blob)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	return numberOf(id), hexSum(blob), err
}

// closeStatements puts the acts of the statements into the audit.
func (b *batch) closeStatements() error {
	for _, s := range b.statements {
		number, after, err := b.rowOf(s.MAC)
		if err != nil {
			return err
		}
		a := actOf(&s.Statement, number)
		a.Before, a.After = s.before, after
		done, err := audit(b.ctx, b.tx, a)
		if err != nil {
			return err
		}
		if _, err := b.tx.ExecContext(b.ctx, `UPDATE statements SET seq = ? WHERE id = ?`, done.Seq, s.ID); err != nil {
			return err
		}
		if s.Reason.Hides() && number != "" {
			b.journaled = append(b.journaled, Entry{Number: number, MAC: s.MAC, Reason: s.Reason, Day: record.DayOf(s.At), Hide: true, Statement: s.ID})
		}
	}
	b.statements = nil
	return nil
}

// why returns the statement for which a case is corrected, or merged: the latest, or the
// latest that hides what was there before. It is nil where there is none of the kind.
func (b *batch) why(mac string, merge bool) (why *record.Statement) {
	for i := range b.statements {
		s := &b.statements[i].Statement
		if s.MAC == mac && (s.Act == record.ActMerge) == merge && (why == nil || s.Reason.Hides() || !why.Reason.Hides()) {
			why = s
		}
	}
	return why
}

// hides reports whether the case that is put is corrected for a reason that hides what
// was there before.
func (b *batch) hides() bool { return b.because != nil && b.because.Reason.Hides() }

// hideUncorrected takes back what was published of a case, of which the journal says that a
// correction has hidden it: the store is an older copy, and does not know the correction.
// The row alone is published until the case is corrected once more, whatever is delivered.
//
// Of a correction that the next batch is to bring, since a crash came between the journal
// and what it did, only the releases lose what they show: the other texts of the case may
// be kept nowhere else.
func (b *batch) hideUncorrected(e Entry) error {
	m, err := macBytes(e.MAC)
	if err != nil {
		return err
	}
	var coming bool
	err = b.tx.QueryRowContext(b.ctx, `SELECT EXISTS (SELECT 1 FROM statements WHERE id = ? AND mac = ? AND seq = 0)`, e.Statement, m).Scan(&coming)
	if err != nil {
		return err
	}
	if coming {
		id, _, fact, err := b.find(m)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil || fact.Prominence == record.Withdrawn:
			return err
		}
		return b.retract(id)
	}
	if _, err := b.tx.ExecContext(b.ctx, `INSERT INTO uncorrected (mac) VALUES (?) ON CONFLICT DO NOTHING`, m); err != nil {
		return err
	}
	b.uncorrected = true
	id, _, fact, err := b.find(m)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil || fact.Prominence == record.Withdrawn {
		return err
	}
	if err := b.takeBack(id, true); err != nil || fact.Prominence != record.Full {
		return err
	}
	row := fact.Case.Stub(record.StubOnly, record.UnderReview)
	blob := encodeFact(&row)
	b.change(blob)
	if _, err := b.s.setCase.ExecContext(b.ctx, blob, id, 0); err != nil {
		return err
	}
	if err := b.setAttachments(id, &fact.Case, &row); err != nil {
		return err
	}
	return b.event(id, record.EventCorrect, e.Day, e.Reason, 0)
}

// corrected returns what is to be stored of a case: fresh, or its row alone where a
// correction that has hidden its texts is lost, and none that hides is stated now. One of
// another reason says nothing of the texts that were hidden.
func (b *batch) corrected(mac []byte, fresh record.Case) (record.Case, error) {
	if !b.uncorrected {
		return fresh, nil
	}
	if b.hides() {
		_, err := b.tx.ExecContext(b.ctx, `DELETE FROM uncorrected WHERE mac = ?`, mac)
		return fresh, err
	}
	var hidden bool
	err := b.tx.QueryRowContext(b.ctx, `SELECT EXISTS (SELECT 1 FROM uncorrected WHERE mac = ?)`, mac).Scan(&hidden)
	if hidden && fresh.Prominence == record.Full {
		fresh = fresh.Stub(record.StubOnly, record.UnderReview)
	}
	return fresh, err
}

// Uncorrected returns the cases of which no text that is delivered is published, because a
// correction that had hidden one is lost with an older copy of the store or the intake, by
// number.
func (d *DB) Uncorrected(ctx context.Context) ([]record.CaseNumber, error) {
	return d.numbers(ctx, `SELECT c.id FROM uncorrected u JOIN cases c ON c.mac = u.mac
		WHERE NOT EXISTS (SELECT 1 FROM tombstones t WHERE t.id = c.id) ORDER BY c.id`)
}
