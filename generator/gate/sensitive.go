package gate

import (
	"slices"

	"github.com/huiyin/huiyin/generator/source"
)

// What a citizen writes about a child, an illness, violence or a state secret may
// tell who she is even where every name is masked, so such a case waits for a
// person. The rules ask for words close to each other, since one alone is mostly
// about a school, a hospital or a law. They look at titles and questions, never
// at what offices write. The public sees the same stub for all of them.

// The reasons for which a case is held as a whole because of what it is about.
const (
	sensitiveMinor    = sensitivePrefix + "minor"
	sensitiveHealth   = sensitivePrefix + "health"
	sensitiveSexual   = sensitivePrefix + "sexual"
	sensitiveDomestic = sensitivePrefix + "domestic"
	sensitiveSecret   = sensitivePrefix + "secret"
)

// sensitiveReasons lists them.
func sensitiveReasons() []string {
	return []string{sensitiveMinor, sensitiveHealth, sensitiveSexual, sensitiveDomestic, sensitiveSecret}
}

// The groups of words of the rules.
const (
	_            = wordGroup(iota)
	stopGroup    // ends a sentence
	selfGroup    // the writer and her people
	kinGroup     // her people alone
	childGroup   // a child
	ageGroup     // an age below 14
	harmGroup    // what is done to a child
	familyGroup  // what parents go to court about
	supposeGroup // what might happen, and has not
	generalGroup // rules, teaching, campaigns
	illGroup     // a diagnosis
	sufferGroup  // having it
	careGroup    // what is about care and not about a person
	sexualGroup
	domesticGroup
	beatGroup
	secretGroup
	secretMarkGroup
	insideGroup
	keepGroup
	spouseGroup
	levelGroup
	diagnosedGroup // English for having a diagnosis
	causeGroup     // what brings an illness, or might
	placeGroup     // words in which single characters of other groups mean something else
	haveGroup      // somebody who has what follows
	endLifeGroup   // suicide
	pregnantGroup
	byGroup     // at the hands of one of her people
	strikeGroup // what is done by such hands
	imageGroup  // pictures of somebody undressed
	peerGroup   // at the hands of those at school
	hurtGroup   // what is done by them
	topSecretGroup
	paperGroup // what a secret stands on
)

