package pages

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// figuresPart is the part of the tables of figures and breakdowns that belongs to the
// page of a scope.
func figuresPart(scope record.Scope) string {
	if scope.Dim == record.ByAll {
		return "all"
	}
	return string(scope.Dim) + "/" + scope.ID
}

func figuresPath(scope record.Scope) string { return record.DataFile("figures", figuresPart(scope)) }

func breakdownsPath(scope record.Scope) string {
	return record.DataFile("breakdowns", figuresPart(scope))
}

// scopeFiles makes the files of one scope: its figures in all periods, with those of
// the last twelve months of what its page compares, and how its cases are divided in
// the periods that its page shows.
func (p *planner) scopeFiles(scope record.Scope, compared []record.Scope) []File {
	figures := p.book.ScopeFigures(scope)
	for _, s := range compared {
		figures = append(figures, p.book.ScopeFigures(s, p.rolling())...)
	}
	var parts []opendata.Breakdown
	for _, period := range []record.Period{p.rolling(), record.AllTime} {
		set, _ := p.book.Set(scope, period)
		if scope.Dim == record.ByTopic {
			set.Reasons = nil // it counts cases published in full alone
		}
		parts = append(parts, opendata.SetBreakdowns(&set)...)
	}
	if scope.Dim == record.ByUnit {
		for _, t := range p.unitTopics(record.UnitID(scope.ID)) {
			parts = append(parts, opendata.Breakdown{Division: opendata.ByTopic, Scope: scope, Period: record.AllTime, Cutoff: p.cutoff, Class: string(t.id), Cases: t.n})
		}
	}
	part := figuresPart(scope)
	return []File{
		{Path: record.DataFile("figures", part), Body: opendata.Figures().File(figures)},
		{Path: record.DataFile("breakdowns", part), Body: opendata.Breakdowns().File(parts)},
	}
}

// monthFiles makes the files of one month, with every scope that has a page.
func (p *planner) monthFiles(m record.Month) []File {
	period := record.MonthPeriod(m)
	var figures []record.Figure
	var parts []opendata.Breakdown
	for _, scope := range p.scopes(record.ByAll, record.ByUnit, record.ByArea, record.ByTopic, record.ByChannel, record.ByKind) {
		set, ok := p.book.Set(scope, period)
		if !ok {
			continue
		}
		if scope.Dim == record.ByTopic || scope.Dim == record.ByKind {
			set.Reasons = nil
		}
		figures = append(figures, p.book.ScopeFigures(scope, period)...)
		parts = append(parts, opendata.SetBreakdowns(&set)...)
	}
	return []File{
		{Path: record.DataFile("figures", m.String()), Body: opendata.Figures().File(figures)},
		{Path: record.DataFile("breakdowns", m.String()), Body: opendata.Breakdowns().File(parts)},
	}
}

// listFiles makes the files of what the pages of everything compare: the whole, and the
// last twelve months of all units, areas, topics and channels.
func (p *planner) listFiles() []File {
	var top []record.Scope
	for _, c := range p.topAreas() {
		top = append(top, record.Scope{Dim: record.ByArea, ID: string(c)})
	}
	files := p.scopeFiles(record.Scope{Dim: record.ByAll}, top)
	for _, l := range append(figureLists[:len(figureLists):len(figureLists)], breakdownLists...) {
		var figures []record.Figure
		for _, s := range p.scopes(l.dim) {
			periods := []record.Period{p.rolling()}
			if byTerms(l.dim) {
				periods = p.book.Terms(s)
			}
			figures = append(figures, p.book.ScopeFigures(s, periods...)...)
		}
		files = append(files, File{Path: record.DataFile("figures", l.name), Body: opendata.Figures().File(figures)})
	}
	return files
}

// figureList names a list of figures by one dimension.
type figureList struct {
	name string
	dim  record.Dimension
}

// figureLists are the registers whose things are compared on one page.
var figureLists = []figureList{{"units", record.ByUnit}, {"areas", record.ByArea}, {"topics", record.ByTopic}, {"channels", record.ByChannel}}

// scopes lists the scopes of the dimensions that have a page, and the kinds, in the order
// of the registers.
func (p *planner) scopes(dims ...record.Dimension) (all []record.Scope) {
	for _, dim := range dims {
		add := func(id string) { all = append(all, record.Scope{Dim: dim, ID: id}) }
		switch dim {
		default:
			all = append(all, p.book.Scopes(dim)...)
		case record.ByAll:
			add("")
		case record.ByUnit:
			for _, u := range p.register.Units {
				add(string(u.ID))
			}
		case record.ByArea:
			for _, a := range p.register.Areas {
				add(string(a.Code))
			}
		case record.ByTopic:
			for _, t := range p.register.Topics {
				add(string(t.ID))
			}
		case record.ByChannel:
			for _, c := range p.register.Channels {
				add(string(c.ID))
			}
		case record.ByKind:
			for _, k := range record.Kinds() {
				add(string(k))
			}
		}
	}
	return all
}

// figuresPartition makes the files that belong to the pages of figures of one key.
func (p *planner) figuresPartition(key string, depends []digest, files func() []File) Partition {
	key = "data/figures/" + key
	f := p.scopeFinger(key)
	for _, d := range depends {
		f.sum(d)
	}
	return Partition{Key: key, Fingerprint: f.done(), Make: func(context.Context) (Content, error) {
		return Content{Files: files()}, nil
	}}
}

// topicCount is how many cases of a unit are about a topic.
type topicCount struct {
	id record.TopicID // "": none is given
	n  int64
}

// unitTopics counts the cases of a unit that are published in full by their topic, the
// most first.
func (p *planner) unitTopics(id record.UnitID) []topicCount {
	n := map[record.TopicID]int64{}
	for _, i := range p.byUnit[id].all {
		if l := &p.lines[i]; l.prom == record.Full && l.received.Known() && l.received <= p.cutoff {
			n[l.topic]++
		}
	}
	var all []topicCount
	for _, id := range slices.Sorted(maps.Keys(n)) {
		all = append(all, topicCount{id, n[id]})
	}
	slices.SortStableFunc(all, func(a, b topicCount) int { return cmp.Compare(b.n, a.n) })
	return all
}
