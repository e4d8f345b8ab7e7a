package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// The kinds of entry beside cases, as they are stored.
const (
	entryUnit       = "unit"
	entryArea       = "area"
	entryTopic      = "topic"
	entryChannel    = "channel"
	entryAssessment = "assessment"

	entryAccountability = "accountability"

	// The lines that a unit had: a list of strings under the identifier of the unit.
	entryFormerLines = "former-lines"
)

// putEntry stores an entry of a register under its identifier, which alone says
// whether two entries are the same. An entry of a register replaces one that was
// derived from a column of cases and is never replaced by one; of two equals the
// one of the later as-of day stands.
func (b *batch) putEntry(kind, id string, derived bool, entry any) (record.CaseNumber, record.EventKind, error) {
	if id == "" {
		return "", "", errors.New("store: a register entry without an identifier")
	}
	now, err := json.Marshal(entry)
	if err != nil {
		return "", "", err
	}
	var was struct {
		derived bool
		asOf    record.Day
		entry   string
	}
	err = b.tx.QueryRowContext(b.ctx, `SELECT derived, asof, entry FROM registers WHERE kind = ? AND id = ?`, kind, id).
		Scan(&was.derived, &was.asOf, &was.entry)
	known := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", "", err
	}
	if known {
		better := was.derived && !derived
		if b.regate {
			keep, err := unmasksEntry(was.entry, entry)
			if err != nil || keep {
				return "", "", err // nothing that was masked is shown by rules alone
			}
		}
		if derived && !was.derived || !better && b.asOf < was.asOf || was.entry == string(now) {
			return "", "", nil
		}
	}
	_, err = b.tx.ExecContext(b.ctx, `INSERT INTO registers (kind, id, derived, asof, entry) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (kind, id) DO UPDATE SET derived = excluded.derived, asof = excluded.asof, entry = excluded.entry`,
		kind, id, derived, b.asOf, string(now))
	b.change([]byte(kind), []byte(id), now)
	if !known {
		return "", record.EventPublish, err
	}
	if unit, ok := entry.(record.Unit); ok && err == nil {
		err = b.keepLines(unit, was.entry)
	}
	return "", record.EventUpdate, err
}

// unmasksEntry reports whether entry shows of the texts that are stored what was
// masked.
func unmasksEntry(stored string, entry any) (bool, error) {
	was := reflect.New(reflect.TypeOf(entry))
	if err := json.Unmarshal([]byte(stored), was.Interface()); err != nil {
		return false, err
	}
	return gate.UnmasksEntry(was.Elem().Interface(), entry), nil
}

// keepLines notes the lines that a unit had and has no longer.
func (b *batch) keepLines(now record.Unit, entry string) error {
	var was record.Unit
	if err := json.Unmarshal([]byte(entry), &was); err != nil {
		return err
	}
	lost := slices.DeleteFunc(was.Phones, func(line string) bool {
		return slices.ContainsFunc(now.Phones, func(l string) bool { return digits(l) == digits(line) })
	})
	if len(lost) == 0 {
		return nil
	}
	var text string
	var former []string
	err := b.tx.QueryRowContext(b.ctx, `SELECT entry FROM registers WHERE kind = ? AND id = ?`, entryFormerLines, string(now.ID)).Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	default:
		if err := json.Unmarshal([]byte(text), &former); err != nil {
			return err
		}
	}
	former = append(former, lost...)
	slices.Sort(former)
	list, err := json.Marshal(slices.Compact(former))
	if err != nil {
		return err
	}
	_, err = b.tx.ExecContext(b.ctx, `INSERT OR REPLACE INTO registers (kind, id, derived, asof, entry) VALUES (?, ?, 0, ?, ?)`,
		entryFormerLines, string(now.ID), b.asOf, string(list))
	return err
}

// FormerLines returns the telephone lines that the register stated for units in
// earlier deliveries and states no longer, by unit, sorted, until [DB.ForgetLines].
// Replies of those days still give them.
func (d *DB) FormerLines(ctx context.Context) (map[record.UnitID][]string, error) {
	lines := map[record.UnitID][]string{}
	err := d.snapshot(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT id, entry FROM registers WHERE kind = ?`, entryFormerLines)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, text string
			if err := rows.Scan(&id, &text); err != nil {
				return err
			}
			var list []string
			if err := json.Unmarshal([]byte(text), &list); err != nil {
				return err
			}
			lines[record.UnitID(id)] = list
		}
		if err := rows.Err(); err != nil {
			return err
		}
		var units []record.Unit
		if err := entries(ctx, tx, entryUnit, &units); err != nil {
			return err
		}
		for _, u := range units {
			left := slices.DeleteFunc(lines[u.ID], func(line string) bool {
				return slices.ContainsFunc(u.Phones, func(l string) bool { return digits(l) == digits(line) })
			})
			if len(left) == 0 {
				delete(lines, u.ID)
			} else {
				lines[u.ID] = left
			}
		}
		return nil
	})
	return lines, err
}

// ForgetLines drops what [DB.FormerLines] knows of the given units, because their
// former lines are to be masked where they still stand. It changes nothing that
// readers see: the cases have to go through the gate again.
func (d *DB) ForgetLines(ctx context.Context, units []record.UnitID) error {
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, unit := range units {
			if _, err := tx.ExecContext(ctx, `DELETE FROM registers WHERE kind = ? AND id = ?`, entryFormerLines, string(unit)); err != nil {
				return err
			}
		}
		return nil
	})
}

// digits returns the digits of a line, by which two spellings of it are the same.
func digits(line string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, line)
}

// Register returns the registers, each sorted by identifier.
func (d *DB) Register(ctx context.Context) (r record.Register, err error) {
	err = d.snapshot(ctx, func(tx *sql.Tx) error {
		return errors.Join(entries(ctx, tx, entryUnit, &r.Units), entries(ctx, tx, entryArea, &r.Areas),
			entries(ctx, tx, entryTopic, &r.Topics), entries(ctx, tx, entryChannel, &r.Channels))
	})
	return r, err
}

// Assessments returns the results that evaluating bodies delivered, by
// identifier.
func (d *DB) Assessments(ctx context.Context) (a []record.Assessment, err error) {
	err = d.snapshot(ctx, func(tx *sql.Tx) error { return entries(ctx, tx, entryAssessment, &a) })
	return a, err
}

// Accountability returns what was done about units, by identifier.
func (d *DB) Accountability(ctx context.Context) (a []record.Accountability, err error) {
	err = d.snapshot(ctx, func(tx *sql.Tx) error { return entries(ctx, tx, entryAccountability, &a) })
	return a, err
}

func entries[T any](ctx context.Context, tx *sql.Tx, kind string, to *[]T) error {
	rows, err := tx.QueryContext(ctx, `SELECT entry FROM registers WHERE kind = ? ORDER BY id`, kind)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text sql.RawBytes
		var one T
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal(text, &one); err != nil {
			return err
		}
		*to = append(*to, one)
	}
	return rows.Err()
}
