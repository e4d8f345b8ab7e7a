package site

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestAppendParams shows what becomes of the parameters of a page.
func TestAppendParams(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"strings", `{"a": "b", "c_1": "\"\\\/\n\t<>&路", "d-e": ""}`, `"a": "b", "c_1": "\"\\\/\n\t<>&路", "d-e": "",`},
		{"a string like a key", `{"a": "b\":", "c": ["d", "e"]}`, `"a": "b\":", "c": ["d", "e"],`},
		{"backslashes before a quote", `{"a": "b\\", "c": "\\\"", "d": "\\\\"}`, `"a": "b\\", "c": "\\\"", "d": "\\\\",`},
		{"numbers", `{"a":1,"b":-0.50,"c":[1e+06,2E-3],"d":{"e":12}}`, `"a":"1","b":"-0.50","c":["1e+06","2E-3"],"d":{"e":"12"},`},
		{"words", `{"a":true,"b":false,"c":null,"d":[null]}`, `"a":true,"b":false,"c":"","d":[""],`},
		{"escapes of HTML", `{"a":"\u003cp\u003e\u0026amp;\u003c/p\u003e"}`, `"a":"\u003cp\u003e\u0026amp;\u003c/p\u003e",`},
		{"other escapes", `{"a":"\u8def\ud83d\ude00\u005f\u0008\u202e\ud800"}`, `"a":"路😀_` + "\ufffd" + `",`},
		{"empty", "", ""},
		{"empty object", " {\n} ", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := appendParams([]byte("before"), []byte(tt.in))
			if err != nil || string(got) != "before"+tt.want {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

// FuzzAppendParams checks that whatever comes in, what comes out is within its
// page, is JSON with strings as its only scalars but for true and false, holds
// the same keys, and nothing that stops Hugo.
func FuzzAppendParams(f *testing.F) {
	for _, s := range []string{
		``, `{}`, `{"a":1}`, `{"a":"\u005f_hdeferred/"}`, `{"a":["\\"],"b":{"c":null}}`, `{"a":"}}, {\"layout\": \"x\""}`,
		"{\"a\":\"\u202e\u0085\x7f\"}", `{"a":"_` + "\u202e" + `_h"}`, `{"a":"hdefe\u0000rred/"}`, `{"a":true}x`, `{"a":tru}`, `{"":1}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := appendParams(nil, raw)
		if err != nil {
			if len(got) != 0 {
				t.Fatal("an error leaves something behind")
			}
			return
		}
		object := `{` + strings.TrimSuffix(string(got), ",") + `}`
		var in, out map[string]any
		if err := json.Unmarshal([]byte(object), &out); err != nil {
			t.Fatalf("not an object: %v", err)
		}
		if !utf8.ValidString(object) || strings.Contains(object, "__h") || strings.Contains(object, "hdeferred") {
			t.Fatal("not neutralised")
		}
		if len(strings.TrimSpace(string(raw))) > 0 {
			d := json.NewDecoder(strings.NewReader(string(raw)))
			d.UseNumber()
			if err := d.Decode(&in); err != nil {
				t.Fatalf("accepted: %v", err)
			}
			if want := neutralised(in); !reflect.DeepEqual(want, any(out)) && len(in) > 0 {
				t.Fatalf("got %#v, want %#v", out, want)
			}
		}
	})
}

// neutralised is what appendParams does, the slow way.
func neutralised(v any) any {
	switch v := v.(type) {
	case nil:
		return ""
	case json.Number:
		return v.String()
	case string:
		return neutralise(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = neutralised(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = neutralised(v[k])
		}
		return out
	}
	return v
}

func BenchmarkAppendParams(b *testing.B) {
	raw := caseParams(1)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	var dst []byte
	for b.Loop() {
		var err error
		if dst, err = appendParams(dst[:0], raw); err != nil {
			b.Fatal(err)
		}
	}
}
