package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/huiyin/huiyin/generator/fault"
)

// ContentPages returns the hand-written pages of content/, in the order of
// their paths. content/LANG/NAME.md becomes NAME.html in the office's language
// and LANG/NAME.html in the others.
//
// Their Markdown becomes HTML here and not in Hugo, so that every page of the
// site takes the same way and none can call a shortcode. All of the front
// matter is in the parameters, and the text as body_html.
func (t *Theme) ContentPages() ([]Page, error) {
	var pages []Page
	err := fs.WalkDir(t.opts.Files, "content", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		b, err := fs.ReadFile(t.opts.Files, name)
		if err != nil {
			return err
		}
		p, err := t.contentPage(strings.TrimPrefix(name, "content/"), b)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		pages = append(pages, p)
		return nil
	})
	if err != nil {
		return nil, fault.Wrap(err, "a hand-written page cannot be used", "compare it with docs/theme.md")
	}
	slices.SortFunc(pages, func(a, b Page) int { return strings.Compare(a.Path, b.Path) })
	return pages, nil
}

// contentPage makes a page of the Markdown file content/name.
func (t *Theme) contentPage(name string, src []byte) (Page, error) {
	lang, below, ok := strings.Cut(name, "/")
	if !ok || !slices.Contains(t.languages, lang) {
		return Page{}, errors.New("a page lies in a folder named after its language, as content/zh-CN/about.md")
	}
	p := Page{Lang: lang, Layout: "page", Path: strings.TrimSuffix(below, ".md") + ".html"}
	if lang != t.opts.Lang {
		p.Path = lang + "/" + p.Path
	}
	if !validPath(p.Path) {
		return Page{}, errors.New("the name is not made of lower-case letters, digits, hyphens and dots")
	}
	front, body, err := cutFrontMatter(src)
	if err != nil {
		return Page{}, err
	}
	if p.Title, _ = front["title"].(string); p.Title == "" {
		return Page{}, errors.New("the front matter has no title")
	}
	if l, ok := front["layout"].(string); ok {
		p.Layout = l
	}
	params := maps.Clone(front)
	if params["body_html"], err = t.markdown(body, t.root(p.Path)); err != nil {
		return Page{}, err
	}
	p.Params, err = json.Marshal(params)
	return p, err
}

// cutFrontMatter splits a Markdown file into its YAML front matter and its text.
func cutFrontMatter(src []byte) (map[string]any, []byte, error) {
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	head, body, ok := bytes.Cut(bytes.TrimPrefix(src, []byte("---\n")), []byte("\n---\n"))
	if !ok || !bytes.HasPrefix(src, []byte("---\n")) {
		return nil, nil, errors.New("the file does not begin with front matter between two lines ---")
	}
	var front map[string]any
	if err := yaml.Unmarshal(head, &front); err != nil {
		return nil, nil, fmt.Errorf("front matter: %w", err)
	}
	return front, body, nil
}

// markdown returns the HTML of a hand-written text. Raw HTML in it is left out.
// Links that begin with root: lead from the root of the site.
func (t *Theme) markdown(src []byte, root string) (string, error) {
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Footnote, extension.NewCJK(extension.WithEastAsianLineBreaks())),
		goldmark.WithParserOptions(
			parser.WithAutoHeadingID(),
			parser.WithASTTransformers(util.Prioritized(rootLinks(root), 500)),
		),
	)
	var out bytes.Buffer
	ctx := parser.NewContext(parser.WithIDs(&headingIDs{used: map[string]bool{}}))
	if err := md.Convert(src, &out, parser.WithContext(ctx)); err != nil {
		return "", err
	}
	return out.String(), nil
}

// rootLinks replaces root: at the beginning of addresses by what leads to the
// root of the site.
type rootLinks string

func (root rootLinks) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			n.Destination = root.resolve(n.Destination)
		case *ast.Image:
			n.Destination = root.resolve(n.Destination)
		}
		return ast.WalkContinue, nil
	})
}

func (root rootLinks) resolve(to []byte) []byte {
	if rest, ok := bytes.CutPrefix(to, []byte("root:")); ok {
		return append([]byte(root), rest...)
	}
	return to
}

// headingIDs names headings after their text, in any script.
type headingIDs struct{ used map[string]bool }

func (h *headingIDs) Generate(value []byte, _ ast.NodeKind) []byte {
	base := strings.Join(strings.FieldsFunc(strings.ToLower(string(value)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
	if base == "" {
		base = "section"
	}
	id := base
	for n := 2; h.used[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	h.used[id] = true
	return []byte(id)
}

func (h *headingIDs) Put(value []byte) { h.used[string(value)] = true }
