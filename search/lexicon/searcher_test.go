package lexicon_test

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"testing"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/lexicon"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// cases are made-up titles and questions.
var cases = [][2]string{
	{"活动要求穿和服", "商场的活动要求店员穿和服上班。"},
	{"产品和服务质量差", "这家公司的产品和服务都不好。"}, // before the first one in the engine's order
	{"公积金提取", "在外地买房，公积金能不能提取，条件有哪些。"},
	{"小区电梯故障", "小区电梯经常故障，物业一直没有维修。"},
	{"住房和城乡建设局不答复", "向市住房和城乡建设局反映两次，没有结果。"},
	{"路灯不亮", "村口的路灯坏了两个月。"},
}

// newSearcher returns a searcher over the cases with a lexicon for everything.
func newSearcher(t *testing.T) *search.Searcher {
	t.Helper()
	e := scan.New()
	t.Cleanup(func() { e.Close() })
	var docs iter.Seq2[search.Doc, error] = func(yield func(search.Doc, error) bool) {
		for i, c := range cases {
			d := search.Doc{
				Seq:     int64(i + 1),
				ID:      strconv.Itoa(i + 1),
				Text:    map[string]string{search.FieldTitle: c[0], search.FieldQuestion: c[1]},
				Keyword: map[string]string{search.FieldType: search.TypeCase},
				Number:  map[string]int64{search.FieldReplied: 1_700_000_000 + int64(i)},
			}
			if !yield(d, nil) {
				return
			}
		}
	}
	if err := e.Rebuild(context.Background(), search.SiteSchema(), "", docs); err != nil {
		t.Fatal(err)
	}
	l := load(t)
	return search.NewSearcher(e, nil, search.SearcherOptions{
		Crosser: l, Suggester: l, Questioner: l, Synonymer: lexicon.NewSynonyms(lexicon.DefaultSynonyms()),
	})
}

func ask(t *testing.T, s *search.Searcher, q string) search.Answer {
	t.Helper()
	a, err := s.Search(context.Background(), search.Request{}.Ask(q))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestSearcherPutsCrossingHitsLast(t *testing.T) {
	a := ask(t, newSearcher(t), "和服")
	if a.Total != 2 || len(a.Hits) != 2 {
		t.Fatalf("%d hits, want 2", a.Total)
	}
	if a.Hits[0].ID != "1" || a.Hits[0].Crossing || a.Hits[1].ID != "2" || !a.Hits[1].Crossing {
		t.Errorf("hits %s (crossing: %v) and %s (crossing: %v), want 1 and then 2, which crosses",
			a.Hits[0].ID, a.Hits[0].Crossing, a.Hits[1].ID, a.Hits[1].Crossing)
	}
}

func TestSearcherSuggests(t *testing.T) {
	s := newSearcher(t)
	for _, tt := range []struct{ q, want string }{
		{"公机金", "公积金"}, {"公积经提取", "公积金提取"}, {"小区电提故障", "小区电梯故障"}, {"路登", "路灯"},
	} {
		a := ask(t, s, tt.q)
		if len(a.Suggestions) == 0 || a.Suggestions[0].With != tt.want || a.Suggestions[0].Total != 1 {
			t.Errorf("%s: suggestions %+v, want %s with one hit", tt.q, a.Suggestions, tt.want)
		}
	}
}

func TestSearcherAnswersQuestions(t *testing.T) {
	s := newSearcher(t)
	for _, tt := range []struct {
		q     string
		terms []string
		id    string
	}{
		{"公积金怎么提取", []string{"公积金", "提取"}, "3"},
		{"我家的路灯坏了该找谁", []string{"路灯", "坏"}, "6"},
	} {
		a := ask(t, s, tt.q)
		if a.Instead == nil {
			t.Errorf("%s: nothing instead", tt.q)
			continue
		}
		if !slices.Equal(a.Instead.Terms, tt.terms) || len(a.Instead.Hits) != 1 || a.Instead.Hits[0].ID != tt.id {
			t.Errorf("%s: %q with %d hits, want %q with case %s", tt.q, a.Instead.Terms, a.Instead.Total, tt.terms, tt.id)
		}
	}
}

func TestSearcherOffersOtherNames(t *testing.T) {
	a := ask(t, newSearcher(t), "市住建局")
	if len(a.Synonyms) != 1 || a.Synonyms[0].With != "市住房和城乡建设局" || a.Synonyms[0].Total != 1 {
		t.Errorf("other names %+v, want 市住房和城乡建设局 with one hit", a.Synonyms)
	}
}
