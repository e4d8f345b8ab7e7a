package pages

import (
	"strings"

	"github.com/huiyin/huiyin/generator/record"
)

// breakdownsPage compares cases by what has no register of its own: the posts of leaders
// by terms, the kinds that leaders handle themselves, the units complained of, and how
// matters were taken up. It is nil where nothing of that is known.
func (p *planner) breakdownsPage(lang string) (pages []Page) {
	page, v := p.newIndex(lang, "breakdowns", record.BreakdownsPath)
	words := p.Labels[lang]
	for _, l := range breakdownLists {
		t := p.newTableOf(lang, l.dim, l.name, words.say("table.by_"+string(l.name)), "th."+l.name)
		t.Data = record.DataFile("figures", l.name)
		for _, s := range p.book.Scopes(l.dim) {
			name := p.breakdownName(lang, s)
			periods := []record.Period{p.rolling()}
			if byTerms(l.dim) {
				periods = p.book.Terms(s)
			}
			for i, period := range periods {
				row := name
				if byTerms(l.dim) {
					row.Name += words.say("breakdowns.term", "from", string(period[:7]), "to", string(period[8:]))
				}
				if i > 0 {
					t.addBreak(words.say("breakdowns.break"))
				}
				p.addRow(t, row, s, period)
			}
		}
		if len(t.Rows) > 0 {
			v.Tables = append(v.Tables, t)
		}
	}
	if len(v.Tables) == 0 {
		return nil
	}
	return []Page{page}
}

// addBreak adds a row that says that another holder of a post came between those above and
// those below.
func (t *table) addBreak(name string) {
	row := tableRow{link: link{Name: name}, Cells: make([]cell, len(t.columns))}
	for i := range row.Cells {
		row.Cells[i].State = "break"
	}
	t.Rows = append(t.Rows, row)
}

// breakdownLists are the dimensions of the page of breakdowns, and of their files.
var breakdownLists = []figureList{
	{"posts", record.ByPost}, {"addressees", record.ByAddressee}, {"leader-kinds", record.ByLeaderKind}, {"against", record.ByAgainst}, {"origins", record.ByOrigin},
}

// byTerms reports whether a dimension is shown by terms of office.
func byTerms(dim record.Dimension) bool { return dim == record.ByPost || dim == record.ByAddressee }

// breaksDown reports whether there is a page of breakdowns.
func (p *planner) breaksDown() bool {
	for _, l := range breakdownLists {
		if len(p.book.Scopes(l.dim)) > 0 {
			return true
		}
	}
	return false
}

// breakdownName names a scope of the page of breakdowns, without a link: the pages that
// there are show other cases.
func (p *planner) breakdownName(lang string, s record.Scope) link {
	l := link{Name: s.ID}
	switch s.Dim {
	case record.ByAgainst:
		l = p.unitLink(lang, record.UnitID(s.ID))
		l.Path = ""
	case record.ByAddressee:
		l.Name = record.Plain(p.addressed[s.ID])
		if lang != p.Langs[0] {
			l.Lang = p.Langs[0]
		}
	case record.ByPost:
		for _, post := range p.register.Posts() {
			if post.ID == s.ID {
				l.Name = record.Plain(post.Name)
			}
		}
		if lang != p.Langs[0] {
			l.Lang = p.Langs[0]
		}
	case record.ByOrigin:
		l.Name = p.Labels[lang].say("origin." + s.ID)
	case record.ByLeaderKind:
		if name := p.Labels[lang].say("leader_kind." + strings.ReplaceAll(s.ID, "-", "_")); name != "" {
			l.Name = name
		}
	}
	return l
}
