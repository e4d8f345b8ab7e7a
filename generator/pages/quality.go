package pages

import (
	"context"
	"fmt"
	"slices"

	"github.com/huiyin/huiyin/generator/assess/notes"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// qualityPage is the parameters of the layout quality: notes on the data of one unit
// (数据质量提示). Each says what is counted, out of how many, and what it does not mean.
type qualityPage struct {
	head
	NameLang string        `json:"name_lang,omitempty"`
	Of       link          `json:"of"`
	Period   string        `json:"period"`
	Cutoff   string        `json:"cutoff"`
	Method   string        `json:"method"`
	All      string        `json:"all"`           // path of the page of all units, which says what each note means
	Data     string        `json:"data"`          // path of the CSV of the notes
	Few      string        `json:"few,omitempty"` // "yes": fewer cases than a share says anything of
	Promises link          `json:"promises"`      // page of the unit's commitments, or of all where it has none
	Coverage *coverage     `json:"coverage"`
	Notes    []qualityNote `json:"notes"`
	Gone     []noteClass   `json:"gone,omitempty"`  // withdrawn cases by reason
	Empty    []noteClass   `json:"empty,omitempty"` // replies without substance by rule
	noteTerms
	Groups     []alikeGroup `json:"groups,omitempty"`
	Left       string       `json:"left,omitempty"` // groups beyond those that are shown
	GroupsData string       `json:"groups_data,omitempty"`
	Pairs      []repeatPair `json:"pairs,omitempty"` // cases that may be the same problem
	PairsLeft  string       `json:"pairs_left,omitempty"`
	PairsData  string       `json:"pairs_data,omitempty"`
	Stars      []starScale  `json:"stars,omitempty"`
	Lag        *lagView     `json:"lag,omitempty"`
	Moves      *movesView   `json:"moves,omitempty"`
	Before     []noteClass  `json:"before,omitempty"` // replies in time by days before the deadline
}

// noteTerms is what the words of notes leave open.
type noteTerms struct {
	Percent string `json:"percent"` // likeness from which replies are similar
	Size    string `json:"size"`    // least number of a group
	Repeat  string `json:"repeat"`  // likeness from which cases may be the same problem
	Soon    string `json:"soon"`    // days within which a reply is published soon
	Days    string `json:"days"`    // "working" or "calendar"
	Began   string `json:"began,omitempty"`
}

// qualityNote is one note: its share.
type qualityNote struct {
	ID   string `json:"id"`
	Cell cell   `json:"cell"`
}

// noteClass is how many of the cases that a note counts are in one class.
type noteClass struct {
	Class string `json:"class"`
	N     string `json:"n"`
	Share string `json:"share"` // per cent of the denominator of the note
}

// lagView is in how many days replies were published.
type lagView struct {
	Bins   []noteClass `json:"bins,omitempty"`
	Median cell        `json:"median"`
	Before cell        `json:"before"` // replied to before the record began
}

// alikeGroup is a group of similar replies with a sample.
type alikeGroup struct {
	N      string `json:"n"`
	Sample string `json:"sample"` // the beginning of one of them
	Cases  []link `json:"cases"`  // the sample's first
}

// repeatPair is two cases that are the same problem, or may be.
type repeatPair struct {
	Later   link   `json:"later"`
	Earlier link   `json:"earlier"`
	By      string `json:"by"` // "delivered" or "rule"
}

// starScale is the ratings of one scale, by level from the best.
type starScale struct {
	Scale  string     `json:"scale"`
	Levels []starBins `json:"levels"`
}

type starBins struct {
	Level string `json:"level"`
	N     string `json:"n"`
}

var qualityLayouts = []string{"quality"}

const (
	alikeShown  = 10  // groups that a page shows
	alikeCases  = 6   // and cases of each
	pairsShown  = 20  // pairs that a page shows
	sampleRunes = 100 // of the sample
)

// unitNotesShown are the notes of a unit's page in order; the others are within its sections.
var unitNotesShown = []opendata.Note{
	opendata.NotePublished, opendata.NoteExcluded, opendata.NoteWithdrawn, opendata.NoteShownSoon, opendata.NoteAlike, opendata.NoteShort, opendata.NoteEmpty, opendata.NotePromise,
	opendata.NoteDueRule, opendata.NoteLastDay, opendata.NoteRated, opendata.NoteReopened, opendata.NoteRepeat, opendata.NoteRepeatOpen, opendata.NoteRepeatUrged,
	opendata.NoteRuleRepeat, opendata.NoteRuleRepeatOpen, opendata.NoteRuleUrged,
}

// quality makes the notes of the units and their files, in the groups of their pages.
// Texts are read when a partition is made: notes change only with their units' cases.
func (p *planner) quality() []Partition {
	p.counts = map[record.UnitID]*noteBox{"": new(noteBox)}
	n := groups(len(p.register.Units))
	units := map[string][]record.Unit{}
	var keys []string
	for _, id := range p.notedUnits() {
		p.counts[id] = new(noteBox)
		key := fmt.Sprintf("quality/%d/%03d", n, group(string(id), n))
		if units[key] == nil {
			keys = append(keys, key)
		}
		units[key] = append(units[key], p.units[id])
	}
	var parts []Partition
	for _, key := range keys {
		page, data := p.scopeFinger(key), p.finger("data/"+key)
		for _, f := range []*finger{&page, &data} {
			p.notesFinger(f)
			p.valuesFinger(f)
			for _, u := range units[key] {
				p.noteFinger(f, u.ID)
				p.movesFinger(f, u.ID)
				f.str(p.promisesLink(p.Langs[0], u.ID).Path)
			}
		}
		parts = append(parts, Partition{Key: key, Fingerprint: page.done(), Layouts: qualityLayouts, Make: func(ctx context.Context) (c Content, err error) {
			for _, u := range units[key] {
				n, err := p.notesOf(ctx, u.ID)
				if err != nil {
					return c, err
				}
				samples, err := p.samples(ctx, n)
				if err != nil {
					return c, err
				}
				for _, lang := range p.Langs {
					c.Pages = append(c.Pages, p.qualityPage(lang, u, n, samples))
				}
			}
			return c, nil
		}}, Partition{Key: "data/" + key, Fingerprint: data.done(), Make: func(ctx context.Context) (c Content, err error) {
			for _, u := range units[key] {
				n, err := p.notesOf(ctx, u.ID)
				if err != nil {
					return c, err
				}
				c.Files = append(c.Files, File{Path: noteFile("quality", u.ID), Body: opendata.Quality().File(p.noteRows(u.ID, n))})
				if p.moves.Of(u.ID) != nil {
					c.Files = append(c.Files, File{Path: noteFile("moves", u.ID), Body: opendata.Moves().File([]opendata.MoveRow{p.moveRow(u.ID)})})
				}
				if rows := alikeRows(u.ID, n); len(rows) > 0 {
					c.Files = append(c.Files, alikeFile(noteFile("alike", u.ID), rows))
				}
				if rows := repeatRows(u.ID, n); len(rows) > 0 {
					c.Files = append(c.Files, repeatsFile(noteFile("repeats", u.ID), rows))
				}
			}
			return c, nil
		}})
	}
	return parts
}

func noteFile(table string, id record.UnitID) string {
	return record.DataFile(table, "unit/"+string(id))
}

func alikeRows(id record.UnitID, n unitNotes) (rows []opendata.AlikeRow) {
	for i, g := range n.Alike.Groups {
		for _, number := range g.Cases {
			rows = append(rows, opendata.AlikeRow{Unit: id, Group: i + 1, Size: len(g.Cases), Number: number, Sample: number == g.Sample})
		}
	}
	return rows
}

func repeatRows(id record.UnitID, n unitNotes) (rows []opendata.RepeatRow) {
	for _, pair := range n.Repeats.Pairs {
		rows = append(rows, opendata.RepeatRow{Unit: id, Later: pair.Later, Earlier: pair.Earlier, Likeness: pair.Likeness})
	}
	return rows
}

// alikeFile returns the rows of groups as a file. That a reply is like others is something
// of the case, so that it goes with it.
func alikeFile(path string, rows []opendata.AlikeRow) File {
	f := File{Path: path, Body: opendata.Alike().File(rows)}
	for _, r := range rows {
		f.Shows = append(f.Shows, r.Number)
	}
	return f
}

// repeatsFile returns the rows of pairs as a file.
func repeatsFile(path string, rows []opendata.RepeatRow) File {
	f := File{Path: path, Body: opendata.Repeats().File(rows)}
	for _, r := range rows {
		f.Shows = append(f.Shows, pairShows(r.Later, r.Earlier, r.Likeness.Den > 0)...)
	}
	return f
}

// pairShows returns the cases of a pair of which it says more than that they are there:
// both where their texts are alike, and the later where the office has said it of that.
func pairShows(later, earlier record.CaseNumber, byRule bool) []record.CaseNumber {
	if byRule {
		return []record.CaseNumber{later, earlier}
	}
	return []record.CaseNumber{later}
}

// samples returns the beginnings of the replies that the groups of a page show.
func (p *planner) samples(ctx context.Context, n unitNotes) (samples []string, err error) {
	var numbers []record.CaseNumber
	for _, g := range n.Alike.Groups[:min(alikeShown, len(n.Alike.Groups))] {
		numbers = append(numbers, g.Sample)
	}
	cases, err := p.reader.CasesByNumber(ctx, numbers)
	for _, c := range cases {
		samples = append(samples, excerpt(c.Reply.Text, sampleRunes))
	}
	return samples, err
}

// noteTerms says what the words of notes leave open.
func (p *planner) noteTerms(n unitNotes) noteTerms {
	t := noteTerms{
		Percent: itoa(n.Alike.Percent), Size: itoa(n.Alike.Size), Repeat: itoa(notes.RepeatPercent), Soon: itoa(notes.Soon), Days: "calendar", Began: p.notes.began.String(),
	}
	if p.Workdays != nil {
		t.Days = "working"
	}
	return t
}

// cellsOf prints the notes of rows, by note.
func cellsOf(rows []opendata.QualityRow) map[opendata.Note]cell {
	cells := map[opendata.Note]cell{}
	for i := range rows {
		if r := &rows[i]; r.Class == "" {
			cells[r.Note] = noteCell(r)
		}
	}
	return cells
}

// classesOf prints the classes of a note.
func classesOf(rows []opendata.QualityRow, note opendata.Note) (all []noteClass) {
	for _, r := range rows {
		if r.Note == note && r.Class != "" {
			all = append(all, noteClass{r.Class, thousands(r.Num), r.Percent(2)})
		}
	}
	return all
}

// lagOf prints in how many days replies were published; nil where none was.
func lagOf(rows []opendata.QualityRow, n unitNotes) *lagView {
	if n.Lag.Known()+n.Lag.Before+n.Lag.Unknown == 0 {
		return nil
	}
	cells := cellsOf(rows)
	return &lagView{classesOf(rows, opendata.NoteShownSoon), cells[opendata.NoteShownMedian], cells[opendata.NoteShownBefore]}
}

func (p *planner) qualityPage(lang string, u record.Unit, n unitNotes, samples []string) Page {
	words := p.Labels[lang]
	scope, period := record.Scope{Dim: record.ByUnit, ID: string(u.ID)}, p.rolling()
	set, _ := p.book.Set(scope, period)
	rows := p.noteRows(u.ID, n)
	cells := cellsOf(rows)
	name := p.unitLink(lang, u.ID)
	v := &qualityPage{
		NameLang: name.Lang, Of: name, Period: p.periodName(lang, period), Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath), All: p.in(lang, record.QualitiesPath),
		Data: noteFile("quality", u.ID), Promises: p.promisesLink(lang, u.ID), Coverage: p.reasons(scope, period), noteTerms: p.noteTerms(n),
		Gone: classesOf(rows, opendata.NoteWithdrawn), Before: classesOf(rows, opendata.NoteLastDay),
		Empty: slices.DeleteFunc(classesOf(rows, opendata.NoteEmpty), func(c noteClass) bool { return c.N == "0" }),
	}
	path := record.QualityPath(u.ID)
	v.HomePath, v.Alts = p.in(lang, record.HomePath), p.alts(path)
	v.Crumbs = []link{p.home(lang), p.crumb(lang, "nav.units", record.UnitsPath), name}
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	v.Description = words.say("quality.desc", "name", name.Name, "cutoff", v.Cutoff)
	if set.Received < smallNumber {
		v.Few = "yes"
	}
	for _, note := range unitNotesShown {
		v.Notes = append(v.Notes, qualityNote{string(note), cells[note]})
	}
	v.Lag, v.Moves = lagOf(rows, n), p.movesView(lang, u.ID)
	page := Page{Path: p.in(lang, path), Layout: "quality", Lang: lang, Title: words.say("quality.title", "name", name.Name), Params: v}
	caseLink := func(n record.CaseNumber) link {
		l := link{Name: string(n)}
		if _, ok := p.lineOf(n); ok {
			l.Path = record.CasePath(n)
		}
		return l
	}
	for i, g := range n.Alike.Groups {
		v.GroupsData = noteFile("alike", u.ID)
		if i == alikeShown {
			v.Left = thousands(int64(len(n.Alike.Groups) - i))
			break
		}
		out := alikeGroup{N: thousands(int64(len(g.Cases))), Sample: samples[i], Cases: []link{caseLink(g.Sample)}}
		page.Shows = append(page.Shows, g.Sample)
		for _, number := range g.Cases {
			if number != g.Sample && len(out.Cases) < alikeCases {
				out.Cases = append(out.Cases, caseLink(number))
				page.Shows = append(page.Shows, number)
			}
		}
		v.Groups = append(v.Groups, out)
	}
	for i, pair := range n.Repeats.Pairs {
		v.PairsData = noteFile("repeats", u.ID)
		if i == pairsShown {
			v.PairsLeft = thousands(int64(len(n.Repeats.Pairs) - i))
			break
		}
		by := "delivered"
		if pair.ByRule() {
			by = "rule"
		}
		page.Shows = append(page.Shows, pairShows(pair.Later, pair.Earlier, pair.ByRule())...)
		v.Pairs = append(v.Pairs, repeatPair{caseLink(pair.Later), caseLink(pair.Earlier), by})
	}
	for _, s := range set.Rating.Scales {
		scale := starScale{Scale: string(s.Scale)}
		for i := len(s.Levels) - 1; i >= 0; i-- {
			scale.Levels = append(scale.Levels, starBins{Level: "l" + itoa(i+1), N: thousands(s.Levels[i])})
		}
		v.Stars = append(v.Stars, scale)
	}
	return page
}

// lineOf finds a case by its number.
func (p *planner) lineOf(n record.CaseNumber) (*line, bool) {
	i, ok := slices.BinarySearchFunc(p.lines, n, func(l line, n record.CaseNumber) int {
		switch {
		case l.number == n:
			return 0
		case before(l.number, n):
			return -1
		}
		return 1
	})
	if !ok {
		return nil, false
	}
	return &p.lines[i], true
}

// smallNumber is how many cases a share should be of at least to say anything.
const smallNumber = 30
