package main

import (
	"github.com/spf13/cobra"

	"github.com/huiyin/huiyin/generator/fault"
)

type optimiseResult struct {
	Optimised bool  `json:"optimised"` // false: the engine has nothing of the kind
	Before    int64 `json:"bytes_before"`
	After     int64 `json:"bytes_after"` // both zero where the engine does not say
}

func newIndexOptimise(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "optimise",
		Short: "Free the index of what deleted cases have left in its files",
		Long: longHelp(`Bring the index into its best form: without what withdrawn and changed cases have
left in its files, smaller and faster. Searches go on meanwhile. A withdrawn case
cannot be found from the moment of its withdrawal; this takes its words out of the
bytes on the disk as well. Run it every night.`,
			fault.ExitBusy, fault.ExitConfig, fault.ExitDamaged, fault.ExitNoSpace, fault.ExitNothing, fault.ExitInterrupted),
		RunE: func(c *cobra.Command, _ []string) error {
			in, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			x, err := in.needIndexer()
			if err != nil {
				return err
			}
			if n, err := in.releases.CurrentNumber(); err != nil {
				return err
			} else if n == 0 {
				return fault.Coded(fault.ExitNothing, "there is nothing published yet", "run huiyin publish first", nil)
			}
			before, err := x.Status(c.Context())
			if err != nil {
				return err
			}
			var r optimiseResult
			if r.Optimised, err = x.Optimise(c.Context()); err != nil {
				return err
			}
			after, err := x.Status(c.Context())
			if err != nil {
				return err
			}
			r.Before, r.After = before.Bytes, after.Bytes
			switch {
			case !r.Optimised:
				a.say("the index needs nothing of the kind")
			case r.After == 0:
				a.say("the index is in its best form")
			default:
				a.say("the index is in its best form: %.1f MiB, was %.1f", mebibytes(r.After), mebibytes(r.Before))
			}
			if a.json {
				a.object(r)
			}
			return nil
		},
	}
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }
