package meilitest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options say what kind of server it is. The zero value is one without keys.
type Options struct {
	MasterKey    string           // empty: no request needs a key, and there are none
	PayloadLimit int64            // bytes of a body; 0: 100 MiB
	BreakPipe    bool             // a larger body breaks the connection, as a client sees it that is still writing
	Words        []string         // Han words that the tokeniser keeps whole; see the package comment
	CapTotals    bool             // totals stop at maxTotalHits, as those of servers before 1.47 do
	Version      string           // empty: 1.50.0
	Now          func() time.Time // nil: a clock of its own, the same each time; also decides whether a key has expired

	// Observe is called with every answer but faults, also those that are lost,
	// one after the other; see [Description.Check].
	Observe func(r *http.Request, status int, body []byte)
}

// Server is the double. All methods are safe for concurrent use; requests are
// carried out one after the other.
type Server struct {
	o      Options
	words  map[string]bool
	routes []route

	mu         sync.Mutex
	vocabulary map[string]uint32 // a number for each word of a document
	indexes    map[string]*index
	keys       []*key
	tasks      []*task // by uid; a deleted one is nil
	held       bool
	stopped    bool
	faults     []*armedFault
	taskFaults []*armedTaskFault
	searches   int // searches answered; makes their uids
}

// New returns a server without indexes.
func New(o Options) *Server {
	if o.PayloadLimit == 0 {
		o.PayloadLimit = 100 << 20
	}
	if o.Version == "" {
		o.Version = "1.50.0"
	}
	if o.Now == nil {
		o.Now = newClock()
	}
	s := &Server{o: o, words: map[string]bool{}, routes: routes(), indexes: map[string]*index{}, vocabulary: map[string]uint32{}}
	for _, w := range o.Words {
		s.words[w] = true
	}
	s.defaultKeys()
	return s
}

// newClock returns a clock that stands at the beginning of 2026 and goes on by a
// millisecond whenever somebody looks at it.
func newClock() func() time.Time {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Millisecond)
		return now
	}
}

// request is what a handler gets: an authorised request with its body read.
type request struct {
	*http.Request
	body    []byte
	query   url.Values
	params  []string // what the stars of the route stand for
	allowed indexRights
}

// reply is what a handler gives: either an error or a body.
type reply struct {
	status int
	body   any
	err    *apiError
	allow  []string // methods, with 405
	text   []byte   // the body in JSON
}

func ok(body any) reply             { return reply{status: http.StatusOK, body: body} }
func fail(e *apiError) reply        { return reply{err: e} }
func accepted(t *task) reply        { return reply{status: http.StatusAccepted, body: t.summary()} }
func (r reply) changed(n int) reply { r.status = n; return r }

type handler func(*Server, *request) reply

// route is one path with its methods; a star is one element. An empty action
// needs no key.
type route struct {
	pattern string
	methods []method
}

type method struct {
	name   string
	action string
	handle handler
}

