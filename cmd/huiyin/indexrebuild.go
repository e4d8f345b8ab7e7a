package main

import (
	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
)

// rebuildResult is what became of the index.
type rebuildResult struct {
	generator.IndexReport
	Open []string `json:"open,omitempty"` // what could not be brought level: the export folder, the place of backups
}

func newIndexRebuild(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the index anew from the current release",
		Long: longHelp(`Make the index anew beside the one that is there, and then put it in its place:
searches find the old one or the new one, never half of one. The disk needs room
for both. Cases that are withdrawn meanwhile are not in it.`,
			fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			x, err := in.needIndexer()
			if err != nil {
				return err
			}
			_, open, err := in.settleBeside(c.Context())
			if err != nil {
				return err
			}
			r, err := x.Rebuild(c.Context())
			if err != nil {
				return err
			}
			a.say("the index shows release %d, %s", r.Release, plural(r.Docs, "document"))
			if a.json {
				a.object(rebuildResult{r, open})
			}
			if len(open) > 0 {
				return errPartial
			}
			return nil
		},
	}
}
