package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/assess/promise"
	"github.com/huiyin/huiyin/generator/record"
)

// measureText is one measure on the method page.
type measureText struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Name    string `json:"name"`
	Formula string `json:"formula"`
	Unit    string `json:"unit"`
	LeftOut string `json:"left_out"`
	Rows    bool   `json:"rows"`
}

// noticePage is the parameters of the layout notice: 404 and 410.
type noticePage struct {
	head
	Kind string `json:"kind"` // not-found, gone
}

// textPages makes the hand-written pages, and the two that stand in for pages
// that are not there. None of them depends on a case.
func (p *planner) textPages() []Partition {
	f := p.finger("text")
	layouts := []string{"notice"}
	for _, t := range p.Texts {
		f.str(t.Path, t.Layout, t.Lang, t.Title, string(t.Params))
		if !slices.Contains(layouts, t.Layout) {
			layouts = append(layouts, t.Layout)
		}
	}
	slices.Sort(layouts)
	for _, m := range measuresTold() {
		f.str(fmt.Sprint(m))
	}
	return []Partition{{Key: "text", Fingerprint: f.done(), Layouts: layouts, Make: func(context.Context) (Content, error) {
		c := Content{Pages: []Page{p.notice("not-found", record.NotFoundPath), p.notice("gone", record.GonePath)}}
		for _, t := range p.Texts {
			page, err := p.textPage(t)
			if err != nil {
				return Content{}, err
			}
			c.Pages = append(c.Pages, page)
		}
		return c, nil
	}}}
}

// textPage completes a hand-written page with what the frame needs, and the
// method page with the measures.
func (p *planner) textPage(t Text) (Page, error) {
	var v map[string]any
	if err := json.Unmarshal(t.Params, &v); err != nil {
		return Page{}, fmt.Errorf("hand-written page %s: %w", t.Path, err)
	}
	words := p.Labels[t.Lang]
	v["crumbs"] = []link{p.home(t.Lang)}
	v["home_path"] = p.in(t.Lang, record.HomePath)
	v["column"], v["column_type"] = t.Title, words.say("column.type_about")
	var alts []alt
	below := path.Base(t.Path)
	for _, a := range p.alts(below) {
		if slices.ContainsFunc(p.Texts, func(o Text) bool { return o.Path == a.Path }) {
			alts = append(alts, a)
		}
	}
	if len(alts) > 1 && p.in(t.Lang, below) == t.Path {
		v["alts"] = alts
	}
	if strings.TrimSuffix(below, ".html")+".html" == record.MethodPath {
		var measures []measureText
		for _, m := range measuresTold() {
			measures = append(measures, measureText{ID: m.ID, Version: itoa(m.Version), Name: inLang(m.Name, t.Lang), Formula: inLang(m.Formula, t.Lang),
				Unit: inLang(m.Unit, t.Lang), LeftOut: inLang(m.LeftOut, t.Lang), Rows: m.Rows})
		}
		v["measures"] = measures
	}
	return Page{Path: t.Path, Layout: t.Layout, Lang: t.Lang, Title: t.Title, Params: v}, nil
}

// measuresTold lists the measures that the page on method explains: those of cases, and
// those of commitments.
func measuresTold() []assess.Measure { return append(assess.Measures(), promise.Measures()...) }

func (p *planner) notice(kind, at string) Page {
	lang := p.Langs[0]
	v := &noticePage{Kind: kind}
	v.NoIndex = true
	v.HomePath = record.HomePath
	return Page{Path: at, Layout: "notice", Lang: lang, Title: p.Labels[lang].say("title." + strings.ReplaceAll(kind, "-", "_")), Params: v}
}
