package main

import (
	"context"
	"flag"
	"os"
	"runtime/debug"
	"strconv"
)

// run runs the benchmark, or the part of it that one of its own processes is
// started for.
func run(ctx context.Context, args []string) error {
	if len(args) == 2 && args[0] == "plain-hugo" {
		return plainHugo(args[1])
	}
	if len(args) == 3 && args[0] == "partitions" {
		debug.SetGCPercent(400) // as huiyin does
		return renderPartitions(ctx, args[1], args[2])
	}
	if len(args) == 1 && args[0] == "render-worker" {
		return renderWorker()
	}
	if len(args) == 4 && args[0] == "make-numbers" {
		cases, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		seed, err := strconv.ParseUint(args[3], 10, 64)
		if err != nil {
			return err
		}
		return makeNumbersCity(ctx, args[1], cases, seed)
	}
	if len(args) == 3 && args[0] == "count-numbers" {
		cases, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		debug.SetGCPercent(400)                          // as huiyin does
		debug.SetMemoryLimit(400<<20 + 350*int64(cases)) // as until partitions are made
		return countNumbers(ctx, args[1], cases)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	o := options{}
	flags.IntVar(&o.cases, "cases", 100_000, "made-up cases")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the city")
	flags.StringVar(&o.dir, "dir", "", "folder to work in, which must be empty; default: a temporary one, removed at the end")
	flags.IntVar(&o.units, "units", 930, "units of the city, at least")
	flags.BoolVar(&o.hugo, "hugo", true, "compare with plain Hugo")
	flags.StringVar(&o.record, "record", "", "document to put the figures into, such as docs/benchmarks.md")
	only := flags.Bool("numbers", false, "measure the figures alone: what is counted of the cases, in one process")
	daemon := flags.Bool("daemon", false, "measure huiyin run alone, with nothing to do; takes three minutes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.dir == "" {
		dir, err := os.MkdirTemp("", "huiyin-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.dir = dir
	}
	if *daemon {
		return measureDaemon(ctx, o)
	}
	if *only {
		return measureNumbers(ctx, o)
	}
	return measure(ctx, o)
}
