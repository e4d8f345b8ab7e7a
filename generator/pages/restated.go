package pages

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// restatedPage is the parameters of the layout restated: the figures that were published
// and are others now. A list of releases has Releases, and the page of one has Groups.
type restatedPage struct {
	head
	Method   string            `json:"method"`
	Data     string            `json:"data"`
	Up       link              `json:"up"` // of one release: the list
	Releases []restatedRelease `json:"releases,omitempty"`
	Years    []link            `json:"years,omitempty"` // the lists of other years
	N        string            `json:"n,omitempty"`
	Groups   []restatedGroup   `json:"groups,omitempty"`
	Left     string            `json:"left,omitempty"` // figures that the page has no room for
}

// restatedRelease is a line of the list: how many figures a release restated.
type restatedRelease struct {
	Shown link   `json:"shown"`
	N     string `json:"n"`
}

// restatedGroup is the figures of one scope and period that have one cause.
type restatedGroup struct {
	Scope  *link         `json:"scope,omitempty"` // none: that of the group before
	Period string        `json:"period"`
	Cutoff string        `json:"cutoff"`
	Rows   []restatedRow `json:"rows"`
	Why    []string      `json:"why,omitempty"` // kinds of event; none: no case has changed
	N      string        `json:"n,omitempty"`   // how many cases; none, where they are not named
	Cases  []link        `json:"cases,omitempty"`
	More   string        `json:"more,omitempty"` // yes: there are further cases
}

type restatedRow struct {
	ID   string `json:"id"` // of the measure
	Name string `json:"name"`
	Old  cell   `json:"old"`
	New  cell   `json:"new"`
}

// restatedShown is how many figures of a release its page tells of one by one, and
// restatedCases how many cases of each group: a page is to be read on a phone.
const (
	restatedShown = 150
	restatedCases = 5
)

var restatedLayouts = []string{"restated"}

// restatedOrder lists the dimensions in the order in which restatements are told.
var restatedOrder = []record.Dimension{record.ByAll, record.ByArea, record.ByUnit, record.ByChannel, record.ByOrigin}

// restatedOf is what one release has restated.
type restatedOf struct {
	shown record.Day
	told  []record.Restatement // in the order of the page
}

// restatedReleases sorts the restatements by release, the latest first.
func (p *planner) restatedReleases() (all []restatedOf) {
	place := map[string]int{}
	for i, m := range assess.Measures() {
		place[m.ID] = i
	}
	for from := 0; from < len(p.Restated); {
		of := restatedOf{shown: p.Restated[from].Shown}
		for ; from < len(p.Restated) && p.Restated[from].Shown == of.shown; from++ {
			of.told = append(of.told, p.Restated[from])
		}
		slices.SortStableFunc(of.told, func(x, y record.Restatement) int {
			return cmp.Or(
				cmp.Compare(slices.Index(restatedOrder, x.Old.Scope.Dim), slices.Index(restatedOrder, y.Old.Scope.Dim)), cmp.Compare(x.Old.Scope.ID, y.Old.Scope.ID),
				-cmp.Compare(x.Old.Period, y.Old.Period), cmp.Compare(x.Old.Cutoff, y.Old.Cutoff), slices.Compare(x.Why, y.Why), cmp.Compare(x.N, y.N), slices.Compare(x.Cases, y.Cases),
				cmp.Compare(place[x.Old.Measure], place[y.Old.Measure]))
		})
		all = append(all, of)
	}
	return all
}

// restated makes the lists of what was restated, a page for each release that did, and
// their file.
func (p *planner) restated() []Partition {
	data := p.finger("data/restatements")
	data.str(marshalled(p.Restated))
	parts := []Partition{{Key: "data/restatements", Fingerprint: data.done(), Make: func(context.Context) (Content, error) {
		t := opendata.Restatements()
		return Content{Files: []File{
			{Path: record.DataFile(t.Name, ""), Body: t.File(p.Restated)}, {Path: record.DataFile("codebook", t.Name), Body: t.Codebook()},
		}}, nil
	}}}
	releases := p.restatedReleases()
	years := restatedYears(releases)
	for i, year := range years {
		key := "restated"
		if i > 0 {
			key += "/" + itoa(year)
		}
		f := p.finger(key)
		for _, y := range years {
			f.num(int64(y))
		}
		of := slices.DeleteFunc(slices.Clone(releases), func(r restatedOf) bool { return r.shown.Month().Year() != year })
		for _, r := range of {
			f.num(int64(r.shown))
			f.num(int64(len(r.told)))
		}
		parts = append(parts, Partition{Key: key, Fingerprint: f.done(), Layouts: restatedLayouts, Make: func(context.Context) (c Content, _ error) {
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.restatedList(lang, years, i, of))
			}
			return c, nil
		}})
	}
	for i := range releases {
		r := &releases[i]
		key := "restated/" + r.shown.String()
		f := p.finger(key)
		f.sum(p.regPrint)
		f.str(marshalled(r.told))
		parts = append(parts, Partition{Key: key, Fingerprint: f.done(), Layouts: restatedLayouts, Make: func(context.Context) (c Content, _ error) {
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.restatedRelease(lang, r))
			}
			return c, nil
		}})
	}
	return parts
}

// marshalled is what fingerprints take of a list.
func marshalled(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("pages: a list does not marshal: " + err.Error())
	}
	return string(b)
}

