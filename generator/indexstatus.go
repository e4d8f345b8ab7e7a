package generator

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// What is to be said of an index.
const (
	IndexLevel       = "level"       // it shows the current release and nothing withdrawn
	IndexBehind      = "behind"      // it shows another release, or holds withdrawn cases that searches leave out
	IndexNone        = "none"        // nothing has been indexed yet
	IndexUnknown     = "unknown"     // it does not say what it shows, or was made in another way
	IndexUnreachable = "unreachable" // it cannot be asked
)

// IndexStatus is what an index shows, and whether that is what it should show.
type IndexStatus struct {
	State    string `json:"state"`            // one of the constants
	Release  int    `json:"release"`          // whose documents it holds; zero: not known
	Cutoff   string `json:"cutoff,omitempty"` // of that release
	Docs     int    `json:"documents"`
	Missing  int    `json:"missing"`           // cases of the current release that cannot be found, at least
	Bytes    int64  `json:"bytes,omitempty"`   // on disk; zero where the engine does not say
	Indexing bool   `json:"indexing"`          // a change is under way, or was broken off
	Problem  string `json:"problem,omitempty"` // why it cannot be asked

	Err error `json:"-"` // the cause of Problem
}

// Status says what the index shows. It writes nothing, and an index that cannot
// be asked is no error.
func (x *Indexer) Status(ctx context.Context) (IndexStatus, error) {
	view, _, err := x.o.Releases.Refresh()
	if errors.Is(err, release.ErrNoRelease) {
		view, err = nil, nil
	}
	if err != nil {
		return IndexStatus{}, err
	}
	published := 0
	if view != nil {
		defer view.Close()
		if published, err = publishedDocs(view); err != nil {
			return IndexStatus{}, err
		}
	}
	stats, err := x.stats(ctx)
	if ctx.Err() != nil {
		return IndexStatus{}, ctx.Err()
	}
	s := IndexStatus{State: IndexUnknown, Docs: stats.Docs, Bytes: stats.Bytes, Indexing: stats.Indexing, Missing: max(0, published-stats.Docs)}
	switch {
	case errors.Is(err, search.ErrNoIndex):
		s.State = IndexNone
		return s, nil
	case err != nil:
		s.State, s.Err = IndexUnreachable, err
		s.Problem, _, _ = fault.Public(unusable(err))
		return s, nil
	}
	mark, err := search.ParseMark(stats.Mark)
	if err != nil {
		return s, nil
	}
	s.Release, s.Cutoff = mark.Release, mark.Cutoff
	s.Indexing = s.Indexing || len(mark.Toward) > 0
	switch {
	case view == nil || !known(mark, view):
	case level(mark, view) && stats.Docs == mark.Docs:
		// What a release lacks of its cases, because a page was set aside or
		// withdrawn since, is not the index's fault.
		s.State, s.Missing = IndexLevel, 0
	default:
		s.State = IndexBehind
	}
	return s, nil
}

// stats reads the state of the index.
func (x *Indexer) stats(ctx context.Context) (search.Stats, error) {
	engine, err := x.o.Read(ctx)
	if err != nil {
		return search.Stats{}, err
	}
	defer engine.Close() // only read: nothing can be lost
	return engine.Stats(ctx)
}

// publishedDocs returns how many cases the release says that it publishes in
// full; zero where it does not say.
func publishedDocs(v *release.View) (int, error) {
	e, state := v.Lookup(search.VocabularyPath)
	if state != release.Found {
		return 0, nil
	}
	b, err := v.Plain(e)
	if err != nil {
		return 0, err
	}
	var f search.VocabularyFile
	if err := json.Unmarshal(b, &f); err != nil {
		return 0, err
	}
	return f.Docs, nil
}
