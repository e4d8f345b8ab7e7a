package generator

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextReader(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"a.html", "<p>一 <b>二</b>三\n 四</p><p>五<br>六", "一 二三 四|五\n六"},
		{"a.html", "<td>138</td><td>1234</td> <a>1</a> <a>2</a>", "138|1234|1|2"},
		{"a.html", `<img alt="a &lt;b&gt;" src=x/y.png data-n='1' hidden><svg d="M1 2" class="k">t</svg>`, "a < b>|x/y.png|1|hidden|t"},
		{"a.html", "<!-- c\nd --><!doctype html><?x y?>e < f &#49; &amp;lt;", "c|d|doctype html|x y?|e < f 1 &lt;"},
		{"a.html", `<script type="application/ld+json">{"k":"v\u0031","n":[12,true]}</script><SCRIPT>var a=1;` + "\n" + `b</Script>z`, "application/ld+json|k|v1|n|12|true|var a=1;|b|z"},
		{"a.html", "<style>p{}\nq{}</style><script>open", "p{}|q{}|open"},
		{"a.html", `<a href="x`, "x"},
		{"a.svg", "<text>138<tspan x='1'>0013</tspan>8000</text><text>2</text>", "13800138000|2"},
		{"a.html", "<svg><text>138<TSPAN>0013</TSPAN>8000</text></svg>", "13800138000"},
		{"a.xml", "<u><l>a</l><b>b</b><![CDATA[c<d]]></u>", "a|b|c<d"},
		{"a.atom", `<e term="t">1</e>`, "t|1"},
		{"a.json", `{"a":"b\"c","d":-1.5,"e":"` + "\\", `a|b"c|d|-1.5|e|\`},
		{"a.jsonl", "{\"a\":1}\n{\"a\":2}\n", "a|1|a|2"},
		{"a.csv", "a,\"b\nc\",\nd", "a|b|c|d"},
		{"a.txt", "a b\n\n c ", "a b|c"},
		{"a.unknown", "a\nb", "a|b"},
	} {
		var got []string
		r := textReader{visit: func(s string) { got = append(got, s) }}
		if !r.file(tt.name, []byte(tt.body)) {
			t.Errorf("%s is not read", tt.name)
		}
		if s := strings.Join(got[1:], "|"); s != tt.want || got[0] != tt.name {
			t.Errorf("%s %s:\ngot  %q\nwant %q", tt.name, tt.body, s, tt.want)
		}
	}
	r := textReader{visit: func(string) {}}
	if r.file("a.PNG", []byte("x")) {
		t.Error("a picture is read")
	}
}

// Whatever a file looks like, every word of it that is no markup is handed over.
func FuzzTextReader(f *testing.F) {
	for _, s := range []string{"<p>a", "<a b=c>", "<!--", "<script>", "{\"a\":", "<![CDATA[", "<svg d='1'>", "a&amp;b", "</"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, kind := range []string{"a.html", "a.xml", "a.json", "a.csv", "a.txt"} {
			n := 0
			r := textReader{visit: func(text string) {
				n += len(text)
				if utf8.ValidString(s) && !utf8.ValidString(text) && kind != "a.json" {
					t.Fatalf("%s: a text that is cut within a character", kind)
				}
			}}
			// A number in a paragraph of its own is seen, whatever stands before it,
			// unless that swallows it as part of something unclosed; then it is seen
			// there.
			found := false
			visit := r.visit
			r.visit = func(text string) {
				visit(text)
				found = found || strings.Contains(text, "13812345678")
			}
			r.file(kind, []byte(s+" \n<p>13812345678</p>\n"))
			if !found && !swallowed(s) {
				t.Fatalf("%s: the number is not seen", kind)
			}
		}
	})
}

// swallowed reports whether a text may make what follows the value of an attribute
// that holds no text.
func swallowed(s string) bool {
	i := strings.LastIndexByte(s, '<')
	return i >= 0 && strings.Contains(s[i:], "=")
}
