package search

import (
	"errors"
	"math"
	"strings"
	"testing"
)

var checkedSchema = Schema{Text: []string{"title", "body"}, Keyword: []string{"unit"}, Number: []string{"day", "size"}, Newest: "day"}

func TestCheckSchema(t *testing.T) {
	for _, test := range []struct {
		name   string
		schema Schema
		want   string // part of the error; "": none
	}{
		{"whole", checkedSchema, ""},
		{"small", Schema{Text: []string{"t"}, Number: []string{"n"}, Newest: "n"}, ""},
		{"longest name", Schema{Text: []string{"a" + strings.Repeat("_", 31)}, Number: []string{"n0"}, Newest: "n0"}, ""},
		{"no text", Schema{Number: []string{"n"}, Newest: "n"}, "no text field"},
		{"empty name", Schema{Text: []string{""}, Number: []string{"n"}, Newest: "n"}, `field name ""`},
		{"name too long", Schema{Text: []string{"a" + strings.Repeat("_", 32)}, Number: []string{"n"}, Newest: "n"}, "field name"},
		{"capital", Schema{Text: []string{"Title"}, Number: []string{"n"}, Newest: "n"}, "field name"},
		{"digit first", Schema{Text: []string{"1t"}, Number: []string{"n"}, Newest: "n"}, "field name"},
		{"quotation mark", Schema{Text: []string{`t"`}, Number: []string{"n"}, Newest: "n"}, "field name"},
		{"Chinese", Schema{Text: []string{"标题"}, Number: []string{"n"}, Newest: "n"}, "field name"},
		{"twice", Schema{Text: []string{"a"}, Keyword: []string{"a"}, Number: []string{"n"}, Newest: "n"}, "field a twice"},
		{"no newest", Schema{Text: []string{"a"}, Number: []string{"n"}}, "newest"},
		{"newest is a text", Schema{Text: []string{"a"}, Number: []string{"n"}, Newest: "a"}, "newest"},
	} {
		checkError(t, test.name, CheckSchema(test.schema), ErrSchema, test.want)
	}
}

func TestCheckDoc(t *testing.T) {
	for _, test := range []struct {
		name string
		doc  Doc
		want string
	}{
		{"whole", Doc{ID: "2611-004217", Seq: 1, Text: map[string]string{"title": "停水"}, Keyword: map[string]string{"unit": "甲"}, Number: map[string]int64{"day": 1}}, ""},
		{"bare", Doc{ID: "a", Seq: 1<<53 - 1}, ""},
		{"longest", Doc{ID: strings.Repeat("Z", 64), Seq: 1, Keyword: map[string]string{"unit": strings.Repeat("x", 200)}}, ""},
		{"least and most", Doc{ID: "_-", Seq: 1, Number: map[string]int64{"day": -(1<<53 - 1), "size": 1<<53 - 1}}, ""},
		{"no ID", Doc{Seq: 1}, "ID"},
		{"ID too long", Doc{ID: strings.Repeat("Z", 65), Seq: 1}, "ID"},
		{"ID with a blank", Doc{ID: "a b", Seq: 1}, "ID"},
		{"ID with a letter of another script", Doc{ID: "甲", Seq: 1}, "ID"},
		{"no seq", Doc{ID: "a"}, "a: seq 0"},
		{"negative seq", Doc{ID: "a", Seq: -1}, "seq -1"},
		{"seq too large", Doc{ID: "a", Seq: 1 << 53}, "seq"},
		{"unknown text", Doc{ID: "a", Seq: 1, Text: map[string]string{"unit": "x"}}, `"unit" is not a text field`},
		{"broken text", Doc{ID: "a", Seq: 1, Text: map[string]string{"title": "停\xff"}}, "text of title is not UTF-8"},
		{"unknown keyword", Doc{ID: "a", Seq: 1, Keyword: map[string]string{"title": "x"}}, `"title" is not a keyword field`},
		{"keyword too long", Doc{ID: "a", Seq: 1, Keyword: map[string]string{"unit": strings.Repeat("x", 201)}}, "value of unit has 201 bytes"},
		{"broken keyword", Doc{ID: "a", Seq: 1, Keyword: map[string]string{"unit": "\xff"}}, "value of unit is not UTF-8"},
		{"unknown number", Doc{ID: "a", Seq: 1, Number: map[string]int64{"unit": 1}}, `"unit" is not a number field`},
		{"number too large", Doc{ID: "a", Seq: 1, Number: map[string]int64{"day": 1 << 53}}, "day is"},
		{"number too small", Doc{ID: "a", Seq: 1, Number: map[string]int64{"day": math.MinInt64}}, "day is"},
	} {
		checkError(t, test.name, CheckDoc(checkedSchema, test.doc), ErrDoc, test.want)
	}
}

