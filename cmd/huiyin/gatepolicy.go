package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/gate"
)

func newGatePolicy(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "policy",
		Short: "Write the rules of the gate that hold where none are configured",
		Long: longHelp(`Write the rules of the gate that hold where the configuration names none, with an
explanation of every key: a file to begin with. Name it in gate.policy.`),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.out, gate.DefaultPolicyYAML())
			return err
		},
	}
}
