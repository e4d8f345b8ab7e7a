package main

import (
	"strconv"
	"strings"
)

// joinInts writes numbers as "1, 2, 3".
func joinInts(ns []int) string {
	words := make([]string, len(ns))
	for i, n := range ns {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}
