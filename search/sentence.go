package search

import (
	"maps"
	"strconv"
	"strings"
)

// sentences are what is said of a query that is read, by what they are for: {w}
// is what was typed, {f} the name of a field, {n} a number and {l} a list of
// names. Those that are the text of a [RequestError] go by its code.
var sentences = map[string]Label{
	"dropped":   {"“{w}”中没有文字或数字，未参加搜索。", "“{w}” holds no letter or digit and was left out."},
	"empty":     {"“{f}：”后面没有内容，未参加搜索。", "Nothing follows “{f}:”, and it was left out."},
	"no-number": {"“{w}”不是编号，编号形如 2611-004217。", "“{w}” is not a case number; case numbers look like 2611-004217."},
	"one-field": {"全部搜索词只在{f}中查找。", "All words are looked for in the {f} only."},
	"unknown":   {"{f}中没有“{w}”，请改用列表中的名称。", "There is no {f} “{w}”. Please use a name from the list."},
	"several":   {"{f}“{w}”对应 {n} 个：{l}，已全部包括。", "“{w}” stands for {n} values of {f}, and all are included: {l}."},
	"no-terms":  {"搜索词中没有文字或数字，请输入要查找的词。", "The query holds no letter or digit. Please enter a word to look for."},
	"only-not":  {"只有要排除的词，请再输入一个要查找的词，或选择筛选条件。", "The query only excludes words. Please add a word to look for, or choose a filter."},

	"exclude-filter":     {"减号只能加在搜索词前，不能加在筛选条件前，请去掉。", "A minus sign can exclude words but not filters. Please remove it."},
	"fields-mixed":       {"一次搜索只能限定标题、诉求内容、答复内容中的一项，请保留一项。", "One search can look into only one of title, question and reply. Please keep one."},
	"month-without-year": {"月份请连同年份写，如 月:2026-11。", "Please write the month with its year, like month:2026-11."},
	"query-too-long":     {"搜索内容最多 {n} 个字，请缩短。", "A query has at most {n} characters. Please shorten it."},
	"too-many-words":     {"最多搜索 {n} 个词，请减少。", "A query has at most {n} words. Please remove some."},

	"comma":  {"、", ", "},
	"others": {"等", " and others"},
}

// Sentences returns what is said of a query that is read, by what it is for, with
// parts in braces, for who reads the query language outside of Go. Those beginning
// with "field." are what fields are called. The two limits are filled in.
func Sentences() map[string]Label {
	all := maps.Clone(sentences)
	all["query-too-long"] = sentence("query-too-long", number(MaxRunes))
	all["too-many-words"] = sentence("too-many-words", number(MaxWords))
	for _, field := range operators {
		all["field."+field] = FieldName(field)
	}
	return all
}

// sentence returns a sentence with its parts in place.
func sentence(name string, parts ...part) Label {
	var zh, en []string
	for _, p := range parts {
		zh, en = append(zh, p.name, p.text.ZH), append(en, p.name, p.text.EN)
	}
	text := sentences[name]
	return Label{strings.NewReplacer(zh...).Replace(text.ZH), strings.NewReplacer(en...).Replace(text.EN)}
}

// part is what stands in a sentence in the place of a name in braces.
type part struct {
	name string
	text Label
}

// typed is what a reader typed, cut to a length that fits a sentence.
func typed(word string) part {
	w := cut(Clean(word), 30)
	return part{"{w}", Label{w, w}}
}

// called is the name of a field.
func called(field string) part {
	name := FieldName(field)
	return part{"{f}", Label{name.ZH, strings.ToLower(name.EN)}}
}

// number is a number.
func number(n int) part {
	s := strconv.Itoa(n)
	return part{"{n}", Label{s, s}}
}
