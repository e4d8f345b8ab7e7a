package meilitest

import (
	"net/http"
	"path"
	"strings"
)

// Match chooses requests.
type Match func(*http.Request) bool

// Any chooses every request.
func Any(*http.Request) bool { return true }

// Route chooses requests by method and path, as in "POST /indexes/*/search": a
// star stands for one element of the path, and for any method.
func Route(pattern string) Match {
	method, route, _ := strings.Cut(pattern, " ")
	return func(r *http.Request) bool {
		ok, err := path.Match(route, r.URL.Path)
		return ok && err == nil && (method == "*" || method == r.Method)
	}
}

// Fault is what happens to a request instead of its answer.
type Fault struct {
	Drop    bool        // the connection breaks without an answer
	Done    bool        // the request is carried out first, so that only the answer is lost
	Status  int         // of the answer; 0: the one of Code
	Code    string      // of the server's error object; empty: the answer is Body
	Message string      // of the error object
	Body    string      // as a proxy in front of the server would write it
	Header  http.Header // added to the answer
}

// Busy is the answer when too many searches wait.
func Busy() Fault {
	return Fault{
		Code:    "too_many_search_requests",
		Message: "Too many search requests running at the same time: 1000. Retry after 10s.",
		Header:  http.Header{"Retry-After": {"10"}},
	}
}

// QueueFull is the answer to a request that would need a task when the task
// database has no room left.
func QueueFull() Fault {
	return Fault{
		Code:    "no_space_left_on_device",
		Message: "Meilisearch cannot receive write operations because the limit of the task database has been reached. Please delete tasks to continue performing write operations.",
	}
}

type armedFault struct {
	left  int // requests; negative: for ever
	match Match
	fault Fault
}

// Fail lets the next n requests that match meet a fault; a negative n means all
// of them until [Server.Heal].
func (s *Server) Fail(n int, match Match, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &armedFault{n, match, f})
}

// Heal forgets all faults of requests and tasks. A task that hangs goes on.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.taskFaults = nil, nil
	for _, t := range s.tasks {
		if t != nil {
			t.hang = false
		}
	}
}

// fault finds and uses up the fault for a request, if there is one.
func (s *Server) fault(r *http.Request) *Fault {
	for _, a := range s.faults {
		if a.left != 0 && a.match(r) {
			a.left--
			return &a.fault
		}
	}
	return nil
}

// answer writes a fault. It panics with [http.ErrAbortHandler], as net/http wants
// it, to break the connection.
func (f *Fault) answer(w http.ResponseWriter) {
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	for name, values := range f.Header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	if f.Code == "" {
		w.WriteHeader(f.Status)
		w.Write([]byte(f.Body))
		return
	}
	e := refuse(f.Code, f.Message)
	status := f.Status
	if status == 0 {
		status = e.status()
	}
	writeJSON(w, status, encode(e))
}

// TaskMatch chooses tasks.
type TaskMatch func(Task) bool

// TaskType chooses tasks by type, such as "documentAdditionOrUpdate",
// "settingsUpdate" or "indexSwap".
func TaskType(name string) TaskMatch {
	return func(t Task) bool { return t.Type == name }
}

type armedTaskFault struct {
	left  int
	match TaskMatch
	err   *apiError // nil: the task hangs
}

// FailTask lets the next n tasks that match end as failed with this error, having
// changed nothing; a negative n means all of them until [Server.Heal]. Tasks that
// are enqueued already count, the one in processing does not.
func (s *Server) FailTask(n int, match TaskMatch, code, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taskFaults = append(s.taskFaults, &armedTaskFault{n, match, refuse(code, message)})
}

// HangTask lets the next n tasks that match stay in processing until they are
// canceled or the server restarts.
func (s *Server) HangTask(n int, match TaskMatch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taskFaults = append(s.taskFaults, &armedTaskFault{n, match, nil})
}

func (s *Server) taskFault(t *task) *armedTaskFault {
	for _, a := range s.taskFaults {
		if a.left != 0 && a.match(t.public()) {
			a.left--
			return a
		}
	}
	return nil
}

// Stop lets every connection break until [Server.Start]. Indexes and tasks are kept.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	for _, t := range s.tasks {
		if t != nil && t.Status == processing {
			t.Status, t.started, t.hang, t.doomed = enqueued, nil, false, nil
		}
	}
}

// Start ends [Server.Stop].
func (s *Server) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = false
}

// Restart is a crash and a start between two requests: the task in processing has
// done nothing and is enqueued again.
func (s *Server) Restart() {
	s.Stop()
	s.Start()
}
