package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
)

type rollbackResult struct {
	Release int           `json:"release"`
	From    int           `json:"from"`
	Search  *searchResult `json:"search,omitempty"`
}

func newRollback(a *app) *cobra.Command {
	var by, reason string
	c := &cobra.Command{
		Use:   "rollback RELEASE",
		Short: "Switch back to an earlier release",
		Long: longHelp(`Show an earlier release again, at once and whole. What has been withdrawn since
stays withdrawn. The next publish makes a new release as usual. Where the
configuration names an export folder, it is brought back as well, and so is the
index that the cases are searched in.

huiyin status lists the releases that are kept. Who rolled back, and why, stands in the
audit, as stated.`, fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing, fault.ExitInterrupted),
		Annotations: map[string]string{wants: "name one of the releases that huiyin status lists as kept"},
		Args:        cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			n, err := strconv.Atoi(args[0])
			if err != nil || n < 1 {
				return usage(errors.New("RELEASE is the number of a release; huiyin status lists those that are kept"))
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			from, err := in.releases.CurrentNumber()
			if err != nil {
				return err
			}
			if _, err := in.settle(c.Context()); err != nil {
				return err
			}
			if err := in.auditRollback(c.Context(), from, n, by, reason); err != nil {
				return err
			}
			if err := in.whenFree(c.Context(), func() error { return in.releases.Rollback(c.Context(), n) }); err != nil {
				return err
			}
			search, err := in.level(c.Context(), (*generator.Indexer).Sync)
			if err != nil {
				return err
			}
			if in.c.Export.Dir != "" {
				if _, err := in.export(c.Context(), in.c.Path(in.c.Export.Dir)); err != nil {
					return err
				}
			}
			a.say("release %d is shown again (it was %d)", n, from)
			a.showSearch(search)
			if a.json {
				a.object(rollbackResult{Release: n, From: from, Search: search})
			}
			if search.failed() {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever rolls back; recorded as stated, in place of the account")
	c.Flags().StringVar(&reason, "reason", "", "why, in one line; recorded, so without personal data")
	return c
}

// auditRollback keeps the act of showing another release that is kept, with the hashes of
// what both were made from. To show the same again, or one that is not kept, is none.
func (in *installation) auditRollback(ctx context.Context, from, to int, by, reason string) error {
	kept, err := in.releases.Releases()
	if err != nil {
		return err
	}
	act := in.act("rollback", by, reason)
	act.Target = fmt.Sprintf("from release %d to release %d", from, to)
	there := false
	for _, r := range kept {
		if r.Release == from {
			act.Before = r.Inputs
		}
		if r.Release == to {
			act.After, there = r.Inputs, true
		}
	}
	if !there || from == to {
		return nil
	}
	return in.audited(ctx, act)
}
