package meilitest

import (
	"fmt"
	"strconv"
	"time"
)

// The states of a task.
const (
	enqueued   = "enqueued"
	processing = "processing"
	succeeded  = "succeeded"
	failed     = "failed"
	canceled   = "canceled"
)

// Task is what tests may know of a task.
type Task struct {
	UID            int
	Index          string // empty for a task on several indexes
	Type           string
	Status         string // enqueued, processing, succeeded, failed or canceled
	Code           string // of the error of a failed task
	CustomMetadata string
}

// task is one task. Its work is done when it ends, all at once.
type task struct {
	Task
	work     func(t *task) *apiError
	details  map[string]any // a null of the open task is filled when it ends
	err      *apiError
	meta     *string
	canceler *int // the uid of the task that canceled it
	swapped  []string

	created, finished time.Time
	started           *time.Time
	hang              bool
	doomed            *apiError // what it will fail with
}

func (t *task) public() Task {
	p := t.Task
	if t.err != nil {
		p.Code = t.err.Code
	}
	if t.meta != nil {
		p.CustomMetadata = *t.meta
	}
	return p
}

func (t *task) over() bool { return t.Status != enqueued && t.Status != processing }

// enqueue adds a task and returns it. The index is empty for global tasks.
func (s *Server) enqueue(kind, index string, details map[string]any, work func(t *task) *apiError) *task {
	t := &task{
		Task:    Task{UID: len(s.tasks), Index: index, Type: kind, Status: enqueued},
		work:    work,
		details: details,
		created: s.o.Now().UTC(),
	}
	s.tasks = append(s.tasks, t)
	return t
}

// Tasks returns every task that has not been deleted, oldest first.
func (s *Server) Tasks() []Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Task
	for _, t := range s.tasks {
		if t != nil {
			all = append(all, t.public())
		}
	}
	return all
}

// Hold lets the task queue stand still until [Server.Release].
func (s *Server) Hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = true
}

// Release lets the task queue go on with each request again.
func (s *Server) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = false
}

// Step lets one task start, or the one in processing end, also while the queue is
// held. It reports whether something could.
func (s *Server) Step() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.step()
}

// Drain steps until nothing is left that can go on.
func (s *Server) Drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.step() {
	}
}

// advance is the share of one request: the task in processing ends and the next
// one starts.
func (s *Server) advance() {
	if s.held || s.stopped {
		return
	}
	if s.inProcessing() != nil {
		s.step()
	}
	if s.inProcessing() == nil {
		s.step()
	}
}

// inProcessing is the task at work. A cancelation runs beside another task, and
// comes first.
func (s *Server) inProcessing() *task {
	var at *task
	for _, t := range s.tasks {
		if t != nil && t.Status == processing && (at == nil || t.Type == "taskCancelation") {
			at = t
		}
	}
	return at
}

func (s *Server) step() bool {
	at := s.inProcessing()
	next := s.next()
	cancels := func(t *task) bool { return t != nil && t.Type == "taskCancelation" }
	switch {
	case at != nil && (cancels(at) || !cancels(next)):
		if at.hang {
			return false
		}
		s.end(at)
		return true
	case next != nil:
		s.begin(next)
		return true
	}
	return false
}

// urgency orders the types that do not wait for their turn.
var urgency = map[string]int{"taskCancelation": 3, "taskDeletion": 2, "indexCompaction": 1}

// next is the enqueued task that would start now.
func (s *Server) next() *task {
	var next *task
	for _, t := range s.tasks {
		if t != nil && t.Status == enqueued && (next == nil || urgency[t.Type] > urgency[next.Type]) {
			next = t
		}
	}
	return next
}

func (s *Server) begin(t *task) {
	now := s.o.Now().UTC()
	t.Status, t.started = processing, &now
	if f := s.taskFault(t); f != nil {
		t.hang, t.doomed = f.err == nil, f.err
	}
}

func (s *Server) end(t *task) {
	e := t.doomed
	if e == nil {
		e = t.work(t)
	}
	if e != nil {
		t.err = e
		s.finish(t, failed)
		return
	}
	s.finish(t, succeeded)
}

func (s *Server) finish(t *task, status string) {
	t.Status, t.hang = status, false
	t.finished = s.o.Now().UTC()
	for _, counted := range []string{"indexedDocuments", "deletedDocuments", "canceledTasks", "deletedTasks"} {
		if v, ok := t.details[counted]; ok && v == nil {
			t.details[counted] = 0
		}
	}
}

// summary is the answer to the request that made the task.
func (t *task) summary() map[string]any {
	m := map[string]any{
		"taskUid":    t.UID,
		"indexUid":   orNil(t.Index),
		"status":     enqueued,
		"type":       t.Type,
		"enqueuedAt": stamp(t.created),
	}
	if t.meta != nil {
		m["customMetadata"] = *t.meta
	}
	return m
}

// view is the task as GET /tasks shows it.
func (t *task) view() map[string]any {
	m := map[string]any{
		"uid":        t.UID,
		"batchUid":   nil,
		"indexUid":   orNil(t.Index),
		"status":     t.Status,
		"type":       t.Type,
		"canceledBy": nil,
		"details":    t.details,
		"error":      nil,
		"duration":   nil,
		"enqueuedAt": stamp(t.created),
		"startedAt":  nil,
		"finishedAt": nil,
	}
	if t.started != nil {
		m["batchUid"], m["startedAt"] = t.UID, stamp(*t.started)
	}
	if t.over() {
		m["finishedAt"] = stamp(t.finished)
		if t.started != nil {
			m["duration"] = duration(t.finished.Sub(*t.started))
		}
	}
	if t.err != nil {
		m["error"] = t.err
	}
	if t.canceler != nil {
		m["canceledBy"] = *t.canceler
	}
	if t.meta != nil {
		m["customMetadata"] = *t.meta
	}
	return m
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// duration writes ISO 8601, as in PT0.020510011S.
func duration(d time.Duration) string {
	return "PT" + strconv.FormatFloat(d.Seconds(), 'f', 9, 64) + "S"
}

// batch is what GET /batches shows; in the double every batch is one task.
func (t *task) batch() map[string]any {
	stats := map[string]any{
		"totalNbTasks":  1,
		"status":        map[string]int{t.Status: 1},
		"types":         map[string]int{t.Type: 1},
		"indexUids":     map[string]int{},
		"progressTrace": map[string]string{},
	}
	if t.Index != "" {
		stats["indexUids"] = map[string]int{t.Index: 1}
	}
	v := t.view()
	return map[string]any{
		"uid": t.UID, "progress": nil, "details": t.details, "stats": stats,
		"duration": v["duration"], "startedAt": v["startedAt"], "finishedAt": v["finishedAt"],
		"batchStrategy": fmt.Sprintf("created batch containing only task with id %d of type `%s` that cannot be batched with any other task.", t.UID, t.Type),
	}
}
