package pages

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// bulletinPage is the parameters of the layout bulletin: the report of a month that is
// over (通报), in the order in which offices write one: the whole, where cases came from,
// of which kind they were and what about, by area and by unit. It is to be read on paper
// too, so that it says its cut-off and its formulas itself.
type bulletinPage struct {
	head
	Month    string        `json:"month"`
	Cutoff   string        `json:"cutoff"`
	Method   string        `json:"method"`
	Prev     *link         `json:"prev,omitempty"`
	Next     *link         `json:"next,omitempty"`
	Text     []string      `json:"text"` // sentences
	Note     string        `json:"note,omitempty"`
	Figures  *figureTable  `json:"figures"`
	Coverage *coverage     `json:"coverage"`
	Dist     *distribution `json:"dist,omitempty"`
	Tables   []*table      `json:"tables,omitempty"`
	Done     []measuredRow `json:"done,omitempty"` // what was done about units in the month
	By       []rankBy      `json:"by"`             // the columns' formulas
	Links    []link        `json:"links"`          // what belongs to the month
}

var bulletinLayouts = []string{"bulletin"}

// bulletinTopics is how many topics a bulletin lists, those with the most cases.
const bulletinTopics = 10

// bulletins makes the bulletin of every month that is over. A bulletin is made again
// when a number in it is another, and not with every case of its month.
func (p *planner) bulletins() (parts []Partition) {
	for _, m := range p.bulletinMonths() {
		key := "bulletin/" + m.String()
		f := p.scopeFinger(key)
		f.num(int64(p.months[0].month))
		p.bulletinNumbers(&f, m)
		parts = append(parts, Partition{Key: key, Fingerprint: f.done(), Layouts: bulletinLayouts, Make: func(context.Context) (c Content, _ error) {
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.bulletinPage(lang, m))
			}
			return c, nil
		}})
	}
	return parts
}

// bulletinMonths are the months with cases that are over, ascending.
func (p *planner) bulletinMonths() (months []record.Month) {
	last := p.endedMonth()
	for _, m := range p.months {
		if s := p.byMonth[m.month]; m.month <= last && s != nil {
			months = append(months, m.month)
		}
	}
	return months
}

// bulletinNumbers is what a bulletin is made from, beside the register.
func (p *planner) bulletinNumbers(f *finger, m record.Month) {
	add := func(c cell) { f.str(c.State, c.Percent, c.Num, c.Den, c.Unknown) }
	all := record.Scope{Dim: record.ByAll}
	for _, other := range []record.Month{m - 12, m - 1} {
		set, _ := p.book.Set(all, record.MonthPeriod(other))
		f.num(set.Received)
	}
	period := record.MonthPeriod(m)
	set, _ := p.book.Set(all, period)
	for _, r := range measures {
		add(r.cell(&set))
	}
	for _, r := range p.more {
		add(r.cell(&set))
	}
	for _, r := range set.Reasons {
		f.num(r.N)
	}
	for _, d := range []assess.Distribution{set.Days, set.CloseDays} {
		for _, n := range d.Bins {
			f.num(n)
		}
	}
	for _, s := range set.Rating.Scales {
		for _, of := range s.Sources {
			f.str(string(s.Scale), string(of.Source))
			for _, n := range of.Levels {
				f.num(n)
			}
		}
	}
	for _, scope := range p.scopes(record.ByUnit, record.ByArea, record.ByTopic, record.ByChannel, record.ByKind) {
		set, ok := p.book.Set(scope, period)
		if !ok {
			continue
		}
		f.str(scope.String())
		for _, c := range p.cols {
			add(c.cell(&set))
		}
	}
	for _, a := range p.measured {
		if a.Day.Month() == m {
			f.str(string(a.Unit), a.Day.String(), a.Measure, a.Trigger, a.Basis)
		}
	}
}

