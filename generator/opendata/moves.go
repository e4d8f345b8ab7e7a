package opendata

import (
	"strings"

	"github.com/huiyin/huiyin/generator/assess/moves"
	"github.com/huiyin/huiyin/generator/record"
)

// MoveRow is what is counted of the moves of cases between units, of one of them or of
// all.
type MoveRow struct {
	Unit   record.UnitID // "": the whole installation
	Cutoff record.Day
	Period record.Period
	*moves.Counts
}

// Moves is how long cases stayed with each unit.
func Moves() *Table[MoveRow] {
	type row = MoveRow
	number := func(name, zh, en string, n func(*row) int64) Column[row] {
		return Column[row]{name, Integer, text(zh, en), nil, func(r *row) string { return itoa(n(r)) }}
	}
	middle := func(name, zh, en string, days func(*row) *moves.Days) Column[row] {
		return Column[row]{name, Decimal, text(zh, en), nil, func(r *row) string {
			m := days(r).Median()
			if m.Den == 0 {
				return ""
			}
			if m.Num%2 != 0 {
				return itoa(m.Num/2) + ".5"
			}
			return itoa(m.Num / 2)
		}}
	}
	t := &Table[row]{
		Name: "moves", Key: []string{"unit"},
		Units: map[string]Unit{
			"cases": Cases, "passed_from": Cases, "passed_to": Cases, "returned": Cases, "stays": Stays, "median": Days, "open": Stays, "open_median": Days, "unknown": Stays,
		},
		About: text("转办和停留时间：全文公开且提供流转记录的诉求件，在每个单位停留几天，每个单位一行，全站的单位为空。",
			"Moves: how many days cases stayed with each office, of those published in full that have a record of their moves; a row an office, that of the whole site without one."),
		Columns: []Column[row]{
			{"unit", ID, text("单位；全站为空", "The office; empty for the whole site"), nil, func(r *row) string { return string(r.Unit) }},
			{"period", Period, text("统计期，按收到日期", "Period, by the day of receipt"), nil, func(r *row) string { return string(r.Period) }},
			{"cutoff", Day, text("统计截止日", "Cut-off: the last day that is known of"), nil, func(r *row) string { return r.Cutoff.String() }},
			number("cases", "流转记录中出现该单位的件数", "Cases with a move from or to the office", func(r *row) int64 { return r.Cases }),
			number("passed_from", "由该单位转出的件数，不含退单", "Cases that the office passed on, returns left out", func(r *row) int64 { return r.From }),
			number("passed_to", "转到该单位的件数，不含退单", "Cases that were passed on to the office, returns left out", func(r *row) int64 { return r.To }),
			number("returned", "由该单位退单的件数", "Cases that the office returned", func(r *row) int64 { return r.Returned }),
			number("stays", "已结束的停留次数；同一件两次到该单位的，为两次", "Stays that have ended; a case that came twice has two", func(r *row) int64 { return r.Stays.N() }),
			middle("median", "已结束的停留天数中位数", "Median days of the stays that have ended", func(r *row) *moves.Days { return &r.Stays }),
			number("open", "截至统计截止日仍在该单位的停留次数", "Stays that had not ended on the cut-off", func(r *row) int64 { return r.Open.N() }),
			middle("open_median", "仍在该单位的，截至统计截止日停留天数的中位数", "Median days until the cut-off of the stays that had not ended", func(r *row) *moves.Days { return &r.Open }),
			number("unknown", "停留天数未知的次数：缺少日期，或者结束早于开始", "Stays of which the days are not known: a day is missing, or they would end before they began", func(r *row) int64 { return r.Unknown }),
		},
	}
	column := func(class string) string {
		if last, ok := strings.CutSuffix(class, "-"); ok {
			return last + "_and_more"
		}
		return strings.ReplaceAll(class, "-", "_")
	}
	for i, class := range dayClasses() {
		t.Units["days_"+column(class)] = Stays
		t.Columns = append(t.Columns, number("days_"+column(class), "已结束的停留中，停留天数在该段的次数，最后一段没有上限", "Stays that have ended after so many days; the last class has no end", func(r *row) int64 { return r.Stays.Bins()[i] }))
	}
	for i, class := range dayClasses() {
		t.Units["open_days_"+column(class)] = Stays
		t.Columns = append(t.Columns, number("open_days_"+column(class), "仍在该单位的停留中，截至统计截止日停留天数在该段的次数", "Stays that had not ended, by their days until the cut-off", func(r *row) int64 { return r.Open.Bins()[i] }))
	}
	return t
}
