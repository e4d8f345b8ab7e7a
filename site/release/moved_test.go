package release

import (
	"strings"
	"testing"
)

// A move names two cases and two pages: what names anything else is not written.
func TestEncodeMoves(t *testing.T) {
	good := Move{Number: "2611-000001", Into: "2611-000002", Page: "case/2611-000001.html", To: "case/2611-000002.html"}
	lines, err := EncodeMoves([]Move{good})
	want := `{"number":"2611-000001","into":"2611-000002","page":"case/2611-000001.html","to":"case/2611-000002.html"}` + "\n"
	if string(lines) != want || err != nil {
		t.Errorf("%s, %v", lines, err)
	}
	for name, change := range map[string]func(*Move){
		"itself":       func(m *Move) { m.Into = m.Number },
		"no case":      func(m *Move) { m.Into = "K\"2" },
		"another host": func(m *Move) { m.To = "//elsewhere.example/case" },
		"out of it":    func(m *Move) { m.To = "../state/store.db" },
		"a script":     func(m *Move) { m.To = "javascript:alert(1)\n" },
		"no page":      func(m *Move) { m.Page = "" },
	} {
		m := good
		change(&m)
		if lines, err := EncodeMoves([]Move{good, m}); err == nil || lines != nil {
			t.Errorf("%s: %s", name, lines)
		}
	}
	// Whoever withdraws one of the two finds the line by its number.
	for _, n := range []string{"2611-000001", "2611-000002"} {
		left, ok := withoutCases(MovedPages, []byte(want), map[string]bool{n: true})
		if !ok || len(left) > 0 {
			t.Errorf("withdrawn %s, left %q", n, left)
		}
	}
	if left, _ := withoutCases(MovedPages, []byte(want), map[string]bool{"2611-000003": true}); !strings.Contains(string(left), "2611-000001") {
		t.Errorf("left %q", left)
	}
}
