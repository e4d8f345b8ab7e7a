package intake

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/source"
)

// State is how far a record has come.
type State int8

// The states. The numbers are stored.
const (
	New        State = 0 // not decided yet
	Waiting    State = 1 // for its join: no stream has carried a day of receipt
	Unanswered State = 2 // in the store, without a reply yet
	Done       State = 3 // in the store
	Held       State = 4 // in the store as a row, until a person has decided
	Silent     State = 5 // nowhere, until a person has decided
	Excluded   State = 6 // counted, and nowhere else
	Refused    State = 7 // in quarantine
	Gone       State = 8 // withdrawn upstream
)

// Outcome says what became of a pending record.
type Outcome struct {
	ID       int64
	MAC      string
	State    State
	Number   string         // public number, or "" when it has none
	Reasons  []string       // of a Held or Silent one: codes
	Findings map[string]int // of a Held, Silent or Sample one, or with Files: how many of each type
	Sample   bool           // published masked, and drawn for a person to look at
	Files    int            // of a published one: how many of its files wait for a person
	Decided  Decided        // for the review record; none is kept where Decision is ""
	Masked   []MaskedValue  // what was masked
	Kept     bool           // what is published stays as it was, in spite of what was decided now

	// Recleared says that the gate has looked at what is published, because what was
	// received is erased: for the review record that is still what came in. With
	// Withheld nothing of it is published any more, and what the office delivers once
	// more counts as new.
	Recleared, Withheld bool

	received string
	counted  []byte
	rest     map[string]string
	seen     string
	untold   []Statement
	pruned   bool // some of what was received is erased, and so not among Masked
}

// Outcome returns the outcome of i with the given state.
func (i Item) Outcome(s State) Outcome {
	return Outcome{ID: i.ID, MAC: i.MAC, State: s, received: i.Received, counted: i.counted, pruned: i.rest != nil, rest: i.rest, seen: i.seen, untold: i.Untold}
}

// Note is an entry of the quarantine list.
type Note struct {
	Scope Scope
	source.Rejected
}

// Scope is how much an entry of the quarantine list is about.
type Scope string

// The scopes.
const (
	File  Scope = "file"  // the file as a whole was refused
	Row   Scope = "row"   // the row was refused
	Value Scope = "value" // the value was set aside, the row stands
)

