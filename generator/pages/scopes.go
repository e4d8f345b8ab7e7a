package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// scopePage is the parameters of the layout scope: a unit, an area, a topic, a
// channel or a month, with its figures.
type scopePage struct {
	head
	Kind     string        `json:"kind"`
	ID       string        `json:"id"`
	NameLang string        `json:"name_lang,omitempty"` // of the title, where not the page's
	Facts    []fact        `json:"facts,omitempty"`
	Cutoff   string        `json:"cutoff"`
	Method   string        `json:"method"` // path
	Partial  bool          `json:"partial,omitempty"`
	Figures  *figureTable  `json:"figures"`
	Coverage *coverage     `json:"coverage"`
	Dist     *distribution `json:"dist,omitempty"`
	Tables   []*table      `json:"tables,omitempty"`
	Topics   *topicBars    `json:"topics,omitempty"`
	Standing *standingView `json:"standing,omitempty"`
	// Delivered is what evaluating bodies and others have delivered about a unit.
	Delivered *deliveredView `json:"delivered,omitempty"`
	Quality   string         `json:"quality,omitempty"` // path of the notes on the data
	Rows      []row          `json:"rows,omitempty"`    // the latest cases
	List      string         `json:"list,omitempty"`    // path of the first page of all cases
	Count     string         `json:"count,omitempty"`
	Data      string         `json:"data,omitempty"`  // path of the CSV of the rows of all cases
	Pages     []link         `json:"pages,omitempty"` // of the list
	Prev      *link          `json:"prev,omitempty"`
	Next      *link          `json:"next,omitempty"`
	Bulletin  string         `json:"bulletin,omitempty"` // path of the report of the month
}

// fact is one thing that the register says of a unit or area. Key names its
// label; Word, where set, is a label too.
type fact struct {
	Key   string `json:"key"`
	Value string `json:"value,omitempty"`
	Word  string `json:"word,omitempty"`
	Link  *link  `json:"link,omitempty"`
}

var scopeLayouts = []string{"scope"}

// scopeFinger begins the fingerprint of a partition of figures: all that they
// depend on but the cases they count.
func (p *planner) scopeFinger(key string) finger {
	f := p.finger(key)
	f.sum(p.regPrint)
	f.num(int64(p.cutoff))
	for _, c := range p.cols {
		f.str(c.id)
	}
	p.valuesFinger(&f)
	p.monthsFinger(&f)
	return f
}

// scoped is one thing with a page of figures: what its page depends on, and how
// it is made in one language.
type scoped struct {
	digests []digest
	lines   []int32
	extra   finger // what else it depends on
	page    func(lang string) Page
	files   func() []File // its figures as data
}

// scopePartitions makes one partition of the pages of each group of things, and one of
// their data files.
func (p *planner) scopePartitions(things map[string][]scoped) []Partition {
	var parts []Partition
	for key, group := range things {
		f := p.scopeFinger(key)
		var depends []digest
		for _, s := range group {
			for _, d := range s.digests {
				f.sum(d)
			}
			for _, i := range s.lines {
				f.str(string(p.lines[i].number))
			}
			f.num(int64(len(s.lines)))
			f.str(string(s.extra))
			depends = append(depends, s.digests...)
		}
		parts = append(parts, Partition{Key: key, Fingerprint: f.done(), Layouts: scopeLayouts, Make: func(context.Context) (Content, error) {
			var c Content
			for _, s := range group {
				for _, lang := range p.Langs {
					c.Pages = append(c.Pages, s.page(lang))
				}
			}
			return c, nil
		}}, p.figuresPartition(key, depends, func() (files []File) {
			for _, s := range group {
				files = append(files, s.files()...)
			}
			return files
		}))
	}
	return parts
}

