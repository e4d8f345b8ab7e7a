package pages

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// takedownsPage is the parameters of the layout takedowns: the public log of cases that
// were withdrawn, reinstated, corrected or merged, and how many of how many. It shows no
// text.
type takedownsPage struct {
	head
	Cutoff string     `json:"cutoff"`
	Method string     `json:"method"`
	Data   []dataFile `json:"data"`
	Tables []*table   `json:"tables,omitempty"`
	Rows   []takenRow `json:"rows,omitempty"` // the latest first
	Left   string     `json:"left,omitempty"` // lines that the page has no room for
}

// takenRow is one line of the log.
type takenRow struct {
	Day    string `json:"day"`
	Case   link   `json:"case"`
	Act    string `json:"act"` // a kind of event
	Into   *link  `json:"into,omitempty"`
	Reason string `json:"reason,omitempty"` // as published
	Unit   link   `json:"unit"`
}

// The most lines that the page has room for; the rest is in the data files.
const (
	takenShown  = 200
	takenMonths = 24
	takenUnits  = 50
)

var takedownLayouts = []string{"takedowns"}

// readTakedowns reads what was done to cases, and counts it.
func (p *planner) readTakedowns(ctx context.Context) error {
	events, err := p.reader.Takedowns(ctx)
	if err != nil {
		return err
	}
	no := map[record.CaseNumber]int{}
	for _, e := range events {
		l, ok := p.lineOf(e.Number)
		if !ok {
			return fmt.Errorf("the history of case %s, which is not there", e.Number)
		}
		if e.Kind == record.EventCorrect && l.prom == record.Withdrawn {
			continue // nothing more is said of a withdrawn case than its tombstone says
		}
		no[e.Number]++
		t := opendata.Takedown{Number: e.Number, No: no[e.Number], Act: e.Kind, Day: e.Day, Into: e.Into, Unit: l.unit}
		if e.Reason != "" {
			t.Reason = e.Reason.Public()
		}
		p.taken = append(p.taken, t)
	}
	// They are in the order of their numbers.
	slices.SortStableFunc(p.taken, func(a, b opendata.Takedown) int { return cmp.Compare(a.Day, b.Day) })
	p.takenCounts = p.countTakedowns()
	return nil
}

// countTakedowns counts the log, with how many cases each count is of.
func (p *planner) countTakedowns() []opendata.TakedownCount {
	type key struct {
		of opendata.TakedownScope
		id string
	}
	counts := map[key]*opendata.TakedownCount{}
	at := func(of opendata.TakedownScope, id string) *opendata.TakedownCount {
		c := counts[key{of, id}]
		if c == nil {
			c = &opendata.TakedownCount{Of: of, ID: id}
			counts[key{of, id}] = c
		}
		return c
	}
	all := at(opendata.TakedownAll, "")
	for _, reason := range opendata.PublicReasons() {
		at(opendata.TakedownReason, reason)
	}
	scopes := func(l *line, day record.Day) []*opendata.TakedownCount {
		of := []*opendata.TakedownCount{all, at(opendata.TakedownMonth, day.Month().String()), at(opendata.TakedownReceived, l.number.Month().String())}
		if p.byUnit[l.unit] != nil {
			of = append(of, at(opendata.TakedownUnit, string(l.unit)))
		}
		return of
	}
	acts := opendata.TakedownActs()
	for i := range p.taken {
		t := &p.taken[i]
		act := slices.Index(acts, t.Act)
		l, _ := p.lineOf(t.Number)
		for _, c := range scopes(l, t.Day) {
			c.Acts[act]++
		}
		if act == 0 {
			at(opendata.TakedownReason, t.Reason).Acts[0]++
		}
	}
	for n, t := range p.tombstones {
		l, ok := p.lineOf(n)
		if !ok {
			continue
		}
		for _, c := range scopes(l, t.Day) {
			c.Rate.Num++
		}
		at(opendata.TakedownReason, t.Reason).Rate.Num++
	}
	var list []opendata.TakedownCount
	for _, c := range counts {
		c.Rate.Den = int64(len(p.lines))
		switch c.Of {
		case opendata.TakedownMonth:
			c.Rate.Den = 0
			for _, m := range p.months {
				if m.month.String() <= c.ID {
					c.Rate.Den += int64(m.end - m.first)
				}
			}
		case opendata.TakedownReceived:
			i := slices.IndexFunc(p.months, func(m monthSpan) bool { return m.month.String() == c.ID })
			c.Rate.Den = int64(p.months[i].end - p.months[i].first)
		case opendata.TakedownUnit:
			c.Rate.Den = int64(len(p.linesOf(record.UnitID(c.ID)).all))
		}
		list = append(list, *c)
	}
	order := []opendata.TakedownScope{opendata.TakedownAll, opendata.TakedownReason, opendata.TakedownMonth, opendata.TakedownReceived, opendata.TakedownUnit}
	slices.SortFunc(list, func(a, b opendata.TakedownCount) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Of), slices.Index(order, b.Of)), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// takedowns makes the page of the log in each language, and its files.
