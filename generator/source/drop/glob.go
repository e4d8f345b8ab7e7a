package drop

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// glob is a pattern of file names; see source.Input.Glob for its form.
type glob struct {
	re   *regexp.Regexp
	base bool // compare with the base name
}

func newGlob(pattern string) (glob, error) {
	var b strings.Builder
	b.WriteString(`(?is)^`)
	depth := 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case strings.HasPrefix(pattern[i:], "**/"):
			b.WriteString(`(?:.*/)?`)
			i += 2
		case strings.HasPrefix(pattern[i:], "**"):
			b.WriteString(`.*`)
			i++
		case c == '*':
			b.WriteString(`[^/]*`)
		case c == '?':
			b.WriteString(`[^/]`)
		case c == '{':
			depth++
			b.WriteString(`(?:`)
		case c == '}' && depth > 0:
			depth--
			b.WriteString(`)`)
		case c == ',' && depth > 0:
			b.WriteString(`|`)
		case c < 0x80:
			b.WriteString(regexp.QuoteMeta(string(c)))
		default:
			b.WriteByte(c)
		}
	}
	b.WriteString(`$`)
	if depth != 0 {
		return glob{}, fmt.Errorf("the pattern %q has a brace that is not closed", pattern)
	}
	re, err := regexp.Compile(b.String())
	if err != nil {
		return glob{}, fmt.Errorf("the pattern %q cannot be read", pattern)
	}
	return glob{re: re, base: !strings.Contains(pattern, "/")}, nil
}

// matches reports whether the pattern means the file. inner is the name inside
// an archive, or "".
func (g glob) matches(outer, inner string) bool {
	names := []string{outer}
	if inner != "" {
		names = append(names, inner, outer+"!"+inner)
	}
	for _, n := range names {
		if g.re.MatchString(n) || g.base && g.re.MatchString(path.Base(n)) {
			return true
		}
		if g.base && inner != "" && g.re.MatchString(path.Base(outer)+"!"+inner) {
			return true
		}
	}
	return false
}
