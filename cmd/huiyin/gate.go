package main

import "github.com/spf13/cobra"

// newGate returns the command of the gate, whose subcommands do the work.
func newGate(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "gate",
		Short: "See what the gate finds, and decide about what it holds",
		Long: longHelp(`The gate is the only way from an export to the public record. It masks what is
personal, and holds what it is not sure of for a person: list, show, accept and
reject are the work on that queue, and records what was decided. Its rules are printed
by policy; after a change regate shows what that changes and applies it. suggest finds
public lines that the gate masks for want of an entry in the allow-list.`),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		newGateCheck(a), newGateList(a), newGateShow(a), newGateAccept(a), newGateReject(a), newGateRecords(a),
		newGatePolicy(a), newGateRegate(a), newGateSuggest(a),
	)
	for _, sub := range c.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return c
}
