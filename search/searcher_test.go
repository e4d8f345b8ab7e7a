package search_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// vocabulary names the values of the documents below.
const vocabulary = `{
  "fields": {
    "type": [{"id": "case", "name": "诉求件", "en": "Cases"}, {"id": "bulletin", "name": "通报", "en": "Bulletins"}],
    "unit": [
      {"id": "gov", "name": "东江市", "en": "Dongjiang"},
      {"id": "edu", "name": "教育局", "en": "Education", "parent": "gov"},
      {"id": "exam", "name": "招生办", "en": "Admissions", "parent": "edu"},
      {"id": "house", "name": "住建局", "en": "Housing", "parent": "gov"},
      {"id": "water", "name": "自来水公司", "en": "Waterworks"}
    ],
    "topic": [{"id": "supply", "name": "供水", "en": "Water"}, {"id": "school", "name": "入学", "en": "Schools"}],
    "rating": [{"id": "5/5", "name": "非常满意"}, {"id": "4/5", "name": "满意"}, {"id": "1/5", "name": "不满意"}]
  },
  "release": 7, "cutoff": "2026-11-20", "docs": 6
}`

// mark is what the index of the documents below shows.
var mark = search.Mark{Release: 7, Cutoff: "2026-11-20", Docs: 6, Form: search.SiteForm()}

// document is a document in the making: fields as "name=value", texts after
// title:, question: and reply:.
func document(t testing.TB, seq int64, id string, fields ...string) search.Doc {
	t.Helper()
	d := search.Doc{ID: id, Seq: seq, Text: map[string]string{}, Keyword: map[string]string{"type": "case"}, Number: map[string]int64{}}
	for _, f := range fields {
		if name, text, ok := strings.Cut(f, ":"); ok {
			d.Text[name] = text
			continue
		}
		name, value, _ := strings.Cut(f, "=")
		if slices.Contains(search.SiteSchema().Number, name) {
			var n int64
			if _, err := fmt.Sscan(value, &n); err != nil {
				t.Fatal(err)
			}
			d.Number[name] = n
			if name == "replied" {
				d.Keyword["year"], d.Keyword["month"] = value[:4], value[:4]+"-"+value[4:6]
			}
			continue
		}
		d.Keyword[name] = value
	}
	return d
}

// sixDocuments are the documents of most tests.
func sixDocuments(t testing.TB) []search.Doc {
	return []search.Doc{
		document(t, 1, "2601-000001", "title:小区停水", "question:小区多次停水，物业不管。", "reply:已修复。", "unit=water", "topic=supply", "rating=5/5", "received=20260110", "replied=20260115", "days=5"),
		document(t, 2, "2601-000002", "title:入学问题", "question:孩子入学材料，学校要什么？", "reply:请看招生办的通知。", "unit=exam", "topic=school", "rating=4/5", "received=20260111", "replied=20260201", "days=21"),
		document(t, 3, "2602-000003", "title:学校门口积水", "question:学校门口积水，停水也没有通知。", "reply:已转住建局。", "unit=house", "rating=1/5", "received=20260203", "replied=20260210", "days=7"),
		document(t, 4, "2602-000004", "title:物业收费", "question:物业乱收费。", "reply:物业已退费。", "unit=house", "received=20260205"),
		document(t, 5, "2602-000005", "title:产品和服务", "question:投诉产品和服务。", "reply:已处理。", "unit=gov", "received=20260206", "replied=20260301", "days=23"),
		document(t, 6, "b-6", "title:停水情况通报", "question:本月停水 3 次。", "type=bulletin", "received=20260301", "replied=20260302", "days=1"),
	}
}

// index returns an engine that holds documents.
func index(t testing.TB, mark string, docs ...search.Doc) *scan.Engine {
	t.Helper()
	e := scan.New()
	t.Cleanup(func() { e.Close() })
	if err := e.Rebuild(context.Background(), search.SiteSchema(), mark, all(docs)); err != nil {
		t.Fatal(err)
	}
	return e
}

