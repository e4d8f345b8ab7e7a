package searchtest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

func filterPromises() []promise {
	return []promise{
		{"keyword filters", "a filter lets through exactly the values it names, whatever their characters", keywordFilters},
		{"number filters", "a range lets through the numbers within it, bounds included, and no absent value", numberFilters},
		{"facets", "facets hold every value, largest first, equal ones by value", facets},
		{"facets choose", "the counts of a field ignore the filter on that field and no other", facetsChoose},
		{"hide", "hidden IDs are in no hit, total or facet", hides},
	}
}

// odd are values of keyword fields that are easily mistaken for something else.
var odd = []string{
	`a "quoted" unit`, `it's`, `back\slash`, `\`, `"`, `'`, `\"`, `unit = "x"`, `x" OR unit = "y`, "tab\tand\nline", "a\x00b", " ", " 前后有空格 ",
	"教育局", "教育局 ", "敎育局", "Ａ区", "A区", "a区", "é", "e\u0301", "NULL", "null", "0", "00", "-1", "true", "*", "%", "_", "a,b", "[1,2]", "{}", "😀",
	"住房和城乡建设局", "བོད", strings.Repeat("长", 66), strings.Repeat("x", 199) + "y", strings.Repeat("x", 199) + "z",
}

func keywordFilters(p *probe) {
	var all []search.Doc
	for i, value := range odd {
		all = append(all, doc(int64(i+1), "甲").keyword("unit", value).Doc)
	}
	all = append(all, doc(1000, "甲").Doc, doc(1001, "甲").keyword("unit", "").Doc)
	p.rebuild("", all...)
	for i, value := range odd {
		p.finds(search.Query{Filters: []search.Filter{in("unit", value)}}, id(int64(i+1)))
		p.finds(search.Query{Terms: []string{"甲"}, Filters: []search.Filter{in("unit", value, value, "没有这个值")}}, id(int64(i+1)))
	}
	p.agree(
		search.Query{Limit: 100, Facets: []string{"unit", "area"}},
		search.Query{Limit: 100, Filters: []search.Filter{in("unit", odd...)}},
		search.Query{Limit: 100, Filters: []search.Filter{in("unit", odd[3:9]...)}, Facets: []string{"unit"}},
	)
	p.finds(search.Query{Filters: []search.Filter{in("unit", "")}})
	p.finds(search.Query{Filters: []search.Filter{in("unit", "没有", "", strings.Repeat("长", 5000))}})
	p.finds(search.Query{Filters: []search.Filter{in("area", "教育局")}})
	var many []string
	for i := range 3000 {
		many = append(many, fmt.Sprintf("单位%d", i))
	}
	p.finds(search.Query{Filters: []search.Filter{in("unit", append(many, "教育局")...)}}, id(int64(slices.Index(odd, "教育局")+1)))
}

func numberFilters(p *probe) {
	const most = 1<<53 - 1
	values := []int64{-most, -20, -1, 0, 1, 2, 20, 20260101, most - 1, most}
	var all []search.Doc
	for i, n := range values {
		all = append(all, doc(int64(i+1), "甲").number("days", n).without("replied").Doc)
	}
	all = append(all, doc(100, "甲").Doc, doc(101, "乙").Doc)
	p.rebuild("", all...)
	bounds := append(slices.Clone(values), -most-1, most+1, 10, math.MinInt64, math.MaxInt64)
	var queries []search.Query
	for _, from := range bounds {
		queries = append(queries,
			search.Query{Filters: []search.Filter{{Field: "days", Min: &from}}, Limit: 20, Sort: "days"},
			search.Query{Filters: []search.Filter{{Field: "days", Max: &from}}, Limit: 20, Sort: "-days"})
		for _, to := range bounds {
			queries = append(queries, search.Query{Filters: []search.Filter{span("days", from, to)}, Limit: 20})
		}
	}
	p.agree(queries...)
	p.finds(search.Query{Filters: []search.Filter{{Field: "days"}}, Terms: []string{"甲"}, Sort: "-days"}, "c-10", "c-9", "c-8", "c-7", "c-6", "c-5", "c-4", "c-3", "c-2", "c-1")
	p.finds(search.Query{Filters: []search.Filter{span("days", 2, 1)}})
	p.finds(search.Query{Filters: []search.Filter{span("days", -1, 1), span("replied", 0, 1<<40)}})
	p.finds(search.Query{Filters: []search.Filter{{Field: "replied"}}}, "c-101", "c-100")
}

