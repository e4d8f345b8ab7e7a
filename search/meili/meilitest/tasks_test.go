package meilitest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// filled is a double with an index "cases" of the documents, each a JSON object.
func filled(t testing.TB, o meilitest.Options, settings any, docs ...string) *fixture {
	t.Helper()
	f := open(t, o)
	f.accept("POST", "/indexes", map[string]any{"uid": "cases", "primaryKey": "id"})
	if settings != nil {
		f.accept("PATCH", "/indexes/cases/settings", settings)
	}
	if len(docs) > 0 {
		f.accept("POST", "/indexes/cases/documents", strings.Join(docs, "\n"))
	}
	f.Drain()
	for _, task := range f.Tasks() {
		if task.Status != "succeeded" {
			t.Fatalf("task %d, %s, is %s with %q", task.UID, task.Type, task.Status, task.Code)
		}
	}
	return f
}

// accept sends a request that makes a task and returns the uid of that.
func (f *fixture) accept(method, path string, body any) int {
	f.t.Helper()
	a := f.do(method, path, body)
	uid, ok := at(a.body, "taskUid").(float64)
	if a.status != 202 && a.status != 200 || !ok {
		f.t.Fatalf("%s %s: status %d: %s", method, path, a.status, a.text)
	}
	return int(uid)
}

// states returns "uid status" of all tasks.
func (f *fixture) states() string {
	var all []string
	for _, task := range f.Tasks() {
		all = append(all, fmt.Sprint(task.UID, " ", task.Status))
	}
	return strings.Join(all, ", ")
}

// count returns how many documents an index has, -1 if there is none.
func (f *fixture) count(index string) int {
	f.t.Helper()
	n, ok := at(f.do("GET", "/indexes/"+index+"/stats", nil).body, "numberOfDocuments").(float64)
	if !ok {
		return -1
	}
	return int(n)
}

func TestNothingIsDoneBeforeItsTask(t *testing.T) {
	f := open(t, meilitest.Options{})
	f.Hold()
	f.accept("POST", "/indexes", map[string]any{"uid": "cases", "primaryKey": "id"})
	f.accept("POST", "/indexes/cases/documents", `{"id":"a"}`)
	f.accept("DELETE", "/indexes/cases/documents/a", nil)
	for _, step := range []struct {
		states string
		count  int
	}{
		{"0 enqueued, 1 enqueued, 2 enqueued", -1},
		{"0 processing, 1 enqueued, 2 enqueued", -1},
		{"0 succeeded, 1 enqueued, 2 enqueued", 0},
		{"0 succeeded, 1 processing, 2 enqueued", 0},
		{"0 succeeded, 1 succeeded, 2 enqueued", 1},
		{"0 succeeded, 1 succeeded, 2 processing", 1},
		{"0 succeeded, 1 succeeded, 2 succeeded", 0},
	} {
		if got := f.states(); got != step.states {
			t.Fatalf("states %q, want %q", got, step.states)
		}
		if got := f.count("cases"); got != step.count {
			t.Errorf("%s: %d documents, want %d", step.states, got, step.count)
		}
		f.Step()
	}
	if f.Step() {
		t.Error("a step without a task did something")
	}
}

// TestRequestsDriveTheQueue shows what a client that polls sees.
func TestRequestsDriveTheQueue(t *testing.T) {
	f := open(t, meilitest.Options{})
	f.accept("POST", "/indexes", map[string]any{"uid": "a"})
	f.accept("POST", "/indexes", map[string]any{"uid": "b"})
	var got []string
	for range 4 {
		got = append(got, f.states())
		f.do("GET", "/health", nil)
	}
	want := []string{"0 succeeded, 1 processing", "0 succeeded, 1 succeeded", "0 succeeded, 1 succeeded", "0 succeeded, 1 succeeded"}
	if !slices.Equal(got, want) {
		t.Errorf("states after each request %q, want %q", got, want)
	}
	f.Hold()
	f.accept("POST", "/indexes", map[string]any{"uid": "c"})
	f.do("GET", "/health", nil)
	if got := f.states(); !strings.HasSuffix(got, "2 enqueued") {
		t.Errorf("states %q of a queue that is held", got)
	}
	f.Release()
	f.do("GET", "/health", nil)
	if got := f.states(); !strings.HasSuffix(got, "2 processing") {
		t.Errorf("states %q of a queue that was released", got)
	}
}

