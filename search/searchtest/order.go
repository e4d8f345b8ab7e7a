package searchtest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/search"
)

func orderPromises() []promise {
	return []promise{
		{"newest first", "hits come newest first, those without a day last, equal ones by Seq descending", newestFirst},
		{"title first", "hits with every term in the title come first, at any offset, and say so", titleFirst},
		{"sort", "hits come by the number that was asked for, those without it last in either direction", sorts},
		{"paging", "pages of any size are parts of one list", paging},
		{"window", "paging reaches the whole window, and Each all hits beyond it, each once", window},
		{"each order", "Each gives every hit once by Seq descending and ends with the first error", eachOrder},
		{"fields come back", "hits carry all fields as they were given", fieldsComeBack},
	}
}

func newestFirst(p *probe) {
	p.rebuild("", docs(
		doc(1, "甲").number("replied", 20260105),
		doc(2, "甲").number("replied", 20260103),
		doc(3, "甲").without("replied"),
		doc(4, "甲").number("replied", 20260105),
		doc(5, "甲").number("replied", -5),
		doc(6, "甲").without("replied"),
		doc(7, "甲").number("replied", 0),
	)...)
	for _, q := range []search.Query{{}, terms("甲"), {Filters: []search.Filter{{Field: "replied"}}, Terms: []string{"甲"}}} {
		want := []string{"c-4", "c-1", "c-2", "c-7", "c-5", "c-6", "c-3"}
		if len(q.Filters) > 0 {
			want = want[:5]
		}
		p.finds(q, want...)
	}
}

func titleFirst(p *probe) {
	var all []search.Doc
	for n := int64(1); n <= 90; n++ {
		d := doc(n, fmt.Sprintf("第%d件", n)).number("replied", n*7%13).text("question", "夜间噪音").text("reply", "噪音，停工")
		switch {
		case n%5 == 0:
			d.text("title", "夜间噪音扰民")
		case n%7 == 0:
			d.text("title", "夜间施工").without("replied")
		case n%11 == 0:
			d.text("title", "噪音")
		}
		all = append(all, d.Doc)
	}
	p.rebuild("", all...)
	for _, q := range []search.Query{
		terms("噪音"), terms("夜间"), terms("夜间", "噪音"), terms("夜间噪音"), terms("噪音", "停工"), {},
		{Terms: []string{"噪音"}, Fields: []string{"title", "reply"}},
		{Terms: []string{"噪音"}, Fields: []string{"question", "reply"}},
		{Terms: []string{"噪音"}, Not: []string{"扰民"}, Filters: []search.Filter{span("replied", 2, 8)}},
		{Terms: []string{"噪音"}, Hide: []string{"c-90", "c-55"}},
	} {
		for _, at := range []int{0, 1, 8, 17, 18, 19, 26, 40, 80, 89, 90, 500} {
			q.Offset, q.Limit = at, 7
			p.agree(q)
		}
	}
	r := p.search(search.Query{Terms: []string{"夜间", "噪音"}, Limit: 20})
	for i, h := range r.Hits {
		if h.InTitle != (i < 18) {
			p.broken("place %d of 18 hits in the title says InTitle %v", i, h.InTitle)
			return
		}
	}
}

func sorts(p *probe) {
	var all []search.Doc
	for n := int64(1); n <= 60; n++ {
		d := doc(n, "甲").number("days", n*17%5-1).number("replied", n*5%9)
		if n%6 == 0 {
			d.without("days")
		}
		if n%2 == 0 {
			d.text("title", "乙").text("reply", "甲")
		}
		all = append(all, d.Doc)
	}
	p.rebuild("", all...)
	for _, sort := range []string{"days", "-days", "replied", "-replied"} {
		for _, at := range []int{0, 7, 33, 47, 55} {
			p.agree(search.Query{Sort: sort, Offset: at, Limit: 9},
				search.Query{Terms: []string{"甲"}, Sort: sort, Offset: at, Limit: 9, Facets: []string{"unit"}},
				search.Query{Terms: []string{"甲"}, Not: []string{"乙"}, Sort: sort, Offset: at, Limit: 9})
		}
	}
	p.finds(search.Query{Sort: "days", Filters: []search.Filter{span("replied", 3, 3)}}, idsOf(p.sorted(3, "days"))...)
}

// sorted returns what the reference finds.
func (p *probe) sorted(replied int64, sort string) []search.Hit {
	r, err := p.truth.Search(p.Context(), search.Query{Sort: sort, Filters: []search.Filter{span("replied", replied, replied)}, Limit: 100})
	p.must("search of the reference", err)
	return r.Hits
}

