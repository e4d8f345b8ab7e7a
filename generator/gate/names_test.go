package gate

import (
	"strings"
	"testing"
	"testing/fstest"
)

// namesIn returns text with 【】 around each name whose confidence is at least
// least. known are names of other fields of the case.
func namesIn(t *testing.T, n *names, text string, least int, known ...string) string {
	t.Helper()
	s := &scan{tables: &tables{folds: newFolds(), names: n}, work: &budget{left: 1 << 40}}
	for _, name := range known {
		var k []uint16
		for _, r := range name {
			k = append(k, uint16(r))
		}
		s.known = append(s.known, k)
	}
	s.glyphs = s.folds.view(nil, text)
	s.people()
	open, shut := map[int]bool{}, map[int]bool{}
	for _, h := range s.hits {
		if h.confidence >= least {
			open[int(s.glyphs[h.first].start)], shut[int(s.glyphs[h.last-1].end)] = true, true
		}
	}
	var b strings.Builder
	for i := 0; i <= len(text); i++ {
		if shut[i] {
			b.WriteString("】")
		}
		if open[i] {
			b.WriteString("【")
		}
		if i < len(text) {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func plain(marked string) string { return strings.NewReplacer("【", "", "】", "").Replace(marked) }

// Each line is a text in which the names that must be masked are marked.
const announcedNames = `
我叫【张建国】，家住本县，今年六十二岁。
我是【李秀英】，反映小区停水一事。
本人【王小军】，系三组村民。
我的名字是【赵雅琴】，联系我请打手机。
我的名字叫【孙志强】。
姓名：【周晓燕】
姓名：【欧阳雪】 性别：女
姓 名：【何佩】
联系人：【陈志远】
联系人: 【刘倩】，电话见附件
经办人：【徐文博】　审核人：【高翔】
负责人【马国山】称已整改
户主【冯桂兰】的低保已停发
业主：【诸葛明】
法定代表人：【尉迟文海】
法人【黄伟】
尊敬的【张三丰】：您好！
尊敬的【林静】女士，您好！
尊敬的网友【吴晓敏】：您好，您反映的问题收悉。
尊敬的【邓丽娟】网友：
【郑小芳】先生：您好！
【郑凯】同志：您好，来信收悉。
【谢芳芳】您好：
【蒋一鸣】，您好！
网友【曹雨欣】：您好！
市民【彭德华】反映路灯不亮。
投诉人：【曾庆丰】
信访人【萧红梅】多次到访。
申请人【范志刚】的申请已受理。
反映人【石磊】来电称
当事人【姚远】未到场。
被投诉人【夏侯敦】
死者【方国栋】家属情绪稳定
患者【潘玉莲】于次日出院
学生【钟子涵】在放学路上摔伤
考生【丁一凡】的准考证丢失
家长【韩梅】多次与学校沟通
我儿子【韩梓轩】在该校就读
其女儿【沈诗涵】今年上小学
丈夫【秦大勇】在外务工
爷爷【董万福】今年八十岁
孙子【董浩然】读二年级
【董浩然】之子今年三岁
与【雷振华】取得联系
向【薛丽】核实情况
由【贺建军】负责
局长【江志明】带队到现场
【江志明】局长带队到现场
班主任【唐婉】老师打了孩子
【唐婉】老师打了孩子
村主任【武大江】私分补偿款
医生【阎立新】开的药
业主代表：【罗兰】、【戴安娜】、【毛文静】
联名人：【陆建平】 【贾玉柱】 【邱淑珍】
村民【孟庆】、【侯小刚】和【龙飞】
【史玉柱】，男，1980年5月生
【邵逸】（身份证号见附件）
【万国强】（男，汉族）
【覃小妹】，女，壮族
【郝建】，1975年3月出生
贫困户【温玉兰】家住房危险。
帮扶责任人【祁连军】每月走访。
接待人：【庞俊】
执法人员【倪海涛】、【庄文博】出示证件。
原告【聂小倩】诉被告【鲁大海】民间借贷纠纷一案。
【齐国富】的妈妈来电咨询入学政策。
经与投诉人【安丽】电话联系，其表示满意。
女儿叫【易欣怡】，今年六岁。
（业主：【乔建设】）
签名：【施一诺】
【翟浩】 男 汉族 1965年生
【申屠静】现年七十三岁。
【耿忠】，您反映的问题答复如下：
【殷文革】：
您好，来信收悉。
此致敬礼！ 【常志英】 2023年5月6日
望尽快解决。
【樊丽华】
申请人：【牛春花】2018年4月13日
我叫【傅文章】，家住本县。
投诉人【赖建和】，男，汉族
联系人：【丘海彪】，电话见附件
申请人【竺家伟】提交了材料
当事人【李金和】，未到场。
局长【梅春和】通报了进展
局长【梅春】和副局长【李志强】到场
谢谢各位！——【路秀山】
您好，我是【方桂英】，住在城东，想问一下办证的事。
鄙人【陶向清】，退休工人
致【张大海】：经研究，答复如下。
登记表：序号1 【王建军】；序号2 【查飞】；序号3 【李海玲】，共三人
名单：1.【王桂和】 2.【查飞】 3.【李建军】
询问了【曲霞】、【施保然】以及【封俊】
市长【孔占林】主持会议
【薛嗣搏】同志：您好！
免去【毛垚辰】同志职务
联系人：【郑搏】
我叫【戴占山】，家住城西
业主代表：【罗兰】、【尹占海】、【吕嗣文】
“区长【曹向工】”的表述有误
副区长【仉建平】到会
县长【古丽巴尔青】”的表述有误
村民【王井】家搬迁多年
姓名：【果海尔妮萨罕·萨吾尔】
`

func TestAnnouncedNames(t *testing.T) {
	n := newNames()
	for line := range strings.Lines(strings.TrimSpace(announcedNames)) {
		want := strings.TrimSuffix(line, "\n")
		switch want {
		case "望尽快解决。", "【樊丽华】", "【殷文革】：", "您好，来信收悉。":
			continue // lines of letters, below
		}
		if got := namesIn(t, n, plain(want), 60); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
	for _, letter := range []string{"经核实，投诉人【周\n晓燕】反映的问题属实。", "联系人：【周\n晓\n燕】，请尽快答复。", "小区停水三天，望尽快解决。\n【樊丽华】", "【殷文革】：\n您好，来信收悉。"} {
		if got := namesIn(t, n, plain(letter), 60); got != letter {
			t.Errorf("marked %q, want %q", got, letter)
		}
	}
}

const freeNames = `
昨天下午【张建国】在楼道里堆放杂物。
物业的【李秀英】说没有办法。
楼上【王晓军】家漏水，我多次找【王晓军】协商无果。
【陈志远】和【刘小倩】一起到现场查看。
补偿款被【赵德才】领走。
土地一直由【孙国强】耕种。
【周丽萍】承认收了押金。
【吴海燕】拖欠工资三个月。
这笔钱是【郑文斌】收的。
我找到【冯秀兰】，她说不知情。
【褚卫东】未按合同施工。
该房屋登记在【蒋玉梅】名下。
工头【沈宝山】跑路了。
我把材料交给【韩雪梅】。
【杨晓东】擅自占用消防通道。
【朱建华】的房子是违建。
【欧阳志刚】要求我们搬走。
您反映的【钟国栋】占用耕地问题，经查属实。
经询问【葛春梅】，其称不知情。
举报【汤小兵】非法采砂。
【葛新民】户共有三口人，享受低保。
经调解，【左海波】与【龚雪芹】达成一致意见。
邻居家的【冯胜利】在楼道养鸡。
已为【吕伟】补发上年的补贴。
调解时【雷建军】要求赔偿损失。
房子卖给了【项国强】以后一直没有过户。
处理结果已电话告知【钱文斌】，其表示满意。
找到【何春丽】以后才知道原因。
为什么【李欣】能评上养老金？
村民【王红林】、【李宇博】、【刘小梅】联名反映停水。
`

func TestFreeNames(t *testing.T) {
	n := newNames()
	for line := range strings.Lines(strings.TrimSpace(freeNames)) {
		want := strings.TrimSuffix(line, "\n")
		if got := namesIn(t, n, plain(want), 30); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
}

//lint:ignore ST1018 the characters are what is tested
const namesOfOtherKinds = `
我叫【阿卜杜拉·买买提】，在市场经商。
【艾尔肯•吐尔逊】反映摊位费过高。
居民【阿依古丽‧热合曼】来电
租户【古丽娜・艾合买提】
自治区主席【艾尔肯·吐尼亚孜】主持会议
反映人【阿卜杜拉.买买提】
参加的有：【奴容沙·买买提】、【玉山江·米吉提】等。
村民【扎西次仁】家的草场
牧民【乌云其木格】反映草场纠纷。
【娜仁高娃】老师
姓名：【巴特尔】
居民【阿依古丽】来电
学生【卓玛央金】的助学金
【洛桑多吉】反映通村路损坏。
联系人：【扎西】
村民【阿余伍呷】没有领到补贴。
【沙马尔布】和【吉克石布】外出务工。
低保户【曲木日果】
姓名：【張國榮】
經辦人：【陳麗華】
我叫【劉曉慶】
姓名：【张 三 丰】
姓名：【赵 倩】
我叫【张-三-丰】，家住本县。
尊敬的【张*三*丰】：您好！
局长【李 秀 英】到现场。
尊敬的【李**秀英】：您好！
由【王 建 国】负责整改。
【欧 阳 雪】女士您好
联系人：【Zhang Wei】，手机见附件
我叫【Li Xiaoming】，在本市工作
【张​建​国】先生您好
与【李-雷】女士电话沟通
本人姓名：【李**文全】，身份证号见附件
尊敬的【马 宇】先生：感谢来信
学生【索朗白珍】的助学金
村民【且沙木呷】没有领到补贴
【阿力古哈】和【惹几尔布】外出务工。
反映人【麦麦提·司马义】
尊敬的【央金罗布】，您好！
`

func TestNamesOfOtherKinds(t *testing.T) {
	n := newNames()
	for line := range strings.Lines(strings.TrimSpace(namesOfOtherKinds)) {
		want := strings.TrimSuffix(line, "\n")
		if got := namesIn(t, n, plain(want), 60); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
}

// Nothing in these lines is the name of a person whom nobody knows.
const noNames = `
各单位应该及时支付农民工工资，任何单位不得拖欠。
高新区、金牛区、温江区、成华区、双流区按照职责分工落实。
成都市住房和城乡建设局高度重视，第一时间安排工作人员到现场核实。
关于您反映的路灯不亮问题，经调查，该路段路灯由城市管理局负责管理。
于是我们马上联系项目部，何时完工尚未明确。
温馨提示：办理时间为工作日上午九时至下午五时。
常委会通过的条例自今年五月一日起施行。
毛坯房交付标准以合同为准，白天施工时段为八时至十八时。
严重违反程序的，由主管部门责令改正；宁愿慢一点，也要安全。
云南、江苏、安徽、黑龙江、石家庄、张家口、连云港、马鞍山等地。
习惯性违章、史料馆、管理规定、解决方案、连续三年、项目审批。
龙泉驿区田地补偿包括青苗费和附着物补偿费。
谢谢！全部罗列如下。
陈述申辩、应当听证、程序合法、严格依法、文明施工。
孙中山路、鲁迅公园、王府井大街、张家口市、李家村、赵公山、中山路小学。
坚持马克思主义，贯彻习近平新时代中国特色社会主义思想，弘扬雷锋精神。
王女士来电，李先生、张某、刘某某、陈某、小王、老李均已回访。
王局长、李主任、赵书记、刘老师、周医生、何大爷、吴阿姨、郑师傅。
尊敬的胡书记：您好！尊敬的王先生、李女士：您好！
尊敬的网友：您好！来信收悉。尊敬的市民朋友：您好！
尊敬的领导：您好！尊敬的业主：尊敬的家长：尊敬的来信人：
根据《中华人民共和国物权法》《物业管理条例》的有关规定答复如下。
苏政发〔2020〕12号、川办发〔2019〕3号、楚财建〔2016〕74号文件。
乘坐99路、华夏路站、高升桥站、石羊场站、金沙站、安靖站换乘。
龙湖天街、万科城、华润橡树湾、金科公园、雅居乐花园、保利香槟国际。
高度重视、方便群众、安全生产、明确责任、强化监管、全力以赴、万无一失。
全体居民、部分居民、有关同志、各位同志、全体老师、任何同志、相关同志。
家长应为子女办理入学手续，学生应按时到校，患者应遵医嘱。
业主应当按时交纳物业费，业主向物业公司反映，业主和物业签订合同。
申请人应提交以下材料，申请人常住户口在本市，申请人应当年满十八周岁。
负责人应到场，负责人安排专人，负责人高度重视，联系人方式如下。
当事人应当如实陈述，当事人向人民法院起诉，当事人和解。
孩子高中毕业，儿子高考，女儿成绩，父亲高龄，母亲常年卧病。
老人常年独居，老人安全，儿童安全，学生安全，学生体质，学生家长。
村民住房、村民方便、村民经常出行不便，居民安全、居民生活用水。
经办人员、审核人员、工作人员、负责人员、项目经理部、经理室。
代表大会、委员会、主席团、书记处、主任会议、局长办公会、局长信箱、县长热线。
老师应该、老师傅、老师和学生、医生和护士、律师事务所、法官和书记员。
尊敬的张女士/先生，您好！
水费、电费、金额、费用、余额、单价、时效、权限、强制执行。
华为公司、江南水泥厂、林海建设有限公司、周大福珠宝、陈麻婆豆腐、黄焖鸡米饭。
武侯祠、杜甫草堂、诸葛亮、关羽、岳飞、白居易、苏东坡、张仲景、李时珍。
方便面、平安夜、国庆节、元旦、端午节、毛巾、麦田、柳树、梅花、荷花。
施工方、施工队、平方米、万元整、元每平方米、年利率、月租金。
白云区、黄浦区、安宁市、阳江市、万州区、秦皇岛、康定、米易、越西、甘洛。
应急管理局、市场监督管理局、农业农村局、卫生健康委员会、司法局、信访局。
解放路、建设路、文化路、和平里、幸福村、团结村、红旗社区、向阳小区。
胡同、范围、范本、曾经、余下、付款、任意、任职、任命、祝愿、祝好。
全程、全面、全市、全覆盖、于今年、于去年、于次日、和谐、和平、时间、时期。
计划、计生、广大、广场、广告、强烈、强调、强占、相关、相应、支行、支队。
居民楼、居民委员会、村民委员会、村民小组、市民中心、市民热线、市民服务中心。
公示期满无异议，公告如下；来电来访来信均已登记；来人来函。
国家、国土、官方、官网、商业、商户、商品房、沙石、桑拿、冷水、温度、游客。
安装、安置、安保、安检、景区、景观、鲜花、鲜明、党员、党委、党支部。
一、二、三、四、五、六、七、八、九、十。
途经华鑫丽名苑、金荣兰业主群、景水荣污水处理厂、桂隆玉采石场、柳永丽二期等站点。
杨泰丽镇负责整改，林康香街、安凤伟康湖、荣方江半岛、石昌阳岸名苑、方桂A座、金宁3期。
江苏华鹏智能仪表科技股份有限公司、宜春柯然商务服务有限公司、吉翔医药化工有限公司。
名苑业主反映电梯故障，路业主群、楼盘业主、名苑居民、盛世华庭居民来电。
曾借调到县里工作，钱补助到位，王陵墓葬群，白夜班的医生，这张页面上的时间，第一张截图。
谢谢张主任，祝陈书记工作顺利，拜谢黎书记，冲向唐女士发火，李总理讲话。
张姓工作人员、李姓业务员、王氏祠堂、陈氏家族、王总来电。
调 查 信 息、通 知、关 于、方 案、任 务、历 史、公 告、附 件、时 间。
调查征集、政策解读、主动公开、领导信息、县长信箱、网上调查。
万科·城市花园、龙湖·天街、巴黎·春天、维也纳·森林、保利·香槟国际、美好·家园、平安·健康。
本 报 讯、会 议 纪 要、高 度 重 视、安 全 第 一、方 便 群 众、成-都-市、金*牛*区。
姓 名 性 别 年 龄 单 位 备 注。
张亮麻辣烫、王婆大虾、李记包子铺、周记牛肉面、杨国福麻辣烫、马永记、老王家烤鱼。
张冠李戴、李代桃僵、张灯结彩、王顾左右、周而复始、万众一心、高瞻远瞩、金玉良言、石破天惊。
宋庆龄基金会、邵逸夫楼、茅盾文学奖、钱学森图书馆、詹天佑奖、鲁班奖、李时珍中医院。
小张、老刘、阿强、张总、李工、王律、赵队、孙所、吴某（男）、郑某、张某甲、周某夫妇。
我是高三学生、我是应届毕业生、我是金牛区居民、我是万科业主、我是高新区某公司员工。
网友“云淡风轻”、网友“阳光明媚”、用户“平平淡淡”、网友“安静的小鱼”。
打着手电走，上周已有老人绊倒；曾多次反映、曾于去年来信、曾在该公司上班。
范仲淹、王阳明、梁启超、曾国藩、南仁东、黄旭华的事迹；石楠、金桂、万寿菊、何首乌、哈士奇。
汪汪队、熊猫基地、龙舟赛、牛奶、马路、羊肉、鹿角巷、燕窝。
黄桃、石榴、金橘、桂圆、柳杉、白蜡、石楠、万寿菊、金银花、黄芪、白术、柴胡的价格。
刘海粟美术馆、李可染艺术馆、陈云故居、田家炳实验中学、邵逸夫医院旁边。
张江高科站至陈家祠站、方庄站、沈家门站、何家垅站换乘。
李宁专卖店、张裕葡萄酒、周生生珠宝、王守义十三香、方太橱柜。
局长到安居苑接待来访群众，书记到恒大御景接待来访群众。
丰源市长春路与北京路交叉口，韩家洼等地的经验，奶奶是朱厅人。
秦昭王、宋仁宗、水利部长江水利委员会、百里杜鹃管理区、今后的日子里。
宋景德元年、明万历年间、清乾隆时期。
宋绍兴三十年（1160）置县，宋徵宗重和元年改名，齐国灭邓国，邓国的国都。
市长热线、区长信箱、局长接待日、村民委员会主任、李某某、陈村村长、王家同志、王家女士。
向局长郭向工作人员汇报，村民张贴告示，市民向有关部门反映，联系人：王工，联系人：办公室。
向基层同志学习，和老同志交流，学生应返校，居民用水，老人常走这条路，司机应赔偿，干部应带头。
合计伍佰元整，壹万伍仟元，赔偿万壹仟元，共计人民币贰万壹仟伍佰元，付给他万伍仟元，拾伍万。
打谷苑北门外的路灯，在谷苑北门，方家园南侧。某报曾刊文《一门忠国》，小镇杨汛桥：强村富民，路边高山榕的价格。
`

func TestNoNames(t *testing.T) {
	n := newNames()
	for line := range strings.Lines(strings.TrimSpace(noNames)) {
		want := strings.TrimSuffix(line, "\n")
		if got := namesIn(t, n, want, 30); got != want {
			t.Errorf("marked %q, in which there are no names", got)
		}
	}
}

func TestNamesKnownFromOtherFields(t *testing.T) {
	n := newNames()
	for _, test := range []struct{ known, want string }{
		{"张建国", "昨天，【张建国】带人来量地。"},
		{"张建国", "昨天，【张 建 国】带人来量地，【张建国】没有签字。"},
		{"高峰", "早高峰时段，【高峰】到场处理。"},
		{"阿卜杜拉买买提", "摊主【阿卜杜拉·买买提】已搬走"},
	} {
		if got := namesIn(t, n, plain(test.want), 80, test.known); got != test.want {
			t.Errorf("knowing %s, marked %q, want %q", test.known, got, test.want)
		}
	}
}

func TestNamesOfOneText(t *testing.T) {
	const want = "投诉人：【栗子君】。现查明，欠款一事【栗子君】并不知情，【栗 子 君】可到社区领取回执。"
	if got := namesIn(t, newNames(), plain(want), 80); got != want {
		t.Errorf("marked %q, want %q", got, want)
	}
}

func TestTitledNames(t *testing.T) {
	n := newNames()
	for _, test := range []struct {
		text   string
		titled bool
	}{
		{"局长江志明带队到现场", true},
		{"江志明局长带队到现场", true},
		{"联系人：江志明", false},
		{"江志明先生反映", false},
	} {
		s := &scan{tables: &tables{folds: newFolds(), names: n}, work: &budget{left: 1 << 40}}
		s.glyphs = s.folds.view(nil, test.text)
		s.people()
		if len(s.hits) != 1 || s.hits[0].titled() != test.titled || s.hits[0].norm != "江志明" {
			t.Errorf("%s: %d hits, or not the name, or titled is not %v", test.text, len(s.hits), test.titled)
		}
		if known := s.personNames(s.hits); len(known) != 1 || string([]rune{rune(known[0][0]), rune(known[0][1]), rune(known[0][2])}) != "江志明" {
			t.Errorf("%s: other fields would not look for the name", test.text)
		}
	}
}

func TestMaskedNamesStayQuiet(t *testing.T) {
	n := newNames()
	for line := range strings.Lines(strings.TrimSpace(announcedNames + freeNames + namesOfOtherKinds)) {
		masked := maskNames(strings.TrimSuffix(line, "\n"))
		if got := namesIn(t, n, masked, 30); got != masked {
			t.Errorf("in the masked text marked %q", got)
		}
	}
}

// maskNames puts 某某 in the place of each marked name.
func maskNames(marked string) string {
	var b strings.Builder
	within := false
	for _, r := range marked {
		switch {
		case r == '【':
			within = true
			b.WriteString("某某")
		case r == '】':
			within = false
		case !within:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestListsOfNamesFailClosed(t *testing.T) {
	good := fstest.MapFS{}
	entries, err := nameLists.ReadDir("lists")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := nameLists.ReadFile("lists/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		good["lists/"+e.Name()] = &fstest.MapFile{Data: data}
	}
	if n := readNames(good); !n.ok || n.reason != "" {
		t.Fatalf("the lists are whole, but: %s", n.reason)
	}
	for _, e := range entries {
		file := "lists/" + e.Name()
		data := good[file].Data
		damage := map[string][]byte{
			"short":   data[:len(data)-40],
			"empty":   {},
			"changed": append(append([]byte{}, data[:len(data)/2]...), append([]byte("x"), data[len(data)/2+1:]...)...),
		}
		for how, bad := range damage {
			lists := fstest.MapFS{}
			for name, f := range good {
				lists[name] = f
			}
			lists[file] = &fstest.MapFile{Data: bad}
			if n := readNames(lists); n.ok || n.reason == "" {
				t.Errorf("%s is %s, and nobody says so", file, how)
			}
			delete(lists, file)
			if n := readNames(lists); n.ok || n.reason == "" {
				t.Errorf("%s is missing, and nobody says so", file)
			}
		}
	}
}

func FuzzPeople(f *testing.F) {
	for line := range strings.Lines(strings.TrimSpace(announcedNames + freeNames + namesOfOtherKinds + noNames)) {
		f.Add(plain(line))
	}
	table := &tables{folds: newFolds(), names: newNames()}
	s := &scan{tables: table}
	f.Fuzz(func(t *testing.T, text string) {
		s.work, s.hits = &budget{left: 1 << 40}, s.hits[:0]
		s.glyphs = s.folds.view(s.glyphs[:0], text)
		s.people()
		for _, h := range s.hits {
			if h.first < 0 || h.first >= h.last || int(h.last) > len(s.glyphs) {
				t.Fatal("a span that is none")
			}
			if h.confidence < 1 || h.confidence > 100 || h.norm == "" {
				t.Fatal("a hit without confidence or name")
			}
		}
	})
}

func BenchmarkPeople(b *testing.B) {
	text := strings.Repeat(plain(noNames+freeNames), 20)
	s := &scan{tables: &tables{folds: newFolds(), names: newNames()}, work: &budget{left: 1 << 60}}
	s.glyphs = s.folds.view(nil, text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.hits = s.hits[:0]
		s.people()
	}
}
