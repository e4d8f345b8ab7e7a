package meilitest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// taskFilter is what the parameters of /tasks choose.
type taskFilter struct {
	uids, cancelers          map[int]bool
	statuses, types, indexes []string
	before, after            map[string]time.Time // by Enqueued, Started, Finished
}

var taskStatuses = []string{enqueued, processing, succeeded, failed, canceled}

var taskTypes = strings.Fields(`documentAdditionOrUpdate documentEdition documentDeletion settingsUpdate indexCreation
	indexDeletion indexUpdate indexSwap taskCancelation taskDeletion dumpCreation snapshotCreation export upgradeDatabase
	indexCompaction`)

var taskFilters = strings.Fields(`uids indexUids statuses types canceledBy beforeEnqueuedAt afterEnqueuedAt
	beforeStartedAt afterStartedAt beforeFinishedAt afterFinishedAt`)

// taskFilter reads the parameters, of which also may be others.
func (r *request) taskFilter(others ...string) (taskFilter, *apiError) {
	f := taskFilter{before: map[string]time.Time{}, after: map[string]time.Time{}}
	if e := r.onlyParams(append(others, taskFilters...)...); e != nil {
		return f, e
	}
	var e *apiError
	for _, numbers := range []struct {
		name, code string
		into       *map[int]bool
	}{{"uids", "invalid_task_uids", &f.uids}, {"batchUids", "invalid_batch_uids", &f.uids}, {"canceledBy", "invalid_task_canceled_by", &f.cancelers}} {
		for _, v := range r.commas(numbers.name) {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 {
				return f, refuse(numbers.code, fmt.Sprintf("Invalid value in parameter `%s`: could not parse `%s` as a positive integer", numbers.name, v))
			}
			if *numbers.into == nil {
				*numbers.into = map[int]bool{}
			}
			(*numbers.into)[n] = true
		}
	}
	if f.statuses, e = r.words("statuses", "invalid_task_statuses", "task status", "statuses", taskStatuses); e != nil {
		return f, e
	}
	if f.types, e = r.words("types", "invalid_task_types", "task type", "types", taskTypes); e != nil {
		return f, e
	}
	f.indexes = r.commas("indexUids")
	for _, uid := range f.indexes {
		if !validUID.MatchString(uid) {
			return f, refuse("invalid_index_uid", "Invalid value in parameter `indexUids`: "+badUID(uid))
		}
	}
	for _, when := range []string{"Enqueued", "Started", "Finished"} {
		for side, into := range map[string]map[string]time.Time{"before": f.before, "after": f.after} {
			name := side + when + "At"
			v := r.query.Get(name)
			if v == "" || v == "*" {
				continue
			}
			t, err := parseTime(v)
			if err != nil {
				return f, refuse("invalid_task_"+side+"_"+strings.ToLower(when)+"_at", fmt.Sprintf("Invalid value in parameter `%s`: `%s` is an invalid date-time. It should follow the YYYY-MM-DD or RFC 3339 date-time format.", name, v))
			}
			into[when] = t
		}
	}
	return f, nil
}

// commas splits a list parameter; a star is no choice at all.
func (r *request) commas(name string) []string {
	v := r.query.Get(name)
	if v == "" || v == "*" {
		return nil
	}
	return strings.Split(v, ",")
}

func (r *request) words(name, code, what, plural string, known []string) ([]string, *apiError) {
	var words []string
	for _, v := range r.commas(name) {
		i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, v) })
		if i < 0 {
			return nil, refuse(code, fmt.Sprintf("Invalid value in parameter `%s`: `%s` is not a valid %s. Available %s are %s.", name, v, what, plural, strings.ReplaceAll(ticked(known), "`, `", "`, `")))
		}
		words = append(words, known[i])
	}
	return words, nil
}

