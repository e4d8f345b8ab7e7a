package meilitest_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search/meili/meilitest"
)

// object is a JSON object.
type object = map[string]any

// find searches and returns the ids of the hits, in order, with the answer.
func (f *fixture) find(q object) (string, answer) {
	f.t.Helper()
	a := f.do("POST", "/indexes/cases/search", q)
	if a.status != 200 {
		f.t.Fatalf("search %v: %d %s", q, a.status, a.text)
	}
	var ids []string
	hits, _ := at(a.body, "hits").([]any)
	for _, h := range hits {
		ids = append(ids, fmt.Sprint(at(h, "id")))
	}
	return strings.Join(ids, " "), a
}

// asWords are the settings under which this project searches.
var asWords = object{
	"searchableAttributes": []string{"title", "body"},
	"filterableAttributes": []any{"unit", "n"},
	"sortableAttributes":   []string{"n"},
	"rankingRules":         []string{"sort", "words", "attributeRank"},
	"typoTolerance":        object{"enabled": false},
	"prefixSearch":         "disabled",
	"facetSearch":          false,
	"faceting":             object{"maxValuesPerFacet": 3, "sortFacetValuesBy": object{"*": "count"}},
	"pagination":           object{"maxTotalHits": 1000},
}

// with returns settings with one replaced.
func with(settings object, name string, value any) object {
	out := maps.Clone(settings)
	out[name] = value
	return out
}

// TestPhrases shows what a quotation finds: what holds it, and also what holds
// each three words of it in a row, or only the pairs of these, anywhere.
func TestPhrases(t *testing.T) {
	f := filled(t, meilitest.Options{}, asWords,
		`{"id":"whole","body":"a b c d e"}`,
		`{"id":"apart","title":"a b c","body":"b c d x c d e"}`,                         // three in a row each, in two fields
		`{"id":"pairs","body":"a b x . b c x . c d x . d e x . a x c . b x d . c x e"}`, // never three in a row
		`{"id":"twos","body":"a b . b c . c d . d e"}`,                                  // only two in a row
		`{"id":"gap","body":"a b c x d e"}`,
		`{"id":"stop","body":"a b c . d e"}`,
		`{"id":"back","body":"e d c b a"}`,
		`{"id":"prefix","body":"a b c d ee"}`,
	)
	// What is found in the title comes first.
	for _, tt := range []struct{ q, want string }{
		{`"a b c d e"`, "apart whole pairs"},
		{`"a b c d"`, "apart whole pairs prefix"},
		{`"a b c"`, "apart whole pairs gap stop prefix"},
		{`"c d"`, "apart whole pairs twos prefix"},
		{`"d e"`, "whole apart pairs twos gap stop"},
		{`"e d"`, "back"},
		{`"a b . c"`, "apart whole pairs twos gap stop prefix"}, // a stop ends the phrase: "a b" and "c"
		{`"b a . c"`, "back"},
		{`"e"`, "whole apart pairs twos gap stop back"},
		{`"d ee"`, "prefix"},
		{`"a b" "d e"`, "apart whole pairs twos gap stop"},
		{`"a b" -"d e"`, "prefix"},
		{`"c d" -x`, "whole twos prefix"},
		{`-"a b"`, "back"},
		{`"nosuch e"`, ""},
		{`"a b c d e`, "apart whole pairs"}, // never closed
		{`""`, "whole apart pairs twos gap stop back prefix"},
	} {
		if got, _ := f.find(object{"q": tt.q, "matchingStrategy": "all", "hitsPerPage": 20}); got != tt.want {
			t.Errorf("%s: found %q, want %q", tt.q, got, tt.want)
		}
	}
}

