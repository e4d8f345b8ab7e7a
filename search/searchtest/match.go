package searchtest

import (
	"fmt"
	"strings"

	"github.com/huiyin/huiyin/search"
)

func matchPromises() []promise {
	return []promise{
		{"matching", "a term matches where its units stand in order, with separators where it has them", matching},
		{"terms and fields", "every term matches in some field, excluded ones in none, and none across fields", termsAndFields},
		{"many terms", "every one of many terms counts", manyTerms},
		{"long texts", "every part of a text is found, however long it is", longTexts},
		{"hostile terms", "what means something to a query language is text", hostileTerms},
		{"bad queries", "what is not a query is refused with ErrQuery", badQueries},
	}
}

// matchTable says of terms whether they match a text.
var matchTable = []struct {
	text     string
	yes, not []string
}{
	{"小学校门口长期占道", []string{"学校", "小学校门口", "校", "长期占道", "小学校门口长期占道", "，学校。", "「学校」"}, []string{"校学", "学 校", "小校", "门口占道", "学校口", "小学校门口长期占道了"}},
	{"提供产品和服务", []string{"和服", "服务", "产品和服务"}, []string{"产服"}},
	{"拨打12345热线", []string{"12345", "打12345", "12345热", "１２３４５热线"}, []string{"1234", "2345", "123456", "12345 热线", "12345号"}},
	{"编号123456", []string{"123456"}, []string{"12345", "23456", "3"}},
	{"新建5G基站", []string{"5G", "5g基站", "５Ｇ基站", "建5G", "基站"}, []string{"G基站", "5", "g", "5 G"}},
	{"新建５Ｇ铁塔", []string{"5g铁塔", "5G"}, []string{"G铁塔"}},
	{"家住Ａ市，车牌川A12345", []string{"A市", "a市", "川a12345", "川", "市 车牌"}, []string{"A12", "12345", "市车牌", "家住市"}},
	{"學校門口的電動車", []string{"学校", "學校", "学校门口", "电动车", "電动车"}, []string{"学门"}},
	{"学校门口的电动车", []string{"學校", "電動車", "學校門口"}, nil},
	{"“严重影响，生活”！", []string{"严重影响、生活", "严重影响 生活", "影响……生活", "严重影响\n\t生活", "影响，，，生", "“严重”"}, []string{"严重影响生活", "影响生", "严重，影响，生活", "严重 影响"}},
	{"严重影响生活质量", []string{"严重影响生活", "影响生活"}, []string{"严重影响 生活", "影响，生活"}},
	{"请回复e-mail", []string{"e-mail", "E MAIL", "复e", "mail"}, []string{"email", "mai", "e-mails"}},
	{"请回复email", []string{"EMAIL"}, []string{"e-mail"}},
	{"Café及naïve", []string{"café", "CAFE\u0301", "café及", "naïve"}, []string{"caf", "ïve"}},
	{"བོད་སྐད་ཀྱི", []string{"བོད་སྐད", "བོད", "སྐད་ཀྱི"}, []string{"བོ", "བོད་ཀྱི"}},
	{"ꆈꌠꉙ 说彝语", []string{"ꆈꌠꉙ", "ꆈꌠ", "ꉙ", "彝语", "ꆈꌠꉙ 说"}, []string{"ꆈꉙ", "ꆈꌠꉙ说"}},
	{"ئۇيغۇر تىلى", []string{"ئۇيغۇر", "ئۇيغۇر تىلى"}, []string{"ئۇيغۇرتىلى", "ئۇي"}},
	{"公园😀长椅", []string{"公园 长椅", "公园😀长椅", "园🚗长"}, []string{"公园长椅"}},
	{"二〇二六年𠮷野家", []string{"二〇二六", "〇", "𠮷", "年𠮷野"}, []string{"二二六"}},
	{"面积30㎡", []string{"30㎡", "30m2", "积30M2"}, []string{"30", "m2"}},
	{"一\u0000二\ufffd三", []string{"一", "一 二", "二，三", "一\u0000二"}, []string{"一二", "二三"}},
	{"第1．5版，3,000元", []string{"1.5版", "3,000元", "000元", "1．5", "版，3"}, []string{"15版", "3000", "版3"}},
}

func matching(p *probe) {
	var all []search.Doc
	for i, row := range matchTable {
		all = append(all, doc(int64(i+1), "").text([]string{"title", "question", "reply"}[i%3], row.text).Doc)
	}
	p.rebuild("", all...)
	for i, row := range matchTable {
		for _, term := range row.yes {
			p.matches(term, row.text, id(int64(i+1)), true)
		}
		for _, term := range row.not {
			p.matches(term, row.text, id(int64(i+1)), false)
		}
	}
}

// matches wants a term to match the text of a document, or not to.
func (p *probe) matches(term, text, id string, want bool) {
	q := search.Query{Terms: []string{term}, Limit: 100}
	p.agree(q)
	found := false
	for _, h := range p.list(q) {
		found = found || h.ID == id
	}
	if found != want {
		p.broken("%q matches %q: %v, want %v", term, text, found, want)
	}
}

