package pages

import (
	"context"
	"encoding/json"

	"github.com/huiyin/huiyin/generator/record"
)

// accountabilityPage is the parameters of the layout accountability: what was done
// about units, as the office delivered it, the latest first.
type accountabilityPage struct {
	head
	Rows []measuredRow `json:"rows"`
}

// measuredRow is one entry.
type measuredRow struct {
	Of      link   `json:"of"`
	Day     string `json:"day"`
	Measure string `json:"measure"`
	Trigger string `json:"trigger,omitempty"`
	Basis   string `json:"basis,omitempty"`
}

// accountability makes the page of what was done about units, where anything was.
func (p *planner) accountability() []Partition {
	if len(p.measured) == 0 {
		return nil
	}
	key := "accountability"
	f := p.finger(key)
	f.sum(p.regPrint)
	f.str(p.measuredPrint())
	return []Partition{{Key: key, Fingerprint: f.done(), Layouts: []string{"accountability"}, Make: func(context.Context) (c Content, _ error) {
		for _, lang := range p.Langs {
			words := p.Labels[lang]
			v := &accountabilityPage{}
			v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(record.AccountabilityPath), []link{p.home(lang)}
			v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
			v.Description = words.say("measured.intro")
			for _, a := range p.measured {
				v.Rows = append(v.Rows, p.measuredRow(lang, &a))
			}
			c.Pages = append(c.Pages, Page{Path: p.in(lang, record.AccountabilityPath), Layout: "accountability", Lang: lang, Title: words.say("nav.accountability"), Params: v})
		}
		return c, nil
	}}}
}

// measuredPrint is what fingerprints take of the entries.
func (p *planner) measuredPrint() string {
	b, err := json.Marshal(p.measured)
	if err != nil {
		panic("pages: entries of accountability do not marshal: " + err.Error())
	}
	return string(b)
}

func (p *planner) measuredRow(lang string, a *record.Accountability) measuredRow {
	return measuredRow{
		Of: p.unitLink(lang, a.Unit), Day: a.Day.String(), Measure: record.Plain(a.Measure), Trigger: record.Plain(a.Trigger), Basis: record.Plain(a.Basis),
	}
}

// measuredOf returns what was done about a unit in a period, the latest first.
func (p *planner) measuredOf(lang string, id record.UnitID, period record.Period) (rows []measuredRow) {
	first, last, _ := period.Bounds()
	for _, a := range p.measured {
		if a.Unit == id && first <= a.Day && a.Day <= last {
			rows = append(rows, p.measuredRow(lang, &a))
		}
	}
	return rows
}
