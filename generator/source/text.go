package source

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// missing are the texts that mean "nothing" in any column.
var missing = []string{"", "-", "--", "—", "——", "/", "无", "N/A", "NA", "NULL", "null", "None", "#N/A"}

// Fold brings a name or word into the form in which two of them are compared:
// NFKC, lower case, no white space, no mark of order or direction.
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		if b := s[i]; b <= ' ' || b >= 0x7f || b >= 'A' && b <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

// trim removes white space of every kind, and marks of byte order, from both
// ends of s. The middle stays as it is.
func trim(s string) string {
	if s == "" || s[0] > ' ' && s[0] < utf8.RuneSelf && s[len(s)-1] > ' ' && s[len(s)-1] < utf8.RuneSelf {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
}

// codeText brings a number or code into its plain form: NFKC, without the guards
// ="..." and ' by which exports keep a spreadsheet program from changing it.
func codeText(s string) string {
	s = norm.NFKC.String(s)
	if in, ok := strings.CutPrefix(s, `="`); ok {
		if in, ok = strings.CutSuffix(in, `"`); ok {
			s = in
		}
	}
	if len(s) > 1 && s[0] == '\'' {
		s = s[1:]
	}
	return trim(s)
}

// ruined reports whether s is a number as a spreadsheet program writes it after
// it has forgotten most of its digits: 5.10E+17.
func ruined(s string) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i > from
	}
	if !digits() || i != 1 {
		return false
	}
	if i < len(s) && s[i] == '.' {
		i++
		digits()
	}
	if i >= len(s) || s[i]|0x20 != 'e' {
		return false
	}
	i++
	if i < len(s) && s[i] == '+' {
		i++
	}
	return digits() && i == len(s)
}

// htmlText returns the text of a piece of HTML. Blocks and line breaks become
// lines; scripts, styles and comments go. Nothing of it is markup any more, and
// nothing of it is to be trusted as markup.
func htmlText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	z := html.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	line := func() {
		if t := b.String(); t != "" && t[len(t)-1] != '\n' {
			b.WriteByte('\n')
		}
	}
	mute := 0
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			return trim(b.String())
		}
		name, _ := z.TagName()
		switch tt {
		case html.TextToken:
			if mute == 0 {
				b.WriteString(html.UnescapeString(string(z.Raw())))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			switch atom.Lookup(name) {
			case atom.Br, atom.P, atom.Div, atom.Li, atom.Tr, atom.H1, atom.H2, atom.H3, atom.H4, atom.Table, atom.Ul, atom.Ol:
				line()
			case atom.Script, atom.Style:
				if tt == html.StartTagToken {
					mute++
				} else if mute > 0 {
					mute--
				}
			}
		}
	}
}
