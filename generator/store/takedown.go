package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Taken is what became of a case that was asked to be withdrawn.
type Taken struct {
	Number record.CaseNumber `json:"number"`
	Before bool              `json:"before,omitempty"` // it was withdrawn earlier; nothing was done

	// Ahead says that the journal alone has it: another process was writing to the store,
	// and applies it before it commits. See [DB.Gone] and [DB.CatchUp].
	Ahead bool `json:"-"`
}

// Withdraw withdraws cases by their public numbers, all or none: their texts, versions
// and attachments are erased, what is left is the tombstone and the row that goes on
// counting. The withdrawal is in the journal, and the act of whoever decided it in the
// audit, before Withdraw returns. The act is kept once a case, with the number as its
// target, the reason, and the hashes of the row before and after; one that was withdrawn
// earlier is not acted on again. No later delivery, no
// older copy of the store and no rollback brings a case back; [DB.Reinstate] does.
//
// It waits for nobody: where another process is writing to the store and goes on with it,
// as while a whole export is stored, the withdrawal and the act are in the journal when it
// returns, and in the store and the audit when that process has ended.
//
// A number that no case has is an error that names it.
func (d *DB) Withdraw(ctx context.Context, numbers []record.CaseNumber, w record.Withdrawal, by Act) (done []Taken, err error) {
	if !w.Reason.Valid() || !w.Day.Known() {
		return nil, errors.New("store: a withdrawal needs a reason of the closed list and a day")
	}
	if err := by.Check(); err != nil {
		return nil, err
	}
	err = d.file.TryWrite(ctx, func(ctx context.Context, tx *sql.Tx) error {
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
	if isBusy(err) {
		return d.withdrawAhead(ctx, numbers, w, by)
	}
	return done, err
}

// withdrawAhead is Withdraw by the journal alone.
func (d *DB) withdrawAhead(ctx context.Context, numbers []record.CaseNumber, w record.Withdrawal, by Act) (done []Taken, err error) {
	err = d.journal.locked(func() error {
		done = nil
		ahead, _, end, err := d.ahead(ctx)
		if err != nil {
			return err
		}
		cases, err := d.CasesByNumber(ctx, numbers)
		if err != nil {
			return err
		}
		macs, err := d.KeyMACs(ctx, numbers)
		if err != nil {
			return err
		}
		var fresh []Entry
		for i, n := range numbers {
			gone := cases[i].Prominence == record.Withdrawn
			if e, ok := lastOf(ahead, n); ok {
				gone = !e.Back
			}
			done = append(done, Taken{Number: n, Before: gone, Ahead: true})
			if gone {
				continue
			}
			act := by
			act.Target, act.Reason = string(n), string(w.Reason)
			fresh = append(fresh, Entry{Number: n, MAC: macs[i], Reason: w.Reason, Day: w.Day, Act: &act})
		}
		if len(fresh) > 0 {
			_, err = d.journal.append(fresh, end)
		}
		return err
	})
	return done, err
}

// lastOf returns the last entry that withdraws or reinstates a case.
func lastOf(entries []Entry, n record.CaseNumber) (last Entry, ok bool) {
	for _, e := range entries {
		if e.Number == n && !e.Hide {
			last, ok = e, true
		}
	}
	return last, ok
}

// Gone returns what no reader may be shown: the tombstones, and one of each case that the
// journal withdraws and the store has not come to yet.
func (d *DB) Gone(ctx context.Context) ([]record.Tombstone, error) {
	ahead, _, _, err := d.ahead(ctx) // before the tombstones: what is applied meanwhile is in both
	if err != nil {
		return nil, err
	}
	gone, err := d.Tombstones(ctx)
	if err != nil || len(ahead) == 0 {
		return gone, err
	}
	known := map[record.CaseNumber]bool{}
	for _, t := range gone {
		known[t.Number] = true
	}
	for _, e := range ahead {
		last, is := lastOf(ahead, e.Number)
		if !is || last.Back || known[e.Number] || e.Number == "" {
			continue
		}
		known[e.Number] = true
		t := record.Tombstone{Number: e.Number, Reason: last.Reason.Public(), Day: last.Day}
		if cases, err := d.CasesByNumber(ctx, []record.CaseNumber{e.Number}); err == nil { // a store of before the case has no unit for it
			t.Unit = cases[0].Unit
		}
		gone = append(gone, t)
	}
	slices.SortFunc(gone, func(a, b record.Tombstone) int { return cmp.Compare(idOf(a.Number), idOf(b.Number)) })
	return gone, nil
}

// withdrawDecided withdraws one case because a person has decided so.
func (b *batch) withdrawDecided(n record.CaseNumber, w record.Withdrawal, by Act) (Taken, error) {
	taken := Taken{Number: n}
	mac, before, _, err := b.row(n)
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
	_, after, _, err := b.row(n)
	if err != nil {
		return taken, err
	}
	by.Target, by.Reason = string(n), string(w.Reason)
	act := by
	b.journaled[len(b.journaled)-1].Act = &act
	by.Before, by.After = hexSum(before), hexSum(after)
	_, err = audit(b.ctx, b.tx, by)
	return taken, err
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Reinstate lifts the withdrawal of cases, all or none: the row of each is an ordinary
// one again, under review, and shows no text until one has been through the gate. A case
// that is not withdrawn is an error that names it, but one that was reinstated before and
// shows no text yet, of which nothing is kept anew. The lifting is in the journal and the
// act in the audit before it returns.
func (d *DB) Reinstate(ctx context.Context, numbers []record.CaseNumber, day record.Day, by Act) error {
	if !day.Known() {
		return errors.New("store: a reinstatement needs a day")
	}
	if err := by.Check(); err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		b, err := d.begin(ctx, tx, day)
		if err != nil {
			return err
		}
		for _, n := range numbers {
			if err := b.reinstateDecided(n, day, by); err != nil {
				return err
			}
		}
		return b.commit()
	})
}

func (b *batch) reinstateDecided(n record.CaseNumber, day record.Day, by Act) error {
	mac, before, fact, err := b.row(n)
	if err != nil {
		return err
	}
	key := hex.EncodeToString(mac)
	if fact.Prominence != record.Withdrawn {
		return reinstatable(b.ctx, b.tx, n, fact.Prominence)
	}
	if _, err := b.reinstate(key, day); err != nil {
		return err
	}
	by.Target = string(n)
	act := by
	b.journaled = append(b.journaled, Entry{Number: n, MAC: key, Day: day, Back: true, Act: &act})
	_, after, _, err := b.row(n)
	if err != nil {
		return err
	}
	by.Before, by.After = hexSum(before), hexSum(after)
	_, err = audit(b.ctx, b.tx, by)
	return err
}

// Reinstatable reports what [DB.Reinstate] would say of cases, and changes nothing.
func (d *DB) Reinstatable(ctx context.Context, numbers []record.CaseNumber) error {
	cases, err := d.CasesByNumber(ctx, numbers)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if err := reinstatable(ctx, d.reader, c.Number, c.Prominence); err != nil {
			return d.explain(err)
		}
	}
	return nil
}

