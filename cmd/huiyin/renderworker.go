package main

import (
	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/site"
)

// newRenderWorker returns the hidden command that publish starts as a child: a
// process that may crash on a page without harm to the run.
func newRenderWorker(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    "render-worker",
		Short:  "Render partitions for publish (started by publish itself)",
		Hidden: true,
		RunE:   func(*cobra.Command, []string) error { return site.ServeWorker(a.in, a.out) },
	}
}
