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

// said puts the place in front of what is said of it, unless it stands there
// already.
func said(place, what string) string {
	if strings.HasPrefix(what, place) {
		return what
	}
	return place + ": " + what
}
