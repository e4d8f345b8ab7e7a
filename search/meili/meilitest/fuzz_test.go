package meilitest

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// fuzzIndex is one document with the text in each kind of value.
func fuzzIndex(t *testing.T, value string) (*index, *document) {
	raw, err := json.Marshal(map[string]any{"id": "1", "unit": value, "n": 5, "list": []string{"x", value}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := parseDocument(raw)
	if err != nil {
		t.Fatal(err)
	}
	d.flatten()
	s := New(Options{})
	ix := s.make("cases", "id")
	ix.settings = ix.settings.with(map[string]any{"filterableAttributes": []any{"*"}})
	return ix, d
}

func takes(t *testing.T, ix *index, d *document, source string) (bool, *apiError) {
	t.Helper()
	f, e := ix.filter(encode(source), "invalid_search_filter")
	if e != nil {
		return false, e
	}
	return f.takes(d), nil
}

// FuzzFilter wants of every filter that it is taken or refused for good, and that
// what is put around it does what it says.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		"", "unit = x", `unit = "a\"b\\c" AND n 1 TO 5`, "NOT (n > 1 OR list IN [a, 'b'])", "unit IS NOT EMPTY", "n NOT EXISTS", "unit STARTS WITH 'x'",
		"unit = = x", "((n=5", `unit = "`, `unit = "\`, "n IN [", "n 1 TO", "NOT", "unit IS", "é = ß", "n=5 AND n=5 OR NOT n=5", "list != x", "unit NOT",
		"\xff = 1", "n = NaN", "n < inf", "n = 0x1p2", "a.b.c = 1", "_geoRadius(1,2,3)", "unit =\x00", "n=5 OR", "IN IN [IN]", "unit in[x]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		ix, d := fuzzIndex(t, source)
		taken, e := takes(t, ix, d, source)
		if e != nil {
			if e.Code == "not_in_double" && len(source) > maxFacet {
				return
			}
			if e.Code != "invalid_search_filter" || e.Message == "" || e.status() != 400 {
				t.Errorf("refused with %+v", e)
			}
			return
		}
		if strings.TrimSpace(source) == "" {
			return
		}
		for around, want := range map[string]bool{
			"(" + source + "\n)":                taken,
			"NOT (" + source + "\n)":            !taken,
			"(" + source + "\n) AND n = 5":      taken,
			"n != 5 OR (" + source + "\n)":      taken,
			"n = 5 AND NOT (" + source + "\n )": !taken,
		} {
			got, e := takes(t, ix, d, around)
			if e != nil && strings.Contains(e.Message, "maximum depth") {
				continue
			}
			if e != nil || got != want {
				t.Errorf("%q is %v, but %q is %v (%v)", source, taken, around, got, e)
			}
		}
	})
}

// FuzzFilterValue wants every text, in quotes, to be found as it is.
func FuzzFilterValue(f *testing.F) {
	for _, seed := range []string{"", "x", `"`, `\`, `\"`, `'`, "教育局", "Ａ区", " blanks ", "a\nb", "a\x00b", `x" OR unit = "y`, "NOT", "]", "ſ", "İ", "é", "\u0301", "ﷺ", "%", "{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if !utf8.ValidString(value) || len(value) >= maxFacet {
			return // JSON holds no other, and filters know no longer ones
		}
		ix, d := fuzzIndex(t, value)
		escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
		quoted := `"` + escape.Replace(value) + `"`
		for _, source := range []string{"unit = " + quoted, "unit IN [other, " + quoted + "]", "list = " + quoted, "unit STARTS WITH " + quoted} {
			if taken, e := takes(t, ix, d, source); e != nil || !taken {
				t.Errorf("%q does not take %q: %v", source, value, e)
			}
		}
		other := `"` + escape.Replace(value+"x") + `"`
		if taken, e := takes(t, ix, d, "unit = "+other); e != nil || taken {
			t.Errorf("%s takes %q: %v", other, value, e)
		}
	})
}

// FuzzQuery wants of every query that its terms are words of it, at most ten, and
// that a document finds itself.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"", "a b c", `"a b" c`, `"a b`, `-a -"b c" d`, `""`, `" "`, "-", "--a", `-"`, "“乱收费”", "小学生 放学", "a.b. c", `"a . b"`, "A7县 12345", "é e\u0301", "\x00", "\xff\xfe",
		"a b c d e f g h i j k l", "ﷺ", "𠮷野家", "-公积金", `-"公积金"`, "h5b66 . h6821", "\u0301", "-\u0301", `"\u0301"`,
	} {
		f.Add(seed)
	}
	known := map[string]bool{"小学": true, "学生": true, "公积": true}
	f.Fuzz(func(t *testing.T, q string) {
		words := map[string]bool{}
		end := 0
		for _, token := range tokenize(q, known) {
			if token.start != end || token.end <= token.start {
				t.Fatalf("a token from %d to %d follows one that ends at %d", token.start, token.end, end)
			}
			end = token.end
			if token.kind == wordToken {
				words[token.text] = true
			}
		}
		if end != len(q) {
			t.Fatalf("the tokens end at %d of %d bytes", end, len(q))
		}
		parsed := parseQuery(q, known, true)
		if len(parsed.want) > maxTerms {
			t.Errorf("%d terms", len(parsed.want))
		}
		for i, term := range append(parsed.want, parsed.not...) {
			if len(term.words) == 0 || len(term.words) > 1 && !term.phrase {
				t.Errorf("term %d is %+v", i, term)
			}
			if term.prefix && (term.phrase || i != len(parsed.want)-1) {
				t.Errorf("term %d is a prefix: %+v", i, term)
			}
			for _, word := range term.words {
				if word == "" || !words[word] {
					t.Errorf("%q is no word of the query", word)
				}
			}
		}

		s := New(Options{Words: []string{"小学", "学生", "公积"}})
		ix := s.make("cases", "id")
		d := &document{raw: map[string]json.RawMessage{}}
		d.set("text", encode(q))
		ix.fields = []string{"text"}
		w := s.wordsOf(ix, d)
		for i, term := range s.seekAll(parsed.want) {
			if long := strings.Join(parsed.want[i].words, ""); len(long) <= maxWord && !w.holds(term, nil) {
				t.Errorf("the text does not hold term %d of it, %q", i, parsed.want[i].words)
			}
		}
	})
}
