// Namelists makes the lists of package gate that tell names from words:
//
//	go run ./generator/gate/internal/namelists [DICT CHARACTERS DIVISIONS] generator/gate/lists
//
// make.go tells what the lists are made from.
package main

import (
	"fmt"
	"os"
)

func main() {
	var err error
	switch args := os.Args[1:]; len(args) {
	case 1:
		err = heads(args[0])
	case 4:
		err = run(args[0], args[1], args[2], args[3])
	default:
		fmt.Fprintln(os.Stderr, "usage: namelists [DICT CHARACTERS DIVISIONS] FOLDER")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "namelists:", err)
		os.Exit(1)
	}
}
