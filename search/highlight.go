package search

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean returns text as it can be shown: control characters other than tab and
// line feed, and bytes that are not UTF-8, become U+FFFD, a carriage return a
// blank. Nothing else changes, and every rune stays one rune.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n':
			return r
		case r == '\r':
			return ' '
		case unicode.IsControl(r):
			return utf8.RuneError
		}
		return r
	}, text)
}

// Highlight returns text as HTML in which whatever the terms match stands
// within <mark>; matches that overlap or touch are one. The text content of the
// HTML is Clean(text).
func Highlight(text string, terms []string) template.HTML { return "" }
