// Namelists makes the lists of package gate that tell names from words:
//
//	pip download jieba==0.42.1 --no-deps --no-binary :all:
//	tar xzf jieba-0.42.1.tar.gz
//	go run ./generator/gate/internal/namelists jieba-0.42.1/jieba/dict.txt TSCharacters.txt DIVISIONS generator/gate/lists
//
// The first list is that of jieba (MIT), the second the character table of OpenCC
// (Apache-2.0); generator/gate/lists/LICENSES.txt tells where both come from.
// DIVISIONS is a table with the names of divisions of GB/T 2260 in any column.
// Further words are those of search/lexicon/own.txt, which lies beside the lists.
//
// It writes names-words.txt.gz, names-given.txt and names-traditional.txt, and
// the counts and checksums at the head of the lists that are kept by hand: names-own.txt,
// names-surnames.txt, names-context.txt and names-other.txt. With the folder
// alone it only renews these heads. The same lists give the same bytes. What the
// public lists do not say stands in rules.txt beside this file.
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