// restatedYears lists the years of the releases, the latest first; where nothing was
// restated it is one that has none.
func restatedYears(releases []restatedOf) (years []int) {
	for _, r := range releases {
		years = append(years, r.shown.Month().Year())
	}
	if len(years) == 0 {
		return []int{0}
	}
	return slices.Compact(years)
}

// restatedYearPath is the list of one of the years: that of the latest has the address
// of the log.
func restatedYearPath(years []int, i int) string {
	if i == 0 {
		return record.RestatedPath
	}
	return record.RestatedPart(strconv.Itoa(years[i]))
}

// restatedPaths lists the pages of the log.
func (p *planner) restatedPaths() (paths []string) {
	releases := p.restatedReleases()
	years := restatedYears(releases)
	for i := range years {
		paths = append(paths, restatedYearPath(years, i))
	}
	for _, r := range releases {
		paths = append(paths, record.RestatedPart(r.shown.String()))
	}
	return paths
}

func (p *planner) newRestated(lang, path, title string, crumbs ...link) (Page, *restatedPage) {
	words := p.Labels[lang]
	v := &restatedPage{Method: p.in(lang, record.MethodPath), Data: record.DataFile(opendata.Restatements().Name, "")}
	v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(path), append([]link{p.home(lang)}, crumbs...)
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	v.Description = words.say("restated.intro")
	return Page{Path: p.in(lang, path), Layout: "restated", Lang: lang, Title: title, Params: v}, v
}

// restatedList makes the list of the i-th year.
func (p *planner) restatedList(lang string, years []int, i int, of []restatedOf) Page {
	words := p.Labels[lang]
	title, crumbs := words.say("restated.title"), []link(nil)
	if i > 0 {
		title, crumbs = words.say("restated.year", "year", itoa(years[i])), []link{p.crumb(lang, "restated.title", record.RestatedPath)}
	}
	page, v := p.newRestated(lang, restatedYearPath(years, i), title, crumbs...)
	for _, r := range of {
		v.Releases = append(v.Releases, restatedRelease{
			Shown: link{Name: r.shown.String(), Path: p.in(lang, record.RestatedPart(r.shown.String()))}, N: thousands(int64(len(r.told))),
		})
	}
	for j := range years {
		if j != i {
			v.Years = append(v.Years, link{Name: itoa(years[j]), Path: p.in(lang, restatedYearPath(years, j))})
		}
	}
	return page
}

// restatedRelease makes the page of a release.
func (p *planner) restatedRelease(lang string, of *restatedOf) Page {
	words := p.Labels[lang]
	up := p.crumb(lang, "restated.title", record.RestatedPath)
	page, v := p.newRestated(lang, record.RestatedPart(of.shown.String()), words.say("restated.shown", "cutoff", of.shown.String()), up)
	v.Up, v.N = up, thousands(int64(len(of.told)))
	names := measureNames(lang)
	for i := range of.told[:min(restatedShown, len(of.told))] {
		r := &of.told[i]
		if i == 0 || !sameCause(&of.told[i-1], r) {
			g := p.restatedGroup(lang, r)
			if i > 0 && of.told[i-1].Old.Scope == r.Old.Scope && of.told[i-1].Old.Period == r.Old.Period && of.told[i-1].Old.Cutoff == r.Old.Cutoff {
				g.Scope = nil
			}
			v.Groups = append(v.Groups, g)
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Rows = append(g.Rows, restatedRow{ID: r.Old.Measure, Name: names[r.Old.Measure], Old: figureCell(r.Old), New: figureCell(r.New)})
	}
	if n := len(of.told) - restatedShown; n > 0 {
		v.Left = thousands(int64(n))
	}
	return page
}

// sameCause reports whether two restatements are told together.
func sameCause(x, y *record.Restatement) bool {
	return x.Old.Scope == y.Old.Scope && x.Old.Period == y.Old.Period && x.Old.Cutoff == y.Old.Cutoff && x.N == y.N && slices.Equal(x.Why, y.Why) && slices.Equal(x.Cases, y.Cases)
}

func (p *planner) restatedGroup(lang string, r *record.Restatement) restatedGroup {
	scope := p.scopeLink(lang, r.Old.Scope)
	g := restatedGroup{Scope: &scope, Period: p.periodName(lang, r.Old.Period), Cutoff: r.Old.Cutoff.String()}
	for _, k := range r.Why {
		g.Why = append(g.Why, string(k))
	}
	if r.N > 0 {
		g.N = thousands(int64(r.N))
	}
	for _, n := range r.Cases[:min(restatedCases, len(r.Cases))] {
		g.Cases = append(g.Cases, link{Name: string(n), Path: record.CasePath(n)})
	}
	if r.N > len(g.Cases) {
		g.More = "yes"
	}
	return g
}

// scopeLink names a scope, with its page where it has one.
func (p *planner) scopeLink(lang string, s record.Scope) link {
	words := p.Labels[lang]
	switch s.Dim {
	case record.ByUnit:
		return p.unitLink(lang, record.UnitID(s.ID))
	case record.ByArea:
		return p.areaLink(lang, record.AreaCode(s.ID))
	case record.ByChannel:
		return p.channelLink(lang, record.ChannelID(s.ID))
	case record.ByOrigin:
		return p.breakdownName(lang, s)
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
		case m.Kind == assess.MedianMeasure:
			c := cell{State: "days", Num: halves(f.Num)}
			switch {
			case f.Den == 0 && f.Unknown > 0:
				c = cell{State: "unknown"}
			case f.Den == 0:
				return cell{State: "none"}
			}
			if f.Unknown > 0 {
				c.Unknown = thousands(f.Unknown)
			}
			return c
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
