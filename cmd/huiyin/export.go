package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/release"
	"github.com/huiyin/huiyin/site/serve"
)

// exportResult is what an export did.
type exportResult struct {
	release.ExportReport
	Open []string `json:"open,omitempty"` // what else could not be brought level: the export folder of the configuration, the place of backups
}

func newExport(a *app) *cobra.Command {
	var searched, anew bool
	c := &cobra.Command{
		Use:   "export DIR",
		Short: "Write the current site as plain files",
		Long: longHelp(`Bring DIR level with the current release: plain files for any web server or CDN.
Only what changed is written, and what is gone is removed. Files that Huiyin did
not write are left alone; a folder that holds only such files is refused. So is one that
was exported to before and is missing or empty now, as where a disk is not mounted; say
--new-export where it is to begin anew.

With --search the files can be searched on any web server, without a program
there: an index in search/static and a script that reads the few files of it that
a query needs. It holds up to 100,000 cases published in full; a larger site is
written all the same, without it, and the command ends with 3. An export without
--search removes it. export.search in the configuration is what --search is by
default, and what publish does with export.dir.`, fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing, fault.ExitInterrupted),
		Annotations: map[string]string{wants: "name a folder that is not there yet, or one that an export made"},
		Args:        cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			_, open, err := in.settleBeside(c.Context())
			if err != nil {
				return err
			}
			if c.Flags().Changed("search") {
				in.c.Export.Search = searched
			}
			r, err := in.export(c.Context(), args[0], anew)
			if err != nil {
				return err
			}
			a.say("release %d: %s written, %d removed, %d unchanged", r.Release, plural(int(r.Written), "file"), r.Removed, r.Unchanged)
			if a.json {
				a.object(exportResult{r, open})
			}
			if len(open) > 0 {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().BoolVar(&anew, "new-export", false, "DIR begins anew, though it was exported to before")
	c.Flags().BoolVar(&searched, "search", false, "let the files be searched without a program on the server")
	return c
}

// export brings dir level with the current release. anew lets it begin anew where it was
// exported to before and is missing or empty.
func (in *installation) export(ctx context.Context, dir string, anew bool) (release.ExportReport, error) {
	extra, err := staticExtra(in.c)
	if err != nil {
		return release.ExportReport{}, err
	}
	tombstone, err := in.tombstonePage()
	if err != nil {
		return release.ExportReport{}, err
	}
	return in.releases.Export(ctx, dir, release.ExportOptions{
		New:           anew,
		Extra:         extra,
		TombstonePage: tombstone,
		Workers:       in.c.Render.Workers,
		Progress:      func(done, total int) { in.progress.step("exporting: files", done, total) },
	})
}

// tombstonePage returns what makes the page of a withdrawn case until the next publish
// renders its own: the one that the server of the site shows. It is nil where the
// release has no such page.
func (in *installation) tombstonePage() (func(release.Gone) []byte, error) {
	view, _, err := in.releases.Refresh()
	if errors.Is(err, release.ErrNoRelease) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer view.Close()
	entry, state := view.Lookup(serve.TombstonePath)
	if state != release.Found {
		return nil, nil
	}
	page, err := view.Plain(entry)
	if err != nil {
		return nil, err
	}
	return func(g release.Gone) []byte { return serve.Tombstone(page, g) }, nil
}