// routes lists what the double answers. Routes of the server that are not here
// answer 404, as one that does not exist.
func routes() []route {
	return []route{
		{"/health", []method{{"GET", "", (*Server).health}}},
		{"/version", []method{{"GET", "version", (*Server).version}}},
		{"/stats", []method{{"GET", "stats.get", (*Server).allStats}}},
		{"/indexes", []method{{"GET", "indexes.get", (*Server).listIndexes}, {"POST", "indexes.create", (*Server).createIndex}}},
		{"/indexes/*", []method{{"GET", "indexes.get", (*Server).getIndex}, {"PATCH", "indexes.update", (*Server).updateIndex}, {"DELETE", "indexes.delete", (*Server).deleteIndex}}},
		{"/indexes/*/stats", []method{{"GET", "stats.get", (*Server).indexStats}}},
		{"/indexes/*/compact", []method{{"POST", "indexes.compact", (*Server).compactIndex}}},
		{"/indexes/*/settings", []method{{"GET", "settings.get", (*Server).getSettings}, {"PATCH", "settings.update", (*Server).patchSettings}, {"DELETE", "settings.update", (*Server).resetSettings}}},
		{"/indexes/*/settings/*", []method{{"GET", "settings.get", (*Server).getSetting}, {"PUT", "settings.update", (*Server).setSetting}, {"PATCH", "settings.update", (*Server).setSetting}, {"DELETE", "settings.update", (*Server).resetSetting}}},
		{"/indexes/*/documents", []method{{"GET", "documents.get", (*Server).listDocuments}, {"POST", "documents.add", (*Server).addDocuments}, {"PUT", "documents.add", (*Server).addDocuments}, {"DELETE", "documents.delete", (*Server).clearDocuments}}},
		{"/indexes/*/documents/fetch", []method{{"POST", "documents.get", (*Server).fetchDocuments}}},
		{"/indexes/*/documents/delete", []method{{"POST", "documents.delete", (*Server).deleteByFilter}}},
		{"/indexes/*/documents/delete-batch", []method{{"POST", "documents.delete", (*Server).deleteBatch}}},
		{"/indexes/*/documents/*", []method{{"GET", "documents.get", (*Server).getDocument}, {"DELETE", "documents.delete", (*Server).deleteDocument}}},
		{"/indexes/*/search", []method{{"GET", "search", (*Server).searchGet}, {"POST", "search", (*Server).searchPost}}},
		{"/indexes/*/facet-search", []method{{"POST", "search", (*Server).facetSearch}}},
		{"/multi-search", []method{{"POST", "search", (*Server).multiSearch}}},
		{"/swap-indexes", []method{{"POST", "indexes.swap", (*Server).swapIndexes}}},
		{"/tasks", []method{{"GET", "tasks.get", (*Server).listTasks}, {"DELETE", "tasks.delete", (*Server).deleteTasks}}},
		{"/tasks/cancel", []method{{"POST", "tasks.cancel", (*Server).cancelTasks}}},
		{"/tasks/*", []method{{"GET", "tasks.get", (*Server).getTask}}},
		{"/batches", []method{{"GET", "tasks.get", (*Server).listBatches}}},
		{"/batches/*", []method{{"GET", "tasks.get", (*Server).getBatch}}},
		{"/keys", []method{{"GET", "keys.get", (*Server).listKeys}, {"POST", "keys.create", (*Server).createKey}}},
		{"/keys/*", []method{{"GET", "keys.get", (*Server).getKey}, {"PATCH", "keys.update", (*Server).updateKey}, {"DELETE", "keys.delete", (*Server).deleteKey}}},
	}
}

// ServeHTTP answers one request and then lets the task queue go on by one. To
// break a connection it panics with [http.ErrAbortHandler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The body is read without the lock: a client may be slow.
	body, tooLarge := s.readBody(w, r)
	if tooLarge && s.o.BreakPipe {
		panic(http.ErrAbortHandler)
	}
	rep, f := s.serve(r, body, tooLarge)
	if f != nil {
		f.answer(w)
		return
	}
	rep.write(w)
}

// serve does the work of a request under the lock, so that a client that reads
// slowly holds up nobody. It returns the fault that takes the answer's place.
func (s *Server) serve(r *http.Request, body []byte, tooLarge bool) (reply, *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return reply{}, &Fault{Drop: true}
	}
	f := s.fault(r)
	if f != nil && !f.Done {
		return reply{}, f
	}
	rep := s.dispatch(r, body, tooLarge)
	switch {
	case rep.err != nil:
		rep.status, rep.text = rep.err.status(), encode(rep.err)
	case rep.body != nil:
		rep.text = encode(rep.body)
	}
	if s.o.Observe != nil {
		s.o.Observe(r, rep.status, rep.text)
	}
	s.advance()
	return rep, f
}

