package lexicon_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
)

// typos are slips and what was meant.
var typos = []struct{ typed, meant string }{
	// The same sound.
	{"公机金", "公积金"}, {"房管剧", "房管局"}, {"居住政", "居住证"}, {"路登", "路灯"}, {"低宝", "低保"}, {"学驱房", "学区房"},
	{"医宝报销", "医保报销"}, {"养老筋", "养老金"}, {"舍区", "社区"}, {"拆签", "拆迁"}, {"燃器", "燃气"}, {"宅机地", "宅基地"},
	{"烂尾娄", "烂尾楼"}, {"殡丧", "殡葬"}, {"公机今", "公积金"}, {"幼二圆", "幼儿园"},
	// Nearly the same sound.
	{"城中春", "城中村"}, {"供卵", "供暖"}, {"车为费", "车位费"}, {"信房局", "信访局"}, {"身粉证", "身份证"},
	// Alike.
	{"户囗", "户口"}, {"折迁补偿", "拆迁补偿"}, {"管理贷", "管理费"},
	// Missing, too many, in another place.
	{"居证办理", "居住证办理"}, {"幼园", "幼儿园"}, {"广场场舞", "广场舞"}, {"残残疾人", "残疾人"}, {"天燃气", "天然气"}, {"物业业费", "物业费"},
	{"积公金", "公积金"}, {"加电装梯", "加装电梯"},
	// Several words, of which one is wrong.
	{"公积经提取", "公积金提取"}, {"小区电提故障", "小区电梯故障"}, {"拖歉农民工工资", "拖欠农民工工资"}, {"老旧小区改遭", "老旧小区改造"},
	{"垃圾分累", "垃圾分类"}, {"5G基占", "5G基站"},
}

func TestSuggest(t *testing.T) {
	l := load(t)
	first := 0
	for _, tt := range typos {
		got := l.Suggest(tt.typed)
		switch at := slices.Index(got, tt.meant); {
		case at == 0:
			first++
		case at > 0:
			t.Logf("%s: %s is number %d of %q", tt.typed, tt.meant, at+1, got)
		default:
			t.Logf("%s: %s is not among %q", tt.typed, tt.meant, got)
		}
	}
	t.Logf("the first suggestion is right for %d of %d", first, len(typos))
	if first*16 < len(typos)*15 {
		t.Errorf("the first suggestion is right for %d of %d slips, want 15 of 16", first, len(typos))
	}
}

func TestSuggestKeepsTheRest(t *testing.T) {
	l := load(t)
	for _, tt := range []struct{ name, typed, want string }{
		{"Latin letters and digits", "5G基占", "5G基站"},
		{"punctuation", "“小区电提”", "“小区电梯”"},
		{"case and width", "ＡＢＣ公机金", "ＡＢＣ公积金"},
		{"what stands behind a separator", "房管剧，您好", "房管局，您好"},
		{"traditional characters of a wrong word", "學驅房", "学区房"},
	} {
		if got := l.Suggest(tt.typed); len(got) == 0 || got[0] != tt.want {
			t.Errorf("%s: %s gives %q, want %s first", tt.name, tt.typed, got, tt.want)
		}
	}
}

func TestSuggestNothing(t *testing.T) {
	l := load(t)
	for _, tt := range []struct{ name, typed string }{
		{"nothing", ""},
		{"one character", "路"},
		{"a Latin word", "Parkign"},
		{"digits", "12354"},
		{"punctuation", "？！"},
		{"a word that nothing sounds like", "水电"},
		{"a word of which common ones share a character", "地库"},
		{"words without a slip", "成都市锦江区"},
		{"a run too long to be sought through", strings.Repeat("公机", 9)},
		{"a text too long", strings.Repeat("路登，", 23)},
		{"no UTF-8", "\xff\xfe\xfd"},
	} {
		if got := l.Suggest(tt.typed); got != nil {
			t.Errorf("%s: %.30s gives %q", tt.name, tt.typed, got)
		}
	}
}

// Who misspells these is not asked whether they were meant.
func TestSuggestNever(t *testing.T) {
	l := load(t)
	for _, tt := range []struct{ name, typed, never string }{
		{"a person", "毛泽冬", "毛泽东"},
		{"a person, one missing", "刘少", "刘少奇"},
		{"an insult", "白吃", "白痴"},
		{"violence", "自沙", "自杀"},
		{"a coarse word", "高巢", "高潮"},
	} {
		for _, s := range l.Suggest(tt.typed) {
			if strings.Contains(s, tt.never) {
				t.Errorf("%s: %s suggests %s", tt.name, tt.typed, s)
			}
		}
	}
}

func TestSuggestIsTheSame(t *testing.T) {
	a, b := load(t), loadAgain(t)
	for _, tt := range typos {
		if diff := cmp.Diff(a.Suggest(tt.typed), b.Suggest(tt.typed)); diff != "" {
			t.Errorf("%s: %s", tt.typed, diff)
		}
	}
}

func FuzzSuggest(f *testing.F) {
	for _, tt := range typos {
		f.Add(tt.typed)
	}
	f.Add("公积\u200b经㍿提取")
	l := load(f)
	f.Fuzz(func(t *testing.T, typed string) {
		got := l.Suggest(typed)
		if len(got) > 8 {
			t.Errorf("%d suggestions", len(got))
		}
		for i, s := range got {
			if search.Fold(s) == search.Fold(typed) {
				t.Errorf("%q is suggested for itself", s)
			}
			if slices.Contains(got[:i], s) {
				t.Errorf("%q is suggested twice", s)
			}
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	l := load(b)
	for _, bb := range []struct{ name, typed string }{
		{"two", "路登"}, {"three", "公机金"}, {"several", "小区电提故障"}, {"sixteen", "我们小区的物叶公司收费标准太高了"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Suggest(bb.typed)
			}
		})
	}
}
