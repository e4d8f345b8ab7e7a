package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/ingest"
	"github.com/huiyin/huiyin/generator/record"
)

func newPull(a *app) *cobra.Command {
	var asOf string
	var forJob bool
	c := &cobra.Command{
		Use:   "pull",
		Short: "Take new exports into the store",
		Long: longHelp(`Fetch what the feeds of the configuration have that is new, read every export in the
inbox that was not read before, seal it, let it through the gate and store what may be
published. Bytes seen before change nothing, and an interrupted pull goes on where it
stopped. A feed that fails keeps nothing else waiting: the command ends with 3.

A row that cannot be read goes to quarantine and is listed by huiyin status; a file
that is damaged as a whole is refused whole. What the gate holds waits in the queue
of huiyin gate list. Where the rules of the gate are not those that the cases were let
through under, nothing is read: see huiyin gate regate. What has let something pass and
does so no longer, a line of the register of units or an entry of the allow-list, is
told once. At the end review records older than three years are erased, and the sealed
originals of cases that have been at rest for intake.keep_days.

A case that is withdrawn is gone from the site, from search and from the export
folder when the command ends. Where the index cannot be reached, searches leave the
case out all the same, and the next run deletes it there.`, fault.ExitPartial, fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			day, err := record.ParseDay(asOf)
			if err != nil {
				return usage(err)
			}
			if day > record.DayOf(a.now())+1 {
				return usage(errors.New("the as-of day " + asOf + " lies in the future"))
			}
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			sum, err := in.pull(c.Context(), day, forJob)
			if err != nil {
				return err
			}
			a.showPull(sum)
			if a.json {
				a.object(sum)
			}
			if sum.BatchesRefused > 0 || feedsFailed(sum.Feeds) || sum.Search.failed() && sum.Search.due || len(sum.Open) > 0 {
				return errPartial
			}
			return nil
		},
	}
	c.Flags().StringVar(&asOf, "as-of", "", "as-of `DAY` of exports that do not state one, as 2006-01-02; else the day of receipt")
	c.Flags().BoolVar(&forJob, forJobFlag, false, "give way to publications that were asked for")
	c.Flags().Lookup(forJobFlag).Hidden = true
	return c
}

// forJobFlag marks the pull of huiyin run.
const forJobFlag = "for-job"

// pullResult is what a pull did, and the files that it had no use for.
type pullResult struct {
	ingest.Summary
	Feeds   []fetched     `json:"feeds,omitempty"`
	Ignored []string      `json:"ignored,omitempty"`
	Ended   *ended        `json:"ended,omitempty"`          // what let something pass, told once
	NoUnits []noUnit      `json:"no_units,omitempty"`       // that the rules name and no register has
	Pruned  int           `json:"pruned,omitempty"`         // cases whose sealed original was erased
	Records int64         `json:"records_erased,omitempty"` // review records that were erased
	Search  *searchResult `json:"search,omitempty"`
	Open    []string      `json:"open,omitempty"` // what could not be brought level: the export folder, the place of backups
}

// pull takes what the sources hold, and makes withdrawals among it effective. It
// finishes what a decision or a change of the rules that was killed has left. forJob is set for
// huiyin run, where fetching gives way to publications that were asked for.
func (in *installation) pull(ctx context.Context, asOf record.Day, forJob bool) (r pullResult, err error) {
	g, search, err := in.ruled(ctx)
	if err != nil {
		return r, err
	}
	if err := in.intake.Adopt(ctx, g.RulesHash()); err != nil {
		return r, err
	}
	if err := in.finishStated(ctx); err != nil {
		return r, err
	}
	from, err := in.drop()
	if err != nil {
		return r, err
	}
	if err := in.order(ctx, from.Streams()); err != nil {
		return r, err
	}
	if r.Feeds, err = in.fetch(ctx, forJob); err != nil {
		return r, err
	}
	r.Summary, err = ingest.Run(ctx, ingest.Options{
		Source: from, Intake: in.intake, Gate: g, Store: in.store, AsOf: asOf, Now: in.a.now,
		Progress: func(p ingest.Progress) { in.progress.step(p.Step+" "+p.Batch+": rows", p.Rows, 0) },
	})
	if err == nil {
		// Every batch takes along what is pending; this is for a run that had none.
		err = in.throughGate(ctx, g, "decision")
	}
	// A withdrawal of an earlier batch does not wait until the one that failed is mended.
	var settleErr error
	if r.Search, r.Open, settleErr = in.settleBeside(ctx); r.Search == nil {
		r.Search = search
	}
	if err = errors.Join(err, settleErr); err != nil {
		return r, err
	}
	if err := in.prune(ctx, &r); err != nil {
		return r, err
	}
	if r.Ended, err = in.news(ctx); err != nil {
		return r, err
	}
	if r.NoUnits, err = in.noUnits(ctx); err != nil {
		return r, err
	}
	r.Ignored, err = from.Ignored(ctx)
	return r, err
}

