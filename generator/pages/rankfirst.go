package pages

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// firstRanking is what a ranking said when it was first published; nil: that is not known.
type firstRanking struct {
	cutoff record.Day
	lines  []record.FirstLine
	byUnit map[record.UnitID]*record.FirstLine
}

// firstOf returns what was first published of a ranking as it was. The other view is not
// kept: it follows from the register of the day.
func (p *planner) firstOf(r *assess.Ranking) *firstRanking {
	kept := p.first[r.Period]
	if kept == nil || r.View != assess.AsItWas {
		return nil
	}
	f := &firstRanking{cutoff: kept.Cutoff, lines: kept.Lines, byUnit: map[record.UnitID]*record.FirstLine{}}
	for i := range kept.Lines {
		f.byUnit[kept.Lines[i].Unit] = &kept.Lines[i]
	}
	return f
}

// of returns the line of a unit, or nil.
func (f *firstRanking) of(id record.UnitID) *record.FirstLine {
	if f == nil {
		return nil
	}
	return f.byUnit[id]
}

// gone returns the lines of units that are in the ranking no more.
func (f *firstRanking) gone(placed []assess.Placed) (gone []*record.FirstLine) {
	if f == nil {
		return nil
	}
	there := map[record.UnitID]bool{"": true}
	for i := range placed {
		there[placed[i].Unit] = true
	}
	for i := range f.lines {
		if !there[f.lines[i].Unit] {
			gone = append(gone, &f.lines[i])
		}
	}
	return gone
}

// firstText says where a unit stood when the ranking was first published.
func (p *planner) firstText(lang string, cutoff record.Day, l *record.FirstLine) string {
	words := p.Labels[lang]
	what := []string{words.say("rank.stood_" + strings.ReplaceAll(l.Standing, "-", "_"))}
	if l.Band != "" {
		what[0] = inLang(assess.Text{Zh: l.BandZh, En: l.BandEn}, lang)
	}
	if l.Score != "" {
		what = append(what, l.Score)
	}
	for _, c := range l.Counts {
		rate := thousands(c.Num) + "/" + thousands(c.Den)
		if len(l.Counts) > 1 {
			rate = measureNames(lang)[c.Measure] + " " + rate
		}
		what = append(what, rate)
	}
	text := strings.Join(what, " ")
	if l.Notice != "" {
		text += words.say("rank.and") + words.say("rank.noticed_"+l.Notice)
	}
	return words.say("rank.first", "cutoff", cutoff.String(), "what", text)
}

// firstPrint is what the pages of a year's rankings depend on of what is kept.
func (p *planner) firstPrint(year int) string {
	var all []record.FirstRanking
	for i := range p.FirstRankings {
		f := p.FirstRankings[i]
		if strings.HasPrefix(string(f.Period), strconv.Itoa(year)) {
			f.Release = 0 // which is printed nowhere, and not known before there is one
			all = append(all, f)
		}
	}
	js, err := json.Marshal(all)
	if err != nil {
		panic("pages: rankings as first published do not marshal: " + err.Error())
	}
	return string(js)
}
