package meilitest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

func TestDocuments(t *testing.T) {
	f := filled(t, meilitest.Options{}, object{"filterableAttributes": []string{"n"}, "sortableAttributes": []string{"n"}, "displayedAttributes": []string{"id"}},
		`{"id":1,"n":3,"t":"c"}`, `{"id":"b","n":2,"t":{"x":[1,"2",null,true]}}`, `{"id":"c-_9","n":1}`)
	list := func(a answer) string {
		t.Helper()
		if a.status != 200 {
			t.Fatalf("%d %s", a.status, a.text)
		}
		var ids []string
		for _, d := range at(a.body, "results").([]any) {
			ids = append(ids, fmt.Sprint(at(d, "id")))
		}
		return fmt.Sprint(strings.Join(ids, " "), " of ", at(a.body, "total"))
	}
	for _, tt := range []struct {
		query string
		body  object // the same as a POST
		want  string
	}{
		{"", object{}, "1 b c-_9 of 3"},
		{"offset=1&limit=1", object{"offset": 1, "limit": 1}, "b of 3"},
		{"offset=7", object{"offset": 7}, " of 3"},
		{"limit=0", object{"limit": 0}, " of 3"},
		{"ids=b,1,nosuch", object{"ids": []any{"b", 1, "nosuch"}}, "1 b of 2"},
		{"filter=n%20%3E%201", object{"filter": "n > 1"}, "1 b of 2"},
		{"sort=n:asc", object{"sort": []string{"n:asc"}}, "c-_9 b 1 of 3"},
		{"sort=n:asc&filter=n%3C3&limit=1", object{"sort": []string{"n:asc"}, "filter": []string{"n < 3"}, "limit": 1}, "c-_9 of 2"},
	} {
		if got := list(f.do("GET", "/indexes/cases/documents?"+tt.query, nil)); got != tt.want {
			t.Errorf("GET %s: %q, want %q", tt.query, got, tt.want)
		}
		if got := list(f.do("POST", "/indexes/cases/documents/fetch", tt.body)); got != tt.want {
			t.Errorf("POST %v: %q, want %q", tt.body, got, tt.want)
		}
	}
	// These routes show what a search does not display.
	want := object{"id": "b", "t": object{"x": []any{1.0, "2", nil, true}}}
	if diff := cmp.Diff(want, f.do("GET", "/indexes/cases/documents/b?fields=id,t", nil).body); diff != "" {
		t.Errorf("one document (-want +got):\n%s", diff)
	}
	for path, code := range map[string]string{
		"/indexes/cases/documents?offset=-1":       "invalid_document_offset",
		"/indexes/cases/documents?limit=x":         "invalid_document_limit",
		"/indexes/cases/documents?sort=t:asc":      "invalid_document_sort",
		"/indexes/cases/documents?filter=t%3D1":    "invalid_document_filter",
		"/indexes/cases/documents?nosuch=1":        "bad_request",
		"/indexes/cases/documents/nosuch":          "document_not_found",
		"/indexes/cases/documents/b?field=id":      "bad_request",
		"/indexes/nosuch/documents/b":              "index_not_found",
		"/indexes/cases/settings/no-such-setting":  "not_in_double",
		"/indexes/nosuch/settings/ranking-rules":   "index_not_found",
		"/indexes/cases/settings/stop-words?a=b":   "",
		"/indexes/nosuch/stats":                    "index_not_found",
		"/indexes/no.such/stats":                   "invalid_index_uid",
		"/indexes?limit=x":                         "invalid_index_limit",
		"/tasks?limit=x":                           "invalid_task_limit",
		"/tasks?from=x":                            "invalid_task_from",
		"/batches?from=x":                          "invalid_task_from",
		"/tasks?indexUids=a,b%20c":                 "invalid_index_uid",
		"/tasks?statuses=Failed,SUCCEEDED&limit=0": "",
	} {
		a := f.do("GET", path, nil)
		if got, _ := at(a.body, "code").(string); got != code {
			t.Errorf("%s: %d %s, want %q", path, a.status, a.text, code)
		}
	}
}

func TestDeletions(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		body         any
		left         int
		details      object
	}{
		{"DELETE", "/documents/2", nil, 3, object{"providedIds": 1.0, "deletedDocuments": 1.0, "originalFilter": nil}},
		{"DELETE", "/documents/nosuch", nil, 4, object{"providedIds": 1.0, "deletedDocuments": 0.0, "originalFilter": nil}},
		{"POST", "/documents/delete-batch", []any{1, "2", "2", "x"}, 2, object{"providedIds": 4.0, "deletedDocuments": 2.0, "originalFilter": nil}},
		{"POST", "/documents/delete", object{"filter": []any{"n >= 3"}}, 2, object{"providedIds": 0.0, "deletedDocuments": 2.0, "originalFilter": `["n >= 3"]`}},
		{"DELETE", "/documents", nil, 0, object{"providedIds": 0.0, "deletedDocuments": 4.0, "originalFilter": nil}},
	} {
		f := filled(t, meilitest.Options{}, object{"filterableAttributes": []string{"n"}}, `{"id":1,"n":1}`, `{"id":2,"n":2}`, `{"id":3,"n":3}`, `{"id":4,"n":4}`)
		uid := f.accept(tt.method, "/indexes/cases"+tt.path, tt.body)
		f.Drain()
		task := f.do("GET", fmt.Sprint("/tasks/", uid), nil).body
		if diff := cmp.Diff(any(tt.details), at(task, "details")); diff != "" || f.count("cases") != tt.left || at(task, "status") != "succeeded" {
			t.Errorf("%s %s: %d documents left, want %d; task %v", tt.method, tt.path, f.count("cases"), tt.left, task)
		}
		f.accept("POST", "/indexes/cases/documents", `{"id":2,"n":9}`)
		f.Drain()
		if got, _ := f.find(object{"filter": "n = 9"}); got != "2" {
			t.Errorf("%s %s: found %q of what was added afterwards", tt.method, tt.path, got)
		}
	}
}

