package pages

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// dataRow returns the public row of a line.
func (l *line) dataRow() record.Row {
	return record.Row{
		Number: l.number, Prominence: l.prom, StubReason: l.reason, Unit: l.unit, Area: l.area, Channel: l.channel, Origin: l.origin, Status: l.status,
		Received: l.received, Dispatched: l.dispatched, Due: l.due, DueRule: l.dueRule, FirstResponse: l.first, RepliedOn: l.replied, ClosedOn: l.closed, ResolvedOn: l.resolved,
		Answered: l.answered, MergedInto: l.mergedInto, Finished: l.finished, Days: l.days, OnTime: l.onTime, CloseDays: l.closeDays, ClosedOnTime: l.closedOnTime, Flags: l.flags,
	}
}

// data makes the data files: the rows of all cases, of a month and of a unit, what is
// known of those published in full, the registers, and their codebooks.
func (p *planner) data() []Partition {
	parts := []Partition{p.dataPage(), p.registersData(), p.deliveredData(), p.wholeData()}
	for _, m := range p.months {
		parts = append(parts, p.monthData(m))
	}
	return append(parts, p.unitData()...)
}

// dataPage is the parameters of the layout data: the data files, and what each holds.
type dataPage struct {
	head
	Tables []dataTable `json:"tables"`
	Months []dataMonth `json:"months"`
}

type dataTable struct {
	Name  string     `json:"name"`
	About string     `json:"about"`
	Whole string     `json:"whole,omitempty"` // paths
	Book  string     `json:"book"`
	Parts []dataFile `json:"parts,omitempty"`
}

type dataMonth struct {
	Name  string     `json:"name"`
	Files []dataFile `json:"files"`
}

type dataFile struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

// dataPage makes the page that lists the data files.
func (p *planner) dataPage() Partition {
	key := "data/page"
	f := p.finger(key)
	ranked := map[record.Month]bool{}
	for _, year := range p.rankedYears() {
		for _, period := range p.rankedPeriods(year, p.endedMonth()) {
			if m, err := record.ParseMonth(period.Name()); err == nil {
				ranked[m] = true
			}
		}
	}
	for _, m := range p.months {
		f.str(m.month.String(), fmt.Sprint(ranked[m.month]))
	}
	if p.Deadlines != nil {
		f.str("deadlines")
	}
	return Partition{Key: key, Fingerprint: f.done(), Layouts: []string{"data"}, Make: func(context.Context) (c Content, _ error) {
		for _, lang := range p.Langs {
			words := p.Labels[lang]
			v := &dataPage{Months: []dataMonth{}}
			v.HomePath, v.Alts, v.Crumbs = p.in(lang, record.HomePath), p.alts(record.DataPath), []link{p.home(lang)}
			v.Column, v.ColumnType = words.say("column.figures"), words.say("column.type_figures")
			v.Description = words.say("data.intro")
			for _, t := range []struct {
				name  string
				about assess.Text
				whole bool
			}{
				{"rows", opendata.Rows().About, true}, {"published", opendata.Published().About, true}, {"figures", opendata.Figures().About, false}, {"breakdowns", opendata.Breakdowns().About, false},
				{"rankings", opendata.Rankings(p.Ranks).About, false}, {"ranking-rules", opendata.RankRules().About, true}, {"restatements", opendata.Restatements().About, true},
				{"takedowns", opendata.Takedowns().About, true}, {"takedown-counts", opendata.TakedownCounts().About, true},
				{"commitments", opendata.Commitments().About, true}, {"commitment-counts", opendata.CommitmentCounts().About, true},
				{"quality", opendata.Quality().About, true}, {"alike", opendata.Alike().About, true}, {"repeats", opendata.Repeats().About, true}, {"moves", opendata.Moves().About, true}, {"samples", opendata.Samples().About, true}, {"assessments", opendata.Assessments().About, true}, {"accountability", opendata.Accountability().About, true},
				{"units", opendata.Units().About, true}, {"areas", opendata.Areas().About, true},
				{"topics", opendata.Topics().About, true}, {"channels", opendata.Channels().About, true},
				{"deadlines", opendata.Deadlines().About, true}, {"holidays", opendata.Holidays().About, true},
				{"codebook", opendata.Codebooks().About, false},
			} {
				if p.Deadlines == nil && (t.name == "deadlines" || t.name == "holidays") {
					continue
				}
				d := dataTable{Name: t.name, About: inLang(t.about, lang), Book: record.DataFile("codebook", t.name)}
				if t.whole {
					d.Whole = record.DataFile(t.name, "")
				}
				switch t.name {
				case "figures":
					d.Parts = append(d.Parts, dataFile{Name: words.say("data.everyone"), Path: record.DataFile(t.name, "all")})
					for _, l := range append(figureLists[:len(figureLists):len(figureLists)], breakdownLists...) {
						d.Parts = append(d.Parts, dataFile{Name: words.say("nav." + l.name), Path: record.DataFile(t.name, l.name)})
					}
				case "breakdowns":
					d.Parts = append(d.Parts, dataFile{Name: words.say("data.everyone"), Path: record.DataFile(t.name, "all")})
				}
				v.Tables = append(v.Tables, d)
			}
			for _, m := range slices.Backward(p.months) {
				names := []string{"rows", "published", "figures", "breakdowns"}
				if ranked[m.month] {
					names = append(names, "rankings")
				}
				month := dataMonth{Name: p.monthName(lang, m.month)}
				for _, name := range names {
					month.Files = append(month.Files, dataFile{Name: name, Path: record.DataFile(name, m.month.String())})
				}
				v.Months = append(v.Months, month)
			}
			c.Pages = append(c.Pages, Page{Path: p.in(lang, record.DataPath), Layout: "data", Lang: lang, Title: words.say("nav.data"), Params: v})
		}
		return c, nil
	}}
}

