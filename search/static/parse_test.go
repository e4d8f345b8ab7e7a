package static_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/huiyin/huiyin/search"
)

// unit is a unit as the script has it: folded, and whether it is apart.
type unit struct {
	T string
	A bool
}

func unitsOf(text string) []unit {
	out := []unit{}
	for _, u := range search.Units(text) {
		out = append(out, unit{u.Text, u.After})
	}
	return out
}

// TestUnits compares how texts are cut: every character alone and between
// letters, and thousands of mixtures.
func TestUnits(t *testing.T) {
	tab := open(t, serve(t, page(write(t, docs(3))))+"search.html")
	eval[bool](t, tab, `s.search('a').then(() => true)`, nil) // reads what is folded
	var texts []string
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xD800 && r < 0xF900 || r > 0x32400 && r < 0xE0000 || r > 0xE01FF {
			continue // surrogates, private use, planes without characters
		}
		texts = append(texts, string(r), "a"+string(r)+"路"+string(r)+"b"+string(r))
	}
	odd := []rune("aZzß路燈ꆈ゙ｶﾞ가ㅏᅡᆨİıſǆﬁ㍿①²½Ⅳ〇々⼀⺟\u0301\u0307\u0345\u200d\ufe0f\u00ad\u20dd\u0f71\u0f72ིཀกำคि9٣ . ，。:-Σςά")
	r := rand.New(rand.NewPCG(5, 6))
	rounds := 20000
	if testing.Short() {
		texts, rounds = texts[:5000], 1000
	}
	for range rounds {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteRune(odd[r.IntN(len(odd))])
		}
		texts = append(texts, b.String())
	}
	texts = append(texts, "a"+strings.Repeat("\u0301", 20)+"b", "路"+strings.Repeat("\u0323", 12)+"灯")
	wrong := 0
	for part := range slices.Chunk(texts, 20000) {
		for i, got := range eval[[][]unit](t, tab, `arg.map((x) => s.units(x).map((u) => ({T: u.t, A: u.a})))`, part) {
			if d := cmp.Diff(unitsOf(part[i]), got); d != "" {
				t.Errorf("%+q: -Go +script\n%s", part[i], d)
				if wrong++; wrong > 20 {
					t.FailNow()
				}
			}
		}
	}
}

// parsed is a query as it was understood.
type parsed struct {
	Terms, Not [][]unit
	Fields     []string
	Filters    map[string][]string
	Number     string
	Notes      []string
	Error      string
}

// understood is what package search makes of a query; zh and en are its notes.
func understood(t *testing.T, q string, v *search.Vocabulary) (zh, en parsed) {
	t.Helper()
	p := parsed{Terms: [][]unit{}, Not: [][]unit{}, Fields: []string{}, Filters: map[string][]string{}, Notes: []string{}}
	r, err := search.ParseRequest(map[string][]string{"q": {q}})
	var got search.Parsed
	if err == nil {
		got, err = search.Parse(r.Q, v)
	}
	if bad := (*search.RequestError)(nil); errors.As(err, &bad) {
		p.Error = bad.Code
		return p, p
	} else if err != nil {
		t.Fatal(err)
	}
	for _, term := range got.Terms {
		p.Terms = append(p.Terms, unitsOf(term.Text))
	}
	for _, term := range got.Not {
		p.Not = append(p.Not, unitsOf(term))
	}
	p.Fields = append(p.Fields, got.Fields...)
	for _, c := range got.Filters {
		p.Filters[c.Field] = append(p.Filters[c.Field], c.IDs...)
	}
	p.Number = got.Number
	zh, en = p, p
	for _, n := range got.Notes {
		zh.Notes, en.Notes = append(zh.Notes, n.Text.ZH), append(en.Notes, n.Text.EN)
	}
	return zh, en
}

// understand asks the script the same. The notes of an answer that has no words
// come from above package search's Parse, and are left out.
const understand = `arg.map((q) => {
	const us = (terms) => terms.map((t) => t.map((u) => ({T: u.t, A: u.a})))
	try {
		const p = s.parse(q)
		const filters = {}
		for (const f in p.filters) filters[f] = p.filters[f]
		return {Terms: us(p.terms), Not: us(p.not), Fields: p.fields, Filters: filters, Number: p.number || '', Notes: p.notes, Error: ''}
	} catch (e) {
		return {Terms: [], Not: [], Fields: [], Filters: {}, Number: '', Notes: [], Error: String(e)}
	}
})`

