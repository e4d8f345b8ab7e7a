package intake

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/source"
)

// officeStream binds what is sealed of the statements of the office. No input of a
// mapping can have this name: see package source.
const officeStream = "@office"

// Statement is what a person of the office states about a case, beside what the upstream
// delivers (更正、并单). Field by field the latest statement stands before every delivery,
// of whatever day, until it is taken back. It never moves the cut-off.
type Statement struct {
	ID     string // opaque; tells one from another
	MAC    string // keyed hash of the key of the case, hexadecimal
	Act    string // such as "correct"
	At     time.Time
	By     string // name as stated
	Origin string
	Reason string            // word of the closed list
	Note   string            // keyed hash of a note, see [DB.KeepNote], or ""
	Into   string            // public number of the case that it was merged into, or ""
	Set    map[string]string // the values that it states, by Field constant of package source
	Drop   []string          // fields of which earlier statements are taken back

	id int64
}

// fields returns the names of the fields that the statement is about, sorted.
func (s *Statement) fields() []string {
	return slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Keys(s.Set)), s.Drop)))
}

// Standing is a statement that is in force for some fields.
type Standing struct {
	Fields []string  `json:"fields"` // for which it is in force, sorted
	Act    string    `json:"act"`
	At     time.Time `json:"at"` // in UTC+8
	By     string    `json:"by"` // as stated, not proved
	Reason string    `json:"reason"`
	Into   string    `json:"into,omitempty"` // of a merge
}

// office is what the office has stated about a case, oldest first.
type office []Statement

// values returns what is in force, by field.
func (o office) values() map[string]string {
	var in map[string]string
	for _, s := range o {
		for _, f := range s.Drop {
			delete(in, f)
		}
		if in == nil && len(s.Set) > 0 {
			in = map[string]string{}
		}
		maps.Copy(in, s.Set)
	}
	return in
}

// worked are the fields from which together it is worked out how far a case has come: where
// one is void, so is what was worked out in the place of another that nothing carries.
var worked = []string{source.FieldReply, source.FieldReplied, source.FieldClosed, source.FieldStatus, source.FieldDue}

