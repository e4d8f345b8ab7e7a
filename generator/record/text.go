package record

import (
	"strings"
	"unicode"
)

// Clean returns s without control characters other than line breaks and tabs,
// without bidirectional controls, which could make a page show other text than
// it holds, and in valid UTF-8.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\u200E', r == '\u200F', r == '\u061C', r == '\uFEFF', '\u202A' <= r && r <= '\u202E', '\u2066' <= r && r <= '\u2069':
			return -1
		case r == '\uFFFE' || r == '\uFFFF':
			return '\uFFFD'
		}
		return r
	}, strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}

// Plain returns s cleaned and on one line, for titles and names.
func Plain(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }
