package search_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
)

// crosses is a crosser for which words meet wherever one of these stands.
type crosses []string

func (c crosses) Crossing(text string, start, end int) bool {
	for _, word := range c {
		if text[start:end] == word {
			return true
		}
	}
	return false
}

// words is a suggester and a synonymer that knows these words.
type words map[string][]string

func (w words) Suggest(word string) []string { return w[word] }
func (w words) Expand(word string) []string  { return w[word] }

// question knows the words of questions that end in 怎么办: what stands before it, cut after
// two characters.
type question struct{}

func (question) Question(q string) ([]string, bool) {
	rest, ok := strings.CutSuffix(q, "怎么办")
	if !ok {
		return nil, false
	}
	runes := []rune(rest)
	if len(runes) < 3 {
		return []string{rest}, true
	}
	return []string{string(runes[:2]), string(runes[2:])}, true
}

// TestCrossing puts hits behind others in which a word is only where others
// meet.
func TestCrossing(t *testing.T) {
	e := index(t, "",
		document(t, 1, "a-1", "title:产品和服务", "replied=20260105"),
		document(t, 2, "a-2", "title:出租和服", "replied=20260101"),
		document(t, 3, "a-3", "title:租衣", "question:产品和服务，出租和服。", "replied=20260103"),
		document(t, 4, "a-4", "title:产品和服务", "replied=20260104"),
		document(t, 5, "a-5", "title:和服店", "reply:产品和服务", "replied=20260102"),
	)
	// 和服 crosses in 产品和服务 alone.
	s := search.NewSearcher(e, nil, search.SearcherOptions{Crosser: within("产品和服务")})
	for _, test := range []struct{ query, hits, crossing, notes string }{
		{"q=和服", "52314", "14", "crossing"},
		{"q=和服&per_page=2", "52", "", "crossing"},
		{"q=和服&per_page=2&page=2", "31", "1", "crossing"},
		{"q=和服&per_page=2&page=3", "4", "4", "crossing"},
		{"q=“和服”", "14523", "", ""}, // meant as it stands
		{"q=和服&sort=newest", "14352", "14", ""},
		{"q=产品和服务", "1435", "", ""},
		{"q=标题:和服", "5214", "14", "crossing"},
		{"q=和服 产品", "3514", "14", "crossing"},
		{"q=服", "14523", "", ""},
	} {
		a := answer(t, s, test.query)
		crossing := ""
		for _, h := range a.Hits {
			if h.Crossing {
				crossing += h.ID[2:]
			}
		}
		if got := ids(a.Hits); got != test.hits || crossing != test.crossing || codes(a.Notes) != test.notes {
			t.Errorf("%s: found %s, crossing %s, notes %s, want %s, %s, %s", test.query, got, crossing, codes(a.Notes), test.hits, test.crossing, test.notes)
		}
	}
	if a := answer(t, search.NewSearcher(e, nil, search.SearcherOptions{}), "q=和服"); ids(a.Hits) != "14523" {
		t.Errorf("without a crosser: found %s", ids(a.Hits))
	}
}

// within is a crosser for which words meet within one text.
type within string

func (w within) Crossing(text string, start, end int) bool {
	at := strings.Index(text, string(w))
	return at >= 0 && start > at && end < at+len(w)
}

