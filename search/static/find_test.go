package static_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
	"github.com/huiyin/huiyin/search/searchtest/scan"
)

// answer is what the script says to a query.
type answer struct {
	IDs   []string // of all hits, in order
	Most  int      // the total that it said first
	Exact bool     // whether it said that it is exact
	Error string
}

// ask asks the script many queries, and reads every page of each answer.
const ask = `(async () => {
	const out = []
	for (const [q, sort] of arg) {
		try {
			const r = await s.search(q, sort), ids = []
			const first = {Most: r.most, Exact: r.exact}
			while (!r.done) for (const d of await r.next()) ids.push(d.id)
			if (r.most !== ids.length || !r.exact) throw 'after the last page the total is ' + r.most
			out.push({...first, IDs: ids, Error: ''})
		} catch (e) { out.push({IDs: [], Most: 0, Exact: true, Error: String(e)}) }
	}
	return out
})()`

type question struct {
	query, sort string
	want        search.Query
}

// compare asks the script and the reference engine.
func compare(t *testing.T, tab *tab, engine search.Engine, questions []question) {
	t.Helper()
	var queries [][2]string
	for _, q := range questions {
		queries = append(queries, [2]string{q.query, q.sort})
	}
	wrong := 0
	for i, got := range eval[[]answer](t, tab, ask, queries) {
		q := questions[i]
		q.want.Limit = search.MaxWindow
		want, err := engine.Search(t.Context(), q.want)
		if err != nil {
			t.Fatalf("%s: %v", q.query, err)
		}
		ids := []string{}
		for _, h := range want.Hits {
			ids = append(ids, h.ID)
		}
		if got.Error != "" {
			t.Errorf("%s: %s", q.query, got.Error)
			continue
		}
		if d := cmp.Diff(ids, got.IDs); d != "" {
			t.Errorf("%s %s: hits differ (-scan +script):\n%s", q.query, q.sort, d)
			if wrong++; wrong > 5 {
				t.FailNow()
			}
		}
		if got.Exact && got.Most != want.Total || got.Most < want.Total {
			t.Errorf("%s: the total is said to be %d (exact: %t), and is %d", q.query, got.Most, got.Exact, want.Total)
		}
	}
}

func plain(terms ...string) search.Query { return search.Query{Terms: terms} }

