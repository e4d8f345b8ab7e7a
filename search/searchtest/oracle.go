package searchtest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/huiyin/huiyin/search"
)

func oraclePromises() []promise {
	return []promise{
		{"random searches", "whatever is asked, an engine finds what a scan finds, in the same order", randomSearches},
		{"random changes", "whatever was changed, an engine finds what a scan finds", randomChanges},
	}
}

// dice throws up documents and queries. The same seed gives the same ones.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 4))} }

func pick[V any](d dice, values []V) V { return values[d.IntN(len(values))] }

// once says yes once in n times.
func (d dice) once(n int) bool { return d.IntN(n) == 0 }

// alphabets are what texts are made of: of few characters, so that they meet in
// every order and what looks like a hit often is none; of more; of all kinds.
var alphabets = [][]string{
	strings.Split("学 校 门 口", " "),
	strings.Split("小 区 停 车 位 不 足 物 业 收 费 合 理 的 是 在 了 市 县 局 人 大 路 灯 坏 三 个 月 学 校 ， 。", " "),
	{
		"学", "校", "學", "門", "门", "口", "〇", "𠮷", "12345", "5G", "A7", "Ａ", "é", "e\u0301", "mail", "-", "ꆈ", "ꌠ", "བོད་", "㎡", "㍿",
		"，", "。", " ", "\n", "“", "”", "😀", "\u200b", "\u0301", "·", "/", "ｶﾞ", "ſ", "İ", "１", "\x00", "'", `"`, "*", `\`,
	},
}

// text makes a text of up to n pieces.
func (d dice) text(n int) string {
	var b strings.Builder
	alphabet := pick(d, alphabets)
	for range d.IntN(n + 1) {
		b.WriteString(pick(d, alphabet))
	}
	return b.String()
}

// doc makes a document with this number.
func (d dice) doc(n int64) search.Doc {
	m := doc(n, d.text(12)).number("replied", int64(d.IntN(40))).number("days", int64(d.IntN(9)-2))
	m.Seq = n*7919%100_003 + 1 // in another order than the numbers
	m.text("question", d.text(60)).text("reply", d.text(60))
	if d.once(20) {
		m.text("reply", d.text(900))
	}
	if d.once(8) {
		m.without("replied")
	}
	if d.once(4) {
		m.without("days")
	}
	m.keyword("unit", pick(d, odd[:8])).keyword("area", pick(d, []string{"东区", "西区", "", "A区", "a区"}))
	if d.once(2) {
		m.keyword("topic", fmt.Sprintf("主题%d", d.IntN(30)))
	}
	return m.Doc
}

// term cuts 1 to 12 units out of some text, or joins two such pieces, which
// seldom stand together anywhere.
func (d dice) term(all []search.Doc) string {
	text := pick(d, all).Text[pick(d, schema().Text)]
	units := search.Units(text)
	if len(units) == 0 {
		return "学"
	}
	n := 1 + d.IntN(min(12, len(units)))
	if d.once(2) {
		n = min(n, 3)
	}
	from := d.IntN(len(units) - n + 1)
	cut := text[units[from].Start:units[from+n-1].End]
	if d.once(6) {
		return cut + pick(d, []string{"", " ", "，"}) + d.term(all)
	}
	return cut
}

func (d dice) terms(all []search.Doc, n int) []string {
	var terms []string
	for range n {
		terms = append(terms, d.term(all))
	}
	return terms
}

// query makes a query about documents.
func (d dice) query(all []search.Doc) search.Query {
	about := all
	if !d.once(3) {
		about = []search.Doc{pick(d, all)} // one document has all terms
	}
	q := search.Query{
		Terms: d.terms(about, pick(d, []int{0, 1, 1, 1, 2, 3})),
		Sort:  pick(d, []string{"", "", "", "days", "-days", "replied", "-replied"}),
		Limit: pick(d, []int{0, 1, 5, 20, 100}),
	}
	if d.once(4) {
		q.Not = d.terms(all, 1+d.IntN(2))
	}
	for _, field := range schema().Text {
		if d.once(5) {
			q.Fields = append(q.Fields, field)
		}
	}
	if d.once(4) {
		q.Offset = d.IntN(30)
	}
	for _, field := range schema().Keyword {
		if d.once(2) {
			q.Facets = append(q.Facets, field)
		}
		if d.once(12) {
			values := []string{"没有"}
			for range 1 + d.IntN(3) {
				values = append(values, pick(d, all).Keyword[field])
			}
			q.Filters = append(q.Filters, in(field, values...))
		}
	}
	if d.once(10) {
		q.Filters = append(q.Filters, span("replied", int64(d.IntN(30)), int64(d.IntN(40))))
	}
	if d.once(10) {
		least := int64(d.IntN(6))
		q.Filters = append(q.Filters, search.Filter{Field: "days", Min: &least})
	}
	if d.once(5) {
		for range d.IntN(6) {
			q.Hide = append(q.Hide, pick(d, all).ID)
		}
	}
	return q
}

// randomSearches holds an engine to the reference. What a scan finds and the
// engine does not is missing recall, the reverse is missing precision; neither
// is forgiven.
func randomSearches(p *probe) {
	for seed := range uint64(3) {
		d := newDice(seed)
		var all []search.Doc
		for n := int64(1); n <= 150; n++ {
			all = append(all, d.doc(n))
		}
		p.rebuild("", all...)
		for range 120 {
			p.agree(d.query(all))
		}
	}
}

func randomChanges(p *probe) {
	d := newDice(11)
	var all []search.Doc
	some := func(n int) []search.Doc {
		var made []search.Doc
		for range n {
			made = append(made, d.doc(1+int64(d.IntN(30))))
		}
		all = append(all, made...)
		return made
	}
	distinct := func(docs []search.Doc) []search.Doc {
		seen := map[string]bool{}
		var first []search.Doc
		for _, doc := range docs {
			if !seen[doc.ID] {
				seen[doc.ID] = true
				first = append(first, doc)
			}
		}
		return first
	}
	p.rebuild("", distinct(some(40))...)
	for step := range 60 {
		switch mark := fmt.Sprintf("步骤%d", step); {
		case d.once(8):
			p.rebuild(mark, distinct(some(30))...)
		case d.once(3):
			p.remove(id(1+int64(d.IntN(33))), id(1+int64(d.IntN(33))))
		default:
			p.upsert(mark, some(1+d.IntN(4))...)
		}
		for range 3 {
			p.agree(d.query(all))
		}
		want, err := p.truth.Stats(p.Context())
		p.must("stats of the reference", err)
		if got := p.stats(); got.Docs != want.Docs || got.Mark != want.Mark {
			p.broken("step %d: %d documents and mark %q, want %d and %q", step, got.Docs, got.Mark, want.Docs, want.Mark)
		}
	}
}
