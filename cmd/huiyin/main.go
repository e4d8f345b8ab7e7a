// Command huiyin turns an office's exports into a public record. See README.md
// and docs/operations.md.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	tune(os.Getenv)
	os.Exit(run(ctx, os.Args[1:], standard()))
}
