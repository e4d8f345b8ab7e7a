package pages

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
)

// searchPage is the parameters of the layout search. What was searched and found
// is filled in by the server; see docs/theme.md.
type searchPage struct {
	head
	Cutoff     string `json:"cutoff"`
	Docs       string `json:"docs"`       // cases published in full
	Vocabulary string `json:"vocabulary"` // path
}

// searchPages makes the page that is searched from, in every interface language,
// the names of what can be chosen there, and those that mean the same.
func (p *planner) searchPages() []Partition {
	docs := 0
	for i := range p.lines {
		if p.lines[i].prom == record.Full {
			docs++
		}
	}
	page, words := p.finger("search/page"), p.finger("search/vocabulary")
	for _, f := range []*finger{&page, &words} {
		f.num(int64(docs))
		f.num(int64(p.cutoff))
	}
	words.sum(p.regPrint)
	words.str(p.Labels["en"].flat()...) // which it names things by, though no page be in English
	parts := []Partition{
		{Key: "search/page", Fingerprint: page.done(), Layouts: []string{"search"}, Make: func(context.Context) (Content, error) {
			var c Content
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.searchPage(lang, docs))
			}
			return c, nil
		}},
		{Key: "search/vocabulary", Fingerprint: words.done(), Make: func(context.Context) (Content, error) {
			body, err := json.Marshal(p.vocabulary(docs))
			if err != nil {
				return Content{}, fmt.Errorf("search vocabulary: %w", err)
			}
			return Content{Files: []File{{Path: search.VocabularyPath, Body: append(body, '\n')}}}, nil
		}},
	}
	if p.Synonyms == "" {
		return parts
	}
	f := p.finger("search/synonyms")
	f.str(p.Synonyms)
	return append(parts, Partition{Key: "search/synonyms", Fingerprint: f.done(), Make: func(context.Context) (Content, error) {
		return Content{Files: []File{{Path: search.SynonymsPath, Body: []byte(p.Synonyms)}}}, nil
	}})
}

func (p *planner) searchPage(lang string, docs int) Page {
	words := p.Labels[lang]
	v := &searchPage{Cutoff: p.cutoff.String(), Docs: thousands(int64(docs)), Vocabulary: search.VocabularyPath}
	v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(search.PagePath), []link{p.home(lang)}
	v.Column, v.ColumnType = words.say("nav.search"), words.say("column.type_cases")
	v.Description = words.say("desc.search", "cutoff", v.Cutoff, "docs", v.Docs)
	return Page{Path: p.in(lang, search.PagePath), Layout: "search", Lang: lang, Title: words.say("nav.search"), Params: v}
}

// vocabulary names the values of the fields, in the order of the registers and
// word lists. It holds no name that is not on a page of its own.
func (p *planner) vocabulary(docs int) search.VocabularyFile {
	reg := p.register
	var units, areas, topics, channels []search.Value
	for _, u := range reg.Units {
		parent := above(u.ID, u.Parent, p.unitPath)
		units = append(units, p.name(string(u.ID), u.Name, u.English, string(parent)))
	}
	for _, a := range reg.Areas {
		parent := above(a.Code, a.Parent, p.areaPath)
		areas = append(areas, p.name(string(a.Code), a.Name, a.English, string(parent)))
	}
	for _, t := range reg.Topics {
		parent := above(t.ID, t.Parent, p.topicPath)
		topics = append(topics, p.name(string(t.ID), t.Name, t.English, string(parent)))
	}
	for _, c := range reg.Channels {
		channels = append(channels, p.name(string(c.ID), c.Name, c.English, ""))
	}
	fields := map[string][]search.Value{
		search.FieldType: {p.word(search.TypeCase, "column.cases")},
		search.FieldUnit: units, search.FieldArea: areas, search.FieldTopic: topics, search.FieldChannel: channels,
		search.FieldRating: p.ratingNames(),
	}
	for _, k := range record.Kinds() {
		fields[search.FieldKind] = append(fields[search.FieldKind], p.word(string(k), "kind."+string(k)))
	}
	for _, s := range record.Statuses() {
		fields[search.FieldStatus] = append(fields[search.FieldStatus], p.word(string(s), "status."+string(s)))
	}
	return search.VocabularyFile{Fields: fields, Cutoff: p.cutoff.String(), Docs: docs}
}

// ratingNames names the ratings, the best of each scale first.
func (p *planner) ratingNames() []search.Value {
	var names []search.Value
	for _, scale := range []struct {
		record.RatingScale
		labels string
		best   int8
	}{{record.Five, "rating_five", 5}, {record.Three, "rating_three", 3}, {record.Points, "rating_points", 5}} {
		for level := scale.best; level > 0; level-- {
			names = append(names, p.word(ratingWord(record.Rating{Scale: scale.RatingScale, Level: level}), scale.labels+".l"+itoa(int(level))))
		}
	}
	return names
}

// name names a thing of a register.
func (p *planner) name(id, name, english, parent string) search.Value {
	n := search.Value{ID: id, Name: cmp.Or(record.Plain(name), id), EN: record.Plain(english), Parent: parent}
	if n.EN == n.Name {
		n.EN = ""
	}
	return n
}

// word names a word of the theme's labels.
func (p *planner) word(id, label string) search.Value {
	return p.name(id, p.Labels[p.Langs[0]].say(label), p.Labels["en"].say(label), "")
}
