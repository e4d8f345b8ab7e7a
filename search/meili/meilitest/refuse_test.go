package meilitest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// TestRefused lists requests that a real server refuses, besides those of the
// recordings.
func TestRefused(t *testing.T) {
	f := filled(t, meilitest.Options{}, map[string]any{"filterableAttributes": []string{"unit"}}, `{"id":"a","unit":"u"}`)
	for _, tt := range []struct {
		method, path string
		body         any
		status       int
		code         string
		says         string // in the message
	}{
		{"POST", "/indexes/cases/search", map[string]any{"Q": "x"}, 400, "bad_request", "Unknown field `Q`"},
		{"POST", "/indexes/cases/search", map[string]any{"hitsperpage": 1}, 400, "bad_request", "did you mean `hitsPerPage`?"},
		{"POST", "/indexes/cases/search", map[string]any{"limit": 1.5}, 400, "invalid_search_limit", "a number: `1.5`"},
		{"POST", "/indexes/cases/search", map[string]any{"sort": "replied:desc"}, 400, "invalid_search_sort", "expected an array"},
		{"POST", "/indexes/cases/search", map[string]any{"facets": "unit"}, 400, "invalid_search_facets", "expected an array"},
		{"POST", "/indexes/cases/search", map[string]any{"filter": map[string]any{}}, 400, "invalid_search_filter", "expected Array"},
		{"POST", "/indexes/cases/search", map[string]any{"facets": []string{"a", "b"}}, 400, "invalid_search_facets", "Patterns `a, b` are not filterable"},
		{"GET", "/indexes/cases/search?nosuch=1", nil, 400, "bad_request", "Unknown parameter `nosuch`"},
		{"GET", "/indexes/cases/search?limit=-1", nil, 400, "invalid_search_limit", "could not parse `-1`"},
		{"GET", "/indexes/cases/search?showMatchesPosition=yes", nil, 400, "invalid_search_show_matches_position", "`yes`"},
		{"GET", "/indexes/a%20b/search", nil, 400, "invalid_index_uid", "not a valid index uid"},
		{"POST", "/multi-search", map[string]any{"queries": []any{map[string]any{"q": "x"}}}, 400, "missing_index_uid", "Missing field `indexUid` inside `.queries[0]`"},
		{"POST", "/multi-search", map[string]any{"queries": []any{map[string]any{"indexUid": "cases", "nosuch": 1}}}, 400, "bad_request", "inside `.queries[0]`"},
		{"POST", "/multi-search", map[string]any{"searches": []any{}}, 400, "bad_request", "Unknown field `searches`"},
		{"PATCH", "/indexes/cases/settings", map[string]any{"typoTolerance": map[string]any{"on": true}}, 400, "bad_request", "inside `.typoTolerance`"},
		{"PATCH", "/indexes/cases/settings", map[string]any{"filterableAttributes": []any{map[string]any{"attributePattern": []string{"a"}}}}, 400, "bad_request", "did you mean `attributePatterns`?"},
		{"PATCH", "/indexes/cases/settings", map[string]any{"prefixSearch": "never"}, 400, "invalid_settings_prefix_search", "`never`"},
		{"POST", "/indexes/cases/documents?primarykey=id", `{"id":"a"}`, 400, "bad_request", "Unknown parameter `primarykey`"},
		{"POST", "/indexes/cases/documents/fetch", map[string]any{"id": []string{"a"}}, 400, "bad_request", "Unknown field `id`"},
		{"POST", "/indexes/cases/documents/fetch", map[string]any{"filter": "nosuch = 1"}, 400, "invalid_document_filter", "not filterable"},
		{"POST", "/indexes/cases/documents/delete", map[string]any{}, 400, "missing_document_filter", "Missing field `filter`"},
		{"POST", "/swap-indexes", []any{map[string]any{"indexes": []string{"a"}}}, 400, "invalid_swap_indexes", "contains 1 indexes"},
		{"POST", "/swap-indexes", []any{map[string]any{"indexes": []string{"a", "b"}, "with": 1}}, 400, "bad_request", "Unknown field `with`"},
		{"GET", "/tasks?status=failed", nil, 400, "bad_request", "Unknown parameter `status`"},
		{"GET", "/tasks?types=nosuch", nil, 400, "invalid_task_types", "`nosuch` is not a valid task type"},
		{"GET", "/tasks?uids=a", nil, 400, "invalid_task_uids", "`a`"},
		{"GET", "/tasks?afterEnqueuedAt=then", nil, 400, "invalid_task_after_enqueued_at", "`then`"},
		{"GET", "/tasks/x", nil, 400, "invalid_task_uids", ""},
		{"GET", "/batches/77", nil, 404, "batch_not_found", "Batch `77` not found."},
		{"GET", "/indexes/nosuch/settings", nil, 404, "index_not_found", "Index `nosuch` not found."},
		{"GET", "/indexes/nosuch/documents", nil, 404, "index_not_found", ""},
		{"PATCH", "/indexes/cases/settings", map[string]any{"synonyms": map[string]any{"a": []string{"b"}}}, 501, "not_in_double", "`.synonyms`"},
		{"PATCH", "/indexes/cases/settings", map[string]any{"stopWords": []string{"的"}}, 501, "not_in_double", ""},
		{"POST", "/indexes/cases/search", map[string]any{"hybrid": map[string]any{"embedder": "e"}}, 501, "not_in_double", "`.hybrid`"},
		{"POST", "/indexes/cases/search", map[string]any{"matchingStrategy": "frequency"}, 501, "not_in_double", ""},
		{"POST", "/indexes/cases/facet-search", map[string]any{"facetName": "unit"}, 501, "not_in_double", ""},
		{"GET", "/keys", nil, 401, "missing_master_key", ""},
	} {
		a := f.do(tt.method, tt.path, tt.body)
		message, _ := at(a.body, "message").(string)
		if a.status != tt.status || at(a.body, "code") != tt.code || !strings.Contains(message, tt.says) {
			t.Errorf("%s %s %v: %d %s; want %d, %s and %q", tt.method, tt.path, tt.body, a.status, a.text, tt.status, tt.code, tt.says)
		}
	}
}

