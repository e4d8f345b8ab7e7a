package search

import "html/template"

// SnippetRunes is the usual length of a snippet in characters.
const SnippetRunes = 120

// Snippet returns a stretch of about most runes of text, cut at the ends of
// sentences where possible, with what the terms match marked as [Highlight]
// does and an ellipsis where text was left out. It is the stretch that holds
// the most of the terms, of several the first; the beginning and false when it
// holds none.
func Snippet(text string, terms []string, most int) (template.HTML, bool) { return "", false }

// cut returns the first runes of text, with an ellipsis if there are more.
func cut(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i] + "…"
		}
		n++
	}
	return text
}
