package pages_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestPlurals looks for "1 cases" and the like in all that English pages of a city say in
// which there is one of everything.
func TestPlurals(t *testing.T) {
	c := peersCity(0)
	c.reg.Units, c.reg.Areas, c.reg.Topics, c.reg.Channels = c.reg.Units[:2], c.reg.Areas[:1], c.reg.Topics[:1], c.reg.Channels[:1]
	m := record.MonthOf(2026, 10)
	c.reg.Units[0].Area, c.reg.Units[1].Area, c.reg.Units[1].Parent = "990000", "990000", "ed-1"
	c.cases = []record.Case{{Row: record.Row{
		Number: record.NewCaseNumber(m, 1), Prominence: record.Full, Unit: "ed-2", Area: "990000", Channel: "hotline", Status: record.Replied, Received: m.First(), Due: m.First() + 9,
		Answered: record.Yes, Finished: record.No, RepliedOn: m.First() + 1, Days: record.CountOf(1), OnTime: record.Yes,
	}, Topic: "roads", Kind: record.Consult, Title: "路灯", Question: "灯坏了。", Reply: record.Reply{Unit: "ed-2", Text: "已经修好。"}}}
	o := options(t)
	o.Ranks.Minimum = 1
	s := build(t, plan(t, c, o))
	wrong := regexp.MustCompile(`\b1 [a-z]+s\b`)
	said := ""
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case string:
			if w := wrong.FindString(v); w != "" {
				t.Errorf("%s says %q", path, w)
			}
			said += v + "\n"
		case map[string]any:
			for _, x := range v {
				walk(path, x)
			}
		case []any:
			for _, x := range v {
				walk(path, x)
			}
		}
	}
	for path, p := range s.pages {
		if p.Lang != "en" {
			continue
		}
		js, err := json.Marshal(p.Params)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(js, &v); err != nil {
			t.Fatal(err)
		}
		walk(path, v)
	}
	for _, want := range []string{"1 case received", "Search 1 case", "1 channel, such", "In October 2026, 1 case was received", "Bar chart of days taken: 1 case, median 1 day."} {
		if !strings.Contains(said, want) {
			t.Errorf("no page says %q", want)
		}
	}
	var feed string
	for path, f := range s.files {
		if strings.HasSuffix(path, ".atom") {
			feed += string(f.Body)
		}
	}
	if w := wrong.FindString(feed); w != "" {
		t.Errorf("a feed says %q", w)
	}
}

// TestPluralsOfLabels: an English label whose number stands before a noun has words for one
// and for more, and layouts choose between the two units of a number.
func TestPluralsOfLabels(t *testing.T) {
	noun := regexp.MustCompile(`\{([a-z]+)\} (?:more |other |further )?[a-z]+s\b`)
	for key, text := range options(t).Labels["en"] {
		for _, m := range noun.FindAllStringSubmatch(text, -1) {
			// Rankings on end are two at least, days of a deadline have words for one apart,
			// and some names are no numbers.
			if key == "rank.runs" || key == "rank.runs_more" || strings.HasPrefix(key, "deadline.days.") || slices.Contains([]string{"name", "number", "period", "year"}, m[1]) {
				continue
			}
			t.Errorf("%s: %q has no words for one", key, m[0])
		}
	}
	unit := regexp.MustCompile(`(cond \(eq [$.a-z]+ "1"\) [$.a-z]+_?[a-z]* )?[$][a-z.]+\.(unit_cases|unit_days|unit_times|day_unit)\b`)
	files, err := filepath.Glob("../../themes/huiyin/layouts/*.html")
	if err != nil {
		t.Fatal(err)
	}
	partials, err := filepath.Glob("../../themes/huiyin/layouts/_partials/*.html")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range append(files, partials...) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range unit.FindAllStringSubmatch(string(b), -1) {
			if n++; m[1] == "" {
				t.Errorf("%s: %s stands behind a number that can be 1", filepath.Base(file), m[2])
			}
		}
	}
	if n < 10 {
		t.Errorf("layouts print %d units", n)
	}
}