// scopePage begins the page of a scope with what all kinds have.
func (p *planner) newScope(lang, kind, id, path string, name link, scope record.Scope, recent []int32, periods ...record.Period) (Page, *scopePage) {
	words := p.Labels[lang]
	last := periods[len(periods)-1]
	v := &scopePage{
		Kind: kind, ID: id, NameLang: name.Lang, Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath),
		Figures: p.figureTable(lang, scope, periods...), Coverage: p.reasons(scope, last), Dist: p.distribution(lang, scope, last),
	}
	v.Figures.Data, v.Figures.Parts = figuresPath(scope), breakdownsPath(scope)
	v.HomePath = p.in(lang, record.HomePath)
	v.Alts = p.alts(path)
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	set, _ := p.book.Set(scope, last)
	v.Description = words.say("desc."+kind, "name", name.Name, "received", thousands(set.Received), "cutoff", p.cutoff.String())
	page := Page{Path: p.in(lang, path), Layout: "scope", Lang: lang, Title: name.Name, Params: v}
	for _, i := range recent[:min(latest, len(recent))] {
		l := &p.lines[i]
		r := p.row(l, lang)
		if kind == "unit" {
			r.Unit = "" // all are this unit's
		}
		v.Rows = append(v.Rows, r)
		page.Shows = append(page.Shows, l.number)
	}
	return page, v
}

