// Make makes the data files of package lexicon:
//
//	go run ./search/lexicon/internal/make DICT search/lexicon
//
// DICT is the word list jieba/dict.txt of jieba 0.42.1 (package doc of lexicon).
// It writes words.txt.gz and pinyin.txt into the folder; the same list gives the
// same bytes.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: make DICT FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "make:", err)
		os.Exit(1)
	}
}
