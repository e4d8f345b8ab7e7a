package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// rankingPage is the parameters of the layout ranking: the units of every peer group
// in one period, by bands.
type rankingPage struct {
	head
	Period string `json:"period"` // in words
	Cutoff string `json:"cutoff"`
	Method string `json:"method"`          // path
	View   string `json:"view"`            // as-it-was, as-it-is
	Other  string `json:"other,omitempty"` // path of the other view, where it differs
	Since  string `json:"since,omitempty"` // the first month with cases, where it lies within the period
	rankTerms
	Groups []rankGroup  `json:"groups"`
	NoUnit *rankedUnit  `json:"no_unit,omitempty"` // the cases without a unit
	Gone   []rankedUnit `json:"gone,omitempty"`    // units that were in it when it was first published
	Cols   []string     `json:"cols"`
	Data   string       `json:"data"` // path of the CSV
	Prev   *link        `json:"prev,omitempty"`
	Next   *link        `json:"next,omitempty"`
}

// rankTerms are the rules of rankings as their pages print them.
type rankTerms struct {
	Minimum string     `json:"minimum"`
	Unknown string     `json:"unknown"` // the largest share, as "20%"
	By      []rankBy   `json:"by"`      // what is compared
	Bands   []rankBand `json:"bands"`
	Rules   string     `json:"rules"` // path of the CSV
}

// rankBy is one measure that is compared. Weight is set where there are several.
type rankBy struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Formula string `json:"formula"`
	Weight  string `json:"weight,omitempty"`
}

// rankBand is a band and its rule.
type rankBand struct {
	Name string `json:"name"`
	Rule string `json:"rule"`
}

type rankGroup struct {
	ID      string       `json:"id"`
	Caption string       `json:"caption"`
	Bands   []rankedBand `json:"bands,omitempty"`
	Apart   []rankApart  `json:"apart,omitempty"`
}

// rankApart is the units that have no band, for one reason.
type rankApart struct {
	Name string       `json:"name"`
	Rows []rankedUnit `json:"rows"`
}

// rankedBand is the units of one band of a peer group.
type rankedBand struct {
	Name string       `json:"name"`
	N    string       `json:"n"`
	Rows []rankedUnit `json:"rows"`
}

// rankedUnit is a unit in a ranking, or one that is listed with it or apart.
type rankedUnit struct {
	link
	Rows    string        `json:"rows,omitempty"` // path of the CSV of its rows
	Place   string        `json:"place,omitempty"`
	Cells   []cell        `json:"cells"`
	Score   string        `json:"score,omitempty"`
	Rated   string        `json:"rated,omitempty"` // "yes": it has the minimum of cases in each measure
	Change  []string      `json:"change,omitempty"`
	Notice  *rankNotice   `json:"notice,omitempty"`
	Own     string        `json:"own,omitempty"`    // what was delivered with it, where the line holds the cases of others too
	Ended   string        `json:"ended,omitempty"`  // that it has been merged or abolished by the end of the period
	Recent  string        `json:"recent,omitempty"` // its rates of the latest month alone, where it is near a notice
	First   string        `json:"first,omitempty"`  // where it stood when the ranking was first published, if elsewhere
	From    []rankedUnit  `json:"from,omitempty"`   // as it is: those whose cases it has taken over
	Done    []measuredRow `json:"done,omitempty"`   // what was done about it in the period
	Through []rankedUnit  `json:"through,omitempty"`
}

// rankNotice is what a unit has reached: an interview or praise.
type rankNotice struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// rankingsPage is the parameters of the layout rankings: all of them.
type rankingsPage struct {
	head
	Cutoff string `json:"cutoff"`
	Method string `json:"method"`
	rankTerms
	Years  []rankYear  `json:"years,omitempty"`
	Latest *link       `json:"latest,omitempty"`
	Counts []bandCount `json:"counts,omitempty"` // of the latest
}