func all(docs []search.Doc) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func names(t testing.TB) *search.Vocabulary {
	t.Helper()
	v, err := search.DecodeVocabulary([]byte(vocabulary))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func request(t testing.TB, query string) search.Request {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.ParseRequest(v)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return r
}

func answer(t testing.TB, s *search.Searcher, query string) search.Answer {
	t.Helper()
	a, err := s.Search(context.Background(), request(t, query))
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return a
}

// ids are the last digits of what was found.
func ids(hits []search.AnswerHit) string {
	var b strings.Builder
	for _, h := range hits {
		b.WriteByte(h.ID[len(h.ID)-1])
	}
	return b.String()
}

func codes(notes []search.Note) string {
	var all []string
	for _, n := range notes {
		all = append(all, n.Code)
	}
	return strings.Join(all, " ")
}

func TestSearch(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	for _, test := range []struct{ query, hits, notes string }{
		// Words.
		{"", "653214", ""},
		{"q=停水", "613", ""},
		{"q=停水 学校", "3", ""},
		{"q=停水 -学校", "61", ""},
		{"q=“停水，物业”", "1", ""},
		{"q=停水物业", "", ""},
		{"q=标题:停水", "61", ""},
		{"q=答复:住建局", "3", ""},
		{"q=答复:物业 停水", "", "one-field"},
		{"q=，", "", "dropped no-terms"},
		{"q=，&unit=house", "34", "dropped"},
		{"q=-停水", "", "only-not"},
		{"q=-停水&type=case", "", "only-not"},
		{"q=-停水&unit=house", "4", ""},
		{"q=-停水 单位:住建局", "4", ""},
		{"q=2601-000001", "", ""},
		{"q=编号:2601-000001", "", ""},

		// Filters.
		{"unit=house", "34", ""},
		{"unit=house&unit=water", "314", ""},
		{"unit=gov", "5324", ""},
		{"unit=edu", "2", ""},
		{"unit=nobody", "", ""},
		{`unit=%22%5C' OR 1=1`, "", ""},
		{"unit=house&topic=supply", "", ""},
		{"month=2026-02", "32", ""},
		{"year=2026", "65321", ""},
		{"rating=5/5&rating=4/5", "21", ""},
		{"type=case&q=停水", "13", ""},
		{"type=bulletin", "6", ""},
		{"type=dialogue", "", ""},
		{"from=2026-02-01&to=2026-02-10", "32", ""},
		{"from=2026-03-01", "65", ""},
		{"to=2026-01-15", "1", ""},

		// Filters in the query.
		{"q=单位:住建局", "34", ""},
		{"q=单位:教育局", "2", ""},
		{"q=单位:住建局 单位:自来水公司", "314", ""},
		{"q=单位:局", "324", "several"},
		{"q=单位:税务局 停水", "", "unknown-value"},
		{"q=单位:税务局 单位:住建局", "34", "unknown-value"},
		{"q=单位:住建局&unit=water", "", "contradicts"},
		{"q=单位:住建局&unit=gov", "34", ""},
		{"q=单位:东江市&unit=house", "34", ""},
		{"q=月:2026-02", "32", ""},
		{"q=年:2026 月:2 停水", "3", ""},
		{"q=年:2025", "", ""},
		{"q=评价:满意", "2", ""},

		// Orders.
		{"q=停水&sort=newest", "631", ""},
		{"q=停水&sort=oldest", "136", ""},
		{"sort=oldest", "123564", ""},
		{"sort=wait", "523164", ""},

		// Pages.
		{"per_page=2", "65", ""},
		{"per_page=2&page=3", "14", ""},
		{"per_page=2&page=4", "", ""},
	} {
		a := answer(t, s, test.query)
		if got := ids(a.Hits); got != test.hits || codes(a.Notes) != test.notes {
			t.Errorf("%s: found %q, notes %q, want %q, %q", test.query, got, codes(a.Notes), test.hits, test.notes)
		}
		n := 0
		if err := s.Each(context.Background(), request(t, test.query), func(search.AnswerHit) error { n++; return nil }); err != nil || n != a.Total {
			t.Errorf("%s: Each gives %d hits, %v, the total is %d", test.query, n, err, a.Total)
		}
	}
}

// TestSearchRefuses asks what the reader has to change.
func TestSearchRefuses(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	for _, test := range []struct {
		request search.Request
		code    string
	}{
		{search.Request{Page: 501}, "page-too-far"},
		{search.Request{Page: 1_000_000_000}, "page-too-far"},
		{search.Request{Page: 2, PerPage: search.MaxWindow}, "page-too-far"},
		{search.Request{PerPage: search.MaxWindow + 1}, "page-too-far"},
		{search.Request{Q: "标题:停水 答复:停水"}, "fields-mixed"},
		{search.Request{Q: "-单位:住建局"}, "exclude-filter"},
		{search.Request{Q: "月:11"}, "month-without-year"},
	} {
		_, err := s.Search(context.Background(), test.request)
		var bad *search.RequestError
		if !errors.As(err, &bad) || bad.Code != test.code {
			t.Errorf("%+v: error %v, want %s", test.request, err, test.code)
		}
	}
	_, err := s.Search(context.Background(), search.Request{Filters: map[string][]string{"colour": {"red"}}})
	if !errors.Is(err, search.ErrQuery) {
		t.Errorf("a filter that documents do not have: error %v", err)
	}
}

func TestAnswerHit(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{
		Path: func(typ, id string) string { return typ + "/" + id },
	})
	a := answer(t, s, "q=停水 小区")
	h := a.Hits[0]
	h.Doc = search.Doc{ID: h.ID}
	want := search.AnswerHit{
		Doc: search.Doc{ID: "2601-000001"}, Path: "case/2601-000001",
		Title: "<mark>小区停水</mark>", Snippet: "<mark>小区</mark>多次<mark>停水</mark>，物业不管。", SnippetOf: "question",
		Type:     search.Named{ID: "case", Name: search.Label{ZH: "诉求件", EN: "Cases"}},
		Unit:     search.Named{ID: "water", Name: search.Label{ZH: "自来水公司", EN: "Waterworks"}},
		Topic:    search.Named{ID: "supply", Name: search.Label{ZH: "供水", EN: "Water"}},
		Rating:   search.Named{ID: "5/5", Name: search.Label{ZH: "非常满意"}},
		Received: "2026-01-10", Replied: "2026-01-15", Days: 5,
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Errorf("hit (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"停水", "小区"}, a.Terms); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
	for _, test := range []struct{ query, title, snippet, of string }{
		{"q=物业 退费", "<mark>物业</mark>收费", "<mark>物业</mark>已<mark>退费</mark>。", "reply"}, // the text that holds more of the words
		{"q=题目 -停水", "", "", ""},
		{"q=标题:物业", "<mark>物业</mark>收费", "物业乱收费。", "question"}, // nothing is marked where nothing was sought
		{"q=答复:退费", "物业收费", "物业已<mark>退费</mark>。", "reply"},
		{"q=通报", "停水情况<mark>通报</mark>", "本月停水 3 次。", "question"},
		{"q=单位:住建局&from=2026-02-10", "学校门口积水", "学校门口积水，停水也没有通知。", "question"},
	} {
		a := answer(t, s, test.query)
		var h search.AnswerHit
		if len(a.Hits) > 0 {
			h = a.Hits[0]
		}
		if string(h.Title) != test.title || string(h.Snippet) != test.snippet || h.SnippetOf != test.of {
			t.Errorf("%s: %s | %s | %s, want %s | %s | %s", test.query, h.Title, h.Snippet, h.SnippetOf, test.title, test.snippet, test.of)
		}
	}
	bare := search.NewSearcher(index(t, mark.String(), document(t, 1, "a", `title:<b>"停"</b>`)), nil, search.SearcherOptions{})
	h = answer(t, bare, "").Hits[0]
	if h.Title != `&lt;b&gt;&#34;停&#34;&lt;/b&gt;` || h.Snippet != "" || h.Days != -1 || h.Received != "" || h.Path != "case/a.html" || h.Unit != (search.Named{}) {
		t.Errorf("a document with hardly anything: %+v", h)
	}
}

func TestNumberInQuery(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	for _, test := range []struct{ q, number, path string }{
		{"2601-000001", "2601-000001", "case/2601-000001.html"},
		{"编号：２６０１－０００００１ 停水", "2601-000001", "case/2601-000001.html"},
		{"停水", "", ""},
	} {
		if a := answer(t, s, "q="+test.q); a.Number != test.number || a.NumberPath != test.path {
			t.Errorf("%s: number %q at %q", test.q, a.Number, a.NumberPath)
		}
	}
}

// link writess other searches by what they ask for, so that they can be read.
func link(r search.Request) string {
	s, err := url.QueryUnescape(r.Encode())
	if err != nil {
		return err.Error()
	}
	return s
}

func TestChosen(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	for _, test := range []struct {
		query string
		want  []string // field, name, what is left
	}{
		{"q=停水", nil},
		{"q=停水&unit=edu&unit=water&rating=4/5&page=2", []string{
			"unit 教育局 q=停水&rating=4/5&unit=water", "unit 自来水公司 q=停水&rating=4/5&unit=edu", "rating 满意 q=停水&unit=edu&unit=water",
		}},
		{"from=2026-01-01&to=2026-02-01&sort=newest", []string{"replied 2026-01-01 至 2026-02-01 sort=newest"}},
		{"from=2026-01-01", []string{"replied 2026-01-01 以后 "}},
		{"to=2026-01-01", []string{"replied 2026-01-01 以前 "}},
		{"q=停水 单位:住建局 物业", []string{"unit 住建局 q=停水 物业"}},
		{"q=单位:局 停水", []string{"unit 局 q=停水"}},
		{"q=单位:“住建局”停水&unit=water", []string{"unit 自来水公司 q=单位:“住建局”停水", "unit 住建局 q=停水&unit=water"}},
		{"q=年:2026 停水 月:2", []string{"year 2026 q=停水", "month 2026-02 q=年:2026 停水"}},
		{"q=年:2026 停水 月:2026-02", []string{"year 2026 q=停水 月:2026-02", "month 2026-02 q=年:2026 停水"}},
	} {
		a := answer(t, s, test.query)
		var got []string
		for _, c := range a.Chosen {
			got = append(got, c.Field+" "+c.Name.ZH+" "+link(c.Without))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.query, diff)
		}
	}
}

func TestTurn(t *testing.T) {
	var docs []search.Doc
	for i := range int64(45) {
		docs = append(docs, document(t, i+1, fmt.Sprintf("a-%d", i+1), "title:停水"))
	}
	s := search.NewSearcher(index(t, mark.String(), docs...), nil, search.SearcherOptions{})
	for _, test := range []struct {
		query       string
		hits, pages int
		prev, next  string
	}{
		{"q=停水", 20, 3, "none", "q=停水&page=2"},
		{"q=停水&page=2", 20, 3, "q=停水", "q=停水&page=3"},
		{"q=停水&page=3", 5, 3, "q=停水&page=2", "none"},
		{"q=停水&page=9", 0, 3, "q=停水&page=3", "none"},
		{"q=停水&per_page=50", 45, 1, "none", "none"},
		{"q=停水&per_page=45", 45, 1, "none", "none"},
		{"q=停电", 0, 1, "none", "none"},
	} {
		a := answer(t, s, test.query)
		turn := func(r *search.Request) string {
			if r == nil {
				return "none"
			}
			return r.Encode()
		}
		want := func(query string) string {
			if query == "none" {
				return query
			}
			return request(t, query).Encode()
		}
		if len(a.Hits) != test.hits || a.Pages != test.pages || turn(a.Prev) != want(test.prev) || turn(a.Next) != want(test.next) {
			t.Errorf("%s: %d hits, %d pages, before %s, after %s", test.query, len(a.Hits), a.Pages, turn(a.Prev), turn(a.Next))
		}
	}
}

func TestEstimates(t *testing.T) {
	e := &counting{Engine: index(t, mark.String(), sixDocuments(t)...), change: func(_ search.Query, r *search.Result) {
		r.Exact, r.Total = false, 20_000
	}}
	a := answer(t, search.NewSearcher(e, names(t), search.SearcherOptions{}), "q=停水&page=500")
	if a.Exact || a.Total != 20_000 || a.Pages != 500 || a.Next != nil || codes(a.Notes) != "estimate window" {
		t.Errorf("exact %t, total %d, %d pages, notes %s", a.Exact, a.Total, a.Pages, codes(a.Notes))
	}
}

func TestHide(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{
		Hide: func() []string { return []string{"2601-000001", "unknown"} },
	})
	a := answer(t, s, "q=停水")
	if got := ids(a.Hits); got != "63" || a.Total != 2 {
		t.Errorf("found %s of %d with 1 withdrawn", got, a.Total)
	}
	if err := s.Each(context.Background(), request(t, "q=停水"), func(h search.AnswerHit) error {
		if h.ID == "2601-000001" {
			t.Error("Each gives a withdrawn case")
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	for _, f := range a.Facets {
		for _, v := range f.Values {
			if v.ID == "water" {
				t.Error("a facet counts a withdrawn case")
			}
		}
	}
}

// FuzzSearch asks an engine whatever the address of a page can ask: it answers,
// or says what the reader has to change.
func FuzzSearch(f *testing.F) {
	for _, query := range []string{
		"q=停水 -物业&unit=house&sort=wait", "q=标题:停水 答复:x", "q=单位:局 月:2026-02&unit=gov&page=2&per_page=1", "q=“&type=case", "page=500",
		"q=年:2026 月:2&year=2026&month=2026-02&rating=4/5&from=2026-01-01", "unit=%22%5C&topic=x&area=1&channel=&kind=a&status=b",
	} {
		f.Add(query)
	}
	e := index(f, mark.String(), sixDocuments(f)...)
	s := search.NewSearcher(e, names(f), search.SearcherOptions{
		Crosser: crosses{"和服"}, Suggester: words{"停": {"停水", "停电"}}, Synonymer: words{"住建局": {"住房局"}}, Questioner: question{},
	})
	f.Fuzz(func(t *testing.T, query string) {
		v, _ := url.ParseQuery(query)
		r, err := search.ParseRequest(v)
		if err != nil {
			return
		}
		a, err := s.Search(context.Background(), r)
		var bad *search.RequestError
		if errors.As(err, &bad) {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", query, err)
		}
		n := 0
		if err := s.Each(context.Background(), r, func(search.AnswerHit) error { n++; return nil }); err != nil || n != a.Total {
			t.Fatalf("%q: %d hits, %v, total %d", query, n, err, a.Total)
		}
		// Every other search that is offered can be asked, unless it is too long.
		var offered []search.Request
		for _, c := range a.Chosen {
			offered = append(offered, c.Without)
		}
		for _, f := range a.Facets {
			for _, v := range f.Values {
				offered = append(offered, v.Toggle())
				if got := answerTotal(t, s, v.Toggle()); !v.Chosen && got < v.N && len(v.Children) == 0 {
					t.Fatalf("%q: %s %s has %d hits, %d are promised", query, f.Field, v.ID, got, v.N)
				}
			}
		}
		for _, o := range slices.Concat(a.Suggestions, a.Synonyms) {
			offered = append(offered, o.Request)
			if o.Total == 0 {
				t.Fatalf("%q: %s is offered without hits", query, link(o.Request))
			}
		}
		for _, r := range offered {
			if got := answerTotal(t, s, r); got < 0 {
				t.Fatalf("%q: %s is offered and cannot be asked", query, link(r))
			}
		}
	})
}

// answerTotal returns the number of hits, or -1 if the request is refused.
func answerTotal(t *testing.T, s *search.Searcher, r search.Request) int {
	t.Helper()
	a, err := s.Search(context.Background(), r)
	if errors.Is(err, search.ErrQuery) {
		return -1
	}
	if err != nil {
		t.Fatal(err)
	}
	return a.Total
}
