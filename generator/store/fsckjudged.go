package store

import (
	"database/sql"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
)

// commitments goes through what people judged of the promises in replies as it was
// judged, case by case: each act must name a case that there is and fit those before it,
// as when it was taken. Whether a reply is still the one that was judged is no question
// here, for replies may be changed.
func (f *fsck) commitments() error {
	orphans := `SELECT a.id, a.code FROM commitment_acts a LEFT JOIN cases c ON c.id = a.id WHERE c.id IS NULL
		UNION SELECT a.id, a.code FROM commitment_acts a LEFT JOIN cases c ON c.id = a.shown WHERE a.shown <> 0 AND c.id IS NULL ORDER BY 1, 2`
	err := f.each(orphans, func(rows *sql.Rows) error {
		var id int64
		var code string
		err := rows.Scan(&id, &code)
		if err == nil {
			f.problem("commitment", "what was judged of the promise %s:%s names a case that is not there", numberOf(id), code)
		}
		return err
	})
	if err != nil {
		return err
	}
	acts, err := readActs(f.ctx, f.tx, "")
	if err != nil {
		return err
	}
	of := map[record.CaseNumber][]record.CommitmentAct{}
	var numbers []record.CaseNumber
	for _, a := range acts {
		before, ok := of[a.Number]
		if !ok {
			numbers = append(numbers, a.Number)
		}
		if what := misfit(before, &a); what != "" {
			f.problem("commitment", "what was judged of the promise %s:%s cannot have been: %s", a.Number, a.Code, what)
		}
		of[a.Number] = append(before, a)
	}
	for _, n := range numbers {
		f.r.Commitments += len(fold(of[n]))
	}
	return nil
}

// misfit says why an act could not be taken after those before it, or "".
func misfit(before []record.CommitmentAct, a *record.CommitmentAct) string {
	all := fold(before)
	standing := func(code string) int {
		return slices.IndexFunc(all, func(c promised) bool { return c.Code == code && c.Standing != record.TakenBack })
	}
	at, p := standing(a.Code), a.Place
	placed := p.From >= 0 && p.From <= p.Start && p.Start < p.End && p.End <= p.To
	switch {
	case !isCode(a.Code) || a.Act == record.Replace && !isCode(a.New):
		return "it has no code"
	case a.By == "" || !a.Stated.Known():
		return "nobody said it, or on no day"
	}
	switch a.Act {
	case record.Accept, record.Decline:
		switch {
		case at >= 0:
			return "it is a commitment already"
		case !placed:
			return "it stands nowhere in a reply"
		case a.Act == record.Accept && (!a.Due.Known() || a.Due < a.Made):
			return "it has no day, or one before the reply"
		}
		return ""
	case record.Replace, record.TakeBack, record.State:
	default:
		return "it is no act"
	}
	switch {
	case at < 0:
		return "there is no such commitment"
	case a.Act == record.Replace && standing(a.New) >= 0:
		return "the wording found again is a commitment already"
	case a.Act == record.Replace && !placed:
		return "it stands nowhere in a reply"
	case a.Act == record.State && (!a.Keeping.Valid() || !a.On.Known() || a.On < all[at].Made):
		return "its outcome is none, or of no day after the promise"
	}
	return ""
}

// isCode reports whether s is the code of a promise, see [record.Place.Code].
func isCode(s string) bool {
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 8
}

// judged looks at what people said of replies that they read.
func (f *fsck) judged() error {
	return f.each(`SELECT j.id, j.version FROM judged j LEFT JOIN cases c ON c.id = j.id
		WHERE c.id IS NULL OR j.version < 1 OR j.empty NOT IN (0, 1) ORDER BY 1, 2`, func(rows *sql.Rows) error {
		var id int64
		var version int
		err := rows.Scan(&id, &version)
		if err == nil {
			f.problem("judged", "what was said of the reply to %s by the rules of version %d cannot have been", numberOf(id), version)
		}
		return err
	})
}
