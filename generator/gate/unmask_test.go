package gate_test

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
)

func TestUnmasks(t *testing.T) {
	for _, test := range []struct {
		was, now string
		want     bool
	}{
		{"请回电138****1234，谢谢", "请回电138****1234，谢谢", false},
		{"请回电13812341234，谢谢", "请回电138****1234，谢谢", false},
		{"请回电138****1234，谢谢", "请回电13812341234，谢谢", true},
		{"我叫张伟，住在人民路", "我叫某某，住在人民路", false},
		{"我叫某某，住在人民路", "我叫张伟，住在人民路", true},
		{"我叫某某，电话138****1234", "我叫张伟，电话******", true},
		{"我叫张伟，电话138****1234", "我叫某某，电话******", false},
		{"石桥镇***路灯坏了", "石桥镇李家村3组路灯坏了", true},
		{"石桥镇李家村3组路灯坏了", "石桥镇***路灯坏了", false},
		{"甲乙", "乙甲", true},
		{"电话138****5678，2026年1月2日收到", "电话13*81*23*45*678，2026年1月2日收到", true},
		{"***" + strings.Repeat("路灯坏了。", 80) + "张伟", "***张伟", true},
		{"", "", false},
		{"***", "某某***", false},
	} {
		if got := gate.Unmasks(test.was, test.now); got != test.want {
			t.Errorf("%q after %q: %v", test.now, test.was, got)
		}
	}
}
