package search

import (
	"html/template"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func TestClean(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"停水\t第3天\n谢谢", "停水\t第3天\n谢谢"},
		{"停水\r\n谢谢", "停水 \n谢谢"},
		{"a\x00b\x07c\u0085d\x7f", "a\ufffdb\ufffdc\ufffdd\ufffd"},
		{"停\xff\xe5\xad水", "停\ufffd\ufffd\ufffd水"},
		{"\u200b\ufeff\U0001F600", "\u200b\ufeff\U0001F600"},
	} {
		if got := Clean(test.text); got != test.want {
			t.Errorf("Clean(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestHighlight(t *testing.T) {
	for _, test := range []struct {
		name, text string
		terms      []string
		want       template.HTML
	}{
		{"nothing", "", []string{"停水"}, ""},
		{"no terms", "停水<b>", nil, "停水&lt;b&gt;"},
		{"no match", "停水", []string{"停电"}, "停水"},
		{"one", "小区停水了", []string{"停水"}, "小区<mark>停水</mark>了"},
		{"everywhere", "停水，又停水", []string{"停水"}, "<mark>停水</mark>，又<mark>停水</mark>"},
		{"the whole", "停水", []string{"停水"}, "<mark>停水</mark>"},
		{"several", "小区停水，物业不管", []string{"物业", "停水"}, "小区<mark>停水</mark>，<mark>物业</mark>不管"},
		{"overlapping", "小学校门口", []string{"学校", "校门"}, "小<mark>学校门</mark>口"},
		{"one within another", "小学校门口", []string{"小学校门口", "学校"}, "<mark>小学校门口</mark>"},
		{"touching", "停水停电", []string{"停水", "停电"}, "<mark>停水停电</mark>"},
		{"overlapping itself", "哈哈哈", []string{"哈哈"}, "<mark>哈哈哈</mark>"},
		{"the same twice", "停水", []string{"停水", "停水"}, "<mark>停水</mark>"},
		{"escaped", `<script>停水</script>"'&`, []string{"停水"}, `&lt;script&gt;<mark>停水</mark>&lt;/script&gt;&#34;&#39;&amp;`},
		{"escaped within", `停<b>水`, []string{"停 b 水"}, `<mark>停&lt;b&gt;水</mark>`},
		{"a tag that is sought", `<mark>`, []string{"mark"}, `&lt;<mark>mark</mark>&gt;`},
		{"an entity", `&lt;`, []string{"lt"}, `&amp;<mark>lt</mark>;`},
		{"traditional", "小區停電了，電力公司", []string{"停电", "电力"}, "小區<mark>停電</mark>了，<mark>電力</mark>公司"},
		{"full width", "５Ｇ基站", []string{"5g基站"}, "<mark>５Ｇ基站</mark>"},
		{"case", "WiFi信号", []string{"wifi"}, "<mark>WiFi</mark>信号"},
		{"words are whole", "123456和12345", []string{"12345"}, "123456和<mark>12345</mark>"},
		{"punctuation between", "严重影响，生活", []string{"影响 生活"}, "严重<mark>影响，生活</mark>"},
		{"Tibetan", "བོད་སྐད་ཀྱི་ཡི་གེ", []string{"སྐད་ཀྱི"}, "བོད་<mark>སྐད་ཀྱི</mark>་ཡི་གེ"},
		{"Yi", "ꆈꌠꉙ", []string{"ꌠ"}, "ꆈ<mark>ꌠ</mark>ꉙ"},
		{"Uyghur", "ئۇيغۇر تىلى", []string{"تىلى"}, "ئۇيغۇر <mark>تىلى</mark>"},
		{"combining marks", "cafe\u0301 ouvert", []string{"café"}, "<mark>cafe\u0301</mark> ouvert"},
		{"a mark behind a Han character", "停\u0301水", []string{"停"}, "<mark>停\u0301</mark>水"},
		{"one character of several units", "㍿のアパート", []string{"株式"}, "<mark>㍿</mark>のアパート"},
		{"unseen characters", "停\u200b水", []string{"停水"}, "<mark>停\u200b水</mark>"},
		{"emoji", "😀停水😀", []string{"停水"}, "😀<mark>停水</mark>😀"},
		{"broken", "停水\xff停\x00水", []string{"停水", "停 水"}, "<mark>停水</mark>\ufffd<mark>停\ufffd水</mark>"},
		{"lines", "停水\r\n停水", []string{"停水"}, "<mark>停水</mark> \n<mark>停水</mark>"},
		{"a term without units", "停水", []string{"，", "", "停"}, "<mark>停</mark>水"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Highlight(test.text, test.terms); got != test.want {
				t.Errorf("Highlight(%q, %q)\n got %s\nwant %s", test.text, test.terms, got, test.want)
			}
		})
	}
}

func TestSnippet(t *testing.T) {
	for _, test := range []struct {
		name, text string
		terms      []string
		most       int
		want       template.HTML
		found      bool
	}{
		{"nothing", "", []string{"停水"}, 10, "", false},
		{"a short text", "小区停水了。", []string{"停水"}, 10, "小区<mark>停水</mark>了。", true},
		{"no terms: the beginning", "一二三四。五六七八。九十", nil, 8, "一二三四。…", false},
		{"no match: the beginning", "一二三四。五六七八。九十", []string{"停水"}, 8, "一二三四。…", false},
		{"from the beginning of the sentence", "一二三四五六七八九十。小区停水了。一二三四五六七八九十。", []string{"停水"}, 10, "…小区<mark>停水</mark>了。…", true},
		{"from the beginning of the clause", "一二三四五六七八九十，小区停水了，一二三四五六七八九十。", []string{"停水"}, 10, "…小区<mark>停水</mark>了，…", true},
		{"without any punctuation", "一二三四五六七八九十小区停水了一二三四五六七八九十", []string{"停水"}, 9, "…十小区<mark>停水</mark>了一二三…", true},
		{"a closing mark stays", "他说：“停水了。”一二三四五六七八九十", []string{"停水"}, 10, "他说：“<mark>停水</mark>了。”…", true},
		{"where most terms are", "停水。一二三四五六七八九十。一二三四五六七八九十。物业说停水。", []string{"停水", "物业"}, 12, "…<mark>物业</mark>说<mark>停水</mark>。", true},
		{"of equal ones the first", "停水甲。一二三四五六七八九十。一二三四五六七八九十。停水乙。", []string{"停水"}, 6, "<mark>停水</mark>甲。…", true},
		{"of equal ones the first, with a word that is nowhere", "一二三四五六七八九十。停水甲。一二三四五六七八九十。停水乙。", []string{"停水", "电梯"}, 6, "…<mark>停水</mark>甲。…", true},
		{"a match longer than the snippet", "甲。停水停水停水停水。乙", []string{"停水停水停水停水"}, 4, "…<mark>停水停水停水停水</mark>…", true},
		{"blanks at the ends", "  停水了。 \n 一二三四五六七八", []string{"停水"}, 8, "<mark>停水</mark>了。…", true},
		{"English", "It has rained since Monday. Water is off again. Nobody answers.", []string{"water"}, 30, "…<mark>Water</mark> is off again.…", true},
		{"a number is no end of a sentence", "经查，管径0.3米，停水已处理。", []string{"停水"}, 30, "经查，管径0.3米，<mark>停水</mark>已处理。", true},
		{"the beginning, if it holds all", "一二三。小区停水了。一二三四五六七八九十。", []string{"停水"}, 12, "一二三。小区<mark>停水</mark>了。…", true},
		{"Tibetan", "བོད་ཡིག་བོད་ཡིག་བོད་ཡིག།སྐད་ཀྱི་ཡི་གེ།བོད་ཡིག།", []string{"སྐད"}, 20, "…<mark>སྐད</mark>་ཀྱི་ཡི་གེ།…", true},
		{"marks stay with their character", strings.Repeat("e\u0301", 30), []string{"停"}, 5, template.HTML(strings.Repeat("e\u0301", 2) + "e\u0301…"), false},
		{"escaped", "一二三四五六七八九十。<b>停水</b>。", []string{"停水"}, 20, "…&lt;b&gt;<mark>停水</mark>&lt;/b&gt;。", true},
		{"only blanks are left out", "停水了。          ", []string{"停水"}, 6, "<mark>停水</mark>了。", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, found := Snippet(test.text, test.terms, test.most)
			if got != test.want || found != test.found {
				t.Errorf("Snippet(%q, %q, %d)\n got %s, %t\nwant %s, %t", test.text, test.terms, test.most, got, found, test.want, test.found)
			}
		})
	}
}

