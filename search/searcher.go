package search

import (
	"context"
)

// Crosser tells whether the words of a text meet within one of its stretches,
// so that what was found there is no word: 和服 in 产品和服务. Start and end are
// in bytes, on rune boundaries. It is safe for concurrent use.
type Crosser interface {
	Crossing(text string, start, end int) bool
}

// Suggester returns words that may have been meant by one that is rarely or
// never found, best first. It is safe for concurrent use.
type Suggester interface {
	Suggest(word string) []string
}

// Questioner returns the words that carry the meaning of a question such as
// 公积金怎么提取, and false when it is none. It is safe for concurrent use.
type Questioner interface {
	Question(q string) ([]string, bool)
}

// Synonymer returns other names of what a word names: 住房和城乡建设局 for 住建局.
// It is safe for concurrent use.
type Synonymer interface {
	Expand(word string) []string
}

// SearcherOptions is what a Searcher may have. All can be left out.
type SearcherOptions struct {
	Release    int // the release that the site shows; zero: not known
	Crosser    Crosser
	Suggester  Suggester
	Questioner Questioner
	Synonymer  Synonymer
	Path       func(typ, id string) string // address of a document's page; nil: case/ID.html
	Hide       func() []string             // IDs that are withdrawn and may still be in the index; nil: none
	Facets     []string                    // keyword fields that are counted; nil: all that readers filter by
}

// Searcher answers requests from an engine, with everything that is the same
// for all engines. It is cheap to make, so one is made for each release. It is
// safe for concurrent use.
type Searcher struct {
	engine     Engine
	vocabulary *Vocabulary
	o          SearcherOptions
}

// NewSearcher returns a searcher over an engine. v may be nil: values are then
// called by their identifiers.
func NewSearcher(e Engine, v *Vocabulary, o SearcherOptions) *Searcher {
	return &Searcher{engine: e, vocabulary: v, o: o}
}

// Search answers one page. Its error is a [*RequestError] when the reader can
// mend it, else one of the engine (see [ErrNoIndex] and [ErrUnavailable]).
func (s *Searcher) Search(ctx context.Context, r Request) (Answer, error) {
	return Answer{}, ErrNoIndex
}

// Each calls f once for every hit of a request, however many, the last numbers
// first. Page, order and helps play no part. An error of f ends it.
func (s *Searcher) Each(ctx context.Context, r Request, f func(AnswerHit) error) error {
	return ErrNoIndex
}

// State returns what the index shows. Its error is also the health check.
func (s *Searcher) State(ctx context.Context) (IndexState, error) { return IndexState{}, ErrNoIndex }

// Version returns a word that changes whenever an answer may: it belongs into
// ETags, joined with the name of the release.
func (s *Searcher) Version(ctx context.Context) (string, error) { return "", ErrNoIndex }
