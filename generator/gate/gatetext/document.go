package gatetext

import (
	"fmt"
	"strings"
)

// Doc is one made document. Secrets lie in it as written.
type Doc struct {
	Text    string
	Family  int    // of templates; every fifth family is not used when detectors are tuned
	Kind    string // of the secret, "" in a clean document
	Start   int    // byte offsets of the secret
	End     int
	Tuning  bool
	Written string
}

// settings are what stands around a secret: {} is where it goes.
var settings = map[string][]string{
	Mobile: {
		"您好，我家小区的水停了三天，物业不管。请回电{}，谢谢。",
		"麻烦尽快处理，本人手机：{}",
		"路灯坏了一个月没人修，{}是我的号，随时可以打。",
		"反映人要求回复。（{}）望重视！",
		"您好！工作人员已与您（{}）取得联系，并说明了情况。",
		"经核实，来电号码为{}，诉求属实，现已整改到位。",
		"如有疑问请找网格员，号码是{}。",
		"孩子上学的事怎么办？加微信{}详聊",
		"多次反映未果。{}\n2023年6月1日",
		"我是业主代表，{}，希望领导关注一下噪音问题",
	},
	IDCard: {
		"本人身份证号{}，社保卡一直没有办下来。",
		"我的证件是{}，请帮我查公积金。",
		"申请人（{}）于上月提交材料，至今没有结果。",
		"低保申请被退回，{}，请核实。",
		"经查，您的身份信息为{}，参保状态正常。",
		"户口迁移问题：公民身份号码 {} ，请问要等多久",
		"补办驾照，号码{}。",
		"养老金没到账，{}请查一下。",
		"您提供的{}与系统登记不一致，请到窗口更正。",
		"居住证怎么办理？{}",
	},
	BankCard: {
		"退款一直没有到账，卡号{}。",
		"请把补贴打到{}，农业银行。",
		"我的工资卡{}被冻结了，请问是什么原因。",
		"经核实，款项已于上周转入您尾号所在账户{}。",
		"押金退到这里就行：{}",
		"开户行是城南支行，{}，户名是我本人",
		"医保报销款打错卡了，应该是{}。",
		"{}这张卡没有收到征地补偿款。",
		"您预留的{}状态异常，请更换。",
		"社保扣款卡（{}）已经注销",
	},
	Email: {
		"材料请发到{}，谢谢。",
		"我的邮箱是{}",
		"请把答复意见书发送至{}。",
		"联系方式：{}；希望书面回复。",
		"您好，回复已发至您的邮箱（{}），请查收。",
		"更多照片见邮件，{}",
		"有意者请投递简历，{}，非诚勿扰",
		"如需附件可联系{}索取。",
		"发票开错了，重开后发{}。",
		"之前用{}写过信，没有人理。",
	},
	Plate: {
		"有一辆车长期占用消防通道，车牌{}。",
		"{}违停在盲道上，请交警处理。",
		"出租车{}拒载，态度恶劣。",
		"我的车（{}）被贴了罚单，不服。",
		"经查，{}小型轿车确有违停行为，已依法处罚。",
		"渣土车{}夜间超速，扬尘很大",
		"车辆号牌为{}，停放在小区门口已有半年。",
		"停车费乱收，{}，停了两小时收四十。",
		"您反映的{}已经联系车主挪车。",
		"僵尸车：{}，请拖走",
	},
	Landline: {
		"请打家里电话{}，白天有人。",
		"公司总机{}没人接。",
		"单位传真：{}。",
		"可拨打{}咨询。",
		"联系（{}）未果。",
		"如有疑问，请与{}联系。",
		"店家的号码是{}，欠薪三个月。",
		"固话{}，晚上八点后打。",
		"{}是我父亲家的座机，请回复。",
		"您可致电{}了解办理进度",
	},
	OldIDCard: {
		"老人的身份证号是{}，还是老的十五位。",
		"旧证{}，一直没有换发。",
		"档案里登记的是{}。",
		"身份证{}，请帮忙查一下社保。",
		"证件号码：{}",
	},
}

