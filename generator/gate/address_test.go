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
		// halls of residence
		"我住【师范大学学生公寓5栋301】，没有热水。",
		"职工宿舍【2栋408室】漏电。",
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
	} {
		if got, _ := placesOf(t, text); got != text {
			t.Errorf("found %q in a public place", got)
		}
	}
}