func paging(p *probe) {
	var all []search.Doc
	for n := int64(1); n <= 100; n++ {
		d := doc(n, "停车难").number("replied", n%4).number("days", n%3)
		if n%3 == 0 {
			d.text("title", "小区").text("question", "停车难")
		}
		all = append(all, d.Doc)
	}
	p.rebuild("", all...)
	for _, sort := range []string{"", "days", "-days", "-replied"} {
		whole := idsOf(p.search(search.Query{Terms: []string{"停车"}, Sort: sort, Limit: 100}).Hits)
		if len(whole) != 100 {
			p.broken("sort %q: %d hits on a page of 100", sort, len(whole))
		}
		for _, size := range []int{1, 7, 33, 99} {
			var pages []string
			for at := 0; at < 110; at += size {
				pages = append(pages, idsOf(p.search(search.Query{Terms: []string{"停车"}, Sort: sort, Offset: at, Limit: size}).Hits)...)
			}
			if !slices.Equal(pages, whole) {
				p.broken("sort %q: pages of %d put together are not the list", sort, size)
			}
		}
	}
}

func window(p *probe) {
	const n = search.MaxWindow + 57
	var all []search.Doc
	for i := int64(1); i <= n; i++ {
		title := "占道"
		if i%1000 == 0 {
			title = "占道经营"
		}
		all = append(all, doc(i, title).number("replied", i%31).number("days", i%3).keyword("unit", fmt.Sprintf("单位%d", i%4)).Doc)
	}
	p.rebuild("", all...)
	for _, q := range []search.Query{
		{Terms: []string{"占道"}, Offset: 990, Limit: 20, Facets: []string{"unit"}},
		{Terms: []string{"占道"}, Offset: search.MaxWindow - 5, Limit: 5},
		{Sort: "days", Offset: search.MaxWindow - 3, Limit: 3},
	} {
		got := p.search(q)
		want, err := p.truth.Search(p.Context(), q)
		p.must("search of the reference", err)
		p.sameResult(q, got, want)
	}
	for q, count := range map[string]int{"占道": n, "经营": n / 1000} {
		hits := p.list(terms(q))
		if len(hits) != count {
			p.broken("Each gave %d hits of %d", len(hits), count)
		}
		for i := 1; i < len(hits); i++ {
			if hits[i].Seq >= hits[i-1].Seq {
				p.broken("Each gave Seq %d after %d", hits[i].Seq, hits[i-1].Seq)
				break
			}
		}
	}
}

func eachOrder(p *probe) {
	var all []search.Doc
	for n := int64(1); n <= 40; n++ {
		d := doc(n, "公交").number("replied", n*11%7)
		d.Seq = n*n*7919%100_003 + 1
		all = append(all, d.Doc)
	}
	p.rebuild("", all...)
	p.agree(terms("公交"), search.Query{Terms: []string{"公交"}, Sort: "replied", Offset: 9, Limit: 3}, search.Query{Not: []string{"公交"}}, search.Query{Filters: []search.Filter{span("replied", 1, 2)}, Hide: []string{"c-4"}})
	enough := errors.New("enough")
	calls := 0
	err := p.Engine.Each(p.Context(), terms("公交"), func(h search.Hit) error {
		calls++
		if h.InTitle {
			p.broken("Each says InTitle")
		}
		if calls == 7 {
			return enough
		}
		return nil
	})
	if p.wantErr("error of f", err, enough); calls != 7 {
		p.broken("f was called %d times, its error came with the 7th", calls)
	}
	// A slow reader of an export does not hold up who withdraws a case.
	err = p.Engine.Each(p.Context(), terms("公交"), func(h search.Hit) error {
		p.remove(h.ID)
		_, err := p.Engine.Search(p.Context(), terms("公交"))
		return err
	})
	p.must("each that deletes what it is given", err)
	p.finds(search.Query{})
}

func fieldsComeBack(p *probe) {
	p.rebuild("", docs(
		doc(1, " 标题\n第二行 ").text("question", "“引号”，<b>标记</b>&amp; \\ \" ' \t\u0000 \u2028").text("reply", "Ａｂｃ 學校 e\u0301 😀 \ufeff"),
		doc(2, "只有标题").without("replied"),
		doc(3, "").text("reply", "没有标题").keyword("unit", "").keyword("area", " Ａ 区 ").number("days", 0),
		doc(4, "数").number("days", 1<<53-1).number("replied", -(1<<53-1)),
	)...)
	p.agree(search.Query{Limit: 9}, terms("标题"))
	p.upsert("", docs(doc(2, "只有标题").keyword("topic", "主题").number("days", -1))...)
	p.agree(search.Query{Limit: 9}, search.Query{Terms: []string{"标题"}, Limit: 9})
	// What a caller does to a hit or to what it gave is its own affair.
	r := p.search(search.Query{Limit: 9})
	for _, h := range r.Hits {
		clear(h.Text)
		clear(h.Keyword)
		clear(h.Number)
	}
	mine := doc(9, "先").keyword("unit", "甲").Doc
	p.upsert("", mine)
	mine.Text["title"], mine.Keyword["unit"], mine.Number["replied"] = "后", "乙", 5
	p.finds(terms("先"), "c-9")
	p.agree(search.Query{Limit: 9, Facets: []string{"unit"}})
}
