package similar

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestNormal(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"您好！您反映的问题，已 办结。\r\n", "您好您反映的问题已办结"},
		{"　　尊敬的网友：\t您好。", "尊敬的网友您好"},
		{"Ｔｈｅ　Ｐｏｌｉｃｅ Department's reply", "thepolicedepartmentsreply"},
		{"2026年9月1日", "0年0月0日"},
		{"２０２６年１０月１２日", "0年0月0日"},
		{"于2026-09-01 10:30办结", "于0办结"},
		{"于2026.10.12办结", "于0办结"},
		{"共计1,300.00元", "共计0元"},
		{"共计96元", "共计0元"},
		{"回音〔2026〕15号", "回音0号"},
		{"①请登录；②请更新。", "0请登录0请更新"},
		{"第Ⅲ类，x²", "第0类x0"},
		{"一定请三方到场", "一定请三方到场"}, // numbers that make words
		{"（一）核实情况；㈡处理结果", "一核实情况二处理结果"},
		{"王***先生，电话138****0000", "王先生电话0"},
		{"某某先生于某小区", "先生于某小区"}, // one 某 is a word
		{"某 某某同志、张某", "同志张某"},
		{"×××路，XX小区，Xx村", "路小区村"},
		{"fix box", "fixbox"},
		{"taxx", "ta"},
		{"138某某5678", "0"}, // a mask inside a number
		{"某", "某"},
		{"某，", "某"},
		{"某，某", ""},
		{"ＣＡＦÉ café café", "cafecafecafe"},
		{"Łódź, Ærø", "lodzaro"},
		{"ПРИВЕТ Ёж, ΑΒΓ", "приветёжαβγ"},
		{"⾏政⽂书", "行政文书"}, // radicals, as PDF files give them
		{"解决👍🏻✔️★", "解决"},
		{"零\u200b宽\ufeff字\u00ad符", "零宽字符"},
		{"损坏\xff\xfe的字节\xe4\xb8", "损坏的字节"},
		{"々〇ー・", "々〇ー"},
		{"٣ و ۴", "0و0"},
		{"㎡ ℃ ㊣", ""},
		{"Ⓐⓑ⒞", "abc"},
		{"𠮷野家", "𠮷野家"},
	} {
		if got := Normal(test.text); got != test.want {
			t.Errorf("%q is %q, want %q", test.text, got, test.want)
		}
	}
}

// In the scripts that an office writes, a letter becomes what Unicode's compatibility
// form, in lower case, makes of it; the accent of a Latin one is dropped.
func TestFoldIsCompatible(t *testing.T) {
	for _, span := range []struct{ first, last rune }{
		{'A', 'Z'}, {'a', 'z'}, {0xc0, 0x17e}, {0x391, 0x3a9}, {0x3b1, 0x3c9}, {0x400, 0x45f}, {0x2f00, 0x2fd5},
		{0x3041, 0x3096}, {0x30a1, 0x30fa}, {0x3220, 0x3229}, {0x3280, 0x3289}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff},
		{0xac00, 0xd7a3}, {0xff21, 0xff3a}, {0xff41, 0xff5a}, {0x20000, 0x2a6df},
	} {
		for r := span.first; r <= span.last; r++ {
			want := strings.Trim(norm.NFKC.String(string(unicode.ToLower(r))), "()")
			if r >= 0xc0 && r <= 0x17f {
				c, _ := utf8.DecodeRuneInString(norm.NFD.String(want))
				if want = string(c); c >= utf8.RuneSelf || len(norm.NFKC.String(string(r))) > 2 {
					continue // no such letter in ASCII: TestNormal has some
				}
			}
			if got := Normal(string(r)); got != want && unicode.In(r, unicode.L, unicode.So) {
				t.Errorf("U+%04X %c is %q, want %q", r, r, got, want)
			}
		}
	}
}

// What each character becomes is kept for ever, because signatures are kept. When
// this fails, [Version] has to count up.
func TestFoldIsFrozen(t *testing.T) {
	h := sha256.New()
	for r := rune(0); r <= utf8.MaxRune; r++ {
		f := folder{text: string(r)}
		h.Write([]byte(string(f.fold())))
	}
	const want = "7e9866b609784e8a846d0c2a0ad370254f4987b249a6a5dd13ddbf6c02e4a957"
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("the table of characters has the hash %s, want %s", got, want)
	}
}