func termsAndFields(p *probe) {
	p.rebuild("", docs(
		doc(1, "噪音扰民").text("question", "夜间施工").text("reply", "已经责令停工"),
		doc(2, "夜间噪音").text("question", "广场舞").text("reply", "施工已经停止"),
		doc(3, "施工夜"),
		doc(4, "施工").text("question", "夜"),
		doc(5, "").text("reply", "施"),
	)...)
	p.finds(terms("噪音", "施工"), "c-2", "c-1")
	p.finds(terms("夜间", "夜"), "c-2", "c-1")
	p.finds(terms("施工夜"), "c-3")
	p.finds(terms("施工", "施工", "施工"), "c-4", "c-3", "c-2", "c-1")
	p.finds(search.Query{Terms: []string{"施工"}, Fields: []string{"title"}}, "c-4", "c-3")
	p.finds(search.Query{Terms: []string{"施工"}, Fields: []string{"question", "reply"}}, "c-2", "c-1")
	p.finds(search.Query{Terms: []string{"噪音", "施工"}, Fields: []string{"title", "question"}}, "c-1")
	p.finds(search.Query{Terms: []string{"施工"}, Not: []string{"噪音"}}, "c-4", "c-3")
	p.finds(search.Query{Terms: []string{"施工"}, Not: []string{"噪音", "夜"}})
	p.finds(search.Query{Not: []string{"夜"}}, "c-5")
	p.finds(search.Query{Not: []string{"噪音"}, Fields: []string{"question"}}, "c-5", "c-4", "c-3", "c-2", "c-1")
	p.finds(search.Query{Not: []string{"夜间"}, Fields: []string{"question", "reply"}}, "c-5", "c-4", "c-3", "c-2")
	p.finds(search.Query{Terms: []string{"夜间"}, Not: []string{"夜间"}})
	p.finds(search.Query{Terms: []string{"夜"}, Not: []string{"夜 间"}}, "c-3", "c-2", "c-4", "c-1")
}

func manyTerms(p *probe) {
	words := strings.Split("道路 积水 排水 管网 改造 小区 物业 停车 收费 投诉 噪音 施工 绿化 垃圾 清运", " ")
	p.rebuild("", docs(
		doc(1, strings.Join(words, "，")),
		doc(2, strings.Join(words[:14], "，")),
		doc(3, strings.Join(words[1:], "，")))...)
	p.finds(terms(words...), "c-1")
	p.finds(terms(words[:14]...), "c-2", "c-1")
	p.finds(terms(words[1:]...), "c-3", "c-1")
	p.finds(search.Query{Terms: words[1:14], Not: []string{words[0], words[14]}})
	p.finds(search.Query{Terms: words[1:14], Not: []string{words[0]}}, "c-3")
	p.finds(terms(strings.Join(words, "、")), "c-1")
	p.finds(terms(strings.Join(words, "、") + "了"))
}

// longText is more units than some servers take in a field, none of its parts
// of three characters or more twice.
func longText(units int) []rune {
	var out []rune
	for i := 0; len(out) < units; i++ {
		out = append(out, rune(0x4e00+i%997), rune(0x5400+i%991), rune(0x5900+i%983))
	}
	return out[:units]
}

func longTexts(p *probe) {
	const units = 70_000
	text := longText(units)
	p.rebuild("", docs(
		doc(1, "长文").text("question", string(text)).text("reply", "完"),
		doc(2, "短文").text("reply", string(text[:1000])))...)
	for _, at := range []int{0, 999, 32_760, 32_767, 65_530, 65_534, 65_535, 65_540, units - 12} {
		for _, n := range []int{2, 3, 7, 12} {
			q := search.Query{Terms: []string{string(text[at : at+n])}, Limit: 5}
			if r := p.search(q); len(r.Hits) == 0 || r.Hits[len(r.Hits)-1].ID != "c-1" {
				p.broken("the %d characters from %d on of a text of %d: found %q, want c-1", n, at, units, idsOf(r.Hits))
			}
		}
	}
	p.finds(terms(string(text[10:400])), "c-2", "c-1")
	p.finds(terms(string(text[40_000:45_000])), "c-1")
	p.finds(terms(string(text[40_000:45_000]) + "完"))
	p.finds(terms(string(text[units-5:]) + "完"))
	p.finds(search.Query{Terms: []string{string(text[units-5:])}, Not: []string{string(text[:5])}})
	if h := p.search(search.Query{Terms: []string{"长文"}, Limit: 1}).Hits; len(h) != 1 || h[0].Text["question"] != string(text) {
		p.broken("a text of %d characters did not come back whole", units)
	}
}

