package gate

import (
	"strings"
	"testing"
)

// TestRolls shows lists of names that no word announces.
func TestRolls(t *testing.T) {
	n := newNames()
	for line := range strings.Lines(strings.TrimSpace(`
公示名单如下：【何秀英】、【何长顺】、【赖水生】、【钟观妹】、【曾火土】
1 【赖水生】 2 【钟观妹】 3 【曾火土】 4 【刘石妹】
一组：【赖水生】 【钟观妹】 【曾火土】 【刘石妹】 【何长顺】
名单：【赖水生】；【钟观妹】；【曾火土】等
涉及的【赖水生】、【钟观妹】、【曾火土】三户已签
搬迁安置：【赖水生】、【钟观妹】两户
【宝音】、【那顺】、【阿拉坦】三户草场
【艾力】、【买合木提】、【阿依努尔】
`)) {
		want := strings.TrimSuffix(line, "\n")
		if got := namesIn(t, n, plain(want), 60); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
	for _, text := range []string{
		"万科、方太、安踏、高兴、安静、温暖、明亮", "金银花、何首乌、黄连、白术、白芷", "石家庄、张家口、马鞍山、高安",
		"高平、安远、石城、龙南、于都、宁都", "黄瓜、白菜、萝卜、马铃薯、金针菇", "水井、水塔、水管", "高中、初中、小学",
		"田坝、石桥、高坪、周家、李家", "东江、西江、石门、高桥、黄土", "方便 安全 卫生 文明", "语文 数学 英语 历史 常识",
		"华丽、金碧、龙城、万和、安居", "丁香、石榴、金桂、白兰、柳树", "秦岭、华山、泰山、衡山",
		"水利、交通、农业三方面", "解决了高山、平原、丘陵三类地区", "高兴、平安两户", "周村、李村两家", "王村、高村、陈庄三家砖厂",
		"巴彦、乌兰、呼和浩特", "党员、干部两类人员",
	} {
		if got := namesIn(t, n, text, 30); got != text {
			t.Errorf("marked %q, in which there are no names", got)
		}
	}
}

// TestWordsAsNames shows names that are words too, where nothing but a name can stand.
func TestWordsAsNames(t *testing.T) {
	n := newNames()
	for line := range strings.Lines(strings.TrimSpace(`
我叫【白雪】，外地人
我叫【高峰】，电话打不通
本人姓名【温暖】
姓名：【温暖】 性别：女
【安康】，男，55岁，东山村人
【关山月】，男，72岁，退休教师
【秦岭】（男，47岁）
儿子名叫【康乐】
孩子叫【夏天】，今年上一年级
有个老师名叫【夏天】，教语文
我叫房东，他不来
姓名：必填，姓名、单位、电话
名字应为《一门忠国》，作者名字都有误，
孩子高中毕业，儿子高考，女儿成绩
小区名叫金海，共12栋
小区的名字叫阳光，没有路灯
店名叫安居，路名叫和平，村名叫石门，人口300
有个水库，名叫白云，水质差
`)) {
		want := strings.TrimSuffix(line, "\n")
		if got := namesIn(t, n, plain(want), 30); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
}

// TestNamesOfPeoples shows names of the Zhuang, Uyghur, Mongolian and other peoples of one
// part, beside a word.
func TestNamesOfPeoples(t *testing.T) {
	n := newNames()
	for line := range strings.Lines(strings.TrimSpace(`
诉求人【侬金莲】反映路灯不亮
被告【滚运先】应赔偿
业主【热依汗】反映
【艾尼瓦尔】经理拖欠工资
【叶斯木汗】来电
投诉人【阿尔孜古丽】，喀什人
`)) {
		want := strings.TrimSuffix(line, "\n")
		if got := namesIn(t, n, plain(want), 60); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
}
