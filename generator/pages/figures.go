package pages

import (
	"slices"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// cell is one figure as it is printed. State says how: "rate" (Percent, Num and
// Den), "volume" (the same, of which Num comes first), "count" (Num), "times" (Num, how often something was done), "days" (Num),
// "per-thousand" (Percent of 1,000, Num and Den), "unknown" (what it needs was not
// delivered), "none" (there is nothing that it could be counted on). Unknown is
// the number of cases left out for want of a value, where there are any.
type cell struct {
	State   string `json:"state"`
	Percent string `json:"percent,omitempty"`
	Num     string `json:"num,omitempty"`
	Den     string `json:"den,omitempty"`
	Unknown string `json:"unknown,omitempty"`
}

func rateCell(f record.Figure) cell {
	c := cell{State: "rate", Percent: f.Percent(2), Num: thousands(f.Num), Den: thousands(f.Den)}
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

// volumeCell is [rateCell] of what is a number of cases before it is a share of them.
func volumeCell(f record.Figure) cell {
	c := rateCell(f)
	if c.State == "rate" {
		c.State = "volume"
	}
	return c
}

func countCell(n int64) cell { return cell{State: "count", Num: thousands(n)} }

func perThousandCell(f record.Figure) cell {
	if f.Den == 0 {
		return cell{State: "none"}
	}
	return cell{State: "per-thousand", Percent: assess.PerThousand(f.Rate), Num: thousands(f.Num), Den: thousands(f.Den)}
}

func daysCell(d assess.Distribution) cell {
	c := cell{State: "days", Num: d.Median}
	switch {
	case d.Known == 0 && d.Unknown > 0:
		c = cell{State: "unknown"}
	case d.Known == 0:
		return cell{State: "none"}
	}
	if d.Unknown > 0 {
		c.Unknown = thousands(d.Unknown)
	}
	return c
}

// figureTable is the measures of one scope, a row each, in one or two periods.
type figureTable struct {
	Cols  []string    `json:"cols"`
	Rows  []figureRow `json:"rows"`
	Data  string      `json:"data,omitempty"`  // path of the CSV
	Parts string      `json:"parts,omitempty"` // path of the CSV of the ratings

	// More are the measures of which there is something to say in one of the periods,
	// and Ratings how ratings of the last one were obtained, a table a scale.
	More    []figureRow   `json:"more,omitempty"`
	Ratings []ratingTable `json:"ratings,omitempty"`
}

// ratingTable is how many ratings of each level of a scale were obtained in each way.
type ratingTable struct {
	ID     string      `json:"id"` // of the measure that they make up
	Name   string      `json:"name"`
	Scale  string      `json:"scale"`
	Period string      `json:"period"`
	Levels []string    `json:"levels"` // "l5" to "l1", the best first
	Rows   []ratingRow `json:"rows"`
}

type ratingRow struct {
	Source string   `json:"source,omitempty"` // empty: not known
	Cells  []string `json:"cells"`
}

type figureRow struct {
	ID    string `json:"id"` // of the measure, and of its place on the method page
	Name  string `json:"name"`
	Cells []cell `json:"cells"`
}

// measures are the rows of every figure table.
var measures = []struct {
	id   string
	cell func(*assess.Set) cell
}{
	{assess.MeasureReceived, func(s *assess.Set) cell { return countCell(s.Received) }},
	{assess.MeasureRepliedOfDue, func(s *assess.Set) cell { return rateCell(s.RepliedOfDue) }},
	{assess.MeasureOnTimeReply, func(s *assess.Set) cell { return rateCell(s.OnTimeReply) }},
	{assess.MeasureRepliedOfCollected, func(s *assess.Set) cell { return rateCell(s.RepliedOfCollected) }},
	{assess.MeasureMedianDays, func(s *assess.Set) cell { return daysCell(s.Days) }},
	{assess.MeasureClosedOfReceived, func(s *assess.Set) cell { return rateCell(s.ClosedOfReceived) }},
	{assess.MeasureOnTimeClose, func(s *assess.Set) cell { return rateCell(s.OnTimeClose) }},
	{assess.MeasureMedianCloseDays, func(s *assess.Set) cell { return daysCell(s.CloseDays) }},
	{assess.MeasureRatingCoverage, func(s *assess.Set) cell { return rateCell(s.Rating.Coverage) }},
}

// further are the rows that stand below those of measures where the installation
// delivers what they need: [planner.more].
var further = []struct {
	id   string
	cell func(*assess.Set) cell
}{
	{assess.MeasureRespondedOfReceived, func(s *assess.Set) cell { return rateCell(s.RespondedOfReceived) }},
	{assess.MeasureMedianFirstDays, func(s *assess.Set) cell { return daysCell(s.FirstDays) }},
	{assess.MeasureDispatchedOfReceived, func(s *assess.Set) cell { return rateCell(s.DispatchedOfReceived) }},
	{assess.MeasureResolvedOfClosed, func(s *assess.Set) cell { return rateCell(s.ResolvedOfClosed) }},
	{assess.MeasureReopenedOfClosed, func(s *assess.Set) cell { return rateCell(s.ReopenedOfClosed) }},
	{assess.MeasureReturnedOfPublished, func(s *assess.Set) cell { return rateCell(s.ReturnedOfPublished) }},
	{assess.MeasureReturns, func(s *assess.Set) cell { return cell{State: "times", Num: thousands(s.Returns)} }},
	{assess.MeasureSupervisedOfPublished, func(s *assess.Set) cell { return rateCell(s.SupervisedOfPublished) }},
	{assess.MeasureOnSiteOfAnswered, func(s *assess.Set) cell { return rateCell(s.OnSiteOfAnswered) }},
	{assess.MeasureSupportedOfOutcome, func(s *assess.Set) cell { return rateCell(s.SupportedOfOutcome) }},
	{assess.MeasureExplainedOfOutcome, func(s *assess.Set) cell { return rateCell(s.ExplainedOfOutcome) }},
	{assess.MeasureNotSupportedOfOutcome, func(s *assess.Set) cell { return rateCell(s.NotSupportedOfOutcome) }},
	{assess.MeasureAdoptedOfDecided, func(s *assess.Set) cell { return rateCell(s.AdoptedOfDecided) }},
	{assess.MeasureReviewed, func(s *assess.Set) cell { return countCell(s.Reviewed) }},
	{assess.MeasureReReviewed, func(s *assess.Set) cell { return countCell(s.ReReviewed) }},
	{assess.MeasureRepeats, func(s *assess.Set) cell { return countCell(s.Repeats) }},
	{assess.MeasureMerged, func(s *assess.Set) cell { return countCell(s.Merged) }},
	{assess.MeasureOnlineOfReceived, func(s *assess.Set) cell { return volumeCell(s.OnlineOfReceived) }},
	{assess.MeasurePublishedOfReceived, func(s *assess.Set) cell { return rateCell(s.PublishedOfReceived) }},
	{assess.MeasureReceivedPerThousand, func(s *assess.Set) cell { return perThousandCell(s.PerThousand) }},
}

// says reports whether a cell holds a number of something.
func (c cell) says() bool {
	return c.State == "rate" || c.State == "volume" || c.State == "days" || c.State == "per-thousand" || c.Num != "" && c.Num != "0"
}

// column is one column of the tables of units, areas, months and the like.
type column struct {
	id   string
	cell func(*assess.Set) cell
}

// chooseColumns picks, from what the office delivers, how a table says whether
// cases were answered, whether in time, and in how many days: by replies where
// they are known, or else by closings; and which of the further measures have
// anything to say at all.
func (p *planner) chooseColumns() {
	all, _ := p.book.Set(record.Scope{Dim: record.ByAll}, record.AllTime)
	answered := assess.MeasureRepliedOfDue
	switch {
	case all.RepliedOfDue.Den > 0:
	case all.RepliedOfCollected.Den > 0:
		answered = assess.MeasureRepliedOfCollected
	case all.ClosedOfReceived.Den > 0:
		answered = assess.MeasureClosedOfReceived
	}
	inTime := assess.MeasureOnTimeReply
	if all.OnTimeReply.Den == 0 && all.OnTimeClose.Den > 0 {
		inTime = assess.MeasureOnTimeClose
	}
	median := assess.MeasureMedianDays
	if all.Days.Known == 0 && all.CloseDays.Known > 0 {
		median = assess.MeasureMedianCloseDays
	}
	for _, m := range further {
		if m.id == assess.MeasureReceivedPerThousand || m.cell(&all).says() {
			p.more = append(p.more, column(m))
		}
	}
	for _, id := range []string{assess.MeasureReceived, answered, inTime, median} {
		for _, m := range measures {
			if m.id == id {
				p.cols = append(p.cols, column(m))
			}
		}
	}
}

// constant reports whether a measure says nothing of a dimension that counts cases
// published in full alone: as a rule those are the cases that were answered, so that a
// rate of answers among them is too high, often 100 %, whatever the office does.
func constant(dim record.Dimension, measure string) bool {
	if !dim.Texts() {
		return false
	}
	switch measure {
	case assess.MeasureRepliedOfDue, assess.MeasureRepliedOfCollected, assess.MeasureClosedOfReceived,
		assess.MeasureRespondedOfReceived, assess.MeasureDispatchedOfReceived, assess.MeasurePublishedOfReceived:
		return true
	}
	return false
}

// measureNames returns the names of the measures in a language.
func measureNames(lang string) map[string]string {
	names := map[string]string{}
	for _, m := range assess.Measures() {
		names[m.ID] = inLang(m.Name, lang)
	}
	return names
}

func inLang(t assess.Text, lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.Zh
}

// figureTable makes the figures of a scope in the given periods.
func (p *planner) figureTable(lang string, scope record.Scope, periods ...record.Period) *figureTable {
	names := measureNames(lang)
	t := &figureTable{}
	sets := make([]assess.Set, len(periods))
	for i, period := range periods {
		sets[i], _ = p.book.Set(scope, period)
		t.Cols = append(t.Cols, p.periodName(lang, period))
	}
	of := func(id string, f func(*assess.Set) cell) figureRow {
		r := figureRow{ID: id, Name: names[id]}
		for i := range sets {
			r.Cells = append(r.Cells, f(&sets[i]))
		}
		return r
	}
	row := func(id string, f func(*assess.Set) cell) { t.Rows = append(t.Rows, of(id, f)) }
	for _, m := range measures {
		if !constant(scope.Dim, m.id) {
			row(m.id, m.cell)
		}
	}
	if scope.Dim.Texts() {
		t.Rows[0].Name = p.Labels[lang].say("bulletin.published")
	}
	for _, m := range p.more {
		if constant(scope.Dim, m.id) {
			continue
		}
		if r := of(m.id, m.cell); slices.ContainsFunc(r.Cells, cell.says) {
			t.More = append(t.More, r)
		}
	}
	if n := len(sets) - 1; n >= 0 {
		t.Ratings = ratingTables(&sets[n], names, t.Cols[n])
	}
	for _, s := range []struct {
		scale record.RatingScale
		id    string
	}{{record.Five, assess.MeasureSatisfiedFive}, {record.Three, assess.MeasureSatisfiedThree}, {record.Points, assess.MeasureSatisfiedPoints}} {
		seen := false
		find := func(set *assess.Set) cell {
			for _, r := range set.Rating.Scales {
				if r.Scale == s.scale {
					seen = true
					return rateCell(r.Satisfied)
				}
			}
			return cell{State: "none"}
		}
		row(s.id, find)
		if !seen {
			t.Rows = t.Rows[:len(t.Rows)-1]
		}
	}
	return t
}

// ratingTables says how the ratings of a set were obtained.
func ratingTables(set *assess.Set, names map[string]string, period string) (all []ratingTable) {
	for _, s := range set.Rating.Scales {
		t := ratingTable{ID: s.Satisfied.Measure, Name: names[s.Satisfied.Measure], Scale: string(s.Scale), Period: period}
		for level := len(s.Levels); level > 0; level-- {
			t.Levels = append(t.Levels, "l"+itoa(level))
		}
		for _, of := range s.Sources {
			r := ratingRow{Source: string(of.Source)}
			for level := len(of.Levels); level > 0; level-- {
				r.Cells = append(r.Cells, thousands(of.Levels[level-1]))
			}
			t.Rows = append(t.Rows, r)
		}
		all = append(all, t)
	}
	return all
}

// periodName says a period in words.
func (p *planner) periodName(lang string, period record.Period) string {
	words := p.Labels[lang]
	switch {
	case period == record.AllTime:
		return words.say("period.all")
	case period == p.rolling():
		return words.say("period.rolling")
	}
	m, err := record.ParseMonth(string(period))
	if err != nil {
		return string(period)
	}
	return p.monthName(lang, m)
}

// rolling is the twelve months that end with that of the cut-off.
func (p *planner) rolling() record.Period {
	return record.RollingPeriod(p.cutoff.Month())
}

// table compares the things of one kind, such as the units of an area.
type table struct {
	ID      string     `json:"id"`
	Caption string     `json:"caption"`
	Lang    string     `json:"lang,omitempty"` // of the caption, where not the page's
	Path    string     `json:"path,omitempty"` // page of what the caption names
	First   string     `json:"first"`          // head of the first column
	Cols    []string   `json:"cols"`
	Rows    []tableRow `json:"rows"`
	Data    string     `json:"data,omitempty"` // path of the CSV
	Chart   *chart     `json:"chart,omitempty"`

	columns []column // what Cols names
}

type tableRow struct {
	link
	Depth string `json:"depth,omitempty"` // of a tree: "1" for children, and so on
	Cells []cell `json:"cells"`
}

// newTable returns a table without rows.
func (p *planner) newTable(lang, id, caption, first string) *table {
	return p.newTableOf(lang, record.ByAll, id, caption, first)
}

// newTableOf returns a table without rows of figures of a dimension.
func (p *planner) newTableOf(lang string, dim record.Dimension, id, caption, first string) *table {
	t := &table{ID: id, Caption: caption, First: p.Labels[lang].say(first), Rows: []tableRow{}}
	names := measureNames(lang)
	for _, c := range p.cols {
		if constant(dim, c.id) {
			continue
		}
		name := names[c.id]
		if dim.Texts() && c.id == assess.MeasureReceived {
			name = p.Labels[lang].say("bulletin.published")
		}
		t.columns, t.Cols = append(t.columns, c), append(t.Cols, name)
	}
	return t
}

func (p *planner) addRow(t *table, l link, scope record.Scope, period record.Period) {
	set, _ := p.book.Set(scope, period)
	r := tableRow{link: l, Cells: make([]cell, len(t.columns))}
	for i, c := range t.columns {
		r.Cells[i] = c.cell(&set)
		if set.Withheld != "" && r.Cells[i].State != "count" {
			r.Cells[i] = cell{State: string(set.Withheld)}
		}
	}
	t.Rows = append(t.Rows, r)
}

// reasons lists why cases of a scope are not published in full, leaving out
// those that do not occur.
func (p *planner) reasons(scope record.Scope, period record.Period) *coverage {
	set, _ := p.book.Set(scope, period)
	c := &coverage{Received: thousands(set.Received), Full: thousands(set.Full)}
	for _, r := range set.Reasons {
		if r.N > 0 {
			c.Reasons = append(c.Reasons, reasonCount{string(r.Reason), thousands(r.N), record.Rate{Num: r.N, Den: set.Received}.Percent(2)})
		}
	}
	return c
}

// coverage is how many of the cases received are published in full, and why the
// others are not.
type coverage struct {
	Received string        `json:"received"`
	Full     string        `json:"full"`
	Reasons  []reasonCount `json:"reasons,omitempty"`
}

type reasonCount struct {
	Reason  string `json:"reason"`
	N       string `json:"n"`
	Percent string `json:"percent"` // of the cases received
}
