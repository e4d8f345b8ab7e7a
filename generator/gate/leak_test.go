package gate_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
	"github.com/huiyin/huiyin/generator/record"
)

func TestLeakScan(t *testing.T) {
	g, err := gate.New(gate.Options{
		Key:        bytes.Repeat([]byte{7}, 32),
		AllowLines: map[record.UnitID][]string{"lamps": {"0999-7654321", "lamps@example.gov.cn"}},
		Hotlines:   []string{"0999-2345678"},
	})
	if err != nil {
		t.Fatal(err)
	}
	scan := g.NewLeakScan(record.Date(2026, 11, 30))
	for _, tt := range []struct {
		name, text string
		units      []record.UnitID
		people     bool
		want       string
		candidates int
	}{
		{"nothing", "路灯不亮，请尽快修理。", nil, false, "", 0},
		{"mobile", "电话13812345678", nil, false, "mobile!", 1},
		{"in entities", "电话&#49;3812345678", nil, false, "mobile!", 1},
		{"mask", "电话138****5678", nil, false, "", 0},
		{"line of a unit, everywhere", "电话0999-7654321", nil, false, "", 1},
		{"line of the unit", "电话0999-7654321", []record.UnitID{"lamps"}, false, "", 1},
		{"line of another unit", "电话0999-7654321", []record.UnitID{"water"}, false, "landline!", 1},
		{"line of no unit", "电话0999-7654321", []record.UnitID{}, false, "landline!", 1},
		{"hotline", "电话0999-2345678", []record.UnitID{}, false, "", 1},
		{"service line", "热线400-123-4567", []record.UnitID{}, false, "", 1},
		{"e-mail under a service line", "发到400 123 4567@qq.com", []record.UnitID{}, false, "service!", 1},
		{"address under a service line", "寄到400-123-4567弄3号401室", []record.UnitID{}, true, "service!", 1},
		{"address under a line of the unit", "0999 7654321弄3号401室", []record.UnitID{"lamps"}, true, "landline!", 1},
		{"doubtful", "一三八的一二三四的五六七八", nil, false, "mobile", 1},
		{"name", "我叫张伟明，请回电。", nil, false, "", 0},
		{"name, where it is looked for", "我叫张伟明，请回电。", nil, true, "person", 1},
		{"account, which a site may have", "微信号：lamps_2026", nil, false, "wechat", 1},
		{"broken", "电话\xff", nil, false, "unread!", 1},
		{"too long", strings.Repeat("长", 1<<20), nil, false, "unread!", 1},
		{"after that", "电话13812345678", nil, false, "mobile!", 1},
	} {
		leaks, candidates := scan.Text(tt.text, tt.units, tt.people)
		var got []string
		for _, l := range leaks {
			s := l.Type
			if l.Certain {
				s += "!"
			}
			if (l.Value == "") != (l.Type == gate.Unread) || len(l.Value) != 0 && len(l.Value) != 64 {
				t.Errorf("%s: a value of %d bytes", tt.name, len(l.Value))
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != tt.want || candidates != tt.candidates {
			t.Errorf("%s: %q of %d candidates, want %q of %d", tt.name, s, candidates, tt.want, tt.candidates)
		}
	}
}

// An entry that has ended takes back nothing that it let pass; one that has not
// begun lets nothing pass.
func TestLeakAllowEnded(t *testing.T) {
	entry := func(value, from, until string) gate.Allow {
		first, err := record.ParseDay(from)
		last, err2 := record.ParseDay(until)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		return gate.Allow{Kind: gate.Landline, Value: value, Unit: "lamps", Owner: "信息科", Reason: "值班电话", From: first, Until: last}
	}
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32), Allow: []gate.Allow{
		entry("0999-7654321", "2024-01-01", "2025-12-31"),
		entry("0999-7654322", "2026-01-01", "2026-12-31"),
		entry("0999-7654323", "2027-01-01", "2027-12-31"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	scan := g.NewLeakScan(record.Date(2026, 11, 30))
	for text, want := range map[string]int{"电话0999-7654321": 0, "电话0999-7654322": 0, "电话0999-7654323": 1} {
		if leaks, n := scan.Text(text, []record.UnitID{"lamps"}, false); len(leaks) != want || n != 1 {
			t.Errorf("%s: %d leaks of %d, want %d", text, len(leaks), n, want)
		}
		if leaks, _ := scan.Text(text, []record.UnitID{"water"}, false); len(leaks) != 1 {
			t.Errorf("%s: passes for another unit", text)
		}
	}
}

// The hash of a leak is that of the finding in the case, however it is spelt.
func TestLeakValue(t *testing.T) {
	g := newGate(t)
	for _, text := range []string{"电话13812345678", "电话１３８ 1234 5678", "电话一三八一二三四五六七八"} {
		leaks, _ := g.NewLeakScan(record.Date(2026, 11, 30)).Text(text, nil, false)
		found := g.Check(gate.Citizen, "13812345678", record.Date(2026, 11, 30)).Findings
		if len(leaks) != 1 || len(found) != 1 || leaks[0].Value != found[0].Value {
			t.Errorf("%d leaks, %d findings, or other hashes", len(leaks), len(found))
		}
	}
}

// Work that is spent is no pass.
func TestLeakBudget(t *testing.T) {
	p := gate.DefaultPolicy()
	p.MaxSteps = 1000
	scan := withPolicy(t, p).NewLeakScan(record.Date(2026, 11, 30))
	leaks, _ := scan.Text(strings.Repeat("路灯", 1000), nil, true)
	if len(leaks) != 1 || leaks[0].Type != gate.Unread || !leaks[0].Certain {
		t.Errorf("%d leaks", len(leaks))
	}
	if leaks, _ := scan.Text("13812345678", nil, false); len(leaks) != 1 || leaks[0].Type != gate.Mobile {
		t.Error("the next text was not looked at")
	}
}

// What the policy passes in any field is no leak.
func TestLeakPolicy(t *testing.T) {
	p := gate.DefaultPolicy()
	p.Official[gate.Landline] = gate.Rule{Action: gate.Pass}
	scan := withPolicy(t, p).NewLeakScan(record.Date(2026, 11, 30))
	if leaks, n := scan.Text("电话0999-7654321", nil, false); len(leaks) != 0 || n != 1 {
		t.Errorf("%d leaks of %d", len(leaks), n)
	}
	if leaks, _ := scan.Text("电话13812345678", nil, false); len(leaks) != 1 {
		t.Error("a mobile number passes with it")
	}
}

func withPolicy(t *testing.T, p gate.Policy) *gate.Gate {
	t.Helper()
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32), Policy: p})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func BenchmarkLeakScan(b *testing.B) {
	g, err := gate.New(gate.Options{Key: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		b.Fatal(err)
	}
	for _, people := range []bool{false, true} {
		b.Run(fmt.Sprintf("people=%t", people), func(b *testing.B) {
			scan := g.NewLeakScan(record.Date(2026, 11, 30))
			text := strings.Repeat("您好，您反映的路灯不亮问题已经收到，工作人员于2026年11月3日到现场查看并更换灯泡。", 20)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				scan.Text(text, nil, people)
			}
		})
	}
}
