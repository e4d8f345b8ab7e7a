// Command searchbench measures the embedded search engine on made-up cases and
// prints the figures of docs/benchmarks.md:
//
//	go run ./cmd/internal/searchbench -cases 100000
//
// It builds an index in a process of its own, whose time and largest resident
// size are taken from the operating system, or opens the one that is in -dir
// already. Then it asks a fixed mix of questions, changes and deletes cases, and
// compares what is found with a plain scan.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "searchbench:", err)
		os.Exit(1)
	}
}
