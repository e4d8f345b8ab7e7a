package pages

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/assess/promise"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// CommitmentReader is what pages read of the promises that people have judged.
type CommitmentReader interface {
	// Commitments returns those that were accepted, by the number of their case and then
	// in the order in which they were, those too that stand no longer.
	Commitments(ctx context.Context) ([]record.Commitment, error)
}

// promisesPage is the parameters of the layout promises: the commitments of everyone,
// by unit, or those of one unit.
type promisesPage struct {
	head
	NameLang string         `json:"name_lang,omitempty"`
	Of       *link          `json:"of,omitempty"` // the unit
	Up       *link          `json:"up,omitempty"` // of a unit: the page of all
	Cutoff   string         `json:"cutoff"`
	Method   string         `json:"method"`
	Quality  string         `json:"quality"`          // path of the notes on the data, which count what the rule finds
	Counts   *promiseCount  `json:"counts,omitempty"` // none: there is no commitment
	Units    []promiseCount `json:"units,omitempty"`  // of the page of all
	Rows     []promiseRow   `json:"rows,omitempty"`   // of the page of a unit
	Left     string         `json:"left,omitempty"`   // commitments that the page has no room for
}

// promiseCount is how many commitments a unit, or everyone, has of each status.
type promiseCount struct {
	Of      link            `json:"of"`
	Made    string          `json:"made"`
	Due     string          `json:"due"`
	Rate    cell            `json:"rate"`
	By      []promiseStatus `json:"by"` // every status, in one order
	Changed string          `json:"changed,omitempty"`
}

type promiseStatus struct {
	Status string `json:"status"`
	N      string `json:"n"`
}

// promiseRow is one commitment, on the page of its case and that of its unit.
type promiseRow struct {
	Case    link   `json:"case"`
	Made    string `json:"made,omitempty"`
	Due     string `json:"due"`
	Status  string `json:"status"`
	Wording string `json:"wording,omitempty"`
	On      string `json:"on,omitempty"` // when it was kept, or found to be what it is
	ShownBy *link  `json:"shown_by,omitempty"`
	Changed string `json:"changed,omitempty"` // "yes": the reply was changed since
}

const (
	promisesShown = 300 // rows of a unit's page: the rest is in the data file
	promiseRunes  = 120 // of a wording
)

var promiseLayouts = []string{"promises"}

// promised is the commitments of the plan.
type promised struct {
	all    []record.Commitment
	byCase map[record.CaseNumber][]int // of those that the page of a case shows
	byUnit map[record.UnitID][]int
	count  promise.Count
	counts map[record.UnitID]promise.Count
}

// readPromises reads the commitments and counts them.
func (p *planner) readPromises(ctx context.Context) (err error) {
	v := promised{byCase: map[record.CaseNumber][]int{}, byUnit: map[record.UnitID][]int{}, counts: map[record.UnitID]promise.Count{}}
	if v.all, err = p.reader.Commitments(ctx); err != nil {
		return err
	}
	for i := range v.all {
		c := &v.all[i]
		if promiseShown(c) {
			v.byCase[c.Number] = append(v.byCase[c.Number], i)
		}
		v.byUnit[c.Unit] = append(v.byUnit[c.Unit], i)
		v.count.Add(c, p.cutoff)
		n := v.counts[c.Unit]
		n.Add(c, p.cutoff)
		v.counts[c.Unit] = n
	}
	p.promised = v
	return nil
}

// promiseShown reports whether a commitment is told of one by one; others are counted.
func promiseShown(c *record.Commitment) bool {
	return c.Standing == record.Stands || c.Standing == record.ReplyChanged
}

// printPromises puts into a fingerprint what pages tell of commitments.
func (p *planner) printPromises(f *finger, at []int) {
	for _, i := range at {
		c := &p.promised.all[i]
		f.str(string(c.Number), c.Code, string(c.Unit), string(c.Standing), c.Wording, string(promise.StatusOf(c, p.cutoff)), string(c.ShownBy))
		f.num(int64(c.Made))
		f.num(int64(c.Due))
		f.num(int64(c.On))
	}
}

