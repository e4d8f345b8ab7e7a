package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/release"
)

func newExport(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "export DIR",
		Short: "Write the current site as plain files",
		Long: longHelp(`Bring DIR level with the current release: plain files for any web server or CDN.
Only what changed is written, and what is gone is removed. Files that Huiyin did
not write are left alone; a folder that holds only such files is refused.`, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing, fault.ExitInterrupted),
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if _, err := in.settle(c.Context()); err != nil {
				return err
			}
			r, err := in.export(c.Context(), args[0])
			if err != nil {
				return err
			}
			a.say("release %d: %d files written, %d removed, %d unchanged", r.Release, r.Written, r.Removed, r.Unchanged)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
}

// export brings dir level with the current release.
func (in *installation) export(ctx context.Context, dir string) (release.ExportReport, error) {
	return in.releases.Export(ctx, dir, release.ExportOptions{
		Workers:  in.c.Render.Workers,
		Progress: func(done, total int) { in.progress.step("exporting: files", done, total) },
	})
}
