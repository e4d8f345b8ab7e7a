package gate_test

import (
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/gate"
)

// TestNamesOfOtherScripts shows names in other letters where a word announces them, and
// what stands there and is none.
func TestNamesOfOtherScripts(t *testing.T) {
	g := newGate(t)
	for _, tt := range []struct{ in, want string }{
		{"我叫Batu，家里停水。", "Batu"},
		{"联系人：Batu，家里停水。", "Batu"},
		{"姓名：Абдулла", "Абдулла"},
		{"联系人：བཀྲ་ཤིས", "བཀྲ་ཤིས"},
		{"姓名：ئابدۇللا", "ئابدۇللا"},
		{"Hello, my name is John Smith and the lamp is broken.", "John Smith"},
		{"Mrs. Smith called.", "Smith"},
		{"Dear Jane Doe, thank you.", "Jane Doe"},
		{"Contact: Robert Brown", "Robert Brown"},
		{"I am Robert Brown.", "Robert Brown"},
		{"Dear Customer, thank you.", ""},
		{"Dear Sir or Madam, thank you.", ""},
		{"I am American.", ""},
		{"Contact: Police Department", ""},
		{"The Department of Sanitation referred this complaint.", ""},
		{"联系人：QQ群主", ""},
		{"联系人：APP客服", ""},
	} {
		var got []string
		for _, f := range g.Check(gate.Citizen, tt.in, asOf).Findings {
			got = append(got, tt.in[f.Start:f.End])
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q: found %q, want %q", tt.in, s, tt.want)
		}
	}
}
