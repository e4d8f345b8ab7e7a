package site

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
)

// checked is a job whose pages have been looked at.
type checked struct {
	pages []Page // in the order of their paths
	bad   []Quarantined
}

// check sets the pages apart that cannot be rendered whatever the templates are.
func check(job Job, theme *Theme) checked {
	var c checked
	seen := make(map[string]int, len(job.Pages))
	for _, p := range job.Pages {
		seen[p.Path]++
	}
	for _, p := range job.Pages {
		q := Quarantined{Path: p.Path}
		switch {
		case !validPath(p.Path):
			q = Quarantined{Code: BadPath}
		case seen[p.Path] > 1:
			q.Code = DuplicatePath
		case !slices.Contains(job.Layouts, p.Layout):
			q.Code = BadLayout
		case p.Lang != "" && !slices.Contains(theme.Languages(), p.Lang):
			q.Code = BadLang
		case !validNumbers(p.Shows):
			q.Code = BadShows
		case !validDoc(p.Doc):
			q.Code = BadDoc
		default:
			c.pages = append(c.pages, p)
			continue
		}
		c.bad = append(c.bad, q)
	}
	slices.SortFunc(c.pages, func(a, b Page) int { return strings.Compare(a.Path, b.Path) })
	return c
}

// validPath reports whether a page may have the path: lower-case ASCII letters,
// digits, dots, hyphens and underscores, in folders, ending in .html. Nothing
// begins with a dot, so that no path leaves the site or names a hidden file.
func validPath(p string) bool {
	if !strings.HasSuffix(p, ".html") || len(p) > 512 {
		return false
	}
	for seg := range strings.SplitSeq(p, "/") {
		if seg == "" || seg[0] == '.' || len(seg) > 128 {
			return false
		}
		for i := range len(seg) {
			if c := seg[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}

var caseNumber = regexp.MustCompile(`^[0-9]{4}-[0-9]{6,9}$`)

func validNumbers(numbers []string) bool {
	return !slices.ContainsFunc(numbers, func(n string) bool { return !caseNumber.MatchString(n) })
}

// validDoc reports whether b is empty or can be a line of search documents. Lines
// are what a withdrawal takes away, so nothing may begin another one.
func validDoc(b []byte) bool {
	return len(b) == 0 || json.Valid(b) && !bytes.ContainsAny(b, "\r\n")
}

// validKeyOfJob reports whether a partition may have the name.
func validKeyOfJob(k string) bool {
	for i := range len(k) {
		if c := k[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '/' {
			return false
		}
	}
	return k != ""
}

// isError reports whether a page is shown in the place of others, at any depth.
func isError(p string) bool { return path.Base(p) == "404.html" || path.Base(p) == "410.html" }

// root returns what leads from a page to the root of the site. Pages of errors
// begin at the root of the host.
func (t *Theme) root(p string) string {
	if isError(p) {
		return t.opts.basePath()
	}
	return strings.Repeat("../", strings.Count(p, "/"))
}

// appendPage appends p to a JSON array in the form that the adapter reads. The
// values that every page has come last: of two members with one name, the last
// one counts.
func (t *Theme) appendPage(dst []byte, p Page) ([]byte, error) {
	start := len(dst)
	dst = append(dst, `{"layout":"`...)
	dst = append(dst, p.Layout...)
	dst = append(dst, `","params":{`...)
	dst, err := appendParams(dst, p.Params)
	if err != nil {
		return dst[:start], err
	}
	lang, canonical := p.Lang, ""
	if lang == "" {
		lang = t.opts.Lang
	}
	if t.opts.BaseURL != "" && !isError(p.Path) {
		canonical = t.opts.BaseURL + p.Path
	}
	for i, m := range [...][2]string{
		{"path", p.Path}, {"root", t.root(p.Path)}, {"canonical", canonical},
		{"lang", lang}, {"layout", p.Layout}, {"title", neutralise(strings.ToValidUTF8(p.Title, "\ufffd"))},
	} {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, '"'), m[0]...), `":"`...)
		dst = append(appendEscaped(dst, m[1]), '"')
	}
	return append(dst, `}}`...), nil
}
