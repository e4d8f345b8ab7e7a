package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator"
	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/intake"
	"github.com/huiyin/huiyin/generator/record"
)

// statusResult is the state of an installation.
type statusResult struct {
	Cutoff    record.Day `json:"cutoff"`
	Release   int        `json:"release"`
	Releases  []int      `json:"releases"` // kept for rollback, oldest first
	Cases     int64      `json:"cases"`
	Stubs     int64      `json:"stubs"`
	Withdrawn int64      `json:"withdrawn"`
	UpToDate  bool       `json:"up_to_date"`

	// The release is shown, and how many cases it has is not kept yet.
	Completing bool `json:"completing,omitempty"`

	Search indexState `json:"search"`

	Feeds      []feedStatus           `json:"feeds,omitempty"`
	Schedule   *overview              `json:"schedule,omitempty"`    // nil: huiyin run has never been there
	NoHolidays []generator.NoHolidays `json:"no_holidays,omitempty"` // years without a holiday notice that due days depend on

	Intake     intake.Counts        `json:"intake"`
	Queue      queueCounts          `json:"queue"` // of intake.held
	HeldFor    []reasonCount        `json:"held_for,omitempty"`
	FilesOut   []leftOut            `json:"files_out,omitempty"`
	Quarantine []intake.Quarantined `json:"quarantine,omitempty"`

	Uncorrected []record.CaseNumber `json:"uncorrected,omitempty"` // whose corrections are lost
}

// leftOut is a case that is published without files that no person can accept.
type leftOut struct {
	Number string      `json:"number"`
	Since  string      `json:"since"` // as-of day of the batch that brought it
	Why    []explained `json:"why"`
}

// reasonCount is how many held cases have a reason; a case may have several.
type reasonCount struct {
	Reason string `json:"reason"`
	Cases  int    `json:"cases"`
}

