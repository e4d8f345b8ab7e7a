package lexicon_test

import (
	"strings"
	"testing"
)

// Each word is found in both texts: in the first as a word, in the second only
// where other words meet.
var crossings = []struct{ word, right, crossing string }{
	{"和服", "她穿着和服参加活动", "产品和服务都要提高"},
	{"学区", "孩子的学区在哪里划分", "科学区分两类情况"},
	{"水电", "小区水电费用过高", "拨打自来水电话无人接听"},
	{"公交", "公交线路调整", "办公交通补贴没有发放"},
	{"管道", "燃气管道老化", "城管道歉后离开现场"},
	{"地铁", "地铁什么时候开通", "工地铁皮围挡倒塌"},
	{"物业", "物业不作为", "动物业已运走"},
	{"路灯", "村口路灯不亮", "这条道路灯火通明"},
	{"房产", "房产登记手续", "厂房产生噪音"},
	{"社保", "社保缴费基数", "合作社保管的种子"},
	{"医保", "医保报销比例", "兽医保存了样本"},
	{"学生", "学生减负", "农业大学生态园"},
	{"国道", "国道路面破损", "外国道路标准"},
	{"天然", "天然材料制成", "昨天然后又停水"},
	{"业主", "业主大会没有召开", "企业主要负责人"},
	{"工地", "工地夜间施工", "化工地块污染"},
	{"电梯", "电梯经常故障", "水电梯级利用"},
	{"车位", "小区车位不足", "停车位置不合理"},
	{"市民", "市民来电反映", "全市民生工程"},
	{"人行", "人行道被占用", "工人行动不便"},
	{"法院", "法院已经立案", "司法院校招生"},
	{"户口", "户口迁移需要什么材料", "住户口头答应"},
	{"出租", "出租车拒载", "提出租金减免"},
	{"地方", "地方政策不同", "土地方面的纠纷"},
	{"信访", "到信访局登记", "通信访问量下降"},
	{"安置", "安置房质量差", "治安置之不理"},
	{"高中", "高中招生计划", "提高中药质量"},
	{"村民", "村民集体反映", "农村民宿审批"},
}

// at returns where a word stands in a text.
func at(t *testing.T, text, word string) (start, end int) {
	t.Helper()
	start = strings.Index(text, word)
	if start < 0 {
		t.Fatalf("%s does not hold %s", text, word)
	}
	return start, start + len(word)
}

func TestCrossing(t *testing.T) {
	l := load(t)
	for _, tt := range crossings {
		if start, end := at(t, tt.right, tt.word); l.Crossing(tt.right, start, end) {
			t.Errorf("%s in %s: crossing, want a word", tt.word, tt.right)
		}
		if start, end := at(t, tt.crossing, tt.word); !l.Crossing(tt.crossing, start, end) {
			t.Errorf("%s in %s: a word, want crossing", tt.word, tt.crossing)
		}
		for _, around := range []string{"，", strings.Repeat("小区物业费", 20), "ABC", "\n"} {
			text := around + tt.crossing + around
			if start, end := at(t, text, tt.word); strings.Count(text, tt.word) == 1 && !l.Crossing(text, start, end) {
				t.Errorf("%s in %.60s: a word, want crossing", tt.word, text)
			}
		}
	}
}

func TestNotCrossing(t *testing.T) {
	l := load(t)
	for _, tt := range []struct{ name, word, text string }{
		{"within a longer word", "房管", "请房管局尽快答复"},
		{"within a longer word of the own list", "积金", "公积金提取"},
		{"several whole words", "公积金提取", "公积金提取条件"},
		{"all of the text", "产品和服", "产品和服"},
		{"one character", "服", "产品和服务"},
		{"a separator on each side", "和服", "产品，和服，务"},
		{"a Latin word", "12345", "拨打12345热线"},
		{"a mix of whole words", "5G基站", "新建5G基站辐射大"},
		{"longer than chance", "品和服务业发展情况的说明材", "产品和服务业发展情况的说明材料"},
		{"traditional characters", "學區", "孩子的學區在哪裡"},
		{"no Han character", "city", "the city council"},
	} {
		if start, end := at(t, tt.text, tt.word); l.Crossing(tt.text, start, end) {
			t.Errorf("%s: %s in %s is crossing", tt.name, tt.word, tt.text)
		}
	}
	for _, tt := range []struct{ name, word, text string }{
		{"traditional characters", "和服", "產品和服務"},
		{"full width and Latin", "Ａ市", "川Ａ市民中心"},
		{"invisible characters", "和\u200b服", "产品和\u200b服务"},
		{"a separator within", "品，和", "产品，和服务"},
	} {
		if start, end := at(t, tt.text, tt.word); !l.Crossing(tt.text, start, end) {
			t.Errorf("%s: %s in %s is not crossing", tt.name, tt.word, tt.text)
		}
	}
}

func FuzzCrossing(f *testing.F) {
	for _, tt := range crossings {
		f.Add(tt.crossing, uint(3), uint(9))
	}
	f.Add("㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿", uint(9), uint(12))
	f.Add("\xff\xfe产品", uint(1), uint(5))
	l := load(f)
	f.Fuzz(func(t *testing.T, text string, start, end uint) {
		a := int(start % uint(len(text)+1))
		b := a + int(end%uint(len(text)-a+1))
		if l.Crossing(text, a, b) && b-a < 2 {
			t.Errorf("%d bytes cross", b-a)
		}
	})
}

func BenchmarkCrossing(b *testing.B) {
	l := load(b)
	text := strings.Repeat("我们小区的物业公司提供的产品和服务都没有达到合同约定的标准，", 20)
	start := strings.Index(text[len(text)/2:], "和服") + len(text)/2
	b.ReportAllocs()
	for b.Loop() {
		if !l.Crossing(text, start, start+len("和服")) {
			b.Fatal("not crossing")
		}
	}
}