// promises makes the page of all commitments, that of each unit that has any, and
// their files.
func (p *planner) promises() []Partition {
	parts := []Partition{p.promisesData()}
	all := p.finger("promises/all")
	all.num(int64(p.cutoff))
	for _, u := range p.register.Units {
		if n, ok := p.promised.counts[u.ID]; ok {
			all.str(string(u.ID), u.Name, u.English, fmt.Sprint(n))
		}
	}
	all.str(fmt.Sprint(p.promised.count))
	parts = append(parts, Partition{Key: "promises/all", Fingerprint: all.done(), Layouts: promiseLayouts, Make: func(context.Context) (c Content, _ error) {
		for _, lang := range p.Langs {
			c.Pages = append(c.Pages, p.promisesPage(lang))
		}
		return c, nil
	}})
	n := groups(len(p.register.Units))
	units := map[string][]record.Unit{}
	var keys []string
	for _, u := range p.promisingUnits() {
		key := fmt.Sprintf("promises/unit/%d/%03d", n, group(string(u.ID), n))
		if units[key] == nil {
			keys = append(keys, key)
		}
		units[key] = append(units[key], u)
	}
	for _, key := range keys {
		f := p.finger(key)
		f.num(int64(p.cutoff))
		for _, u := range units[key] {
			f.str(string(u.ID), u.Name, u.English, fmt.Sprint(p.noted(u.ID)))
			p.printPromises(&f, p.promised.byUnit[u.ID])
		}
		parts = append(parts, Partition{Key: key, Fingerprint: f.done(), Layouts: promiseLayouts, Make: func(context.Context) (c Content, _ error) {
			for _, u := range units[key] {
				for _, lang := range p.Langs {
					c.Pages = append(c.Pages, p.unitPromises(lang, u))
				}
			}
			return c, nil
		}})
	}
	return parts
}

// promisingUnits lists the units of the register that have commitments.
func (p *planner) promisingUnits() (units []record.Unit) {
	for _, u := range p.register.Units {
		if len(p.promised.byUnit[u.ID]) > 0 {
			units = append(units, u)
		}
	}
	return units
}

// promisePaths lists the pages of commitments.
func (p *planner) promisePaths() []string {
	paths := []string{record.PromisesPath}
	for _, u := range p.promisingUnits() {
		paths = append(paths, record.UnitPromisesPath(u.ID))
	}
	return paths
}

// promisesLink leads to the commitments of a unit, or to those of all where it has none.
func (p *planner) promisesLink(lang string, id record.UnitID) link {
	path := record.PromisesPath
	if _, known := p.units[id]; known && len(p.promised.byUnit[id]) > 0 {
		path = record.UnitPromisesPath(id)
	}
	return p.crumb(lang, "promises.title", path)
}

// promisesData makes the files of commitments.
func (p *planner) promisesData() Partition {
	key := "data/commitments"
	f := p.finger(key)
	f.num(int64(p.cutoff))
	f.str(fmt.Sprint(p.promised.count))
	every := make([]int, len(p.promised.all))
	for i := range every {
		every[i] = i
	}
	p.printPromises(&f, every)
	for _, u := range p.promisingUnits() {
		f.str(string(u.ID))
	}
	return Partition{Key: key, Fingerprint: f.done(), Make: func(context.Context) (c Content, _ error) {
		one, counts := opendata.Commitments(), opendata.CommitmentCounts()
		rows := File{Path: record.DataFile(one.Name, "")}
		var list []opendata.Commitment
		for i := range p.promised.all {
			if k := p.promised.all[i]; promiseShown(&k) {
				list = append(list, opendata.Commitment{Commitment: k, Cutoff: p.cutoff, Status: promise.StatusOf(&k, p.cutoff)})
				if len(rows.Shows) == 0 || rows.Shows[len(rows.Shows)-1] != k.Number {
					rows.Shows = append(rows.Shows, k.Number)
				}
			}
		}
		rows.Body = one.File(list)
		numbers := []opendata.CommitmentCount{{Scope: record.Scope{Dim: record.ByAll}, Cutoff: p.cutoff, Count: p.promised.count}}
		for _, u := range p.promisingUnits() {
			numbers = append(numbers, opendata.CommitmentCount{Scope: record.Scope{Dim: record.ByUnit, ID: string(u.ID)}, Cutoff: p.cutoff, Count: p.promised.counts[u.ID]})
		}
		c.Files = []File{
			rows, {Path: record.DataFile(counts.Name, ""), Body: counts.File(numbers)},
			{Path: record.DataFile("codebook", one.Name), Body: one.Codebook()}, {Path: record.DataFile("codebook", counts.Name), Body: counts.Codebook()},
		}
		return c, nil
	}}
}

