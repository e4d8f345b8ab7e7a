package fts_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/fts"
)

var ctx = context.Background()

var schema = search.Schema{
	Text: []string{"title", "body"}, Keyword: []string{"unit", "year"}, Number: []string{"day", "wait"}, Newest: "day",
}

func open(t *testing.T, dir string) *fts.Index {
	t.Helper()
	x, err := fts.Open(dir, fts.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func all(docs ...search.Doc) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// doc is a document with a text in its body.
func doc(n int64, body string) search.Doc {
	return search.Doc{
		ID: fmt.Sprintf("2611-%06d", n), Seq: 2611e9 + n,
		Text:    map[string]string{"title": "关于编号的来信", "body": body},
		Keyword: map[string]string{"unit": "u" + fmt.Sprint(n%3), "year": "2026"},
		Number:  map[string]int64{"day": 20260100 + n%28},
	}
}

func ids(t *testing.T, e search.Engine, q search.Query) []string {
	t.Helper()
	q.Limit = 100
	res, err := e.Search(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range res.Hits {
		got = append(got, h.ID)
	}
	if res.Total != len(got) {
		t.Errorf("total is %d of %d hits", res.Total, len(got))
	}
	slices.Sort(got)
	return got
}

func TestTermsMatchByUnits(t *testing.T) {
	x := open(t, t.TempDir())
	texts := []string{"小学校门口的路灯不亮", "学，校门口", "拨打12345热线。5G基站", "编号123456", "A市B区", "，校", "处理结果：不满意"}
	var docs []search.Doc
	for i, s := range texts {
		docs = append(docs, doc(int64(i), s))
	}
	if err := x.Rebuild(ctx, schema, "m", all(docs...)); err != nil {
		t.Fatal(err)
	}
	for _, term := range []string{"学校", "学、校", "校", "12345", "123456", "1234", "热线。5g", "5G", "a市", "市", "市b", "B区", "结果不满意", "结果 不满意", "亮", "的", "果。不"} {
		var want []string
		for i, s := range texts {
			if matches(s, term) {
				want = append(want, docs[i].ID)
			}
		}
		if got := ids(t, x, search.Query{Terms: []string{term}, Fields: []string{"body"}}); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", term, got, want)
		}
	}
}

// matches says whether a term is in a text.
func matches(text, term string) bool {
	for range search.MatchUnits(search.Units(text), search.Units(term)) {
		return true
	}
	return false
}
