package search

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TestSimplifiedForms checks the file: sorted, each character in one place, and
// nothing that folds to something that folds further.
func TestSimplifiedForms(t *testing.T) {
	var last rune
	from := map[rune]string{}
	for line := range strings.Lines(simplifiedForms) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if n := utf8.RuneCountInString(line); n < 2 || !utf8.ValidString(line) {
			t.Errorf("%q is no group", line)
		}
		to, size := utf8.DecodeRuneInString(line)
		if to <= last {
			t.Errorf("%q is out of order", line)
		}
		last = to
		for _, r := range line[size:] {
			if before, ok := from[r]; ok {
				t.Errorf("%c is in %q and in %q", r, before, line)
			}
			from[r] = line
		}
		for _, r := range line {
			if !unicode.Is(unicode.Han, r) || !norm.NFKC.IsNormalString(string(r)) {
				t.Errorf("%q: %c is no Han character that reaches the table", line, r)
			}
		}
	}
	for r, to := range simplified(simplifiedForms) {
		if next, ok := from[to]; ok {
			t.Errorf("%c folds to %c, which folds further in %q", r, to, next)
		}
	}
}

// TestTraditional folds words whose characters are easily taken for one another.
func TestTraditional(t *testing.T) {
	for _, test := range []struct{ traditional, want string }{
		{"頭髮與發展", "头发与发展"},
		{"鐘錶鍾情", "钟表钟情"},
		{"後面的皇后", "后面的皇后"},
		{"麵條和面子", "面条和面子"},
		{"歷史曆法", "历史历法"},
		{"乾淨幹部干涉", "干净干部干涉"},
		{"颱風臺階檯燈", "台风台阶台灯"},
		{"復習複印覆蓋", "复习复印覆盖"},
		{"徵收徵求出徵", "征收征求出征"},
		{"隻身衹有", "只身只有"},
		{"豐收丰采", "丰收丰采"},
		{"製造制度", "制造制度"},
		{"裏面裡頭", "里面里头"},
		{"準備批准", "准备批准"},
		{"鄰里衝突與沖洗", "邻里冲突与冲洗"},
		{"醫療保險、養老金、勞動爭議", "医疗保险 养老金 劳动争议"},
		{"電動車充電樁、違章建築、噪聲擾民", "电动车充电桩 违章建筑 噪声扰民"},
		{"縣鄉鎮衛生院、幼兒園、學區劃分", "县乡镇卫生院 幼儿园 学区划分"},
	} {
		if got := Fold(test.traditional); got != test.want {
			t.Errorf("Fold(%s) = %s, want %s", test.traditional, got, test.want)
		}
	}
}
