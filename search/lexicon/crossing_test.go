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

// More words, found in texts where words meet within them.
const moreCrossing = `
文明 中文明确规定
会计 社会计划安排
国防 全国防汛工作
发生 研发生产线
生产 学生产生矛盾
上课 早上课间操
大事 扩大事态
主张 公主张贴
地下 当地下雨积水
平安 水平安装
时代 当时代替他
路口 道路口径不一
税务 退税务必
人才 私人才能办
当地 适当地调整
站台 火车站台阶
水管 供水管理混乱
电力 充电力度小
气管 天然气管理
车站 停车站不住
门口 部门口头答复
房租 二手房租赁
公积 办公积压
区长 小区长期停水
市长 城市长远规划
局长 邮局长期关门
会员 社会员工
金额 基金额度
工资 职工资格
费用 免费用水
同意 合同意见
理由 办理由谁负责
报名 举报名单
表示 代表示意
业务 物业务必
生活 学生活动
年级 今年级别
家长 国家长期
社区 报社区分
民警 农民警告
法规 无法规定
案件 备案件数
村口 农村口粮
管理 城管理应
`

// And words found in texts where they are words, or several, or within a word.
const moreRight = `
物业 小区物业费涨价
物业费 物业费用不透明
停车费 乱收停车费用
电梯 电梯间堆放杂物
公积金 住房公积金贷款
路灯 路灯杆倾斜
学校 小学校门口拥堵
居委会 社区居委会不作为
垃圾 生活垃圾清运不及时
垃圾桶 垃圾桶旁边
供暖 今年供暖温度不达标
医保卡 医保卡里的钱
拖欠工资 包工头拖欠工资三个月
道路 农村道路硬化
噪音 夜间噪音扰民严重
宅基地 农村宅基地审批
红绿灯 十字路口红绿灯时间
公交车 公交车司机态度
人行道 人行道上停车
自来水 自来水公司
房产证 房产证办理时间
退休 退休人员
幼儿园 公办幼儿园收费
社保 社保局电话
污水 污水横流
老旧小区 老旧小区改造
施工 施工单位
扰民 广场舞扰民
开发商 开发商拒不退款
小区 我们小区门口
充电桩 新能源充电桩安装
退费 培训班退费难
户口 迁户口需要什么
低保 农村低保户
占道经营 商贩占道经营
养老金 养老金何时上涨
公园 公园里
违建 违建拆除
消防通道 占用消防通道停车
水费 水费异常
不作为 城管不作为
不合格 产品不合格
开发票 拒绝开发票
收费 乱收费现象
投诉 多次投诉无果
打不通 电话打不通
没人管 一直没人管
学区 学区划分不合理
落户 人才落户政策
`

func TestMoreCrossings(t *testing.T) {
	l := load(t)
	for _, tt := range []struct {
		list string
		want bool
	}{{moreCrossing, true}, {moreRight, false}} {
		for line := range strings.Lines(strings.TrimSpace(tt.list)) {
			word, text, _ := strings.Cut(strings.TrimSpace(line), " ")
			if start, end := at(t, text, word); l.Crossing(text, start, end) != tt.want {
				t.Errorf("%s in %s: crossing is %v, want %v", word, text, !tt.want, tt.want)
			}
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
