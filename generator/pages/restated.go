package pages

import (
	"context"
	"encoding/json"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// restatedPage is the parameters of the layout restated: the figures that were
// published and are others now, those that were shown first last on top.
type restatedPage struct {
	head
	Cutoff string          `json:"cutoff"`
	Method string          `json:"method"`
	Data   string          `json:"data"`
	Groups []restatedGroup `json:"groups"`
}

// restatedGroup is what one release has restated. Left out are the figures beyond
// restatedShown, which the data file has.
type restatedGroup struct {
	Shown string        `json:"shown"`
	N     string        `json:"n"`
	Left  string        `json:"left,omitempty"`
	Rows  []restatedRow `json:"rows"`
}

type restatedRow struct {
	Scope   link     `json:"scope"`
	Measure string   `json:"measure"`
	ID      string   `json:"id"` // of the measure
	Period  string   `json:"period"`
	Cutoff  string   `json:"cutoff"`
	Old     cell     `json:"old"`
	New     cell     `json:"new"`
	Why     []string `json:"why,omitempty"` // kinds of event
	N       string   `json:"n,omitempty"`   // how many cases
	Cases   []link   `json:"cases,omitempty"`
}

// restatedShown is how many figures of one release the page shows, and restatedCases
// how many cases of each.
const (
	restatedShown = 100
	restatedCases = 5
)

var restatedLayouts = []string{"restated"}

// restated makes the page of restatements and their file.
func (p *planner) restated() []Partition {
	f := p.scopeFinger("restated")
	all, err := json.Marshal(p.Restated)
	if err != nil {
		panic("pages: restatements do not marshal: " + err.Error())
	}
	f.str(string(all))
	data := p.finger("data/restatements")
	data.str(string(all))
	return []Partition{
		{Key: "restated", Fingerprint: f.done(), Layouts: restatedLayouts, Make: func(context.Context) (c Content, _ error) {
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.restatedPage(lang))
			}
			return c, nil
		}},
		{Key: "data/restatements", Fingerprint: data.done(), Make: func(context.Context) (Content, error) {
			t := opendata.Restatements()
			return Content{Files: []File{
				{Path: record.DataFile(t.Name, ""), Body: t.File(p.Restated)}, {Path: record.DataFile("codebook", t.Name), Body: t.Codebook()},
			}}, nil
		}},
	}
}

func (p *planner) restatedPage(lang string) Page {
	words := p.Labels[lang]
	v := &restatedPage{Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath), Data: record.DataFile(opendata.Restatements().Name, ""), Groups: []restatedGroup{}}
	v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(record.RestatedPath), []link{p.home(lang)}
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	v.Description = words.say("restated.intro")
	names := measureNames(lang)
	for from := 0; from < len(p.Restated); {
		end := from
		for end < len(p.Restated) && p.Restated[end].Shown == p.Restated[from].Shown {
			end++
		}
		g := restatedGroup{Shown: p.Restated[from].Shown.String(), N: thousands(int64(end - from))}
		for _, r := range p.Restated[from:end] {
			if len(g.Rows) < restatedShown {
				g.Rows = append(g.Rows, p.restatedRow(lang, names, &r))
			}
		}
		if n := end - from - len(g.Rows); n > 0 {
			g.Left = thousands(int64(n))
		}
		v.Groups = append(v.Groups, g)
		from = end
	}
	return Page{Path: p.in(lang, record.RestatedPath), Layout: "restated", Lang: lang, Title: words.say("restated.title"), Params: v}
}

func (p *planner) restatedRow(lang string, names map[string]string, r *record.Restatement) restatedRow {
	row := restatedRow{
		Scope: p.scopeLink(lang, r.Old.Scope), Measure: names[r.Old.Measure], ID: r.Old.Measure, Period: p.periodName(lang, r.Old.Period), Cutoff: r.Old.Cutoff.String(),
		Old: figureCell(r.Old), New: figureCell(r.New),
	}
	for _, k := range r.Why {
		row.Why = append(row.Why, string(k))
	}
	if r.N > 0 {
		row.N = thousands(int64(r.N))
	}
	for _, n := range r.Cases[:min(restatedCases, len(r.Cases))] {
		row.Cases = append(row.Cases, link{Name: string(n), Path: record.CasePath(n)})
	}
	return row
}

// scopeLink names a scope, with its page where it has one.
func (p *planner) scopeLink(lang string, s record.Scope) link {
	words := p.Labels[lang]
	switch s.Dim {
	case record.ByUnit:
		return p.unitLink(lang, record.UnitID(s.ID))
	case record.ByArea:
		return p.areaLink(lang, record.AreaCode(s.ID))
	case record.ByTopic:
		return p.topicLink(lang, record.TopicID(s.ID))
	case record.ByChannel:
		return p.channelLink(lang, record.ChannelID(s.ID))
	case record.ByKind:
		return link{Name: words.say("kind." + s.ID)}
	}
	return link{Name: words.say("restated.all")}
}

// figureCell prints a figure of any measure.
func figureCell(f record.Figure) cell {
	for _, m := range assess.Measures() {
		switch {
		case m.ID != f.Measure:
		case m.Kind == assess.PerThousandMeasure:
			return perThousandCell(f)
		case m.Kind == assess.CountMeasure && m.ID == assess.MeasureReturns:
			return cell{State: "times", Num: thousands(f.Num)}
		case m.Kind == assess.CountMeasure:
			return countCell(f.Num)
		case m.Kind == assess.MedianMeasure && f.Den == 2:
			return cell{State: "days", Num: halves(f.Num)}
		case m.Kind == assess.MedianMeasure:
			return cell{State: "none"}
		}
	}
	return rateCell(f)
}

// halves writes n/2 in decimal, as "7" or "7.5".
func halves(n int64) string {
	if n%2 != 0 {
		return itoa(n/2) + ".5"
	}
	return itoa(n / 2)
}
