package gate

import (
	"strings"
	"sync"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// placesOf returns the text with the addresses and days of birth in it set in
// 【】 where they are masked and in 〖〗 where they are doubtful.
func placesOf(t testing.TB, text string) (marked, masked string) {
	t.Helper()
	s := &scan{tables: placeTables(t), work: &budget{left: 1 << 30}, asOf: record.Date(2026, 11, 20)}
	s.glyphs = s.folds.view(nil, text)
	s.addresses()
	var m, k strings.Builder
	done := 0
	for _, h := range s.resolve() {
		start, end := int(s.glyphs[h.first].start), int(s.glyphs[h.last-1].end)
		m.WriteString(text[done:start])
		k.WriteString(text[done:start])
		switch {
		case h.confidence >= 60:
			m.WriteString("【" + text[start:end] + "】")
			k.WriteString("***")
		case h.confidence >= 30:
			m.WriteString("〖" + text[start:end] + "〗")
			k.WriteString(text[start:end])
		default:
			t.Errorf("a hit of confidence %d is nothing", h.confidence)
		}
		done = end
	}
	m.WriteString(text[done:])
	k.WriteString(text[done:])
	return m.String(), k.String()
}

// placeTables returns the tables of a gate, made once.
func placeTables(t testing.TB) *tables {
	t.Helper()
	return sharedTables()
}

var sharedTables = sync.OnceValue(func() *tables { return &tables{folds: newFolds(), places: newPlaces()} })

// TestAddresses marks in the text what is masked: from below the street office
// or township, else from the first name of a road, estate or village.
func TestAddresses(t *testing.T) {
	for _, want := range []string{
		// estates
		"我家住武侯区浆水街道【锦绣花园3栋2单元501室】，楼上漏水。",
		"地址：成都市青羊区【光明路12号翠湖小区5栋1单元302】，电话打不通。",
		"本人系【金色家园12号楼】业主，电梯坏了半个月。",
		"【锦绣花园3-2-501】的水表坏了。",
		"请到【幸福小区5-1203】看看。",
		"我是【翠湖小区8#楼1单元】的住户。",
		"我是【翠湖小区8#3单元】的住户。",
		"反映【阳光新城A座1203室】群租。",
		"【保利香槟12栋1单元1203】反映装修噪音。",
		"【城南佳苑二期（北区）3幢501室】天天漏水",
		"我在【世纪城五期龙腾苑7栋3单元9楼18号】买了房。",
		"【怡和园南区14号楼】停水三天了。",
		"【滨江名都10号楼2单元】楼道灯不亮。",
		"投诉【碧水湾小区3栋】楼下烧烤店油烟。",
		"家住【西苑小区三栋二单元五零一】，请帮忙。",
		"我父亲住在【长虹家属院2排5号】。",
		"请退到【电力局家属院3单元401】。",
		"【锦绣花园3栋2单元501室、502室】都漏水。",
		"我住【3号楼2门501】，她住对面。",
		"我们小区【12栋2单元】没有电梯。",
		"我们小区【12栋】没有电梯。",
		"我住【滨江一号3栋501】，楼上漏水。",
		"反映【东湖壹号5栋】电梯故障。",
		"【翠湖小区3幢178号】电梯坏了。",
		"【上河村三组178号】电梯坏了。",
		"【锦绣花园3幢1号】门坏了。",
		// roads
		"住址：江宁区【胜利路128号】。",
		"我家在【解放西路45号附3号】，已经停水两天。",
		"户籍地址是玉山县冰溪镇【东门巷8号】。",
		"【人民路23号】晚上有人打麻将，吵得睡不着。",
		"现住长宁区【安化路123弄45号602室】。",
		"收货地址：朝阳区【望和东街12号院3号楼2单元1801室】",
		"【建设北路一段88号2楼】的邻居养了二十条狗",
		"我家【和平路12-3号】门口的井盖坏了。",
		// villages
		"我是大通县桥头镇【上庄村3组25号】的村民。",
		"【白云村五组】至今没有通自来水。",
		"家住双龙乡【石板村四社】。",
		"【红星村第三村民小组】的土地补偿款没有发。",
		"本人是高坪镇【青龙社区6组】居民。",
		"我家在柳林镇【王家湾12号】。",
		"【新华大队五队】的水渠堵了。",
		"永安镇【文昌社区东阳6组】村民李某反映。",
		"家住某镇【李家村12号】。",
		// lists of groups
		"【白云村六、七组】没有路。", "【白云村3、4、5组】停水。", "【白云村第六、第七村民组】停水。", "【白云村3组和5组】停水。",
		// marks that set off words
		"| 【锦绣花园 | 3栋 | 2单元 | 501】 |", "「【锦绣花园」「3栋」「2单元」「501】」漏水。", "家住【锦绣花园“3栋”2单元501】，",
		"家住**【锦绣花园****3栋****2单元****501】**。", "住【和平路壹拾贰号】。", "住【锦绣花园3/2/501】。", "住【锦绣花园3.2.501】。",
		// halls of residence
		"我住【师范大学学生公寓5栋301】，没有热水。",
		"职工宿舍【2栋408室】漏电。",
		"| 翠湖小区 | 12栋 | 36单元 | 1200户 |", "| 锦绣花园 | 3栋 | 已完工 |", "「来信」小区停水问题由1组负责", "“一核两翼三组团”",
		"一、二组数据正常", "社区网格员三、四组轮班", "第一、第二组分别讨论", "白云村两委和三组长开会", "村委会第一、二组织部", "锦绣花园1/3/500户", "锦绣花园2024.3.5建成",
		"翠湖小区3/5的业主同意", "氧化高盐废水零排放", "四、分组安排第一组：", "污染环境防治法第二十五条 295 排污许可证",
		"电话：0311-87800000　　地址：和平西路402号", "地址：和平西路402号（050051）",
		// answers of offices
		"经核实，来电人居住在锦江区柳江街道【锦东庭园6栋1单元803号】，情况属实。",
		"经查，石桥镇【高坎村2组】道路未硬化属实。",
		// spellings
		"家住【锦绣花园３栋２单元５０１室】",
		"家住【锦绣花园 3 栋 2 单元 501 室】",
		"家住【锦绣花园三栋二单元五〇一室】",
		"家住【锦绣花园叁栋贰单元伍零壹室】",
		"家住【锦绣花园3\u200b栋2\u200b单元5\u200b0\u200b1室】",
		"家住【锦绣花园3栋\n2单元501室】",
		"家住【锦绣花园3栋2单\n元501室】",
		"家住【锦绣花园3栋2单元5 0 1室】",
		"家住【锦绣花园③栋②单元501室】",
		"家住【锦绣花园3栋，2单元，501室】",
		"家住【锦绣花园3栋2单元5O1室】",
		"家住【锦绣花园3—2—501】",
		"家住【锦绣花园十二栋二单元】",
		"家住【锦 绣 花 园 3 栋 2 单 元】",
		"家住【锦绣花\n园3栋2单元】",
		"家住【錦繡花園3號樓2單元501室】",
		"家住【锦绣花园**3**栋2单元501室】",
		"家住【锦-绣-花-园-1-3-栋-2-单-元】",
		"【光明路12号3栋1单元24层3】漏水。",
		// numbers of houses
		"现住【光明路甲12号】，", "现住【光明路12号甲】，", "现住【光明路12号之3】，", "现住【光明路128号502】，", "现住【光明路128号-3-501】，",
		"家住城东镇【南门外头14号】，", "家住【河边14号】，", "家住城东镇老街【2号】，", "我家在【河东老粮站宿舍3楼】，",
		"【坊脚村中区26号】漏水。", "【翠湖新村38-2-7】漏水。",
		"现住【光明路12号自编3号】，", "现住【光明路12号二楼】，", "现住【鼓楼胡同12号院3门】，", "现住【鼓楼胡同12号院内平房3号】，", "现住【鼓楼胡同12号北房】，",
		"光明街道【七委五组】停水。", "【上庄村三组第5户】养猪。", "【上庄村（3组）】养猪。", "【上庄村新屋组12号】养猪。", "【新华农场三连5栋】漏水。",
		// numbers of rooms
		"【翠湖小区12栋3A01室】漏水。", "【翠湖小区A-1203】漏水。", "【翠湖小区C5-301】漏水。", "【翠湖小区8-1#501】漏水。", "【翠湖小区12-3-2】漏水。",
		"【翠湖小区3栋2单元顶楼】漏水。", "【翠湖小区三号楼二单元五楼东户】漏水。", "【翠湖小区3栋2单元4楼左手边】漏水。", "【翠湖小区3号楼3单元3门】漏水。",
		"【翠湖小区，5栋，1单元，103】漏水。", "【翠湖小区（5栋103室）】漏水。", "【翠湖小区12栋东单元301】漏水。", "【翠湖公寓1203】漏水。", "【翠湖小区2门301】漏水。",
		"【平安里12排8号】漏水。", "【翠湖小区三期12幢丙单元1102室】漏水。", "【翠湖小区1002号】楼道灯坏。",
		// names of estates without a sign
		"白云区【枫丹白露17栋】停水。", "白云区【枫丹白露17-1203】停水。", "我们租住在【枫丹白露17-1-1203】，", "白云区【住友花园3栋】停水。", "丰镇市【江南府3栋】停水。",
		"白云区【市民家园3栋2单元】停水。", "【中海九号公馆D座1602室】漏水。", "【光明路66号机床厂家属院2栋201】漏水。", "成都市【镇海路22号】停电后没人管。",
	} {
		text := strings.NewReplacer("【", "", "】", "").Replace(want)
		got, masked := placesOf(t, text)
		if got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
		if again, _ := placesOf(t, masked); again != masked {
			t.Errorf("masked %q, and found again %q", masked, again)
		}
	}
}

// TestPublicPlaces are places that are nobody's home.
func TestPublicPlaces(t *testing.T) {
	for _, text := range []string{
		"人民路的路灯坏了。", "锦绣花园停水了。", "白云村没有路灯。", "天府三街堵车。", "地铁3号线什么时候开通？",
		"12路公交车改道。", "某小区大门没有保安。", "三期什么时候交房？", "二环高架每天堵。", "国道K12+300处有坑。",
		"请走5号门进入。", "在2号航站楼3楼值机。", "学校3号楼没有空调。", "高铁站A座出口。", "工业园3号厂房冒烟。",
		"第3条第2款规定", "川府发〔2020〕3号", "川府发〔2020〕3号文件第二条", "12-3-5号地块", "GB/T 3608-2008标准",
		"2023年3月12号停水", "3月12号锦绣花园停电", "坐3、5、12、101路公交", "每平方米12000元，共3栋", "小区共有12栋楼",
		"本小区12栋住宅楼都没有电梯", "小区一栋楼要爬六层", "请到政务服务中心3楼305室办理", "请前往人民路12号办理",
		"办公地址：锦江区书院街道华兴街88号5楼502室", "区医保局地址：双流区金河路60号", "区政务服务中心（金河路60号）二楼大厅",
		"金河路60号（区教育局）", "金河路60号某某超市卖过期食品", "受理地点：市行政中心B座3楼12号窗口",
		"请您携带身份证到解放路18号社区服务中心2楼", "市第一人民医院3号楼5层", "某某大厦A座", "大学城5号楼教室",
		"联系地址：中山路8号，电话：028-81234567", "学校位于滨河路9号", "某公司位于科技园3栋5楼",
		"12345热线", "3组数据", "分成三组进行", "村一组织活动大家都参加", "社区三个组织", "村5队伍", "成立5个工作组",
		"统一社会信用代码", "第三单元测试", "一座桥", "两栋楼之间", "12层楼", "每层3户", "120户居民", "3号文件", "第5号公告",
		"拨打400-810-1996", "电话010-6321 8500-3", "2021-12-08发布", "15-17-19-36-45-47", "比分3-2-1", "1-5号楼", "12号下午停电",
		"翠湖小区12号停水", "翠湖小区15号开始施工", "白云村20号前完成", "2号路施工", "8号桥断了", "6号井塌了", "3号地块挂牌",
		"街道***", "浆水街道***，楼上漏水", "***3个月", "一室一厅", "三室两厅", "302路", "教育局3楼", "B座", "住3楼", "住建局5楼",
		"1栋1户", "宅基地3处", "房屋5间", "101号汽油", "95号汽油涨价", "路灯12号杆", "楼道里3层", "地下2层停车场",
		"春熙路12号线站", "公里12号", "这里3号", "人民路3号线", "第一条 为了", "民主路小学3号楼", "中心小学3年级2班", "3年2班", "5排3座",
		"《商品房买卖合同》第3-2-501条", "价格3-5元", "营业时间9-12-18点", "约12室", "长江路3期项目", "滨江路一标段",
		"http://a.cn/c/2021-10-08/4113284.shtml", "proId=fa49439f-34a6-46a7", "鲁A3组", "第3批次2组",
		"氧化高盐废水零排放", "四、分组安排第一组：", "污染环境防治法第二十五条 295 排污许可证",
		"电话：0311-87800000　　地址：和平西路402号", "地址：和平西路402号（050051）",
		// answers of offices
		"请您携带身份证到锦江区政务服务中心（静安路20号）二楼3号窗口办理。",
		"市不动产登记中心地址：天府大道北段966号，电话028-81234567。",
		"区人社局（地址：人民南路四段12号附1号2楼）已受理您的诉求。",
		"区人社局（青年路88号2号楼301室）周一至周五上班。",
		"该路段位于人民路，12号线在此设站。", "翠湖小区1-8栋已完成电梯加装。", "翠湖小区二期共12栋1200户，已交付10栋。",
		"东街农贸市场（东街45号）将于6月开业。", "您可到建设路15号派出所户籍窗口办理。", "办理地点：滨江区江南大道100号行政服务中心A座3楼。",
		"注册地址为高新区天府三街88号5栋10层，法定代表人已变更。", "咨询地址：古北路12号3楼305办公室。",
		"请到就近的社区卫生服务中心（中山路56号）接种。", "我局位于长安路9号，欢迎来访。", "区民政局（联系地址：府南街12号，邮编610000）。",
		"县人民医院新院区3号楼已封顶。", "实验小学5号楼加固工程已完工。", "市图书馆二楼3号阅览室开放。", "该项目12号楼主体已封顶。",
		"项目共建设住宅23栋、商业3栋。", "整栋12层共96户。", "新建3栋教学楼、2栋宿舍楼。", "拆除违建3栋，面积1200平方米。",
		"工业园区3号路、5号路已通车。", "第3村民小组会议", "依据第12条第3款第2项", "本次招标3个标段，共5组。", "参赛队伍分为A组、B组。",
		"第三组数据异常", "社会组织3个", "乡镇3组人员", "街道成立5个专班", "村级组织换届", "每个村3组队员", "3组家庭", "全村12个组",
		"请到1号窗口取号，再到2号窗口缴费。", "2号楼梯间", "在3号会议室召开", "会议在酒店二楼1号厅举行。", "K3路公交车3号站台",
		"砚池公寓北门外的路灯", "3栋2号电梯坏了", "于三号3栋停水。", "滨江一号的路灯坏了", "大学城校区5栋宿舍楼", "高铁站3号出口", "停车场B区3排", "C区12排5号座位", "本届运动会3号选手", "95号汽油", "12号台风",
		"出租车川A·12345", "快递柜3号门", "地铁5号线2期", "3期工程1标段", "一区两县", "三区三州", "四好农村路", "五一路口", "八一路改造",
		"2024年12月3号至5号停气", "本月12号前反馈", "于23日下午3点", "A4纸3张", "3G网络", "5G基站", "Windows 10系统", "COVID-19疫苗2剂",
	} {
		if got, _ := placesOf(t, text); got != text {
			t.Errorf("found %q in a public place", got)
		}
	}
}

// TestPlaceForm shows that an address has one form however it is spelt.
func TestPlaceForm(t *testing.T) {
	f := sharedTables().folds
	for _, tt := range []struct{ in, want string }{
		{"光明路12号3楼305室", "光明路12号3楼305室"},
		{"光明路１２号 三楼 三〇五室", "光明路12号3楼305室"},
		{"光明路12 号\n3楼3\u200b05室", "光明路12号3楼305室"},
		{"翠湖小区a座—1203", "翠湖小区A座-1203"},
		{"翠湖小区（8＃楼）", "翠湖小区8#楼"},
	} {
		if got := f.placeOf(tt.in); got != tt.want {
			t.Errorf("the form of %q is %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestWithinPlace shows which addresses a unit's own address lets pass.
func TestWithinPlace(t *testing.T) {
	f := sharedTables().folds
	own := f.placeOf("成都市白云区光明路12号2栋")
	for found, want := range map[string]bool{
		"光明路12号2栋": true, "光明路12号": true, "光明路12号2栋3楼305室": true, "白云区光明路12号2栋": true, "光明路十二号二栋": false,
		"光明路12号21栋": false, "光明路1号": false, "光明路12号3栋": false, "光明路123号": false, "12号": false, "明星路12号2栋": false, "": false,
	} {
		if got := withinPlace(f.placeOf(found), own); got != want {
			t.Errorf("%q passes: %v, want %v", found, got, want)
		}
	}
}

// FuzzAddresses checks that whatever is found lies within the text, in order,
// and that the masked text is clean after a few rounds, as the gate demands.
func FuzzAddresses(f *testing.F) {
	for _, s := range []string{"家住锦绣花园3栋2单元501室", "张某，男，1980年3月5日生", "3号-3-", "（5栋", "12号之", "第", "附1", "A-", "1\n1号", "路12号12号12号", "东户西户左"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for range maxRescans {
			_, masked := placesOf(t, strings.ToValidUTF8(s, ""))
			if masked == s {
				return
			}
			s = masked
		}
		t.Error("not clean after as many rounds as the gate makes")
	})
}

// BenchmarkAddresses looks for addresses in prose with few of them.
func BenchmarkAddresses(b *testing.B) {
	text := strings.Repeat("您好，您反映的路灯问题已转交区住房和城乡建设局处理，工作人员于3月12日到现场核实，共修复12盏，请您放心。", 200) + "家住锦绣花园3栋2单元501室。"
	s := &scan{tables: sharedTables(), work: &budget{}, asOf: record.Date(2026, 11, 20)}
	s.glyphs = s.folds.view(nil, text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.work.left, s.hits = 1<<40, s.hits[:0]
		s.addresses()
	}
}

// BenchmarkAddressesOnly looks through nothing but addresses.
func BenchmarkAddressesOnly(b *testing.B) {
	text := strings.Repeat("家住锦绣花园3栋2单元501室，光明路12号，上庄村3组。", 200)
	s := &scan{tables: sharedTables(), work: &budget{}, asOf: record.Date(2026, 11, 20)}
	s.glyphs = s.folds.view(nil, text)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.work.left, s.hits = 1<<40, s.hits[:0]
		s.addresses()
	}
}
