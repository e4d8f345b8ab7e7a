package archtest

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	mdLink = regexp.MustCompile(`\]\(([^)\s]+)(?:\s+"[^"]*")?\)`)
	mdLine = regexp.MustCompile(`\b[a-z_/]+\.go:[0-9]+`)
	mdCode = regexp.MustCompile("(?ms)^```.*?^```|`[^`\n]*`")
)

// Docs complains about Markdown that has rotted: a link to a file that is not
// there, a heading that is not in the file, a Go file named by line number.
func Docs(tree *Tree) []string {
	var bad []string
	for _, p := range slices.Sorted(maps.Keys(tree.Texts)) {
		if !strings.HasSuffix(p, ".md") || strings.HasPrefix(p, "content/") {
			continue // pages of content link to addresses of the site
		}
		text := mdCode.ReplaceAllString(string(tree.Texts[p]), "")
		for _, m := range mdLink.FindAllStringSubmatch(text, -1) {
			if problem := tree.broken(p, m[1]); problem != "" {
				bad = append(bad, fmt.Sprintf("%s: link %s: %s", p, m[1], problem))
			}
		}
		for _, m := range mdLine.FindAllString(text, -1) {
			bad = append(bad, fmt.Sprintf("%s: %s: name the function, line numbers move", p, m))
		}
	}
	return bad
}

// broken says what is wrong with a link in the Markdown file at from.
func (t *Tree) broken(from, link string) string {
	if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
		return ""
	}
	target, anchor, _ := strings.Cut(link, "#")
	if target == "" {
		target = from
	} else {
		target = path.Join(path.Dir(from), target)
	}
	if !t.Names[target] {
		return "no such file"
	}
	text, isText := t.Texts[target]
	if anchor == "" || !isText {
		return ""
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if strings.HasPrefix(line, "#") && slug(strings.TrimLeft(line, "# ")) == anchor {
			return ""
		}
	}
	return "no such heading"
}

// slug is the anchor of a heading as forges make it.
func slug(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 0x80:
			b.WriteRune(r)
		}
	}
	return b.String()
}
