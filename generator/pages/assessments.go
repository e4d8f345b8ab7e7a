package pages

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// assessmentsPage is the parameters of the layout assessments: the results of a year that
// evaluating bodies delivered, beside the site's own figures.
type assessmentsPage struct {
	head
	Cutoff  string           `json:"cutoff"`
	Method  string           `json:"method"`
	Data    string           `json:"data"` // path of the CSV, and of its codebook
	Book    string           `json:"book"`
	Periods []assessedPeriod `json:"periods"`
	Years   []link           `json:"years,omitempty"` // the pages of other years
}

type assessedPeriod struct {
	ID   string     `json:"id"`
	Name string     `json:"name"`
	Rows []assessed `json:"rows"`
}

// assessed is one result.
type assessed struct {
	Of         link   `json:"of"`                // the unit or area
	Unknown    string `json:"unknown,omitempty"` // "yes": it is in no register, so that there is nothing to set beside the result
	Assessor   string `json:"assessor"`
	ThirdParty string `json:"third_party,omitempty"` // yes or no
	How        string `json:"how,omitempty"`
	Issued     string `json:"issued,omitempty"`
	Overlaps   string `json:"overlaps,omitempty"` // another period for which the same body assessed the same
	Missing    string `json:"missing,omitempty"`  // fields of which a part could not be used
	// Former says that the unit is no more; TakenOver names the units whose place it has taken
	// and whose cases of the period our figures leave out, as it was.
	Former    *formerNote `json:"former,omitempty"`
	TakenOver string      `json:"taken_over,omitempty"`
	Sample    []said      `json:"sample,omitempty"` // the sample behind it, as delivered
	Check     *check      `json:"check,omitempty"`  // what came of drawing it again
	Scores    []score     `json:"scores"`
	Ours      []ours      `json:"ours,omitempty"`
}

// said is one thing that was delivered of a sample: a label of the theme and its value.
type said struct {
	ID    string `json:"id"`
	Value string `json:"value"`
}

type score struct {
	Dimension string `json:"dimension"`
	Value     string `json:"value"`
	Max       string `json:"max,omitempty"`
	Beside    string `json:"beside,omitempty"` // how it lies to our figure of the same name, in words; "" where there is none
}

// ours is a figure of the site for the same unit or area and period.
type ours struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Cell cell   `json:"cell"`
}

var assessmentsLayouts = []string{"assessments"}

// byEnd orders results by period, the latest first.
func byEnd(x, y *record.Assessment) int {
	_, xEnd, _ := x.Period.Bounds()
	_, yEnd, _ := y.Period.Bounds()
	return cmp.Or(cmp.Compare(yEnd, xEnd), cmp.Compare(x.Period, y.Period))
}

// unknown is 1 for a result of a unit or area that is in no register, or of which that could
// not be used, and 0 otherwise.
func (p *planner) unknown(a *record.Assessment) int {
	_, unit := p.units[a.Unit]
	_, area := p.areas[a.Area]
	if a.Unit != "" && !unit || a.Unit == "" && a.Area != "" && !area || a.Astray() {
		return 1
	}
	return 0
}

// byPeriod orders the results of a period: units and areas by their identifiers.
func byPeriod(x, y *record.Assessment) int {
	return cmp.Or(cmp.Compare(x.Area, y.Area), cmp.Compare(x.Unit, y.Unit), cmp.Compare(x.Assessor, y.Assessor), cmp.Compare(x.ID, y.ID))
}

// assessedOrder returns the places of the results in the order of their page.
func (p *planner) assessedOrder() []int {
	order := make([]int, len(p.assessed))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int {
		a, b := &p.assessed[x], &p.assessed[y]
		return cmp.Or(byEnd(a, b), cmp.Compare(p.unknown(a), p.unknown(b)), byPeriod(a, b))
	})
	return order
}

// assessedPeriod says the period of a result in words.
func (p *planner) assessedPeriod(lang string, period record.Period) string {
	switch {
	case period == record.AllTime:
		return p.Labels[lang].say("period.all")
	case len(period) == 4:
		return p.rankedName(lang, period)
	case period == record.Period(period.Name()):
		return p.periodName(lang, period)
	}
	return p.rankedName(lang, period)
}

