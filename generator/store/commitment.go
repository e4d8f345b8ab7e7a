package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

// Judge keeps what people say of promises, all or none. An act about a wording counts
// for the reply that is published now and no other: its code must be that of its place
// in it. An act about a commitment names it by its code, which may be left out where the
// case has one only. The acts are kept in order and for good.
//
// Each is in the audit as well, as by says: the kind of act behind the word of by, of
// NUMBER:CODE, with the hashes of what had been judged of the case before and after.
//
// It returns the acts with every code filled in, or an error with a public text.
func (d *DB) Judge(ctx context.Context, by Act, acts ...record.CommitmentAct) (done []record.CommitmentAct, err error) {
	if err := by.Check(); err != nil {
		return nil, err
	}
	acts = slices.Clone(acts)
	err = d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for i := range acts {
			if err := d.judgeAudited(ctx, tx, by, &acts[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return acts, err
}

func (d *DB) judgeAudited(ctx context.Context, tx *sql.Tx, by Act, a *record.CommitmentAct) (err error) {
	if by.Before, err = actsSum(ctx, tx, a.Number); err != nil {
		return err
	}
	if err := d.judge(ctx, tx, a); err != nil {
		return err
	}
	if by.After, err = actsSum(ctx, tx, a.Number); err != nil {
		return err
	}
	by.Act += " " + string(a.Act)
	by.Target = string(a.Number) + ":" + cmp.Or(a.New, a.Code)
	_, err = audit(ctx, tx, by)
	return err
}

// actsSum is the hash of all that was judged of the promises in the reply to a case.
func actsSum(ctx context.Context, tx *sql.Tx, n record.CaseNumber) (string, error) {
	acts, err := readActs(ctx, tx, `WHERE id = ?`, idOf(n))
	if err != nil {
		return "", err
	}
	all, err := json.Marshal(acts)
	return hexSum(all), err
}

func (d *DB) judge(ctx context.Context, tx *sql.Tx, a *record.CommitmentAct) error {
	var blob, body []byte
	id := idOf(a.Number)
	err := tx.QueryRowContext(ctx, `SELECT c.fact, t.body FROM cases c LEFT JOIN texts t ON t.id = c.id WHERE c.id = ?`, id).Scan(&blob, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return noCase(a.Number)
	}
	if err != nil {
		return err
	}
	f, err := decodeFact(blob, a.Number, interner{})
	if err != nil {
		return d.broken(id, err)
	}
	reply := ""
	if body != nil {
		if _, reply, err = d.body.decode(body); err != nil {
			return d.broken(id, err)
		}
	}
	acts, err := readActs(ctx, tx, `WHERE id = ?`, id)
	if err != nil {
		return err
	}
	if err := judged(acts, a, reply); err != nil {
		return err
	}
	again := saidAgain(acts, a)
	shown := int64(0)
	if a.ShownBy != "" {
		shown = idOf(a.ShownBy)
		var is bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM cases WHERE id = ?)`, shown).Scan(&is); err != nil {
			return err
		}
		if !is {
			return noCase(a.ShownBy)
		}
	}
	if a.Act == record.Accept {
		a.Made = f.RepliedOn
		if a.Made.Known() && a.Due < a.Made {
			return fault.New("the due day "+a.Due.String()+" lies before the reply of "+a.Made.String(), "state the day by which it was promised: --due DAY")
		}
	}
	p := a.Place
	_, err = tx.ExecContext(ctx, `INSERT INTO commitment_acts (id, code, act, new, first, last, time, until, made, due, keeping, day, shown, by, stated)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, a.Code, string(a.Act), a.New, p.From, p.To, p.Start, p.End, a.Made, a.Due, string(a.Keeping), a.On, shown, a.By, a.Stated)
	if err != nil || a.Act == record.Decline || again { // of which no page shows anything new
		return err
	}
	public := *a
	public.By, public.Stated = "", 0
	entry, err := json.Marshal(public)
	if err != nil {
		return err
	}
	var hash []byte
	if err := tx.QueryRowContext(ctx, `SELECT hash FROM state`).Scan(&hash); err != nil {
		return err
	}
	next := sha256.Sum256(fmt.Appendf(hash, "promise %s %d %d", entry, p.From, p.To))
	_, err = tx.ExecContext(ctx, `UPDATE state SET hash = ?`, next[:])
	return err
}

func noCase(n record.CaseNumber) error {
	return fault.New(fmt.Sprintf("there is no case %q", string(n)), "check the number: it looks like 2611-004217")
}

// judged refuses an act that does not fit what was judged before and the reply as it is,
// and fills in the code of one that names none.
func judged(before []record.CommitmentAct, a *record.CommitmentAct, reply string) error {
	look := "look at it with huiyin promises " + string(a.Number)
	all := fold(before)
	at := slices.IndexFunc(all, func(c promised) bool { return c.Code == a.Code })
	named := a.Code
	if a.Act == record.Replace {
		named = a.New
	}
	switch a.Act {
	case record.Accept, record.Decline, record.Replace:
		if a.Place.Wording(reply) == "" || a.Place.Code(a.Number, reply) != named {
			return fault.New(fmt.Sprintf("the reply to %s has no wording with the code %q: it may have been changed", a.Number, named), look)
		}
		if slices.ContainsFunc(all, func(c promised) bool { return c.Code == named && c.Standing != record.TakenBack }) {
			return fault.New(fmt.Sprintf("the wording %s:%s is a commitment already", a.Number, named), look)
		}
	default:
		if a.Code == "" {
			open := slices.DeleteFunc(slices.Clone(all), func(c promised) bool { return c.Standing == record.TakenBack })
			if len(open) == 1 {
				a.Code = open[0].Code
				at = slices.IndexFunc(all, func(c promised) bool { return c.Code == a.Code })
			} else if len(open) > 1 {
				var codes []string
				for _, c := range open {
					codes = append(codes, string(a.Number)+":"+c.Code)
				}
				return fault.New(fmt.Sprintf("the case %s has %d commitments", a.Number, len(open)), "name one of them: "+strings.Join(codes, ", "))
			}
		}
	}
	switch a.Act {
	case record.Accept:
		if !a.Due.Known() {
			return fault.New("a commitment needs a day by which it is to be kept", "state it: --due DAY, as in 2026-12-31")
		}
		return nil
	case record.Decline:
		return nil
	}
	if at < 0 || all[at].Standing == record.TakenBack {
		which := ""
		if a.Code != "" {
			which = fmt.Sprintf(" %q", a.Code)
		}
		return fault.New(fmt.Sprintf("the case %s has no commitment%s", a.Number, which), "huiyin promises "+string(a.Number)+" lists those that it has")
	}
	switch {
	case a.Act == record.Replace && all[at].place.Code(a.Number, reply) == a.Code:
		return fault.New(fmt.Sprintf("the wording of %s:%s is unchanged", a.Number, a.Code), "only a commitment of which the reply was changed can be found again in it")
	case a.Act == record.State && (!a.Keeping.Valid() || !a.On.Known()):
		return errors.New("store: an outcome that is none, or without a day")
	case a.Act == record.State && a.On < all[at].Made:
		return fault.New("the day "+a.On.String()+" lies before the promise of "+all[at].Made.String(), "state the day on which it was kept, or found not to be")
	}
	return nil
}

// saidAgain reports whether an act states the outcome that is stated already. It is kept,
// with the name of whoever stated it, and changes nothing that is published.
func saidAgain(before []record.CommitmentAct, a *record.CommitmentAct) bool {
	return a.Act == record.State && slices.ContainsFunc(fold(before), func(c promised) bool {
		return c.Code == a.Code && c.Standing != record.TakenBack && c.Keeping == a.Keeping && c.On == a.On && c.ShownBy == a.ShownBy
	})
}

// promised is a commitment with the place of its wording.
type promised struct {
	record.Commitment
	place record.Place
}

// fold returns the commitments of one case that acts have made, in the order in which
// they were accepted. Their standing is empty where they were not taken back.
func fold(acts []record.CommitmentAct) (all []promised) {
	for _, a := range acts {
		at := slices.IndexFunc(all, func(c promised) bool { return c.Code == a.Code && c.Standing != record.TakenBack })
		switch {
		case a.Act == record.Accept:
			all = append(all, promised{record.Commitment{Number: a.Number, Code: a.Code, Made: a.Made, Due: a.Due}, a.Place})
		case at < 0: // declined
		case a.Act == record.TakeBack:
			all[at].Standing = record.TakenBack
		case a.Act == record.Replace:
			all[at].Code, all[at].place = a.New, a.Place
		case a.Act == record.State:
			all[at].Keeping, all[at].On, all[at].ShownBy = a.Keeping, a.On, a.ShownBy
		}
	}
	return all
}

// actSource is a transaction or the file.
type actSource interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func readActs(ctx context.Context, q actSource, where string, args ...any) (acts []record.CommitmentAct, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, code, act, new, first, last, time, until, made, due, keeping, day, shown, by, stated FROM commitment_acts `+where+` ORDER BY n`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a record.CommitmentAct
		var id, shown int64
		p := &a.Place
		if err := rows.Scan(&id, &a.Code, &a.Act, &a.New, &p.From, &p.To, &p.Start, &p.End, &a.Made, &a.Due, &a.Keeping, &a.On, &shown, &a.By, &a.Stated); err != nil {
			return nil, err
		}
		a.Number = numberOf(id)
		if shown != 0 {
			a.ShownBy = numberOf(shown)
		}
		acts = append(acts, a)
	}
	return acts, rows.Err()
}

// Judgements returns everything that people have said of promises, oldest first.
func (d *DB) Judgements(ctx context.Context) ([]record.CommitmentAct, error) {
	acts, err := readActs(ctx, d.reader, "")
	return acts, d.explain(err)
}

// Commitments returns the promises that were accepted, by the number of their case and
// then in the order in which they were, those too that stand no longer. The wording
// comes from the reply that is published.
func (d *DB) Commitments(ctx context.Context) (all []record.Commitment, err error) {
	acts, err := d.Judgements(ctx)
	if err != nil || len(acts) == 0 {
		return nil, err
	}
	of := map[record.CaseNumber][]record.CommitmentAct{}
	for _, a := range acts {
		of[a.Number] = append(of[a.Number], a)
	}
	for c, err := range d.cases(ctx, `c.id IN (SELECT id FROM commitment_acts) ORDER BY c.id`) {
		if err != nil {
			return nil, err
		}
		for _, p := range fold(of[c.Number]) {
			p.Unit = c.Unit
			switch {
			case p.Standing == record.TakenBack:
			case c.Prominence != record.Full:
				p.Standing = record.ReplyGone
			case p.place.Code(c.Number, c.Reply.Text) != p.Commitment.Code:
				p.Standing = record.ReplyChanged
			default:
				p.Standing, p.Commitment.Wording = record.Stands, p.place.Wording(c.Reply.Text)
			}
			all = append(all, p.Commitment)
		}
	}
	return all, nil
}
