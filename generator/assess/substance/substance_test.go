package substance

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for _, tc := range []struct {
		text string
		want Rule
	}{
		// It says what was found or done, or what holds.
		{"您好，经核实，您反映的问题属实，现已整改完毕。感谢您的关注！", None},
		{"您好，来信收悉。路灯已于昨日修复，感谢您的监督。", None},
		{"已修改。", None},
		{"问题已解决，同时我局将于本周内核查其他标准。", None},
		{"问题正在处理，预计8月22日前恢复。", None},
		{"我局将在三个工作日内处理。", None},
		{"我们将于下周研究解决。", None},
		{"我局将于十二月二日办理。", None},
		{"我局将于８月２日办理。", None},
		{"我局将在两周内答复，请耐心等待。", None},
		{"您好！该路段不属于我局管辖，请向区交通局反映。", None},
		{"您反映的问题请向登记机关咨询办理。", None},
		{"根据条例规定，退休满一年可以申请。如有疑问，请拨打12345。", None},
		{"已转区住建局办理，区住建局回复：该楼外墙已加固。", None},
		{"我局将对该路段进行罩面。", None},
		{"感谢您的提醒，已更新。", None},
		{"经协调上级更新数据，目前已恢复正常并告知留言人。", None},
		{"已安排人员进行了整改。", None},
		{"已协调供电公司抢修。", None},
		{"", None},
		{" 。！", None},
		{"Thank you for your letter.", None},

		{"您反映的问题已反馈给相关部门处理，感谢您的关注！", PassedOn},
		{"您好，来信收悉。我们已转相关部门核实并处理。", PassedOn},
		{"您好！所询事已转业务部门办理中，请耐心等待。", PassedOn},
		{"我局非常重视，已责成相关部门处理。", PassedOn},
		{"您的建议已转交技术人员。我们会尽快跟进，谢谢。", PassedOn},

		{"您好，您的建议已收悉，我们将尽快核实相关情况，感谢您的关注与支持！", Pending},
		{"正在研究，请您继续关注。", Pending},
		{"感谢您的支持，我们将持续改进工作。", Pending},
		{"您反馈的问题正在核实。", Pending},

		{"已电话回复。", Contact},
		{"我们已与您电话联系，并告知相关情况。", Contact},
		{"您好，关于您提出的问题，我们已与您电话沟通。", Contact},
		{"来信收悉。如有疑问，请拨打12345。", Contact},

		{"已办结", Bare},
		{"您反映的问题已处理，谢谢指正。", Bare},
		{"尊敬的网友：您好！您的问题已处理。感谢您的来信！", Bare},

		{"您好！您的来信收悉，感谢您对我们工作的关心和支持。", Formula},
		{"尊敬的李先生：您好！给您带来的不便，敬请谅解。祝您生活愉快！", Formula},
	} {
		if got := Of(tc.text); got != tc.want {
			t.Errorf("%q: %q, want %q", tc.text, got, tc.want)
		}
	}
}

// One clause that says something is enough, wherever it stands.
func TestOneClauseIsEnough(t *testing.T) {
	const empty, full = "您好，来信收悉，感谢您的关注。", "路灯已修复。"
	if Of(empty) != Formula || Of(empty+full) != None || Of(full+empty) != None || Of(empty+full+empty) != None {
		t.Error("the place of a clause decides")
	}
}

func TestEveryRuleIsExplained(t *testing.T) {
	seen := map[Rule]bool{None: true}
	for _, r := range Rules() {
		if r.Text.Zh == "" || r.Text.En == "" || seen[r.ID] {
			t.Errorf("%q has no text of its own", r.ID)
		}
		seen[r.ID] = true
	}
	if len(seen) != int(formula)+1 {
		t.Errorf("%d rules for %d kinds of clause", len(seen)-1, formula)
	}
}

func FuzzOf(f *testing.F) {
	f.Add("您好，已转相关部门。")
	f.Add("\xff\xe6\x82")
	f.Fuzz(func(t *testing.T, text string) {
		rule := Of(text)
		if rule != None && Of(text+"。路灯已修复。") != None {
			t.Error("a reply that says something is flagged")
		}
		if strings.TrimSpace(text) == "" && rule != None {
			t.Error("a reply without text is flagged")
		}
	})
}

func BenchmarkOf(b *testing.B) {
	text := strings.Repeat("您好，来信收悉，感谢您对我们工作的关心和支持。", 8) + "路灯已修复。"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Of(text)
	}
}