// TestSortNeedsItsRule shows what a forgotten ranking rule does.
func TestSortNeedsItsRule(t *testing.T) {
	f := filled(t, meilitest.Options{}, map[string]any{"rankingRules": []string{"words"}, "sortableAttributes": []string{"n"}}, `{"id":"a","n":1}`)
	a := f.do("POST", "/indexes/cases/search", map[string]any{"sort": []string{"n:asc"}})
	if a.status != 400 || at(a.body, "code") != "invalid_search_sort" {
		t.Errorf("%d %s", a.status, a.text)
	}
}

func TestKeys(t *testing.T) {
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	f := open(t, meilitest.Options{MasterKey: masterKey, Now: func() time.Time { return now }})
	key := func(uid string, actions, indexes []string, expires any) string {
		t.Helper()
		a := f.do("POST", "/keys", map[string]any{"uid": uid, "actions": actions, "indexes": indexes, "expiresAt": expires})
		if a.status != 201 {
			t.Fatalf("key: %d %s", a.status, a.text)
		}
		if want := meilitest.KeyValue(masterKey, uid); at(a.body, "key") != want {
			t.Errorf("value of the key %v, want %s", at(a.body, "key"), want)
		}
		return meilitest.KeyValue(masterKey, uid)
	}
	for _, uid := range []string{"cases", "cases_next", "other"} {
		f.accept("POST", "/indexes", map[string]any{"uid": uid, "primaryKey": "id"})
	}
	f.Drain()
	const stem = "9e053497-b180-4b9f-bf10-a4a6fc4ca1b"
	keys := map[string]string{
		"search":  key(stem+"2", []string{"search"}, []string{"cases*"}, nil),
		"publish": key(stem+"3", []string{"documents.*", "indexes.swap", "tasks.get"}, []string{"cases", "cases_next"}, nil),
		"read":    key(stem+"4", []string{"*.get"}, []string{"*"}, nil),
		"old":     key(stem+"5", []string{"*"}, []string{"*"}, "2026-11-24T00:00:00Z"),
		"wrong":   "no-such-key",
		"master":  masterKey,
	}
	swap := func(a, b string) any { return []any{map[string]any{"indexes": []string{a, b}}} }
	check := func(key, method, path string, body any, status int, code string) {
		t.Helper()
		f.key = keys[key]
		a := f.do(method, path, body)
		if got, _ := at(a.body, "code").(string); a.status != status || got != code {
			t.Errorf("key %s: %s %s: %d %s; want %d %s", key, method, path, a.status, a.text, status, code)
		}
	}
	all := map[string]any{"q": ""}
	check("search", "POST", "/indexes/cases/search", all, 200, "")
	check("search", "POST", "/indexes/cases_next/search", all, 200, "")
	check("search", "POST", "/indexes/other/search", all, 403, "invalid_api_key")
	check("search", "GET", "/indexes/cases/stats", nil, 403, "invalid_api_key")
	check("search", "POST", "/multi-search", map[string]any{"queries": []any{map[string]any{"indexUid": "cases"}}}, 200, "")
	check("search", "POST", "/multi-search", map[string]any{"queries": []any{map[string]any{"indexUid": "other"}}}, 403, "invalid_api_key")
	check("publish", "POST", "/indexes/cases/documents", `{"id":"a"}`, 202, "")
	check("publish", "POST", "/indexes/other/documents", `{"id":"a"}`, 403, "invalid_api_key")
	check("publish", "POST", "/indexes/cases/search", all, 403, "invalid_api_key")
	check("publish", "POST", "/swap-indexes", swap("cases", "cases_next"), 202, "")
	check("publish", "POST", "/swap-indexes", swap("cases", "other"), 403, "invalid_api_key")
	check("publish", "PATCH", "/indexes/cases/settings", map[string]any{}, 403, "invalid_api_key")
	check("read", "GET", "/indexes/cases/settings", nil, 200, "")
	check("read", "POST", "/indexes/cases/search", all, 403, "invalid_api_key")
	check("read", "GET", "/keys", nil, 403, "invalid_api_key")
	check("old", "GET", "/keys", nil, 200, "")
	check("wrong", "GET", "/version", nil, 403, "invalid_api_key")
	check("none", "GET", "/version", nil, 401, "missing_authorization_header")
	check("none", "GET", "/health", nil, 200, "")
	check("publish", "GET", "/tasks/0", nil, 200, "")               // of cases
	check("publish", "GET", "/tasks/2", nil, 404, "task_not_found") // of other
	now = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	check("old", "GET", "/keys", nil, 403, "invalid_api_key")

	check("master", "PATCH", "/keys/"+stem+"2", map[string]any{"name": "page"}, 200, "")
	check("master", "PATCH", "/keys/"+stem+"2", map[string]any{"actions": []string{"*"}}, 400, "bad_request")
	check("master", "DELETE", "/keys/"+stem+"2", nil, 204, "")
	check("master", "GET", "/keys/"+stem+"2", nil, 404, "api_key_not_found")
	check("search", "POST", "/indexes/cases/search", all, 403, "invalid_api_key")
}

// TestKeyValue is a pair that Meilisearch's own tests have.
func TestKeyValue(t *testing.T) {
	got := meilitest.KeyValue("masterKey", "9e053497-b180-4b9f-bf10-a4a6fc4ca1b2")
	if len(got) != 64 || !strings.HasPrefix(got, "b387a8da") || !strings.HasSuffix(got, "17dc") {
		t.Errorf("value %s", got)
	}
}