// TestCrossingPages turns all pages of many hits, of which the first ones cross:
// each stands on one page, the crossing ones of the first 200 last.
func TestCrossingPages(t *testing.T) {
	var docs []search.Doc
	for i := range int64(230) {
		title := "title:和服店"
		if i%3 > 0 {
			title = "title:产品和服务"
		}
		docs = append(docs, document(t, i+1, fmt.Sprintf("a-%d", i+1), title))
	}
	e := index(t, "", docs...)
	s := search.NewSearcher(e, nil, search.SearcherOptions{Crosser: within("产品和服务")})
	var want []string
	for _, crossing := range []bool{false, true} {
		for i := int64(229); i >= 30; i-- { // the newest 200
			if (i%3 > 0) == crossing {
				want = append(want, fmt.Sprintf("a-%d", i+1))
			}
		}
	}
	for i := int64(29); i >= 0; i-- {
		want = append(want, fmt.Sprintf("a-%d", i+1))
	}
	for _, per := range []int{7, 20, 30, 64, 100} {
		var got []string
		for page := 1; ; page++ {
			a := answer(t, s, fmt.Sprintf("q=和服&per_page=%d&page=%d", per, page))
			if a.Total != 230 {
				t.Fatalf("total %d", a.Total)
			}
			for _, h := range a.Hits {
				got = append(got, h.ID)
			}
			if a.Next == nil {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d a page (-want +got):\n%s", per, diff)
		}
	}
}

// told writes the helps of an answer, one a line.
func told(a search.Answer) []string {
	var all []string
	offer := func(kind string, o search.Offer) {
		all = append(all, fmt.Sprintf("%s %s→%s %d: %s", kind, o.Word, o.With, o.Total, link(o.Request)))
	}
	if a.Help != nil {
		if a.Help.Unfiltered != nil {
			offer("unfiltered", *a.Help.Unfiltered)
		}
		for _, w := range a.Help.Words {
			all = append(all, fmt.Sprintf("word %s %d", w.Word, w.Total))
		}
	}
	if a.Instead != nil {
		all = append(all, fmt.Sprintf("instead %s %d: %s", strings.Join(a.Instead.Terms, "+"), a.Instead.Total, ids(a.Instead.Hits)))
	}
	for _, o := range a.Synonyms {
		offer("synonym", o)
	}
	for _, o := range a.Suggestions {
		offer("suggestion", o)
	}
	return all
}

func TestHelps(t *testing.T) {
	e := &counting{Engine: index(t, mark.String(), sixDocuments(t)...)}
	s := search.NewSearcher(e, names(t), search.SearcherOptions{
		Suggester: words{
			"亭水": {"听水", "庭水", "停谁", "停水", "学校", "物业"},
			"户业": {"护业", "物业"},
			"雪校": {"血校", "学校"},
			"通知": {"停水"},
			"坏":  {"坏", "，", "坏 掉", "停水 物业"},
		},
		Synonymer:  words{"住建局": {"住房局", "住建局", "，", "招生办", "物业"}, "招生": {"材料 学校"}},
		Questioner: question{},
	})
	for _, test := range []struct {
		query string
		want  []string
	}{
		{"q=停水", nil},        // enough hits
		{"q=停水&page=2", nil}, // not on a later page
		{"q=亭水&page=2", nil}, //
		{"unit=nobody", nil}, // nothing is sought
		{"q=亭水 -停水", []string{"word 亭水 0", "suggestion 亭水→学校 1: q=学校 -停水", "suggestion 亭水→物业 1: q=物业 -停水"}},

		// Suggestions: in their order, those that have hits.
		{"q=亭水", []string{"suggestion 亭水→停水 3: q=停水", "suggestion 亭水→学校 2: q=学校", "suggestion 亭水→物业 2: q=物业"}},
		{"q=“亭水”", []string{"suggestion 亭水→停水 3: q=“停水”", "suggestion 亭水→学校 2: q=“学校”", "suggestion 亭水→物业 2: q=“物业”"}},
		{"q=标题:亭水", []string{"suggestion 亭水→停水 2: q=标题:停水", "suggestion 亭水→学校 1: q=标题:学校", "suggestion 亭水→物业 1: q=标题:物业"}},
		{"q=坏", []string{"suggestion 坏→停水 物业 1: q=\"停水 物业\""}},
		{"q=小区 亭水", []string{"word 小区 1", "word 亭水 0", "suggestion 亭水→停水 1: q=小区 停水", "suggestion 亭水→物业 1: q=小区 物业"}},
		{"q=雪校 户业", []string{"word 雪校 0", "word 户业 0"}}, // their best words have no hits either
		{"q=雪校 停水 通知", []string{"word 雪校 0", "word 停水 3", "word 通知 2", "suggestion 雪校→学校 1: q=学校 停水 通知"}},
		{"q=通知", []string{"suggestion 通知→停水 3: q=停水"}}, // few hits, and another word has more

		// Filters.
		{"q=停水&unit=edu", []string{"unfiltered → 3: q=停水", "word 停水 3"}},
		{"q=停水 单位:教育局", []string{"unfiltered → 3: q=停水", "word 停水 3"}},
		{"q=停水&from=2026-04-01&type=case", []string{"unfiltered → 2: q=停水&type=case", "word 停水 3"}},
		{"q=停水 单位:税务局", []string{"unfiltered → 3: q=停水", "word 停水 3"}},
		{"q=停水 单位:住建局&unit=water", []string{"unfiltered → 3: q=停水", "word 停水 3"}},
		{"q=停电&unit=edu", []string{"word 停电 0"}},
		{"q=停水 退费 招生办 材料 修复", []string{"word 停水 3", "word 退费 1", "word 招生办 1", "word 材料 1"}},

		// Questions.
		{"q=停水物业怎么办", []string{"instead 停水+物业 1: 1"}},
		{"q=停水物业怎么办&unit=house", []string{"word 停水物业怎么办 0", "instead 停水 1: 3"}},
		{"q=停水天塌怎么办", []string{"instead 停水 3: 613"}}, // fewer words
		{"q=天塌怎么办", nil},
		{"q=“停水物业怎么办”", nil},
		{"q=停水物业怎么办 -小区", []string{"word 停水物业怎么办 0"}},

		// Synonyms.
		{"q=住建局", []string{"synonym 住建局→招生办 1: q=招生办", "synonym 住建局→物业 2: q=物业"}},
		{"q=“住建局”", nil},
		{"q=招生", []string{"synonym 招生→材料 学校 1: q=\"材料 学校\""}},
	} {
		e.searches = 0
		a := answer(t, s, test.query)
		if diff := cmp.Diff(test.want, told(a)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.query, diff)
		}
		if e.searches > 15 {
			t.Errorf("%s: %d searches", test.query, e.searches)
		}
	}
}