// textOf returns the text content of HTML. It refuses whatever is not an element
// mark or text, and marks within marks.
func textOf(t *testing.T, markup template.HTML) (text string, marked []string) {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"}
	nodes, err := html.ParseFragment(strings.NewReader(string(markup)), body)
	if err != nil {
		t.Fatalf("%q: %v", markup, err)
	}
	var b strings.Builder
	for _, n := range nodes {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && n.DataAtom == atom.Mark && len(n.Attr) == 0 &&
			n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.Type == html.TextNode:
			b.WriteString(n.FirstChild.Data)
			marked = append(marked, n.FirstChild.Data)
		default:
			t.Fatalf("%q holds more than text and marks", markup)
		}
	}
	// An element that is not closed is closed by the parser.
	if strings.Count(string(markup), "<mark>") != len(marked) || strings.Count(string(markup), "</mark>") != len(marked) {
		t.Fatalf("%q has marks that do not close", markup)
	}
	return b.String(), marked
}

// someTerms returns as many terms of a query as a request may have.
func someTerms(query string) []string {
	terms := strings.Split(query, " ")
	return terms[:min(len(terms), 20)]
}

func FuzzHighlight(f *testing.F) {
	for _, seed := range [][2]string{
		{"小区停水了", "停水"}, {"<b>&amp;停\x00水\r\n", "停水 b amp"}, {"cafe\u0301 ㍿½", "café 株式 1"},
		{"བོད་སྐད", "བོད་སྐད"}, {"停\xff水\xe5\xad", "停 水"}, {"</mark><script>", "mark script"}, {"哈哈哈哈", "哈哈"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		terms := someTerms(query)
		text = strings.TrimLeft(text, "\r\n") // a parser drops a first line feed
		markup := Highlight(text, terms)
		got, marked := textOf(t, markup)
		if want := Clean(text); got != want {
			t.Fatalf("Highlight(%q, %q) = %q, whose text is %q, want %q", text, terms, markup, got, want)
		}
		matches, units := false, Units(text)
		for _, term := range terms {
			for range MatchUnits(units, Units(term)) {
				matches = true
			}
		}
		if matches != (marked != nil) {
			t.Fatalf("Highlight(%q, %q) marks %q", text, terms, marked)
		}
	})
}