func (p *planner) bulletinPage(lang string, m record.Month) Page {
	words, period, all := p.Labels[lang], record.MonthPeriod(m), record.Scope{Dim: record.ByAll}
	name := p.monthName(lang, m)
	v := &bulletinPage{Month: name, Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath), Coverage: p.reasons(all, period), Dist: p.distribution(lang, all, period)}
	path := record.BulletinPath(m)
	v.HomePath, v.Alts = p.in(lang, record.HomePath), p.alts(path)
	v.Crumbs = []link{p.home(lang), p.crumb(lang, "nav.months", record.MonthsPath), p.monthLink(lang, m)}
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	v.Description = words.say("bulletin.desc", "month", name, "cutoff", v.Cutoff)
	v.Prev, v.Next = p.bulletinLink(lang, m-1), p.bulletinLink(lang, m+1)
	figures, parts := record.DataFile("figures", m.String()), record.DataFile("breakdowns", m.String())

	v.Text, v.Note = p.bulletinText(lang, m)
	v.Figures = p.figureTable(lang, all, period)
	v.Figures.Data, v.Figures.Parts = figures, parts
	if v.Dist != nil {
		v.Dist.Data = parts
	}
	for _, t := range p.bulletinTables(lang, m) {
		if len(t.Rows) > 0 {
			t.Data = figures
			v.Tables = append(v.Tables, t)
		}
	}
	for _, a := range p.measured {
		if a.Day.Month() == m {
			v.Done = append(v.Done, p.measuredRow(lang, &a))
		}
	}
	for _, d := range assess.Measures() {
		if slices.ContainsFunc(p.cols, func(c column) bool { return c.id == d.ID }) {
			v.By = append(v.By, rankBy{ID: d.ID, Name: inLang(d.Name, lang), Formula: inLang(d.Formula, lang)})
		}
	}
	v.Links = []link{{Name: words.say("bulletin.cases", "month", name), Path: p.in(lang, record.MonthPath(m))}}
	if p.ranks() {
		v.Links = append(v.Links, link{Name: words.say("rank.title", "period", p.rankedName(lang, record.RollingPeriod(m))), Path: p.in(lang, record.RankingPath(record.RollingPeriod(m), false))})
	}
	v.Links = append(v.Links, p.crumb(lang, "nav.restated", record.RestatedPath), p.crumb(lang, "nav.method", record.MethodPath))
	return Page{Path: p.in(lang, path), Layout: "bulletin", Lang: lang, Title: words.say("bulletin.title", "month", name), Params: v}
}

// bulletinLink is the link to the bulletin of a month, or nil where it has none.
func (p *planner) bulletinLink(lang string, m record.Month) *link {
	if _, ok := slices.BinarySearch(p.bulletinMonths(), m); !ok {
		return nil
	}
	return &link{Name: p.monthName(lang, m), Path: p.in(lang, record.BulletinPath(m))}
}

// known reports whether the installation has cases of a month or of one before it, so
// that nothing received in it means nothing.
func (p *planner) known(m record.Month) bool { return len(p.months) > 0 && p.months[0].month <= m }

// bulletinText says in sentences how many cases came, beside the month before and the same
// month of the year before, and how they were answered. Rates are not compared: the cases
// of the months before have had more time, so that the last month would always look worse.
func (p *planner) bulletinText(lang string, m record.Month) (text []string, note string) {
	words, all := p.Labels[lang], record.Scope{Dim: record.ByAll}
	set, _ := p.book.Set(all, record.MonthPeriod(m))
	var b strings.Builder
	b.WriteString(words.say("bulletin.received", "month", p.monthName(lang, m), "n", thousands(set.Received)))
	for _, other := range []struct {
		key string
		m   record.Month
	}{{"bulletin.month_before", m - 1}, {"bulletin.year_before", m - 12}} {
		if !p.known(other.m) {
			continue
		}
		before, _ := p.book.Set(all, record.MonthPeriod(other.m))
		b.WriteString(words.say("p.comma") + words.say(other.key, "n", thousands(before.Received), "change", change(words, before.Received, set.Received)))
	}
	b.WriteString(words.say("p.stop"))
	text = append(text, b.String())

	names := measureNames(lang)
	for _, c := range p.cols {
		now := c.cell(&set)
		if now.State == "count" || now.State == "unknown" || now.State == "none" {
			continue // received was said, and of nothing nothing can be said
		}
		s := words.say("bulletin."+now.State, "name", names[c.id], "percent", now.Percent, "num", now.Num, "den", now.Den)
		text = append(text, s+words.say("p.stop"))
	}
	return text, words.say("bulletin.growing", "cutoff", p.cutoff.String())
}

