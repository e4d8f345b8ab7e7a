package gatetext

import "fmt"

// addressForms returns the ways of writing an address. The first mark stands where
// the part below the street office or township begins, the second where that
// begins which leads to one household.
func addressForms() []func(m *Maker) string {
	return []func(m *Maker) string{
		func(m *Maker) string { return fill(m, "{district}{street}|{estate}|"+m.building("栋")) },
		func(m *Maker) string { return fill(m, "|{estate}|"+m.building("号楼")) },
		func(m *Maker) string {
			return fill(m, "{city}{district}|{road}{hundreds}号{estate}|"+m.building("幢"))
		},
		func(m *Maker) string { return fill(m, "{town}|{village}|{n}组{n}号") },
		func(m *Maker) string { return fill(m, "{district}{town}|{village}|{han}组") },
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("|{estate}|%d-%d-%d", m.number(1, 40), m.number(1, 4), m.number(1, 33)*100+m.number(1, 8)))
		},
		func(m *Maker) string { return fill(m, "{district}|{road}|{hundreds}号{n}室") },
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("|{company}职工宿舍|%d栋%d房", m.number(1, 20), m.number(101, 909)))
		},
		func(m *Maker) string { return fill(m, "{town}|{village}{group}|{n}号") },
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("|{estate}{han}期|%d座%d", m.number(1, 20), m.number(101, 3305)))
		},
		func(m *Maker) string {
			return fill(m, "{city}{district}{street}|{road}{n}弄|{n}号"+fmt.Sprint(m.number(101, 1808))+"室")
		},
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("|{estate}|%d#%d单元%d", m.number(1, 30), m.number(1, 4), m.number(101, 2804)))
		},
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("|{estate}|{letter}区%d栋%d号", m.number(1, 30), m.number(101, 2804)))
		},
		func(m *Maker) string { return fill(m, "|{road}{n}巷|{n}号") },
		func(m *Maker) string { return fill(m, "{town}|{village}|第{han}村民小组{n}号") },
		func(m *Maker) string {
			return fill(m, "|{estate}|{han}栋{han}单元"+m.one("二〇三室", "三零一室", "十二楼三号", "七楼", "四〇二号"))
		},
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("|{school}家属院|%d号楼%d门%d", m.number(1, 9), m.number(1, 6), m.number(101, 606)))
		},
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("{city}{district}|{road}社区{estate}|%d栋%d楼", m.number(1, 30), m.number(1, 33)))
		},
		func(m *Maker) string { return fill(m, "{town}|{village}|{n}社{n}号附{n}号") },
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("{district}{street}|{road}%d号院|%d号楼%d单元%d", m.number(1, 200), m.number(1, 12), m.number(1, 6), m.number(101, 606)))
		},
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("{district}|{road}|{hundreds}号%d栋%d单元%d层%d", m.number(1, 20), m.number(1, 4), m.number(1, 30), m.number(1, 6)))
		},
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("{district}|{road}社区|%d栋%d门%d室", m.number(1, 30), m.number(1, 6), m.number(101, 1808)))
		},
		func(m *Maker) string { return fill(m, "{town}|{village}|{n}队{n}号") },
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("|{estate}南区|%d-%d-%d", m.number(1, 40), m.number(1, 4), m.number(101, 1808)))
		},
		func(m *Maker) string {
			return fill(m, fmt.Sprintf("{district}|{estate}东区|%d号楼%s单元%d楼%s户", m.number(1, 30), m.one("东", "西", "中"), m.number(1, 6), m.one("东", "西")))
		},
	}
}

// building returns building, unit and room as most people write them.
func (m *Maker) building(word string) string {
	room := m.number(1, 28)*100 + m.number(1, 8)
	switch m.r.IntN(4) {
	case 0:
		return fmt.Sprintf("%d%s%d室", m.number(1, 40), word, room)
	case 1:
		return fmt.Sprintf("%d%s%d单元%d号", m.number(1, 40), word, m.number(1, 5), room)
	case 2:
		return fmt.Sprintf("%d%s%d单元%d", m.number(1, 40), word, m.number(1, 5), room)
	}
	return fmt.Sprintf("%d%s%d单元%d室", m.number(1, 40), word, m.number(1, 5), room)
}

// fill writes a form that has only facts in it.
func fill(m *Maker, form string) string {
	f := filler{m: m}
	f.fill(form)
	return f.b.String()
}

// addressTemplates are the sentences around an address. A family is a sentence;
// the form of the address is drawn for each document, and a document whose form
// or sentence is the fifth of five is kept out of tuning.
var addressTemplates = []template{
	{official: false, text: "我家住{}，楼上漏水已经半年，物业推来推去。"},
	{official: false, text: "本人住址：{}，请派人来看看。"},
	{official: false, text: "我是{}的住户，家里暖气一直不热。"},
	{official: true, text: "经核实，您位于{}的房屋已完成登记。"},
	{official: false, text: "家庭地址{}，邮寄到这里即可。"},
	{official: true, text: "{day}，工作人员前往{}入户核查，家中无人。"},
	{official: false, text: "我在{}买了一套房，{year}年交房到现在没有房产证。"},
	{official: true, text: "反映人{person a}（现居住于{}）所述问题，已转{office}办理。"},
	{official: false, text: "{}半夜打麻将，吵得我们睡不着觉。"},
	{official: true, text: "您反映{}住户私拉电线的问题，社区已上门制止。"},
	{official: false, text: "户籍地是{}，现在外地打工，{matter}怎么办？"},
	{official: false, text: "地址：{}\n联系电话：{mobile}\n问题：{problem}"},
	{official: true, text: "经现场勘查，{}外墙渗水属实，维修费用约{sum}元。"},
	{official: false, text: "我父母住在{}，两位老人行动不便。"},
	{official: true, text: "关于{}违规搭建的举报，我单位已立案调查。"},
	{official: false, text: "请把答复寄到{}，收件人{person a}。"},
	{official: false, text: "租住在{}，房东不退押金{hundreds}0元。"},
	{official: true, text: "该户（{}）属于低收入家庭，已纳入监测。"},
	{official: false, text: "我们{}停水三天了，没有人管！"},
	{official: true, text: "信访人住所地为{}，符合{school}招生范围。"},
	{official: true, text: "办理情况：{}的燃气管道已更换完毕，用户签字确认。"},
	{official: false, text: "隔壁{}养了{n}条狗，臭气熏天。"},
	{official: false, text: "我叫{person a}，{district}人，家在{}。"},
	{official: true, text: "与{}业主{person a}沟通后，其同意自行拆除。"},
	{official: true, text: "因{}业主拒绝施工人员进入，维修未能完成。"},
}