func newStatus(a *app) *cobra.Command {
	var rows int
	c := &cobra.Command{
		Use:   "status",
		Short: "Say what is published, held and quarantined",
		Long: longHelp(`Say what is published, what waits for a person, and which rows could not be
read and which files of cases not be published, and why; how many cases have no due day
for want of the holiday notice of which year; of which cases a correction is lost; how each
feed stands; and what huiyin run does next, what it did last, and what became of requests.`, fault.ExitConfig, fault.ExitDamaged),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := in.status(c.Context())
			if err != nil {
				return err
			}
			a.showStatus(r, rows)
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
	c.Flags().IntVar(&rows, "rows", 20, "quarantined rows, and cases without files of theirs, to list, at most")
	return c
}

func (in *installation) status(ctx context.Context) (r statusResult, err error) {
	if _, err = in.openIntake(); err != nil {
		return r, err
	}
	gen, err := in.generator(generator.Canary{}, nil)
	if err != nil {
		return r, err
	}
	published, err := gen.Status(ctx)
	if err != nil {
		return r, err
	}
	r = statusResult{
		Cutoff: published.Cutoff, Release: published.Release, Releases: published.Releases, UpToDate: published.UpToDate,
		Cases: published.Cases, Stubs: published.Stubs, Withdrawn: published.Withdrawn,
		Completing: published.Completing,
	}
	if r.NoHolidays, err = gen.NoHolidays(ctx, false); err != nil {
		return r, err
	}
	if r.Search, err = in.indexStatus(ctx); err != nil {
		return r, err
	}
	if r.Intake, err = in.intake.Counts(ctx); err != nil {
		return r, err
	}
	queue, _, err := in.waiting(ctx)
	if err != nil {
		return r, err
	}
	waits := queued(queue)
	r.HeldFor, r.Queue = byReason(queue), waits.queueCounts
	r.Intake.Held, r.Intake.OldestSince = len(queue), waits.Oldest // the intake knows of no withdrawal
	if r.FilesOut, err = in.filesOut(ctx); err != nil {
		return r, err
	}
	if r.Quarantine, err = in.intake.Quarantine(ctx); err != nil {
		return r, err
	}
	if r.Feeds, err = in.feeds(); err != nil {
		return r, err
	}
	if r.Uncorrected, err = in.store.Uncorrected(ctx); err != nil {
		return r, err
	}
	r.Schedule, err = in.scheduled(ctx)
	return r, err
}

// filesOut returns the cases that are published without files that no person can
// accept, oldest first.
func (in *installation) filesOut(ctx context.Context) (all []leftOut, err error) {
	cases, err := in.intake.Reasoned(ctx, "attachment-")
	for _, c := range cases {
		if codes := gate.FilesLeftOut(c.Reasons); len(codes) > 0 {
			all = append(all, leftOut{Number: c.Number, Since: c.Since, Why: explain(codes)})
		}
	}
	return all, err
}

// byReason counts held items by reason, the most frequent first.
func byReason(queue []intake.HeldItem) []reasonCount {
	n := map[string]int{}
	for _, item := range queue {
		for _, why := range item.Reasons {
			n[why]++
		}
	}
	var all []reasonCount
	for why, cases := range n {
		all = append(all, reasonCount{why, cases})
	}
	slices.SortFunc(all, func(a, b reasonCount) int {
		return cmp.Or(b.Cases-a.Cases, strings.Compare(a.Reason, b.Reason))
	})
	return all
}

// showStatus writes the status for a person, with at most the given number of
// quarantined rows.
func (a *app) showStatus(r statusResult, rows int) {
	if r.Release == 0 {
		a.say("nothing is published yet")
	} else {
		a.say("release %d, everything up to %s", r.Release, r.Cutoff)
		if r.Completing {
			a.say("cases: not counted yet; the publish that is ending does so, or else the next one")
		} else {
			a.say("cases: %d in full, %d as a row alone, %d withdrawn", r.Cases, r.Stubs, r.Withdrawn)
		}
		a.showIndex(r.Search)
	}
	if !r.UpToDate {
		a.say("there is something new to publish: huiyin publish")
	}
	a.showNoHolidays(r.NoHolidays)
	if len(r.Releases) > 1 {
		a.say("releases kept: %s", joinInts(r.Releases))
	}
	if r.Intake.Held == 0 {
		a.say("nothing waits for a person")
	} else {
		a.say("waiting for a person: %s (huiyin gate list)", r.Queue)
	}
	for _, h := range r.HeldFor {
		a.say("  %-28s %d  %s", h.Reason, h.Cases, inChinese([]string{h.Reason}))
	}
	a.showFilesOut(r.FilesOut, rows)
	a.showUncorrected(r.Uncorrected)
	if r.Intake.Waiting > 0 {
		a.say("waiting for their other file: %d", r.Intake.Waiting)
	}
	if r.Intake.Pending > 0 {
		a.say("received and not stored yet: %d; run huiyin pull again", r.Intake.Pending)
	}
	a.say("refused whole: %s; quarantined: %s; set aside: %s", plural(r.Intake.Files, "file"), plural(r.Intake.Rows, "row"), plural(r.Intake.Values, "value"))
	for i, q := range r.Quarantine {
		if i == rows {
			a.say("  ... and %d more (--rows)", len(r.Quarantine)-rows)
			break
		}
		a.say("  %s\n      %s", said(place(q), q.Reason), q.Hint)
	}
	a.showFeeds(r.Feeds)
	a.showSchedule(r.Schedule)
}

// showFilesOut names at most the given number of cases that are published without
// files that no person can accept.
func (a *app) showFilesOut(all []leftOut, rows int) {
	if len(all) == 0 {
		return
	}
	a.say("published without files that must be changed and delivered again: %s", plural(len(all), "case"))
	var codes []explained
	for i, c := range all {
		var words []string
		for _, e := range c.Why {
			words = append(words, e.Code)
			if !slices.Contains(codes, e) {
				codes = append(codes, e)
			}
		}
		switch {
		case i < rows:
			a.say("  %s  %s  %s", c.Number, c.Since, strings.Join(words, " "))
		case i == rows:
			a.say("  ... and %d more (--rows)", len(all)-rows)
		}
	}
	a.sayExplained("  ", codes)
}

// place writes where a quarantined row stands: file, sheet, row, column.
func place(q intake.Quarantined) string {
	var b strings.Builder
	b.WriteString(q.File)
	if q.Sheet != "" {
		b.WriteString(", sheet " + q.Sheet)
	}
	if q.Row > 0 {
		b.WriteString(", row " + joinInts([]int{q.Row}))
	}
	if q.Column != "" {
		b.WriteString(", column " + q.Column)
	}
	return b.String()
}