// TestPayloads shows what a body of documents may be.
func TestPayloads(t *testing.T) {
	for _, tt := range []struct {
		kind, body string
		code       string // empty: it is taken
		task       string // the code of the task's error
		documents  int
	}{
		{"application/x-ndjson", "{\"id\":1}\n{\"id\":2}\n", "", "", 2},
		{"application/x-ndjson", "{\"id\":1}\n\n {\"id\":2}", "", "", 2},
		{"application/x-ndjson", "{\"id\":1}\n[2]", "malformed_payload", "", 0},
		{"application/x-ndjson", "{\"id\":1}\n{\"id\":", "malformed_payload", "", 0},
		{"application/x-ndjson", " \n", "missing_payload", "", 0},
		{"application/json", `[{"id":1},{"id":1}]`, "", "", 1},
		{"application/json; charset=utf-8", `{"id":1}`, "", "", 1},
		{"application/json", `[]`, "", "", 0},
		{"application/json", `7`, "malformed_payload", "", 0},
		{"text/csv", "id\n1", "not_in_double", "", 0},
		{"application/json", `[{"id":-5}]`, "", "", 1},
		{"application/json", `[{"id":1.5}]`, "", "invalid_document_id", 0},
		{"application/json", `[{"id":null}]`, "", "invalid_document_id", 0},
		{"application/json", `[{"id":""}]`, "", "invalid_document_id", 0},
		{"application/json", `[{"id":"` + strings.Repeat("x", 511) + `"}]`, "", "", 1},
		{"application/json", `[{"id":"` + strings.Repeat("x", 512) + `"}]`, "", "invalid_document_id", 0},
		{"application/json", `[{"ID":"1"}]`, "", "missing_document_id", 0},
	} {
		f := filled(t, meilitest.Options{}, nil)
		a := f.send("POST", "/indexes/cases/documents", http.Header{"Content-Type": {tt.kind}}, tt.body)
		f.Drain()
		code, _ := at(a.body, "code").(string)
		tasks := f.Tasks()
		if task := tasks[len(tasks)-1].Code; code != tt.code || task != tt.task || f.count("cases") != tt.documents {
			t.Errorf("%s %.40s: %s, task %q, %d documents; want %q, %q, %d", tt.kind, tt.body, a.text, task, f.count("cases"), tt.code, tt.task, tt.documents)
		}
	}
}

func TestPrimaryKeys(t *testing.T) {
	f := open(t, meilitest.Options{})
	for _, tt := range []struct{ index, query, body, code, key string }{
		{"a", "", `{"caseId":"1","x":2}`, "", "caseId"},
		{"b", "?primaryKey=x", `{"caseId":"1","x":2}`, "", "x"},
		{"c", "", `{"x":2}`, "index_primary_key_no_candidate_found", "<nil>"},
		{"d", "", `{"caseId":1,"unitId":2}`, "index_primary_key_multiple_candidates_found", "<nil>"},
		{"a", "?primaryKey=x", `{"caseId":"2","x":2}`, "index_primary_key_already_exists", "caseId"},
	} {
		uid := f.accept("POST", "/indexes/"+tt.index+"/documents"+tt.query, tt.body)
		f.Drain()
		if got := f.Tasks()[uid].Code; got != tt.code {
			t.Errorf("%s%s %s: task says %q, want %q", tt.index, tt.query, tt.body, got, tt.code)
		}
		if got := fmt.Sprint(at(f.do("GET", "/indexes/"+tt.index, nil).body, "primaryKey")); got != tt.key {
			t.Errorf("%s%s %s: key %s, want %s", tt.index, tt.query, tt.body, got, tt.key)
		}
	}
	a := f.do("GET", "/indexes?offset=1&limit=2", nil)
	if got := fmt.Sprint(at(a.body, "results", 0, "uid"), " ", at(a.body, "results", 1, "uid"), " ", at(a.body, "total")); got != "b c 4" {
		t.Errorf("indexes %s: %s", got, a.text)
	}
}

// TestWholeNumbers shows that numbers come back as they were given.
func TestWholeNumbers(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil, `{"id":"a","n":9007199254740991,"m":-9007199254740991,"f":1.50,"e":1e3}`)
	_, a := f.find(object{})
	if want := `{"e":1e3,"f":1.50,"id":"a","m":-9007199254740991,"n":9007199254740991}`; !strings.Contains(a.text, want) {
		t.Errorf("got %s\nwant in it %s", a.text, want)
	}
}
