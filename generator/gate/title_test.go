package gate

import "testing"

func TestTitleFrom(t *testing.T) {
	for _, test := range []struct{ question, want string }{
		{"尊敬的领导，您好！小区东门的路灯三天不亮。希望尽快维修。", "小区东门的路灯三天不亮"},
		{"路灯不亮", "路灯不亮"},
		{"您好", ""},
		{"", ""},
		{"你好。\n\n 1路公交车首班几点？", "1路公交车首班几点"},
		{"我住在城东一个很老的小区里，楼道灯坏了半年没有人来修，老人上下楼都要打手电", "我住在城东一个很老的小区里，楼道灯坏了半年没有人来修，老人…"},
		{"Dear Sir. The street lamp at the corner is out.", "The street lamp at the corner…"},
	} {
		if got := titleFrom(test.question); got != test.want {
			t.Errorf("titleFrom(%q) = %q, want %q", test.question, got, test.want)
		}
	}
}