// sensitiveWords are the words of the groups.
var sensitiveWords = map[wordGroup]string{
	selfGroup: "我 本人 自己 咱 俺 患者本人 my i",
	kinGroup: "父亲 母亲 爸爸 妈妈 老爸 老妈 我爸 我妈 妻子 丈夫 老公 老婆 爱人 儿子 女儿 孩子 小孩 爷爷 奶奶 外公 外婆 姥姥 姥爷 哥哥 弟弟 姐姐 妹妹 " +
		"家人 亲人 儿媳 女婿 孙子 孙女 外甥 侄子 侄女 公公 婆婆 岳父 岳母 father mother wife husband son daughter",
	childGroup: "孩子 小孩 儿子 女儿 男童 女童 幼女 女婴 男婴 婴儿 未成年 小学生 初中生 幼儿 我儿 我女 孙子 孙女 外孙 侄女 侄子 外甥 女孩 男孩 小女 小儿 " +
		"女学生 男学生 女生 男生 少女 侄儿 女娃 男娃 我娃 小朋友 同学 初一 初二 初三 " +
		"son daughter child toddler",
	harmGroup: "被打 被殴打 殴打 虐待 欺凌 霸凌 校园暴力 体罚 扇耳光 打耳光 被老师打 被同学打 失踪 走失 被拐 拐卖 拐走 自杀 轻生 自残 自伤 遗弃 被侵害 " +
		"被强奸 猥亵 性侵 被绑架 被囚禁 被打伤 被咬伤 被烫伤 被撞死 溺亡 身亡 死亡 去世 打骂 被侮辱 被恐吓 被勒索 " +
		"围殴 群殴 毒打 暴打 拳打脚踢 打出血 打断 打骨折 打肿 打孩子 打小孩 打儿子 打女儿 打学生 掌掴 耳光 扇巴掌 罚跪 用针扎 被针扎 辱骂 长期欺负 经常欺负 " +
		"关小黑屋 关禁闭 关在厕所 关在教室 扒光 脱光 扒衣服 陪酒 动手动脚 跳楼 割腕 猝死 闷死 窒息 重伤 致残 抢救 推下楼 被推下 青紫 淤青 遍体鳞伤 浑身是伤 全身是伤 头破血流 鼻青脸肿 喝尿 安眠药 摸身体 摸下体 咬得 牙印 舔鞋 钻裤裆 下跪 离家出走 拍裸照 " +
		"bullied abused missing assaulted beaten",
	familyGroup: "抚养权 抚养费 监护权 探视权 探望权 变更抚养 亲子鉴定 非婚生 私生子 私生女 争夺孩子 抢走孩子 藏匿 藏起来 不让我见 不让见 不让我看 让我见 不让我探视 不让探视 " +
		"不给抚养费 亲生父母 亲生父亲 亲生母亲 custody",
	supposeGroup: "万一 如果 要是 假如 容易 可能 防止 避免 以免 生怕 担心 难道 谁负责 谁来负责 一旦 会不会 杜绝 预防 怕 严禁 禁止 别等 真要 " +
		"导致 出现过 保护 might could prevent if",
	generalGroup: "宣传 讲座 预防 防治 防范 防止 法规 条例 安全教育 法制教育 教育课 课程 公益 知识 节目 电影 电视 新闻 报道 小说 立法 保护法 暴力法 " +
		"建议 awareness campaign",
	illGroup: "艾滋病 艾滋 hiv 梅毒 淋病 尖锐湿疣 性病 乙肝 丙肝 大三阳 小三阳 肺结核 精神病 精神分裂 精神障碍 抑郁症 重度抑郁 双相情感 双相障碍 躁郁症 焦虑症 自闭症 孤独症 " +
		"癌症 肺癌 胃癌 肝癌 肠癌 结肠癌 直肠癌 前列腺癌 膀胱癌 卵巢癌 喉癌 乳腺癌 宫颈癌 食道癌 食管癌 甲状腺癌 鼻咽癌 胰腺癌 淋巴癌 骨癌 癌 白血病 淋巴瘤 脑瘤 恶性肿瘤 尿毒症 癫痫 帕金森 老年痴呆 阿尔茨海默 " +
		"红斑狼疮 渐冻症 血友病 脑瘫 智力残疾 精神残疾 流产 产后抑郁 精神疾病 精神病患 强迫症 双相 肉瘤 胶质瘤 黑色素瘤 肝硬化 肾衰竭 肾移植 肝移植 骨髓移植 " +
		"尘肺 截肢 植物人 重症肌无力 唐氏综合征 不孕不育 不孕症 宫外孕 堕胎 人流手术 疱疹 hpv",
	sufferGroup: "患 患有 患上 患了 身患 罹患 得了 得的 查出 确诊 诊断 检查出 检出 感染 染上 携带 是一名 是个 病史 患者 病人 阳性 晚期 术后 化疗 放疗 透析 复发 做了 做过",
	careGroup: "疫苗 防控 防治 传播 流行 辐射 致癌 癌症村 基站 高压线 变电站 电磁 污染 噪音 甲醛 粉尘 毒气 病人多 患者多 几率 高发 频发 发病率 筛查 普查 " +
		"vaccine hospital",
	causeGroup:     "会得 导致 引起 引发 造成 容易 怕 担心 可能 易患 诱发 逼成 气出 快要 快得 搞出 都要 憋出 逼出 吵出",
	diagnosedGroup: "diagnosed_with hiv_positive is_hiv have_hiv has_hiv have_cancer has_cancer",
	placeGroup: "反家暴 反家庭暴力 反对家庭暴力 反性侵 反校园欺凌 我村 我市 我县 我区 我省 我国 我校 我镇 我乡 我局 我院 我司 我小区 我们 我社区 隐患 后患 医患 忧患 祸患 病患 " +
		"打电话 打我电话 打我手机 打通 打不通 打工 打车 打官司 打算 打扫 打折 打印 打听 打发 打扰 打疫苗 打针 打水 打卡 机密级 秘密级",
	haveGroup: "我有 本人有 我还有 我也有 自己有 儿子有 女儿有 孩子有 小孩有 父亲有 母亲有 爸爸有 妈妈有 丈夫有 老公有 妻子有 老婆有 爱人有 " +
		"哥哥有 弟弟有 姐姐有 妹妹有 爷爷有 奶奶有 家人有 本人系 我系 本人因 我因 父亲因 母亲因 妻子因 丈夫因 儿子因 女儿因 孩子因 弟弟因 哥哥因",
	endLifeGroup:  "想自杀 要自杀 自杀未遂 割腕 喝农药 不想活了 跳楼自杀 轻生",
	pregnantGroup: "怀孕 怀了孕 生下孩子 堕胎",
	byGroup: "被老公 被丈夫 被前夫 被男友 被男朋友 被老婆 被妻子 被前妻 被女友 被儿子 被儿媳 被女儿 被女婿 被爸爸 被父亲 被我爸 被妈妈 被母亲 被我妈 被继父 被继母 " +
		"被姐夫 被妹夫 被婆婆 被公公 被婆家 被家人",
	strikeGroup:    "打 打断 打伤 打骨折 打肿 打出血 打得 砍 刺 掐 踢 捅 毒打 殴打 暴打 虐待 打骂",
	imageGroup:     "裸照 裸体 不雅视频 不雅照 床照",
	peerGroup:      "被同学 被男同学 被女同学 被同桌 被室友 被舍友 被高年级 被老师 被班主任 被教官 被园长",
	hurtGroup:      "打 打伤 打断 打肿 踢 踹 掐 咬 扎 扎伤 刺伤 烫 逼 骂 摸 欺负 嘲笑 孤立 勒索 推倒 推下 恐吓",
	topSecretGroup: "绝密 绝密级",
	paperGroup:     "文件 材料 资料 字样 会议纪要",
	sexualGroup: "强奸 猥亵 性侵 轮奸 诱奸 迷奸 奸污 性骚扰 性虐待 性侵犯 被强暴 强暴 袭胸 摸胸 摸屁股 摸大腿 咸猪手 耍流氓 露阴 非礼 陪睡 裙底 " +
		"偷拍我洗澡 偷拍洗澡 偷拍女厕 偷拍上厕所 强迫卖淫 被迫卖淫 逼迫卖淫 强迫妇女 raped rape molested groped sexually sexual_assault sexual_harassment",
	domesticGroup:   "家暴 家庭暴力 打老婆 打媳妇 殴打妻子 殴打老婆 老公打我 丈夫打我 被老公打 被丈夫打 被前夫打 前夫打我 被婆家打 打婆婆 打公公 打父母 打母亲 打父亲 打爸爸 打妈妈 打爷爷 打奶奶 打妻子 打丈夫",
	beatGroup:       "打我 打了我 殴打我 毒打 被打 虐待 打骂 暴打 掐我 踢我 砍我 打人 砸东西 拿刀 持刀 拿菜刀 追着我砍 拳打脚踢 beats_me beat_me hits_me hit_me",
	secretGroup:     "绝密 机密 秘密",
	insideGroup:     "内部资料 内部文件 内部材料 涉密文件",
	spouseGroup:     "丈夫 老公 前夫 妻子 老婆 前妻 男友 女友 男朋友 女朋友 婆婆 公公 儿媳 女婿 姐夫 儿子打 继父 继母 husband boyfriend",
	levelGroup:      "密级",
	secretMarkGroup: "★ ☆",
	keepGroup:       "注意保密 严禁外传 不得外传 禁止外传 妥善保管",
}

