package meili

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// form is the way in which documents are written; see the package comment.
// Another number means that only a Rebuild can make use of what is there.
const form = 1

// patience is how often a question is asked again because the index changed
// meanwhile.
const patience = 6

// state says what the documents of an index are. It is the only document of the
// index of states.
type state struct {
	ID         string         `json:"id"` // always stateID
	Form       int            `json:"form"`
	Building   bool           `json:"building"` // a Rebuild is at work here
	Changing   bool           `json:"changing"` // a change has begun and not been seen to end
	Schema     search.Schema  `json:"schema"`
	Mark       string         `json:"mark"`
	Generation string         `json:"generation"`
	Version    int64          `json:"version"`
	Parts      map[string]int `json:"parts"` // by text field: the most fields that a text takes; the server refuses to look into fields that it has never seen
}

const stateID = "state"

// line returns the state as a line of JSON.
func (s state) line() (line, error) {
	s.ID, s.Form = stateID, form
	b, err := json.Marshal(s)
	return line{id: stateID, text: b}, err
}

// decodeState returns the state that a search of its index has found.
func decodeState(hits meilisearch.Hits) (state, error) {
	var s state
	if len(hits) == 0 {
		return s, search.ErrNoIndex
	}
	if err := hits[0].DecodeInto(&s); err != nil || s.Form != form {
		return state{}, fmt.Errorf("%w: what is on the server was written by another version of this program; rebuild the index (huiyin index rebuild)", search.ErrNoIndex)
	}
	if s.Building {
		return s, search.ErrNoIndex
	}
	return s, nil
}

func stateQuery(uid string) *meilisearch.SearchRequest {
	return &meilisearch.SearchRequest{IndexUID: uid, Limit: 1}
}

func countOf(uid string) *meilisearch.SearchRequest {
	var none int64
	return &meilisearch.SearchRequest{IndexUID: uid, HitsPerPage: &none, Page: 1}
}

// view is what the server answered to queries of one generation.
type view struct {
	state   state
	answers []meilisearch.SearchResponse
	steady  bool // nothing changed between the first answer and the last
}

// ask asks about documents in one request. The state is asked before and after
// them, so that all answers are of one generation.
func (e *Engine) ask(ctx context.Context, at place, queries []*meilisearch.SearchRequest) (view, error) {
	all := append([]*meilisearch.SearchRequest{stateQuery(at.state)}, queries...)
	all = append(all, stateQuery(at.state))
	for range patience {
		answers, err := e.c.search(ctx, all)
		if err != nil {
			return view{}, err
		}
		before, err := decodeState(answers[0].Hits)
		if err != nil {
			return view{}, err
		}
		after, err := decodeState(answers[len(answers)-1].Hits)
		if err != nil {
			return view{}, err
		}
		if before.Generation == after.Generation {
			steady := before.Version == after.Version && !before.Changing
			return view{before, answers[1 : len(answers)-1], steady}, nil
		}
	}
	return view{}, fmt.Errorf("%w: meili: the index is being replaced again and again", search.ErrUnavailable)
}

// peek returns the state at a place, also one that is being built.
func (e *Engine) peek(ctx context.Context, at place) (state, error) {
	answers, err := e.c.search(ctx, []*meilisearch.SearchRequest{stateQuery(at.state)})
	if err != nil {
		return state{}, err
	}
	s, err := decodeState(answers[0].Hits)
	if err != nil && s.Building {
		return s, nil
	}
	return s, err
}

// current returns the state of the live index as last seen, and asks only when
// none has been seen yet.
func (e *Engine) current(ctx context.Context) (state, error) {
	e.mu.Lock()
	known := e.known
	e.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	return e.refresh(ctx)
}

// refresh asks for the state of the live index.
func (e *Engine) refresh(ctx context.Context) (state, error) {
	s, err := e.peek(ctx, e.live())
	if err != nil {
		if errors.Is(err, search.ErrNoIndex) {
			e.remember(nil)
		}
		return state{}, err
	}
	e.remember(&s)
	return s, nil
}

// reread is refresh for who writes, and so can wait for a server that is down.
func (e *Engine) reread(ctx context.Context) (s state, err error) {
	err = e.c.repeat(ctx, "look at the live index", func(ctx context.Context) (err error) {
		s, err = e.refresh(ctx)
		return err
	})
	return s, err
}

func (e *Engine) remember(s *state) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.known = s
}