type rankYear struct {
	Name   string `json:"name"`
	Path   string `json:"path,omitempty"` // of the ranking of the whole year, once it has ended
	Months []link `json:"months"`
}

// bandCount is how many units of a peer group stand in each band.
type bandCount struct {
	Caption string   `json:"caption"`
	N       []string `json:"n"`
}

// ranked is the rankings of one period.
type ranked struct {
	period  record.Period
	was, is assess.Ranking
	same    bool // both views show the same
}

var rankingLayouts = []string{"ranking", "rankings"}

// rankings makes the rankings of every month that has ended, and of every year, those
// of a year together, with the page that leads to them in the latest year.
func (p *planner) rankings() []Partition {
	if !p.ranks() {
		return nil
	}
	last, years := p.endedMonth(), p.rankedYears()
	all := sync.OnceValue(func() map[record.Period]ranked { return p.rankAll(last) })
	rules, err := json.Marshal(p.Ranks)
	if err != nil {
		panic("pages: rules of rankings do not marshal: " + err.Error())
	}
	if len(years) == 0 {
		f := p.scopeFinger("ranking/none")
		f.str(string(rules))
		return []Partition{{Key: "ranking/none", Fingerprint: f.done(), Layouts: rankingLayouts, Make: func(context.Context) (c Content, _ error) {
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.rankingsPage(lang, last, nil))
			}
			return c, nil
		}}}
	}
	var parts []Partition
	for _, year := range years {
		key := fmt.Sprintf("ranking/%04d", year)
		f := p.scopeFinger(key)
		f.str(string(rules), p.measuredPrint(), p.firstPrint(year))
		f.num(int64(p.months[0].month))
		// The first ranking of the year counts eleven before it, each of twelve months.
		for m := record.MonthOf(year, 2) - (assess.RunsKept + 11); m <= record.MonthOf(year, 12); m++ {
			f.sum(p.countsOf(m))
			f.num(int64(m))
		}
		parts = append(parts, Partition{Key: key, Fingerprint: f.done(), Layouts: rankingLayouts, Make: func(context.Context) (c Content, _ error) {
			for _, period := range p.rankedPeriods(year, last) {
				for _, lang := range p.Langs {
					c.Pages = append(c.Pages, p.rankingPages(lang, period, all())...)
				}
			}
			if year == last.Year() {
				for _, lang := range p.Langs {
					c.Pages = append(c.Pages, p.rankingsPage(lang, last, all()))
				}
			}
			return c, nil
		}}, p.rankingData(year, f, all, last))
	}
	return parts
}

// countsOf stands for all that is counted of the cases received in a month: where the
// book can say so, it is another only when a figure is, and not with each word of a reply.
func (p *planner) countsOf(m record.Month) [32]byte {
	s := p.byMonth[m]
	if s == nil {
		return [32]byte{}
	}
	if b, ok := p.book.(interface {
		Print(record.Period) ([32]byte, bool)
	}); ok {
		if sum, ok := b.Print(record.MonthPeriod(m)); ok {
			return sum
		}
	}
	return s.facts
}

// ranks reports whether units are ranked at all.
func (p *planner) ranks() bool { return len(p.Ranks.Measures) > 0 }

// rankedYears are the years that have a ranking: none until a month with cases is over.
func (p *planner) rankedYears() (years []int) {
	last := p.endedMonth()
	if !p.ranks() || len(p.months) == 0 || p.months[0].month > last {
		return nil
	}
	for year := p.months[0].month.Year(); year <= last.Year(); year++ {
		years = append(years, year)
	}
	return years
}

// rankingPaths lists the pages of the rankings as it was, and the one that leads to
// them.
func (p *planner) rankingPaths() (paths []string) {
	if !p.ranks() {
		return nil
	}
	paths = []string{record.RankingsPath}
	for _, year := range p.rankedYears() {
		for _, period := range p.rankedPeriods(year, p.endedMonth()) {
			paths = append(paths, record.RankingPath(period, false))
		}
	}
	return paths
}

