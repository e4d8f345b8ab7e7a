package serve

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// Between these two the search page of a release says what it can without a
// server. What has been found goes there instead.
const (
	beginMark = "<!--huiyin:search-->"
	endMark   = "<!--/huiyin:search-->"
)

// frame is the search page of a release in one language, cut where results go,
// and what its head says of the site.
type frame struct {
	lang string // of the page
	own  string // of the texts; empty where it is that of the page
	root string // the way from the page to the root of the site
	site search.Site

	above, title, below, rest []byte // up to the title's text, the title's text, up to the mark, from the other mark on
	sum                       [32]byte
}

// edition is what a release says about search. It holds nothing of the release
// open.
type edition struct {
	view       *release.View
	gone       []string           // what the view shows as withdrawn
	goneSum    string             // as [release.View.WithdrawnSum]
	vocabulary *search.Vocabulary // nil where the release has none
	synonyms   search.Synonymer   // nil where the release names none
	frames     map[string]*frame  // by the folder of the language, "" being the office's own
}

var (
	pageLang = regexp.MustCompile(`<html[^>]*?\slang="?([A-Za-z-]+)`)
	canonic  = regexp.MustCompile(`<link rel="?canonical"? href="?([^">\s]+)`)
	siteName = regexp.MustCompile(`<meta property="?og:site_name"? content="([^"]*)"`)
	titleTag = regexp.MustCompile(`(?s)<title>(.*?)</title>`)
	errMarks = errors.New("the search page has no place for results")
)

// newEdition reads what the release of a view says about search. When it fails,
// the edition holds the frames that could be read, so that a page can say so.
func (s *searching) newEdition(view *release.View) (*edition, error) {
	e := &edition{view: view, gone: view.Withdrawn(), goneSum: view.WithdrawnSum(), frames: map[string]*frame{}}
	if err := e.readFrames(view); err != nil {
		return e, err
	}
	body, ok, err := read(view, search.VocabularyPath)
	if err == nil && ok {
		e.vocabulary, err = search.DecodeVocabulary(body)
	}
	if err != nil || s.Synonyms == nil {
		return e, err
	}
	body, ok, err = read(view, search.SynonymsPath)
	if err != nil || !ok {
		return e, err
	}
	if e.synonyms, err = s.Synonyms(body); err != nil {
		// Other names of an office are a help; a search without them is whole.
		s.Log.Warn("the synonyms of the release cannot be read", "release", view.Release(), "cause", err)
		e.synonyms = nil
	}
	return e, nil
}

// readFrames reads the search pages of a release.
func (e *edition) readFrames(view *release.View) error {
	own := ""
	for _, folder := range append([]string{""}, languageFolders()...) {
		body, ok, err := read(view, folder+search.PagePath)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		f, err := newFrame(body, folder)
		if err != nil {
			return fmt.Errorf("%s: %w", folder+search.PagePath, err)
		}
		if folder == "" {
			own = f.lang
		} else if own != f.lang {
			f.own = own
		}
		e.frames[folder] = f
	}
	return nil
}

// read returns the bytes of a file of the release, and false when it has none.
func read(view *release.View, name string) ([]byte, bool, error) {
	entry, state := view.Lookup(name)
	if state != release.Found {
		return nil, false, entry.Err
	}
	body, err := view.Plain(entry)
	return body, err == nil, err
}

// newFrame cuts a search page.
func newFrame(page []byte, folder string) (*frame, error) {
	above, behind, ok := bytes.Cut(page, []byte(beginMark))
	if !ok {
		return nil, errMarks
	}
	_, rest, ok := bytes.Cut(behind, []byte(endMark))
	if !ok {
		return nil, errMarks
	}
	f := &frame{above: above, rest: rest, sum: sha256.Sum256(page), root: strings.Repeat("../", strings.Count(folder, "/"))}
	if at := titleTag.FindSubmatchIndex(above); at != nil {
		f.above, f.title, f.below = above[:at[2]], above[at[2]:at[3]], above[at[3]:]
	}
	f.lang = first(pageLang, above)
	f.site = search.Site{Search: folder + "search", Name: first(siteName, above), Lang: f.lang}
	if at := first(canonic, above); at != "" {
		f.site.Base = strings.TrimSuffix(at, folder+search.PagePath)
	}
	return f, nil
}

// first returns what the group of a pattern matches, as plain text.
func first(pattern *regexp.Regexp, text []byte) string {
	if m := pattern.FindSubmatch(text); m != nil {
		return html.UnescapeString(string(m[1]))
	}
	return ""
}

// page joins the frame around results. title comes before the title of the page.
func (f *frame) page(title string, results []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(f.above) + len(f.below) + len(f.rest) + len(results) + 200)
	b.Write(f.above)
	if title != "" && f.title != nil {
		b.WriteString(html.EscapeString(title) + " - ")
	}
	b.Write(f.title)
	b.Write(f.below)
	b.WriteString(beginMark + "\n")
	b.Write(results)
	b.WriteString(endMark)
	b.Write(f.rest)
	return b.Bytes()
}

// fullTitle is the title of the page with another one before it.
func (f *frame) fullTitle(title string) string {
	page := html.UnescapeString(string(f.title))
	if title == "" {
		return page
	}
	return title + " - " + page
}
