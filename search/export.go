package search

import (
	"context"
	"errors"
	"io"
)

// ErrChanged: the index changed while an export was under way, so that it does
// not hold every hit. Whoever asked should ask again.
var ErrChanged = errors.New("search: the index changed during the export")

// Site is what exports say about where they come from.
type Site struct {
	Base   string // address of the root of the site with a slash at the end, such as https://example.org/zwgk/huiyin/; "": links stay relative
	Search string // path of the search page below it; "": search
	Name   string // of the site
	Author string // who publishes it; "": Name
	Tag    string // authority and date of tag: URIs (RFC 4151), such as example.org,2026; "": permanent addresses serve as identifiers
	Lang   string // language of labels; "": zh-CN
}

// WriteCSV writes every hit of a request as comma-separated values (RFC 4180)
// for spreadsheets: UTF-8 with a byte order mark, and cells that a spreadsheet
// would run as a formula have an apostrophe before them. The last three columns
// of every row are total, cutoff and query: the number of hits (empty where the
// engine only estimates it), the cut-off of the data, and the permanent link.
//
// Nothing is buffered. When the engine fails half way or the number of hits is
// not what the rows announce, it returns an error after part of the file is
// written; the caller must then break the connection off. A file that was cut
// off has fewer rows than its total says.
func (s *Searcher) WriteCSV(ctx context.Context, w io.Writer, r Request, site Site) error {
	return ErrNoIndex
}

// WriteJSONL writes every hit of a request as JSON Lines: a first line
// {"search":{...}} ([ExportHead]), one line for each hit ([ExportCase]), and a
// last line {"end":{"count":N}}. A file without the last line is not complete;
// see [Searcher.WriteCSV] for failures.
func (s *Searcher) WriteJSONL(ctx context.Context, w io.Writer, r Request, site Site) error {
	return ErrNoIndex
}

// WriteAtom writes the newest 50 hits as an Atom feed (RFC 4287). It tells no
// other time than that of the data, so that the same index gives the same feed.
func (s *Searcher) WriteAtom(ctx context.Context, w io.Writer, r Request, site Site) error {
	return ErrNoIndex
}

// WriteJSON writes an answer, one page, as the public interface gives it: see
// [PublicAnswer].
func WriteJSON(w io.Writer, a Answer, site Site) error { return ErrNoIndex }

// ExportHead is what exports say about themselves.
type ExportHead struct {
	Query   string `json:"query"`   // permanent link
	Total   int    `json:"total"`   // number of hits
	Exact   bool   `json:"exact"`   // false: total is an estimate
	Cutoff  string `json:"cutoff"`  // day up to which the data goes, like 2026-11-20; "" when not known
	Release int    `json:"release"` // the release that was searched
	Docs    int    `json:"docs"`    // documents that can be found at all
}

// ExportValue is a value of a keyword field; null where there is none.
type ExportValue struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEN string `json:"name_en,omitempty"`
}

// ExportCase is one document in JSON Lines, with its whole text.
type ExportCase struct {
	Number   string       `json:"number"`
	Type     string       `json:"type"`
	URL      string       `json:"url"`
	Title    string       `json:"title"`
	Unit     *ExportValue `json:"unit"`
	Area     *ExportValue `json:"area"`
	Topic    *ExportValue `json:"topic"`
	Channel  *ExportValue `json:"channel"`
	Kind     *ExportValue `json:"kind"`
	Status   *ExportValue `json:"status"`
	Rating   *string      `json:"rating"`   // such as "4/5"
	Received *string      `json:"received"` // day like 2026-11-20
	Replied  *string      `json:"replied"`
	Days     *int64       `json:"days"` // whole days from receipt to reply
	Question string       `json:"question"`
	Reply    string       `json:"reply"`
}

// PublicAnswer is the JSON of one page. Keys are never renamed and never change
// their meaning; there may be more of them in time.
type PublicAnswer struct {
	ExportHead
	Page    int                      `json:"page"`
	PerPage int                      `json:"per_page"`
	Pages   int                      `json:"pages"` // the last that can be turned to
	Next    *string                  `json:"next"`  // address of the next page of this JSON
	Prev    *string                  `json:"prev"`
	Number  *PublicNumber            `json:"number"` // a case number that stands in the query
	Hits    []PublicHit              `json:"hits"`
	Facets  map[string][]PublicCount `json:"facets"`
	Types   []PublicCount            `json:"types"`
	Notes   []PublicNote             `json:"notes"`
	// Other searches that have hits.
	Suggestions []PublicOffer  `json:"suggestions"`
	Synonyms    []PublicOffer  `json:"synonyms"`
	Instead     *PublicInstead `json:"instead"` // for a question without hits: those of its words
	Help        *PublicHelp    `json:"help"`    // only without hits
}

// PublicNumber is a case number in the query.
type PublicNumber struct {
	Number string `json:"number"`
	URL    string `json:"url"`
}

// PublicHit is one hit of a page. The HTML holds no element but mark.
type PublicHit struct {
	Number      string       `json:"number"`
	Type        string       `json:"type"`
	URL         string       `json:"url"`
	Title       string       `json:"title"`
	TitleHTML   string       `json:"title_html"`
	SnippetHTML string       `json:"snippet_html"`
	SnippetOf   string       `json:"snippet_of"` // title, question or reply
	Unit        *ExportValue `json:"unit"`
	Area        *ExportValue `json:"area"`
	Topic       *ExportValue `json:"topic"`
	Channel     *ExportValue `json:"channel"`
	Kind        *ExportValue `json:"kind"`
	Status      *ExportValue `json:"status"`
	Rating      *string      `json:"rating"`
	Received    *string      `json:"received"`
	Replied     *string      `json:"replied"`
	Days        *int64       `json:"days"`
	Crossing    bool         `json:"crossing"` // a word was found only where two other words meet
}

// PublicCount is a value of a facet; in trees the count includes what lies
// below.
type PublicCount struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEN string `json:"name_en,omitempty"`
	Parent string `json:"parent,omitempty"`
	Count  int    `json:"count"`
	Chosen bool   `json:"chosen"`
}

// PublicNote is a [Note].
type PublicNote struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// PublicOffer is an [Offer].
type PublicOffer struct {
	Word  string `json:"word"`
	With  string `json:"with"`
	Q     string `json:"q"`
	Query string `json:"query"` // permanent link
	Total int    `json:"total"`
	Exact bool   `json:"exact"`
}

// PublicInstead is an [Instead].
type PublicInstead struct {
	Terms []string    `json:"terms"`
	Query string      `json:"query"`
	Total int         `json:"total"`
	Exact bool        `json:"exact"`
	Hits  []PublicHit `json:"hits"`
}

// PublicHelp is a [Help].
type PublicHelp struct {
	Words      []PublicWord `json:"words"`
	Unfiltered *PublicOffer `json:"unfiltered"`
}

// PublicWord is a [WordCount].
type PublicWord struct {
	Word  string `json:"word"`
	Total int    `json:"total"`
	Exact bool   `json:"exact"`
}
