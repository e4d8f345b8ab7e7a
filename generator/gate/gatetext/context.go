package gatetext

// The contexts in which names are planted. All but Free are anchored: a word or
// a place beside the name says that it is one.
const (
	SelfIntroduction = "self-introduction"
	Salutation       = "salutation"
	Title            = "title"
	Contact          = "contact"
	List             = "list"
	FamilyMember     = "family-member"
	Signature        = "signature"
	OtherField       = "other-field"
	Free             = "free"
)

// Anchored lists the contexts with an anchor.
func Anchored() []string {
	return []string{SelfIntroduction, Salutation, Title, Contact, List, FamilyMember, Signature, OtherField}
}

// template is a text with the secret at {}; official says who would write it,
// and opens that nothing stands before it.
type template struct {
	official bool
	text     string
	opens    bool
}

// nameTemplates are the families of each context; the number of a family is its
// place in the list.
var nameTemplates = map[string][]template{
	SelfIntroduction: {
		{official: false, text: "尊敬的领导：我叫{}，是{district}{street}的居民，反映{problem}问题，望早日解决。"},
		{official: false, text: "本人{}，{year}年在{company}上班，至今没有签劳动合同。"},
		{official: false, text: "您好，我是{}，住在{estate}，想咨询一下{matter}的事情。"},
		{official: false, text: "我名叫{}，今年{age}岁，家住{town}{village}，申请{matter}没有通过。"},
		{official: false, text: "书记您好！我叫{}，我的父亲在{hospital}住院，费用一直没有报销。"},
		{official: false, text: "投诉人：{}，男，汉族，系{company}员工，被欠薪{n}个月。"},
		{official: false, text: "领导好，我姓名{}，{village}人，关于{matter}，村里一直拖着不办。"},
		{official: false, text: "来信人{}，反映{road}{problem}，已有半年之久。"},
		{official: false, text: "本人姓名：{}，身份证号{id_card}，请帮忙查询{matter}进度。"},
		{official: false, text: "我（{}）于{date}向{office}递交了材料，到现在没有答复。"},
		{official: false, text: "鄙人{}，退休教师，对{road}的改造有几点建议。"},
	},
	Salutation: {
		{official: true, text: "{}：您好！您反映的{problem}问题已收悉，现答复如下。"},
		{official: true, text: "{}同志：\n你来信反映的{matter}问题，我局高度重视，现回复如下："},
		{official: true, text: "尊敬的{}先生：感谢您对我们工作的关心，经{office}核实，情况属实。"},
		{official: true, text: "{}女士，您好：您的来信收悉。经调查，{road}{problem}系施工所致。"},
		{official: true, text: "您好，{}！关于您咨询的{matter}，根据《{law}》，答复如下。"},
		{official: true, text: "{}网友：您好！您在{date}提交的诉求已转{office}办理。"},
		{official: true, text: "关于{}反映{problem}问题的答复\n{}：\n你好！你反映的问题已经办结。"},
		{official: true, text: "尊敬的{}，您好！来信已收到，{office}已于{day}派人到现场查看。"},
		{official: true, text: "信访人{}：你于{date}提出的关于{matter}的信访事项，我单位已受理。"},
		{official: true, text: "{}你好，你的问题我们已经联系{company}处理，预计{n}天内完成。"},
		{official: true, text: "致{}：\n经研究，现就您提出的{matter}事项作出如下处理意见。"},
	},
	Title: {
		{official: true, text: "经核实，{}先生所述情况基本属实，{office}已责令整改。"},
		{official: true, text: "工作人员与{}女士电话沟通，其对处理结果表示满意。"},
		{official: false, text: "我们班的班主任{}老师经常让学生补课，请教育局管一管。"},
		{official: true, text: "{day}，社区走访了{}老人，送去慰问品和慰问金{n}00元。"},
		{official: false, text: "感谢{hospital}的{}医生，他连续工作了{n}个小时。"},
		{official: true, text: "村民{}家庭符合{matter}条件，已纳入保障范围。"},
		{official: false, text: "物业经理{}态度恶劣，业主打电话从来不接。"},
		{official: true, text: "业主{}反映的{problem}一事，我街道已协调{company}处理。"},
		{official: true, text: "{village}贫困户{}一家，{year}年享受危房改造补助{thousands}元。"},
		{official: false, text: "我们村的村支书{}把低保给了自己的亲戚，大家意见很大。"},
		{official: true, text: "民警{}接到报警后，于{time}到达{road}现场处置。"},
		{official: true, text: "当事人{}与{company}签订的合同合法有效。"},
	},
	Contact: {
		{official: false, text: "麻烦尽快解决，联系人：{}，电话{mobile}。"},
		{official: true, text: "如有疑问，请与{office}联系，联系人{}，联系电话：{mobile}。"},
		{official: false, text: "收件人：{}\n电话：{mobile}\n请把书面答复寄给我。"},
		{official: true, text: "您可以联系网格员{}（{mobile}），由其上门登记。"},
		{official: false, text: "请回电话给我，{}，{mobile}，白天都可以接听。"},
		{official: true, text: "承办人：{}，联系方式：{mobile}，办理时限{n}个工作日。"},
		{official: false, text: "姓名：{} 电话：{mobile} 反映事项：{problem}"},
		{official: true, text: "已请社区干部{}跟进，手机{mobile}，您可直接与其对接。"},
		{official: false, text: "开户名：{}，卡号{bank_card}，退款请打到这里。"},
		{official: false, text: "找{}联系就行，他的电话是{mobile}，房东不在本地。"},
	},
	List: {
		{official: false, text: "我们几位业主{}、{person b}、{person c}联名反映{estate}{problem}。"},
		{official: true, text: "经查，被征地农户有{}、{person b}、{person c}、{person d}等{n}户。"},
		{official: false, text: "被拖欠工资的工人名单：{}，{person b}，{person c}，合计{thousands}元。"},
		{official: true, text: "现将{year}年{matter}名单公示如下：{} {person b} {person c} {person d}。"},
		{official: false, text: "联名人：\n{}\n{person b}\n{person c}\n{date}"},
		{official: true, text: "序号1 {}；序号2 {person b}；序号3 {person c}，以上三人材料齐全。"},
		{official: false, text: "同村的{}和{person b}都领到了补偿款，为什么我没有？"},
		{official: true, text: "调查组先后询问了{}、{person b}以及{person c}，制作了笔录。"},
		{official: false, text: "签名的有：{}、{person b}、{person c}、{person d}。"},
		{official: true, text: "经核对，{}（户主）、{person b}、{person c}的信息已录入系统。"},
	},
	FamilyMember: {
		{official: false, text: "我父亲{}，今年{age}岁，一直没有领到养老金。"},
		{official: false, text: "我的妻子{}在{company}工作，被无故辞退。"},
		{official: true, text: "经核实，其丈夫{}名下有一辆小汽车，不符合{matter}条件。"},
		{official: false, text: "孩子{}今年九月上小学，户口在{district}，能上{school}吗？"},
		{official: true, text: "该户共{n}口人，户主之子{}在外务工，之女{person b}在校就读。"},
		{official: true, text: "户主{}，妻子{person b}，长子{person c}，家庭年收入{thousands}元。"},
		{official: false, text: "我儿子{}在{school}读书，被同学打伤，学校不管。"},
		{official: false, text: "爷爷{}是退伍军人，请问有什么补助政策？"},
		{official: true, text: "{}之母系我镇{village}村民，已享受{matter}待遇。"},
		{official: false, text: "我老公{}在工地干活摔伤了，老板不给治。"},
		{official: true, text: "您的母亲{}的{matter}事项已于{date}办理完毕。"},
	},
	Signature: {
		{official: false, text: "请领导帮我解决{problem}的问题，万分感谢！\n{}\n{date}"},
		{official: false, text: "恳请尽快处理{matter}一事。此致敬礼！{}"},
		{official: false, text: "希望有关部门重视。\n反映人：{}"},
		{official: false, text: "以上情况属实，如有虚假愿负责任。申请人：{}，{date}"},
		{official: false, text: "盼复！\n\n{estate}业主 {}\n{isodate}"},
		{official: false, text: "此致\n敬礼\n　　　　　　{}敬上"},
		{official: false, text: "请求依法查处。举报人签名：{}"},
		{official: false, text: "谢谢各位领导！——{}"},
		{official: false, text: "一个普通市民：{}，{day}。"},
		{official: false, text: "期待您的回复。{village}村民{} {date}"},
	},
	OtherField: {
		{official: true, text: "经核实，{}反映的情况属实，已督促{company}整改。"},
		{official: true, text: "我局已将办理结果告知{}，其表示认可。"},
		{official: true, text: "{}提出的{matter}申请不符合规定，依法不予支持。"},
		{official: true, text: "{day}，工作人员到{}家中走访，当面解释了政策。"},
		{official: true, text: "关于{}的诉求，{office}已转交有关科室。"},
		{official: true, text: "目前{}已领取补助{thousands}元。"},
		{official: true, text: "因{}未能提供原件，{matter}暂时无法办理。"},
		{official: true, text: "已为{}补发{year}年度的补贴。"},
		{official: true, text: "调解时{}要求赔偿{sum}元，对方不同意。"},
		{official: true, text: "我们多次拨打电话，{}均未接听。"},
	},
	Free: {
		{official: true, text: "经查，{}与{company}之间的纠纷属于民事纠纷，建议走司法途径。"},
		{official: false, text: "{}把公共过道占了堆放杂物，物业说了多少次也不听。"},
		{official: false, text: "村里把我家的地分给了{}，没有任何手续。"},
		{official: false, text: "昨天下午{}在{road}被电动车撞倒，肇事者逃走了。"},
		{official: true, text: "{date}，{}到{office}窗口咨询{matter}，因材料不全未能办理。"},
		{official: true, text: "该房屋由{}于{year}年购买，尚未办理不动产登记。"},
		{official: false, text: "欠条是{}写的，{year}年到现在一分钱没有还。"},
		{official: true, text: "经调查，{}自{year}年起在该处经营早餐店，未办理营业执照。"},
		{official: false, text: "{}说这块地是他的，谁也不许动，还威胁我们。"},
		{official: true, text: "法院判决{}支付货款{thousands}元，目前案件正在执行中。"},
		{official: true, text: "由于{}不同意调解方案，双方未能达成一致。"},
		{official: false, text: "包工头{}跑了，我们{n}个人的工资没有着落。"},
		{official: true, text: "我镇已安排{}参加公益性岗位，月工资{hundreds}0元。"},
		{official: false, text: "车位本来是我的，被{}长期霸占，报警也没用。"},
		{official: true, text: "涉事店铺经营者为{}，执法人员已现场责令改正。"},
		{official: false, text: "房子卖给了{}以后，过户一直办不下来。"},
		{official: true, text: "{}的宅基地与相邻土地界线不清，需重新测量。"},
		{official: false, text: "为什么{}能评上{matter}，而我家条件更差却评不上？"},
		{official: true, text: "查看监控后确认，系{}驾驶车辆将护栏撞坏。"},
		{official: false, text: "听邻居讲，{}家盖房超了面积，没有人来管。"},
		{official: true, text: "死者{}生前系{company}职工，单位已按规定支付丧葬补助。"},
		{official: true, text: "镇政府与{}协商后，同意将补偿标准提高到每亩{thousands}元。"},
	},
}
