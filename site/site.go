// Package site makes pages: it renders one partition of the site with Hugo, in
// memory, into one pack. It is the only importer of Hugo, and hugo.go is the
// only file of it that is.
//
// A [Renderer] renders in this process. A [Pool] renders in child processes,
// because a panic in one of Hugo's goroutines ends the process it runs in: the
// pool finds the page that does it, leaves it out, and goes on. The same job
// gives the same bytes whichever is used, and whatever the clock, the time
// zone, the locale or the number of processors.
//
// Nothing that a citizen or an office has written is ever content to Hugo: it
// arrives as a parameter of a page, a string. The words of the templates, the
// addresses and the way assets are named are described in docs/theme.md.
package site

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"strings"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/site/release"
)

// Page is one page to render.
type Page struct {
	Path   string          // address of the page from the root of the site: case/2611-004217.html
	Layout string          // name of a layout of the theme, without .html
	Lang   string          // language of the page; empty: Options.Lang
	Title  string          // plain text
	Params json.RawMessage // an object; see docs/theme.md for what it may hold. May be empty
	Shows  []string        // numbers of the cases that the page shows
	Doc    json.RawMessage // what is searched of the page, as JSON on one line; see [release.SearchDocs]. May be empty
	Moved  *release.Move   // where the page leads on to, of a case that was merged into another; nil: nowhere
}

// File is a file that is published as it is.
type File struct {
	Path string
	Body []byte
}

// Job is one partition.
type Job struct {
	Key     string   // name of the partition: lower-case ASCII letters, digits, hyphens and slashes
	Pages   []Page   // in any order
	Layouts []string // the layouts that the pages name
	Out     string   // the pack to write; it is made anew. Empty: render and check, write nothing
}

// Result is what became of a [Job].
type Result struct {
	Key         string
	Pages       int // pages in the pack
	Pack        release.PackInfo
	Quarantined []Quarantined // pages left out, by path
}

// Quarantined is a page that could not be rendered and is not in the pack. It
// holds nothing of the page's text.
type Quarantined struct {
	Path  string // empty when the path itself is malformed
	Code  Code
	Where string // file, line and column in the theme, where known
}

// Code says why a page was left out.
type Code string

// The reasons. Those of the data come before anything is rendered.
const (
	BadPath       Code = "bad-path"       // the address is malformed
	DuplicatePath Code = "duplicate-path" // another page of the partition has the address; both are left out
	BadLayout     Code = "bad-layout"     // the layout is not among those of the job
	BadLang       Code = "bad-lang"       // the theme has no labels in the language
	BadShows      Code = "bad-shows"      // the page shows something that is no case number
	BadParams     Code = "bad-params"     // not a JSON object in UTF-8, or a key that templates cannot name
	BadDoc        Code = "bad-doc"        // the search document is not JSON on one line
	BuildFailed   Code = "build-failed"   // Hugo or a template reported an error
	Vanished      Code = "vanished"       // Hugo did not write the page
	NotPlain      Code = "not-plain"      // what came out is empty, not UTF-8, or has no end
	Refused       Code = "refused"        // Options.Inspect returned an error
	Crashed       Code = "crashed"        // the worker process died
	TimedOut      Code = "timed-out"      // the worker process was killed after PoolOptions.Timeout
)

// Options is what holds for the whole site. The zero value is of use, but for
// canonical addresses.
type Options struct {
	// BaseURL is where the site is published, such as
	// https://www.example.gov.cn/zwgk/huiyin/. Empty: pages carry no canonical
	// address, and 404.html looks for its style at the root of the host.
	BaseURL string

	// Lang is the language of the office, in which addresses have no prefix.
	// Default zh-CN.
	Lang string

	// Site is handed to every template as site.Params, with Lang under the key
	// lang. Keys follow the rules for the keys of Page.Params.
	Site map[string]string

	// Files holds content and themes/huiyin. Default: those in the program.
	Files fs.FS

	// Inspect, if set, sees each rendered page before it is written, in the
	// process that renders; an error leaves the page out. It is called by several
	// goroutines at once. A pool does not hand it on: see [Worker].
	Inspect func(path string, body []byte) error
}

// withDefaults returns o with defaults filled in, or what is wrong with it.
func (o Options) withDefaults() (Options, error) {
	o.Lang = cmp.Or(o.Lang, "zh-CN")
	if o.BaseURL != "" {
		u, err := url.Parse(o.BaseURL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return o, fault.Wrap(cmp.Or(err, fmt.Errorf("base URL %q", o.BaseURL)),
				"the base URL of the site is not an address", "write it like https://www.example.gov.cn/zwgk/huiyin/")
		}
		if !strings.HasSuffix(o.BaseURL, "/") {
			o.BaseURL += "/"
		}
	}
	o.Site = maps.Clone(o.Site)
	if o.Site == nil {
		o.Site = map[string]string{}
	}
	o.Site["lang"] = o.Lang
	for k := range o.Site {
		if !validKey([]byte(k)) {
			return o, fault.Wrap(fmt.Errorf("site value %q", k), "a value of the site has a name that templates cannot use",
				"use lower-case letters, digits and underscores")
		}
	}
	return o, nil
}

// basePath returns the path of the base URL, which begins and ends with a slash.
func (o Options) basePath() string {
	u, err := url.Parse(o.BaseURL)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.EscapedPath()
}
