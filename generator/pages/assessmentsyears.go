package pages

import (
	"context"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// assessedYear is the results whose period ends in a year, in the order of their page.
type assessedYear struct {
	year int
	path string
	at   []int // places in assessed
}

// assessedYears parts the results by the year in which their period ends, the latest first,
// for offices are assessed month by month and a page of all would be without end. What is of
// all time stands with the latest.
func (p *planner) assessedYears() (years []assessedYear) {
	for _, i := range p.assessedOrder() {
		_, end, _ := p.assessed[i].Period.Bounds()
		year := end.Month().Year()
		switch {
		case !end.Known() && len(years) > 0:
			years[0].at = append(years[0].at, i)
			continue
		case !end.Known():
			year = p.cutoff.Month().Year()
		}
		if n := len(years); n > 0 && years[n-1].year == year {
			years[n-1].at = append(years[n-1].at, i)
			continue
		}
		path := record.AssessmentsPath
		if len(years) > 0 {
			path = record.AssessmentsPart(itoa(year))
		}
		years = append(years, assessedYear{year, path, []int{i}})
	}
	return years
}

// assessedPaths lists the pages of the results.
func (p *planner) assessedPaths() (paths []string) {
	for _, y := range p.assessedYears() {
		paths = append(paths, y.path)
	}
	return paths
}

// assessments makes a page of each year that results were delivered of. It depends on the
// figures of the periods alone, so that a reply of today makes no page of years before.
func (p *planner) assessments() (parts []Partition) {
	years := p.assessedYears()
	for n := range years {
		key := strings.TrimSuffix(years[n].path, ".html")
		f := p.scopeFinger(key)
		f.str(marshalled(p.assessed), p.sampledPrint())
		for _, i := range years[n].at {
			p.assessedFinger(&f, &p.assessed[i])
		}
		parts = append(parts, Partition{Key: key, Fingerprint: f.done(), Layouts: assessmentsLayouts, Make: func(context.Context) (c Content, _ error) {
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.assessmentsPage(lang, years, n))
			}
			return c, nil
		}})
	}
	return parts
}

// assessedScope is what a result is about.
func assessedScope(a *record.Assessment) record.Scope {
	switch {
	case a.Unit == "" && a.Area == "":
		return record.Scope{Dim: record.ByAll}
	case a.Unit == "":
		return record.Scope{Dim: record.ByArea, ID: string(a.Area)}
	}
	return record.Scope{Dim: record.ByUnit, ID: string(a.Unit)}
}

// assessedFinger adds to f our figures that stand beside a result.
func (p *planner) assessedFinger(f *finger, a *record.Assessment) {
	set, _ := p.book.Set(assessedScope(a), a.Period)
	for _, c := range oursOf(&set) {
		f.str(c.id, c.cell.State, c.cell.Percent, c.cell.Num, c.cell.Den, c.cell.Unknown)
	}
	f.str(p.takenOver(p.Langs[0], a.Unit, a.Period)...)
	f.num(set.Received)
}

// oursOf lists our figures of a set that stand beside a result.
func oursOf(set *assess.Set) (all []oursCell) {
	for _, m := range measures {
		all = append(all, oursCell{m.id, m.cell(set)})
	}
	for _, s := range set.Rating.Scales {
		all = append(all, oursCell{s.Satisfied.Measure, rateCell(s.Satisfied)})
	}
	return all
}

type oursCell struct {
	id   string
	cell cell
}

// assessmentsPage makes the page of the n-th year.
func (p *planner) assessmentsPage(lang string, years []assessedYear, n int) Page {
	words, of := p.Labels[lang], years[n]
	v := &assessmentsPage{Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath), Data: record.DataFile("assessments", ""), Book: record.DataFile("codebook", "assessments")}
	v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(of.path), []link{p.home(lang)}
	title := words.say("nav.assessments")
	if n > 0 {
		v.Crumbs = append(v.Crumbs, p.crumb(lang, "nav.assessments", record.AssessmentsPath))
		title = words.say("assessed.year", "year", itoa(of.year))
	}
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	v.Description = words.say("assessed.intro")
	for i, y := range years {
		if i != n {
			v.Years = append(v.Years, link{Name: words.say("table.year", "year", itoa(y.year)), Path: p.in(lang, y.path)})
		}
	}
	for _, i := range of.at {
		name := p.assessedPeriod(lang, p.assessed[i].Period)
		if n := len(v.Periods); n == 0 || v.Periods[n-1].Name != name {
			v.Periods = append(v.Periods, assessedPeriod{ID: "p" + itoa(n+1), Name: name})
		}
		last := &v.Periods[len(v.Periods)-1]
		last.Rows = append(last.Rows, p.assessedRow(lang, i))
	}
	return Page{Path: p.in(lang, of.path), Layout: "assessments", Lang: lang, Title: title, Params: v}
}
