package intake

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/fault"
)

// Decision is what a person decides about an entry of the queue.
type Decision struct {
	ID     string // of the entry
	Code   string // [HeldItem.Code] of what the person has looked at
	Accept bool   // publish it masked; false: it is not to be published
	By     string // name as stated
	Basis  string // why

	// Files are the files that it is about, and not the rest of the entry. Where there
	// are none it is about the entry and no file.
	Files []FileDecision
}

// maxStated bounds a name and a reason, in bytes.
const maxStated = 500

// Stated returns the name of whoever decides and the reason without blanks around
// them, or an error with a public text where one is missing, too long, or not
// written in ordinary characters.
func Stated(by, basis string) (name, reason string, err error) {
	by, basis = strings.TrimSpace(by), strings.TrimSpace(basis)
	for _, s := range []string{by, basis} {
		if s == "" || len(s) > maxStated || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			return "", "", fault.New("a decision needs the name of whoever decides, and a reason, of one line and at most 500 bytes each", "give both: --by NAME --reason TEXT")
		}
	}
	return by, basis, nil
}

// Decide notes the decisions of a person about entries of the queue, all or none:
// each enters the review records, and its record is pending until it has gone through
// the gate again. A decision counts for the content that the gate last saw.
//
// A decision with a code is refused where the entry is another by now, so that nobody
// decides about a text that she has not seen. Accepting an entry needs the code, and so
// does rejecting a silent one, which then is nowhere. Rejecting any other shows no more
// of it, whatever it has become; nor does a decision about files, which names their
// bytes. Decide returns an error with a public text also where there is no such entry.
func (d *DB) Decide(ctx context.Context, decisions ...Decision) error {
	decisions = slices.Clone(decisions)
	for i := range decisions {
		one := &decisions[i]
		var err error
		if one.By, one.Basis, err = Stated(one.By, one.Basis); err != nil {
			return err
		}
	}
	return d.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// Nothing is written meanwhile: the transaction holds the file.
		queue, err := d.Queue(ctx)
		if err != nil {
			return err
		}
		for _, decision := range decisions {
			item, err := entry(queue, decision.ID)
			if err != nil {
				return err
			}
			if err := item.decidable(decision); err != nil {
				return err
			}
			if err := d.decide(ctx, tx, item, decision); err != nil {
				return err
			}
		}
		return nil
	})
}

// Decidable says whether [DB.Decide] takes decisions, without noting any: it returns nil,
// or the error that Decide would return.
func (d *DB) Decidable(ctx context.Context, decisions ...Decision) error {
	queue, err := d.Queue(ctx)
	if err != nil {
		return err
	}
	for _, decision := range decisions {
		if _, _, err := Stated(decision.By, decision.Basis); err != nil {
			return err
		}
		item, err := entry(queue, decision.ID)
		if err == nil {
			err = item.decidable(decision)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// NeedsCode reports whether a decision about the entry must name the code of what the
// person has looked at.
func (h HeldItem) NeedsCode(accept bool) bool { return accept || h.Silent }

// NotShown is the error for a decision that needs a code and has none.
func (h HeldItem) NotShown() error {
	return fault.New("which text of the entry "+h.ID+" you have looked at must be said", h.lookHint())
}

func (h HeldItem) lookHint() string {
	return "look at it with huiyin gate show " + h.ID + ", and decide about it as ID:CODE, as its last line says"
}

// decidable refuses a decision about an entry that is not, or may not be, the one that
// the person has looked at.
func (h HeldItem) decidable(decision Decision) error {
	switch {
	case h.before == nil:
		return fault.New("the entry "+h.ID+" was held before decisions were kept", "run huiyin gate regate --apply, which lets it through the gate again, and decide then")
	case decision.Code != "" && decision.Code != h.Code:
		return fault.New("the entry "+h.ID+" is not the one that was shown under the code "+strconv.Quote(decision.Code), h.lookHint())
	case len(decision.Files) > 0:
		return nil
	case h.Code == "":
		return fault.New("the entry "+h.ID+" waits for its files alone", "decide about each of them, as huiyin gate show lists them")
	case decision.Code == "" && h.NeedsCode(decision.Accept):
		return h.NotShown()
	}
	return nil
}

// decide notes one decision.
func (d *DB) decide(ctx context.Context, tx *sql.Tx, item HeldItem, decision Decision) error {
	for _, f := range decision.Files {
		if err := d.decideFile(ctx, tx, item, decision, f); err != nil {
			return err
		}
	}
	if len(decision.Files) > 0 {
		_, err := tx.ExecContext(ctx, `UPDATE heads SET dirty = 1 WHERE id = ?`, item.head)
		return err
	}
	word := Rejected
	if decision.Accept {
		word = Accepted
	}
	accepted, err := acceptedBefore(ctx, tx, item)
	if err != nil {
		return err
	}
	reasons := strings.Join(item.Reasons, ",")
	for _, s := range []struct {
		text string
		args []any
	}{
		{`INSERT INTO reviews (head, at, asof, by, decision, reasons, basis, policy, before, after) VALUES (?, ?, '', ?, ?, ?, ?, ?, ?, x'')`,
			[]any{item.head, d.now().Unix(), decision.By, word, reasons, decision.Basis, item.policy, item.before}},
		{`INSERT INTO decisions (head, content, accept, reasons, accepted) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (head) DO UPDATE SET content = excluded.content, accept = excluded.accept, reasons = excluded.reasons, accepted = excluded.accepted`,
			[]any{item.head, item.before, decision.Accept, reasons, strings.Join(accepted, ",")}},
		{`UPDATE heads SET dirty = 1 WHERE id = ?`, []any{item.head}},
	} {
		if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// acceptedBefore returns the reasons that a person has accepted of the content that an
// entry has now, sorted.
func acceptedBefore(ctx context.Context, tx *sql.Tx, item HeldItem) ([]string, error) {
	var accept bool
	var reasons, accepted string
	err := tx.QueryRowContext(ctx, `SELECT accept, reasons, accepted FROM decisions WHERE head = ? AND content = ?`, item.head, item.before).
		Scan(&accept, &reasons, &accepted)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil // nothing was decided, or about another content
	}
	all := splitCodes(accepted)
	if accept {
		all = append(all, splitCodes(reasons)...)
	}
	slices.Sort(all)
	return slices.Compact(all), err
}
