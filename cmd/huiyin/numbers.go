package main

import (
	"encoding/csv"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
)

type numberPair struct {
	Own    string `json:"own_number"`
	Public string `json:"public_number"`
}

func newNumbers(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "numbers",
		Short: "List the office's own numbers with the public ones",
		Long: longHelp(`Write a CSV of the office's own case numbers and the public numbers, so that a
receipt can carry the public number. The list is for the office alone: it is the
only link between the two, and is never published.`, fault.ExitConfig, fault.ExitDamaged),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if _, err := in.openIntake(); err != nil {
				return err
			}
			n := 0
			w := csv.NewWriter(a.out)
			if !a.json {
				_ = w.Write([]string{"own_number", "public_number"})
			}
			for p, err := range in.intake.Pairs(c.Context()) {
				if err != nil {
					return err
				}
				n++
				if a.json {
					a.object(numberPair{p.Own, p.Number})
				} else if err := w.Write([]string{p.Own, p.Number}); err != nil {
					return err
				}
			}
			w.Flush()
			if a.json {
				a.object(map[string]int{"pairs": n})
			}
			return w.Error()
		},
	}
}
