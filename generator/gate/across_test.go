package gate_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

// TestNamesAcrossFields looks for a name that one field introduces where it
// stands without any sign in the others.
func TestNamesAcrossFields(t *testing.T) {
	sign := "我叫欧阳志远，家门口路灯坏了。"
	plain := "关于欧阳志远路灯的处理"
	for _, tt := range []struct {
		name   string
		change fields
	}{
		{"question to title", fields{"question": sign, "title": plain}},
		{"question to reply", fields{"question": sign, "reply": plain}},
		{"reply to question", fields{"reply": "欧阳志远女士：您好！已修复。", "question": plain}},
		{"question to reason", fields{"question": sign, "outcome_reason": plain}},
		{"question to timeline", fields{"question": sign, "timeline": `[{"day":"2026-10-01","what":"` + plain + `","text":"` + plain + `"}]`}},
		{"question to supervision", fields{"question": sign, "supervisions": `[{"day":"2026-10-01","what":"` + plain + `"}]`}},
		{"spaced in the title", fields{"question": sign, "title": "关于欧阳 志远路灯的处理"}},
		{"traditional in the title", fields{"question": sign, "title": "关于歐陽志遠路灯的处理"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cleared, v := newGate(t).Clear(full(tt.change), asOf)
			if v.Decision != gate.Publish {
				t.Fatalf("%s %v", v.Decision, v.Reasons)
			}
			out, err := json.Marshal(cleared.Value())
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"志远", "志遠"} {
				if strings.Contains(string(out), name) {
					t.Error("the name stands in another field")
				}
			}
			fields := map[string]bool{}
			for _, f := range v.Findings {
				if fields[f.Field] = true; f.End <= f.Start {
					t.Errorf("%s: a finding has no place", f.Field)
				}
			}
			if len(fields) < 2 {
				t.Errorf("findings in %d fields", len(fields))
			}
		})
	}
}

// TestNamesOfAnUnshownQuestion looks in what an office wrote for the name that a
// question introduces which is not published, since there is no reply.
func TestNamesOfAnUnshownQuestion(t *testing.T) {
	for _, field := range []string{"title", "question"} {
		cleared, v := newGate(t).Clear(full(fields{
			field: "我叫欧阳志远，家门口路灯坏了。", "outcome_reason": "关于欧阳志远路灯的处理已完成",
		}, "reply"), asOf)
		c, _ := cleared.Value().(record.Case)
		if v.Decision != gate.Publish || c.OutcomeReason != "关于某某路灯的处理已完成" || c.Title+c.Question != "" {
			t.Errorf("%s: %s %v, %q", field, v.Decision, v.Reasons, c.OutcomeReason)
		}
	}
}

