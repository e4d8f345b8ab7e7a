package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
)

// spotted returns what the gate finds in a made-up text, names, addresses and
// birthdays left out: "kind=what it covers", one after the other.
func spotted(t *testing.T, text string) string {
	t.Helper()
	c := newGate(t).Check(gate.Citizen, text, asOf)
	var list []string
	for _, f := range c.Findings {
		if !slices.Contains([]string{gate.Person, gate.Address, gate.BirthDate}, f.Type) {
			list = append(list, f.Type+"="+text[f.Start:f.End])
		}
	}
	return strings.Join(list, " ")
}

// spot is a text and what is found in it.
type spot struct{ in, want string }

// spots checks a table of texts.
func spots(t *testing.T, table []spot) {
	t.Helper()
	for _, tt := range table {
		if got := spotted(t, tt.in); got != tt.want {
			t.Errorf("%q: found %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestCreditCodes shows that unified social credit codes pass everywhere.
func TestCreditCodes(t *testing.T) {
	spots(t, []spot{
		{"统一社会信用代码91510100MA62K12341", ""},
		{"订单号91440300E12345678Q", ""},
		{"护照91440300E12345678Q", ""},
		{"账号51110000123456789W，开户名同上", ""},
		{"订单号91510100MA62K1234A", "order=91510100MA62K1234A"}, // with a wrong check character it is none
	})
}

// TestSpellings shows that every kind stands in the usual disguises.
func TestSpellings(t *testing.T) {
	wide := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7f {
				return r - 0x20 + 0xff00
			}
			return r
		}, s)
	}
	between := func(glue string) func(string) string {
		return func(s string) string { return strings.Join(strings.Split(s, ""), glue) }
	}
	for _, tt := range []struct{ kind, before, datum string }{
		{gate.Passport, "护照号", "E12345678"},
		{gate.Passport, "护照号", "EA1234567"},
		{gate.Permit, "港澳居民来往内地通行证", "H12345678"},
		{gate.Permit, "台胞证", "12345678"},
		{gate.WeChat, "微信号：", "zhao_x123"},
		{gate.QQ, "QQ：", "123456789"},
		{gate.IP, "IP：", "36.112.9.25"},
		{gate.MAC, "MAC：", "3c:5a:b4:12:9e:0f"},
		{gate.Coordinate, "坐标", "104.06476,30.57020"},
		{gate.Order, "快递单号", "SF1234567890123"},
	} {
		for name, spell := range map[string]func(string) string{
			"plain":           func(s string) string { return s },
			"full width":      wide,
			"spaces":          between(" "),
			"zero width":      between("\u200b"),
			"zero in circles": func(s string) string { return strings.ReplaceAll(s, "0", "０") },
			"letter o":        func(s string) string { return s[:1] + strings.ReplaceAll(s[1:], "0", "O") },
		} {
			if name == "letter o" && tt.kind == gate.WeChat {
				continue // an O is an O in it
			}
			text := tt.before + spell(tt.datum) + "。"
			if got, want := spotted(t, text), tt.kind+"="+spell(tt.datum); got != want {
				t.Errorf("%s, %s: found %q, want %q", tt.datum, name, got, want)
			}
		}
	}
}
