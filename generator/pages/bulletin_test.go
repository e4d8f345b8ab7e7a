package pages_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestPagesOfLittle: one case of which nothing is known but its days gives no page a list
// that is null, over which no template can range.
func TestPagesOfLittle(t *testing.T) {
	c := newCity(1)
	c.cases = c.cases[:1]
	k := &c.cases[0]
	k.Unit, k.Area, k.Channel, k.Topic, k.Kind, k.Reply.Unit = "", "", "", "", "", ""
	c.reg = record.Register{}
	s := build(t, plan(t, c, options(t)))
	if _, ok := s.pages["bulletin/2026-09.html"]; !ok {
		t.Error("the month has no bulletin")
	}
	for path, page := range s.pages {
		js, err := json.Marshal(page.Params)
		if err != nil {
			t.Fatal(err)
		}
		if i := strings.Index(string(js), ":null"); i >= 0 {
			t.Errorf("%s: %.80s", path, js[max(0, i-40):])
		}
	}
}
