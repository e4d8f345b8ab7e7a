package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// mergeResult is what a merge did.
type mergeResult struct {
	By     string            `json:"by"` // as stated, not proved
	Reason record.Reason     `json:"reason"`
	Into   record.CaseNumber `json:"into,omitempty"`
	Undo   bool              `json:"undo,omitempty"`
	Cases  []statedCase      `json:"cases"`
	effect
}

func newMerge(a *app) *cobra.Command {
	var into, reason, by, note string
	var undo bool
	c := &cobra.Command{
		Use:   "merge NUMBER... --into NUMBER [--reason REASON] --by NAME, or merge NUMBER... --undo --reason REASON --by NAME",
		Short: "Say that cases were merged into another",
		Long: longHelp(`Say that cases were merged into another, which carries the reply (并单). The page of each
leads on to the page of the other, its row says into which it was merged, its text is
published no more and found in no search. It is counted as merged and is in no rate. This
stands before what the upstream says, until it is taken back with --undo.

The case that others are merged into must be there, must not be withdrawn, and must not be
merged into another itself. REASON is duplicate where nothing else is said, or wrong-unit
or error. Of a case that must not be public see huiyin withdraw.`,
			fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
		Example: `  huiyin merge 2611-004217 2611-004218 --into 2611-004001 --by 王
  huiyin merge 2611-004217 --undo --reason error --by 王`,
		Annotations: map[string]string{wants: "name one case or several by their public numbers, like 2611-004217"},
		Args:        cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			numbers, err := caseNumbers(args)
			if err != nil {
				return err
			}
			r := mergeResult{Undo: undo}
			if undo == (into != "") {
				return usage(fault.New("say into which case", "give --into NUMBER, or --undo"))
			}
			if !undo {
				to, err := caseNumbers([]string{into})
				if err != nil {
					return err
				}
				if r.Into = to[0]; reason == "" {
					reason = string(record.Duplicate)
				}
			}
			if r.Reason, err = officeReason(reason); err != nil {
				return err
			}
			if r.Reason.Hides() {
				return usage(fault.New("a merge hides nothing", "its reason is duplicate, wrong-unit or error; huiyin withdraw and huiyin correct take off what must not be public"))
			}
			if r.By, err = officeName(by); err != nil {
				return err
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if err := in.merge(c.Context(), numbers, &r, note); err != nil {
				return err
			}
			a.showMerged(r)
			if a.json {
				a.object(r)
			}
			if r.partly() {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().StringVar(&into, "into", "", "the `NUMBER` of the case that they were merged into")
	c.Flags().BoolVar(&undo, "undo", false, "take back that they were merged")
	c.Flags().StringVar(&reason, "reason", "", "why: `REASON` is duplicate, wrong-unit or error; duplicate with --into")
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever merges; recorded as stated")
	c.Flags().StringVar(&note, "note", "", "`TEXT` for the office alone; sealed, never published")
	return c
}

// merge states that cases were merged into another, or takes that back.
func (in *installation) merge(ctx context.Context, numbers []record.CaseNumber, r *mergeResult, note string) error {
	g, search, err := in.ruled(ctx)
	if err != nil {
		return err
	}
	s := in.said(record.ActMerge, r.Reason, r.By)
	if r.Undo {
		s.Act, s.Drop = string(record.ActUndoMerge), []string{source.FieldMergedInto}
	} else {
		if slices.Contains(numbers, r.Into) {
			return usage(fault.New("the case "+string(r.Into)+" cannot be merged into itself", "name another with --into"))
		}
		into, err := in.statable(ctx, r.Into)
		if err != nil {
			return err
		}
		s.Into, s.Set = string(r.Into), map[string]string{source.FieldMergedInto: into.ref.Key}
	}
	var all []statement
	for _, n := range numbers {
		all = append(all, statement{n, s})
	}
	r.Search = search
	r.Cases, err = in.state(ctx, g, all, note, &r.effect)
	return err
}

// mergeable refuses to merge the case n into another that was merged itself, or that is not
// the one into which n was merged already. It is asked under the lock, so that two people
// who merge two cases into each other do not both get their way.
func (in *installation) mergeable(ctx context.Context, n, into record.CaseNumber) error {
	to, err := in.mergedInto(ctx, into)
	switch {
	case err != nil:
		return err
	case to != "":
		return fault.New("the case "+string(into)+" was merged into "+string(to)+" itself", "name that one: --into "+string(to))
	}
	to, err = in.mergedInto(ctx, n)
	switch {
	case err != nil:
		return err
	case to != "" && to != into:
		return fault.New("the case "+string(n)+" was merged into "+string(to), "take that back first: huiyin merge "+string(n)+" --undo")
	}
	return nil
}

// mergedInto returns the case into which another was merged, and nothing where it was not.
// What the office has said a moment ago the intake knows, and perhaps not yet the store.
func (in *installation) mergedInto(ctx context.Context, n record.CaseNumber) (record.CaseNumber, error) {
	stated, err := in.standing(ctx, n)
	if err != nil {
		return "", err
	}
	for _, s := range stated {
		if s.Into != "" {
			return record.CaseNumber(s.Into), nil
		}
	}
	cases, err := in.store.CasesByNumber(ctx, []record.CaseNumber{n})
	if err != nil {
		return "", err
	}
	return cases[0].MergedInto, nil
}

func (a *app) showMerged(r mergeResult) {
	done := "merged into " + string(r.Into) + " (" + string(r.Reason) + ")"
	if r.Undo {
		done = "no longer merged by the office (" + string(r.Reason) + ")"
	}
	for _, c := range r.Cases {
		a.showStated(c, done)
	}
	a.showSearch(r.Search)
	a.sayNext(r.Asked, "")
}