// Planted returns a document with one secret of the kind in the spelling.
func (m *Maker) Planted(kind string, s Spelling) Doc {
	family := m.r.IntN(len(settings[kind]))
	before, after, _ := strings.Cut(settings[kind][family], "{}")
	if m.r.IntN(3) == 0 {
		before = m.sentence() + before
	}
	if m.r.IntN(3) == 0 {
		after += m.sentence()
	}
	written := s.Of(m, kind, m.Secret(kind))
	return Doc{
		Text: before + written + after, Family: family, Kind: kind,
		Start: len(before), End: len(before) + len(written), Tuning: family%5 != 4, Written: written,
	}
}

// sentence returns a clean sentence without digits that could touch a secret.
func (m *Maker) sentence() string {
	return m.one("近日收到群众来信。", "该问题已经拖了很久。", "望有关部门调查处理。", "现将办理情况答复如下。", "感谢您对我们工作的支持。",
		"路面坑洼不平，下雨积水严重。", "请问什么时候可以解决？", "我们一共有三十多户人家受到影响。")
}

// Clean returns a document with nobody's data in it but many numbers.
func (m *Maker) Clean() Doc {
	var b strings.Builder
	for range m.number(2, 6) {
		b.WriteString(m.cleanSentence(m.r.IntN(cleanKinds)))
		b.WriteString(m.one("", "", "\n", " "))
	}
	return Doc{Text: b.String()}
}

const cleanKinds = 34

