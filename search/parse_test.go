package search

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// read returns a query as it was understood, on one line: words, quotations in
// 「 」, excluded words after a minus, then in brackets fields, filters, the case
// number and the codes of notes.
func read(p Parsed) string {
	var words []string
	for _, t := range p.Terms {
		if t.Quoted {
			words = append(words, "「"+t.Text+"」")
		} else {
			words = append(words, t.Text)
		}
	}
	for _, w := range p.Not {
		words = append(words, "-"+w)
	}
	for _, f := range p.Fields {
		words = append(words, "["+f+"]")
	}
	for _, c := range p.Filters {
		words = append(words, "["+c.Field+" "+strings.Join(c.IDs, ",")+"]")
	}
	if p.Number != "" {
		words = append(words, "["+p.Number+"]")
	}
	for _, n := range p.Notes {
		words = append(words, "("+n.Code+")")
	}
	return strings.Join(words, " ")
}

func TestParse(t *testing.T) {
	v := testVocabulary(t)
	for _, test := range []struct{ q, want string }{
		{``, ``},
		{`停水`, `停水`},
		{`  停水　物业  `, `停水 物业`},
		{`停水 停水 停，水 停 水`, `停水 停，水 停 水`},
		{`WiFi wifi ＷｉＦｉ`, `WiFi`},

		// Quotation marks of all kinds.
		{`"多次 停水"`, `「多次 停水」`},
		{`“多次停水”`, `「多次停水」`},
		{`”多次停水“`, `「多次停水」`},
		{`„多次停水‟`, `「多次停水」`},
		{`＂多次停水"`, `「多次停水」`},
		{`‘多次停水’`, `「多次停水」`},
		{`「多次停水」`, `「多次停水」`},
		{`『多次停水』`, `「多次停水」`},
		{`「多次"停水』`, `「多次"停水』」`},
		{`‘多次“停水”’`, `「多次“停水”」`},
		{`"多次停水`, `「多次停水」`},
		{`“多次 停水 -物业`, `「多次 停水 -物业」`},
		{`物业"停水"小区`, `物业 「停水」 小区`},
		{`"停水""停电"`, `「停水」 「停电」`},
		{`《条例》 it's`, `《条例》 it's`},
		{`停水 "停水"`, `停水`},

		// Minus signs.
		{`停水 -物业`, `停水 -物业`},
		{`停水 －物业 –小区 −公司`, `停水 -物业 -小区 -公司`},
		{`停水 --物业`, `停水 -物业`},
		{`停水 -“物业 公司”`, `停水 -物业 公司`},
		{`停水-物业`, `停水-物业`},
		{`停水 - 物业`, `停水 物业 (dropped)`},
		{`-物业`, `-物业`},
		{`停水 -停水`, `停水 -停水`},
		{`-`, `(dropped)`},
		{`---`, `(dropped)`},
		{`-""`, `(dropped)`},
		{`"" “” ‘’`, `(dropped) (dropped) (dropped)`},
		{`"`, `(dropped)`},
		{`-“`, `(dropped)`},

		// Texts.
		{`标题:停水`, `停水 [title]`},
		{`标题：停水`, `停水 [title]`},
		{`標題：停水`, `停水 [title]`},
		{`TITLE:停水`, `停水 [title]`},
		{`ｔｉｔｌｅ：停水`, `停水 [title]`},
		{`title: 停水`, `停水 [title]`},
		{`诉求内容:停水`, `停水 [question]`},
		{`答覆:"已 修复"`, `「已 修复」 [reply]`},
		{`标题:停水 物业`, `停水 物业 [title] (one-field)`},
		{`停水 title:物业 标题:小区`, `停水 物业 小区 [title] (one-field)`},
		{`-标题:物业 停水`, `停水 -物业 [title] (one-field)`},
		{`标题:-物业 停水`, `停水 -物业 [title] (one-field)`},
		{`标题:，`, `(dropped)`},
		{`标题:`, `(dropped)`},
		{`停水 标题:""`, `停水 (dropped)`},
		{`(标题:停水`, `(标题:停水`},
		{`标 题:停水`, `标 题:停水`},
		{`http://example.org/a:b`, `http://example.org/a:b`},
		{`12:30`, `12:30`},
		{`:停水`, `:停水`},
		{`标题:标题:停水`, `标题:停水 [title]`},

		// Filters.
		{`单位:教育局`, `[unit edu]`},
		{`unit:edu`, `[unit edu]`},
		{`Office:"Education Bureau" 停水`, `停水 [unit edu]`},
		{`单位:局`, `[unit edu,housing] (several)`},
		{`单位:教育局 单位:住房`, `[unit edu] [unit housing]`},
		{`单位:税务局`, `[unit ] (unknown-value)`},
		{`单位:`, `(dropped)`},
		{`停水 单位:""`, `停水 (dropped)`},
		{`领域:供水 主题:供水 topic:supply`, `[topic supply] [topic supply] [topic supply]`},
		{`类别:投诉 诉求类别:求助 kind:complain`, `[kind complain] [kind help] [kind complain]`},
		{`满意度:满意`, `[rating 4/5]`},
		{`地区:510100`, `[area ] (unknown-value)`}, // the vocabulary lists no areas
		{`单位:O'Brien"\`, `[unit ] (dropped) (unknown-value)`},

		// Days.
		{`年:2026`, `[year 2026]`},
		{`年份：２０２６年`, `[year 2026]`},
		{`year:26`, `[year ] (unknown-value)`},
		{`月:2026-11`, `[month 2026-11]`},
		{`月份:2026年1月`, `[month 2026-01]`},
		{`month:2026/1`, `[month 2026-01]`},
		{`month:202601`, `[month 2026-01]`},
		{`月:２０２６－１１`, `[month 2026-11]`},
		{`月:2026.11`, `[month 2026-11]`},
		{`年:2026 月:11`, `[year 2026] [month 2026-11]`},
		{`月:11月 年:2026年`, `[month 2026-11] [year 2026]`},
		{`月:13 年:2026`, `[month ] [year 2026] (unknown-value)`},
		{`月:2026-0`, `[month ] (unknown-value)`},
		{`月:abc`, `[month ] (unknown-value)`},

		// Case numbers.
		{`2611-004217`, `2611-004217 [2611-004217]`},
		{`编号:2611-004217`, `[2611-004217]`},
		{`number：２６１１－００４２１７ 停水`, `停水 [2611-004217]`},
		{`编号2611-004217号`, `编号2611-004217号 [2611-004217]`},
		{`编号:停水`, `(dropped)`},
		{`编号:`, `(dropped)`},
		{`2613-004217 2611-000000 2611-00421 12611-004217 2611-004217-1`, `2613-004217 2611-000000 2611-00421 12611-004217 2611-004217-1`},

		// What other programs take for commands.
		{`停水 AND 物业 OR NOT 小区`, `停水 AND 物业 OR NOT 小区`},
		{`停水* (物业) ^小区 +公司 NEAR(a b)`, `停水* (物业) ^小区 +公司 NEAR(a b)`},
		{`'; DROP TABLE docs; --`, `DROP TABLE docs; (dropped) (dropped)`},
		{`" OR 1=1 --`, `「 OR 1=1 --」`},
		{`{"q": 1}`, `「q」 1} (dropped) (dropped)`},
		{`unit = "edu"`, `unit 「edu」 (dropped)`},
		{`<b>停水</b> &amp; %00`, `<b>停水</b> &amp; %00`},

		// What is no text.
		{`😀 停水😀物业`, `停水😀物业 (dropped)`},
		{"停水\x00物业 \x01", "停水\x00物业 (dropped)"},
		{"停水\xff \xff", "停水\xff (dropped)"},
		{`，。！`, `(dropped)`},
	} {
		p, err := Parse(test.q, v)
		if got := read(p); err != nil || got != test.want {
			t.Errorf("Parse(%s)\n got %s, %v\nwant %s", test.q, got, err, test.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct{ q, code string }{
		{`标题:停水 答复:物业`, "fields-mixed"},
		{`标题:停水 -内容:物业`, "fields-mixed"},
		{`-单位:教育局`, "exclude-filter"},
		{`单位:-教育局`, "exclude-filter"},
		{`-年:2026`, "exclude-filter"},
		{`月:11`, "month-without-year"},
		{`月:11月 年:今年`, "month-without-year"},
	} {
		_, err := Parse(test.q, testVocabulary(t))
		var bad *RequestError
		if !errors.As(err, &bad) || bad.Code != test.code || bad.Param != "q" || !errors.Is(err, ErrQuery) {
			t.Errorf("Parse(%s): error %v, want %s", test.q, err, test.code)
			continue
		}
		if bad.Text.ZH == "" || bad.Text.EN == "" {
			t.Errorf("Parse(%s): the error does not say in both languages what to change: %v", test.q, bad.Text)
		}
	}
}

func TestParseLongQueries(t *testing.T) {
	for _, test := range []struct {
		name, q string
		terms   int
	}{
		{"one word", strings.Repeat("停水", 5000), 1},
		{"words", strings.Repeat("停 ", 5000), 1},
		{"quotation marks", strings.Repeat(`"`, 10_000), 0},
		{"minus signs", strings.Repeat("-", 10_000), 0},
		{"names", strings.Repeat("标题:", 3000) + "停水", 1},
		{"colons", strings.Repeat(":", 10_000), 0},
	} {
		p, err := Parse(test.q, nil)
		if err != nil || len(p.Terms) != test.terms {
			t.Errorf("%s: %d terms, %v, want %d", test.name, len(p.Terms), err, test.terms)
		}
	}
}

func TestNotes(t *testing.T) {
	v := testVocabulary(t)
	for _, test := range []struct{ q, zh, en string }{
		{`停水 ，`, "“，”中没有文字或数字，未参加搜索。", "“，” holds no letter or digit and was left out."},
		{`编号:12`, "“12”不是编号，编号形如 2611-004217。", "“12” is not a case number; case numbers look like 2611-004217."},
		{`单位：`, "“单位：”后面没有内容，未参加搜索。", "Nothing follows “office:”, and it was left out."},
		{`编号:`, "“编号：”后面没有内容，未参加搜索。", "Nothing follows “number:”, and it was left out."},
		{`标题:停水 物业`, "全部搜索词只在标题中查找。", "All words are looked for in the title only."},
		{`单位:税务局`, "单位中没有“税务局”，请改用列表中的名称。", "There is no office “税务局”. Please use a name from the list."},
		{`单位:局`, "单位“局”对应 2 个：东江市教育局、住房和城乡建设局，已全部包括。", "“局” stands for 2 values of office, and all are included: Education Bureau, Housing Bureau."},
		{`单位:` + strings.Repeat("长", 100), "单位中没有“" + strings.Repeat("长", 30) + "…”，请改用列表中的名称。",
			"There is no office “" + strings.Repeat("长", 30) + "…”. Please use a name from the list."},
	} {
		p, err := Parse(test.q, v)
		if err != nil || len(p.Notes) != 1 {
			t.Errorf("Parse(%s): %v, notes %v", test.q, err, p.Notes)
			continue
		}
		if got := p.Notes[0].Text; got != (Label{test.zh, test.en}) {
			t.Errorf("Parse(%s)\n got %s\n     %s\nwant %s\n     %s", test.q, got.ZH, got.EN, test.zh, test.en)
		}
	}
}

// TestOperators types every name that stands for a field.
func TestOperators(t *testing.T) {
	for name, field := range Operators() {
		for _, q := range []string{name + ":路灯", strings.ToUpper(name) + "：路灯"} {
			if got := tokens(q); len(got) != 1 || got[0].op != field || got[0].text != "路灯" {
				t.Errorf("%s is read as %+v, want the field %s", q, got, field)
			}
		}
	}
}

func TestFindNumber(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"2611-004217", "2611-004217"},
		{"请查2611-004217。谢谢", "2611-004217"},
		{"２６１１－００４２１７", "2611-004217"},
		{"2611–004217", "2611-004217"},
		{"2611-1234567", "2611-1234567"},
		{"2611-0123456", ""},
		{"2600-004217", ""},
		{"2613-004217", ""},
		{"2611-12345", ""},
		{"2611-000000", ""},
		{"2611-1234567890", ""},
		{"028-2611-004217", ""},
		{"2611-004217-2", ""},
		{"92611-004217", ""},
		{"2026-11-20", ""},
		{"2611-004217 2611-004218", "2611-004217"},
		{"2611-1 2611-004218", "2611-004218"},
		{"", ""},
	} {
		if got := findNumber(test.text); got != test.want {
			t.Errorf("findNumber(%s) = %q, want %q", test.text, got, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, q := range []string{
		``, `停水 -物业 “多次 反映”`, `标题:停水 单位:教育局 年:2026 月:11`, `-单位:教育局`, `编号:2611-004217`, `"`, `-"`, `:`, `标题:`,
		"停水\x00\xff", `＂停水”－物业　unit：edu`, `‘停“水’”`, `月:2026年11月`, "\u0085标题\u2028:\u00a0-停水",
	} {
		f.Add(q)
	}
	v, err := DecodeVocabulary([]byte(testVocabularyFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, q string) {
		end := 0
		for _, token := range tokens(q) {
			if token.start < end || token.textStart < token.start || token.textEnd < token.textStart || token.end < token.textEnd ||
				token.end <= token.start || token.end > len(q) || token.text != q[token.textStart:token.textEnd] {
				t.Fatalf("a token of %q stands at %+v, the one before ends at %d", q, token, end)
			}
			end = token.end
		}
		p, err := Parse(q, v)
		if err != nil {
			var bad *RequestError
			if !errors.As(err, &bad) || bad.Text.ZH == "" || bad.Text.EN == "" {
				t.Fatalf("Parse(%q): %v", q, err)
			}
			return
		}
		for _, term := range p.Terms {
			if len(Units(term.Text)) == 0 || q[term.start:term.end] != term.Text {
				t.Fatalf("a term of %q is %+v", q, term)
			}
		}
		for _, word := range p.Not {
			if len(Units(word)) == 0 {
				t.Fatalf("%q excludes %q", q, word)
			}
		}
		for _, c := range p.Filters {
			for _, id := range c.IDs {
				if v.lists(c.Field) && !slices.Contains(v.find(c.Field, id), id) {
					t.Fatalf("%q filters %s by %q", q, c.Field, id)
				}
			}
		}
		if p.Number != "" && !isNumber(p.Number) {
			t.Fatalf("%q holds the number %q", q, p.Number)
		}
		for _, n := range p.Notes {
			if n.Text.ZH == "" || n.Text.EN == "" || utf8.ValidString(q) && !utf8.ValidString(n.Text.ZH+n.Text.EN) {
				t.Fatalf("a note of %q is %+v", q, n)
			}
		}
		// A query reads the same once its blanks are those of a request.
		again, err := Parse(canonicalQuery(q), v)
		if strings.ContainsAny(q, "\"“”„‟＂‘「『") || strings.ContainsFunc(q, isControlOrBroken) {
			return // within quotations blanks count as text; control characters become blanks
		}
		if err != nil || read(again) != read(p) {
			t.Fatalf("%q reads %s, with other blanks %s, %v", q, read(p), read(again), err)
		}
	})
}

func isControlOrBroken(r rune) bool { return r < ' ' || r >= 0x7F && r < 0xA0 || r == utf8.RuneError }

func ExampleParse() {
	p, err := Parse("标题:“老旧小区” -物业 月:2026-11", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Terms[0].Text, p.Terms[0].Quoted, p.Not, p.Fields, p.Filters[0].IDs)
	// Output: 老旧小区 true [物业] [title] [2026-11]
}
