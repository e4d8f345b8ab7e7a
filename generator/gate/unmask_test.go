package gate_test

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
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
		// A mask writes a number in its own way.
		{"请拨打（0999）7654321。", "请拨打0999-*****21。", false},
		{"请拨打（0999）７６５４３２１。", "请拨打0999-*****21。", false},
		{"电话７６５４３２１", "电话*****21", false},
		{"请拨打0999 7654321", "请拨打0999-*****21", false},
		{"请拨打零九九九-七六五四三二一。", "请拨打0999-*****21。", false},
		{"请拨打零九九九-七六五四三三一。", "请拨打0999-*****21。", true},
		{"请拨打＋86 138 1234 1234、（0999）7654321。", "请拨打138****1234、0999-*****21。", true}, // in doubt
		{"请拨打138 1234 1234、（0999）7654321。", "请拨打138****1234、0999-*****21。", false},
		{"请拨打******。", "请拨打0999-*****21。", true},
		{"请拨打******", "请拨打138****", true},
		{"请拨打（0999）*****21。", "请拨打0999-*****31。", true},
		{"请拨打0999-*****21。", "请拨打0999-****321。", true},
		{"请拨打******。2026年0999号21次", "请拨打0999-*****21。2026年0999号21次", true},
	} {
		if got := gate.Unmasks(test.was, test.now); got != test.want {
			t.Errorf("%q after %q: %v", test.now, test.was, got)
		}
	}
}

// TestUnmasksCase: no free text of a case shows more than before.
func TestUnmasksCase(t *testing.T) {
	const masked, plain = "电话138****1234", "电话13812341234"
	for name, set := range map[string]func(*record.Case, string){
		"title":          func(c *record.Case, s string) { c.Title = s },
		"question":       func(c *record.Case, s string) { c.Question = s },
		"reply":          func(c *record.Case, s string) { c.Reply.Text = s },
		"outcome_reason": func(c *record.Case, s string) { c.OutcomeReason = s },
		"addressee":      func(c *record.Case, s string) { c.Addressee = s },
		"legal_class":    func(c *record.Case, s string) { c.LegalClass = s },
		"consent_basis":  func(c *record.Case, s string) { c.Consent.Basis = s },
		"dispatches":     func(c *record.Case, s string) { c.Dispatches = []record.Dispatch{{Reason: "退回"}, {Reason: s}} },
		"supervisions":   func(c *record.Case, s string) { c.Supervisions = []record.Supervision{{What: "督办", Result: s}} },
		"timeline":       func(c *record.Case, s string) { c.Timeline = []record.Step{{What: "reply", Text: s}} },
	} {
		var was, now record.Case
		set(&was, masked)
		set(&now, plain)
		if !gate.UnmasksCase(was, now) || gate.UnmasksCase(now, was) || gate.UnmasksCase(was, was) {
			t.Errorf("%s: masked to plain %t, plain to masked %t, the same %t", name, gate.UnmasksCase(was, now), gate.UnmasksCase(now, was), gate.UnmasksCase(was, was))
		}
		if texts := gate.CaseTexts(was); len(texts) != 1 || texts[name] == "" {
			t.Errorf("%s: %d texts", name, len(texts))
		}
	}
}

// TestUnmasksCaseTitle: a title that is the start of its question may reach further
// into it, and one that an office wrote may not.
func TestUnmasksCaseTitle(t *testing.T) {
	const long = "石桥镇李家村三组东头第二个路口那盏太阳能路灯已经坏了一个多月"
	was := record.Case{Title: "张伟反映0999-7654321、石桥镇李家村三组东头第二…", Question: "张伟反映0999-7654321、" + long + "。"}
	now := record.Case{Title: "张伟反映******、石桥镇李家村三组东头第二个路口那盏太…", Question: "张伟反映******、" + long + "。"}
	if gate.UnmasksCase(was, now) {
		t.Error("a title that reaches further is taken for unmasked")
	}
	was.Question = long
	if !gate.UnmasksCase(was, now) {
		t.Error("a title of its own shows more, and nobody minds")
	}
}