// TestParse compares how queries are understood, also what is said of them.
func TestParse(t *testing.T) {
	v, err := search.NewVocabulary(vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t, page(write(t, docs(3))))
	tab := open(t, server+"search.html")
	eval[bool](t, tab, `s.search('a').then(() => true)`, nil)
	queries := []string{
		"", " ", "路灯", "路灯\t不亮\u3000很久", "“路灯 不亮", "„a” ＂b\" ‟c", "‘d’ 「e f」 『g』", "5\"灯", "don't 《某书》", "-路灯 停水", "- 路灯", "路灯 -", "－–−-路灯 水",
		"-“路灯 不亮” 水", "标题:路灯", "標題：路灯 水", "TITLE:灯", "标题:路灯 答复:灯", "标题:“路灯 不亮”", "-标题:路灯 水", "标题:-路灯 水", "标题:", "单位: ", "编号:", "内容:", "内容:，",
		"单位:市政府", "单位：住房", "单位:u3", "UNIT:housing", "单位:市", "单位:无此局", "-单位:市政府", "单位:-市政府", "评价:满意", "评价:4/5", "类型:投诉 类别:咨询", "状态:已答复", "office:“City government”",
		"年:2026", "年：２０２６年", "年:26", "月:2026-11", "月:2026年1月", "月:2026/3", "月:202611", "月:11", "月:11月 年:2026年", "年:2026 月:13", "月:2026年11", "月:0", "月:/11", "月:x 年:y", "月:20261", "月：２０２６．１１",
		"2611-000001", "编号:2611-000001", "编号:12", "x2611-000001y", "2611-000000", "2613-000001", "12611-000001", "2611-0000011", "2611-1000011", "-2611-000001", "2611-000001-", "２６１１－０００００１", "2611–000001",
		"，。！", "路灯 ，，", "路灯 路燈 -路灯", "constructor:x __proto__:y toString:z", "标 题:路灯", "标，题:路灯", "一二三四五六七八:灯", strings.Repeat("长", 1001), strings.Repeat("长 ", 21), strings.Repeat("长", 1000),
		"\"\"\"", "---", "🙂 路灯", "a\x00b\x1fc", "路灯\ufffd水", "单位:“", "「」", "单位:市政府单位:u1", "名称:灯", ":灯", "：：", "单位::u1",
	}
	pieces := []string{"路灯", "小區", " ", "　", "\"", "“", "”", "‘", "’", "「", "」", "-", "－", ":", "：", "标题", "答复", "單位", "Unit", "年", "月", "编号", "2026", "11", "市政府", "2611-000001", "，", "a", "ß", "u1", "投诉", "类型", "."}
	r := rand.New(rand.NewPCG(7, 8))
	for range 5000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		queries = append(queries, b.String())
	}
	above := map[string]bool{}
	for _, q := range []string{"，", "-灯"} {
		s := search.NewSearcher(nothing{}, v, search.SearcherOptions{})
		a, err := s.Search(t.Context(), search.Request{Q: q})
		if err != nil {
			t.Fatal(err)
		}
		last := a.Notes[len(a.Notes)-1].Text
		above[last.ZH], above[last.EN] = true, true
	}
	check := func(lang string, got []parsed) {
		t.Helper()
		seen := 0
		for i, q := range queries {
			zh, en := understood(t, q, v)
			want := map[string]parsed{"zh": zh, "en": en}[lang]
			got[i].Notes = slices.DeleteFunc(got[i].Notes, func(n string) bool {
				if above[n] {
					seen++
				}
				return above[n]
			})
			if d := cmp.Diff(want, got[i], cmpopts.EquateEmpty()); d != "" {
				t.Errorf("%s %.60q: -Go +script\n%s", lang, q, d)
			}
		}
		if seen < 10 {
			t.Errorf("%s: only %d queries without a word to look for were told so", lang, seen)
		}
	}
	check("zh", eval[[]parsed](t, tab, understand, queries))
	tab.visit(t, server+"en/search.html")
	eval[bool](t, tab, `s.search('a').then(() => true)`, nil)
	check("en", eval[[]parsed](t, tab, understand, queries))
}
