// Command meilicheck holds a real Meilisearch server, started for the purpose, to
// what the tests can only ask of its double, and prints figures:
//
//	meilisearch --no-analytics --http-payload-size-limit 1MiB --db-path EMPTY --master-key made-up-master-key-0001
//	go run ./cmd/internal/meilicheck -recordings search/meili/meilitest/testdata/exchanges.jsonl http://127.0.0.1:7700 made-up-master-key-0001
//
// It replays the recorded exchanges and prints where the server answers
// otherwise, runs the contract suite of engines, and measures recall, speed and
// size on a made-up corpus, which is the same each time. It makes and deletes
// indexes, keys and tasks: do not give it a server that is in use.
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
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "meilicheck:", err)
		os.Exit(1)
	}
}