// endedMonth is the last month that is over at the cut-off.
func (p *planner) endedMonth() record.Month {
	m := p.cutoff.Month()
	if m.Last() > p.cutoff {
		m--
	}
	return m
}

// rankedPeriods are the periods of a year that are ranked: the twelve months that end
// with each month that is over, and the year, once it is over.
func (p *planner) rankedPeriods(year int, last record.Month) (periods []record.Period) {
	for m := max(record.MonthOf(year, 1), p.months[0].month); m <= min(record.MonthOf(year, 12), last); m++ {
		periods = append(periods, record.RollingPeriod(m))
	}
	if record.MonthOf(year, 12) <= last {
		periods = append(periods, record.YearPeriod(year))
	}
	return periods
}

// rankAll makes every ranking, the months one after the other, so that each knows for
// how long a unit has been in its band.
func (p *planner) rankAll(last record.Month) map[record.Period]ranked {
	all := map[record.Period]ranked{}
	add := func(r ranked) {
		r.same = reflect.DeepEqual(r.was.Groups, r.is.Groups)
		all[r.period] = r
	}
	months := func(view assess.View) []assess.Ranking {
		return assess.RankMonths(p.months[0].month, last, func(period record.Period) assess.Ranking { return p.book.Rank(p.Ranks, view, period) })
	}
	var was []assess.Ranking
	var both sync.WaitGroup
	both.Go(func() { was = months(assess.AsItWas) })
	is := months(assess.AsItIs)
	both.Wait()
	for i := range was {
		add(ranked{period: was[i].Period, was: was[i], is: is[i]})
	}
	for year := p.months[0].month.Year(); record.MonthOf(year, 12) <= last; year++ {
		period := record.YearPeriod(year)
		add(ranked{period: period, was: p.book.Rank(p.Ranks, assess.AsItWas, period), is: p.book.Rank(p.Ranks, assess.AsItIs, period)})
	}
	return all
}

// rankingData makes the files of a year's rankings.
func (p *planner) rankingData(year int, pages finger, all func() map[record.Period]ranked, last record.Month) Partition {
	key := fmt.Sprintf("data/ranking/%04d", year)
	f := p.finger(key)
	f.sum(pages.done())
	return Partition{Key: key, Fingerprint: f.done(), Make: func(context.Context) (c Content, _ error) {
		for _, period := range p.rankedPeriods(year, last) {
			r := all()[period]
			rows := append(opendata.RankingRows(&r.was, p.first[period]), opendata.RankingRows(&r.is, nil)...)
			c.Files = append(c.Files, File{Path: record.DataFile("rankings", period.Name()), Body: opendata.Rankings(p.Ranks).File(rows)})
		}
		return c, nil
	}}
}

// rankingPages makes the page of a ranking, and one of the other view where it shows
// something else.
func (p *planner) rankingPages(lang string, period record.Period, all map[record.Period]ranked) []Page {
	r := all[period]
	pages := []Page{p.rankingPage(lang, &r, &r.was, all)}
	if !r.same {
		pages = append(pages, p.rankingPage(lang, &r, &r.is, all))
	}
	return pages
}

