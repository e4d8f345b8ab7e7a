package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/cmd/internal/config"
	"github.com/huiyin/huiyin/generator/fault"
)

func newConfig(a *app) *cobra.Command {
	var doc bool
	c := &cobra.Command{
		Use:   "config",
		Short: "Print the configuration in force, or its documentation",
		Long: longHelp(`Check the configuration and print every setting in force, defaults included, as a
configuration that can be read again; with --json, as one JSON object. With --doc,
print every setting with its meaning, unit and default, as a commented file.`, fault.ExitConfig),
		RunE: func(*cobra.Command, []string) error {
			if doc {
				_, err := fmt.Fprint(a.out, config.Documentation())
				return err
			}
			cfg, err := a.load()
			if err != nil {
				return err
			}
			if a.json {
				a.object(cfg)
				return nil
			}
			b, err := cfg.YAML()
			if err != nil {
				return err
			}
			_, err = a.out.Write(b)
			return err
		},
	}
	c.Flags().BoolVar(&doc, "doc", false, "print the documentation of every setting")
	return c
}
