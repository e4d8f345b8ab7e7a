package gate

import (
	"maps"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/generator/source"
)

// accusation is the word for 检举控告, which record has no word for.
const accusation = "accusation"

// What perhaps accuses an official is found by words close to each other: words of
// misconduct that only somebody in office can commit, alone; those that anybody
// can commit, near a post or a body of the village; and words of reporting
// somebody near a post that is not the one who is asked for help. The rules err
// towards silence: a person decides about what they find, and until then the case
// has no number. A report of an offence, such as of a shop, is not meant.

// The groups of words of the rules.
const (
	_               = wordGroup(iota)
	accuseStop      // ends a sentence
	accuseMute      // means nothing of the kind, whatever is in it
	misconductGroup // of somebody in office
	misdeedGroup    // of anybody
	reportGroup
	pursueGroup // asking that somebody be pursued
	postGroup   // posts and those in them
	staffGroup  // general words for them
	bodyGroup   // whoever keeps public money
	pleaGroup   // asks or thanks whoever follows
	answerGroup // greets or asks whoever goes before
)

var accuseWords = map[wordGroup]string{
	accuseMute: "反腐倡廉 反腐败 反贪污 反贪局 反贪 反渎职 预防职务犯罪 预防腐败 防腐 廉政教育 扫黑除恶 太阳伞 遮阳伞 举报电话 举报热线 举报平台 举报奖励 举报中心 举报箱 " +
		"举报受理 冒充领导 冒充干部 冒充警察 冒充民警 冒充公务员 冒充工作人员 冒充执法人员 假冒警察 假冒民警 假警察 查赌 抓赌 查处赌博 打击赌博 投诉举报电话 市长热线 市长信箱 书记信箱 局长信箱 区长信箱 县长信箱 领导信箱 公务员考试 考公务员 警察局 派出所民警电话 校长信箱 anti-corruption",
	misconductGroup: "受贿 行贿 索贿 贿赂 贿选 贪污 贪腐 贪官 贪赃枉法 以权谋私 以权压人 假公济私 滥用职权 滥用权力 利用职权 利用职务 职务之便 徇私 徇情枉法 枉法裁判 权钱交易 权色交易 钱权交易 " +
		"保护伞 中饱私囊 玩忽职守 渎职 失职渎职 职务犯罪 买官卖官 卖官鬻爵 挪用公款 公款吃喝 公款旅游 公车私用 吃拿卡要 收受红包 收受礼金 收受好处 收受财物 收受贿赂 收黑钱 " +
		"官商勾结 官官相护 警匪勾结 官匪勾结 违法乱纪 违纪违法 优亲厚友 村霸 腐败分子 腐败问题 严重腐败 贪污腐败 腐败行为 腐化堕落 黑恶势力 充当保护 权力寻租 吃空饷 知法犯法 执法犯法 " +
		"徇私舞弊 暗箱操作 公权私用 小官巨贪 包庇纵容 刑讯逼供 屈打成招 卖官 公款大吃大喝 公款吃 公款送礼 人情案 关系案 金钱案 bribe bribes bribed bribery embezzle embezzled embezzlement embezzling kickback kickbacks abuse_of_power corrupt_official corrupt_officials " +
		"corrupt_mayor corrupt_police corrupt_cops corruption misappropriated",
	misdeedGroup: "收钱 收了钱 收礼 送礼 送钱 塞钱 红包 回扣 好处费 辛苦费 贪了 贪走 私吞 侵吞 私分 套取 骗取 挪用 虚报冒领 冒领 截留 克扣 敲诈 勒索 索要 勾结 串通 包庇 " +
		"打击报复 威胁 恐吓 殴打 打人 嫖娼 包养 情妇 情人 作风问题 赌博 造假 弄虚作假 低保给 侵占 强占 霸占 暗中操作 关系户 走后门 后台 撑腰 靠山 " +
		"装进自己口袋 装进口袋 装进腰包 自己腰包 自己口袋 个人腰包 收了对方 收对方 卖给亲戚 给亲戚 给自己亲戚 给自己的亲戚 收保护费 收了店主 收店主 收了老板 收老板 收了商户 收商户 收小贩 收了小贩 收企业 收了企业 收开发商 收了开发商 收被告 收了被告 收原告 收了原告 收当事人 收了当事人 " +
		"收村民 收了村民 收群众 收百姓 收老百姓 大吃大喝 账目不清 虚报 extorted extort corrupt stole",
	reportGroup: "举报 检举 控告 揭发 揭露 实名反映 实名投诉 状告 告发 accuse accusing report_the",
	pursueGroup: "查处 查办 严查 严惩 彻查 惩处 追究 追责 问责 撤职 免职 罢免 双规 留置 法办",
	postGroup: "局长 书记 主任 镇长 乡长 村长 支书 所长 科长 处长 县长 区长 市长 州长 省长 厅长 院长 庭长 法官 检察官 民警 警察 辅警 交警 城管队员 干部 公务员 校长 站长 队长 " +
		"委员 党员 股长 主席 部长 司长 会长 镇干部 村干部 村官 执法人员 书记员 大队长 中队长 组长 网格员 村会计 村干 县委 党委 纪委书记 mayor commissioner councilman councilmember officer inspector official judge",
	staffGroup:  "工作人员 领导 领导班子 负责人 一把手",
	bodyGroup:   "村委 村委会 村支部 村两委 居委会 社区干部 公款 专项资金 扶贫款 扶贫资金 补助款 救灾款 低保 征地款 拆迁款 补偿款 集体资金 集体财产 国有资产 公家 财政资金 镇政府 乡政府",
	pleaGroup:   "请 望 盼 求 恳请 希望 尊敬的 敬爱的 各位 各级 麻烦 感谢 谢谢 向 找 问 打电话给 联系 告诉 报告给 反映给 dear please",
	answerGroup: "您好 你好 好 您 你 重视 关注 关心 帮 解决 处理 过问 批示 调查 核实 管管 明察 为民 做主 百忙 大人 收 来电 回复 答复 来 到场 到现场 出警 调解 上门 thank",
}

