package pages

import (
	"context"
	"encoding/json"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// accountabilityPage is the parameters of the layout accountability: what was done
// about units, as the office delivered it, the latest first.
type accountabilityPage struct {
	head
	Rows []measuredRow `json:"rows"`
	Data string        `json:"data"` // path of the CSV, and of its codebook
	Book string        `json:"book"`
}

// measuredRow is one entry.
type measuredRow struct {
	Of      link   `json:"of"`
	Day     string `json:"day"`
	Measure string `json:"measure"`
	Trigger string `json:"trigger,omitempty"`
	Basis   string `json:"basis,omitempty"`
	// For is the unit that it was done about, on the page of the one that has taken its place.
	For *link `json:"for,omitempty"`
	// Former says that the unit is no more, and Unknown ("yes") that no register has it.
	Former  *formerNote `json:"former,omitempty"`
	Unknown string      `json:"unknown,omitempty"`
}

// accountability makes the page of what was done about units, where anything was.
func (p *planner) accountability() []Partition {
	if len(p.measured) == 0 {
		return nil
	}
	key := "accountability"
	f := p.finger(key)
	f.sum(p.regPrint)
	f.num(int64(p.cutoff))
	f.str(p.measuredPrint())
	return []Partition{{Key: key, Fingerprint: f.done(), Layouts: []string{"accountability"}, Make: func(context.Context) (c Content, _ error) {
		for _, lang := range p.Langs {
			words := p.Labels[lang]
			v := &accountabilityPage{Data: record.DataFile("accountability", ""), Book: record.DataFile("codebook", "accountability")}
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
	row := measuredRow{
		Of: p.aboutLink(lang, a.Unit), Day: a.Day.String(), Measure: record.Plain(a.Measure), Trigger: record.Plain(a.Trigger), Basis: record.Plain(a.Basis),
	}
	if _, ok := p.units[a.Unit]; !ok {
		row.Unknown = "yes"
	}
	row.Former = p.formerNote(lang, a.Unit, a.Day, "former.done_after")
	return row
}

// measuredOf returns what was done about a unit in a period, the latest first. As it is, that
// is also what was done about those whose place it has taken.
func (p *planner) measuredOf(lang string, id record.UnitID, view assess.View, period record.Period) (rows []measuredRow) {
	first, last, _ := period.Bounds()
	for _, a := range p.measured {
		if a.Day < first || a.Day > last || a.Unit != id && (view != assess.AsItIs || p.heirs[a.Unit] != id) {
			continue
		}
		row := p.measuredRow(lang, &a)
		if a.Unit != id {
			row.For = &row.Of
		}
		rows = append(rows, row)
	}
	return rows
}
