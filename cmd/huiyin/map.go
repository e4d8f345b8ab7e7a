package main

import (
	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/source/drop"
)

func newMap(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "map FILE",
		Short: "Look at an export and propose how to map it",
		Long: longHelp(`Read FILE, say what it is, show three of its rows, and propose a mapping to paste
into the configuration. Lines marked with ? want a decision. Nothing is stored.

The rows are shown as they were received: use this command where nobody else reads
the screen.`),
		Annotations: map[string]string{wants: "name one export, such as a .csv or .xlsx"},
		Args:        cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := drop.Look(args[0])
			if err != nil {
				return err
			}
			if a.json {
				a.object(r)
				return nil
			}
			_, err = r.WriteTo(a.out)
			return err
		},
	}
}