func TestCheckMark(t *testing.T) {
	checkError(t, "none", CheckMark(""), ErrDoc, "")
	checkError(t, "longest", CheckMark(strings.Repeat("x", 512)), ErrDoc, "")
	checkError(t, "too long", CheckMark(strings.Repeat("x", 513)), ErrDoc, "mark")
	checkError(t, "broken", CheckMark("\xff"), ErrDoc, "mark")
}

func TestCheckQuery(t *testing.T) {
	one := int64(1)
	for _, test := range []struct {
		name  string
		query Query
		want  string
	}{
		{"everything", Query{}, ""},
		{"whole", Query{
			Terms: []string{"停水"}, Not: []string{"停电"}, Fields: []string{"title"}, Hide: []string{"不是"}, Facets: []string{"unit"}, Sort: "-size",
			Filters: []Filter{{Field: "unit", In: []string{`"\`}}, {Field: "day", Min: &one}}, Offset: MaxWindow - 1, Limit: 1,
		}, ""},
		{"open range", Query{Filters: []Filter{{Field: "day"}}}, ""},
		{"term of punctuation", Query{Terms: []string{"停水", "，"}}, "term 2"},
		{"excluded emoji", Query{Not: []string{"😀"}}, "excluded term 1"},
		{"unknown field", Query{Fields: []string{"unit"}}, "text field"},
		{"unknown facet", Query{Facets: []string{"title"}}, "facet"},
		{"unknown sort", Query{Sort: "unit"}, "sort"},
		{"two signs", Query{Sort: "--day"}, "sort"},
		{"a sign", Query{Sort: "-"}, "sort"},
		{"unknown filter", Query{Filters: []Filter{{Field: "title", In: []string{"x"}}}}, "no filter"},
		{"filter twice", Query{Filters: []Filter{{Field: "day"}, {Field: "day"}}}, "two filters"},
		{"no value", Query{Filters: []Filter{{Field: "unit"}}}, "needs values"},
		{"bound of a keyword", Query{Filters: []Filter{{Field: "unit", In: []string{"x"}, Max: &one}}}, "no bounds"},
		{"value of a number", Query{Filters: []Filter{{Field: "day", In: []string{"1"}}}}, "no values"},
		{"broken value", Query{Filters: []Filter{{Field: "unit", In: []string{"a", "\xff"}}}}, "value 2"},
		{"negative offset", Query{Offset: -1}, "results"},
		{"negative limit", Query{Limit: -1}, "results"},
		{"too far", Query{Offset: MaxWindow, Limit: 1}, "results"},
		{"too many", Query{Limit: MaxWindow + 1}, "results"},
		{"overflow", Query{Offset: math.MaxInt, Limit: math.MaxInt}, "results"},
	} {
		checkError(t, test.name, CheckQuery(checkedSchema, test.query), ErrQuery, test.want)
	}
}

// checkError wants an error of a kind with a text in it, or none.
func checkError(t *testing.T, name string, err, kind error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v", name, err)
	case want != "" && (!errors.Is(err, kind) || !strings.Contains(err.Error(), want)):
		t.Errorf("%s: error %v, want one of %v with %q", name, err, kind, want)
	}
}
