package search

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

// simplifiedForms is one group a line: the simplified character and then those
// that fold to it. Lines that begin with # are comments.
//
//go:embed t2s.txt
var simplifiedForms string

// simplified reads the groups of a text like simplifiedForms into a map from each
// character to the one that it folds to.
func simplified(groups string) map[rune]rune {
	forms := make(map[rune]rune, 4096)
	for line := range strings.Lines(groups) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		to, size := utf8.DecodeRuneInString(line)
		for _, from := range line[size:] {
			forms[from] = to
		}
	}
	return forms
}
