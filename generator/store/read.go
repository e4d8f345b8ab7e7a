package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/sqlitefile"
)

// snapshot runs do in a transaction that reads.
func (d *DB) snapshot(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := d.reader.BeginTx(ctx, nil)
	if err != nil {
		return d.explain(err)
	}
	err = do(tx)
	if end := tx.Rollback(); !errors.Is(end, sql.ErrTxDone) {
		err = errors.Join(err, end)
	}
	return d.explain(err)
}

// checkEvery is how many rows are read between two looks at the context.
const checkEvery = 1024

// integer reads an INTEGER column without the way through text that
// [sql.Rows.Scan] takes for an int64: it shows where every case is read.
type integer int64

// Scan implements [sql.Scanner].
func (n *integer) Scan(src any) error {
	v, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a %T in a column of integers", src)
	}
	*n = integer(v)
	return nil
}

// Facts yields every case, stubs and withdrawn ones too, in the order of their
// numbers, as one transaction left them.
func (d *DB) Facts(ctx context.Context) iter.Seq2[record.Fact, error] {
	return d.facts(ctx, d.reader, ``)
}

// querier is a transaction or the database itself.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (d *DB) facts(ctx context.Context, from querier, where string, args ...any) iter.Seq2[record.Fact, error] {
	return func(yield func(record.Fact, error) bool) {
		words := interner{}
		rows, err := from.QueryContext(context.WithoutCancel(ctx), `SELECT id, changes, changed, shown, fact FROM cases `+where+` ORDER BY id`, args...)
		if err != nil {
			yield(record.Fact{}, d.explain(err))
			return
		}
		defer rows.Close()
		for n := 0; rows.Next(); n++ {
			var id, changes, changed, shown integer
			var blob sql.RawBytes
			if err = rows.Scan(&id, &changes, &changed, &shown, &blob); err == nil && n%checkEvery == 0 {
				err = ctx.Err()
			}
			if err != nil {
				yield(record.Fact{}, d.explain(err))
				return
			}
			f, err := decodeFact(blob, numberOf(int64(id)), words)
			if err != nil {
				yield(record.Fact{}, d.broken(int64(id), err))
				return
			}
			f.Changes, f.Changed, f.Shown = int32(changes), record.Day(changed), record.Day(shown)
			if !yield(f, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(record.Fact{}, d.explain(err))
		}
	}
}

// broken is what is said of a row that does not decode.
func (d *DB) broken(id int64, err error) error {
	return sqlitefile.Damaged(d.file.Path, fmt.Errorf("case %s: %w", numberOf(id), err))
}

// Cases yields the cases with from <= number <= to, with their texts, in the
// order of their numbers, as one transaction left them.
func (d *DB) Cases(ctx context.Context, from, to record.CaseNumber) iter.Seq2[record.Case, error] {
	return d.cases(ctx, `c.id BETWEEN ? AND ? ORDER BY c.id`, idOf(from), idOf(to))
}