func facets(p *probe) {
	var all []search.Doc
	n := int64(0)
	// More values than some servers count by default, with ties everywhere.
	for i := range 300 {
		for range i%4 + 1 {
			n++
			d := doc(n, "噪音").keyword("unit", fmt.Sprintf("第%d街道办", i)).keyword("area", fmt.Sprintf("%c区", 'A'+i%5))
			if i%3 > 0 {
				d.text("reply", "已处理").keyword("topic", []string{"", "交通", "环境"}[i%3])
			}
			all = append(all, d.Doc)
		}
	}
	p.rebuild("", all...)
	p.agree(
		search.Query{Facets: []string{"unit", "area", "topic"}},
		search.Query{Facets: []string{"unit"}, Limit: 3, Offset: 700},
		search.Query{Terms: []string{"处理"}, Facets: []string{"topic", "unit"}, Limit: 5},
		search.Query{Terms: []string{"噪音"}, Not: []string{"处理"}, Facets: []string{"topic", "area"}, Limit: 5},
		search.Query{Terms: []string{"没有"}, Facets: []string{"topic", "area"}, Limit: 5},
		search.Query{Facets: []string{"area", "area"}},
	)
	r := p.search(search.Query{Facets: []string{"area"}})
	if len(r.Hits) > 0 || len(r.Facets["area"]) != 5 || len(r.Facets) != 1 {
		p.broken("without a limit and with one facet: %d hits, facets %v", len(r.Hits), r.Facets)
	}
}

func facetsChoose(p *probe) {
	var all []search.Doc
	for n := int64(1); n <= 120; n++ {
		d := doc(n, "积水").keyword("unit", fmt.Sprintf("单位%d", n%5)).keyword("area", fmt.Sprintf("%d区", n%3)).keyword("topic", fmt.Sprintf("主题%d", n%7)).number("days", n%11)
		if n%2 == 0 {
			d.text("reply", "排水")
		}
		all = append(all, d.Doc)
	}
	p.rebuild("", all...)
	three := []string{"unit", "area", "topic"}
	p.agree(
		search.Query{Facets: three, Filters: []search.Filter{in("unit", "单位1")}, Limit: 5},
		search.Query{Facets: three, Filters: []search.Filter{in("unit", "单位1"), in("area", "0区", "2区")}, Limit: 5},
		search.Query{Terms: []string{"排水"}, Facets: three, Filters: []search.Filter{in("unit", "单位1"), in("area", "1区"), in("topic", "主题1", "主题2", "主题3")}, Limit: 5},
		search.Query{Facets: three, Filters: []search.Filter{in("unit", "没有")}, Limit: 5},
		search.Query{Facets: []string{"unit"}, Filters: []search.Filter{in("unit", "单位3"), span("days", 2, 4)}, Not: []string{"排水"}, Limit: 5},
		search.Query{Facets: []string{"area"}, Filters: []search.Filter{in("unit", "单位3"), span("days", 2, 4)}},
	)
	r := p.search(search.Query{Facets: three, Filters: []search.Filter{in("unit", "单位1")}})
	if p.Exact && (r.Total != 24 || len(r.Facets["unit"]) != 5 || len(r.Facets["area"]) != 3 || r.Facets["unit"][0] != (search.Count{Value: "单位0", N: 24})) {
		p.broken("one unit of five chosen: total %d, facets %v", r.Total, r.Facets)
	}
}

func hides(p *probe) {
	var all []search.Doc
	for n := int64(1); n <= 30; n++ {
		all = append(all, doc(n, "绿化").keyword("unit", fmt.Sprintf("单位%d", n%3)).Doc)
	}
	p.rebuild("", all...)
	var many []string
	for n := int64(4); n <= 2500; n++ {
		many = append(many, id(n))
	}
	p.agree(
		search.Query{Terms: []string{"绿化"}, Hide: []string{"c-30", "c-3", "c-3", "没有", "", `"`, "' OR 1", "c_30"}, Limit: 40, Facets: []string{"unit"}},
		search.Query{Hide: []string{"c-29"}, Limit: 2, Facets: []string{"unit"}},
		search.Query{Hide: []string{"c-29"}, Filters: []search.Filter{in("unit", "单位2")}, Sort: "replied", Limit: 3, Facets: []string{"unit"}},
		search.Query{Terms: []string{"绿化"}, Hide: many, Limit: 40, Facets: []string{"unit"}},
		search.Query{Hide: []string{"\xff", "c-1"}, Limit: 40},
	)
	p.finds(search.Query{Terms: []string{"绿化"}, Hide: many}, "c-3", "c-2", "c-1")
	p.finds(search.Query{Terms: []string{"绿化"}, Hide: append(many, "c-1", "c-2", "c-3")})
}
