package pages

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// Units are merged, divided and abolished, and what was delivered about one stays what it
// was about: its page goes on showing it, as it was. The page of the unit that has taken its
// place shows it too, as it is now, and says for which unit it was delivered. A unit that was
// renamed or moved below another keeps its identifier and its page.

// former is which units have taken the place of which at the cut-off.
type former struct {
	heirs map[record.UnitID]record.UnitID   // of units that have ended: the last of their successors
	of    map[record.UnitID][]record.UnitID // of a unit: those whose place it has taken, by identifier
	// unheard is the names of units that no register and no published case has, by which what
	// was delivered called them.
	unheard map[record.UnitID]string
}

// follow finds who has taken whose place. What is only called by its name becomes a part of
// the register's digest.
func (p *planner) follow() {
	p.heirs, p.of = assess.Heirs(p.register.Units, p.cutoff), map[record.UnitID][]record.UnitID{}
	for _, u := range p.register.Units {
		if heir := p.heirs[u.ID]; heir != "" {
			p.of[heir] = append(p.of[heir], u.ID)
		}
	}
	for _, ids := range p.of {
		slices.Sort(ids)
	}
	if len(p.unheard) > 0 {
		p.regPrint = sha256.Sum256(append(p.regPrint[:], marshalled(p.unheard)...))
	}
}

// aboutLink names the unit that something was delivered about, with its page where it has one.
func (p *planner) aboutLink(lang string, id record.UnitID) link {
	if _, ok := p.units[id]; !ok && p.unheard[id] != "" {
		return link{Name: record.Plain(p.unheard[id])}
	}
	return p.unitLink(lang, id)
}

// formerNote says that a unit is no more, and who has taken its place.
type formerNote struct {
	Text  string `json:"text"`
	After string `json:"after,omitempty"` // that what was delivered lies after its end
	Now   *link  `json:"now,omitempty"`
}

// formerNote returns the note of a unit that has ended by the cut-off, and otherwise nil. What
// was delivered begins on the day given; where that lies after the end, the label says so.
func (p *planner) formerNote(lang string, id record.UnitID, begins record.Day, after string) *formerNote {
	u, ok := p.units[id]
	if !ok || !u.To.Known() || u.To >= p.cutoff {
		return nil
	}
	words := p.Labels[lang]
	n := &formerNote{Text: words.say("former.ended", "day", u.To.String())}
	if begins > u.To {
		n.After = words.say(after)
	}
	if heir := p.heirs[id]; heir != "" {
		l := p.unitLink(lang, heir)
		n.Now = &l
	}
	return n
}

// formerAreaNote is formerNote of an area.
func (p *planner) formerAreaNote(lang string, code record.AreaCode, begins record.Day) *formerNote {
	a, ok := p.areas[code]
	if !ok || !a.To.Known() || a.To >= p.cutoff {
		return nil
	}
	words := p.Labels[lang]
	n := &formerNote{Text: words.say("former.ended", "day", a.To.String())}
	if begins > a.To {
		n.After = words.say("former.assessed_after")
	}
	if _, ok := p.areas[a.Successor]; ok && a.Successor != code {
		l := p.areaLink(lang, a.Successor)
		n.Now = &l
	}
	return n
}

// deliveredView is what was delivered about a unit, and about those whose place it has taken:
// results of its assessment, and what was done. The latest come first.
type deliveredView struct {
	Assessed     []deliveredResult `json:"assessed,omitempty"`
	AssessedLeft string            `json:"assessed_left,omitempty"` // results that are on the page of all alone
	AssessedPath string            `json:"assessed_path,omitempty"` // of the page of all results
	Done         []measuredRow     `json:"done,omitempty"`
	DoneLeft     string            `json:"done_left,omitempty"`
	DonePath     string            `json:"done_path,omitempty"`
}

// deliveredResult is a result of an assessment in a line.
type deliveredResult struct {
	Period   string  `json:"period"`
	Assessor string  `json:"assessor"`
	Scores   []score `json:"scores"`
	Missing  string  `json:"missing,omitempty"` // parts of it that could not be used
	For      *link   `json:"for,omitempty"`     // as [measuredRow] has it
}

// deliveredShown is how many of each a page of a unit lists.
const deliveredShown = 12

