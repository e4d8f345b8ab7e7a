package pages

import (
	"context"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/record"
	"github.com/huiyin/huiyin/search"
)

// homePage is the parameters of the layout front.
type homePage struct {
	head
	Cutoff   string        `json:"cutoff"`
	Method   string        `json:"method"`
	Received string        `json:"received"`
	Full     string        `json:"full"`
	Ways     []way         `json:"ways"` // the ways to find a case
	Figures  *figureTable  `json:"figures"`
	Coverage *coverage     `json:"coverage"`
	Dist     *distribution `json:"dist,omitempty"`
	Tables   []*table      `json:"tables,omitempty"`
	Rows     []row         `json:"rows,omitempty"`
	Bulletin *link         `json:"bulletin,omitempty"` // the latest
}

// way is one of the ways to find a case from the home page.
type way struct {
	link
	Note string `json:"note"`
}

// indexPage is the parameters of the layout register: all units, areas, topics,
// channels or months.
type indexPage struct {
	head
	Kind   string   `json:"kind"`
	Cutoff string   `json:"cutoff"`
	Method string   `json:"method"`
	Intro  string   `json:"intro"`
	Period string   `json:"period"`
	Tables []*table `json:"tables"`
	Links  []link   `json:"links,omitempty"` // to the page of breakdowns, where there is one
}

// siteMapPage is the parameters of the layout sitemap.
type siteMapPage struct {
	head
	Groups []mapGroup `json:"groups"`
}

type mapGroup struct {
	Title string `json:"title"`
	Links []link `json:"links"`
}

var homeLayouts = []string{"front", "register", "sitemap"}

// homePages makes the pages that speak of everything: home, the registers and
// the site map. One changed case changes all of them, so they are made together.
func (p *planner) homePages() []Partition {
	f := p.scopeFinger("home")
	f.sum(p.everyone.facts)
	for _, t := range p.Texts {
		f.str(t.Path, t.Title)
	}
	f.str(fmt.Sprint(len(p.measured) > 0, len(p.assessed) > 0)) // the site map leads to their pages
	return []Partition{{Key: "home", Fingerprint: f.done(), Layouts: homeLayouts, Make: func(context.Context) (Content, error) {
		var c Content
		for _, lang := range p.Langs {
			c.Pages = append(c.Pages, p.homePage(lang), p.areasPage(lang), p.unitsPage(lang), p.topicsPage(lang), p.channelsPage(lang), p.monthsPage(lang), p.siteMap(lang))
			c.Pages = append(c.Pages, p.breakdownsPage(lang)...)
		}
		return c, nil
	}}, p.figuresPartition("home", []digest{p.everyone.facts}, p.listFiles)}
}

func (p *planner) homePage(lang string) Page {
	all := record.Scope{Dim: record.ByAll}
	words := p.Labels[lang]
	set, _ := p.book.Set(all, record.AllTime)
	v := &homePage{
		Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath),
		Received: thousands(set.Received), Full: thousands(set.Full),
		Figures: p.figureTable(lang, all, p.rolling(), record.AllTime), Coverage: p.reasons(all, record.AllTime), Dist: p.distribution(lang, all, record.AllTime),
	}
	v.Figures.Data, v.Figures.Parts = figuresPath(all), breakdownsPath(all)
	v.HomePath, v.Alts = p.in(lang, record.HomePath), p.alts(record.HomePath)
	for _, w := range []struct {
		key, path string
		n         int
	}{
		{"areas", record.AreasPath, len(p.register.Areas)}, {"units", record.UnitsPath, len(p.register.Units)}, {"topics", record.TopicsPath, len(p.register.Topics)},
		{"months", record.MonthsPath, len(p.months)}, {"channels", record.ChannelsPath, len(p.register.Channels)},
	} {
		if w.n > 0 {
			v.Ways = append(v.Ways, way{link: p.crumb(lang, "nav."+w.key, w.path), Note: words.say("way."+w.key, "n", thousands(int64(w.n)))})
		}
	}
	areas := p.newTable(lang, "areas", words.say("table.top_areas"), "th.area")
	for _, c := range p.topAreas() {
		p.addRow(areas, p.areaLink(lang, c), record.Scope{Dim: record.ByArea, ID: string(c)}, p.rolling())
	}
	areas.Data = figuresPath(all)
	for _, t := range []*table{areas, p.monthTable(lang, all)} {
		if t != nil && len(t.Rows) > 0 {
			v.Tables = append(v.Tables, t)
		}
	}
	page := Page{Path: p.in(lang, record.HomePath), Layout: "front", Lang: lang, Title: p.siteName(lang), Params: v}
	for _, i := range p.everyone.recent[:min(latest, len(p.everyone.recent))] {
		v.Rows = append(v.Rows, p.row(&p.lines[i], lang))
		page.Shows = append(page.Shows, p.lines[i].number)
	}
	if months := p.bulletinMonths(); len(months) > 0 {
		m := months[len(months)-1]
		v.Bulletin = &link{Name: words.say("bulletin.title", "month", p.monthName(lang, m)), Path: p.in(lang, record.BulletinPath(m))}
	}
	v.Feed = record.FeedPath
	v.Description = words.say("desc.home", "name", page.Title, "received", v.Received, "full", v.Full, "cutoff", v.Cutoff)
	v.Column, v.ColumnType = words.say("column.home"), words.say("column.type_home")
	org := map[string]any{"@type": "GovernmentOrganization", "name": p.Site.Organiser}
	site := map[string]any{"@context": "https://schema.org", "@type": "WebSite", "name": page.Title, "url": p.url(""), "inLanguage": lang}
	if p.Site.Organiser != "" {
		site["publisher"] = org
	}
	v.JSONLD = jsonld(site)
	return page
}

