package opendata

import (
	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// RankingRow is one measure of a line of a ranking.
type RankingRow struct {
	View     assess.View
	Period   record.Period
	Cutoff   record.Day
	Level    int           // of the peer group
	Kind     string        // of the peer group
	Unit     record.UnitID // empty: the cases without a unit
	Standing assess.Standing
	Band     string            // only of one that is ranked, as what follows
	Place    int               // 0: none is given
	Score    string            // of several measures: their weighted mean
	Raise    int64             // cases to the next better band
	Lower    int64             // cases to the next band
	Running  int               // for how many rankings on end it has been in its band
	Notice   assess.Notice     // what that has reached
	Month    *record.Figure    // of the latest month alone
	Own      *assess.Line      // what was delivered with the unit itself
	RunOwn   int               // for how many of Running its own cases were in the band too
	OwnOf    *record.Figure    // of Own
	OwnMonth *record.Figure    // of Own, of the latest month alone
	Through  record.UnitID     // of one that is ranked through another: that one
	Inherits []record.UnitID   // as it is: the units whose cases it has taken over
	Received int64             // cases of the period
	Figure   record.Figure     // of one that is ranked: with the cases of those ranked through it
	First    *record.FirstLine // what was first published of the unit in this ranking, with the cut-off of that
	FirstTo  record.Day
}

// RankingRows returns the rows of a ranking, in the order of its page. first is what was
// first published of it, as it was; nil: that is not known, or it is in the other view.
func RankingRows(r *assess.Ranking, first *record.FirstRanking) (rows []RankingRow) {
	then := map[record.UnitID]*record.FirstLine{}
	base := RankingRow{View: r.View, Period: r.Period, Cutoff: r.Cutoff}
	if first != nil {
		base.FirstTo = first.Cutoff
		for i := range first.Lines {
			then[first.Lines[i].Unit] = &first.Lines[i]
		}
	}
	for _, p := range r.Placed() {
		row := base
		row.Level, row.Kind, row.Unit, row.Standing, row.Through = p.Level, p.Kind, p.Unit, p.Standing, p.Through
		row.Inherits, row.Received, row.First = p.Inherits, p.Received, then[p.Unit]
		delete(then, p.Unit)
		e := p.Entry
		if e != nil {
			row.Band, row.Place, row.Score, row.Raise, row.Lower = r.Rules.Bands[e.Band].ID, e.Place, e.Score, e.Raise, e.Lower
			row.Running, row.Notice = e.Running, r.Notice(e)
			row.Own, row.RunOwn = &e.Own, e.Earned
		}
		for i, f := range p.Figures {
			row.Figure = f
			if e != nil {
				row.OwnOf = &e.Own.Figures[i]
			}
			if e != nil && len(e.Recent) > 0 {
				row.Month, row.OwnMonth = &e.Recent[i], &e.OwnRecent()[i]
			}
			rows = append(rows, row)
		}
	}
	if first == nil {
		return rows
	}
	for _, l := range first.Lines {
		if then[l.Unit] == nil {
			continue
		}
		for _, c := range l.Counts {
			row := base
			row.Unit, row.Standing, row.First = l.Unit, assess.StandsGone, &l
			row.Figure.Measure, row.Figure.Version = c.Measure, c.Version
			rows = append(rows, row)
		}
	}
	return rows
}

// then returns what was first published of the row's measure.
func (r *RankingRow) then() (c record.FirstCount, ok bool) {
	if r.First == nil {
		return c, false
	}
	for _, c := range r.First.Counts {
		if c.Measure == r.Figure.Measure {
			return c, true
		}
	}
	return c, false
}

// thenCount writes one of those numbers.
func thenCount(of func(record.FirstCount) int64) func(*RankingRow) string {
	return func(r *RankingRow) string {
		c, ok := r.then()
		if !ok {
			return ""
		}
		return itoa(of(c))
	}
}

// thenWord writes a word of what was first published.
func thenWord(of func(*record.FirstLine) string) func(*RankingRow) string {
	return func(r *RankingRow) string {
		if r.First == nil {
			return ""
		}
		return of(r.First)
	}
}

// part writes a number of a figure that not every line has.
func part(figure func(*RankingRow) *record.Figure, of func(*record.Figure) int64) func(*RankingRow) string {
	return func(r *RankingRow) string {
		if f := figure(r); f != nil {
			return itoa(of(f))
		}
		return ""
	}
}

// now writes a number of a line that is there today.
func now(of func(*RankingRow) int64) func(*RankingRow) string {
	return func(r *RankingRow) string {
		if r.Standing == assess.StandsGone {
			return ""
		}
		return itoa(of(r))
	}
}

// compared writes a number that only a line has that is ranked by one measure.
func compared(of func(*RankingRow) int64) func(*RankingRow) string {
	return func(r *RankingRow) string {
		if r.Band == "" || r.Score != "" {
			return ""
		}
		return itoa(of(r))
	}
}

// Rankings is who stands where, and with which numbers, by the rules of the installation.
func Rankings(rules assess.RankRules) *Table[RankingRow] {
	if len(rules.Bands) == 0 { // nobody is ranked
		rules = assess.DefaultRankRules()
	}
	var bands []string
	for _, b := range rules.Bands {
		bands = append(bands, b.ID)
	}
	standings := strs(assess.Standings()...)
	const means = "ranked 参加分档；through 件数不足，并入上级单位参加分档；apart-few 件数不足、不分档；apart-unknown 数据不全、不分档；apart-no-peers 未标明层级和类别、不分档；no-unit 未标明主办单位的诉求件；gone 首次公布时列出、现在不再列出。除 through 外，每件诉求计入且只计入一行"
	const meansEn = "ranked; through: too few cases, ranked through the unit above; apart-few: too few, no band; apart-unknown: too little known, no band; apart-no-peers: neither level nor kind known, no band; no-unit: the cases without a unit; gone: listed when first published, and no longer. But for through, each case is in one row"
	notices := strs(assess.InterviewDue, assess.PraiseDue)
	month := func(r *RankingRow) *record.Figure { return r.Month }
	own := func(r *RankingRow) *record.Figure { return r.OwnOf }
	ownMonth := func(r *RankingRow) *record.Figure { return r.OwnMonth }
	num := func(f *record.Figure) int64 { return f.Num }
	den := func(f *record.Figure) int64 { return f.Den }
	return &Table[RankingRow]{
		Name: "rankings", Key: []string{"view", "period", "unit", "measure"},
		Units: map[string]Unit{
			"level": NoUnit, "place": NoUnit, "score": Percent, "raise": Cases, "lower": Cases, "months_running": Months, "month_numerator": Cases, "month_denominator": Cases, "received": Cases,
			"own_received": Cases, "own_numerator": Cases, "own_denominator": Cases, "own_unknown": Cases, "own_months_running": Months, "own_month_numerator": Cases, "own_month_denominator": Cases,
			"version": NoUnit, "numerator": Cases, "denominator": Cases, "percent": Percent, "unknown": Cases, "first_numerator": Cases, "first_denominator": Cases, "first_unknown": Cases,
		},
		About: text("分档排名：每个单位、每个指标一行；件数不足的单位并入上级单位参加分档，并逐一列出。分档规则见 ranking-rules.csv。", "Rankings: a row a unit and measure. Units with too few cases are ranked through the unit above them and listed with it. The rules are in ranking-rules.csv."),
		Columns: []Column[RankingRow]{
			{"view", Word, text("口径：as-it-was 当时口径，每件诉求计入数据中标明的主办单位；as-it-is 现行口径，撤并的单位计入承接单位。两种口径的上级、层级、类别都按登记表现行内容", "View: as it was, every case for the unit that it was delivered with; or as it is now, merged units counting for their successors. Parent, level and kind are those of today's register in both"),
				strs(assess.AsItWas, assess.AsItIs), func(r *RankingRow) string { return string(r.View) }},
			{"period", Period, text("统计期，按收到日期", "Period, by the day of receipt"), nil, func(r *RankingRow) string { return string(r.Period) }},
			{"cutoff", Day, text("统计截止日", "Cut-off: the last day that is known of"), nil, func(r *RankingRow) string { return r.Cutoff.String() }},
			{"level", Integer, text("同级同类组的层级", "Level of the peer group"), nil, func(r *RankingRow) string { return known(r.Level) }},
			{"kind", String, text("同级同类组的类别", "Kind of the peer group"), nil, func(r *RankingRow) string { return r.Kind }},
			{"unit", ID, text("单位，见 units.csv；未标明主办单位的诉求件一行为空", "Unit, of units.csv; empty in the row of the cases without one"), nil, func(r *RankingRow) string { return string(r.Unit) }},
			{"standing", Word, text(means, meansEn), standings, func(r *RankingRow) string { return string(r.Standing) }},
			{"band", Word, text("档次，见 ranking-rules.csv；按未四舍五入的数值分档", "Band, of ranking-rules.csv; by the rate before it is rounded"), bands, func(r *RankingRow) string { return r.Band }},
			{"place", Integer, text("名次；未设名次的为空；数值相同的并列", "Place; empty where none are given; equal values share one"), nil, func(r *RankingRow) string { return known(r.Place) }},
			{"score", Decimal, text("综合得分；只有一个指标时为空", "Weighted mean of the rates; empty where one measure is compared"), nil, func(r *RankingRow) string { return r.Score }},
			{"raise", Integer, text("分子再多多少件进入更高的档；首档为0；多个指标时为空", "With so many more in the numerator it were in a better band; 0 in the first; empty where several measures are compared"), nil, compared(func(r *RankingRow) int64 { return r.Raise })},
			{"lower", Integer, text("分子少多少件降为更低的档；末档为0；多个指标时为空", "With so many fewer in the numerator it were in a worse band; 0 in the last; empty where several measures are compared"), nil, compared(func(r *RankingRow) int64 { return r.Lower })},
			{"months_running", Integer, text("连续多少期处于本档；每期为截至当月的12个月，一月一期；12表示12期以上；全年排名为空", "In how many rankings on end it has been in its band, each of the twelve months to a month; 12 is 12 or more; empty for a year"), nil, func(r *RankingRow) string { return known(r.Running) }},
			{"notice", Word, text("系统计算的提示：interview 达到约谈条件，praise 达到表扬条件；最近一个月单月高于末档的不提示约谈，单月为末档的不提示表扬，当月没有收到诉求件的不提示；本单位自身的诉求件也须连续两期达到最低件数并在该档；已撤并的单位、现行口径和全年排名没有提示", "What has been reached, as computed: an interview, or praise. No interview where the latest month alone is in a band above the last, no praise where it is in the last, neither where nothing was received in it; the cases of the unit itself must reach the minimum and be in the band for two rankings too; none for units that have ended, as it is now, or for a year"),
				notices, func(r *RankingRow) string { return string(r.Notice) }},
			{"month_numerator", Integer, text("统计期最后一个月单月的分子；全年排名为空", "Numerator of the last month of the period alone; empty for a year"), nil, part(month, num)},
			{"month_denominator", Integer, text("统计期最后一个月单月的分母", "Denominator of the last month of the period alone"), nil, part(month, den)},
			{"through", ID, text("并入的上级单位", "The unit through which it is ranked"), nil, func(r *RankingRow) string { return string(r.Through) }},
			{"inherits", List, text("现行口径：所承接的、本期有诉求件的原单位", "As it is now: the units whose cases of the period it has taken over"), nil, func(r *RankingRow) string { return joined(r.Inherits) }},
			{"received", Integer, text("本期收到件数；参加分档的含并入的下级单位", "Cases received in the period; of a ranked unit with those ranked through it"), nil, now(func(r *RankingRow) int64 { return r.Received })},
			{"measure", Word, text("指标", "Measure"), measuresOf(func(m *assess.Measure) bool { return m.Ranks }), func(r *RankingRow) string { return r.Figure.Measure }},
			{"version", Integer, text("公式版本", "Version of the formula"), nil, func(r *RankingRow) string { return known(r.Figure.Version) }},
			{"numerator", Integer, text("分子；参加分档的含并入的下级单位", "Numerator; of a ranked unit with those ranked through it"), nil, now(func(r *RankingRow) int64 { return r.Figure.Num })},
			{"denominator", Integer, text("分母；参加分档的含并入的下级单位", "Denominator; of a ranked unit with those ranked through it"), nil, now(func(r *RankingRow) int64 { return r.Figure.Den })},
			{"percent", Decimal, text("百分比，四舍五入到两位小数；分母不足最低件数的，只供核对，不宜比较", "Percentage, rounded half up to two decimals; below the minimum it is there to be checked and not to be compared"), nil, func(r *RankingRow) string { return r.Figure.Percent(2) }},
			{"unknown", Integer, text("因缺少所需数据而未计入的件数", "Cases left out because a value they need was not delivered"), nil, now(func(r *RankingRow) int64 { return r.Figure.Unknown })},
			{"own_received", Integer, text("本单位自身的诉求件：本期收到件数，不含并入的下级单位和所承接单位的；只有参加分档的单位有，下同", "The cases of the unit itself, without those of units ranked through it or taken over: received in the period; of ranked units alone, as what follows"), nil, func(r *RankingRow) string {
				if r.Own == nil {
					return ""
				}
				return itoa(r.Own.Received)
			}},
			{"own_numerator", Integer, text("本单位自身的分子", "Numerator of the unit itself"), nil, part(own, num)},
			{"own_denominator", Integer, text("本单位自身的分母", "Denominator of the unit itself"), nil, part(own, den)},
			{"own_unknown", Integer, text("本单位自身的未知件数", "Unknown cases of the unit itself"), nil, part(own, func(f *record.Figure) int64 { return f.Unknown })},
			{"own_months_running", Integer, text("连续多少期本单位自身的诉求件达到最低件数、单独计算也在本档；全年排名为空", "In how many rankings on end the cases of the unit itself reach the minimum and are in this band by themselves too; empty for a year"), nil, func(r *RankingRow) string {
				if r.Running == 0 {
					return ""
				}
				return itoa(int64(r.RunOwn))
			}},
			{"own_month_numerator", Integer, text("本单位自身在统计期最后一个月单月的分子；全年排名为空", "Numerator of the unit itself in the last month of the period alone; empty for a year"), nil, part(ownMonth, num)},
			{"own_month_denominator", Integer, text("本单位自身在统计期最后一个月单月的分母", "Denominator of the unit itself in the last month of the period alone"), nil, part(ownMonth, den)},
			{"first_cutoff", Day, text("本期排名首次公布时的统计截止日；现行口径不保存，为空", "Cut-off of the release that first published this ranking; empty as it is now, which is not kept"), nil, func(r *RankingRow) string { return r.FirstTo.String() }},
			{"first_standing", Word, text("首次公布时如何参加分档", "How it took part when first published"), standings, thenWord(func(l *record.FirstLine) string { return l.Standing })},
			{"first_band", String, text("首次公布时的档次", "Band when first published"), nil, thenWord(func(l *record.FirstLine) string { return l.Band })},
			{"first_notice", Word, text("首次公布时的提示", "Notice when first published"), notices, thenWord(func(l *record.FirstLine) string { return l.Notice })},
			{"first_numerator", Integer, text("首次公布时的分子", "Numerator when first published"), nil, thenCount(func(c record.FirstCount) int64 { return c.Num })},
			{"first_denominator", Integer, text("首次公布时的分母", "Denominator when first published"), nil, thenCount(func(c record.FirstCount) int64 { return c.Den })},
			{"first_unknown", Integer, text("首次公布时的未知件数", "Unknown cases when first published"), nil, thenCount(func(c record.FirstCount) int64 { return c.Unknown })},
		},
	}
}

// RankRule is one of the rules by which units are ranked.
type RankRule struct {
	Rule  string
	ID    string
	Name  assess.Text
	Value string
}

// ListRankRules lists the rules of an installation.
func ListRankRules(rules assess.RankRules) (all []RankRule) {
	if len(rules.Measures) == 0 {
		return nil
	}
	percent := func(hundredths int64) string { return record.Rate{Num: hundredths, Den: 10000}.Percent(2) }
	for _, w := range rules.Measures {
		for _, m := range assess.Measures() {
			if m.ID == w.Measure {
				all = append(all, RankRule{"measure", m.ID, m.Name, itoa(w.Weight)})
			}
		}
	}
	for _, b := range rules.Bands {
		all = append(all, RankRule{"band", b.ID, b.Name, percent(b.From)})
	}
	return append(all,
		RankRule{Rule: "minimum", Value: itoa(rules.Minimum)}, RankRule{Rule: "unknown", Value: percent(rules.Unknown)},
		RankRule{Rule: "places", Value: yesNo(rules.Places)}, RankRule{Rule: "notice", Value: itoa(assess.NoticeAfter)})
}

// RankRules is the rules of rankings.
func RankRules() *Table[RankRule] {
	return &Table[RankRule]{
		Name: "ranking-rules", Key: []string{"rule", "id"},
		About: text("分档规则：比较的指标和权重、档次界限、最低件数、未知比例上限、是否排名次、提示所需的连续期数。", "The rules of rankings: measures and weights, bands, minimum, largest share unknown, whether places are given, and after how many rankings a notice is set."),
		Columns: []Column[RankRule]{
			{"rule", Word, text("规则：measure 指标，band 档次，minimum 每个指标分母的最低件数，unknown 未知件数所占百分比的上限，places 是否排名次，notice 连续多少期后提示", "Rule: a measure, a band, the minimum of each denominator, the largest percentage unknown, whether places are given, and after how many rankings on end a notice is set"),
				[]string{"measure", "band", "minimum", "unknown", "places", "notice"}, func(r *RankRule) string { return r.Rule }},
			{"id", String, text("指标或者档次的代码", "Identifier of the measure or band"), nil, func(r *RankRule) string { return r.ID }},
			{"zh", String, text("中文名称", "Name in Chinese"), nil, func(r *RankRule) string { return r.Name.Zh }},
			{"en", String, text("英文名称", "Name in English"), nil, func(r *RankRule) string { return r.Name.En }},
			{"value", String, text("指标为权重；档次为最低百分比（未四舍五入）；其余为规则的值", "Of a measure its weight; of a band the lowest percentage, before rounding; of the others the value of the rule"), nil, func(r *RankRule) string { return r.Value }},
		},
	}
}