func TestFailedTaskChangesNothing(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil, `{"id":"a"}`)
	f.FailTask(2, meilitest.TaskType("documentAdditionOrUpdate"), "internal", "made-up failure")
	one := f.accept("POST", "/indexes/cases/documents", `{"id":"b"}`)
	f.accept("POST", "/indexes/cases/documents", `{"id":"c"}`)
	f.accept("POST", "/indexes/cases/documents", `{"id":"d"}`)
	f.accept("DELETE", "/indexes/cases/documents/a", nil)
	f.Drain()
	task := f.do("GET", fmt.Sprint("/tasks/", one), nil).body
	if at(task, "status") != "failed" || at(task, "error", "code") != "internal" || at(task, "error", "message") != "made-up failure" {
		t.Errorf("task %v", task)
	}
	if diff := cmp.Diff(map[string]any{"receivedDocuments": 1.0, "indexedDocuments": 0.0}, at(task, "details")); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
	got := f.do("GET", "/indexes/cases/documents", nil).body
	if at(got, "total") != 1.0 || at(got, "results", 0, "id") != "d" {
		t.Errorf("documents %v, want d alone", got)
	}
}

// TestAllOrNothing shows that one bad document keeps out the others of its task.
func TestAllOrNothing(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil)
	uid := f.accept("POST", "/indexes/cases/documents", `{"id":"a"}`+"\n"+`{"id":"no blanks"}`)
	f.Drain()
	if code := f.Tasks()[uid].Code; code != "invalid_document_id" || f.count("cases") != 0 {
		t.Errorf("error %q and %d documents", code, f.count("cases"))
	}
}

func TestReplaceAndUpdate(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil, `{"id":"a","x":1,"y":2}`, `{"id":"b","x":1,"y":2}`)
	f.accept("POST", "/indexes/cases/documents", `{"id":"a","z":3}`)
	f.accept("PUT", "/indexes/cases/documents", `{"id":"b","z":3}`)
	f.accept("POST", "/indexes/cases/documents?skipCreation=true", `{"id":"c"}`)
	f.Drain()
	want := []any{map[string]any{"id": "a", "z": 3.0}, map[string]any{"id": "b", "x": 1.0, "y": 2.0, "z": 3.0}}
	if diff := cmp.Diff(want, at(f.do("GET", "/indexes/cases/documents", nil).body, "results")); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
}

func TestHungTask(t *testing.T) {
	hang := func(t *testing.T) *fixture {
		f := filled(t, meilitest.Options{}, nil)
		f.HangTask(1, meilitest.TaskType("documentAdditionOrUpdate"))
		f.accept("POST", "/indexes/cases/documents", `{"id":"a"}`)
		f.accept("POST", "/indexes/cases/documents", `{"id":"b"}`)
		for range 5 {
			f.do("GET", "/health", nil)
		}
		f.Drain()
		if got := f.states(); got != "0 succeeded, 1 processing, 2 enqueued" {
			t.Fatalf("states %q", got)
		}
		return f
	}
	t.Run("cancel", func(t *testing.T) {
		f := hang(t)
		f.accept("POST", "/tasks/cancel?uids=1", nil)
		f.Drain()
		if got := f.states(); got != "0 succeeded, 1 canceled, 2 succeeded, 3 succeeded" || f.count("cases") != 1 {
			t.Errorf("states %q and %d documents", got, f.count("cases"))
		}
		if task := f.do("GET", "/tasks/1", nil).body; at(task, "canceledBy") != 3.0 || at(task, "details", "indexedDocuments") != 0.0 {
			t.Errorf("task %v", task)
		}
	})
	t.Run("restart", func(t *testing.T) {
		f := hang(t)
		f.Restart()
		if got := f.states(); got != "0 succeeded, 1 enqueued, 2 enqueued" {
			t.Errorf("states %q after a restart", got)
		}
		f.Drain()
		if f.count("cases") != 2 {
			t.Errorf("%d documents, want 2", f.count("cases"))
		}
	})
	t.Run("heal", func(t *testing.T) {
		f := hang(t)
		f.Heal()
		f.Drain()
		if f.count("cases") != 2 {
			t.Errorf("%d documents, want 2", f.count("cases"))
		}
	})
}

