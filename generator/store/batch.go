package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// Batch stores one batch in one transaction, with the journal of withdrawals
// first. fill is called once and hands each record to put, in the order in which
// new cases are to be numbered; put returns the public number of a case and what
// happened to it: "" when nothing did. When fill fails, or put ever has, nothing
// of the batch is kept.
//
// given holds the highest numbers that were ever given, one a month, and had,
// with each record, the number that the case was given. Both come from the
// pairing that the office keeps, and matter to a store that has lost numbers: a
// case gets its own again, and no number goes to another case.
//
// A batch whose digest is known changes nothing but, when asOf is later than
// its own, the cut-off; fill is not called then.
func (d *DB) Batch(ctx context.Context, name string, digest [32]byte, asOf record.Day, given []record.CaseNumber,
	fill func(put func(c gate.Cleared, had record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error) error {
	return d.batch(ctx, name, digest, asOf, given, fill, false)
}

// Regate is [DB.Batch] for what is cleared again because the rules of the gate
// have changed. What differs of a case published in full is an event of kind
// policy, its older versions are erased, and the releases of before lose its
// texts: the old text of a policy change is never kept in public. A text that has been
// in a release is only ever masked further. One that never was (see [DB.Unshown]) is
// replaced as the rules say, without an event.
func (d *DB) Regate(ctx context.Context, name string, digest [32]byte, asOf record.Day, given []record.CaseNumber,
	fill func(put func(c gate.Cleared, had record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error) error {
	return d.batch(ctx, name, digest, asOf, given, fill, true)
}

func (d *DB) batch(ctx context.Context, name string, digest [32]byte, asOf record.Day, given []record.CaseNumber,
	fill func(put func(c gate.Cleared, had record.CaseNumber) (record.CaseNumber, record.EventKind, error)) error, regate bool) error {
	if !asOf.Known() {
		return errors.New("store: a batch without an as-of day")
	}
	return d.write(ctx, func(inner context.Context, tx *sql.Tx) error {
		b, err := d.begin(inner, tx, asOf)
		if err != nil {
			return err
		}
		b.regate = regate
		seen, err := b.enter(name, digest)
		if err != nil {
			return err
		}
		if err := b.reserve(given); err != nil {
			return err
		}
		if !seen {
			if err := b.openStatements(); err != nil {
				return err
			}
			var failed error
			err := fill(func(c gate.Cleared, had record.CaseNumber) (record.CaseNumber, record.EventKind, error) {
				if failed == nil {
					failed = ctx.Err()
				}
				if failed != nil {
					return "", "", failed
				}
				number, kind, err := b.put(c, had)
				failed = err
				return number, kind, err
			})
			if err = errors.Join(err, failed); err != nil {
				return err
			}
			if err := b.closeStatements(); err != nil {
				return err
			}
		}
		return b.commit()
	})
}

// Seen reports whether a batch with the given digest is in the store.
func (d *DB) Seen(ctx context.Context, digest [32]byte) (seen bool, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM batches WHERE digest = ?)`, digest[:]).Scan(&seen)
	return seen, d.explain(err)
}

// batch is a batch being stored. It is used by one goroutine.
type batch struct {
	ctx     context.Context
	db      *DB
	tx      *sql.Tx
	id      int64 // 0: not a batch, the journal alone
	asOf    record.Day
	changes hash.Hash // of the digest and of what readers see of the batch
	changed bool      // there is anything that readers see
	regate  bool      // the records are the same, the rules of the gate are not
	words   interner
	cleared gate.Cleared // that is put

	statements  []stated          // of persons, that this batch brings
	because     *record.Statement // for which the case that is put is corrected; mostly nil
	uncorrected bool              // there are cases of which a correction is lost
	merging     bool              // the case that is put is merged by a statement, which is the event

	policies  map[string]int64     // row ids of the policies met, by hash
	counters  map[record.Month]int // last numbers of the months given in this batch
	openLinks int                  // links whose other case is not in the store yet

	journaled  []Entry // to be appended before the commit
	journalWas int64   // length applied when the transaction began
	journalEnd int64

	s statements
}

// statements are prepared once a batch.
type statements struct {
	find, addCase, addUnshown, setCase, addText, delText, getText         *sql.Stmt
	addEvent, setChanged, addVersion, addLink, delLink, getLink, openLink *sql.Stmt
}

func (d *DB) begin(ctx context.Context, tx *sql.Tx, asOf record.Day) (*batch, error) {
	b := &batch{ctx: ctx, db: d, tx: tx, asOf: asOf, words: interner{}, changes: sha256.New(), policies: map[string]int64{}, counters: map[record.Month]int{}}
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&b.s.find, `SELECT id, policy, fact FROM cases WHERE mac = ?`},
		{&b.s.addCase, `INSERT INTO cases (id, mac, policy, fact, shown) VALUES (?, ?, ?, ?, ?)`},
		{&b.s.addUnshown, `INSERT INTO unshown (id) VALUES (?)`},
		{&b.s.setCase, `UPDATE cases SET fact = ?1, shown = iif(shown = 0, ?3, shown) WHERE id = ?2`},
		{&b.s.addText, `INSERT INTO texts (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`},
		{&b.s.delText, `DELETE FROM texts WHERE id = ?`},
		{&b.s.getText, `SELECT body FROM texts WHERE id = ?`},
		{&b.s.addEvent, `INSERT INTO events (id, n, kind, day, reason, target, batch)
			VALUES (?1, (SELECT coalesce(max(n) + 1, 0) FROM events WHERE id = ?1), ?2, ?3, ?4, ?5, ?6)`},
		{&b.s.setChanged, `UPDATE cases SET changes = changes + 1, changed = max(changed, ?) WHERE id = ?`},
		{&b.s.addVersion, `INSERT INTO versions (id, n, reason, policy, fact, body)
			SELECT id, (SELECT count(*) FROM events e WHERE e.id = c.id), '', policy, fact, (SELECT body FROM texts t WHERE t.id = c.id)
			FROM cases c WHERE id = ?`},
		{&b.s.addLink, `INSERT INTO links (id, what, mac, target) VALUES (?, ?, ?, ?)
			ON CONFLICT (id, what) DO UPDATE SET mac = excluded.mac, target = excluded.target`},
		{&b.s.delLink, `DELETE FROM links WHERE id = ? AND what = ?`},
		{&b.s.getLink, `SELECT mac, target FROM links WHERE id = ? AND what = ?`},
		{&b.s.openLink, `SELECT id, what FROM links WHERE mac = ? AND target = 0 ORDER BY id, what`},
	} {
		stmt, err := tx.PrepareContext(ctx, p.text)
		if err != nil {
			return nil, err
		}
		*p.to = stmt
	}
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM links WHERE target = 0`).Scan(&b.openLinks); err != nil {
		return nil, err
	}
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM uncorrected)`).Scan(&b.uncorrected); err != nil {
		return nil, err
	}
	return b, b.applyJournal()
}

// enter writes down the batch itself and reports whether it was there already.
func (b *batch) enter(name string, digest [32]byte) (seen bool, err error) {
	var cutoff, own record.Day
	if err := b.tx.QueryRowContext(b.ctx, `SELECT coalesce(max(asof), 0) FROM batches`).Scan(&cutoff); err != nil {
		return false, err
	}
	b.changes.Write(digest[:])
	if b.asOf > cutoff {
		b.change(fmt.Appendf(nil, "cut-off %s", b.asOf))
	}
	err = b.tx.QueryRowContext(b.ctx, `SELECT id, asof FROM batches WHERE digest = ?`, digest[:]).Scan(&b.id, &own)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		res, err := b.tx.ExecContext(b.ctx, `INSERT INTO batches (digest, name, asof, stored_at) VALUES (?, ?, ?, ?)`,
			digest[:], name, b.asOf, b.db.now().Unix())
		if err != nil {
			return false, err
		}
		b.id, err = res.LastInsertId()
		return false, err
	case err != nil:
		return false, err
	}
	_, err = b.tx.ExecContext(b.ctx, `UPDATE batches SET asof = max(asof, ?) WHERE id = ?`, b.asOf, b.id)
	return true, err
}

// put stores one record.
func (b *batch) put(c gate.Cleared, had record.CaseNumber) (record.CaseNumber, record.EventKind, error) {
	if !c.Valid() {
		return "", "", errors.New("store: a record that the gate has not cleared")
	}
	b.cleared = c
	b.because = b.why(c.KeyMAC(), false)
	defer func() { b.cleared, b.because = gate.Cleared{}, nil }()
	switch v := c.Value().(type) {
	case record.Case:
		return b.putCase(c, v, had)
	case record.Withdrawal:
		return b.withdrawUpstream(c.KeyMAC(), v)
	case record.People:
		return "", "", b.putPeople(v)
	case record.Unit:
		return b.putEntry(entryUnit, string(v.ID), v.Derived, v)
	case record.Area:
		return b.putEntry(entryArea, string(v.Code), v.Derived, v)
	case record.Topic:
		return b.putEntry(entryTopic, string(v.ID), v.Derived, v)
	case record.Channel:
		return b.putEntry(entryChannel, string(v.ID), v.Derived, v)
	case record.Assessment:
		return b.putEntry(entryAssessment, v.ID, false, v)
	case record.Accountability:
		return b.putEntry(entryAccountability, v.ID, false, v)
	}
	return "", "", fmt.Errorf("store: it has no place for a %T", c.Value())
}

// commit finishes the batch but for the commit itself. The journal comes first:
// a crash before the commit leaves an entry that the next start applies.
//
// What others have written into the journal meanwhile is applied first. The lock of the
// journal is let go before the transaction is committed: what is written then is ahead of
// the store, and applied by the next.
func (b *batch) commit() error {
	return b.db.journal.locked(func() error {
		if err := b.applyAhead(); err != nil {
			return err
		}
		return b.finish()
	})
}

func (b *batch) finish() (err error) {
	for m, last := range b.counters {
		_, err := b.tx.ExecContext(b.ctx, `INSERT INTO counters (month, last) VALUES (?, ?) ON CONFLICT (month) DO UPDATE SET last = excluded.last`,
			shortMonth(m), last)
		if err != nil {
			return err
		}
	}
	if b.changed {
		if err := b.chain(); err != nil {
			return err
		}
	}
	if len(b.journaled) > 0 {
		if b.journalEnd, err = b.db.journal.append(b.journaled, b.journalEnd); err != nil {
			return err
		}
	}
	if b.journalEnd != b.journalWas {
		_, err = b.tx.ExecContext(b.ctx, `UPDATE meta SET v = ? WHERE k = 'journal'`, b.journalEnd)
	}
	return err
}

// shortMonth is m as it stands in a number: yymm.
func shortMonth(m record.Month) int64 { return int64(m.Year()%100*100) + int64(m%12) + 1 }

// last returns the last running number given in a month.
func (b *batch) last(m record.Month) (int, error) {
	last, ok := b.counters[m]
	if ok {
		return last, nil
	}
	err := b.tx.QueryRowContext(b.ctx, `SELECT last FROM counters WHERE month = ?`, shortMonth(m)).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return last, err
}

// reserve makes sure that the given numbers, and those below them, are not
// given to a case that did not have them.
func (b *batch) reserve(given []record.CaseNumber) error {
	for _, n := range given {
		last, err := b.last(n.Month())
		if err != nil {
			return err
		}
		if n.Running() > last {
			b.counters[n.Month()] = n.Running()
		}
	}
	return nil
}

// number gives a new case of month m its number: the one that it had, or else
// the next one.
func (b *batch) number(m record.Month, had record.CaseNumber) (record.CaseNumber, error) {
	if had != "" {
		var taken bool
		err := b.tx.QueryRowContext(b.ctx, `SELECT EXISTS (SELECT 1 FROM cases WHERE id = ?)`, idOf(had)).Scan(&taken)
		if err != nil {
			return "", err
		}
		if !taken {
			return had, b.reserve([]record.CaseNumber{had})
		}
	}
	m = record.NewCaseNumber(m, 1).Month() // two digits of the year
	last, err := b.last(m)
	if err != nil {
		return "", err
	}
	b.counters[m] = last + 1
	return record.NewCaseNumber(m, last+1), nil
}

func macBytes(mac string) ([]byte, error) {
	m, err := hex.DecodeString(mac)
	if err != nil || len(m) < 16 {
		return nil, errors.New("store: a keyed hash is not hexadecimal or too short")
	}
	return m, nil
}

// event adds an event to the public history of a case, which begins with
// [record.EventPublish].
func (b *batch) event(id int64, kind record.EventKind, day record.Day, reason record.Reason, target int64) error {
	b.change(fmt.Appendf(nil, "event %d %s %s %s %d", id, kind, day, reason, target))
	_, err := b.s.addEvent.ExecContext(b.ctx, id, string(kind), day, string(reason), target, b.id)
	if err != nil || kind == record.EventPublish {
		return err
	}
	_, err = b.s.setChanged.ExecContext(b.ctx, day, id)
	return err
}