// TestAgainstExact compares phrases with what they should find, so that it is
// known how the double errs: only by finding too much, and only from four words on.
func TestAgainstExact(t *testing.T) {
	settings := object{"searchableAttributes": []string{"body"}, "pagination": object{"maxTotalHits": 10_000}}
	var docs, texts []string
	letters := "abc"
	for n := range 729 {
		var words []string
		for range 6 {
			words = append(words, string(letters[n%3]))
			n /= 3
		}
		texts = append(texts, strings.Join(words, " "))
		docs = append(docs, fmt.Sprintf(`{"id":"%d","body":%q}`, len(docs), texts[len(docs)]))
	}
	f := filled(t, meilitest.Options{}, settings, docs...)
	tooMuch := 0
	for _, phrase := range []string{"a", "a b", "a b c", "a a a", "a b c a", "a a b b", "a b a b c", "a b c a b c", "a a a a a a"} {
		_, a := f.find(object{"q": `"` + phrase + `"`, "hitsPerPage": 1000, "matchingStrategy": "all"})
		found := map[string]bool{}
		for _, h := range at(a.body, "hits").([]any) {
			found[at(h, "body").(string)] = true
		}
		for _, text := range texts {
			holds := strings.Contains(text, phrase)
			switch {
			case holds && !found[text]:
				t.Errorf("%q does not find %q", phrase, text)
			case !holds && found[text] && len(phrase) < len("a b c"):
				t.Errorf("%q finds %q", phrase, text)
			case !holds && found[text]:
				tooMuch++
			}
		}
	}
	if tooMuch == 0 {
		t.Error("no phrase finds too much, as the server's do")
	}
}

func TestTenTerms(t *testing.T) {
	f := filled(t, meilitest.Options{}, asWords, `{"id":"ten","body":"a b c d e f g h i j"}`, `{"id":"eleven","body":"a b c d e f g h i j k"}`)
	for _, tt := range []struct{ q, want string }{
		{"a b c d e f g h i j", "ten eleven"},
		{"a b c d e f g h i j k", "ten eleven"}, // k is the eleventh
		{"k a b c d e f g h i j", "eleven"},
		{`"a" "b" "c" "d" "e" "f" "g" "h" "i" "j k"`, "eleven"}, // a phrase is one
		{`"a" "b" "c" "d" "e" "f" "g" "h" "i" "j" -"k"`, "ten eleven"},
		{`-"k" a b c d e f g h i j`, "ten"},
	} {
		if got, _ := f.find(object{"q": tt.q, "matchingStrategy": "all"}); got != tt.want {
			t.Errorf("%s: found %q, want %q", tt.q, got, tt.want)
		}
	}
}

func TestQueries(t *testing.T) {
	f := filled(t, meilitest.Options{Words: []string{"学校", "公积"}}, object{"searchableAttributes": []string{"title", "body"}},
		`{"id":"1","title":"学校门口","body":"Café 12345 号"}`,
		`{"id":"2","title":"小学校","body":"coffee-house, café"}`,
		`{"id":"3","title":"公积金","body":["学","校"],"n":7}`,
		`{"id":"4","title":"积金","body":{"x":"学校"}}`,
	)
	for _, tt := range []struct {
		q    object
		want string
	}{
		{object{"q": ""}, "1 2 3 4"},
		{object{}, "1 2 3 4"},
		{object{"q": "。！"}, "1 2 3 4"},
		{object{"q": "学校"}, "1 2 4"},  // a word of the dictionary; 小学校 is 小 and 学校
		{object{"q": "学"}, "1 2 3 4"}, // the last word may go on
		{object{"q": "学 "}, "3"},
		{object{"q": "CAFÉ"}, "1 2"},
		{object{"q": "cafe"}, "1 2"},
		{object{"q": "1234"}, "1"},
		{object{"q": "1234 号"}, ""},
		{object{"q": "house coffee"}, "2"},
		{object{"q": "金 公积", "matchingStrategy": "all"}, "3"},
		{object{"q": "金 公积"}, "3 4"}, // the last words may be missing
		{object{"q": "公积 金"}, "3"},
		{object{"q": "学校 -小"}, "1 4"},
		{object{"q": "学校-小", "matchingStrategy": "all"}, "2"}, // no blank before it: no minus
		{object{"q": "学校 -小 -\"号\""}, "4"},
		{object{"q": "金", "attributesToSearchOn": []string{"body"}}, ""},
		{object{"q": "学校", "attributesToSearchOn": []string{"body"}}, "4"},
		{object{"q": "学校", "attributesToSearchOn": []string{"*"}}, "1 2 4"},
		{object{"q": "学校", "limit": 1, "offset": 1}, "2"},
		{object{"q": "学校", "limit": 0}, ""},
		{object{"q": "学校", "page": 2, "hitsPerPage": 2}, "4"},
		{object{"q": "学校", "page": 0}, ""},
		{object{"q": "学校", "locales": []string{"cmn"}}, "1 2 4"},
	} {
		if got, _ := f.find(tt.q); got != tt.want {
			t.Errorf("%v: found %q, want %q", tt.q, got, tt.want)
		}
	}
}