func (p *planner) rankingPage(lang string, of *ranked, r *assess.Ranking, all map[record.Period]ranked) Page {
	words := p.Labels[lang]
	path := func(period record.Period, view assess.View) string {
		return record.RankingPath(period, view == assess.AsItIs)
	}
	v := &rankingPage{
		Period: p.rankedName(lang, r.Period), Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath), View: string(r.View),
		rankTerms: p.rankTerms(lang),
		Data:      record.DataFile("rankings", r.Period.Name()), Groups: []rankGroup{},
	}
	if first, _, _ := r.Period.Bounds(); p.months[0].month.First() > first {
		v.Since = p.monthName(lang, p.months[0].month)
	}
	own := path(r.Period, r.View)
	v.HomePath, v.Alts = p.in(lang, record.HomePath), p.alts(own)
	v.Crumbs = []link{p.home(lang), p.crumb(lang, "nav.rankings", record.RankingsPath)}
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	title := words.say("rank.title", "period", v.Period)
	v.Description = words.say("desc.ranking", "period", v.Period, "cutoff", v.Cutoff)
	if !of.same {
		other := assess.AsItIs
		if r.View == assess.AsItIs {
			other, title = assess.AsItWas, words.say("rank.title_now", "period", v.Period)
		}
		v.Other = p.in(lang, path(r.Period, other))
	}
	if m, err := record.ParseMonth(r.Period.Name()); err == nil {
		neighbour := func(m record.Month) *link {
			if _, ok := all[record.RollingPeriod(m)]; !ok {
				return nil
			}
			return &link{Name: p.monthName(lang, m), Path: p.in(lang, path(record.RollingPeriod(m), assess.AsItWas))}
		}
		v.Prev, v.Next = neighbour(m-1), neighbour(m+1)
	}
	for _, b := range v.By {
		v.Cols = append(v.Cols, b.Name)
	}
	then := p.firstOf(r)
	placed := r.Placed()
	units := make(map[record.UnitID]*rankedUnit, len(placed))
	for i := range placed {
		u := p.placedUnit(lang, r, &placed[i], then)
		units[placed[i].Unit] = &u
	}
	for i, g := range r.Groups {
		v.Groups = append(v.Groups, p.rankGroup(lang, i, r, &g, units))
	}
	v.NoUnit = units[""]
	for _, l := range then.gone(placed) {
		u := rankedUnit{link: p.unitLink(lang, l.Unit), Cells: []cell{}, First: p.firstText(lang, then.cutoff, l)}
		v.Gone = append(v.Gone, u)
	}
	return Page{Path: p.in(lang, own), Layout: "ranking", Lang: lang, Title: title, Params: v}
}

// rankedName says the period of a ranking in words.
func (p *planner) rankedName(lang string, period record.Period) string {
	words := p.Labels[lang]
	if m, err := record.ParseMonth(period.Name()); err == nil {
		return words.say("rank.month", "month", p.monthName(lang, m))
	}
	return words.say("table.year", "year", string(period))
}

// rankTerms are the rules in words.
func (p *planner) rankTerms(lang string) rankTerms {
	return rankTerms{
		Minimum: itoa(p.Ranks.Minimum), Unknown: p.unknownShare(), By: p.rankBy(lang), Bands: p.rankBands(lang),
		Rules: record.DataFile("ranking-rules", ""),
	}
}

// unknownShare is the largest share of unknown cases with which a unit is ranked.
func (p *planner) unknownShare() string {
	whole := record.Rate{Num: p.Ranks.Unknown, Den: 10000}.Percent(2)
	return strings.TrimSuffix(strings.TrimRight(whole, "0"), ".") + "%"
}

// rankBy lists what is compared.
func (p *planner) rankBy(lang string) (by []rankBy) {
	for _, w := range p.Ranks.Measures {
		for _, m := range assess.Measures() {
			if m.ID != w.Measure {
				continue
			}
			b := rankBy{ID: m.ID, Name: inLang(m.Name, lang), Formula: inLang(m.Formula, lang)}
			if len(p.Ranks.Measures) > 1 {
				b.Weight = itoa(w.Weight)
			}
			by = append(by, b)
		}
	}
	return by
}

// rankBands lists the bands with their rules, the best first.
func (p *planner) rankBands(lang string) (bands []rankBand) {
	words := p.Labels[lang]
	rate := func(from int64) string { return record.Rate{Num: from, Den: 10000}.Percent(2) + "%" }
	for i, b := range p.Ranks.Bands {
		rule := words.say("rank.from", "from", rate(b.From))
		switch {
		case i == len(p.Ranks.Bands)-1:
			rule = words.say("rank.below", "to", rate(p.Ranks.Bands[i-1].From))
		case i > 0:
			rule = words.say("rank.between", "from", rate(b.From), "to", rate(p.Ranks.Bands[i-1].From))
		}
		bands = append(bands, rankBand{Name: inLang(b.Name, lang), Rule: rule})
	}
	return bands
}