func FuzzSnippet(f *testing.F) {
	for _, seed := range []struct {
		text, query string
		most        int
	}{
		{"一二三四。小区停水了。五六七八", "停水 物业", 6}, {"", "", 0}, {"停\xff\u0301水。 ", "停水", -1}, {strings.Repeat("e\u0301", 30), "é", 3},
		{"“停水。”\n\n他说", "停水", 4},
	} {
		f.Add(seed.text, seed.query, seed.most)
	}
	f.Fuzz(func(t *testing.T, text, query string, most int) {
		terms := someTerms(query)
		markup, found := Snippet(text, terms, most)
		got, marked := textOf(t, markup)
		plain := strings.TrimSuffix(strings.TrimPrefix(got, "…"), "…")
		if clean := Clean(text); !strings.Contains(clean, plain) && !strings.Contains("…"+clean+"…", got) {
			t.Fatalf("Snippet(%q, %q, %d) = %q is no part of it", text, terms, most, markup)
		}
		if found && marked == nil {
			t.Fatalf("Snippet(%q, %q, %d) = %q marks nothing", text, terms, most, markup)
		}
		if longest := max(most, 0) + utf8.RuneCountInString(query)*longestForm + 2*maxMarks + 2; found == false && utf8.RuneCountInString(got) > longest {
			t.Fatalf("Snippet(%q, %q, %d) has %d characters", text, terms, most, utf8.RuneCountInString(got))
		}
	})
}

// longestForm is more than a folded character can have.
const longestForm = 20

func BenchmarkClean(b *testing.B) {
	text := benchmarkCase()
	b.ReportAllocs()
	for b.Loop() {
		Clean(text)
	}
}
