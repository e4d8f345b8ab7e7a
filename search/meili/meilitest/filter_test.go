package meilitest_test

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

func filterIndex(t testing.TB) *fixture {
	return filled(t, meilitest.Options{}, object{"filterableAttributes": []any{
		object{"attributePatterns": []string{"unit", "k_*", "in"}, "features": object{"facetSearch": false, "filter": object{"equality": true, "comparison": false}}},
		"n", "deep", "odd name",
	}},
		`{"id":"1","unit":"教育局","n":1,"k_a":"x","deep":{"a":1,"b":[1,2]}}`,
		`{"id":"2","unit":"Ａ区 \"b\"\\c","n":2.5,"k_a":"","odd name":"y"}`,
		`{"id":"3","unit":["教育局","水务局"],"n":-3,"k_a":null,"in":true}`,
		`{"id":"4","n":9007199254740991,"unit":"10","deep":[]}`,
		`{"id":"5","n":[1,100],"unit":"it's","in":"IN"}`,
	)
}

func TestFilters(t *testing.T) {
	f := filterIndex(t)
	for _, tt := range []struct {
		filter any
		want   string
	}{
		{"", "1 2 3 4 5"}, {nil, "1 2 3 4 5"}, {[]any{}, "1 2 3 4 5"}, {"  \n", "1 2 3 4 5"},
		{"unit = 教育局", "1 3"}, {`unit="教育局"`, "1 3"}, {"unit = '教育局'", "1 3"}, {"unit != 教育局", "2 4 5"},
		{`unit = "a区 \"B\"\\c"`, "2"}, {`unit = 'Ａ区 "b"\\c'`, "2"}, {`unit = "it's"`, "5"}, {`unit = 'it\'s'`, "5"},
		{"unit = 10", "4"}, {"unit = 10.0", ""}, {"n = 2.50", "2"}, {"n = -3", "3"}, {"n = 9007199254740991", "4"}, {"n = 9007199254740990", ""},
		{"n > 1", "2 4 5"}, {"n >= 1", "1 2 4 5"}, {"n < 1", "3"}, {"n <= 1", "1 3 5"}, {"n 1 TO 3", "1 2 5"}, {"n 3 TO 1", ""}, {"NOT n 1 TO 3", "3 4"},
		{"n IN [1, 2.5]", "1 2 5"}, {"n IN []", ""}, {"n NOT IN [1,2.5,]", "3 4"}, {`unit in ["教育局","10"]`, "1 3 4"},
		{"k_a EXISTS", "1 2 3"}, {"k_a NOT EXISTS", "4 5"}, {"k_a IS NULL", "3"}, {"k_a IS NOT NULL", "1 2 4 5"}, {"k_a IS EMPTY", "2"}, {"deep IS EMPTY", "4"}, {"NOT k_a IS EMPTY", "1 3 4 5"},
		{"unit STARTS WITH 教", "1 3"}, {"unit NOT STARTS WITH 教", "2 4 5"},
		{"deep.a = 1", "1"}, {"deep.b = 2", "1"}, {"deep.b > 1", "1"}, {`"odd name" = y`, "2"}, {"'in' = true", "3"}, {`"in" = "IN"`, "5"},
		{"n = 1 AND unit = 教育局", "1"}, {"n = 1 OR unit = 教育局", "1 3 5"}, {"n = 1 and not unit = 教育局", "5"},
		{"n = 1 OR n = 2.5 AND unit = 教育局", "1 5"}, {"(n = 1 OR n = 2.5) AND unit = 教育局", "1"}, {"NOT (n = 1 OR NOT n = 2.5)", "2"}, {"NOT NOT n=2.5", "2"},
		{[]any{"n >= 1", "unit = 教育局"}, "1"}, {[]any{[]any{"n = -3", "n = 1"}, "unit = 教育局"}, "1 3"}, {[]any{[]any{}, "n = 1", ""}, "1 5"},
		{strings.Repeat("(", 150) + "n=1" + strings.Repeat(")", 150), "1 5"},
	} {
		if got, _ := f.find(object{"filter": tt.filter}); got != tt.want {
			t.Errorf("%v: found %q, want %q", tt.filter, got, tt.want)
		}
	}
}

