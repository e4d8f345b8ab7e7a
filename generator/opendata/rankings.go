package opendata

import (
	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// Standing is how a unit takes part in a ranking.
type Standing string

// The standings.
const (
	Ranked        Standing = "ranked"  // it has a band
	RankedThrough Standing = "through" // below the minimum: counted with the unit above it
	TooFew        Standing = "too-few" // below the minimum, and none above that could be ranked for it
)

// RankingRow is one measure of a unit in a ranking.
type RankingRow struct {
	View     assess.View
	Period   record.Period
	Cutoff   record.Day
	Level    int    // of the peer group
	Kind     string // of the peer group
	Unit     record.UnitID
	Standing Standing
	Band     string        // only of one that is ranked, as what follows
	Place    int           // 0: none is given
	Score    string        // of several measures: their weighted mean
	Running  int           // for how many months on end it has been in its band
	Notice   assess.Notice // what that has reached
	Through  record.UnitID // of one that is ranked through another: that one
	Figure   record.Figure // of one that is ranked: with the cases of those ranked through it
}

// RankingRows returns the rows of a ranking, in the order of its page.
func RankingRows(r *assess.Ranking) (rows []RankingRow) {
	for _, g := range r.Groups {
		base := RankingRow{View: r.View, Period: r.Period, Cutoff: r.Cutoff, Level: g.Level, Kind: g.Kind}
		add := func(row RankingRow, l assess.Line) {
			row.Unit = l.Unit
			for _, f := range l.Figures {
				row.Figure = f
				rows = append(rows, row)
			}
		}
		for i := range g.Entries {
			e := &g.Entries[i]
			row := base
			row.Standing, row.Band, row.Place, row.Score = Ranked, r.Rules.Bands[e.Band].ID, e.Place, e.Score
			row.Running, row.Notice = e.Running, r.Notice(e)
			add(row, e.Line)
			for _, l := range e.Through {
				row := base
				row.Standing, row.Through = RankedThrough, e.Unit
				add(row, l)
			}
		}
		for _, l := range g.Apart {
			row := base
			row.Standing = TooFew
			add(row, l)
		}
	}
	return rows
}

// Rankings is who stands where, and with which numbers.
func Rankings() *Table[RankingRow] {
	return &Table[RankingRow]{
		Name: "rankings", Key: []string{"view", "period", "unit", "measure"},
		About: text("分档排名：每个单位、每个指标一行；件数不足的单位并入上级单位参加分档，并逐一列出。", "Rankings: a row a unit and measure. Units with too few cases are ranked through the unit above them and listed with it."),
		Columns: []Column[RankingRow]{
			{"view", Word, text("口径：as-it-was 当时口径，as-it-is 现行口径（撤并的单位计入承接单位）", "View: as it was, or as it is now, merged units counting for their successors"),
				strs(assess.AsItWas, assess.AsItIs), func(r *RankingRow) string { return string(r.View) }},
			{"period", Period, text("统计期，按收到日期", "Period, by the day of receipt"), nil, func(r *RankingRow) string { return string(r.Period) }},
			{"cutoff", Day, text("统计截止日", "Cut-off: the last day that is known of"), nil, func(r *RankingRow) string { return r.Cutoff.String() }},
			{"level", Integer, text("同级同类组的层级", "Level of the peer group"), nil, func(r *RankingRow) string { return known(r.Level) }},
			{"kind", String, text("同级同类组的类别", "Kind of the peer group"), nil, func(r *RankingRow) string { return r.Kind }},
			{"unit", ID, text("单位，见 units.csv", "Unit, of units.csv"), nil, func(r *RankingRow) string { return string(r.Unit) }},
			{"standing", Word, text("ranked 参加分档，through 并入上级单位参加分档，too-few 件数不足、不参加分档", "ranked; through: too few cases, ranked through the unit above; too-few: not ranked"),
				strs(Ranked, RankedThrough, TooFew), func(r *RankingRow) string { return string(r.Standing) }},
			{"band", Word, text("档次", "Band"), nil, func(r *RankingRow) string { return r.Band }},
			{"place", Integer, text("名次；未设名次的为空；数值相同的并列", "Place; empty where none are given; equal values share one"), nil, func(r *RankingRow) string { return known(r.Place) }},
			{"score", Decimal, text("综合得分；只有一个指标时为空", "Weighted mean of the rates; empty where one measure is compared"), nil, func(r *RankingRow) string { return r.Score }},
			{"months_running", Integer, text("连续处于本档的月数", "For how many months on end it has been in its band"), nil, func(r *RankingRow) string { return known(r.Running) }},
			{"notice", Word, text("系统计算的提示：interview 达到约谈条件，praise 达到表扬条件", "What has been reached, as computed: an interview, or praise"),
				strs(assess.InterviewDue, assess.PraiseDue), func(r *RankingRow) string { return string(r.Notice) }},
			{"through", ID, text("并入的上级单位", "The unit through which it is ranked"), nil, func(r *RankingRow) string { return string(r.Through) }},
			{"measure", Word, text("指标", "Measure"), measureIDs(), func(r *RankingRow) string { return r.Figure.Measure }},
			{"version", Integer, text("公式版本", "Version of the formula"), nil, func(r *RankingRow) string { return known(r.Figure.Version) }},
			{"numerator", Integer, text("分子；参加分档的含并入的下级单位", "Numerator; of a ranked unit with those ranked through it"), nil, func(r *RankingRow) string { return itoa(r.Figure.Num) }},
			{"denominator", Integer, text("分母；参加分档的含并入的下级单位", "Denominator; of a ranked unit with those ranked through it"), nil, func(r *RankingRow) string { return itoa(r.Figure.Den) }},
			{"percent", Decimal, text("百分比，四舍五入到两位小数", "Percentage, rounded half up to two decimals"), nil, func(r *RankingRow) string { return r.Figure.Percent(2) }},
			{"unknown", Integer, text("因缺少所需数据而未计入的件数", "Cases left out because a value they need was not delivered"), nil, func(r *RankingRow) string { return itoa(r.Figure.Unknown) }},
		},
	}
}
