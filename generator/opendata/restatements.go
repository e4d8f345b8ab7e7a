package opendata

import (
	"strconv"

	"github.com/huiyin/huiyin/generator/assess"
	"github.com/huiyin/huiyin/generator/record"
)

// noCase is the cause of a restatement that no case has made.
const noCase = "register"

// Restatements is the figures that were published and are others since, at the same
// cut-off and by the same formula.
func Restatements() *Table[record.Restatement] {
	type restatement = record.Restatement
	all := record.Scope{Dim: record.ByAll}
	kinds := measureKinds()
	return &Table[restatement]{
		Name: "restatements", Key: []string{"no"},
		Units: map[string]Unit{"no": NoUnit, "version": NoUnit, "old_numerator": AsTheRow, "old_denominator": AsTheRow, "old_unknown": Cases, "new_numerator": AsTheRow, "new_denominator": AsTheRow, "new_unknown": Cases, "cases": Cases},
		About: text("数据更正：已公布的月度、年度指标，按同一截止日和同一公式重新计算后发生变化的，每项一行。只包括按公开行统计的指标。", "Restatements: figures of months and years that were published and are others when computed again at the same cut-off by the same formula, a row each. Only figures that are counted on public rows are among them."),
		Columns: []Column[restatement]{
			{"no", Integer, text("序号，最早的一项为1", "Running number; the first that was ever told is 1"), nil, func(r *restatement) string { return strconv.Itoa(r.No) }},
			{"shown", Day, text("首次按新值公布时的统计截止日", "Cut-off of the release that showed the new figure first"), nil, func(r *restatement) string { return r.Shown.String() }},
			{"measure", Word, text("指标", "Measure"), measuresOf(func(m *assess.Measure) bool { return assess.Kept(record.Figure{Measure: m.ID, Scope: all}) }), func(r *restatement) string { return r.Old.Measure }},
			{"version", Integer, text("公式版本", "Version of the formula"), nil, func(r *restatement) string { return strconv.Itoa(r.Old.Version) }},
			{"dimension", Word, text("统计范围的种类", "What the scope is one of"),
				strs(record.ByAll, record.ByUnit, record.ByArea, record.ByChannel, record.ByOrigin), func(r *restatement) string { return string(r.Old.Scope.Dim) }},
			{"scope", ID, text("统计范围；全部为空", "The scope; empty for all"), nil, func(r *restatement) string { return r.Old.Scope.ID }},
			{"period", Period, text("统计期，按收到日期", "Period, by the day of receipt"), nil, func(r *restatement) string { return string(r.Old.Period) }},
			{"cutoff", Day, text("两个值共同的统计截止日", "Cut-off of both figures"), nil, func(r *restatement) string { return r.Old.Cutoff.String() }},
			{"old_numerator", Integer, text("原分子；没有可统计的诉求件的中位数为空", "Numerator as published; empty for a median of nothing"), nil, func(r *restatement) string { return kinds.numerator(&r.Old) }},
			{"old_denominator", Integer, text("原分母；计数类指标为空；比率为0的，没有可统计的诉求件", "Denominator as published; empty for a count; a rate of 0 cases is of nothing"), nil, func(r *restatement) string { return kinds.denominator(&r.Old) }},
			{"old_unknown", Integer, text("原未知件数", "Unknown as published"), nil, func(r *restatement) string { return itoa(r.Old.Unknown) }},
			{"new_numerator", Integer, text("现分子；没有可统计的诉求件的中位数为空", "Numerator now; empty for a median of nothing"), nil, func(r *restatement) string { return kinds.numerator(&r.New) }},
			{"new_denominator", Integer, text("现分母；计数类指标为空；比率为0的，没有可统计的诉求件", "Denominator now; empty for a count; a rate of 0 cases is of nothing"), nil, func(r *restatement) string { return kinds.denominator(&r.New) }},
			{"new_unknown", Integer, text("现未知件数", "Unknown now"), nil, func(r *restatement) string { return itoa(r.New.Unknown) }},
			{"why", List, text("变化原因：诉求件发生的事项，publish 为补报的以前收到的诉求件；register 为没有诉求件变化，系单位、区划、领域登记表或本站设置有变更", "What happened to the cases; publish: a case received before was delivered later; register: no case has changed, but the register of units, areas or topics or a setting of the site has"),
				append(strs(record.EventPublish, record.EventUpdate, record.EventCorrect, record.EventWithdraw, record.EventReinstate, record.EventMerge, record.EventPolicy), noCase), func(r *restatement) string {
					if len(r.Why) == 0 {
						return noCase
					}
					return joined(r.Why)
				}},
			{"cases", Integer, text("引起变化的诉求件数；原因是撤下而件数为0的，不说明是哪一件、原来怎样计入", "How many cases made the difference; 0 where a withdrawn case did, of which it is not told how it had counted"), nil, func(r *restatement) string { return strconv.Itoa(r.N) }},
			{"numbers", List, text("引起变化的诉求件编号，最多列20件", "Numbers of the cases, at most 20"), nil, func(r *restatement) string { return joined(r.Cases) }},
		},
	}
}
