package lexicon_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/search"
)

func TestQuestion(t *testing.T) {
	l := load(t)
	for _, tt := range []struct{ q, want string }{
		// With a word that asks.
		{"公积金怎么提取", "公积金 提取"},
		{"我家的路灯坏了该找谁", "路灯 坏"},
		{"请问怎么办理居住证", "居住证 办理"},
		{"居住证怎么办", "居住证"},
		{"异地就医如何备案", "异地就医 备案"},
		{"为什么还不供暖", "供暖"},
		{"学区房的划分标准是什么", "学区房 划分 标准"},
		{"能不能在小区门口加一个红绿灯", "红绿灯 小区 门口 加"},
		{"广场舞扰民谁来管", "广场舞 扰民 管"},
		{"老人的高龄补贴什么时候发放", "高龄补贴 发放 老人"},
		{"公司拖欠农民工工资该去哪里投诉", "拖欠 农民工 投诉 工资 公司"},
		{"12345热线打不通怎么办", "12345 打不通 热线"},
		{"请问，公积金贷款需要多久？", "公积金 贷款"},
		{"请問怎麼辦理居住證", "居住证 办理"},
		{"公积金 怎么 提取", "公积金 提取"},
		{"物业费怎么收，物业费谁定", "物业费 收 定"},
		// With a question mark.
		{"社保卡丢失？", "社保卡 丢失"},
		// Sentences.
		{"我村自来水已经停了", "自来水 停"},
		{"小区的物业费", "物业费 小区"},
		{"公积金提取条件", "公积金 提取 条件"},
	} {
		got, ok := l.Question(tt.q)
		slices.Sort(got)
		want := strings.Fields(tt.want)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%s: %v, -want +got:\n%s", tt.q, ok, diff)
		}
	}
	// The rarest words say most and come first.
	if got, _ := l.Question("我家小区的物业公司为什么总是乱收停车费和电梯费还不给开发票"); len(got) != 5 || got[0] == "收" {
		t.Errorf("of a long question: %q", got)
	}
}

func TestNoQuestion(t *testing.T) {
	l := load(t)
	for _, tt := range []struct{ name, q string }{
		{"nothing", ""},
		{"a word", "公积金"},
		{"two words", "公积金 提取"},
		{"three words", "小区 电梯 故障"},
		{"a short name with a word that carries no meaning", "和平里"},
		{"words with a slip", "公积经提取"},
		{"nothing but words that ask", "请问怎么办"},
		{"nothing but punctuation", "？？？"},
		{"Latin words", "parking fee"},
		{"a text too long", strings.Repeat("公积金怎么提取", 100)},
	} {
		if got, ok := l.Question(tt.q); ok || got != nil {
			t.Errorf("%s: %.30s gives %q", tt.name, tt.q, got)
		}
	}
}

func FuzzQuestion(f *testing.F) {
	f.Add("我家的路灯坏了该找谁")
	f.Add("㍿怎么？ＡＢＣ\xff")
	l := load(f)
	f.Fuzz(func(t *testing.T, q string) {
		words, ok := l.Question(q)
		if ok != (len(words) > 0) || len(words) > 5 {
			t.Errorf("%v with %d words", ok, len(words))
		}
		for _, w := range words {
			if search.Fold(w) != w || len(search.Units(w)) == 0 || !strings.Contains(search.Fold(q), w) {
				t.Errorf("%q is no word of the question", w)
			}
		}
	})
}

func BenchmarkQuestion(b *testing.B) {
	l := load(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := l.Question("我家小区门口的路灯坏了三个月该找哪个部门来修"); !ok {
			b.Fatal("no question")
		}
	}
}
