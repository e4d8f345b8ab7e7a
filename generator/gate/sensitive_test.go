package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

func TestSensitive(t *testing.T) {
	for reason, texts := range map[string][]string{
		"sensitive-minor": {
			"我儿子在学校被同学殴打，老师不管。", "孩子在班里长期遭受欺凌。", "我女儿昨天放学后走失，请帮忙找。", "邻居虐待一名男童，天天打骂。",
			"老师体罚小学生，孩子不敢上学。", "一个8岁的孩子被打伤。", "离婚后前夫抢走孩子，不让我看。", "孩子的抚养权判给了我，他不执行。",
			"My son was bullied at school.", "一名十二岁的学生遭到猥亵。", "儿 子 被 老 师 体 罚",
			"幼儿园老师把我儿子关在厕所里。", "我女儿初二被男同学威胁拍裸照。", "孩子被同学用圆规扎伤眼睛。", "孩子被邻居用棍子打得浑身青紫。", "侄女13岁怀孕了。", "班主任当众扇我儿子耳光。",
			"邻居夫妻经常打孩子，孩子全身是伤。", "前夫把孩子藏起来，一年不让我见。", "女儿被同学推下楼梯。", "校内有小学生猝死，家长要说法。",
		},
		"sensitive-health": {
			"我父亲患肺癌，住院费用很高。", "本人是乙肝病毒携带者，单位不录用我。", "我被查出艾滋病，药费怎么报？", "女儿确诊抑郁症，休学在家。",
			"我患有精神病，低保被取消了。", "我的白血病弟弟没有钱治病。", "我是一个自闭症孩子的母亲。", "I was diagnosed with cancer last year.",
			"我有精神分裂症，吃药的钱没着落。", "本人因抑郁症住院三个月。", "我患尘肺病三期，老板不赔。", "妻子产后抑郁，单位不批假。", "我感染了HPV，怕人知道。", "本人HIV阳性，医院不给做手术。",
			"我老婆不孕不育，花了十万。", "我不想活了，谁能帮帮我。", "本人系乙肝大三阳，入职被拒。",
		},
		"sensitive-sexual":   {"我在公司被上司性骚扰。", "她被人强奸后报了警。", "I was sexually assaulted in the park.", "房东偷拍我洗澡。", "私教对我袭胸。", "前男友把我的裸照发到网上。", "老板逼我陪睡。"},
		"sensitive-domestic": {"我长期遭受家暴，求助无门。", "老公打我，派出所不管。", "丈夫喝酒后殴打我和老人。", "我被前夫家庭暴力多年。", "我被男朋友打得骨折。", "丈夫掐我脖子。", "儿媳妇打婆婆，没人管。", "老公拿菜刀追着我砍。", "儿子打我，我没地方住。", "My husband beats me."},
		"sensitive-secret":   {"机密★10年 关于某工程的通知", "附件为绝密 ★ 文件", "文件密级：秘密，见附件。", "内部资料，注意保密。", "文件抬头写着绝密，我在网上看到。"},
	} {
		for _, text := range texts {
			for _, field := range []string{"title", "question"} {
				cleared, v := newGate(t).Clear(full(fields{field: text}), asOf)
				c, _ := cleared.Value().(record.Case)
				if v.Decision != gate.Hold || !slices.Contains(v.Reasons, reason) || c.StubReason != record.UnderReview || c.Question != "" {
					t.Errorf("%s %q: %s %v, want held for %s", field, text, v.Decision, v.Reasons, reason)
				}
			}
			_, v := newGate(t).Clear(full(fields{"reply": text, "outcome_reason": text}), asOf)
			if slices.ContainsFunc(v.Reasons, func(r string) bool { return strings.HasPrefix(r, "sensitive-") }) {
				t.Errorf("%q in a reply is held: %v", text, v.Reasons)
			}
		}
	}
	for _, text := range []string{
		"请问适龄儿童入学需要什么材料？", "孩子上小学的学区怎么划分？", "幼儿园收费太高，孩子上不起。", "学校门口没有红绿灯，万一孩子被车撞怎么办？",
		"路灯坏了，小孩晚上容易摔倒。", "疫苗什么时候可以打？", "医院挂号排队太久。", "癌症药品何时纳入医保？", "高压线离居民楼太近，住户担心得癌症。",
		"建议在学校开展预防性侵宣传教育。", "请宣传反家庭暴力法。", "公司泄露商业秘密，如何投诉？", "请为我的个人信息保密。", "他们有不可告人的秘密。",
		"存在安全隐患，我家小孩不敢出门。", "我村附近化工厂污染，几年来村民患癌症的很多。", "邻居装修噪音大，孩子无法学习。", "儿子结婚要迁户口。",
		"女儿的出生证明丢了，怎么补办？", "希望建设国家级抗癌研究中心。", "小区的狗咬人，老人孩子都害怕。", "我们单位拖欠工资，逼得人快要得抑郁症了。",
		"骚扰电话打我电话推销。", "妻子打电话给社区问补贴。", "儿子打工被拖欠工资。", "我做了两癌筛查，结果去哪取？", "我有高血压，慢病卡怎么办？", "早上人流高峰太挤。", "挖掘机打断了光缆。",
		"机密级打印机的采购公告在哪查？", "网吧传播不雅视频，请检查。", "孩子被老师推荐参加比赛，报名费谁出？", "高中同学聚会被酒店多收钱。", "小孩被困电梯，物业半小时才来。", "游乐园的跳楼机太吵。",
		"The school bus is late every day.", "My street has a depression in the road.", "他今年13岁了，可以办身份证吗？", "请问三岁的孩子坐公交要买票吗？",
	} {
		if _, v := newGate(t).Clear(full(fields{"question": text}), asOf); v.Decision != gate.Publish {
			t.Errorf("%q: %s %v, want it published", text, v.Decision, v.Reasons)
		}
	}
}
