package main

import (
	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
)

func newIndexRebuild(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the index anew from the current release",
		Long: longHelp(`Make the index anew beside the one that is there, and then put it in its place:
searches find the old one or the new one, never half of one. The disk needs room
for both. Cases that are withdrawn meanwhile are not in it.`,
			fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing, fault.ExitInterrupted),
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
			if _, err := in.settle(c.Context()); err != nil {
				return err
			}
			r, err := x.Rebuild(c.Context())
			if err != nil {
				return err
			}
			a.say("the index shows release %d, %s", r.Release, plural(r.Docs, "document"))
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
}
