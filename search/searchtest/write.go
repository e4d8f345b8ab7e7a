package searchtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/search"
)

func writePromises() []promise {
	return []promise{
		{"no index", "before the first Rebuild there is ErrNoIndex", noIndex},
		{"empty index", "a Rebuild without documents makes an index without hits", emptyIndex},
		{"upsert adds", "what was upserted can be found when Upsert returns", upsertAdds},
		{"upsert replaces", "Upsert replaces the whole document", upsertReplaces},
		{"upsert twice", "the same Upsert twice changes nothing", upsertTwice},
		{"upsert whole", "an Upsert that cannot be done changes nothing", upsertWhole},
		{"upsert many", "an Upsert of many documents returns when all of them can be found", upsertMany},
		{"bad documents", "what is not a document is refused with ErrDoc", badDocuments},
		{"bad schema", "what is not a schema is refused", badSchema},
		{"mark", "Stats returns the mark of the last complete Rebuild or Upsert", marks},
		{"delete", "Delete removes documents at once and from everything", deletes},
		{"version", "Version changes with each change and never goes back; Generation changes with each Rebuild", versions},
	}
}

func noIndex(p *probe) {
	_, err := p.Engine.Search(p.Context(), terms("学校"))
	p.wantErr("search", err, search.ErrNoIndex)
	_, err = list(p.Context(), p.Engine, terms("学校"))
	p.wantErr("each", err, search.ErrNoIndex)
	_, err = p.Engine.Stats(p.Context())
	p.wantErr("stats", err, search.ErrNoIndex)
	p.wantErr("upsert", p.Engine.Upsert(p.Context(), "m", docs(doc(1, "学校"))), search.ErrNoIndex)
	p.must("delete", p.Engine.Delete(p.Context(), []string{"c-1"}))
	_, err = p.Engine.Search(p.Context(), terms("学校"))
	p.wantErr("search after upsert and delete", err, search.ErrNoIndex)
}

func emptyIndex(p *probe) {
	p.rebuild("nothing yet")
	p.agree(search.Query{Limit: 10, Facets: []string{"unit"}}, terms("学校"))
	if s := p.stats(); s.Docs != 0 || s.Mark != "nothing yet" || s.Indexing {
		p.broken("stats %+v", s)
	}
	p.upsert("", docs(doc(1, "学校"))...)
	p.finds(terms("学校"), "c-1")
}

func upsertAdds(p *probe) {
	p.rebuild("", docs(doc(1, "学校门口"))...)
	for n := int64(2); n <= 6; n++ {
		p.upsert("", docs(doc(n, "学校").text("reply", fmt.Sprintf("第%d次", n)).keyword("unit", "教育局"))...)
		p.finds(terms("学校", fmt.Sprintf("第%d次", n)), id(n))
	}
	p.finds(terms("学校"), "c-6", "c-5", "c-4", "c-3", "c-2", "c-1")
	p.agree(search.Query{Terms: []string{"学校"}, Filters: []search.Filter{in("unit", "教育局")}, Facets: []string{"unit"}, Limit: 3})
	if s := p.stats(); s.Docs != 6 {
		p.broken("stats has %d documents, want 6", s.Docs)
	}
}

func upsertReplaces(p *probe) {
	p.rebuild("", docs(
		doc(1, "路灯不亮").text("question", "晚上很黑").text("reply", "已修复").keyword("unit", "城管局").keyword("area", "东区").number("days", 3),
		doc(2, "路灯"))...)
	p.upsert("", docs(doc(1, "井盖破损").keyword("unit", "水务局").without("replied"))...)
	p.finds(terms("井盖"), "c-1")
	p.finds(terms("路灯"), "c-2")
	p.finds(terms("已修复"))
	p.finds(search.Query{Filters: []search.Filter{in("unit", "城管局")}})
	p.finds(search.Query{Filters: []search.Filter{in("area", "东区")}})
	p.finds(search.Query{Filters: []search.Filter{span("days", 0, 9)}})
	p.finds(search.Query{}, "c-2", "c-1") // the reply of 1 is gone, so it comes last
	p.agree(search.Query{Limit: 9, Facets: []string{"unit", "area"}})
	p.upsert("", docs(doc(1, "甲"), doc(1, "乙"), doc(1, "丙"))...)
	p.finds(terms("丙"), "c-1")
	p.finds(terms("甲"))
	if s := p.stats(); s.Docs != 2 {
		p.broken("stats has %d documents, want 2", s.Docs)
	}
}

