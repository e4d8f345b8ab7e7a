package intake

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"iter"
	"slices"

	"github.com/huiyin/huiyin/generator/fault"
)

// HeldItem is an entry of the queue of what a person must decide on. It holds
// no text of the case.
type HeldItem struct {
	ID       string         `json:"id"`               // opaque, and always the same for a case
	Number   string         `json:"number,omitempty"` // public number, where it has one
	Silent   bool           `json:"silent"`           // it has neither number nor row
	Sample   bool           `json:"sample"`           // it is published masked, and was drawn to be looked at
	Files    int            `json:"files,omitempty"`  // of a published case: how many of its files wait
	Reasons  []string       `json:"reasons"`
	Findings map[string]int `json:"findings,omitempty"`
	Since    string         `json:"since"` // as-of day of the batch that brought it here

	// Code names what a decision is about: the content that the gate judged, the rules
	// that it judged by, and its reasons. It is the start of a keyed hash, in
	// hexadecimal, and another as soon as one of them is. It is "" where only files of
	// the entry are to be decided about, which have codes of their own.
	Code string `json:"code,omitempty"`

	// Content is the keyed hash of what was received of the entry as the gate judged
	// it, in hexadecimal.
	Content string `json:"-"`

	// Pending says that something of the entry has not been through the gate yet: a
	// delivery, a decision, or other rules, where a run was broken off.
	Pending bool `json:"-"`

	head           int64
	before, policy []byte // of the last review record by rule; nil where there is none
}

// Named reports whether name is the ID of the entry or its public number.
func (h HeldItem) Named(name string) bool { return name != "" && (h.ID == name || h.Number == name) }

// Queue returns what waits for a person, oldest first. What a person of the office has
// withdrawn is in it too: that is known to the store alone.
func (d *DB) Queue(ctx context.Context) ([]HeldItem, error) {
	return list(ctx, d, `SELECT q.head, h.mac, h.number, h.state, q.sample, q.files, q.reasons, q.findings, q.since, h.dirty, r.before, r.policy
		FROM queue q JOIN heads h ON h.id = q.head
		LEFT JOIN reviews r ON r.id = (SELECT max(id) FROM reviews WHERE head = q.head AND asof <> '') ORDER BY q.since, q.head`,
		func(rows *sql.Rows, item *HeldItem) error {
			var mac, number []byte
			var state State
			var reasons, findings string
			if err := rows.Scan(&item.head, &mac, &number, &state, &item.Sample, &item.Files, &reasons, &findings, &item.Since, &item.Pending, &item.before, &item.policy); err != nil {
				return err
			}
			var err error
			if item.Number, err = d.openNumber(mac, number); err != nil {
				return err
			}
			item.ID, item.Silent, item.Reasons = d.publicID(mac), state == Silent, splitCodes(reasons)
			if item.before != nil {
				item.Content = hex.EncodeToString(item.before)
				if state == Held || state == Silent || item.Sample {
					item.Code = d.code(item.before, item.policy, reasons)
				}
			}
			return json.Unmarshal([]byte(findings), &item.Findings)
		})
}

// code names the content that the gate judged by a policy and the reasons that it gave.
// The hashes have one length, so that no two say the same.
func (d *DB) code(content, policy []byte, reasons string) string {
	return hex.EncodeToString(d.seal.content(slices.Concat([]byte("code "), content, policy, []byte(reasons)))[:4])
}

