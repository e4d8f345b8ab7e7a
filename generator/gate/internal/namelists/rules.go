package main

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed rules.txt
var rulesText string

// rules are what is known beside the public lists, as rules.txt explains it.
type rules struct {
	common      map[rune]bool
	given       map[rune]float64
	never       map[rune]bool
	seldom      map[rune]bool
	weight      map[rune]float64
	most        map[rune]float64
	word        map[string]bool
	place       map[rune]bool
	wordlike    map[rune]bool
	rare        map[rune]float64
	traditional []string
}

// readRules reads lines of a kind, a number where the kind takes one, and
// entries.
func readRules(text string) (rules, error) {
	r := rules{
		common: map[rune]bool{}, given: map[rune]float64{}, never: map[rune]bool{}, seldom: map[rune]bool{},
		weight: map[rune]float64{}, most: map[rune]float64{}, word: map[string]bool{}, place: map[rune]bool{},
		wordlike: map[rune]bool{}, rare: map[rune]float64{},
	}
	sets := map[string]map[rune]bool{"common": r.common, "never": r.never, "seldom": r.seldom, "place": r.place, "wordlike": r.wordlike}
	weights := map[string]map[rune]float64{"given": r.given, "weight": r.weight, "most": r.most, "rare": r.rare}
	n := 0
	for line := range strings.Lines(text) {
		n++
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		kind, entries := f[0], f[1:]
		if set, ok := sets[kind]; ok {
			for _, c := range strings.Join(entries, "") {
				set[c] = true
			}
			continue
		}
		if values, ok := weights[kind]; ok {
			if len(entries) < 2 {
				return r, fmt.Errorf("rules.txt, line %d: no entries", n)
			}
			v, err := strconv.ParseFloat(entries[0], 64)
			if err != nil {
				return r, fmt.Errorf("rules.txt, line %d: the second column is no number", n)
			}
			for _, c := range strings.Join(entries[1:], "") {
				values[c] = max(values[c], v)
			}
			continue
		}
		switch kind {
		case "word":
			for _, w := range entries {
				r.word[w] = true
			}
		case "traditional":
			r.traditional = append(r.traditional, entries...)
		default:
			return r, fmt.Errorf("rules.txt, line %d: unknown kind", n)
		}
	}
	return r, nil
}
