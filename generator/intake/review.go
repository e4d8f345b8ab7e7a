package intake

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
)

// Decided is what the gate decided about a record in one go, as the review
// record keeps it.
type Decided struct {
	Decision string
	Reasons  []string // codes
	Policy   string   // hash of the rules in force, hexadecimal
	Before   string   // keyed hash of what was received, hexadecimal
	After    string   // keyed hash of what came out, hexadecimal, or ""
}

// Record is a review record (公开审查记录): who or which rule decided what about
// a record, when and on what basis. It holds no text of the record. It is kept
// for three years.
type Record struct {
	ID       string    `json:"id,omitempty"`     // of the record, as in the queue; "" for a change of the rules
	Number   string    `json:"number,omitempty"` // public number, where it has one
	Time     time.Time `json:"time"`             // in UTC+8
	AsOf     string    `json:"as_of,omitempty"`  // of the batch that the rules decided about
	By       string    `json:"by,omitempty"`     // name as stated by whoever decided, not proved; "" for the rules
	Decision string    `json:"decision"`
	Reasons  []string  `json:"reasons,omitempty"` // codes
	Basis    string    `json:"basis,omitempty"`   // the person's reason
	Policy   string    `json:"policy"`            // hash of the rules in force
	Before   string    `json:"before"`            // keyed hash of what was received; of a change of the rules the hash of those before
	After    string    `json:"after,omitempty"`   // keyed hash of what came out
}

// The decisions of a person.
const (
	Accepted = "accept"
	Rejected = "reject"
	NewRules = "rules"  // other rules of the gate for everything
	Reopened = "reopen" // a withdrawal was lifted
)

// Review is the decision of a person that is in force for a record.
type Review struct {
	Content  string // keyed hash of what it is about, hexadecimal
	Accept   bool
	Reasons  []string // of the entry: that were accepted
	Accepted []string // that were accepted of the same content by decisions before this one
}

// Held returns one entry of the queue.
func (d *DB) Held(ctx context.Context, id string) (HeldItem, error) {
	queue, err := d.Queue(ctx)
	if err != nil {
		return HeldItem{}, err
	}
	return entry(queue, id)
}

// entry finds an entry of the queue.
func entry(queue []HeldItem, id string) (HeldItem, error) {
	i := slices.IndexFunc(queue, func(h HeldItem) bool { return h.Named(id) })
	if i < 0 {
		return HeldItem{}, fault.New("there is no entry "+strconv.Quote(id)+" in the queue", "huiyin gate list shows the entries; one that is decided, or that a new delivery changed, is not in it any more")
	}
	return queue[i], nil
}

// Ref returns the reference by which [DB.Load] gives out the record of an entry.
func (d *DB) Ref(ctx context.Context, item HeldItem) (Ref, error) {
	refs, err := d.refs(ctx, `id = ?`, item.head)
	if err != nil {
		return Ref{}, err
	}
	if len(refs) != 1 {
		return Ref{}, d.damaged(errEncoding)
	}
	return refs[0], nil
}

// Became returns what has become of an entry of the queue: its state, and its
// public number where it has one.
func (d *DB) Became(ctx context.Context, item HeldItem) (s State, number string, err error) {
	var mac, sealed []byte
	if err := d.reader.QueryRowContext(ctx, `SELECT state, mac, number FROM heads WHERE id = ?`, item.head).Scan(&s, &mac, &sealed); err != nil {
		return 0, "", d.explain(err)
	}
	number, err = d.openNumber(mac, sealed)
	return s, number, err
}

// openNumber returns the public number that is sealed beside a keyed hash, and ""
// where there is none.
func (d *DB) openNumber(mac, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := d.seal.open(sealed, bound("number", mac, ""))
	if err != nil {
		return "", d.damaged(err)
	}
	return string(plain), nil
}

// publicID is the opaque name of a record in the queue and the review records.
func (d *DB) publicID(mac []byte) string {
	return fmt.Sprintf("%x", d.seal.content(append([]byte("queue "), mac...))[:8])
}

// Records yields the review records from a moment on, in the order in which they
// were made.
func (d *DB) Records(ctx context.Context, since time.Time) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		rows, err := d.reader.QueryContext(ctx, `SELECT h.mac, h.number, r.at, r.asof, r.by, r.decision, r.reasons, r.basis, r.policy, r.before, r.after
			FROM reviews r LEFT JOIN heads h ON h.id = r.head WHERE r.at >= ? ORDER BY r.id`, since.Unix())
		if err != nil {
			yield(Record{}, d.explain(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			r, err := d.record(rows)
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Record{}, d.explain(err))
		}
	}
}