func (p *planner) siteName(lang string) string {
	if lang == p.Langs[0] {
		return p.Site.Name
	}
	return p.Site.NameEn
}

func (p *planner) newIndex(lang, kind, path string) (Page, *indexPage) {
	words := p.Labels[lang]
	v := &indexPage{Kind: kind, Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath), Intro: words.say("intro." + kind), Period: p.periodName(lang, p.rolling()), Tables: []*table{}}
	if kind != "breakdowns" && p.breaksDown() {
		v.Links = append(v.Links, p.crumb(lang, "nav.breakdowns", record.BreakdownsPath))
	}
	v.HomePath, v.Alts = p.in(lang, record.HomePath), p.alts(path)
	v.Crumbs = []link{p.home(lang)}
	v.Description = v.Intro
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	return Page{Path: p.in(lang, path), Layout: "register", Lang: lang, Title: words.say("nav." + kind), Params: v}, v
}

func (p *planner) areasPage(lang string) Page {
	page, v := p.newIndex(lang, "areas", record.AreasPath)
	t := p.newTable(lang, "areas", page.Title, "th.area")
	t.Data = record.DataFile("figures", "areas")
	var walk func(code record.AreaCode, depth int)
	walk = func(code record.AreaCode, depth int) {
		for _, c := range p.subAreas[code] {
			p.addRow(t, p.areaLink(lang, c), record.Scope{Dim: record.ByArea, ID: string(c)}, p.rolling())
			t.Rows[len(t.Rows)-1].Depth = itoa(min(depth, 3))
			walk(c, depth+1)
		}
	}
	walk("", 0)
	v.Tables = append(v.Tables, t)
	return page
}

// unitsPage lists the units by area, those of the wider areas first. Units are in
// the order of their identifiers and not of their figures: this is a register.
func (p *planner) unitsPage(lang string) Page {
	page, v := p.newIndex(lang, "units", record.UnitsPath)
	add := func(code record.AreaCode, caption link) {
		if len(p.inArea[code]) == 0 {
			return
		}
		id := "a-" + string(code)
		t := p.newTable(lang, id, caption.Name, "th.unit")
		t.Lang, t.Path, t.Data = caption.Lang, caption.Path, record.DataFile("figures", "units")
		for _, u := range p.inArea[code] {
			p.addRow(t, p.unitLink(lang, u), record.Scope{Dim: record.ByUnit, ID: string(u)}, p.rolling())
		}
		v.Tables = append(v.Tables, t)
	}
	var walk func(code record.AreaCode)
	walk = func(code record.AreaCode) {
		for _, c := range p.subAreas[code] {
			add(c, p.areaLink(lang, c))
			walk(c)
		}
	}
	walk("")
	var unknown []record.AreaCode // areas that the register lacks
	for code := range p.inArea {
		if _, ok := p.areas[code]; !ok && code != "" {
			unknown = append(unknown, code)
		}
	}
	slices.Sort(unknown)
	for _, code := range unknown {
		add(code, link{Name: string(code)})
	}
	add("", link{Name: p.Labels[lang].say("table.no_area")})
	return page
}

func (p *planner) topicsPage(lang string) Page {
	page, v := p.newIndex(lang, "topics", record.TopicsPath)
	t := p.newTableOf(lang, record.ByTopic, "topics", page.Title, "th.topic")
	t.Data = record.DataFile("figures", "topics")
	var walk func(id record.TopicID, depth int)
	walk = func(id record.TopicID, depth int) {
		for _, c := range p.subTopics[id] {
			p.addRow(t, p.topicLink(lang, c), record.Scope{Dim: record.ByTopic, ID: string(c)}, p.rolling())
			t.Rows[len(t.Rows)-1].Depth = itoa(min(depth, 3))
			walk(c, depth+1)
		}
	}
	walk("", 0)
	v.Tables = append(v.Tables, t)
	return page
}

