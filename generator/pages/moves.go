package pages

import (
	"github.com/huiyin/huiyin/generator/assess/moves"
	"github.com/huiyin/huiyin/generator/opendata"
	"github.com/huiyin/huiyin/generator/record"
)

// movesView is how long cases stayed with a unit, or with all, between their moves.
type movesView struct {
	Cases      string    `json:"cases"`
	From       string    `json:"from,omitempty"` // of a unit
	To         string    `json:"to"`
	Returned   string    `json:"returned"`
	Stays      string    `json:"stays"`
	Median     cell      `json:"median"`
	Open       string    `json:"open"`
	OpenMedian cell      `json:"open_median"`
	Unknown    string    `json:"unknown,omitempty"`
	Rows       []moveRow `json:"rows"`
	Data       string    `json:"data"`
}

// moveRow is how many stays are of so many days.
type moveRow struct {
	Name    string `json:"name"`
	N       string `json:"n"`                 // that have ended
	Percent string `json:"percent,omitempty"` // of them; "" where there are none
	Open    string `json:"open"`              // that have not
}

// addMoves counts the moves of a case of the twelve months to the cut-off.
func (p *planner) addMoves(f *record.Fact) {
	if first, last, _ := p.rolling().Bounds(); first <= f.Received && f.Received <= min(last, p.cutoff) {
		p.moves.Add(f)
	}
}

// moveRow is what is counted of a unit, or of all with the empty one.
func (p *planner) moveRow(id record.UnitID) opendata.MoveRow {
	r := opendata.MoveRow{Unit: id, Cutoff: p.cutoff, Period: p.rolling(), Counts: p.moves.Of(id)}
	if r.Counts == nil {
		r.Counts = new(moves.Counts)
	}
	return r
}

// moveRows is what is counted of all, and of each unit of the register that has a move.
func (p *planner) moveRows() []opendata.MoveRow {
	rows := []opendata.MoveRow{p.moveRow("")}
	for _, id := range p.notedUnits() {
		if p.moves.Of(id) != nil {
			rows = append(rows, p.moveRow(id))
		}
	}
	return rows
}

// movesFinger adds to f what is counted of a unit, or of all.
func (p *planner) movesFinger(f *finger, id record.UnitID) {
	f.num(moves.Version)
	row := p.moveRow(id)
	for _, c := range opendata.Moves().Columns {
		f.str(c.Value(&row))
	}
}

// movesView prints what is counted of a unit, or of all; nil where no case has a move.
func (p *planner) movesView(lang string, id record.UnitID) *movesView {
	n := p.moves.Of(id)
	if n == nil {
		return nil
	}
	middle := func(d *moves.Days) cell {
		m := d.Median()
		if m.Den == 0 {
			return cell{State: "none"}
		}
		return cell{State: "days", Num: halves(m.Num)}
	}
	v := &movesView{
		Cases: thousands(n.Cases), To: thousands(n.To), Returned: thousands(n.Returned),
		Stays: thousands(n.Stays.N()), Median: middle(&n.Stays), Open: thousands(n.Open.N()), OpenMedian: middle(&n.Open), Data: record.DataFile("moves", ""),
	}
	if id != "" {
		v.From, v.Data = thousands(n.From), noteFile("moves", id)
	}
	if n.Unknown > 0 {
		v.Unknown = thousands(n.Unknown)
	}
	names, stays, open := binNames(p.Labels[lang]), n.Stays.Bins(), n.Open.Bins()
	for i, name := range names {
		r := moveRow{Name: name, N: thousands(stays[i]), Open: thousands(open[i])}
		if n.Stays.N() > 0 {
			r.Percent = record.Rate{Num: stays[i], Den: n.Stays.N()}.Percent(1)
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}