// TestScopeOfAbsentField shows that a searchable field that no document has
// finds nothing, and not everything.
func TestScopeOfAbsentField(t *testing.T) {
	f := filled(t, meilitest.Options{}, object{"searchableAttributes": []string{"title", "late"}, "displayedAttributes": []string{"id"}}, `{"id":"1","title":"a","secret":"b"}`)
	if got, _ := f.find(object{"q": "a", "attributesToSearchOn": []string{"late"}}); got != "" {
		t.Errorf("found %q", got)
	}
	if got, _ := f.find(object{"q": "b"}); got != "" {
		t.Errorf("what is not searchable found %q", got)
	}
	a := f.do("POST", "/indexes/cases/search", object{"q": "a", "attributesToSearchOn": []string{"secret"}})
	if a.status != 400 || !strings.Contains(a.text, "Available searchable attributes are: `<..hidden-attributes>`.") {
		t.Errorf("%d %s", a.status, a.text)
	}
	_, a = f.find(object{"q": "a"})
	if diff := cmp.Diff([]any{object{"id": "1"}}, at(a.body, "hits")); diff != "" {
		t.Errorf("hits with what is not displayed (-want +got):\n%s", diff)
	}
}

func TestOrder(t *testing.T) {
	docs := []string{
		`{"id":"a","title":"x","body":"p q","n":2}`,
		`{"id":"b","title":"p","body":"q","n":3}`,
		`{"id":"c","title":"p q","body":"","n":1}`,
		`{"id":"d","title":"p","body":"","n":9}`,
		`{"id":"e","title":"p q","body":"p q"}`,
		`{"id":"f","title":"q","body":"p","n":"text"}`,
	}
	by := func(rules ...string) object { return with(asWords, "rankingRules", append([]string{}, rules...)) }
	for _, tt := range []struct {
		name     string
		settings object
		q        object
		want     string
	}{
		{"as they came", by(), object{"q": ""}, "a b c d e f"},
		{"ascending", by("sort"), object{"sort": []string{"n:asc"}}, "c a b d f e"},
		{"descending, without a value last", by("sort"), object{"sort": []string{"n:desc"}}, "d b a c f e"},
		{"words", by("words"), object{"q": "p q"}, "a b c e f d"},
		{"title before body", by("attributeRank"), object{"q": "p q", "matchingStrategy": "all"}, "c e b f a"},
		{"sort before title", by("sort", "words", "attributeRank"), object{"q": "p q", "matchingStrategy": "all", "sort": []string{"n:desc"}}, "b a c f e"},
		{"title before sort", by("attributeRank", "sort"), object{"q": "p q", "matchingStrategy": "all", "sort": []string{"n:desc"}}, "c e b f a"},
		{"words before sort", by("words", "sort"), object{"q": "p q", "sort": []string{"n:desc"}}, "b a c f e d"},
		{"a rule of its own", by("n:desc"), object{"q": "p"}, "d b a c f e"},
		{"near each other", by("proximity"), object{"q": "p q", "matchingStrategy": "all"}, "a c e b f"},
		{"early in the field", by("wordPosition"), object{"q": "q", "matchingStrategy": "all"}, "b f a c e"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := filled(t, meilitest.Options{}, tt.settings, docs...)
			if got, _ := f.find(tt.q); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTotals(t *testing.T) {
	var docs []string
	for i := range 10 {
		docs = append(docs, fmt.Sprintf(`{"id":"%d","body":"a","n":%d,"unit":"u%d"}`, i, i, i%5))
	}
	for _, tt := range []struct {
		capped         bool
		q              object
		hits           string
		total, estimat any
		pages          any
	}{
		{false, object{"q": "a", "hitsPerPage": 3}, "0 1 2", 10.0, nil, 4.0},
		{false, object{"q": "a", "hitsPerPage": 3, "page": 2}, "3", 10.0, nil, 4.0}, // maxTotalHits is 4
		{false, object{"q": "a", "hitsPerPage": 3, "page": 3}, "", 10.0, nil, 4.0},
		{false, object{"q": "a", "hitsPerPage": 0}, "", 10.0, nil, 0.0},
		{false, object{"q": "a", "page": 1}, "0 1 2 3", 10.0, nil, 1.0},
		{false, object{"q": "a"}, "0 1 2 3", nil, 10.0, nil},
		{false, object{"q": "a", "offset": 3, "limit": 5}, "3", nil, 10.0, nil},
		{false, object{"q": "a", "offset": 1 << 40, "limit": 1 << 40}, "", nil, 10.0, nil},
		{false, object{"q": "a", "page": 1 << 40, "hitsPerPage": 1 << 40}, "", 10.0, nil, 1.0},
		{true, object{"q": "a", "hitsPerPage": 3}, "0 1 2", 4.0, nil, 2.0},
		{true, object{"q": "a"}, "0 1 2 3", nil, 4.0, nil},
	} {
		f := filled(t, meilitest.Options{CapTotals: tt.capped}, with(asWords, "pagination", object{"maxTotalHits": 4}), docs...)
		got, a := f.find(tt.q)
		if got != tt.hits || at(a.body, "totalHits") != tt.total || at(a.body, "estimatedTotalHits") != tt.estimat || at(a.body, "totalPages") != tt.pages {
			t.Errorf("%v, capped %v: %q of %v or %v on %v pages; want %q of %v or %v on %v", tt.q, tt.capped,
				got, at(a.body, "totalHits"), at(a.body, "estimatedTotalHits"), at(a.body, "totalPages"), tt.hits, tt.total, tt.estimat, tt.pages)
		}
	}
}

func TestFacets(t *testing.T) {
	docs := []string{`{"id":"0","unit":"Ａ区","n":1}`, `{"id":"1","unit":"a区","n":10}`, `{"id":"2","unit":["b","c"],"n":2}`, `{"id":"3","unit":"b","n":-1.5}`, `{"id":"4","unit":"d"}`, `{"id":"5","unit":null}`}
	facets := func(settings, q object) string {
		t.Helper()
		f := filled(t, meilitest.Options{}, settings, docs...)
		_, a := f.find(q)
		_, after, _ := strings.Cut(a.text, `"facetDistribution":`)
		got, _, _ := strings.Cut(after, `,"hits"`)
		return got
	}
	capped := func(most int, order string) object {
		return object{"filterableAttributes": []string{"unit", "n"}, "faceting": object{"maxValuesPerFacet": most, "sortFacetValuesBy": object{"*": order}}}
	}
	for _, tt := range []struct {
		name     string
		settings object
		q        object
		want     string
	}{
		{"by count", capped(9, "count"), object{"facets": []string{"unit"}}, `{"unit":{"Ａ区":2,"b":2,"d":1,"c":1}},"facetStats":{}`},
		{"by count, capped", capped(2, "count"), object{"facets": []string{"unit"}}, `{"unit":{"Ａ区":2,"b":2}},"facetStats":{}`},
		{"by alphabet, capped: the largest may be missing", capped(2, "alpha"), object{"facets": []string{"unit"}, "filter": "n NOT EXISTS OR n > -1"}, `{"unit":{"b":1,"c":1}},"facetStats":{}`},
		{"numbers", capped(9, "alpha"), object{"facets": []string{"n"}}, `{"n":{"-1.5":1,"1":1,"2":1,"10":1}},"facetStats":{"n":{"min":-1.5,"max":10}}`},
		{"filtered", capped(9, "count"), object{"facets": []string{"*"}, "filter": "unit = A区"}, `{"n":{"10":1,"1":1},"unit":{"Ａ区":2}},"facetStats":{"n":{"min":1,"max":10}}`},
		{"of no hits", capped(9, "count"), object{"facets": []string{"unit"}, "filter": "unit = nosuch"}, `{"unit":{}},"facetStats":{}`},
		{"of no limit", capped(9, "count"), object{"facets": []string{"n"}, "limit": 0, "filter": "n = 2"}, `{"n":{"2":1}},"facetStats":{"n":{"min":2,"max":2}}`},
	} {
		if got := facets(tt.settings, tt.q); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestFormatted(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil, `{"id":"1","title":"一 two 三","body":"1 2 3 4 5 two 7 8 9 10","n":7}`)
	for _, tt := range []struct {
		q    object
		want any
	}{
		{object{"q": "two", "attributesToHighlight": []string{"*"}}, object{"id": "1", "title": "一 <em>two</em> 三", "body": "1 2 3 4 5 <em>two</em> 7 8 9 10", "n": "7"}},
		{object{"q": "tw", "attributesToHighlight": []string{"title"}, "attributesToRetrieve": []string{"n"}, "highlightPreTag": "[", "highlightPostTag": "]"}, object{"title": "一 [two] 三", "n": "7"}},
		{object{"q": "two", "attributesToCrop": []string{"body:4"}, "attributesToRetrieve": []string{"body"}}, object{"body": "…4 5 two 7 …"}},
		{object{"q": "two", "attributesToCrop": []string{"*"}, "cropLength": 2, "cropMarker": "+", "attributesToRetrieve": []string{"title"}}, object{"id": "1", "title": "一 two +", "body": "+5 two +", "n": "7"}},
		{object{"q": "nosuch -two"}, nil},
	} {
		_, a := f.find(tt.q)
		got := at(a.body, "hits", 0, "_formatted")
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.q, diff)
		}
	}
}

func TestMultiSearch(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil, `{"id":"1","title":"a"}`)
	f.accept("POST", "/indexes/cases_state/documents?primaryKey=id", `{"id":"state","mark":"m"}`)
	f.Drain()
	a := f.do("POST", "/multi-search", object{"queries": []object{
		{"indexUid": "cases", "q": "a", "hitsPerPage": 1}, {"indexUid": "cases_state"}, {"indexUid": "cases", "q": "b"},
	}})
	var got []string
	for i := range 3 {
		got = append(got, fmt.Sprint(at(a.body, "results", i, "indexUid"), " ", at(a.body, "results", i, "hits", 0, "id")))
	}
	if want := "cases 1, cases_state state, cases <nil>"; strings.Join(got, ", ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestLongFields shows that words beyond the 65,535th position are not found, nor
// words of more than 250 bytes.
func TestLongFields(t *testing.T) {
	f := filled(t, meilitest.Options{}, nil,
		`{"id":"1","body":"`+strings.Repeat("x ", 65_534)+`last beyond"}`,
		`{"id":"2","body":"`+strings.Repeat("y", 250)+" "+strings.Repeat("z", 251)+`"}`)
	for q, want := range map[string]string{"last ": "1", "beyond ": "", strings.Repeat("y", 250) + " ": "2", strings.Repeat("z", 251) + " ": ""} {
		if got, _ := f.find(object{"q": q, "matchingStrategy": "all"}); got != want {
			t.Errorf("%.10s…: found %q, want %q", q, got, want)
		}
	}
}

// TestSearchableChange shows that documents are searched anew after a setting.
func TestSearchableChange(t *testing.T) {
	f := filled(t, meilitest.Options{}, object{"searchableAttributes": []string{"title"}}, `{"id":"1","title":"a","body":"b"}`)
	if got, _ := f.find(object{"q": "b"}); got != "" {
		t.Errorf("found %q", got)
	}
	f.accept("PATCH", "/indexes/cases/settings", object{"searchableAttributes": []string{"body"}})
	f.Drain()
	if got, _ := f.find(object{"q": "b"}); got != "1" {
		t.Errorf("found %q", got)
	}
	if got, _ := f.find(object{"q": "a"}); got != "" {
		t.Errorf("found %q", got)
	}
}