// TestRestartInTheMiddle shows that the task in processing starts anew and is
// done once.
func TestRestartInTheMiddle(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil)
	f.Hold()
	f.accept("POST", "/indexes/cases/documents", `{"id":"a"}`)
	f.Step()
	f.Restart()
	if got := f.states(); got != "0 succeeded, 1 enqueued" || f.count("cases") != 0 {
		t.Errorf("states %q and %d documents", got, f.count("cases"))
	}
	if task := f.do("GET", "/tasks/1", nil).body; at(task, "startedAt") != nil || at(task, "batchUid") != nil {
		t.Errorf("task %v", task)
	}
	f.Drain()
	if got := f.states(); got != "0 succeeded, 1 succeeded" || f.count("cases") != 1 {
		t.Errorf("states %q and %d documents", got, f.count("cases"))
	}
}

func TestSwap(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil, `{"id":"old"}`)
	f.accept("POST", "/indexes/next/documents?primaryKey=id", `{"id":"new1"}`+"\n"+`{"id":"new2"}`)
	f.Drain()
	f.Hold()
	f.accept("POST", "/swap-indexes", []any{map[string]any{"indexes": []string{"cases", "next"}}})
	f.Step()
	if f.count("cases") != 1 || f.count("next") != 2 {
		t.Errorf("a swap in processing is seen: %d and %d documents", f.count("cases"), f.count("next"))
	}
	f.Step()
	if f.count("cases") != 2 || f.count("next") != 1 {
		t.Errorf("%d and %d documents after the swap", f.count("cases"), f.count("next"))
	}
	f.Release()
	var indexes []string
	for _, task := range f.Tasks() {
		indexes = append(indexes, task.Index)
	}
	// The tasks of before belong to the other index now, those since do not.
	f.accept("POST", "/indexes/cases/documents", `{"id":"new1"}`)
	f.Drain()
	if want := []string{"next", "next", "cases", ""}; !slices.Equal(indexes, want) || f.Tasks()[4].Index != "cases" {
		t.Errorf("indexes of the tasks %q, want %q", indexes, want)
	}

	// All swaps of a task are done, or none.
	uid := f.accept("POST", "/swap-indexes", []any{
		map[string]any{"indexes": []string{"cases", "next"}}, map[string]any{"indexes": []string{"a", "b"}},
	})
	f.Drain()
	if task := f.Tasks()[uid]; task.Code != "index_not_found" || f.count("cases") != 2 {
		t.Errorf("a swap with a missing index: %+v, %d documents", task, f.count("cases"))
	}

	uid = f.accept("POST", "/swap-indexes", []any{map[string]any{"indexes": []string{"cases", "away"}, "rename": true}})
	f.Drain()
	if f.count("away") != 2 || f.count("cases") != -1 {
		t.Errorf("rename %+v: %d documents in away, %d in cases", f.Tasks()[uid], f.count("away"), f.count("cases"))
	}
}

