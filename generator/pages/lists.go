package pages

import (
	"context"
	"fmt"

	"github.com/huiyin/huiyin/generator/record"
)

// row is one case in a list: in full lists, every accepted case has one, so
// that a rate's denominator can be counted.
type row struct {
	Number   string `json:"number"`
	Title    string `json:"title,omitempty"` // of a case published in full
	Unit     string `json:"unit,omitempty"`
	Status   string `json:"status,omitempty"`
	Reason   string `json:"reason,omitempty"` // why it is not published in full
	Received string `json:"received,omitempty"`
	Replied  string `json:"replied,omitempty"`
	Closed   string `json:"closed,omitempty"`
	Days     string `json:"days,omitempty"`
	OnTime   string `json:"on_time,omitempty"`
}

// listPage is the parameters of the layout list: one page of the complete list
// of a month's or a unit's cases. It stands once, in the office's language, and
// prints no cut-off.
type listPage struct {
	head
	Of    link   `json:"of"`   // the page of the month or unit
	Kind  string `json:"kind"` // month, unit
	Page  string `json:"page"`
	Pages string `json:"pages"`
	Count string `json:"count"` // rows on all pages
	First string `json:"first"` // number of the first and last case here
	Last  string `json:"last"`
	Prev  string `json:"prev,omitempty"` // paths
	Next  string `json:"next,omitempty"`
	Rows  []row  `json:"rows"`
}

// listGroup is how many list pages are made together.
const listGroup = 10

// unitListGroups is the number of groups in which the lists of units are made.
const unitListGroups = 64

var listLayouts = []string{"list"}

func (p *planner) row(l *line, lang string) row {
	r := row{
		Number: string(l.number), Title: record.Plain(l.title), Unit: p.unitLink(lang, l.unit).Name, Status: string(l.status), Reason: string(l.reason),
		Received: l.received.String(), Replied: l.replied.String(), Closed: l.closed.String(), Days: l.days.String(), OnTime: l.onTime.String(),
	}
	if l.prom == record.Full {
		r.Reason = ""
	} else {
		r.Title = ""
	}
	if l.prom == record.Withdrawn {
		r.Reason = string(record.Removed)
	}
	return r
}

// printRow writes what a row shows, but for the name of its unit.
func printRow(f *finger, l *line) {
	f.str(string(l.number), l.title, string(l.unit), string(l.status), string(l.reason), string(l.prom))
	f.num(int64(l.received))
	f.num(int64(l.replied))
	f.num(int64(l.closed))
	f.num(int64(l.days))
	f.num(int64(l.onTime))
}

// shows returns the number of a line for Shows. The row of a withdrawn case is
// what the withdrawal left, so that it shows nothing to be withdrawn.
func shows(ns []record.CaseNumber, l *line) []record.CaseNumber {
	if l.prom == record.Withdrawn {
		return ns
	}
	return append(ns, l.number)
}

// monthLists makes the complete lists of the months. Page n of a month holds
// fixed numbers, so that a case never moves to another page.
func (p *planner) monthLists() []Partition {
	var parts []Partition
	for _, m := range p.months {
		last := (p.lines[m.end-1].number.Running()-1)/record.ListSize + 1
		for from := 0; from < last; from += listGroup {
			key := fmt.Sprintf("list/month/%s/%04d", m.month.Short(), from/listGroup)
			var slots []slot
			for n := from + 1; n <= min(from+listGroup, last); n++ {
				slots = append(slots, slot{n: n, lines: p.monthSlot(m, n)})
			}
			l := caseList{kind: "month", of: p.monthLink(p.Langs[0], m.month), pages: last, count: m.end - m.first, slots: slots,
				path: func(n int) string { return record.MonthListPath(m.month, n) }}
			parts = append(parts, p.listPartition(key, []caseList{l}))
		}
	}
	return parts
}

// monthSlot returns the lines of the n-th list page of a month.
func (p *planner) monthSlot(m monthSpan, n int) []int32 {
	page := func(i int) int { return (p.lines[i].number.Running()-1)/record.ListSize + 1 }
	// numbers are dense but for damage, so that the first guess is near
	i := min(m.first+(n-1)*record.ListSize, m.end-1)
	for i > m.first && page(i-1) >= n {
		i--
	}
	var lines []int32
	for ; i < m.end && page(i) <= n; i++ {
		if page(i) == n {
			lines = append(lines, int32(i))
		}
	}
	return lines
}