func (d *DB) cases(ctx context.Context, where string, args ...any) iter.Seq2[record.Case, error] {
	return func(yield func(record.Case, error) bool) {
		words := interner{}
		rows, err := d.reader.QueryContext(context.WithoutCancel(ctx),
			`SELECT c.id, c.fact, t.body FROM cases c LEFT JOIN texts t ON t.id = c.id WHERE `+where, args...)
		if err != nil {
			yield(record.Case{}, d.explain(err))
			return
		}
		defer rows.Close()
		for n := 0; rows.Next(); n++ {
			var id int64
			var fact, text sql.RawBytes
			if err = rows.Scan(&id, &fact, &text); err == nil && n%checkEvery == 0 {
				err = ctx.Err()
			}
			if err != nil {
				yield(record.Case{}, d.explain(err))
				return
			}
			f, err := decodeFact(fact, numberOf(id), words)
			if err == nil && f.Prominence == record.Full {
				f.Question, f.Reply.Text, err = d.body.decode(text)
			}
			if err != nil {
				yield(record.Case{}, d.broken(id, err))
				return
			}
			if !yield(f.Case, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(record.Case{}, d.explain(err))
		}
	}
}

// askedAtOnce is how many cases one query asks for by number.
const askedAtOnce = 500

// CasesByNumber returns the cases with the given numbers, with their texts, in
// the order asked for. A number that was never given is an error.
func (d *DB) CasesByNumber(ctx context.Context, numbers []record.CaseNumber) ([]record.Case, error) {
	found := make(map[record.CaseNumber]record.Case, len(numbers))
	for rest := numbers; len(rest) > 0; {
		part := rest[:min(askedAtOnce, len(rest))]
		rest = rest[len(part):]
		ids := make([]any, len(part))
		for i, n := range part {
			ids[i] = idOf(n)
		}
		for c, err := range d.cases(ctx, `c.id IN (`+strings.Repeat("?,", len(ids)-1)+`?)`, ids...) {
			if err != nil {
				return nil, err
			}
			found[c.Number] = c
		}
	}
	cases := make([]record.Case, len(numbers))
	for i, n := range numbers {
		c, ok := found[n]
		if !ok {
			return nil, fault.New(fmt.Sprintf("there is no case %q", string(n)), "check the number: it looks like 2611-004217")
		}
		cases[i] = c
	}
	return cases, nil
}

// Events yields the public history of the cases with from <= number <= to, in
// the order of their numbers, oldest first within each.
func (d *DB) Events(ctx context.Context, from, to record.CaseNumber) iter.Seq2[record.Event, error] {
	return func(yield func(record.Event, error) bool) {
		rows, err := d.reader.QueryContext(ctx,
			`SELECT id, kind, day, reason, target FROM events WHERE id BETWEEN ? AND ? ORDER BY id, n`, idOf(from), idOf(to))
		if err != nil {
			yield(record.Event{}, d.explain(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			e, err := scanEvent(rows)
			if err != nil {
				yield(record.Event{}, d.explain(err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(record.Event{}, d.explain(err))
		}
	}
}

// Takedowns returns the events by which cases were withdrawn, reinstated, merged, or
// corrected for a reason, by their numbers, oldest first within each. What an upstream
// delivers otherwise than before is a correction without one.
func (d *DB) Takedowns(ctx context.Context) (all []record.Event, err error) {
	rows, err := d.reader.QueryContext(ctx,
		`SELECT id, kind, day, reason, target FROM events WHERE kind IN ('withdraw', 'reinstate', 'merge') OR kind = 'correct' AND reason <> '' ORDER BY id, n`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		e, err := scanEvent(rows)
		if err != nil {
			return nil, d.explain(err)
		}
		all = append(all, e)
	}
	return all, d.explain(rows.Err())
}

// scanEvent reads a row of id, kind, day, reason and target.
func scanEvent(rows *sql.Rows) (e record.Event, err error) {
	var id, target int64
	if err := rows.Scan(&id, &e.Kind, &e.Day, &e.Reason, &target); err != nil {
		return e, err
	}
	e.Number = numberOf(id)
	if target != 0 {
		e.Into = numberOf(target)
	}
	return e, nil
}

// Tombstones returns what remains of the withdrawn cases, by number.
func (d *DB) Tombstones(ctx context.Context) ([]record.Tombstone, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT id, unit, reason, day FROM tombstones ORDER BY id`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var all []record.Tombstone
	for rows.Next() {
		var t record.Tombstone
		var id int64
		var reason record.Reason
		if err := rows.Scan(&id, &t.Unit, &reason, &t.Day); err != nil {
			return nil, d.explain(err)
		}
		t.Number, t.Reason = numberOf(id), reason.Public()
		all = append(all, t)
	}
	return all, d.explain(rows.Err())
}

// Retraction is a case whose text was published until it was taken back: by its
// writer, by a person who reviewed it, or by the gate under other rules. Time tells
// one time from another.
type Retraction struct {
	Number record.CaseNumber
	Time   int
}

// Retractions returns the cases whose texts were taken back, by number, each with
// the last time. A case may have been published again since.
func (d *DB) Retractions(ctx context.Context) ([]Retraction, error) {
	rows, err := d.reader.QueryContext(ctx, `SELECT id, n FROM retracted ORDER BY id`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer rows.Close()
	var all []Retraction
	for rows.Next() {
		var id int64
		var r Retraction
		if err := rows.Scan(&id, &r.Time); err != nil {
			return nil, d.explain(err)
		}
		r.Number = numberOf(id)
		all = append(all, r)
	}
	return all, d.explain(rows.Err())
}

// Cutoff returns the latest as-of day of any batch, or zero when there is none.
func (d *DB) Cutoff(ctx context.Context) (day record.Day, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT coalesce(max(asof), 0) FROM batches`).Scan(&day)
	return day, d.explain(err)
}

// Numbers returns the public numbers of the cases whose source keys have the
// given keyed hashes, in their order, "" for one that is not in the store.
func (d *DB) Numbers(ctx context.Context, macs []string) ([]record.CaseNumber, error) {
	numbers := make([]record.CaseNumber, len(macs))
	find, err := d.reader.PrepareContext(ctx, `SELECT id FROM cases WHERE mac = ?`)
	if err != nil {
		return nil, d.explain(err)
	}
	defer find.Close()
	for i, mac := range macs {
		m, err := macBytes(mac)
		if err != nil {
			return nil, err
		}
		var id int64
		err = find.QueryRowContext(ctx, m).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, d.explain(err)
		}
		numbers[i] = numberOf(id)
	}
	return numbers, nil
}
