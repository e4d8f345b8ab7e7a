package search

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SnippetRunes is the usual length of a snippet in characters.
const SnippetRunes = 120

// maxWindows is how many matches are tried as the beginning of a snippet. A
// text with more of them has the words everywhere.
const maxWindows = 100

// Snippet returns a stretch of about most runes of text, cut at the ends of
// sentences where possible, with what the terms match marked as [Highlight]
// does and an ellipsis where text was left out. It is the stretch that holds
// the most of the terms, of several the first; the beginning and false when it
// holds none.
func Snippet(text string, terms []string, most int) (template.HTML, bool) {
	html, n := newMarker(terms).snippet(text, most)
	return html, n > 0
}

// snippet returns a snippet and how many of the terms it holds.
func (m *marker) snippet(text string, most int) (template.HTML, int) {
	most = max(most, 0)
	spans := m.find(text)
	from, to := window(text, 0, 0, most)
	best := m.covered(spans, from, to)
	for i, s := range spans {
		if i == maxWindows || best == len(m.terms) {
			break
		}
		a, b := window(text, s.start, s.end, most)
		if n := m.covered(spans, a, b); n > best {
			from, to, best = a, b, n
		}
	}
	from, to = trim(text, from, to)
	html := markUp(text, from, to, spans)
	if strings.TrimSpace(text[:from]) != "" {
		html = "…" + html
	}
	if strings.TrimSpace(text[to:]) != "" {
		html += "…"
	}
	return html, best
}

// covered returns how many terms have a whole match within text[from:to].
func (m *marker) covered(spans []span, from, to int) int {
	n, seen := 0, make([]bool, len(m.terms))
	for _, s := range spans {
		if s.start >= to {
			break
		}
		if s.start >= from && s.end <= to && !seen[s.term] {
			seen[s.term] = true
			n++
		}
	}
	return n
}

// window returns the stretch around a match: from the beginning of its sentence
// or, when that is far, of its clause, up to the last end of a sentence that
// fits.
func window(text string, start, end, most int) (from, to int) {
	from = back(text, start, most/3)
	if from > 0 {
		if at := afterLast(text[from:start], isSentenceEnd); at > 0 {
			from += at
		} else if at := afterLast(text[from:start], isClauseEnd); at > 0 {
			from += at
		}
	}
	to = max(forth(text, from, most), end)
	if to < len(text) {
		// At least half of the stretch stays, and the match.
		least := max(end, forth(text, from, most/2))
		if at := afterLast(text[least:to], isSentenceEnd); at > 0 {
			to = least + at
		} else if at := afterLast(text[least:to], isClauseEnd); at > 0 {
			to = least + at
		}
	}
	return from, to
}

// back and forth return the place n runes away, or the end of the text, and
// not one before a mark, which belongs to the rune before it.
func back(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	for n := maxMarks; n > 0 && at > 0; n-- {
		if r, _ := utf8.DecodeRuneInString(text[at:]); !unicode.IsMark(r) {
			break
		}
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

func forth(text string, at, n int) int {
	for ; at < len(text); n-- {
		r, size := utf8.DecodeRuneInString(text[at:])
		if n <= -maxMarks || n <= 0 && !unicode.IsMark(r) {
			break
		}
		at += size
	}
	return at
}

// afterLast returns the place behind the last rune of s that ends something,
// with the closing quotation marks and brackets that follow; zero for none.
func afterLast(s string, ends func(r rune, next string) bool) int {
	last := 0
	for i, r := range s {
		size := utf8.RuneLen(r)
		if size < 0 || r == utf8.RuneError {
			continue
		}
		if ends(r, s[i+size:]) || last == i && i > 0 && isCloser(r) {
			last = i + size
		}
	}
	return last
}

func isSentenceEnd(r rune, next string) bool {
	switch r {
	case '。', '！', '？', '!', '?', '；', ';', '\n', '｡', '།', '؟':
		return true
	case '.':
		return next != "" && startsBlank(next)
	}
	return false
}

func isClauseEnd(r rune, next string) bool {
	switch r {
	case '，', '、', '：', '་', '،':
		return true
	case ',', ':':
		return next != "" && startsBlank(next)
	}
	return unicode.IsSpace(r)
}

func isCloser(r rune) bool { return strings.ContainsRune("”’」』》）)]】\"", r) }

// trim takes blanks away at both ends of text[from:to].
func trim(text string, from, to int) (int, int) {
	s := text[from:to]
	from += len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	s = text[from:to]
	return from, from + len(strings.TrimRightFunc(s, unicode.IsSpace))
}

// cut returns the first runes of text, with an ellipsis if there are more.
func cut(text string, most int) string {
	if at := forth(text, 0, most); at < len(text) {
		return text[:at] + "…"
	}
	return text
}
