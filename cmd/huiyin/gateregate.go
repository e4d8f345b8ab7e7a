package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
)

// regateResult is what other rules of the gate change.
type regateResult struct {
	InForce bool            `json:"in_force"` // the rules are those in force
	Applied bool            `json:"applied"`
	Before  string          `json:"before,omitempty"` // hash of the rules in force
	Rules   string          `json:"rules"`            // hash of the rules at hand
	Tally   ingest.Tally    `json:"tally"`
	Cases   []ingest.Change `json:"cases"`            // and entries of registers, which come first
	Ended   *ended          `json:"ended,omitempty"`  // what let something pass before
	Pruned  int             `json:"pruned,omitempty"` // of the cases, those whose originals are erased
	By      string          `json:"by,omitempty"`     // who applied it, as stated, not proved
	Search  *searchResult   `json:"search,omitempty"`
	NoUnits []noUnit        `json:"no_units,omitempty"`          // that the rules name and no register has
	Samples int             `json:"samples,omitempty"`           // published cases that were drawn for a person to look at
	Asked   bool            `json:"publication_asked,omitempty"` // of huiyin run
	Open    []string        `json:"open,omitempty"`              // what could not be brought level: the export folder, the place of backups

	names unitNames
}

func newGateRegate(a *app) *cobra.Command {
	var apply bool
	var by, reason string
	var lines []string
	c := &cobra.Command{
		Use:   "regate",
		Short: "Show what changed rules of the gate make of the cases, and apply them",
		Long: longHelp(`Let everything that was received through the gate again, under the rules that the
configuration and this program have now and under the register of units of today, and
list what would not be published as it is, the first 50 or with --json all: the public
number or -, or the entry of a register, what changes, what is masked by kind and
number, and why where it is not the rules. Nothing is changed without --apply.

  text      another text, masked more
  anew      another text, of a case whose text has never been in a release: cleared anew,
            also where that masks less
  to-row    from the full text to the row alone
  to-full   from the row alone to the full text, masked
  reason    the row alone, for another reason
  appears   it had no number, and gets one
  vanishes  it loses its number and its row
  held      an entry of a register that waits for a decision: it stays as it is till then
  kept      it would show what was published masked: it stays as it is published, since
            no change of rules unmasks what has been in a release
  mixed     the same, and it also shows what would be masked now: withdraw it, or have
            the office deliver it anew

  former-line UNITS   the register states a line of these units no longer. What was
            published with it stays, and may be published again, because a new
            telephone is no secret. To mask it where it stands, such as a private
            number, name the units: --apply --mask-lines UNITS, or all.
  ended-entry   an entry of the allow-list has ended. --apply masks what it let pass.

With --apply the rules come into force. It is done in one go, and may be interrupted:
the next pull or publish finishes it. Earlier texts of what changes leave the store,
the site, search, the export folder and the releases that are kept before the command
ends (with 3 where one of them, or the place of backups, cannot be brought level: all
else is done, and the next pull makes up for it), and the history of the case says that the rules have changed (of anew it says
nothing: nobody has read the text). Both --by and
--reason are wanted, and enter the review records; the name is recorded as stated, and
not proved.

Of a case whose original intake.keep_days has erased, what is published is looked at in
its place: it is masked further, or its row alone is left ("not suitable") where it
would have to wait for a decision, and a file that the rules do not let pass is left
out. Nothing of it is ever shown again, unless the office delivers it once more.`, fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
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
			r, err := in.changeRules(c.Context(), lines, apply, by, reason)
			if err != nil {
				return err
			}
			a.showRegate(r)
			if a.json {
				a.object(r)
			}
			if r.Search.failed() || len(r.Open) > 0 {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().BoolVar(&apply, "apply", false, "put the rules into force")
	c.Flags().StringSliceVar(&lines, "mask-lines", nil, "mask the lines that the register states no longer of these `UNITS`, parted by commas, or all")
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever applies them; recorded as stated, not proved")
	c.Flags().StringVar(&reason, "reason", "", "why, in one line; recorded, so without personal data")
	return c
}

// changeRules compares what is published with what the rules at hand and the register
// of today make of it, and with apply puts that into force. lines names the units whose
// former lines are to be masked.
func (in *installation) changeRules(ctx context.Context, lines []string, apply bool, by, reason string) (r regateResult, err error) {
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
	if err != nil {
		return r, err
	}
	e, err := in.ended(ctx)
	if err != nil {
		return r, err
	}
	r.names = e.names
	if r.NoUnits, err = in.noUnits(ctx); err != nil {
		return r, err
	}
	if !e.none() {
		r.Ended = &e
	}
	masking, err := e.masking(lines)
	if err != nil {
		return r, err
	}
	if err := in.shown(ctx); err != nil {
		return r, err
	}
	if err := in.compare(ctx, g, &r, e.former, masking); err != nil || !apply {
		return r, err
	}
	switch asked := !r.InForce || len(masking) > 0; {
	case asked, !due && len(r.Cases) > r.Tally.Stay:
		err = in.lockedFree(ctx, func() error {
			act := in.act("gate regate", by, reason)
			act.Target, act.Before, act.After = "rules of the gate", r.Before, r.Rules
			if len(masking) > 0 {
				act.Target += " and former lines of " + plural(len(masking), "unit")
			}
			if err := in.audited(ctx, act); err != nil {
				return err
			}
			// In this order: a run that is killed in between has masked no lines, and says so.
			if err := in.intake.ChangeRules(ctx, r.Rules, by, reason); err != nil {
				return err
			}
			return in.store.ForgetLines(ctx, slices.Sorted(maps.Keys(masking)))
		})
		if err != nil {
			return r, err
		}
	case !due:
		return r, nil // there is nothing to apply
	}
	defer func() { r.Asked = in.askPublication(ctx, scopeOf(), by) }()
	sum, search, open, err := in.regate(ctx, g)
	if err != nil {
		return r, err
	}
	r.Search, r.Samples, r.Open = search, sum.Sample, open
	r.Applied, r.By, r.Ended = true, by, nil
	if e, err = in.ended(ctx); err == nil && !e.none() {
		r.Ended = &e
	}
	return r, err
}

// masking takes the former lines of the named units out of e, and returns them.
func (e *ended) masking(units []string) (map[record.UnitID][]string, error) {
	if slices.Equal(units, []string{"all"}) {
		all := e.former
		e.former = nil
		return all, nil
	}
	named := map[record.UnitID][]string{}
	for _, name := range units {
		unit := record.UnitID(name)
		lines, ok := e.former[unit]
		if !ok && named[unit] == nil {
			return nil, usage(fault.New("the register has taken no line of unit "+strconv.Quote(name), "huiyin gate regate names the units; all stands for every one"))
		}
		if ok {
			named[unit] = lines
			delete(e.former, unit)
		}
	}
	return named, nil
}

// compare fills in what differs under g, while the former lines go on passing and
// those of masking do not.
func (in *installation) compare(ctx context.Context, g *gate.Gate, r *regateResult, former, masking map[record.UnitID][]string) error {
	o, err := in.ingest(ctx, g)
	if err != nil {
		return err
	}
	o.Former = former
	entries, err := in.intake.Entries(ctx)
	if err != nil {
		return err
	}
	cases, err := in.intake.Cases(ctx)
	if err != nil {
		return err
	}
	erased, err := in.intake.Erased(ctx)
	if err != nil {
		return err
	}
	r.Pruned, cases = len(erased), append(cases, erased...)
	r.Tally.Entries, r.Tally.Cases = len(entries), len(cases)
	return ingest.Compare(ctx, o, append(entries, cases...), in.store, masking, func(c ingest.Change) error {
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
		a.say("%-13s  %-8s%s%s", cmp.Or(string(c.Number), c.Entry, "-"), c.What, foundKinds(c.Masked, "  masked: "), causeOf(c, r.names))
	}
	a.showEnded(r.Ended)
	a.showNoUnits(r.NoUnits)
	a.say("%s and %s looked at; %d published otherwise, %d kept as published",
		plural(r.Tally.Cases, "case"), pluralEntries(r.Tally.Entries), len(r.Cases)-r.Tally.Stay, r.Tally.Stay)
	for _, what := range slices.Sorted(maps.Keys(r.Tally.Changes)) {
		a.say("  %-8s  %d%s", what, r.Tally.Changes[what], meaning(what))
	}
	if found := foundKinds(r.Tally.Masked, "found in the texts that change: "); found != "" {
		a.say("%s", found)
	}
	if r.Pruned > 0 {
		a.say("the originals of %s are erased (intake.keep_days): what is published was looked at", plural(r.Pruned, "case"))
	}
	if r.Tally.IfAsked > 0 {
		a.say("%s would be masked with --apply --mask-lines UNITS alone", plural(r.Tally.IfAsked, "case"))
	}
	switch {
	case r.Applied:
		a.say("applied by %s: the name is recorded as stated, and not proved", visible(r.By))
		if r.Samples > 0 {
			a.say("to look at (sample): %s; huiyin gate list names them", plural(r.Samples, "case"))
		}
		a.say("the rules are in force; huiyin publish shows what they change")
		a.sayAsked(r.Asked)
	case r.InForce && len(r.Cases) == r.Tally.Stay:
		a.say("the rules of the gate are those in force: nothing changes")
	default:
		a.say("nothing was changed; huiyin gate regate --apply --by NAME --reason TEXT puts the rules into force")
	}
}

// meaning says of a change what its word does not.
func meaning(what ingest.Changed) string {
	switch what {
	case ingest.ClearedAnew:
		return "  no release has shown the text: it is cleared anew, masked more or less"
	case ingest.KeptMasked, ingest.KeptMixed:
		return "  published masked: no change of rules unmasks what has been in a release"
	}
	return ""
}

// causeOf says why a case changes, where it is not the rules.
func causeOf(c ingest.Change, names unitNames) string {
	if c.Why == ingest.OtherRules {
		return ""
	}
	text := "  " + string(c.Why)
	for _, unit := range c.Units {
		text += " " + names.label(unit)
	}
	return text
}

// pluralEntries is plural of entries of registers.
func pluralEntries(n int) string {
	return numbered(n, "entry of registers", "entries of registers")
}