// unitLists makes the complete lists of the units' cases. A unit's first
// listGroup pages are made together with those of other units of its group, the
// next ones with the next ones, so that one case touches one partition.
func (p *planner) unitLists() []Partition {
	lists := map[string][]caseList{}
	var keys []string
	for _, u := range p.register.Units {
		all := p.byUnit[u.ID].all
		last := (len(all) + record.ListSize - 1) / record.ListSize
		for from := 0; from < last; from += listGroup {
			key := fmt.Sprintf("list/unit/%02d/%04d", group(string(u.ID), unitListGroups), from/listGroup)
			l := caseList{kind: "unit", of: p.unitLink(p.Langs[0], u.ID), pages: last, count: len(all),
				path: func(n int) string { return record.UnitListPath(u.ID, n) }}
			for n := from + 1; n <= min(from+listGroup, last); n++ {
				l.slots = append(l.slots, slot{n: n, lines: all[(n-1)*record.ListSize : min(n*record.ListSize, len(all))]})
			}
			if lists[key] == nil {
				keys = append(keys, key)
			}
			lists[key] = append(lists[key], l)
		}
	}
	parts := make([]Partition, len(keys))
	for i, key := range keys {
		parts[i] = p.listPartition(key, lists[key])
	}
	return parts
}

// caseList is consecutive pages of the list of one month or unit.
type caseList struct {
	kind         string
	of           link
	pages, count int
	slots        []slot
	path         func(n int) string
}

// slot is one page of a list.
type slot struct {
	n     int
	lines []int32
}

func (p *planner) listPartition(key string, lists []caseList) Partition {
	f := p.finger(key)
	for _, l := range lists {
		f.str(l.kind, l.of.Name, l.of.Path)
		f.num(int64(l.pages))
		f.num(int64(l.count))
		for _, s := range l.slots {
			f.num(int64(len(s.lines)))
			for _, i := range s.lines {
				printRow(&f, &p.lines[i])
				if l.kind != "unit" {
					p.printUnit(&f, p.lines[i].unit)
				}
			}
		}
	}
	return Partition{Key: key, Fingerprint: f.done(), Layouts: listLayouts, Make: func(context.Context) (Content, error) {
		var c Content
		for _, l := range lists {
			for _, s := range l.slots {
				if len(s.lines) > 0 {
					c.Pages = append(c.Pages, p.listPage(l, s))
				}
			}
		}
		return c, nil
	}}
}

func (p *planner) listPage(l caseList, s slot) Page {
	lang := p.Langs[0]
	words := p.Labels[lang]
	v := &listPage{Of: l.of, Kind: l.kind, Page: itoa(s.n), Pages: itoa(l.pages), Count: thousands(int64(l.count)), Rows: make([]row, 0, len(s.lines))}
	page := Page{Path: l.path(s.n), Layout: "list", Lang: lang, Title: words.say("title.list_"+l.kind, "name", l.of.Name, "page", v.Page), Params: v}
	for _, i := range s.lines {
		line := &p.lines[i]
		r := p.row(line, lang)
		if l.kind == "unit" {
			r.Unit = "" // all are this unit's
		}
		v.Rows = append(v.Rows, r)
		page.Shows = shows(page.Shows, line)
	}
	v.First, v.Last = v.Rows[0].Number, v.Rows[len(v.Rows)-1].Number
	if s.n > 1 {
		v.Prev = l.path(s.n - 1)
	}
	if s.n < l.pages {
		v.Next = l.path(s.n + 1)
	}
	v.Crumbs = []link{p.home(lang)}
	if l.kind == "month" {
		v.Crumbs = append(v.Crumbs, p.crumb(lang, "nav.months", record.MonthsPath))
	} else {
		v.Crumbs = append(v.Crumbs, p.crumb(lang, "nav.units", record.UnitsPath))
	}
	v.Crumbs = append(v.Crumbs, l.of)
	v.Description = page.Title
	v.Column, v.ColumnType = words.say("column.cases"), words.say("column.type_cases")
	return page
}