func (d *DB) record(rows *sql.Rows) (r Record, err error) {
	var mac, number, policy, before, after []byte
	var at int64
	var reasons string
	if err := rows.Scan(&mac, &number, &at, &r.AsOf, &r.By, &r.Decision, &reasons, &r.Basis, &policy, &before, &after); err != nil {
		return r, d.explain(err)
	}
	if mac != nil {
		r.ID = d.publicID(mac)
		if r.Number, err = d.openNumber(mac, number); err != nil {
			return r, err
		}
	}
	r.Time = time.Unix(at, 0).In(time.FixedZone("UTC+8", 8*60*60))
	r.Reasons = splitCodes(reasons)
	r.Policy, r.Before, r.After = hex.EncodeToString(policy), hex.EncodeToString(before), hex.EncodeToString(after)
	return r, nil
}

func splitCodes(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// LastRecord returns the running number of the newest review record that there ever
// was. It only grows, and is zero where there was none.
func (d *DB) LastRecord(ctx context.Context) (n int64, err error) {
	// Not the greatest id: records may have been erased.
	err = d.reader.QueryRowContext(ctx, `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'reviews'), 0)`).Scan(&n)
	return n, d.explain(err)
}

// RecordYears is how many years review records are kept.
const RecordYears = 3

// PruneRecords erases the review records that are older than three years on the
// given day, and returns how many there were.
//
// It writes only where there are any.
func (d *DB) PruneRecords(ctx context.Context, now time.Time) (n int64, err error) {
	before := now.AddDate(-RecordYears, 0, 0).Unix()
	var any bool
	err = d.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM reviews WHERE at < ?)`, before).Scan(&any)
	if err != nil || !any {
		return 0, d.explain(err)
	}
	err = d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// The floor only rises, and the trigger of the table asks for it.
		if _, err := tx.ExecContext(ctx, `INSERT INTO meta VALUES ('reviews_before', CAST(? AS BLOB))
			ON CONFLICT (k) DO UPDATE SET v = excluded.v`, strconv.FormatInt(before, 10)); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM reviews WHERE at < ?`, before)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, err
}

// MaskedValue is the keyed hash of something that was masked.
type MaskedValue struct {
	Type  string
	Value string // keyed hash, hexadecimal
}

// Masked is something that was masked in a record, for whoever looks whether it
// got out after all.
type Masked struct {
	Number string // public number of the case, or "" where it has none
	MaskedValue
}

// Masked yields what was masked in every record.
func (d *DB) Masked(ctx context.Context) iter.Seq2[Masked, error] {
	return func(yield func(Masked, error) bool) {
		rows, err := d.reader.QueryContext(ctx, `SELECT h.mac, h.number, m.head, m.type, m.value FROM masked m JOIN heads h ON h.id = m.head ORDER BY m.head, m.type, m.value`)
		if err != nil {
			yield(Masked{}, d.explain(err))
			return
		}
		defer rows.Close()
		var last int64
		var public string
		for rows.Next() {
			var m Masked
			var mac, number, value []byte
			var head int64
			if err := rows.Scan(&mac, &number, &head, &m.Type, &value); err != nil {
				yield(Masked{}, d.explain(err))
				return
			}
			if head != last {
				last = head
				if public, err = d.openNumber(mac, number); err != nil {
					yield(Masked{}, err)
					return
				}
			}
			m.Number, m.Value = public, hex.EncodeToString(value)
			if !yield(m, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Masked{}, d.explain(err))
		}
	}
}

// Rules returns the hash of the rules of the gate that are in force, and "" where
// none have been noted yet.
func (d *DB) Rules(ctx context.Context) (string, error) {
	var v []byte
	err := d.reader.QueryRowContext(ctx, `SELECT v FROM meta WHERE k = 'rules'`).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return string(v), d.explain(err)
}