var accuseRules = []wordRule{
	{reason: perhapsAccusing, word: misconductGroup},
	{reason: perhapsAccusing, word: postGroup, needs: []near{{misdeedGroup, 0, 14}}},
	{reason: perhapsAccusing, word: postGroup, needs: []near{{misdeedGroup, 10, 0}}, unless: []near{{pleaGroup, 4, 0}, {answerGroup, 0, 3}}},
	{reason: perhapsAccusing, word: misdeedGroup, needs: []near{{bodyGroup, 14, 10}}},
	{reason: perhapsAccusing, word: misdeedGroup, needs: []near{{staffGroup, 8, 0}}},
	{reason: perhapsAccusing, word: postGroup, needs: []near{{reportGroup, 14, 6}}, unless: []near{{pleaGroup, 4, 0}, {answerGroup, 0, 3}}},
	{reason: perhapsAccusing, word: staffGroup, needs: []near{{reportGroup, 14, 6}}, unless: []near{{pleaGroup, 4, 0}, {answerGroup, 0, 3}}},
	{reason: perhapsAccusing, word: postGroup, needs: []near{{pursueGroup, 3, 0}}},
}

func newAccusing() *wordRules {
	words := maps.Clone(accuseWords)
	for _, firm := range strings.Fields(firms) {
		for _, post := range strings.Fields(firmPosts) {
			words[accuseMute] += " " + firm + post
		}
	}
	return newWordRules(accuseStop, 0, accuseMute, words, accuseRules)
}

// Whoever holds one of these posts of a firm or a club is no official. What only
// somebody in office can commit is asked of them all the same.
const (
	firms = "商会 协会 加油站 养老院 驾校 快递站 快递点 站点 驿站 物业 物业公司 业委会 保安 保安队 健身房 美容院 培训班 培训机构 酒店 饭店 超市 公司 网吧 店里 店铺 门店 " +
		"工地 工厂 厂里 商场 俱乐部 婚介所 中介 旅行社"
	firmPosts = "会长 站长 院长 校长 队长 主任 组长 部长 委员 负责人 领导 工作人员"
)

// perhapsAccusing reports whether a case of a kind that may hide an accusation
// reads like one. Text that cannot be published for another reason is read all
// the same, as far as the size limit.
func (c *clearing) perhapsAccusing() bool {
	if kind := record.Kind(c.raw.Fields[source.FieldKind]); kind != record.Report && knownKind(kind) {
		return false
	}
	for _, field := range []string{source.FieldTitle, source.FieldQuestion} {
		if len(c.about(c.accusing, c.raw.Fields[field])) > 0 {
			return true
		}
	}
	return false
}

// about returns the reasons that the rules about words give for a text, as far as
// the size limit.
func (c *clearing) about(rules *wordRules, value string) []string {
	if len(value) > c.policy.MaxText {
		value = value[:c.policy.MaxText]
	}
	value = strings.ToValidUTF8(value, "")
	if d, ok := decode(value, &c.work); ok {
		value = d.plain
	}
	c.work.spend(2 * len(value))
	c.scan.glyphs = c.folds.view(c.scan.glyphs[:0], value)
	c.work.spend(2 * len(c.scan.glyphs))
	c.scan.marks = rules.marks(c.scan.marks[:0], c.scan.glyphs)
	return rules.judge(c.scan.marks)
}

// knownKind reports whether k is a kind of case.
func knownKind(k record.Kind) bool {
	for _, kind := range record.Kinds() {
		if k == kind {
			return true
		}
	}
	return false
}
