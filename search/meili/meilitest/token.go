package meilitest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a word or a separator of a text.
type token struct {
	text  string // folded
	kind  tokenKind
	start int // in bytes of the text
	end   int
}

type tokenKind int

const (
	wordToken tokenKind = iota
	softToken           // ends a word
	hardToken           // ends a sentence: what stands on its two sides is far apart
)

// sentenceEnds separate hard. The full stop and the comma do so only before a blank.
const sentenceEnds = "!:;?¡¿…、。！，．：；？｡､"

// tokenize cuts a text. known are the Han words that stay whole; any other Han
// character is a word.
func tokenize(s string, known map[string]bool) []token {
	var out []token
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		t := token{start: i, end: i + size}
		switch {
		case unicode.Is(unicode.Han, r):
			t.end = i + hanWord(s[i:], size, known)
			t.text = foldWord(s[t.start:t.end])
		case isWordRune(r):
			for t.end < len(s) {
				r, size := utf8.DecodeRuneInString(s[t.end:])
				if !isWordRune(r) || unicode.Is(unicode.Han, r) {
					break
				}
				t.end += size
			}
			t.text = foldWord(s[t.start:t.end])
		default:
			t.kind, t.text = softToken, string(r)
			if strings.ContainsRune(sentenceEnds, r) {
				t.kind = hardToken
			} else if (r == '.' || r == ',') && strings.HasPrefix(s[t.end:], " ") {
				t.kind, t.text, t.end = hardToken, t.text+" ", t.end+1
			}
		}
		i = t.end
		out = append(out, t)
	}
	return out
}

// hanWord is the length of the longest known word at the start of s, at least one
// character of the given size.
func hanWord(s string, size int, known map[string]bool) int {
	const longest = 4
	best := size
	if len(known) == 0 {
		return best
	}
	end := 0
	for range longest {
		r, n := utf8.DecodeRuneInString(s[end:])
		if n == 0 || !unicode.Is(unicode.Han, r) {
			break
		}
		end += n
		if known[s[:end]] {
			best = end
		}
	}
	return best
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r)
}

// foldWord drops case, compatibility forms and accents.
func foldWord(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(s)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}
