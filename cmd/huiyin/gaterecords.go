package main

import (
	"encoding/csv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/record"
)

func newGateRecords(a *app) *cobra.Command {
	var since string
	c := &cobra.Command{
		Use:   "records",
		Short: "Write the review records as CSV",
		Long: longHelp(`Write the review records (公开审查记录) as CSV, or with --json one object a line: for
each record of the office who or which rule decided, when, what, on what basis, and
under which rules, with keyed hashes of what was received and of what came out. No
text of a case is in them. by is the name as stated, and empty where the rules decided.

A record is made whenever the decision, the rules or the content of a case changes, and
one for each change of the rules as a whole, which has no id. They are the second
document of an office's file, beside what was published, and are kept for three years;
huiyin pull erases older ones.`, fault.ExitConfig, fault.ExitDamaged),
		RunE: func(c *cobra.Command, _ []string) error {
			var from time.Time
			if since != "" {
				day, err := record.ParseDay(since)
				if err != nil || !day.Known() {
					return usage(fault.New("--since wants a day such as 2026-07-01", ""))
				}
				if from, err = time.ParseInLocation(time.DateOnly, day.String(), time.FixedZone("UTC+8", 8*60*60)); err != nil {
					return usage(err)
				}
			}
			return a.writeRecords(c, from)
		},
	}
	c.Flags().StringVar(&since, "since", "", "leave out what was recorded before the `DAY`, as 2006-01-02 in UTC+8")
	return c
}

// writeRecords writes the review records from a moment on.
func (a *app) writeRecords(c *cobra.Command, from time.Time) error {
	in, err := a.open(c.Context())
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := in.openIntake(); err != nil {
		return err
	}
	w := csv.NewWriter(a.out)
	if !a.json {
		_ = w.Write([]string{"time", "as_of", "id", "number", "by", "decision", "reasons", "basis", "policy", "before", "after"})
	}
	n := 0
	for r, err := range in.intake.Records(c.Context(), from) {
		if err != nil {
			return err
		}
		n++
		if a.json {
			a.object(r)
			continue
		}
		if err := w.Write([]string{
			r.Time.Format(time.RFC3339), r.AsOf, r.ID, r.Number, cell(r.By), r.Decision,
			strings.Join(r.Reasons, " "), cell(r.Basis), r.Policy, r.Before, r.After,
		}); err != nil {
			return err
		}
	}
	w.Flush()
	if a.json {
		a.object(map[string]int{"records": n})
	}
	return w.Error()
}

// cell returns a text that somebody typed so that no table takes it for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
