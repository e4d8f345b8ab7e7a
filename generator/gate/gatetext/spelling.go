package gatetext

import (
	"fmt"
	"strings"
)

// Spelling is one way of writing a datum so that people can read it and simple
// patterns cannot.
type Spelling struct {
	Name string
	of   func(m *Maker, kind, plain string) string
}

// Of writes the plain datum of the given kind in this spelling.
func (s Spelling) Of(m *Maker, kind, plain string) string { return s.of(m, kind, plain) }

// Spellings lists every spelling, the plain one first.
func Spellings() []Spelling {
	return []Spelling{
		{"plain", func(_ *Maker, _, s string) string { return s }},
		{"full-width", each(func(r rune) string {
			if r > 0x20 && r < 0x7f {
				return string(r - 0x20 + 0xff00)
			}
			return string(r)
		})},
		{"circled", each(circled)},
		{"math-bold", each(mathBold)},
		{"arabic-indic", each(digitMap("٠١٢٣٤٥٦٧٨٩"))},
		{"keycap", each(func(r rune) string {
			if r >= '0' && r <= '9' {
				return string(r) + "\ufe0f\u20e3"
			}
			return string(r)
		})},
		{"zero-width", joined("\u200b")},
		{"zero-width-joiner", joined("\u200d")},
		{"struck-through", each(func(r rune) string { return string(r) + "\u0336" })},
		{"han", each(digitMap("零一二三四五六七八九"))},
		{"han-financial", each(digitMap("零壹贰叁肆伍陆柒捌玖"))},
		{"han-spoken", each(digitMap("洞幺两三四五六拐八勾"))},
		{"han-mixed", mixed},
		{"spaces", joined(" ")},
		{"two-spaces", joined("  ")},
		{"dashes", joined("-")},
		{"dots", joined(".")},
		{"emoji", joined("😀")},
		{"newlines", joined("\n")},
		{"groups", grouped(" ", " ", " ", " ")},
		{"groups-dashed", grouped("-", "-", "-", "-")},
		{"groups-in-tags", grouped("</b><b>", "<br>", "</span> <i>", "&nbsp;")},
		{"letter-o", func(_ *Maker, _, s string) string { return s[:1] + strings.ReplaceAll(s[1:], "0", "O") }},
		{"letters-o-l", func(_ *Maker, _, s string) string { return strings.NewReplacer("0", "O", "1", "l").Replace(s) }},
		{"entities", each(func(r rune) string { return fmt.Sprintf("&#%d;", r) })},
		{"entities-hex", each(func(r rune) string { return fmt.Sprintf("&#x%x;", r) })},
		{"entities-twice", each(func(r rune) string { return fmt.Sprintf("&amp;#%d;", r) })},
		{"percent", each(func(r rune) string {
			var b strings.Builder
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			return b.String()
		})},
		{"backslash-u", each(func(r rune) string { return fmt.Sprintf(`\u%04x`, r) })},
		{"percent-lower", each(func(r rune) string {
			var b strings.Builder
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02x", c)
			}
			return b.String()
		})},
		{"json-newline", joined(`\n`)},
		{"look-alike-first", first(strings.NewReplacer("1", "l", "2", "Ζ", "3", "З", "4", "Ч", "5", "Ѕ", "6", "б", "0", "О", "8", "В"))},
		{"emphasis", grouped("**", "**", "**", "**")},
		{"markdown-link", link},
		{"comment", grouped("<!-- x -->", "<!---->", "<wbr>", "<!-- x -->")},
		{"filler", joined("的")},
		{"words", grouped("然后", "接着是", "再来", "最后")},
	}
}

// NameSpellings lists the spellings of names and addresses, the plain one first.
func NameSpellings() []Spelling {
	return []Spelling{
		Spellings()[0],
		{"spaces", joined(" ")},
		{"wide-spaces", joined("\u3000")},
		{"zero-width", joined("\u200b")},
		{"newline", split("\n")},
		{"full-width", each(func(r rune) string {
			if r > 0x20 && r < 0x7f {
				return string(r - 0x20 + 0xff00)
			}
			return string(r)
		})},
		{"traditional", each(traditional)},
		{"entities", each(func(r rune) string { return fmt.Sprintf("&#%d;", r) })},
		{"backslash-u", each(func(r rune) string { return fmt.Sprintf(`\u%04x`, r) })},
		{"tags", split("</b><b>")},
		{"emphasis", split("**")},
		{"dashes", joined("-")},
	}
}

// split parts a word behind its first character.
func split(glue string) func(*Maker, string, string) string {
	return func(_ *Maker, _, s string) string {
		for i := range s {
			if i > 0 {
				return s[:i] + glue + s[i:]
			}
		}
		return s
	}
}

