package pages

import (
	"context"
	"fmt"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/assess/substance"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// qualitiesPage is the parameters of the layout qualities: the notes on the data of all
// units, in the order of the register, and what each note means.
type qualitiesPage struct {
	head
	Period   string        `json:"period"`
	Cutoff   string        `json:"cutoff"`
	Method   string        `json:"method"`
	Data     []dataFile    `json:"data"`
	Cols     []string      `json:"cols"` // notes
	Site     []cell        `json:"site"` // of the whole installation
	Rows     []noteRow     `json:"rows"`
	All      []qualityNote `json:"all"`   // those of the whole installation
	Rules    []noteRule    `json:"rules"` // on the substance of replies
	Right    *sampled      `json:"right,omitempty"`
	Missed   *sampled      `json:"missed,omitempty"`
	Coverage *coverage     `json:"coverage"`
	Gone     []noteClass   `json:"gone,omitempty"` // withdrawn cases by reason
	Lag      *lagView      `json:"lag,omitempty"`
	Moves    *movesView    `json:"moves,omitempty"`
	noteTerms
}

type noteRow struct {
	link
	Cells []cell `json:"cells"`
}

type noteRule struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	N    string `json:"n"`
}

// sampled is a share of a sample that people judged, with its interval.
type sampled struct {
	Cell cell   `json:"cell"`
	Low  string `json:"low"`
	High string `json:"high"`
}

// notesCompared are the notes that the page of all units has a column of.
var notesCompared = []opendata.Note{
	opendata.NotePublished, opendata.NoteShownSoon, opendata.NoteAlike, opendata.NoteShort, opendata.NoteEmpty, opendata.NoteLastDay, opendata.NoteRated, opendata.NoteRuleRepeat,
}

// qualities makes the page of the notes of all units and their files.
func (p *planner) qualities() []Partition {
	page, data := p.scopeFinger("quality/all"), p.finger("data/quality/all")
	for _, f := range []*finger{&page, &data} {
		p.notesFinger(f)
		for _, id := range append(p.notedUnits(), "") {
			p.noteFinger(f, id)
			p.movesFinger(f, id)
		}
		f.str(fmt.Sprint(p.judged()))
	}
	return []Partition{
		{Key: "quality/all", Fingerprint: page.done(), Layouts: []string{"qualities"}, Make: func(ctx context.Context) (c Content, err error) {
			units := map[record.UnitID]map[opendata.Note]cell{}
			sum, err := p.allNotes(ctx, func(id record.UnitID, n unitNotes) { units[id] = cellsOf(p.noteRows(id, n)) })
			if err != nil {
				return c, err
			}
			for _, lang := range p.Langs {
				c.Pages = append(c.Pages, p.qualitiesPage(lang, sum, units))
			}
			return c, nil
		}},
		{Key: "data/quality/all", Fingerprint: data.done(), Make: func(ctx context.Context) (c Content, err error) {
			var quality []opendata.QualityRow
			var alike []opendata.AlikeRow
			var repeats []opendata.RepeatRow
			sum, err := p.allNotes(ctx, func(id record.UnitID, n unitNotes) {
				quality = append(quality, p.noteRows(id, n)...)
				alike = append(alike, alikeRows(id, n)...)
				repeats = append(repeats, repeatRows(id, n)...)
			})
			if err != nil {
				return c, err
			}
			quality = append(p.noteRows("", sum), quality...)
			q, a, r, m := opendata.Quality(), opendata.Alike(), opendata.Repeats(), opendata.Moves()
			c.Files = []File{
				{Path: record.DataFile(q.Name, ""), Body: q.File(quality)}, {Path: record.DataFile("codebook", q.Name), Body: q.Codebook()},
				alikeFile(record.DataFile(a.Name, ""), alike), {Path: record.DataFile("codebook", a.Name), Body: a.Codebook()},
				repeatsFile(record.DataFile(r.Name, ""), repeats), {Path: record.DataFile("codebook", r.Name), Body: r.Codebook()},
				{Path: record.DataFile(m.Name, ""), Body: m.File(p.moveRows())}, {Path: record.DataFile("codebook", m.Name), Body: m.Codebook()},
			}
			return c, nil
		}},
	}
}

func (p *planner) qualitiesPage(lang string, sum unitNotes, units map[record.UnitID]map[opendata.Note]cell) Page {
	words := p.Labels[lang]
	rows := p.noteRows("", sum)
	site := cellsOf(rows)
	v := &qualitiesPage{
		Period: p.periodName(lang, p.rolling()), Cutoff: p.cutoff.String(), Method: p.in(lang, record.MethodPath), noteTerms: p.noteTerms(sum), Rows: []noteRow{},
		Coverage: p.reasons(record.Scope{Dim: record.ByAll}, p.rolling()), Gone: classesOf(rows, opendata.NoteWithdrawn), Lag: lagOf(rows, sum), Moves: p.movesView(lang, ""),
	}
	v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(record.QualitiesPath), []link{p.home(lang)}
	v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
	v.Description = words.say("quality.all_desc", "cutoff", v.Cutoff)
	for _, table := range []string{"quality", "alike", "repeats", "moves"} {
		v.Data = append(v.Data, dataFile{Name: words.say("quality.csv_" + table), Path: record.DataFile(table, "")}, dataFile{Name: words.say("rank.codebook"), Path: record.DataFile("codebook", table)})
	}
	cellsIn := func(cells map[opendata.Note]cell) (all []cell) {
		for _, note := range notesCompared {
			all = append(all, cells[note])
		}
		return all
	}
	for _, note := range notesCompared {
		v.Cols = append(v.Cols, string(note))
	}
	v.Site = cellsIn(site)
	for _, id := range p.notedUnits() {
		l := p.unitLink(lang, id)
		l.Path = p.in(lang, record.QualityPath(id))
		v.Rows = append(v.Rows, noteRow{l, cellsIn(units[id])})
	}
	for _, note := range unitNotesShown {
		v.All = append(v.All, qualityNote{string(note), site[note]})
	}
	classes := classesOf(rows, opendata.NoteEmpty)
	for i, r := range substance.Rules() {
		rule := noteRule{ID: string(r.ID), Text: inLang(r.Text, lang)}
		if len(classes) > 0 {
			rule.N = classes[i].N
		}
		v.Rules = append(v.Rules, rule)
	}
	right, missed := p.judged()
	v.Right, v.Missed = sampledOf(right), sampledOf(missed)
	return Page{Path: p.in(lang, record.QualitiesPath), Layout: "qualities", Lang: lang, Title: words.say("quality.all_title"), Params: v}
}

// sampledOf prints a share of a sample; nil where nothing was judged.
func sampledOf(r record.Rate) *sampled {
	i, ok := assess.Wilson(r)
	if !ok {
		return nil
	}
	return &sampled{rateCell(record.Figure{Rate: r}), i.Low, i.High}
}
