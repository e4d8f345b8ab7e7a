package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/release"
)

// publishResult is what publish reports, with what it cost.
type publishResult struct {
	generator.Report
	Seconds float64               `json:"seconds"`
	PeakRSS int64                 `json:"peak_rss_bytes"` // of the largest process
	Export  *release.ExportReport `json:"export,omitempty"`
	Search  *searchResult         `json:"search,omitempty"`
	Open    []string              `json:"open,omitempty"`     // what could not be brought level: the export folder
	NoUnits []noUnit              `json:"no_units,omitempty"` // that the rules name and no register has

	NoHolidays []generator.NoHolidays `json:"no_holidays,omitempty"` // years without a holiday notice that due days depend on

	Example bool `json:"example_url,omitempty"` // site.base_url is the one that init wrote for want of another
}

func newPublish(a *app) *cobra.Command {
	var newExport bool
	c := &cobra.Command{
		Use:   "publish",
		Short: "Make a release of what the store holds",
		Long: longHelp(`Compute every figure, render the pages that changed, and switch the site to the
new release in one step. When nothing changed nothing is written. Where the
configuration names an export folder, it is brought up to date as well, and so is
the index that the cases are searched in. Where one of them cannot be, the release
stands all the same, the command ends with 3, and the next one makes up for it. Where the
export is missing from a folder that was exported to before, as where a disk is not
mounted, nothing is written there; say --new-export where the folder, missing or empty,
is to begin anew.

Before the switch everything that was made is looked through once more for personal
data. Where there is any the release is stopped, the command ends with 9 and names
the files, and the last release stands. The counts are published at
privacy/report.html.

Where cases have no due day for want of the holiday notice of a year, the year is named
with their number. The release stands, and the command ends as it would without.

A crash or a failure at any moment leaves the last release as it was.`,
			fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing, fault.ExitFound, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.publish(c.Context(), newExport)
			if err != nil {
				return err
			}
			a.showPublish(r)
			if a.json {
				a.object(r)
			}
			if r.Quarantined > 0 || r.Search.failed() || len(r.Open) > 0 {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().BoolVar(&newExport, "new-export", false, "the folder of export.dir begins anew, though it was exported to before")
	return c
}

// publish makes a release and brings the index and, where one is configured, the
// export up to date. newExport lets the folder of the export begin anew.
func (in *installation) publish(ctx context.Context, newExport bool) (publishResult, error) {
	start := in.a.watch()
	if err := in.finishRegate(ctx); err != nil {
		return publishResult{}, err
	}
	if err := in.finishStated(ctx); err != nil {
		return publishResult{}, err
	}
	if err := in.finishReinstated(ctx); err != nil {
		return publishResult{}, err
	}
	canary, err := in.canary()
	if err != nil {
		return publishResult{}, err
	}
	cases, err := in.store.Given(ctx)
	if err != nil {
		return publishResult{}, err
	}
	makeRoom(cases, caseMemory)
	gen, err := in.generator(canary, func() { makeRoom(cases, tableMemory) })
	if err != nil {
		return publishResult{}, err
	}
	var r publishResult
	if r.Report, err = gen.Publish(ctx); err != nil {
		return r, err
	}
	if r.Search, err = in.level(ctx, (*generator.Indexer).Sync); err != nil {
		return r, err
	}
	if r.Export, r.Open, err = in.exportShown(ctx, newExport); err != nil {
		return r, err
	}
	if r.NoUnits, err = in.noUnits(ctx); err != nil {
		return r, err
	}
	if r.NoHolidays, err = gen.NoHolidays(ctx, true); err != nil {
		return r, err
	}
	r.Example = in.c.Site.BaseURL == exampleURL
	r.Seconds = in.a.watch().Sub(start).Seconds()
	r.PeakRSS = peakRSS()
	return r, nil
}

// showPublish writes the summary of a publish for a person.
func (a *app) showPublish(r publishResult) {
	if r.Nothing {
		a.say("nothing new: release %d shows everything up to %s", r.Release, r.Cutoff)
	} else {
		a.say("release %d, everything up to %s: %s in full, %d as a row alone, %d withdrawn", r.Release, r.Cutoff, plural(int(r.Cases), "case"), r.Stubs, r.Withdrawn)
		a.say("%s; %s made, %d kept; %.1f s", plural(int(r.Pages), "file"), plural(int(r.Partitions.Rendered), "partition"), r.Partitions.Skipped, r.Seconds)
		a.say("looked through for personal data: %s, %s; nothing found", plural(int(r.Leaks.Files), "file"), plural(int(r.Leaks.Texts), "text"))
	}
	a.showNoUnits(r.NoUnits)
	a.showNoHolidays(r.NoHolidays)
	if r.Example {
		a.say("warning: site.base_url is still %s, an address that is nobody's; every page calls it permanent: set the true one before the site is shown", exampleURL)
	}
	for _, q := range r.SetAside {
		a.say("set aside: %s (%s)", q.Path, q.Code)
	}
	a.showSearch(r.Search)
}
