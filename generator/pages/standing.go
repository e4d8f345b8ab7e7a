package pages

import (
	"fmt"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// standing is where a unit stands in the latest ranking.
type standing struct {
	level   int // of the peer group, and its kind
	kind    string
	as      assess.Standing
	band    int           // index into the rules' bands, of one that is ranked
	place   int           // 0: none is given
	through record.UnitID // the unit through which it is ranked
	more    int           // how many units are ranked through it
	notice  assess.Notice // what it has reached, and after how many rankings on end
	running int
	figures []record.Figure
	entry   *assess.Entry // of one that is ranked
}

// standings returns where each unit stands in the latest month that is over, as it was.
// It is what the pages of the units depend on, and not the ranking: a reply of one unit
// makes the pages of the others only where it changes where they stand.
func (p *planner) standings() map[record.UnitID]standing {
	if len(p.rankedYears()) == 0 {
		return nil
	}
	all := map[record.UnitID]standing{}
	// A run is counted no further than [assess.RunsKept] rankings.
	last := p.endedMonth()
	run := assess.RankMonths(max(p.months[0].month, last-(assess.RunsKept-1)), last, func(period record.Period) assess.Ranking {
		return p.book.Rank(p.Ranks, assess.AsItWas, period)
	})
	r := run[len(run)-1]
	for _, l := range r.Placed() {
		s := standing{level: l.Level, kind: l.Kind, as: l.Standing, through: l.Through, figures: l.Figures}
		if e := l.Entry; e != nil {
			s.band, s.place, s.more, s.notice, s.running = e.Band, e.Place, len(e.Through), r.Notice(e), e.Running
			s.entry = e
		}
		all[l.Unit] = s
	}
	return all
}

// standingFinger is what the page of a unit prints of its standing, with the rules by
// whose words it does.
func (p *planner) standingFinger(id record.UnitID) (f finger) {
	if s, ok := p.standing[id]; ok {
		f.str(marshalled(p.measuredOf(p.Langs[0], id, assess.AsItWas, record.RollingPeriod(p.endedMonth()))))
		if s.notice != assess.NoNotice {
			f.str(fmt.Sprint(s.notice, s.running))
		}
		f.str(fmt.Sprint(s.level, s.band, s.place, s.more, s.figures), s.kind, string(s.as), string(s.through), fmt.Sprint(p.Ranks.Minimum, p.Ranks.Unknown))
		if s.as == assess.Ranked {
			b := p.Ranks.Bands[s.band]
			f.str(b.Name.Zh, b.Name.En, fmt.Sprint(s.entry.Own))
		}
	}
	return f
}

// standingView is the standing of a unit as its page says it.
type standingView struct {
	Text   string        `json:"text"`
	Up     *link         `json:"up,omitempty"`     // the unit through which it is ranked
	Notice *rankNotice   `json:"notice,omitempty"` // as the ranking has it
	Done   []measuredRow `json:"done,omitempty"`   // what was done about it in the period
	Rates  []rateView    `json:"rates"`            // what is compared
	Note   string        `json:"note,omitempty"`
	Link   link          `json:"link"` // the ranking
	Data   string        `json:"data"` // path of its CSV
	// Measured is the path of the page of what was done, where anything was about it.
	Measured string `json:"measured,omitempty"`
}

type rateView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Cell cell   `json:"cell"`
	Few  string `json:"few,omitempty"` // "yes": fewer cases than the minimum, so that no percentage is printed
}

func (p *planner) standingView(lang string, id record.UnitID) *standingView {
	s, ok := p.standing[id]
	if !ok {
		return nil
	}
	words, period := p.Labels[lang], record.RollingPeriod(p.endedMonth())
	name := p.rankedName(lang, period)
	v := &standingView{
		Link: link{Name: words.say("rank.title", "period", name), Path: p.in(lang, record.RankingPath(period, false))},
		Data: record.DataFile("rankings", period.Name()), Rates: []rateView{},
	}
	v.Notice, v.Done = p.rankNotice(lang, s.notice, s.running), p.measuredOf(lang, id, assess.AsItWas, period)
	if len(v.Done) > 0 {
		v.Measured = p.in(lang, record.AccountabilityPath)
	}
	minimum := itoa(p.Ranks.Minimum)
	switch s.as {
	case assess.RankedThrough:
		up := p.unitLink(lang, s.through)
		v.Up, v.Text, v.Note = &up, words.say("peers.through", "period", name, "n", minimum), words.say("peers.few")
	case assess.StandsFew:
		v.Text, v.Note = words.say("peers.apart", "period", name, "n", minimum), words.say("peers.few")
	case assess.StandsUnknown:
		v.Text = words.say("peers.unknown", "period", name, "n", p.unknownShare())
	case assess.StandsNoPeers:
		v.Text = words.say("peers.no_peers", "period", name)
	default:
		g := assess.PeerGroup{Level: s.level, Kind: s.kind}
		v.Text = words.say("peers.band", "period", name, "group", p.groupCaption(lang, &g), "band", inLang(p.Ranks.Bands[s.band].Name, lang))
		if s.place > 0 {
			v.Text += words.say("peers.place", "place", itoa(s.place))
		}
		if s.more > 0 {
			v.Note = words.say("peers.with", "n", itoa(s.more), "minimum", minimum) + p.ownText(lang, s.entry) + words.say("p.stop")
		}
	}
	names := measureNames(lang)
	for _, f := range s.figures {
		rate := rateView{ID: f.Measure, Name: names[f.Measure], Cell: rateCell(f)}
		if f.Den < p.Ranks.Minimum {
			rate.Few = "yes"
		}
		v.Rates = append(v.Rates, rate)
	}
	return v
}
