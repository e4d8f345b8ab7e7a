package gatetext

import "strings"

// families are surnames, the commonest first, as counts of whole provinces rank
// them. The weight of a name falls with its place in the list.
const families = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向" +
	"柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍覃霍翁隋甘景单包司柏宁柯阮桂闵解柴华车冉房边阚辜吉饶刁瞿戚丘古米池滕晋苑邬臧宫苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟敖鄢冷卓仇艾蓝巩井仲乐虞卞封竺冼原官楚佟栗匡宗应台巫鞠桑荆谌明沙伏岑习胥保蔺"

// doubled are surnames of two characters.
var doubled = []string{"欧阳", "欧阳", "欧阳", "上官", "司马", "皇甫", "诸葛", "尉迟", "司徒", "令狐", "慕容", "夏侯", "端木", "东方", "公孙", "长孙"}

// The characters of given names: the first of two, the second of two, and those
// that stand alone. Each is repeated about as often as it is met.
const (
	givenFirst = "建建建国国志志志永文文文明玉玉玉秀秀秀桂桂春春晓晓晓小小小海海海俊俊子子子雨雨梓梓一一思思佳佳佳嘉嘉家家德德世振景宗光光兴荣正忠学少宏洪立丽丽丽美美红红金金银凤月月淑淑淑素惠慧慧艳爱亚雅静燕春东天云云长庆福富宝保成承启泽浩浩浩皓宇宇轩铭铭欣欣心诗诗语若若可可依怡悦芷沐亦奕逸彦昊晨晨辰博博瑞睿锦佩克绍善树先显培开仁义礼智传昌安万友宜兆百守延继祥胜全水火根士大加向伯仲叔鹏凯"
	givenLast  = "英英英华华华兰兰兰珍芳芳芳梅梅红红霞霞丽丽丽娟娟艳艳玲玲玲芬萍萍燕琴凤云莲香花翠敏敏静静婷婷婷慧洁颖倩雪琳琳瑶涵涵萱怡妍悦欣彤蕊宁馨军军军强强强伟伟伟勇勇平平平涛涛斌斌波波辉辉峰峰刚杰杰磊鹏超超亮飞鑫明明明林林生生民民国国福贵富财祥清清良德文文武成成才荣龙虎海洋江河山峰岩松柏森楠桐轩轩宇宇泽浩然然辰晨阳阳博睿哲恒毅豪航翔凯康健安宁和顺友根发亭章庭堂章权全金春秋冬夏东南西北川州元仁义礼信义昌盛余录侠庚寅"
	givenAlone = "伟伟伟芳芳娜敏敏静静丽丽丽强强磊磊洋洋艳艳勇勇军军军杰杰娟娟涛涛超超霞平刚刚婷婷鹏鹏飞飞波斌斌宇浩凯健俊帆雪倩琳璐颖慧莹欣瑶悦晨阳博哲毅锐鑫亮辉峰林森旭昊轩楠彬彪雷玲燕红梅兰英萍琴莉岩松龙虎兵江海明亮光华丹晶洁蕾薇"
)

// Parts of the names of peoples whose names are no surname and given name.
var (
	westernFirst  = []string{"阿布都外力", "艾尼瓦尔", "古力巴哈尔", "热孜万古丽", "吾斯曼江", "图尔荪阿依", "哈斯木", "玛依努尔", "艾合买提", "阿卜杜拉", "麦麦提", "玉素甫", "古丽娜尔", "阿依古丽", "迪丽努尔", "帕提古丽", "吐尔逊", "库尔班", "热依汗", "叶尔兰", "木拉提", "巴合提", "阿依努尔", "买买提江", "努尔麦麦提", "阿迪力", "再努尔", "赛力克", "居马", "卡米力"}
	westernSecond = []string{"赛买提", "阿吾提", "吐拉洪", "穆合塔尔", "色依提", "艾麦提", "吐尔迪", "买买提", "艾山", "依明", "玉山", "阿不都热依木", "努尔", "哈力克", "托合提", "萨迪尔", "热合曼", "加帕尔", "库尔班", "艾尔肯", "别克", "哈孜", "肉孜", "艾则孜", "司马义", "卡德尔"}
	plateauFirst  = []string{"益西", "土登", "阿旺", "群宗", "次央", "加永", "斯朗", "泽仁", "俄金", "四郎", "扎西", "次仁", "卓玛", "央金", "多吉", "洛桑", "丹增", "格桑", "旦增", "白玛", "尼玛", "达瓦", "巴桑", "普布", "边巴", "拉巴", "索朗", "强巴", "平措", "贡布", "仁青", "德吉", "才让", "桑杰"}
	plateauSecond = []string{"仓决", "白珍", "德央", "旺久", "桑珠", "郎加", "拥措", "曲措", "巴姆", "顿珠", "卓嘎", "旺堆", "曲珍", "拉姆", "罗布", "群培", "措姆", "旺姆", "加措", "次旺", "欧珠", "云丹", "旺杰", "班典", "卓玛", "多吉", "平措", "次仁", "扎西"}
	hillFirst     = []string{"罗洪", "阿说", "阿侯", "吉伍", "拉马", "金古", "惹几", "井古", "阿西", "吉侯", "吉克", "沙马", "曲比", "吉木", "海来", "曲木", "阿苏", "勒格", "马海", "俄木", "阿的", "阿力", "吉觉", "且沙", "莫色", "日黑", "尔古", "贾巴", "苏呷", "阿苦"}
	hillSecond    = []string{"呷呷", "木牛", "阿木", "五呷", "古哈", "伍牛", "色日", "里古", "拉哈", "子聪", "阿牛", "木乃", "伍呷", "日洛", "石布", "拉铁", "子古", "么么", "尔哈", "阿呷", "曲哈", "木呷", "史古", "你布", "阿支", "阿各", "尔布", "有格", "达古", "哈各"}
)

// Person returns a made-up full name: about 96 of 100 with a surname of one
// character, the others with one of two or of another people.
func (m *Maker) Person() string {
	switch n := m.r.IntN(200); {
	case n < 2:
		return m.one(westernFirst...) + "·" + m.one(westernSecond...)
	case n < 4:
		first := m.one(plateauFirst...)
		return first + m.other(first, plateauSecond)
	case n < 6:
		return m.one(hillFirst...) + m.one(hillSecond...)
	case n < 8:
		return m.one(doubled...) + m.given()
	}
	return m.surname() + m.given()
}

// Surname returns a surname of one character.
func (m *Maker) surname() string {
	list := []rune(families)
	// The fourth power of a uniform number: the first twenty names are half of a
	// crowd, as in life.
	u := m.r.Float64()
	return string(list[int(u*u*u*u*float64(len(list)))])
}

func (m *Maker) given() string {
	if m.r.IntN(7) == 0 {
		return m.letterOf(givenAlone)
	}
	first := m.letterOf(givenFirst)
	for {
		if second := m.letterOf(givenLast); second != first || m.r.IntN(3) == 0 {
			return first + second
		}
	}
}

// relative returns a full name with the surname of the given one.
func (m *Maker) relative(name string) string {
	head := []rune(name)[0]
	if strings.ContainsRune(name, '·') || !strings.ContainsRune(families, head) {
		return m.Person()
	}
	return string(head) + m.given()
}

// letterOf returns one character of the list.
func (m *Maker) letterOf(list string) string {
	r := []rune(list)
	return string(r[m.r.IntN(len(r))])
}

// other returns one of the words that is not taken.
func (m *Maker) other(taken string, words []string) string {
	for {
		if w := m.one(words...); w != taken {
			return w
		}
	}
}
