package opendata

import (
	"github.com/huiyin/huiyin/generator/record"
)

// AssessedScore is one score of a result of an assessment as it was delivered; a result
// without any has one row with none.
type AssessedScore struct {
	Of       *record.Assessment
	Part     int           // place of the score in the result, from 1; 0: it has none
	Known    bool          // whether the unit or area is in the register, or the result of the whole site
	Heir     record.UnitID // the unit that has taken the place of the unit at the cut-off
	Overlaps record.Period // another period for which the same body assessed the same
}

// What a result is of.
const (
	ofSite   = "site"
	ofUnit   = "unit"
	ofArea   = "area"
	ofAstray = "astray"
)

func (r *AssessedScore) of() string {
	switch {
	case r.Of.Astray():
		return ofAstray
	case r.Of.Unit != "":
		return ofUnit
	case r.Of.Area != "":
		return ofArea
	}
	return ofSite
}

// score writes a part of the score; nothing where the result has none.
func scored(of func(*record.Score) string) func(*AssessedScore) string {
	return func(r *AssessedScore) string {
		if r.Part < 1 || r.Part > len(r.Of.Scores) {
			return ""
		}
		return of(&r.Of.Scores[r.Part-1])
	}
}

// Assessments is the results of assessments as evaluating bodies delivered them.
func Assessments() *Table[AssessedScore] {
	type row = AssessedScore
	return &Table[row]{
		Name: "assessments", Key: []string{"assessment", "part"},
		Units: map[string]Unit{"part": NoUnit, "value": NoUnit, "max": NoUnit},
		About: text("考核结果：每项得分一行，由考核、评估机构提供，原样列出，不与本站指标合并；没有得分的也有一行。抽样见 samples.csv。",
			"Results of assessments: a row a score, as evaluating bodies delivered them, never merged with the figures of this site; a result without a score has a row too. Samples behind them are in samples.csv."),
		Columns: []Column[row]{
			{"assessment", ID, text("考核结果的标识", "Identifier of the assessment"), nil, func(r *row) string { return r.Of.ID }},
			{"part", Integer, text("得分在该结果中的序号，从1起；没有得分的为0", "Place of the score in the result, from 1; 0 where there is none"), nil, func(r *row) string { return itoa(int64(r.Part)) }},
			{"of", Word, text("考核对象：unit 单位；area 区划；site 全站；astray 提供了对象但不能识别", "What it is of: an office, an area, the whole site; astray: it was delivered and cannot be made out"), []string{ofUnit, ofArea, ofSite, ofAstray}, func(r *row) string { return r.of() }},
			{"unit", ID, text("单位，见 units.csv", "Office, of units.csv"), nil, func(r *row) string { return string(r.Of.Unit) }},
			{"area", ID, text("区划，见 areas.csv", "Area, of areas.csv"), nil, func(r *row) string { return string(r.Of.Area) }},
			{"known", Yes, text("考核对象是否在登记表中；全站的为 yes", "Whether what it is of is in the register; yes for the whole site"), nil, func(r *row) string { return yesNo(r.Known) }},
			{"heir", ID, text("该单位已撤并的，截至统计截止日的承接单位", "Where the office has ended: the one that has taken its place by the cut-off"), nil, func(r *row) string { return string(r.Heir) }},
			{"period", Period, text("统计期", "Period"), nil, func(r *row) string { return string(r.Of.Period) }},
			{"overlaps", Period, text("同一机构对同一对象的另一项结果的统计期，与本项重叠；没有的为空", "The overlapping period of another result of the same body for the same; empty where there is none"), nil, func(r *row) string { return string(r.Overlaps) }},
			{"assessor", String, text("考核、评估机构", "Evaluating body"), nil, func(r *row) string { return record.Plain(r.Of.Assessor) }},
			{"third_party", Yes, text("是否第三方；未提供的为空", "Whether it is a third party; empty where that was not delivered"), nil, func(r *row) string { return r.Of.ThirdParty.String() }},
			{"method", String, text("方法", "Method"), nil, func(r *row) string { return record.Plain(r.Of.Method) }},
			{"issued", Day, text("公布日期", "Day of issue"), nil, func(r *row) string { return r.Of.Issued.String() }},
			{"dimension", String, text("考核项目", "What was scored"), nil, scored(func(s *record.Score) string { return record.Plain(s.Dimension) })},
			{"value", Decimal, text("得分", "Score"), nil, scored(func(s *record.Score) string { return s.Value })},
			{"max", Decimal, text("满分；未提供的为空", "The most that can be scored; empty where that was not delivered"), nil, scored(func(s *record.Score) string { return s.Max })},
			{"missing", List, text("提供而不能使用、未列入的内容", "Parts that were delivered and could not be used"), nil, func(r *row) string { return joined(r.Of.Missing) }},
		},
	}
}

// DoneEntry is an entry of what was done about a unit (问责).
type DoneEntry struct {
	*record.Accountability
	Known bool          // whether the unit is in the register
	Heir  record.UnitID // as [AssessedScore] has it
}

// Accountability is what was done about units, as it was delivered.
func Accountability() *Table[DoneEntry] {
	type row = DoneEntry
	return &Table[row]{
		Name: "accountability", Key: []string{"entry"},
		About: text("对单位采取的措施（约谈、问责、通报表扬等），每项一行，由有关机关提供，原样列出。", "What was done about offices, from interviews to praise: a row an entry, as it was delivered."),
		Columns: []Column[row]{
			{"entry", ID, text("标识", "Identifier"), nil, func(r *row) string { return r.ID }},
			{"unit", ID, text("单位，见 units.csv", "Office, of units.csv"), nil, func(r *row) string { return string(r.Unit) }},
			{"known", Yes, text("单位是否在登记表中", "Whether the office is in the register"), nil, func(r *row) string { return yesNo(r.Known) }},
			{"heir", ID, text("该单位已撤并的，截至统计截止日的承接单位", "Where the office has ended: the one that has taken its place by the cut-off"), nil, func(r *row) string { return string(r.Heir) }},
			{"day", Day, text("日期", "Day"), nil, func(r *row) string { return r.Day.String() }},
			{"measure", String, text("措施", "What was done"), nil, func(r *row) string { return record.Plain(r.Measure) }},
			{"trigger", String, text("事由", "What led to it"), nil, func(r *row) string { return record.Plain(r.Trigger) }},
			{"basis", String, text("依据", "Rule that it is based on"), nil, func(r *row) string { return record.Plain(r.Basis) }},
		},
	}
}