func TestBadFilters(t *testing.T) {
	f := filterIndex(t)
	for _, tt := range []struct {
		filter any
		says   string
	}{
		{"unit", "Was expecting an operation"},
		{"unit =", "Was expecting a value but instead got nothing"},
		{"= 1", "Was expecting a value but instead got nothing"},
		{"unit = 1 n = 2", "unexpected characters at the end"},
		{"unit = 1 AND", "instead got nothing"},
		{"(n = 1", "missing the following closing delimiter: `)`"},
		{"n = 1)", "unexpected characters"},
		{`unit = "x`, "missing the following closing delimiter: `\"`"},
		{`unit = 'x\'`, "missing the following closing delimiter: `'`"},
		{"unit IN 1", "Expected `[` after `IN`"},
		{"unit IN [1", "comma-separated"},
		{"unit IN [1 2]", "comma-separated"},
		{"unit = AND", "reserved keyword"},
		{"in = 1", "reserved keyword"},
		{"unit NOT = 1", "Was expecting an operation"},
		{"unit IS 1", "Was expecting an operation"},
		{"n 1 2", "Was expecting an operation"},
		{"unit CONTAINS x", "experimental feature"},
		{"unit > 1", "Filter operator `>` is not allowed for the attribute `unit`"},
		{"k_b 1 TO 2", "Filter operator `TO` is not allowed"},
		{"nosuch = 1", "Attribute `nosuch` is not filterable"},
		{"n = 1 OR nosuch EXISTS", "Attribute `nosuch` is not filterable"},
		{"id = 1", "Attribute `id` is not filterable"},
		{7, "expected Array, found: 7"},
		{[]any{7}, "expected String, found: 7"},
		{[]any{[]any{[]any{"n = 1"}}}, "expected String"},
		{strings.Repeat("(", 300) + "n=1" + strings.Repeat(")", 300), "maximum depth"},
		{strings.Repeat("NOT ", 300) + "n=1", "maximum depth"},
	} {
		a := f.do("POST", "/indexes/cases/search", object{"filter": tt.filter})
		message, _ := at(a.body, "message").(string)
		if a.status != 400 || at(a.body, "code") != "invalid_search_filter" || !strings.Contains(message, tt.says) {
			t.Errorf("%.40v: %d %.300s; want invalid_search_filter and %q", tt.filter, a.status, a.text, tt.says)
		}
	}
}

// TestLongValues shows what filters and facets know of a long text.
func TestLongValues(t *testing.T) {
	long := strings.Repeat("长", 156) // 468 bytes
	f := filled(t, meilitest.Options{}, object{"filterableAttributes": []string{"unit"}},
		`{"id":"1","unit":"`+long+`"}`, `{"id":"2","unit":"`+long+`甲"}`, `{"id":"3","unit":"`+long+`乙"}`)
	if got, _ := f.find(object{"filter": `unit = "` + long + `"`}); got != "1 2 3" {
		t.Errorf("found %q", got)
	}
	a := f.do("POST", "/indexes/cases/search", object{"filter": `unit = "` + long + `甲"`})
	if a.status != 501 || at(a.body, "code") != "not_in_double" {
		t.Errorf("%d %s", a.status, a.text)
	}
}

// TestFilterDeletes shows that a deletion takes the filter as it is when the task
// runs, and a bad one only then.
func TestFilterDeletes(t *testing.T) {
	f := filterIndex(t)
	f.Hold()
	f.accept("POST", "/indexes/cases/documents", `{"id":"6","n":1}`)
	f.accept("POST", "/indexes/cases/documents/delete", object{"filter": "n = 1"})
	bad := f.accept("POST", "/indexes/cases/documents/delete", object{"filter": "nosuch = 1"})
	f.Drain()
	f.Release()
	if got, _ := f.find(object{}); got != "2 3 4" || f.Tasks()[bad].Code != "invalid_document_filter" {
		t.Errorf("left are %q, the bad one says %q", got, f.Tasks()[bad].Code)
	}
}