func (p *planner) newPromises(lang, path, title string) (Page, *promisesPage) {
	words := p.Labels[lang]
	v := &promisesPage{Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath)}
	v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(path), []link{p.home(lang)}
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	v.Description = words.say("promises.desc", "cutoff", v.Cutoff)
	v.Quality = p.in(lang, record.QualitiesPath)
	return Page{Path: p.in(lang, path), Layout: "promises", Lang: lang, Title: title, Params: v}, v
}

// promisesPage makes the page of all commitments.
func (p *planner) promisesPage(lang string) Page {
	words := p.Labels[lang]
	page, v := p.newPromises(lang, record.PromisesPath, words.say("promises.title"))
	if p.promised.count.Total() == 0 {
		return page
	}
	all := promiseCountOf(link{Name: words.say("promises.all")}, p.promised.count)
	v.Counts = &all
	for _, u := range p.promisingUnits() {
		name := p.unitLink(lang, u.ID)
		name.Path = p.in(lang, record.UnitPromisesPath(u.ID))
		v.Units = append(v.Units, promiseCountOf(name, p.promised.counts[u.ID]))
	}
	return page
}

// unitPromises makes the page of the commitments of a unit, the latest day first.
func (p *planner) unitPromises(lang string, u record.Unit) Page {
	words, name := p.Labels[lang], p.unitLink(lang, u.ID)
	page, v := p.newPromises(lang, record.UnitPromisesPath(u.ID), words.say("promises.of", "name", name.Name))
	up, count := p.crumb(lang, "promises.title", record.PromisesPath), promiseCountOf(name, p.promised.counts[u.ID])
	v.NameLang, v.Of, v.Up, v.Counts = name.Lang, &name, &up, &count
	if p.noted(u.ID) {
		v.Quality = p.in(lang, record.QualityPath(u.ID))
	}
	v.Crumbs = append(v.Crumbs, p.crumb(lang, "nav.units", record.UnitsPath), name)
	at := slices.DeleteFunc(slices.Clone(p.promised.byUnit[u.ID]), func(i int) bool { return !promiseShown(&p.promised.all[i]) })
	slices.SortStableFunc(at, func(i, j int) int { return cmp.Compare(p.promised.all[j].Due, p.promised.all[i].Due) })
	for n, i := range at {
		if n == promisesShown {
			v.Left = thousands(int64(len(at) - n))
			break
		}
		c := &p.promised.all[i]
		v.Rows = append(v.Rows, p.promiseRow(c))
		if !slices.Contains(page.Shows, c.Number) {
			page.Shows = append(page.Shows, c.Number)
		}
	}
	return page
}

func promiseCountOf(of link, n promise.Count) promiseCount {
	v := promiseCount{Of: of, Made: thousands(n.Made()), Due: thousands(n.Due()), Rate: rateCell(record.Figure{Rate: n.KeptOfDue(), Unknown: n.Gone})}
	for _, s := range promise.Statuses() {
		v.By = append(v.By, promiseStatus{string(s), thousands(n.Of(s))})
	}
	if n.Changed > 0 {
		v.Changed = thousands(n.Changed)
	}
	return v
}

// promiseRow tells of a commitment that is shown.
func (p *planner) promiseRow(c *record.Commitment) promiseRow {
	status := promise.StatusOf(c, p.cutoff)
	v := promiseRow{Case: *caseLink(c.Number), Made: c.Made.String(), Due: c.Due.String(), Status: string(status), Wording: excerpt(c.Wording, promiseRunes)}
	if status != promise.Open && status != promise.Overdue {
		v.On, v.ShownBy = c.On.String(), caseLink(c.ShownBy)
	}
	if c.Standing == record.ReplyChanged {
		v.Changed = "yes"
	}
	return v
}

// casePromises tells of the commitments in the reply to a case. The day of the cut-off
// is not said: the page stays as it is until something of them changes.
func (p *planner) casePromises(n record.CaseNumber) (rows []promiseRow) {
	for _, i := range p.promised.byCase[n] {
		rows = append(rows, p.promiseRow(&p.promised.all[i]))
	}
	return rows
}