// TestInsteadFewerWords asks with half of the words until something is found.
func TestInsteadFewerWords(t *testing.T) {
	e := index(t, mark.String(), sixDocuments(t)...)
	for _, test := range []struct{ words, want string }{
		{"停水 小区 物业", "停水+小区+物业 1: 1"},
		{"停水 小区 物业 天塌", "停水+小区 1: 1"},
		{"停水 天塌 物业 小区 地陷", "停水 3: 613"},
		{"天塌 停水", ""},
		{"， 停水", "停水 3: 613"},
		{"", ""},
	} {
		s := search.NewSearcher(e, nil, search.SearcherOptions{Questioner: everyWord(strings.Fields(test.words))})
		got := strings.TrimPrefix(strings.Join(told(answer(t, s, "q=怎么办")), "; "), "instead ")
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.words, got, test.want)
		}
	}
}

// TestHelpsCost asks for as much help as there can be.
func TestHelpsCost(t *testing.T) {
	e := &counting{Engine: index(t, mark.String(), sixDocuments(t)...)}
	many := everyWord{"一", "二", "三", "四", "五", "六", "七", "八"}
	s := search.NewSearcher(e, names(t), search.SearcherOptions{Suggester: many, Synonymer: many, Questioner: many, Crosser: crosses{}})
	for _, query := range []string{
		"q=停电", "q=停电 停气", "q=停电 停气 停车 停工 停业 停课&unit=edu&from=2026-01-01",
		"q=" + strings.Repeat("停电停 ", 1) + "a b c d e f g h i j k l m n o p q r s", "q=单位:税务局 停电 停气",
	} {
		e.searches = 0
		answer(t, s, query)
		if e.searches > 1+12+1 { // the page, the helps, and the second window of a question
			t.Errorf("%s: %d searches", query, e.searches)
		}
	}
}

// everyWord offers the same words for all.
type everyWord []string

func (w everyWord) Suggest(string) []string          { return w }
func (w everyWord) Expand(string) []string           { return w }
func (w everyWord) Question(string) ([]string, bool) { return w, len(w) > 0 }

// TestHelpsHide counts nothing that is withdrawn.
func TestHelpsHide(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{
		Suggester: words{"退款": {"退费"}}, Hide: func() []string { return []string{"2602-000004"} },
	})
	if got := told(answer(t, s, "q=退款 物业")); !cmp.Equal(got, []string{"word 退款 0", "word 物业 1"}) {
		t.Errorf("helps count a withdrawn case: %q", got)
	}
}

func TestFacets(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	for _, test := range []struct{ query, field, want string }{
		{"", "unit", "东江市 4 (住建局 2, 教育局 1 (招生办 1)), 自来水公司 1"},
		{"q=停水", "unit", "东江市 1 (住建局 1), 自来水公司 1"},
		{"unit=house", "unit", "东江市 4 > (住建局 2 *, 教育局 1 (招生办 1)), 自来水公司 1"},
		{"unit=exam&q=停水", "unit", "东江市 1 > (住建局 1, 教育局 0 > (招生办 0 *)), 自来水公司 1"},
		{"q=停水 单位:住建局", "unit", "东江市 1 > (住建局 1 *), 自来水公司 1"},
		{"unit=house", "rating", "不满意 1"},
		{"", "rating", "非常满意 1, 满意 1, 不满意 1"},
		{"", "topic", "供水 1, 入学 1"},
		{"", "month", "2026-03 2, 2026-02 2, 2026-01 1"},
		{"month=2025-12", "month", "2026-03 2, 2026-02 2, 2026-01 1, 2025-12 0 *"},
		{"unit=nobody", "unit", "东江市 4 (住建局 2, 教育局 1 (招生办 1)), 自来水公司 1, nobody 0 *"},
		{"", "channel", ""},
		{"q=停水 单位:税务局", "unit", ""},
	} {
		got := ""
		for _, f := range answer(t, s, test.query).Facets {
			if f.Field == test.field {
				got = values(f.Values)
			}
		}
		if got != test.want {
			t.Errorf("%s by %s\n got %s\nwant %s", test.query, test.field, got, test.want)
		}
	}
}

