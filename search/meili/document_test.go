package meili

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/meilisearch/meilisearch-go"

	"github.com/huiyin/huiyin/search"
)

// TestEncodeLine shows a document as the server gets it.
func TestEncodeLine(t *testing.T) {
	parts := map[string]int{"reply": 2}
	l, err := encodeLine(search.Doc{
		ID: "A-1", Seq: 7,
		Text:    map[string]string{"title": "A7县，公积金", "reply": "。", "note": ""},
		Keyword: map[string]string{"unit": "A区", "area": ""},
		Number:  map[string]int64{"days": -1},
	}, parts)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"id":"A-1","k_unit":"%41;区","key":"%41;-1","n_days":-1,"s_title":"wa7 h53bf . h516c h79ef h91d1","seq":7,"t_reply":"。","t_title":"A7县，公积金"}`
	if string(l.text) != want || l.id != "A-1" {
		t.Errorf("got  %s\nwant %s", l.text, want)
	}
	if !reflect.DeepEqual(parts, map[string]int{"title": 1, "reply": 2}) {
		t.Errorf("parts %v", parts)
	}
}

// FuzzDecode: a document comes back as it was given, and what is no document is
// an error that does not quote it.
func FuzzDecode(f *testing.F) {
	f.Add("标题", "A区", int64(1), `{"id":"a","seq":1}`)
	f.Add("<b>\u2028", "~61", int64(-5), `{"id":1,"seq":"x","k_a":"%","n_b":1.5}`)
	f.Add("", "", int64(0), `{"t_":null,"k_":"~","s_x":[],"_formatted":{}}`)
	f.Fuzz(func(t *testing.T, text, value string, n int64, raw string) {
		var hit meilisearch.Hit
		if json.Unmarshal([]byte(raw), &hit) == nil {
			if _, err := decode(hit); err != nil && len(raw) > 40 && strings.Contains(err.Error(), raw) {
				t.Errorf("the error quotes the document: %v", err)
			}
		}
		if !utf8.ValidString(text) || !utf8.ValidString(value) || len(value) > maxValue || len(text) > 10_000 {
			return
		}
		d := search.Doc{ID: "x", Seq: 3, Number: map[string]int64{"n": n}}
		if text != "" {
			d.Text = map[string]string{"title": text}
		}
		if value != "" {
			d.Keyword = map[string]string{"unit": value}
		}
		l, err := encodeLine(d, map[string]int{})
		if err != nil {
			t.Fatal(err)
		}
		hit = nil
		if err := json.Unmarshal(l.text, &hit); err != nil {
			t.Fatal(err)
		}
		back, err := decode(hit)
		if err != nil || !reflect.DeepEqual(back, d) {
			t.Errorf("%+v came back as %+v, %v", d, back, err)
		}
		if !same(l.text, hit) {
			t.Error("a document is not the same as itself")
		}
	})
}

// TestDiffering says which settings are changed.
func TestDiffering(t *testing.T) {
	wanted := map[string]any{
		"rankingRules": []string{"sort", "words"}, "sortableAttributes": []string{"b", "a"},
		"typoTolerance": map[string]any{"enabled": false}, "searchCutoffMs": 5, "prefixSearch": "disabled",
	}
	for _, c := range []struct{ have, want string }{
		{`{"rankingRules":["sort","words"],"sortableAttributes":["a","b"],"typoTolerance":{"enabled":false,"disableOnWords":[]},"searchCutoffMs":5,"prefixSearch":"disabled","more":1}`, ""},
		{`{"rankingRules":["words","sort"],"sortableAttributes":["a","b"],"typoTolerance":{"enabled":false},"searchCutoffMs":5,"prefixSearch":"disabled"}`, "rankingRules"},
		{`{"rankingRules":["sort","words"],"sortableAttributes":["a"],"typoTolerance":{"enabled":true},"searchCutoffMs":null,"prefixSearch":"disabled"}`, "searchCutoffMs sortableAttributes typoTolerance"},
		{`{}`, "prefixSearch rankingRules searchCutoffMs sortableAttributes typoTolerance"},
	} {
		var have map[string]any
		if err := json.Unmarshal([]byte(c.have), &have); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, name := range []string{"prefixSearch", "rankingRules", "searchCutoffMs", "sortableAttributes", "typoTolerance"} {
			if _, ok := differing(wanted, have)[name]; ok {
				names = append(names, name)
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: differing are %q, want %q", c.have, got, c.want)
		}
	}
}
