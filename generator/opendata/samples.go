package opendata

import (
	"github.com/huiyin/huiyin/generator/record"
)

// SampledCase is a case of the sample behind an assessment, and how one category of the
// panel judged it.
type SampledCase struct {
	Assessment string
	Number     record.CaseNumber
	Known      bool // whether there is a public row of this number
	Stratum    string
	Scale      record.RatingScale
	Category   string // "" where nobody judged it
	Level      int8
	Rating     record.Rating // of the citizen, where it is published
}

// Samples is the cases of the samples behind assessments.
func Samples() *Table[SampledCase] {
	type row = SampledCase
	level := func(n int8) string {
		if n == 0 {
			return ""
		}
		return itoa(int64(n))
	}
	return &Table[row]{
		Name: "samples", Key: []string{"assessment", "number", "category"},
		Units: map[string]Unit{"level": Levels, "citizen_level": Levels},
		About: text("考核评估的抽样：抽中的每件诉求件，每类评审的评分一行，旁边是群众评价；没有评分的也有一行。评估机构提供，原样列出。",
			"Samples behind assessments: of each case drawn, a row for the score of each category of the panel, beside the rating of the citizen; a case that nobody judged has a row too. As the assessing body delivered them."),
		Columns: []Column[row]{
			{"assessment", ID, text("考核结果的标识", "Identifier of the assessment"), nil, func(r *row) string { return r.Assessment }},
			{"number", ID, text("诉求件编号", "Number of the case"), nil, func(r *row) string { return string(r.Number) }},
			{"known", Yes, text("本站是否有这个编号的公开行", "Whether this site has a public row of this number"), nil, func(r *row) string {
				if r.Known {
					return "yes"
				}
				return "no"
			}},
			{"stratum", ID, text("所在分层（单位或诉求类别）；不分层或者未知的为空", "Stratum (an office or a kind); empty where there are none or it is not known"), nil, func(r *row) string { return r.Stratum }},
			{"scale", Word, text("评分的尺度", "Scale of the scores"), strs(record.Five, record.Three, record.Points), func(r *row) string { return string(r.Scale) }},
			{"category", String, text("评审的类别；没有评分的为空", "Category of the panel; empty where nobody judged the case"), nil, func(r *row) string { return r.Category }},
			{"level", Integer, text("评审的评分，1为最差", "Score of the panel, 1 is the worst"), nil, func(r *row) string { return level(r.Level) }},
			{"citizen_scale", Word, text("群众评价的尺度；未公开或没有评价的为空", "Scale of the citizen's rating; empty where there is none, or none is published"), strs(record.Five, record.Three, record.Points), func(r *row) string { return string(r.Rating.Scale) }},
			{"citizen_level", Integer, text("群众评价，1为最差", "Rating of the citizen, 1 is the worst"), nil, func(r *row) string { return level(r.Rating.Level) }},
		},
	}
}