// Finish notes in one transaction what became of pending records: they are no
// longer pending, their public numbers are sealed beside their own, the queue
// and the counts follow. notes replaces what the quarantine list held of a
// batch of the same name. The batch is finished with this.
func (d *DB) Finish(ctx context.Context, b Info, outcomes []Outcome, notes []Note) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		f, err := newFinisher(ctx, tx, d.seal, b, d.now().Unix())
		if err != nil {
			return err
		}
		for i := range outcomes {
			if err := f.one(&outcomes[i]); err != nil {
				return err
			}
		}
		if err := f.raise(); err != nil {
			return err
		}
		if err := replaceNotes(ctx, tx, b, notes); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE batches SET finished = 1 WHERE digest = ?`, b.Digest[:])
		return err
	})
}

// Refuse notes that a batch was refused as a whole.
func (d *DB) Refuse(ctx context.Context, b Info, note Note) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return replaceNotes(ctx, tx, b, []Note{note}) })
}

// Listed says which batches the source has: entries about files that were
// refused whole and are no longer there are dropped. It writes only where there
// are any.
func (d *DB) Listed(ctx context.Context, names []string) error {
	refused, err := list(ctx, d, `SELECT DISTINCT batch FROM quarantine WHERE scope = 'file'`,
		func(rows *sql.Rows, batch *string) error { return rows.Scan(batch) })
	if err != nil {
		return err
	}
	gone := slices.DeleteFunc(refused, func(batch string) bool { return slices.Contains(names, batch) })
	if len(gone) == 0 {
		return nil
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, batch := range gone {
			if _, err := tx.ExecContext(ctx, `DELETE FROM quarantine WHERE batch = ? AND scope = 'file'`, batch); err != nil {
				return err
			}
		}
		return nil
	})
}

func replaceNotes(ctx context.Context, tx *sql.Tx, b Info, notes []Note) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM quarantine WHERE batch = ?`, b.Name); err != nil {
		return err
	}
	add, err := tx.PrepareContext(ctx, `INSERT INTO quarantine (batch, asof, scope, file, sheet, row, col, code, reason, hint)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	for _, n := range notes {
		if _, err := add.ExecContext(ctx, b.Name, b.AsOf, string(n.Scope), n.File, n.Sheet, n.Row, n.Column, n.Code, n.Reason, n.Hint); err != nil {
			return err
		}
	}
	return nil
}

// finisher notes outcomes. The booleans spare a statement for each
// record where a table is empty, as it mostly is.
type finisher struct {
	ctx                       context.Context
	tx                        *sql.Tx
	seal                      *sealer
	asOf                      string
	highest                   map[string]string // by month, of this batch
	queued, excluded, counted bool
	reviewed, hadMasked       bool

	lastReview, addReview, clearMasked, addMasked *sql.Stmt
	now                                           int64

	mark, unqueue, enqueue, exclude, include, readCounted, setCounted, addCount *sql.Stmt
}

func newFinisher(ctx context.Context, tx *sql.Tx, s *sealer, b Info, now int64) (*finisher, error) {
	f := &finisher{ctx: ctx, tx: tx, seal: s, asOf: b.AsOf, now: now, highest: map[string]string{}}
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM queue), EXISTS (SELECT 1 FROM excluded), EXISTS (SELECT 1 FROM aggregates),
		EXISTS (SELECT 1 FROM reviews), EXISTS (SELECT 1 FROM masked)`).
		Scan(&f.queued, &f.excluded, &f.counted, &f.reviewed, &f.hadMasked)
	if err != nil {
		return nil, err
	}
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&f.mark, `UPDATE heads SET dirty = 0, state = ?, number = coalesce(?, number), received = ? WHERE id = ?`},
		{&f.unqueue, `DELETE FROM queue WHERE head = ?`},
		{&f.enqueue, `INSERT INTO queue (head, reasons, findings, since, sample, files) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (head) DO UPDATE SET reasons = excluded.reasons, findings = excluded.findings, sample = excluded.sample, files = excluded.files`},
		{&f.lastReview, `SELECT decision, reasons, policy, before, after FROM reviews WHERE head = ? ORDER BY id DESC LIMIT 1`},
		{&f.addReview, `INSERT INTO reviews (head, at, asof, by, decision, reasons, basis, policy, before, after) VALUES (?, ?, ?, '', ?, ?, '', ?, ?, ?)`},
		{&f.clearMasked, `DELETE FROM masked WHERE head = ?`},
		{&f.addMasked, `INSERT INTO masked (head, type, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`},
		{&f.exclude, `INSERT INTO excluded (head, month) VALUES (?, ?) ON CONFLICT DO NOTHING`},
		{&f.include, `DELETE FROM excluded WHERE head = ?`},
		{&f.readCounted, `SELECT counted FROM heads WHERE id = ?`},
		{&f.setCounted, `UPDATE heads SET counted = ? WHERE id = ?`},
		{&f.addCount, `INSERT INTO aggregates (month, field, bucket, n) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET n = n + excluded.n`},
	} {
		if *s.to, err = tx.PrepareContext(ctx, s.text); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *finisher) one(o *Outcome) error {
	mac, err := macBytes(o.MAC)
	if err != nil {
		return err
	}
	var number []byte
	if o.Number != "" {
		month, _, _ := strings.Cut(o.Number, "-")
		if higher(o.Number, f.highest[month]) {
			f.highest[month] = o.Number
		}
		if number, err = f.seal.seal([]byte(o.Number), bound("number", mac, "")); err != nil {
			return err
		}
	}
	if _, err := f.mark.ExecContext(f.ctx, o.State, number, o.received, o.ID); err != nil {
		return err
	}
	for _, s := range o.untold {
		if _, err := f.tx.ExecContext(f.ctx, `UPDATE statements SET told = 1 WHERE id = ?`, s.id); err != nil {
			return err
		}
	}
	if err := f.queue(o); err != nil {
		return err
	}
	if err := f.review(o); err != nil {
		return err
	}
	if err := f.masked(o); err != nil {
		return err
	}
	if o.Withheld {
		if err := f.forget(o, mac); err != nil {
			return err
		}
	}
	if o.State == Excluded {
		_, err = f.exclude.ExecContext(f.ctx, o.ID, monthOf(o.received))
	} else if f.excluded {
		_, err = f.include.ExecContext(f.ctx, o.ID)
	}
	if err != nil || !f.counted && o.counted == nil {
		return err
	}
	return f.count(o, mac)
}

// raise writes down the highest numbers.
func (f *finisher) raise() error {
	for month, number := range f.highest {
		var have string
		err := f.tx.QueryRowContext(f.ctx, `SELECT number FROM highest WHERE month = ?`, month).Scan(&have)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if !higher(number, have) {
			continue
		}
		if _, err := f.tx.ExecContext(f.ctx, `INSERT INTO highest (month, number) VALUES (?, ?)
			ON CONFLICT (month) DO UPDATE SET number = excluded.number`, month, number); err != nil {
			return err
		}
	}
	return nil
}

// higher reports whether number a is higher than b of the same month.
func higher(a, b string) bool {
	return len(a) > len(b) || len(a) == len(b) && a > b
}

// Highest returns the highest public number that was paired in each month. A
// store that has lost numbers must not give them again.
func (d *DB) Highest(ctx context.Context) ([]string, error) {
	return list(ctx, d, `SELECT number FROM highest ORDER BY month`,
		func(rows *sql.Rows, number *string) error { return rows.Scan(number) })
}

