package meilitest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// TestFederated merges the hits of two searches: each document once, where the
// heavier of its queries puts it.
func TestFederated(t *testing.T) {
	f := filled(t, meilitest.Options{}, object{"filterableAttributes": []string{"unit"}, "rankingRules": []string{"words"}},
		`{"id":"1","title":"a","unit":"u"}`, `{"id":"2","title":"a b","unit":"v"}`, `{"id":"3","title":"a","unit":"u"}`, `{"id":"4","title":"c","unit":"u"}`)
	tests := []struct {
		name       string
		federation object
		queries    []object
		want       string // IDs with the place of their query
		total      string
	}{
		{"the heavier query comes first", object{}, []object{
			{"indexUid": "cases", "q": "a"}, {"indexUid": "cases", "q": "b", "federationOptions": object{"weight": 2}},
		}, "2/1 1/0 3/0", "estimatedTotalHits 3"},
		{"without weights the first hits of all queries come first", object{}, []object{
			{"indexUid": "cases", "q": "a"}, {"indexUid": "cases", "q": "b"},
		}, "1/0 2/1 3/0", "estimatedTotalHits 3"},
		{"pages count the merged hits", object{"page": 2, "hitsPerPage": 2}, []object{
			{"indexUid": "cases", "q": "a"}, {"indexUid": "cases", "q": "c"},
		}, "2/0 3/0", "totalHits 4"},
		{"beyond the end", object{"offset": 9, "limit": 2}, []object{{"indexUid": "cases", "q": "a"}}, "", "estimatedTotalHits 3"},
	}
	for _, test := range tests {
		a := f.do("POST", "/multi-search", object{"federation": test.federation, "queries": test.queries})
		hits, _ := at(a.body, "hits").([]any)
		var got []string
		for _, h := range hits {
			got = append(got, fmt.Sprint(at(h, "id"), "/", at(h, "_federation", "queriesPosition")))
		}
		name, total, _ := strings.Cut(test.total, " ")
		if strings.Join(got, " ") != test.want || fmt.Sprint(at(a.body, name)) != total {
			t.Errorf("%s: hits %v and %s %v, want %q and %s", test.name, got, name, at(a.body, name), test.want, total)
		}
	}
	a := f.do("POST", "/multi-search", object{"federation": object{"facetsByIndex": object{"cases": []string{"unit"}}}, "queries": []object{
		{"indexUid": "cases", "q": "a"}, {"indexUid": "cases", "q": "b"},
	}})
	if got := fmt.Sprint(at(a.body, "facetsByIndex", "cases", "distribution", "unit")); got != "map[u:2 v:1]" {
		t.Errorf("facets %s", got)
	}
}

func TestFederatedRefuses(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil, `{"id":"1","title":"a"}`)
	one := func(add object) []object {
		add["indexUid"] = "cases"
		return []object{add}
	}
	for _, test := range []struct {
		name string
		body object
		want string
	}{
		{"pages of one query", object{"federation": object{}, "queries": one(object{"limit": 1})}, "400 invalid_multi_search_query_pagination"},
		{"facets of one query", object{"federation": object{}, "queries": one(object{"facets": []string{"unit"}})}, "400 invalid_multi_search_query_facets"},
		{"a negative weight", object{"federation": object{}, "queries": one(object{"federationOptions": object{"weight": -1}})}, "400 invalid_multi_search_weight"},
		{"an unknown field", object{"federation": object{"pages": 1}, "queries": one(object{})}, "400 bad_request"},
		{"a missing index", object{"federation": object{}, "queries": []object{{"indexUid": "none"}}}, "400 index_not_found"},
		{"options without a federation", object{"queries": one(object{"federationOptions": object{"weight": 1}})}, "501 not_in_double"},
	} {
		a := f.do("POST", "/multi-search", test.body)
		if got := fmt.Sprint(a.status, " ", at(a.body, "code")); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
