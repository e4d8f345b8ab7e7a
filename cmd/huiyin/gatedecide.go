package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/intake"
)

// decideResult is what became of the entries that a person has decided about.
type decideResult struct {
	By      string        `json:"by"` // as stated, not proved
	Entries []decided     `json:"entries"`
	Search  *searchResult `json:"search,omitempty"`
}

// decided is what became of one entry.
type decided struct {
	ID     string `json:"id"`
	Number string `json:"number,omitempty"`
	Now    string `json:"now"` // "stored", "held", "nowhere", or "not published"
}

func newGateAccept(a *app) *cobra.Command {
	return newDecision(a, true, "accept", "Publish entries of the queue with everything masked", `Accept entries of gate list: what was found in them stays masked, also what was
doubtful, and the rest is published with the next huiyin publish. Of a sample this
confirms what is published. Nothing can be unmasked.

What the gate could not look at cannot be accepted: mend the export or the mapping.`)
}

func newGateReject(a *app) *cobra.Command {
	return newDecision(a, false, "reject", "Do not publish the texts of entries of the queue", `Reject entries of gate list: of a case the row alone is published, and one that
accuses an official (silent) is counted and nothing else. A sample that is published
leaves the site at once.`)
}

func newDecision(a *app, accept bool, verb, short, long string) *cobra.Command {
	var by, reason string
	c := &cobra.Command{
		Use:   verb + " ID... --by NAME --reason TEXT",
		Short: short,
		Long: longHelp(long+`

The decision enters the review records under the name that is stated; nobody proves
it. It counts for the content that was looked at: if a later export changes the case,
the gate judges it anew.`, fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged),
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name, why, err := intake.Stated(by, reason)
			if err != nil {
				return usage(err)
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.decide(c.Context(), args, intake.Decision{Accept: accept, By: name, Basis: why})
			if err != nil {
				return err
			}
			a.showDecided(r)
			if a.json {
				a.object(r)
			}
			if r.Search.failed() {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever decides; recorded as stated")
	c.Flags().StringVar(&reason, "reason", "", "why, in one line; recorded, so without personal data")
	return c
}

// decide notes a decision about entries of the queue, all or none where one cannot
// be decided so, and makes it effective.
func (in *installation) decide(ctx context.Context, ids []string, d intake.Decision) (r decideResult, err error) {
	r.By = d.By
	g, search, err := in.ruled(ctx)
	if err != nil {
		return r, err
	}
	var items []intake.HeldItem
	err = in.locked(func() error {
		for _, id := range ids {
			item, err := in.intake.Held(ctx, id)
			if err != nil {
				return err
			}
			if d.Accept && !gate.Acceptable(item.Reasons) {
				return fault.New("the entry "+id+" cannot be accepted: "+strings.Join(item.Reasons, " "), remedy(item.Reasons))
			}
			if !slices.ContainsFunc(items, func(h intake.HeldItem) bool { return h.ID == id }) {
				items = append(items, item)
			}
		}
		for _, item := range items {
			d.ID = item.ID
			if err := in.intake.Decide(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	o, err := in.ingest(ctx, g)
	if err != nil {
		return r, err
	}
	if _, err := ingest.Settle(ctx, o, "decision"); err != nil {
		return r, err
	}
	if r.Search, err = in.settle(ctx); err != nil {
		return r, err
	}
	if r.Search == nil {
		r.Search = search
	}
	for _, item := range items {
		state, number, err := in.intake.Became(ctx, item)
		if err != nil {
			return r, err
		}
		r.Entries = append(r.Entries, decided{ID: item.ID, Number: number, Now: stateWord(state)})
	}
	return r, nil
}

// stateWord says where a record is.
func stateWord(s intake.State) string {
	switch s {
	case intake.Held:
		return "held"
	case intake.Silent, intake.Waiting, intake.New:
		return "nowhere"
	case intake.Excluded, intake.Refused, intake.Gone:
		return "not published"
	}
	return "stored"
}

// remedy says what ends a hold that no person can accept.
func remedy(reasons []string) string {
	for _, reason := range reasons {
		switch reason {
		case "unknown-field":
			return "map the column, or leave it out of the export; reject publishes the row alone"
		case "bad-utf8", "text-too-long", "budget-spent", "nested-encoding":
			return "correct the text in the export; reject publishes the row alone"
		case "internal-error", "missing-list", "not-clean":
			return "report it with the codes above and update the program; reject publishes the row alone"
		}
	}
	return "correct the row in the export; reject publishes the row alone"
}

// showDecided writes what became of the entries for a person.
func (a *app) showDecided(r decideResult) {
	defer a.showSearch(r.Search)
	for _, e := range r.Entries {
		a.say("%s  %s  %s", e.ID, cmp.Or(e.Number, "-"), e.Now)
	}
	a.say("recorded as decided by %q: the name is as stated, not proved", r.By)
	a.say("huiyin publish shows it")
}
