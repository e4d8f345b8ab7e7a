package promise

import (
	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// Status is how a commitment stands on a cut-off.
type Status string

// The statuses. A commitment has one of them.
const (
	Open     Status = "open"      // its day has not come, and no outcome is stated
	Kept     Status = "kept"      // kept on its day or before
	KeptLate Status = "kept-late" // kept after its day
	Partly   Status = "partly"    // kept in part
	Broken   Status = "broken"    // not kept
	Overdue  Status = "overdue"   // its day has come, and no outcome is stated: unknown, and not kept
	Gone     Status = "gone"      // its case was withdrawn or is a row alone: neither outcome nor day is shown
	Undone   Status = "undone"    // it was accepted by mistake
)

// Statuses lists the statuses in the order in which they are shown.
func Statuses() []Status {
	return []Status{Kept, KeptLate, Partly, Broken, Overdue, Open, Gone, Undone}
}

// StatusOf returns the status on a cut-off. An outcome of a later day has not happened
// yet. A commitment is due on its day, as a case is.
func StatusOf(c *record.Commitment, cutoff record.Day) Status {
	stated := c.Keeping.Valid() && c.On.Known() && c.On <= cutoff
	switch {
	case c.Standing == record.TakenBack:
		return Undone
	case c.Standing == record.ReplyGone:
		return Gone
	case stated && c.Keeping == record.Kept && c.On > c.Due:
		return KeptLate
	case stated && c.Keeping == record.Kept:
		return Kept
	case stated && c.Keeping == record.Partly:
		return Partly
	case stated:
		return Broken
	case c.Due > cutoff:
		return Open
	}
	return Overdue
}

// Count is how many commitments there are of each status. The zero Count is of none.
type Count struct {
	Kept, KeptLate, Partly, Broken, Overdue, Open, Gone, Undone int64

	Changed int64 // of those that are shown: the reply was changed since
}

// Add counts a commitment on a cut-off.
func (n *Count) Add(c *record.Commitment, cutoff record.Day) {
	*n.of(StatusOf(c, cutoff))++
	if c.Standing == record.ReplyChanged {
		n.Changed++
	}
}

func (n *Count) of(s Status) *int64 {
	switch s {
	case Kept:
		return &n.Kept
	case KeptLate:
		return &n.KeptLate
	case Partly:
		return &n.Partly
	case Broken:
		return &n.Broken
	case Overdue:
		return &n.Overdue
	case Open:
		return &n.Open
	case Gone:
		return &n.Gone
	}
	return &n.Undone
}

// Of returns how many there are of a status.
func (n Count) Of(s Status) int64 { return *n.of(s) }

// Made is the commitments that were accepted and not taken back.
func (n Count) Made() int64 { return n.Due() + n.Open + n.Gone }

// Due is the commitments that are to be judged by: their day has come, or their
// outcome is stated already.
func (n Count) Due() int64 { return n.Kept + n.KeptLate + n.Partly + n.Broken + n.Overdue }

// KeptOfDue is the rate of the commitments kept by their day.
func (n Count) KeptOfDue() record.Rate { return record.Rate{Num: n.Kept, Den: n.Due()} }

// Total returns how many commitments there are, those taken back too.
func (n Count) Total() int64 { return n.Made() + n.Undone }

// The identifiers of the measures of commitments.
const (
	MeasureMade      = "commitments-made"
	MeasureDue       = "commitments-due"
	MeasureKeptOfDue = "commitments-kept-of-due"
)

// Measures describes what is measured of commitments, for the page on method. They are
// no measures of cases: they are counted for the whole installation and for each unit,
// over all time, and units are not ranked by them.
func Measures() []assess.Measure {
	unit := assess.Text{Zh: "项承诺", En: "commitments"}
	only := assess.Text{
		Zh: "只计经人工确认的承诺；程序找出而无人确认的措辞不计入。确认有误而撤销的不计入，另列件数。",
		En: "Only commitments that a person has accepted; a wording found by rule alone is none. Those accepted by mistake and taken back are left out, and their number is shown.",
	}
	gone := assess.Text{
		Zh: only.Zh + "所在诉求件已撤下或只公开一行的，列为“未知”，不计入分子和分母；期限未到且没有结果的不计入。",
		En: only.En + " Where the case was withdrawn or is published as a row alone, the commitment is counted as unknown, in neither numerator nor denominator. One whose day has not come and that has no outcome is left out.",
	}
	return []assess.Measure{
		{
			ID: MeasureMade, Version: 1, Kind: assess.CountMeasure, Name: assess.Text{Zh: "答复中的承诺", En: "Commitments made"},
			Formula: assess.Text{Zh: "答复中写明期限、经人工确认为承诺的项数，所在诉求件后来撤下或只公开一行的也计入。一件诉求可以有几项承诺。",
				En: "Number of promises of a reply that name a time and that a person has accepted as commitments, those too of cases that were withdrawn later or are published as a row alone. A case can have several."},
			Unit: unit, LeftOut: only,
		},
		{
			ID: MeasureDue, Version: 1, Kind: assess.CountMeasure, Name: assess.Text{Zh: "到期的承诺", En: "Commitments due"},
			Formula: assess.Text{Zh: "承诺中，期限不晚于统计截止日的，以及期限未到但截至统计截止日已有结果的项数。",
				En: "Number of commitments whose day is the cut-off or earlier, or whose outcome was stated on or before the cut-off though their day has not come."},
			Unit: unit, LeftOut: gone,
		},
		{
			ID: MeasureKeptOfDue, Version: 1, Kind: assess.RateMeasure, Name: assess.Text{Zh: "承诺按期兑现率", En: "Commitments kept by their day"},
			Formula: assess.Text{Zh: "到期的承诺中，有记录表明在期限当日或之前兑现的项数 ÷ 到期的承诺项数。逾期兑现、部分兑现、未兑现以及到期而没有记录结果的，计入分母，不计入分子：没有结果的记录不等于已兑现。",
				En: "Commitments due that by the record were kept on their day or before ÷ commitments due. Those kept late, kept in part, broken, and those due without an outcome on record are in the denominator alone: an outcome that nobody stated is unknown, and not kept."},
			Unit: unit, LeftOut: gone,
		},
	}
}
