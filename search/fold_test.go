package search

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"，。", ""},
		{"「停水」，第３天！", "停水 第3天"},
		{"臺北　Ｔａｉｐｅｉ", "台北 taipei"},
		{"显著、乾净、皇后", "显着 干净 皇后"},
	} {
		if got := Fold(test.text); got != test.want {
			t.Errorf("Fold(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

// TestFoldEveryRune folds each rune of Unicode, alone and inside a word: the
// same twice as once, in all its cases and normal forms alike.
func TestFoldEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.IsPrint(r) && r > 0x3400 {
			continue
		}
		text := string(r)
		fold := Fold(text)
		for _, other := range []string{fold, norm.NFD.String(text), norm.NFKD.String(text), norm.NFKC.String(text)} {
			if got := Fold(other); got != fold {
				t.Errorf("%U: Fold(%+q) = %+q, but Fold(%+q) = %+q", r, text, fold, other, got)
			}
		}
		if unicode.IsLetter(r) {
			for _, other := range []rune{unicode.ToLower(r), unicode.ToUpper(r), unicode.SimpleFold(r)} {
				if unicode.IsMark(other) {
					continue
				}
				if got := Fold(string(other)); got != fold {
					t.Errorf("%U: Fold is %+q, that of its other case %U is %+q", r, fold, other, got)
				}
			}
		}
		inside := "一a" + text + "b二"
		if got, want := Fold(Fold(inside)), Fold(inside); got != want {
			t.Errorf("%U in a word: %+q, folded again %+q", r, want, got)
		}
	}
}

func benchmarkText() string {
	return strings.Repeat("市民反映：小区自八月以来多次停水，物业公司称因管道老化需更换，请相关部门尽快核实处理并回复。"+
		"联系电话已隐去，12345工单号A-20261124。", 200)
}

func BenchmarkUnits(b *testing.B) {
	for _, bench := range []struct{ name, text string }{
		{"simplified", benchmarkText()},
		{"traditional", strings.Repeat("臺灣學校門口積水嚴重，請儘快處理。", 600)},
		{"English", strings.Repeat("The water has been off since Monday, nobody answers. ", 600)},
		{"marks", strings.Repeat("e\u0301a\u0300 ", 4000)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.text)))
			b.ReportAllocs()
			var units []Unit
			for b.Loop() {
				units = AppendUnits(units[:0], bench.text)
			}
		})
	}
}

func BenchmarkMatchUnits(b *testing.B) {
	field, term := Units(benchmarkText()), Units("公司称因")
	b.ReportAllocs()
	for b.Loop() {
		for range MatchUnits(field, term) {
		}
	}
}

func BenchmarkFolder(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		f := folder{forms: simplified(simplifiedForms)}
		for r := range rune(len(f.bmp)) {
			f.bmp[r] = f.compute(r)
		}
	}
}
