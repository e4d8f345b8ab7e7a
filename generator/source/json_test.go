package source

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseJSON(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"a": [1, "x", true, null, {"b": 007}]}`, `{a:[1 "x" true null {b:007}]}`},
		{`"\u4f60\ud842\udfb7\n\ud800x"`, `"你𠮷\n�x"`},
		{`NaN`, `null`},
		{`510105199001011234`, `510105199001011234`},
		{`{"a":1,"a":2}`, "error"},
		{`{"a":1`, "error"},
		{`[1,]`, "error"},
		{`"a` + "\x01" + `"`, "error"},
		{`"` + "\xff" + `"`, "error"},
		{`1 2`, "error"},
		{strings.Repeat("[", 200) + strings.Repeat("]", 200), "error"},
	} {
		n, err := ParseJSON([]byte(c.text))
		got := show(&n)
		if err != nil {
			got = "error"
			if strings.Contains(err.Error(), "x") && strings.Contains(err.Error(), `"x"`) {
				t.Errorf("the error shows the text: %v", err)
			}
		}
		if got != c.want {
			t.Errorf("%s is read as %s, want %s", c.text, got, c.want)
		}
	}
}

func show(n *Node) string {
	switch n.Kind {
	case Null:
		return "null"
	case String:
		return strings.ReplaceAll(strconv.Quote(n.Text), `\ufffd`, "�")
	case Array:
		var parts []string
		for i := range n.Items {
			parts = append(parts, show(&n.Items[i]))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case Object:
		var parts []string
		for i := range n.Items {
			parts = append(parts, n.Names[i]+":"+show(&n.Items[i]))
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	return n.Text
}

func TestPath(t *testing.T) {
	n, err := ParseJSON([]byte(`{"a": {"b": [{"c": "1"}, {"c": "2"}], "x.y": "3"}, "w": [{"c": "4"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"a.b.0.c": "1", "a.b.-1.c": "2", "a.b.*.c": "1 2", `a."x.y"`: "3", "w.c": "4", "$.a.b.1.c": "2", "a.z": "", "a.b.7.c": ""} {
		p, err := ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		p.find(&n, func(m *Node) { got = append(got, m.Text) })
		if strings.Join(got, " ") != want {
			t.Errorf("%s leads to %v, want %q", path, got, want)
		}
	}
}

// FuzzParseJSON: whatever the standard library reads is read the same here,
// but for names that stand twice.
func FuzzParseJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,"x\u00e9",true,null]}`, `[]`, `"\ud842\udfb7"`, `-0`, ` { } `, `{"a":1,"a":2}`, `01`, "[\"\t\"]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := ParseJSON(text)
		if !json.Valid(text) || !utf8.Valid(text) {
			return
		}
		d := json.NewDecoder(strings.NewReader(string(text)))
		d.UseNumber()
		var want any
		if d.Decode(&want) != nil {
			return
		}
		if err != nil {
			if !strings.Contains(err.Error(), "twice") && !strings.Contains(err.Error(), "deep") {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		compare(t, &n, want)
	})
}

func compare(t *testing.T, n *Node, want any) {
	switch w := want.(type) {
	case nil:
		if n.Kind != Null {
			t.Errorf("kind %d for null", n.Kind)
		}
	case bool:
		if n.Kind != Bool || n.Text != strconv.FormatBool(w) {
			t.Errorf("%q for %v", n.Text, w)
		}
	case json.Number:
		if n.Kind != Number || n.Text != w.String() {
			t.Errorf("%q for %v", n.Text, w)
		}
	case string:
		if n.Kind != String || n.Text != w {
			t.Errorf("%q for %q", n.Text, w)
		}
	case []any:
		if n.Kind != Array || len(n.Items) != len(w) {
			t.Fatalf("%d items for %d", len(n.Items), len(w))
		}
		for i := range w {
			compare(t, &n.Items[i], w[i])
		}
	case map[string]any:
		if n.Kind != Object || len(n.Items) != len(w) {
			t.Fatalf("%d members for %d", len(n.Items), len(w))
		}
		for i, name := range n.Names {
			compare(t, &n.Items[i], w[name])
		}
	}
}