// Quarantined is an entry of the quarantine list: what of a batch was refused
// or set aside, and what to do about it. It holds no value of the row.
type Quarantined struct {
	Batch  string `json:"batch"`
	AsOf   string `json:"as_of"`
	Scope  Scope  `json:"scope"`
	File   string `json:"file"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitempty"`
	Column string `json:"column,omitempty"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
	Hint   string `json:"hint"`
}

// Quarantine returns the quarantine list in the order of batches and rows.
func (d *DB) Quarantine(ctx context.Context) ([]Quarantined, error) {
	return list(ctx, d, `SELECT batch, asof, scope, file, sheet, row, col, code, reason, hint FROM quarantine ORDER BY asof, batch, file, sheet, row, id`,
		func(rows *sql.Rows, q *Quarantined) error {
			return rows.Scan(&q.Batch, &q.AsOf, &q.Scope, &q.File, &q.Sheet, &q.Row, &q.Column, &q.Code, &q.Reason, &q.Hint)
		})
}

// Counts is the state of an intake in numbers.
type Counts struct {
	Waiting     int    `json:"waiting"`                // for their join
	Pending     int    `json:"pending"`                // received, not yet in the store: run pull again
	Held        int    `json:"held"`                   // in the queue, what persons have withdrawn included
	Files       int    `json:"files"`                  // refused as a whole
	Rows        int    `json:"rows"`                   // in quarantine
	Values      int    `json:"values"`                 // set aside
	OldestSince string `json:"oldest_since,omitempty"` // of the queue
}

// Counts returns the state of the intake in numbers.
func (d *DB) Counts(ctx context.Context) (c Counts, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM heads WHERE state = 1), (SELECT count(*) FROM heads WHERE dirty = 1),
		(SELECT count(*) FROM queue), (SELECT count(*) FROM quarantine WHERE scope = 'file'),
		(SELECT count(*) FROM quarantine WHERE scope = 'row'), (SELECT count(*) FROM quarantine WHERE scope = 'value'),
		(SELECT coalesce(min(since), '') FROM queue)`).
		Scan(&c.Waiting, &c.Pending, &c.Held, &c.Files, &c.Rows, &c.Values, &c.OldestSince)
	return c, d.explain(err)
}

// Reasoned is a case in the store with the reasons of the gate.
type Reasoned struct {
	ID      string   `json:"id"` // opaque, and always the same for a case
	Number  string   `json:"number"`
	Reasons []string `json:"reasons"` // codes
	Since   string   `json:"since"`   // as-of day of the batch of the last decision
}

// Reasoned returns the cases in the store of which the last decision of the gate has a
// reason that begins with prefix, oldest first. Decisions older than three years are
// not known any more.
func (d *DB) Reasoned(ctx context.Context, prefix string) ([]Reasoned, error) {
	return list(ctx, d, `SELECT h.mac, h.number, r.reasons, r.asof FROM reviews r JOIN heads h ON h.id = r.head
		WHERE r.asof <> '' AND h.state = 3 AND h.number IS NOT NULL AND instr(',' || r.reasons, ',' || ?) > 0
		AND r.id = (SELECT max(id) FROM reviews WHERE head = r.head AND asof <> '') ORDER BY r.asof, r.head`,
		func(rows *sql.Rows, c *Reasoned) error {
			var mac, number []byte
			var reasons string
			if err := rows.Scan(&mac, &number, &reasons, &c.Since); err != nil {
				return err
			}
			var err error
			c.ID, c.Reasons = d.publicID(mac), splitCodes(reasons)
			c.Number, err = d.openNumber(mac, number)
			return err
		}, prefix)
}

// MonthCount is a number of cases received in a month.
type MonthCount struct {
	Month string `json:"month"` // 2006-01
	N     int64  `json:"n"`
}

// Excluded returns how many cases of each month accuse an official (检举控告).
// Small numbers in it are not fit to publish.
func (d *DB) Excluded(ctx context.Context) ([]MonthCount, error) {
	return list(ctx, d, `SELECT month, count(*) FROM excluded GROUP BY month ORDER BY month`,
		func(rows *sql.Rows, m *MonthCount) error { return rows.Scan(&m.Month, &m.N) })
}

// Pair is an office's own number and the public number of the same case.
type Pair struct {
	Own    string
	Number string
}

// Pairs yields every pair, in the order in which the cases were first received.
// It is for the office alone.
func (d *DB) Pairs(ctx context.Context) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		rows, err := d.reader.QueryContext(ctx, `SELECT mac, key, number FROM heads WHERE kind = ? AND number IS NOT NULL ORDER BY id`, caseKind)
		if err != nil {
			yield(Pair{}, d.explain(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			p, err := d.pair(rows)
			if !yield(p, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Pair{}, d.explain(err))
		}
	}
}

func (d *DB) pair(rows *sql.Rows) (Pair, error) {
	var mac, key, number []byte
	if err := rows.Scan(&mac, &key, &number); err != nil {
		return Pair{}, d.explain(err)
	}
	own, err := d.seal.open(key, bound("key", mac, ""))
	if err != nil {
		return Pair{}, d.damaged(err)
	}
	public, err := d.seal.open(number, bound("number", mac, ""))
	if err != nil {
		return Pair{}, d.damaged(err)
	}
	return Pair{Own: string(own), Number: string(public)}, nil
}

// damaged is what is said of sealed data that does not open.
func (d *DB) damaged(err error) error {
	return fault.Coded(fault.ExitDamaged, d.file.Path+" holds data that cannot be opened", "restore the newest backup of this file", err)
}