// hostile are texts that mean something to some language that an engine may
// speak below.
var hostile = []string{
	`" OR 1=1 --`, `学校" OR "门口`, `'; DROP TABLE docs; --`, `title:学校`, `{title question}: 学校`, `NEAR(学校 门口, 2)`,
	`学校*`, `^学校`, `NOT 学校`, `学校 AND 门口`, `学校 OR 垃圾`, `-学校`, `+学校`, `(学校`, `学校)`, `学校 NOT 门口`,
	`h5b66`, `h5b66 h6821`, `w12345`, `wh5b66`, `. 学`, `unit = "教育局"`, `_geoRadius(1,2,3)`, `rowid`, `rank`, `docs`, `100%_`,
	`\`, `\"`, `学\校`, `"`, `""`, `''`, "`", "学\x00校", "\x00", "学\u200b校", "\ufeff学校", "学\u00ad校", "%E5%AD%A6", "&#23398;", "<b>学校</b>",
	"{{.}}", "${x}", "學\ufe00校", "\xff学校\xfe", "*", "?", "~", "学校~2", "学校^3", "/学校/", "[学 TO 校]", "NULL", "true", "…", "😀",
}

func hostileTerms(p *probe) {
	all := docs(doc(1, "学校门口"), doc(2, "垃圾清运").keyword("unit", "教育局"), doc(3, "学，校"), doc(4, "docs rowid rank null true"))
	for i, s := range hostile {
		all = append(all, doc(int64(i+10), strings.ToValidUTF8(s, "")).text("reply", "答复").Doc)
	}
	p.rebuild("", all...)
	for _, s := range hostile {
		p.agree(search.Query{Terms: []string{s}, Limit: 200},
			search.Query{Terms: []string{"答复"}, Not: []string{s}, Limit: 200},
			search.Query{Terms: []string{"答复", s}, Fields: []string{"title", "reply"}, Limit: 200})
	}
	long := strings.Repeat("学校门口", 2500)
	p.finds(terms(long))
	p.finds(terms(strings.Repeat(`学"`, 5000)))
	p.finds(search.Query{Terms: []string{"学校门口"}, Not: []string{long}}, "c-1")
}

func badQueries(p *probe) {
	p.rebuild("", docs(doc(1, "甲").keyword("unit", "教育局").number("days", 3))...)
	one := int64(1)
	bad := map[string]search.Query{
		"empty term":                    terms("甲", ""),
		"term of punctuation":           terms("，。"),
		"term of emoji":                 terms("😀🚗"),
		"excluded term of blanks":       {Not: []string{" \t"}},
		"unknown field":                 {Terms: []string{"甲"}, Fields: []string{"body"}},
		"keyword field to look into":    {Terms: []string{"甲"}, Fields: []string{"unit"}},
		"filter on unknown field":       {Filters: []search.Filter{in("colour", "红")}},
		"filter on a text field":        {Filters: []search.Filter{in("title", "甲")}},
		"two filters on a field":        {Filters: []search.Filter{in("unit", "甲"), in("unit", "乙")}},
		"keyword filter without values": {Filters: []search.Filter{{Field: "unit"}}},
		"keyword filter with bounds":    {Filters: []search.Filter{{Field: "unit", In: []string{"甲"}, Min: &one}}},
		"number filter with values":     {Filters: []search.Filter{in("days", "3")}},
		"filter not UTF-8":              {Filters: []search.Filter{in("unit", "\xff")}},
		"unknown facet":                 {Facets: []string{"colour"}},
		"number facet":                  {Facets: []string{"days"}},
		"hostile facet":                 {Facets: []string{`unit" --`}},
		"unknown sort":                  {Sort: "colour"},
		"keyword sort":                  {Sort: "unit"},
		"sort of two signs":             {Sort: "--days"},
		"sort of a sign":                {Sort: "-"},
		"negative offset":               {Offset: -1, Limit: 1},
		"negative limit":                {Limit: -1},
		"window too far":                {Offset: search.MaxWindow, Limit: 1},
		"limit too large":               {Limit: search.MaxWindow + 1},
		"sum that overflows":            {Offset: 1<<63 - 1, Limit: 1<<63 - 1},
	}
	for name, q := range bad {
		_, err := p.Engine.Search(p.Context(), q)
		p.wantErr("search, "+name, err, search.ErrQuery)
		p.agree(q)
	}
	for name, q := range map[string]search.Query{"empty term": terms(""), "unknown field": {Fields: []string{"body"}}, "unknown filter": {Filters: []search.Filter{in("colour", "红")}}} {
		_, err := list(p.Context(), p.Engine, q)
		p.wantErr("each, "+name, err, search.ErrQuery)
	}
	unused := search.Query{Sort: "colour", Facets: []string{"colour"}, Offset: -5, Limit: search.MaxWindow * 2}
	if hits, err := list(p.Context(), p.Engine, unused); err != nil || fmt.Sprint(idsOf(hits)) != "[c-1]" {
		p.broken("Each does not use Sort, Facets, Offset and Limit; with ones that cannot be it gave %q, %v", idsOf(hits), err)
	}
	p.agree(search.Query{Offset: search.MaxWindow, Limit: 0}, search.Query{Offset: search.MaxWindow - 1, Limit: 1})
}
