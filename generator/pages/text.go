package pages

import (
	"encoding/json"
	"html"
	"iter"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// shownLines yields what is shown of text that a citizen or an office wrote, a line
// each; empty lines are left out.
func shownLines(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(record.Clean(text), "\n") {
			if line = strings.Trim(line, " \t\u3000\u00a0"); line != "" && !yield(line) {
				return
			}
		}
	}
}

// paragraphs returns the [shownLines] of a text as HTML: each is a paragraph,
// everything is escaped, and nothing becomes a link.
func paragraphs(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	for line := range shownLines(text) {
		b.WriteString("<p>")
		b.WriteString(html.EscapeString(line))
		b.WriteString("</p>\n")
	}
	return b.String()
}

// shown returns the [shownLines] of a text as one text.
func shown(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for line := range shownLines(text) {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

// excerpt returns the beginning of text on one line, at most n characters.
func excerpt(text string, n int) string {
	// cut first, so that a long text costs no more than a short one; what is
	// dropped later makes the excerpt shorter, never longer
	count, end := 0, len(text)
	for i := range text {
		if count == 2*n {
			end = i
			break
		}
		count++
	}
	s := []rune(record.Plain(text[:end]))
	if len(s) <= n {
		return string(s)
	}
	// never within a number: its half may look like another number
	cut := n - 1
	for cut > 0 && '0' <= s[cut] && s[cut] <= '9' && '0' <= s[cut-1] && s[cut-1] <= '9' {
		cut--
	}
	return string(s[:cut]) + "…"
}

// jsonld returns v as JSON that may stand in a script element: "<", ">" and "&"
// are escaped as \u003c, \u003e and \u0026.
func jsonld(v any) string {
	b, err := json.Marshal(v) // escapes them
	if err != nil {
		panic("pages: JSON-LD of plain strings does not marshal: " + err.Error())
	}
	return string(b)
}

// thousands writes n in groups of three digits: 54,637.
func thousands(n int64) string {
	s := []byte(itoa(n))
	neg := n < 0
	if neg {
		s = s[1:]
	}
	var out []byte
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, c)
	}
	if neg {
		return "-" + string(out)
	}
	return string(out)
}