func (f taskFilter) fits(t *task) bool {
	in := func(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
	if f.uids != nil && !f.uids[t.UID] || f.cancelers != nil && (t.canceler == nil || !f.cancelers[*t.canceler]) {
		return false
	}
	if !in(f.statuses, t.Status) || !in(f.types, t.Type) {
		return false
	}
	// A swap belongs to the indexes that it names, though its own index is null.
	if !in(f.indexes, t.Index) && !slices.ContainsFunc(t.swapped, func(uid string) bool { return in(f.indexes, uid) }) {
		return false
	}
	times := map[string]time.Time{"Enqueued": t.created}
	if t.started != nil {
		times["Started"] = *t.started
	}
	if t.over() {
		times["Finished"] = t.finished
	}
	for when, limit := range f.before {
		if at, ok := times[when]; !ok || !at.Before(limit) {
			return false
		}
	}
	for when, limit := range f.after {
		if at, ok := times[when]; !ok || !at.After(limit) {
			return false
		}
	}
	return true
}

// choose returns the tasks that fit, newest first, and that the key may see.
func (s *Server) choose(f taskFilter, rights indexRights) []*task {
	var chosen []*task
	for _, t := range slices.Backward(s.tasks) {
		if t != nil && f.fits(t) && (rights.all || t.Index != "" && rights.allow(t.Index)) {
			chosen = append(chosen, t)
		}
	}
	return chosen
}

func (s *Server) listTasks(r *request) reply {
	return s.list(r, (*task).view, func(*task) bool { return true })
}

func (s *Server) listBatches(r *request) reply {
	return s.list(r, (*task).batch, func(t *task) bool { return t.started != nil })
}

func (s *Server) list(r *request, show func(*task) map[string]any, also func(*task) bool) reply {
	f, e := r.taskFilter("limit", "from", "reverse", "batchUids")
	if e != nil {
		return fail(e)
	}
	limit, e := r.number("limit", "invalid_task_limit", 20)
	if e != nil {
		return fail(e)
	}
	from, e := r.number("from", "invalid_task_from", -1)
	if e != nil {
		return fail(e)
	}
	all := slices.DeleteFunc(s.choose(f, r.allowed), func(t *task) bool { return !also(t) })
	total := len(all)
	reverse := r.query.Get("reverse") == "true"
	if reverse {
		slices.Reverse(all)
	}
	if from >= 0 {
		all = slices.DeleteFunc(all, func(t *task) bool { return !reverse && t.UID > from || reverse && t.UID < from })
	}
	// The server takes one more than it shows to know what comes next, and only
	// then drops the swaps that a filter by index let in: such a page can be
	// short, and the list can seem to end, where it does not.
	all = all[:min(len(all), limit+1)]
	if len(f.indexes) > 0 {
		all = slices.DeleteFunc(all, func(t *task) bool { return t.Index == "" })
	}
	out := map[string]any{"total": total, "limit": limit, "from": nil, "next": nil}
	if len(all) > limit {
		out["next"] = all[limit].UID
		all = all[:limit]
	}
	results := []map[string]any{}
	for _, t := range all {
		results = append(results, show(t))
	}
	if len(all) > 0 {
		out["from"] = all[0].UID
	}
	out["results"] = results
	return ok(out)
}

// number reads a parameter that is not negative.
func (r *request) number(name, code string, otherwise int) (int, *apiError) {
	if !r.query.Has(name) {
		return otherwise, nil
	}
	n, err := strconv.Atoi(r.query.Get(name))
	if err != nil || n < 0 {
		return 0, refuse(code, fmt.Sprintf("Invalid value in parameter `%s`: could not parse `%s` as a positive integer", name, r.query.Get(name)))
	}
	return n, nil
}

func (s *Server) getTask(r *request) reply {
	t, e := s.findTask(r)
	if e != nil {
		return fail(e)
	}
	return ok(t.view())
}

func (s *Server) getBatch(r *request) reply {
	t, e := s.findTask(r)
	if e != nil {
		return fail(refuse(strings.Replace(e.Code, "task", "batch", 1), strings.Replace(e.Message, "Task", "Batch", 1)))
	}
	return ok(t.batch())
}

func (s *Server) findTask(r *request) (*task, *apiError) {
	n, err := strconv.Atoi(r.params[0])
	if err != nil || n < 0 {
		return nil, refuse("invalid_task_uids", "Task uid is invalid. It should only contain numeric characters.")
	}
	for _, t := range s.choose(taskFilter{}, r.allowed) {
		if t.UID == n {
			return t, nil
		}
	}
	return nil, refuse("task_not_found", fmt.Sprintf("Task `%d` not found.", n))
}

// taskWork reads the filter of a cancelation or deletion.
func (s *Server) taskWork(r *request, verb string) ([]*task, string, *apiError) {
	if r.URL.RawQuery == "" {
		return nil, "", refuse("missing_task_filters", fmt.Sprintf("Query parameters to filter the tasks to %s are missing. Available query parameters are: %s.", verb, ticked(taskFilters)))
	}
	f, e := r.taskFilter()
	if e != nil {
		return nil, "", e
	}
	return s.choose(f, r.allowed), "?" + r.URL.RawQuery, nil
}

func (s *Server) cancelTasks(r *request) reply {
	matched, filter, e := s.taskWork(r, "cancel")
	if e != nil {
		return fail(e)
	}
	matched = slices.DeleteFunc(matched, (*task).over)
	t := s.enqueue("taskCancelation", "", map[string]any{"matchedTasks": len(matched), "canceledTasks": nil, "originalFilter": filter}, func(t *task) *apiError {
		n := 0
		for _, m := range matched {
			if !m.over() {
				m.canceler = &t.UID
				s.finish(m, canceled)
				n++
			}
		}
		t.details["canceledTasks"] = n
		return nil
	})
	return accepted(t).changed(http.StatusOK)
}

func (s *Server) deleteTasks(r *request) reply {
	matched, filter, e := s.taskWork(r, "delete")
	if e != nil {
		return fail(e)
	}
	t := s.enqueue("taskDeletion", "", map[string]any{"matchedTasks": len(matched), "deletedTasks": nil, "originalFilter": filter}, func(t *task) *apiError {
		n := 0
		for _, m := range matched {
			if m.over() && s.tasks[m.UID] != nil {
				s.tasks[m.UID] = nil
				n++
			}
		}
		t.details["deletedTasks"] = n
		return nil
	})
	return accepted(t).changed(http.StatusOK)
}