func (p *planner) takedowns() []Partition {
	var log finger
	for i := range p.taken {
		t := &p.taken[i]
		log.str(string(t.Number), string(t.Act), t.Reason, string(t.Into), string(t.Unit))
		log.num(int64(t.Day))
	}
	log.str(marshalled(p.takenCounts))
	sum := log.done()
	data, f := p.finger("data/takedowns"), p.finger("takedowns")
	data.sum(sum)
	f.sum(sum)
	f.sum(p.regPrint)
	f.num(int64(p.cutoff))
	return []Partition{
		{Key: "data/takedowns", Fingerprint: data.done(), Make: func(context.Context) (Content, error) {
			log, counts := opendata.Takedowns(), opendata.TakedownCounts()
			return Content{Files: []File{
				{Path: record.DataFile(log.Name, ""), Body: log.File(p.taken)}, {Path: record.DataFile("codebook", log.Name), Body: log.Codebook()},
				{Path: record.DataFile(counts.Name, ""), Body: counts.File(p.takenCounts)}, {Path: record.DataFile("codebook", counts.Name), Body: counts.Codebook()},
			}}, nil
		}},
		{Key: "takedowns", Fingerprint: f.done(), Layouts: takedownLayouts, Make: func(context.Context) (c Content, _ error) {
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.takedownsPage(lang))
			}
			return c, nil
		}},
	}
}

func (p *planner) takedownsPage(lang string) Page {
	words := p.Labels[lang]
	v := &takedownsPage{Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath)}
	for _, name := range []string{opendata.Takedowns().Name, opendata.TakedownCounts().Name} {
		v.Data = append(v.Data, dataFile{Name: words.say("takedowns.csv_" + map[bool]string{true: "log", false: "counts"}[name == "takedowns"]), Path: record.DataFile(name, "")})
	}
	v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(record.TakedownsPath), []link{p.home(lang)}
	v.Column, v.ColumnType = words.say("takedowns.title"), words.say("column.type_about")
	v.Description = words.say("takedowns.intro")
	for i := len(p.taken) - 1; i >= 0; i-- {
		if len(v.Rows) == takenShown {
			v.Left = words.say("takedowns.left", "n", thousands(int64(i+1)))
			break
		}
		t := &p.taken[i]
		v.Rows = append(v.Rows, takenRow{
			Day: t.Day.String(), Case: *caseLink(t.Number), Act: string(t.Act), Into: caseLink(t.Into), Reason: t.Reason, Unit: p.unitLink(lang, t.Unit),
		})
	}
	v.Tables = p.takedownTables(lang)
	return Page{Path: p.in(lang, record.TakedownsPath), Layout: "takedowns", Lang: lang, Title: words.say("takedowns.title"), Params: v}
}

// takedownTables makes the counts by reason, by month and by unit.
func (p *planner) takedownTables(lang string) []*table {
	words := p.Labels[lang]
	newTable := func(id string, cols ...string) *table {
		t := &table{ID: "taken-" + id, Caption: words.say("takedowns.by_" + id), First: words.say("takedowns." + id), Rows: []tableRow{}}
		for _, c := range cols {
			t.Cols = append(t.Cols, words.say(c))
		}
		return t
	}
	rate := func(c *opendata.TakedownCount) cell { return rateCell(record.Figure{Rate: c.Rate}) }
	reasons := newTable("reason", "takedowns.now", "event.withdraw")
	months := newTable("month", "takedowns.now_month", "event.withdraw", "event.reinstate", "event.correct", "event.merge")
	units := newTable("unit", "takedowns.now", "event.withdraw", "event.reinstate")
	var all, byMonth, byUnit []tableRow
	for i := range p.takenCounts {
		c := &p.takenCounts[i]
		row := tableRow{Cells: []cell{rate(c)}}
		for _, n := range c.Acts {
			row.Cells = append(row.Cells, countCell(n))
		}
		switch c.Of {
		case opendata.TakedownAll:
			row.link, row.Cells = link{Name: words.say("takedowns.all")}, row.Cells[:2]
			all = append(all, row)
		case opendata.TakedownReason:
			row.link, row.Cells = link{Name: words.say("gone_reason." + c.ID)}, row.Cells[:2]
			all = append(all, row)
		case opendata.TakedownMonth:
			m, err := record.ParseMonth(c.ID)
			if err != nil {
				panic("pages: a month of the log of takedowns: " + err.Error())
			}
			row.link = link{Name: p.monthName(lang, m)}
			byMonth = append(byMonth, row)
		case opendata.TakedownUnit:
			if c.Rate.Num+c.Acts[0]+c.Acts[1] > 0 {
				row.link, row.Cells = p.unitLink(lang, record.UnitID(c.ID)), row.Cells[:3]
				byUnit = append(byUnit, row)
			}
		}
	}
	slices.Reverse(byMonth)
	reasons.Rows, months.Rows, units.Rows = all, byMonth[:min(takenMonths, len(byMonth))], byUnit[:min(takenUnits, len(byUnit))]
	tables := []*table{reasons}
	for _, t := range []*table{months, units} {
		if len(t.Rows) > 0 {
			tables = append(tables, t)
		}
	}
	return tables
}
