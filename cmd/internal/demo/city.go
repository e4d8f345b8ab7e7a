package demo

import (
	"fmt"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// The city. Its code is that of no prefecture: 5199 is not assigned.
const (
	cityCode = "519900"
	cityName = "云澜市"
	cityEN   = "Yunlan (made-up city)"
	areaDial = "0339" // an area code that is not assigned
)

// district is a district or county with its streets and towns.
type district struct {
	code, slug, name, short, en string
	residents                   int
	streets                     []street
}

// street is a street office or a town, with the places that messages name.
type street struct {
	slug, name, en string
	residents      int
	roads, homes   []string // roads and housing estates
	school         string
}

var districts = []district{
	{"519902", "qy", "栖云区", "栖云", "Qiyun District", 412600, []street{
		{"wanghe", "望鹤街道", "Wanghe Subdistrict", 96400, []string{"听荷路", "鹤影街"}, []string{"鹤鸣苑", "听荷家园"}, "云澜市望鹤小学"},
		{"yinxingli", "银杏里街道", "Yinxingli Subdistrict", 88100, []string{"银杏里大街", "拾叶路"}, []string{"杏林雅居", "拾叶新村"}, "云澜市银杏里小学"},
		{"tingchao", "听潮街道", "Tingchao Subdistrict", 74300, []string{"听潮大道", "浅汀路"}, []string{"潮声花园", "浅汀小区"}, "云澜市听潮实验学校"},
		{"zhongguxiang", "钟鼓巷街道", "Zhongguxiang Subdistrict", 81900, []string{"钟鼓巷", "砚池路"}, []string{"钟鼓里小区", "砚池公寓"}, "云澜市钟鼓巷小学"},
		{"nantingqiao", "南汀桥街道", "Nantingqiao Subdistrict", 71900, []string{"南汀桥路", "采薇路"}, []string{"汀桥佳苑", "采薇园"}, "云澜市采薇小学"},
	}},
	{"519903", "ll", "临澜区", "临澜", "Linlan District", 365200, []street{
		{"lanan", "澜岸街道", "Lan'an Subdistrict", 92700, []string{"澜岸大道", "帆影路"}, []string{"澜岸名邸", "帆影家园"}, "云澜市澜岸小学"},
		{"yingliudi", "映柳堤街道", "Yingliudi Subdistrict", 77500, []string{"映柳堤路", "桐花街"}, []string{"柳堤春晓", "桐花苑"}, "云澜市映柳小学"},
		{"baifanli", "白帆里街道", "Baifanli Subdistrict", 68300, []string{"白帆里路", "渔灯街"}, []string{"白帆里小区", "渔灯湾"}, "云澜市白帆里学校"},
		{"guduli", "古渡里街道", "Guduli Subdistrict", 64800, []string{"古渡里街", "石栏路"}, []string{"古渡新苑", "石栏小区"}, "云澜市古渡里小学"},
		{"luweitan", "芦苇滩街道", "Luweitan Subdistrict", 61900, []string{"芦苇滩路", "流萤路"}, []string{"芦苇滩安置小区", "流萤花园"}, "云澜市流萤小学"},
	}},
	{"519904", "qn", "青榆区", "青榆", "Qingyu District", 297800, []street{
		{"yuyin", "榆荫街道", "Yuyin Subdistrict", 83600, []string{"榆荫路", "松涛北街"}, []string{"榆荫小区", "松涛雅苑"}, "云澜市榆荫小学"},
		{"wuying", "梧影街道", "Wuying Subdistrict", 76200, []string{"梧影大街", "疏桐路"}, []string{"梧影花园", "疏桐里"}, "云澜市疏桐学校"},
		{"yantaiping", "砚台坪街道", "Yantaiping Subdistrict", 70500, []string{"砚台坪路", "墨香街"}, []string{"墨香名苑", "砚台坪小区"}, "云澜市墨香小学"},
		{"shuyuanpo", "书院坡街道", "Shuyuanpo Subdistrict", 67500, []string{"书院坡路", "问渠街"}, []string{"问渠小区", "书院坡家属院"}, "云澜市书院坡小学"},
	}},
	{"519905", "lb", "澜北区", "澜北", "Lanbei District", 243500, []street{
		{"xingcha", "星槎街道", "Xingcha Subdistrict", 81200, []string{"星槎大道", "启帆路"}, []string{"星槎国际社区", "启帆公寓"}, "云澜市星槎小学"},
		{"chuanglan", "创澜街道", "Chuanglan Subdistrict", 69700, []string{"创澜路", "百工街"}, []string{"创澜人才公寓", "百工新苑"}, "云澜市创澜实验小学"},
		{"yuanfan", "远帆镇", "Yuanfan Town", 51300, []string{"远帆大街", "麦仓路"}, []string{"远帆新居", "麦仓小区"}, "云澜市远帆镇中心小学"},
		{"mailang", "麦浪镇", "Mailang Town", 41300, []string{"麦浪路", "谷雨街"}, []string{"谷雨家园", "麦浪社区"}, "云澜市麦浪镇中心小学"},
	}},
	{"519921", "jx", "霁溪县", "霁溪", "Jixi County", 318400, []street{
		{"jixi", "霁溪镇", "Jixi Town", 128900, []string{"霁溪大街", "晚晴巷"}, []string{"霁溪新城", "晚晴小区"}, "霁溪县晚晴小学"},
		{"zhuying", "竹影镇", "Zhuying Town", 72300, []string{"竹影路", "笋岗街"}, []string{"竹影苑", "笋岗新村"}, "霁溪县竹影镇中心小学"},
		{"shiqing", "石磬镇", "Shiqing Town", 64100, []string{"石磬街", "磬音路"}, []string{"磬音小区", "石磬新居"}, "霁溪县石磬镇中心小学"},
		{"banpoliang", "半坡梁乡", "Banpoliang Township", 53100, []string{"半坡梁路", "柿园路"}, []string{"柿园新村", "半坡梁安置点"}, "霁溪县半坡梁乡中心小学"},
	}},
	{"519922", "zy", "照野县", "照野", "Zhaoye County", 276900, []street{
		{"zhaoye", "照野镇", "Zhaoye Town", 104700, []string{"照野大街", "星垂路"}, []string{"星垂家园", "照野小区"}, "照野县星垂小学"},
		{"jinsuiping", "金穗坪镇", "Jinsuiping Town", 65800, []string{"金穗坪街", "打谷路"}, []string{"金穗新村", "打谷苑"}, "照野县金穗坪镇中心小学"},
		{"lumingao", "鹿鸣坳乡", "Luming'ao Township", 55200, []string{"鹿鸣坳路", "松针路"}, []string{"鹿鸣新居", "松针小区"}, "照野县鹿鸣坳乡中心小学"},
		{"yanguo", "雁过乡", "Yanguo Township", 51200, []string{"雁过路", "苇塘路"}, []string{"雁过新村", "苇塘安置小区"}, "照野县雁过乡中心小学"},
	}},
}

// unit is an office of the city as its own register has it.
type unit struct {
	id, name, short, en, aliases, kind string
	level                              int
	area, parent                       string
	phone                              string
	spokesman                          string
	to                                 string // last day, of the one that is merged
	successor                          string
}

// The kinds of unit. Together with the level they make the peer groups.
const (
	department = "党政部门"
	township   = "乡镇街道"
	utility    = "公共企事业单位"
	station    = "基层服务站"
)

const government = "yl-gov"

// bureaux are the departments of the city, by the role that topics name.
var bureaux = []struct{ role, name, short, en string }{
	{"urban", "城市管理局", "城管局", "Urban Management Bureau"},
	{"edu", "教育局", "教育局", "Education Bureau"},
	{"police", "公安局", "公安局", "Public Security Bureau"},
	{"housing", "住房和城乡建设局", "住建局", "Housing and Urban-Rural Development Bureau"},
	{"transport", "交通运输局", "交通局", "Transport Bureau"},
	{"labour", "人力资源和社会保障局", "人社局", "Human Resources and Social Security Bureau"},
	{"health", "卫生健康委员会", "卫健委", "Health Commission"},
	{"market", "市场监督管理局", "市场监管局", "Market Supervision Bureau"},
	{"eco", "生态环境局", "生态环境局", "Ecology and Environment Bureau"},
	{"water", "水务局", "水务局", "Water Affairs Bureau"},
	{"civil", "民政局", "民政局", "Civil Affairs Bureau"},
	{"land", "自然资源和规划局", "资规局", "Natural Resources and Planning Bureau"},
	{"medins", "医疗保障局", "医保局", "Healthcare Security Bureau"},
	{"culture", "文化广电和旅游局", "文旅局", "Culture, Radio, Television and Tourism Bureau"},
	{"agri", "农业农村局", "农业农村局", "Agriculture and Rural Affairs Bureau"},
	{"service", "政务服务和数据局", "政务数据局", "Government Services and Data Bureau"},
}

// utilities are the companies that supply the city, by role.
var utilities = []struct{ role, name, short, en string }{
	{"tapwater", "云澜市自来水有限公司", "市自来水公司", "Yunlan Water Supply Company"},
	{"heating", "云澜市热力有限公司", "市热力公司", "Yunlan Heating Company"},
	{"gas", "云澜市燃气有限公司", "市燃气公司", "Yunlan Gas Company"},
	{"bus", "云澜市公共交通有限公司", "市公交公司", "Yunlan Public Transport Company"},
}

// local are the roles that each district has a department for.
var local = []struct{ role, name, short, en string }{
	{"urban", "城市管理局", "城管局", "Urban Management Bureau"},
	{"edu", "教育局", "教育局", "Education Bureau"},
	{"housing", "住房和城乡建设局", "住建局", "Housing and Construction Bureau"},
	{"labour", "人力资源和社会保障局", "人社局", "Human Resources and Social Security Bureau"},
	{"market", "市场监督管理局", "市场监管局", "Market Supervision Bureau"},
	{"health", "卫生健康局", "卫健局", "Health Bureau"},
}

// The unit that was merged into another in the course of the three months.
const (
	mergedUnit    = "yl-approval"
	mergedInto    = "yl-service"
	mergedNewName = "市政务服务和数据局"
)

// place is a street or town with its district.
type place struct {
	street
	code     string
	district *district
	index    int // of the district
}

// city is the registers, expanded.
type city struct {
	places []place
	units  []unit
	byID   map[string]*unit
	merger record.Day // the last day of the unit that is merged into another

	stations map[string][]string // of each street or town, by area code
}

// newCity returns the city with at least n units: service stations of the
// streets fill up what the offices leave.
func newCity(n int, merger record.Day) *city {
	c := &city{merger: merger, stations: map[string][]string{}}
	line := 0
	add := func(u unit) {
		line++
		u.phone = fmt.Sprintf("%s-555%04d", areaDial, 100+line)
		u.spokesman = fmt.Sprintf("fyr-%03d", line)
		c.units = append(c.units, u)
	}
	add(unit{id: government, name: "云澜市人民政府办公室", short: "市政府办", en: "General Office of the Municipal Government", kind: department, level: 2, area: cityCode})
	for _, b := range bureaux {
		add(unit{id: "yl-" + b.role, name: "云澜市" + b.name, short: "市" + b.short, en: "Municipal " + b.en, aliases: "市" + b.name, kind: department, level: 2, area: cityCode, parent: government})
	}
	add(unit{id: mergedUnit, name: "云澜市行政审批局", short: "市审批局", en: "Municipal Administrative Approval Bureau", aliases: "市行政审批局", kind: department, level: 2, area: cityCode, parent: government,
		to: merger.String(), successor: mergedInto})
	for _, u := range utilities {
		add(unit{id: "yl-" + u.role, name: u.name, short: u.short, en: u.en, kind: utility, level: 2, area: cityCode, parent: government})
	}
	for i := range districts {
		d := &districts[i]
		gov := d.slug + "-gov"
		add(unit{id: gov, name: d.name + "人民政府办公室", short: d.name + "政府办", en: d.en + " Government Office", kind: department, level: 3, area: d.code, parent: government})
		for _, b := range local {
			add(unit{id: d.slug + "-" + b.role, name: d.name + b.name, short: d.short + b.short, en: d.en + " " + b.en, kind: department, level: 3, area: d.code, parent: gov})
		}
		for j, s := range d.streets {
			code := fmt.Sprintf("%s%03d", d.code, j+1)
			c.places = append(c.places, place{street: s, code: code, district: d, index: i})
			office := "办事处"
			if !strings.HasSuffix(s.name, "街道") {
				office = "人民政府"
			}
			add(unit{id: d.slug + "-" + s.slug, name: d.name + s.name + office, short: s.name, en: s.en, kind: township, level: 4, area: code, parent: gov})
		}
	}
	for i := 0; len(c.units) < n; i++ {
		p := c.places[i%len(c.places)]
		round := i/len(c.places) + 1
		id := fmt.Sprintf("%s-%s-s%02d", p.district.slug, p.slug, round)
		c.stations[p.code] = append(c.stations[p.code], id)
		add(unit{
			id: id, name: fmt.Sprintf("%s%s第%d便民服务站", p.district.name, p.name, round),
			short: fmt.Sprintf("%s%d站", p.name, round), en: fmt.Sprintf("%s Service Station %d", p.en, round),
			kind: station, level: 4, area: p.code, parent: p.district.slug + "-" + p.slug,
		})
	}
	c.byID = make(map[string]*unit, len(c.units))
	for i := range c.units {
		c.byID[c.units[i].id] = &c.units[i]
	}
	return c
}

// channel is a way in which messages arrive.
// It says when those who have held the post began and ended, and whether messages come
// over the network.
type channel struct{ id, name, en, post, terms, online string }

var channels = []channel{
	{"hotline", "12345热线", "12345 hotline", "", "", "否"},
	{"mayor", "市长信箱", "Mayor's mailbox", "云澜市市长", "2021-03-01/2026-04-30；2026-05-15/", "是"},
	{"secretary", "书记信箱", "Party secretary's mailbox", "云澜市委书记", "2022-01-10/", "是"},
	{"web", "政务网站", "Government website", "", "", "是"},
	{"app", "手机客户端", "Mobile app", "", "", "是"},
	{"wechat", "微信", "WeChat", "", "", "是"},
}
