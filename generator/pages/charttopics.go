package pages

import (
	"github.com/huiyin/huiyin/generator/record"
)

// topicBars is what the cases of a unit are about: a table, and the same as bars.
type topicBars struct {
	Known     string     `json:"known"` // all cases published in full
	Rows      []topicRow `json:"rows"`
	ChartHTML string     `json:"chart_html"`
	Data      string     `json:"data"` // path of the CSV
}

type topicRow struct {
	link
	N       string `json:"n"`
	Percent string `json:"percent"`
}

// topicsShown is how many topics a unit's page shows; the others are added up.
const topicsShown = 8

// topicBars returns the topics of a unit's cases published in full, or nil where none
// of them has one.
func (p *planner) topicBars(lang string, id record.UnitID) *topicBars {
	words := p.Labels[lang]
	all := p.unitTopics(id)
	var total, rest, none, named int64
	for _, t := range all {
		total += t.n
		if t.id == "" {
			none += t.n
		} else {
			named += t.n
		}
	}
	if named == 0 {
		return nil
	}
	v := &topicBars{Known: thousands(total), Data: breakdownsPath(record.Scope{Dim: record.ByUnit, ID: string(id)})}
	var names []string
	var bins []int64
	add := func(l link, n int64) {
		v.Rows = append(v.Rows, topicRow{l, thousands(n), record.Rate{Num: n, Den: total}.Percent(1)})
		names, bins = append(names, l.Name), append(bins, n)
	}
	for _, t := range all {
		switch {
		case t.id == "":
		case len(names) < topicsShown:
			add(p.topicLink(lang, t.id), t.n)
		default:
			rest += t.n
		}
	}
	if rest > 0 {
		add(link{Name: words.say("topics.rest")}, rest)
	}
	if none > 0 {
		add(link{Name: words.say("topics.none")}, none)
	}
	v.ChartHTML = namedBars(words.say("topics.chart", "known", v.Known), names, bins)
	return v
}

// namedBars draws bars like [barChart], each below its name, since names are long.
func namedBars(title string, names []string, bins []int64) string {
	const longest = 24
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = shortened(name, 2*longest)
	}
	return barForm{class: "name", nameX: 2, nameY: 16, left: 1, axis: ".5", y: 22, long: 290, step: 44, thick: 16, after: 6, base: 35, least: 1}.draw(title, short, bins)
}

// shortened cuts a name to a width, counted in letters: a Chinese character is two
// letters wide.
func shortened(s string, width int) string {
	n := 0
	for i, r := range s {
		w := 1
		if r >= 0x1100 {
			w = 2
		}
		if n+w > width {
			return s[:i] + "…"
		}
		n += w
	}
	return s
}
