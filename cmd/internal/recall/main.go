// Command recall asks an engine queries whose right answers are known, and
// prints how many of the right documents it found and how many of those it found
// are right, by class of query.
//
//	go run ./cmd/internal/recall -docs DOCS.jsonl -queries QUERIES.tsv
//	go run ./cmd/internal/recall -docs DOCS.jsonl -queries QUERIES.tsv -double
//	go run ./cmd/internal/recall -docs DOCS.jsonl -queries QUERIES.tsv -meili http://127.0.0.1:7700 -key-file KEY
//
// A line of DOCS is {"id": "...", "text": "..."}. QUERIES has a heading and then
// in each line, parted by tabs, a class, a query whose words are parted by
// blanks, and the number of documents that hold all its words, by a plain scan
// of texts in compatibility form and lower case. A count that this scan does not
// reach again is said to be so, because then the documents are others.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "recall:", err)
		os.Exit(1)
	}
}
