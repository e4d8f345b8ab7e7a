package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/huiyin/huiyin/generator/record"
)

// Report is what a check of the store found.
type Report struct {
	Cases       int       `json:"cases"`
	Events      int       `json:"events"`
	Tombstones  int       `json:"tombstones"`
	Commitments int       `json:"commitments"` // those too that were taken back
	Acts        int       `json:"acts"`        // of persons and tokens
	Proofs      int       `json:"proofs"`      // of withdrawals
	Problems    []Problem `json:"problems"`
}

// Problem is one thing that should not be. Code is a stable word; What names
// numbers and places, never a text of a case.
type Problem struct {
	Code string `json:"code"`
	What string `json:"what"`
}

// Fsck checks the store as one transaction left it: the file itself, the
// counters against the numbers, that each case can be read, has its text where
// it is published in full and nowhere else, hashes to what is stored, and has
// events that begin with its publication and are as many as it counts, the
// journal of withdrawals against the tombstones and the acts, and the chain of acts with the
// proofs beside it. The files that are kept must be those that the cases list, and what people judged of promises and replies
// must fit together and be of cases that there are. The error is about the check;
// what it finds is in the report.
func (d *DB) Fsck(ctx context.Context) (Report, error) {
	r := Report{Problems: []Problem{}}
	err := d.snapshot(ctx, func(tx *sql.Tx) error {
		f := fsck{ctx: ctx, tx: tx, db: d, r: &r}
		for _, check := range []func() error{f.file, f.counters, f.cases, f.attachments, f.events, f.tombstones, f.journal, f.audit, f.proofs, f.commitments, f.judged} {
			if err := check(); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

type fsck struct {
	ctx context.Context
	tx  *sql.Tx
	db  *DB
	r   *Report
}

func (f *fsck) problem(code, format string, args ...any) {
	f.r.Problems = append(f.r.Problems, Problem{Code: code, What: fmt.Sprintf(format, args...)})
}

// each calls do for each row of a query.
func (f *fsck) each(query string, do func(*sql.Rows) error) error {
	rows, err := f.tx.QueryContext(f.ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (f *fsck) file() error {
	return f.each(`PRAGMA integrity_check`, func(rows *sql.Rows) error {
		var what string
		err := rows.Scan(&what)
		if err == nil && what != "ok" {
			f.problem("file", "%s", what)
		}
		return err
	})
}

func (f *fsck) counters() error {
	return f.each(`SELECT c.month, coalesce(k.last, 0), c.last FROM
		(SELECT id / 1000000000 AS month, max(id % 1000000000) AS last FROM cases GROUP BY 1) c
		LEFT JOIN counters k ON k.month = c.month WHERE k.last IS NULL OR k.last < c.last`, func(rows *sql.Rows) error {
		var month, counter, last int64
		err := rows.Scan(&month, &counter, &last)
		if err == nil {
			f.problem("counter", "month %04d: the counter stands at %d, the last number is %d", month, counter, last)
		}
		return err
	})
}

func (f *fsck) cases() error {
	words := interner{}
	return f.each(`SELECT c.id, c.fact, t.body, s.id IS NOT NULL, EXISTS (SELECT 1 FROM versions v WHERE v.id = c.id)
		FROM cases c LEFT JOIN texts t ON t.id = c.id LEFT JOIN tombstones s ON s.id = c.id ORDER BY c.id`, func(rows *sql.Rows) error {
		var id int64
		var fact, text sql.RawBytes
		var stone, versions bool
		if err := rows.Scan(&id, &fact, &text, &stone, &versions); err != nil {
			return err
		}
		f.r.Cases++
		c, err := decodeFact(fact, numberOf(id), words)
		if err != nil {
			f.problem("unreadable", "case %s", numberOf(id))
			return nil
		}
		full := c.Prominence == record.Full
		if full != (text != nil) {
			f.problem("text", "case %s: published in full is %t, has a text is %t", c.Number, full, text != nil)
			return nil
		}
		if full {
			if c.Question, c.Reply.Text, err = f.db.body.decode(text); err != nil {
				f.problem("unreadable", "text of case %s", c.Number)
				return nil
			}
		}
		if [hashSize]byte(encodeFact(&c.Case)) != c.Hash {
			f.problem("hash", "case %s does not hash to what is stored", c.Number)
		}
		if withdrawn := c.Prominence == record.Withdrawn; withdrawn != stone || withdrawn && versions {
			f.problem("tombstone", "case %s: withdrawn is %t, has a tombstone is %t, has old versions is %t", c.Number, withdrawn, stone, versions)
		}
		return nil
	})
}

func (f *fsck) events() error {
	if err := f.tx.QueryRowContext(f.ctx, `SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM tombstones)`).
		Scan(&f.r.Events, &f.r.Tombstones); err != nil {
		return err
	}
	err := f.each(`SELECT c.id FROM cases c LEFT JOIN events e ON e.id = c.id AND e.n = 0
		WHERE e.kind IS NULL OR e.kind <> 'publish' ORDER BY c.id`, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		if err == nil {
			f.problem("event", "case %s has no event that published it", numberOf(id))
		}
		return err
	})
	if err != nil {
		return err
	}
	return f.each(`SELECT c.id FROM cases c LEFT JOIN
		(SELECT id, count(*) AS changes, max(day) AS changed FROM events WHERE n > 0 GROUP BY id) e ON e.id = c.id
		WHERE c.changes <> coalesce(e.changes, 0) OR c.changed <> coalesce(e.changed, 0) ORDER BY c.id`, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		if err == nil {
			f.problem("event", "case %s: its events are not those that it counts", numberOf(id))
		}
		return err
	})
}

func (f *fsck) tombstones() error {
	return f.each(`SELECT s.id FROM tombstones s LEFT JOIN cases c ON c.id = s.id WHERE c.id IS NULL`, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		if err == nil {
			f.problem("tombstone", "there is a tombstone for %s and no case", numberOf(id))
		}
		return err
	})
}

// journal compares both ways: what the journal withdraws is withdrawn, and
// nothing is withdrawn without it.
func (f *fsck) journal() error {
	var applied int64 // what was added since is of withdrawals that this check does not see
	if err := f.tx.QueryRowContext(f.ctx, `SELECT v FROM meta WHERE k = 'journal'`).Scan(&applied); err != nil {
		return err
	}
	entries, _, err := f.db.journal.between(0, applied)
	if err != nil {
		f.problem("journal", "%s cannot be read", f.db.journal.path)
		return nil
	}
	if err := f.journaled(entries); err != nil {
		return err
	}
	last := map[record.CaseNumber]Entry{} // what holds of each case
	for _, e := range entries {
		if e.Number != "" && !e.Hide {
			last[e.Number] = e
		}
	}
	for _, number := range slices.Sorted(maps.Keys(last)) {
		e := last[number]
		var withdrawn bool
		mac, err := macBytes(e.MAC)
		if err != nil {
			return err
		}
		// A case that the store has lost is denied instead.
		if err := f.tx.QueryRowContext(f.ctx, `SELECT EXISTS (SELECT 1 FROM tombstones WHERE id = ?) OR EXISTS (SELECT 1 FROM denied WHERE mac = ?)`,
			idOf(number), mac).Scan(&withdrawn); err != nil {
			return err
		}
		switch {
		case e.Back && withdrawn:
			f.problem("journal", "the journal reinstates %s, the store does not", number)
		case !e.Back && !withdrawn:
			f.problem("journal", "the journal withdraws %s, the store does not", number)
		}
	}
	return f.each(`SELECT id FROM tombstones ORDER BY id`, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		if _, listed := last[numberOf(id)]; err == nil && !listed {
			f.problem("journal", "case %s is withdrawn without an entry in the journal", numberOf(id))
		}
		return err
	})
}

// journaled looks in the audit for the acts that the journal has: they are written together,
// so that one that is missing was taken out, also where no release says of it yet. That of a
// correction is not applied from the journal.
func (f *fsck) journaled(entries []Entry) error {
	kept := map[string]bool{}
	name := func(a Act) string { // without what was before and after: that is of the store as it was
		return fmt.Sprintf("%q", []string{a.At.UTC().Format(time.RFC3339Nano), a.By, a.Origin, a.Act, a.Target, a.Reason, a.Note})
	}
	if err := eachAct(f.ctx, f.tx, 0, func(a Audited) bool { kept[name(a.Act)] = true; return true }); err != nil {
		return err
	}
	for _, e := range entries {
		if e.Act != nil && !e.Hide && !kept[name(*e.Act)] {
			f.problem("audit", "the act %s of case %s stands in the journal of withdrawals, and not in the audit", e.Act.Act, e.Number)
		}
	}
	return nil
}
