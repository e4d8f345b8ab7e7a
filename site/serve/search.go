package serve

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/site/release"
)

// SearchOptions say how a site is searched. Only Engine is needed.
type SearchOptions struct {
	// Engine is the index. Without it nothing is searched, and the search page of
	// the release is shown as it is. It is only read, and not closed.
	Engine search.Engine
	// Helps are what answers may have above the engine. Release, Path and Hide are
	// set by the handler, and Synonymer where Synonyms is given.
	Helps search.SearcherOptions
	// Synonyms reads the names of offices that mean the same from the file of the
	// release. Without it, or where the release has no such file, Helps.Synonymer
	// is asked.
	Synonyms func(file []byte) (search.Synonymer, error)

	// Log takes a line when the search stops working and when it works again.
	// Default: that of the handler.
	Log *slog.Logger

	// TrustedProxies are the addresses of our own proxies, whose X-Forwarded-For
	// says who the client is. Without them it is never read.
	TrustedProxies []netip.Prefix
	// Client is how much one client may search. Default: 5 a second, 60 at once;
	// results as one types take several a second.
	Client Rate
	// All is how much all clients together may search. Default: 200 a second, 400
	// at once.
	All Rate
	// Exports is how many exports of every hit may be under way, half of them of
	// one client. Default: 4.
	Exports int
	// Timeout is how long one search may take. Default: 5 s.
	Timeout time.Duration
}

// The limits of an export: a client that takes no bytes for a while is cut off,
// and nothing runs for longer than this.
const (
	exportPatience = 30 * time.Second
	exportTimeout  = time.Hour
)

// stateTimeout is how long an index may take to say how it is: not longer than
// who watches over the program waits.
const stateTimeout = time.Second

// statsAge is how long the state of the index is taken for current.
const statsAge = 250 * time.Millisecond

// searching is the part of a handler that searches.
type searching struct {
	SearchOptions
	layout      *template.Template
	client, all *limiter
	exports     *slots
	look        [32]byte // changes with the program's own words and layout

	mu      sync.Mutex // guards what follows
	edition *edition   // of the view that was asked for last
	stats   search.Stats
	asOf    time.Time // zero: stats were never read
}

func newSearching(o SearchOptions, logger *slog.Logger) (*searching, error) {
	if o.Engine == nil {
		return nil, nil
	}
	for _, r := range []Rate{o.Client, o.All} {
		if r.PerSecond < 0 || r.Burst < 0 || (r.PerSecond == 0) != (r.Burst == 0) {
			return nil, fault.New("a limit of searches cannot be one", "give a rate above zero and a burst of at least one, or neither")
		}
	}
	if o.Client == (Rate{}) {
		o.Client = Rate{PerSecond: 5, Burst: 60}
	}
	if o.All == (Rate{}) {
		o.All = Rate{PerSecond: 200, Burst: 400}
	}
	if o.Log == nil {
		o.Log = logger
	}
	o.Engine = &watched{Engine: o.Engine, logger: o.Log}
	o.Exports = cmp.Or(o.Exports, 4)
	o.Timeout = cmp.Or(o.Timeout, 5*time.Second)
	if o.Exports < 0 || o.Timeout < 0 {
		return nil, fault.New("a limit of searches is negative", "leave it out for the default")
	}
	return &searching{
		SearchOptions: o, layout: template.Must(template.New("").Parse(resultsLayout)), look: ownLook(),
		client: newLimiter(o.Client, 1<<16), all: newLimiter(o.All, 1), exports: newSlots(o.Exports),
	}, nil
}

// editionOf returns what the release of a view says about search. It is read
// once; one that cannot be read is tried again by the next request.
func (s *searching) editionOf(view *release.View) (*edition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.edition != nil && s.edition.view == view {
		return s.edition, nil
	}
	e, err := s.newEdition(view)
	if err == nil {
		s.edition = e
	}
	return e, err
}

// statsOf returns the state of the index, asked for once in a while.
func (s *searching) statsOf(ctx context.Context, now time.Time) (search.Stats, error) {
	s.mu.Lock()
	stats, asOf := s.stats, s.asOf
	s.mu.Unlock()
	if !asOf.IsZero() && now.Sub(asOf) < statsAge {
		return stats, nil
	}
	stats, err := s.Engine.Stats(ctx)
	if err != nil {
		return stats, err
	}
	s.mu.Lock()
	s.stats, s.asOf = stats, now
	s.mu.Unlock()
	return stats, nil
}

// state is one word about the index for who watches over the program.
func (s *searching) state(ctx context.Context, now time.Time) string {
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	switch _, err := s.statsOf(ctx, now); {
	case err == nil:
		return "ok"
	case errors.Is(err, search.ErrNoIndex):
		return "no-index"
	}
	return "unavailable"
}

// The addresses of search, below the folder of a language.
const (
	searchPage = "search"
	asJSON     = "search.json"
	asCSV      = "search.csv"
	asJSONL    = "search.jsonl"
	asAtom     = "search.atom"
	openSearch = "search/opensearch.xml"
	openAPI    = "search/openapi.yaml"
)

// languageFolders are the folders of pages in another language than the office's.
func languageFolders() []string { return []string{"en/", "zh-CN/"} }

// route splits the name of a file into the folder of a language and an address
// of search, which it reports false for if it is none.
func route(name string) (folder, what string, ok bool) {
	folder, what = "", name
	for _, f := range languageFolders() {
		if rest, below := strings.CutPrefix(name, f); below {
			folder, what = f, rest
		}
	}
	switch what {
	case searchPage, search.PagePath, asJSON, asCSV, asJSONL, asAtom, openSearch, openAPI:
		return folder, what, true
	}
	return "", "", false
}

// isPage says whether an address of search is a page; the others are data.
func isPage(what string) bool { return what == searchPage || what == search.PagePath }
