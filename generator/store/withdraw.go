package store

import (
	"database/sql"
	"errors"

	"github.com/huiyin/huiyin/generator/record"
)

// withdrawUpstream withdraws the case that an upstream tombstone names, with an
// entry in the journal.
func (b *batch) withdrawUpstream(mac string, w record.Withdrawal) (record.CaseNumber, record.EventKind, error) {
	if !w.Reason.Valid() {
		return "", "", errors.New("store: a withdrawal without a reason of the closed list")
	}
	if !w.Day.Known() {
		w.Day = b.asOf
	}
	number, kind, err := b.withdraw(mac, w)
	if err == nil && kind != "" {
		b.journaled = append(b.journaled, Entry{Number: number, MAC: mac, Reason: w.Reason, Day: w.Day})
	}
	return number, kind, err
}

// withdraw turns a case into a tombstone: its row loses all but the numeric
// stub, its texts and versions are erased. A case that never had a number is
// denied one. The kind is "" when it was withdrawn before.
func (b *batch) withdraw(mac string, w record.Withdrawal) (record.CaseNumber, record.EventKind, error) {
	m, err := macBytes(mac)
	if err != nil {
		return "", "", err
	}
	id, _, fact, err := b.find(m)
	if errors.Is(err, sql.ErrNoRows) {
		return b.deny(m, w)
	}
	if err != nil {
		return "", "", err
	}
	if fact.Prominence == record.Withdrawn {
		return fact.Number, "", nil
	}
	gone := fact.Case.Stub(record.Withdrawn, record.Removed)
	blob := encodeFact(&gone)
	b.change(blob)
	if _, err := b.s.setCase.ExecContext(b.ctx, blob, id, 0); err != nil {
		return "", "", err
	}
	if err := b.eraseTexts(id); err != nil {
		return "", "", err
	}
	if err := b.setAttachments(id, &fact.Case, &gone); err != nil {
		return "", "", err
	}
	if _, err := b.tx.ExecContext(b.ctx, `DELETE FROM links WHERE id = ?`, id); err != nil {
		return "", "", err
	}
	_, err = b.tx.ExecContext(b.ctx, `INSERT INTO tombstones (id, unit, reason, day) VALUES (?, ?, ?, ?)`,
		id, string(gone.Unit), string(w.Reason), w.Day)
	if err != nil {
		return "", "", err
	}
	return fact.Number, record.EventWithdraw, b.event(id, record.EventWithdraw, w.Day, w.Reason, 0)
}

func (b *batch) deny(mac []byte, w record.Withdrawal) (record.CaseNumber, record.EventKind, error) {
	res, err := b.tx.ExecContext(b.ctx, `INSERT INTO denied (mac, reason, day) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		mac, string(w.Reason), w.Day)
	if err != nil {
		return "", "", err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return "", "", err
	}
	return "", record.EventWithdraw, nil
}

// reinstate makes the row of a withdrawn case an ordinary one, under review until its
// texts have been through the gate again. It lifts nothing where the case is not withdrawn.
func (b *batch) reinstate(mac string, day record.Day) (lifted bool, err error) {
	m, err := macBytes(mac)
	if err != nil {
		return false, err
	}
	id, _, fact, err := b.find(m)
	if errors.Is(err, sql.ErrNoRows) {
		res, err := b.tx.ExecContext(b.ctx, `DELETE FROM denied WHERE mac = ?`, m)
		if err != nil {
			return false, err
		}
		n, err := res.RowsAffected()
		return n > 0, err
	}
	if err != nil || fact.Prominence != record.Withdrawn {
		return false, err
	}
	row := fact.Case
	row.Prominence, row.StubReason = record.StubOnly, record.UnderReview
	blob := encodeFact(&row)
	b.change(blob)
	if _, err := b.s.setCase.ExecContext(b.ctx, blob, id, 0); err != nil {
		return false, err
	}
	if _, err := b.tx.ExecContext(b.ctx, `DELETE FROM tombstones WHERE id = ?`, id); err != nil {
		return false, err
	}
	return true, b.event(id, record.EventReinstate, day, "", 0)
}