// void returns the fields that were stated and taken back, and are not in force, sorted.
func (o office) void() []string {
	var all []string
	in := o.values()
	for _, s := range o {
		for _, f := range s.Drop {
			if _, ok := in[f]; !ok {
				all = append(all, f)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// standing returns the statements that are in force, oldest first.
func (o office) standing() (all []Standing) {
	last := map[string]int{}
	for i, s := range o {
		for _, f := range s.Drop {
			delete(last, f)
		}
		for f := range s.Set {
			last[f] = i
		}
	}
	for i, s := range o {
		st := Standing{Act: s.Act, At: s.At, By: s.By, Reason: s.Reason, Into: s.Into}
		for _, f := range slices.Sorted(maps.Keys(last)) {
			if last[f] == i {
				st.Fields = append(st.Fields, f)
			}
		}
		if len(st.Fields) > 0 {
			all = append(all, st)
		}
	}
	return all
}

// states puts what the office has stated over what was delivered.
func (i *Item) states(o office) {
	i.stated = o.values()
	for f, v := range i.stated {
		i.Raw.Fields[f] = v
		delete(i.again, f)
	}
	held := func(f string) bool {
		_, carried := i.Raw.Fields[f]
		_, again := i.again[f]
		return carried || again || i.Lost(f)
	}
	void := slices.DeleteFunc(o.void(), held)
	if slices.ContainsFunc(void, func(f string) bool { return slices.Contains(worked, f) }) {
		void = append(void, slices.DeleteFunc(slices.Clone(worked), held)...)
		slices.Sort(void)
		void = slices.Compact(void)
	}
	i.Raw.Void = void
	if len(i.stated) > 0 {
		i.bare = false
		_, dated := i.Raw.Fields[source.FieldReceived]
		i.Waiting = i.Waiting && !dated
	}
}

// Stated reports whether the office has stated something about the record that is in force.
func (i Item) Stated() bool { return len(i.stated) > 0 }

// statementID is the opaque name of a statement of a time, in Unix milliseconds. An older
// copy of the intake gives the same n again, and another statement must not be taken for
// the one that the store knows.
func (d *DB) statementID(mac []byte, n, at int64) string {
	return hex.EncodeToString(d.seal.content(fmt.Appendf(nil, "statement %d %d %x", n, at, mac))[:16])
}

// loadOffice hands on the statements about the heads in ids, oldest first within each,
// and whether the store has been told.
func (d *DB) loadOffice(ctx context.Context, in string, ids []any, add func(head int64, s Statement, told bool)) error {
	rows, err := d.reader.QueryContext(ctx, `SELECT s.head, h.mac, s.id, s.at, s.by, s.origin, s.act, s.reason, s.fields, s.note, s.target, s.told, s.sealed
		FROM statements s JOIN heads h ON h.id = s.head WHERE s.head IN (`+in+`) ORDER BY s.head, s.id`, ids...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var head, at int64
		var mac, sealed []byte
		var s Statement
		var fields string
		var told bool
		if err := rows.Scan(&head, &mac, &s.id, &at, &s.By, &s.Origin, &s.Act, &s.Reason, &fields, &s.Note, &s.Into, &told, &sealed); err != nil {
			return err
		}
		s.ID, s.MAC, s.At = d.statementID(mac, s.id, at), hex.EncodeToString(mac), time.UnixMilli(at).In(time.FixedZone("UTC+8", 8*60*60))
		if sealed == nil {
			s.Drop = splitCodes(fields)
		} else {
			v, err := d.openVersion(sealed, "statement", mac, officeStream)
			if err != nil {
				return err
			}
			s.Set = v.fields
		}
		add(head, s, told)
	}
	return rows.Err()
}

// Case returns the reference of a case by its keyed hash. It is an error with a public
// text where the intake knows of none, or where the upstream has withdrawn it.
func (d *DB) Case(ctx context.Context, mac string) (Ref, error) {
	m, err := macBytes(mac)
	if err != nil {
		return Ref{}, err
	}
	refs, err := d.refs(ctx, `mac = ? AND kind = ?`, m, caseKind)
	if err == nil && len(refs) == 0 {
		err = fault.New("the intake knows nothing of the case", "restore the newest backup of intake.db, or let the upstream deliver the case once more")
	}
	if err != nil {
		return Ref{}, err
	}
	return refs[0], nil
}

// InForce returns what the office has stated about a case and is in force, oldest first.
func (d *DB) InForce(ctx context.Context, r Ref) ([]Standing, error) {
	h, err := d.history(ctx, r)
	return h.office.standing(), err
}

// Propose returns the case as it would be joined if s were stated, and s as it is to be
// stated: without what is in force already where it is to be taken back. What no delivery
// carries instead is void then (see [source.Raw]), so that it does not stay for want of
// another. Propose changes nothing. news is false where all of it is in force already.
//
// It is an error with a public text where a text is to be taken back whose delivered form
// is erased, since nothing would be there in its place.
func (d *DB) Propose(ctx context.Context, r Ref, s Statement) (item Item, done Statement, news bool, err error) {
	h, err := d.history(ctx, r)
	if err != nil {
		return item, s, false, err
	}
	in := h.office.values()
	if len(s.Drop) > 0 {
		plain := h
		plain.office = nil
		delivered := plain.join(r, d.seal.content)
		var drop []string
		for _, f := range slices.Compact(slices.Sorted(slices.Values(s.Drop))) {
			if _, ok := in[f]; !ok {
				continue
			}
			if delivered.Lost(f) {
				return item, s, false, fault.New("what the upstream delivered as "+f+" is erased, so that nothing would stand in the place of the correction", "state what is to stand there: --set "+f+"=VALUE or --set-file "+f+"=PATH")
			}
			drop = append(drop, f)
		}
		s.Set, s.Drop = nil, drop
	} else {
		s.Set = maps.Clone(s.Set)
	}
	last := h.office.standing()
	for f, v := range s.Set {
		was, ok := in[f]
		i := slices.IndexFunc(last, func(st Standing) bool { return slices.Contains(st.Fields, f) })
		news = news || !ok || was != v || last[i].Reason != s.Reason || last[i].Act != s.Act
	}
	news = news || len(s.Drop) > 0
	h.office = append(slices.Clone(h.office), s)
	return h.join(r, d.seal.content), s, news, nil
}

// history returns everything received under one key.
func (d *DB) history(ctx context.Context, r Ref) (h history, err error) {
	err = d.loadHistories(ctx, []Ref{r}, func(_ int, one history) { h = one })
	return h, err
}

// State keeps a statement about a case, as [DB.Propose] gave it back. The case is pending
// until it has gone through the gate and the store has been told; until then the statement
// is not lost, and the act is not acknowledged. It enters the review records, too.
func (d *DB) State(ctx context.Context, r Ref, s Statement) error {
	if (len(s.Set) > 0) == (len(s.Drop) > 0) {
		return errors.New("intake: a statement either sets fields or takes some back")
	}
	mac, err := macBytes(r.MAC)
	if err != nil {
		return err
	}
	if s.By, s.Reason, err = Stated(s.By, s.Reason); err != nil {
		return err
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var sealed []byte
		if len(s.Set) > 0 {
			v := version{fields: s.Set}
			if sealed, err = d.seal.seal(v.encode(v.encodeBody()), bound("statement", mac, officeStream)); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO statements (head, at, by, origin, act, reason, fields, note, target, told, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
			r.ID, s.At.UnixMilli(), s.By, s.Origin, s.Act, s.Reason, strings.Join(s.fields(), ","), s.Note, s.Into, sealed)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO reviews (head, at, asof, by, decision, reasons, basis, policy, before, after) VALUES (?, ?, '', ?, ?, '', ?, x'', x'', x'')`,
			r.ID, d.now().Unix(), s.By, s.Act, s.Reason)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE heads SET dirty = 1 WHERE id = ?`, r.ID)
		return err
	})
}

// Statements returns the names of all statements that the store has been told of.
func (d *DB) Statements(ctx context.Context) (ids []string, err error) {
	return list(ctx, d, `SELECT h.mac, s.id, s.at FROM statements s JOIN heads h ON h.id = s.head WHERE s.told = 1 ORDER BY s.id`,
		func(rows *sql.Rows, id *string) error {
			var mac []byte
			var n, at int64
			if err := rows.Scan(&mac, &n, &at); err != nil {
				return err
			}
			*id = d.statementID(mac, n, at)
			return nil
		})
}

// Retell makes statements that the store has lost pending once more, because an older copy
// of it was put back.
func (d *DB) Retell(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT h.mac, s.id, s.at, s.head FROM statements s JOIN heads h ON h.id = s.head WHERE s.told = 1`)
		if err != nil {
			return err
		}
		defer rows.Close()
		type lost struct{ id, head int64 }
		var all []lost
		for rows.Next() {
			var mac []byte
			var l lost
			var at int64
			if err := rows.Scan(&mac, &l.id, &at, &l.head); err != nil {
				return err
			}
			if slices.Contains(ids, d.statementID(mac, l.id, at)) {
				all = append(all, l)
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for _, l := range all {
			if _, err := tx.ExecContext(ctx, `UPDATE statements SET told = 0 WHERE id = ?`, l.id); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE heads SET dirty = 1 WHERE id = ?`, l.head); err != nil {
				return err
			}
		}
		return nil
	})
}

// Untold returns the statements that the store has not been told of, oldest first: those
// of which a batch is to bring what they make, or was to when a run was killed.
func (d *DB) Untold(ctx context.Context) (all []Statement, err error) {
	heads, err := list(ctx, d, `SELECT DISTINCT head FROM statements WHERE told = 0 ORDER BY head`,
		func(rows *sql.Rows, head *any) error { return rows.Scan(head) })
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	in := strings.Repeat("?,", len(heads)-1) + "?"
	err = d.loadOffice(ctx, in, heads, func(_ int64, s Statement, told bool) {
		if !told {
			all = append(all, s)
		}
	})
	slices.SortFunc(all, func(a, b Statement) int { return int(a.id - b.id) })
	return all, d.explain(err)
}
