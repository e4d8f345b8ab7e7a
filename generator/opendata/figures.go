package opendata

import (
	"strconv"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// Figures is published numbers, each with its denominator, cut-off and the version
// of its formula.
func Figures() *Table[record.Figure] {
	type figure = record.Figure
	kinds := measureKinds()
	return &Table[figure]{
		Name: "figures", Key: []string{"measure", "version", "dimension", "scope", "period"},
		Units: map[string]Unit{"version": NoUnit, "numerator": AsTheRow, "denominator": AsTheRow, "percent": Percent, "unknown": Cases},
		About: text("指标值：每个指标、范围和统计期一行。计算公式见“统计方法”页。", "Figures: a row a measure, scope and period. The formulas are on the page on method."),
		Columns: []Column[figure]{
			{"measure", Word, text("指标", "Measure"), measureIDs(), func(f *figure) string { return f.Measure }},
			{"version", Integer, text("公式版本", "Version of the formula"), nil, func(f *figure) string { return strconv.Itoa(f.Version) }},
			{"dimension", Word, text("统计范围的种类", "What the scope is one of"),
				strs(record.ByAll, record.ByUnit, record.ByArea, record.ByTopic, record.ByChannel, record.ByKind, record.ByPost, record.ByAddressee, record.ByLeaderKind, record.ByAgainst, record.ByOrigin), func(f *figure) string { return string(f.Scope.Dim) }},
			{"scope", ID, text("统计范围；全部为空", "The scope; empty for all"), nil, func(f *figure) string { return f.Scope.ID }},
			{"period", Period, text("统计期，按收到日期", "Period, by the day of receipt"), nil, func(f *figure) string { return string(f.Period) }},
			{"cutoff", Day, text("统计截止日", "Cut-off: the last day that is known of"), nil, func(f *figure) string { return f.Cutoff.String() }},
			{"numerator", Integer, text("分子；计数类指标的值；中位数的两倍，没有可统计的诉求件的为空", "Numerator; the number of a count; twice a median, and empty where there is nothing to take it of"), nil, func(f *figure) string { return kinds.numerator(f) }},
			{"denominator", Integer, text("分母；计数类指标为空；中位数为2，没有可统计的诉求件的为空；比率为0的，没有可统计的诉求件，不表示百分之零", "Denominator; empty for a count; 2 for a median, and empty where there is nothing to take it of; a rate of 0 cases is of nothing, and no zero per cent"), nil, func(f *figure) string { return kinds.denominator(f) }},
			{"percent", Decimal, text("百分比，四舍五入到两位小数；不是比率的为空", "Percentage, rounded half up to two decimals; empty where the figure is no rate"), nil, func(f *figure) string {
				if kinds[f.Measure] != assess.RateMeasure {
					return ""
				}
				return f.Percent(2)
			}},
			{"unknown", Integer, text("因缺少所需数据而未计入的件数", "Cases left out because a value they need was not delivered"), nil, func(f *figure) string { return itoa(f.Unknown) }},
		},
	}
}

// kindsOf is of which kind each measure is.
type kindsOf map[string]assess.MeasureKind

func measureKinds() kindsOf {
	all := kindsOf{}
	for _, m := range assess.Measures() {
		all[m.ID] = m.Kind
	}
	return all
}

// numerator writes the numerator of a figure. A median of nothing has none: 0 would be no days.
func (k kindsOf) numerator(f *record.Figure) string {
	if f.Den == 0 && k[f.Measure] == assess.MedianMeasure {
		return ""
	}
	return itoa(f.Num)
}

// denominator writes the denominator of a figure; that of a rate of nothing is 0.
func (k kindsOf) denominator(f *record.Figure) string {
	if f.Den == 0 && k[f.Measure] != assess.RateMeasure {
		return ""
	}
	return itoa(f.Den)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func measureIDs() []string { return measuresOf(func(*assess.Measure) bool { return true }) }

// measuresOf lists the measures that ok holds for.
func measuresOf(ok func(*assess.Measure) bool) (ids []string) {
	for _, m := range assess.Measures() {
		if ok(&m) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}
