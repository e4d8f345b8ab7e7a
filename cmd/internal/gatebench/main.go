// Command gatebench measures the gate and prints the figures of docs/gate.md:
//
//	go run ./cmd/internal/gatebench
//
// The text is made by package gatetext, in families of templates of which every
// fifth is held out when detectors are tuned; both sorts are printed. With -labelled
// it measures with real text instead: a file of JSON lines such as
//
//	{"text": "我叫张三", "class": "citizen", "spans": [{"kind": "person", "start": 6, "end": 12}]}
//
// whose offsets are bytes. It prints counts, families and spellings, never what
// stands in a text, and ends with status 1 when a figure is below its floor.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gatebench:", err)
		os.Exit(1)
	}
}
