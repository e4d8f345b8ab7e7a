package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// written writes units as one string: '|' between neighbours, '_' where a
// separator stands.
func written(units []Unit) string {
	var b strings.Builder
	for i, u := range units {
		switch {
		case u.After:
			b.WriteByte('_')
		case i > 0:
			b.WriteByte('|')
		}
		b.WriteString(u.Text)
	}
	return b.String()
}

func TestUnits(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"Han", "小学校", "小|学|校"},
		{"punctuation", "“停水”，第3天。", "停|水_第|3|天"},
		{"separators count once", "停 \r\n\t，水", "停_水"},
		{"words", "Wi-Fi 5G基站", "wi_fi_5g|基|站"},
		{"a number is one unit", "12345转123456", "12345|转|123456"},
		{"full width", "５Ｇ基站　１２３４５", "5g|基|站_12345"},
		{"compatibility", "占地100㎡，约½亩①", "占|地|100m2_约|1_2|亩|1"},
		{"one character, several units", "㍿", "株|式|会|社"},
		{"brackets of one character separate", "㈱三", "株_三"},
		{"ligature", "oﬃce", "office"},
		{"roman numeral", "Ⅻ", "xii"},
		{"traditional", "臺灣學校門口積水嚴重", "台|湾|学|校|门|口|积|水|严|重"},
		{"traditional, several to one", "頭髮發現", "头|发|发|现"},
		{"radicals out of a PDF", "⻓期⾬⽔", "长|期|雨|水"},
		{"compatibility ideographs", "\uF9DC\uFA0C", "隆|兀"},
		{"extension planes", "𠮷𫓧鈇", "𠮷|𫓧|𫓧"},
		{"iteration mark and zero", "人々二〇二六", "人|々|二|〇|二|六"},
		{"marks compose", "e\u0301A\u030a", "éå"},
		{"kana", "ｶﾞがか\u3099", "ガがが"},
		{"Hangul", "한국 한국", "한국_한국"},
		{"Tibetan syllables", "བོད་ཡིག", "བོད_ཡིག"},
		{"Yi syllables", "ꆈꌠꉙ", "ꆈ|ꌠ|ꉙ"},
		{"Uyghur", "مەكتەپ ئالدى", "مەكتەپ_ئالدى"},
		{"Cyrillic", "ШКОЛА", "школа"},
		{"sharp s", "Straße STRASSE GROẞ", "strasse_strasse_gross"},
		{"Turkish i", "İIıi i\u0307", "iiii_i"},
		{"final sigma", "ΟΔΟΣ οδος", "οδοσ_οδοσ"},
		{"unseen characters do not separate", "住\u200b房 so\u00adft a\u200db \u202e停\u202c水", "住|房_soft_ab_停|水"},
		{"variation selectors", "葛\ufe00城\U000E0100 1\ufe0f\u20e3", "葛|城_1"},
		{"a mark on a Han character", "停\u0301水", "停|水"},
		{"a mark on nothing", "停 \u0301 水", "停_水"},
		{"emoji", "停水😀了👨\u200d👩", "停|水_了"},
		{"invalid UTF-8", "停\xff水\xe5\xad", "停_水"},
		{"null byte", "a\x00b", "a_b"},
		{"private use", "停\ue000水", "停_水"},
		{"marks without end", "a" + strings.Repeat("\u0316", 1000), "a" + strings.Repeat("\u0316", maxMarks)},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := written(Units(test.text)); got != test.want {
				t.Errorf("Units(%q) = %s, want %s", test.text, got, test.want)
			}
		})
	}
}

