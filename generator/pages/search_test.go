package pages_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/huiyin/huiyin/generator/pages"
	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
)

// The document of a case holds what its page shows, as it is shown.
func TestSearchDocument(t *testing.T) {
	c := newCity(8)
	k := c.at(t, "2609-000001")
	k.Title, k.Question, k.Reply.Text = " 路灯\u202E不亮 ", "路口的灯坏了。\r\n\r\n　请修理。", ""
	k.Kind, k.Topic, k.Status = record.Help, "lamps", record.Handling
	k.Unit, k.Area, k.Channel = "ed-1", "990101", "hotline"
	k.Rating = record.Rating{Scale: record.Three, Level: 2}
	k.Received, k.RepliedOn, k.Days = record.Date(2026, 9, 3), 0, 0
	want := search.Doc{
		ID: "2609-000001", Seq: 2609000000001,
		Text: map[string]string{"title": "路灯不亮", "question": "路口的灯坏了。\n请修理。"},
		Keyword: map[string]string{
			"type": "case", "unit": "ed-1", "area": "990101", "topic": "lamps", "channel": "hotline", "kind": "help",
			"status": "handling", "rating": "2/3", "year": "2026", "month": "2026-09",
		},
		Number: map[string]int64{"received": 20260903},
	}
	if diff := cmp.Diff(&want, page(t, c, "case/2609-000001.html").Doc); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}

	k.Title, k.Reply.Text, k.RepliedOn, k.Days = "", "已修。", record.Date(2027, 1, 9), record.CountOf(0)
	k.Rating = record.Rating{Scale: record.Points, Level: 4}
	p := page(t, c, "case/2609-000001.html")
	want.Text["title"], want.Text["reply"] = p.Title, "已修。"
	want.Keyword["rating"], want.Keyword["year"], want.Keyword["month"] = "points-4", "2027", "2027-01"
	want.Number["replied"], want.Number["days"] = 20270109, 0
	if diff := cmp.Diff(&want, p.Doc); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if err := search.CheckDoc(search.SiteSchema(), *p.Doc); err != nil {
		t.Error(err)
	}
}

// What is not published in full is not searched, and no page but that of the
// case carries its document.
func TestOnlyFullCasesAreSearched(t *testing.T) {
	c := newCity(40)
	c.withdraw(t, "2609-000002")
	k := c.at(t, "2609-000003")
	*k = k.Stub(record.StubOnly, record.NotSuitable)
	full := 0
	for _, p := range build(t, plan(t, c, options(t))).pages {
		isFull := p.Layout == "case"
		if (p.Doc != nil) != isFull {
			t.Errorf("%s, layout %s: has a document is %t", p.Path, p.Layout, p.Doc != nil)
		}
		if isFull {
			full++
			if record.CasePath(record.CaseNumber(p.Doc.ID)) != p.Path {
				t.Errorf("%s has the document of %s", p.Path, p.Doc.ID)
			}
		}
	}
	if full == 0 {
		t.Error("no case is published in full")
	}
}

// The vocabulary names what pages name, and nothing else.
func TestVocabulary(t *testing.T) {
	c := newCity(40)
	c.reg.Units = append(c.reg.Units, record.Unit{ID: "zz-hidden", Name: "无名之处", Derived: true})
	c.reg.Units[0].Parent, c.reg.Units[0].English = c.reg.Units[0].ID, c.reg.Units[0].Name // its own parent; no English of its own
	o := options(t)
	s := build(t, plan(t, c, o))
	body := s.files[search.VocabularyPath].Body
	if _, err := search.DecodeVocabulary(body); err != nil {
		t.Fatal(err)
	}
	var v search.VocabularyFile
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	if v.Cutoff != c.cutoff.String() || v.Docs == 0 {
		t.Errorf("cut-off %s, %d documents", v.Cutoff, v.Docs)
	}
	first := c.reg.Units[0]
	if diff := cmp.Diff(search.Value{ID: string(first.ID), Name: first.Name}, v.Fields["unit"][0]); diff != "" {
		t.Errorf("first unit (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(search.Value{ID: "5/5", Name: "非常满意", EN: o.Labels["en"]["rating_five.l5"]}, v.Fields["rating"][0]); diff != "" {
		t.Errorf("best rating (-want +got):\n%s", diff)
	}
	for field, values := range v.Fields {
		for _, value := range values {
			if value.ID == "zz-hidden" {
				t.Errorf("field %s names what no published row names", field)
			}
		}
	}
	for _, p := range build(t, plan(t, c, o)).pages {
		if p.Doc == nil {
			continue
		}
		for _, field := range []string{"type", "unit", "area", "topic", "channel", "kind", "status", "rating"} {
			if id := p.Doc.Keyword[field]; id != "" && !names(v.Fields[field], id) {
				t.Errorf("%s: %s %q has no name", p.Path, field, id)
			}
		}
	}
}

// The file of names that mean the same is published as it was given, and its
// partition is made again only when it changes.
func TestSynonyms(t *testing.T) {
	c := newCity(8)
	o := options(t)
	prints := map[string][32]byte{}
	for _, text := range []string{"", "住建局 = 住房和城乡建设局\n", "水务局 = 水利局\n"} {
		o.Synonyms = text
		for _, part := range plan(t, c, o) {
			if before, ok := prints[part.Key]; ok && (before != part.Fingerprint) != (part.Key == "search/synonyms") {
				t.Errorf("%q: the fingerprint of %s", text, part.Key)
			}
			prints[part.Key] = part.Fingerprint
		}
		file, ok := build(t, plan(t, c, o)).files[search.SynonymsPath]
		if ok != (text != "") || string(file.Body) != text {
			t.Errorf("%q: published is %t %q", text, ok, file.Body)
		}
	}
}

func names(values []search.Value, id string) bool {
	for _, v := range values {
		if v.ID == id {
			return true
		}
	}
	return false
}

// page returns one page of the site.
func page(t *testing.T, c *city, path string) pages.Page {
	t.Helper()
	p, ok := build(t, plan(t, c, options(t))).pages[path]
	if !ok {
		t.Fatalf("there is no page %s", path)
	}
	return p
}