// reinstatable refuses a case that is not withdrawn, but one that was reinstated before and
// shows no text yet.
func reinstatable(ctx context.Context, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, n record.CaseNumber, p record.Prominence) error {
	if p == record.Withdrawn {
		return nil
	}
	var again bool
	err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM events WHERE id = ? AND kind = ?)`, idOf(n), string(record.EventReinstate)).Scan(&again)
	if err == nil && !(again && p == record.StubOnly) {
		err = fault.New("the case "+string(n)+" is not withdrawn", "there is nothing to lift; check the number")
	}
	return err
}

// row returns the keyed hash and the row of a case, as it is stored and as it is read.
func (b *batch) row(n record.CaseNumber) (mac, blob []byte, fact record.Fact, err error) {
	err = b.tx.QueryRowContext(b.ctx, `SELECT mac, fact FROM cases WHERE id = ?`, idOf(n)).Scan(&mac, &blob)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, fact, noCase(n)
	}
	if err != nil {
		return nil, nil, fact, err
	}
	fact, err = decodeFact(blob, n, b.words)
	return mac, blob, fact, err
}

// Reinstated returns the cases whose withdrawal was lifted and that are not withdrawn, also
// not by an entry of the journal that the store has not come to yet.
func (d *DB) Reinstated(ctx context.Context) ([]record.CaseNumber, error) {
	ahead, _, _, err := d.ahead(ctx)
	if err != nil {
		return nil, err
	}
	back, err := d.numbers(ctx, `SELECT DISTINCT e.id FROM events e LEFT JOIN tombstones t ON t.id = e.id WHERE e.kind = 'reinstate' AND t.id IS NULL ORDER BY e.id`)
	return slices.DeleteFunc(back, func(n record.CaseNumber) bool {
		last, is := lastOf(ahead, n)
		return is && !last.Back
	}), err
}

// numbers returns the public numbers of the cases whose rows a query gives.
func (d *DB) numbers(ctx context.Context, query string) (numbers []record.CaseNumber, err error) {
	rows, err := d.reader.QueryContext(ctx, query)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, d.explain(err)
		}
		numbers = append(numbers, numberOf(id))
	}
	return numbers, d.explain(rows.Err())
}

// KeyMACs returns the keyed hashes of the source keys of cases, in hexadecimal.
func (d *DB) KeyMACs(ctx context.Context, numbers []record.CaseNumber) (macs []string, err error) {
	for _, n := range numbers {
		var mac []byte
		err := d.reader.QueryRowContext(ctx, `SELECT mac FROM cases WHERE id = ?`, idOf(n)).Scan(&mac)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, noCase(n)
		}
		if err != nil {
			return nil, d.explain(err)
		}
		macs = append(macs, hex.EncodeToString(mac))
	}
	return macs, nil
}