func (p *planner) groupCaption(lang string, g *assess.PeerGroup) string {
	words := p.Labels[lang]
	var parts []string
	if g.Level >= 1 && g.Level <= 4 {
		parts = append(parts, words.say("fact.level"+itoa(g.Level)))
	} else if g.Level > 0 {
		parts = append(parts, words.say("rank.level", "n", itoa(g.Level)))
	}
	if kind := record.Plain(g.Kind); kind != "" {
		parts = append(parts, kind)
	}
	if len(parts) == 0 {
		return words.say("rank.no_group")
	}
	return strings.Join(parts, " · ")
}

func (p *planner) rankGroup(lang string, i int, r *assess.Ranking, g *assess.PeerGroup, units map[record.UnitID]*rankedUnit) rankGroup {
	out := rankGroup{ID: "g" + itoa(i+1), Caption: p.groupCaption(lang, g)}
	for b, band := range r.Rules.Bands {
		rows := rankedBand{Name: inLang(band.Name, lang), Rows: []rankedUnit{}}
		for i := range g.Entries {
			e := &g.Entries[i]
			if e.Band != b {
				continue
			}
			u := *units[e.Unit]
			for _, l := range e.Through {
				u.Through = append(u.Through, *units[l.Unit])
			}
			rows.Rows = append(rows.Rows, u)
		}
		rows.N = itoa(len(rows.Rows))
		if len(rows.Rows) > 0 {
			out.Bands = append(out.Bands, rows)
		}
	}
	for _, why := range assess.ApartReasons() {
		apart := rankApart{Name: p.Labels[lang].say("rank.apart_"+strings.ReplaceAll(string(why), "-", "_"), "n", p.unknownShare())}
		for _, l := range g.Apart {
			if l.Why == why {
				apart.Rows = append(apart.Rows, *units[l.Unit])
			}
		}
		if len(apart.Rows) > 0 {
			out.Apart = append(out.Apart, apart)
		}
	}
	return out
}

// rankingsPage leads to every ranking, and says how many units stand where in the
// latest.
func (p *planner) rankingsPage(lang string, last record.Month, all map[record.Period]ranked) Page {
	words := p.Labels[lang]
	v := &rankingsPage{
		Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath), rankTerms: p.rankTerms(lang),
	}
	v.HomePath, v.Alts = p.in(lang, record.HomePath), p.alts(record.RankingsPath)
	v.Crumbs = []link{p.home(lang)}
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	v.Description = words.say("rank.intro")
	for _, year := range slices.Backward(p.rankedYears()) {
		y := rankYear{Name: words.say("table.year", "year", itoa(year))}
		for _, period := range p.rankedPeriods(year, last) {
			path := p.in(lang, record.RankingPath(period, false))
			if m, err := record.ParseMonth(period.Name()); err == nil {
				y.Months = append(y.Months, link{Name: p.monthName(lang, m), Path: path})
			} else {
				y.Path = path
			}
		}
		v.Years = append(v.Years, y)
	}
	page := Page{Path: p.in(lang, record.RankingsPath), Layout: "rankings", Lang: lang, Title: words.say("nav.rankings"), Params: v}
	latest, ok := all[record.RollingPeriod(last)]
	if !ok {
		return page
	}
	v.Latest = &link{Name: p.rankedName(lang, latest.period), Path: p.in(lang, record.RankingPath(latest.period, false))}
	for _, g := range latest.was.Groups {
		c := bandCount{Caption: p.groupCaption(lang, &g), N: make([]string, len(p.Ranks.Bands)+1)}
		n := make([]int, len(c.N))
		for _, e := range g.Entries {
			n[e.Band]++
		}
		n[len(p.Ranks.Bands)] = len(g.Apart)
		for i := range n {
			c.N[i] = itoa(n[i])
		}
		v.Counts = append(v.Counts, c)
	}
	return page
}
