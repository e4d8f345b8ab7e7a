package search

import (
	"strings"
	"testing"
)

// benchmarkCase is a text of the usual length of a case, about 700 characters,
// in which the terms stand as often as words do.
func benchmarkCase() string {
	var b strings.Builder
	for i, sentence := range []string{
		"市民反映：小区自八月以来多次停水，物业公司称因管道老化需更换，请相关部门尽快核实处理并回复。",
		"经我局工作人员现场核实，该路段排水管网为2009年建成，管径DN300，遇强降雨时排水能力不足，造成路面积水。",
		"下一步将结合老旧小区改造计划，对该处管网进行更新，预计2026年10月底前完成施工，期间请您注意出行安全。",
	} {
		b.WriteString(strings.Repeat(sentence, 5))
		if i == 1 {
			b.WriteString("感谢您对我们工作的理解和支持，如有疑问请拨打12345热线咨询。")
		}
	}
	return b.String()
}

func BenchmarkHighlight(b *testing.B) {
	text, terms := benchmarkCase(), []string{"停水", "排水管网", "12345热线"}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Highlight(text, terms)
	}
}

// BenchmarkPage marks what a page of 20 hits shows: titles and snippets.
func BenchmarkPage(b *testing.B) {
	text, terms := benchmarkCase(), []string{"停水", "排水管网", "12345热线"}
	b.ReportAllocs()
	for b.Loop() {
		m := newMarker(terms)
		for range 20 {
			m.highlight("关于小区多次停水的问题")
			m.snippet(text, SnippetRunes)
			m.snippet(text, SnippetRunes)
		}
	}
}

func BenchmarkSnippet(b *testing.B) {
	text, terms := benchmarkCase(), []string{"停水", "排水管网", "12345热线"}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Snippet(text, terms, SnippetRunes)
	}
}

func BenchmarkParse(b *testing.B) {
	for _, bench := range []struct{ name, q string }{
		{"word", "停水"},
		{"usual", "“老旧小区” 停水 -物业 单位:住建局 月:2026-11"},
		{"long", strings.Repeat("停水 -“物业” ", 500)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(bench.q, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
