package gate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/fault"
	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

const allowText = `# ours
allow:
  - kind: landline
    value: 028-81234567
    unit: u-lamp
    owner: 信息科
    reason: 对外公布的值班电话
    from: 2026-01-01
    until: 2028-12-31
  - {kind: email, value: Lamp@city.example.cn, unit: u-lamp, owner: 信息科, reason: 公开邮箱, from: 2026-01-01, until: 2026-12-31}
  - {kind: mobile, value: "13912345678", unit: u-lamp, owner: 信息科, reason: 值班手机, from: 2026-11-21, until: 2026-12-31}
  - {kind: url, value: https://weibo.com/u/1234567890, unit: u-lamp, owner: 信息科, reason: 官方微博, from: 2026-01-01, until: 2026-12-31}
  - {kind: address, value: 青年路88号, unit: "*", owner: 信息科, reason: 办事大厅, from: 2026-01-01, until: 2026-12-31}
  - kind: person
    value: 欧阳志远
    title: 局长
    spokesman: true
    unit: u-lamp
    owner: 人事科
    reason: 在任
    from: 2026-01-01
    until: 2026-12-31
`

func allowGate(t *testing.T, list []gate.Allow) *gate.Gate {
	t.Helper()
	g, err := gate.New(gate.Options{Key: make([]byte, 32), Allow: list})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestAllow(t *testing.T) {
	list, err := gate.DecodeAllow([]byte(allowText))
	if err != nil {
		t.Fatal(err)
	}
	g := allowGate(t, list)
	for _, tt := range []struct {
		name, text string
		units      []record.UnitID
		day        record.Day
		pass       bool
	}{
		{"a line of the unit", "请致电028-81234567。", []record.UnitID{"u-lamp"}, asOf, true},
		{"without its area code", "电话：81234567。", []record.UnitID{"u-lamp"}, asOf, true},
		{"of another unit", "请致电028-81234567。", []record.UnitID{"u-road"}, asOf, false},
		{"another line", "请致电028-81234568。", []record.UnitID{"u-lamp"}, asOf, false},
		{"before its first day", "请致电028-81234567。", []record.UnitID{"u-lamp"}, day("2025-12-31"), false},
		{"on its last day", "请致电028-81234567。", []record.UnitID{"u-lamp"}, day("2028-12-31"), true},
		{"after its last day", "请致电028-81234567。", []record.UnitID{"u-lamp"}, day("2029-01-01"), false},
		{"an address in capitals", "邮箱lamp@city.example.cn。", []record.UnitID{"u-lamp"}, asOf, true},
		{"a public building", "请到青年路88号3楼302室办理。", nil, asOf, true},
		{"another house", "请到青年路89号2栋302室找我。", nil, asOf, false},
		{"its own page", "见HTTPS://weibo.com/u/1234567890。", []record.UnitID{"u-lamp"}, asOf, true},
		{"the page of somebody else", "见https://weibo.com/u/1234567891。", []record.UnitID{"u-lamp"}, asOf, false},
		{"a longer name", "见https://weibo.com/u/12345678901。", []record.UnitID{"u-lamp"}, asOf, false},
		{"the same name elsewhere", "见https://weibo.cn/u/1234567890。", []record.UnitID{"u-lamp"}, asOf, false},
		{"from tomorrow on", "请致电13912345678。", []record.UnitID{"u-lamp"}, day("2026-11-20"), false},
		{"from today on", "请致电13912345678。", []record.UnitID{"u-lamp"}, day("2026-11-21"), true},
	} {
		c := g.Check(gate.Official, tt.text, tt.day, tt.units...)
		if c.Clean() != tt.pass || tt.pass != (c.Masked == tt.text) {
			t.Errorf("%s: clean is %v, want %v", tt.name, c.Clean(), tt.pass)
		}
	}
}

// TestOfficials: a full name passes beside its title in the unit's cases, or as
// the spokesman's in the unit's reply, and nowhere else.
func TestOfficials(t *testing.T) {
	list, err := gate.DecodeAllow([]byte(allowText))
	if err != nil {
		t.Fatal(err)
	}
	byRegister, err := gate.New(gate.Options{Key: make([]byte, 32), Officials: map[record.UnitID][]gate.Officer{
		"u-lamp": {{Name: "欧阳志远", Title: "局长", From: day("2026-01-01"), Until: day("2026-12-31"), Spokesman: true}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range map[string]*gate.Gate{"allow-list": allowGate(t, list), "register": byRegister} {
		for _, tt := range []struct {
			name   string
			change fields
			asOf   string
			named  bool
		}{
			{"beside the title", fields{"outcome_reason": "局长欧阳志远已批示。"}, "2026-11-20", true},
			{"before the title", fields{"outcome_reason": "欧阳志远 局长已批示。"}, "2026-11-20", true},
			{"with another title", fields{"outcome_reason": "主任欧阳志远已批示。"}, "2026-11-20", false},
			{"without a title", fields{"outcome_reason": "联系人：欧阳志远。"}, "2026-11-20", false},
			{"as spokesman in the reply", fields{"reply": "联系人：欧阳志远。"}, "2026-11-20", true},
			{"as spokesman who answers", fields{"reply": "您好！发言人欧阳志远答复如下。"}, "2026-11-20", true},
			{"the reply is to somebody called so", fields{"reply": "欧阳志远：您好，已修复。"}, "2026-11-20", false},
			{"a citizen called so", fields{"reply": "您好，网友欧阳志远反映的路灯已修复。"}, "2026-11-20", false},
			{"a man called so", fields{"reply": "已联系欧阳志远先生。"}, "2026-11-20", false},
			{"in the reply of another unit", fields{"reply": "联系人：欧阳志远。", "reply_unit": "u-road"}, "2026-11-20", false},
			{"beside the title in another unit's case", fields{"outcome_reason": "局长欧阳志远已批示。", "unit": "u-road"}, "2026-11-20", false},
			{"out of office", fields{"outcome_reason": "局长欧阳志远已批示。"}, "2027-01-01", false},
			{"not yet in office", fields{"outcome_reason": "局长欧阳志远已批示。", "received": "2025-12-01"}, "2025-12-31", false},
		} {
			cleared, _ := g.Clear(full(tt.change), day(tt.asOf))
			c, _ := cleared.Value().(record.Case)
			if got := strings.Contains(c.OutcomeReason+c.Reply.Text, "欧阳志远"); got != tt.named {
				t.Errorf("%s, %s: named is %v", name, tt.name, got)
			}
		}
	}
}

func TestDecodeAllowRefuses(t *testing.T) {
	entry := func(change, to string) string {
		const one = "allow:\n  - kind: landline\n    value: 028-81234567\n    unit: u\n    owner: a\n    reason: b\n    from: 2026-01-01\n    until: 2028-12-31\n"
		if !strings.Contains(one, change) {
			t.Fatalf("the entry has no %q", change)
		}
		return strings.Replace(one, change, to, 1)
	}
	if _, err := gate.DecodeAllow([]byte(entry("", ""))); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"another key", "allowed: []\n", "line 1"},
		{"no list", "allow: all\n", "line 1"},
		{"no owner", entry("    owner: a\n", ""), "line 2: owner"},
		{"no reason", entry("    reason: b\n", ""), "reason"},
		{"an empty reason", entry("reason: b", `reason: " "`), "line 6: reason"},
		{"no first day", entry("    from: 2026-01-01\n", ""), "from"},
		{"no last day", entry("    until: 2028-12-31\n", ""), "until"},
		{"no unit", entry("    unit: u\n", ""), "unit"},
		{"a bad unit", entry("unit: u", "unit: U 1"), "line 4: unit"},
		{"over three years", entry("2028-12-31", "2029-01-02"), "line 8: until"},
		{"ends before it begins", entry("2028-12-31", "2025-12-31"), "line 8: until"},
		{"a bad day", entry("2026-01-01", "2026-02-30"), "line 7: from"},
		{"an unknown kind", entry("kind: landline", "kind: id_card"), "line 2: kind"},
		{"an unknown key", entry("    owner: a\n", "    owner: a\n    note: c\n"), "line 6"},
		{"a key twice", entry("    owner: a\n", "    owner: a\n    owner: c\n"), "line 6"},
		{"no telephone number", entry("028-81234567", "call us"), "line 3: value"},
		{"no e-mail address", entry("kind: landline", "kind: email"), "line 3: value"},
		{"an official without a title", entry("kind: landline\n    value: 028-81234567", "kind: person\n    value: 王小明"), "title"},
		{"a mobile number everywhere", entry("kind: landline\n    value: 028-81234567\n    unit: u", "kind: mobile\n    value: \"13812345678\"\n    unit: \"*\""), "line 4: unit"},
		{"an official everywhere", entry("kind: landline\n    value: 028-81234567\n    unit: u", "kind: person\n    value: 王小明\n    title: 局长\n    unit: \"*\""), "line 5: unit"},
		{"a titled line", entry("    unit: u\n", "    unit: u\n    title: 局长\n"), "kind"},
	} {
		_, err := gate.DecodeAllow([]byte(tt.text))
		if err == nil {
			t.Errorf("%s: no error", tt.name)
			continue
		}
		msg, hint, _ := fault.Public(err)
		if !strings.Contains(msg, tt.want) || hint == "" {
			t.Errorf("%s: %q, hint %q; want %q in it", tt.name, msg, hint, tt.want)
		}
		if strings.Contains(msg+err.Error(), "81234567") || strings.Contains(msg, "王小明") {
			t.Errorf("%s: the error shows a value", tt.name)
		}
	}
	if _, err := gate.New(gate.Options{Key: make([]byte, 32), Allow: []gate.Allow{{Kind: gate.Landline, Value: "028-81234567", Unit: "u"}}}); err == nil {
		t.Error("the gate takes an entry without owner")
	}
}

func TestEncodeAllow(t *testing.T) {
	list, err := gate.DecodeAllow([]byte(allowText))
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, gate.Allow{Kind: gate.Landline, Value: "028-80000000", Unit: gate.Everywhere, Owner: "a\"b\\c", Reason: "两\n行: # 号", From: day("2026-01-01"), Until: day("2026-01-02")})
	one := gate.EncodeAllow(list)
	back, err := gate.DecodeAllow(one)
	if err != nil {
		t.Fatal(err)
	}
	list[0], list[3] = list[3], list[0]
	if diff := cmp.Diff(string(one), string(gate.EncodeAllow(list))); diff != "" {
		t.Errorf("the order of entries changes the bytes:\n%s", diff)
	}
	if diff := cmp.Diff(string(one), string(gate.EncodeAllow(back))); diff != "" || len(back) != len(list) {
		t.Errorf("%d entries, want %d; read and written again (-want +got):\n%s", len(back), len(list), diff)
	}
	if back, err = gate.DecodeAllow(gate.EncodeAllow(nil)); err != nil || len(back) != 0 {
		t.Errorf("an empty list: %d entries, %v", len(back), err)
	}
}

func TestRulesHash(t *testing.T) {
	list, err := gate.DecodeAllow([]byte(allowText))
	if err != nil {
		t.Fatal(err)
	}
	g, none := allowGate(t, list), allowGate(t, nil)
	if g.RulesHash() == none.RulesHash() || g.PolicyHash() == none.PolicyHash() {
		t.Error("an allow-list does not change the hashes")
	}
	more := g.WithLines(map[record.UnitID][]string{"u-road": {"028-80000001"}})
	if more.RulesHash() != g.RulesHash() || more.PolicyHash() == g.PolicyHash() {
		t.Error("the lines of the register must change the hash of all, and not that of the rules")
	}
	list[0], list[1] = list[1], list[0]
	if allowGate(t, list).RulesHash() != g.RulesHash() {
		t.Error("the order of entries changes the hash")
	}
}

func FuzzDecodeAllow(f *testing.F) {
	f.Add([]byte(allowText))
	f.Add([]byte("allow: [{kind: person}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := gate.DecodeAllow(text)
		if err != nil {
			return
		}
		one := gate.EncodeAllow(list)
		back, err := gate.DecodeAllow(one)
		if err != nil || string(gate.EncodeAllow(back)) != string(one) {
			t.Error("a list that was read and written cannot be read again")
		}
	})
}