// first writes the first character with a look-alike of another script. One that
// has none stays.
func first(look *strings.Replacer) func(*Maker, string, string) string {
	return func(_ *Maker, _, s string) string {
		for i := range s {
			if i > 0 {
				return look.Replace(s[:i]) + s[i:]
			}
		}
		return look.Replace(s)
	}
}

// link writes the middle group of a datum as the text of a Markdown link.
func link(_ *Maker, kind, s string) string {
	parts := groups(kind, s)
	if len(parts) == 1 {
		return "[" + s + "](#)"
	}
	parts[1] = "[" + parts[1] + "](#a)"
	return strings.Join(parts, "")
}

// The same characters in the two forms, side by side.
const twoForms = "张張刘劉陈陳杨楊赵趙黄黃吴吳孙孫马馬罗羅郑鄭谢謝韩韓冯馮邓鄧许許苏蘇蒋蔣贾賈叶葉卢盧陆陸钟鍾谭譚邹鄒龙龍万萬汤湯贺賀赖賴龚龔兰蘭严嚴温溫鲁魯韦韋毕畢聂聶丛叢齐齊庄莊谷谷时時关關凌凌费費纪紀项項裴裴单單阎閻闫閆欧歐阳陽诸諸东東国國华華丽麗红紅丹丹伟偉强強刚剛勇勇军軍杰傑涛濤辉輝凤鳳云雲莲蓮" +
	"爱愛静靜惠惠宝寶兴興荣榮义義学學传傳开開继繼维維树樹书書长長庆慶进進远遠达達顺順洁潔颖穎莹瑩晓曉婷婷娟娟艳豔琼瓊芬芬莹瑩鹏鵬飞飛龄齡宁寧亚亞业業发發贵貴财財广廣礼禮诗詩语語泽澤浩浩轩軒锐銳鑫鑫铭銘锦錦银銀钢鋼铁鐵岁歲号號楼樓栋棟单單层層门門区區县縣乡鄉镇鎮组組园園湾灣苑苑华華汇匯员員"

// traditional returns the traditional form of a character.
func traditional(r rune) string {
	list := []rune(twoForms)
	for i := 0; i+1 < len(list); i += 2 {
		if list[i] == r {
			return string(list[i+1])
		}
	}
	return string(r)
}

func each(f func(rune) string) func(*Maker, string, string) string {
	return func(_ *Maker, _, s string) string {
		var b strings.Builder
		for _, r := range s {
			b.WriteString(f(r))
		}
		return b.String()
	}
}

func joined(glue string) func(*Maker, string, string) string {
	return func(_ *Maker, _, s string) string {
		var parts []string
		for _, r := range s {
			parts = append(parts, string(r))
		}
		return strings.Join(parts, glue)
	}
}

func digitMap(digits string) func(rune) string {
	d := []rune(digits)
	return func(r rune) string {
		if r >= '0' && r <= '9' {
			return string(d[r-'0'])
		}
		return string(r)
	}
}

func mixed(m *Maker, _, s string) string {
	han := digitMap("〇一二三四五六七八九")
	var b strings.Builder
	for _, r := range s {
		if m.r.IntN(2) == 0 {
			b.WriteString(han(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func circled(r rune) string {
	switch {
	case r == '0':
		return "⓪"
	case r >= '1' && r <= '9':
		return string(r - '1' + '①')
	case r >= 'A' && r <= 'Z':
		return string(r - 'A' + 'Ⓐ')
	case r >= 'a' && r <= 'z':
		return string(r - 'a' + 'ⓐ')
	}
	return string(r)
}

func mathBold(r rune) string {
	switch {
	case r >= '0' && r <= '9':
		return string(r - '0' + 0x1d7ce)
	case r >= 'A' && r <= 'Z':
		return string(r - 'A' + 0x1d400)
	case r >= 'a' && r <= 'z':
		return string(r - 'a' + 0x1d41a)
	}
	return string(r)
}

// grouped parts a datum as people say it and puts the given words between.
func grouped(glue ...string) func(*Maker, string, string) string {
	return func(_ *Maker, kind, s string) string {
		var b strings.Builder
		for i, part := range groups(kind, s) {
			if i > 0 {
				b.WriteString(glue[(i-1)%len(glue)])
			}
			b.WriteString(part)
		}
		return b.String()
	}
}

func groups(kind, s string) []string {
	cut := func(sizes ...int) (parts []string) {
		rest := []rune(s)
		for _, n := range sizes {
			if n < len(rest) {
				parts = append(parts, string(rest[:n]))
				rest = rest[n:]
			}
		}
		return append(parts, string(rest))
	}
	switch kind {
	case Mobile:
		return cut(3, 4)
	case IDCard:
		return cut(6, 8)
	case BankCard:
		return cut(4, 4, 4, 4)
	case Email:
		name, domain, _ := strings.Cut(s, "@")
		return []string{name, "@", domain}
	case Plate:
		return cut(2)
	}
	return []string{s}
}
