package main

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
)

// regateResult is what other rules of the gate change.
type regateResult struct {
	InForce bool            `json:"in_force"` // the rules are those in force: nothing changes
	Applied bool            `json:"applied"`
	Before  string          `json:"before,omitempty"` // hash of the rules in force
	Rules   string          `json:"rules"`            // hash of the rules at hand
	Tally   ingest.Tally    `json:"tally"`
	Cases   []ingest.Change `json:"cases"`
	By      string          `json:"by,omitempty"` // who applied it, as stated, not proved
	Search  *searchResult   `json:"search,omitempty"`
}

func newGateRegate(a *app) *cobra.Command {
	var apply bool
	var by, reason string
	c := &cobra.Command{
		Use:   "regate",
		Short: "Show what changed rules of the gate make of the cases, and apply them",
		Long: longHelp(`Let every case that was received through the gate again, under the rules that the
configuration and this program have now, and list those that would not be published as
they are, the first 50 or with --json all: the public number or -, what changes, and
what is masked by kind and number. Nothing is changed without --apply. The entries of
registers go through the gate again too when the rules are applied; they are not listed.

  text      another text, masked more
  to-row    from the full text to the row alone
  to-full   from the row alone to the full text, masked
  reason    the row alone, for another reason
  appears   it had no number, and gets one
  vanishes  it loses its number and its row
  kept      the rules would show what was masked: it stays as it is, since nothing
            can be unmasked

With --apply the rules come into force. It is done in one go, and may be interrupted:
the next pull or publish finishes it. Earlier texts of what changes leave the store,
the site, search, the export folder and the releases that are kept before the command
ends, and the history of the case says that the rules have changed. Both --by and
--reason are wanted, and enter the review records; the name is recorded as stated, and
not proved.`, fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			if apply || by+reason != "" {
				var err error
				if by, reason, err = intake.Stated(by, reason); err != nil {
					return usage(err)
				}
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.changeRules(c.Context(), apply, by, reason)
			if err != nil {
				return err
			}
			a.showRegate(r)
			if a.json {
				a.object(r)
			}
			if r.Search.failed() {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().BoolVar(&apply, "apply", false, "put the rules into force")
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever applies them; recorded as stated, not proved")
	c.Flags().StringVar(&reason, "reason", "", "why, in one line; recorded, so without personal data")
	return c
}

// changeRules compares the rules at hand with those in force, and with apply puts
// them into force.
func (in *installation) changeRules(ctx context.Context, apply bool, by, reason string) (r regateResult, err error) {
	key, err := in.openIntake()
	if err != nil {
		return r, err
	}
	g, err := in.gate(key)
	if err != nil {
		return r, err
	}
	r.Rules, r.Cases = g.RulesHash(), []ingest.Change{}
	if r.Before, err = in.intake.Rules(ctx); err != nil {
		return r, err
	}
	if r.InForce, err = in.inForce(ctx, g); err != nil {
		return r, err
	}
	due, err := in.intake.RegateDue(ctx)
	if err != nil || r.InForce && !due {
		return r, err
	}
	if err := in.compare(ctx, g, &r); err != nil || !apply {
		return r, err
	}
	if !r.InForce {
		err = in.locked(func() error { return in.intake.ChangeRules(ctx, r.Rules, by, reason) })
		if err != nil {
			return r, err
		}
	}
	_, r.Search, err = in.regate(ctx, g)
	if err == nil {
		r.Applied, r.By = true, by
	}
	return r, err
}

// compare fills in what the rules of g change.
func (in *installation) compare(ctx context.Context, g *gate.Gate, r *regateResult) error {
	o, err := in.ingest(ctx, g)
	if err != nil {
		return err
	}
	cases, err := in.intake.Cases(ctx)
	if err != nil {
		return err
	}
	r.Tally.Cases = len(cases)
	return ingest.Compare(ctx, o, cases, in.store, func(c ingest.Change) error {
		r.Cases = append(r.Cases, c)
		r.Tally.Add(c)
		return nil
	})
}

// shownChanges is how many cases are named to a person.
const shownChanges = 50

// showRegate writes what changes for a person.
func (a *app) showRegate(r regateResult) {
	defer a.showSearch(r.Search)
	for i, c := range r.Cases {
		if i == shownChanges {
			a.say("... and %d more (--json lists all)", len(r.Cases)-i)
			break
		}
		a.say("%-13s  %-8s%s", cmp.Or(string(c.Number), "-"), c.What, foundKinds(c.Masked, "  masked: "))
	}
	if r.InForce && !r.Applied && len(r.Cases) == 0 && r.Tally.Cases == 0 {
		a.say("the rules of the gate are those in force: nothing changes")
		return
	}
	kept := r.Tally.Changes[ingest.KeptMasked]
	a.say("%s looked at; %d published otherwise, %d kept as published", plural(r.Tally.Cases, "case"), len(r.Cases)-kept, kept)
	for _, what := range slices.Sorted(maps.Keys(r.Tally.Changes)) {
		a.say("  %-8s  %d", what, r.Tally.Changes[what])
	}
	if found := foundKinds(r.Tally.Masked, "found in the texts that change: "); found != "" {
		a.say("%s", found)
	}
	if r.Applied {
		a.say("applied by %s: the name is recorded as stated, and not proved", visible(r.By))
		a.say("the rules are in force; huiyin publish shows what they change")
		return
	}
	a.say("nothing was changed; huiyin gate regate --apply --by NAME --reason TEXT puts the rules into force")
}