// monthTable compares the last twelve months of a scope, newest first.
func (p *planner) monthTable(lang string, scope record.Scope) *table {
	words := p.Labels[lang]
	t := p.newTableOf(lang, scope.Dim, "months", words.say("table.months"), "th.month")
	breaks := p.holderBreaks(scope, (p.cutoff.Month() - 11).First())
	for m, n := p.cutoff.Month(), 0; n < 12; m, n = m-1, n+1 {
		period := record.MonthPeriod(m)
		if _, ok := p.book.Set(scope, period); !ok {
			continue
		}
		l := p.monthLink(lang, m)
		if p.monthSpan(m) == nil {
			l.Path = ""
		}
		p.addRow(t, l, scope, period)
		var days []string
		for _, d := range breaks {
			if d.Month() == m {
				days = append(days, d.String())
			}
		}
		if len(days) > 0 {
			t.addBreak(words.say("breakdowns.break_on", "days", strings.Join(days, words.say("p.list"))))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	t.Chart, t.Data = p.ratesChart(lang, scope), figuresPath(scope)
	return t
}

// comparedInArea lists what the page of an area compares.
func (p *planner) comparedInArea(code record.AreaCode) (all []record.Scope) {
	for _, c := range p.subAreas[code] {
		all = append(all, record.Scope{Dim: record.ByArea, ID: string(c)})
	}
	for _, u := range p.inArea[code] {
		all = append(all, record.Scope{Dim: record.ByUnit, ID: string(u)})
	}
	return all
}

// comparedInTopic lists what the page of a topic compares.
func (p *planner) comparedInTopic(id record.TopicID) (all []record.Scope) {
	for _, t := range p.subTopics[id] {
		all = append(all, record.Scope{Dim: record.ByTopic, ID: string(t)})
	}
	return all
}

func (p *planner) monthSpan(m record.Month) *monthSpan {
	i, ok := slices.BinarySearchFunc(p.months, m, func(s monthSpan, m record.Month) int { return int(s.month - m) })
	if !ok {
		return nil
	}
	return &p.months[i]
}

func addTable(v *scopePage, t *table) {
	if t != nil && len(t.Rows) > 0 {
		v.Tables = append(v.Tables, t)
	}
}

// listLinks links the pages of a complete list.
func listLinks(n int, path func(int) string) []link {
	out := make([]link, n)
	for i := range out {
		out[i] = link{Name: itoa(i + 1), Path: path(i + 1)}
	}
	return out
}

// unitPages makes the pages of the units, about 64 to a partition.
func (p *planner) unitPages() []Partition {
	n := groups(len(p.register.Units))
	things := map[string][]scoped{}
	for _, u := range p.register.Units {
		s := p.byUnit[u.ID]
		key := fmt.Sprintf("unit/%d/%03d", n, group(string(u.ID), n))
		extra := p.standingFinger(u.ID)
		extra.str(fmt.Sprint(p.noted(u.ID)), p.aboutFinger(u.ID))
		things[key] = append(things[key], scoped{digests: []digest{s.facts}, lines: s.recent[:min(latest, len(s.recent))],
			extra: extra, page: func(lang string) Page { return p.unitPage(lang, u, s) },
			files: func() []File { return p.scopeFiles(record.Scope{Dim: record.ByUnit, ID: string(u.ID)}, nil) }})
	}
	return p.scopePartitions(things)
}

func (p *planner) unitPage(lang string, u record.Unit, s *scopeLines) Page {
	scope := record.Scope{Dim: record.ByUnit, ID: string(u.ID)}
	name := p.unitLink(lang, u.ID)
	page, v := p.newScope(lang, "unit", string(u.ID), record.UnitPath(u.ID), name, scope, s.recent, p.rolling(), record.AllTime)
	v.Crumbs = []link{p.home(lang)}
	if path := p.areaPath(u.Area); len(path) > 0 {
		v.Crumbs = append(v.Crumbs, p.crumb(lang, "nav.areas", record.AreasPath), p.areaLink(lang, u.Area))
		l := p.areaLink(lang, u.Area)
		v.Facts = append(v.Facts, fact{Key: "area", Link: &l})
	} else {
		v.Crumbs = append(v.Crumbs, p.crumb(lang, "nav.units", record.UnitsPath))
	}
	if u.Kind != "" {
		v.Facts = append(v.Facts, fact{Key: "unit_kind", Value: record.Plain(u.Kind)})
	}
	if u.Level >= 1 && u.Level <= 4 {
		v.Facts = append(v.Facts, fact{Key: "level", Word: "level" + itoa(u.Level)})
	} else if u.Level > 0 {
		v.Facts = append(v.Facts, fact{Key: "level", Value: p.Labels[lang].say("rank.level", "n", itoa(u.Level))})
	}
	if u.Parent != "" {
		l := p.unitLink(lang, u.Parent)
		v.Facts = append(v.Facts, fact{Key: "parent", Link: &l})
	}
	for _, phone := range u.Phones {
		v.Facts = append(v.Facts, fact{Key: "phone", Value: record.Plain(phone)})
	}
	v.Facts = append(v.Facts, p.validity(lang, u.From, u.To)...)
	if u.Successor != "" {
		l := p.unitLink(lang, u.Successor)
		v.Facts = append(v.Facts, fact{Key: "successor", Link: &l})
	}
	var last record.Day
	for _, i := range s.all {
		last = max(last, p.lines[i].replied)
	}
	if last.Known() {
		v.Facts = append(v.Facts, fact{Key: "last_reply", Value: last.String()})
	}
	addTable(v, p.monthTable(lang, scope))
	v.Topics, v.Standing = p.topicBars(lang, u.ID), p.standingView(lang, u.ID)
	v.Delivered = p.deliveredView(lang, u.ID)
	v.Count = thousands(int64(len(s.all)))
	v.Pages = listLinks((len(s.all)+record.ListSize-1)/record.ListSize, func(n int) string { return record.UnitListPath(u.ID, n) })
	if len(s.all) > 0 {
		v.Data = record.DataFile("rows", "unit/"+string(u.ID))
	}
	if p.noted(u.ID) {
		v.Quality = p.in(lang, record.QualityPath(u.ID))
	}
	v.Feed = record.UnitFeedPath(u.ID)
	org := p.organization(u.ID)
	org["@context"] = "https://schema.org"
	v.JSONLD = jsonld(org)
	return page
}

func (p *planner) validity(_ string, from, to record.Day) []fact {
	var out []fact
	if from.Known() {
		out = append(out, fact{Key: "valid_from", Value: from.String()})
	}
	if to.Known() {
		out = append(out, fact{Key: "valid_to", Value: to.String()})
	}
	return out
}

// areaPages makes the home pages of the editions. The areas that most cases
// count for, the roots and their children, are made together; the others by
// groups.
func (p *planner) areaPages() []Partition {
	n := groups(len(p.register.Areas))
	things := map[string][]scoped{}
	for _, a := range p.register.Areas {
		s := p.byArea[a.Code]
		key := "area/top"
		if len(p.areaPath(a.Code)) > 2 {
			key = fmt.Sprintf("area/%d/%03d", n, group(string(a.Code), n))
		}
		thing := scoped{digests: []digest{s.tree}, lines: s.recent[:min(latest, len(s.recent))],
			page: func(lang string) Page { return p.areaPage(lang, a, s) },
			files: func() []File {
				return p.scopeFiles(record.Scope{Dim: record.ByArea, ID: string(a.Code)}, p.comparedInArea(a.Code))
			}}
		for _, u := range p.inArea[a.Code] {
			thing.digests = append(thing.digests, p.byUnit[u].facts)
		}
		things[key] = append(things[key], thing)
	}
	return p.scopePartitions(things)
}

func (p *planner) areaPage(lang string, a record.Area, s *scopeLines) Page {
	scope := record.Scope{Dim: record.ByArea, ID: string(a.Code)}
	words := p.Labels[lang]
	page, v := p.newScope(lang, "area", string(a.Code), record.AreaPath(a.Code), p.areaLink(lang, a.Code), scope, s.recent, p.rolling(), record.AllTime)
	v.Crumbs = []link{p.home(lang), p.crumb(lang, "nav.areas", record.AreasPath)}
	path := p.areaPath(a.Code)
	for _, c := range slices.Backward(path[1:]) {
		v.Crumbs = append(v.Crumbs, p.areaLink(lang, c))
	}
	if n, ok := a.Residents.Get(); ok {
		v.Facts = append(v.Facts, fact{Key: "residents", Value: thousands(int64(n))})
		if a.Counted > 0 {
			v.Facts = append(v.Facts, fact{Key: "residents_year", Value: itoa(a.Counted)})
		}
	}
	v.Facts = append(v.Facts, p.validity(lang, a.From, a.To)...)
	if a.Successor != "" {
		l := p.areaLink(lang, a.Successor)
		v.Facts = append(v.Facts, fact{Key: "successor", Link: &l})
	}
	subs := p.newTable(lang, "areas", words.say("table.subareas", "name", page.Title), "th.area")
	for _, c := range p.subAreas[a.Code] {
		p.addRow(subs, p.areaLink(lang, c), record.Scope{Dim: record.ByArea, ID: string(c)}, p.rolling())
	}
	subs.Data = figuresPath(scope)
	addTable(v, subs)
	units := p.newTable(lang, "units", words.say("table.units", "name", page.Title), "th.unit")
	for _, u := range p.inArea[a.Code] {
		p.addRow(units, p.unitLink(lang, u), record.Scope{Dim: record.ByUnit, ID: string(u)}, p.rolling())
	}
	units.Data = figuresPath(scope)
	addTable(v, units)
	addTable(v, p.monthTable(lang, scope))
	v.Feed = record.AreaFeedPath(a.Code)
	return page
}

// topicPages makes the pages of the topics; a topic is made together with all
// below the same root.
func (p *planner) topicPages() []Partition {
	n := groups(len(p.register.Topics))
	things := map[string][]scoped{}
	for _, t := range p.register.Topics {
		path := p.topicPath(t.ID)
		key := fmt.Sprintf("topic/%d/%03d", n, group(string(path[len(path)-1]), n))
		s := p.byTopic[t.ID]
		things[key] = append(things[key], scoped{digests: []digest{s.tree}, lines: s.recent[:min(latest, len(s.recent))],
			page: func(lang string) Page { return p.topicPage(lang, t, s) },
			files: func() []File {
				return p.scopeFiles(record.Scope{Dim: record.ByTopic, ID: string(t.ID)}, p.comparedInTopic(t.ID))
			}})
	}
	return p.scopePartitions(things)
}

func (p *planner) topicPage(lang string, t record.Topic, s *scopeLines) Page {
	scope := record.Scope{Dim: record.ByTopic, ID: string(t.ID)}
	page, v := p.newScope(lang, "topic", string(t.ID), record.TopicPath(t.ID), p.topicLink(lang, t.ID), scope, s.recent, p.rolling(), record.AllTime)
	v.Crumbs = []link{p.home(lang), p.crumb(lang, "nav.topics", record.TopicsPath)}
	for _, c := range slices.Backward(p.topicPath(t.ID)[1:]) {
		v.Crumbs = append(v.Crumbs, p.topicLink(lang, c))
	}
	v.Partial, v.Coverage = true, nil
	subs := p.newTableOf(lang, record.ByTopic, "topics", p.Labels[lang].say("table.subtopics", "name", page.Title), "th.topic")
	for _, c := range p.subTopics[t.ID] {
		p.addRow(subs, p.topicLink(lang, c), record.Scope{Dim: record.ByTopic, ID: string(c)}, p.rolling())
	}
	subs.Data = figuresPath(scope)
	addTable(v, subs)
	addTable(v, p.monthTable(lang, scope))
	return page
}

// channelPages makes the pages of the channels.
func (p *planner) channelPages() []Partition {
	n := groups(len(p.register.Channels))
	things := map[string][]scoped{}
	for _, c := range p.register.Channels {
		s := p.byChannel[c.ID]
		key := fmt.Sprintf("channel/%d/%03d", n, group(string(c.ID), n))
		things[key] = append(things[key], scoped{digests: []digest{s.facts}, lines: s.recent[:min(latest, len(s.recent))],
			files: func() []File { return p.scopeFiles(record.Scope{Dim: record.ByChannel, ID: string(c.ID)}, nil) },
			page: func(lang string) Page {
				scope := record.Scope{Dim: record.ByChannel, ID: string(c.ID)}
				page, v := p.newScope(lang, "channel", string(c.ID), record.ChannelPath(c.ID), p.channelLink(lang, c.ID), scope, s.recent, p.rolling(), record.AllTime)
				v.Crumbs = []link{p.home(lang), p.crumb(lang, "nav.channels", record.ChannelsPath)}
				if c.Post != "" {
					v.Facts = append(v.Facts, fact{Key: "post", Value: record.Plain(c.Post)})
				}
				addTable(v, p.monthTable(lang, scope))
				return page
			}})
	}
	return p.scopePartitions(things)
}

// monthPages makes the pages of the months, a year together.
func (p *planner) monthPages() []Partition {
	things := map[string][]scoped{}
	for i, m := range p.months {
		s := p.byMonth[m.month]
		if s == nil {
			s = new(scopeLines) // the received days of all its cases were corrected
		}
		var numbers finger // how many pages the list has
		numbers.num(int64(m.end - m.first))
		numbers.str(string(p.lines[m.end-1].number))
		if i > 0 {
			numbers.str(p.months[i-1].month.String())
		}
		if i+1 < len(p.months) {
			numbers.str(p.months[i+1].month.String())
		}
		key := fmt.Sprintf("month/%04d", m.month.Year())
		things[key] = append(things[key], scoped{digests: []digest{s.facts, numbers.done()}, lines: s.recent[:min(latest, len(s.recent))],
			page:  func(lang string) Page { return p.monthPage(lang, i, s) },
			files: func() []File { return p.monthFiles(m.month) }})
	}
	return p.scopePartitions(things)
}

func (p *planner) monthPage(lang string, i int, s *scopeLines) Page {
	m := p.months[i]
	period := record.MonthPeriod(m.month)
	all := record.Scope{Dim: record.ByAll}
	words := p.Labels[lang]
	page, v := p.newScope(lang, "month", m.month.String(), record.MonthPath(m.month), p.monthLink(lang, m.month), all, s.recent, period)
	v.Crumbs = []link{p.home(lang), p.crumb(lang, "nav.months", record.MonthsPath)}
	data := record.DataFile("figures", m.month.String())
	v.Figures.Data, v.Figures.Parts = data, record.DataFile("breakdowns", m.month.String())
	if v.Dist != nil {
		v.Dist.Data = record.DataFile("breakdowns", m.month.String())
	}
	if i > 0 {
		l := p.monthLink(lang, p.months[i-1].month)
		v.Prev = &l
	}
	if i+1 < len(p.months) {
		l := p.monthLink(lang, p.months[i+1].month)
		v.Next = &l
	}
	if l := p.bulletinLink(lang, m.month); l != nil {
		v.Bulletin = l.Path
	}
	areas := p.newTable(lang, "areas", words.say("table.month_areas", "name", page.Title), "th.area")
	for _, c := range p.topAreas() {
		scope := record.Scope{Dim: record.ByArea, ID: string(c)}
		if _, ok := p.book.Set(scope, period); ok {
			p.addRow(areas, p.areaLink(lang, c), scope, period)
		}
	}
	areas.Data = data
	addTable(v, areas)
	channels := p.newTable(lang, "channels", words.say("table.month_channels", "name", page.Title), "th.channel")
	for _, c := range p.register.Channels {
		scope := record.Scope{Dim: record.ByChannel, ID: string(c.ID)}
		if _, ok := p.book.Set(scope, period); ok {
			p.addRow(channels, p.channelLink(lang, c.ID), scope, period)
		}
	}
	channels.Data = data
	addTable(v, channels)
	v.Count = thousands(int64(m.end - m.first))
	v.Data = record.DataFile("rows", m.month.String())
	v.Pages = listLinks((p.lines[m.end-1].number.Running()-1)/record.ListSize+1, func(n int) string { return record.MonthListPath(m.month, n) })
	return page
}

// topAreas is the roots of the areas, and where there is one root alone, its
// children.
func (p *planner) topAreas() []record.AreaCode {
	top := p.subAreas[""]
	if len(top) == 1 && len(p.subAreas[top[0]]) > 0 {
		return p.subAreas[top[0]]
	}
	return top
}
