package substance

import "unicode/utf8"

// The wordings, by what they make of a clause.
var (
	// leads stand before what is said and say nothing themselves.
	leads = []string{"经核实", "经核查", "经调查", "经了解", "经查", "对此", "为此", "同时", "另外", "此外", "目前", "现", "接到您的留言后", "收到留言后"}

	greetings   = []string{"您好", "你好", "网友", "网民", "市民", "朋友", "先生", "女士", "同志", "来信人", "留言人", "诉求人", "回复", "答复", "此复", "敬礼", "致敬", "愉快", "健康", "谢谢"}
	salutations = []string{"尊敬的", "亲爱的", "热心的", "热心网友", "热心市民", "网友", "网民", "市民", "您好", "你好", "祝您", "祝你", "此致", "再次感谢"}

	receipts = []string{"收悉", "已收到", "收到您", "收到你", "知悉", "已阅", "已获悉"}
	thanks   = []string{"感谢", "谢谢", "致谢"}
	closings = []string{
		"谅解", "歉意", "抱歉", "带来不便", "带来的不便", "继续关注", "请关注", "多提宝贵", "宝贵意见", "宝贵建议", "答复如下", "回复如下", "特此回复", "特此答复",
		"高度重视", "十分重视", "非常重视", "欢迎监督", "欢迎您", "希望您", "恳请您", "继续支持", "欢迎继续", "欢迎随时", "欢迎提出", "耐心等待", "敬请期待", "持续关注",
	}
	echoes = []string{"您反映的", "您提出的", "您反馈的", "您所反映", "您所提", "关于您", "对于您", "针对您", "你反映的", "您在", "对您反映", "对您提出", "您的留言", "您的来信", "您的建议", "您的意见", "您的诉求", "您关于"}

	passing = []string{"转交", "转办", "转给", "转至", "转送", "转达", "移交", "交由", "反馈至", "反馈给", "反映给", "反馈办理", "已反馈", "已转", "上报", "派发", "派单", "通知", "督促", "协调", "安排", "已联系", "责成", "督办"}
	bodies  = []string{"部门", "单位", "科室", "人员", "公司", "责任人", "机构", "上级", "街道", "乡镇", "有关方面", "技术", "运维", "处室", "平台", "中心", "局", "委", "办公室", "支队", "大队", "社区", "村", "政府"}

	pendings = []string{"正在", "尽快", "尽早", "抓紧", "及时处理", "及时核实", "正研究", "处理中", "办理中", "核实中", "研究中", "整改中", "修复中"}
	intends  = []string{"将", "会", "拟", "下一步", "今后", "以后", "进一步", "继续", "不断", "努力", "争取", "加强", "积极", "认真"}
	vague    = []string{
		"工作", "服务", "管理", "建设", "审核", "研究", "处理", "解决", "核实", "核查", "跟进", "关注", "推进", "完善", "改进", "整改", "办理", "优化", "更新", "学习", "培训",
		"水平", "质量", "把关", "监督", "重视", "考虑", "采纳", "采用", "吸收", "参考", "答复", "回复", "反馈",
	}

	// bareWords are conclusions that stand alone.
	bareWords = []string{"已办理", "已办结", "办结", "已处理", "已回复", "已答复", "已受理", "受理", "处理完毕", "办理完毕", "已落实", "已核实", "已解决", "已知晓", "已经处理", "已经解决", "已经办理", "已经办结"}

	called   = []string{"已电话", "电话回复", "电话答复", "电话联系", "电话沟通", "已回访", "已联系", "与您联系", "与你联系", "当面答复", "已沟通", "会有专人", "告知相关情况", "告知具体情况", "告知有关情况"}
	talked   = []string{"沟通", "答复", "回复", "联系", "说明"}
	others   = []string{"部门", "企业", "公司", "单位"} // calling them is something done
	callings = []string{"如有", "如您", "如还有", "若有", "若您", "如仍", "如果您", "请拨打", "可拨打", "请致电", "可致电", "请联系", "可联系", "联系电话", "咨询电话", "联系人", "电话"}

	// found make a clause say something, whatever else it holds.
	found = []string{
		"属实", "无误", "未发现", "正常", "不存在", "原因", "由于", "因为", "规定", "不属于", "属于", "依据", "根据", "按照", "应当", "需要", "可以", "修改", "更正", "修复", "改正", "删除",
		"调整", "恢复", "更换", "上传", "下架", "撤", "补充", "纠正", "清理", "拆除", "罚", "维修", "安装", "发放", "退", "停", "开通", "开放", "完成", "关闭", "缴", "办证", "进行了整改", "整改完毕", "整改到位", "已整改", "本周", "本月", "月底", "年底", "季度", "抢修", "处置", "整治", "加固", "疏通", "清运", "巡查", "约谈", "执法", "登录", "浏览器", "清除", "点击", "链接", "下载", "无法", "不能", "重复",
		// A time to come is something, too, as the rules say of pending.
		"工作日", "日内", "天内", "周内", "月内", "年内", "小时内", "下周", "下月", "下个月", "明天", "明日", "明年", "上旬", "中旬", "下旬",
		"一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月",
		"所致", "来源于", "升级", "报错", "断网", "超时", "缓存",
	}
)

// lists says of which lists of words a clause holds one, a bit each.
type lists uint16

// The lists whose words are looked for anywhere in a clause.
const (
	ofReceipts lists = 1 << iota
	ofThanks
	ofClosings
	ofPassing
	ofBodies
	ofPendings
	ofIntends
	ofVague
	ofBareWords
	ofCalled
	ofTalked
	ofOthers
	ofFound
)

func (l lists) has(one lists) bool { return l&one != 0 }

// entry is a word of some list.
type entry struct {
	word string
	of   lists
}

// lexicon holds every word by its first character, so that a clause is read once.
var lexicon = func() map[rune][]entry {
	m := map[rune][]entry{}
	for i, words := range [...][]string{receipts, thanks, closings, passing, bodies, pendings, intends, vague, bareWords, called, talked, others, found} {
		for _, w := range words {
			r, _ := utf8.DecodeRuneInString(w)
			m[r] = append(m[r], entry{w, 1 << i})
		}
	}
	return m
}()

// lookUp returns the lists of which c holds a word.
func lookUp(c string) (in lists) {
	for i, r := range c {
		for _, e := range lexicon[r] {
			if len(c)-i >= len(e.word) && c[i:i+len(e.word)] == e.word {
				in |= e.of
			}
		}
	}
	return in
}