func (s *Server) readBody(w http.ResponseWriter, r *http.Request) (body []byte, tooLarge bool) {
	from := io.Reader(http.MaxBytesReader(w, r.Body, s.o.PayloadLimit))
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(from)
		if err != nil {
			return nil, false
		}
		from = z
	}
	body, err := io.ReadAll(from)
	var limit *http.MaxBytesError
	return body, errors.As(err, &limit)
}

func (r reply) write(w http.ResponseWriter) {
	if r.text != nil {
		writeJSON(w, r.status, r.text)
		return
	}
	if r.allow != nil {
		w.Header().Set("Allow", strings.Join(r.allow, ", "))
	}
	w.WriteHeader(r.status)
}

// dispatch finds the route, asks whether the key may, and calls the handler.
func (s *Server) dispatch(r *http.Request, body []byte, tooLarge bool) reply {
	for _, rt := range s.routes {
		params, ok := rt.match(r.URL.EscapedPath())
		if !ok {
			continue
		}
		i := slices.IndexFunc(rt.methods, func(m method) bool { return m.name == r.Method })
		if i < 0 {
			var allow []string
			for _, m := range rt.methods {
				allow = append(allow, m.name)
			}
			return reply{status: http.StatusMethodNotAllowed, allow: allow}
		}
		m := rt.methods[i]
		rights := indexRights{all: true}
		if m.action != "" {
			var e *apiError
			uid := ""
			if strings.HasPrefix(rt.pattern, "/indexes/*") {
				uid = params[0]
			}
			if rights, e = s.authorise(r, m.action, uid); e != nil {
				return fail(e)
			}
		}
		if tooLarge {
			return fail(refuse("payload_too_large", fmt.Sprintf("The provided payload reached the size limit. The maximum accepted payload size is %s.", humanBytes(s.o.PayloadLimit))))
		}
		return m.handle(s, &request{Request: r, body: body, query: r.URL.Query(), params: params, allowed: rights})
	}
	return reply{status: http.StatusNotFound}
}

func (rt route) match(path string) (params []string, ok bool) {
	want, have := strings.Split(rt.pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	for i, w := range want {
		switch {
		case w == "*":
			p, err := url.PathUnescape(have[i])
			if err != nil || p == "" {
				return nil, false
			}
			params = append(params, p)
		case w != have[i]:
			return nil, false
		}
	}
	return params, true
}

// needJSON refuses a body of another type.
func (r *request) needJSON() *apiError {
	return r.needType("application/json")
}

func (r *request) needType(types ...string) *apiError {
	got, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if slices.Contains(types, strings.TrimSpace(got)) {
		return nil
	}
	return refuse("invalid_content_type", fmt.Sprintf("The Content-Type `%s` is invalid. Accepted values for the Content-Type header are: %s", got, ticked(types)))
}

// decode reads a JSON body of the given form.
func (r *request) decode(want check, into any) *apiError {
	if e := r.needJSON(); e != nil {
		return e
	}
	return decodeBody(r.body, want, into)
}

// onlyParams refuses query parameters that the route does not have.
func (r *request) onlyParams(names ...string) *apiError {
	for _, name := range sortedKeys(r.query) {
		if !slices.Contains(names, name) {
			return unknownName("parameter", "", name, names)
		}
	}
	return nil
}

func (s *Server) health(*request) reply {
	return ok(map[string]string{"status": "available"})
}

func (s *Server) version(*request) reply {
	return ok(map[string]string{"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": s.o.Version})
}

// humanBytes writes a size as the server does, such as 1 MiB.
func humanBytes(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB"}
	i := 0
	f := float64(n)
	for f >= 1024 && i < len(units)-1 {
		f /= 1024
		i++
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", f), "0"), ".") + " " + units[i]
}

// isEmpty tells a body of nothing from one of something.
func isEmpty(body []byte) bool { return len(bytes.TrimSpace(body)) == 0 }
