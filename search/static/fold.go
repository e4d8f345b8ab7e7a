package static

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/huiyin/huiyin/search"
)

// folds returns the characters that [search.Fold] changes though the
// normalisation and the letter cases of a browser do not, and what becomes of
// them, as two strings with equally many characters.
func folds() (from, to string) {
	var a, b []rune
	each := func(r rune) {
		s := string(r)
		if norm.NFKC.String(s) != s {
			return // the browser changes it first
		}
		if folded := []rune(search.Fold(s)); len(folded) == 1 && folded[0] != r {
			a, b = append(a, r), append(b, folded[0])
		}
	}
	for _, r := range unicode.Han.R16 {
		for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
			each(c)
		}
	}
	for _, r := range unicode.Han.R32 {
		for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
			each(c)
		}
	}
	return string(a), string(b)
}

// unknown returns the characters that Go's tables do not know, as the inside of
// a character class of a regular expression. [search.Units] takes them for
// separators, whatever a newer browser may take them for.
func unknown() string {
	var b strings.Builder
	write := func(lo, hi, stride rune) {
		if stride == 1 && hi > lo {
			b.WriteString(string(lo) + "-" + string(hi))
			return
		}
		for r := lo; r <= hi; r += stride {
			b.WriteRune(r)
		}
	}
	for _, r := range unicode.Cn.R16 {
		write(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range unicode.Cn.R32 {
		write(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return b.String()
}
