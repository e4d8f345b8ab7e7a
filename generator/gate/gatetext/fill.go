package gatetext

import (
	"fmt"
	"strconv"
	"strings"
)

// Span is one planted datum in a document, in bytes.
type Span struct {
	Kind  string
	Start int // what must be covered
	End   int
	From  int // where the whole begins: an address below the street office, a web address
}

// filler makes text of a template.
type filler struct {
	m     *Maker
	b     strings.Builder
	spans []Span
	main  string          // kind of {}
	write func() string   // makes the spelling of {}
	names map[byte]string // people of this document, by the letter that follows "person"
}

// fill writes a template. {} is the secret in question, {person} a person,
// {person b} another, {kin} somebody of the first one's family, other kinds of
// datum are planted plain by their name, and the words of places put in facts
// that are nobody's.
func (f *filler) fill(template string) {
	for {
		before, rest, ok := strings.Cut(template, "{")
		f.b.WriteString(before)
		if !ok {
			return
		}
		word, after, _ := strings.Cut(rest, "}")
		f.put(word)
		template = after
	}
}

func (f *filler) put(word string) {
	switch word {
	case "":
		f.plant(f.main, f.write())
		return
	case "kin":
		first := f.names['a']
		if first == "" {
			first = f.m.Person()
		}
		f.plant(Person, f.m.relative(first))
		return
	case Mobile, IDCard, BankCard, Plate, Landline, Email:
		f.plant(word, f.m.Secret(word))
		return
	case Address:
		f.plant(Address, f.m.Secret(Address))
		return
	}
	if rest, ok := strings.CutPrefix(word, Person); ok {
		letter := byte('b')
		if rest != "" {
			letter = rest[len(rest)-1]
		}
		if f.names[letter] == "" {
			f.names[letter] = f.m.Person()
		}
		f.plant(Person, f.names[letter])
		return
	}
	f.b.WriteString(f.m.fact(word))
}

// plant writes a datum and notes where it lies.
func (f *filler) plant(kind, text string) {
	parts := strings.Split(text, "|")
	if !marked(kind) {
		parts = []string{text}
	}
	first := f.b.Len()
	var at [3]int // where the last three parts begin
	for _, part := range parts {
		at = [3]int{at[1], at[2], f.b.Len()}
		f.b.WriteString(part)
	}
	start, from := at[2], at[1]
	if len(parts) < 3 {
		from = first
	}
	f.spans = append(f.spans, Span{Kind: kind, Start: start, End: f.b.Len(), From: from})
}

// marked reports whether data of the kind are made with marks: in an address the
// part below the street office begins at the first, and that which leads to one
// household at the second; in a web address the personal part begins at the mark.
func marked(kind string) bool { return kind == Address || kind == URL }

