package gate_test

import (
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
)

func TestPerhapsAccusing(t *testing.T) {
	for _, text := range []string{
		"举报某局局长收钱办事", "他贪 污补助款", "以权谋私，无人敢管", "村支书把低保给了自己的亲戚，侵吞扶贫款", "村委会私分征地款",
		"实名举报镇长", "请查处局长王某", "某科长向我索要好处费", "派出所民警收了钱就放人", "校长吃回扣", "举报法官枉法裁判", "公款旅游成风",
		"控告某所长打击报复", "工作人员索要红包", "The mayor took a bribe.", "corrupt officials in my district", "An inspector extorted money from us",
		"我要举报社区主任", "他们官商勾结", "套取国有资产，会计造假",
		"村主任把征地款装进自己口袋", "城管队长每月收保护费", "派出所刑讯逼供", "民警收了店主的烟酒", "村书记账目不清", "民政局工作人员把低保名额卖给亲戚", "所长收钱，物业公司主任也在场",
	} {
		for _, field := range []string{"title", "question"} {
			for _, kind := range []string{"report", ""} {
				cleared, v := newGate(t).Clear(full(fields{field: text, "kind": kind}), asOf)
				if v.Decision != gate.Silent || cleared.Valid() {
					t.Errorf("%q of kind %q: %s %v, want silent", text, kind, v.Decision, v.Reasons)
				}
			}
		}
	}
	for _, text := range []string{
		"举报一家饭店占道经营", "举报噪音扰民，请领导处理", "举报违章建筑，望局长重视", "尊敬的书记您好，举报有人偷倒垃圾", "举报电话是多少？", "请问市长热线怎么打？",
		"建议加强反腐倡廉教育", "工作人员态度不好", "超市卖太阳伞占道", "路灯坏了", "开发商侵吞业主的维修基金", "考公务员需要什么条件？", "举报黑网吧，希望民警来查",
		"中介骗取定金", "Please report the pothole to the city", "There is a dead tree on my street", "感谢社区主任和民警的帮助", "请书记过问此事",
		"举报商会会长拖欠会费", "举报加油站站长态度恶劣", "举报快递站点站长克扣工资", "举报养老院院长克扣伙食", "棋牌室赌博扰民，民警来了几次还是照旧", "举报邻居违建，城管队员来看了三次",
		"举报有人敲诈，请民警处理", "举报有人冒充领导诈骗老人", "建议交警严查酒驾",
	} {
		if _, v := newGate(t).Clear(full(fields{"question": text, "kind": "report"}), asOf); v.Decision != gate.Publish {
			t.Errorf("%q: %s %v, want it published", text, v.Decision, v.Reasons)
		}
	}
}
