package pages

import (
	"fmt"
	"strings"

	"github.com/huiyin/huiyin/generator/assess/sample"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// check is what came of drawing a delivered sample again, and how its scores agree with
// the ratings of citizens.
type check struct {
	State   sample.Verdict `json:"state"` // label assessed.check_STATE
	Agree   []agreement    `json:"agree,omitempty"`
	Unknown string         `json:"unknown,omitempty"` // numbers that no public row has
	Data    string         `json:"data"`              // path of the CSV
	Book    string         `json:"book"`
}

// agreement is how the scores of one category of the panel, or of all, agree with the
// ratings of citizens.
type agreement struct {
	Name     string `json:"name,omitempty"` // "": all
	Exact    *cell  `json:"exact,omitempty"`
	Adjacent *cell  `json:"adjacent,omitempty"` // nil, like Exact, where there was nothing to compare
	Unrated  string `json:"unrated"`
	Other    string `json:"other"`
}

// startChecks makes the checkers of the samples delivered, before the facts are read.
func (p *planner) startChecks() {
	p.drawn = make([]*sample.Checker, len(p.assessed))
	for i := range p.assessed {
		if p.assessed[i].Sample != nil {
			p.drawn[i] = sample.NewChecker(&p.assessed[i], p.register.Areas)
		}
	}
}

// check says what came of drawing the sample of the i-th result again; nil where it has
// none.
func (p *planner) check(lang string, i int) *check {
	c := p.drawn[i]
	if c == nil {
		return nil
	}
	v := &check{State: c.Verdict(), Data: record.DataFile("samples", ""), Book: record.DataFile("codebook", "samples")}
	var unknown []string
	for _, n := range c.Unknown() {
		unknown = append(unknown, string(n))
	}
	v.Unknown = strings.Join(unknown, p.Labels[lang].say("p.list"))
	all, names, each := c.Agreement()
	if all == nil {
		return v
	}
	add := func(name string, a *sample.Agreement) {
		row := agreement{Name: record.Plain(name), Unrated: thousands(a.Unrated), Other: thousands(a.Other)}
		if a.Exact.Den > 0 {
			exact, adjacent := agreeCell(a.Exact), agreeCell(a.Adjacent)
			row.Exact, row.Adjacent = &exact, &adjacent
		}
		v.Agree = append(v.Agree, row)
	}
	add("", all)
	for k, name := range names {
		add(name, each[k])
	}
	return v
}

func agreeCell(r record.Rate) cell {
	return cell{State: "rate", Percent: r.Percent(2), Num: thousands(r.Num), Den: thousands(r.Den)}
}

// sampledCases lists the cases of all samples, with a row for each score.
func (p *planner) sampledCases() (rows []opendata.SampledCase) {
	for i, c := range p.drawn {
		if c == nil {
			continue
		}
		a := &p.assessed[i]
		judged := map[record.CaseNumber][]record.PanelScore{}
		for _, s := range a.Sample.Scores {
			judged[s.Number] = append(judged[s.Number], s)
		}
		for _, n := range a.Sample.Drawn {
			found, known := c.Found[n]
			row := opendata.SampledCase{Assessment: a.ID, Number: n, Known: known, Stratum: found.Stratum, Scale: a.Sample.Scale}
			if found.Rating.Source != record.ByPanel {
				row.Rating = found.Rating
			}
			scores := judged[n]
			if len(scores) == 0 {
				rows = append(rows, row)
			}
			for _, s := range scores {
				row.Category, row.Level = s.Category, s.Level
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// sampledShows returns the cases of samples that are published in full: their ratings stand
// beside the scores.
func (p *planner) sampledShows() (all []record.CaseNumber) {
	for i, c := range p.drawn {
		if c == nil {
			continue
		}
		for _, n := range p.assessed[i].Sample.Drawn {
			if l, ok := p.lineOf(n); ok && l.prom == record.Full {
				all = append(all, n)
			}
		}
	}
	return all
}

// sampledPrint is what pages and files of samples depend on beside what was delivered.
func (p *planner) sampledPrint() string {
	var b strings.Builder
	for _, c := range p.drawn {
		if c != nil {
			b.WriteString(string(c.Verdict()) + "\n")
		}
	}
	for _, r := range p.sampledCases() {
		fmt.Fprintf(&b, "%+v\n", r)
	}
	return b.String()
}