// fact returns something that is nobody's, by its word in the templates.
func (m *Maker) fact(word string) string {
	switch word {
	case "n":
		return fmt.Sprint(m.number(2, 98))
	case "age":
		return fmt.Sprint(m.number(38, 89))
	case "month":
		return fmt.Sprint(m.number(1, 12))
	case "hundreds":
		return fmt.Sprint(m.number(100, 999))
	case "thousands":
		return fmt.Sprint(m.number(1000, 99999))
	case "sum":
		return fmt.Sprintf("%d.%02d", m.number(1, 9999), m.number(0, 99))
	case "percent":
		return fmt.Sprintf("%d.%d%%", m.number(1, 99), m.number(0, 9))
	case "year":
		return fmt.Sprint(m.number(2012, 2026))
	case "date":
		return fmt.Sprintf("%d年%d月%d日", m.number(2012, 2026), m.number(1, 12), m.number(1, 28))
	case "day":
		return fmt.Sprintf("%d月%d日", m.number(1, 12), m.number(1, 28))
	case "isodate":
		return fmt.Sprintf("%d-%02d-%02d", m.number(2012, 2026), m.number(1, 12), m.number(1, 28))
	case "time":
		return fmt.Sprintf("%d:%02d", m.number(6, 22), m.number(0, 59))
	case "surname":
		return m.surname()
	case "han":
		return m.one("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
	case "letter":
		return m.one("A", "B", "C", "D", "E", "F")
	case "province":
		return m.one("川", "湘", "鲁", "苏", "浙", "粤", "鄂", "豫", "皖", "冀")
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(word, "d")); err == nil {
		return m.tail(n)
	}
	if list, ok := facts[word]; ok {
		return m.one(list...)
	}
	panic("gatetext: no such word in a template: " + word)
}

// facts are places, bodies and things, all made up or common to every city.
var facts = map[string][]string{
	"city":     {"临江市", "平川市", "东陵市", "青石市", "安澜市", "云溪市", "丰源市", "海宁县", "双河县", "南屏县"},
	"district": {"城北区", "滨湖区", "高新区", "经开区", "锦屏区", "东城区", "河西区", "新华区", "江岸区", "洛龙区", "清江县", "永安县", "临泉县"},
	"street":   {"和平街道", "望江街道", "桥头街道", "五一街道", "凤凰街道", "解放路街道", "观音桥街道", "南苑街道", "万寿街道"},
	"town":     {"石桥镇", "柳河镇", "太平镇", "双龙镇", "白马镇", "黄土镇", "龙泉乡", "三合乡", "大坪镇", "清水乡", "回龙镇"},
	"village":  {"王家村", "李家湾村", "张庄村", "刘家沟村", "新建村", "团结村", "杨柳村", "红星村", "赵家坝村", "陈家桥村", "大湾村", "东风村", "马家店村", "高家庄村"},
	"group":    {"张家湾", "陈家院子", "大屋基", "老屋场", "周家坳", "塘坊", "下坝", "杨家大院"},
	"road":     {"人民路", "建设大道", "中山路", "滨江路", "解放大街", "学府路", "长春路", "黄河大道", "兴业街", "梧桐街", "光明巷", "迎宾大道", "文昌路", "天府路", "槐荫街", "振兴路", "张衡路", "李冰路"},
	"estate":   {"阳光花园", "锦绣江南", "金地华府", "幸福里小区", "翠湖名苑", "万和城", "恒大御景", "东方明珠小区", "碧桂园", "丽景湾", "玉兰苑", "安居苑", "春晓家园", "水岸华庭", "紫荆花园", "龙湖时代", "书香门第", "秀水小区"},
	"office":   {"市住房和城乡建设局", "区城市管理局", "市公安局交通警察支队", "县人力资源和社会保障局", "市教育局", "区卫生健康局", "市自然资源和规划局", "县农业农村局", "市生态环境局", "区民政局", "市市场监督管理局", "县水利局", "市医疗保障局", "区应急管理局", "街道办事处", "镇人民政府", "区信访局", "市税务局"},
	"company":  {"安居物业服务有限公司", "中城建设集团", "华源热力有限公司", "清泉自来水公司", "兴旺房地产开发有限公司", "通达公交集团", "光大供电公司", "永康环卫公司", "联华超市", "鼎盛装饰公司"},
	"school":   {"第一中学", "实验小学", "育才学校", "职业技术学院", "中心幼儿园", "外国语学校", "中山小学", "鲁迅中学", "陶行知学校", "华罗庚中学", "行知小学"},
	"hospital": {"市人民医院", "县中医院", "妇幼保健院", "第三医院", "社区卫生服务中心", "白求恩医院"},
	"problem":  {"道路破损", "噪声扰民", "拖欠工资", "电梯故障", "占道经营", "污水外溢", "停水停电", "小区停车难", "违章搭建", "油烟扰民", "垃圾清运不及时", "供暖不热", "房屋漏水", "路灯不亮"},
	"matter":   {"低保", "养老金", "医保报销", "公积金提取", "宅基地确权", "土地流转补偿", "子女入学", "残疾证办理", "户口迁移", "拆迁安置", "退休手续", "失业保险金", "工伤认定", "房产证办理"},
	"line":     {"12345", "12333", "12315", "12328", "12366", "12393", "110", "119", "95598", "12369", "12388"},
	"park":     {"中山公园", "雷锋广场", "杜甫草堂", "李白纪念馆", "黄继光纪念馆", "白云山公园", "鲁班广场", "孔子学院", "屈原广场", "徐霞客步道", "毛泽东故居", "包公祠"},
	"law":      {"物业管理条例", "道路交通安全法", "劳动合同法", "信访工作条例", "城乡规划法", "土地管理法", "社会保险法", "噪声污染防治法", "民法典", "行政复议法", "义务教育法", "消费者权益保护法"},
	"metro":    {"张江高科站", "郑和大道站", "李家沱站", "陈家祠站", "何家坪站", "高家庄站", "方庄站", "宋家庄站", "杨公桥站", "沈家门站"},
}