func (p *planner) channelsPage(lang string) Page {
	page, v := p.newIndex(lang, "channels", record.ChannelsPath)
	t := p.newTable(lang, "channels", page.Title, "th.channel")
	t.Data = record.DataFile("figures", "channels")
	for _, c := range p.register.Channels {
		p.addRow(t, p.channelLink(lang, c.ID), record.Scope{Dim: record.ByChannel, ID: string(c.ID)}, p.rolling())
	}
	v.Tables = append(v.Tables, t)
	return page
}

// monthsPage lists the months, newest first, a table for each year.
func (p *planner) monthsPage(lang string) Page {
	page, v := p.newIndex(lang, "months", record.MonthsPath)
	v.Period = ""
	var t *table
	year := 0
	for _, m := range slices.Backward(p.months) {
		if m.month.Year() != year {
			year = m.month.Year()
			t = p.newTable(lang, "y"+itoa(year), p.Labels[lang].say("table.year", "year", itoa(year)), "th.month")
			t.Data = figuresPath(record.Scope{Dim: record.ByAll})
			v.Tables = append(v.Tables, t)
		}
		p.addRow(t, p.monthLink(lang, m.month), record.Scope{Dim: record.ByAll}, record.MonthPeriod(m.month))
	}
	return page
}

// siteMap lists the standing pages and the upper levels of the registers.
func (p *planner) siteMap(lang string) Page {
	words := p.Labels[lang]
	v := &siteMapPage{}
	v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(record.SiteMapPath), []link{p.home(lang)}
	v.Column, v.ColumnType = words.say("nav.sitemap"), words.say("column.type_cases")
	v.Description = words.say("desc.sitemap")
	standing := mapGroup{Title: words.say("map.standing"), Links: []link{
		p.home(lang), p.crumb(lang, "nav.search", search.PagePath), p.crumb(lang, "nav.areas", record.AreasPath), p.crumb(lang, "nav.units", record.UnitsPath), p.crumb(lang, "nav.topics", record.TopicsPath),
		p.crumb(lang, "nav.months", record.MonthsPath), p.crumb(lang, "nav.channels", record.ChannelsPath),
	}}
	if p.breaksDown() {
		standing.Links = append(standing.Links, p.crumb(lang, "nav.breakdowns", record.BreakdownsPath))
	}
	if p.ranks() {
		standing.Links = append(standing.Links, p.crumb(lang, "nav.rankings", record.RankingsPath))
	}
	if len(p.measured) > 0 {
		standing.Links = append(standing.Links, p.crumb(lang, "nav.accountability", record.AccountabilityPath))
	}
	if len(p.assessed) > 0 {
		standing.Links = append(standing.Links, p.crumb(lang, "nav.assessments", record.AssessmentsPath))
	}
	standing.Links = append(standing.Links, p.crumb(lang, "nav.data", record.DataPath), p.crumb(lang, "nav.restated", record.RestatedPath), p.crumb(lang, "nav.takedowns", record.TakedownsPath), p.crumb(lang, "promises.title", record.PromisesPath))
	standing.Links = append(standing.Links, p.crumb(lang, "quality.all_title", record.QualitiesPath))
	for _, t := range p.Texts {
		if t.Lang == lang {
			standing.Links = append(standing.Links, link{Name: t.Title, Path: t.Path})
		}
	}
	areas, topics, months := mapGroup{Title: words.say("nav.areas")}, mapGroup{Title: words.say("nav.topics")}, mapGroup{Title: words.say("nav.months")}
	for _, c := range append(slices.Clone(p.subAreas[""]), p.topAreas()...) {
		if l := p.areaLink(lang, c); !slices.Contains(areas.Links, l) {
			areas.Links = append(areas.Links, l)
		}
	}
	for _, t := range p.subTopics[""] {
		topics.Links = append(topics.Links, p.topicLink(lang, t))
	}
	for _, m := range slices.Backward(p.months) {
		months.Links = append(months.Links, p.monthLink(lang, m.month))
	}
	feeds := mapGroup{Title: words.say("map.feeds"), Links: []link{{Name: words.say("feed.all"), Path: record.FeedPath}, {Name: words.say("map.xml"), Path: record.SitemapIndex}}}
	for _, g := range []mapGroup{standing, areas, topics, months, feeds} {
		if len(g.Links) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return Page{Path: p.in(lang, record.SiteMapPath), Layout: "sitemap", Lang: lang, Title: words.say("nav.sitemap"), Params: v}
}
