package meili_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/meili"
	"github.com/huiyin/huiyin/search/meili/meilitest"
)

const masterKey = "made-up-master-key-0001"

// secret is in every text of the documents of these tests, and in no error.
const secret = "夜间施工"

var schema = search.Schema{
	Text: []string{"title", "reply"}, Keyword: []string{"unit"}, Number: []string{"day"}, Newest: "day",
}

// T is what both kinds of tests have.
type T interface {
	Fatalf(format string, args ...any)
	Cleanup(f func())
	Context() context.Context
}

// stand is a double at an address, what lies between it and the engines, and
// options for these.
type stand struct {
	double *meilitest.Server
	o      meili.Options
	keys   meili.Keys

	mu      sync.Mutex
	now     time.Time
	onSleep func(slept time.Duration) // called whenever time passes, without mu
	onSend  func(*http.Request)       // called before each request, without mu
	onReply func(*http.Response)      // called after each request, without mu
	sent    []string                  // method and path of each request
}

func newStand(t T, server meilitest.Options, o meili.Options) *stand {
	server.MasterKey = masterKey
	s := &stand{double: meilitest.New(server), now: time.Unix(1_800_000_000, 0)}
	web := httptest.NewServer(s.double)
	t.Cleanup(web.Close)
	s.o = o
	s.o.URL, s.o.Now, s.o.Sleep, s.o.Transport = web.URL, s.time, s.sleep, s
	if server.Version == "" {
		keys, err := meili.Provision(t.Context(), s.o, masterKey)
		if err != nil {
			t.Fatalf("provision: %v", err)
		}
		s.keys, s.o.Key = keys, keys.Publish
	} else {
		s.o.Key = masterKey
	}
	s.sent = nil
	return s
}

// time stands still but for sleep.
func (s *stand) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stand) sleep(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	s.now = s.now.Add(d)
	slept, f := s.now.Sub(time.Unix(1_800_000_000, 0)), s.onSleep
	s.mu.Unlock()
	if f != nil {
		f(slept)
	}
	return ctx.Err()
}

func (s *stand) slept() time.Duration { return s.time().Sub(time.Unix(1_800_000_000, 0)) }

// RoundTrip sends a request on.
func (s *stand) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.sent = append(s.sent, r.Method+" "+r.URL.Path)
	before, after := s.onSend, s.onReply
	s.mu.Unlock()
	if before != nil {
		before(r)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && after != nil {
		after(res)
	}
	return res, err
}

// count returns how many requests began so.
func (s *stand) count(prefix string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, sent := range s.sent {
		if strings.HasPrefix(sent, prefix) {
			n++
		}
	}
	return n
}

// edit lets f change the body of the requests that match.
func (s *stand) edit(match meilitest.Match, f func(body string) string) {
	s.onSend = func(r *http.Request) {
		if !match(r) {
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		changed := f(string(body))
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(changed)), int64(len(changed))
		r.GetBody = nil
	}
}

func (s *stand) open(t T) *meili.Engine {
	e, err := meili.New(s.o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func (s *stand) reader(t T) *meili.Engine {
	o := s.o
	o.Key = s.keys.Search
	e, err := meili.NewReader(o)
	if err != nil {
		t.Fatalf("open for reading: %v", err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// filled returns an engine whose index holds documents 1 to n.
func (s *stand) filled(t *testing.T, n int) *meili.Engine {
	t.Helper()
	e := s.open(t)
	if err := e.Rebuild(t.Context(), schema, "first", all(made(n, "甲")...)); err != nil {
		t.Fatal(err)
	}
	return e
}

// made returns n documents with a word of their own.
func made(n int, word string) []search.Doc {
	var docs []search.Doc
	for i := 1; i <= n; i++ {
		docs = append(docs, search.Doc{
			ID: fmt.Sprintf("c-%d", i), Seq: int64(i),
			Text:    map[string]string{"title": word + secret, "reply": "第" + fmt.Sprint(i) + "件"},
			Keyword: map[string]string{"unit": word},
			Number:  map[string]int64{"day": int64(i % 7)},
		})
	}
	return docs
}

func all(docs ...search.Doc) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// at calls f before document n is taken.
func at(n int, f func(), docs ...search.Doc) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for i, d := range docs {
			if i == n {
				f()
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// has wants the index to hold n documents of a word, and nothing else, and to
// say that nothing is under way.
func has(t *testing.T, e search.Engine, n int, word, mark string) {
	t.Helper()
	r, err := e.Search(t.Context(), search.Query{Terms: []string{word}, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != n || !r.Exact || s.Docs != n || s.Mark != mark || s.Indexing {
		t.Errorf("%d documents of %q (exact: %v), stats %+v; want %d, mark %q and nothing under way", r.Total, word, r.Exact, s, n, mark)
	}
}

// fails wants an error that wraps target and says what was asked for, and that
// holds neither a text nor a key.
func (s *stand) fails(t *testing.T, err, target error, says ...string) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("error %v, want %v", err, target)
	}
	for _, part := range says {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
	for _, hidden := range []string{secret, "h591c", masterKey, s.keys.Publish, s.keys.Search, "<html>"} {
		if hidden != "" && strings.Contains(err.Error(), hidden) {
			t.Errorf("error %q holds %q", err, hidden)
		}
	}
}

var documents = meilitest.Route("POST /indexes/cases*/documents")

// These choose requests and tasks about documents of an index and not about its
// state.
var (
	upload = func(r *http.Request) bool {
		return documents(r) && !strings.Contains(r.URL.Path, "state")
	}
	addition = func(t meilitest.Task) bool {
		return t.Type == "documentAdditionOrUpdate" && !strings.Contains(t.Index, "state")
	}
	deletion = meilitest.TaskType("documentDeletion")
	swapping = meilitest.TaskType("indexSwap")
)