// Adopt notes the rules of the gate that are in force for an intake that has noted
// none.
func (d *DB) Adopt(ctx context.Context, hash string) error {
	if have, err := d.Rules(ctx); err != nil || have != "" {
		return err
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO meta VALUES ('rules', ?) ON CONFLICT DO NOTHING`, []byte(hash))
		return err
	})
}

// ChangeRules puts other rules of the gate into force, as somebody has decided for
// a reason: that enters the review records. Every case and every entry of a register
// is pending, and a change is due until [DB.Regated]: each goes through the gate again
// under these rules. Of what [DB.Prune] has erased the texts that are published do.
func (d *DB) ChangeRules(ctx context.Context, hash, by, basis string) error {
	by, basis, err := Stated(by, basis)
	if err != nil {
		return err
	}
	now, err := hex.DecodeString(hash)
	if err != nil || len(now) == 0 {
		return errors.New("intake: the hash of the rules is malformed")
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var v, was []byte
		err := tx.QueryRowContext(ctx, `SELECT v FROM meta WHERE k = 'rules'`).Scan(&v)
		if err == nil {
			was, err = hex.DecodeString(string(v))
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if was == nil {
			was = []byte{} // none had been noted
		}
		const set = `INSERT INTO meta VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v`
		for _, s := range []struct {
			text string
			args []any
		}{
			{set, []any{"rules", []byte(hash)}},
			{set, []any{"regate", []byte("due")}},
			{`INSERT INTO reviews (head, at, asof, by, decision, reasons, basis, policy, before, after) VALUES (NULL, ?, '', ?, ?, '', ?, ?, ?, x'')`,
				[]any{d.now().Unix(), by, NewRules, basis, now, was}},
			{`UPDATE heads SET dirty = 1 WHERE state NOT IN (?, ?) AND ` + legible, []any{Gone, Waiting}},
			{`UPDATE heads SET dirty = 1 WHERE ` + erased, []any{caseKind, Done}},
		} {
			if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// RegateDue reports whether cases are pending because the rules have changed.
func (d *DB) RegateDue(ctx context.Context) (due bool, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM meta WHERE k = 'regate')`).Scan(&due)
	return due, d.explain(err)
}

// Regated notes that every case has been through the gate under the rules in force.
func (d *DB) Regated(ctx context.Context) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM meta WHERE k = 'regate'`)
		return err
	})
}

// unpruned is the condition that something of a head as it was received is left.
const unpruned = `EXISTS (SELECT 1 FROM versions v WHERE v.head = heads.id AND v.sealed IS NOT NULL)`

// legible is the condition that the gate has something to look at of a head: as it was
// received, or as the office has stated it.
const legible = `(` + unpruned + ` OR EXISTS (SELECT 1 FROM statements s WHERE s.head = heads.id))`

// erased is the condition that a head is a case in the store of which nothing is left
// as it was received, and of which the office has stated nothing.
const erased = `kind = ? AND state = ? AND rest IS NOT NULL AND NOT ` + legible

// Erased returns every case that is in the store and of which [DB.Prune] has erased all
// that was received, and of which the office has stated nothing, in the order of
// [DB.Pending].
func (d *DB) Erased(ctx context.Context) ([]Ref, error) { return d.refs(ctx, erased, caseKind, Done) }

// Cases returns every case that has been through the gate and was neither withdrawn
// nor pruned, and those of which the office has stated something, in the order of
// [DB.Pending].
func (d *DB) Cases(ctx context.Context) ([]Ref, error) {
	return d.refs(ctx, `kind = ? AND state NOT IN (?, ?, ?) AND `+legible, caseKind, Gone, Waiting, New)
}

// Entries returns every entry of a register that has been through the gate, in the
// order of [DB.Pending].
func (d *DB) Entries(ctx context.Context) ([]Ref, error) {
	return d.refs(ctx, `kind <> ? AND state NOT IN (?, ?, ?) AND `+legible, caseKind, Gone, Waiting, New)
}

// Note is the keyed hash of a text, which says nothing to whoever has no key. See
// [DB.Tell].
func (d *DB) Note(text []byte) string {
	return hex.EncodeToString(d.seal.content(append([]byte("note "), text...)))
}

// Told returns the note that [DB.Tell] made last of what the office was told, and ""
// where there is none.
func (d *DB) Told(ctx context.Context) (string, error) {
	var note []byte
	err := d.reader.QueryRowContext(ctx, `SELECT v FROM meta WHERE k = 'told'`).Scan(&note)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return string(note), d.explain(err)
}

// Tell notes what the office was told, so that it is told once.
func (d *DB) Tell(ctx context.Context, note string) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO meta VALUES ('told', ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v`, []byte(note))
		return err
	})
}
