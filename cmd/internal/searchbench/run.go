package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"time"
)

type options struct {
	cases  int
	seed   uint64
	dir    string
	rounds int
	span   time.Duration
	record string // document to put the figures into
}

// run runs the benchmark, or the part of it that one of its own processes is
// started for.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("searchbench", flag.ContinueOnError)
	o := options{}
	flags.IntVar(&o.cases, "cases", 100_000, "made-up cases")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the cases and the questions")
	flags.StringVar(&o.dir, "dir", "", "folder of the index; one that is there and has as many cases is used; default: a temporary one, removed at the end")
	flags.IntVar(&o.rounds, "rounds", 200, "questions of each kind")
	flags.DurationVar(&o.span, "span", 5*time.Second, "how long several readers ask at once")
	flags.StringVar(&o.record, "record", "", "document to put the figures into, such as docs/benchmarks.md")
	build := flags.Bool("build", false, "only build the index; what the command starts itself for")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if *build {
		return buildIndex(ctx, o)
	}
	if o.dir == "" {
		dir, err := os.MkdirTemp("", "huiyin-searchbench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.dir = dir
	}
	return measure(ctx, o)
}
