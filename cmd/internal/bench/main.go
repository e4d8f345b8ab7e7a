// Command bench measures the whole way on made-up cases and prints the figures
// of docs/benchmarks.md:
//
//	go run ./cmd/internal/bench -cases 100000
//
// It builds huiyin, makes a city of the given size, and runs the ordinary
// commands on it, each in a process of its own whose time, processor time and
// largest resident size are taken from the operating system. It then renders
// the same pages with plain Hugo (Markdown files on disk) and compares.
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
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
