package ingest

import (
	"context"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// put hands one record to the store.
type put = func(c gate.Cleared, had record.CaseNumber) (record.CaseNumber, record.EventKind, error)

// settle brings everything pending through the gate into the store, as a batch with
// the given digest, and tells the intake what became of it. When the store has that
// already, because a run was killed in between, only the intake is told.
func (r *run) settle(ctx context.Context, digest [32]byte, seen bool) error {
	refs, err := r.Intake.Pending(ctx)
	if err != nil {
		return err
	}
	highest, err := r.Intake.Highest(ctx)
	if err != nil {
		return err
	}
	given := make([]record.CaseNumber, len(highest))
	for i, n := range highest {
		given[i] = record.CaseNumber(n)
	}
	lines, err := r.lines(ctx)
	if err != nil {
		return err
	}
	r.progress.Step, r.progress.Rows = "storing", 0
	outcomes := make([]intake.Outcome, 0, len(refs))
	fill := func(p put) error {
		take := func(c clearedItem) error {
			outcome, err := r.store(ctx, c, r.noting(lines, p))
			outcomes = append(outcomes, outcome)
			return err
		}
		registers, cases := split(refs)
		if err := r.clearAll(ctx, registers, take); err != nil {
			return err
		}
		r.Gate = r.Gate.WithLines(lines)
		if err := r.clearAll(ctx, cases, take); err != nil {
			return err
		}
		return r.people(ctx, p)
	}
	if seen {
		err = fill(r.lookUp(ctx))
	} else if err = r.tell(ctx); err == nil {
		err = r.Store.Batch(ctx, r.batch.Name, digest, r.asOf, given, fill)
	}
	if err != nil {
		return err
	}
	return r.Intake.Finish(ctx, r.info(), outcomes, r.notes)
}

// lookUp stands in for a store that has the batch already: it only finds the
// public number.
func (r *run) lookUp(ctx context.Context) put {
	return func(c gate.Cleared, _ record.CaseNumber) (record.CaseNumber, record.EventKind, error) {
		if _, isCase := c.Value().(record.Case); !isCase {
			return "", "", nil
		}
		numbers, err := r.Store.Numbers(ctx, []string{c.KeyMAC()})
		if err != nil {
			return "", "", err
		}
		return numbers[0], "", nil
	}
}

// clearedItem is an item with what the gate said of it.
type clearedItem struct {
	intake.Item
	cleared gate.Cleared
	verdict gate.Verdict
	kept    bool // what is published stays as it is
	rests   bool // there is nothing to look at

	recleared bool // what is published was looked at
}

// clearAll loads and clears the records in several goroutines and hands them to
// take in their order, from this one.
func (r *run) clearAll(ctx context.Context, refs []intake.Ref, take func(clearedItem) error) error {
	return inOrder(ctx, r.Workers, refs, r.clear, func(items []clearedItem) error {
		for _, item := range items {
			if err := take(item); err != nil {
				return err
			}
		}
		return nil
	})
}

// clear loads some records and asks the gate about each.
func (r *run) clear(ctx context.Context, refs []intake.Ref) ([]clearedItem, error) {
	items, err := r.Intake.Load(ctx, refs)
	if err != nil {
		return nil, err
	}
	stands, err := r.standing(ctx, items)
	if err != nil {
		return nil, err
	}
	cleared := make([]clearedItem, len(items))
	for i, item := range items {
		cleared[i].Item = item
		if item.Waiting {
			continue
		}
		asOf, err := record.ParseDay(item.AsOf)
		if err != nil {
			return nil, err
		}
		stand := stands[item.MAC]
		switch {
		case stand.rests(item):
			cleared[i].rests = true
			continue
		case stand.reclears(item):
			cleared[i].recleared = true
			cleared[i].cleared, cleared[i].verdict, err = reclear(ctx, r.Gate, r.Published, item, stand, max(asOf, r.asOf))
			if err != nil {
				return nil, err
			}
		default:
			if stand.Prominence != record.Full {
				item.Again()
			}
			if item.Raw, err = filled(ctx, r.Store, item); err != nil {
				return nil, err
			}
			cleared[i].cleared, cleared[i].verdict = r.Gate.ClearReviewed(item.Raw, max(asOf, r.asOf), review(item))
		}
		if now, isCase := cleared[i].cleared.Value().(record.Case); isCase && len(item.Untold) == 0 {
			cleared[i].kept = !cleared[i].cleared.Further() && stand.keeps(now)
		}
		cleared[i].Raw = source.Raw{Kind: item.Raw.Kind, Key: item.Raw.Key, Gone: item.Raw.Gone, Where: item.Raw.Where} // the rest may go
	}
	return cleared, nil
}

// standing returns the cases among items as they stand in the store, by keyed hash;
// none where they are not asked for.
func (r *run) standing(ctx context.Context, items []intake.Item) (map[string]standing, error) {
	if r.Published == nil {
		return nil, nil
	}
	var macs []string
	for _, item := range items {
		if item.Kind == source.Case {
			macs = append(macs, item.MAC)
		}
	}
	numbers, err := r.Store.Numbers(ctx, macs)
	if err != nil {
		return nil, err
	}
	known := slices.DeleteFunc(slices.Clone(numbers), func(n record.CaseNumber) bool { return n == "" })
	cases, err := r.Published.CasesByNumber(ctx, known)
	if err != nil {
		return nil, err
	}
	unshown, err := r.Published.Unshown(ctx, known)
	if err != nil {
		return nil, err
	}
	all := map[string]standing{}
	for i, n := range numbers {
		if n != "" {
			all[macs[i]] = standing{cases[0], unshown[n]}
			cases = cases[1:]
		}
	}
	return all, nil
}

// store puts one record where the gate's decision says, and counts it.
func (r *run) store(ctx context.Context, c clearedItem, p put) (intake.Outcome, error) {
	if r.progress.Rows++; r.progress.Rows%progressEvery == 0 {
		r.Progress(r.progress)
	}
	isCase := c.Kind == source.Case
	if c.Waiting {
		r.sum.Waiting++
		return c.Outcome(intake.Waiting), nil
	}
	if c.rests { // perhaps since a run that was killed before the intake was told
		outcome := c.Outcome(intake.Done)
		outcome.Withheld = true
		return outcome, nil
	}
	for _, q := range c.verdict.Quality {
		r.sum.SetAside++
		r.note(intake.Value, q)
	}
	outcome := c.Outcome(intake.Done)
	switch c.verdict.Decision {
	case gate.Publish, gate.Stub:
	case gate.Hold:
		outcome.State = intake.Held
	case gate.Silent:
		outcome.State = intake.Silent
	case gate.Exclude:
		outcome.State = intake.Excluded
	case gate.Refuse:
		outcome.State = intake.Refused
		r.turnAway(c)
	default:
		return outcome, fmt.Errorf("ingest: the gate gave a decision that it does not know")
	}
	outcome.Sample = c.verdict.Sample && outcome.State == intake.Done
	if outcome.State == intake.Done {
		outcome.Files = len(c.verdict.Waiting())
	}
	if outcome.State == intake.Held || outcome.State == intake.Silent || outcome.Sample || outcome.Files > 0 {
		outcome.Reasons, outcome.Findings = c.verdict.Reasons, findings(c.verdict)
	}
	outcome.Decided = intake.Decided{
		Decision: string(c.verdict.Decision), Reasons: c.verdict.Reasons, Policy: r.Gate.PolicyHash(),
		Before: c.verdict.Content, After: c.verdict.Output,
	}
	if isCase {
		outcome.Masked, outcome.Kept = masked(c.verdict), c.kept
		outcome.Recleared, outcome.Withheld = c.recleared, c.recleared && c.verdict.Decision == gate.Stub
	}
	var kind record.EventKind
	var number record.CaseNumber
	var err error
	switch {
	case c.cleared.Valid():
		number, kind, err = p(c.cleared, record.CaseNumber(c.Number))
	case isCase && (outcome.State == intake.Silent || outcome.State == intake.Excluded):
		number, kind, err = r.retract(ctx, c, p)
	}
	if err != nil {
		return outcome, err
	}
	outcome.Number = string(number)
	if isCase {
		switch v := c.cleared.Value().(type) {
		case record.Withdrawal:
			outcome.State = intake.Gone
		case record.Case:
			if outcome.State == intake.Done && v.Answered != record.Yes {
				outcome.State = intake.Unanswered
			}
		}
		r.sum.count(outcome.State, c.verdict.Decision, kind)
		if outcome.Sample {
			r.sum.Sample++
		}
		if outcome.State == intake.Done {
			r.sum.files(c.verdict.Files)
		}
	}
	return outcome, nil
}

// retract withdraws a case that has a number and now turns out to be, or perhaps
// to be, one that accuses an official: such a case has neither number nor row.
func (r *run) retract(ctx context.Context, c clearedItem, p put) (record.CaseNumber, record.EventKind, error) {
	numbers, err := r.Store.Numbers(ctx, []string{c.MAC})
	if err != nil || numbers[0] == "" {
		return "", "", err
	}
	gone := source.Raw{Kind: source.Case, Key: c.Key, Gone: true, Fields: map[string]string{source.FieldGoneReason: string(record.Secret)}}
	tombstone, _ := r.Gate.ClearReviewed(gone, r.asOf, gate.Review{})
	return p(tombstone, "")
}

// turnAway puts a record that the gate refused on the quarantine list.
func (r *run) turnAway(c clearedItem) {
	r.sum.Quarantined++
	reasons := c.verdict.Reasons
	if len(reasons) == 0 {
		reasons = []string{"refused"}
	}
	column, text, hint := refusal(reasons[0])
	r.note(intake.Row, source.Rejected{Where: c.Raw.Where, Column: column, Code: reasons[0], Reason: text, Hint: hint})
}

// refusal says in words why the gate refused a record, and which field is at
// fault.
func refusal(code string) (field, reason, hint string) {
	switch code {
	case "no-received-day":
		return source.FieldReceived, "the case has no day on which it was received", "fill in the day of receipt and export again"
	case "future-received":
		return source.FieldReceived, "the day of receipt lies after the day that the export is of", "correct the day of receipt, or the as-of day of the export"
	case "received-out-of-range":
		return source.FieldReceived, "the day of receipt lies before the year 2000 or after 2099", "correct the year; older cases cannot have a public number"
	case "no-key":
		return "", "the record has no number of its own", "fill in the number and export again"
	case "no-name":
		return source.FieldName, "the entry of the register has no name", "fill in the name and export again"
	case "bad-id":
		return "", "the code of the register entry cannot stand in an address", "give it a code of letters a to z, digits and hyphens that is nobody's number"
	case "no-measure":
		return source.FieldMeasure, "an entry of accountability says neither of whom nor what was done", "fill in the unit and the measure, such as 约谈"
	case "no-day", "future-day":
		return source.FieldDay, "an entry of accountability has no day, or one that lies after the day that the export is of", "correct the day"
	case "bad-period":
		return source.FieldPeriod, "the period of the assessment cannot be read", "write it like 2026, 2026-11 or 2026-11/12"
	}
	return "", "the record cannot be published: " + code, "correct the row and export again; docs/mapping.md explains the code"
}

// findings counts what was found by type.
func findings(v gate.Verdict) map[string]int {
	counts := map[string]int{}
	for _, f := range v.Findings {
		counts[f.Type]++
	}
	return counts
}