// order tells the intake of the order of the streams, where the mapping has changed it, while
// nobody else takes anything into the store.
func (in *installation) order(ctx context.Context, streams []string) error {
	same, err := in.intake.Ordered(ctx, streams)
	if err != nil || same {
		return err
	}
	return in.locked(func() error { return in.intake.Order(ctx, streams) })
}

// prune erases what has been kept long enough.
func (in *installation) prune(ctx context.Context, r *pullResult) (err error) {
	if r.Records, err = in.intake.PruneRecords(ctx, in.a.now()); err != nil || in.c.Intake.KeepDays == 0 {
		return err
	}
	r.Pruned, err = in.intake.Prune(ctx, in.a.now(), in.c.Intake.KeepDays)
	return err
}

// throughGate lets what waits in the intake through the gate, in a batch that
// is named by why; see [ingest.Settle].
func (in *installation) throughGate(ctx context.Context, g *gate.Gate, why string) error {
	o, err := in.ingest(ctx, g)
	if err == nil {
		_, err = ingest.Settle(ctx, o, why)
	}
	return err
}

// showPull writes the summary of a pull for a person.
func (a *app) showPull(s pullResult) {
	defer a.showSearch(s.Search)
	a.showFetched(s.Feeds)
	a.say("files: %d new, %d seen before, %d refused whole", s.Batches-s.BatchesSeen-s.BatchesRefused, s.BatchesSeen, s.BatchesRefused)
	a.say("cases: %d new, %d updated, %d corrected, %d withdrawn, %d unchanged", s.New, s.Updated, s.Corrected, s.Withdrawn, s.Unchanged)
	if s.Excluded > 0 {
		a.say("accusing an official (检举控告): %d; counted, and nothing else", s.Excluded)
	}
	if s.Held+s.Sample+s.FilesWait > 0 {
		a.say("for a person: %d held, %d silent, %d to look at (sample), %s (huiyin gate list)",
			s.Held-s.Silent, s.Silent, s.Sample, plural(s.FilesWait, "file"))
	}
	if s.FilesOut > 0 {
		a.say("left out: %s that must be changed and delivered again (huiyin status says which and why)", plural(s.FilesOut, "file"))
	}
	if s.Waiting > 0 {
		a.say("waiting for their other file: %d", s.Waiting)
	}
	if s.Quarantined+s.SetAside > 0 {
		a.say("quarantined rows: %d; values set aside: %d (huiyin status lists them)", s.Quarantined, s.SetAside)
	}
	if s.Pruned > 0 || s.Records > 0 {
		a.say("kept long enough and erased: the originals of %s, and %s", plural(s.Pruned, "case"), plural(int(s.Records), "review record"))
	}
	a.showNoUnits(s.NoUnits)
	if s.Ended != nil {
		a.showEnded(s.Ended)
		a.say("huiyin gate regate lists the cases that this is about")
	}
	for _, b := range s.PerBatch {
		if b.Refused != nil {
			a.say("refused whole: %s\n  %s", said(b.Name, b.Refused.Msg), b.Refused.Hint)
		}
	}
	for i, name := range s.Ignored {
		if i == 20 {
			a.say("... and %s", plural(len(s.Ignored)-i, "more file"))
			break
		}
		a.say("not read: %s: no input of the mapping has a pattern (glob) for this name", name)
	}
}