func TestTaskLists(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil)
	for i := range 6 {
		f.accept("POST", fmt.Sprintf("/indexes/cases/documents?customMetadata=batch-%d", i), fmt.Sprintf(`{"id":"%d"}`, i))
	}
	f.accept("POST", "/indexes/other/documents", `{"x":1}`)
	f.Drain()
	for _, tt := range []struct {
		query, uids string
		next        any
		total       float64
	}{
		{"limit=3", "7 6 5", 4.0, 8},
		{"limit=3&from=4", "4 3 2", 1.0, 8},
		{"limit=3&from=1", "1 0", nil, 8},
		{"limit=3&from=3&reverse=true", "3 4 5", 6.0, 8},
		{"statuses=failed", "7", nil, 1},
		{"indexUids=cases&limit=2", "6 5", 4.0, 7},
		{"uids=2,3,99", "3 2", nil, 2},
		{"types=indexCreation,settingsUpdate", "0", nil, 1},
		{"afterEnqueuedAt=2025-12-31T23:00:00Z&limit=1", "7", 6.0, 8},
		{"afterEnqueuedAt=2026-01-01T01:00:00Z", "", nil, 0},
		{"limit=0", "", 7.0, 8},
	} {
		got := f.do("GET", "/tasks?"+tt.query, nil).body
		var uids []string
		results, _ := at(got, "results").([]any)
		for _, r := range results {
			uids = append(uids, fmt.Sprint(at(r, "uid")))
		}
		if s := strings.Join(uids, " "); s != tt.uids || at(got, "next") != tt.next || at(got, "total") != tt.total {
			t.Errorf("%s: tasks %q, next %v, total %v; want %q, %v, %v", tt.query, s, at(got, "next"), at(got, "total"), tt.uids, tt.next, tt.total)
		}
	}
	if got := at(f.do("GET", "/tasks/3", nil).body, "customMetadata"); got != "batch-2" || f.Tasks()[3].CustomMetadata != "batch-2" {
		t.Errorf("custom metadata %v and %+v", got, f.Tasks()[3])
	}
	f.accept("DELETE", "/tasks?uids=3", nil)
	f.Drain()
	if a := f.do("GET", "/tasks/3", nil); a.status != 404 || at(a.body, "code") != "task_not_found" {
		t.Errorf("a deleted task: %d %s", a.status, a.text)
	}
}

func TestSettings(t *testing.T) {
	f := filled(t, meilitest.Options{}, map[string]any{"searchableAttributes": []string{"title"}, "sortableAttributes": []string{"b", "a", "b"}})
	set := func(method, path string, body any) {
		t.Helper()
		f.accept(method, "/indexes/cases/settings"+path, body)
		f.Drain()
	}
	get := func(path string) any {
		t.Helper()
		return f.do("GET", "/indexes/cases/settings"+path, nil).body
	}
	if diff := cmp.Diff([]any{"a", "b"}, get("/sortable-attributes")); diff != "" {
		t.Errorf("a set (-want +got):\n%s", diff)
	}
	set("PATCH", "", map[string]any{"pagination": map[string]any{"maxTotalHits": 7}, "searchableAttributes": nil})
	if diff := cmp.Diff([]any{"*"}, get("/searchable-attributes")); diff != "" {
		t.Errorf("null is the default (-want +got):\n%s", diff)
	}
	if got := at(get("/pagination"), "maxTotalHits"); got != 7.0 {
		t.Errorf("maxTotalHits %v", got)
	}
	set("PATCH", "/faceting", map[string]any{"sortFacetValuesBy": map[string]any{"unit": "count"}})
	want := map[string]any{"maxValuesPerFacet": 100.0, "sortFacetValuesBy": map[string]any{"*": "alpha", "unit": "count"}}
	if diff := cmp.Diff(want, get("/faceting")); diff != "" {
		t.Errorf("an object is merged (-want +got):\n%s", diff)
	}
	set("PUT", "/search-cutoff-ms", 900)
	if got := get("/search-cutoff-ms"); got != 900.0 {
		t.Errorf("cut-off %v", got)
	}
	set("DELETE", "/search-cutoff-ms", nil)
	if got := get("/search-cutoff-ms"); got != nil {
		t.Errorf("cut-off %v after it was reset", got)
	}
	before := f.do("GET", "/indexes/cases/settings", nil).text
	set("DELETE", "", nil)
	f.accept("POST", "/indexes", map[string]any{"uid": "fresh"})
	f.Drain()
	if after := f.do("GET", "/indexes/cases/settings", nil).text; after == before || after != f.do("GET", "/indexes/fresh/settings", nil).text {
		t.Errorf("settings after a reset are not those of a fresh index: %s", after)
	}
}
