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
	Open    []string      `json:"open,omitempty"` // what could not be brought level: the export folder, the place of backups
}

func newRollback(a *app) *cobra.Command {
	var by, reason string
	c := &cobra.Command{
		Use:   "rollback RELEASE",
		Short: "Switch back to an earlier release",
		Long: longHelp(`Show an earlier release again, at once and whole. What has been withdrawn since
stays withdrawn. The next publish makes a new release as usual. Where the
configuration names an export folder, it is brought back as well, and so is the
index that the cases are searched in. Where one of them cannot be, the release is
shown all the same, and the command ends with 3.

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
			if err := in.act("rollback", by, reason).Check(); err != nil {
				return usage(err)
			}
			_, open, err := in.settleBeside(c.Context())
			if err != nil {
				return err
			}
			from, err := in.rollback(c.Context(), n, by, reason)
			if err != nil {
				return err
			}
			search, err := in.level(c.Context(), (*generator.Indexer).Sync)
			if err != nil {
				return err
			}
			_, more, err := in.exportShown(c.Context(), false)
			if err != nil {
				return err
			}
			open = append(open, more...)
			a.say("release %d is shown again (it was %d)", n, from)
			a.showSearch(search)
			if a.json {
				a.object(rollbackResult{Release: n, From: from, Search: search, Open: open})
			}
			if search.failed() || len(open) > 0 {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().StringVar(&by, "by", "", "the `NAME` of whoever rolls back; recorded as stated, in place of the account")
	c.Flags().StringVar(&reason, "reason", "", "why, in one line; recorded, so without personal data")
	return c
}

// rollback shows another release that is kept, and returns which one was shown before.
// While it waits for huiyin run that one may change: the act is written when it cannot any
// more.
func (in *installation) rollback(ctx context.Context, to int, by, reason string) (from int, err error) {
	from = to
	err = in.whenFree(ctx, func() error {
		return in.releases.Rollback(ctx, to, func(shown int) error {
			from = shown
			return in.auditRollback(ctx, from, to, by, reason)
		})
	})
	return from, err
}

// auditRollback keeps the act of showing another release that is kept, with the hashes of
// what both were made from.
func (in *installation) auditRollback(ctx context.Context, from, to int, by, reason string) error {
	kept, err := in.releases.Releases()
	if err != nil {
		return err
	}
	act := in.act("rollback", by, reason)
	act.Target = fmt.Sprintf("from release %d to release %d", from, to)
	for _, r := range kept {
		switch r.Release {
		case from:
			act.Before = r.Inputs
		case to:
			act.After = r.Inputs
		}
	}
	return in.audited(ctx, act)
}
