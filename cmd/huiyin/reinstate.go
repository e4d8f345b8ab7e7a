package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
)

// reinstateResult is what became of cases whose withdrawal was lifted.
type reinstateResult struct {
	By     string        `json:"by"` // as stated, not proved
	Cases  []reinstated  `json:"cases"`
	Search *searchResult `json:"search,omitempty"`
	Asked  bool          `json:"publication_asked,omitempty"` // of huiyin run
	Open   []string      `json:"open,omitempty"`              // what could not be brought level: the export folder, the place of backups
}

// reinstated is what became of one case.
type reinstated struct {
	Number record.CaseNumber `json:"number"`
	Now    string            `json:"now"` // full, or row
	Reason record.StubReason `json:"reason,omitempty"`
}

func newReinstate(a *app) *cobra.Command {
	var by, reason string
	c := &cobra.Command{
		Use:   "reinstate NUMBER... --by NAME --reason TEXT",
		Short: "Lift the withdrawal of cases",
		Long: longHelp(`Lift the withdrawal of cases that were withdrawn by mistake. What was received of each
goes through the gate again, under the rules that hold now, and is published with the
next huiyin publish; what the gate holds waits in huiyin gate list. Its history says on
which days it was withdrawn and reinstated.

It needs what was received: where that has been erased (intake.keep_days), or where the
upstream itself has withdrawn the case, the upstream has to deliver it anew. All cases are
reinstated or none. Both --by and --reason enter the review records and the audit.`,
			fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
		Example:     "  huiyin reinstate 2611-004217 --by 王 --reason 误撤",
		Annotations: map[string]string{wants: "name one case or several by their public numbers, like 2611-004217"},
		Args:        cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			numbers, err := caseNumbers(args)
			if err != nil {
				return err
			}
			name, why, err := intake.Stated(by, reason)
			if err != nil {
				return usage(err)
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.reinstate(c.Context(), numbers, name, why)
			if err != nil {
				return err
			}
			for _, k := range r.Cases {
				a.say("%s is reinstated: %s", k.Number, reinstatedWords(k))
			}
			a.showSearch(r.Search)
			a.sayNext(r.Asked, "")
			if a.json {
				a.object(r)
			}
			if r.Search.failed() || len(r.Open) > 0 {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever reinstates; recorded as stated")
	c.Flags().StringVar(&reason, "reason", "", "why, in one line; recorded, so without personal data")
	return c
}

func reinstatedWords(r reinstated) string {
	switch {
	case r.Now == "full":
		return "it will be published in full"
	case r.Reason == record.UnderReview:
		return "its row alone will be published; see huiyin gate list"
	}
	return "its row alone will be published (" + string(r.Reason) + ")"
}

// reinstate lifts withdrawals and takes what was received of the cases through the gate.
func (in *installation) reinstate(ctx context.Context, numbers []record.CaseNumber, by, reason string) (r reinstateResult, err error) {
	r.By = by
	g, search, err := in.ruled(ctx)
	if err != nil {
		return r, err
	}
	macs, err := in.store.KeyMACs(ctx, numbers)
	if err != nil {
		return r, err
	}
	for i, mac := range macs {
		if err := in.intake.Reopenable(ctx, mac); err != nil {
			return r, about(numbers[i], err)
		}
	}
	err = in.lockedFree(ctx, func() error {
		// A withdrawal that stands in the journal alone is one.
		if err := in.store.CatchUp(ctx); err != nil {
			return err
		}
		if err := in.store.Reinstatable(ctx, numbers); err != nil {
			return err
		}
		// Before the store has it: what is kept there is finished by whoever comes next, and a
		// case that the gate is to look at once more stays withdrawn all the same. Where it comes
		// to no more, the intake has a look at the case on record that nothing followed.
		for _, mac := range macs {
			if err := in.intake.Reopen(ctx, mac, by, reason); err != nil {
				return err
			}
		}
		return in.store.Reinstate(ctx, numbers, record.DayOf(in.a.now()), in.act("reinstate", by, reason))
	})
	if err != nil {
		return r, err
	}
	defer func() { r.Asked = in.askPublication(ctx, scopeOf(numbers...), by) }()
	o, err := in.ingest(ctx, g)
	if err != nil {
		return r, err
	}
	if err := in.whenFree(ctx, func() error { _, err := ingest.Settle(ctx, o, "reinstate"); return err }); err != nil {
		return r, err
	}
	var open error
	if r.Search, open = in.settle(ctx); ctx.Err() != nil {
		return r, errors.Join(ctx.Err(), open)
	}
	if r.Open, err = in.openAfter(open); err != nil {
		return r, err
	}
	if r.Search == nil {
		r.Search = search
	}
	cases, err := in.store.CasesByNumber(ctx, numbers)
	for _, c := range cases {
		k := reinstated{Number: c.Number, Now: "row", Reason: c.StubReason}
		if c.Prominence == record.Full {
			k.Now = "full"
		}
		r.Cases = append(r.Cases, k)
	}
	return r, err
}

// finishReinstated lets cases through the gate whose withdrawal was lifted, and that have not
// been through it since: what a run that was killed has left. Under other rules nothing is
// let through; huiyin gate regate, which is due then, takes them along.
func (in *installation) finishReinstated(ctx context.Context) error {
	rows, err := in.reinstatedRows(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	macs, err := in.store.KeyMACs(ctx, rows)
	if err != nil {
		return err
	}
	if _, err := in.openIntake(); err != nil {
		return err
	}
	pending, err := in.intake.Pending(ctx)
	if err != nil || !slices.ContainsFunc(pending, func(r intake.Ref) bool { return slices.Contains(macs, r.MAC) }) {
		return err
	}
	g, _, err := in.ruled(ctx)
	if errors.Is(err, errRulesChanged) {
		return nil
	}
	if err != nil {
		return err
	}
	return in.throughGate(ctx, g, "reinstate")
}

// reinstatedRows returns the cases whose withdrawal was lifted and of which the row alone is
// shown, because no text has been through the gate since, or none that may be shown yet.
func (in *installation) reinstatedRows(ctx context.Context) ([]record.CaseNumber, error) {
	numbers, err := in.store.Reinstated(ctx)
	if err != nil || len(numbers) == 0 {
		return nil, err
	}
	cases, err := in.store.CasesByNumber(ctx, numbers)
	var rows []record.CaseNumber
	for _, c := range cases {
		if c.StubReason == record.UnderReview {
			rows = append(rows, c.Number)
		}
	}
	return rows, err
}

// returned is a case that was withdrawn and reinstated after the backup that was restored.
type returned struct {
	Number record.CaseNumber `json:"number"`
	Why    string            `json:"error,omitempty"` // why it does not go through the gate again
	Hint   string            `json:"hint,omitempty"`
}

// reopenReturned has the cases go through the gate with the next pull or publish that the
// store knows as reinstated by the journal alone: an older copy of the intake does not know
// that they were withdrawn, and would leave them as rows for good. What cannot be had is said
// of each.
func (in *installation) reopenReturned(ctx context.Context, by, basis string) (all []returned, err error) {
	rows, err := in.reinstatedRows(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range rows {
		r := returned{Number: n}
		waits, err := in.reopenOne(ctx, n, by, basis)
		var public *fault.Error
		if errors.As(err, &public) {
			r.Why, r.Hint = public.Msg, public.Hint
		} else if err != nil {
			return nil, err
		}
		if !waits {
			all = append(all, r)
		}
	}
	return all, nil
}

// reopenOne has one case go through the gate again, but where it waits for a person.
func (in *installation) reopenOne(ctx context.Context, n record.CaseNumber, by, basis string) (waits bool, err error) {
	if _, err := in.openIntake(); err != nil {
		return false, err
	}
	queue, err := in.intake.Queue(ctx)
	if err != nil || slices.ContainsFunc(queue, func(h intake.HeldItem) bool { return h.Named(string(n)) }) {
		return err == nil, err
	}
	macs, err := in.store.KeyMACs(ctx, []record.CaseNumber{n})
	if err != nil {
		return false, err
	}
	return false, in.intake.Reopen(ctx, macs[0], by, basis)
}

// showReturned writes what is to be done about cases that were reinstated after a backup.
func (a *app) showReturned(all []returned) {
	for _, r := range all {
		if r.Why == "" {
			a.say("%s was withdrawn and reinstated since the backup: it goes through the gate again with the next huiyin publish; until then its row alone is shown", r.Number)
			continue
		}
		a.say("%s was withdrawn and reinstated since the backup, and its row alone is shown: %s", r.Number, r.Why)
		a.say("  %s; then huiyin reinstate %s once more", r.Hint, r.Number)
	}
}

// about names the case in front of a public error.
func about(n record.CaseNumber, err error) error {
	msg, hint, _ := fault.Public(err)
	return fault.Wrap(err, string(n)+": "+msg, hint)
}