func (m *Maker) cleanSentence(n int) string {
	year := func() int { return m.number(2015, 2026) }
	date := func() string { return fmt.Sprintf("%d年%d月%d日", year(), m.number(1, 12), m.number(1, 28)) }
	num := func(lo, hi int) string { return fmt.Sprint(m.number(lo, hi)) }
	switch n {
	case 0:
		return "自" + date() + "至" + date() + "，共受理诉求" + num(100, 99999) + "件。"
	case 1:
		return fmt.Sprintf("根据《办法》（%s府发〔%d〕%d号）第%d条规定，", m.one("川", "渝", "鲁", "成"), year(), m.number(1, 300), m.number(1, 60))
	case 2:
		list := []string{}
		for range m.number(4, 12) {
			list = append(list, num(1, 999))
		}
		return "途经公交线路有" + strings.Join(list, "、") + "路。"
	case 3:
		return fmt.Sprintf("本院（%d）%s%02d民终%d号判决已经生效。", year(), m.one("川", "京", "粤", "鲁"), m.number(1, 20), m.number(1000, 20000))
	case 4:
		return "订单号" + m.digits(12) + "已经发货。"
	case 5:
		return "工单编号：" + fmt.Sprintf("%d%02d%02d%s", year(), m.number(1, 12), m.number(1, 28), m.tail(m.number(4, 8))) + "，请查询。"
	case 6:
		return fmt.Sprintf("坐标为东经%d.%s，北纬%d.%s。", m.number(75, 134), m.tail(m.number(4, 8)), m.number(20, 50), m.tail(m.number(4, 8)))
	case 7:
		return fmt.Sprintf("总投资%s.%s万元，其中财政资金%s元。", num(10, 99999), m.tail(2), num(10000, 99999999))
	case 8:
		return "统一社会信用代码：" + m.one("9151", "1151", "5251", "9144") + m.tail(4) + m.one("MA6", "MA5", "MB0", "567") + m.tail(5) + m.one("X", "8", "A") + "。"
	case 9:
		return fmt.Sprintf("请拨打%s热线咨询。", m.one("12345", "12315", "12333", "12328", "110", "95598", "96196"))
	case 10:
		return fmt.Sprintf("办公时间为%d:%02d-%d:%02d，%d:%02d-%d:%02d。", m.number(8, 9), m.number(0, 59), 11, m.number(0, 59), 13, m.number(0, 59), 17, m.number(0, 59))
	case 11:
		return fmt.Sprintf("详见https://www.example.gov.cn/art/%d/%d/%d/art_%s_%s.html。", year(), m.number(1, 12), m.number(1, 28), num(100, 9999), num(100000, 9999999))
	case 12:
		return "邮编" + m.digits(6) + "，地址为人民路" + num(1, 300) + "号。"
	case 13:
		return fmt.Sprintf("价格由%d.%d元/吨调整为%d.%02d元/吨，涨幅%d.%d%%。", m.number(1, 9), m.number(0, 9), m.number(1, 9), m.number(0, 99), m.number(1, 30), m.number(0, 9))
	case 14:
		return fmt.Sprintf("建筑面积%d.%02d平方米，容积率%d.%d，共%d栋%d户。", m.number(1000, 99999), m.number(0, 99), m.number(1, 5), m.number(0, 9), m.number(2, 30), m.number(50, 3000))
	case 15:
		return "客服热线400-" + m.tail(3) + "-" + m.tail(4) + "。"
	case 16:
		return fmt.Sprintf("附件%d：%s公开表（%d-%02d-%02d）.xlsx。", m.number(1, 9), m.one("预算", "决算", "名单"), year(), m.number(1, 12), m.number(1, 28))
	case 17:
		return fmt.Sprintf("G%d、S%d高速和K%d+%d路段封闭施工。", m.number(1, 99), m.number(1, 99), m.number(1, 999), m.number(100, 999))
	case 18:
		return "序号 1 2 3 4 5 6 7 8 9 10\n数量 " + num(10, 99) + " " + num(10, 99) + " " + num(100, 999) + " " + num(10, 99) + "\n"
	case 19:
		return fmt.Sprintf("%s、%s、%s三个小区共有一百二十三户，分三批改造。", "一期", "二期", "三期")
	case 20:
		return "执行标准GB/T " + num(1000, 50000) + "-" + num(1990, 2024) + "，ISO 9001:2015。"
	case 21:
		return fmt.Sprintf("招生范围：出生日期为%d%02d%02d至%d%02d%02d。", 2017, 9, 1, 2018, 8, 31)
	case 22:
		return "不动产权证号：" + m.one("川", "苏", "粤") + "（" + num(2016, 2025) + "）第" + m.tail(7) + "号。"
	case 23:
		return "车次" + m.one("G", "D", "K") + num(10, 9999) + "次，" + num(6, 22) + "点" + num(10, 59) + "分发车。"
	case 24:
		return fmt.Sprintf("比例为%d:%d，得分%d.%02d分，排名第%d。", m.number(1, 9), m.number(1, 9), m.number(60, 99), m.number(0, 99), m.number(1, 200))
	case 25:
		return fmt.Sprintf("联系单位后，于%d月%d日%d时%d分到场，%d人参加。", m.number(1, 12), m.number(1, 28), m.number(8, 18), m.number(0, 59), m.number(2, 20))
	case 26:
		return "京ICP备" + m.digits(8) + "号-" + num(1, 9) + "。"
	case 27:
		return fmt.Sprintf("缴费基数为%d元，单位缴纳%d%%，个人缴纳%d%%，每月%d.%02d元。", m.number(3000, 20000), m.number(6, 20), m.number(2, 12), m.number(100, 2000), m.number(0, 99))
	case 28:
		return fmt.Sprintf("编号为%s%s的井盖已更换，型号%s-%d×%d。", m.one("WS", "YS", "DL"), m.digits(9), m.one("D400", "C250"), m.number(500, 900), m.number(500, 900))
	case 29:
		return fmt.Sprintf("%d-%d岁儿童%d人，%d-%d岁%d人，合计%d人。", 3, 6, m.number(10, 999), 7, 12, m.number(10, 999), m.number(100, 9999))
	case 30:
		return "微博@" + m.one("城市发布", "平安一方", "交通在线") + " 已经转发，话题#文明出行#。"
	case 31:
		return fmt.Sprintf("执法记录仪编号%s，处罚决定书文号%s城执罚字〔%d〕第%d-%d号。", m.digits(8), m.one("高", "锦", "武"), year(), m.number(1, 20), m.number(1, 9999))
	case 32:
		return fmt.Sprintf("%d/%d学年第%d学期，%d年级%d班。", 2023, 2024, m.number(1, 2), m.number(1, 9), m.number(1, 20))
	}
	return fmt.Sprintf("第%s批%d人，一至五月分别为%d、%d、%d、%d、%d件。", m.one("一", "二", "三"), m.number(5, 99), m.number(1, 999), m.number(1, 999), m.number(1, 999), m.number(1, 999), m.number(1, 999))
}
