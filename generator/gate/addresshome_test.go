package gate

import "testing"

// TestHomes marks what leads to a home behind a word of living or registration.
func TestHomes(t *testing.T) {
	for _, want := range []string{
		"户籍地永兴镇【茅坝村大坪子组】，现已成年。",
		"家庭住址：永兴镇【茅坝村大坪子组】",
		"住址：坡造镇【上劳屯】。",
		"户籍：阿拉善左旗巴彦木仁苏木【乌素图嘎查】",
		"现住【石河子121团5连】。",
		"家住【一二八团十连】，去年停水。",
		"家住【2门洞4楼左手】，漏水。",
		"家住【供销社后面第二栋3楼】，漏水。",
		"家住【王庄南头第五排第三家】，漏水。",
		"我住的那条街5号停水。",
		"家住上河村，村里路灯不亮。",
		"户籍由专案组核查。",
		"住址不详，请调查组核实。",
		"家住茅坝村，由工作组处理。",
		"户籍科3楼2号窗口办理。",
	} {
		if got, _ := placesOf(t, plain(want)); got != want {
			t.Errorf("marked %q, want %q", got, want)
		}
	}
}