// values writes the values of a facet: the chosen ones with a star, those above
// them with an arrow.
func values(all []search.FacetValue) string {
	var out []string
	for _, v := range all {
		s := fmt.Sprintf("%s %d", v.Name.ZH, v.N)
		if v.Chosen {
			s += " *"
		}
		if v.Within {
			s += " >"
		}
		if len(v.Children) > 0 {
			s += " (" + values(v.Children) + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestToggle(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	for _, test := range []struct{ query, value, want string }{
		{"q=停水&page=2&per_page=1", "house", "per_page=1&q=停水&unit=house"},
		{"unit=house", "house", ""},
		{"unit=house", "water", "unit=house&unit=water"},
		{"unit=house&unit=exam", "edu", "unit=edu&unit=house"},
		{"unit=house&unit=exam", "gov", "unit=gov"},
		{"unit=gov", "exam", "unit=exam"},
		{"unit=gov&unit=water", "gov", "unit=water"},
		{"q=单位:住建局 物业", "water", "q=物业&unit=house&unit=water"},
		{"q=单位:住建局 物业", "house", "q=物业"},
		{"q=单位:住建局 物业", "gov", "q=物业&unit=gov"},
		{"q=单位:东江市 物业&unit=house", "house", "q=物业"},
	} {
		a := answer(t, s, test.query)
		var toggle func(all []search.FacetValue) string
		toggle = func(all []search.FacetValue) string {
			for _, v := range all {
				if v.ID == test.value {
					return link(v.Toggle())
				}
				if got := toggle(v.Children); got != "no value" {
					return got
				}
			}
			return "no value"
		}
		got := "no facet"
		for _, f := range a.Facets {
			if f.Field == "unit" {
				got = toggle(f.Values)
			}
		}
		if got != test.want {
			t.Errorf("%s, %s toggled: %s, want %s", test.query, test.value, got, test.want)
		}
	}
}

func TestTabs(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{})
	for _, test := range []struct {
		query string
		want  []string
	}{
		{"q=停水&page=2&per_page=1", []string{"全部 3 true per_page=1&q=停水", "诉求件 2 false per_page=1&q=停水&type=case", "通报 1 false per_page=1&q=停水&type=bulletin"}},
		{"q=停水&type=bulletin", []string{"全部 3 false q=停水", "诉求件 2 false q=停水&type=case", "通报 1 true q=停水&type=bulletin"}},
		{"q=学校", nil}, // one kind alone
		{"q=学校&type=bulletin", []string{"全部 2 false q=学校", "诉求件 2 false q=学校&type=case", "通报 0 true q=学校&type=bulletin"}},
		{"q=学校&type=dialogue", []string{"全部 2 false q=学校", "诉求件 2 false q=学校&type=case", "dialogue 0 true q=学校&type=dialogue"}},
	} {
		var got []string
		for _, tab := range answer(t, s, test.query).Tabs {
			got = append(got, fmt.Sprintf("%s %d %t %s", tab.Name.ZH, tab.N, tab.Chosen, link(tab.Request)))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.query, diff)
		}
	}
}

// TestConcurrent asks one searcher from several goroutines; the race detector
// sees the rest.
func TestConcurrent(t *testing.T) {
	s := search.NewSearcher(index(t, mark.String(), sixDocuments(t)...), names(t), search.SearcherOptions{
		Crosser: crosses{"和服"}, Suggester: words{"亭水": {"停水"}}, Questioner: question{},
	})
	want := link(answer(t, s, "q=亭水").Suggestions[0].Request)
	done := make(chan string)
	for range 4 {
		go func() {
			a, err := s.Search(context.Background(), search.Request{Q: "亭水"})
			if err != nil || len(a.Suggestions) == 0 {
				done <- fmt.Sprint(err)
				return
			}
			done <- link(a.Suggestions[0].Request)
		}()
	}
	for range 4 {
		if got := <-done; got != want {
			t.Errorf("one of several at once got %s, want %s", got, want)
		}
	}
}