func (f *finisher) queue(o *Outcome) error {
	if o.State != Held && o.State != Silent && !o.Sample && o.Files == 0 {
		if !f.queued {
			return nil
		}
		_, err := f.unqueue.ExecContext(f.ctx, o.ID)
		return err
	}
	findings, err := json.Marshal(o.Findings)
	if err != nil {
		return err
	}
	_, err = f.enqueue.ExecContext(f.ctx, o.ID, strings.Join(o.Reasons, ","), string(findings), f.asOf, o.Sample, o.Files)
	return err
}

func (f *finisher) count(o *Outcome, mac []byte) error {
	var sealed, before []byte
	err := f.readCounted.QueryRowContext(f.ctx, o.ID).Scan(&sealed)
	if err != nil {
		return err
	}
	if sealed != nil {
		if before, err = f.seal.open(sealed, bound("counted", mac, "")); err != nil {
			return err
		}
	}
	// What has no row is not counted: a total could be compared with the rows, and the
	// difference would tell how many accuse an official.
	count := recount
	if o.State == Silent || o.State == Excluded || o.State == Refused {
		count = uncount
	}
	now, err := count(f.ctx, f.addCount, before, o.counted)
	if err != nil || bytes.Equal(now, before) {
		return err
	}
	if sealed, err = f.seal.seal(now, bound("counted", mac, "")); err != nil {
		return err
	}
	_, err = f.setCounted.ExecContext(f.ctx, sealed, o.ID)
	return err
}

// review adds a review record where something was decided that the last one of
// the record does not say already.
func (f *finisher) review(o *Outcome) error {
	now := o.Decided
	if now.Decision == "" {
		return nil
	}
	if o.Recleared && o.seen != "" {
		now.Before = o.seen
	}
	var policy, before, after [32]byte
	for _, h := range []struct {
		to   *[32]byte
		text string
	}{{&policy, now.Policy}, {&before, now.Before}, {&after, now.After}} {
		if n, err := hex.Decode(h.to[:], []byte(h.text)); err != nil || n != len(h.to) && h.text != "" {
			return errors.New("intake: a hash of a review record is malformed")
		}
	}
	came := after[:]
	if now.After == "" {
		came = []byte{}
	}
	reasons := strings.Join(now.Reasons, ",")
	var was struct {
		decision, reasons     string
		policy, before, after []byte
	}
	err := sql.ErrNoRows
	if f.reviewed {
		err = f.lastReview.QueryRowContext(f.ctx, o.ID).Scan(&was.decision, &was.reasons, &was.policy, &was.before, &was.after)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if o.Kept {
		came = was.after // the hash of what stands; unknown where no earlier record is left
		if came == nil {
			came = []byte{}
		}
	}
	switch {
	case err != nil: // the first
	case was.decision == now.Decision && was.reasons == reasons && bytes.Equal(was.policy, policy[:]) && bytes.Equal(was.before, before[:]) && bytes.Equal(was.after, came):
		return nil
	}
	_, err = f.addReview.ExecContext(f.ctx, o.ID, f.now, f.asOf, now.Decision, reasons, policy[:], before[:], came)
	return err
}

// forget drops the keyed hashes by which a repetition of a case is known whose texts
// are kept nowhere any more.
func (f *finisher) forget(o *Outcome, mac []byte) error {
	rest := version{fields: map[string]string{}}
	for name, value := range o.rest {
		if name == seenKey || !strings.HasPrefix(name, macPrefix) {
			rest.fields[name] = value
		}
	}
	sealed, err := f.seal.seal(rest.encode(rest.encodeBody()), bound("rest", mac, ""))
	if err != nil {
		return err
	}
	if _, err := f.tx.ExecContext(f.ctx, `UPDATE heads SET rest = ? WHERE id = ?`, sealed, o.ID); err != nil {
		return err
	}
	_, err = f.tx.ExecContext(f.ctx, `DELETE FROM versions WHERE head = ? AND sealed IS NULL`, o.ID)
	return err
}

// masked keeps the keyed hashes of what was masked in a record. Those of a record
// that was pruned stay: its texts are still published, and the gate has not seen them
// again. So do those of one whose text stands as other rules have masked it.
func (f *finisher) masked(o *Outcome) error {
	if f.hadMasked && !o.pruned && !o.Kept {
		if _, err := f.clearMasked.ExecContext(f.ctx, o.ID); err != nil {
			return err
		}
	}
	for _, m := range o.Masked {
		value, err := hex.DecodeString(m.Value)
		if err != nil {
			return errors.New("intake: the hash of a masked value is malformed")
		}
		if _, err := f.addMasked.ExecContext(f.ctx, o.ID, m.Type, value); err != nil {
			return err
		}
	}
	return nil
}