// rowsFile returns the rows of lines as a file. What it shows of a case stays public
// when the case is withdrawn, so that it shows none that a withdrawal had to hide.
func (p *planner) rowsFile(part string, lines iter.Seq[int]) (File, error) {
	var b bytes.Buffer
	_, err := opendata.Rows().Write(&b, func(yield func(record.Row, error) bool) {
		for i := range lines {
			if !yield(p.lines[i].dataRow(), nil) {
				return
			}
		}
	})
	return File{Path: record.DataFile("rows", part), Body: b.Bytes()}, err
}

// publishedFile returns what is known of the cases published in full as a file.
func publishedFile(part string, cases iter.Seq2[record.Case, error]) (File, error) {
	f := File{Path: record.DataFile("published", part)}
	var b bytes.Buffer
	_, err := opendata.Published().Write(&b, func(yield func(record.Case, error) bool) {
		for c, err := range cases {
			if err == nil && c.Prominence != record.Full {
				continue
			}
			f.Shows = append(f.Shows, c.Number)
			if !yield(c, err) {
				return
			}
		}
	})
	f.Body = b.Bytes()
	return f, err
}

// span yields the lines from first to before end.
func span(first, end int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := first; i < end; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

// monthData makes the files of the cases whose numbers name one month.
func (p *planner) monthData(m monthSpan) Partition {
	key := "data/month/" + m.month.Short()
	f := p.finger(key)
	f.sum(m.facts)
	return Partition{Key: key, Fingerprint: f.done(), Make: func(ctx context.Context) (c Content, err error) {
		rows, err := p.rowsFile(m.month.String(), span(m.first, m.end))
		if err != nil {
			return c, err
		}
		published, err := publishedFile(m.month.String(), p.reader.Cases(ctx, p.lines[m.first].number, p.lines[m.end-1].number))
		c.Files = []File{rows, published}
		return c, err
	}}
}

// wholeData makes the files of all cases.
func (p *planner) wholeData() Partition {
	key := "data/whole"
	f := p.finger(key)
	f.sum(p.everyone.facts)
	return Partition{Key: key, Fingerprint: f.done(), Make: func(ctx context.Context) (c Content, err error) {
		rows, err := p.rowsFile("", span(0, len(p.lines)))
		if err != nil {
			return c, err
		}
		published, err := publishedFile("", func(yield func(record.Case, error) bool) {
			for f, err := range p.reader.Facts(ctx) {
				if !yield(f.Case, err) {
					return
				}
			}
		})
		c.Files = []File{rows, published}
		return c, err
	}}
}

// unitData makes the rows of each unit's cases, in the groups of their lists.
func (p *planner) unitData() []Partition {
	units := map[string][]record.UnitID{}
	var keys []string
	for _, u := range p.register.Units {
		if len(p.byUnit[u.ID].all) == 0 {
			continue
		}
		key := fmt.Sprintf("data/unit/%02d", group(string(u.ID), unitListGroups))
		if units[key] == nil {
			keys = append(keys, key)
		}
		units[key] = append(units[key], u.ID)
	}
	var parts []Partition
	for _, key := range keys {
		f := p.finger(key)
		for _, u := range units[key] {
			f.str(string(u))
			f.sum(p.byUnit[u].facts)
		}
		parts = append(parts, Partition{Key: key, Fingerprint: f.done(), Make: func(context.Context) (c Content, err error) {
			for _, u := range units[key] {
				file, err := p.rowsFile("unit/"+string(u), func(yield func(int) bool) {
					for _, i := range p.byUnit[u].all {
						if !yield(int(i)) {
							return
						}
					}
				})
				if err != nil {
					return c, err
				}
				c.Files = append(c.Files, file)
			}
			return c, nil
		}})
	}
	return parts
}

// registersData makes the registers and every codebook.
func (p *planner) registersData() Partition {
	key := "data/registers"
	f := p.finger(key)
	f.sum(p.regPrint)
	f.str(fmt.Sprint(p.Ranks))
	if p.Deadlines != nil {
		f.str(fmt.Sprint(p.Deadlines.Applied()), fmt.Sprint(p.Deadlines.Calendar().Years()))
	}
	f.str(p.sampledPrint())
	return Partition{Key: key, Fingerprint: f.done(), Make: func(context.Context) (Content, error) {
		var c Content
		add := func(name string, file, book []byte) {
			if file != nil {
				c.Files = append(c.Files, File{Path: record.DataFile(name, ""), Body: file})
			}
			c.Files = append(c.Files, File{Path: record.DataFile("codebook", name), Body: book})
		}
		units, areas, topics, channels := opendata.Units(), opendata.Areas(), opendata.Topics(), opendata.Channels()
		add("units", units.File(p.register.Units), units.Codebook())
		add("areas", areas.File(p.register.Areas), areas.Codebook())
		add("topics", topics.File(p.register.Topics), topics.Codebook())
		add("channels", channels.File(p.register.Channels), channels.Codebook())
		samples := opendata.Samples()
		add("samples", samples.File(p.sampledCases()), samples.Codebook())
		c.Files[len(c.Files)-2].Shows = p.sampledShows()
		add("rows", nil, opendata.Rows().Codebook())
		add("published", nil, opendata.Published().Codebook())
		add("figures", nil, opendata.Figures().Codebook())
		add("breakdowns", nil, opendata.Breakdowns().Codebook())
		add("codebook", nil, opendata.Codebooks().Codebook())
		add("rankings", nil, opendata.Rankings(p.Ranks).Codebook())
		add("ranking-rules", opendata.RankRules().File(opendata.ListRankRules(p.Ranks)), opendata.RankRules().Codebook())
		if p.Deadlines != nil {
			rules, holidays := opendata.Deadlines(), opendata.Holidays()
			add("deadlines", rules.File(p.Deadlines.Applied()), rules.Codebook())
			add("holidays", holidays.File(opendata.ListHolidays(p.Deadlines.Calendar())), holidays.Codebook())
		}
		return c, nil
	}}
}
