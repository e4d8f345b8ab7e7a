package pages_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/huiyin/huiyin/generator/record"
)

// TestCaseIsTheSameEverywhere reads each case of a site off its page and compares lists, rows,
// search documents, feeds and the data for search engines with that: days, due days that
// rules have found, units, states.
func TestCaseIsTheSameEverywhere(t *testing.T) {
	o := richOffice(t)
	s := build(t, slices.Collect(maps.Values(o.plan(t))))
	said := map[string]map[string]string{} // of a case, by field
	str := func(v any) string { text, _ := v.(string); return text }
	for path, p := range s.pages {
		if p.Layout != "case" && p.Layout != "stub" {
			continue
		}
		v := s.params(t, path)
		of := map[string]string{"page": p.Layout}
		for _, key := range []string{"received", "replied", "closed", "due", "days", "on_time", "close_days", "closed_on_time", "status", "answered", "dispatched"} {
			of[key] = str(v[key])
		}
		of["unit"] = str(v["unit"].(map[string]any)["name"])
		said[str(v["number"])] = of
		if p.Doc == nil {
			if p.Layout == "case" {
				t.Errorf("%s is not searched", path)
			}
			continue
		}
		for field, key := range map[string]string{"received": "received", "replied": "replied", "days": "days"} {
			want, n := strings.ReplaceAll(of[key], "-", ""), ""
			if k, ok := p.Doc.Number[field]; ok {
				n = fmt.Sprint(k)
			}
			if n != want {
				t.Errorf("%s: %s is %s, and %s where it is searched", path, field, of[key], n)
			}
		}
		if p.Doc.Keyword["status"] != of["status"] {
			t.Errorf("%s: the status is %s, and %s where it is searched", path, of["status"], p.Doc.Keyword["status"])
		}
		var ld struct {
			Graph []struct {
				MainEntity struct {
					Created string `json:"dateCreated"`
					Answer  *struct {
						Created string `json:"dateCreated"`
					} `json:"acceptedAnswer"`
				} `json:"mainEntity"`
			} `json:"@graph"`
		}
		if err := json.Unmarshal([]byte(str(v["jsonld"])), &ld); err != nil {
			t.Fatal(err)
		}
		if q := ld.Graph[0].MainEntity; q.Created != of["received"] || q.Answer != nil && q.Answer.Created != of["replied"] {
			t.Errorf("%s: other days in the data for search engines", path)
		}
	}
	compared := map[string]int{}
	compare := func(where, number, key, value string) {
		compared[where]++
		if of := said[number]; of != nil && of[key] != value {
			t.Errorf("%s: %s of %s is %q, and %q on its page", where, key, number, value, of[key])
		}
	}
	rules := 0
	for _, r := range readCSV(t, string(s.files["data/rows.csv"].Body)) {
		if said[r["number"]] != nil && strings.Contains(r["due_basis"], "/") {
			rules++
		}
		for _, key := range []string{"received", "replied", "closed", "due", "days", "on_time", "close_days", "closed_on_time", "status", "answered", "dispatched"} {
			compare("rows", r["number"], key, r[key])
		}
	}
	if rules < 20 {
		t.Errorf("rules found the due days of %d cases", rules)
	}
	for path, p := range s.pages {
		if p.Layout == "list" || strings.HasPrefix(path, "unit/") && p.Layout == "scope" {
			for _, r := range list(s.params(t, path)["rows"]) {
				r := r.(map[string]any)
				for _, key := range []string{"received", "replied", "closed", "days", "on_time", "status"} {
					compare("lists", str(r["number"]), key, str(r[key]))
				}
			}
		}
	}
	words := o.Labels["zh-CN"]
	for path, f := range s.files {
		if !strings.HasSuffix(path, ".atom") {
			continue
		}
		for _, n := range f.Shows {
			of := said[string(n)]
			if of == nil || of["page"] != "case" {
				t.Errorf("%s tells of %s, which is not published in full", path, n)
				continue
			}
			want := strings.NewReplacer("{number}", string(n), "{unit}", of["unit"], "{received}", of["received"]).Replace(words["feed.summary"])
			if of["replied"] != "" {
				want += strings.ReplaceAll(words["feed.replied"], "{replied}", of["replied"])
			}
			if of["days"] != "" {
				want += strings.ReplaceAll(words["feed.days"], "{days}", of["days"])
			}
			if compared["feeds"]++; !strings.Contains(string(f.Body), "<summary>"+want+"</summary>") {
				t.Errorf("%s does not say of %s what its page does: %s", path, n, want)
			}
		}
	}
	for _, where := range []string{"rows", "lists", "feeds"} {
		if compared[where] < 100 {
			t.Errorf("%d values compared of %s", compared[where], where)
		}
	}
	// Nothing of a case that was withdrawn, but its row, and that it was.
	for _, stone := range o.stones {
		if of := said[string(stone.Number)]; of != nil {
			t.Errorf("a withdrawn case has a page of the kind %s", of["page"])
		}
		for path, f := range s.files {
			if slices.Contains(f.Shows, stone.Number) || !strings.HasPrefix(path, "data/rows") && path != "data/takedowns.csv" && path != "data/repeats.csv" && !strings.HasPrefix(path, "data/repeats/") && path != "data/published.csv" && !strings.HasPrefix(path, "data/published/") && strings.Contains(string(f.Body), string(stone.Number)) {
				t.Errorf("%s tells of the withdrawn case %s", path, stone.Number)
			}
		}
	}
	if len(o.stones) == 0 {
		t.Error("no case was withdrawn")
	}
	if p := s.pages[record.CasePath(o.stones[0].Number)]; p.Layout != "tombstone" || p.Doc != nil {
		t.Errorf("the page of a withdrawn case has the layout %s", p.Layout)
	}
}