func (p *planner) deliveredView(lang string, id record.UnitID) *deliveredView {
	about := func(of record.UnitID) (link *link, yes bool) {
		switch {
		case of == id:
			return nil, true
		case of != "" && p.heirs[of] == id:
			l := p.unitLink(lang, of)
			return &l, true
		}
		return nil, false
	}
	v := &deliveredView{}
	for _, i := range p.assessedOrder() {
		a := &p.assessed[i]
		of, yes := about(a.Unit)
		if !yes {
			continue
		}
		v.AssessedPath = p.in(lang, record.AssessmentsPath)
		v.Assessed = append(v.Assessed, deliveredResult{
			Period: p.assessedPeriod(lang, a.Period), Assessor: record.Plain(a.Assessor), Scores: scoresOf(a), Missing: p.missingText(lang, a), For: of,
		})
	}
	for i := range p.measured {
		a := &p.measured[i]
		of, yes := about(a.Unit)
		if !yes {
			continue
		}
		v.DonePath = p.in(lang, record.AccountabilityPath)
		row := p.measuredRow(lang, a)
		row.For = of
		v.Done = append(v.Done, row)
	}
	if len(v.Assessed)+len(v.Done) == 0 {
		return nil
	}
	if n := len(v.Assessed) - deliveredShown; n > 0 {
		v.Assessed, v.AssessedLeft = v.Assessed[:deliveredShown], thousands(int64(n))
	}
	if n := len(v.Done) - deliveredShown; n > 0 {
		v.Done, v.DoneLeft = v.Done[:deliveredShown], thousands(int64(n))
	}
	return v
}

// aboutFinger is what the page of a unit prints of it, beside the register.
func (p *planner) aboutFinger(id record.UnitID) string {
	v := p.deliveredView(p.Langs[0], id)
	if v == nil {
		return ""
	}
	return marshalled(v)
}

// missingText names the parts of a result that could not be used, in words.
func (p *planner) missingText(lang string, a *record.Assessment) string {
	words := p.Labels[lang]
	var parts []string
	for _, field := range a.Missing {
		name := words["assessed.field_"+field]
		if name == "" {
			name = field
		}
		if !slices.Contains(parts, name) {
			parts = append(parts, name)
		}
	}
	return strings.Join(parts, words.say("p.list"))
}

// takenOver names the former units whose cases of a period are not among those of a unit as
// it was: what somebody else says of it as it is may count them.
func (p *planner) takenOver(lang string, id record.UnitID, period record.Period) (names []string) {
	for _, of := range p.of[id] {
		if set, ok := p.book.Set(record.Scope{Dim: record.ByUnit, ID: string(of)}, period); ok && set.Received > 0 {
			names = append(names, p.unitLink(lang, of).Name)
		}
	}
	return names
}

// deliveredData makes the files of results and of what was done, also where there are none.
func (p *planner) deliveredData() Partition {
	key := "data/delivered"
	f := p.finger(key)
	f.sum(p.regPrint)
	f.num(int64(p.cutoff))
	f.str(marshalled(p.assessed), p.measuredPrint())
	return Partition{Key: key, Fingerprint: f.done(), Make: func(context.Context) (c Content, _ error) {
		var scores []opendata.AssessedScore
		for _, i := range p.assessedOrder() {
			a := &p.assessed[i]
			row := opendata.AssessedScore{Of: a, Known: p.unknown(a) == 0, Heir: p.heirs[a.Unit]}
			row.Overlaps, _ = p.overlapping(a)
			if len(a.Scores) == 0 {
				scores = append(scores, row)
			}
			for part := range a.Scores {
				row.Part = part + 1
				scores = append(scores, row)
			}
		}
		var done []opendata.DoneEntry
		for i := range p.measured {
			_, ok := p.units[p.measured[i].Unit]
			done = append(done, opendata.DoneEntry{Accountability: &p.measured[i], Known: ok, Heir: p.heirs[p.measured[i].Unit]})
		}
		assessments, accountability := opendata.Assessments(), opendata.Accountability()
		for name, bodies := range map[string][2][]byte{
			assessments.Name: {assessments.File(scores), assessments.Codebook()}, accountability.Name: {accountability.File(done), accountability.Codebook()},
		} {
			c.Files = append(c.Files, File{Path: record.DataFile(name, ""), Body: bodies[0]}, File{Path: record.DataFile("codebook", name), Body: bodies[1]})
		}
		slices.SortFunc(c.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
		return c, nil
	}}
}