func (p *planner) assessedRow(lang string, i int) assessed {
	a := &p.assessed[i]
	row := assessed{
		Assessor: record.Plain(a.Assessor), ThirdParty: a.ThirdParty.String(), How: record.Plain(a.Method), Issued: a.Issued.String(),
	}
	first, _, _ := a.Period.Bounds()
	row.Former = p.formerNote(lang, a.Unit, first, "former.assessed_after")
	switch row.Of = p.aboutLink(lang, a.Unit); {
	case a.Astray():
		row.Of = link{Name: p.Labels[lang].say("assessed.astray")}
	case a.Unit == "" && a.Area == "":
		row.Of = link{Name: p.Labels[lang].say("assessed.everyone")}
	case a.Unit == "":
		row.Of, row.Former = p.areaLink(lang, a.Area), p.formerAreaNote(lang, a.Area, first)
	}
	row.Scores = scoresOf(a)
	row.Missing, row.Sample = p.missingText(lang, a), sampleSaid(a.Sample)
	row.TakenOver = strings.Join(p.takenOver(lang, a.Unit, a.Period), p.Labels[lang].say("p.list"))
	if other, ok := p.overlapping(a); ok {
		row.Overlaps = p.assessedPeriod(lang, other)
	}
	row.Check = p.check(lang, i)
	if p.unknown(a) == 1 {
		row.Unknown = "yes"
		return row
	}
	set, _ := p.book.Set(assessedScope(a), a.Period)
	names := measureNames(lang)
	for _, o := range oursOf(&set) {
		row.Ours = append(row.Ours, ours{o.id, names[o.id], o.cell})
	}
	row.Ours = slices.DeleteFunc(row.Ours, func(o ours) bool {
		return o.Cell.State == "none" || o.ID == assess.MeasureReceived && set.Received == 0
	})
	for i := range row.Scores {
		row.Scores[i].Beside = p.beside(lang, &row.Scores[i], row.Ours)
	}
	return row
}

// scoresOf returns the scores of a result as delivered.
func scoresOf(a *record.Assessment) []score {
	scores := []score{}
	for _, s := range a.Scores {
		scores = append(scores, score{Dimension: record.Plain(s.Dimension), Value: record.Plain(s.Value), Max: record.Plain(s.Max)})
	}
	return scores
}

// beside says how a score lies to our figure: where its dimension is called as one of our
// rates is and it counts to 100, by how many points; otherwise, that they are not compared.
func (p *planner) beside(lang string, s *score, all []ours) string {
	words := p.Labels[lang]
	i := slices.IndexFunc(all, func(o ours) bool {
		return o.Cell.State == "rate" && slices.ContainsFunc(p.Langs, func(l string) bool { return measureNames(l)[o.ID] == s.Dimension })
	})
	theirs, ok := decimal(s.Value)
	if i < 0 || !ok || s.Max != "100" {
		return words.say("assessed.apart")
	}
	mine, ok := decimal(all[i].Cell.Percent)
	if !ok {
		return words.say("assessed.apart")
	}
	by := new(big.Rat).Sub(theirs, mine)
	key := [...]string{"assessed.below", "assessed.equal", "assessed.above"}[by.Sign()+1]
	return words.say(key, "points", by.Abs(by).FloatString(2))
}

// decimal reads a decimal without sign.
func decimal(s string) (*big.Rat, bool) {
	if len(s) > 20 || strings.Trim(s, "0123456789.") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// sampleSaid lists what was delivered of a sample; nothing that was not.
func sampleSaid(s *record.Sample) (all []said) {
	if s == nil {
		return nil
	}
	add := func(id, value string) {
		if value != "" {
			all = append(all, said{id, value})
		}
	}
	if n, ok := s.Frame.Get(); ok {
		add("frame", thousands(int64(n)))
	}
	add("frame_sha256", s.FrameSHA256)
	add("committed", s.Committed.String())
	add("seed_sha256", s.SeedSHA256)
	add("seed", s.Seed)
	if n := len(s.Drawn); n > 0 {
		add("drawn", thousands(int64(n)))
	}
	for _, part := range s.Panel {
		add("panel", record.Plain(part.Category)+" "+thousands(int64(part.Members)))
	}
	if n := len(s.Scores); n > 0 {
		add("judged", thousands(int64(n)))
	}
	add("rubric", record.Plain(s.Rubric))
	return all
}

// overlapping returns another period for which the same body has assessed the same
// unit or area and that shares days with that of a.
func (p *planner) overlapping(a *record.Assessment) (record.Period, bool) {
	first, last, _ := a.Period.Bounds()
	for _, b := range p.assessed {
		if b.ID == a.ID || a.Astray() || b.Astray() || b.Unit != a.Unit || b.Area != a.Area || b.Assessor != a.Assessor || b.Period == record.AllTime || a.Period == record.AllTime {
			continue
		}
		if f, l, ok := b.Period.Bounds(); ok && f <= last && first <= l {
			return b.Period, true
		}
	}
	return "", false
}