// change says by how much a number of cases has changed; in per cent only from so many
// cases that a share says something.
func change(words Labels, before, now int64) string {
	switch {
	case now == before:
		return words.say("bulletin.same")
	case before < smallNumber:
		return words.say("bulletin."+moreOrFewer(now-before), "n", thousands(max(now-before, before-now)))
	}
	return words.say("bulletin."+moreOrFewer(now-before)+"_percent", "n", thousands(max(now-before, before-now)),
		"percent", record.Rate{Num: max(now-before, before-now), Den: before}.Percent(2))
}

func moreOrFewer(n int64) string {
	if n < 0 {
		return "fewer"
	}
	return "more"
}

// bulletinTables lists where the cases of a month came from, of which kind and topic
// they were, and how areas and units answered them, in the order of the registers; the
// topics by the number of cases.
func (p *planner) bulletinTables(lang string, m record.Month) []*table {
	words, period := p.Labels[lang], record.MonthPeriod(m)
	list := func(id, first string) (*table, func(link, record.Dimension, string)) {
		t := p.newTable(lang, id, words.say("bulletin."+id), first)
		return t, func(l link, dim record.Dimension, thing string) {
			scope := record.Scope{Dim: dim, ID: thing}
			if _, ok := p.book.Set(scope, period); ok {
				p.addRow(t, l, scope, period)
			}
		}
	}
	channels, add := list("channels", "th.channel")
	for _, c := range p.register.Channels {
		add(p.channelLink(lang, c.ID), record.ByChannel, string(c.ID))
	}
	// Only cases that are answered are published in full, as a rule: of a kind or topic a
	// rate of replies would say nothing, and how many there are is all that is told.
	all, _ := p.book.Set(record.Scope{Dim: record.ByAll}, period)
	part := func(id, first string) (*table, func(link, record.Dimension, string)) {
		t := p.newTable(lang, id, words.say("bulletin."+id), first)
		t.Cols = []string{words.say("bulletin.published"), words.say("dist.share")}
		return t, func(l link, dim record.Dimension, thing string) {
			if set, ok := p.book.Set(record.Scope{Dim: dim, ID: thing}, period); ok {
				t.Rows = append(t.Rows, tableRow{link: l, Cells: []cell{countCell(set.Received), rateCell(record.Figure{Rate: record.Rate{Num: set.Received, Den: all.Full}})}})
			}
		}
	}
	kinds, add := part("kinds", "th.kind")
	for _, k := range record.Kinds() {
		add(link{Name: words.say("kind." + string(k))}, record.ByKind, string(k))
	}
	topics, add := part("topics", "th.topic")
	for _, id := range p.mostAsked(period) {
		add(p.topicLink(lang, id), record.ByTopic, string(id))
	}
	areas, add := list("areas", "th.area")
	for _, c := range p.topAreas() {
		add(p.areaLink(lang, c), record.ByArea, string(c))
	}
	units, add := list("units", "th.unit")
	for _, u := range p.register.Units {
		add(p.unitLink(lang, u.ID), record.ByUnit, string(u.ID))
	}
	return []*table{channels, kinds, topics, areas, units}
}

// mostAsked are the topics of the highest level with the most cases of a period, those
// with as many by identifier.
func (p *planner) mostAsked(period record.Period) []record.TopicID {
	n := map[record.TopicID]int64{}
	var ids []record.TopicID
	for _, id := range p.subTopics[""] {
		if set, ok := p.book.Set(record.Scope{Dim: record.ByTopic, ID: string(id)}, period); ok {
			n[id] = set.Received
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b record.TopicID) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	return ids[:min(bulletinTopics, len(ids))]
}