func upsertTwice(p *probe) {
	p.rebuild("a", docs(doc(1, "公园"), doc(2, "公园"))...)
	again := docs(doc(2, "公园长椅").keyword("unit", "园林局"), doc(3, "公园厕所").keyword("unit", "园林局").text("reply", "公园 公园"))
	for range 3 {
		p.upsert("b", again...)
		p.finds(terms("公园"), "c-3", "c-2", "c-1")
		p.agree(search.Query{Terms: []string{"公园"}, Limit: 9, Facets: []string{"unit"}})
		if s := p.stats(); s.Docs != 3 || s.Mark != "b" {
			p.broken("stats %+v, want 3 documents and mark b", s)
		}
	}
	p.upsert("c")
	p.agree(search.Query{Limit: 9, Facets: []string{"unit"}})
	if s := p.stats(); s.Mark != "c" {
		p.broken("an Upsert of a mark alone left mark %q", s.Mark)
	}
}

func upsertWhole(p *probe) {
	p.rebuild("kept", docs(doc(1, "公交"))...)
	bad := doc(3, "公交")
	bad.Seq = 0
	err := p.Engine.Upsert(p.Context(), "lost", docs(doc(1, "地铁"), doc(2, "公交"), bad))
	p.wantErr("upsert with a document without Seq", err, search.ErrDoc)
	p.finds(terms("公交"), "c-1")
	p.finds(terms("地铁"))
	if s := p.stats(); s.Mark != "kept" || s.Docs != 1 {
		p.broken("stats %+v, want mark kept and 1 document", s)
	}
}

func upsertMany(p *probe) {
	p.rebuild("")
	var many []search.Doc
	for n := int64(1); n <= 1500; n++ {
		many = append(many, doc(n, "停车").keyword("unit", fmt.Sprintf("单位%d", n%7)).Doc)
	}
	p.upsert("all", many...)
	p.agree(search.Query{Terms: []string{"停车"}, Offset: 1480, Limit: 30, Facets: []string{"unit"}})
	if s := p.stats(); s.Docs != 1500 || s.Mark != "all" {
		p.broken("stats %+v, want 1500 documents and mark all", s)
	}
	var ids []string
	for _, d := range many[:1499] {
		ids = append(ids, d.ID)
	}
	p.remove(ids...)
	p.finds(search.Query{}, "c-1500")
}

func badDocuments(p *probe) {
	bad := map[string]func(d *search.Doc){
		"empty ID":              func(d *search.Doc) { d.ID = "" },
		"ID with a blank":       func(d *search.Doc) { d.ID = "a b" },
		"ID with a quote":       func(d *search.Doc) { d.ID = `a"b` },
		"ID of 65 letters":      func(d *search.Doc) { d.ID = strings.Repeat("a", 65) },
		"Chinese ID":            func(d *search.Doc) { d.ID = "案" },
		"no Seq":                func(d *search.Doc) { d.Seq = 0 },
		"Seq of 2^53":           func(d *search.Doc) { d.Seq = 1 << 53 },
		"unknown text field":    func(d *search.Doc) { d.Text["body"] = "x" },
		"unknown keyword field": func(d *search.Doc) { d.Keyword["colour"] = "x" },
		"unknown number field":  func(d *search.Doc) { d.Number["height"] = 1 },
		"keyword too long":      func(d *search.Doc) { d.Keyword["unit"] = strings.Repeat("x", 201) },
		"number of 2^53":        func(d *search.Doc) { d.Number["days"] = 1 << 53 },
		"number of -2^53":       func(d *search.Doc) { d.Number["days"] = -1 << 53 },
		"text not UTF-8":        func(d *search.Doc) { d.Text["title"] = "a\xff" },
		"keyword not UTF-8":     func(d *search.Doc) { d.Keyword["unit"] = "a\xff" },
	}
	p.rebuild("m", docs(doc(1, "甲"))...)
	for name, spoil := range bad {
		d := doc(2, "甲").Doc
		spoil(&d)
		p.wantErr("upsert, "+name, p.Engine.Upsert(p.Context(), "", []search.Doc{d}), search.ErrDoc)
		p.wantErr("rebuild, "+name, p.Engine.Rebuild(p.Context(), schema(), "n", each(doc(3, "甲").Doc, d)), search.ErrDoc)
	}
	p.wantErr("rebuild, an ID twice", p.Engine.Rebuild(p.Context(), schema(), "n", each(docs(doc(3, "甲"), doc(4, "甲"), doc(3, "乙"))...)), search.ErrDoc)
	p.agree(search.Query{Limit: 9})
	fine := doc(5, "甲").keyword("unit", strings.Repeat("字", 66)).number("days", 1<<53-1)
	fine.ID, fine.Seq = strings.Repeat("Z", 63)+"_", 1<<53-1
	p.upsert("", fine.Doc, doc(6, "甲").number("days", -(1<<53-1)).Doc)
	p.agree(search.Query{Limit: 9, Facets: []string{"unit"}}, search.Query{Limit: 9, Sort: "days"}, search.Query{Limit: 9, Sort: "-days"})
}

