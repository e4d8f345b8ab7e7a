package pages

import (
	"strings"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// placedUnit is a line of a ranking as its page says it, without those ranked through it.
func (p *planner) placedUnit(lang string, r *assess.Ranking, l *assess.Placed, then *firstRanking) rankedUnit {
	words := p.Labels[lang]
	u := rankedUnit{Cells: []cell{}, Rated: "yes"}
	if l.Standing == assess.StandsNoUnit {
		u.Name = words.say("rank.no_unit", "n", thousands(l.Received))
	} else {
		u.link, u.Rows = p.unitLink(lang, l.Unit), p.unitRows(l.Unit)
	}
	for _, f := range l.Figures {
		u.Cells = append(u.Cells, rateCell(f))
		if f.Den < r.Rules.Minimum {
			u.Rated = ""
		}
	}
	for _, id := range l.Inherits {
		u.From = append(u.From, rankedUnit{link: p.unitLink(lang, id), Rows: p.unitRows(id), Cells: []cell{}})
	}
	if l.Standing != assess.StandsNoUnit {
		u.Done, u.Ended = p.measuredOf(lang, l.Unit, r.View, r.Period), p.endedText(lang, l.Unit, r.Period)
	}
	if before := then.of(l.Unit); before != nil && r.Differs(l, before) {
		u.First = p.firstText(lang, then.cutoff, before)
	}
	e := l.Entry
	if e == nil {
		return u
	}
	u.Score = e.Score
	if e.Place > 0 {
		u.Place = itoa(e.Place)
	}
	if e.Raise > 0 {
		u.Change = append(u.Change, words.say("rank.raise", "n", thousands(e.Raise), "band", inLang(r.Rules.Bands[e.RaiseTo].Name, lang)))
	}
	if e.Lower > 0 {
		u.Change = append(u.Change, words.say("rank.lower", "n", thousands(e.Lower), "band", inLang(r.Rules.Bands[e.LowerTo].Name, lang)))
	}
	u.Notice = p.rankNotice(lang, r.Notice(e), e.Running)
	if r.View == assess.AsItWas && e.Running >= assess.NoticeAfter && (e.Band == 0 || e.Band == len(r.Rules.Bands)-1) {
		u.Recent = p.recentText(lang, r, e)
	}
	u.Own = p.ownText(lang, e)
	return u
}

// ownText says what was delivered with a unit itself, where its line holds the cases of others
// too; "" where all are its own.
func (p *planner) ownText(lang string, e *assess.Entry) string {
	words := p.Labels[lang]
	switch {
	case len(e.Through)+len(e.Inherits) == 0:
		return ""
	case e.Own.Received == 0:
		return words.say("rank.own_none")
	}
	return words.say("rank.own", "n", thousands(e.Own.Received), "rates", p.ratesText(lang, e.Own.Figures))
}

// ratesText writes rates in a line, each with its name where there are several, and without
// a percentage below the minimum.
func (p *planner) ratesText(lang string, figures []record.Figure) string {
	var rates []string
	for _, f := range figures {
		rate := thousands(f.Num) + " / " + thousands(f.Den)
		if f.Den >= p.Ranks.Minimum {
			rate = f.Percent(2) + "% " + rate
		}
		if len(figures) > 1 {
			rate = measureNames(lang)[f.Measure] + " " + rate
		}
		rates = append(rates, rate)
	}
	return strings.Join(rates, p.Labels[lang].say("rank.and"))
}

// endedText says that a unit had been merged or abolished by the end of a period; "" where
// it had not.
func (p *planner) endedText(lang string, id record.UnitID, period record.Period) string {
	_, end, _ := period.Bounds()
	if u := p.units[id]; u.To.Known() && end.Known() && u.To <= end {
		return p.Labels[lang].say("former.ended", "day", u.To.String())
	}
	return ""
}

// rankNotice words a notice after so many rankings on end, or is nil where there is none.
func (p *planner) rankNotice(lang string, n assess.Notice, running int) *rankNotice {
	if n == assess.NoNotice {
		return nil
	}
	words := p.Labels[lang]
	runs := words.say("rank.runs", "n", itoa(running))
	if running == assess.RunsKept {
		runs = words.say("rank.runs_more", "n", itoa(running))
	}
	return &rankNotice{string(n), words.say("rank."+string(n), "runs", runs)}
}

// unitRows is the path of the rows of a unit's cases; "" where it has none.
func (p *planner) unitRows(id record.UnitID) string {
	if s := p.byUnit[id]; s != nil && len(s.all) > 0 {
		return record.DataFile("rows", "unit/"+string(id))
	}
	return ""
}

// recentText says what an entry did in the latest month alone.
func (p *planner) recentText(lang string, r *assess.Ranking, e *assess.Entry) string {
	m, err := record.ParseMonth(r.Period.Name())
	if err != nil || len(e.Recent) == 0 {
		return ""
	}
	rates := p.ratesText(lang, e.Recent)
	if own := e.OwnRecent(); len(e.Through) > 0 {
		rates += p.Labels[lang].say("rank.recent_own", "rate", p.ratesText(lang, own))
	}
	return p.Labels[lang].say("rank.recent", "month", p.monthName(lang, m), "rate", rates)
}