// TestUnitsStand checks where units stand in the original, byte for byte.
func TestUnitsStand(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string // the text between Start and End of each unit
	}{
		{"停水，第３天", []string{"停", "水", "第", "３", "天"}},
		{"共100㎡①。", []string{"共", "100㎡①"}},
		{"㍿a", []string{"㍿", "㍿", "㍿", "㍿", "a"}},
		{"½", []string{"½", "½"}},
		{"e\u0301t\u00adé!", []string{"e\u0301t\u00adé"}},
		{"葛\ufe00城", []string{"葛\ufe00", "城"}},
		{"\u200b停\u200b", []string{"停\u200b"}},
		{"WiFi信号", []string{"WiFi", "信", "号"}},
		{"İstanbul\xff", []string{"İstanbul"}},
	} {
		var got []string
		for _, u := range Units(test.text) {
			got = append(got, test.text[u.Start:u.End])
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("units of %q stand elsewhere (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestAppendUnits(t *testing.T) {
	first := Units("一，二")
	both := AppendUnits(slices.Clone(first), "，三四")
	want := append(slices.Clone(first), Unit{"三", 3, 6, false}, Unit{"四", 6, 9, false})
	if diff := cmp.Diff(want, both); diff != "" {
		t.Errorf("AppendUnits (-want +got):\n%s", diff)
	}
}

func TestMatchUnits(t *testing.T) {
	for _, test := range []struct {
		field, term string
		want        [][2]int
	}{
		{"小学校门口", "学校", [][2]int{{1, 3}}},
		{"小学校门口", "校学", nil},
		{"123456", "12345", nil},
		{"拨打12345热线", "12345", [][2]int{{2, 3}}},
		{"停水、停水", "停水", [][2]int{{0, 2}, {2, 4}}},
		{"哈哈哈", "哈哈", [][2]int{{0, 2}, {1, 3}}},
		{"停水，停电", "停水停电", nil},
		{"停水，停电", "停水 停电", [][2]int{{0, 4}}},
		{"停水停电", "停水 停电", nil},
		{"，停水", "停水", [][2]int{{0, 2}}},
		{"停水", "，停水", [][2]int{{0, 2}}},
		{"啊，啊，啊啊", "啊，啊啊", [][2]int{{1, 4}}},
		{"啊，啊，啊啊", "啊，啊", [][2]int{{0, 2}, {1, 3}}},
		{"啊啊，啊啊，啊", "啊，啊啊，啊", [][2]int{{1, 5}}},
		{"臺灣", "台湾", [][2]int{{0, 2}}},
		{"停水", "", nil},
		{"停水", "，。", nil},
		{"", "停水", nil},
		{strings.Repeat("一二", 30) + "三", strings.Repeat("一二", 20) + "三", [][2]int{{20, 61}}},
	} {
		var got [][2]int
		for from, to := range MatchUnits(Units(test.field), Units(test.term)) {
			got = append(got, [2]int{from, to})
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q in %q (-want +got):\n%s", test.term, test.field, diff)
		}
	}
	for range MatchUnits(Units("停停停"), Units("停")) {
		break
	}
}

// FuzzMatchUnits holds MatchUnits to the rule written out.
func FuzzMatchUnits(f *testing.F) {
	f.Add("哈哈，哈哈哈", "哈，哈")
	f.Add("ab a,b,a b", "a b")
	f.Add("啊啊，啊啊，啊", "啊，啊啊，啊")
	f.Fuzz(func(t *testing.T, field, term string) {
		fu, tu := Units(field), Units(term)
		var want [][2]int
		for i := 0; len(tu) > 0 && i+len(tu) <= len(fu); i++ {
			same := true
			for k, u := range tu {
				v := fu[i+k]
				same = same && u.Text == v.Text && (k == 0 || u.After == v.After)
			}
			if same {
				want = append(want, [2]int{i, i + len(tu)})
			}
		}
		var got [][2]int
		for from, to := range MatchUnits(fu, tu) {
			got = append(got, [2]int{from, to})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q in %q (-want +got):\n%s", term, field, diff)
		}
	})
}

func FuzzUnits(f *testing.F) {
	for _, seed := range []string{
		"停水，第３天", "㍿½①㎡", "e\u0301\u200d\u0301", "İi\u0307ß", "ｶﾞか\u3099", "ㅎㅏㄴ한", "\u1100\u1161\u11a8",
		"臺灣\ufe00", "\xff\u0301停", "´¨ \u0301", "ᾳα\u0345\u0301", "\u0f71\u0f72\u0f74", "ꆈꌠ", "≠=\u0338", "\U0001D15E",
		"a" + strings.Repeat("\u0316\u0301", 40),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		units := Units(text)
		start, end := 0, 0
		for i, u := range units {
			switch {
			case u.Text == "" || !utf8.ValidString(u.Text):
				t.Fatalf("unit %d of %q is %q", i, text, u.Text)
			case u.Start < start || u.End < end || u.Start >= u.End || u.End > len(text):
				t.Fatalf("unit %d of %q stands at %d to %d, the one before ends at %d", i, text, u.Start, u.End, end)
			case !utf8.RuneStart(text[u.Start]) || u.End < len(text) && !utf8.RuneStart(text[u.End]) && utf8.ValidString(text):
				t.Fatalf("unit %d of %q stands at %d to %d, inside a character", i, text, u.Start, u.End)
			case i == 0 && u.After:
				t.Fatalf("a separator before the first unit of %q", text)
			}
			start, end = u.Start, u.End
		}
		fold := Fold(text)
		if got, want := written(Units(fold)), written(units); got != want {
			t.Fatalf("units of the folded %q: %q, want %q", text, got, want)
		}
		if again := Fold(fold); again != fold {
			t.Fatalf("Fold(%q) = %q, folded again %q", text, fold, again)
		}
	})
}