// TestScriptFindsWhatAScanFinds compares hits, their order and their number.
func TestScriptFindsWhatAScanFinds(t *testing.T) {
	all := docs(400)
	for i := range 40 { // titles that hold a word, or its parts alone
		all[i].Text = map[string]string{"title": []string{"甲乙，乙丙", "甲乙丙", "别的"}[i%3], "question": "甲乙丙"}
	}
	for i := range 6 { // few documents, and more words than are read at once
		all[50+i].Text = map[string]string{"question": []string{"子丑寅卯辰巳", "子丑寅卯"}[i%2]}
	}
	engine := scan.New()
	if err := engine.Rebuild(t.Context(), schema, "", each(all)); err != nil {
		t.Fatal(err)
	}
	tab := open(t, serve(t, page(write(t, all)))+"search.html")
	in := func(field string, ids ...string) []search.Filter { return []search.Filter{{Field: field, In: ids}} }
	sorted := func(sort string, terms ...string) search.Query { return search.Query{Terms: terms, Sort: sort} }
	compare(t, tab, engine, []question{
		{"路灯", "", plain("路灯")},
		{"灯", "", plain("灯")},
		{"灯路不通", "", plain("灯路不通")},
		{"甲乙丙", "", plain("甲乙丙")},
		{"子 丑 寅 卯 辰 巳", "", plain("子", "丑", "寅", "卯", "辰", "巳")},
		{"标题:甲乙丙", "", search.Query{Terms: []string{"甲乙丙"}, Fields: []string{"title"}}},
		{"小区电梯", "", plain("小区电梯")},
		{"小區電梯", "", plain("小区电梯")},
		{"“您反映的问题已转交” 城管局", "", plain("您反映的问题已转交", "城管局")},
		{"「发黄；水质」", "", plain("发黄 水质")},
		{"5g基站", "", plain("5g基站")},
		{"9路", "", plain("9路")},
		{"99路", "", plain("99路")},
		{"abc123号", "", plain("abc123号")},
		{"wi-fi", "", plain("wi-fi")},
		{"\"the library", "", plain("the library")},
		{"བོད་ཡིག", "", plain("བོད་ཡིག")},
		{"ꌠꁱ", "", plain("ꌠꁱ")},
		{"路灯 -公积金", "", search.Query{Terms: []string{"路灯"}, Not: []string{"公积金"}}},
		{"路灯 －“转交城管局处理”", "", search.Query{Terms: []string{"路灯"}, Not: []string{"转交城管局处理"}}},
		{"标题:路灯", "", search.Query{Terms: []string{"路灯"}, Fields: []string{"title"}}},
		{"标题:小学校门口 -灯", "", search.Query{Terms: []string{"小学校门口"}, Not: []string{"灯"}, Fields: []string{"title"}}},
		{"答复：感谢您", "", search.Query{Terms: []string{"感谢您"}, Fields: []string{"reply"}}},
		{"路灯 单位:市政府", "", search.Query{Terms: []string{"路灯"}, Filters: in("unit", "u0", "u1", "u2")}},
		{"路灯 单位:住房 单位:区公安分局", "", search.Query{Terms: []string{"路灯"}, Filters: in("unit", "u2", "u3")}},
		{"路灯 月:2026年11月 年:2026", "", search.Query{Terms: []string{"路灯"}, Filters: in("month", "2026-11")}},
		{"单位：市城管局", "", search.Query{Filters: in("unit", "u1", "u2")}},
		{"单位：市城管局 -灯", "oldest", search.Query{Not: []string{"灯"}, Filters: in("unit", "u1", "u2"), Sort: "replied"}},
		{"AND OR \" * ( ; --", "", plain("and", "or")},
		{"不存在的词", "", plain("不存在的词")},
		{"路灯", "newest", sorted("-replied", "路灯")},
		{"路灯", "oldest", sorted("replied", "路灯")},
		{"小学校门口", "newest", sorted("-replied", "小学校门口")},
	})
	tab.clean(t)
}

// TestWait compares the order of those that waited longest, but for those that
// waited equally long.
func TestWait(t *testing.T) {
	all := docs(200)
	days := map[string]int64{}
	for _, d := range all {
		days[d.ID] = -1
		if n, ok := d.Number["days"]; ok {
			days[d.ID] = n
		}
	}
	tab := open(t, serve(t, page(write(t, all)))+"search.html")
	got := eval[[]answer](t, tab, ask, [][2]string{{"灯", "wait"}})[0]
	if len(got.IDs) < 20 || !slices.IsSortedFunc(got.IDs, func(a, b string) int { return int(days[b] - days[a]) }) {
		t.Errorf("%d hits, or not in the order of days", len(got.IDs))
	}
}

// TestEverySubstringIsFound asks for thousands of stretches of 1 to 12 units
// from anywhere in the texts.
func TestEverySubstringIsFound(t *testing.T) {
	all := docs(300)
	engine := scan.New()
	if err := engine.Rebuild(t.Context(), schema, "", each(all)); err != nil {
		t.Fatal(err)
	}
	tab := open(t, serve(t, page(write(t, all)))+"search.html")
	r := rand.New(rand.NewPCG(3, 4))
	var questions []question
	rounds := 2000
	if testing.Short() {
		rounds = 100
	}
	for len(questions) < rounds {
		text := all[r.IntN(len(all))].Text[schema.Text[r.IntN(3)]]
		units := search.Units(text)
		if len(units) == 0 {
			continue
		}
		from := r.IntN(len(units))
		to := min(len(units), from+1+r.IntN(12))
		piece := text[units[from].Start:units[to-1].End]
		if strings.ContainsAny(piece, "“”") {
			t.Fatal("a sentence holds a quotation mark")
		}
		questions = append(questions, question{"“" + piece + "”", "", plain(piece)})
	}
	compare(t, tab, engine, questions)
}
