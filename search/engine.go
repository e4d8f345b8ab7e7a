package search

import (
	"context"
	"errors"
	"iter"
)

// MaxWindow is how far results can be paged: Offset+Limit of a [Query] may not
// be larger. All hits, however many, come from [Engine.Each].
const MaxWindow = 10_000

// Errors of engines, to be found with errors.Is.
var (
	// ErrNoIndex: nothing has been indexed yet.
	ErrNoIndex = errors.New("search: there is no index yet")
	// ErrUnavailable: the index cannot be asked at the moment. An error that wraps it
	// may have a method RetryAfter() time.Duration: when to ask again, zero where that
	// is not known.
	ErrUnavailable = errors.New("search: the index cannot be reached")
	// ErrQuery: the query cannot be one, such as an unknown field or an offset
	// beyond MaxWindow. It is the caller's mistake.
	ErrQuery = errors.New("search: not a query")
	// ErrDoc: a document cannot be indexed; see [CheckDoc].
	ErrDoc = errors.New("search: not a document")
)

// Schema says which fields documents have. Names match ^[a-z][a-z0-9_]{0,31}$.
// It only changes with a Rebuild.
type Schema struct {
	Text    []string `json:"text"`    // searched and returned; the first is the title
	Keyword []string `json:"keyword"` // exact values: filter and facet
	Number  []string `json:"number"`  // range and sort
	Newest  string   `json:"newest"`  // the number field whose largest values come first by default
}

// Doc is a document. A field that is absent or, for Text and Keyword, empty has
// no value: it matches no filter, counts in no facet and sorts last in either
// direction.
type Doc struct {
	ID      string            `json:"id"`  // ^[A-Za-z0-9_-]{1,64}$
	Seq     int64             `json:"seq"` // unique; 1 to 2^53-1; fixed for the ID; of equal hits the larger comes first
	Text    map[string]string `json:"text,omitempty"`
	Keyword map[string]string `json:"keyword,omitempty"` // at most 200 bytes each
	Number  map[string]int64  `json:"number,omitempty"`  // within ±(2^53-1)
}

// Filter restricts a query to documents with a value in In (keyword fields), or
// within [Min, Max] (number fields; nil is open).
type Filter struct {
	Field    string
	In       []string
	Min, Max *int64
}

// Query is what engines answer. Terms must all match, each in any one text
// field; Not must match in none. Without terms every document is a hit. There is
// at most one Filter a field.
type Query struct {
	Terms   []string // at least one unit each, see [Units]
	Not     []string
	Fields  []string // text fields that Terms and Not look into; none: all
	Filters []Filter
	Hide    []string // IDs that do not exist for this query: withdrawn and not yet out of the index
	Facets  []string // keyword fields to be counted; see [Result]
	Sort    string   // "": title first; else a number field: ascending, or with a leading "-" descending
	Offset  int
	Limit   int // zero: only Total and Facets
}

// Hit is a document that was found, with all its fields.
type Hit struct {
	Doc
	InTitle bool // all terms match in the title (the first text field); false where the order does not ask for it
}

// Count is one value of a facet.
type Count struct {
	Value string `json:"value"`
	N     int    `json:"n"`
}

// Result is one page of hits.
//
// Order: with Sort "" hits with every term in the title come first, then the
// others, both by Schema.Newest descending. With a Sort field, by that field.
// Documents without a value come last; equal ones by Seq descending.
//
// Facets hold every value with at least one hit, largest first, equal ones by
// value. The counts of a field ignore the filter on that same field, so that a
// reader sees what else could be chosen.
type Result struct {
	Hits   []Hit
	Total  int
	Exact  bool // Total and Facets are counted and not estimated; always true on the embedded engine
	Facets map[string][]Count
}

// Stats is the state of an index.
type Stats struct {
	Docs       int
	Bytes      int64  // on disk; 0 where the engine does not say
	Mark       string // of the last Rebuild or Upsert that is complete
	Generation string // changes with each Rebuild
	Version    int64  // changes with each change that a search can see, and never goes back to an earlier value within a generation
	Indexing   bool   // a Rebuild or an unfinished change is under way
}

// Engine is an index. Search, Each and Stats are safe for concurrent use, also
// beside one writer, which may be another process. Rebuild, Upsert and Delete
// come from one process at a time but may be called by several goroutines.
// searchtest holds every engine to these promises.
type Engine interface {
	// Rebuild makes an index of docs beside the live one and then swaps it in;
	// a search sees the whole old one or the whole new one. An error, also one
	// that docs yields, leaves the live one. IDs deleted meanwhile stay deleted.
	// mark is kept and returned by Stats: at most 512 bytes that say what the
	// index now shows.
	Rebuild(ctx context.Context, s Schema, mark string, docs iter.Seq2[Doc, error]) error
	// Upsert adds documents, or replaces those with the same ID as a whole, and
	// returns when all of them can be found and mark is kept. An empty mark
	// leaves the last one. The same call twice changes nothing.
	Upsert(ctx context.Context, mark string, docs []Doc) error
	// Delete removes documents at once, also during a Rebuild. Unknown IDs are
	// no error.
	Delete(ctx context.Context, ids []string) error
	// Search returns one page.
	Search(ctx context.Context, q Query) (Result, error)
	// Each calls f once for every hit, however many, in the order of Seq
	// descending. Sort, Offset, Limit and Facets of q are not used. An error of
	// f ends it and is returned.
	Each(ctx context.Context, q Query, f func(Hit) error) error
	// Stats returns the state; its error is also the health check.
	Stats(ctx context.Context) (Stats, error)
	// Close lets go of files and connections.
	Close() error
}