// TestPartedNumbers parts numbers between the end of one field and the start of
// the next.
func TestPartedNumbers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change fields
		secret []string
	}{
		{"mobile, title and question", fields{"title": "请回电1381234", "question": "5678，路灯坏了。"}, []string{"1381234", "5678"}},
		{"with blanks around", fields{"title": " 请回电138 12 34 ", "question": "\n 56 78，路灯坏了。"}, []string{"138", "56 78"}},
		{"identity card", fields{"title": "身份证51010419900307", "question": "123X，办不了证。"}, []string{"51010419900307", "123X"}},
		{"full width, question first", fields{"title": "请回电１３８１２３４", "question": "５６７８，路灯坏了。"}, []string{"１３８", "５６７８"}},
		{"e-mail", fields{"title": "发到zhang.wei@", "question": "163.com，谢谢。"}, []string{"zhang.wei", "163"}},
		{"e-mail under a service line, which alone would pass", fields{"title": "发到400 123 4567@", "question": "163.com，谢谢。"}, []string{"4567", "163"}},
		{"reply and reason", fields{"reply": "已联系，1381234", "outcome_reason": "5678已接听。"}, []string{"1381234", "5678"}},
		{"steps", fields{"timeline": `[{"day":"2026-10-01","what":"收件","text":"来电1381234"},{"day":"2026-10-02","what":"5678","text":"接听"}]`},
			[]string{"1381234", "5678"}},
		{"a title cut from its question", fields{"title": "路灯坏了，请回电1381234", "question": "路灯坏了，请回电13812345678，谢谢。"}, []string{"1381234"}},
		{"cut with an ellipsis", fields{"title": "路灯坏了，请回电1381234…", "question": "路灯坏了，请回电13812345678，谢谢。"}, []string{"1381234"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cleared, v := newGate(t).Clear(full(tt.change), asOf)
			out, err := json.Marshal(cleared.Value())
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range tt.secret {
				if strings.Contains(string(out), s) {
					t.Errorf("a part of %d bytes comes through", len(s))
				}
			}
			if v.Decision != gate.Publish || len(v.Findings) == 0 {
				t.Errorf("%s %v with %d findings", v.Decision, v.Reasons, len(v.Findings))
			}
		})
	}
	for name, change := range map[string]fields{
		"a year and a month":        {"title": "路灯不亮2026", "question": "10月起不亮。"},
		"two numbers of buses":      {"title": "公交车138、139", "question": "12路、34路都不停。"},
		"a hotline and a number":    {"title": "打过12345", "question": "3次，没有人管。"},
		"a service line in two":     {"title": "打过400-123", "question": "4567，没有人管。"},
		"question and reply":        {"question": "路灯坏了1381234", "reply": "5678盏路灯已修复。"},
		"a title without its words": {"title": "路灯坏了2026", "question": "路灯坏了1381234次。"},
	} {
		raw := full(change)
		cleared, v := newGate(t).Clear(raw, asOf)
		if c, _ := cleared.Value().(record.Case); v.Decision != gate.Publish || c.Title != raw.Fields["title"] || c.Question != raw.Fields["question"] {
			t.Errorf("%s: %s %v with %d findings, want it as it is", name, v.Decision, v.Reasons, len(v.Findings))
		}
	}
}

// A public line that one field begins and the next ends passes, and no more than
// the line.
func TestPartedPublicLine(t *testing.T) {
	g, err := gate.New(gate.Options{Key: make([]byte, 32), Hotlines: []string{"0999-7654321"}})
	if err != nil {
		t.Fatal(err)
	}
	for question, passes := range map[string]bool{"4321，没有人接。": true, "4322，没有人接。": false} {
		cleared, v := g.Clear(full(fields{"title": "打过0999-765", "question": question}), asOf)
		if c, _ := cleared.Value().(record.Case); v.Decision != gate.Publish || (c.Question == question) != passes {
			t.Errorf("%s %v, with %d findings, want it to pass: %t", v.Decision, v.Reasons, len(v.Findings), passes)
		}
	}
}

// FuzzAcross clears a case of four texts: the gate never meets a defect of its own,
// and says the same twice.
func FuzzAcross(f *testing.F) {
	f.Add("请回电1381234", "5678，我叫欧阳志远", "欧阳志远女士您好", "１３８")
	f.Add("发到a@", "163.com", "8岁的孩子被打", "密级：机密★")
	f.Add("路灯1381234…", "路灯13812345678", "", "\xff")
	g, err := gate.New(gate.Options{Key: make([]byte, 32), Officials: map[record.UnitID][]gate.Officer{
		"u-lamp": {{Name: "欧阳志远", Title: "局长", Spokesman: true}},
	}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, title, question, reply, reason string) {
		raw := full(fields{"title": title, "question": question, "reply": reply, "outcome_reason": reason, "kind": "report"})
		cleared, v := g.Clear(raw, asOf)
		if slices.Contains(v.Reasons, "internal-error") {
			t.Error("the gate met a defect of its own")
		}
		if c, ok := cleared.Value().(record.Case); ok && !utf8.ValidString(c.Title+c.Question+c.Reply.Text+c.OutcomeReason) {
			t.Error("a cleared text is not UTF-8")
		}
		if _, again := g.Clear(raw, asOf); again.Output != v.Output || again.Content != v.Content {
			t.Error("the same case gives another answer")
		}
		if _, accepted := g.ClearReviewed(raw, asOf, gate.Review{Content: v.Content, Accept: true}); accepted.Decision == gate.Publish && !gate.Acceptable(v.Reasons) && v.Decision == gate.Hold {
			t.Error("a person accepts what cannot be accepted")
		}
	})
}