func badSchema(p *probe) {
	for name, spoil := range map[string]func(s *search.Schema){
		"no text field":    func(s *search.Schema) { s.Text = nil },
		"a field twice":    func(s *search.Schema) { s.Keyword = append(s.Keyword, "title") },
		"a quote in it":    func(s *search.Schema) { s.Keyword = append(s.Keyword, `a"b`) },
		"a capital":        func(s *search.Schema) { s.Number = append(s.Number, "Days") },
		"an empty name":    func(s *search.Schema) { s.Number = append(s.Number, "") },
		"newest unknown":   func(s *search.Schema) { s.Newest = "received" },
		"newest no number": func(s *search.Schema) { s.Newest = "unit" },
	} {
		s := schema()
		spoil(&s)
		p.wantErr(name, p.Engine.Rebuild(p.Context(), s, "", each()), search.ErrSchema)
	}
	_, err := p.Engine.Stats(p.Context())
	p.wantErr("stats afterwards", err, search.ErrNoIndex)
}

func marks(p *probe) {
	want := func(mark string) {
		if s := p.stats(); s.Mark != mark {
			p.broken("mark %q, want %q", s.Mark, mark)
		}
	}
	p.rebuild(`{"release":1,"cutoff":"2026-11-20"}`, docs(doc(1, "甲"))...)
	want(`{"release":1,"cutoff":"2026-11-20"}`)
	p.upsert(`{"release":2}`, docs(doc(2, "甲"))...)
	want(`{"release":2}`)
	p.upsert("", docs(doc(3, "甲"))...)
	want(`{"release":2}`)
	p.remove("c-3")
	want(`{"release":2}`)
	longest := strings.Repeat("标", 170) + `'"`
	p.upsert(longest)
	want(longest)
	p.wantErr("mark of 513 bytes", p.Engine.Upsert(p.Context(), strings.Repeat("m", 513), nil), search.ErrDoc)
	p.wantErr("rebuild with a mark of 513 bytes", p.Engine.Rebuild(p.Context(), schema(), strings.Repeat("m", 513), each()), search.ErrDoc)
	p.wantErr("mark not UTF-8", p.Engine.Upsert(p.Context(), "\xff", nil), search.ErrDoc)
	want(longest)
	p.rebuild("", docs(doc(1, "甲"))...)
	want("")
}

func deletes(p *probe) {
	var all []search.Doc
	for n := int64(1); n <= 20; n++ {
		all = append(all, doc(n, "垃圾清运").keyword("unit", fmt.Sprintf("单位%d", n%3)).number("days", n%4).Doc)
	}
	p.rebuild("m", all...)
	check := func() {
		p.agree(search.Query{Terms: []string{"垃圾"}, Limit: 30, Facets: []string{"unit"}},
			search.Query{Limit: 30, Sort: "days"},
			search.Query{Filters: []search.Filter{in("unit", "单位1"), span("days", 1, 2)}, Limit: 30})
		want, _ := p.truth.Stats(p.Context())
		if s := p.stats(); s.Docs != want.Docs {
			p.broken("stats has %d documents, want %d", s.Docs, want.Docs)
		}
	}
	p.remove("c-20")
	check()
	p.remove("c-3", "c-4", "c-5", "c-4")
	check()
	p.remove("c-3", "c-999", "", "a b", `"`, "' OR 1=1 --", "*", strings.Repeat("x", 1000), "\xff\x00")
	check()
	p.remove()
	check()
	p.upsert("", all[3])
	check()
	p.remove("c-4")
	var rest []string
	for _, h := range p.list(search.Query{}) {
		rest = append(rest, h.ID)
	}
	check()
	p.remove(rest...)
	check()
	p.finds(search.Query{})
}

func versions(p *probe) {
	p.rebuild("", docs(doc(1, "甲"))...)
	first := p.stats()
	seen := []int64{first.Version}
	changed := func(what string) {
		s := p.stats()
		if slices.Contains(seen, s.Version) {
			p.broken("%s: version %d was seen before: %v", what, s.Version, seen)
		}
		if s.Generation != first.Generation {
			p.broken("%s: generation changed without a Rebuild", what)
		}
		seen = append(seen, s.Version)
	}
	p.upsert("", docs(doc(2, "甲"))...)
	changed("upsert of a new document")
	p.upsert("", docs(doc(2, "乙"))...)
	changed("upsert of a changed document")
	p.remove("c-2")
	changed("delete")
	p.upsert("", docs(doc(2, "乙"))...)
	changed("upsert of what was deleted")
	p.remove("c-1", "c-2")
	changed("delete of two")
	generations := []string{first.Generation}
	for range 3 {
		p.rebuild("", docs(doc(1, "甲"))...)
		s := p.stats()
		if slices.Contains(generations, s.Generation) {
			p.broken("rebuild: generation %q was seen before", s.Generation)
		}
		generations = append(generations, s.Generation)
	}
}
