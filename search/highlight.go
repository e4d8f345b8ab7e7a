package search

import (
	"cmp"
	"html/template"
	"slices"
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
func Highlight(text string, terms []string) template.HTML {
	return newMarker(terms).highlight(text)
}

// span is what a term matches in a text, in bytes.
type span struct {
	start, end int
	term       int
}

// marker finds terms in texts, one text at a time.
type marker struct {
	terms [][]Unit
	units []Unit // of the text before this one; its memory is used again
}

func newMarker(terms []string) *marker {
	m := &marker{}
	for _, term := range terms {
		m.terms = append(m.terms, Units(term))
	}
	return m
}

func (m *marker) highlight(text string) template.HTML {
	return markUp(text, 0, len(text), m.find(text))
}

// find returns all matches of all terms, in the order of their starts.
func (m *marker) find(text string) []span {
	if len(m.terms) == 0 {
		return nil
	}
	m.units = AppendUnits(slices.Grow(m.units[:0], len(text)/3+1), text)
	var spans []span
	for n, term := range m.terms {
		for from, to := range MatchUnits(m.units, term) {
			spans = append(spans, span{m.units[from].Start, m.units[to-1].End, n})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	return spans
}

// markUp returns text[from:to] as HTML with the spans marked, which are in the
// order of their starts.
func markUp(text string, from, to int, spans []span) template.HTML {
	var b strings.Builder
	at := from
	for i := 0; i < len(spans); {
		start, end := max(spans[i].start, at), min(spans[i].end, to)
		for i++; i < len(spans) && spans[i].start <= end; i++ {
			end = max(end, min(spans[i].end, to))
		}
		if start >= end {
			continue
		}
		b.WriteString(template.HTMLEscapeString(Clean(text[at:start])))
		b.WriteString("<mark>")
		b.WriteString(template.HTMLEscapeString(Clean(text[start:end])))
		b.WriteString("</mark>")
		at = end
	}
	b.WriteString(template.HTMLEscapeString(Clean(text[at:to])))
	return template.HTML(b.String())
}