// sensitiveRules are the rules. Distances count characters.
var sensitiveRules = []wordRule{
	{reason: sensitiveMinor, word: harmGroup, needs: []near{{childGroup, 14, 6}}, unless: []near{{supposeGroup, 14, 8}, {generalGroup, 10, 8}}},
	{reason: sensitiveMinor, word: harmGroup, needs: []near{{ageGroup, 16, 8}}, unless: []near{{supposeGroup, 14, 8}, {generalGroup, 10, 8}}},
	{reason: sensitiveMinor, word: familyGroup, needs: []near{{childGroup, 24, 24}}, unless: []near{{generalGroup, 8, 8}}},
	{reason: sensitiveHealth, word: illGroup, needs: []near{{sufferGroup, 7, 5}, {selfGroup, 22, 4}}, unless: []near{{careGroup, 12, 10}, {causeGroup, 6, 4}, {generalGroup, 8, 6}}},
	{reason: sensitiveHealth, word: illGroup, needs: []near{{sufferGroup, 7, 5}, {kinGroup, 22, 4}}, unless: []near{{careGroup, 12, 10}, {causeGroup, 6, 4}, {generalGroup, 8, 6}}},
	{reason: sensitiveMinor, word: peerGroup, needs: []near{{hurtGroup, 0, 8}}, unless: []near{{supposeGroup, 14, 8}, {generalGroup, 10, 8}}},
	{reason: sensitiveSexual, word: imageGroup, needs: []near{{selfGroup, 16, 6}}},
	{reason: sensitiveSexual, word: imageGroup, needs: []near{{kinGroup, 16, 6}}},
	{reason: sensitiveMinor, word: pregnantGroup, needs: []near{{ageGroup, 16, 8}}, unless: []near{{generalGroup, 10, 8}}},
	{reason: sensitiveHealth, word: illGroup, needs: []near{{haveGroup, 6, 0}}, unless: []near{{careGroup, 12, 10}, {causeGroup, 6, 4}, {generalGroup, 8, 6}}},
	{reason: sensitiveHealth, word: endLifeGroup, needs: []near{{selfGroup, 14, 6}}, unless: []near{{supposeGroup, 8, 4}, {generalGroup, 8, 6}}},
	{reason: sensitiveHealth, word: illGroup, needs: []near{{kinGroup, 2, 3}}, unless: []near{{careGroup, 12, 10}, {causeGroup, 6, 4}, {generalGroup, 8, 6}}},
	{reason: sensitiveHealth, word: diagnosedGroup, needs: []near{{selfGroup, 40, 12}}},
	{reason: sensitiveHealth, word: diagnosedGroup, needs: []near{{kinGroup, 40, 12}}},
	{reason: sensitiveSexual, word: sexualGroup, unless: []near{{generalGroup, 6, 6}, {supposeGroup, 6, 0}}},
	{reason: sensitiveDomestic, word: domesticGroup, unless: []near{{generalGroup, 4, 8}}},
	{reason: sensitiveDomestic, word: beatGroup, needs: []near{{spouseGroup, 10, 2}}, unless: []near{{supposeGroup, 8, 4}}},
	{reason: sensitiveDomestic, word: byGroup, needs: []near{{strikeGroup, 0, 4}}, unless: []near{{supposeGroup, 8, 4}}},
	{reason: sensitiveSecret, word: topSecretGroup, needs: []near{{paperGroup, 8, 4}}, unless: []near{{generalGroup, 8, 8}}},
	{reason: sensitiveSecret, word: secretGroup, needs: []near{{secretMarkGroup, 0, 2}}},
	{reason: sensitiveSecret, word: secretGroup, needs: []near{{levelGroup, 5, 0}}},
	{reason: sensitiveSecret, word: insideGroup, needs: []near{{keepGroup, 0, 8}}},
}

func newSensitive() *wordRules {
	return newWordRules(stopGroup, ageGroup, placeGroup, sensitiveWords, sensitiveRules)
}

// sensitive holds a case whose title or question, which was scanned last, is about
// something that may tell who wrote it.
func (c *clearing) sensitive(field string) {
	if c.raw.Kind != source.Case || field != source.FieldTitle && field != source.FieldQuestion {
		return
	}
	c.work.spend(2 * len(c.scan.glyphs))
	c.scan.marks = c.sensitives.marks(c.scan.marks[:0], c.scan.glyphs)
	reasons := c.sensitives.judge(c.scan.marks)
	slices.Sort(reasons)
	for _, reason := range reasons {
		c.hold(reason)
	}
}
