package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

var errParams = errors.New("parameters are not a JSON object that templates can read")

// appendParams appends to dst the members of the JSON object raw, each followed
// by a comma, in the form in which Hugo may have them:
//
//   - numbers become strings as they are written, because Hugo reads a number as
//     a float and prints a million as 1e+06; null becomes the empty string;
//   - "__h" and "hdeferred" get a word joiner (U+2060) inside, because Hugo
//     stops at "__hdeferred/" wherever in a page it stands;
//   - controls and bidirectional overrides are dropped; HTML may not hold the
//     ones, and the others make a page say what it does not hold.
func appendParams(dst, raw []byte) ([]byte, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return dst, nil
	}
	if raw[0] != '{' || !json.Valid(raw) || !utf8.Valid(raw) {
		return dst, errParams
	}
	raw = raw[1 : len(raw)-1]
	start := len(dst)
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '"':
			end := i + 1 + stringLen(raw[i+1:])
			s := raw[i+1 : end]
			i = end + 1
			if isKey(raw[i:]) {
				if !validKey(s) {
					return dst[:start], errParams
				}
				dst = append(append(append(dst, '"'), s...), '"')
			} else {
				var err error
				if dst, err = appendText(dst, s); err != nil {
					return dst[:start], err
				}
			}
		case c == '-' || c >= '0' && c <= '9':
			end := i + 1
			for end < len(raw) && strings.IndexByte("+-.0123456789Ee", raw[end]) >= 0 {
				end++
			}
			dst = append(append(append(dst, '"'), raw[i:end]...), '"')
			i = end
		case c == 'n': // null
			dst = append(dst, '"', '"')
			i += len("null")
		default: // punctuation, white space, true, false
			dst = append(dst, c)
			i++
		}
	}
	if len(bytes.TrimSpace(dst[start:])) == 0 {
		return dst[:start], nil
	}
	return append(dst, ','), nil
}

// stringLen returns the length of the JSON string that b begins within, without
// its closing quote.
func stringLen(b []byte) int {
	for n := 0; ; {
		quote := bytes.IndexByte(b[n:], '"')
		if quote < 0 {
			return len(b)
		}
		n += quote
		slashes := n - len(bytes.TrimRight(b[:n], `\`))
		if slashes%2 == 0 {
			return n
		}
		n++
	}
}

// isKey reports whether a string that ends before rest is the key of a member.
func isKey(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

// validKey reports whether a template can name the key: Hugo folds case, and
// gives a meaning to keys that begin with an underscore.
func validKey(k []byte) bool {
	for i, c := range k {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case (c == '_' || c == '-') && i > 0:
		default:
			return false
		}
	}
	return len(k) > 0
}

// appendText appends the JSON string whose inside is s, neutralised.
func appendText(dst, s []byte) ([]byte, error) {
	dst = append(dst, '"')
	if isTame(s) {
		return append(append(dst, s...), '"'), nil
	}
	var text string
	if err := json.Unmarshal(fmt.Appendf(nil, `"%s"`, s), &text); err != nil {
		return dst, errParams
	}
	return append(appendEscaped(dst, neutralise(text)), '"'), nil
}

// isTame reports whether the inside of a JSON string can be copied as it is. It
// looks at each byte of every page of the site, so it leaves the looking to
// package bytes where it can.
func isTame(s []byte) bool {
	for t := s; ; {
		i := bytes.IndexByte(t, '\\')
		if i < 0 {
			break
		}
		n := tameEscape(t[i+1:])
		if n == 0 {
			return false
		}
		t = t[i+1+n:]
	}
	return !bytes.Contains(s, []byte("__h")) && !bytes.Contains(s, []byte("hdeferred")) &&
		bytes.IndexByte(s, 0x7f) < 0 && !holdsDropped(s, 0xc2) && !holdsDropped(s, 0xe2)
}

// tameEscape returns the length of the escape that b begins with, without its
// backslash, or 0 if it may stand for a character that matters to neutralise.
// Escapes of the characters that HTML consists of are common.
func tameEscape(b []byte) int {
	switch {
	case len(b) > 0 && strings.IndexByte(`"\/nrt`, b[0]) >= 0:
		return 1
	case len(b) >= 5 && (string(b[:5]) == "u003c" || string(b[:5]) == "u003e" || string(b[:5]) == "u0026"):
		return 5
	}
	return 0
}

// holdsDropped reports whether s holds a dropped character whose UTF-8 begins
// with lead.
func holdsDropped(s []byte, lead byte) bool {
	for {
		i := bytes.IndexByte(s, lead)
		if i < 0 {
			return false
		}
		r, n := utf8.DecodeRune(s[i:])
		if isDropped(r) {
			return true
		}
		s = s[i+n:]
	}
}

// neutralise returns text as a page may show it.
func neutralise(text string) string {
	text = strings.Map(func(r rune) rune {
		if isDropped(r) {
			return -1
		}
		return r
	}, text)
	text = strings.ReplaceAll(text, "hdeferred", "h\u2060deferred")
	return strings.ReplaceAll(text, "__h", "_\u2060_h")
}

func isDropped(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// appendEscaped appends s as the inside of a JSON string.
func appendEscaped(dst []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c < 0x20:
			dst = fmt.Appendf(dst, `\u%04x`, c)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
