package search

import (
	"html/template"
)

// Answer is what a reader gets for a [Request]: one page, and what helps on.
type Answer struct {
	Request Request // as asked, with page and per_page filled in
	Index   IndexState
	Total   int
	Exact   bool // Total and the counts of facets are counted and not estimated
	Hits    []AnswerHit
	Terms   []string // what was sought, for marking it elsewhere
	Browse  bool     // nothing was asked for but filters: Hits are the newest

	Number     string // a case number in the query; whether there is such a case is not known here
	NumberPath string // its address

	Chosen []Chosen // filters that are in force, wherever they come from
	Facets []Facet
	Tabs   []Tab // kinds of documents with their counts, if there are several
	Notes  []Note

	Page, Pages int // this page, and the last that can be turned to, both from 1
	Prev, Next  *Request

	Suggestions []Offer  // did you mean; only for few hits; each has hits
	Synonyms    []Offer  // other names of the same office; each has hits
	Instead     *Instead // hits for the words of a question that has none itself
	Help        *Help    // only for no hits
}

// IndexState is what the index shows at the moment.
type IndexState struct {
	Docs    int    // documents that can be found
	Release int    // the release that it shows
	Cutoff  string // cut-off of that release like 2026-11-20; "": not known
	Missing int    // documents that the release has and the index has not yet
	Behind  bool   // the site shows a later release than the index
}

// AnswerHit is a document that was found, ready to be shown.
type AnswerHit struct {
	Doc
	Path      string        // address of its page, relative to the root of the site
	Title     template.HTML // marked
	Snippet   template.HTML // marked, of the text field SnippetOf
	SnippetOf string
	Type      Named
	Unit      Named
	Area      Named
	Topic     Named
	Channel   Named
	Kind      Named
	Status    Named
	Rating    Named
	Received  string // day like 2026-11-20; "": not known
	Replied   string // day of reply; "": not known
	Days      int64  // whole days from receipt to reply; -1: not known
	Crossing  bool   // a word was found only where two other words meet, as 和服 in 产品和服务
}

// Named is a value of a keyword field with its names. ID "" is no value.
type Named struct {
	ID   string
	Name Label
}

// Chosen is a filter that is in force.
type Chosen struct {
	Field   string
	Name    Label   // of the value or the range of days
	Without Request // the same search without it
}

// Facet is a keyword field with the values that could be chosen.
type Facet struct {
	Field  string
	Name   Label
	Tree   bool
	Values []FacetValue // of a tree: the top
}

// FacetValue is one value of a facet.
type FacetValue struct {
	ID       string
	Name     Label
	N        int  // hits with it, or with a value below it, were it the only choice in its field
	Chosen   bool // itself
	Within   bool // something below it is chosen
	Children []FacetValue

	field string
	ask   *asker
}

// Toggle returns the search with the value chosen or, when it is, without it.
// In a tree, a choice replaces those above and below it. What the query says
// about the field goes on as a choice.
func (v FacetValue) Toggle() Request { return v.ask.toggle(v.field, v.ID, v.Chosen) }

// asker makes the requests of facets.
type asker struct {
	request    Request
	vocabulary *Vocabulary
}

func (a *asker) toggle(field, id string, chosen bool) Request {
	r := a.request.Without(field, id)
	if chosen {
		return r
	}
	for _, other := range a.vocabulary.above(field, id) {
		r = r.Without(field, other)
	}
	for _, other := range a.vocabulary.below(field, id) {
		r = r.Without(field, other)
	}
	return r.With(field, id)
}

// Tab is one kind of documents.
type Tab struct {
	Type    string // "": all
	Name    Label
	N       int
	Chosen  bool
	Request Request
}

// Offer is another search that has hits.
type Offer struct {
	Word    string // the word that it changes; "": the query as a whole
	With    string // what it puts there; "" for the query as a whole, which Request has
	Request Request
	Total   int
	Exact   bool
}

// Instead is the search for the words of a question.
type Instead struct {
	Terms   []string
	Request Request
	Total   int
	Exact   bool
	Hits    []AnswerHit // the first page
}

// Help says why there may be no hits.
type Help struct {
	Words      []WordCount // hits of each word alone, in the order of the query
	Unfiltered *Offer      // the same words without filters and days
}

// WordCount is how often a word is found alone, without any filter.
type WordCount struct {
	Word  string
	Total int
	Exact bool
}

// Note is something that a reader must know about how her search was read or
// answered. Text may repeat what she typed and does not belong into a log; Code
// does not.
type Note struct {
	Code string // stable; see the constants
	Text Label
}

// The codes of notes.
const (
	NoteNoTerms     = "no-terms"      // nothing that was typed can be searched, and there is no filter: no hits
	NoteOnlyNot     = "only-not"      // words are only excluded, and there is no filter: no hits
	NoteDropped     = "dropped"       // a word without letters and digits, or a name with nothing behind it, was left out
	NoteOneField    = "one-field"     // a text field named before one word holds for all words
	NoteUnknown     = "unknown-value" // a filter names a value that does not exist: no hits, unless another value of the field is named
	NoteSeveral     = "several"       // a filter names several values: any of them
	NoteContradicts = "contradicts"   // two filters on one field share no value: no hits
	NoteCrossing    = "crossing"      // some of the first hits were put behind the others
	NoteEstimate    = "estimate"      // the total is an estimate
	NoteWindow      = "window"        // there are more hits than pages show
)
