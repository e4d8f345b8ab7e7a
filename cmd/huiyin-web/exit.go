package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
)

// exitStatus ends the help.
const exitStatus = `EXIT STATUS
    0  stopped in order
    1  failed
    2  the command line is wrong
    5  the folder of releases cannot be used
`

// usage marks err as a mistake in the command line.
func usage(err error) error {
	return fault.Coded(fault.ExitUsage, err.Error(), "huiyin-web --help shows how it is used", err)
}

// noArgs refuses arguments.
func noArgs(c *cobra.Command, args []string) error {
	if err := cobra.NoArgs(c, args); err != nil {
		return usage(err)
	}
	return nil
}

// failure is the JSON object of a run that failed.
type failure struct {
	Error    string `json:"error"`
	Hint     string `json:"hint"`
	ExitCode int    `json:"exit_code"`
}

// run runs one command line and returns the exit code of the program.
func run(ctx context.Context, args []string, hup <-chan os.Signal, out, log io.Writer) int {
	var o options
	c := newWeb(&o, hup, log)
	c.SetArgs(args)
	c.SetOut(out)
	c.SetErr(log)
	err := c.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	msg, hint, code := fault.Public(err)
	fmt.Fprintf(log, "huiyin-web: %s\nhuiyin-web: hint: %s\nhuiyin-web: cause: %v\n", msg, hint, err)
	if o.json || slices.Contains(args, "--json") { // a mistake before the flag hides it from the parser
		b, err := json.Marshal(failure{Error: msg, Hint: hint, ExitCode: code})
		if err != nil {
			panic(err) // strings and a number
		}
		fmt.Fprintf(out, "%s\n", b)
	}
	return code
}
